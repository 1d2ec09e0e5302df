"""Places of the example year: orders that are published, offers made by them, and how each offer ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import attrs

from queue_engine.events import (
    Accepted,
    ContractPrepared,
    Declined,
    Enrolled,
    Event,
    Offered,
    OrderPublished,
    Status,
    order_digest,
)
from queue_engine.events.statuses import PLACED
from queue_engine.example.year_acts import Acts
from queue_engine.example.year_families import name_of, row_of
from queue_engine.facts import day_to_date
from queue_engine.ordering import order
from queue_engine.queue import GENERAL, Queues
from queue_engine.rules.model import RuleSet

LISTED_MOST = 200
_ANSWERED_WITHIN, _SIGNED_WITHIN = 20, 14
_EARLY = 900
_ANSWERS = (66, 18, 16)  # yes, no, nothing
_SILENCE = 2


@attrs.define(eq=False)
class Places:
    """Offers and what becomes of them.

    Args:
        acts: what else is done with an application.
        rules: the rules the queues are ordered by.
        enrolled: by programme, how many children were enrolled in the present campaign.
        offers: by application, how many offers it has had.

    """

    acts: Acts
    rules: RuleSet
    enrolled: Counter[str] = attrs.field(factory=Counter)
    offers: Counter[int] = attrs.field(factory=Counter)

    @property
    def dates(self) -> dict[str, date]:
        """The named dates of the present campaign."""
        return {"study_start": day_to_date(self.acts.study_start)}

    def round(self) -> None:
        """Publish the order of every queue, and offer what is free to the first of each."""
        calendar = self.acts.calendar
        queues = self.queues()
        calendar.record(*self._published(queues))
        calendar.second += 3_600
        calendar.record(*self._offered(queues))

    def queues(self) -> Queues:
        """Return the queues as they stand."""
        acts = self.acts
        state = acts.calendar.state()
        tables = state.tables(self.rules.vocabulary, acts.service)
        return order(tables, self.rules, day_to_date(acts.calendar.day), self.dates)

    def _published(self, queues: Queues) -> Iterator[Event]:
        """Yield the order of every queue, with its applications unless they are too many."""
        calendar, service = self.acts.calendar, self.acts.service
        for name in (*sorted(queues), GENERAL):
            applications = queues[name].applications()
            listed = applications if len(applications) <= LISTED_MOST else ()
            when = calendar.by("commission:1", "order", service, day_to_date(calendar.day), name)
            yield OrderPublished(name, tuple(listed), order_digest(name, applications), service, **when)

    def _offered(self, queues: Queues) -> Iterator[Event]:
        """Yield offers of the places that are free, none of them twice to one family."""
        calendar, programmes = self.acts.calendar, self.acts.calendar.state().programmes
        taken = self.enrolled.copy()
        taken.update(each.programme for each in calendar.standings.values() if each.status in PLACED)
        protocol = f"протокол {day_to_date(calendar.day)}"
        deadline = calendar.day + _ANSWERED_WITHIN
        offered: set[str] = set()
        for programme in sorted(queues):
            free = (programmes[programme].capacity or 0) - taken[programme]
            if free <= 0:
                continue
            first = [name for name in queues[programme] if name not in offered][:free]
            offered.update(first)
            for name in first:
                when = calendar.by("commission:1", "offered", name, calendar.day)
                yield Offered(name, programme, deadline, protocol, **when)
                self.plan_answer(row_of(name), programme, deadline)

    def plan_answer(self, row: int, programme: str, deadline: int) -> None:
        """Plan what a family answers to an offer, and that the offer lapses."""
        luck, calendar = self.acts.luck, self.acts.calendar
        self.offers[row] += 1
        calendar.plan(deadline + 1, _EARLY, self.acts.lapse, row, deadline)
        answer = (self.accept, self.decline, None)[self._answer(row)]
        if answer is not None:
            days = 1 + luck.below(f"answer/{self.offers[row] % 4}/days", row, deadline - calendar.day)
            calendar.at_home(days, answer, row, programme)

    def is_silent(self, row: int) -> bool:
        """Return whether a family will not answer the offer that it had last."""
        return self._answer(row) == _SILENCE

    def _answer(self, row: int) -> int:
        return self.acts.luck.weighted(f"answer/{self.offers[row] % 4}", row, _ANSWERS)

    def _holds(self, row: int, programme: str, status: Status) -> bool:
        standing = self.acts.calendar.standings[name_of(row)]
        return (standing.status, standing.programme) == (status, programme)

    def accept(self, row: int, programme: str) -> None:
        """Agree to a place; the garden looks at the papers."""
        acts, calendar = self.acts, self.acts.calendar
        if not self._holds(row, programme, Status.OFFERED):
            return
        deadline = calendar.day + _SIGNED_WITHIN
        acts.done(row, acts.family(row), Accepted, programme, deadline)
        calendar.plan(deadline + 1, _EARLY, acts.lapse, row, deadline)
        if acts.luck.chance("brings_papers", row, 9_200):
            calendar.in_office(1 + acts.luck.below("brings_papers/days", row, 8), self.prepare, row, programme)

    def prepare(self, row: int, programme: str) -> None:
        """Prepare the contract; nearly all of them are signed."""
        acts, calendar = self.acts, self.acts.calendar
        if not self._holds(row, programme, Status.CONSENT):
            return
        deadline = calendar.day + _SIGNED_WITHIN
        acts.done(row, acts.groups[programme].actor, ContractPrepared, programme, deadline)
        calendar.plan(deadline + 1, _EARLY, acts.lapse, row, deadline)
        answer = self.enrol if acts.luck.chance("signs", row, 9_500) else self.decline
        calendar.in_office(1 + acts.luck.below("signs/days", row, 6), answer, row, programme)

    def enrol(self, row: int, programme: str) -> None:
        """Enrol a child whose contract is signed."""
        acts = self.acts
        if self._holds(row, programme, Status.CONTRACT):
            basis = f"приказ от {day_to_date(acts.calendar.day)}"
            acts.done(row, acts.groups[programme].actor, Enrolled, programme, basis)
            self.enrolled[programme] += 1

    def decline(self, row: int, programme: str) -> None:
        """Refuse a place; some families ask for another one later, some take the application back."""
        acts = self.acts
        standing = acts.calendar.standings[name_of(row)]
        if standing.status not in PLACED or standing.programme != programme:
            return
        acts.done(row, acts.family(row), Declined, programme, "далеко от дома")
        then = (acts.restore, acts.withdraw, None)[acts.luck.weighted("declined/then", row, (50, 15, 35))]
        if then is not None:
            acts.calendar.at_home(4 + acts.luck.below("declined/days", row, 45), then, row)
