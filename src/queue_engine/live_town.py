"""Every queue of a service kept up with a journal: who stands where after each entry, and what each entry moved.

An event of one application changes what it has in its queues, and moves the others by one place at most. An event
that concerns many (rules, a territory act, a programme, a step that begins on a day) is told as one
effect on everybody: each queue as it was before it and as it is after.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

import attrs

from queue_engine.alignment import alike
from queue_engine.casting import Casting
from queue_engine.changes import moving_reserves
from queue_engine.errors import NotInQueueError
from queue_engine.events import municipality as town
from queue_engine.events.model import Event, OfApplication
from queue_engine.in_force import casting_of, open_programmes, places_now
from queue_engine.journal import Journal
from queue_engine.live_queue import LiveQueue
from queue_engine.movements import Moved, Recast, Record, Snapshot
from queue_engine.placing import Moment, Placed
from queue_engine.queue import GENERAL
from queue_engine.replay import Folding
from queue_engine.rules.model import RuleSet
from queue_engine.shifts import Shift
from queue_engine.state import Application, Programme


def _up_to(journal: Journal, until: int | None) -> Iterator[Event]:
    return islice(journal, None if until is None else max(until, 0))


@attrs.define(eq=False)
class LiveTown:
    """The queues of one service, kept up with a journal entry after entry.

    Args:
        municipality: whose journal it is.
        given: the rules by their digest.
        service: of which service.
        records: what entries did to each queue; empty where it began at an entry, see `at` and `with_records`.
        times: when each entry was recorded.
        folding: the state after the last entry.

    >>> from queue_engine.events import DayAdvanced
    >>> live = LiveTown("75701000", {})
    >>> live.follow(DayAdvanced(20697, at=1_788_220_800_000, actor="system"), 1)
    {}
    >>> live.names(), live.entry
    (('general',), 1)

    """

    municipality: str
    given: Mapping[str, RuleSet]
    service: str = ""
    records: dict[str, list[Record]] = attrs.field(factory=dict, init=False)
    times: list[int] = attrs.field(factory=list, init=False)
    folding: Folding = attrs.field(init=False)
    _placed: dict[str, dict[str, Placed]] = attrs.field(factory=dict, init=False)
    _lines: dict[str, LiveQueue] = attrs.field(factory=dict, init=False)
    _queues_of: dict[str, tuple[str, ...]] = attrs.field(factory=dict, init=False)
    _digest: str = attrs.field(default="", init=False)
    _moment: Moment | None = attrs.field(default=None, init=False)
    _casting: Casting | None = attrs.field(default=None, init=False)
    _moving: bool = attrs.field(default=False, init=False)
    _past: LiveTown | None = attrs.field(default=None, init=False)
    _followed: list[Event] | None = attrs.field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        """Begin before the first entry, with an empty general queue."""
        self.folding = Folding.start(self.municipality, self.given)
        self._placed[GENERAL] = {}

    @classmethod
    def of(
        cls, journal: Journal, rules: Mapping[str, RuleSet], service: str = "", until: int | None = None
    ) -> LiveTown:
        """Return the queues after an entry of a journal.

        Args:
            journal: the journal.
            rules: the rules by their digest.
            service: of which service.
            until: the last entry to take; None = all.

        Raises:
            JournalError: rules are published that are not given, or queues need a day and none was advanced.

        Complexity: O(entries × (wishes × conditions + steps × log n)), and all of a queue for events that concern many.

        """
        made = cls(journal.municipality, rules, service)
        for entry, event in enumerate(_up_to(journal, until), start=1):
            made.follow(event, entry)
        return made

    @classmethod
    def at(
        cls, journal: Journal, rules: Mapping[str, RuleSet], service: str = "", until: int | None = None
    ) -> LiveTown:
        """Return the queues after an entry, without what led to them: for serving places, and quick to begin.

        Everything is folded first and the queues are cast once, by the rules and the day of that entry. Where that
        day's `Due` events are not all recorded yet, this is ahead of `of` until they are: it has the day's order.
        It keeps no records of what it follows; see `with_records`.

        Args:
            journal: the journal.
            rules: the rules by their digest; those that were replaced before the entry may be absent.
            service: of which service.
            until: the last entry to take; None = all.

        Raises:
            JournalError: the rules in force are not given, or whom a programme takes cannot be read.

        Complexity: O(entries + applications × wishes × conditions + n log n in each queue).

        """
        made = cls(journal.municipality, rules, service)
        made._followed = list(_up_to(journal, until))
        for entry, event in enumerate(made._followed, start=1):
            made.folding.fold(event, entry)
            made.times.append(event.at)
        made._begin()
        return made

    def with_records(self) -> LiveTown:
        """Return these queues with the records of every entry from the first on; itself, where it has them.

        Complexity: the first time that of `of`, later that of following what is new.
        """
        if self._followed is None:
            return self
        past, self._past = self._past or LiveTown(self.municipality, self.given, self.service), None
        for entry in range(past.entry + 1, self.entry + 1):
            past.follow(self._followed[entry - 1], entry)
        self._past = past  # only now: what failed half-way is not used again
        return past

    @property
    def entry(self) -> int:
        """Return the number of the last entry followed."""
        return len(self.times)

    @property
    def rules(self) -> RuleSet | None:
        """Return the rules in force, with every date filled in; None before any were published."""
        return self._moment.rules if self._moment else None

    def names(self) -> tuple[str, ...]:
        """Return the queues there are."""
        return tuple(self._placed)

    def line(self, queue: str) -> tuple[str, ...]:
        """Return the applications of a queue from the first place to the last; () if there is no such queue."""
        if queue in self._lines:
            return tuple(self._lines[queue])
        return self.snapshot(queue).line.order if self._moment else ()

    def size_of(self, queue: str) -> int:
        """Return how many stand in a queue; 0 if there is no such queue.  Complexity: O(1)."""
        return len(self._placed.get(queue, ()))

    def position_of(self, application: str, queue: str) -> int:
        """Return the 1-based position of an application in a queue; 0 = not in it.

        Complexity: O(log n); O(n log n) where a reserve changes positions.
        """
        if application not in self._placed.get(queue, {}):
            return 0
        live = self._lines.get(queue)
        return live.position_of(application) if live else self.snapshot(queue).line.positions[application]

    def snapshot(self, queue: str) -> Snapshot:
        """Return a queue as it stands now.

        Complexity: O(n).
        """
        assert self._moment is not None, "queues begin with rules"
        return Snapshot(self._moment.rules, dict(self._placed.get(queue, {})))

    def placed(self, application: str, queue: str) -> Placed:
        """Return what an application has in a queue.

        Raises:
            NotInQueueError: it is not in it.

        """
        found = self._placed.get(queue, {}).get(application)
        if found is None:
            message = f"application '{application}' is not in queue '{queue}'"
            raise NotInQueueError(message)
        return found

    def follow(self, event: Event, entry: int) -> dict[str, Record]:
        """Take the next entry of the journal, and return what it did to each queue it changed.

        Raises:
            JournalError: it cannot follow, or its rules were not given.

        """
        assert entry == self.entry + 1, "entries come one after the other"
        self.folding.fold(event, entry)
        self.times.append(event.at)
        found = self._effects(event, entry)
        if self._followed is not None:
            self._followed.append(event)
            return found
        for queue, record in found.items():
            self.records.setdefault(queue, []).append(record)
        return found

    def if_filed(self, application: Application) -> dict[str, Placed]:
        """Return what an application would have in each queue if it stood as given: in no queue, nothing.

        For a family that asks what a document of its own changes.
        """
        if not application.in_queue or application.service != self.service or not self._casting:
            return {}
        return self._casting.places_of(application)

    def place_if(self, application: str, queue: str, placed: Placed) -> int:
        """Return the position an application would have in a queue with another key.

        Complexity: O(log n); O(n log n) where a reserve changes positions.
        """
        live = self._lines.get(queue)
        if live is not None:
            return live.place_if(application, placed.key)
        snapshot = self.snapshot(queue)
        return Snapshot(snapshot.rules, {**snapshot.placed, application: placed}).line.positions[application]

    def _effects(self, event: Event, entry: int) -> dict[str, Record]:  # noqa: PLR0911 - one for each kind
        if isinstance(event, OfApplication):
            return self._one(event.application, entry) if self._moment else {}
        if isinstance(event, town.RulesPublished) and event.service == self.service:
            former, changed, self._digest = self._moment, event.rules != self._digest, event.rules
            self._settle()
            return self._recast(former, entry, by_levels=changed)
        if isinstance(event, town.DayAdvanced):
            former = self._moment
            self._settle()
            if former and self._moment and alike(former.rules, self._moment.rules):
                return {}
            return self._recast(former, entry, by_levels=True)
        if isinstance(event, town.TerritoryActChanged):
            return self._several(dict.fromkeys(each.application for each in event.entries), entry)
        if isinstance(event, town.ProgrammeOpened | town.ProgrammeClosed):
            return self._programme(self.folding.programmes[event.programme], entry)
        return {}

    def _settle(self) -> None:
        """Take the rules, the day and the open programmes as they are now."""
        casting = casting_of(self.folding, self.service)
        if casting is not None:
            self._casting, self._moment = casting, casting.moment
            self._moving = bool(moving_reserves(casting.moment.rules))

    def _places(self, application: str) -> dict[str, Placed]:
        return {} if self._casting is None else places_now(self._casting, self.folding, self.service, application)

    def _one(self, application: str, entry: int) -> dict[str, Record]:
        assert self._moment is not None
        if self._moving:
            return self._several([application], entry, mass=False)
        places = self._places(application)
        found: dict[str, Record] = {}
        for queue in dict.fromkeys((*self._queues_of.get(application, ()), *places)):
            had, has = self._placed[queue].get(application), places.get(queue)
            if had == has:
                continue
            shift = self._shift(self._lines[queue], application, had, has)
            self._put(queue, application, has)
            if shift is not None:
                grounds = (has or had or Placed((), ())).grounds
                found[queue] = Moved(entry, shift, grounds, self._moment.rules)
        self._queues_of[application] = tuple(places)
        return found

    @staticmethod
    def _shift(line: LiveQueue, application: str, had: Placed | None, has: Placed | None) -> Shift | None:
        """Return what a change of one application does to a queue, after doing it; None if its key stays."""
        if has is None:
            return line.leave(application)
        if had is None:
            return line.join(application, has.key)
        return line.change(application, has.key) if had.key != has.key else None

    def _put(self, queue: str, application: str, has: Placed | None) -> None:
        if has is None:
            self._placed[queue].pop(application, None)
        else:
            self._placed[queue][application] = has

    def _several(self, applications: Iterable[str], entry: int, *, mass: bool = True) -> dict[str, Record]:
        """Tell a change of several applications as one effect on each queue."""
        if not self._moment:
            return {}
        wanted = [name for name in applications if name in self.folding.people]
        places = {name: self._places(name) for name in wanted}
        queues = dict.fromkeys(queue for name in wanted for queue in (*self._queues_of.get(name, ()), *places[name]))
        before = {queue: self.snapshot(queue) for queue in queues}
        for name in wanted:
            for queue in dict.fromkeys((*self._queues_of.get(name, ()), *places[name])):
                self._put(queue, name, places[name].get(queue))
            self._queues_of[name] = tuple(places[name])
        return self._told(before, entry, by_levels=False, mass=mass)

    def _programme(self, programme: Programme, entry: int) -> dict[str, Record]:
        """Tell what opening or closing a programme does: nobody stands in the queue of one that is closed."""
        if programme.service != self.service:
            return {}
        if programme.is_open:
            self._placed.setdefault(programme.id, {})
        self._settle()
        if not self._moment:
            return {}
        targets = {(programme.id, ""), ("", programme.organisation)}
        people = self.folding.people
        found = self._several(
            [name for name, person in people.items() if any(wish.target in targets for wish in person.wishes)], entry
        )
        if not programme.is_open:
            self._placed.pop(programme.id, None)
            self._lines.pop(programme.id, None)
        elif programme.id not in self._lines and not self._moving:
            self._lines[programme.id] = LiveQueue(self._moment.rules, name=programme.id)
        return found

    def _recast(self, former: Moment | None, entry: int, *, by_levels: bool) -> dict[str, Record]:
        """Tell what new rules, or steps that begin or end on a day, do to every queue."""
        before = {queue: Snapshot(former.rules, placed) for queue, placed in self._placed.items()} if former else {}
        if not self._moment:
            return {}
        by_levels = by_levels or (former is not None and not alike(former.rules, self._moment.rules))
        self._cast(self._moment)
        before = {queue: before.get(queue) or Snapshot(self._moment.rules, {}) for queue in self._placed}
        return self._told(before, entry, by_levels=by_levels, mass=True)

    def _cast(self, moment: Moment) -> None:
        """Place everybody anew; lines are still to be made."""
        fresh: dict[str, dict[str, Placed]] = {queue: {} for queue in (GENERAL, *moment.takes)}
        known: dict[tuple[str, ...], tuple[str, ...]] = {}
        for name in self.folding.people:
            places = self._places(name)
            queues = tuple(places)
            self._queues_of[name] = known.setdefault(queues, queues)
            for queue, has in places.items():
                fresh[queue][name] = has
        self._placed, self._lines = fresh, {}

    def _begin(self) -> None:
        """Cast the queues of what was folded."""
        published = self.folding.rules.get(self.service)
        self._digest = published[-1].rules if published else ""
        self._placed |= {each.id: {} for each in open_programmes(self.folding, self.service)}
        self._settle()
        if self._moment:
            self._cast(self._moment)
            self._make_lines(self._placed)

    def _told(self, before: Mapping[str, Snapshot], entry: int, *, by_levels: bool, mass: bool) -> dict[str, Record]:
        """Make the lines of queues anew, and return those that are not as they were."""
        assert self._moment is not None
        found: dict[str, Record] = {}
        self._make_lines(before)
        for queue, was in before.items():
            after = self.snapshot(queue)
            if by_levels or was.placed != after.placed:
                found[queue] = Recast(entry, was, after, by_levels, mass)
        return found

    def _make_lines(self, queues: Iterable[str]) -> None:
        if self._moving or not self._moment:
            return
        for queue in queues:
            keys = {name: each.key for name, each in self._placed.get(queue, {}).items()}
            self._lines[queue] = LiveQueue(self._moment.rules, keys, name=queue)

    def _check(self) -> None:
        """Assert everything that holds between two entries."""
        for queue, placed in self._placed.items():
            for name in placed:
                assert queue in self._queues_of[name], "whoever is in a queue is known to be"
            if queue in self._lines:
                self._lines[queue]._check()  # noqa: SLF001 - one structure
                assert sorted(self._lines[queue]) == sorted(placed), "one queue, two views"
        held = Counter((name, queue) for name, queues in self._queues_of.items() for queue in queues)
        assert sum(held.values()) == sum(map(len, self._placed.values())), "nobody stands where he left"
