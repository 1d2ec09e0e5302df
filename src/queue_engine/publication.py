"""Journal → the public files by which anybody can check the order of places, and why places moved.

Their form is specified with the stand-alone verifier, `queue_engine.verification`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import attrs
import numpy as np

from queue_engine.accounts import Accounts
from queue_engine.alignment import alike
from queue_engine.canonical import JournalError, encode
from queue_engine.changes import KINDS
from queue_engine.difference import Difference
from queue_engine.errors import Place, Problem
from queue_engine.events import OrderPublished, RulesPublished, order_digest
from queue_engine.facts import day_to_date
from queue_engine.journal import Journal
from queue_engine.ordering import order
from queue_engine.queue import GENERAL, Queues
from queue_engine.replay import Folding
from queue_engine.rule_documents import rule_document
from queue_engine.rules.model import RuleSet
from queue_engine.state import State

CODES: Mapping[str, str] = {
    "J065": "an order was published that is not the order of that moment",
    "J066": "the folder for public files is not empty",
}

Progress = Callable[[str, int, int], None]
"""report(what, done, total)."""


def write_public_files(
    journal: Journal,
    rules: Mapping[str, RuleSet],
    folder: str | Path,
    *,
    rounds: Mapping[str, str | Path] | None = None,
    progress: Progress | None = None,
) -> list[Problem]:
    """Write the public files of a municipality, and return what is wrong with the orders it published.

    Args:
        journal: the journal.
        rules: the rules by their digest (`rules_digest`), all that were published.
        folder: a new folder, or an empty one.
        rounds: the folders of published rounds by name, as `rounds.write_round` wrote them; they are copied.
        progress: told how many entries are done.

    Raises:
        JournalError: the folder is not empty, or rules are not given.

    Complexity: linear in the journal; each moment at which orders were published is ordered once.
    Source: statute 2.2.5 (the order of places and the grounds of its changes).

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_public_files(Journal("75701000"), {}, folder)
    ...     sorted(path.name for path in Path(folder).iterdir())
    []
    ['changes', 'heads.txt', 'journal.txt', 'orders', 'rules']

    """
    path = Path(folder)
    if path.exists() and any(path.iterdir()):
        message = f"{path} is not empty"
        raise JournalError([Problem(Place(str(path)), "J066", message, "give a new folder")])
    for name in ("rules", "orders", "changes"):
        (path / name).mkdir(parents=True, exist_ok=True)
    for name, written in (rounds or {}).items():
        shutil.copytree(written, path / "rounds" / name)
    journal.write(path / "journal.txt")
    publishing = _Publishing(path, journal, rules)
    for entry, event in enumerate(journal, start=1):
        publishing.take(entry, event)
        if progress is not None:
            progress("publishing", entry, len(journal))
    publishing.finish()
    return publishing.problems


@attrs.define(eq=False)
class _Publishing:
    """The public files while the journal passes.

    Orders published one after the other are of one moment: it is ordered once.
    """

    folder: Path
    journal: Journal
    rules: Mapping[str, RuleSet]
    problems: list[Problem] = attrs.field(factory=list)
    folding: Folding = attrs.field(init=False)
    published: dict[tuple[str, str], tuple[int, int, Queues | None]] = attrs.field(factory=dict)
    moment: dict[str, Queues | None] = attrs.field(factory=dict)
    moments: int = 0
    differences: dict[tuple[str, int], Difference] = attrs.field(factory=dict)
    heads: list[int] = attrs.field(factory=list)

    def __attrs_post_init__(self) -> None:
        """Begin before the first entry."""
        self.folding = Folding.start(self.journal.municipality, self.rules)

    def take(self, entry: int, event: object) -> None:
        """Take the next entry."""
        if isinstance(event, RulesPublished):
            self._rules(event, entry)
        if isinstance(event, OrderPublished):
            self._order(event, entry)
        elif self.moment:
            self.moment, self.differences = {}, {}
            self.moments += 1
            self.heads.append(entry - 1)
        self.folding.fold(self.journal.event(entry), entry)

    def finish(self) -> None:
        """Write the heads: those after each moment of publication, and the last."""
        entries = dict.fromkeys((*self.heads, len(self.journal)))
        lines = (f"{entry} {self.journal.hash_of(entry).hex()}\n" for entry in entries if entry)
        (self.folder / "heads.txt").write_text("".join(lines), encoding="utf-8", newline="\n")

    def _rules(self, event: RulesPublished, entry: int) -> None:
        rule_set = self.rules.get(event.rules)
        if rule_set is None:
            place = Place(f"journal {self.journal.municipality}", entry)
            message = f"the rules {event.rules} are not given"
            raise JournalError([Problem(place, "J060", message, "give the rule files with this digest")])
        (self.folder / "rules" / f"{event.rules}.json").write_bytes(rule_document(rule_set))

    def _order(self, event: OrderPublished, entry: int) -> None:
        if event.service not in self.moment:
            self.moment[event.service] = _queues(self.folding.state(), event.service)
        now = self.moment[event.service]
        exists = now is not None and (event.queue == GENERAL or event.queue in now)
        applications = tuple(now[event.queue]) if now is not None and exists else ()
        if not event.applications and applications:
            lines = "".join(f"{name}\n" for name in applications)
            (self.folder / "orders" / f"{entry}.txt").write_text(lines, encoding="utf-8", newline="\n")
        if event.digest != order_digest(event.queue, applications):
            place = Place(f"journal {self.journal.municipality}", entry)
            message = f'the order of "{event.queue}" published here is not that of its moment'
            remedy = "publish the order anew, and say why this one was wrong"
            self.problems.append(Problem(place, "J065", message, remedy))
        key = (event.service, event.queue)
        if key in self.published:
            since, moment, then = self.published[key]
            with (self.folder / "changes" / f"{entry}.jsonl").open("wb") as file:
                header = {"entry": entry, "queue": event.queue, "service": event.service, "since": since}
                file.write(encode(header) + b"\n")
                file.writelines(self._changes(event, moment, then, now))
        self.published[key] = (entry, self.moments, now)

    def _changes(self, event: OrderPublished, moment: int, then: Queues | None, now: Queues | None) -> Iterator[bytes]:
        """Yield a line for every application of either order; those of one pair of moments are accounted for once."""
        if then is None or now is None:
            return
        pair = (event.service, moment)
        if pair not in self.differences:
            self.differences[pair] = Difference(then, now, same_rules=alike(then.rules, now.rules))
        table = self.differences[pair].table(general=event.queue == GENERAL)
        yield from lines_of(table, event.queue)


def lines_of(table: Accounts, queue: str) -> Iterator[bytes]:
    """Yield the published account of everybody in one queue, as lines of `changes/ENTRY.jsonl`.

    Args:
        table: the accounts of all queues.
        queue: the queue's id.

    Complexity: O(applications in the queue × postings).

    """
    if queue not in table.queues:
        return
    rows = np.flatnonzero(table.queue == table.queues.index(queue))
    units = sorted(table.counts, key=lambda unit: (KINDS.index(unit[0]), *unit[1:]))
    counts = [table.counts[unit][rows].tolist() for unit in units]
    before, after = table.before[rows].tolist(), table.after[rows].tolist()
    for index, application in enumerate(table.applications[rows].tolist()):
        parts = [[*unit, count[index]] for unit, count in zip(units, counts, strict=True) if count[index]]
        found = {"after": after[index], "application": application, "before": before[index], "parts": parts}
        yield encode(found) + b"\n"


def _queues(state: State, service: str) -> Queues | None:
    """Return the queues of a service as they stand; None before rules and a day are known."""
    if state.day is None or service not in state.rules:
        return None
    rules = state.rule_set(service)
    return order(state.tables(rules.vocabulary, service), rules, day_to_date(state.day), state.dates(service))
