from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.queue_engine.example.conftest import Ordered

from queue_engine.example.camp import make

PAID, FREE = "camp-001-s1", "camp-002-s1"


@pytest.fixture
def town(ordered: Callable[[str], Ordered]) -> Ordered:
    """Return the ordered camp queues."""
    return ordered("camp")


def test_the_age_is_reached_on_the_first_day_of_the_shift(town: Ordered) -> None:
    """Seven on the day is enough, a day later is not; eighteen on the day is too old."""
    assert PAID in town.places("seven_on_the_first_day")
    assert town.reasons("seven_a_day_later") == {PAID: ("age",)}
    assert town.reasons("eighteen_on_the_first_day") == {PAID: ("age",)}


def test_a_second_voucher_in_a_year_is_refused(town: Ordered) -> None:
    """The reason is told."""
    assert town.reasons("second_voucher") == {PAID: ("once_a_year",)}


def test_a_certificate_must_hold_on_the_first_day_of_the_shift(town: Ordered) -> None:
    """One that ends the day before gives no free voucher."""
    assert town.reasons("certificate_ends_before_the_shift") == {FREE: ("free_voucher",)}


def test_a_mobilised_persons_child_goes_out_of_turn_for_a_free_voucher_only(town: Ordered) -> None:
    """For a paid one it is the first turn."""
    assert town.group("mobilised_child", FREE, "right") == "out_of_turn"
    assert town.group("mobilised_child", PAID, "right") == "first_turn"


def test_the_same_second_is_decided_by_the_number(town: Ordered) -> None:
    """The smaller number stands before."""
    assert set(town.neighbours("same_second_earlier_number", "same_second_later_number", PAID)) == {"number"}


def test_every_camp_has_three_shifts_and_every_third_camp_is_free() -> None:
    """Titles are different even when the names of camps repeat."""
    programmes = make(8_000, 1).tables["programmes"]
    assert len(set(programmes["title"].tolist())) == len(programmes["title"]) == 150
    assert int(programmes["programme.free_voucher"].sum()) == 51
    assert set(programmes["takes"].tolist()) == {"", "age(on shift_start) < 15y"}


def test_no_shift_is_wished_for_twice() -> None:
    """The wishes of an application name different shifts."""
    entries = make(5_000, 2).tables["entries"]
    pairs = set(zip(entries["application"].tolist(), entries["programme"].tolist(), strict=True))
    assert len(pairs) == len(entries["wish"])
