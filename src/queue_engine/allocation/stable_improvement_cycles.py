"""Stable improvement cycles: what the lottery cost and no priority asked for is given back."""

from __future__ import annotations

from queue_engine.allocation.deferred_acceptance import deferred_acceptance
from queue_engine.allocation.market import Market, Matching


def stable_improvement_cycles(market: Market) -> Matching:
    """Return the matching of deferred acceptance after exchanges that all in them like and no priority forbids.

    Stable: yes, as to the tiers; the lottery may be passed over. Strategy-proof: no.
    Efficient: no; but no matching that is stable as to the tiers is better for one and worse for nobody.
    Source: Erdil and Ergin, What's the matter with tie-breaking?, American Economic Review 98 (2008).

    Args:
        market: of plain capacities. Ties are first broken by the orders of the programmes; exchanges are then sought
            beginning with the lowest lottery number, then by name.

    Complexity: O(wishes · cycles); every cycle gives at least two applicants a better wish.

    >>> from queue_engine.allocation.market import Programme
    >>> tied = Programme("D1", 1, ("a", "b"), tiers=(("a", "b"),)), Programme("D2", 1, ("b", "a"), tiers=(("a", "b"),))
    >>> market = Market.of(tied, {"a": ["D2", "D1"], "b": ["D1", "D2"]})
    >>> stable_improvement_cycles(market).placed
    {'a': 'D2', 'b': 'D1'}

    """
    placed = dict(deferred_acceptance(market).placed)
    first = len(market.wishes)
    sequence = sorted(market.wishes, key=lambda name: (market.lottery.get(name, first), name))
    while cycle := _cycle(_wanted(market, placed, sequence)):
        seats = [placed[applicant] for applicant in cycle]
        placed |= dict(zip(cycle, [*seats[1:], seats[0]], strict=True))
    return Matching(placed)


def _wanted(market: Market, placed: dict[str, str | None], sequence: list[str]) -> dict[str, list[str]]:
    """Return, for each who is placed, whose seats they may take: no one of a better tier wants a seat there."""
    best: dict[str, int] = {}
    wanting: dict[str, list[str]] = {}
    for applicant in sequence:
        wishes = market.mutual[applicant]
        place = placed[applicant]
        wanting[applicant] = list(wishes if place is None else wishes[: wishes.index(place)])
        for wish in wanting[applicant]:
            tier = market.programmes[wish].tier[applicant]
            best[wish] = min(tier, best.get(wish, tier))
    holding: dict[str, list[str]] = {}
    for applicant in sequence:
        place = placed[applicant]
        if place is not None:
            holding.setdefault(place, []).append(applicant)
    return {
        applicant: [
            holder
            for wish in wanting[applicant]
            if market.programmes[wish].tier[applicant] == best[wish]
            for holder in holding.get(wish, ())
        ]
        for applicant in sequence
        if placed[applicant] is not None
    }


def _cycle(wanted: dict[str, list[str]]) -> list[str]:
    """Return the first cycle found by going on from each in turn, or [] when there is none."""
    done: set[str] = set()
    for start, wishes_of_start in wanted.items():
        if start in done:
            continue
        path = {start: iter(wishes_of_start)}
        while path:
            last, wishes = next(reversed(path.items()))
            following = next((each for each in wishes if each not in done), None)
            if following is None:
                done.add(last)
                del path[last]
            elif following in path:
                names = list(path)
                return names[names.index(following) :]
            else:
                path[following] = iter(wanted[following])
    return []
