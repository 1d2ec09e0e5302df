from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest

from queue_engine.due import due_events
from queue_engine.events import KINDS, Due, Event, Offered, OrderPublished, RulesPublished, order_digest
from queue_engine.example.filing import day
from queue_engine.example.year import START, only_papers_count, town_year
from queue_engine.example.year_places import LISTED_MOST
from queue_engine.facts import day_to_date
from queue_engine.journal import Journal, read_journal
from queue_engine.ordering import order
from queue_engine.queue import Queues
from queue_engine.replay import replay
from queue_engine.rule_documents import rules_digest
from queue_engine.rules.loading import read_rules
from queue_engine.rules.model import Ground, RuleSet
from queue_engine.rules.parsing import parse_condition

ROOT = Path(__file__).parents[3]
RULES = read_rules(ROOT / "rules" / "region-74" / "kindergarten.yaml")
SMALL: dict[str, Any] = {"applications": 80, "programmes": 8, "days": 120}
THIS_SEPTEMBER = {"study_start": day_to_date(START)}


@pytest.fixture(scope="module")
def journal() -> Journal:
    """Return a small year."""
    return town_year(RULES, **SMALL)


@pytest.fixture(scope="module")
def till_spring() -> Journal:
    """Return a year that reaches the next campaign."""
    return town_year(RULES, applications=60, programmes=6, days=200)


def entries_of(journal: Journal, kind: type[Event]) -> list[tuple[int, Any]]:
    """Return the events of a kind with the numbers of their entries."""
    return [(entry, event) for entry, event in enumerate(journal, start=1) if isinstance(event, kind)]


def queues_before(journal: Journal, entry: int, dates: dict[str, date], rules: RuleSet = RULES) -> Queues:
    """Return the queues as they stood before an entry."""
    state = replay(journal, until=entry - 1)
    assert state.day is not None
    return order(state.tables(rules.vocabulary), rules, day_to_date(state.day), dates)


def with_age_today() -> RuleSet:
    """Return the rules with a ground that children come under on a birthday."""
    condition = parse_condition("age(on today) >= 36m and age(on today) < 37m", RULES.vocabulary, (), print)
    assert condition is not None
    right = RULES.steps["right"]
    first = attrs.evolve(right.groups[0], grounds=(Ground("drawn", right.title, condition),))
    changed = attrs.evolve(right, groups=(first, *right.groups[1:]))
    return attrs.evolve(RULES, order=tuple(changed if step.id == "right" else step for step in RULES.order))


def test_equal_arguments_give_equal_bytes(journal: Journal) -> None:
    """The year is drawn from the seed alone: the last hash, which stands for every byte, is the same."""
    assert town_year(RULES, **SMALL).head == journal.head


def test_another_seed_gives_another_year(journal: Journal) -> None:
    """Not only the numbers differ: other families do other things."""
    other = town_year(RULES, seed=2, **SMALL)
    assert other.head != journal.head
    assert [event.kind for event in other] != [event.kind for event in journal]


def test_every_kind_of_event_occurs(journal: Journal) -> None:
    """Nothing that can happen is left out, even in a small town and a third of a year, but what names other files."""
    other_files = {"round_frozen", "round_published", "round_annulled", "lottery_drawn"}
    assert {event.kind for event in journal} == set(KINDS) - other_files


def test_it_is_read_back_as_it_was_made(journal: Journal, tmp_path: Path) -> None:
    """What is written is legal and whole: the reader, which checks both, finds the same journal and no problem."""
    journal.write(tmp_path / "journal.txt")
    read = read_journal(tmp_path / "journal.txt", "75701000")
    assert read.problems == ()
    assert read.events == journal.events
    assert read.head == journal.head


def test_sent_again_it_changes_nothing(journal: Journal) -> None:
    """Every event has a key, so that all of them can be sent again."""
    assert all(event.key for event in journal)
    assert journal.append_many(journal.events) == list(range(1, len(journal) + 1))


def test_published_orders_are_those_of_the_state_before(journal: Journal) -> None:
    """The orders of the first day of a month are what `order` gives for what was known then."""
    published = entries_of(journal, OrderPublished)
    assert {day_to_date(event.civil_day()).day for _, event in published} == {1}
    assert len(published) == 4 * (8 + 1) - 2  # one programme is closed for two of them
    for month in (10, 12):
        of_month = [each for each in published if day_to_date(each[1].civil_day()).month == month]
        queues = queues_before(journal, of_month[0][0], THIS_SEPTEMBER)
        assert [event.queue for _, event in of_month] == [*queues, "general"]
        for _, event in of_month:
            assert list(event.applications) == queues[event.queue].applications()


def test_an_order_too_long_to_list_is_published_by_its_digest() -> None:
    """The general queue of a larger town is known by its digest, shorter queues by their applications too."""
    journal = town_year(RULES, applications=900, programmes=8, days=30)
    published = entries_of(journal, OrderPublished)
    queues = queues_before(journal, published[0][0], THIS_SEPTEMBER)
    assert len(queues.general) > LISTED_MOST
    for _, event in published:
        expected = queues[event.queue].applications()
        assert list(event.applications) == (expected if len(expected) <= LISTED_MOST else [])
        assert event.digest == order_digest(event.queue, expected)


