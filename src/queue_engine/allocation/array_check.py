"""Whether seats given to millions are a stable matching: numbered properties, from the priorities and without a sort.

A programme that is full is looked at through whom it placed last: nobody it refused may be ahead of him. He is found by
the greatest code of each key column in turn, and every wish that somebody likes better than what he got is compared
with him. Nothing of this is how `arrays` comes to its seats, no order of wishes is asked for, and none is trusted.

The numbers are those of `stability`: P1 the seat is at a programme of the market, P2 it is wished, P4 no more are
placed than there are seats, P7 no seat is free that somebody wants, P8 nobody is placed where somebody ahead was
refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs
import numpy as np

from queue_engine.allocation.arrays import NO_SEAT, Wishes
from queue_engine.allocation.packed_order import Integers, Keys, Ranks, Rows, signed

NOBODY = -1


@attrs.frozen(order=True)
class Fault:
    """A property that seats do not have, with who and where.

    Args:
        property: P1, P2, P4, P7 or P8.
        programme: where.
        applicant: who is wronged, or wrongly placed; `NOBODY` if nobody in particular.
        other: who is placed instead; `NOBODY` if nobody is.

    """

    property: str
    programme: int
    applicant: int = NOBODY
    other: int = NOBODY


def check_arrays(wishes: Wishes, priorities: Keys | Ranks, capacities: Integers, seats: Integers) -> list[Fault]:
    """Return every property that seats do not have; [] = they are a stable matching.

    Where somebody has a seat that cannot be his (P1, P2) or a programme places too many (P4), only that is returned:
    what others were refused says nothing then.

    Args:
        wishes: of n applicants, m rows in all; no programme twice in one list.
        priorities: of the m rows, as ready ranks or as key columns.
        capacities: shape (programmes,): how many seats each has.
        seats: shape (n,): the programme each applicant got, `NO_SEAT` if none.

    Raises:
        ValueError: the arrays do not fit each other.

    Complexity: O(m + n + programmes), in every column only of the rows that tie in those before; O(log n) a fault.
    Source: the properties are those of Balinski and Sönmez, "A tale of two mechanisms", 1999; that cut-offs suffice to
    tell whether a matching is stable, Azevedo and Leshno, "A supply and demand framework for two-sided matching", 2016.

    >>> both = Wishes.of_table(np.array([[0], [0]]))
    >>> check_arrays(both, Ranks(np.array([1, 0])), np.array([1]), np.array([0, -1]))
    [Fault(property='P8', programme=0, applicant=1, other=0)]
    >>> check_arrays(both, Ranks(np.array([1, 0])), np.array([1]), np.array([-1, 0]))
    []

    """
    columns = priorities.columns if isinstance(priorities, Keys) else [priorities.ranks]
    seats, capacities = signed(seats), signed(capacities)
    _check(wishes, columns, capacities, seats)
    outside = (seats != NO_SEAT) & ((seats < 0) | (seats >= len(capacities)))
    held = _granted(wishes, seats)
    unlisted = (seats != NO_SEAT) & (held == NOBODY) & ~outside
    placed = np.bincount(seats[(seats != NO_SEAT) & ~outside], minlength=len(capacities))
    found = [
        *_faults("P1", seats[outside], np.flatnonzero(outside)),
        *_faults("P2", seats[unlisted], np.flatnonzero(unlisted)),
        *_faults("P4", np.flatnonzero(placed > capacities)),
    ]
    if found:
        return sorted(found)
    refused = _refused(wishes, held)
    wished = wishes.programme[refused]
    last = _last_placed(columns, wishes, held[held != NOBODY], len(capacities))
    free, full = placed < capacities, (placed >= capacities) & (capacities > 0)
    wasted = refused[free[wished]]
    envious = _ahead(columns, refused[full[wished]], wishes.programme, last)
    envied = wishes.programme[envious]
    return sorted(
        [
            *_faults("P7", wishes.programme[wasted], _owners(wishes, wasted)),
            *_faults("P8", envied, _owners(wishes, envious), _owners(wishes, last[envied])),
        ]
    )


def _granted(wishes: Wishes, seats: Integers) -> Rows:
    """Return the row that was granted to each applicant, `NOBODY` where none was."""
    owner = wishes.owners()
    rows = np.flatnonzero(wishes.programme == seats[owner]).astype(np.int32)
    held = np.full(len(wishes), NOBODY, np.int32)
    held[owner[rows]] = rows
    return held


def _refused(wishes: Wishes, held: Rows) -> Rows:
    """Return the rows of wishes before the one that was granted, applicant after applicant."""
    starts = wishes.starts[:-1].astype(np.int32)
    counts = np.where(held == NOBODY, wishes.starts[1:].astype(np.int32), held) - starts
    ends = np.cumsum(counts, dtype=np.int32)
    return np.repeat(starts - (ends - counts), counts) + np.arange(ends[-1] if len(ends) else 0, dtype=np.int32)


def _owners(wishes: Wishes, rows: Rows) -> Rows:
    """Return whose some rows are."""
    return (np.searchsorted(wishes.starts, rows, side="right") - 1).astype(np.int32)


def _last_placed(columns: Sequence[Integers], wishes: Wishes, held: Rows, programmes: int) -> Rows:
    """Return for each programme the row with the greatest key among those granted; `NOBODY` where none is."""
    programme = wishes.programme[held]
    for column in columns:
        codes = column[held]
        greatest = np.full(programmes, np.iinfo(codes.dtype).min, codes.dtype)
        np.maximum.at(greatest, programme, codes)
        worst = codes == greatest[programme]
        held, programme = held[worst], programme[worst]
    last = np.full(programmes, NOBODY, np.int32)
    last[programme] = held
    return last


def _ahead(columns: Sequence[Integers], rows: Rows, programme: Integers, last: Rows) -> Rows:
    """Return those of some rows whose key is smaller than that of the last row placed at their programme."""
    found = [rows[:0]]
    for column in columns if len(rows) else ():
        codes, greatest = column[rows], column[last][programme[rows]]
        found.append(rows[codes < greatest])
        rows = rows[codes == greatest]
    return np.concatenate(found)


def _faults(
    name: str, programmes: Integers, applicants: Integers | None = None, others: Integers | None = None
) -> Iterator[Fault]:
    """Yield one property's faults from arrays beside each other."""
    nobody = np.full(len(programmes), NOBODY)
    parts = [programmes, *(nobody if part is None else part for part in (applicants, others))]
    for programme, applicant, other in zip(*(part.tolist() for part in parts), strict=True):
        yield Fault(name, programme, applicant, other)


def _check(wishes: Wishes, columns: Sequence[Integers], capacities: Integers, seats: Integers) -> None:
    """Raise where arrays do not fit each other, so that nothing could be said."""
    if len(seats) != len(wishes):
        raise ValueError(f"{len(seats)} seats for {len(wishes)} applicants; give each one, or {NO_SEAT}")
    programme = wishes.programme
    for index, column in enumerate(columns):
        if len(column) != len(programme):
            raise ValueError(f"column {index}: {len(column)} values for {len(programme)} wishes; give one a wish")
    if len(programme) and not 0 <= int(programme.min()) <= int(programme.max()) < len(capacities):
        raise ValueError(f"wishes name programmes outside 0 to {len(capacities) - 1}; give each a capacity")
