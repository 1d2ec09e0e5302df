"""Drawn numbers that are the same on every machine: a counter put through splitmix64, in integers only.

A number depends on the seed, the name of what is drawn, and the row, and on
nothing else, so another field or another row never changes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Words: TypeAlias = npt.NDArray[np.uint64]
Array: TypeAlias = npt.NDArray[Any]

CERTAIN = 10_000
"""What a chance is out of."""

_STEP = 0x9E3779B97F4A7C15
_FIRST_FACTOR = 0xBF58476D1CE4E5B9
_SECOND_FACTOR = 0x94D049BB133111EB
_WORD = 2**64 - 1


@attrs.frozen(eq=False)
class Draws:
    """Drawn numbers for some rows.

    Args:
        key: from `key_of`: the seed and what it is drawn for.
        rows: the numbers of the rows.

    >>> draws = Draws.of_rows(1, "kindergarten", 6)
    >>> draws.below("places", 1_000).tolist(), draws.at(np.array([4, 5])).below("places", 1_000).tolist()
    ([33, 290, 39, 512, 287, 43], [287, 43])

    """

    key: int
    rows: Ints

    @classmethod
    def of_rows(cls, seed: int, name: str, count: int) -> Draws:
        """Return the draws for rows 0 to `count` - 1."""
        return cls(key_of(seed & _WORD, name), np.arange(count, dtype=np.int64))

    def at(self, rows: Ints) -> Draws:
        """Return the draws for other rows; a row's numbers stay what they are."""
        return attrs.evolve(self, rows=rows)

    def bits(self, field: str) -> Words:
        """Return 64 even bits for each row."""
        return bits_at(key_of(self.key, field), self.rows)

    def below(self, field: str, bound: int | Ints) -> Ints:
        """Return integers from 0 to `bound` - 1; the bound is less than 2**31."""
        high = (self.bits(field) >> np.uint64(32)).astype(np.uint64)
        width = np.asarray(bound, np.int64).astype(np.uint64)
        return ((high * width) >> np.uint64(32)).astype(np.int64)

    def between(self, field: str, first: int | Ints, last: int | Ints) -> Ints:
        """Return integers from `first` to `last`, both included."""
        return self.below(field, np.asarray(last - first + 1, np.int64)) + first

    def chance(self, field: str, of_10_000: int | Ints) -> Bools:
        """Return yes for about `of_10_000` of 10,000 rows."""
        return self.below(field, CERTAIN) < of_10_000

    def weighted(self, field: str, weights: Sequence[int]) -> Ints:
        """Return indices of the weights, each as often as its weight says."""
        sums = np.array(list(accumulate(weights)), np.int64)
        return np.searchsorted(sums, self.below(field, int(sums[-1])), side="right").astype(np.int64)


def key_of(key: int, name: str) -> int:
    """Return the key for a name under another key.

    >>> key_of(1, "birth") == key_of(1, "birth"), key_of(1, "birth") == key_of(2, "birth")
    (True, False)

    """
    for byte in b"\0" + f"{name}/".encode():  # the first step parts small keys before letters touch them
        key = int(_mixed(np.array([(key ^ byte) + _STEP & _WORD], np.uint64))[0])
    return key


def bits_at(key: int, rows: Ints) -> Words:
    """Return what the splitmix64 generator seeded with `key` gives at steps `rows`, counted from 0.

    Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.

    >>> bits_at(1234567, np.arange(2)).tolist()
    [6457827717110365317, 3203168211198807973]

    """
    return _mixed((rows.astype(np.uint64) + np.uint64(1)) * np.uint64(_STEP) + np.uint64(key))


def _mixed(words: Words) -> Words:
    words = (words ^ (words >> np.uint64(30))) * np.uint64(_FIRST_FACTOR)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(_SECOND_FACTOR)
    return words ^ (words >> np.uint64(31))
