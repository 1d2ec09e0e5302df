"""The ids of a column: applications, programmes, organisations as texts, each once, and the rows that name them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from queue_engine.tables.cells import BadCell, Cells, shown, written

Ints = npt.NDArray[np.int64]

_LENGTH_MOST = 100
_INT64_DIGITS = 18


@attrs.frozen(eq=False)
class Ids:
    """The distinct ids of a column and which of them each row names.

    Args:
        codes: for each row the index of its id in `texts`; -1 = the cell is empty or no id.
        texts: the distinct ids, in no particular order.
        first: the first row of each id.

    """

    codes: Ints
    texts: Sequence[str]
    first: Ints

    def repeated(self) -> list[tuple[int, int]]:
        """Return the rows whose id stands in an earlier row already, each with the first of these.

        >>> read_ids(["a", "b", " a"])[0].repeated()
        [(2, 0)]

        """
        named = np.flatnonzero(self.codes >= 0)
        first = self.first[self.codes[named]]
        again = first != named
        return list(zip(named[again].tolist(), first[again].tolist(), strict=True))

    def array(self) -> npt.NDArray[np.str_]:
        """Return the distinct ids as an array."""
        return np.array(self.texts, np.str_) if len(self.texts) else np.zeros(0, "U1")

    def within(self, known: Mapping[str, int]) -> Ints:
        """Return for each row the number of its id among the known ones; -1 = not known, or no id."""
        numbers = [known.get(text, -1) for text in self.texts]
        return np.array([*numbers, -1], np.int64)[self.codes]


def nobody(size: int) -> Ids:
    """Return the ids of a column there is not: no row names any."""
    return Ids(np.full(size, -1, np.int64), (), np.zeros(0, np.int64))


def read_ids(cells: Cells) -> tuple[Ids, list[BadCell]]:
    """Return the ids of a column and the cells that cannot be one; integers count as their digits.

    >>> ids, bad = read_ids([17, "17 ", ""])
    >>> ids.codes.tolist(), ids.texts, bad
    ([0, 0, -1], ['17'], [])

    """
    bad: list[BadCell] = []
    if isinstance(cells, np.ndarray) and cells.dtype.kind in "iu":
        distinct, first, codes = np.unique(cells, return_index=True, return_inverse=True)
        return Ids(codes, list(map(str, distinct.tolist())), first), bad
    if isinstance(cells, np.ndarray) and cells.dtype.kind == "U":
        raw, raw_codes = np.unique(cells, return_inverse=True)
        raws = raw.tolist()
    else:
        texts, bad = written(cells)
        raws = list(dict.fromkeys(texts))
        index = dict(zip(raws, range(len(raws)), strict=True))
        raw_codes = np.fromiter(map(index.__getitem__, texts), np.int64, len(texts))
    codes, ids, refused = _distinct(raws, raw_codes)
    if refused:
        flagged = np.isin(raw_codes, np.array(list(refused), np.int64))
        bad += [attrs.evolve(refused[int(raw_codes[i])], index=i) for i in np.flatnonzero(flagged).tolist()]
    return Ids(codes, ids, first_rows(codes, len(ids))), bad


def _distinct(raws: Sequence[str], raw_codes: Ints) -> tuple[Ints, list[str], dict[int, BadCell]]:
    """Return codes and texts after trimming each raw text, and the raw texts that cannot be an id."""
    index: dict[str, int] = {}
    refused: dict[int, BadCell] = {}
    codes = []
    for number, raw in enumerate(raws):
        text = raw.strip()
        problem = _why_not(text)
        if problem:
            refused[number] = problem
        codes.append(-1 if problem or not text else index.setdefault(text, len(index)))
    return np.array([*codes, -1], np.int64)[raw_codes], list(index), refused


def _why_not(text: str) -> BadCell | None:
    if not text.isprintable():
        message = f'"{shown(text)}" holds a character that cannot be seen'
        return BadCell(0, "T023", message, "write it again by hand", text, "letters, digits and signs")
    if len(text) > _LENGTH_MOST:
        message = f'"{shown(text)}" is {len(text)} characters long; an id has at most {_LENGTH_MOST}'
        return BadCell(
            0, "T024", message, "is a quote or a delimiter missing?", text, f"at most {_LENGTH_MOST} characters"
        )
    return None


def first_rows(owner: Ints, size: int) -> Ints:
    """Return the first row of each owner; -1 = it has none.

    >>> first_rows(np.array([1, -1, 1, 0]), 3).tolist()
    [3, 0, -1]

    """
    rows = np.flatnonzero(owner >= 0)
    first = np.full(size, -1, np.int64)
    first[owner[rows][::-1]] = rows[::-1]  # numpy keeps the last value written to a repeated index: here the first row
    return first


def repeats(values: npt.NDArray[Any]) -> list[tuple[int, int]]:
    """Return the indices whose value stands at an earlier index already, each with the first of these.

    Complexity: O(n log n).

    >>> repeats(np.array([5, 7, 5, 5]))
    [(2, 0), (3, 0)]

    """
    order = np.argsort(values, kind="stable")
    starts = np.ones(len(values), np.bool_)
    starts[1:] = values[order][1:] != values[order][:-1]
    if starts.all():
        return []
    first = order[starts][np.cumsum(starts) - 1]
    return sorted(zip(order[~starts].tolist(), first[~starts].tolist(), strict=True))


def whole_numbers(texts: Sequence[str]) -> Ints | None:
    """Return ids as numbers when every one is written in at most 18 ASCII digits, else None.

    >>> whole_numbers(["10", "09"]), whole_numbers(["10", "a"]), whole_numbers([])
    (array([10,  9]), None, None)

    """
    if not all_digits(texts) or max(map(len, texts)) > _INT64_DIGITS:
        return None
    return np.fromiter(map(int, texts), np.int64, len(texts))


def sorted_order(texts: Sequence[str]) -> Ints:
    """Return the indices of ids in their order: by integer value when all are ASCII digits, else as text.

    Complexity: O(n log n).

    >>> sorted_order(["10", "9", "09"]).tolist(), sorted_order(["10", "9", "a"]).tolist()
    ([2, 1, 0], [0, 1, 2])

    """
    numbers = whole_numbers(texts)
    if numbers is not None:
        order = np.argsort(numbers, kind="stable")
        if (np.diff(numbers[order]) > 0).all():
            return order
    if all_digits(texts):
        return np.array(sorted(range(len(texts)), key=lambda row: (int(texts[row]), texts[row])), np.int64)
    return np.array(sorted(range(len(texts)), key=texts.__getitem__), np.int64)


def all_digits(texts: Sequence[str]) -> bool:
    """Return whether there are ids and every one is written in ASCII digits.

    >>> all_digits(["1", "02"]), all_digits(["1", "a"]), all_digits([])
    (True, False, False)

    """
    joined = "".join(texts)
    return joined.isascii() and joined.isdigit() and all(texts)
