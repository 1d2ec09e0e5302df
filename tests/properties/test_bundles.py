"""Bundles: together or at the next wish, whoever else is in the market and in whatever order anybody stands."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_engine.allocation.bundles import Bundles, bundles_of, match_together, parted, together_in_order
from queue_engine.allocation.bundles import together_in_tiers as joined_tiers
from queue_engine.allocation.deferred_acceptance import deferred_acceptance, deferred_acceptance_by_choice
from queue_engine.allocation.market import Market, Programme, Ties
from queue_engine.allocation.mechanisms import MECHANISMS, allocate
from queue_engine.allocation.stability import check_matching

APPLICANTS = ("a", "b", "c", "d", "e", "f")
PROGRAMMES = ("P", "Q", "R")


@st.composite
def bundled(draw: st.DrawFn) -> Market:
    """Draw a market with bundles, whose orders put members side by side."""
    named = draw(st.permutations(APPLICANTS))
    sizes = draw(st.sampled_from(((2,), (3,), (2, 2), (2, 3), (1, 2))))
    bundles = [tuple(named[sum(sizes[:at]) : sum(sizes[:at]) + size]) for at, size in enumerate(sizes)]
    length = {name: draw(st.integers(0, 3)) for name in APPLICANTS}
    length |= {member: length[bundle[0]] for bundle in bundles for member in bundle}
    wishes = {name: draw(st.permutations(PROGRAMMES))[: length[name]] for name in APPLICANTS}
    ties = draw(st.sampled_from(Ties))
    programmes = []
    for name in PROGRAMMES:
        order = draw(st.permutations(APPLICANTS))[: draw(st.integers(0, len(APPLICANTS)))]
        cuts = sorted(draw(st.sets(st.integers(1, max(len(order) - 1, 1)), max_size=2)))
        tiers = tuple(tuple(order[start:stop]) for start, stop in zip([0, *cuts], [*cuts, len(order)], strict=True))
        tiers = joined_tiers(tuple(filter(None, tiers)), bundles)
        order = together_in_order(order, bundles)
        programmes.append(Programme(name, draw(st.integers(0, 3)), order, tiers, ties=ties))
    return Market.of(programmes, wishes, bundles=bundles)


@given(bundled())
def test_no_bundle_is_parted(market: Market) -> None:
    """All members have the wish of the same number, or none has a place; and what came out keeps its promises."""
    matching = allocate(market, MECHANISMS["deferred-acceptance"])
    for bundle in market.bundles:
        got = {
            (market.wishes[one].index(place) if place else None) for one in bundle for place in [matching.placed[one]]
        }
        assert len(got) == 1


@given(bundled())
def test_runs_are_few_and_the_result_is_stable_without_struck_wishes(market: Market) -> None:
    """At most one run more than the bundles have wishes; struck is whole wishes of whole bundles only."""
    together = match_together(market, market.bundles, deferred_acceptance)
    assert together.runs <= 1 + sum(len(market.wishes[bundle[0]]) for bundle in market.bundles)
    assert not check_matching(together.market, together.matching)
    bundled_applicants = {member for bundle in market.bundles for member in bundle}
    for name, wishes in market.wishes.items():
        left = together.market.wishes[name]
        assert left == wishes or name in bundled_applicants
        assert [wish for wish in wishes if wish in left] == list(left)


@given(bundled(), st.randoms(use_true_random=False))
def test_neither_rows_nor_the_order_of_bundles_are_of_account(market: Market, shuffled: object) -> None:
    """Applicants, programmes, bundles and their members may be named in any order."""
    rows = shuffled.sample(list(market.wishes.items()), len(market.wishes))  # type: ignore[attr-defined]
    offered = shuffled.sample(list(market.programmes.items()), len(market.programmes))  # type: ignore[attr-defined]
    bundles = [tuple(shuffled.sample(each, len(each))) for each in market.bundles]  # type: ignore[attr-defined]
    shuffled.shuffle(bundles)  # type: ignore[attr-defined]
    other = attrs.evolve(market, programmes=dict(offered), wishes=dict(rows), bundles=tuple(bundles))
    one, two = (match_together(each, each.bundles, deferred_acceptance) for each in (market, other))
    assert one.matching == two.matching
    assert one.runs == two.runs


@given(bundled())
def test_a_bundle_that_no_run_parts_costs_nobody_anything(market: Market) -> None:
    """The first run is the plain mechanism; one run means nothing else was needed."""
    together = match_together(market, market.bundles, deferred_acceptance_by_choice)
    plain = deferred_acceptance(market)
    assert (together.runs == 1) == (not any(parted(market, market.bundles, plain)))
    assert together.runs > 1 or together.matching == plain


@st.composite
def orders(draw: st.DrawFn) -> tuple[tuple[str, ...], Bundles]:
    """Draw an order, and bundles of whom it names and whom not."""
    order = tuple(draw(st.permutations(APPLICANTS))[: draw(st.integers(0, len(APPLICANTS)))])
    named = draw(st.permutations(APPLICANTS))
    cut = draw(st.integers(0, 3))
    return order, [tuple(named[:cut]), tuple(named[cut : cut + 2])]


@given(orders())
def test_members_stand_side_by_side_at_the_worst_of_them(drawn: tuple[tuple[str, ...], Bundles]) -> None:
    """Nobody comes nearer to the head for being in a bundle, strangers keep their order, and twice is as once."""
    order, bundles = drawn
    together = together_in_order(order, bundles)
    assert sorted(together) == sorted(order)
    everyone = {member for bundle in bundles for member in bundle}
    assert [name for name in together if name not in everyone] == [name for name in order if name not in everyone]
    for bundle in bundles:
        ranks = sorted(together.index(member) for member in bundle if member in order)
        assert ranks == list(range(ranks[0], ranks[0] + len(ranks))) if ranks else True
        members = [name for name in order if name in bundle]
        assert [name for name in together if name in bundle] == members
        if members:
            ahead = {name for name in order[: order.index(members[-1])] if name not in everyone}
            assert ahead == {name for name in together[: ranks[0]] if name not in everyone}
    assert together_in_order(together, bundles) == together


@given(st.dictionaries(st.sampled_from(APPLICANTS), st.sampled_from(APPLICANTS)))
def test_bundles_are_those_whom_leaders_join(leaders: dict[str, str]) -> None:
    """Everybody named is in one bundle, with whom they follow; a circle is refused, whoever is asked first."""

    def leads(name: str) -> str | None:
        for _ in leaders:
            if name not in leaders:
                return name
            name = leaders[name]
        return name if name not in leaders else None

    if any(leads(name) is None for name in leaders):
        with pytest.raises(ValueError, match="follows themself"):
            bundles_of(leaders)
        return
    bundles = bundles_of(leaders)
    assert sorted(member for bundle in bundles for member in bundle) == sorted({*leaders, *leaders.values()})
    for bundle in bundles:
        assert {leads(member) for member in bundle} == {bundle[0]}
