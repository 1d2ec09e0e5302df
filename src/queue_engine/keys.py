"""Key components → words that sort: the most important first, a word never wider than 64 bits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[Any]
Words = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]
_WORD_BITS = 64
_DIGIT_BITS = 16


@attrs.frozen
class KeyLayout:
    """How many bits each component takes, and which word holds it; a component never straddles two words.

    >>> KeyLayout.of([3000, 3, 1, 1, 2**28, 2**24 - 1]).words
    ((0, 1, 2, 3, 4), (5,))

    """

    bits: tuple[int, ...]
    words: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, most: Sequence[int]) -> KeyLayout:
        """Return the layout of components whose largest codes are given, the most important first."""
        bits = tuple(value.bit_length() for value in most)
        words: list[list[int]] = [[]]
        used = 0
        for index, width in enumerate(bits):
            if used + width > _WORD_BITS:
                words.append([])
                used = 0
            words[-1].append(index)
            used += width
        return cls(bits, tuple(tuple(word) for word in words))

    def width(self, word: int) -> int:
        """Return how many bits a word uses."""
        return sum(self.bits[index] for index in self.words[word])

    def pack(self, columns: Sequence[Codes], word: int) -> Words:
        """Return one word of every row.

        Complexity: one pass over the rows a component.
        """
        count = len(columns[0])
        packed = np.zeros(count, np.uint64)
        for index in self.words[word]:
            if self.bits[index]:
                np.left_shift(packed, np.uint64(self.bits[index]), out=packed)
                np.bitwise_or(packed, columns[index], out=packed, casting="unsafe")
        return packed


def sorted_rows(columns: Sequence[Codes], most: Sequence[int], rows: Rows | None = None) -> Rows:
    """Return the rows in the order of their components; rows with equal components keep their order.

    Args:
        columns: one array a component, most important first; unsigned.
        most: the largest code of each component.
        rows: which rows, rising; None = all of them.

    Complexity: O(rows) a digit of 16 bits, which numpy sorts by counting; one sort of 64-bit words where that takes
    more than two digits and components and row number fit one word.

    >>> columns = [np.array([1, 0, 1], np.uint8), np.array([2, 9, 1], np.uint8)]
    >>> sorted_rows(columns, [1, 9]).tolist(), sorted_rows(columns, [1, 9], np.array([0, 2])).tolist()
    ([1, 2, 0], [2, 0])

    """
    layout = KeyLayout.of(most)
    row_bits = max(len(columns[0]) - 1, 0).bit_length()
    if len(layout.words) == 1 and 2 * _DIGIT_BITS < layout.width(0) <= _WORD_BITS - row_bits:
        return _sorted_as_words(layout.pack(columns, 0), row_bits, rows)
    order = rows
    for word in reversed(range(len(layout.words))):
        packed = layout.pack(columns, word)
        for shift in range(0, layout.width(word), _DIGIT_BITS):
            digits = (packed >> np.uint64(shift)).astype(np.uint16)
            by_digit = np.argsort(digits if order is None else digits.take(order), kind="stable")
            order = by_digit if order is None else order.take(by_digit)
    return np.arange(len(columns[0])) if order is None else order


def _sorted_as_words(words: Words, row_bits: int, rows: Rows | None) -> Rows:
    """Return the rows in the order of their words, which are overwritten."""
    np.left_shift(words, np.uint64(row_bits), out=words)
    np.bitwise_or(words, np.arange(len(words), dtype=np.uint64), out=words)
    if rows is not None:
        words = words.take(rows)
    words.sort()  # all words differ, each ends in its row number: every sort gives the same
    np.bitwise_and(words, np.uint64((1 << row_bits) - 1), out=words)
    return words.view(np.int64)
