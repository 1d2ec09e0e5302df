from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_engine.facts import Fact, FactType, Title, ValueProblem, Vocabulary, date_to_day
from queue_engine.tables.cells import cells_of
from queue_engine.tables.columns import Column, read_column

HERE = Vocabulary({}, {}, {})
FACTS = {
    "yes_no": Fact("f", FactType.YES_NO, Title("", "")),
    "date": Fact("f", FactType.DATE, Title("", "")),
    "instant": Fact("f", FactType.INSTANT, Title("", "")),
    "number": Fact("f", FactType.NUMBER, Title("", "")),
    "small": Fact("f", FactType.NUMBER, Title("", ""), least=3, most=9),
    "decimal": Fact("f", FactType.DECIMAL, Title("", ""), digits=2),
    "choice": Fact("f", FactType.CHOICE, Title("", "")),
}
PARSED = [name for name in FACTS if name != "choice"]


def read(kind: str, values: object) -> tuple[Column, list[str]]:
    """Return the column of values, and what is said of those that are none."""
    column, bad = read_column(HERE, FACTS[kind], cells_of(values))
    return column, [f"{cell.index} {cell.message}" for cell in bad]


def told(kind: str, values: object) -> tuple[list[Any], list[bool], list[tuple[int, str]]]:
    """Return values, known rows and refused rows with their codes."""
    column, bad = read_column(HERE, FACTS[kind], cells_of(values))
    known = [True] * len(column) if column.known is None else column.known.tolist()
    return column.values.tolist(), known, sorted((cell.index, cell.code) for cell in bad)


TEXTS = st.one_of(
    st.sampled_from(
        ["", " ", "yes", "нет", "2026-02-30", "0000-01-01", "1,5", "14/3", "1/0", "9" * 18, "9" * 19, "7" * 5000]
    ),
    st.sampled_from(
        ["9" * 12, "9" * 30 + "/1", "1/" + "9" * 5000, "0007", "٣", "²", "-5", "+5", "1_000", "1e3", "NaT", "nan"]
    ),
    st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)).map(lambda at: at.isoformat(sep=" ", timespec="seconds")),  # noqa: DTZ001
    st.sampled_from(["2026-04-01 24:00:00", "2026-04-01 23:59:60", "2026-04-01T10:00:00Z", "0001-01-01 00:00:00"]),
    st.dates().map(str),
    st.integers(-5, 10**20).map(str),
    st.text(max_size=5),
)


@given(st.sampled_from(PARSED), st.lists(TEXTS, max_size=6))
def test_texts_mean_what_the_fact_parses_one_by_one(kind: str, texts: list[str]) -> None:
    """Reading a whole column is parsing each of its cells."""
    values, known, refused = told(kind, texts)
    for index, text in enumerate(texts):
        try:
            value = HERE.parse(FACTS[kind], text) if text.strip() else None
        except ValueError:
            value = None
        if value is not None and abs(value) < 2**63:
            assert (values[index], known[index]) == (value, True)
        else:
            assert (values[index], known[index]) == (0, False)
        assert ((index, "T020") in refused) == bool(text.strip() and not known[index])


@given(st.sampled_from(["number", "instant"]), st.lists(TEXTS.filter(str.isascii), min_size=1, max_size=1))
def test_plain_texts_read_as_a_whole_mean_the_same(kind: str, texts: list[str]) -> None:
    """The quick way for plainly written columns agrees with the parser, which a blank beside the text calls."""
    values, known, refused = told(kind, texts)
    assert told(kind, [f" {text}" for text in texts]) == (values, known, refused)


ARRAYS = st.one_of(
    st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(-2, 20), max_size=5).map(lambda v: np.array(v, np.int64)),
    st.lists(st.integers(0, 2**64 - 1), max_size=5).map(lambda v: np.array(v, np.uint64)),
    st.lists(st.integers(-128, 127), max_size=5).map(lambda v: np.array(v, np.int8)),
    st.lists(st.booleans(), max_size=5).map(lambda v: np.array(v, np.bool_)),
    st.lists(st.floats(width=32), max_size=5).map(lambda v: np.array(v, np.float32)),
    st.lists(st.dates() | st.none(), max_size=5).map(lambda v: np.array(v, "datetime64[D]")),
    st.lists(st.datetimes() | st.none(), max_size=5).map(lambda v: np.array(v, "datetime64[us]")),
    st.lists(st.integers(-(2**63) + 1, 2**63 - 1), max_size=5).map(lambda v: np.array(v).astype("datetime64[s]")),
    st.lists(st.integers(-(2**63) + 1, 2**63 - 1), max_size=5).map(lambda v: np.array(v).astype("datetime64[D]")),
    st.lists(st.integers(0, 3000), max_size=5).map(lambda v: np.array(v).astype("datetime64[Y]")),
    st.lists(st.text("019-:. T", max_size=10), max_size=5).map(lambda v: np.array(v, np.str_)),
)


