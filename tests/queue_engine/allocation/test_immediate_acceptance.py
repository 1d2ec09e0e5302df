from __future__ import annotations

from queue_engine.allocation.immediate_acceptance import immediate_acceptance
from queue_engine.allocation.market import Market, Programme


def test_a_place_once_given_is_not_taken_back() -> None:
    """Applicant c asks for D2 first and keeps it, though b stands before c there."""
    market = Market.of(
        [Programme("D1", 1, ("a", "b")), Programme("D2", 1, ("b", "c"))],
        {"a": ["D1"], "b": ["D1", "D2"], "c": ["D2"]},
    )
    assert immediate_acceptance(market).placed == {"a": "D1", "b": None, "c": "D2"}


def test_a_wish_that_is_not_accepted_costs_no_round() -> None:
    """Applicant b's first wish does not accept b, so b asks for D2 in the first round and wins by priority."""
    market = Market.of(
        [Programme("D1", 1, ("a",)), Programme("D2", 1, ("b", "c"))],
        {"a": ["D1"], "b": ["D1", "D2"], "c": ["D2"]},
    )
    assert immediate_acceptance(market).placed == {"a": "D1", "b": "D2", "c": None}


def test_a_market_of_nobody_has_no_rounds() -> None:
    """Nobody asks, nobody is placed."""
    assert immediate_acceptance(Market.of([Programme("D1", 1, ())], {})).placed == {}
