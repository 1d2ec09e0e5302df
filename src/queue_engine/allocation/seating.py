"""Who sits where among those a programme places, and which seat would rather have gone to somebody refused.

The seats are walked in the order of filling with those who are placed only. As long
as somebody refused would take no seat, the walk is the same with them as without
them; so the programme was right to refuse them if no seat prefers them to its holder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

import attrs

from queue_engine.allocation.market import Matching, Programme, Seats, Unused
from queue_engine.allocation.violations import Violation, wish_of

Favoured = tuple[tuple[str, frozenset[str]], ...]


@attrs.frozen
class HeldSeat:
    """One seat in the order of filling.

    Args:
        holder: who holds it; None = nobody.
        favoured: the groups that go first to it, the first above all, and their members.
        only: whether the others may not have it at all.
        full: who may not have it, since a ceiling was reached at earlier seats.

    """

    holder: str | None
    favoured: Favoured
    only: bool
    full: frozenset[str]

    def group_before(self, applicant: str) -> str:
        """Return the group for which the seat prefers an applicant to its holder; "" if for none.

        >>> HeldSeat("a", (("m", frozenset("b")),), only=False, full=frozenset()).group_before("b")
        'm'

        """
        for group, members in self.favoured:
            if (applicant in members) != (self.holder in members):
                return group if applicant in members else ""
        return ""

    def prefers(self, applicant: str, order: Mapping[str, int]) -> bool:
        """Return whether the seat would rather have gone to an applicant.

        >>> HeldSeat("a", (), only=False, full=frozenset()).prefers("b", {"b": 0, "a": 1})
        True

        """
        if applicant in self.full or (self.only and not any(applicant in members for _, members in self.favoured)):
            return False
        return self.holder is None or self._key(applicant, order) < self._key(self.holder, order)

    def _key(self, applicant: str, order: Mapping[str, int]) -> tuple[int, ...]:
        return (*(applicant not in members for _, members in self.favoured), order[applicant])


def against_seats(
    programme: Programme,
    admitted: Sequence[str],
    refused: Iterable[str],
    matching: Matching,
    order: Mapping[str, int],
) -> Iterator[Violation]:
    """Yield who is placed without a seat for them (P6), and whom a seat prefers to its holder (P6, P7, P8).

    Args:
        programme: any.
        admitted: whom it places, by priority.
        refused: whom it accepts and does not place, though they wish it more than what they have.
        matching: where they are placed instead.
        order: what justifies envy: the ranks of the programme, or its tiers.

    Complexity: O(capacity · (admitted + refused)).

    >>> garden = Programme("D1", 1, ("a", "b"), seats=(Seats(1, "m", frozenset("b")),))
    >>> placed = Matching({"a": "D1", "b": None})
    >>> print(*against_seats(garden, ["a"], ["b"], placed, garden.rank), sep="; ")
    P6: 'b' wishes 'D1' more than no place and is of 'm', whose seat went to the others

    """
    seats = list(held_seats(programme, admitted))
    holders = {seat.holder for seat in seats}
    for applicant in admitted:
        if applicant not in holders:
            message = f"'{applicant}' is placed at '{programme.name}', where no seat left is for them"
            yield Violation("P6", programme.name, applicant, "", message)
    for applicant in refused:
        seat = next((seat for seat in seats if seat.prefers(applicant, order)), None)
        if seat is None:
            continue
        wish = wish_of(applicant, programme.name, matching)
        if seat.holder is None and len(admitted) < programme.capacity:
            yield Violation("P7", programme.name, applicant, "", f"{wish}, where a seat is free")
        elif seat.holder is None:
            message = f"{wish} and is of '{seat.group_before(applicant)}', whose seat went to the others"
            yield Violation("P6", programme.name, applicant, admitted[-1], message)
        elif group := seat.group_before(applicant):
            message = f"{wish} and is of '{group}', whose seat '{seat.holder}' holds"
            yield Violation("P6", programme.name, applicant, seat.holder, message)
        else:
            message = f"{wish} and is before '{seat.holder}', who is placed there"
            yield Violation("P8", programme.name, applicant, seat.holder, message)


def held_seats(programme: Programme, admitted: Sequence[str]) -> Iterator[HeldSeat]:
    """Yield every seat of a programme in the order of filling, with who of those admitted holds it.

    Args:
        programme: any.
        admitted: by priority.

    Complexity: O(capacity · admitted).

    >>> garden = Programme("D1", 2, ("a", "b", "c"), seats=(Seats(1, "m", frozenset("c")), Seats(1)))
    >>> [seat.holder for seat in held_seats(garden, ["a", "c"])]
    ['c', 'a']

    """
    walk = _Walk(programme, list(admitted))
    if programme.shares:
        for position in range(1, programme.capacity + 1):
            short = [each for each in programme.shares if walk.count(each.members) * 100 < each.percent * position]
            yield walk.seat(tuple((share.group, share.members) for share in short), only=False)
        return
    freed = 0
    for seats in (*(programme.seats or (Seats(programme.capacity),)), Seats(0)):
        if seats.is_general:
            for _ in range(seats.count + freed):
                yield walk.seat((), only=False)
            freed = 0
            continue
        for _ in range(seats.count):
            seat = walk.seat(((seats.group, seats.entitled),), only=seats.unused is not Unused.BEST)
            freed += seat.holder is None and seats.unused is Unused.GENERAL
            yield seat


class _Walk:
    """Those who are admitted and have no seat yet, and those who have one."""

    def __init__(self, programme: Programme, standing: list[str]) -> None:
        self._programme = programme
        self._standing = standing
        self._seated: set[str] = set()

    def count(self, members: frozenset[str]) -> int:
        """Return how many of a group have a seat."""
        return len(members & self._seated)

    def seat(self, favoured: Favoured, *, only: bool) -> HeldSeat:
        """Return the next seat, and seat the one of those standing whom it prefers to all others."""
        reached = (each.members for each in self._programme.ceilings if self.count(each.members) >= each.at_most)
        seat = HeldSeat(None, favoured, only, frozenset(chain.from_iterable(reached)))
        for applicant in self._standing:
            if seat.prefers(applicant, self._programme.rank):
                seat = attrs.evolve(seat, holder=applicant)
        if seat.holder is not None:
            self._standing.remove(seat.holder)
            self._seated.add(seat.holder)
        return seat
