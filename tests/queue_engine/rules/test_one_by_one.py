"""The plain definition of what rules mean, tried by hand: the fast path is proved equal to it elsewhere."""

from __future__ import annotations

from datetime import date

import attrs
import pytest
from tests.queue_engine.small_town import NUMBER, VOCABULARY, by, ground, groups, reserve, rules, when, yes_first

from queue_engine.facts import parse_date
from queue_engine.rules.conditions import Condition, Term, with_dates
from queue_engine.rules.days import rules_on
from queue_engine.rules.model import Conventions
from queue_engine.rules.one_by_one import (
    Paper,
    Record,
    component,
    first_difference,
    holds,
    key,
    parse_record,
    rank,
    refusal,
)

ON = parse_date("2026-04-15")
DAYS = {"today": ON, "study_start": parse_date("2026-09-01")}


def _record(*papers: Paper, **facts: str) -> Record:
    """Return a record of written values; `__` stands for the dot."""
    return parse_record({name.replace("__", "."): text for name, text in facts.items()}, papers, VOCABULARY)


def _holds(text: str, record: Record, conventions: Conventions | None = None) -> bool:
    return holds(with_dates(when(text), DAYS), record, conventions or Conventions())


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ("sibling.attends", {"sibling__attends": "yes"}, True),
        ("sibling.attends", {"sibling__attends": "no"}, False),
        ("not sibling.attends", {}, True),
        ("known(sibling.attends)", {"sibling__attends": "no"}, True),
        ("known(sibling.attends)", {}, False),
        ("grade.average >= 4.5", {"grade__average": "4.5"}, True),
        ("grade.average > 4.5", {"grade__average": "4,50"}, False),
        ("grade.average != 4.5", {"grade__average": "9/2"}, False),
        ("grade.average != 4.5", {"grade__average": "4.49"}, True),
        ("grade.average in (4, 4.5)", {"grade__average": "4"}, True),
        ("grade.average in (4, 4.5)", {"grade__average": "4.1"}, False),
        ("child.orientation == 'health'", {"child__orientation": "health"}, True),
        ("child.orientation != 'health'", {"child__orientation": "general"}, True),
        ("child.orientation in ('health', 'care')", {"child__orientation": "general"}, False),
        ("child.birth_date < study_start", {"child__birth_date": "2026-08-31"}, True),
        ("study_start == 2026-09-01", {}, True),
        ("study_start < today", {}, False),
        ("sibling.attends and grade.average >= 3", {"sibling__attends": "yes", "grade__average": "3"}, True),
        ("sibling.attends and grade.average >= 3", {"sibling__attends": "yes"}, False),
        ("sibling.attends or grade.average >= 3", {"grade__average": "3"}, True),
        ("sibling.attends or grade.average >= 3", {}, False),
    ],
)
def test_a_condition_holds_as_it_reads(text: str, facts: dict[str, str], *, expected: bool) -> None:
    """Each atom and each connective, on both sides of its border."""
    assert _holds(text, _record(**facts)) is expected


@pytest.mark.parametrize("operator", ["==", "!=", "<", "<=", ">", ">="])
def test_a_comparison_with_what_is_not_known_never_holds(operator: str) -> None:
    """Not known is neither less nor more nor different, of numbers, days, choices and ages alike."""
    assert not _holds(f"grade.average {operator} 4", _record())
    assert not _holds(f"child.birth_date {operator} study_start", _record())
    if operator in ("==", "!="):
        assert not _holds(f"child.orientation {operator} 'health'", _record())
    else:
        assert not _holds(f"age(on today) {operator} 3y", _record())


@pytest.mark.parametrize(
    ("born", "operator", "expected"),
    [
        ("2020-04-14", ">=", True),
        ("2020-04-15", ">=", True),
        ("2020-04-16", ">=", False),
        ("2020-04-14", ">", True),
        ("2020-04-15", ">", False),
        ("2020-04-15", "<", False),
        ("2020-04-16", "<", True),
        ("2020-04-15", "<=", True),
        ("2020-04-14", "<=", False),
    ],
)
def test_an_age_is_reached_on_the_birthday(born: str, operator: str, *, expected: bool) -> None:
    """On 15 April 2026 a child born on 15 April 2020 has the age of six years, and not more."""
    assert _holds(f"age(on today) {operator} 6y", _record(child__birth_date=born)) is expected


def test_an_age_may_be_reached_on_the_day_after_the_birthday() -> None:
    """Where the law counts from the next day, the birthday itself is a day too early."""
    record = _record(child__birth_date="2020-04-15")
    assert not _holds("age(on today) >= 6y", record, Conventions(age_reached="day_after"))
    assert _holds("age(on 2026-04-16) >= 6y", record, Conventions(age_reached="day_after"))


def test_a_child_born_on_29_february_has_a_birthday_in_common_years() -> None:
    """It is 1 March, or 28 February, as the conventions say."""
    record = _record(child__birth_date="2024-02-29")
    assert not _holds("age(on 2025-02-28) >= 1y", record)
    assert _holds("age(on 2025-03-01) >= 1y", record)
    assert _holds("age(on 2025-02-28) >= 1y", record, Conventions(born_29_feb="feb_28"))


