from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from tests.queue_engine.example.conftest import Ordered

from queue_engine.example.college import make

CONTEST = "college-001-09.02.07-9-budget"


@pytest.fixture
def town(ordered: Callable[[str], Ordered]) -> Ordered:
    """Return the ordered contests."""
    return ordered("college")


def test_averages_are_compared_as_exact_fractions(town: Ordered) -> None:
    """14/3 is less than 4.67 though it was filed two months earlier, and equal to 70/15."""
    places = {name: town.places(name)[CONTEST] for name in ("average_14_3", "average_4_67", "average_70_15")}
    assert places["average_4_67"] < places["average_14_3"] < places["average_70_15"]
    assert "grade" in town.neighbours("average_4_67", "average_14_3", CONTEST)
    assert "grade" not in town.neighbours("average_14_3", "average_70_15", CONTEST)


def test_a_target_contract_counts_for_its_own_specialty(town: Ordered) -> None:
    """Two applicants with one average and one contract each: it is for this specialty or it is not."""
    assert town.group("target_contract_here", CONTEST, "right") == "first_turn"
    assert town.group("target_contract_elsewhere", CONTEST, "right") == "others"
    assert town.group("service_participant", CONTEST, "right") == "first_turn"


def test_equal_averages_are_decided_by_achievements_and_then_by_preference(town: Ordered) -> None:
    """Points come first, a preference second, the time of filing last."""
    names = ("more_achievements", "preference", "same_second_earlier_number")
    places = [town.places(name)[CONTEST] for name in names]
    assert places == sorted(places)


def test_a_failed_test_closes_one_contest_only(town: Ordered) -> None:
    """The other wish stands."""
    assert town.reasons("test_failed") == {"college-001-34.02.01-9-budget": ("entrance_test",)}
    assert CONTEST in town.places("test_failed")


def test_without_an_average_nobody_is_ranked(town: Ordered) -> None:
    """The fact that is not known is named."""
    assert town.reasons("no_certificate_yet") == {CONTEST: ("grade.average",)}


def test_the_same_second_is_decided_by_the_number(town: Ordered) -> None:
    """The smaller number stands before."""
    assert set(town.neighbours("same_second_earlier_number", "same_second_later_number", CONTEST)) == {"number"}


def test_averages_are_fractions_from_three_to_five() -> None:
    """Some are whole numbers of marks over subjects, a few are not known."""
    averages = make(5_000, 1).tables["applications"]["grade.average"].tolist()
    known = [Fraction(text) for text in averages if text]
    assert 3 <= min(known) <= max(known) <= 5
    assert 10 < len(averages) - len(known) < 80
    assert all("/" in text for text in averages[100:] if text and text != "4.67")


def test_contests_have_titles_of_their_own() -> None:
    """A specialty may be paid or budget, and some have an entrance test."""
    programmes = make(5_000, 1).tables["programmes"]
    assert len(set(programmes["programme"].tolist())) == len(programmes["title"])
    assert any("платно" in title for title in programmes["title"].tolist())
    assert 0 < int(programmes["programme.entrance_test"].sum()) < len(programmes["title"])
