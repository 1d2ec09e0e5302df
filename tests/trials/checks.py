"""What has to hold of any history: one history at a time, each fault told in words."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import attrs
from tests.trials.lively import Past

from queue_engine.changes import Line, Posting, level_by_level, pair_by_pair
from queue_engine.events import DayAdvanced, Due
from queue_engine.facts import day_to_date
from queue_engine.ledger import account
from queue_engine.live_town import LiveTown
from queue_engine.movements import Moved, Recast, Record, Snapshot
from queue_engine.ordering import order
from queue_engine.publication import write_public_files
from queue_engine.queue import GENERAL
from queue_engine.replay import replay
from queue_engine.verification import verify

VERIFIER, PROPERTY = "verifier", "property"
_EXCEPTIONS = ("exception_granted", "data_corrected", "revoked")  # written again: the engine's own list may be wrong


def faults(past: Past, *, every: int = 1) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a history: who found it, and what.

    Args:
        past: the history.
        every: each how manieth entry is compared pair by pair; that is what takes longest.

    """
    yield from ((VERIFIER, text) for text in published(past))
    yield from ((PROPERTY, text) for text in kept_up(past, every=every))


def published(past: Past) -> Iterator[str]:
    """Yield what is wrong with the public files of a history."""
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder, "files")
        problems = write_public_files(past.journal, past.rules, files)
        yield from map(str, problems)
        yield from map(str, verify(files))


def kept_up(past: Past, *, every: int = 1) -> Iterator[str]:
    """Yield where the live queues are not the ordered ones, and where accounts do not say what happened."""
    live = LiveTown(past.journal.municipality, past.rules, past.service)
    told: list[_Told] = []
    places: dict[int, dict[tuple[str, str], int]] = {}
    last = len(past.journal)
    for entry, event in enumerate(past.journal, start=1):
        before = {queue: live.snapshot(queue) for queue in live.names()} if live.rules else {}
        for queue, record in live.follow(event, entry).items():
            told.append(_Told(entry, queue, record, before.get(queue), live.snapshot(queue)))
        coming = past.journal.event(entry + 1) if entry < last else None
        if live.rules and (coming is None or isinstance(coming, DayAdvanced)) and not isinstance(coming, Due):
            places[entry] = {
                (name, queue): place for queue in live.names() for place, name in enumerate(live.line(queue), start=1)
            }
            yield from _not_as_ordered(past, live, entry)
    met: dict[tuple[str, str], int] = {}
    for each in told:
        for name in each.names:
            met.setdefault((name, each.queue), each.entry)
    for (name, queue), first in met.items():
        yield from _wrong_account(past, live, name, queue, {end: at for end, at in places.items() if end >= first})
        yield from _told_otherwise(past, live, name, queue, [each for each in told if each.entry % every == 0])


@attrs.frozen(eq=False)
class _Told:
    """What an entry did to a queue: the record of it, and the queue before and after."""

    entry: int
    queue: str
    record: Record
    was: Snapshot | None
    now: Snapshot

    @property
    def former(self) -> Snapshot:
        """The queue before; one that was not there is empty, or as the record has it."""
        if self.was is not None:
            return self.was
        return self.record.before if isinstance(self.record, Recast) else Snapshot(self.now.rules, {})

    @property
    def names(self) -> Sequence[str]:
        """Who stood or stands in it."""
        return list({**self.former.placed, **self.now.placed})


def _not_as_ordered(past: Past, live: LiveTown, entry: int) -> Iterator[str]:
    """Yield the queues that differ from those ordered from the tables of the state."""
    live._check()
    state = replay(past.journal, past.rules, entry)
    assert state.day is not None
    rules = state.rule_set(past.service)
    tables = state.tables(rules.vocabulary, past.service)
    queues = order(tables, rules, day_to_date(state.day), state.dates(past.service))
    ordered = {name: list(queue) for name, queue in queues.items()} | {GENERAL: list(queues.general)}
    for name in dict.fromkeys((*ordered, *live.names())):
        line = list(live.line(name))
        if name not in ordered or name not in live.names() or line != ordered[name]:
            yield f"entry {entry}: queue {name} is kept as {line}, ordered as {ordered.get(name)}"
            continue
        kept, made = live.snapshot(name).line, Line.of(queues, name)
        if (kept.keys, kept.entitled) != (made.keys, made.entitled):
            yield f"entry {entry}: in queue {name} keys are kept as {kept.keys}, ordered by {made.keys}"


