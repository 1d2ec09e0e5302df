"""Known counts and sets of stable matchings, and known choices by reserves: the checks and `choose` agree with them."""

from __future__ import annotations

import json
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

import pytest

from queue_engine.allocation.choice import Reserve, choose, seats_in_order
from queue_engine.allocation.deferred_acceptance import deferred_acceptance
from queue_engine.allocation.market import Market, Matching, Programme, Seats, Unused
from queue_engine.allocation.reading import read_market
from queue_engine.allocation.stability import check_matching

MOST = 2000  # matchings to try in one market
PARTS = (
    "capacities",
    "priorities",
    "priorities_with_ties",
    "lottery_number_lower_is_better",
    "prefs",
    "types",
    "rules",
)
WALK = [f"w{number}" for number in range(1, 101)]
OTHERS = [f"o{number}" for number in range(1, 101)]
BY_LOTTERY = tuple(name for pair in zip(WALK, OTHERS, strict=True) for name in pair)
WALK_SEAT = Seats(1, "walk", frozenset(WALK), Unused.BEST)
OPEN_SEAT = Seats(1)


def instances(folder: Path, name: str) -> list[dict[str, Any]]:
    """Return the instances of a file."""
    return list(json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))["instances"])


def market_of(instance: dict[str, Any], **more: object) -> Market:
    """Return the market of an instance, without its answers."""
    return read_market({**{part: instance[part] for part in PARTS if part in instance}, **more})


def stable_matchings(market: Market, *, lottery_binds: bool = True) -> list[dict[str, str | None]]:
    """Return every matching in which the checks find nothing wrong."""
    places = product(*((*wishes, None) for wishes in market.mutual.values()))
    matchings = (Matching(dict(zip(market.wishes, each, strict=True))) for each in places)
    return [dict(each.placed) for each in matchings if not check_matching(market, each, lottery_binds=lottery_binds)]


def is_small(market: Market) -> bool:
    """Return whether every matching of a market can be tried in a test."""
    return prod(len(wishes) + 1 for wishes in market.mutual.values()) <= MOST


@pytest.mark.parametrize(
    ("file", "count", "binds"),
    [
        ("oracle_random_strict_share", "number_of_stable_matchings", True),
        ("oracle_random_reserves_share", "number_of_stable_matchings", True),
        ("oracle_random_ties_share", "number_of_weakly_stable", False),
    ],
)
def test_the_checks_pass_as_many_matchings_as_are_known_to_be_stable(
    shared_data: Path, file: str, count: str, *, binds: bool
) -> None:
    """Strict priorities, reserves, ceilings, seats one by one, and ties, each by trying every matching."""
    tried = [(each, market) for each in instances(shared_data, file) if is_small(market := market_of(each))]
    assert tried
    for each, market in tried:
        assert len(stable_matchings(market, lottery_binds=binds)) == each["expected"][count], each["id"]


def test_the_stable_matchings_of_published_markets_are_those(shared_data: Path) -> None:
    """Not only as many: the same ones."""
    tried = 0
    for each in instances(shared_data, "oracle_published_small_share"):
        market = market_of(each)
        if "all_stable" in each["expected"] and is_small(market):
            found, known = stable_matchings(market), each["expected"]["all_stable"]
            assert sorted(map(sorted_items, found)) == sorted(map(sorted_items, known)), each["name"]
            tried += 1
    assert tried >= 8


def sorted_items(matching: dict[str, str | None]) -> list[tuple[str, str]]:
    """Return a matching in a form that can be sorted."""
    return sorted((name, place or "") for name, place in matching.items())


def test_a_ceiling_on_the_majority_may_hurt_the_minority_and_a_reserve_does_not(shared_data: Path) -> None:
    """Kojima 2012, and Hafalir, Yenmez and Yildirim 2013: three variants of one market."""
    (each,) = [each for each in instances(shared_data, "oracle_reserves_published_ideas") if "kojima" in each["name"]]
    assert len(each["variants"]) == 3
    for variant in each["variants"]:
        market = market_of(each, rules=variant["rules"])
        assert deferred_acceptance(market).placed == variant["expected"], variant["mechanism"]


@pytest.mark.parametrize(
    ("name", "seats"),
    [
        ("walk seats first", [WALK_SEAT] * 50 + [OPEN_SEAT] * 50),
        ("open seats first", [OPEN_SEAT] * 50 + [WALK_SEAT] * 50),
        ("alternating, walk first", [WALK_SEAT, OPEN_SEAT] * 50),
        ("alternating, open first", [OPEN_SEAT, WALK_SEAT] * 50),
        ("25 walk, 50 open, 25 walk", [WALK_SEAT] * 25 + [OPEN_SEAT] * 50 + [WALK_SEAT] * 25),
        ("no walk seats", [OPEN_SEAT] * 100),
        ("all walk seats", [WALK_SEAT] * 100),
    ],
)
def test_the_order_of_seats_decides_as_in_boston(shared_data: Path, name: str, seats: list[Seats]) -> None:
    """Dur, Kominers, Pathak and Sönmez 2018: half of the seats for the walk zone, filled in seven orders."""
    (each,) = [each for each in instances(shared_data, "oracle_reserves_published_ideas") if "boston" in each["name"]]
    (variant,) = [variant for variant in each["variants"] if variant["precedence"] == name]
    placed = set(choose(Programme("school", 100, BY_LOTTERY, seats=tuple(seats)), BY_LOTTERY))
    assert len(placed.intersection(WALK)) == variant["expected_walk_zone_admitted"]
    assert len(placed.intersection(OTHERS)) == variant["expected_others_admitted"]


@pytest.mark.parametrize(
    ("number", "groups", "after", "unused"),
    [
        (0, {"OBC": 1, "SC": 1, "ST": 1}, True, Unused.GENERAL),
        (1, {"OBC": 1, "SC": 1, "ST": 1}, False, Unused.GENERAL),
        (2, {"OBC": 1, "ST": 2}, True, Unused.KEEP),
        (3, {"OBC": 1, "ST": 2}, True, Unused.GENERAL),
    ],
)
def test_reserves_over_and_above_differ_from_a_minimum(
    shared_data: Path, number: int, groups: dict[str, int], unused: Unused, *, after: bool
) -> None:
    """Vertical reservations: filled after or before the open seats, unused seats kept or carried over."""
    (each,) = [each for each in instances(shared_data, "oracle_reserves_published_ideas") if "vertical" in each["name"]]
    order = tuple(sorted(each["scores"], key=lambda name: -each["scores"][name]))
    reserves = [
        Reserve(group, frozenset(name for name in order if each["category"][name] == group), count, after, unused)
        for group, count in groups.items()
    ]
    placed = choose(Programme("post", each["seats"], order, seats=seats_in_order(each["seats"], reserves)), order)
    assert sorted(placed) == each["variants"][number]["expected_admitted"]
