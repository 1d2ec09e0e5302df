"""What families and officers do with one application of the example year, step by step, places aside."""

from __future__ import annotations

from typing import Any

import attrs

from queue_engine.events import (
    ACTIVE,
    Archived,
    Closed,
    DataCorrected,
    DocumentAdded,
    DocumentConfirmed,
    DocumentRefuted,
    EntryFactsChanged,
    Facts,
    Filed,
    Lapsed,
    Moved,
    Restored,
    Reviewed,
    Status,
    Suspended,
    WishesChanged,
    Withdrawn,
)
from queue_engine.events.statuses import PLACED
from queue_engine.example.filing import DAY_SECONDS
from queue_engine.example.papers import Paper
from queue_engine.example.year_calendar import Act, Calendar, Luck
from queue_engine.example.year_families import SIBLING, SIBLING_LAST, Families, Group, name_of

_SHOWN_WITHIN = 30
_LATE_FOR_IMPORT = 14
_EIGHT_YEARS = 2_922
_EARLY = 900
_FAMILY = ("epgu", "parent", "mfc")
_ASIDE = (Status.DECLINED, Status.UNCONFIRMED, Status.SUSPENDED, Status.INACTIVE)


@attrs.define(eq=False)
class Acts:
    """Acts on single applications; each comes to nothing where the application is past it, and plans what follows.

    Args:
        calendar: where they are recorded and planned.
        families: who they are.
        groups: the programmes by id.
        service: of which service.
        start: the first day of the year.
        study_start: the day whose age counts at present.

    """

    calendar: Calendar
    families: Families
    groups: dict[str, Group]
    service: str
    start: int
    study_start: int
    _turns: dict[int, int] = attrs.field(factory=dict, init=False)

    @property
    def luck(self) -> Luck:
        """Draws what is not certain."""
        return self.families.luck

    def done(self, row: int, actor: str, made: type[Any], *parts: object, key: object = None) -> None:
        """Record an event of an application; one of a kind a day, unless the key says which of them it is."""
        name, day = name_of(row), self.calendar.day
        when = self.calendar.by(actor, made.kind, name, day if key is None else key)
        self.calendar.record(made(name, *parts, **when))

    def stands(self, row: int, *statuses: Status) -> bool:
        """Return whether an application is in one of some statuses."""
        return self.calendar.status(name_of(row)) in statuses

    def family(self, row: int) -> str:
        """Return how a family reaches the municipality."""
        return _FAMILY[self.luck.weighted("channel", row, (60, 25, 15))]

    def officer(self, row: int) -> str:
        """Return the officer in charge of an application."""
        return f"officer:{1 + row % 9}"

    def open_groups(self) -> dict[str, bool]:
        """Return whether each programme is open."""
        return {name: each.is_open for name, each in self.calendar.journal.life.programmes.items()}

    def import_all(self) -> None:
        """Take over those who applied before the year: registered long ago, or a few days before."""
        for row in range(self.families.stock):
            self.file(row, "operator:1")

    def file(self, row: int, importer: str = "") -> None:
        """File an application, with the papers that are at hand, and plan all that the family will do."""
        calendar, luck, name, filed = self.calendar, self.luck, name_of(row), self.families.filed[row]
        wishes = self.families.wishes(row, self.study_start, self.open_groups())
        facts = self.families.facts(row, self.start)
        when = calendar.by(importer or self.family(row), "filed", name)
        when["legal_day"] = filed // DAY_SECONDS if importer else None
        calendar.record(Filed(name, int(name), filed, facts, wishes, self.service, **when))
        if importer and filed < (self.start - _LATE_FOR_IMPORT) * DAY_SECONDS:
            for outcome in ("taken", "registered"):
                self.done(row, importer, Reviewed, outcome, key=f"imported-{outcome}")
        else:
            calendar.in_office(1 + luck.below("review/taken", row, 3), self.take, row)
        for paper in self.families.papers.get(row, ()):
            if importer or luck.chance(f"{paper.category}/at_once", row, 7_000):
                self.hand_in(row, paper, 1, importer)
            else:
                calendar.at_home(5 + luck.below(f"{paper.category}/later", row, 60), self.hand_in, row, paper, 1)
        self._plan_life(row)

    def _plan_life(self, row: int) -> None:
        """Plan what may happen to an application at any time, and comes to nothing where it cannot."""
        acts: tuple[tuple[str, int, Act, int], ...] = (
            ("wishes", 4_800, self.change_wishes, 200),
            ("wishes_again", 2_200, self.change_wishes, 300),
            ("corrected", 2_200, self.correct, 250),
            ("corrected_again", 900, self.correct, 300),
            ("sibling_comes", 1_600, self.sibling_comes, 280),
            ("suspended", 250, self.suspend, 250),
            ("withdrawn", 500, self.withdraw, 330),
            ("moved", 200, self.move, 330),
            ("closed", 200, self.close, 330),
        )
        for field, often, act, most in acts:
            if self.luck.chance(f"{field}/at_all", row, often):
                self.calendar.in_office(6 + self.luck.below(f"{field}/day", row, most), act, row)
        eighth = self.families.birth[row] + _EIGHT_YEARS
        if self.calendar.day < eighth:
            self.calendar.plan(eighth, _EARLY, self.archive, row)

    def take(self, row: int) -> None:
        """Take an application for review."""
        if self.stands(row, Status.RECEIVED):
            self.done(row, self.officer(row), Reviewed, "taken")
            self.calendar.in_office(1 + self.luck.below("review/days", row, 4), self.decide, row)

    def decide(self, row: int) -> None:
        """Register an application, ask for papers, or refuse it."""
        if not self.stands(row, Status.REVIEW):
            return
        outcome = ("registered", "confirm_data", "refused")[self.luck.weighted("review", row, (57, 39, 4))]
        if outcome == "confirm_data":
            self.ask_for_papers(row)
        else:
            reasons = ("заявление на этого ребёнка уже подано", "п. 9 приказа № 236") if outcome == "refused" else ()
            self.done(row, self.officer(row), Reviewed, outcome, *reasons)

    def ask_for_papers(self, row: int) -> None:
        """Ask for papers, which most families show in time."""
        deadline = self.calendar.day + _SHOWN_WITHIN
        reason = "нужен оригинал свидетельства о рождении", "п. 9 приказа № 236"
        self.done(row, self.officer(row), Reviewed, "confirm_data", *reason, deadline, key="confirm_data")
        self.calendar.plan(deadline + 1, _EARLY, self.lapse, row, deadline)
        if self.luck.chance("shows_papers", row, 8_800):
            self.calendar.in_office(1 + self.luck.below("shows_papers/days", row, 26), self.register, row)

    def register(self, row: int) -> None:
        """Register an application whose papers were shown."""
        if self.stands(row, Status.CONFIRM_DATA):
            self.done(row, self.officer(row), Reviewed, "registered")

    def hand_in(self, row: int, paper: Paper, turn: int, importer: str = "") -> None:
        """Hand in a document; it is judged within days."""
        if not self.stands(row, *ACTIVE):
            return
        luck, today, field = self.luck, self.calendar.day, f"{paper.category}/{turn % 3}"
        first = today - luck.below(f"{field}/first", row, 600 if turn % 3 == 1 else 15)
        if not paper.lasting and luck.chance(f"{field}/future", row, 1_200):
            first = today + luck.between(f"{field}/begins", row, 12, 60)
        ends = luck.weighted(f"{field}/ends", row, (55, 20, 25))
        soon, late = luck.between(f"{field}/soon", row, 20, 340), luck.between(f"{field}/late", row, 350, 1_500)
        last = None if paper.lasting else (max(first, today) + soon, today + late, None)[ends]
        document = f"{paper.category}-{turn}"
        parts = document, paper.category, first, last, "справка"
        self.done(row, importer or self.family(row), DocumentAdded, *parts, key=document)
        if importer:
            self.judge(row, paper, turn, last)
        else:
            self.calendar.in_office(2 + luck.below(f"{field}/judged", row, 8), self.judge, row, paper, turn, last)

    def judge(self, row: int, paper: Paper, turn: int, last: int | None) -> None:
        """Confirm a document, with the last day the officer saw where it differs; or refute it; or leave it waiting."""
        calendar, luck = self.calendar, self.luck
        field, document = f"{paper.category}/{turn % 3}", f"{paper.category}-{turn}"
        found = ("true", "other_days", "wrong", "nothing")[luck.weighted(f"{field}/judgement", row, (78, 9, 7, 6))]
        if found == "nothing" or not self.stands(row, *ACTIVE):
            return
        if found == "wrong":
            self.refute(row, document, "ведомство не подтвердило справку")
            return
        seen = last - 10 if found == "other_days" and last is not None else None
        self.done(row, self.officer(row), DocumentConfirmed, document, None, seen, "ответ ведомства", key=document)
        if luck.chance(f"{field}/void", row, 400):
            days = 30 + luck.below(f"{field}/void/day", row, 60)
            calendar.in_office(days, self.refute, row, document, "основание прекратилось")
        if last is not None and luck.chance(f"{field}/renewed", row, 6_500):
            days = (seen or last) - calendar.day + luck.below(f"{field}/renewed/day", row, 25) - 4
            calendar.at_home(max(days, 1), self.hand_in, row, paper, turn + 1)

    def refute(self, row: int, document: str, reason: str) -> None:
        """Refute a document."""
        if self.stands(row, *ACTIVE):
            self.done(row, self.officer(row), DocumentRefuted, document, reason, key=document)

    def change_wishes(self, row: int) -> None:
        """Wish for other gardens, or for the groups of another age."""
        if self.stands(row, *ACTIVE - PLACED):
            turn = self._turns[row] = self._turns.get(row, 0) + 1
            wishes = self.families.wishes(row, self.study_start, self.open_groups(), turn)
            self.done(row, self.family(row), WishesChanged, wishes, key=turn)

    def correct(self, row: int) -> None:
        """Correct what is known of an application: a misprint, another wished date, a family that moved."""
        if not self.stands(row, *ACTIVE):
            return
        misprint = self.families.birth[row] + self.luck.between("correction/days", row, -20, 20)
        facts, reason, *forgotten = (
            ({"child.birth_date": misprint}, "опечатка в дате рождения"),
            ({"child.desired_date": self.study_start}, "изменена желаемая дата"),
            ({"address.lives_here": self.luck.below("correction/address", row, 2)}, "изменился адрес"),
            ({}, "место нужно сразу", "child.desired_date"),
        )[self.luck.weighted("correction", row, (30, 30, 25, 15))]
        document = f"заявление о правке по № {name_of(row)}"
        self.done(row, self.officer(row), DataCorrected, facts, reason, document, forgotten)

    def sibling_comes(self, row: int) -> None:
        """Record that a brother or sister of the child came to a garden that is wished for; some leave again."""
        self._at_wish(row, self.families.sibling(row, self.study_start - 1), (), "зачислен брат или сестра")
        if self.luck.chance("sibling_leaves", row, 5_000):
            self.calendar.in_office(20 + self.luck.below("sibling_leaves/day", row, 90), self.sibling_leaves, row)

    def sibling_leaves(self, row: int) -> None:
        """Record that the brother or sister left."""
        self._at_wish(row, {SIBLING: 0}, (SIBLING_LAST,), "брат или сестра выбыли")

    def _at_wish(self, row: int, facts: Facts, forgotten: tuple[str, ...], reason: str) -> None:
        targets = self.calendar.standings[name_of(row)].targets
        if self.stands(row, *ACTIVE) and targets:
            programme, garden = targets[0]
            there = next(each for each in self.groups.values() if programme == each.id or garden == each.garden)
            self.done(row, there.actor, EntryFactsChanged, facts, programme, garden, forgotten, reason)

    def suspend(self, row: int) -> None:
        """Set an application aside at the family's request."""
        if self.stands(row, Status.REGISTERED):
            self.done(row, self.officer(row), Suspended, "семья временно уехала", "заявление родителя")
            self.calendar.at_home(30 + self.luck.below("suspended/days", row, 60), self.restore, row)

    def withdraw(self, row: int) -> None:
        """Take an application back."""
        if self.stands(row, *ACTIVE):
            self.done(row, self.family(row), Withdrawn)

    def move(self, row: int) -> None:
        """Hand an application over to another municipality."""
        if self.stands(row, *ACTIVE):
            self.done(row, self.officer(row), Moved, "75752000", "переезд семьи")

    def close(self, row: int) -> None:
        """Close an application whose child is in a garden elsewhere."""
        if self.stands(row, *ACTIVE):
            self.done(row, self.officer(row), Closed, "ребёнок зачислен в другой детский сад", "сверка контингента")

    def archive(self, row: int) -> None:
        """Archive the application of a child who is eight."""
        if self.stands(row, *ACTIVE):
            self.done(row, "system", Archived, "ребёнку исполнилось 8 лет")

    def restore(self, row: int) -> None:
        """Have an application that was set aside in the queue again; papers that are missing are shown this time."""
        if self.stands(row, *_ASIDE):
            self.done(row, self.family(row), Restored, "по просьбе семьи")
            self.calendar.in_office(2, self.register, row)

    def lapse(self, row: int, deadline: int) -> None:
        """Set an application aside when nobody answered until the deadline; half of the families ask for it again."""
        standing = self.calendar.standings[name_of(row)]
        if standing.deadline == deadline and standing.status in PLACED | {Status.CONFIRM_DATA}:
            self.done(row, "system", Lapsed, "suspended", "срок истёк")
            if self.luck.chance("comes_back", row, 5_500):
                self.calendar.at_home(3 + self.luck.below("comes_back/days", row, 50), self.restore, row)
