"""Top trading cycles: priorities are property that may be exchanged."""

from __future__ import annotations

from queue_engine.allocation.market import Market, Matching


def top_trading_cycles(market: Market) -> Matching:
    """Return the matching of top trading cycles.

    Stable: no; who has a priority may give it to somebody who then passes others. Strategy-proof: yes.
    Efficient: yes.
    Source: Shapley and Scarf, On cores and indivisibility, Journal of Mathematical Economics 1 (1974);
    Abdulkadiroğlu and Sönmez, School choice: a mechanism design approach, American Economic Review 93 (2003).

    Args:
        market: of plain capacities. A programme with seats left points at the best of those it accepts who has no
            place yet, whether or not they wish it: their priority there is theirs to trade.

    Complexity: O(applicants · programmes), plus the lengths of wishes and orders.

    >>> from queue_engine.allocation.market import Programme
    >>> market = Market.of([Programme("D1", 1, ("b", "a")), Programme("D2", 1, ("a", "b"))],
    ...                    {"a": ["D1", "D2"], "b": ["D2", "D1"]})
    >>> top_trading_cycles(market).placed
    {'a': 'D1', 'b': 'D2'}

    """
    trade = _Trade(market)
    for applicant in sorted(market.wishes):
        while applicant not in trade.placed:
            trade.walk_from(applicant)
    return Matching({applicant: trade.placed[applicant] for applicant in market.wishes})


class _Trade:
    """Who is placed, and what is left to trade."""

    def __init__(self, market: Market) -> None:
        self.placed: dict[str, str | None] = {}
        self._free = {name: programme.capacity for name, programme in market.programmes.items()}
        self._wishes = {applicant: list(reversed(wishes)) for applicant, wishes in market.mutual.items()}
        self._orders = {name: list(reversed(programme.order)) for name, programme in market.programmes.items()}

    def walk_from(self, applicant: str) -> None:
        """Go from an applicant to the programme they point at, on to whom that points at, until a cycle is closed."""
        walk: dict[str, str] = {}
        while applicant not in walk:
            wishes = self._wishes[applicant]
            while wishes and not self._free[wishes[-1]]:
                wishes.pop()
            if not wishes:
                self.placed[applicant] = None
                return
            walk[applicant] = wishes[-1]
            order = self._orders[wishes[-1]]
            while order[-1] in self.placed:
                order.pop()
            applicant = order[-1]
        names = list(walk)
        for name in names[names.index(applicant) :]:
            self.placed[name] = walk[name]
            self._free[walk[name]] -= 1
