from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from tests.queue_engine.example.conftest import Ordered

from queue_engine.example.school import make

SCHOOL, BOARDING = "school-001-1", "school-002-1"


@pytest.fixture
def town(ordered: Callable[[str], Ordered]) -> Ordered:
    """Return the ordered first-grade queues."""
    return ordered("school-grade-1")


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("not_entitled_in_first_phase", "entitled_in_first_phase"),
        ("between_the_phases", "filed_in_time"),
        ("one_day_younger", "age"),
        ("russian_test_pending", "foreign_citizen"),
    ],
)
def test_who_may_not_apply_does_not_stand(town: Ordered, case: str, reason: str) -> None:
    """The reason is told, and nothing else is wrong."""
    assert town.reasons(case) == {SCHOOL: (reason,)}


@pytest.mark.parametrize("case", ["exactly_six_and_a_half", "younger_with_permission", "sibling_outside_the_territory"])
def test_who_may_apply_stands(town: Ordered, case: str) -> None:
    """The age is reached on the day, a permission replaces it, a sibling entitles."""
    assert SCHOOL in town.places(case)


def test_the_last_second_of_a_phase_belongs_to_it(town: Ordered) -> None:
    """A second between two phases decides, and territory counts only in the first."""
    assert town.group("last_second_of_first_phase", SCHOOL, "phase") == "first"
    assert town.group("first_second_of_second_phase", SCHOOL, "phase") == "second"
    assert town.group("first_second_of_second_phase", SCHOOL, "territory") == "no"
    assert town.places("last_second_of_first_phase")[SCHOOL] < town.places("first_second_of_second_phase")[SCHOOL]


def test_a_prosecutors_child_goes_out_of_turn_to_a_boarding_school_only(town: Ordered) -> None:
    """The same application has the right in one queue and not in the other."""
    assert town.group("prosecutor_child", BOARDING, "right") == "out_of_turn"
    assert town.group("prosecutor_child", SCHOOL, "right") == "others"


def test_the_same_second_is_decided_by_the_number(town: Ordered) -> None:
    """The smaller number stands before."""
    assert set(town.neighbours("same_second_earlier_number", "same_second_later_number", SCHOOL)) == {"number"}


def test_phases_and_territories_are_in_proportion() -> None:
    """A quarter applies in the second phase; in the first nearly everybody lives in the territory."""
    tables = make(10_000, 1).tables
    applications, entries = tables["applications"], tables["entries"]
    second = applications["application.submitted_on"] >= np.datetime64("2026-07-06")
    assert 2_300 < int(second.sum()) < 2_700
    assert 6_300 < int(entries["address.in_territory"].sum()) < 7_600
    assert {"", "confirmed(category.pmpk_conclusion) and consent.adapted_programme"} == set(
        tables["programmes"]["takes"].tolist()
    )


def test_no_school_is_wished_for_twice() -> None:
    """The wishes of an application name different schools."""
    entries = make(5_000, 2).tables["entries"]
    pairs = set(zip(entries["application"].tolist(), entries["programme"].tolist(), strict=True))
    assert len(pairs) == len(entries["wish"])
