"""The verification of a folder, from its names to its orders."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from .documents import load_all
from .files import names, readable
from .findings import Finding, Report, short
from .journal import FILE, Heads, Journal
from .legality import follow
from .orders import Orders
from .round_journal import check_rounds
from .round_model import FREEZE, Folder
from .rounds import Read, examine_round
from .state import State

_KNOWN = (FILE, "rules", "orders", "changes", "heads.txt", "rounds")


class Outcome(NamedTuple):
    """What a verification found, and how much it read; a round by itself has no entries."""

    findings: list[Finding]
    found: int
    entries: int
    orders: int
    documents: int
    rounds: tuple[Read, ...] = ()
    alone: bool = False


def verify(
    folder: str | os.PathLike[str], *, heads: str | os.PathLike[str] | None = None, most: int = 1000
) -> list[Finding]:
    """Return what is wrong with the public files of a municipality; nothing, if they are as they have to be.

    Args:
        folder: the folder of the files, or that of one round.
        heads: a file of heads kept elsewhere, used besides the one in the folder.
        most: how many findings are returned at most; where there are more, the last one says how many.

    Raises:
        NotADirectoryError: `folder` is no folder.
        ValueError: `most` is less than 1.

    Complexity: one pass over the journal, and for every published order one over the applications registered then.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [str(finding) for finding in verify(folder)]
    ['journal.txt: V0 §1: is missing']

    """
    return examine(folder, heads, most).findings


def examine(
    folder: str | os.PathLike[str],
    heads: str | os.PathLike[str] | None = None,
    most: int = 1000,
    *,
    freeze: str | None = None,
) -> Outcome:
    """Verify a folder, and count what was read.

    Arguments and errors are those of `verify`; `freeze` is the published digest of a round by itself.
    """
    root = Path(folder)
    if not root.is_dir():
        raise NotADirectoryError(f"{short(str(root))} is no folder; name the folder of journal.txt")
    report = Report(most)
    if os.path.lexists(root / FREEZE):
        read = examine_round(Folder(root, "", report), freeze)
        return Outcome(report.findings(), report.count, 0, 0, 0, (read,), alone=True)
    for name in names(root, "", report):
        if name not in _KNOWN:
            report.add("V0", name, 0, "§1", "no such file has to be here")
    documents = load_all(root, report)
    known_heads = Heads()
    if os.path.lexists(root / "heads.txt"):
        known_heads.load(root / "heads.txt", "heads.txt", report)
    if heads is not None:
        known_heads.load(Path(heads), str(heads), report)
    orders, entries, state = Orders(root, documents, report), 0, State()
    if readable(root / FILE, FILE, report, "V0", "§1"):
        journal = Journal(root / FILE, report, known_heads)
        _read(journal, state, orders, documents, report)
        entries = journal.entries
    known_heads.check(entries, report)
    _no_others(root, orders, report)
    rounds = check_rounds(root, state, report)
    return Outcome(report.findings(), report.count, entries, orders.count, len(documents), rounds)


def _no_others(root: Path, orders: Orders, report: Report) -> None:
    """Report the files of orders that no order of the journal has."""
    for kind in ("orders", "changes"):
        for name in names(root / kind, kind, report):
            if f"{kind}/{name}" not in orders.files:
                report.add("V0", f"{kind}/{name}", 0, "§1", "the journal has no order for it; it may not be here")


def _read(journal: Journal, state: State, orders: Orders, documents: Mapping[str, object], report: Report) -> None:
    """Follow the journal from the first entry to the last."""
    missing: set[str] = set()
    line = 0

    def say(message: str) -> None:
        report.add("V3", FILE, line, "§5", message)

    for event in journal.events():
        line = event.line
        if event.kind == "order_published":
            orders.check(state, event)
            continue
        follow(state, event, say)
        rules = event.data["rules"] if event.kind == "rules_published" else ""
        if rules and rules not in documents and rules not in missing:
            missing.add(rules)
            report.add("V0", f"rules/{rules}.json", 0, "§1", f"is missing; entry {event.entry} puts it into force")
