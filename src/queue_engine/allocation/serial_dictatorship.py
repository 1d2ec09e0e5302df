"""Serial dictatorship: one order of all applicants, and each in turn takes the best place that is left."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

from queue_engine.allocation.market import Market, Matching


def serial_dictatorship(market: Market, order: Sequence[str]) -> Matching:
    """Return the matching in which applicants, in one order, take the most wished place that is left.

    Stable: yes, where the order is that of every programme; else no. Strategy-proof: yes.
    Efficient: yes.
    Source: Satterthwaite and Sonnenschein, Strategy-proof allocation mechanisms at differentiable points,
    Review of Economic Studies 48 (1981); Abdulkadiroğlu and Sönmez, Random serial dictatorship, Econometrica 66 (1998).

    Args:
        market: of plain capacities; programmes accept whom they list, and their own order counts for nothing.
        order: every applicant once.

    Raises:
        ValueError: the order leaves out or repeats somebody.

    Complexity: linear in the wishes.

    >>> from queue_engine.allocation.market import Programme
    >>> market = Market.of([Programme("D1", 1, ("a", "b")), Programme("D2", 1, ("a", "b"))],
    ...                    {"a": ["D1", "D2"], "b": ["D1", "D2"]})
    >>> serial_dictatorship(market, ["b", "a"]).placed
    {'a': 'D2', 'b': 'D1'}

    """
    if sorted(order) != sorted(market.wishes):
        raise ValueError("the order must name every applicant of the market once")
    free = {name: programme.capacity for name, programme in market.programmes.items()}
    placed: dict[str, str | None] = dict.fromkeys(market.wishes)
    for applicant in order:
        place = next((wish for wish in market.mutual[applicant] if free[wish]), None)
        if place is not None:
            placed[applicant] = place
            free[place] -= 1
    return Matching(placed)


def common_order(market: Market) -> tuple[str, ...] | None:
    """Return an order of all applicants that every programme's order agrees with; None if two contradict each other.

    Of those who may stand next, the one with the lowest lottery number comes first, then by name: whom no
    programme compares, directly or through others, takes no place from each other.

    Args:
        market: any.

    Complexity: O(n log n) in the length of all orders.

    >>> from queue_engine.allocation.market import Programme
    >>> wishes = {"a": ["D1"], "b": ["D1"], "c": ["D2"]}
    >>> common_order(Market.of([Programme("D1", 1, ("b", "a")), Programme("D2", 1, ("a", "c"))], wishes))
    ('b', 'a', 'c')
    >>> common_order(Market.of([Programme("D1", 1, ("b", "a")), Programme("D2", 1, ("a", "b"))], wishes)) is None
    True

    """
    behind: dict[str, list[str]] = {applicant: [] for applicant in market.wishes}
    ahead = dict.fromkeys(market.wishes, 0)
    for programme in market.programmes.values():
        for better, worse in zip(programme.order, programme.order[1:], strict=False):
            behind[better].append(worse)
            ahead[worse] += 1
    last = len(market.wishes)
    waiting = [(market.lottery.get(name, last), name) for name, count in ahead.items() if not count]
    heapify(waiting)
    found: list[str] = []
    while waiting:
        _, applicant = heappop(waiting)
        found.append(applicant)
        for worse in behind[applicant]:
            ahead[worse] -= 1
            if not ahead[worse]:
                heappush(waiting, (market.lottery.get(worse, last), worse))
    return tuple(found) if len(found) == last else None
