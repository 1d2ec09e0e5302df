"""Tiers that are not divided: which of them are taken, and whether those who were placed are whole tiers rightly taken.

Overfilled, the last tier taken may pass the seats; underfilled, it may not, and seats stay free. Either way nobody is
placed, or refused, for want of a better number than an equal's. What is paid for it: a programme may place fewer when
more ask, so that an honest list is not always the best one to hand in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from queue_engine.allocation.market import Matching, Programme, Ties
from queue_engine.allocation.violations import Violation, wish_of


def take_whole_tiers(programme: Programme, applicants: Iterable[str]) -> tuple[str, ...]:
    """Return the best tiers: as long as a seat is free, or as long as they fit.

    Args:
        programme: one whose tiers are not divided.
        applicants: those who want a seat, by priority.

    Complexity: linear.
    Source: Biró and Kiselgof 2015, as cited at `Ties`.

    >>> garden = Programme("D1", 2, ("a", "b", "c"), (("a",), ("b", "c")), ties=Ties.UNDERFILL)
    >>> take_whole_tiers(garden, ["a", "b", "c"]), take_whole_tiers(garden, ["a", "c"])
    (('a',), ('a', 'c'))

    """
    chosen: list[str] = []
    for _, tier in groupby(applicants, key=programme.tier.__getitem__):
        there = list(tier)
        needed = 1 if programme.ties is Ties.OVERFILL else len(there)
        if len(chosen) + needed > programme.capacity:
            break
        chosen += there
    return tuple(chosen)


def fills_last_seat(programme: Programme, there: Iterable[str]) -> bool:
    """Return whether the last tier of those placed came to a seat that was still free, and may pass the seats.

    Complexity: linear.

    >>> garden = Programme("D1", 2, ("a", "b", "c"), (("a",), ("b", "c")), ties=Ties.OVERFILL)
    >>> fills_last_seat(garden, ["a", "b", "c"])
    True

    """
    if programme.ties is not Ties.OVERFILL:
        return False
    tiers = [programme.tier[applicant] for applicant in there if applicant in programme.tier]
    before = len(tiers) - tiers.count(max(tiers, default=0))
    return before < programme.capacity


def against_tiers(
    programme: Programme,
    admitted: Sequence[str],
    refused: Sequence[str],
    matching: Matching,
    order: Mapping[str, int],
) -> Iterator[Violation]:
    """Yield whose tier was refused for another, or divided (P8), or is free to come in as a whole (P7).

    Args:
        programme: one whose tiers are not divided.
        admitted: whom it places, by priority.
        refused: whom it accepts and does not place, though they wish it more than what they have.
        matching: where they are placed instead.
        order: the tiers of the programme.

    Complexity: linear.

    >>> garden = Programme("D1", 1, ("a", "b"), (("a", "b"),), ties=Ties.OVERFILL)
    >>> print(*against_tiers(garden, ["a"], ["b"], Matching({"a": "D1", "b": None}), garden.tier))
    P8: 'b' wishes 'D1' more than no place and is in the tier of 'a', who is placed there

    """
    last = admitted[-1] if admitted else ""
    best = min((order[applicant] for applicant in refused), default=0)
    whole = programme.ties is Ties.UNDERFILL
    beside = sum(order[applicant] == best for applicant in refused) if whole else 1
    room = "where their whole tier would fit" if whole else "where a seat is free"
    for applicant in refused:
        wish = wish_of(applicant, programme.name, matching)
        if last and order[applicant] <= order[last]:
            where = "in the tier of" if order[applicant] == order[last] else "before"
            message = f"{wish} and is {where} '{last}', who is placed there"
            yield Violation("P8", programme.name, applicant, last, message)
        elif order[applicant] == best and len(admitted) + beside <= programme.capacity:
            yield Violation("P7", programme.name, applicant, "", f"{wish}, {room}")
