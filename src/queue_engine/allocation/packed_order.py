"""Who is ahead of whom at each programme, as one order of all wishes: from ready ranks, or from key columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

Integers: TypeAlias = npt.NDArray[np.integer[Any]]
Rows: TypeAlias = npt.NDArray[np.int32]
_Words: TypeAlias = npt.NDArray[np.uint64]
_Bools: TypeAlias = npt.NDArray[np.bool_]

ROWS_MOST = 2**31 - 1
_WORD_BITS = 64


def signed(array: Integers) -> Integers:
    """Return an array of integers that index others and mix with signed ones without turning into floats.

    >>> signed(np.array([1], np.uint64)).dtype.name, signed(np.array([1], np.uint8)).dtype.name
    ('int64', 'uint8')

    """
    return array.astype(np.int64) if array.dtype == np.uint64 else array


@attrs.frozen(eq=False)
class Ranks:
    """Priorities given ready: every programme ranks the wishes for it from 0, without gaps.

    Args:
        ranks: shape (wishes,); 0 = the first at the programme that the row wishes for.

    """

    ranks: Integers = attrs.field(converter=signed)

    def key(self, row: int) -> tuple[int, ...]:
        """Return what is compared when this row meets another one of its programme; the smaller is ahead."""
        return (int(self.ranks[row]),)

    def rows_in_order(self, programme: Integers, programmes: int) -> Rows:
        """Return the rows programme after programme, those ahead first.

        Args:
            programme: the programme of each row, each below `programmes`.
            programmes: how many there are.

        Raises:
            ValueError: the ranks of some programme are not 0, 1, 2, … with each there once.

        Complexity: O(wishes + programmes).

        >>> Ranks(np.array([0, 1, 0])).rows_in_order(np.array([1, 1, 0]), 2).tolist()
        [2, 0, 1]

        """
        count = len(programme)
        _check_length("ranks", len(self.ranks), count)
        wished = np.bincount(programme, minlength=programmes)
        outside = (self.ranks < 0) | (self.ranks >= wished.take(programme))
        _refuse_first(outside, "row {row} has rank {found} at a programme that fewer wish for", self.ranks)
        order = np.full(count, -1, np.int32)
        order[(np.cumsum(wished) - wished).take(programme) + self.ranks] = np.arange(count, dtype=np.int32)
        missing = np.flatnonzero(order < 0)
        if len(missing):
            raise ValueError(f"{len(missing)} ranks are given twice at one programme; rank its wishes 0, 1, 2, …")
        return order


@attrs.frozen(eq=False)
class Keys:
    """Priorities as columns of codes, compared one after another; the smaller code is ahead.

    Args:
        columns: each of shape (wishes,), the most important first; integers from 0.
        most: the largest code each column may hold.

    Inside a programme no two rows may agree in every column: end with a number that all applicants differ in.

    """

    columns: Sequence[Integers]
    most: Sequence[int]

    def key(self, row: int) -> tuple[int, ...]:
        """Return what is compared when this row meets another one of its programme; the smaller is ahead."""
        return tuple(int(column[row]) for column in self.columns)

    def rows_in_order(self, programme: Integers, programmes: int) -> Rows:
        """Return the rows programme after programme, those ahead first.

        Programme and columns are looked at as one long number. A word takes as many of its first bits as leave room
        for the row itself, so that all words differ and a plain sort of them gives the rows, the same on every
        processor. Rows that agree in these bits are told apart by the next ones, and only they are sorted again.

        Args:
            programme: the programme of each row, each below `programmes`.
            programmes: how many there are.

        Raises:
            ValueError: a code is outside its column's range, or two rows of a programme have the same key.

        Complexity: O(wishes · log wishes) for the first bits, and the same of the rows still tied for every further 20
        to 60 bits.

        >>> keys = Keys([np.array([1, 0, 0]), np.array([5, 9, 7])], [1, 9])
        >>> keys.rows_in_order(np.array([0, 0, 0]), 1).tolist()
        [2, 1, 0]

        """
        count = len(programme)
        for index, (column, most) in enumerate(zip(self.columns, self.most, strict=True)):
            _check_length(f"column {index}", len(column), count)
            if count and not 0 <= int(column.min()) <= int(column.max()) <= most:
                raise ValueError(f"column {index} has codes outside 0 to {most}; give the largest one in `most`")
        number = _LongNumber.of([programme, *self.columns], [max(programmes - 1, 0), *self.most])
        done = min(number.width, _WORD_BITS - _bits_for(count))
        words, order = _sorted_with_place(number.bits(0, done))
        tied = _tied(words)
        places, words = np.flatnonzero(tied), words[tied]
        while len(places) and done < number.width:
            groups = np.cumsum(np.concatenate([[0], words[1:] != words[:-1]])).astype(np.uint64)
            free = _WORD_BITS - int(groups[-1]).bit_length() - _bits_for(len(places))
            begin, done = done, min(number.width, done + free)
            rows = order[places]
            packed = (groups << np.uint64(done - begin)) | number.bits(begin, done, rows)
            words, within = _sorted_with_place(packed)
            order[places] = rows[within]
            tied = _tied(words)
            places, words = places[tied], words[tied]
        if len(places):
            one, other = sorted(order[places[:2]].tolist())
            raise ValueError(f"rows {one} and {other} wish for one programme and have the same key; add a last column")
        return order


@attrs.frozen(eq=False)
class _LongNumber:
    """Columns of codes, written behind one another bit by bit, the first column highest."""

    columns: Sequence[Integers]
    begins: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, columns: Sequence[Integers], most: Sequence[int]) -> _LongNumber:
        ends = np.cumsum([code.bit_length() for code in most]).tolist()
        return cls(columns, [0, *ends[:-1]], ends)

    @property
    def width(self) -> int:
        """How many bits the number has."""
        return self.ends[-1]

    def bits(self, begin: int, end: int, rows: Rows | None = None) -> _Words:
        """Return bits `begin` to `end` of some rows' numbers, at most 64 of them; None = of every row."""
        packed: _Words | None = None
        for column, first, last in zip(self.columns, self.begins, self.ends, strict=True):
            high, low = max(begin, first), min(end, last)
            if high >= low:
                continue
            part = (column if rows is None else column[rows]).astype(np.uint64)
            if low < last:
                part >>= np.uint64(last - low)
            if high > first:
                part &= np.uint64((1 << (low - high)) - 1)
            if packed is None:
                packed = part
            else:
                packed <<= np.uint64(low - high)
                packed |= part
        return np.zeros(len(self.columns[0]) if rows is None else len(rows), np.uint64) if packed is None else packed


