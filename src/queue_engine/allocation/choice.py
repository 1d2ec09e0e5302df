"""Whom a programme chooses among those who want a seat: one obvious definition for every kind of seat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import attrs

from queue_engine.allocation.market import Ceiling, Programme, Seats, Share, Unused
from queue_engine.allocation.whole_tiers import take_whole_tiers


@attrs.frozen
class Reserve:
    """A number of seats set aside, as rules declare it.

    Args:
        group: whose seats they are.
        entitled: who is in the group.
        count: how many seats.
        after_general: whether they are filled after the general seats, not before them.
        unused: `GENERAL` or `KEEP`.

    """

    group: str
    entitled: frozenset[str]
    count: int
    after_general: bool = False
    unused: Unused = Unused.GENERAL


def seats_in_order(capacity: int, reserves: Iterable[Reserve]) -> tuple[Seats, ...]:
    """Return the seats of a programme in the order in which they are filled.

    Those filled before the general ones come first, as declared, then the general
    seats, then the others, as declared. Where more is set aside than there is, the
    reserve declared first is served first.

    Args:
        capacity: all seats of the programme.
        reserves: as declared.

    Complexity: linear in the reserves.

    >>> police = frozenset({"i1", "i2"})
    >>> [(seats.group, seats.count) for seats in seats_in_order(5, [Reserve("police", police, 2, after_general=True)])]
    [('', 3), ('police', 2)]

    """
    left = capacity
    before: list[Seats] = []
    after: list[Seats] = []
    for reserve in reserves:
        count = min(reserve.count, left)
        left -= count
        if count:
            seats = Seats(count, reserve.group, reserve.entitled, reserve.unused)
            (after if reserve.after_general else before).append(seats)
    return (*before, Seats(left), *after) if before or after else ()


def choose(programme: Programme, applicants: Iterable[str]) -> tuple[str, ...]:
    """Return whom a programme places among applicants, by priority.

    Seats are filled in their declared order; each takes the best who is left and
    entitled to it. Seats of a group that its members leave free are given as
    declared: to the best of the others at once, to the next general seats, or to
    nobody. A ceiling is never passed. Where tiers are not divided, whole tiers are
    taken, the best first: as long as a seat is free (overfill), or as long as they
    fit, and nothing behind one that does not (underfill).

    Args:
        programme: its seats, ceilings and shares, or its tiers.
        applicants: those it accepts, in the order of priority.

    Complexity: O(n · (turns of seats + ceilings)); with shares O(n · capacity · shares).
    Source: Kominers and Sönmez, Matching with slot-specific priorities, Theoretical Economics 11 (2016);
    Hafalir, Yenmez and Yildirim, Effective affirmative action in school choice, Theoretical Economics 8 (2013);
    for whole tiers Biró and Kiselgof 2015, as cited at `Ties`.

    >>> order = ("a", "b", "c", "d")
    >>> choose(Programme("D1", 2, order), order)
    ('a', 'b')
    >>> choose(Programme("D1", 2, order, seats=(Seats(1, "police", frozenset("d")), Seats(1))), order)
    ('a', 'd')
    >>> choose(Programme("D1", 3, order, ceilings=(Ceiling("girls", frozenset("abc"), 1),)), order)
    ('a', 'd')
    >>> from queue_engine.allocation.market import Ties
    >>> [choose(Programme("D1", 2, order, (("a",), ("b", "c"), ("d",)), ties=ties), order) for ties in Ties]
    [('a', 'b'), ('a', 'b', 'c'), ('a',)]

    """
    if programme.keeps_tiers:
        return take_whole_tiers(programme, applicants)
    waiting = list(applicants)
    turn = _Turn(programme.ceilings)
    if programme.shares:
        turn.call(waiting, programme.capacity, programme.shares)
    else:
        freed = 0
        for seats in programme.seats or (Seats(programme.capacity),):
            if seats.is_general:
                turn.take(waiting, seats.count + freed)
                freed = 0
                continue
            unused = seats.count - turn.take(waiting, seats.count, seats.entitled)
            if seats.unused is Unused.BEST:
                turn.take(waiting, unused)
            elif seats.unused is Unused.GENERAL:
                freed += unused
        turn.take(waiting, freed)
    return tuple(sorted(turn.chosen, key=programme.rank.__getitem__))


class _Turn:
    """Those chosen so far, and how many of each group with a ceiling are among them."""

    def __init__(self, ceilings: tuple[Ceiling, ...]) -> None:
        self.ceilings = ceilings
        self.chosen: set[str] = set()
        self.filled: Counter[str] = Counter()

    def take(self, waiting: list[str], count: int, entitled: frozenset[str] | None = None) -> int:
        """Choose up to so many of those who wait, the best first, and return how many."""
        taken = 0
        for applicant in waiting:
            if taken == count:
                break
            if (
                applicant not in self.chosen
                and (entitled is None or applicant in entitled)
                and self.has_room(applicant)
            ):
                self.add(applicant)
                taken += 1
        return taken

    def call(self, waiting: list[str], count: int, shares: tuple[Share, ...]) -> None:
        """Choose up to so many, one by one, each share held at every position as long as somebody can hold it."""
        called = [0] * len(shares)
        for position in range(1, count + 1):
            able = [each for each in waiting if each not in self.chosen and self.has_room(each)]
            for share, so_far in zip(shares, called, strict=True):
                if so_far * 100 < share.percent * position:
                    able = [each for each in able if each in share.members] or able
            if not able:
                return
            self.add(able[0])
            called = [so_far + (able[0] in share.members) for share, so_far in zip(shares, called, strict=True)]

    def has_room(self, applicant: str) -> bool:
        """Return whether no ceiling keeps an applicant out."""
        return all(
            self.filled[ceiling.group] < ceiling.at_most for ceiling in self.ceilings if applicant in ceiling.members
        )

    def add(self, applicant: str) -> None:
        """Choose an applicant."""
        self.chosen.add(applicant)
        self.filled.update(ceiling.group for ceiling in self.ceilings if applicant in ceiling.members)
