"""The mechanisms by name, and one way to run any of them: check that it may run, compute, check what came out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum

import attrs

from queue_engine.allocation.bundles import match_together, parted
from queue_engine.allocation.deferred_acceptance import deferred_acceptance, programme_proposing_deferred_acceptance
from queue_engine.allocation.efficiency_adjusted import efficiency_adjusted
from queue_engine.allocation.immediate_acceptance import immediate_acceptance
from queue_engine.allocation.market import Market, MarketError, Matching
from queue_engine.allocation.serial_dictatorship import common_order, serial_dictatorship
from queue_engine.allocation.stability import check_matching
from queue_engine.allocation.stable_improvement_cycles import stable_improvement_cycles
from queue_engine.allocation.top_trading_cycles import top_trading_cycles
from queue_engine.errors import Place, Problem


class Envy(Enum):
    """Which envy a mechanism rules out."""

    ALL = "all"
    BETWEEN_TIERS = "between tiers"
    NONE = "none"


@attrs.frozen
class Mechanism:
    """A mechanism: what it computes, whether rules on seats and bundles are for it, and which envy it rules out."""

    run: Callable[[Market], Matching]
    takes_rules: bool = False
    no_envy: Envy = Envy.NONE
    takes_bundles: bool = False


def in_common_order(market: Market) -> Matching:
    """Return the matching of serial dictatorship in the order of the market itself.

    Stable: yes, where programmes have an order in common; else no. Strategy-proof: yes.
    Efficient: yes.
    Source: as `serial_dictatorship`.

    Args:
        market: the order is the one that all programmes agree with; where they contradict each other, that of
            the lottery numbers alone.

    Raises:
        MarketError: programmes contradict each other and somebody has no lottery number.

    Complexity: O(n log n) in the length of all orders.

    >>> from queue_engine.allocation.market import Programme
    >>> market = Market.of([Programme("D1", 1, ("b", "a"))], {"a": ["D1"], "b": ["D1"]})
    >>> in_common_order(market).placed
    {'a': None, 'b': 'D1'}

    """
    order = common_order(market)
    if order is None and market.wishes.keys() <= market.lottery.keys():
        order = tuple(sorted(market.wishes, key=lambda name: (market.lottery[name], name)))
    if order is None:
        message = "programmes put applicants in contradicting orders, and serial dictatorship needs one for all"
        remedy = "give every applicant a lottery number, or choose another mechanism"
        raise MarketError([Problem(Place("market"), "A040", message, remedy)])
    return serial_dictatorship(market, order)


MECHANISMS: Mapping[str, Mechanism] = {
    "deferred-acceptance": Mechanism(deferred_acceptance, takes_rules=True, no_envy=Envy.ALL, takes_bundles=True),
    "serial-dictatorship": Mechanism(in_common_order),
    "immediate-acceptance": Mechanism(immediate_acceptance),
    "top-trading-cycles": Mechanism(top_trading_cycles),
    "efficiency-adjusted": Mechanism(efficiency_adjusted),
    "stable-improvement-cycles": Mechanism(stable_improvement_cycles, no_envy=Envy.BETWEEN_TIERS),
}
PROGRAMME_PROPOSING = Mechanism(programme_proposing_deferred_acceptance, takes_rules=True, no_envy=Envy.ALL)


def allocate(market: Market, mechanism: Mechanism, file: str = "market") -> Matching:
    """Return the matching of a mechanism, checked.

    Args:
        market: what is asked for.
        mechanism: one of `MECHANISMS`, or `PROGRAMME_PROPOSING`.
        file: what the market is called in problems.

    Raises:
        MarketError: the mechanism cannot be run on this market.
        AssertionError: the result does not have the properties the mechanism promises; the engine is wrong.

    Complexity: that of the mechanism and of `check_matching`.

    >>> from queue_engine.allocation.market import Programme
    >>> market = Market.of([Programme("D1", 1, ("b", "a"))], {"a": ["D1"], "b": ["D1"]})
    >>> allocate(market, MECHANISMS["deferred-acceptance"]).placed
    {'a': None, 'b': 'D1'}

    """
    if not mechanism.takes_rules and not market.is_plain:
        message = "the mechanism knows capacities only, and the market has rules on seats"
        part = "ties" if any(programme.keeps_tiers for programme in market.programmes.values()) else "rules"
        raise MarketError([Problem(Place(file), "A041", message, f"choose deferred-acceptance, or leave out '{part}'")])
    if not mechanism.takes_bundles and market.bundles:
        message = "the mechanism places everybody alone, and the market has bundles"
        remedy = "choose deferred-acceptance with applicants proposing, or leave out 'bundles'"
        raise MarketError([Problem(Place(file), "A042", message, remedy)])
    try:
        together = match_together(market, market.bundles, mechanism.run)
    except MarketError as error:
        raise MarketError(attrs.evolve(problem, place=Place(file)) for problem in error.problems) from None
    matching = together.matching
    violations = check_matching(together.market, matching, lottery_binds=mechanism.no_envy is Envy.ALL)
    if mechanism.no_envy is Envy.NONE:
        violations = [violation for violation in violations if violation.property != "P8"]
    assert not violations, "; ".join(map(str, violations))
    assert not any(parted(market, market.bundles, matching)), "a bundle is parted"
    return matching
