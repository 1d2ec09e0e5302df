"""What may follow what has happened so far: every event is admitted, or refused by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import attrs

from queue_engine.errors import Place, Problem
from queue_engine.events import applications as on
from queue_engine.events import municipality as town
from queue_engine.events import rounds
from queue_engine.events.admission import CHECKS, NUMBER_FACT, number_given
from queue_engine.events.model import Event
from queue_engine.events.standings import (
    Complaint,
    Interim,
    Offering,
    Remembered,
    RoundStanding,
    Standing,
    no_application,
    not_wished,
)
from queue_engine.events.statuses import CANNOT, TRANSITIONS, Status
from queue_engine.facts import day_to_date

GENERAL_QUEUE = "general"
_MILLISECONDS_A_DAY = 86_400_000
_EASTERNMOST_OFFSET = 14 * 3_600_000


@attrs.define(eq=False)
class LifeCycle(Remembered):
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

    def _of_application(self, event: Any, entry: int) -> Sequence[Complaint]:  # noqa: ANN401 - any kind
        name = event.application
        standing = self.standings.get(name)
        if standing is None:
            return [no_application(name)]
        allowed = TRANSITIONS[event.step]
        after = allowed.get(standing.status)
        if after is None:
            message = f"application {name} is {standing.status.value}; it cannot {CANNOT[event.step]}"
            needed = ", ".join(status.value for status in allowed)
            return [("J040", message, f"this needs the status {needed}")]
        check = CHECKS.get(type(event))
        found = list(check(self, event, standing)) if check else []
        if found:
            return found
        within = _WITHIN.get(type(event))
        if within is not None:
            self.put(self.standings, name, within(standing, event, entry))
        if after is not standing.status:
            programme, deadline = getattr(event, "programme", standing.programme), getattr(event, "deadline", None)
            withdrawn = type(event) is on.OfferWithdrawn or (standing.withdrawn and after is not Status.OFFERED)
            now = (after, programme, deadline, withdrawn)
            self.put(self.standings, name, Standing(*now, entry, standing[:4], *standing[6:]))
        return found

    def _filed(self, event: on.Filed, entry: int) -> Sequence[Complaint]:
        name, service = event.application, event.service
        number = (service, event.number)
        targets = tuple([wish.target for wish in event.wishes])
        found: list[Complaint] = []
        for target in targets:
            if not self._wishable.get((service, target)):
                found.extend(self.not_open(target, service))
        if name in self.standings:
            now = self.standings[name].status.value
            found.append(("J042", f"application {name} is there already: it is {now}", "give it another id"))
        if number in self.numbers:
            message = f"application {self.numbers[number]} has the number {event.number} already"
            found.append(("J042", message, "give the next number"))
        if NUMBER_FACT in event.facts:
            found.append(number_given())
        if not found:
            self.put(self.numbers, number, name)
            standing = Standing(Status.RECEIVED, "", None, False, entry, None, service, targets)  # noqa: FBT003
            self.put(self.standings, name, standing)
        return found

    def _revoked(self, event: on.Revoked, entry: int) -> Sequence[Complaint]:
        standing = self.standings.get(event.application)
        if standing is None:
            return [no_application(event.application)]
        if standing.before is None or standing.changed != event.decision:
            what = f"is entry {standing.changed}" if standing.before else "is its filing, which can only be withdrawn"
            message = f"entry {event.decision} is not the last decision on application {event.application}: that {what}"
            return [("J047", message, "revoke the last decision first")]
        status, programme, deadline, withdrawn = standing.before
        now = (status, programme, deadline, withdrawn)
        self.put(self.standings, event.application, Standing(*now, entry, standing[:4], *standing[6:]))
        return []

    def _opened(self, event: town.ProgrammeOpened, _: int) -> Sequence[Complaint]:
        there = self.programmes.get(event.programme)
        if there is not None and there.is_open:
            return [("J043", f'programme "{event.programme}" is open already', "close it first, or set its capacity")]
        if there is not None and there.service != event.service:
            message = f'programme "{event.programme}" was of the service "{there.service}"'
            return [("J043", message, "give the new programme another id")]
        self.put(self.programmes, event.programme, Offering(event.organisation, event.service, is_open=True))
        self.count(event.programme, 1)
        return []

    def _closed(self, event: town.ProgrammeClosed, _: int) -> Sequence[Complaint]:
        there = self.programmes.get(event.programme)
        if there is None or not there.is_open:
            return list(self.not_open((event.programme, ""), there.service if there else ""))
        self.count(event.programme, -1)
        self.put(self.programmes, event.programme, there._replace(is_open=False))
        return []

    def _capacity(self, event: town.CapacitySet, _: int) -> Sequence[Complaint]:
        there = self.programmes.get(event.programme)
        return list(self.not_open((event.programme, ""), there.service if there else ""))

    def _territory(self, event: town.TerritoryActChanged, _: int) -> Sequence[Complaint]:
        found = []
        for each in event.entries:
            standing = self.standings.get(each.application)
            if standing is None:
                found.append(no_application(each.application))
            elif (each.programme, each.organisation) not in standing.targets:
                found.append(not_wished(each.application, each.programme or each.organisation))
        return found

    def _ordered(self, event: town.OrderPublished, _: int) -> Sequence[Complaint]:
        found = [no_application(name) for name in event.applications if name not in self.standings]
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

    def _round_frozen(self, event: rounds.RoundFrozen, _: int) -> Sequence[Complaint]:
        there = self.rounds.get(event.round)
        if there is not None:
            message = f'there was a round "{event.round}": it is {there.status}'
            return [("J051", message, "give the round another name")]
        self.put(self.rounds, event.round, RoundStanding("frozen", event.freeze, event.service))
        return []

    def _round_published(self, event: rounds.RoundPublished, _: int) -> Sequence[Complaint]:
        there = self.rounds.get(event.round)
        if there is None:
            return [_no_round(event.round)]
        if there.status != "frozen":
            message = f'round "{event.round}" is {there.status}; only a frozen one can be published'
            return [("J051", message, "freeze a new round")]
        if (there.freeze, there.service) != (event.freeze, event.service):
            frozen = f'{there.freeze} of the service "{there.service}"'
            message = f'round "{event.round}" was frozen as {frozen}, not as {event.freeze} of "{event.service}"'
            return [("J051", message, "publish what came out of what was frozen")]
        self.put(self.rounds, event.round, there._replace(status="published"))
        return []

    def _round_annulled(self, event: rounds.RoundAnnulled, _: int) -> Sequence[Complaint]:
        there = self.rounds.get(event.round)
        if there is None:
            return [_no_round(event.round)]
        if there.status == "annulled":
            return [("J051", f'round "{event.round}" is annulled already', "leave this out")]
        self.put(self.rounds, event.round, there._replace(status="annulled"))
        return []

    def _drawn(self, event: rounds.LotteryDrawn, entry: int) -> Sequence[Complaint]:
        before = self.drawn.get(event.campaign)
        if before is not None and not event.reason.strip():
            message = f'lots were drawn for "{event.campaign}" in entry {before} already'
            return [("J048", message, "give the reason why they are drawn again")]
        self.put(self.drawn, event.campaign, entry)
        return []


def _no_round(name: str) -> Complaint:
    return "J051", f'there is no round "{name}"', "freeze it first, or correct the name"


def _rewished(standing: Standing, event: on.WishesChanged, _: int) -> Standing:
    return standing._replace(targets=tuple(wish.target for wish in event.wishes))


def _placed(standing: Standing, event: on.InterimPlaced, entry: int) -> Standing:
    return standing._replace(given=Interim(event.programme, event.seat, event.until, entry))


def _ended(standing: Standing, _: on.InterimEnded, __: int) -> Standing:
    return standing._replace(given=None)


_Within: TypeAlias = Callable[[Standing, Any, int], Standing]

_WITHIN: Mapping[type[Event], _Within] = {
    on.WishesChanged: _rewished,
    on.InterimPlaced: _placed,
    on.InterimEnded: _ended,
}
"""What changes a standing and leaves the status as it is."""

_Handler: TypeAlias = Callable[[LifeCycle, Any, int], Sequence[Complaint]]

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
    rounds.RoundFrozen: LifeCycle._round_frozen,  # noqa: SLF001
    rounds.RoundPublished: LifeCycle._round_published,  # noqa: SLF001
    rounds.RoundAnnulled: LifeCycle._round_annulled,  # noqa: SLF001
    rounds.LotteryDrawn: LifeCycle._drawn,  # noqa: SLF001
}
