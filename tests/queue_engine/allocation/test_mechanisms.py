from __future__ import annotations

import pytest

from queue_engine.allocation.market import Market, MarketError, Matching, Programme, Seats
from queue_engine.allocation.mechanisms import (
    MECHANISMS,
    PROGRAMME_PROPOSING,
    Envy,
    Mechanism,
    allocate,
    in_common_order,
)

WISHES = {"a": ["D1"], "b": ["D1"]}
RESERVED = Market.of([Programme("D1", 1, ("a", "b"), seats=(Seats(1, "m", frozenset("b")),))], WISHES)
PLAIN = Market.of([Programme("D1", 1, ("a", "b"))], WISHES)


def test_only_deferred_acceptance_takes_rules_on_seats() -> None:
    """The others refuse such a market rather than pass over its rules."""
    for name, mechanism in [*MECHANISMS.items(), ("programmes", PROGRAMME_PROPOSING)]:
        if name in {"deferred-acceptance", "programmes"}:
            assert allocate(RESERVED, mechanism).placed == {"a": None, "b": "D1"}
        else:
            with pytest.raises(MarketError, match=r"m\.json: error A041"):
                allocate(RESERVED, mechanism, "m.json")


@pytest.mark.parametrize("mechanism", [*MECHANISMS.values(), PROGRAMME_PROPOSING])
def test_every_mechanism_gives_one_seat_to_the_first(mechanism: Mechanism) -> None:
    """Where all agree there is one answer."""
    assert allocate(PLAIN, mechanism).placed == {"a": "D1", "b": None}


@pytest.mark.parametrize(
    ("no_envy", "placed"),
    [
        (Envy.ALL, {"a": None, "b": "D1"}),
        (Envy.BETWEEN_TIERS, {"a": None, "b": "D1"}),
        (Envy.NONE, {"a": None, "b": None}),
    ],
)
def test_a_result_that_breaks_its_promise_is_not_given_out(no_envy: Envy, placed: dict[str, str | None]) -> None:
    """Envy where none was promised, and waste by any mechanism."""
    wrong = Mechanism(lambda _: Matching(placed), no_envy=no_envy)
    with pytest.raises(AssertionError, match=r"P[78]: 'a' wishes 'D1'"):
        allocate(PLAIN, wrong)


def test_who_promises_nothing_about_envy_is_not_held_to_it() -> None:
    """Applicant b sits where a was refused, as immediate acceptance may have it."""
    assert allocate(PLAIN, Mechanism(lambda _: Matching({"a": None, "b": "D1"}))).placed["b"] == "D1"


def test_contradicting_programmes_go_by_the_lottery_if_everyone_has_a_number() -> None:
    """The lottery alone is one order of all; without it there is none."""
    programmes = [Programme("D1", 1, ("a", "b")), Programme("D2", 1, ("b", "a"))]
    wishes = {"a": ["D1", "D2"], "b": ["D1", "D2"]}
    assert in_common_order(Market.of(programmes, wishes, {"a": 2, "b": 1})).placed == {"a": "D2", "b": "D1"}
    with pytest.raises(MarketError, match="contradicting orders"):
        allocate(Market.of(programmes, wishes, {"a": 2}), MECHANISMS["serial-dictatorship"])
