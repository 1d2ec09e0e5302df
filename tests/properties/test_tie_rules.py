"""Tiers that are not divided: what deferred acceptance promises then, against every matching of small markets."""

from __future__ import annotations

import attrs
from hypothesis import given
from hypothesis import strategies as st
from tests.properties.test_matchings import every_matching, markets, weakly_better

from queue_engine.allocation.choice import choose
from queue_engine.allocation.deferred_acceptance import (
    deferred_acceptance,
    deferred_acceptance_by_choice,
    programme_proposing_deferred_acceptance,
)
from queue_engine.allocation.market import Market, Matching, Programme, Ties
from queue_engine.allocation.mechanisms import MECHANISMS, PROGRAMME_PROPOSING, allocate
from queue_engine.allocation.stability import check_matching

RULES = st.sampled_from((Ties.OVERFILL, Ties.UNDERFILL))
TIED = markets(most=(5, 3), ties=True)


def with_ties(market: Market, ties: Ties) -> Market:
    """Return the market with one rule on ties everywhere."""
    programmes = {name: attrs.evolve(each, ties=ties) for name, each in market.programmes.items()}
    return attrs.evolve(market, programmes=programmes)


def is_stable(market: Market, matching: Matching) -> bool:
    """Return whether every programme chooses whom it has of all who would rather be there, or are."""
    for name, programme in market.programmes.items():
        asking = []
        for one in programme.order:
            wishes, place = market.wishes[one], matching.placed[one]
            if name in wishes and (place is None or wishes.index(name) <= wishes.index(place)):
                asking.append(one)
        if set(choose(programme, asking)) != set(matching.at(name)):
            return False
    return True


def is_fair_to_equals(market: Market, matching: Matching) -> bool:
    """Return whether nobody of a tier is in while another of it, who wanted it, is out."""
    for name, programme in market.programmes.items():
        tiers_in = {programme.tier[one] for one in matching.at(name)}
        for one in programme.order:
            wishes, place = market.wishes[one], matching.placed[one]
            out = name in wishes and (place is None or wishes.index(name) < wishes.index(place))
            if out and programme.tier[one] in tiers_in:
                return False
    return True


@given(TIED, RULES)
def test_the_checks_find_stable_what_choosing_anew_gives_again(market: Market, ties: Ties) -> None:
    """Looking at single seats and tiers tells the same as choosing among all who would rather be there."""
    tied = with_ties(market, ties)
    for matching in every_matching(tied):
        assert (not check_matching(tied, matching)) == is_stable(tied, matching)


@given(TIED, RULES)
def test_no_matching_without_envy_and_waste_is_better_for_anybody(market: Market, ties: Ties) -> None:
    """Applicants proposing give everybody the best of all stable matchings, programmes proposing the worst."""
    tied = with_ties(market, ties)
    best, worst = deferred_acceptance(tied), programme_proposing_deferred_acceptance(tied)
    stable = [matching for matching in every_matching(tied) if not check_matching(tied, matching)]
    assert best in stable
    assert worst in stable
    assert all(weakly_better(tied, best, other) and weakly_better(tied, other, worst) for other in stable)


@given(markets(most=(5, 4), ties=True), RULES)
def test_equals_are_treated_alike(market: Market, ties: Ties) -> None:
    """From both sides: who is out of a tier of which somebody is in has something better."""
    tied = with_ties(market, ties)
    for mechanism in (deferred_acceptance, programme_proposing_deferred_acceptance):
        assert is_fair_to_equals(tied, mechanism(tied))


@given(markets(most=(5, 4), ties=True), RULES, st.randoms(use_true_random=False))
def test_neither_rows_nor_the_order_inside_tiers_are_of_account(market: Market, ties: Ties, shuffled: object) -> None:
    """Applicants, programmes and the members of a tier may stand in any order."""
    tied = with_ties(market, ties)
    programmes = {}
    for name in sorted(tied.programmes, key=lambda _: shuffled.random()):  # type: ignore[attr-defined]
        programme = tied.programmes[name]
        tiers = tuple(tuple(shuffled.sample(tier, len(tier))) for tier in programme.tiers)  # type: ignore[attr-defined]
        order = tuple(one for tier in tiers for one in tier)
        programmes[name] = attrs.evolve(programme, tiers=tiers, order=order)
    rows = shuffled.sample(list(tied.wishes.items()), len(tied.wishes))  # type: ignore[attr-defined]
    other = attrs.evolve(tied, programmes=programmes, wishes=dict(rows))
    for mechanism in (MECHANISMS["deferred-acceptance"], PROGRAMME_PROPOSING):
        assert allocate(tied, mechanism) == allocate(other, mechanism)


@given(markets(most=(5, 4)), RULES)
def test_where_nobody_ties_a_rule_on_ties_changes_nothing(market: Market, ties: Ties) -> None:
    """Tiers of one fit exactly or not at all."""
    assert deferred_acceptance_by_choice(with_ties(market, ties)) == deferred_acceptance(market)


@given(markets(most=(5, 4), ties=True))
def test_overfilling_is_best_and_underfilling_worst_for_everybody(market: Market) -> None:
    """A lottery, which divides tiers, lies between the two."""
    over, under = (deferred_acceptance(with_ties(market, ties)) for ties in (Ties.OVERFILL, Ties.UNDERFILL))
    drawn = deferred_acceptance(market)
    assert weakly_better(market, over, drawn)
    assert weakly_better(market, drawn, under)


def test_a_false_list_may_pay_where_tiers_are_overfilled() -> None:
    """Applicant a, asking for Q, drives b to P and c out of Q into P, which then has no room for a and b."""
    programmes = [
        Programme("P", 1, ("c", "a", "b"), (("c",), ("a", "b")), ties=Ties.OVERFILL),
        Programme("Q", 1, ("b", "a", "c"), (("b",), ("a",), ("c",)), ties=Ties.OVERFILL),
    ]
    wishes = {"a": ("Q", "P"), "b": ("P", "Q"), "c": ("Q", "P")}
    assert deferred_acceptance(Market.of(programmes, wishes)).placed["a"] is None
    assert deferred_acceptance(Market.of(programmes, {**wishes, "a": ("P",)})).placed["a"] == "P"


def test_a_false_list_may_pay_where_tiers_are_underfilled() -> None:
    """Two equals who both wish P and then Q lose both seats; who leaves P to the other has Q."""
    programmes = [Programme(name, 1, ("a", "b"), (("a", "b"),), ties=Ties.UNDERFILL) for name in "PQ"]
    wishes = {"a": ("P", "Q"), "b": ("P", "Q")}
    assert deferred_acceptance(Market.of(programmes, wishes)).unplaced() == ("a", "b")
    assert deferred_acceptance(Market.of(programmes, {**wishes, "a": ("Q",)})).placed["a"] == "Q"
