"""Reserves of seats as rules declare them → those of one programme, with their numbers of seats."""

from __future__ import annotations

from collections.abc import Mapping

from queue_engine.allocation.choice import Reserve
from queue_engine.allocation.market import Unused
from queue_engine.rules.model import Reserve as Declared
from queue_engine.rules.model import ReserveKind, RuleSet

_WHOLE = 100


def reserves_of(rules: RuleSet, capacity: int, on: int, entitled: Mapping[str, frozenset[str]]) -> tuple[Reserve, ...]:
    """Return the seats that rules set aside at a programme, in the order in which they are declared.

    A share is rounded down, so that shares of 100 % together never ask for more than there is. Seats that are kept
    until a day are kept on that day still, and general from the next one on. Reserves that move places of the queue
    set no seats aside: who stands where is their work, and the order has it already.

    Args:
        rules: those in force on the day.
        capacity: all seats of the programme.
        on: the day of the round.
        entitled: for each reserve, by id, for whom its condition holds at the programme; a reserve not named is for
            nobody.

    Complexity: linear in the reserves.

    >>> from queue_engine.rules.check import load_rules
    >>> camp = load_rules("rules/region-74/camp.yaml")
    >>> [(each.group, each.count, each.unused.value) for each in reserves_of(camp, 25, 20600, {})]
    [('hard_situation_seats', 7, 'general')]

    """
    return tuple(
        Reserve(
            each.id,
            entitled.get(each.id, frozenset()),
            capacity * each.amount // _WHOLE if each.percent else each.amount,
            after_general=each.filled == "after_general",
            unused=Unused.KEEP if _is_kept(each, on) else Unused.GENERAL,
        )
        for each in rules.reserves
        if each.kind is ReserveKind.SEATS and on in each.in_force
    )


def _is_kept(reserve: Declared, on: int) -> bool:
    """Return whether unused seats of a reserve stay empty on a day."""
    return reserve.unused == "keep" and (reserve.keep_until is None or on <= reserve.keep_until)