def test_what_was_due_is_all_that_was_due(journal: Journal) -> None:
    """For every day on which somebody was due, and some others, the events are those `due_events` gives for all."""
    recorded: dict[int, list[Due]] = {}
    for _, event in entries_of(journal, Due):
        recorded.setdefault(event.civil_day(), []).append(event)
    days = {number: entry for entry, event in entries_of(journal, KINDS["day_advanced"]) for number in [event.day]}
    assert recorded
    for number in sorted({*recorded, *range(START + 1, START + 120, 12)}):
        state = replay(journal, until=days[number] - 1)
        assert due_events(state, day_to_date(number), RULES, THIS_SEPTEMBER) == recorded.get(number, [])


def test_days_are_told_one_by_one(journal: Journal) -> None:
    """Each day follows the one before, and what it makes due stands right behind it."""
    days = [event.day for _, event in entries_of(journal, KINDS["day_advanced"])]
    assert days == list(range(START, START + 120))
    for entry, event in entries_of(journal, Due):
        before = journal.event(entry - 1)
        assert before.kind in ("day_advanced", "due")
        assert before.civil_day() == event.civil_day()


def test_places_are_offered_to_the_first_of_each_queue(journal: Journal) -> None:
    """In a round no programme passes over anybody but those who are offered another place in it."""
    offered: dict[int, dict[str, list[str]]] = {}
    for _, event in entries_of(journal, Offered):
        offered.setdefault(event.civil_day(), {}).setdefault(event.programme, []).append(event.application)
    orders = {(event.civil_day(), event.queue): event.applications for _, event in entries_of(journal, OrderPublished)}
    assert offered
    for number, programmes in offered.items():
        everybody = {name for names in programmes.values() for name in names}
        for programme, names in programmes.items():
            elsewhere = everybody - set(names)
            first = [name for name in orders[number, programme] if name not in elsewhere]
            assert first[: len(names)] == names


def test_in_spring_the_rules_are_published_for_the_next_study_year(till_spring: Journal) -> None:
    """On 1 March the same rules come with the next September, and the order of that day is by it already."""
    published = entries_of(till_spring, RulesPublished)
    assert {event.rules for _, event in published} == {rules_digest(RULES)}
    assert [dict(event.dates) for _, event in published] == [
        {"study_start": day("2025-09-01")},
        {"study_start": day("2026-09-01")},
    ]
    march = [
        (entry, event)
        for entry, event in entries_of(till_spring, OrderPublished)
        if event.civil_day() == day("2026-03-01")
    ]
    now, before = (queues_before(till_spring, march[0][0], {"study_start": date(year, 9, 1)}) for year in (2026, 2025))
    assert [list(event.applications) for _, event in march] == [now[event.queue].applications() for _, event in march]
    assert any(now[name].applications() != before[name].applications() for name in now)


def test_rules_that_look_at_the_day_are_asked_about_everybody() -> None:
    """Where an age counts on the day itself, papers are not all that can change: birthdays make due as well."""
    rules = with_age_today()
    journal = town_year(rules, applications=60, programmes=4, days=60)
    aged = [(entry, event) for entry, event in entries_of(journal, Due) if "age_reached" in event.reasons]
    assert aged
    number = aged[0][1].civil_day()
    state = replay(journal, until=aged[0][0] - 2)
    assert state.day == number - 1
    expected = due_events(state, day_to_date(number), rules, THIS_SEPTEMBER)
    assert expected == [event for _, event in entries_of(journal, Due) if event.civil_day() == number]


def test_only_papers_count_unless_a_condition_reads_the_day() -> None:
    """The rules of kindergartens read the day only through papers; a rule that reads an age on it does not."""
    on = date(2025, 11, 5)
    assert only_papers_count(RULES, on, THIS_SEPTEMBER)
    assert not only_papers_count(with_age_today(), on, THIS_SEPTEMBER)
    begins = RULES.in_force.first
    assert begins is not None
    assert not only_papers_count(RULES, day_to_date(begins), THIS_SEPTEMBER)


def test_the_service_and_the_municipality_are_those_asked_for() -> None:
    """All events are of one service of one municipality."""
    journal = town_year(RULES, applications=20, programmes=4, days=30, service="kindergarten", municipality="75752000")
    assert journal.municipality == "75752000"
    assert {event.service for event in journal if hasattr(event, "service")} == {"kindergarten"}


def test_the_days_told_are_counted() -> None:
    """Whoever waits is told after each day how far the year is."""
    told: list[tuple[int, int]] = []
    town_year(RULES, applications=20, programmes=4, days=31, progress=lambda done, days: told.append((done, days)))
    assert told == [(number, 31) for number in range(1, 32)]


@pytest.mark.parametrize("given", [{"applications": 19}, {"programmes": 3}, {"days": 29}], ids=str)
def test_a_year_that_is_too_small_is_refused(given: dict[str, Any]) -> None:
    """The message says how many there have to be."""
    with pytest.raises(ValueError, match="give at least"):
        town_year(RULES, **given)
