from __future__ import annotations

from queue_engine.allocation.deferred_acceptance import deferred_acceptance
from queue_engine.allocation.efficiency_adjusted import efficiency_adjusted
from queue_engine.allocation.market import Market, Programme

MARKET = Market.of(
    [
        Programme("s1", 1, tuple("45321")),
        Programme("s2", 1, tuple("35412")),
        Programme("s3", 1, tuple("25143")),
        Programme("s4", 1, tuple("15234")),
        Programme("s5", 1, tuple("51234")),
    ],
    {
        "1": ["s1", "s2", "s3", "s4", "s5"],
        "2": ["s2", "s1", "s4", "s3", "s5"],
        "3": ["s3", "s4", "s1", "s2", "s5"],
        "4": ["s4", "s3", "s2", "s1", "s5"],
        "5": ["s4", "s3", "s2", "s1", "s5"],
    },
)


def test_one_who_gains_nothing_by_a_priority_no_longer_harms_the_others() -> None:
    """Five want five places; 5 gets s5 in any case, and without 5's claims all others have their first wish."""
    assert deferred_acceptance(MARKET).placed == {"1": "s4", "2": "s3", "3": "s2", "4": "s1", "5": "s5"}
    assert efficiency_adjusted(MARKET).placed == {"1": "s1", "2": "s2", "3": "s3", "4": "s4", "5": "s5"}


def test_where_deferred_acceptance_is_efficient_nothing_changes() -> None:
    """Everyone has the first wish already."""
    market = Market.of([Programme("D1", 2, ("a", "b"))], {"a": ["D1"], "b": ["D1"]})
    assert efficiency_adjusted(market) == deferred_acceptance(market)
