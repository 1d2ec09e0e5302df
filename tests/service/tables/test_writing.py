"""Exports open in spreadsheets as they are: no formula, no lost digit, and the same bytes for the same rows."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.tables.reading import read_sheet
from service.tables.writing import CellError, Value, as_text, write_csv, write_xlsx

ROWS: list[list[Value]] = [
    [1, "=1+1", date(2026, 9, 1), True, "00123"],
    [-5, "http://127.0.0.1/", datetime(2026, 4, 1, 9, 30, 15), None, 10**18],  # noqa: DTZ001 - sheets have no zones
    [0, "две\nстроки", date(1899, 12, 31), False, "'=x"],
]
HEADER = ["число", "=текст", "день", "да", "номер"]
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(
    lambda text: text == text.strip() and not text.startswith("#")
)


def test_csv_reads_back_as_it_was_written() -> None:
    """Texts, whole numbers, days and yes or no come back as the texts they are."""
    sheet = read_sheet(write_csv(HEADER, ROWS), "a.csv")
    assert sheet.header == tuple(HEADER)
    assert sheet.rows == tuple(tuple(map(as_text, row)) for row in ROWS)


def test_a_workbook_reads_back_as_it_was_written() -> None:
    """Long numbers keep every digit, zeros in front stay, days before the calendar of spreadsheets too."""
    sheet = read_sheet(write_xlsx(HEADER, ROWS), "a.xlsx")
    assert sheet.header == tuple(HEADER)
    assert sheet.rows == tuple(tuple(map(as_text, row)) for row in ROWS)


def test_no_cell_of_a_workbook_is_a_formula_or_a_link() -> None:
    """Its sheet holds neither, whatever the texts begin with."""
    with zipfile.ZipFile(io.BytesIO(write_xlsx(HEADER, ROWS))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "=1+1" in sheet
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_no_cell_of_a_csv_file_begins_a_formula() -> None:
    """Not even a name of a column."""
    text = write_csv(HEADER, ROWS).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=";") for cell in row]
    assert [cell for cell in cells if cell[:1] in "=+@"] == [""]


def test_the_same_rows_give_the_same_bytes() -> None:
    """Nothing of the day or the machine is in them: every file carries the fixed date."""
    first = write_xlsx(HEADER, ROWS)
    assert first == write_xlsx(HEADER, iter(ROWS))
    with zipfile.ZipFile(io.BytesIO(first)) as book:
        assert {entry.date_time[0] for entry in book.infolist()} == {1980}
        core = book.read("docProps/core.xml").decode()
    assert "2000-01-01T00:00:00Z" in core
    assert str(datetime.now(UTC).year) not in core


def test_a_text_no_sheet_can_hold_is_refused_and_not_cut() -> None:
    """The message says what to do."""
    with pytest.raises(CellError, match="32767 characters"):
        write_xlsx(["a"], [["x" * 32_768]])


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), max_size=5))
def test_any_texts_make_the_way_there_and_back(rows: list[list[str]]) -> None:
    """CSV and workbook give the texts that were given."""
    expected = tuple(map(tuple, rows))
    assert read_sheet(write_csv(["a", "b"], rows), "a.csv").rows == expected
    assert read_sheet(write_xlsx(["a", "b"], rows), "a.xlsx").rows == expected
