"""What the example year is written into: a journal, the state it leaves, and an agenda of what is still to come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from heapq import heappop, heappush
from typing import Any, TypeAlias

import attrs

from queue_engine.events import Event
from queue_engine.events.standings import Standing
from queue_engine.events.statuses import Status
from queue_engine.example.draws import Draws
from queue_engine.example.filing import DAY_SECONDS
from queue_engine.facts import Vocabulary
from queue_engine.journal import Journal
from queue_engine.replay import Folding
from queue_engine.state import State

Act: TypeAlias = Callable[..., None]

_HOUR = 3_600
_OPENS = 8 * _HOUR
_OFFICE_SECONDS = 10 * _HOUR
_WEEK = 7
_SATURDAY = 5
_THURSDAY = 3  # the weekday of 1970-01-01, Monday being 0


@attrs.define(eq=False)
class Luck:
    """Drawn numbers by name and row; the numbers of a name are drawn for all rows at once, when the first is asked for.

    >>> luck = Luck(Draws.of_rows(1, "year", 1_000))
    >>> luck.below("place", 4, 1_000) == luck.below("place", 4, 1_000), luck.chance("sure", 4, 10_000)
    (True, True)

    """

    draws: Draws
    _columns: dict[str, list[int]] = attrs.field(factory=dict, init=False)

    def below(self, field: str, row: int, bound: int) -> int:
        """Return an integer from 0 to `bound` - 1; a field has one bound."""
        column = self._columns.get(field)
        if column is None:
            column = self._columns[field] = self.draws.below(field, bound).tolist()
        return column[row]

    def between(self, field: str, row: int, first: int, last: int) -> int:
        """Return an integer from `first` to `last`, both included."""
        return first + self.below(field, row, last - first + 1)

    def chance(self, field: str, row: int, of_10_000: int) -> bool:
        """Return yes for about `of_10_000` of 10,000 rows."""
        return self.below(field, row, 10_000) < of_10_000

    def weighted(self, field: str, row: int, weights: tuple[int, ...]) -> int:
        """Return the index of a weight, each as often as its weight says."""
        column = self._columns.get(field)
        if column is None:
            column = self._columns[field] = self.draws.weighted(field, weights).tolist()
        return column[row]


@attrs.define(eq=False)
class Calendar:
    """The days of a year one after the other; what is planned for a day happens on it by the hour.

    Args:
        journal: what happened is added to it.
        folding: the state it leaves, as far as anybody has asked.
        luck: draws the hours.
        vocabulary: whose offset from UTC is used.
        rows: the number of rows `luck` has.
        day: the day it is.
        end: the first day that is no longer told.
        second: the second of the day.

    """

    journal: Journal
    folding: Folding
    luck: Luck
    vocabulary: Vocabulary
    rows: int
    day: int
    end: int
    second: int = 0
    _agenda: list[tuple[int, int, int, Act, tuple[Any, ...]]] = attrs.field(factory=list, init=False)
    _planned: int = attrs.field(default=0, init=False)
    _folded: int = attrs.field(default=0, init=False)

    @property
    def standings(self) -> Mapping[str, Standing]:
        """Where each application stands."""
        return self.journal.life.standings

    def status(self, name: str) -> Status:
        """Return the status of an application."""
        return self.standings[name].status

    def by(self, actor: str, *key: object) -> dict[str, Any]:
        """Return what every event has: when it is recorded, who acts, and its key."""
        offset = 60 * self.vocabulary.utc_offset_minutes
        at = 1_000 * (self.day * DAY_SECONDS + self.second - offset)
        return {"at": at, "actor": actor, "key": "/".join(map(str, key))}

    def record(self, *events: Event) -> None:
        """Add events to the journal.

        Raises:
            JournalError: they cannot follow, which is a mistake of the year.

        """
        self.journal.append_many(events)

    def plan(self, day: int, second: int, act: Act, *rest: object) -> None:
        """Have something done on a day, unless the year has ended by then."""
        day, second = max((day, second), (self.day, self.second))
        if day < self.end:
            self._planned += 1
            heappush(self._agenda, (day, second, self._planned, act, rest))

    def in_office(self, days: int, act: Act, *rest: object) -> None:
        """Have something done in office hours some days from now, or on the Monday after."""
        day = self.day + days
        weekday = (day + _THURSDAY) % _WEEK
        if weekday >= _SATURDAY:
            day += _WEEK - weekday
        self.plan(day, _OPENS + self._drawn("second/office", _OFFICE_SECONDS), act, *rest)

    def at_home(self, days: int, act: Act, *rest: object) -> None:
        """Have something done some days from now, at any time between seven and midnight."""
        self.plan(self.day + days, 7 * _HOUR + self._drawn("second/home", 17 * _HOUR), act, *rest)

    def run(self) -> None:
        """Do what is planned for the day."""
        while self._agenda and self._agenda[0][0] <= self.day:
            _, self.second, _, act, rest = heappop(self._agenda)
            act(*rest)

    def state(self) -> State:
        """Return the state after the last entry; every event is folded once."""
        for entry in range(self._folded + 1, len(self.journal) + 1):
            self.folding.fold(self.journal.event(entry), entry)
        self._folded = len(self.journal)
        return self.folding.state()

    def _drawn(self, field: str, bound: int) -> int:
        return self.luck.below(field, self._planned % self.rows, bound)
