"""Pairs of justified envy are those found by looking at each, and a round has none."""

from __future__ import annotations

import pytest
from tests.queue_engine.rounds.drawn_rounds import Having, drawn_round
from tests.queue_engine.rounds.small_rounds import market

from queue_engine.allocation import MECHANISMS
from queue_engine.rounds.checking import check_round
from queue_engine.rounds.envy import envy_examples, envy_of
from queue_engine.rounds.model import GENERAL, HELD, CutOff, Frozen, Outcome, Placed, Programme, SeatReserve
from queue_engine.rounds.other_mechanisms import IN_FORCE, held_by
from queue_engine.rounds.running import run

ONE_PASS = Having(passes=False)
ROUNDS = 150


def one_by_one(frozen: Frozen, outcome: Outcome) -> dict[tuple[str, str, str], int]:
    """Return every pair of a round of one pass: programme, who was refused, who is placed there behind them."""
    found = {}
    for each in frozen.applicants:
        got = outcome.placed.get(each.application)
        for wish in each.wishes:
            if got is not None and wish == got.programme:
                break
            programme = frozen.programme[wish]
            entitled = {reserve.reserve: reserve.entitled for reserve in programme.reserves} | {HELD: programme.holders}
            for other in outcome.placed.values():
                mine = other.seat == GENERAL or each.application in entitled.get(other.seat, ())
                if other.programme != wish or not mine or wish in outcome.struck.get(each.application, ()):
                    continue
                if programme.order.index(each.application) < programme.order.index(other.application):
                    found[wish, each.application, other.application] = 1
    return found


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_round_has_no_justified_envy(seed: int) -> None:
    """Whatever a round has: passes, reserves, transfers, bundles, flows, places beyond the wishes."""
    frozen = drawn_round(seed)
    assert envy_of(frozen, run(frozen)).count == 0


@pytest.mark.parametrize("mechanism", [name for name in MECHANISMS if name not in (IN_FORCE, "serial-dictatorship")])
def test_pairs_are_those_found_by_looking_at_each(mechanism: str) -> None:
    """By programme and by child, and the check of rounds finds some exactly where there are any."""
    envious = 0
    for seed in range(ROUNDS):
        frozen, outcome, _ = held_by(drawn_round(seed, ONE_PASS), mechanism)
        envy, pairs = envy_of(frozen, outcome), one_by_one(frozen, outcome)
        assert envy.count == len(pairs)
        assert envy.enviers == len({refused for _, refused, _ in pairs})
        assert dict(envy.pairs) == {name: [each[0] for each in pairs].count(name) for name, _, _ in pairs}
        assert {each in pairs for each in envy_examples(frozen, outcome)} <= {True}
        assert bool(pairs) == any(each.property == "P8" for each in check_round(frozen, outcome))
        envious += bool(pairs)
    assert (envious > 0) == (mechanism in {"immediate-acceptance", "top-trading-cycles", "efficiency-adjusted"})


def test_seats_of_a_group_are_envied_by_the_group_alone() -> None:
    """The seat of the police went to the last; a is not entitled to it, b is."""
    reserve = SeatReserve("police", ("b", "c"), 1)
    frozen = market(
        [Programme("D1", "", "main", 1, ("a", "b", "c"), reserves=(reserve,))], {name: ["D1"] for name in "abc"}
    )
    outcome = Outcome("spring", {"c": Placed("c", "D1", 1, "main", "police")}, {"D1": CutOff("D1", 1, 1, "c", 3)})
    assert envy_of(frozen, outcome).pairs == {"D1": 1}


def test_where_equals_are_not_parted_an_equal_is_envied() -> None:
    """Of three equals two were placed: the third envies both."""
    equals = Programme("D1", "", "main", 2, tuple("abc"), ties="overfill", tiers=(tuple("abc"),))
    frozen = market([equals], {name: ["D1"] for name in "abc"})
    placed = {name: Placed(name, "D1", 1, "main") for name in "ab"}
    assert envy_of(frozen, Outcome("spring", placed, {})).pairs == {"D1": 2}
