from __future__ import annotations

from typing import Any

import pytest

from queue_engine.allocation.bundles import bundles_of, match_together, together_in_order, together_in_tiers
from queue_engine.allocation.deferred_acceptance import deferred_acceptance
from queue_engine.allocation.market import Market, MarketError, Programme
from queue_engine.allocation.mechanisms import MECHANISMS, PROGRAMME_PROPOSING, allocate
from queue_engine.allocation.reading import read_market

TWINS: dict[str, Any] = {
    "capacities": {"D1": 2, "D2": 3},
    "priorities": {"D1": ["a", "x", "b"], "D2": ["x", "a", "b"]},
    "prefs": {"a": ["D1", "D2"], "x": ["D1", "D2"], "b": ["D1", "D2"]},
    "bundles": {"b": "a"},
}


def problems(market: object) -> list[str]:
    """Return where and which problems a market has."""
    with pytest.raises(MarketError) as refused:
        read_market(market, "m.json")
    return [f"{problem.place}: {problem.code}" for problem in refused.value.problems]


def test_a_chain_of_followers_is_one_bundle() -> None:
    """Who follows a follower is with both; several may follow one."""
    assert bundles_of({"a": "b", "b": "c", "d": "c"}) == (("c", "a", "b", "d"),)


@pytest.mark.parametrize("leaders", [{"a": "a"}, {"a": "b", "b": "a"}, {"d": "a", "a": "b", "b": "c", "c": "a"}])
def test_a_circle_has_no_leader(leaders: dict[str, str]) -> None:
    """Nobody of it could be asked first."""
    with pytest.raises(ValueError, match=r"'[abc]' follows themself"):
        bundles_of(leaders)


def test_reading_puts_members_side_by_side() -> None:
    """At the worst placed of them, in every order; the leader gains nothing."""
    market = read_market(TWINS)
    assert market.bundles == (("a", "b"),)
    assert market.programmes["D1"].order == ("x", "a", "b")
    assert market.programmes["D2"].order == ("x", "a", "b")


def test_a_bundle_that_would_be_parted_gets_its_next_wish() -> None:
    """Beside x there is one seat at D1: so both go to D2, and D1 is not filled up by one of them."""
    assert allocate(read_market(TWINS), MECHANISMS["deferred-acceptance"]).placed == {"a": "D2", "x": "D1", "b": "D2"}


def test_a_bundle_without_a_next_wish_is_not_placed_at_all() -> None:
    """Together or not: one seat for two of them stays free for others."""
    wishes = {"a": ["D1"], "b": ["D1"], "c": ["D1"]}
    market = Market.of([Programme("D1", 1, ("a", "b", "c"))], wishes, bundles=[("a", "b")])
    together = match_together(market, market.bundles, deferred_acceptance)
    assert together.matching.placed == {"a": None, "b": None, "c": "D1"}
    assert together.runs == 2
    assert together.market.wishes == {"a": (), "b": (), "c": ("D1",)}


def test_the_same_wish_may_be_another_programme() -> None:
    """A brother and a sister of different ages go to two groups, if both their first wishes come true."""
    programmes = [Programme("young", 1, ("a",)), Programme("old", 0, ("b",)), Programme("far", 2, ("a", "b"))]
    market = Market.of(programmes, {"a": ["young", "far"], "b": ["old", "far"]}, bundles=[("a", "b")])
    assert allocate(market, MECHANISMS["deferred-acceptance"]).placed == {"a": "far", "b": "far"}


def test_a_seat_that_a_bundle_leaves_may_let_another_bundle_in() -> None:
    """Struck wishes stay struck: c and d come together at D1 when a and b have left it."""
    order = ("a", "b", "c", "d")
    programmes = [Programme("D1", 3, ("a", "c", "d", "b")), Programme("D2", 2, ("a", "b"))]
    wishes = {"a": ["D1", "D2"], "b": ["D2", "D1"], "c": ["D1"], "d": ["D1"]}
    market = Market.of(programmes, {name: wishes[name] for name in order}, bundles=[("a", "b"), ("c", "d")])
    together = match_together(market, market.bundles, deferred_acceptance)
    assert together.matching.placed == {"a": "D1", "b": "D2", "c": "D1", "d": "D1"}
    assert together.runs == 1


def test_members_join_the_worst_tier_of_them() -> None:
    """A tier left by all its members is none."""
    assert together_in_tiers([("a",), ("x",), ("b", "y")], [("a", "b")]) == (("x",), ("a", "b", "y"))


def test_with_drawn_numbers_the_worst_is_found_before_members_join() -> None:
    """Applicant a is a tier better than b; that a drew the highest number moves nobody behind c."""
    tied = {
        "capacities": {"D1": 1},
        "priorities_with_ties": {"D1": [["a"], ["b", "c"]]},
        "lottery_number_lower_is_better": {"a": 9, "b": 1, "c": 5},
        "prefs": {"a": ["D1"], "b": ["D1"], "c": ["D1"]},
        "bundles": {"b": "a"},
    }
    programme = read_market(tied).programmes["D1"]
    assert programme.order == ("a", "b", "c")
    assert programme.tiers == (("a", "b", "c"),)


def test_an_order_may_name_some_members_only() -> None:
    """Who is not accepted there moves nobody."""
    assert together_in_order(["a", "x"], [("a", "b")]) == ("a", "x")


@pytest.mark.parametrize(
    ("bundles", "expected"),
    [
        ({"b": "a", "a": "b"}, ["m.json: bundles: A050"]),
        ({"z": "a"}, ["m.json: bundles.z: A012"]),
        ({"a": "z"}, ["m.json: bundles.a: A012"]),
        ({"a": None}, ["m.json: bundles.a: A004"]),
        ([], ["m.json: bundles: A004"]),
        ({"a": "c"}, ["m.json: bundles: A051"]),
    ],
)
def test_bundles_that_cannot_be_are_refused(bundles: object, expected: list[str]) -> None:
    """Circles, strangers, and lists whose wishes cannot belong together one by one."""
    prefs = {**TWINS["prefs"], "c": ["D1"]}
    assert problems({**TWINS, "prefs": prefs, "bundles": bundles}) == expected


@pytest.mark.parametrize(
    ("bundles", "told"),
    [
        ([("a", "b"), ("b", "c")], "in another one"),
        ([("a", "z")], "no applicant of the market"),
        ([("a", "c")], "the bundle of 'a' has members who wish different numbers"),
    ],
)
def test_a_market_refuses_bundles_that_cannot_be_kept_together(bundles: list[tuple[str, ...]], told: str) -> None:
    """Each contradiction is named."""
    with pytest.raises(ValueError, match=told):
        Market.of([Programme("D1", 1, ("a",))], {"a": ["D1"], "b": ["D1"], "c": []}, bundles=bundles)


def test_only_deferred_acceptance_with_applicants_proposing_takes_bundles() -> None:
    """The others refuse such a market rather than part a bundle."""
    market = read_market(TWINS)
    for name, mechanism in [*MECHANISMS.items(), ("programmes", PROGRAMME_PROPOSING)]:
        if name != "deferred-acceptance":
            with pytest.raises(MarketError, match=r"m\.json: error A042"):
                allocate(market, mechanism, "m.json")
