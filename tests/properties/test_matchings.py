"""What mechanisms promise, tried on small markets against every matching and every list that could be handed in."""

from __future__ import annotations

from itertools import chain, combinations, permutations, product

import attrs
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from queue_engine.allocation.choice import Reserve, choose, seats_in_order
from queue_engine.allocation.deferred_acceptance import (
    deferred_acceptance,
    deferred_acceptance_by_choice,
    programme_proposing_deferred_acceptance,
)
from queue_engine.allocation.efficiency_adjusted import efficiency_adjusted
from queue_engine.allocation.immediate_acceptance import immediate_acceptance
from queue_engine.allocation.market import Ceiling, Market, Matching, Programme, Seats, Share, Unused
from queue_engine.allocation.mechanisms import MECHANISMS, PROGRAMME_PROPOSING, allocate, in_common_order
from queue_engine.allocation.seat_rules import overlaps
from queue_engine.allocation.stability import check_matching
from queue_engine.allocation.stable_improvement_cycles import stable_improvement_cycles
from queue_engine.allocation.top_trading_cycles import top_trading_cycles

APPLICANTS = ("a", "b", "c", "d", "e")
PROGRAMMES = ("P", "Q", "R", "S")
PLAIN = [mechanism for name, mechanism in MECHANISMS.items() if name != "serial-dictatorship"]


@st.composite
def programmes(
    draw: st.DrawFn, name: str, applicants: tuple[str, ...], *, rules: bool, ties: bool = False
) -> Programme:
    """Draw a programme: of plain seats, or with reserves, seats one by one, shares and ceilings."""
    order = tuple(draw(st.permutations(applicants))[: draw(st.integers(0, len(applicants)))])
    capacity = draw(st.integers(0, 3))
    if ties:
        cuts = sorted(draw(st.sets(st.integers(1, max(len(order) - 1, 1)), max_size=2)))
        tiers = tuple(filter(None, (order[start:stop] for start, stop in zip([0, *cuts], [*cuts, None], strict=True))))
        return Programme(name, capacity, order, tiers)
    if not rules:
        return Programme(name, capacity, order)
    groups = st.frozensets(st.sampled_from(applicants))
    kind = draw(st.sampled_from(("reserves", "seats", "shares", "general")))
    seats: tuple[Seats, ...] = ()
    shares: tuple[Share, ...] = ()
    if kind == "reserves":
        unused = st.sampled_from((Unused.GENERAL, Unused.KEEP))
        reserve = st.builds(Reserve, st.just("m"), groups, st.integers(0, 2), st.booleans(), unused)
        seats = seats_in_order(capacity, draw(st.lists(reserve, max_size=3)))
    elif kind == "seats":
        seat = st.just(Seats(1)) | st.builds(Seats, st.just(1), st.just("m"), groups, st.sampled_from(Unused))
        seats = tuple(draw(seat) for _ in range(capacity))
    elif kind == "shares":
        shares = tuple(draw(st.lists(st.builds(Share, st.just("m"), groups, st.integers(0, 100)), max_size=2)))
    ceilings = tuple(
        Ceiling(group, draw(groups), draw(st.integers(0, 2))) for group in draw(st.sampled_from(("", "A", "AB")))
    )
    programme = Programme(name, capacity, order, seats=seats, shares=shares, ceilings=ceilings)
    assume(not any(overlaps(programme)))
    return programme


@st.composite
def markets(
    draw: st.DrawFn, *, most: tuple[int, int] = (4, 3), rules: bool = False, ties: bool = False, lottery: bool = False
) -> Market:
    """Draw a market of at most so many applicants and programmes."""
    applicants = APPLICANTS[: draw(st.integers(1, most[0]))]
    names = PROGRAMMES[: draw(st.integers(1, most[1]))]
    offered = [draw(programmes(name, applicants, rules=rules, ties=ties)) for name in names]
    wishes = {one: draw(st.permutations(names))[: draw(st.integers(0, len(names)))] for one in applicants}
    numbers = dict(zip(draw(st.permutations(applicants)), range(len(applicants)), strict=True)) if lottery else {}
    return Market.of(offered, wishes, numbers)


