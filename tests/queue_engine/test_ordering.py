"""Every kind of step orders as it says, every queue at once, and what cannot be ordered is refused with a remedy."""

from __future__ import annotations

from datetime import date

import attrs
import pytest
from tests.queue_engine.small_town import (
    DAY,
    VOCABULARY,
    by,
    ground,
    groups,
    papers,
    places,
    queues,
    reserve,
    rules,
    town,
    yes_first,
)

from queue_engine import OrderError, RuleError, build_tables, order
from queue_engine.facts import parse_date
from queue_engine.rules.model import Period


def test_a_group_stands_before_the_groups_below_it() -> None:
    """The first group one has a ground for counts, wherever the other grounds are."""
    step = groups("right", first=[ground("orphan")], second=[ground("large_family"), ground("police_child")])
    papers_of = papers("2 police_child", "3 orphan", "3 police_child", "4 large_family")
    assert places(town(4, papers_of), rules(step)) == "3241"


def test_yes_stands_before_no() -> None:
    """A `yes_first` step puts those for whom its condition holds ahead."""
    wishes = {"application": ["1", "2"], "programme": ["p", "p"], "sibling.attends": ["", "yes"]}
    assert places(town(2, entries=wishes), rules(yes_first("sibling", "sibling.attends"))) == "21"


@pytest.mark.parametrize(
    ("kind", "fact", "cells", "expected"),
    [
        ("highest", "grade__average", ["4.10", "5", "", "4,5"], "2413"),
        ("lowest", "grade__average", ["4.10", "5", "", "4.5"], "1423"),
        ("highest", "grade__average", ["14/3", "4.67", "4.66", "14/3"], "2134"),
        ("earliest", "application__submitted_at", ["2026-01-02", "2026-01-01 23:59:59", "", "2026-01-01"], "4213"),
        ("earliest", "child__birth_date", ["2020-02-29", "2020-03-01", "2020-02-28", "2020-02-29"], "3142"),
    ],
)
def test_numbers_and_times_order_exactly_and_the_unknown_comes_last(
    kind: str, fact: str, cells: list[str], expected: str
) -> None:
    """Averages as fractions, times to the second; equal values leave it to the next step."""
    assert places(town(4, **{fact: cells}), rules(by(kind, fact.replace("__", ".")))) == expected


def test_each_step_decides_only_what_those_before_it_left_equal() -> None:
    """A better value at a later step does not outweigh a worse one before."""
    wishes = {
        "application": ["1", "2", "3"],
        "programme": ["p", "p", "p"],
        "sibling.attends": ["yes", "yes", ""],
        "distance.metres": ["900", "800", "10"],
    }
    steps = (yes_first("sibling", "sibling.attends"), by("lowest", "distance.metres"))
    queue = queues(town(3, entries=wishes), rules(*steps))["p"]
    assert ("".join(queue), queue.decided_by()) == ("213", ["", "lowest", "sibling"])


def test_a_document_counts_to_its_last_day_and_not_after() -> None:
    """The last day is included; a document that is not confirmed does not count."""
    step = groups("right", first=[ground("orphan")])
    assert places(town(2, papers("2 orphan", to="2026-04-15")), rules(step)) == "21"
    assert places(town(2, papers("2 orphan", to="2026-04-14")), rules(step)) == "12"
    assert places(town(2, papers("2 orphan", confirmed=False)), rules(step)) == "12"


def test_facts_of_entries_and_programmes_differ_from_queue_to_queue() -> None:
    """A sibling counts where it attends, boarding where the programme has it, and neither in the general queue."""
    wishes = {
        "application": ["1", "1", "2", "2"],
        "programme": ["a", "b", "a", "b"],
        "sibling.attends": ["", "", "yes", ""],
    }
    offered = {"programme": ["a", "b"], "programme.boarding": ["no", "yes"]}
    rule_set = rules(yes_first("sibling", "sibling.attends"), by("lowest", "distance.metres"))
    found = queues(town(2, entries=wishes, programmes=offered), rule_set)
    assert {name: "".join(queue) for name, queue in found.items()} == {"a": "21", "b": "12"}
    assert "".join(found.general) == "12"
    boarding = rules(eligible=[ground("boarding", "programme.boarding")])
    strict = queues(town(2, entries=wishes, programmes=offered), boarding)
    assert {name: "".join(queue) for name, queue in strict.items()} == {"a": "", "b": "12"}
    assert "".join(strict.general) == "12"


