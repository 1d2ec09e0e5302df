"""Every queue of a service kept up with a journal: who stands where after each entry, and what each entry moved.

An event of one application changes what it has in its queues, and moves the others by one place at most. An event
that concerns many (rules, a territory act, a programme, a step that begins on a day) is told as one
effect on everybody: each queue as it was before it and as it is after.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

import attrs

from queue_engine.alignment import alike
from queue_engine.canonical import JournalError
from queue_engine.changes import moving_reserves
from queue_engine.errors import NotInQueueError, Place, Problem
from queue_engine.events import municipality as town
from queue_engine.events.model import Event, OfApplication
from queue_engine.facts import day_to_date
from queue_engine.journal import Journal
from queue_engine.live_queue import LiveQueue
from queue_engine.movements import Moved, Recast, Record, Snapshot
from queue_engine.placing import Known, Moment, Placed, knowing, whom_taken, with_days
from queue_engine.queue import GENERAL
from queue_engine.replay import Folding
from queue_engine.rules.days import known_days, rules_on
from queue_engine.rules.model import RuleSet
from queue_engine.shifts import Shift
from queue_engine.state import Application, Programme

CODES: Mapping[str, str] = {
    "J064": "queues cannot be kept: no day was advanced, or rules were published whose files were not given",
}


@attrs.define(eq=False)
class LiveTown:
    """The queues of one service, kept up with a journal entry after entry.

    Args:
        municipality: whose journal it is.
        given: the rules by their digest.
        service: of which service.

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
    _know: Callable[[Application], Known] | None = attrs.field(default=None, init=False)

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
        for entry, event in enumerate(journal, start=1):
            if until is not None and entry > until:
                break
            made.follow(event, entry)
        return made

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
        for queue, record in found.items():
            self.records.setdefault(queue, []).append(record)
        return found

    def if_filed(self, application: Application) -> dict[str, Placed]:
        """Return what an application would have in each queue if it stood as given: in no queue, nothing.

        For a family that asks what a document of its own changes.
        """
        if not application.in_queue or application.service != self.service or not self._moment or not self._know:
            return {}
        return self._moment.places_of(self._know(application))

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
        """Make the moment of the rules, the day and the open programmes; there is none before all three are known."""
        published, day = self.folding.rules.get(self.service), self.folding.life.day
        if not published or day is None:
            return
        latest = published[-1]
        if latest.rule_set is None:
            place = Place(f"journal {self.municipality}", latest.entry)
            message = f"the rules {latest.rules} are not given"
            raise JournalError([Problem(place, "J064", message, "give the rule files with this digest")])
        today = day_to_date(day)
        dates = {name: day_to_date(each) for name, each in latest.dates.items()}
        programmes = list(self._open_programmes())
        vocabulary = latest.rule_set.vocabulary
        takes = whom_taken(programmes, vocabulary, Place(f"journal {self.municipality}", self.entry))
        days = known_days(latest.rule_set, today, dates)
        self._moment = Moment(rules_on(latest.rule_set, today, dates), with_days(takes, days, latest.rule_set))
        self._know = knowing(programmes, vocabulary)

    def _open_programmes(self) -> Iterator[Programme]:
        for each in self.folding.programmes.values():
            if each.is_open and each.service == self.service:
                yield each

    def _places(self, application: str) -> dict[str, Placed]:
        return self.if_filed(self.folding.application(application))

    def _one(self, application: str, entry: int) -> dict[str, Record]:
        assert self._moment is not None
        if moving_reserves(self._moment.rules):
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
        elif programme.id not in self._lines and not moving_reserves(self._moment.rules):
            self._lines[programme.id] = LiveQueue(self._moment.rules, name=programme.id)
        return found

    def _recast(self, former: Moment | None, entry: int, *, by_levels: bool) -> dict[str, Record]:
        """Tell what new rules, or steps that begin or end on a day, do to every queue."""
        before = {queue: Snapshot(former.rules, placed) for queue, placed in self._placed.items()} if former else {}
        if not self._moment:
            return {}
        by_levels = by_levels or (former is not None and not alike(former.rules, self._moment.rules))
        fresh: dict[str, dict[str, Placed]] = {queue: {} for queue in (GENERAL, *self._moment.takes)}
        for name in self.folding.people:
            places = self._places(name)
            self._queues_of[name] = tuple(places)
            for queue, has in places.items():
                fresh[queue][name] = has
        self._placed, self._lines = fresh, {}
        before = {queue: before.get(queue) or Snapshot(self._moment.rules, {}) for queue in fresh}
        return self._told(before, entry, by_levels=by_levels, mass=True)

    def _told(self, before: Mapping[str, Snapshot], entry: int, *, by_levels: bool, mass: bool) -> dict[str, Record]:
        """Make the lines of queues anew, and return those that are not as they were."""
        assert self._moment is not None
        rules = self._moment.rules
        found: dict[str, Record] = {}
        for queue, was in before.items():
            after = self.snapshot(queue)
            if not moving_reserves(rules):
                self._lines[queue] = LiveQueue(
                    rules, {name: each.key for name, each in after.placed.items()}, name=queue
                )
            if by_levels or was.placed != after.placed:
                found[queue] = Recast(entry, was, after, by_levels, mass)
        return found

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
