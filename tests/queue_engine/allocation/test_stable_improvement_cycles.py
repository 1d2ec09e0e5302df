from __future__ import annotations

from queue_engine.allocation.deferred_acceptance import deferred_acceptance
from queue_engine.allocation.market import Market, Programme
from queue_engine.allocation.stable_improvement_cycles import stable_improvement_cycles

WISHES = {"a": ["D2", "D1"], "b": ["D1", "D2"], "c": ["D2"]}


def market(of_c: tuple[tuple[str, ...], ...]) -> Market:
    """Return a market in which the lottery costs a and b their first wishes, and c stands where told at D2."""
    tied = Programme("D1", 1, ("a", "b"), tiers=(("a", "b"),))
    return Market.of([tied, Programme("D2", 1, ("b", "c", "a"), tiers=of_c)], WISHES)


def test_two_exchange_what_only_the_lottery_gave_them() -> None:
    """All tie everywhere, so a and b may have their first wishes, though c drew better than a."""
    drawn = market((("b", "c", "a"),))
    assert deferred_acceptance(drawn).placed == {"a": "D1", "b": "D2", "c": None}
    assert stable_improvement_cycles(drawn).placed == {"a": "D2", "b": "D1", "c": None}


def test_an_exchange_over_a_better_priority_is_not_made() -> None:
    """Applicant c is before a at D2 by a tier and wants it, so a may not have b's seat."""
    kept = market((("b", "c"), ("a",)))
    assert stable_improvement_cycles(kept) == deferred_acceptance(kept)


def test_a_chain_that_leads_nowhere_is_left() -> None:
    """Applicant a wants b's seat, b wants c's, and c wants none: nothing closes."""
    orders = {"D1": ("a", "b", "c"), "D2": ("b", "c", "a"), "D3": ("c", "a", "b")}
    programmes = [Programme(name, 1, order, tiers=(order,)) for name, order in orders.items()]
    chain = Market.of(programmes, {"a": ["D2", "D1"], "b": ["D3", "D2"], "c": ["D3"]})
    assert deferred_acceptance(chain).placed == {"a": "D1", "b": "D2", "c": "D3"}
    assert stable_improvement_cycles(chain) == deferred_acceptance(chain)
