"""What every allocation has to be: the fast way equals the definition, no reason for envy, no seat wasted."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from queue_engine.allocation.arrays import NO_SEAT, Wishes, match_arrays, match_one_by_one
from queue_engine.allocation.deferred_acceptance import (
    deferred_acceptance,
    deferred_acceptance_by_choice,
    programme_proposing_deferred_acceptance,
)
from queue_engine.allocation.efficiency_adjusted import efficiency_adjusted
from queue_engine.allocation.market import Market, Matching, Programme
from queue_engine.allocation.packed_order import Keys, Ranks
from queue_engine.allocation.reading import read_market
from queue_engine.allocation.top_trading_cycles import top_trading_cycles


@st.composite
def markets(draw: st.DrawFn, *, applicants: int = 6, programmes: int = 4) -> Market:
    """Draw a market of strict priorities and incomplete lists."""
    people = [f"i{number}" for number in range(draw(st.integers(1, applicants)))]
    places = [f"s{number}" for number in range(draw(st.integers(1, programmes)))]
    wishes = {one: draw(st.permutations(places))[: draw(st.integers(1, len(places)))] for one in people}
    priorities = {place: draw(st.permutations(people))[: draw(st.integers(0, len(people)))] for place in places}
    capacities = {place: draw(st.integers(0, 3)) for place in places}
    return read_market({"capacities": capacities, "priorities": priorities, "prefs": wishes})


@st.composite
def arrays(draw: st.DrawFn) -> tuple[Wishes, Keys, Ranks, np.ndarray]:
    """Draw wishes over arrays with the same priorities as key columns and as ranks."""
    people, places = draw(st.integers(0, 12)), draw(st.integers(1, 5))
    rows = [draw(st.permutations(range(places)))[: draw(st.integers(0, places))] for _ in range(people)]
    starts = np.cumsum([0, *map(len, rows)])
    programme = np.array([place for row in rows for place in row], np.int64)
    owner = np.repeat(np.arange(people), np.diff(starts))
    best = np.array(draw(st.lists(st.integers(0, 2), min_size=len(programme), max_size=len(programme))), np.int64)
    number = np.array(draw(st.permutations(range(people))), np.int64)[owner] if people else owner
    order = np.lexsort((number, best, programme))
    ranks = np.empty(len(programme), np.int64)
    ranks[order] = np.arange(len(programme)) - np.searchsorted(programme[order], programme[order])
    capacities = np.array(draw(st.lists(st.integers(0, 3), min_size=places, max_size=places)), np.int64)
    return Wishes(starts, programme), Keys([best, number], [2, max(people, 1)]), Ranks(ranks), capacities


@given(arrays(), st.sampled_from((None, 0, 1, 5)))
def test_arrays_give_what_proposals_one_by_one_give(
    drawn: tuple[Wishes, Keys, Ranks, np.ndarray], last_free: int | None
) -> None:
    """From key columns and from ranks, wherever the rounds end and the tail begins."""
    wishes, keys, ranks, capacities = drawn
    expected = match_one_by_one(wishes, keys, capacities)
    assert match_arrays(wishes, keys, capacities, last_free=last_free).tolist() == expected.tolist()
    assert match_arrays(wishes, ranks, capacities, last_free=last_free).tolist() == expected.tolist()
    for programme, capacity in enumerate(capacities.tolist()):
        assert (expected == programme).sum() <= capacity
    assert ((expected == NO_SEAT) | (expected >= 0)).all()


def envy(market: Market, matching: Matching) -> list[tuple[str, str]]:
    """Return who would rather have a programme that accepts them and has a free seat or somebody behind them."""
    found = []
    for one, wishes in market.mutual.items():
        for wish in wishes:
            if matching.placed[one] == wish:
                break
            programme, there = market.programmes[wish], matching.at(wish)
            if len(there) < programme.capacity or any(programme.rank[one] < programme.rank[other] for other in there):
                found.append((one, wish))
    return found


def better_off(market: Market, one: Matching, other: Matching) -> bool:
    """Return whether everybody likes the first matching at least as much."""

    def liking(name: str, place: str | None) -> int:
        return market.wishes[name].index(place) if place is not None else len(market.wishes[name])

    return all(liking(name, one.placed[name]) <= liking(name, other.placed[name]) for name in market.wishes)


@given(markets())
def test_deferred_acceptance_is_stable_from_both_sides(market: Market) -> None:
    """Nobody envies with reason, no seat is wasted, the same number is placed everywhere (rural hospitals)."""
    best, worst = deferred_acceptance(market), programme_proposing_deferred_acceptance(market)
    assert deferred_acceptance_by_choice(market) == best
    assert envy(market, best) == envy(market, worst) == []
    assert better_off(market, best, worst)
    assert {name: len(best.at(name)) for name in market.programmes} == {
        name: len(worst.at(name)) for name in market.programmes
    }


@given(markets())
def test_efficiency_adjusted_leaves_nobody_worse_off(market: Market) -> None:
    """With everyone's consent each gets at least what deferred acceptance gives."""
    assert better_off(market, efficiency_adjusted(market), deferred_acceptance(market))


@given(markets(applicants=4, programmes=3))
def test_top_trading_cycles_waste_no_wanted_seat(market: Market) -> None:
    """Nobody could have a free seat that accepts them and that they like more."""
    matching = top_trading_cycles(market)
    for one, wishes in market.mutual.items():
        for wish in wishes:
            if matching.placed[one] == wish:
                break
            assert len(matching.at(wish)) >= market.programmes[wish].capacity


@given(markets(applicants=4, programmes=3), st.data())
def test_no_other_list_gets_an_applicant_a_better_place(market: Market, data: st.DataObject) -> None:
    """Under deferred acceptance and top trading cycles the true list is the best one to hand in."""
    if not market.wishes:
        return
    one = data.draw(st.sampled_from(sorted(market.wishes)))
    names = sorted(market.programmes)
    told = data.draw(st.permutations(names))[: data.draw(st.integers(0, len(names)))]
    lied = Market(market.programmes, {**market.wishes, one: tuple(told)}, market.lottery)
    truth = [*market.wishes[one], None]
    for mechanism in (deferred_acceptance, top_trading_cycles):
        got, honest = mechanism(lied).placed[one], mechanism(market).placed[one]
        assert got not in truth or truth.index(got) >= truth.index(honest)


def test_a_market_may_be_built_by_hand() -> None:
    """Two who want one seat: the one the programme ranks first has it."""
    market = Market.of([Programme("D1", 1, ("b", "a"))], {"a": ["D1"], "b": ["D1"]})
    assert dict(deferred_acceptance(market).placed) == {"a": None, "b": "D1"}