@given(st.sampled_from(sorted(FACTS)), ARRAYS)
def test_an_array_means_what_its_elements_do(kind: str, array: np.ndarray) -> None:
    """Converting a whole array is converting each element by its written form."""
    assert told(kind, array) == told(kind, list(array))


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("yes_no", [True, np.bool_(), 1, "да"], [True, False, True, True]),
        ("number", [7, np.int16(8), Decimal(9), Fraction(6, 2)], [7, 8, 9, 3]),
        ("decimal", [4, Decimal("4.5"), Fraction(14, 3), "4,67"], [400, 450, 466, 467]),
        ("date", [date(1970, 1, 2), datetime(1970, 1, 3), np.datetime64("1970-01-04")], [1, 2, 3]),  # noqa: DTZ001
        ("instant", [date(1970, 1, 2), datetime(1970, 1, 1, tzinfo=UTC)], [86_400, 18_000]),
        ("instant", ["1970-01-01T00:00:00Z", "1970-01-01T00:00:00"], [18_000, 0]),
        ("choice", ["b", "a", 3], [2, 1, 0]),
        ("number", np.ma.masked_array([5, 6], mask=[0, 1]), [5, 0]),
        ("number", range(3), [0, 1, 2]),
        ("yes_no", np.array([1, 0], bool), [True, False]),
        ("instant", ["1970-01-01 00:00:01"], [1]),
    ],
)  # fmt: skip
def test_python_values_are_taken(kind: str, given: object, expected: list[int]) -> None:
    """Whatever has an exact written form is taken as that."""
    column, bad = read(kind, given)
    assert (column.values.tolist(), bad) == (expected, [])


@pytest.mark.parametrize(
    "absent", [None, "", "  ", float("nan"), np.float32("nan"), Decimal("NaN"), np.datetime64("NaT")]
)
@pytest.mark.parametrize("kind", sorted(FACTS))
def test_nothing_is_not_known(kind: str, absent: object) -> None:
    """Every way to say "no value" is one."""
    assert told(kind, [absent]) == ([0], [False], [])


@pytest.mark.parametrize(
    ("kind", "given", "message"),
    [
        ("date", datetime(2026, 1, 1, 9), '"2026-01-01 09:00:00" is not a date YYYY-MM-DD'),  # noqa: DTZ001
        ("date", datetime(2026, 1, 1, tzinfo=UTC), '"2026-01-01 00:00:00+00:00" is not a date YYYY-MM-DD'),
        ("date", np.datetime64("2026"), '"2026" is not a date YYYY-MM-DD'),
        ("date", 20_454, '"20454" is not a date YYYY-MM-DD'),
        ("instant", np.datetime64("2026-01-01T00:00:00.5"), '"2026-01-01 00:00:00.500000" is not a time'),
        ("instant", np.datetime64("2026-01-01T00:00:00.000000001"), '"2026-01-01T00:00:00.000000001" is not a time'),
        ("date", np.array([True])[0], '"yes" is not a date YYYY-MM-DD'),
        ("number", True, '"yes" is not a whole number'),
        ("number", Decimal("1E+1000000"), '"1E+1000000" is not a whole number'),
        ("number", Decimal("Infinity"), '"Infinity" is not a whole number'),
        pytest.param("number", 10**5000, '"a number of 16610 bits" is not a whole number', id="number-huge"),
        ("number", 10.0, "10.0 is a floating-point number"),
        ("number", [1], "list is not a kind of value a cell may have"),
        ("decimal", "9" * 30 + "/1", "is not a number with up to 2 digits after the point"),
        ("decimal", "9" * 30, "is not a number with up to 2 digits after the point"),
        pytest.param("decimal", "1/" + "9" * 5000, "is not a number with up to 2 digits", id="decimal-huge"),
        ("instant", "1970-01-01 00_00_01", '"1970-01-01 00_00_01" is not a time'),
        ("instant", "1970-02-30 00:00:01", '"1970-02-30 00:00:01" is not a time'),
        ("small", 2, '"2" is not a value from 3 to 9'),
        ("choice", "a\u200bb", '"a\\u200bb" holds a character that cannot be seen'),
    ],
)  # fmt: skip
def test_other_values_are_refused(kind: str, given: object, message: str) -> None:
    """What has no exact written form, or one the fact refuses, is no value, and the message quotes it."""
    column, bad = read(kind, [given])
    assert len(bad) == 1
    assert message in bad[0]
    assert column.known is not None


