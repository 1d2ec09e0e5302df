"""Deferred acceptance: every place is held only until somebody with a better priority asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from heapq import heappop, heappush

from queue_engine.allocation.choice import choose
from queue_engine.allocation.market import Market, Matching, Programme, Ties


def deferred_acceptance(market: Market) -> Matching:
    """Return the matching of applicant-proposing deferred acceptance.

    Stable: yes. Strategy-proof: yes, for applicants; no where tiers are not divided.
    Efficient: no; but every applicant likes it at least as much as any other stable matching.
    Source: Gale and Shapley, College admissions and the stability of marriage, American Mathematical Monthly 69 (1962).

    Args:
        market: where programmes have seats of groups, ceilings, shares or tiers not divided, `choose` decides.

    Complexity: O(wishes · log capacity) for plain capacities; else as `deferred_acceptance_by_choice`.

    >>> from queue_engine.allocation.market import Programme
    >>> market = Market.of([Programme("D1", 1, ("b", "a")), Programme("D2", 1, ("a", "b"))],
    ...                    {"a": ["D1", "D2"], "b": ["D1"]})
    >>> deferred_acceptance(market).placed
    {'a': 'D2', 'b': 'D1'}

    """
    return _by_heaps(market) if market.is_plain else deferred_acceptance_by_choice(market)


def deferred_acceptance_by_choice(market: Market) -> Matching:
    """Return the same, by the definition: all who hold no place propose, programmes choose, until nobody proposes.

    Where no tier may pass the capacity, a programme chooses among all who ever asked: a tier that was once too many is
    refused for good, even if its members have gone elsewhere, since they would come back for the seats.

    Stable: yes. Strategy-proof: yes, for applicants; no where tiers are not divided, since a programme may then place
    fewer when more ask.
    Efficient: no; but every applicant likes it at least as much as any other stable matching.
    Source: Gale and Shapley 1962; for choices of this generality Hatfield and Milgrom, Matching with contracts,
    American Economic Review 95 (2005): whom a programme refuses it must refuse as well when more ask; for whole tiers
    Biró and Kiselgof, College admissions with stable score-limits, Central European Journal of Operations Research 23
    (2015).

    Args:
        market: any.

    Complexity: O(wishes) choices of one programme each.

    >>> from queue_engine.allocation.market import Programme, Seats
    >>> kept = (Seats(1, "police", frozenset("b")),)
    >>> market = Market.of([Programme("D1", 1, ("a", "b"), seats=kept)], {"a": ["D1"], "b": ["D1"]})
    >>> deferred_acceptance_by_choice(market).placed
    {'a': None, 'b': 'D1'}

    """
    ahead = {applicant: list(reversed(wishes)) for applicant, wishes in market.mutual.items()}
    placed: dict[str, str | None] = dict.fromkeys(ahead)
    held: dict[str, tuple[str, ...]] = dict.fromkeys(market.programmes, ())
    ever: dict[str, list[str]] = {name: [] for name, programme in market.programmes.items() if _forgets(programme)}
    while asking := [applicant for applicant, place in placed.items() if place is None and ahead[applicant]]:
        asked: dict[str, list[str]] = {}
        for applicant in asking:
            asked.setdefault(ahead[applicant].pop(), []).append(applicant)
        for name, applicants in asked.items():
            programme = market.programmes[name]
            wanted = sorted([*ever.get(name, held[name]), *applicants], key=programme.rank.__getitem__)
            placed |= dict.fromkeys(held[name])
            held[name] = choose(programme, wanted)
            placed |= dict.fromkeys(held[name], name)
            if name in ever:
                ever[name] = wanted
    return Matching(placed)


def _forgets(programme: Programme) -> bool:
    """Return whether whom a programme refused counts when it chooses again."""
    return programme.ties is Ties.UNDERFILL


def _by_heaps(market: Market) -> Matching:
    """Return the matching, one proposal after the other; each programme keeps the worst it holds on top of a heap."""
    wishes = {applicant: iter(wished) for applicant, wished in market.mutual.items()}
    placed: dict[str, str | None] = dict.fromkeys(wishes)
    held: dict[str, list[int]] = {name: [] for name in market.programmes}
    asking = list(wishes)
    while asking:
        applicant = asking.pop()
        for name in wishes[applicant]:
            programme = market.programmes[name]
            heappush(held[name], -programme.rank[applicant])
            placed[applicant] = name
            if len(held[name]) > programme.capacity:
                refused = programme.order[-heappop(held[name])]
                placed[refused] = None
                if refused == applicant:
                    continue
                asking.append(refused)
            break
    return Matching(placed)


def programme_proposing_deferred_acceptance(market: Market) -> Matching:
    """Return the matching of deferred acceptance in which programmes make the offers.

    Stable: yes. Strategy-proof: no, neither for applicants nor for programmes.
    Efficient: no; every applicant likes any other stable matching at least as much.
    Source: Gale and Shapley 1962; Roth, The economics of matching, Mathematics of Operations Research 7 (1982).

    Args:
        market: any; each programme offers its seats to those whom it would choose of all who have not refused it.
            Where no tier may pass the capacity, who has a better offer counts as having refused, unasked: who does not
            want a seat needs no room in it.

    Complexity: O(wishes) choices of one programme each.

    >>> from queue_engine.allocation.market import Programme
    >>> market = Market.of([Programme("A", 1, ("y", "x")), Programme("B", 1, ("x", "y"))],
    ...                    {"x": ["A", "B"], "y": ["B", "A"]})
    >>> programme_proposing_deferred_acceptance(market).placed, deferred_acceptance(market).placed
    ({'x': 'B', 'y': 'A'}, {'x': 'A', 'y': 'B'})

    """
    liking = {
        applicant: {name: rank for rank, name in enumerate(wishes)} for applicant, wishes in market.mutual.items()
    }
    willing = {
        name: [applicant for applicant in programme.order if name in liking.get(applicant, ())]
        for name, programme in market.programmes.items()
    }
    held: dict[str, str | None] = dict.fromkeys(liking)
    offering = set(willing)
    while offering:
        refusing: dict[str, set[str]] = {}
        for name in sorted(offering):
            for applicant in choose(market.programmes[name], willing[name]):
                former = held[applicant]
                if former is None or liking[applicant][name] <= liking[applicant][former]:
                    held[applicant] = name
                    if former not in {None, name}:
                        refusing.setdefault(str(former), set()).add(applicant)
                else:
                    refusing.setdefault(name, set()).add(applicant)
        for name, programme in market.programmes.items():
            if _forgets(programme):
                refusing.setdefault(name, set()).update(_better_off(name, willing[name], liking, held))
        for name, applicants in refusing.items():
            willing[name] = [applicant for applicant in willing[name] if applicant not in applicants]
        offering = {name for name, applicants in refusing.items() if applicants}
    return Matching(held)


def _better_off(
    name: str, willing: Iterable[str], liking: Mapping[str, Mapping[str, int]], held: Mapping[str, str | None]
) -> Iterator[str]:
    """Yield who of those willing holds an offer that they like more."""
    for applicant in willing:
        place = held[applicant]
        if place is not None and liking[applicant][place] < liking[applicant][name]:
            yield applicant
