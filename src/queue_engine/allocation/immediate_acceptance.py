"""Immediate acceptance, the Boston mechanism: a place once given is never taken back."""

from __future__ import annotations

from queue_engine.allocation.market import Market, Matching


def immediate_acceptance(market: Market) -> Matching:
    """Return the matching in which round k gives the places that are left to those who wish them k-th.

    Stable: no. Strategy-proof: no; who asks first for a popular programme may lose the place another wish had.
    Efficient: yes, as to the lists that were handed in.
    Source: Abdulkadiroğlu and Sönmez, School choice: a mechanism design approach, American Economic Review 93 (2003).

    Args:
        market: of plain capacities; wishes for programmes that do not accept the applicant are dropped before the
            rounds, so that they cost no round.

    Complexity: O(n log n) in the wishes.

    >>> from queue_engine.allocation.market import Programme
    >>> order = ("a", "b", "c")
    >>> market = Market.of([Programme("D1", 1, order), Programme("D2", 1, order)],
    ...                    {"a": ["D1"], "b": ["D1", "D2"], "c": ["D2"]})
    >>> immediate_acceptance(market).placed
    {'a': 'D1', 'b': None, 'c': 'D2'}

    """
    placed: dict[str, str | None] = dict.fromkeys(market.wishes)
    free = {name: programme.capacity for name, programme in market.programmes.items()}
    for turn in range(max(map(len, market.mutual.values()), default=0)):
        asked: dict[str, list[str]] = {}
        for applicant, wishes in market.mutual.items():
            if placed[applicant] is None and turn < len(wishes):
                asked.setdefault(wishes[turn], []).append(applicant)
        for name, applicants in asked.items():
            accepted = sorted(applicants, key=market.programmes[name].rank.__getitem__)[: free[name]]
            placed |= dict.fromkeys(accepted, name)
            free[name] -= len(accepted)
    return Matching(placed)
