"""The quick ways to deferred acceptance give what its definition gives: one proposal after another."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import attrs
import numpy as np
from tests.trials.markets import Scene, one_proposal_at_a_time, scene

from queue_engine.allocation.array_check import check_arrays
from queue_engine.allocation.arrays import NO_SEAT, Wishes, match_arrays
from queue_engine.allocation.deferred_acceptance import deferred_acceptance, deferred_acceptance_by_choice
from queue_engine.allocation.market import Market, Matching
from queue_engine.allocation.packed_order import Keys, Ranks
from queue_engine.allocation.stability import check_matching

LARGEST, SEATS = (12, 6), 4


@attrs.frozen
class Checked:
    """What became of one market.

    Args:
        name: which one; it can be drawn again by it.
        applicants: how many it has.
        wrong: what is wrong with the quick ways, in words.

    """

    name: str
    applicants: int
    wrong: tuple[str, ...]


def as_arrays(market: Market) -> tuple[Wishes, Keys, Ranks, np.ndarray]:
    """Return a market of plain capacities as arrays: mutual wishes, the same priorities twice, capacities."""
    numbers = {name: number for number, name in enumerate(market.programmes)}
    rows = [(one, wish) for one, wishes in market.mutual.items() for wish in wishes]
    places = [market.programmes[wish].rank[one] for one, wish in rows]
    asking = {
        name: sorted(place for (_, wish), place in zip(rows, places, strict=True) if wish == name) for name in numbers
    }
    ranks = [asking[wish].index(place) for (_, wish), place in zip(rows, places, strict=True)]
    starts = np.cumsum([0, *map(len, market.mutual.values())])
    wishes = Wishes(starts, np.array([numbers[wish] for _, wish in rows], np.int32))
    keys = Keys([np.array(places, np.uint32)], [len(market.wishes)])
    capacities = np.array([programme.capacity for programme in market.programmes.values()], np.int64)
    return wishes, keys, Ranks(np.array(ranks, np.int64)), capacities


def shuffled(market: Market, luck: Random) -> Market:
    """Return a market with its rows in another order."""
    programmes, wishes = list(market.programmes.items()), list(market.wishes.items())
    return Market(dict(luck.sample(programmes, len(programmes))), dict(luck.sample(wishes, len(wishes))))


def _differences(given: Scene, luck: Random) -> Iterator[str]:
    """Yield which quick way differs from the definition, and what the result lacks."""
    market = given.market
    expected = one_proposal_at_a_time(market, luck)
    if one_proposal_at_a_time(market, luck) != expected:
        yield "the order of proposals decides"
    for name, way in (("quick", deferred_acceptance), ("by choice", deferred_acceptance_by_choice)):
        for order, rows in (("", market), (", shuffled", shuffled(market, luck))):
            if way(rows) != expected:
                yield f"{name}{order}: {way(rows).placed}, not {expected.placed}"
    yield from map(str, check_matching(market, expected))
    for one, held in given.held.items():
        if expected.placed[one] is None or market.wishes[one].index(expected.placed[one]) > market.wishes[one].index(
            held
        ):
            yield f"{one} loses the seat at {held}"
    if market.is_plain:
        yield from _arrays_differ(market, expected, luck)


def _arrays_differ(market: Market, expected: Matching, luck: Random) -> Iterator[str]:
    """Yield where arrays differ from the definition, or do not pass their check."""
    wishes, keys, ranks, capacities = as_arrays(market)
    names = [*market.programmes]
    for priorities in (keys, ranks):
        last_free = luck.choice((None, 0, 2, 100))
        seats = match_arrays(wishes, priorities, capacities, last_free=last_free)
        placed = [None if seat == NO_SEAT else names[seat] for seat in seats.tolist()]
        if placed != list(expected.placed.values()):
            yield f"arrays, last_free {last_free}: {placed}, not {expected.placed}"
        yield from map(str, check_arrays(wishes, priorities, capacities, seats))


def checked(number: int) -> Checked:
    """Return what is wrong with the quick ways on a market, by its number."""
    given = scene(number, most=LARGEST, seats=SEATS)
    luck = Random(f"order/{number}")  # noqa: S311 - repeatable on purpose
    return Checked(given.name, len(given.market.wishes), tuple(_differences(given, luck)))