def _wrong_account(
    past: Past, live: LiveTown, name: str, queue: str, places: Mapping[int, Mapping[tuple[str, str], int]]
) -> Iterator[str]:
    """Yield what is wrong with the account of an application over all, and between some ends of days."""
    ends = list(places)
    for since, until in [(0, ends[-1]), (ends[len(ends) // 3], ends[-1]), (ends[0], ends[len(ends) // 2])]:
        change = account(live, past.journal, name, queue, since, until)
        meant = places.get(since, {}).get((name, queue), 0), places[until].get((name, queue), 0)
        if (change.before, change.after) != meant:
            yield f"entries {since}–{until}: {name} in {queue} is told {change.before} → {change.after}, went {meant}"
        outside = [part.entry for part in change.parts if not since < part.entry <= until]
        if outside:
            yield f"entries {since}–{until}: {name} in {queue} is told of entries {outside}"


def _told_otherwise(past: Past, live: LiveTown, name: str, queue: str, told: Sequence[_Told]) -> Iterator[str]:
    """Yield the entries whose postings are not those of comparing every pair before and after."""
    by_entry: dict[int, list[Posting]] = {}
    for part in account(live, past.journal, name, queue).parts:
        by_entry.setdefault(part.entry, []).append(part)
    for each in told:
        if each.queue != queue or (name not in each.former.placed and name not in each.now.placed):
            continue
        parts = by_entry.get(each.entry, [])
        by_levels = isinstance(each.record, Recast) and each.record.by_levels
        meant = (level_by_level if by_levels else pair_by_pair)(each.former.line, each.now.line, queue, name)
        renamed = past.journal.event(each.entry).kind in _EXCEPTIONS
        expected = _others(meant.parts, "exception" if renamed else "")
        if meant.before and meant.after and _others(parts) != expected:
            yield f"entry {each.entry}: {name} in {queue} is told {_others(parts)}, the pairs say {expected}"
        if sum(part.count for part in parts) != meant.after - meant.before:
            yield f"entry {each.entry}: {name} in {queue} is told {parts}, went {meant.before} → {meant.after}"
        yield from _misnamed(each, name, parts)


def _others(parts: Sequence[Posting], kind: str = "") -> Counter[tuple[str, str, str]]:
    """Return the postings of other applications by kind, or all as of one, step and group, where they do not cancel."""
    found: Counter[tuple[str, str, str]] = Counter()
    for part in parts:
        if part.kind != "own":
            found[kind or part.kind, part.step, part.group] += part.count
    return Counter({unit: count for unit, count in found.items() if count})


def _misnamed(each: _Told, name: str, parts: Sequence[Posting]) -> Iterator[str]:
    """Yield postings whose own step is not the first that changed, or whose ground is of another group."""
    rules = each.now.rules
    grounds = {(step.id, ground.id): group.id for step in rules.order for group, ground in step.grounds()}
    for part in parts if isinstance(each.record, Moved) else ():
        if part.ground and grounds.get((part.step, part.ground)) != part.group:
            yield f"entry {each.entry}: ground {part.ground} of {part.step} is told for group {part.group}"
        was, now = each.former.placed.get(name), each.now.placed.get(name)
        if part.kind == "own" and was and now:
            pairs = zip(rules.order, was.key, now.key, strict=True)
            first = next(step.id for step, one, other in pairs if one != other)
            if part.step != first:
                yield f"entry {each.entry}: {name} changed at {first}, told at {part.step}"