@pytest.mark.parametrize("array", [np.array([True]), np.array(["2026-01-01"], "datetime64[D]")], ids=["bool", "days"])
def test_an_array_of_another_kind_is_refused(array: np.ndarray) -> None:
    """Neither yes nor a day is a number, alone or in an array."""
    assert told("number", array) == ([0], [False], [(0, "T020")])


def test_day_numbers_are_refused_with_the_way_to_make_dates_of_them() -> None:
    """An array of integers may be years, so it is not taken for days."""
    _, bad = read_column(HERE, FACTS["date"], cells_of(np.array([2026])))
    assert 'astype("datetime64[D]")' in bad[0].remedy
    day = date_to_day(date(2026, 9, 1))
    assert read("date", np.array([day]).astype("datetime64[D]"))[0].values.tolist() == [day]


def test_the_codes_of_declared_choices_do_not_depend_on_the_rows() -> None:
    """A declared choice has all its labels, sorted, whether or not a row has them."""
    fact = Fact("f", FactType.CHOICE, Title("", ""), choices={"z": Title("", ""), "b": Title("", "")})
    column, bad = read_column(HERE, fact, ["z", ""])
    assert (column.labels, column.values.tolist(), bad) == (("b", "z"), [1, 0], [])


@pytest.mark.parametrize("values", [5, "abc", np.zeros((2, 2)), {"a": 1}, None], ids=repr)
def test_what_is_no_column_is_refused(values: object) -> None:
    """A scalar, a text and a square are no columns."""
    with pytest.raises(TypeError, match="not a list"):
        cells_of(values)


class Polars:
    """A column that counts its nulls by a method, as polars has them."""

    def __init__(self, cells: list[Any]) -> None:
        """Keep the cells."""
        self._cells = cells

    def null_count(self) -> int:
        """Return how many cells are not known."""
        return self._cells.count(None)

    def to_list(self) -> list[Any]:
        """Return the cells."""
        return self._cells

    def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
        """Return the cells as an array, which makes floating-point numbers of integers with nulls."""
        return np.array(self._cells, float if None in self._cells else None)


class Arrow(Polars):
    """A column of times with an offset, as pyarrow has them."""

    null_count = 0  # type: ignore[assignment]
    type = SimpleNamespace(tz="UTC")

    def to_pylist(self) -> list[Any]:
        """Return the cells."""
        return self._cells


def test_a_column_whose_array_would_lose_nulls_or_offsets_is_read_by_its_values() -> None:
    """Integers with nulls stay integers, and a time keeps its offset."""
    assert told("number", Polars([5, None])) == ([5, 0], [True, False], [])
    assert told("number", Polars([5, 6])) == ([5, 6], [True, True], [])
    assert told("instant", Arrow([datetime(1970, 1, 1, tzinfo=UTC)])) == ([18_000], [True], [])


def test_a_column_of_the_rows_of_others_knows_nothing_of_row_minus_one() -> None:
    """Taking rows keeps what is known of each."""
    column = Column(FACTS["number"], np.array([5, 6, 0]), np.array([True, True, False]))
    taken = column.take(np.array([1, -1, 2]))
    assert (len(taken), taken.values.tolist(), taken.known.tolist()) == (3, [6, 0, 0], [True, False, False])
    assert column.take(np.array([1, 0])).known is None


def test_a_value_problem_of_the_parser_is_its_own() -> None:
    """The message of a cell repeats what the fact expects."""
    with pytest.raises(ValueProblem) as caught:
        FACTS["number"].parse("x")
    assert read("number", ["x"])[1] == [f'0 "x" is not {caught.value.expected}']
