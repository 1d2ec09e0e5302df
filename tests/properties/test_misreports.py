"""Truth cannot be beaten: every applicant of small markets hands in every list there is, whatever they truly wish."""

from __future__ import annotations

import pytest
from tests.trials.markets import KINDS, scene
from tests.trials.misreports import Lie, Run, checked, every_list, lies_that_pay

from queue_engine.allocation.deferred_acceptance import deferred_acceptance, programme_proposing_deferred_acceptance
from queue_engine.allocation.efficiency_adjusted import efficiency_adjusted
from queue_engine.allocation.immediate_acceptance import immediate_acceptance
from queue_engine.allocation.market import Market, Programme
from queue_engine.allocation.serial_dictatorship import serial_dictatorship
from queue_engine.allocation.top_trading_cycles import top_trading_cycles

MARKETS, PART = 3_000, 300
PLAIN = range(0, 60 * len(KINDS), len(KINDS))


@pytest.mark.parametrize("first", range(0, MARKETS, PART))
def test_no_list_whatever_beats_the_true_one(first: int) -> None:
    """Deferred acceptance, also with reserves, ceilings, shares, transfers; dictatorship and trading on plain ones."""
    assert [one.wrong for one in map(checked, range(first, first + PART)) if one.wrong] == []


def test_the_markets_are_of_every_kind_and_full_size() -> None:
    """Each kind has a market of five applicants and four programmes among those drawn, and some have transfers."""
    scenes = [scene(number) for number in range(PART)]
    full = {each.kind for each in scenes if (len(each.market.wishes), len(each.market.programmes)) == (5, 4)}
    assert full == set(KINDS)
    assert any(len(each.held) > 1 for each in scenes if each.kind == "reserves and transfers")
    assert len(every_list(("P", "Q", "R", "S"))) == 65
    assert {programme.capacity for each in scenes for programme in each.market.programmes.values()} == {0, 1, 2}


@pytest.mark.parametrize(
    "run",
    [immediate_acceptance, programme_proposing_deferred_acceptance, efficiency_adjusted],
    ids=lambda run: run.__name__,
)
def test_a_mechanism_that_can_be_beaten_is_beaten(run: Run) -> None:
    """The same search finds lists that pay where the literature says there are some."""
    assert any(list(lies_that_pay(scene(number).market, run)) for number in PLAIN)


def test_who_asks_first_for_the_wrong_programme_loses_under_immediate_acceptance() -> None:
    """Applicant b gets nothing for the truth, and D2 for naming it first; deferred acceptance gives D2 for both."""
    order = ("a", "b", "c")
    market = Market.of(
        [Programme("D1", 1, order), Programme("D2", 1, order)], {"a": ["D1"], "b": ["D1", "D2"], "c": ["D2"]}
    )
    lies = list(lies_that_pay(market, immediate_acceptance))
    assert Lie("b", ("D1", "D2"), ("D2",), None, "D2") in lies
    assert list(lies_that_pay(market, deferred_acceptance)) == []


def test_programmes_that_make_the_offers_can_be_made_to_offer_more() -> None:
    """Applicant x leaves B out of the list, which B's offer would have ended, and gets A."""
    market = Market.of(
        [Programme("A", 1, ("y", "x")), Programme("B", 1, ("x", "y"))], {"x": ["A", "B"], "y": ["B", "A"]}
    )
    lies = list(lies_that_pay(market, programme_proposing_deferred_acceptance))
    assert Lie("x", ("A", "B"), ("A",), "B", "A") in lies
    for run in (deferred_acceptance, top_trading_cycles, lambda told: serial_dictatorship(told, ("y", "x"))):
        assert list(lies_that_pay(market, run)) == []