def every_matching(market: Market) -> list[Matching]:
    """Return every way to place everybody at a wish that accepts them, or nowhere."""
    names = list(market.wishes)
    return [
        Matching(dict(zip(names, places, strict=True)))
        for places in product(*((*w, None) for w in market.mutual.values()))
    ]


def liking(market: Market, matching: Matching, applicant: str) -> int:
    """Return the number of wishes an applicant would like better than the place they have."""
    place = matching.placed[applicant]
    wishes = market.wishes[applicant]
    return len(wishes) if place is None else wishes.index(place)


def weakly_better(market: Market, one: Matching, other: Matching) -> bool:
    """Return whether everybody likes the first at least as much as the second."""
    return all(liking(market, one, each) <= liking(market, other, each) for each in market.wishes)


def feasible(market: Market, matching: Matching) -> bool:
    """Return whether no programme places more than its capacity."""
    return all(len(there) <= market.programmes[name].capacity for name, there in matching.by_programme().items())


def is_efficient(market: Market, matching: Matching) -> bool:
    """Return whether no other matching is better for one and worse for nobody."""
    return not any(
        other != matching and feasible(market, other) and weakly_better(market, other, matching)
        for other in every_matching(market)
    )


def stable_by_choice(market: Market, matching: Matching) -> bool:
    """Return whether programmes choose all they have, and nobody else who would rather be there."""
    for name, programme in market.programmes.items():
        there = set(matching.at(name))
        if set(choose(programme, sorted(there, key=programme.rank.__getitem__))) != there:
            return False
        for one, wishes in market.mutual.items():
            if name in wishes and wishes.index(name) < liking_of_mutual(wishes, matching.placed[one]):
                asking = sorted({*there, one}, key=programme.rank.__getitem__)
                if one in choose(programme, asking):
                    return False
    return True


def liking_of_mutual(wishes: tuple[str, ...], place: str | None) -> int:
    """Return how many of some wishes are better than a place."""
    return len(wishes) if place is None else wishes.index(place)


@given(programmes("P", APPLICANTS, rules=True))
def test_whom_a_programme_refuses_it_refuses_when_more_ask(programme: Programme) -> None:
    """And somebody who is refused changes nothing by asking: so the order of asking is of no account."""
    subsets = chain.from_iterable(combinations(programme.order, size) for size in range(len(programme.order) + 1))
    chosen = {frozenset(subset): frozenset(choose(programme, subset)) for subset in subsets}
    for asking, placed in chosen.items():
        for one in set(programme.order) - asking:
            with_one = chosen[asking | {one}]
            assert not with_one & asking - placed
            assert one in with_one or with_one == placed


@given(markets(rules=True))
def test_the_checks_find_stable_what_choice_says_is_stable(market: Market) -> None:
    """Walking the seats of those placed tells the same as choosing anew with everybody who might ask."""
    for matching in every_matching(market):
        assert (not check_matching(market, matching)) == stable_by_choice(market, matching)


@given(markets(rules=True))
def test_deferred_acceptance_gives_everybody_the_best_of_all_stable_matchings(market: Market) -> None:
    """And with programmes proposing the worst; both are stable themselves."""
    best, worst = deferred_acceptance(market), programme_proposing_deferred_acceptance(market)
    stable = [matching for matching in every_matching(market) if not check_matching(market, matching)]
    assert best in stable
    assert worst in stable
    assert all(weakly_better(market, best, other) and weakly_better(market, other, worst) for other in stable)


@given(markets(most=(5, 4), ties=True))
def test_at_plain_capacities_every_stable_matching_places_the_same_people(market: Market) -> None:
    """Rural hospitals: the same are placed, every programme places as many, and one with free seats the same ones."""
    one, other = deferred_acceptance(market), programme_proposing_deferred_acceptance(market)
    assert set(one.unplaced()) == set(other.unplaced())
    for name, programme in market.programmes.items():
        assert len(one.at(name)) == len(other.at(name))
        assert len(one.at(name)) == programme.capacity or set(one.at(name)) == set(other.at(name))


