from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from queue_engine.canonical import JournalError
from queue_engine.due import due_events
from queue_engine.errors import OrderError
from queue_engine.events import (
    DayAdvanced,
    DocumentAdded,
    DocumentConfirmed,
    Due,
    Event,
    Filed,
    ProgrammeOpened,
    Reviewed,
    Wish,
)
from queue_engine.explanation import standing
from queue_engine.facts import date_to_day, day_to_date
from queue_engine.journal import Journal
from queue_engine.ordering import order
from queue_engine.queue import Queue
from queue_engine.replay import replay
from queue_engine.rules.loading import read_rules
from queue_engine.rules.model import Ground, Period, RuleSet
from queue_engine.rules.parsing import parse_condition
from queue_engine.state import State
from queue_engine.testing.histories import histories
from queue_engine.testing.strategies import DAYS, rule_sets, vocabularies

ROOT = Path(__file__).parents[2]
KINDERGARTEN = read_rules(ROOT / "rules" / "region-74" / "kindergarten.yaml")
HERE = KINDERGARTEN.vocabulary
ON = date(2026, 4, 15)
DAY = date_to_day(ON)
TOMORROW = ON + timedelta(days=1)
DATES = {"study_start": date(2026, 9, 1)}
AT: dict[str, Any] = {"at": DAY * 86_400_000, "actor": "officer"}
FACTS = {"child.birth_date": date_to_day(date(2023, 5, 1)), "child.desired_date": DAY - 20}


def state_of(*events: Event, takes: str = "") -> State:
    """Return the state of a town with applications 2 and 1 in the queue of one garden, and further events."""
    journal = Journal("75701000")
    journal.append_many([DayAdvanced(DAY, **AT), ProgrammeOpened("g", "garden", takes=takes, **AT)])
    for number in (2, 1):
        filed = Filed(str(number), number, DAY * 86_400, FACTS, [Wish("g")], **AT)
        journal.append_many([filed, Reviewed(str(number), "registered", **AT)])
    journal.append_many(events)
    return replay(journal)


def card(name: str, first: int | None = None, last: int | None = None, category: str = "large_family") -> list[Event]:
    """Return a confirmed document."""
    return [DocumentAdded(name, "card", category, first, last, **AT), DocumentConfirmed(name, "card", **AT)]


def due(state: State, day: date = TOMORROW, rules: RuleSet = KINDERGARTEN) -> list[tuple[str, tuple[str, ...]]]:
    """Return who is due and why."""
    return [(event.application, event.reasons) for event in due_events(state, day, rules, DATES)]


def with_ground(when: str, period: Period | None = None) -> RuleSet:
    """Return the rules of kindergartens with another ground of the first right."""
    condition = parse_condition(when, HERE, (), print)
    assert condition is not None
    right = KINDERGARTEN.steps["right"]
    first = right.groups[0]
    ground = Ground("drawn", first.title, condition, in_force=period or Period())
    groups = (attrs.evolve(first, grounds=(*first.grounds, ground)), *right.groups[1:])
    steps = (attrs.evolve(step, groups=groups) if step.id == "right" else step for step in KINDERGARTEN.order)
    return attrs.evolve(KINDERGARTEN, order=tuple(steps))


def test_the_day_after_the_last_day_of_a_document_its_owner_is_due() -> None:
    """A document counts on its last day, and the day after no longer: that day its owner is due."""
    state = state_of(*card("1", last=DAY))
    assert due(state) == [("1", ("document_ended",))]
    assert due(state_of(*card("1", last=DAY + 1))) == []
    assert due(state_of(*card("1", last=DAY - 1))) == []


def test_the_first_day_of_a_document_its_owner_is_due() -> None:
    """A document that was confirmed beforehand counts from its first day."""
    assert due(state_of(*card("2", first=DAY + 1))) == [("2", ("document_began",))]
    assert due(state_of(*card("2", first=DAY))) == []


