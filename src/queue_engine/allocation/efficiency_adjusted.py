"""Efficiency-adjusted deferred acceptance: priorities that help nobody are given up."""

from __future__ import annotations

import attrs

from queue_engine.allocation.deferred_acceptance import deferred_acceptance
from queue_engine.allocation.market import Market, Matching


def efficiency_adjusted(market: Market) -> Matching:
    """Return the matching of efficiency-adjusted deferred acceptance in which everyone consents.

    Stable: no; only priorities are passed over whose holders lose nothing by it. Strategy-proof: no.
    Efficient: yes; and nobody is placed worse than by deferred acceptance.
    Source: Kesten, School choice with consent, Quarterly Journal of Economics 125 (2010); in the simple form of
    Tang and Yu, A new perspective on Kesten's school choice with consent idea, Journal of Economic Theory 154 (2014).

    Args:
        market: of plain capacities. In each round the programmes that nobody wishes more than the place they have
            leave, with those who are placed there; so do those who are placed nowhere; the others begin again.

    Complexity: O(programmes) runs of deferred acceptance.

    >>> from queue_engine.allocation.market import Programme
    >>> market = Market.of([Programme("s1", 1, ("i1", "i3", "i2")), Programme("s2", 1, ("i2", "i1", "i3"))],
    ...                    {"i1": ["s2", "s1"], "i2": ["s1", "s2"], "i3": ["s1"]})
    >>> deferred_acceptance(market).placed
    {'i1': 's1', 'i2': 's2', 'i3': None}
    >>> efficiency_adjusted(market).placed
    {'i1': 's2', 'i2': 's1', 'i3': None}

    """
    placed: dict[str, str | None] = dict.fromkeys(market.wishes)
    left = market
    while left.wishes:
        round_ = deferred_acceptance(left).placed
        wanted = {wish for applicant, place in round_.items() for wish in _better(left.mutual[applicant], place)}
        settled = {applicant: place for applicant, place in round_.items() if place not in wanted}
        assert settled, "a programme that fills its last seat last is wanted by nobody who was refused there"
        placed |= settled
        left = attrs.evolve(
            left,
            programmes={name: programme for name, programme in left.programmes.items() if name in wanted},
            wishes={
                applicant: tuple(wish for wish in left.mutual[applicant] if wish in wanted)
                for applicant in left.wishes
                if applicant not in settled
            },
        )
    return Matching(placed)


def _better(wishes: tuple[str, ...], place: str | None) -> tuple[str, ...]:
    """Return the wishes that are better than a place."""
    return wishes if place is None else wishes[: wishes.index(place)]
