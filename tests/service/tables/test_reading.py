"""Tables are read as people save them, and everything wrong with a file is told at once by row and column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.tables.reading import read_sheet
from service.tables.sheets import TableProblem

PLAIN = "номер;имя\r\n7;Ёлка\r\n\r\n;\r\n8;\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
@pytest.mark.parametrize("delimiter", [";", ","])
def test_csv_is_read_in_any_usual_spelling(encoding: str, delimiter: str) -> None:
    """UTF-8 with and without a mark, Windows-1251, semicolons and commas; blank rows are left out."""
    sheet = read_sheet(PLAIN.replace(";", delimiter).encode(encoding), "a.csv")
    assert sheet.header == ("номер", "имя")
    assert sheet.rows == (("7", "Ёлка"), ("8", ""))
    assert sheet.lines == (2, 5)
    assert sheet.problems == ()


def test_every_problem_of_a_file_is_told_with_row_and_column() -> None:
    """A doubled column, one without a name, a long row, a failed formula: all of them, and the good cells are there."""
    text = "a;b;a;;c\n1;2;3;4;5\n1;2;3;;#N/A\n1;2;3;;5;6\n"
    sheet = read_sheet(text.encode(), "a.csv")
    assert sheet.problems == (
        TableProblem(1, "a", "twice"),
        TableProblem(1, "№ 4", "no-name"),
        TableProblem(3, "c", "error-cell", "#N/A"),
        TableProblem(4, "", "width", "6"),
    )
    assert sheet.column("c") == ["5", "#N/A", "5"]


@pytest.mark.parametrize(
    ("data", "row", "code"),
    [
        (b"", 0, "empty"),
        (b"\r\n \r\n;;\r\n", 0, "empty"),
        ("a\n1\n".encode("utf-16"), 0, "encoding"),
        (b"a\n\x001\n", 0, "encoding"),
        ("номер\nёж\n".encode() + b"\xff\n", 3, "encoding"),
        (b"a\n\x98\n", 2, "encoding"),
        (b"PK\x03\x04 and nothing more", 0, "not-xlsx"),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(data: bytes, row: int, code: str) -> None:
    """Nothing is read from it, nothing is raised."""
    sheet = read_sheet(data, "a.csv")
    assert (sheet.usable, sheet.rows, sheet.problems) == (False, (), (TableProblem(row, "", code),))


def test_a_quote_that_is_not_closed_is_found_where_it_opens() -> None:
    """The rows before it are there."""
    sheet = read_sheet(b'a;b\n1;2\n3;"4\n5;6\n', "a.csv")
    assert sheet.rows == (("1", "2"),)
    assert sheet.problems == (TableProblem(3, "", "quote"),)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_sheet_or_a_problem(data: bytes) -> None:
    """No upload makes the reader fail."""
    sheet = read_sheet(data, "x")
    assert sheet.usable or sheet.problems
    assert all(len(row) == len(sheet.header) for row in sheet.rows)
