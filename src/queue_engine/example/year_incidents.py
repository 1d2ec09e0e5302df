"""What happens seldom in the example year: repairs, courts, interim places, revoked mistakes, acts on territories."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

import attrs

from queue_engine.events import (
    CapacitySet,
    EntryValue,
    ExceptionGranted,
    InterimEnded,
    InterimPlaced,
    Lapsed,
    OfferWithdrawn,
    ProgrammeClosed,
    Reviewed,
    Revoked,
    Status,
    TerritoryActChanged,
    Withdrawn,
)
from queue_engine.events.statuses import PLACED
from queue_engine.example.year_families import TERRITORY, name_of, row_of
from queue_engine.example.year_places import Places
from queue_engine.facts import day_to_date

_ANSWERED_WITHIN = 14
_TEMPORARY_DAYS = 20
_ENTRIES_AN_EVENT = 2_000  # an event has at most 1 MiB
_NOON = 12 * 3_600


@attrs.define(eq=False)
class Incidents:
    """Incidents, each on a day of the year or on the first day after on which it can happen.

    Args:
        places: offers, and through them all that is done.

    """

    places: Places

    def plan(self) -> None:
        """Plan all of them."""
        calendar = self.places.acts.calendar
        planned: tuple[tuple[int, Callable[[], bool]], ...] = (
            (12, self.refuse_by_mistake),
            (16, self.withdraw_by_an_officer),
            (18, self.temporary_place),
            (19, self.short_stay_place),
            (21, self.lapse_by_mistake),
            (33, self.repair),
            (38, self.fewer_rooms),
            (45, self.court),
            (50, self.territory_act),
            (95, self.lapse_by_mistake),
            (140, self.court),
            (176, self.territory_act),
            (200, self.refuse_by_mistake),
            (216, self.repair),
            (250, self.court),
        )
        for number, (days, incident) in enumerate(planned):
            calendar.plan(calendar.day + days, _NOON + number, self.attempt, incident)
        acts = self.places.acts
        for days, act in ((24, acts.suspend), (28, acts.move), (30, acts.close)):
            calendar.plan(calendar.day + days, _NOON, self.attempt, lambda act=act: self._someone(act))

    def attempt(self, incident: Callable[[], bool]) -> None:
        """Have something happen, today or on the first day on which it can."""
        if not incident():
            calendar = self.places.acts.calendar
            calendar.plan(calendar.day + 1, _NOON, self.attempt, incident)

    def _in(self, *statuses: Status) -> Iterator[int]:
        """Yield the applications in some statuses, by their rows."""
        found = self.places.acts.calendar.standings.items()
        return (row_of(name) for name, standing in found if standing.status in statuses)

    def _someone(self, act: Callable[[int], None]) -> bool:
        """Do something with an application in the queue that is neither the first nor the last."""
        rows = list(self._in(Status.REGISTERED))
        if rows:
            act(rows[len(rows) // 2])
        return bool(rows)

    def _decision(self, row: int) -> int:
        return self.places.acts.calendar.standings[name_of(row)].changed

    def refuse_by_mistake(self) -> bool:
        """Refuse an application for another one's reason; this is found some days later."""
        acts = self.places.acts
        for row in islice(self._in(Status.REVIEW), 1):
            reason = "ребёнок не проживает в муниципалитете", "п. 9 приказа № 236"
            acts.done(row, acts.officer(row), Reviewed, "refused", *reason, key="refused")
            acts.calendar.in_office(5, self.revoke_refusal, row, self._decision(row))
            return True
        return False

    def revoke_refusal(self, row: int, decision: int) -> None:
        """Undo a refusal, and register the application."""
        acts = self.places.acts
        reason = "отказ вынесен по чужим документам", f"служебная записка по № {name_of(row)}"
        acts.done(row, "ministry:1", Revoked, decision, *reason)
        acts.done(row, acts.officer(row), Reviewed, "registered", key="registered")

    def lapse_by_mistake(self) -> bool:
        """Let an offer lapse although the consent was sent on the last day: it came through late, and counts."""
        acts = self.places.acts
        today = acts.calendar.day
        for row in self._in(Status.OFFERED):
            standing = acts.calendar.standings[name_of(row)]
            deadline = standing.deadline or today
            if deadline >= today and self.places.is_silent(row):
                acts.calendar.plan(deadline + 1, 600, self._lapse_and_revoke, row, standing.programme, deadline)
                return True
        return False

    def _lapse_and_revoke(self, row: int, programme: str, deadline: int) -> None:
        acts = self.places.acts
        standing = acts.calendar.standings[name_of(row)]
        if (standing.status, standing.deadline) != (Status.OFFERED, deadline):
            self.attempt(self.lapse_by_mistake)
            return
        acts.done(row, "system", Lapsed, "suspended", "срок истёк")
        document = f"сообщение ЕПГУ от {day_to_date(deadline)}"
        acts.done(row, acts.officer(row), Revoked, self._decision(row), "согласие отправлено в срок", document)
        self.places.accept(row, programme)

    def withdraw_by_an_officer(self) -> bool:
        """Take back an application filed twice, at the family's written request."""
        acts = self.places.acts
        return self._someone(
            lambda row: acts.done(row, acts.officer(row), Withdrawn, "заявление подано дважды", "письмо родителя")
        )

    def temporary_place(self) -> bool:
        """Give a place for some days, as where a garden nearby has a child away for a cure."""
        return self._interim("temporary", self.places.acts.calendar.day + _TEMPORARY_DAYS)

    def short_stay_place(self) -> bool:
        """Give a place in a short-stay group, with no last day."""
        return self._interim("short_stay", None)

    def _interim(self, seat: str, until: int | None) -> bool:
        """Give an interim place to the first family behind the middle that has none and names an open programme."""
        acts = self.places.acts
        calendar, opened = acts.calendar, acts.open_groups()
        rows = list(self._in(Status.REGISTERED))
        for row in rows[len(rows) // 2 :]:
            standing = calendar.standings[name_of(row)]
            programme = next((name for name, _ in standing.targets if opened.get(name)), "")
            if programme and standing.interim is None:
                acts.done(row, "commission:1", InterimPlaced, programme, seat, until)
                if until is not None:
                    calendar.plan(until + 1, 600, self._end_interim, row)
                return True
        return False

    def _end_interim(self, row: int) -> None:
        """End an interim place whose last day is over, unless it ended with the application."""
        interim = self.places.acts.calendar.standings[name_of(row)].interim
        if interim is not None:
            self.places.acts.done(row, "system", InterimEnded, interim.programme, "срок истёк")

    def repair(self) -> bool:
        """Close a programme for repair: offers are withdrawn, and it opens again two months later."""
        acts = self.places.acts
        calendar = acts.calendar
        held: dict[str, list[int]] = {}
        for row in self._in(*PLACED):
            held.setdefault(calendar.standings[name_of(row)].programme, []).append(row)
        if not held:
            return False
        programme = max(sorted(held), key=lambda name: len(held[name]))
        for row in held[programme]:
            acts.done(row, "commission:1", OfferWithdrawn, programme, "ремонт здания", "акт обследования здания")
        when = calendar.by("officer:1", "closed", programme, calendar.day)
        calendar.record(ProgrammeClosed(programme, "ремонт здания", "акт обследования здания", **when))
        capacity = calendar.state().programmes[programme].capacity or 0
        calendar.in_office(60, self.reopen, programme, capacity)
        return True

    def reopen(self, programme: str, capacity: int) -> None:
        """Open a programme again."""
        acts = self.places.acts
        when = acts.calendar.by("officer:1", "opened", programme, acts.calendar.day)
        acts.calendar.record(acts.groups[programme].opened(capacity, acts.service, when))

    def fewer_rooms(self) -> bool:
        """Declare one place fewer in the first programme that is open."""
        acts = self.places.acts
        programme = next(name for name, is_open in acts.open_groups().items() if is_open)
        capacity = acts.calendar.state().programmes[programme].capacity or 0
        when = acts.calendar.by("officer:2", "capacity", programme, acts.calendar.day)
        acts.calendar.record(CapacitySet(programme, max(capacity - 1, 0), "в группе меньше спален", "приказ", **when))
        return True

    def court(self) -> bool:
        """Give a place by a court's decision to a family in the middle of a queue."""
        acts = self.places.acts
        queues = self.places.queues()
        longest = max(sorted(queues), key=lambda name: len(queues[name]))
        if not len(queues[longest]):
            return False
        row = row_of(queues[longest].at((len(queues[longest]) + 1) // 2))
        deadline = acts.calendar.day + _ANSWERED_WITHIN
        document = f"решение суда по № {name_of(row)}"
        parts = longest, document, "ч. 3 ст. 67 273-ФЗ", "место сверх объявленных", deadline
        acts.done(row, "court:1", ExceptionGranted, *parts)
        self.places.plan_answer(row, longest, deadline)
        return True

    def territory_act(self) -> bool:
        """Assign streets to other gardens: for one garden in four, who belongs to it is said anew."""
        acts = self.places.acts
        calendar = acts.calendar
        gardens = {group.garden for group in acts.groups.values() if group.number % 4 == 1}
        entries = []
        for name, standing in calendar.standings.items():
            if standing.status is not Status.REGISTERED:
                continue
            for programme, garden in standing.targets:
                if (garden or acts.groups[programme].garden) in gardens:
                    belongs = acts.luck.chance(f"territory/{calendar.day}", row_of(name), 4_500)
                    entries.append(EntryValue(name, programme, garden, int(belongs)))
        act = f"постановление о территориях от {day_to_date(calendar.day)}"
        for start in range(0, max(len(entries), 1), _ENTRIES_AN_EVENT):
            when = calendar.by("officer:1", "territory", calendar.day, start)
            part = entries[start : start + _ENTRIES_AN_EVENT]
            calendar.record(TerritoryActChanged(act, TERRITORY, part, **when))
        return True
