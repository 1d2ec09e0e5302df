"""The cells of a table as they are given: their written form, how messages quote them, and what was probably meant.

A cell comes as text, as a Python value or as an element of an array; whatever it
comes as, it has one written form, and that form decides what it means.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

Cells = list[Any] | npt.NDArray[Any]

_SHOWN_MOST = 60
_FLOAT_REMEDY = "a floating-point number is not exact; give text, an integer, decimal.Decimal or fractions.Fraction"


@attrs.frozen
class BadCell:
    """A cell that is no value of its column: the row's index and the parts of the problem."""

    index: int
    code: str
    message: str
    remedy: str
    found: str
    expected: str = ""


class CellProblem(ValueError):  # noqa: N818 - it names a problem with a cell, caught and turned into a Problem
    """A cell cannot be taken at all: a floating-point number, an object that is no value."""

    def __init__(self, code: str, message: str, remedy: str) -> None:
        """Keep the parts for the `Problem` the caller makes."""
        super().__init__(f"{message}; {remedy}")
        self.code = code
        self.message = message
        self.remedy = remedy


def cells_of(values: object) -> Cells:
    """Return a given column as a list, or as an array of bool, int, float, datetime or text.

    Columns of pandas, polars and pyarrow come through their array form, except where that form
    would lose something: what is not known, or the offset of a time.

    Raises:
        TypeError: it is not one column of cells.

    >>> cells_of(("yes", None))
    ['yes', None]

    """
    if isinstance(values, list):
        return values
    if isinstance(values, tuple):
        return list(values)
    if isinstance(values, np.ma.MaskedArray):
        return list(values.tolist())
    if _loses_as_array(values):
        listed = getattr(values, "to_pylist", None) or values.to_list  # type: ignore[attr-defined]
        return list(listed())
    array = np.asarray(values)
    if array.ndim != 1:
        message = "not a list, a one-dimensional array or a column of a data frame"
        raise TypeError(message)
    if array.dtype.kind in "biufMU":
        return array
    return list(array.tolist())


def _loses_as_array(values: object) -> bool:
    """Return whether a polars or pyarrow column has nulls, or times with an offset, which its array would not show."""
    nulls = getattr(values, "null_count", 0)
    zones = (
        getattr(getattr(values, "type", None), "tz", None),
        getattr(getattr(values, "dtype", None), "time_zone", None),
    )
    return bool(any(zones) or (nulls() if callable(nulls) else nulls))


def written(cells: Cells) -> tuple[list[str], list[BadCell]]:
    """Return the written form of every cell, "" where it is not known, and the cells that have none.

    >>> from decimal import Decimal
    >>> written([True, None, 7, Decimal("4.50")])
    (['yes', '', '7', '4.50'], [])

    """
    if isinstance(cells, np.ndarray) and cells.dtype.kind == "U":
        return cells.tolist(), []
    if set(map(type, cells)) <= {str}:
        return list(cells), []
    bad: list[BadCell] = []
    texts = []
    for index, cell in enumerate(cells):
        try:
            texts.append(text_of(cell))
        except CellProblem as problem:
            texts.append("")
            bad.append(BadCell(index, problem.code, problem.message, problem.remedy, shown(repr(cell))))
    return texts, bad


def shown(text: str) -> str:
    r"""Return a text as messages quote it: on one line, no control characters, not too long.

    >>> shown("a\x00b")
    'a\\x00b'

    """
    text = text if len(text) <= _SHOWN_MOST else text[: _SHOWN_MOST - 1] + "…"
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def text_of(cell: object) -> str:  # noqa: C901, PLR0911 - one line for each kind of value
    """Return the written form of a Python value or of an element of an array; "" when it says "not known"."""
    if cell is None or type(cell).__name__ in {"NAType", "NaTType"}:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, (bool, np.bool_)):
        return "yes" if cell else "no"
    if isinstance(cell, (int, np.integer)):
        return _digits(int(cell))
    if isinstance(cell, (float, np.floating)):
        if cell != cell:  # noqa: PLR0124 - the definition of "not a number"
            return ""
        raise CellProblem("T021", f"{cell} is a floating-point number", _FLOAT_REMEDY)
    if isinstance(cell, datetime):
        midnight = cell.tzinfo is None and cell.time() == time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, np.datetime64):
        return _moment_text(cell)
    if isinstance(cell, Decimal):
        return _decimal_text(cell)
    if isinstance(cell, Fraction):
        whole = cell.denominator == 1
        return _digits(cell.numerator) + ("" if whole else f"/{_digits(cell.denominator)}")
    kind = type(cell).__name__
    raise CellProblem("T022", f"{kind} is not a kind of value a cell may have", "give text, a number, a date or None")


def _moment_text(cell: np.datetime64) -> str:
    if np.datetime_data(cell.dtype)[0] in {"Y", "M", "generic"}:
        return "" if np.isnat(cell) else str(cell)
    moment = cell.astype("datetime64[us]")
    value = moment.item()
    exact = moment.astype(cell.dtype) == cell  # compared in the cell's own unit, which the cast back cannot overflow
    return text_of(value) if value is None or (exact and isinstance(value, date)) else str(cell)


def _digits(number: int) -> str:
    return str(number) if number.bit_length() <= 4096 else f"a number of {number.bit_length()} bits"  # noqa: PLR2004 - str() refuses far longer ones


def _decimal_text(number: Decimal) -> str:
    if number.is_nan():
        return ""
    return format(number, "f") if number.is_finite() and abs(number.adjusted()) <= _SHOWN_MOST else str(number)