def test_everybody_due_is_told_in_the_order_of_numbers() -> None:
    """One event each, the smaller number first, with keys that make a second run harmless."""
    state = state_of(*card("2", first=DAY + 1), *card("1", last=DAY))
    events = due_events(state, TOMORROW, KINDERGARTEN, DATES)
    midnight = (DAY + 1) * 86_400_000 - 5 * 3_600_000
    assert events == [
        Due("1", ["document_ended"], at=midnight, actor="system", key="due//2026-04-16/1"),
        Due("2", ["document_began"], at=midnight, actor="system", key="due//2026-04-16/2"),
    ]


def test_due_events_can_follow_in_the_journal() -> None:
    """They are appended after the day has advanced, and a second time they change nothing."""
    journal = Journal("75701000")
    journal.append_many([DayAdvanced(DAY, **AT), ProgrammeOpened("g", "garden", **AT)])
    journal.append_many([Filed("1", 1, 0, FACTS, [Wish("g")], **AT), Reviewed("1", "registered", **AT)])
    journal.append_many(card("1", last=DAY))
    events = due_events(replay(journal), TOMORROW, KINDERGARTEN, DATES)
    journal.append(DayAdvanced(DAY + 1, at=(DAY + 1) * 86_400_000 - 5 * 3_600_000, actor="system"))
    assert journal.append_many(events) == journal.append_many(events) == [len(journal)]


def test_a_document_that_changes_nothing_makes_nobody_due() -> None:
    """Who has the same right by another document keeps it; an unconfirmed one never gave it."""
    other = [DocumentAdded("1", "b", "large_family", **AT), DocumentConfirmed("1", "b", **AT)]
    assert due(state_of(*card("1", last=DAY), *other)) == []
    assert due(state_of(DocumentAdded("1", "card", "large_family", None, DAY, **AT))) == []


def test_an_age_that_is_reached_makes_due() -> None:
    """Born on 1 May 2023, the child is 36 months old on 1 May 2026."""
    rules = with_ground("age(on today) >= 36m")
    journal = state_of(DayAdvanced(DAY + 15, at=(DAY + 15) * 86_400_000, actor="system"))
    assert due(journal, date(2026, 5, 1), rules) == [("1", ("age_reached",)), ("2", ("age_reached",))]
    assert due(state_of(), rules=rules) == []


def test_a_programme_that_takes_by_age_makes_due() -> None:
    """Whom a programme takes can change with the day as well as the order can."""
    state = state_of(DayAdvanced(DAY + 15, at=(DAY + 15) * 86_400_000, actor="system"), takes="age(on today) < 36m")
    assert due(state, date(2026, 5, 1)) == [("1", ("age_reached",)), ("2", ("age_reached",))]


def test_a_date_that_is_reached_makes_due() -> None:
    """A phase that begins moves those who have what it asks for."""
    when = f"child.desired_date <= {ON} and today >= {TOMORROW}"
    assert due(state_of(), rules=with_ground(when)) == [("1", ("date_reached",)), ("2", ("date_reached",))]


def test_a_ground_that_comes_into_force_makes_those_due_who_have_it() -> None:
    """Only whose right changes is due, not everybody who stands in the queue."""
    rules = with_ground("confirmed(category.orphan)", Period(first=DAY + 1))
    state = state_of(*card("2", category="orphan"))
    assert due(state, rules=rules) == [("2", ("rules_date",))]
    assert due(state_of(), rules=rules) == []
    ends = with_ground("confirmed(category.orphan)", Period(last=DAY))
    assert due(state, rules=ends) == [("2", ("rules_date",))]


def test_two_reasons_of_one_day_are_both_told() -> None:
    """A document that begins on the day the ground comes into force counts for two reasons."""
    rules = with_ground("confirmed(category.orphan) and age(on today) >= 1m", Period(first=DAY + 1))
    state = state_of(*card("2", last=DAY), *card_b("2"))
    assert due(state, rules=rules) == [("2", ("document_ended", "rules_date"))]


def card_b(name: str) -> list[Event]:
    """Return a second confirmed document, of an orphan."""
    return [DocumentAdded(name, "b", "orphan", **AT), DocumentConfirmed(name, "b", **AT)]