def test_an_application_that_is_not_eligible_is_in_no_queue() -> None:
    """An eligibility item that fails keeps it out, and is the reason that is told."""
    rule_set = rules(eligible=[ground("age", "age(on study_start) >= 6y6m")])
    tables = town(3, child__birth_date=["2020-03-01", "2020-03-02", ""])
    found = queues(tables, rule_set)
    assert "".join(found["p"]) == "1"
    assert [(each.application, each.queue, each.reasons) for each in found.not_in_queue()] == [
        ("2", "p", ("age",)),
        ("3", "p", ("child.birth_date", "age")),
        ("2", "general", ("age",)),
        ("3", "general", ("child.birth_date", "age")),
    ]


def test_no_applications_give_empty_queues() -> None:
    """Programmes without wishes, and a town without applications, are no errors."""
    rule_set = rules(groups("right", first=[ground("orphan")]), by("highest", "grade.average"))
    tables = build_tables(VOCABULARY, {"application": [], "programme": []}, None, None, {"programme": ["p"]})
    found = queues(tables, rule_set)
    assert (list(found), len(found["p"]), found["p"].decided_by(), len(found.general)) == (["p"], 0, [], 0)


def test_nobody_eligible_gives_empty_queues() -> None:
    """When everybody is refused the queue is there, and empty."""
    found = queues(town(2), rules(eligible=[ground("orphan")], reserves=[reserve("one_in", 2, "sibling.attends")]))
    assert (len(found["p"]), found["p"].decided_by()) == (0, [])


def test_a_number_far_outside_the_range_compares_as_any_other() -> None:
    """A constant larger than the column's type holds or does not, and overflows nothing."""
    tables = town(2, grade__average=["4.5", "3"])
    huge = yes_first(
        "huge", "grade.average < 99999999999999999999999 and not grade.average in (99999999999999999999999)"
    )
    assert queues(tables, rules(huge))["p"].decided_by() == ["", "number"]


def test_a_needed_column_that_no_table_has_is_asked_for() -> None:
    """Without the column nobody could be ranked: that is an error of the tables, not of each applicant."""
    rule_set = rules(by("earliest", "child.birth_date"))
    with pytest.raises(OrderError) as raised:
        queues(town(2), rule_set)
    (problem,) = raised.value.problems
    assert str(problem) == (
        "tables: error T070: the rules of 'small' need a column child.birth_date (date of birth); no table has it; "
        "add the column child.birth_date"
    )


def test_a_date_that_nobody_gives_is_asked_for() -> None:
    """A named date is an argument: without it nothing is guessed."""
    rule_set = rules(yes_first("old", "age(on study_start) >= 7y"))
    tables = town(1, child__birth_date=["2020-01-01"])
    with pytest.raises(OrderError, match="the rules need the date 'study_start'"):
        order(tables, rule_set, DAY)
    with pytest.raises(OrderError, match="unknown date 'study_strt'"):
        order(tables, rule_set, DAY, {"study_strt": DAY})


def test_rules_are_asked_for_on_a_day_they_are_in_force() -> None:
    """The last day in force is included; the day after gives an error with the days on which they are."""
    rule_set = attrs.evolve(rules(), in_force=Period(parse_date("2026-01-01"), parse_date("2026-04-15")))
    assert order(town(1), rule_set, DAY)["p"].applications() == ["1"]
    with pytest.raises(RuleError, match="it is in force from 2026-01-01 to 2026-04-15"):
        order(town(1), rule_set, date(2026, 4, 16))


def test_two_rankings_of_the_same_tables_share_nothing_that_changes() -> None:
    """Ordering is a function: the second call gives the same queues as the first."""
    tables = town(3, papers("2 orphan"))
    rule_set = rules(groups("right", first=[ground("orphan")]))
    first, second = queues(tables, rule_set), queues(tables, rule_set)
    assert list(first["p"]) == list(second["p"]) == ["2", "1", "3"]
