"""What has happened so far, as little of it as is needed to say whether an event may follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

import attrs

from queue_engine.errors import Place, Problem
from queue_engine.events import applications as on
from queue_engine.events import municipality as town
from queue_engine.events.model import FAMILY, Event, OfApplication
from queue_engine.events.statuses import CANNOT, TRANSITIONS, Status
from queue_engine.facts import day_to_date

NUMBER_FACT = "application.number"
GENERAL_QUEUE = "general"
_MILLISECONDS_A_DAY = 86_400_000
_EASTERNMOST_OFFSET = 14 * 3_600_000


class Standing(NamedTuple):
    """Where an application stands.

    Args:
        status: its status.
        programme: the one last offered; "" = none was.
        deadline: the last day of the current status, if it has one.
        changed: the entry that brought it there.
        before: status, programme and deadline before that entry.
        service: which service it applies for.
        targets: what it wishes for.

    """

    status: Status
    programme: str
    deadline: int | None
    changed: int
    before: tuple[Status, str, int | None] | None
    service: str
    targets: tuple[tuple[str, str], ...]


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


Complaint: TypeAlias = tuple[str, str, str]
"""Code, message, remedy."""


@attrs.define(eq=False)
class LifeCycle:
    """Admits events one after the other, and refuses those that cannot follow.

    Args:
        file: named in problems.

    >>> from queue_engine.events import Filed, Offered
    >>> life = LifeCycle()
    >>> life.admit(Filed("12", 12, 0, {}, [], at=0, actor="parent"), 1)
    []
    >>> print(*life.admit(Offered("12", "Garden 5", 9, at=0, actor="commission"), 2))
    journal:2: error J040: application 12 is received; it cannot be offered a place; this needs the status registered

    """

    file: str = "journal"
    day: int | None = None
    standings: dict[str, Standing] = attrs.field(factory=dict)
    papers: dict[tuple[str, str], Paper] = attrs.field(factory=dict)
    programmes: dict[str, Offering] = attrs.field(factory=dict)
    _numbers: dict[tuple[str, int], str] = attrs.field(factory=dict)
    _wishable: dict[tuple[str, tuple[str, str]], int] = attrs.field(factory=dict)
    _undo: list[tuple[dict[Any, Any], Any, Any]] | None = None
    _day_before: int | None = None

    def admit(self, event: Event, entry: int) -> list[Problem]:
        """Take an event as having happened, or return why it cannot have.

        Complexity: constant, save for events that concern many applications.
        """
        handler = _HANDLERS.get(type(event))
        found = handler(self, event, entry) if handler else self._of_application(event, entry)
        if not found:
            return []
        place = Place(self.file, entry)
        return [Problem(place, code, message, remedy) for code, message, remedy in found]

    def begin(self) -> None:
        """Remember from here on what is changed, so that `take_back` can undo it."""
        self._undo, self._day_before = [], self.day

    def keep(self) -> None:
        """Forget how to undo."""
        self._undo = None

    def take_back(self) -> None:
        """Undo all that was admitted since `begin`."""
        for table, key, value in reversed(self._undo or []):
            if value is None:
                del table[key]
            else:
                table[key] = value
        self.day, self._undo = self._day_before, None

    def _set(self, table: dict[Any, Any], key: object, value: object) -> None:
        if self._undo is not None:
            self._undo.append((table, key, table.get(key)))
        table[key] = value

    def _of_application(self, event: Any, entry: int) -> Sequence[Complaint]:  # noqa: ANN401 - any kind
        name = event.application
        standing = self.standings.get(name)
        if standing is None:
            return [_no_application(name)]
        allowed = TRANSITIONS[event.step]
        after = allowed.get(standing.status)
        if after is None:
            message = f"application {name} is {standing.status.value}; it cannot {CANNOT[event.step]}"
            needed = ", ".join(status.value for status in allowed)
            return [("J040", message, f"this needs the status {needed}")]
        check = _CHECKS.get(type(event))
        found = list(check(self, event, standing)) if check else []
        if found:
            return found
        if type(event) is on.WishesChanged:
            targets = tuple(wish.target for wish in event.wishes)
            self._set(self.standings, name, standing._replace(targets=targets))
        if after is not standing.status:
            before = standing[:3]
            programme, deadline = getattr(event, "programme", before[1]), getattr(event, "deadline", None)
            changed = Standing(after, programme, deadline, entry, before, standing.service, standing.targets)
            self._set(self.standings, name, changed)
        return found

    def _filed(self, event: on.Filed, entry: int) -> Sequence[Complaint]:
        name, service = event.application, event.service
        number = (service, event.number)
        targets = tuple([wish.target for wish in event.wishes])
        found: list[Complaint] = []
        for target in targets:
            if not self._wishable.get((service, target)):
                found.extend(self._not_open(target, service))
        if name in self.standings:
            now = self.standings[name].status.value
            found.append(("J042", f"application {name} is there already: it is {now}", "give it another id"))
        if number in self._numbers:
            message = f"application {self._numbers[number]} has the number {event.number} already"
            found.append(("J042", message, "give the next number"))
        if NUMBER_FACT in event.facts:
            found.append(_number_given())
        if not found:
            self._set(self._numbers, number, name)
            standing = Standing(Status.RECEIVED, "", None, entry, None, service, targets)
            self._set(self.standings, name, standing)
        return found

    def _revoked(self, event: on.Revoked, entry: int) -> Sequence[Complaint]:
        standing = self.standings.get(event.application)
        if standing is None:
            return [_no_application(event.application)]
        if standing.before is None or standing.changed != event.decision:
            what = f"is entry {standing.changed}" if standing.before else "is its filing, which can only be withdrawn"
            message = f"entry {event.decision} is not the last decision on application {event.application}: that {what}"
            return [("J047", message, "revoke the last decision first")]
        status, programme, deadline = standing.before
        now = standing[:3]
        changed = Standing(status, programme, deadline, entry, now, standing.service, standing.targets)
        self._set(self.standings, event.application, changed)
        return []

    def _not_open(self, target: tuple[str, str], service: str) -> Iterator[Complaint]:
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

    def _wishes_for(self, standing: Standing, programme: str) -> bool:
        there = self.programmes.get(programme)
        return (programme, "") in standing.targets or (
            there is not None and ("", there.organisation) in standing.targets
        )

    def _opened(self, event: town.ProgrammeOpened, _: int) -> Sequence[Complaint]:
        there = self.programmes.get(event.programme)
        if there is not None and there.is_open:
            return [("J043", f'programme "{event.programme}" is open already', "close it first, or set its capacity")]
        if there is not None and there.service != event.service:
            message = f'programme "{event.programme}" was of the service "{there.service}"'
            return [("J043", message, "give the new programme another id")]
        self._set(self.programmes, event.programme, Offering(event.organisation, event.service, is_open=True))
        self._count(event.programme, 1)
        return []

    def _closed(self, event: town.ProgrammeClosed, _: int) -> Sequence[Complaint]:
        there = self.programmes.get(event.programme)
        if there is None or not there.is_open:
            return list(self._not_open((event.programme, ""), there.service if there else ""))
        self._count(event.programme, -1)
        self._set(self.programmes, event.programme, there._replace(is_open=False))
        return []

    def _count(self, programme: str, change: int) -> None:
        """Count a programme, and one more or fewer programme of its organisation, among what can be wished for."""
        there = self.programmes[programme]
        for target in ((programme, ""), ("", there.organisation)):
            key = (there.service, target)
            self._set(self._wishable, key, self._wishable.get(key, 0) + change)

    def _capacity(self, event: town.CapacitySet, _: int) -> Sequence[Complaint]:
        there = self.programmes.get(event.programme)
        return list(self._not_open((event.programme, ""), there.service if there else ""))

    def _territory(self, event: town.TerritoryActChanged, _: int) -> Sequence[Complaint]:
        found = []
        for each in event.entries:
            standing = self.standings.get(each.application)
            if standing is None:
                found.append(_no_application(each.application))
            elif (each.programme, each.organisation) not in standing.targets:
                found.append(_not_wished(each.application, each.programme or each.organisation))
        return found

    def _ordered(self, event: town.OrderPublished, _: int) -> Sequence[Complaint]:
        found = [_no_application(name) for name in event.applications if name not in self.standings]
        if event.queue != GENERAL_QUEUE and event.queue not in self.programmes:
            found.append(("J043", f'there is no programme "{event.queue}"', "correct the name of the queue"))
        return found

    def _advanced(self, event: town.DayAdvanced, _: int) -> Sequence[Complaint]:
        written = day_to_date(event.day)
        if self.day is not None and event.day <= self.day:
            message = f"it is {day_to_date(self.day)} already; the day cannot become {written}"
            return [("J046", message, "give a later day")]
        if event.day * _MILLISECONDS_A_DAY - _EASTERNMOST_OFFSET > event.at:
            message = f"{written} had not begun anywhere when this was recorded"
            return [("J046", message, "correct the day, or the clock")]
        self.day = event.day
        return []


def _no_application(name: str) -> Complaint:
    return "J041", f"there is no application {name}", "file it first, or correct the id"


def _not_wished(name: str, target: str) -> Complaint:
    return "J044", f'application {name} does not wish for "{target}"', "change its wishes first, or correct the name"


def _number_given() -> Complaint:
    return "J049", f"{NUMBER_FACT} is given once, by the number of the application", "leave the fact out"


def _past(deadline: int | None, today: int | None) -> Iterator[Complaint]:
    if deadline is not None and today is not None and deadline < today:
        yield "J046", f"the deadline {day_to_date(deadline)} has passed: it is {day_to_date(today)}", "give a later day"


def _reviewed(life: LifeCycle, event: on.Reviewed, _: Standing) -> Iterator[Complaint]:
    yield from _past(event.deadline, life.day)
    if event.outcome == "refused" and not event.reason.strip():
        yield "J048", f"application {event.application} is refused without a reason", "give the reason"


def _added(life: LifeCycle, event: on.DocumentAdded, _: Standing) -> Iterator[Complaint]:
    key = (event.application, event.document)
    if key in life.papers:
        yield "J045", f"application {event.application} has document {event.document} already", "give it another id"
    elif _backwards(event.first, event.last):
        yield "J045", f"document {event.document} ends before it begins", "correct its days"
    else:
        life._set(life.papers, key, Paper("waits", event.first, event.last))  # noqa: SLF001 - one module


def _judged(life: LifeCycle, event: Any, _: Standing) -> Iterator[Complaint]:  # noqa: ANN401 - confirmed or refuted
    key, state = (event.application, event.document), event.kind.removeprefix("document_")
    paper = life.papers.get(key)
    if paper is None:
        yield "J045", f"application {event.application} has no document {event.document}", "add it first"
        return
    first, last = getattr(event, "first", None), getattr(event, "last", None)
    seen = Paper(state, paper.first if first is None else first, paper.last if last is None else last)
    if seen == paper:
        yield "J045", f"document {event.document} is {state} already", "leave this out"
    elif _backwards(seen.first, seen.last):
        yield "J045", f"document {event.document} ends before it begins", "correct its days"
    else:
        life._set(life.papers, key, seen)  # noqa: SLF001 - one module


def _backwards(first: int | None, last: int | None) -> bool:
    return first is not None and last is not None and last < first


def _rewished(life: LifeCycle, event: on.WishesChanged, standing: Standing) -> Iterator[Complaint]:
    for wish in event.wishes:
        yield from life._not_open(wish.target, standing.service)  # noqa: SLF001 - one module


def _corrected(_: LifeCycle, event: on.DataCorrected, __: Standing) -> Iterator[Complaint]:
    if NUMBER_FACT in event.facts or NUMBER_FACT in event.forgotten:
        yield _number_given()


def _at_wish(_: LifeCycle, event: on.EntryFactsChanged, standing: Standing) -> Iterator[Complaint]:
    if event.target not in standing.targets:
        yield _not_wished(event.application, event.programme or event.organisation)


def _offered(life: LifeCycle, event: on.Offered, standing: Standing) -> Iterator[Complaint]:
    yield from life._not_open((event.programme, ""), standing.service)  # noqa: SLF001 - one module
    yield from _past(event.deadline, life.day)
    if not life._wishes_for(standing, event.programme):  # noqa: SLF001 - one module
        yield _not_wished(event.application, event.programme)


def _granted(life: LifeCycle, event: on.ExceptionGranted, standing: Standing) -> Iterator[Complaint]:
    yield from life._not_open((event.programme, ""), standing.service)  # noqa: SLF001 - one module
    yield from _past(event.deadline, life.day)


def _answered(life: LifeCycle, event: Any, standing: Standing) -> Iterator[Complaint]:  # noqa: ANN401 - of a place
    if event.programme != standing.programme:
        message = f'application {event.application} was offered "{standing.programme}", not "{event.programme}"'
        yield "J044", message, "answer the offer that stands"
    yield from _past(getattr(event, "deadline", None), life.day)


def _lapsed(life: LifeCycle, event: on.Lapsed, standing: Standing) -> Iterator[Complaint]:
    if standing.deadline is not None and (life.day is None or life.day <= standing.deadline):
        today = "unknown" if life.day is None else str(day_to_date(life.day))
        deadline = day_to_date(standing.deadline)
        message = f"application {event.application} may answer until the end of {deadline}; the day is {today}"
        yield "J046", message, "wait until the day has advanced past it"


def _withdrawn(_: LifeCycle, event: on.Withdrawn, __: Standing) -> Iterator[Complaint]:
    role = event.actor.partition(":")[0]
    if role not in FAMILY and not (event.reason.strip() and event.basis.strip()):
        message = f"application {event.application} is withdrawn by {role}, not by the family, without reason and basis"
        yield "J048", message, "give both"


_Handler: TypeAlias = Callable[[LifeCycle, Any, int], Sequence[Complaint]]
_Check: TypeAlias = Callable[[LifeCycle, Any, Standing], Iterator[Complaint]]

_HANDLERS: dict[type[Event], _Handler] = {
    on.Filed: LifeCycle._filed,  # noqa: SLF001 - one module
    on.Revoked: LifeCycle._revoked,  # noqa: SLF001
    town.ProgrammeOpened: LifeCycle._opened,  # noqa: SLF001
    town.ProgrammeClosed: LifeCycle._closed,  # noqa: SLF001
    town.CapacitySet: LifeCycle._capacity,  # noqa: SLF001
    town.TerritoryActChanged: LifeCycle._territory,  # noqa: SLF001
    town.OrderPublished: LifeCycle._ordered,  # noqa: SLF001
    town.DayAdvanced: LifeCycle._advanced,  # noqa: SLF001
    town.RulesPublished: lambda *_: (),
}

_CHECKS: dict[type[OfApplication], _Check] = {
    on.Reviewed: _reviewed,
    on.DocumentAdded: _added,
    on.DocumentConfirmed: _judged,
    on.DocumentRefuted: _judged,
    on.WishesChanged: _rewished,
    on.DataCorrected: _corrected,
    on.EntryFactsChanged: _at_wish,
    on.Offered: _offered,
    on.Accepted: _answered,
    on.ContractPrepared: _answered,
    on.Declined: _answered,
    on.Enrolled: _answered,
    on.OfferWithdrawn: _answered,
    on.ExceptionGranted: _granted,
    on.Lapsed: _lapsed,
    on.Withdrawn: _withdrawn,
}
