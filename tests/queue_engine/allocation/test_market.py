from __future__ import annotations

import pickle

import pytest

from queue_engine.allocation.market import Market, Matching, Programme, Seats, Share

ORDER = ("a", "b")


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"capacity": -1}, "has -1 seats"),
        ({"order": ("a", "a")}, "twice"),
        ({"tiers": (("a",), ("c",))}, "other applicants in its tiers"),
        ({"seats": (Seats(2),)}, "describes 2 seats; its capacity is 1"),
        ({"seats": (Seats(1),), "shares": (Share("m", frozenset("a"), 50),)}, "both seats of groups and shares"),
    ],
)
def test_a_programme_that_contradicts_itself_is_refused(parts: dict[str, object], told: str) -> None:
    """Each contradiction is named, with the programme."""
    with pytest.raises(ValueError, match=told):
        Programme(**{"name": "D1", "capacity": 1, "order": ORDER, **parts})  # type: ignore[arg-type]


def test_a_wish_for_an_unknown_programme_is_refused() -> None:
    """A market is whole: whatever is wished is in it."""
    with pytest.raises(ValueError, match="'a' wishes 'D2'"):
        Market.of([Programme("D1", 1, ORDER)], {"a": ["D2"]})


def test_without_tiers_nobody_ties() -> None:
    """A strict order is one of tiers of one."""
    assert Programme("D1", 1, ("b", "a")).tier == {"b": 0, "a": 1}


def test_only_general_seats_are_plain() -> None:
    """Described general seats change nothing; a group's seat does."""
    assert Programme("D1", 1, ORDER, seats=(Seats(1),)).is_plain
    assert not Programme("D1", 1, ORDER, seats=(Seats(1, "m", frozenset("a")),)).is_plain


def test_a_market_travels_to_another_process() -> None:
    """What was looked up once does not keep it from being pickled."""
    market = Market.of([Programme("D1", 1, ORDER)], {"a": ["D1"]})
    assert market.mutual
    assert pickle.loads(pickle.dumps(market)) == market  # noqa: S301 - made here


def test_a_matching_tells_who_is_where_and_who_is_nowhere() -> None:
    """By programme and without place, in the order of the matching."""
    matching = Matching({"b": "D1", "a": "D1", "c": None})
    assert matching.at("D1") == ("b", "a")
    assert matching.by_programme() == {"D1": ("b", "a")}
    assert matching.unplaced() == ("c",)
