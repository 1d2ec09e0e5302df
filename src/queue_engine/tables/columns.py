"""One fact over many rows: the integers, which of them are known, and the cells that are no value of the fact.

Whatever a cell comes as, it is accepted exactly when its written form is, and gives
the same integer. Arrays of the right kind are converted as a whole, texts once per
distinct text.
"""

from __future__ import annotations

from datetime import date
from itertools import repeat
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from queue_engine.facts import EPOCH, Fact, FactType, ValueProblem, Vocabulary
from queue_engine.spelling import nearest
from queue_engine.tables.cells import BadCell, CellProblem, Cells, shown, text_of, written
from queue_engine.tables.ids import whole_numbers

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

_INT32_MOST = 2**31 - 1
_INT64_MOST = 2**63 - 1
_NUMBER_MOST = 10**18 - 1  # what the written form of a number may have: 18 digits
_DECIMAL_WHOLE_MOST = 10**12 - 1
_FIRST_DAY = (date.min - EPOCH).days
_LAST_DAY = (date.max - EPOCH).days
_DAY_SECONDS = 86_400
_PLAIN_TIME = "0000-00-00 00:00:00"
_TIMES = (FactType.DATE, FactType.INSTANT)
_CODES = {FactType.DATE: np.int32, FactType.CHOICE: np.int32, FactType.INSTANT: np.int64}
_DAYS_REMEDY = (
    'give dates or text; array.astype("datetime64[D]") turns day numbers into dates, "datetime64[s]" seconds into times'
)


@attrs.frozen(eq=False)
class Column:
    """One fact over many rows.

    Args:
        fact: what the values say.
        values: yes_no: bool; date: int32 days; instant: int64 seconds; number and decimal: int32 when
            the largest value of the fact fits it, else int64; choice: int32 indices into `labels`.
            0 (or False) where not known.
        known: which values are known; None = all of them.
        labels: the texts of a choice, sorted.

    """

    fact: Fact
    values: npt.NDArray[Any]
    known: Bools | None = None
    labels: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.values)

    def take(self, rows: npt.NDArray[np.integer[Any]]) -> Column:
        """Return the column of the given rows, in their order; row -1 is a row where nothing is known.

        >>> from queue_engine.facts import Title
        >>> column = Column(Fact("n", FactType.NUMBER, Title("", "")), np.array([5, 7]))
        >>> column.take(np.array([1, -1])).values.tolist(), column.take(np.array([1, -1])).known.tolist()
        ([7, 0], [True, False])

        """
        absent = rows < 0
        if not absent.any():
            known = None if self.known is None else self.known[rows]
            return attrs.evolve(self, values=self.values[rows], known=_mask(known))
        values = np.zeros(len(rows), self.values.dtype)
        values[~absent] = self.values[rows[~absent]]
        known = ~absent
        if self.known is not None:
            known[~absent] = self.known[rows[~absent]]
        return attrs.evolve(self, values=values, known=known)


def read_column(vocabulary: Vocabulary, fact: Fact, cells: Cells) -> tuple[Column, list[BadCell]]:
    """Return the column of a fact, and every cell that is no value of it (which counts as not known).

    Complexity: O(n), with one parse for each distinct text; nothing per cell for arrays of bool, int or datetime.

    >>> from queue_engine.facts import Title
    >>> fact = Fact("distance_m", FactType.NUMBER, Title("", ""))
    >>> column, bad = read_column(Vocabulary({}, {}, {}), fact, ["1200", "", "1,2 km"])
    >>> column.values.tolist(), column.known.tolist(), bad[0].message
    ([1200, 0, 0], [True, False, False], '"1,2 km" is not a whole number')

    """
    if isinstance(cells, np.ndarray) and cells.dtype.kind != "U":
        whole = _convert_array(fact, cells)
        if whole is not None:
            values, known, refused = whole
            bad = _bad_elements(vocabulary, fact, cells, np.flatnonzero(refused))
            return _column(fact, values, known & ~refused), bad
    texts, unusable = written(cells)
    if fact.type is FactType.CHOICE:
        return _read_choice(fact, texts, unusable)
    plain = None if unusable else _plainly_written(fact, texts)
    if plain is not None:
        return Column(fact, plain.astype(dtype_of(fact), copy=False)), []
    parsed: dict[str, int] = {}
    refusals: dict[str, BadCell] = {}
    for text in dict.fromkeys(texts):
        stripped = text.strip()
        if not stripped:
            continue
        try:
            parsed[text] = vocabulary.parse(fact, stripped)
        except ValueProblem:
            refusals[text] = refusal(vocabulary, fact, stripped)
    values = np.fromiter(map(parsed.get, texts, repeat(0)), np.int64, len(texts))
    known = np.fromiter(map(parsed.__contains__, texts), np.bool_, len(texts))
    bad = (
        [attrs.evolve(refusals[text], index=i) for i, text in enumerate(texts) if text in refusals] if refusals else []
    )
    return _column(fact, values, known), [*unusable, *bad]


