"""Whole columns at once: what is evaluated where, what codes come out, and who is refused."""

from __future__ import annotations

import pytest
from tests.queue_engine.small_town import DAY, ON, by, ground, groups, papers, rules, town, when, yes_first

from queue_engine import Tables, derive_entries, rules_on
from queue_engine.rules.compile import Component, Frame, Masks, components, refusals
from queue_engine.rules.conditions import ALWAYS, NEVER, Condition, with_dates
from queue_engine.rules.model import Conventions, RuleSet, Step

WISHES = {
    "application": ["1", "1", "2"],
    "programme": ["a", "b", "a"],
    "sibling.attends": ["yes", "", "no"],
    "distance.metres": ["500", "", "100"],
}
OFFERED = {"programme": ["a", "b"], "programme.boarding": ["", "yes"]}


def _town() -> Tables:
    return town(2, papers("2 orphan"), entries=WISHES, programmes=OFFERED, child__orientation=["health", ""])


def _entries(tables: Tables) -> Masks:
    return Masks(derive_entries(tables, rules(), DAY).frame(tables), Conventions())


def _condition(text: str) -> Condition:
    return with_dates(when(text), {"today": ON})


@pytest.mark.parametrize(
    ("text", "entries", "applications"),
    [
        ("confirmed(category.orphan)", [0, 0, 1], [0, 1]),
        ("sibling.attends", [1, 0, 0], [0, 0]),
        ("not sibling.attends", [0, 1, 1], [1, 1]),
        ("known(sibling.attends)", [1, 0, 1], [0, 0]),
        ("distance.metres <= 500", [1, 0, 1], [0, 0]),
        ("distance.metres != 500", [0, 0, 1], [0, 0]),
        ("distance.metres in (100, 300)", [0, 0, 1], [0, 0]),
        ("programme.boarding", [0, 1, 0], [0, 0]),
        ("child.orientation == 'health'", [1, 1, 0], [1, 0]),
        ("child.orientation == 'care'", [0, 0, 0], [0, 0]),
        ("child.orientation != 'care'", [1, 1, 0], [1, 0]),
        ("child.orientation in ('care', 'health')", [1, 1, 0], [1, 0]),
        ("child.orientation in ('care')", [0, 0, 0], [0, 0]),
        ("grade.average >= 2", [0, 0, 0], [0, 0]),
        ("not known(grade.average)", [1, 1, 1], [1, 1]),
        ("confirmed(category.orphan) or sibling.attends or programme.boarding", [1, 1, 1], [0, 1]),
        ("not confirmed(category.orphan) and known(child.orientation) and not sibling.attends", [0, 1, 0], [1, 0]),
    ],
)
def test_a_mask_says_of_each_row_whether_the_condition_holds(
    text: str, entries: list[int], applications: list[int]
) -> None:
    """On entries every fact is known; on applications alone nothing that is tied to an organisation is."""
    tables = _town()
    assert _entries(tables).mask(_condition(text)).astype(int).tolist() == entries
    assert Masks(Frame(tables), Conventions()).mask(_condition(text)).astype(int).tolist() == applications


def test_joining_nothing_holds_always_or_never() -> None:
    """An empty "and" holds everywhere, an empty "or" nowhere."""
    masks = _entries(_town())
    assert masks.mask(ALWAYS).tolist() == [True] * 3
    assert masks.mask(NEVER).tolist() == [False] * 3


def test_what_is_of_the_application_alone_is_told() -> None:
    """Only such conditions can be evaluated once an application."""
    masks = _entries(_town())
    assert masks.of_application_only(_condition("confirmed(category.orphan) and age(on today) >= 1y"))
    assert not masks.of_application_only(_condition("known(sibling.attends)"))
    assert not masks.of_application_only(_condition("programme.boarding"))


def test_a_column_is_spread_over_the_rows() -> None:
    """A fact of the application repeats on each of its entries; one that no table has has no column."""
    column = _entries(_town()).column("child.orientation")
    assert column is not None
    assert column.known is not None
    assert (column.known.tolist(), column.labels) == ([True, True, False], ("health",))
    assert _entries(_town()).column("grade.average") is None


def _codes(rule_set: RuleSet, tables: Tables) -> list[tuple[list[int], int]]:
    found: tuple[Component, ...] = components(rule_set, _entries(tables))
    return [(component.codes.tolist(), component.most) for component in found]


def _settled(*steps: Step) -> RuleSet:

    return rules_on(rules(*steps), DAY)


def test_each_step_gives_small_codes_the_first_zero() -> None:
    """Groups count from 0, yes is 0, numbers are distances from the best, the unknown one more than all."""
    right = groups("right", first=[ground("orphan")], second=[ground("near", "distance.metres < 900")])
    steps = (
        right,
        yes_first("sibling", "sibling.attends"),
        by("highest", "distance.metres"),
        by("lowest", "distance.metres"),
    )
    assert _codes(_settled(*steps), _town()) == [
        ([1, 2, 0], 2),
        ([0, 1, 1], 1),
        ([0, 401, 400], 401),
        ([400, 401, 0], 401),
        ([0, 0, 1], 1),
    ]


def test_a_fact_nobody_has_makes_everybody_equal() -> None:
    """Neither a missing column nor one without a value decides anything."""
    codes = _codes(_settled(by("highest", "grade.average")), _town())
    assert codes[0] == ([0, 0, 0], 0)
    tables = town(2, entries=WISHES, grade__average=["", ""])
    assert len(set(_codes(_settled(by("highest", "grade.average")), tables)[0][0])) == 1


def test_the_first_ground_that_holds_is_kept_for_explanations() -> None:
    """Grounds are numbered through the groups of the step; -1 says that none holds."""
    right = groups("right", first=[ground("orphan")], second=[ground("near", "distance.metres < 900")])
    step = _settled(right).order[0]
    masks = _entries(_town())
    assert masks.first_grounds(step).tolist() == [1, -1, 0]
    assert masks.first_grounds(step) is masks.first_grounds(step)


def test_refusals_come_in_the_order_they_are_told() -> None:
    """Facts that must be known come first, by name; what is tied to an organisation refuses nobody without one."""
    rule_set = rules(
        by("earliest", "child.birth_date"), eligible=[ground("near", "distance.metres < 300"), ground("orphan")]
    )

    settled = rules_on(rule_set, DAY)
    tables = town(2, papers("2 orphan"), entries=WISHES, programmes=OFFERED, child__birth_date=["2020-01-01", ""])
    tied = refusals(settled, _entries(tables))
    assert {each.reason: [row for row in range(3) if each.refuses(row)] for each in tied} == {
        "application.number": [],
        "child.birth_date": [2],
        "near": [0, 1],
        "orphan": [0, 1],
    }
    assert [each.reason for each in tied] == ["application.number", "child.birth_date", "near", "orphan"]
    free = refusals(settled, Masks(Frame(tables), Conventions()), tied=False)
    assert {each.reason: [row for row in range(2) if each.refuses(row)] for each in free} == {
        "application.number": [],
        "child.birth_date": [1],
        "orphan": [0],
    }
