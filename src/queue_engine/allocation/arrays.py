"""Deferred acceptance over arrays: a million applicants at once, and the ten-line definition it must agree with.

Priorities are strict, so the matching that is stable and best for every applicant is one and the same whatever the
order of proposals (Gale & Shapley 1962; McVitie & Wilson 1970). That is what allows everybody to propose at once.

For capacities alone; groups, ceilings and reserves are chosen by `choice`.
"""

from __future__ import annotations

from bisect import insort
from typing import Any, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from queue_engine.allocation.packed_order import ROWS_MOST, Integers, Keys, Ranks, Rows, signed

Seats: TypeAlias = npt.NDArray[np.int64]
NO_SEAT = -1
_ROWS_A_PROPOSAL = 512
_HELD = 1


@attrs.frozen(eq=False)
class Wishes:
    """What everybody wishes for, one row a wish, applicant after applicant, the dearest wish of each first.

    Args:
        starts: shape (applicants + 1,): the wishes of applicant i are rows starts[i] to starts[i + 1] - 1.
        programme: shape (wishes,): the programme of each row, from 0.

    Raises:
        ValueError: the starts do not rise from 0 to the number of rows.

    """

    starts: Integers = attrs.field(converter=signed)
    programme: Integers = attrs.field(converter=signed)

    def __attrs_post_init__(self) -> None:
        """Check that every row is somebody's."""
        starts = self.starts
        if not len(starts) or starts[0] != 0 or starts[-1] != len(self.programme) or (starts[1:] < starts[:-1]).any():
            raise ValueError(f"starts must rise from 0 to {len(self.programme)}, the number of wishes")
        if len(self.programme) > ROWS_MOST:
            raise ValueError(f"{len(self.programme)} wishes are more than {ROWS_MOST}; divide the market")

    @classmethod
    def of_table(cls, table: Integers) -> Wishes:
        """Return the wishes of a table of shape (applicants, most wishes) whose empty cells are negative.

        >>> Wishes.of_table(np.array([[4, 2], [3, -1]])).programme.tolist()
        [4, 2, 3]

        """
        given = table >= 0
        starts = np.concatenate([[0], np.cumsum(np.count_nonzero(given, axis=1))])
        return cls(starts, table.ravel() if given.all() else table[given])

    def __len__(self) -> int:
        """Return the number of applicants."""
        return len(self.starts) - 1

    def owners(self) -> Rows:
        """Return the applicant of each row.  Complexity: O(wishes)."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))


def match_one_by_one(wishes: Wishes, priorities: Keys | Ranks, capacities: Integers) -> Seats:
    """Return the programme each applicant gets, `NO_SEAT` if none: deferred acceptance by its definition.

    Somebody who is free proposes to the dearest programme that has not refused him; a programme keeps the best of those
    it holds and him, as many as it has seats, and refuses who is over.

    Complexity: O(wishes · capacity).
    Source: Gale & Shapley, "College admissions and the stability of marriage", 1962.

    >>> match_one_by_one(Wishes.of_table(np.array([[0, 1], [0, 1]])), Ranks(np.array([1, 0, 0, 1])), np.array([1, 1]))
    array([1, 0])

    """
    at, ends = wishes.starts[:-1].tolist(), wishes.starts[1:].tolist()
    seats: list[list[tuple[tuple[int, ...], int]]] = [[] for _ in capacities]
    free = list(range(len(wishes)))
    while free:
        applicant = free.pop()
        if at[applicant] == ends[applicant]:
            continue
        programme = wishes.programme[at[applicant]]
        insort(seats[programme], (priorities.key(at[applicant]), applicant))
        if len(seats[programme]) > capacities[programme]:
            _, refused = seats[programme].pop()
            at[refused] += 1
            free.append(refused)
    return _programmes_at(wishes, np.array(at, np.int64))


def match_arrays(
    wishes: Wishes, priorities: Keys | Ranks, capacities: Integers, *, last_free: int | None = None
) -> Seats:
    """Return the programme each applicant gets, `NO_SEAT` if none: the same as `match_one_by_one`, for millions.

    All wishes stand in one order, programme after programme, those ahead first; a wish is its place in it. What is held
    is one mark a place, so that a programme's choice needs no sort: its first marks stay. In a round everybody free
    proposes at once, passing by the programmes that are full of better ones. When few are left, each goes on alone: who
    is worst at a programme only moves forward, so that the next worst is found by looking back from there.

    Args:
        wishes: of n applicants, m rows in all.
        priorities: of the m rows, as ready ranks or as key columns.
        capacities: shape (programmes,): how many seats each has, from 0.
        last_free: at how many free applicants the rounds end; None = m / 512, about where a round costs as much.

    A transfer is an applicant whose last wish is the seat he has, with a key there that is ahead of everybody who has
    none: he never loses it, and leaves it in the same run to whoever is next.

    Raises:
        ValueError: the arrays do not fit each other, a capacity is negative, or priorities are not strict.

    Complexity: O(m log m) for the order of key columns; then O(m) in all for those who go on alone, and O(m) a round,
    of which there are at most 512, since each has m / 512 proposals or more. On markets met in practice there are 6 to
    25, and memory is about 30 bytes a wish besides what is given.
    Source: Gale & Shapley, "College admissions and the stability of marriage", 1962.

    >>> swap = Wishes.of_table(np.array([[1, 0], [0, 1], [0, -1]]))
    >>> here, number = np.array([1, 0, 1, 0, 1]), np.array([1, 1, 2, 2, 3])
    >>> match_arrays(swap, Keys([here, number], [1, 3]), np.array([1, 1]))
    array([ 1,  0, -1])

    """
    _check(wishes, capacities)
    order = priorities.rows_in_order(wishes.programme, len(capacities))
    run = _Run.of(wishes, order, capacities)
    free = np.flatnonzero(run.at < run.ends).astype(np.int32)
    few = len(order) // _ROWS_A_PROPOSAL if last_free is None else last_free
    while len(free) > few:
        run.propose(free)
        free = run.refused()
    run.one_at_a_time(free)
    return _programmes_at(wishes, run.at)


@attrs.frozen(eq=False)
class _Run:
    """Arrays that a run fills, the first three of them indexed by places in the order of all wishes.

    Args:
        order: the row of each place.
        marks: 1 = held.
        held: the same bytes as an array.
        rank: the place of each row.
        programme: of each row.
        owner: of each row.
        at: the row each applicant proposes to, or is held at.
        ends: one past the last row of each applicant.
        first: the place where each programme begins, and the end.
        seats: of each programme, no more than are wished for.
        cut: for each programme the place that a proposal must be ahead of.

    """

    order: Rows
    marks: bytearray
    held: npt.NDArray[np.bool_]
    rank: Rows
    programme: Integers
    owner: Rows
    at: Rows
    ends: Rows
    first: Rows
    seats: Rows
    cut: Rows

    @classmethod
    def of(cls, wishes: Wishes, order: Rows, capacities: Integers) -> _Run:
        """Return a run in which nobody has proposed."""
        rank = np.empty(len(order), np.int32)
        rank[order] = np.arange(len(order), dtype=np.int32)
        wished = np.bincount(wishes.programme, minlength=len(capacities))
        first = np.concatenate([[0], np.cumsum(wished)]).astype(np.int32)
        seats = np.minimum(signed(capacities), wished).astype(np.int32)
        cut = np.where(seats > 0, first[1:], first[:-1])
        at, ends = wishes.starts[:-1].astype(np.int32), wishes.starts[1:].astype(np.int32)
        marks = bytearray(len(order))
        held = np.frombuffer(marks, np.bool_)
        return cls(order, marks, held, rank, wishes.programme, wishes.owners(), at, ends, first, seats, cut)

    def propose(self, free: Rows) -> None:
        """Let each of the free ask the dearest programme where he is ahead of the cut, and mark him there."""
        while len(free):
            rows = self.at[free]
            places = self.rank[rows]
            ahead = places < self.cut[self.programme[rows]]
            self.held[places[ahead]] = True
            free = self._next_wish(free[~ahead])

    def refused(self) -> Rows:
        """Keep the first marks of every programme, as many as it has seats, and return whom that frees."""
        places = np.flatnonzero(self.held)
        bounds = np.searchsorted(places, self.first)
        begins, held = bounds[:-1], np.diff(bounds)
        full = (held >= self.seats) & (self.seats > 0)
        self.cut[full] = places[(begins + self.seats)[full] - 1]
        over = np.maximum(held - self.seats, 0)
        out = np.repeat(begins + self.seats - (np.cumsum(over) - over), over) + np.arange(int(over.sum()))
        lost = places[out]
        self.held[lost] = False
        return self._next_wish(self.owner[self.order[lost]])

    def _next_wish(self, applicants: Rows) -> Rows:
        """Move applicants to their next wish, and return those who have one."""
        self.at[applicants] += 1
        return applicants[self.at[applicants] < self.ends[applicants]]

    def one_at_a_time(self, free: Rows) -> None:
        """Let the free propose one by one, and whoever is refused because of them, until nobody is left."""
        held = np.diff(np.searchsorted(np.flatnonzero(self.held), self.first))
        # To look up one number, the memory behind an array takes a third of the time of the array.
        at, ends, rank, programmes = self.at.data, self.ends.data, self.rank.data, self.programme.data
        first, cut, vacant, marks = self.first.data, self.cut.data, (self.seats - held).data, self.marks
        waiting: list[int] = free.tolist()
        while waiting:
            applicant = waiting.pop()
            for row in range(at[applicant], ends[applicant]):
                programme, place = programmes[row], rank[row]
                if place < cut[programme]:
                    break
            else:
                at[applicant] = ends[applicant]
                continue
            at[applicant] = row
            marks[place] = _HELD
            if vacant[programme]:
                vacant[programme] -= 1
                last = first[programme + 1]
            else:
                last = cut[programme]  # its mark may stay: nobody looks behind the cut again
                refused = int(self.owner[self.order[last]])
                at[refused] += 1
                waiting.append(refused)
            if not vacant[programme]:
                cut[programme] = marks.rfind(_HELD, first[programme], last)


def _programmes_at(wishes: Wishes, rows: npt.NDArray[Any]) -> Seats:
    """Return the programme of each applicant's row, `NO_SEAT` where the row is past his last wish."""
    seats = np.full(len(wishes), NO_SEAT, np.int64)
    placed = rows < wishes.starts[1:]
    seats[placed] = wishes.programme[rows[placed]]
    return seats


def _check(wishes: Wishes, capacities: Integers) -> None:
    """Raise what would make marks land at another programme."""
    if len(capacities) and int(capacities.min()) < 0:
        raise ValueError(f"programme {int(np.argmin(capacities))} has {int(capacities.min())} seats; 0 is the least")
    programme = wishes.programme
    if len(programme) and not 0 <= int(programme.min()) <= int(programme.max()) < len(capacities):
        raise ValueError(f"wishes name programmes outside 0 to {len(capacities) - 1}; give each a capacity")
