"""Hypothesis strategies: journals of what may happen in a municipality, day after day.

A few families, officers and the calendar act in turn; what the life cycle refuses is left out, so that every
history drawn is one that could have happened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TypeVar

import attrs
from hypothesis import strategies as st

from queue_engine.canonical import JournalError
from queue_engine.due import due_events
from queue_engine.events import (
    DayAdvanced,
    DocumentAdded,
    DocumentConfirmed,
    DocumentRefuted,
    EntryFactsChanged,
    EntryValue,
    Event,
    Filed,
    Lapsed,
    OfApplication,
    ProgrammeOpened,
    Reviewed,
    TerritoryActChanged,
    Wish,
    WishesChanged,
    order_digest,
)
from queue_engine.events import applications as on
from queue_engine.events import municipality as town
from queue_engine.events.statuses import PLACED, Status
from queue_engine.facts import Fact, FactType, Per, Vocabulary, day_to_date
from queue_engine.journal import Journal
from queue_engine.ordering import order
from queue_engine.queue import GENERAL
from queue_engine.replay import replay
from queue_engine.rule_documents import rules_digest
from queue_engine.rules.conditions import BIRTH_DATE
from queue_engine.rules.model import RuleSet
from queue_engine.rules.written import condition_text
from queue_engine.testing.drawing import BIRTHS, DAYS
from queue_engine.testing.strategies import conditions

T = TypeVar("T")

MUNICIPALITY = "75701000"
FIRST_DAY = DAYS[0]
_DAY = 86_400_000
_GIVEN = (
    "application.number",
    "application.submitted_at",
    "application.submitted_on",
    "application.active",
    "offer.withdrawn",
)
_CODES = ("general", "health", "care")
_SELDOM = 10
_SECONDS = tuple(day * 86_400 + 32_400 for day in DAYS)


@cache
def _index(count: int) -> st.SearchStrategy[int]:
    return st.integers(0, count - 1)


@attrs.define(eq=False)
class _Acting:
    """A journal while people act on it."""

    draw: st.DrawFn
    vocabulary: Vocabulary
    journal: Journal
    at: int
    day: int
    rules: Sequence[RuleSet] = ()
    in_force: RuleSet | None = None
    dates: Mapping[str, int] = attrs.field(factory=dict)

    def pick(self, options: Sequence[T]) -> T:
        """Draw one of several."""
        return options[self.draw(_index(len(options)))]

    def try_to(self, event: Event | None) -> None:
        """Record an event, unless it cannot follow."""
        if event is not None:
            try:
                self.journal.append(event)
            except JournalError:
                return

    def names(self, *statuses: Status) -> list[str]:
        """Return the applications in one of the statuses."""
        standings = self.journal.life.standings
        return [name for name, standing in standings.items() if not statuses or standing.status in statuses]

    def facts(self, per: Per) -> dict[str, int | str]:
        """Draw what is known of something."""
        found: dict[str, int | str] = {}
        for fact in self.vocabulary.facts.values():
            if fact.per is per and fact.name not in _GIVEN and self.pick((True, True, False)):
                found[fact.name] = self.pick(values_of(fact))
        return found

    def wishes(self) -> list[Wish]:
        """Draw up to three wishes."""
        programmes = self.journal.life.programmes
        organisations = sorted({each.organisation for each in programmes.values()})
        targets = [(name, "") for name in programmes] + [("", name) for name in organisations]
        found = []
        for _ in range(self.draw(_index(min(4, len(targets) + 1)))):
            programme, organisation = targets.pop(self.draw(_index(len(targets))))
            found.append(Wish(programme, organisation, self.facts(Per.ENTRY)))
        return found


def values_of(fact: Fact) -> Sequence[int | str]:
    """Return a few values of a fact, on the borders rules care about.

    >>> from queue_engine.facts import Title
    >>> values_of(Fact("sibling.attends", FactType.YES_NO, Title("", "")))
    (0, 1)

    """
    if fact.type is FactType.CHOICE:
        return tuple(fact.choices) or _CODES
    if fact.name == BIRTH_DATE:
        return tuple(fact.parse(text) for text in BIRTHS)
    return {
        FactType.YES_NO: (0, 1),
        FactType.DATE: DAYS,
        FactType.INSTANT: _SECONDS,
        FactType.NUMBER: (0, 1, 2, 3),
    }.get(fact.type, (20, 25, 46))


@st.composite
def histories(
    draw: st.DrawFn,
    vocabulary: Vocabulary,
    *,
    most: int = 40,
    documents: bool = False,
    rules: Sequence[RuleSet] = (),
) -> Journal:
    """Draw a journal: programmes, families that file, wish, answer and leave, officers, and days that pass.

    Args:
        draw: given by Hypothesis.
        vocabulary: whose facts and categories are known.
        most: how often somebody acts at most; some of it comes to nothing.
        documents: only filing, registering and documents, so that there are many rights that begin and end.
        rules: one of them is published at the beginning, others may be later; then each day tells who is due.

    """
    acting = _Acting(draw, vocabulary, Journal(MUNICIPALITY), FIRST_DAY * _DAY, FIRST_DAY, rules)
    acting.try_to(DayAdvanced(FIRST_DAY, at=acting.at, actor="system"))
    if rules:
        acting.try_to(_publish(acting))
    for number in range(1 + draw(_index(3))):
        acting.try_to(_programme(acting, number))
    for _ in range(draw(_index(most + 1))):
        acting.at += acting.pick((0, 1, 60_000, 3_600_000))
        act = acting.pick(_PAPERWORK if documents else _ACTS)
        if rules and not acting.draw(_index(_SELDOM)):
            act = acting.pick((_publish, _publish_orders, _publish_orders))
        acting.try_to(act(acting))
    return acting.journal


def _publish(acting: _Acting) -> Event:
    acting.in_force = acting.pick(acting.rules)
    acting.dates = {name: acting.pick(DAYS) for name in acting.vocabulary.dates}
    digest = rules_digest(acting.in_force)
    return town.RulesPublished(digest, dates=acting.dates, at=acting.at, actor="ministry")


def _programme(acting: _Acting, number: int) -> Event:
    takes = ""
    if acting.pick((False, True)):
        condition = acting.draw(conditions(acting.vocabulary, (), (Per.APPLICATION, Per.ENTRY)))
        takes = condition_text(condition, acting.vocabulary.facts)
    organisation, facts, key = acting.pick(("north", "south")), acting.facts(Per.PROGRAMME), f"open/{number}"
    return ProgrammeOpened(
        f"p{number}", organisation, f"Group {number}", 2, takes, facts, at=acting.at, actor="officer", key=key
    )


def _file(acting: _Acting) -> Filed:
    number = 1 + len(acting.names())
    submitted = acting.pick(_SECONDS)
    facts, wishes, key = acting.facts(Per.APPLICATION), acting.wishes(), f"file/{number}"
    return Filed(str(number), number, submitted, facts, wishes, at=acting.at, actor="parent", key=key)


def _file_and_register(acting: _Acting) -> Event:
    filed = _file(acting)
    acting.try_to(filed)
    return Reviewed(filed.application, "registered", at=acting.at, actor="officer:1")


def _review(acting: _Acting) -> Event | None:
    names = acting.names(Status.RECEIVED, Status.REVIEW, Status.CONFIRM_DATA)
    if not names:
        return None
    outcome = acting.pick(("taken", "confirm_data", "registered", "refused"))
    deadline = acting.day + 1 if outcome == "confirm_data" else None
    return Reviewed(acting.pick(names), outcome, "checked", deadline=deadline, at=acting.at, actor="officer:1")


def _add_document(acting: _Acting) -> Event | None:
    names = acting.names()
    if not names:
        return None
    days = (None, *DAYS)
    first, last = acting.pick(days), acting.pick(days)
    category, name = acting.pick(tuple(acting.vocabulary.categories)), acting.pick(names)
    acting.try_to(DocumentAdded(name, acting.pick(("a", "b")), category, first, last, at=acting.at, actor="parent"))
    return DocumentConfirmed(name, "a", at=acting.at, actor="officer:2")


def _judge_document(acting: _Acting) -> Event | None:
    papers = sorted(acting.journal.life.papers)
    if not papers:
        return None
    name, document = acting.pick(papers)
    if acting.pick((True, True, False)):
        return DocumentConfirmed(name, document, None, acting.pick((None, *DAYS)), at=acting.at, actor="officer:2")
    return DocumentRefuted(name, document, "not valid", at=acting.at, actor="officer:2")


def _publish_orders(acting: _Acting) -> None:
    assert acting.in_force is not None
    state = replay(acting.journal, {rules_digest(acting.in_force): acting.in_force})
    assert state.day is not None
    queues = order(state.tables(acting.vocabulary), acting.in_force, day_to_date(state.day), state.dates())
    for name in (GENERAL, *queues):
        line = tuple(queues[name])
        told = line if acting.pick((True, False)) else ()
        digest = order_digest(name, line)
        acting.try_to(town.OrderPublished(name, told, digest, at=acting.at, actor="commission"))


def _next_day(acting: _Acting) -> Event | None:
    acting.day += acting.pick((1, 1, 1, 2))
    acting.at = max(acting.at, acting.day * _DAY)
    advanced = DayAdvanced(acting.day, at=acting.at, actor="system")
    if acting.in_force is None:
        return advanced
    dates = {name: day_to_date(day) for name, day in acting.dates.items()}
    due = due_events(replay(acting.journal), day_to_date(acting.day), acting.in_force, dates)
    acting.journal.append_many([advanced, *due])
    return None


def _change_wishes(acting: _Acting) -> Event | None:
    names = acting.names()
    return WishesChanged(acting.pick(names), acting.wishes(), at=acting.at, actor="parent") if names else None


def _change_entry(acting: _Acting) -> Event | None:
    wished = [(name, target) for name, each in acting.journal.life.standings.items() for target in each.targets]
    names = [fact for fact in acting.vocabulary.facts.values() if fact.per is Per.ENTRY]
    if not wished or not names:
        return None
    (name, (programme, organisation)), fact = acting.pick(wished), acting.pick(names)
    value = acting.pick(values_of(fact))
    if isinstance(value, int) and acting.pick((True, False)):
        entry = EntryValue(name, programme, organisation, value)
        return TerritoryActChanged("act 7", fact.name, [entry], at=acting.at, actor="officer:3")
    forgotten = acting.pick(((), (fact.name,)))
    facts = {} if forgotten else {fact.name: value}
    return EntryFactsChanged(name, facts, programme, organisation, forgotten, at=acting.at, actor="officer:3")


def _correct(acting: _Acting) -> Event | None:
    names = acting.names()
    if not names:
        return None
    facts = acting.facts(Per.APPLICATION)
    return on.DataCorrected(acting.pick(names), facts, "misprint", "passport", at=acting.at, actor="officer:3")


def _offer(acting: _Acting) -> Event | None:
    names = acting.names(Status.REGISTERED)
    if not names:
        return None
    programme = acting.pick(tuple(acting.journal.life.programmes))
    return on.Offered(acting.pick(names), programme, acting.day + 1, at=acting.at, actor="commission")


def _answer(acting: _Acting) -> Event | None:
    names = acting.names(*PLACED)
    if not names:
        return None
    name, at = acting.pick(names), acting.at
    programme = acting.journal.life.standings[name].programme
    answer: Callable[[], OfApplication] = acting.pick(
        (
            lambda: on.Accepted(name, programme, at=at, actor="parent"),
            lambda: on.ContractPrepared(name, programme, acting.day + 2, at=at, actor="organisation"),
            lambda: on.Declined(name, programme, at=at, actor="epgu"),
            lambda: on.Enrolled(name, programme, "order 5", at=at, actor="organisation"),
            lambda: on.OfferWithdrawn(name, programme, "repair", "act 9", at=at, actor="commission"),
        )
    )
    return answer()


def _leave(acting: _Acting) -> Event | None:
    names = acting.names()
    if not names:
        return None
    name, at = acting.pick(names), acting.at
    leave: Callable[[], OfApplication] = acting.pick(
        (
            lambda: on.Withdrawn(name, at=at, actor="parent"),
            lambda: on.Suspended(name, "asked to", at=at, actor="officer"),
            lambda: on.Moved(name, "75752000", at=at, actor="officer"),
            lambda: on.Closed(name, "enrolled elsewhere", at=at, actor="officer"),
            lambda: on.Archived(name, "8 years old", at=at, actor="system"),
        )
    )
    return leave()


def _come_back(acting: _Acting) -> Event | None:
    aside = acting.names(Status.DECLINED, Status.UNCONFIRMED, Status.SUSPENDED, Status.INACTIVE)
    asked = acting.pick((True, True, False))
    if aside and asked:
        return on.Restored(acting.pick(aside), at=acting.at, actor="parent")
    names = acting.names()
    if not names:
        return None
    name = acting.pick(names)
    entry = acting.journal.life.standings[name].changed
    return on.Revoked(name, entry, "a mistake", "memo 3", at=acting.at, actor="officer:1")


def _lapse(acting: _Acting) -> Event | None:
    standings = acting.journal.life.standings
    late = [name for name, each in standings.items() if each.deadline is not None and each.deadline < acting.day]
    if not late:
        return None
    return Lapsed(acting.pick(late), acting.pick(("suspended", "returned")), at=acting.at, actor="system")


def _grant(acting: _Acting) -> Event | None:
    names, programme = acting.names(), acting.pick(tuple(acting.journal.life.programmes))
    if not names:
        return None
    name = acting.pick(names)
    return on.ExceptionGranted(name, programme, "decision 2-117", "court", "reserve", at=acting.at, actor="court")


def _open_or_close(acting: _Acting) -> Event:
    programme = acting.pick(tuple(acting.journal.life.programmes))
    if acting.journal.life.programmes[programme].is_open:
        if acting.pick((True, False)):
            return town.CapacitySet(programme, 1, "fewer rooms", at=acting.at, actor="officer")
        return town.ProgrammeClosed(programme, "repair", at=acting.at, actor="officer")
    organisation = acting.journal.life.programmes[programme].organisation
    return ProgrammeOpened(programme, organisation, at=acting.at, actor="officer")


_PAPERWORK = (_file_and_register, _add_document, _add_document, _add_document, _judge_document)

_ACTS: tuple[Callable[[_Acting], Event | None], ...] = (
    *[_file_and_register] * 5,
    _file,
    _review,
    *[_add_document] * 4,
    *[_judge_document] * 2,
    *[_next_day] * 3,
    _change_wishes,
    _change_entry,
    _correct,
    *[_offer] * 2,
    *[_answer] * 3,
    *[_lapse] * 2,
    _leave,
    *[_come_back] * 2,
    _grant,
    _open_or_close,
)
"""Who acts how often; what happens in most towns every day is drawn more often than what happens in few."""