def _sorted_with_place(words: _Words) -> tuple[_Words, Rows]:
    """Return words in order, and where each stood; they must leave as many high bits free as a place needs."""
    place_bits = np.uint64(_bits_for(len(words)))
    words <<= place_bits
    words |= np.arange(len(words), dtype=np.uint64)
    words.sort()  # all keys differ: each word ends with its own place
    places = (words & ((np.uint64(1) << place_bits) - np.uint64(1))).astype(np.int32)
    words >>= place_bits
    return words, places


def _tied(words: _Words) -> _Bools:
    """Return which of some sorted words equal a neighbour."""
    tied = np.zeros(len(words), np.bool_)
    same = words[1:] == words[:-1]
    tied[1:] = same
    tied[:-1] |= same
    return tied


def _bits_for(count: int) -> int:
    """Return how many bits the numbers below `count` need."""
    return max(count - 1, 0).bit_length()


def _check_length(what: str, found: int, expected: int) -> None:
    if found != expected:
        raise ValueError(f"{what}: {found} values for {expected} wishes; give one a wish")


def _refuse_first(wrong: _Bools, message: str, values: Integers) -> None:
    """Raise a message about the first row that is wrong, if one is."""
    if wrong.any():
        row = int(np.argmax(wrong))
        raise ValueError(message.format(row=row, found=int(values[row])))
