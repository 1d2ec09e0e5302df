"""Positions, standings and histories, from queues that each process keeps in memory by following the journals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock

import attrs

from queue_engine import LiveTown, NotInQueue, PositionChange, Queue, Queues, RuleSet, Standing, order, standing
from queue_engine.events import Event, OfApplication
from queue_engine.facts import day_to_date
from queue_engine.followed import Followed
from queue_engine.ledger import account
from queue_engine.state import Application, State
from service.enrolment.towns import Town, Towns


@attrs.frozen
class Position:
    """A place in a queue after an entry of the journal; 0 = not in the queue."""

    entry: int
    position: int
    total: int


@attrs.frozen(eq=False)
class Placing:
    """A place in a queue and who stands ahead, after an entry of the journal."""

    entry: int
    standing: Standing


@attrs.frozen
class History:
    """How a place has changed up to an entry of the journal."""

    entry: int
    change: PositionChange


@attrs.frozen(eq=False)
class Whole:
    """Everything of one application after an entry: where it stands in each queue, and why it is not in others.

    Args:
        entry: the entry.
        application: the application.
        standings: its place in every queue it is in.
        refusals: why it is not in those it wished for.
        queues: its own queues, for the words of refusals.
        version: the last entry that concerns it.
        programmes: the titles of the programmes it wishes for.

    """

    entry: int
    version: int
    application: Application
    programmes: Mapping[str, str]
    standings: tuple[Standing, ...]
    refusals: tuple[NotInQueue, ...]
    queues: Queues


@attrs.define(eq=False)
class Follower:
    """The queues of one service of one municipality.

    Args:
        towns: the municipalities.
        municipality: which one.
        service: which service.
        rules: the rules by their digest; may grow.

    """

    towns: Towns
    municipality: str
    service: str
    rules: Mapping[str, RuleSet]
    _lock: Lock = attrs.field(factory=Lock, init=False)
    _live: LiveTown | None = attrs.field(default=None, init=False)
    _ordered: dict[str, Queue] = attrs.field(factory=dict, init=False)

    @contextmanager
    def following(self) -> Iterator[tuple[LiveTown, Town]]:
        """Give the queues as they are after every entry that was committed before; nobody else has them meanwhile.

        Raises:
            JournalError: rules were published that are not given.
            DamagedJournalError: what is stored is not what was written.

        Complexity: one row by its key, and that of following what is new.

        """
        entry = self.towns.head(self.municipality).entries
        with self._lock:
            town = self.towns.reach(self.municipality, entry)
            live, self._live = self._live, None  # until it has followed: what failed half-way is not used again
            live = live or LiveTown.at(town.journal, self.rules, self.service, entry)
            for number in range(live.entry + 1, entry + 1):
                self._follow(live, town.journal.event(number), number)
            self._live = live
            yield live, town

    def position(self, application: str, queue: str) -> Position:
        """Return the place of an application; 0 where it is in no such queue.

        Complexity: O(log n) beside `following`.
        """
        with self.following() as (live, _):
            place = live.position_of(application, queue)
            return Position(live.entry, place, live.size_of(queue))

    def standing(self, application: str, queue: str) -> Placing:
        """Return the place of an application and who is ahead, by what decides.

        Raises:
            NotInQueueError: it is in no such queue.

        Complexity: O(n log n) in the size of the queue after each change of a queue; then O(those ahead × steps).

        """
        with self.following() as (live, _):
            live.placed(application, queue)
            return Placing(live.entry, standing(self._queue(live, queue), application))

    def history(self, application: str, queue: str, since: int = 0) -> History:
        """Return every move of a place after an entry, with what decided and on what ground.

        Raises:
            NotInQueueError: it never was in such a queue.

        Complexity: that of `queue_engine.ledger.account`.

        """
        with self.following() as (live, town):
            return History(live.entry, account(live, town.journal, application, queue, since))

    def _follow(self, live: LiveTown, event: Event, entry: int) -> None:
        """Take an entry, and forget the queues it may have changed anything in."""
        changed = live.follow(event, entry)
        if not isinstance(event, OfApplication):
            self._ordered.clear()
            return
        for name in list(self._ordered):
            if name in changed or live.position_of(event.application, name):
                del self._ordered[name]

    def queue(self, name: str) -> tuple[int, Queue | None]:
        """Return a queue with all that explains it, after the last entry; None = there is none of that name."""
        with self.following() as (live, _):
            known = live.rules is not None and name in live.names()
            return live.entry, self._queue(live, name) if known else None

    def whole(self, application: str) -> Whole | None:
        """Return everything of one application; None = there is none of that id in this service.

        Complexity: that of `standing` for each of its queues.
        """
        with self.following() as (live, town):
            found = town.journal.life.standings.get(application)
            if found is None or found.service != self.service or live.rules is None:
                return None
            person = live.folding.application(application)
            names = [name for name in live.names() if live.position_of(application, name)]
            standings = tuple(standing(self._queue(live, name), application) for name in names)
            alone = self._ordered_of(live, {application: person})
            refusals = tuple(alone.not_in_queue(application)) if person.in_queue else ()
            known = live.folding.programmes
            titles = {each.programme: known[each.programme].title for each in person.wishes if each.programme in known}
            return Whole(live.entry, town.version_of(application), person, titles, standings, refusals, alone)

    def told(
        self, application: str, queue: str, lang: str, reader: str, since: int = 0, until: int | None = None
    ) -> tuple[History, list[str]]:
        """Return every move of a place between two entries, and what is told of it.

        Args:
            application: its id.
            queue: a programme, or the general queue.
            lang: "ru" or "en".
            reader: "parent" or "officer".
            since: the last entry before the account.
            until: the last entry of the account; None = the last there is.

        Raises:
            NotInQueueError: it never was in such a queue.

        """
        with self.following() as (live, town):
            change = account(live, town.journal, application, queue, since, until)
            lines = Followed(town.journal, live, since, until or live.entry).told(change, lang, reader)
            return History(live.entry, change), lines[1:]

    def _queue(self, live: LiveTown, name: str) -> Queue:
        """Return a queue with all that `standing` looks at, ordered from those who are in it."""
        if name not in self._ordered:
            people = {each: live.folding.application(each) for each in live.line(name)}
            queues = self._ordered_of(live, people)
            self._ordered[name] = queues.general if name == queues.general.id else queues[name]
            assert self._ordered[name].applications() == list(live.line(name)), "ordered by those who are in it"
        return self._ordered[name]

    def _ordered_of(self, live: LiveTown, people: dict[str, Application]) -> Queues:
        """Return the queues of some applications alone."""
        folding = live.folding
        state = State(
            self.municipality,
            live.entry,
            folding.at,
            folding.life.day,
            people,
            folding.programmes,
            folding.rules,
            {},
        )
        rules = state.rule_set(self.service)
        assert state.day is not None, "queues begin with a day"
        tables = state.tables(rules.vocabulary, self.service)
        return order(tables, rules, day_to_date(state.day), state.dates(self.service))


@attrs.define(eq=False)
class Followers:
    """The queues of every service that somebody has asked for.

    Args:
        towns: the municipalities.
        rules: the rules by their digest; may grow.

    """

    towns: Towns
    rules: Mapping[str, RuleSet]
    _followers: dict[tuple[str, str], Follower] = attrs.field(factory=dict, init=False)
    _lock: Lock = attrs.field(factory=Lock, init=False)

    def of(self, municipality: str, service: str) -> Follower:
        """Return the queues of a service of a municipality."""
        with self._lock:
            if (municipality, service) not in self._followers:
                self._followers[municipality, service] = Follower(self.towns, municipality, service, self.rules)
            return self._followers[municipality, service]
