from __future__ import annotations

from queue_engine.allocation.deferred_acceptance import (
    deferred_acceptance,
    deferred_acceptance_by_choice,
    programme_proposing_deferred_acceptance,
)
from queue_engine.allocation.market import Market, Programme, Seats

GALE_SHAPLEY = Market.of(
    [
        Programme("A", 1, ("beta", "gamma", "alpha")),
        Programme("B", 1, ("gamma", "alpha", "beta")),
        Programme("C", 1, ("alpha", "beta", "gamma")),
    ],
    {"alpha": ["A", "B", "C"], "beta": ["B", "C", "A"], "gamma": ["C", "A", "B"]},
)


def test_the_first_example_of_the_paper_has_two_extremes() -> None:
    """Gale and Shapley 1962: everyone's first wish when applicants propose, their last when programmes do."""
    assert deferred_acceptance(GALE_SHAPLEY).placed == {"alpha": "A", "beta": "B", "gamma": "C"}
    assert programme_proposing_deferred_acceptance(GALE_SHAPLEY).placed == {"alpha": "C", "beta": "A", "gamma": "B"}


def test_a_transfer_keeps_its_seat_when_no_other_is_free() -> None:
    """The worked example: places of three gardens, orders given, G sits in D3 and wishes D1."""
    market = Market.of(
        [
            Programme("D1", 2, tuple("DCAEBG")),
            Programme("D2", 1, tuple("DFAE")),
            Programme("D3", 1, tuple("GB")),
        ],
        {
            "A": ["D1", "D2"],
            "B": ["D1", "D3"],
            "C": ["D1"],
            "D": ["D2", "D1"],
            "E": ["D1", "D2"],
            "F": ["D2"],
            "G": ["D1", "D3"],
        },
    )
    expected = {"A": "D1", "B": None, "C": "D1", "D": "D2", "E": None, "F": None, "G": "D3"}
    assert deferred_acceptance(market).placed == expected
    assert programme_proposing_deferred_acceptance(market).placed == expected


def test_two_who_sit_where_the_other_wishes_exchange() -> None:
    """Each has the top priority where they sit and is accepted where they wish; no seat is free."""
    market = Market.of(
        [Programme("X", 1, ("a", "b")), Programme("Y", 1, ("b", "a"))], {"a": ["Y", "X"], "b": ["X", "Y"]}
    )
    assert deferred_acceptance(market).placed == {"a": "Y", "b": "X"}


def test_a_wish_that_is_not_accepted_is_passed_over() -> None:
    """Whoever a programme does not list is not placed there, even on a free seat."""
    market = Market.of([Programme("D1", 2, ("b",)), Programme("D2", 0, ("a",))], {"a": ["D1", "D2"], "b": ["D1"]})
    for mechanism in (deferred_acceptance, deferred_acceptance_by_choice, programme_proposing_deferred_acceptance):
        assert mechanism(market).placed == {"a": None, "b": "D1"}


def test_a_market_of_nobody_has_an_empty_matching() -> None:
    """No applicants, and no programmes."""
    assert deferred_acceptance(Market.of([], {})).placed == {}
    assert programme_proposing_deferred_acceptance(Market.of([Programme("D1", 1, ())], {})).placed == {}


def test_seats_of_a_group_decide_from_both_sides() -> None:
    """The only seat is set aside for b, who stands behind a."""
    market = Market.of(
        [Programme("D1", 1, ("a", "b"), seats=(Seats(1, "m", frozenset("b")),))], {"a": ["D1"], "b": ["D1"]}
    )
    assert deferred_acceptance(market).placed == {"a": None, "b": "D1"}
    assert programme_proposing_deferred_acceptance(market).placed == {"a": None, "b": "D1"}