@given(markets(most=(5, 4)))
def test_the_heaps_give_what_the_definition_gives(market: Market) -> None:
    """Proposals one by one and all at once end alike."""
    assert deferred_acceptance(market) == deferred_acceptance_by_choice(market)


@given(markets(most=(5, 4), ties=True, lottery=True), st.randoms(use_true_random=False))
def test_the_order_of_rows_is_of_no_account(market: Market, shuffled: object) -> None:
    """Applicants and programmes may stand in any order."""
    rows = list(market.wishes.items())
    offered = list(market.programmes.items())
    shuffled.shuffle(rows)  # type: ignore[attr-defined]
    shuffled.shuffle(offered)  # type: ignore[attr-defined]
    other = attrs.evolve(market, wishes=dict(rows), programmes=dict(offered))
    for mechanism in [*MECHANISMS.values(), PROGRAMME_PROPOSING]:
        assert allocate(market, mechanism) == allocate(other, mechanism)


@given(markets(most=(5, 4), rules=True), st.permutations(APPLICANTS))
def test_the_order_of_rows_is_of_no_account_with_rules(market: Market, rows: list[str]) -> None:
    """Likewise where programmes choose by groups."""
    other = attrs.evolve(market, wishes={name: market.wishes[name] for name in rows if name in market.wishes})
    assert deferred_acceptance(market) == deferred_acceptance(other)
    assert programme_proposing_deferred_acceptance(market) == programme_proposing_deferred_acceptance(other)


@settings(max_examples=8)
@given(markets(most=(5, 4)))
def test_no_list_whatever_beats_the_true_one(market: Market) -> None:
    """Every other list of every applicant, under deferred acceptance, top trading cycles and serial dictatorship."""
    lists = [told for size in range(len(market.programmes) + 1) for told in permutations(market.programmes, size)]
    order = sorted(market.wishes)
    for mechanism in (
        deferred_acceptance,
        top_trading_cycles,
        lambda told: in_common_order(attrs.evolve(told, lottery={name: order.index(name) for name in order})),
    ):
        true = mechanism(market)
        for one in market.wishes:
            for told in lists:
                got = mechanism(attrs.evolve(market, wishes={**market.wishes, one: told})).placed[one]
                if got in market.wishes[one]:
                    assert market.wishes[one].index(got) >= liking(market, true, one)


@given(markets(most=(5, 4)), st.permutations(APPLICANTS))
def test_under_a_common_order_dictatorship_is_deferred_acceptance(market: Market, order: list[str]) -> None:
    """Where all programmes agree on an order, who stands first takes what they like."""
    same = attrs.evolve(
        market,
        programmes={
            name: Programme(name, programme.capacity, tuple(one for one in order if one in programme.rank))
            for name, programme in market.programmes.items()
        },
    )
    assert in_common_order(same) == deferred_acceptance(same)


@given(markets())
def test_cycles_dictators_and_consent_leave_nothing_to_improve(market: Market) -> None:
    """Top trading cycles, serial dictatorship, immediate acceptance and EADAM are efficient."""
    lottery = attrs.evolve(market, lottery={name: place for place, name in enumerate(sorted(market.wishes))})
    for mechanism in (top_trading_cycles, in_common_order, immediate_acceptance, efficiency_adjusted):
        assert is_efficient(market, mechanism(lottery))


@given(markets())
def test_consent_harms_nobody(market: Market) -> None:
    """Efficiency-adjusted deferred acceptance places everybody at least as well as the plain one."""
    assert weakly_better(market, efficiency_adjusted(market), deferred_acceptance(market))


@given(markets(ties=True))
def test_improvement_cycles_end_where_no_stable_matching_is_better(market: Market) -> None:
    """Stable as to tiers, at least as good for all, and not to be improved within what is stable as to tiers."""
    improved = stable_improvement_cycles(market)
    stable = [each for each in every_matching(market) if not check_matching(market, each, lottery_binds=False)]
    assert improved in stable
    assert weakly_better(market, improved, deferred_acceptance(market))
    assert not any(other != improved and weakly_better(market, other, improved) for other in stable)
