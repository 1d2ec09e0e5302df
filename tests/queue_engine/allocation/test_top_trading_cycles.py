from __future__ import annotations

from queue_engine.allocation.market import Market, Programme
from queue_engine.allocation.top_trading_cycles import top_trading_cycles


def test_two_trade_the_priorities_they_have() -> None:
    """Abdulkadiroğlu and Sönmez 2003, example 1: i1 and i2 exchange, and i3's better priority at s1 is passed over."""
    market = Market.of(
        [
            Programme("s1", 1, ("i1", "i3", "i2")),
            Programme("s2", 1, ("i2", "i1", "i3")),
            Programme("s3", 1, ("i2", "i1", "i3")),
        ],
        {"i1": ["s2", "s1", "s3"], "i2": ["s1", "s2", "s3"], "i3": ["s1", "s2", "s3"]},
    )
    assert top_trading_cycles(market).placed == {"i1": "s2", "i2": "s1", "i3": "s3"}


def test_a_priority_where_one_does_not_wish_to_go_may_be_traded() -> None:
    """Applicant a is first at D1 and wishes only D2, where b is first; both get what they wish before c."""
    market = Market.of(
        [Programme("D1", 1, ("a", "c", "b")), Programme("D2", 1, ("b", "a"))],
        {"a": ["D2"], "b": ["D1"], "c": ["D1"]},
    )
    assert top_trading_cycles(market).placed == {"a": "D2", "b": "D1", "c": None}


def test_whoever_is_accepted_nowhere_stays_without_a_place() -> None:
    """Wishes that are not accepted and programmes without seats trade nothing."""
    market = Market.of([Programme("D1", 1, ()), Programme("D2", 0, ("a",))], {"a": ["D1", "D2"]})
    assert top_trading_cycles(market).placed == {"a": None}