def test_a_step_that_is_added_makes_nobody_due() -> None:
    """A change of the rules for everybody is told once, not at every child."""
    steps = tuple(
        attrs.evolve(step, in_force=Period(first=DAY + 1)) if step.id == "sibling" else step
        for step in KINDERGARTEN.order
    )
    assert due(state_of(), rules=attrs.evolve(KINDERGARTEN, order=steps)) == []


def test_an_earlier_day_has_to_be_known() -> None:
    """Nothing is due on a day that is not later than the day it is."""
    for state, day in ((replay(Journal("75701000")), ON), (state_of(), ON), (state_of(), ON - timedelta(days=1))):
        with pytest.raises(JournalError, match="J062"):
            due_events(state, day, KINDERGARTEN, DATES)


def test_whom_a_programme_takes_has_to_be_readable() -> None:
    """A misspelt condition of a programme is told with its programme; so is a date that nobody gives."""
    with pytest.raises(JournalError, match='J063: whom "g" takes cannot be read: unknown fact'):
        due(state_of(takes="child.brith_date > 2020-01-01"))
    with pytest.raises(OrderError, match="the rules need the date 'shift_start'"):
        due(state_of(takes="age(on shift_start) < 3y"))


def own(queue: Queue, application: str) -> list[tuple[str, str, str]]:
    """Return what an application has at each step, by the way that works on columns."""
    return [(each.step, each.group, each.value) for each in standing(queue, application).own]


def places(state: State, rules: RuleSet, on: date, dates: dict[str, date]) -> dict[str, dict[str, Any]]:
    """Return what everybody has in each queue, by the way that works on columns."""
    queues = order(state.tables(rules.vocabulary), rules, on, dates)
    found: dict[str, dict[str, Any]] = {each.id: {} for each in state.in_queue()}
    for queue in (*queues.values(), queues.general):
        for application in queue:
            found[application][queue.id] = own(queue, application)
    return found


@given(st.data())
def test_due_are_exactly_those_who_have_something_else_the_next_day(data: st.DataObject) -> None:
    """The plain definition, one applicant at a time, agrees with the columns of two days; no reason is lacking."""
    vocabulary = data.draw(vocabularies())
    rules = data.draw(rule_sets(vocabulary, moving=False))
    always = tuple(attrs.evolve(step, in_force=Period()) for step in rules.order)
    rules = attrs.evolve(rules, order=always)
    dates = {name: day_to_date(data.draw(st.sampled_from(DAYS))) for name in vocabulary.dates}
    state = replay(data.draw(histories(vocabulary, documents=True)))
    for day in DAYS[:-1]:
        state = attrs.evolve(state, day=day)
        before, after = (places(state, rules, day_to_date(each), dates) for each in (day, day + 1))
        events = due_events(state, day_to_date(day + 1), rules, dates)
        changed = [each.id for each in state.in_queue() if before[each.id] != after[each.id]]
        assert [event.application for event in events] == changed
        assert all(event.reasons for event in events)


@given(st.data())
def test_when_nobody_is_due_every_queue_stays_as_it_is(data: st.DataObject) -> None:
    """Time alone moves nobody: without a due event the order of tomorrow is that of today."""
    vocabulary = data.draw(vocabularies())
    rules = data.draw(rule_sets(vocabulary))
    rules = attrs.evolve(rules, order=tuple(attrs.evolve(step, in_force=Period()) for step in rules.order))
    dates = {name: day_to_date(data.draw(st.sampled_from(DAYS))) for name in vocabulary.dates}
    state = replay(data.draw(histories(vocabulary)))
    assert state.day is not None
    tomorrow = day_to_date(state.day + 1)
    assume(not due_events(state, tomorrow, rules, dates))
    tables = state.tables(vocabulary)
    today_queues, queues = (order(tables, rules, day, dates) for day in (day_to_date(state.day), tomorrow))
    assert {name: list(queue) for name, queue in queues.items()} == {
        name: list(queue) for name, queue in today_queues.items()
    }
    assert list(queues.general) == list(today_queues.general)
