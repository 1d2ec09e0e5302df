"""Positions, standings and histories, from queues that each process keeps in memory by following the journals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import attrs

from queue_engine import LiveTown, PositionChange, Queue, RuleSet, Standing, order, rules_digest, standing
from queue_engine.errors import RuleError, errors_of
from queue_engine.events import Event, OfApplication
from queue_engine.facts import day_to_date
from queue_engine.ledger import account
from queue_engine.rules.check import check_library
from queue_engine.rules.loading import read_library
from queue_engine.state import State
from service.enrolment.towns import Town, Towns


def rules_by_digest(folder: Path) -> dict[str, RuleSet]:
    """Return every rule set of a folder by its digest, as journals name rules.

    Raises:
        RuleError: some of them have problems.

    """
    library = read_library([folder])
    problems = errors_of(check_library(library))
    if problems:
        raise RuleError(problems)
    return {rules_digest(library.rule_sets[name]): library.rule_sets[name] for name in library.asked}


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
            live = self._live or LiveTown(self.municipality, self.rules, self.service)
            self._live = None  # until it has followed: what failed half-way is not used again
            town = self.towns.reach(self.municipality, entry)
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

    def _queue(self, live: LiveTown, name: str) -> Queue:
        """Return a queue with all that `standing` looks at, ordered from those who are in it."""
        if name not in self._ordered:
            folding = live.folding
            state = State(
                self.municipality,
                live.entry,
                folding.at,
                folding.life.day,
                {each: folding.application(each) for each in live.line(name)},
                folding.programmes,
                folding.rules,
                {},
            )
            rules = state.rule_set(self.service)
            assert state.day is not None, "queues begin with a day"
            tables = state.tables(rules.vocabulary, self.service)
            queues = order(tables, rules, day_to_date(state.day), state.dates(self.service))
            self._ordered[name] = queues[name]
            assert queues[name].applications() == list(live.line(name)), "a queue is ordered by those who are in it"
        return self._ordered[name]


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
