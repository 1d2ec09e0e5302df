"""All stable matchings of small markets, written out: what they share, and which of them deferred acceptance gives."""

from __future__ import annotations

from itertools import product

import pytest
from tests.trials.markets import KINDS, Scene, scene

from queue_engine.allocation.deferred_acceptance import deferred_acceptance, programme_proposing_deferred_acceptance
from queue_engine.allocation.market import Market, Matching
from queue_engine.allocation.stability import check_matching

MARKETS = 40


def stable_matchings(market: Market) -> list[Matching]:
    """Return every matching in which nothing is wrong."""
    places = [(*wishes, None) for wishes in market.mutual.values()]
    matchings = (Matching(dict(zip(market.wishes, each, strict=True))) for each in product(*places))
    return [matching for matching in matchings if not check_matching(market, matching)]


def scenes(*kinds: str, count: int = MARKETS) -> list[Scene]:
    """Return so many markets of some kinds, small enough to write out all matchings."""
    numbers = [number for number in range(count * len(KINDS)) if KINDS[number % len(KINDS)] in kinds]
    return [scene(number, most=(5, 4)) for number in numbers]


def number_of(market: Market, matching: Matching, applicant: str) -> int:
    """Return which wish an applicant got, from 0; the number of wishes if none."""
    place, wishes = matching.placed[applicant], market.wishes[applicant]
    return len(wishes) if place is None else wishes.index(place)


@pytest.mark.parametrize("kind", KINDS)
def test_deferred_acceptance_gives_everybody_the_best_of_all_stable_matchings(kind: str) -> None:
    """It is one of them, and no other gives anybody a better wish."""
    for each in scenes(kind):
        got = deferred_acceptance(each.market)
        others = stable_matchings(each.market)
        assert got in others, each.name
        for one in each.market.wishes:
            best = min(number_of(each.market, other, one) for other in others)
            assert number_of(each.market, got, one) == best, each.name


def test_every_stable_matching_places_the_same_people_and_fills_the_same_seats() -> None:
    """Rural hospitals: the same are placed, each programme as many, and one with free seats the very same ones."""
    plain = [each for each in scenes("plain", "transfers", count=1_000) if several(each.market)]
    assert len(plain) > 30, "markets with one stable matching show nothing"
    for each in plain:
        first, *others = stable_matchings(each.market)
        assert others
        for other in others:
            assert set(first.unplaced()) == set(other.unplaced()), each.name
            for name, programme in each.market.programmes.items():
                assert len(first.at(name)) == len(other.at(name)), each.name
                assert len(first.at(name)) == programme.capacity or set(first.at(name)) == set(other.at(name))


def several(market: Market) -> bool:
    """Return whether a market has more than one stable matching."""
    return deferred_acceptance(market) != programme_proposing_deferred_acceptance(market)


@pytest.mark.parametrize("kind", ["transfers", "reserves and transfers"])
def test_in_no_stable_matching_a_holder_loses_the_seat_they_have(kind: str) -> None:
    """Whoever stands at the head of an order, on seats of their own, has that seat or a better one."""
    for each in scenes(kind):
        for matching in stable_matchings(each.market):
            assert all(matching.placed[one] is not None for one in each.held), each.name
