"""What is remembered of what has happened: as little as is needed to say what may follow; it can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

import attrs

from queue_engine.events.statuses import ACTIVE, Status
from queue_engine.facts import day_to_date


class Interim(NamedTuple):
    """A place for the time being: where, of which kind, its last day, if it has one, and the entry that gave it."""

    programme: str
    seat: str
    until: int | None
    since: int


class Standing(NamedTuple):
    """Where an application stands.

    Args:
        status: its status.
        programme: the one last offered; "" = none was.
        deadline: the last day of the current status, if it has one.
        withdrawn: whether the place last offered was withdrawn by those who gave it.
        changed: the entry that brought it there.
        before: status, programme, deadline and `withdrawn` before that entry.
        service: which service it applies for.
        targets: what it wishes for.
        given: the place for the time being it was given last, unless that was ended; see `interim`.

    """

    status: Status
    programme: str
    deadline: int | None
    withdrawn: bool
    changed: int
    before: tuple[Status, str, int | None, bool] | None
    service: str
    targets: tuple[tuple[str, str], ...]
    given: Interim | None = None

    @property
    def interim(self) -> Interim | None:
        """The place it holds for the time being; who was enrolled or has left holds none."""
        return self.given if self.status in ACTIVE else None


class Paper(NamedTuple):
    """A document: whether it waits, is confirmed or refuted, and its days."""

    state: str
    first: int | None
    last: int | None


class Offering(NamedTuple):
    """A programme: where, of which service, and whether it is open."""

    organisation: str
    service: str
    is_open: bool


class RoundStanding(NamedTuple):
    """A round: whether it is frozen, published or annulled, what was frozen, and of which service."""

    status: str
    freeze: str
    service: str


Complaint: TypeAlias = tuple[str, str, str]
"""Code, message, remedy."""


@attrs.define(eq=False)
class Remembered:
    """The tables of what has happened.

    >>> tables = Remembered()
    >>> tables.begin()
    >>> tables.put(tables.drawn, "school/2026", 7)
    >>> tables.take_back()
    >>> tables.drawn
    {}

    """

    day: int | None = attrs.field(default=None, init=False)
    standings: dict[str, Standing] = attrs.field(factory=dict, init=False)
    papers: dict[tuple[str, str], Paper] = attrs.field(factory=dict, init=False)
    programmes: dict[str, Offering] = attrs.field(factory=dict, init=False)
    rounds: dict[str, RoundStanding] = attrs.field(factory=dict, init=False)
    drawn: dict[str, int] = attrs.field(factory=dict, init=False)
    numbers: dict[tuple[str, int], str] = attrs.field(factory=dict, init=False)
    _wishable: dict[tuple[str, tuple[str, str]], int] = attrs.field(factory=dict, init=False)
    _undo: list[tuple[dict[Any, Any], Any, Any]] = attrs.field(factory=list, init=False)
    _begun: list[tuple[int, int | None]] = attrs.field(factory=list, init=False)

    def begin(self) -> None:
        """Remember from here on what is changed, so that `take_back` can undo it; one may begin within another."""
        self._begun.append((len(self._undo), self.day))

    def keep(self) -> None:
        """End what was begun last; it can be undone only with what it was begun in."""
        self._begun.pop()
        if not self._begun:
            self._undo.clear()

    def take_back(self) -> None:
        """Undo all that was put since what was begun last."""
        length, self.day = self._begun.pop()
        for table, key, value in reversed(self._undo[length:]):
            if value is None:
                del table[key]
            else:
                table[key] = value
        del self._undo[length:]

    def put(self, table: dict[Any, Any], key: object, value: object) -> None:
        """Put a value into a table, remembering the one before it where that may be undone."""
        if self._begun:
            self._undo.append((table, key, table.get(key)))
        table[key] = value

    def count(self, programme: str, change: int) -> None:
        """Count a programme, and one more or fewer programme of its organisation, among what can be wished for."""
        there = self.programmes[programme]
        for target in ((programme, ""), ("", there.organisation)):
            key = (there.service, target)
            self.put(self._wishable, key, self._wishable.get(key, 0) + change)

    def not_open(self, target: tuple[str, str], service: str) -> Iterator[Complaint]:
        """Yield why something cannot be wished for, if it cannot."""
        programme, organisation = target
        if self._wishable.get((service, target)):
            return
        there = self.programmes.get(programme)
        if not programme:
            message = f'organisation "{organisation}" has no open programme of this service'
            yield "J043", message, "open one first, or correct the name"
        elif there is None:
            yield "J043", f'there is no programme "{programme}"', "open it first, or correct the name"
        else:
            why = "closed" if not there.is_open else f'of the service "{there.service}", not "{service}"'
            yield "J043", f'programme "{programme}" is {why}', "correct the name"

    def wishes_for(self, standing: Standing, programme: str) -> bool:
        """Return whether an application wishes for a programme, or for any of its organisation."""
        there = self.programmes.get(programme)
        return (programme, "") in standing.targets or (
            there is not None and ("", there.organisation) in standing.targets
        )

    def past(self, deadline: int | None) -> Iterator[Complaint]:
        """Yield that a day is over, if it is."""
        today = self.day
        if deadline is not None and today is not None and deadline < today:
            message = f"the deadline {day_to_date(deadline)} has passed: it is {day_to_date(today)}"
            yield "J046", message, "give a later day"


def no_application(name: str) -> Complaint:
    """Return the complaint about an id that nobody has.

    >>> no_application("12")[1]
    'there is no application 12'

    """
    return "J041", f"there is no application {name}", "file it first, or correct the id"


def not_wished(name: str, target: str) -> Complaint:
    """Return the complaint about what an application does not wish for.

    >>> not_wished("12", "Garden 5")[1]
    'application 12 does not wish for "Garden 5"'

    """
    return "J044", f'application {name} does not wish for "{target}"', "change its wishes first, or correct the name"