def disagreeing(column: Column, owner: Ints, first: Ints) -> Ints:
    """Return the rows of a repeated fact that differ from the first row of their owner.

    Args:
        column: the fact as the rows have it.
        owner: the owner of each row; -1 = a row that counts for nobody.
        first: the first row of each owner.

    """
    rows = np.flatnonzero(owner >= 0)
    said = first[owner[rows]]
    differs = column.values[rows] != column.values[said]
    if column.known is not None:
        differs |= column.known[rows] != column.known[said]
    different: Ints = rows[differs]
    return different


def refusal(vocabulary: Vocabulary, fact: Fact, text: str) -> BadCell:
    """Return the bad cell of a text that is no value of the fact."""
    expected, remedy = "a value this column can hold", "check the value"
    try:
        vocabulary.parse(fact, text)
    except ValueProblem as problem:
        expected, remedy = problem.expected, problem.remedy
    return BadCell(0, "T020", f'"{shown(text)}" is not {expected}', remedy, text, expected)


def _mask(known: Bools | None) -> Bools | None:
    return None if known is None or bool(known.all()) else known


def _column(fact: Fact, values: npt.NDArray[Any], known: Bools, labels: tuple[str, ...] = ()) -> Column:
    """Return the column in the fact's own dtype, 0 where not known."""
    every = bool(known.all())
    if not every:
        values = np.where(known, values, 0)
    return Column(fact, values.astype(dtype_of(fact), copy=False), None if every else known, labels)


def dtype_of(fact: Fact) -> npt.DTypeLike:
    """Return the dtype of the values of a fact's column."""
    if fact.type is FactType.YES_NO:
        return np.bool_
    if fact.type in _CODES:
        return _CODES[fact.type]
    return np.int32 if fact.most is not None and fact.most <= _INT32_MOST else np.int64


def _read_choice(fact: Fact, texts: list[str], bad: list[BadCell]) -> tuple[Column, list[BadCell]]:
    """Return the column of a choice: of the declared codes, or of whatever texts there are."""
    meaning = {text: text.strip() for text in set(texts)}
    refused: dict[str, BadCell] = {}
    for text, label in meaning.items():
        if not label.isprintable():
            message = f'"{shown(label)}" holds a character that cannot be seen'
            refused[text] = BadCell(0, "T023", message, "write it again by hand", label, "letters, digits and signs")
        elif label and fact.choices and label not in fact.choices:
            expected = "one of " + ", ".join(sorted(fact.choices))
            hint = nearest(label, fact.choices) or f"write {expected}"
            refused[text] = BadCell(
                0, "T020", f'"{shown(label)}" is not a choice of {fact.name}', hint, label, expected
            )
    kept = {text: label for text, label in meaning.items() if label and text not in refused}
    labels = tuple(sorted(fact.choices or set(kept.values())))
    index = {label: code for code, label in enumerate(labels)}
    codes = {text: index[label] for text, label in kept.items()}
    values = np.fromiter(map(codes.get, texts, repeat(0)), np.int64, len(texts))
    known = np.fromiter(map(codes.__contains__, texts), np.bool_, len(texts))
    if refused:
        bad = [*bad, *(attrs.evolve(refused[text], index=i) for i, text in enumerate(texts) if text in refused)]
    return _column(fact, values, known, labels), bad


