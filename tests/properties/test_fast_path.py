"""Quick ways to deferred acceptance give what its definition gives, with reserves, ceilings, shares and transfers."""

from __future__ import annotations

from random import Random

import pytest
from tests.trials.fast_path import LARGEST, SEATS, checked
from tests.trials.markets import KINDS, one_proposal_at_a_time, scene

from queue_engine.allocation.deferred_acceptance import deferred_acceptance
from queue_engine.allocation.market import Ceiling, Market, Matching, Programme

MARKETS, PART = 1_200, 300


@pytest.mark.parametrize("first", range(0, MARKETS, PART))
def test_quick_ways_give_what_one_proposal_after_another_gives(first: int) -> None:
    """Heaps, rounds of choices and arrays; whoever proposes first, and whoever stands first in the file."""
    assert [(one.name, one.wrong) for one in map(checked, range(first, first + PART)) if one.wrong] == []


def test_the_markets_have_what_decides() -> None:
    """Seats of groups, ceilings and shares that change the matching, and transfers that get better places."""
    scenes = [scene(number, most=LARGEST, seats=SEATS) for number in range(PART)]
    matched = [deferred_acceptance(each.market) for each in scenes]
    changed = {each.kind for each, got in zip(scenes, matched, strict=True) if bare(each.market) != got}
    assert changed == set(KINDS) - {"plain", "transfers"}
    pairs = [
        (got.placed[one], held) for each, got in zip(scenes, matched, strict=True) for one, held in each.held.items()
    ]
    assert any(got != held for got, held in pairs)
    assert any(got == held for got, held in pairs)


def bare(market: Market) -> Matching:
    """Return the matching of a market without its rules on seats."""
    plain = [Programme(each.name, each.capacity, each.order) for each in market.programmes.values()]
    return deferred_acceptance(Market.of(plain, market.wishes))


def test_where_ceilings_overlap_the_order_of_proposals_decides() -> None:
    """Such choices are refused when a market is read; the comparison would notice them."""
    ceilings = Ceiling("A", frozenset("ab"), 1), Ceiling("B", frozenset("bc"), 1)
    programme = Programme("P", 2, tuple("abc"), ceilings=ceilings)
    crossing = Market.of([programme, Programme("Q", 1, tuple("dab"))], {"a": "QP", "b": "P", "c": "P", "d": "Q"})
    found = {tuple(one_proposal_at_a_time(crossing, Random(seed)).placed.items()) for seed in range(20)}  # noqa: S311
    assert len(found) > 1
