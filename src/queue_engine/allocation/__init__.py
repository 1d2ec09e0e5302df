"""Who gets a place: markets, mechanisms, and the properties of what they give."""

from __future__ import annotations

from queue_engine.allocation.bundles import Together, bundles_of, match_together, together_in_order, together_in_tiers
from queue_engine.allocation.choice import Reserve, choose, seats_in_order
from queue_engine.allocation.deferred_acceptance import (
    deferred_acceptance,
    deferred_acceptance_by_choice,
    programme_proposing_deferred_acceptance,
)
from queue_engine.allocation.document import CODES
from queue_engine.allocation.efficiency_adjusted import efficiency_adjusted
from queue_engine.allocation.immediate_acceptance import immediate_acceptance
from queue_engine.allocation.market import (
    Ceiling,
    Market,
    MarketError,
    Matching,
    Programme,
    Seats,
    Share,
    Ties,
    Unused,
)
from queue_engine.allocation.mechanisms import MECHANISMS, PROGRAMME_PROPOSING, Mechanism, allocate, in_common_order
from queue_engine.allocation.reading import read_market, read_markets
from queue_engine.allocation.serial_dictatorship import common_order, serial_dictatorship
from queue_engine.allocation.stability import check_matching
from queue_engine.allocation.stable_improvement_cycles import stable_improvement_cycles
from queue_engine.allocation.top_trading_cycles import top_trading_cycles
from queue_engine.allocation.violations import Violation

__all__ = [
    "CODES",
    "MECHANISMS",
    "PROGRAMME_PROPOSING",
    "Ceiling",
    "Market",
    "MarketError",
    "Matching",
    "Mechanism",
    "Programme",
    "Reserve",
    "Seats",
    "Share",
    "Ties",
    "Together",
    "Unused",
    "Violation",
    "allocate",
    "bundles_of",
    "check_matching",
    "choose",
    "common_order",
    "deferred_acceptance",
    "deferred_acceptance_by_choice",
    "efficiency_adjusted",
    "immediate_acceptance",
    "in_common_order",
    "match_together",
    "programme_proposing_deferred_acceptance",
    "read_market",
    "read_markets",
    "seats_in_order",
    "serial_dictatorship",
    "stable_improvement_cycles",
    "together_in_order",
    "together_in_tiers",
    "top_trading_cycles",
]
