"""Whether what clients were told fits one order of calls, and faults planted to see that a misfit is noticed.

A history is linearizable when every call takes effect at one moment between its start and its end, and was answered
as the engine answers at that moment. A write names its entries and a read the entry it was answered from, so the
order is given by the journal, and only refusals have to be searched a moment for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from random import Random

import attrs
from tests.trials.clients import GIVEN, PLACES, QUEUE, Call, Observed, beginning, taken

from queue_engine import Journal, JournalError, LiveTown
from queue_engine.events import TRANSITIONS, Event, Filed, Offered
from queue_engine.events.statuses import Status

_STEPS = {"withdraw": "withdrawn", "offer": "offered", "accept": "accepted"}


@attrs.frozen(eq=False)
class Moment:
    """A municipality after an entry: the queue, the statuses, and how many places are taken."""

    line: tuple[str, ...]
    statuses: Mapping[str, Status]
    taken: int
    filed: int

    def refuses(self, call: Call) -> bool:
        """Return whether a call can be refused at this moment."""
        status = self.statuses.get(call.application)
        if call.kind == "file":
            return status is not None
        full = call.kind == "offer" and self.taken >= PLACES
        return full or status is None or status not in TRANSITIONS[_STEPS[call.kind]]

    def place(self, application: str) -> tuple[int, int]:
        """Return the place of an application, 0 for none, and how many stand in the queue."""
        there = application in self.line
        return (self.line.index(application) + 1 if there else 0), len(self.line)


def moments(journal: Journal) -> list[Moment]:
    """Return the municipality before the first entry and after each, as the engine gives it."""
    live, again = LiveTown(journal.municipality, GIVEN), Journal(journal.municipality)
    found = [Moment((), {}, 0, 0)]
    for entry, event in enumerate(journal, start=1):
        live.follow(event, entry)
        again.append(event)
        statuses = {name: each.status for name, each in again.life.standings.items()}
        filed = found[-1].filed + isinstance(event, Filed)
        found.append(Moment(live.line(QUEUE), statuses, taken(again), filed))
    return found


def faults_of(seen: Observed) -> list[str]:
    """Return why a history is not linearizable, in words; [] = it is."""
    after, found = moments(seen.journal), []
    writes = [call for call in seen.calls if call.entries]
    first = len(beginning(seen.municipality))
    owned = sorted(entry for call in writes for entry in call.entries)
    if owned != list(range(first + 1, len(seen.journal) + 1)):
        found.append("the entries that were acknowledged are not those that are there")
        return found
    ends = {first, *(call.entries[-1] for call in writes)}
    for call in seen.calls:
        least = max((_point(each) for each in seen.calls if each.end < call.start), default=first)
        least = max(least, first)
        most = max((each.entries[-1] for each in writes if each.start < call.end), default=first)
        found += [f"{call}: {what}" for what in _wrong(call, after, seen.journal, (least, most), ends)]
    return found


def _point(call: Call) -> int:
    """Return the entry after which a call took effect, as far as it says."""
    return call.entries[-1] if call.entries else call.entry


def _wrong(
    call: Call, after: list[Moment], journal: Journal, between: tuple[int, int], ends: set[int]
) -> Iterator[str]:
    least, most = between
    if call.entries:
        yield from _wrong_write(call, after, journal, least)
    elif call.kind == "ask":
        if not least <= call.entry <= most or call.entry not in ends:
            yield f"was answered from entry {call.entry}, when the state was one of {least} to {most}"
        elif call.told != after[call.entry].place(call.application):
            yield f"the engine says {after[call.entry].place(call.application)}"
    elif not any(after[entry].refuses(call) for entry in ends if least <= entry <= most):
        yield f"was refused, but could be done at every moment of {least} to {most}"


def _wrong_write(call: Call, after: list[Moment], journal: Journal, least: int) -> Iterator[str]:
    before = after[call.entries[0] - 1]
    if call.entries[0] <= least:
        yield f"was written before entry {least}, which somebody had been told already"
    for entry in call.entries:
        event = journal.event(entry)
        if getattr(event, "application", "") != call.application:
            yield f"entry {entry} says something else"
        if isinstance(event, Offered) and before.taken >= PLACES:
            yield "a place was offered that was not there"
        if isinstance(event, Filed) and not (call.told == (before.filed + 1,) == (event.number,)):
            yield f"was given the number {call.told}, entry {entry} has {event.number}"


Plant = Callable[[Observed, Random], Observed | None]
"""Gives a history a fault; None where it has no place for it."""


def stale_read(seen: Observed, luck: Random) -> Observed | None:
    """Let a question be answered from a state that was over when it was asked."""
    after, first = moments(seen.journal), len(beginning(seen.municipality))
    options = []
    for index, call in enumerate(seen.calls):
        least = max((_point(each) for each in seen.calls if each.end < call.start), default=first)
        ends = [each.entries[-1] for each in seen.calls if each.entries and each.entries[-1] < least]
        options += [(index, entry) for entry in ends if call.kind == "ask"]
    if not options:
        return None
    index, entry = luck.choice(options)
    call = seen.calls[index]
    return _with(seen, index, attrs.evolve(call, entry=entry, told=after[entry].place(call.application)))


def wrong_place(seen: Observed, luck: Random) -> Observed | None:
    """Let a question be answered with the place of another moment, under the entry of this one."""
    after = moments(seen.journal)
    options = [
        (index, moment.place(call.application))
        for index, call in enumerate(seen.calls)
        if call.kind == "ask"
        for moment in after
        if moment.place(call.application) != call.told
    ]
    if not options:
        return None
    index, told = luck.choice(options)
    return _with(seen, index, attrs.evolve(seen.calls[index], told=told))


def lost_update(seen: Observed, luck: Random) -> Observed | None:
    """Take the entries of an acknowledged call out of the journal, and let all later ones move up."""
    writes = [index for index, call in enumerate(seen.calls) if call.entries and call.kind != "file"]
    for index in luck.sample(writes, len(writes)):
        gone = seen.calls[index].entries[0]
        events = [event for entry, event in enumerate(seen.journal, start=1) if entry != gone]
        journal = _journal(seen.municipality, events)
        if journal is not None:
            calls = tuple(_moved(call, gone, -1) for call in seen.calls)
            return Observed(seen.municipality, calls, journal)
    return None


def duplicate_number(seen: Observed, luck: Random) -> Observed | None:
    """Tell two families the same number."""
    filed = [index for index, call in enumerate(seen.calls) if call.kind == "file" and call.entries]
    if len(filed) < 2:
        return None
    one, other = luck.sample(filed, 2)
    return _with(seen, one, attrs.evolve(seen.calls[one], told=seen.calls[other].told))


def offer_too_many(seen: Observed, luck: Random) -> Observed | None:
    """Let two offers see the same last free place: one more is written than there are."""
    after = moments(seen.journal)
    last = [call for call in seen.calls if call.kind == "offer" and call.entries and _fills(call, after)]
    for call in luck.sample(last, len(last)):
        entry = call.entries[-1]
        waiting = [name for name, status in after[entry].statuses.items() if status is Status.REGISTERED]
        for name in luck.sample(waiting, len(waiting)):
            events = list(seen.journal)
            given = events[entry - 1]
            assert isinstance(given, Offered)
            events.insert(entry, attrs.evolve(given, application=name))
            journal = _journal(seen.municipality, events)
            if journal is not None:
                more = attrs.evolve(call, client=-1, application=name, entries=(entry + 1,))
                calls = (*(_moved(each, entry + 1, 1) for each in seen.calls), more)
                return Observed(seen.municipality, calls, journal)
    return None


FAULTS: Mapping[str, Plant] = {
    "stale read": stale_read,
    "wrong place": wrong_place,
    "lost update": lost_update,
    "duplicate number": duplicate_number,
    "an offer too many": offer_too_many,
}


def _fills(call: Call, after: list[Moment]) -> bool:
    return after[call.entries[-1]].taken == PLACES


def _with(seen: Observed, index: int, call: Call) -> Observed:
    return attrs.evolve(seen, calls=(*seen.calls[:index], call, *seen.calls[index + 1 :]))


def _moved(call: Call, first: int, by: int) -> Call:
    """Return a call as it would have been told had entries from one on been moved."""
    entries = tuple(entry + by if entry >= first else entry for entry in call.entries)
    return attrs.evolve(call, entries=entries, entry=call.entry + by if call.entry >= first else call.entry)


def _journal(municipality: str, events: list[Event]) -> Journal | None:
    """Return the journal of events, unless some of them cannot follow."""
    journal = Journal(municipality)
    try:
        journal.append_many(events)
    except JournalError:
        return None
    return journal
