"""Houses are compared part by part, and a list is the same however it is ordered."""

from __future__ import annotations

from service.enrolment.house_lists import read_house
from service.enrolment.houses import House, Houses, OneHouse


def test_houses_follow_each_other_as_on_the_street() -> None:
    """Building before fraction before letter before the next number."""
    written = ["12", "12 к. 1", "12/1", "12/14", "12/14а", "12а", "12а/2", "13"]
    assert sorted(map(read_house, reversed(written))) == [read_house(house) for house in written]


def test_the_order_and_repetition_of_items_do_not_matter() -> None:
    """Equal lists are equal values."""
    two, nine = OneHouse(House("", 2)), OneHouse(House("", 9))
    assert Houses([nine, two, nine]) == Houses([two, nine])
