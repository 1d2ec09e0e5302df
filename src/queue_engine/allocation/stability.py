"""Whether a matching is what a market asks for: numbered properties, checked by code that no mechanism uses.

P1 everyone has one outcome, and nobody else has: the matching names the applicants and programmes of the market.
P2 a place is one that the applicant wishes.
P3 a place is at a programme that accepts the applicant.
P4 no programme places more than its capacity; where tiers are overfilled, nobody behind the tier that reaches it.
P5 no programme places more of a group than its ceiling.
P6 seats of a group go to the group: in the order in which seats are filled, nobody holds one for whom an entitled
   applicant was refused, and nobody is placed on seats that are kept for others.
P7 no seat is free that somebody who is entitled to it wants; where tiers are underfilled, no tier is refused that
   would fit as a whole, and none better was refused.
P8 no justified envy: nobody is placed where somebody with a better priority was refused; where tiers are not divided,
   nor where somebody of the same tier was refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from queue_engine.allocation.market import Market, Matching, Programme
from queue_engine.allocation.seating import against_seats
from queue_engine.allocation.violations import Violation, wish_of
from queue_engine.allocation.whole_tiers import against_tiers, fills_last_seat


def check_matching(market: Market, matching: Matching, *, lottery_binds: bool = True) -> list[Violation]:
    """Return every property that a matching does not have; [] = it is stable.

    Args:
        market: what was asked for.
        matching: what came out.
        lottery_binds: whether envy is justified within a tier too, by a better lottery number.

    Complexity: O(n log n) in the wishes; where there are rules on seats O(capacity · applicants) for the programme.
    Source: the properties are those of Balinski and Sönmez, A tale of two mechanisms, Journal of Economic Theory 84
    (1999), for seats of groups those of Kominers and Sönmez (2016), for whole tiers those of Biró and Kiselgof (2015).

    >>> market = Market.of([Programme("D1", 1, ("b", "a"))], {"a": ["D1"], "b": ["D1"]})
    >>> for violation in check_matching(market, Matching({"a": "D1", "b": None})):
    ...     print(violation.property, violation.message)
    P8 'b' wishes 'D1' more than no place and is before 'a', who is placed there

    """
    found = [*_misplaced(market, matching), *_overfilled(market, matching)]
    if found:
        return sorted(found)
    placed = matching.by_programme()
    wanting: dict[str, list[str]] = {}
    for applicant, wishes in market.wishes.items():
        place = matching.placed[applicant]
        for wish in wishes if place is None else wishes[: wishes.index(place)]:
            if applicant in market.programmes[wish].rank:
                wanting.setdefault(wish, []).append(applicant)
    for name, programme in market.programmes.items():
        admitted = sorted(placed.get(name, ()), key=programme.rank.__getitem__)
        against = _against_order if programme.is_plain else against_seats
        if programme.keeps_tiers:
            against = against_tiers
        order = programme.rank if lottery_binds and not programme.keeps_tiers else programme.tier
        found += against(programme, admitted, wanting.get(name, []), matching, order)
    return sorted(found)


def _misplaced(market: Market, matching: Matching) -> Iterator[Violation]:
    """Yield what is wrong with single outcomes: P1 to P3."""
    for applicant in market.wishes.keys() ^ matching.placed.keys():
        what = "has no outcome" if applicant in market.wishes else "is no applicant of the market"
        yield Violation("P1", "", applicant, "", f"'{applicant}' {what}")
    for applicant, place in matching.placed.items():
        if place is None or applicant not in market.wishes:
            continue
        if place not in market.programmes:
            yield Violation("P1", place, applicant, "", f"'{place}' is no programme of the market")
            continue
        if place not in market.wishes[applicant]:
            yield Violation("P2", place, applicant, "", f"'{applicant}' is placed at '{place}' and did not wish it")
        if applicant not in market.programmes[place].rank:
            yield Violation("P3", place, applicant, "", f"'{place}' does not accept '{applicant}'")


def _overfilled(market: Market, matching: Matching) -> Iterator[Violation]:
    """Yield where too many are placed: P4 and P5."""
    placed = matching.by_programme()
    for name, programme in market.programmes.items():
        there = placed.get(name, ())
        if len(there) > programme.capacity and not fills_last_seat(programme, there):
            yield Violation("P4", name, "", "", f"'{name}' places {len(there)} on {programme.capacity} seats")
        for ceiling in programme.ceilings:
            count = len(ceiling.members.intersection(there))
            if count > ceiling.at_most:
                message = f"'{name}' places {count} of '{ceiling.group}', whose ceiling is {ceiling.at_most}"
                yield Violation("P5", name, "", "", message)


def _against_order(
    programme: Programme,
    admitted: Sequence[str],
    refused: Sequence[str],
    matching: Matching,
    order: Mapping[str, int],
) -> Iterator[Violation]:
    """Yield who was refused while a seat is free (P7) or for somebody behind them (P8), at plain capacities."""
    last = admitted[-1] if admitted else ""
    for applicant in refused if programme.capacity else ():
        wish = wish_of(applicant, programme.name, matching)
        if len(admitted) < programme.capacity:
            yield Violation("P7", programme.name, applicant, "", f"{wish}, where a seat is free")
        elif order[applicant] < order[last]:
            message = f"{wish} and is before '{last}', who is placed there"
            yield Violation("P8", programme.name, applicant, last, message)