def _plainly_written(fact: Fact, texts: list[str]) -> Ints | None:
    """Return the values of texts that are all numbers, or all times, in the plainest form and in range; else None.

    A million different texts are read so in a tenth of the time; any doubt leaves them to the parser.
    """
    array: npt.NDArray[Any]
    if fact.type is FactType.NUMBER:
        whole = whole_numbers(texts)
        if whole is None:
            return None
        array = whole
    elif fact.type is FactType.INSTANT and set(map(len, texts)) == {len(_PLAIN_TIME)}:
        characters = np.array(texts).view(np.uint32).reshape(len(texts), -1)
        form = np.array([_PLAIN_TIME]).view(np.uint32)
        digit = (characters >= ord("0")) & (characters <= ord("9"))
        if not np.where(form == ord("0"), digit, characters == form).all():
            return None
        try:
            array = np.array(texts, "datetime64[s]")
        except ValueError:  # no day or hour of the calendar
            return None
    else:
        return None
    converted = _convert_array(fact, array)
    return None if converted is None or converted[2].any() else converted[0]


def _convert_array(fact: Fact, array: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], Bools, Bools] | None:
    """Return values, known and refused of a whole array; None = its kind does not fit the fact, go by written forms."""
    kind = array.dtype.kind
    everywhere = np.ones(len(array), np.bool_)
    if kind == "f":
        known = ~np.isnan(array)
        return np.zeros(len(array), np.int64), known, known
    if kind == "M" and fact.type in _TIMES:
        return _convert_times(fact, array)
    if kind == "b" and fact.type is FactType.YES_NO:
        return array, everywhere, ~everywhere
    if kind in "iu" and fact.type in _TIMES:
        return np.zeros(len(array), np.int64), everywhere, everywhere
    if kind in "iu" and fact.type is not FactType.CHOICE:
        most = {FactType.YES_NO: 1, FactType.NUMBER: _NUMBER_MOST}.get(fact.type, _DECIMAL_WHOLE_MOST)
        most = min(most, _INT64_MOST // 10**fact.digits)
        refused = (array < 0) | (array > most)
        values = np.where(refused, 0, array).astype(np.int64) * 10**fact.digits
        return values, everywhere, refused | _outside(fact, values)
    return None


def _convert_times(fact: Fact, array: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], Bools, Bools] | None:
    """Return days or seconds of a datetime64 array; finer parts than the fact keeps are refused, not cut."""
    if np.datetime_data(array.dtype)[0] in {"Y", "M", "generic"}:
        return None
    known = ~np.isnat(array)
    whole = array.astype("datetime64[D]" if fact.type is FactType.DATE else "datetime64[s]")
    refused = known & (whole.astype(array.dtype) != array)
    values = whole.astype(np.int64)
    scale = 1 if fact.type is FactType.DATE else _DAY_SECONDS
    refused |= known & ((values < _FIRST_DAY * scale) | (values >= (_LAST_DAY + 1) * scale))
    return values, known, refused | (known & _outside(fact, values))


def _outside(fact: Fact, values: npt.NDArray[Any]) -> Bools:
    outside = np.zeros(len(values), np.bool_)
    if fact.least is not None:
        outside |= values < fact.least
    if fact.most is not None:
        outside |= values > fact.most
    return outside


def _bad_elements(vocabulary: Vocabulary, fact: Fact, array: npt.NDArray[Any], indices: Ints) -> list[BadCell]:
    """Return the problem of each refused element, in the words its written form is refused with."""
    bad = []
    for index in indices.tolist():
        try:
            text = text_of(array[index])
        except CellProblem as problem:
            bad.append(BadCell(index, problem.code, problem.message, problem.remedy, str(array[index])))
            continue
        cell = refusal(vocabulary, fact, text)
        remedy = _DAYS_REMEDY if array.dtype.kind in "iu" and fact.type in _TIMES else cell.remedy
        bad.append(attrs.evolve(cell, index=index, remedy=remedy))
    return bad