def test_a_document_confirms_from_its_first_day_to_its_last() -> None:
    """Both days are included; it must be confirmed, and of the category."""
    text = "confirmed(category.orphan)"
    assert _holds(text, _record(Paper("orphan", ON, ON)))
    assert not _holds(text, _record(Paper("orphan", ON + 1, ON + 9)))
    assert not _holds(text, _record(Paper("orphan", ON - 9, ON - 1)))
    assert not _holds(text, _record(Paper("orphan", ON, ON, confirmed=False)))
    assert not _holds(text, _record(Paper("large_family", ON, ON)))
    assert _holds("confirmed(category.orphan on study_start)", _record(Paper("orphan", ON, DAYS["study_start"])))


@pytest.mark.parametrize("condition", [when("age(on study_start) >= 1y"), when("study_start < today"), Term("x")])
def test_a_condition_with_a_name_left_open_is_no_condition(condition: Condition) -> None:
    """Dates and terms are written out before anything is evaluated."""
    with pytest.raises(ValueError, match="not filled in"):
        holds(condition, _record(child__birth_date="2020-01-01"), Conventions())


def test_a_key_has_one_component_a_step() -> None:
    """Groups by their number, yes before no, better values smaller, the unknown behind all."""
    right = groups("right", first=[ground("orphan")], second=[ground("large_family")])
    rule_set = rules(right, yes_first("sibling", "sibling.attends"), by("highest", "grade.average"))
    full = _record(Paper("large_family", ON, ON), sibling__attends="yes", grade__average="4.5", application__number="7")
    bare = _record(application__number="9")
    settled = rules_on(rule_set, date(2026, 4, 15))
    assert key(full, settled) == ((0, 1), (0, 0), (0, -450), (0, 7))
    assert key(bare, settled) == ((0, 2), (0, 1), (1, 0), (0, 9))
    assert first_difference(key(full, settled), key(bare, settled)) == 0
    assert first_difference(key(full, settled), key(full, settled)) == 4


def test_a_refusal_names_the_first_reason() -> None:
    """Facts that are not known come before eligibility items; "" means that nothing refuses."""
    rule_set = rules(by("earliest", "child.birth_date"), eligible=[ground("near", "distance.metres < 500")])
    assert refusal(_record(application__number="1"), rule_set) == "child.birth_date"
    known = {"application__number": "1", "child__birth_date": "2020-01-01"}
    assert refusal(_record(**known), rule_set) == "near"
    assert refusal(_record(**known, distance__metres="499"), rule_set) == ""


def test_a_queue_is_sorted_by_key_and_says_what_decides() -> None:
    """Names only label the result."""
    rule_set = rules(yes_first("sibling", "sibling.attends"), eligible=[ground("near", "not distance.metres > 500")])
    records = {
        "Аня": _record(application__number="1"),
        "Боря": _record(application__number="2", sibling__attends="yes"),
        "Вера": _record(application__number="3"),
        "Гена": _record(application__number="4", distance__metres="501"),
    }
    plain = rank(records, rule_set)
    assert plain.order == ("Боря", "Аня", "Вера")
    assert plain.decided_by == {"Аня": "sibling", "Вера": "number"}
    assert plain.refused == {"Гена": "near"}


def test_reserves_move_places_and_decide_them() -> None:
    """One place in two for siblings; a share of half for them; a reserve that moves nobody decides nothing."""
    records = {str(number): _record(application__number=str(number)) for number in (1, 2, 3)}
    records["4"] = _record(application__number="4", sibling__attends="yes")
    for kind, amount in (("one_in", 2), ("share", 50)):
        plain = rank(records, rules(reserves=[reserve(kind, amount, "sibling.attends", "siblings")]))
        assert plain.order == ("4", "1", "2", "3")
        assert plain.decided_by == {"1": "siblings", "2": "number", "3": "number"}
    plain = rank(records, rules(reserves=[reserve("share", 0, "sibling.attends")]))
    assert plain.order == ("1", "2", "3", "4")


def test_groups_without_one_for_everyone_else_leave_the_rest_behind() -> None:
    """Such rules do not load; made by hand, whoever is in no group stands behind all groups."""
    step = groups("right", first=[ground("orphan")])
    gap = attrs.evolve(step, groups=step.groups[:1])
    settled = rules_on(rules(gap), date(2026, 4, 15))
    assert component(settled.order[0], _record(), settled) == (0, 1)


def test_of_two_shares_the_first_that_parts_two_neighbours_decides() -> None:
    """When neither parts them, the first reserve is named: together they moved the place."""
    one, two = reserve("share", 50, "sibling.attends", "one"), reserve("share", 50, "grade.average >= 4", "two")
    records = {
        "1": _record(application__number="1"),
        "2": _record(application__number="2", grade__average="5"),
        "3": _record(application__number="3", sibling__attends="yes", grade__average="5"),
    }
    plain = rank(records, rules(reserves=[one, two]))
    assert plain.order == ("3", "1", "2")
    assert plain.decided_by["1"] == "one"


def test_a_number_alone_makes_an_order() -> None:
    """The last step is the smaller number."""
    assert component(NUMBER, _record(application__number="7"), rules()) == (0, 7)
    assert component(NUMBER, _record(), rules()) == (1, 0)
