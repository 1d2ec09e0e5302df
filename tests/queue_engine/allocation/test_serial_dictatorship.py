from __future__ import annotations

import pytest

from queue_engine.allocation.market import Market, Programme
from queue_engine.allocation.serial_dictatorship import common_order, serial_dictatorship

WISHES = {"a": ["D1", "D2"], "b": ["D1", "D2"], "c": ["D2"]}
MARKET = Market.of([Programme("D1", 1, ("b", "a")), Programme("D2", 1, ("a", "c", "b"))], WISHES)


def test_whoever_is_first_takes_the_first_wish() -> None:
    """The order given decides, whatever the programmes' own orders are."""
    assert serial_dictatorship(MARKET, ["a", "b", "c"]).placed == {"a": "D1", "b": "D2", "c": None}
    assert serial_dictatorship(MARKET, ["c", "b", "a"]).placed == {"a": None, "b": "D1", "c": "D2"}


@pytest.mark.parametrize("order", [["a", "b"], ["a", "b", "c", "c"], ["a", "b", "d"]])
def test_an_order_that_does_not_name_everyone_once_is_refused(order: list[str]) -> None:
    """Somebody left out, repeated, or unknown."""
    with pytest.raises(ValueError, match="every applicant of the market once"):
        serial_dictatorship(MARKET, order)


def test_contradicting_programmes_have_no_common_order() -> None:
    """D1 puts b before a; D2 puts a before c before b."""
    assert common_order(MARKET) is None


def test_a_common_order_goes_by_lottery_where_no_programme_decides() -> None:
    """Nobody compares a with b, so the lower number is first."""
    programmes = [Programme("D1", 1, ("a",)), Programme("D2", 1, ("b",))]
    market = Market.of(programmes, {"a": ["D1"], "b": ["D2"]}, {"a": 2, "b": 1})
    assert common_order(market) == ("b", "a")
