"""Workbooks are measured before they are read: what would not fit is refused, what lies about its size too."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import date, datetime, time, timedelta

import pytest

from service.tables.reading import read_sheet
from service.tables.sheets import TableProblem
from service.tables.workbooks import Limits, cell_text
from service.tables.writing import write_xlsx

WORKBOOK = write_xlsx(["номер", "имя"], [[7, "Ёлка"], [8, "x"]])


def changed(name: str, content: bytes) -> bytes:
    """Return the workbook with one of its files replaced or added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as given, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as other:
        for entry in given.infolist():
            if entry.filename != name:
                other.writestr(entry.filename, given.read(entry))
        other.writestr(name, content)
    return made.getvalue()


def with_cell(attribute: str) -> bytes:
    """Return the workbook with a sheet of one cell, which has these attributes."""
    sheet = f'<row r="1"><c {attribute}><v>1</v></c></row>'
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    text = f'<worksheet xmlns="{space}"><sheetData>{sheet}</sheetData></worksheet>'
    return changed("xl/worksheets/sheet1.xml", text.encode())


def test_a_workbook_is_read_like_a_csv_file() -> None:
    """Header, texts and row numbers are the same."""
    sheet = read_sheet(WORKBOOK, "a.xlsx")
    assert (sheet.header, sheet.rows, sheet.lines) == (("номер", "имя"), (("7", "Ёлка"), ("8", "x")), (2, 3))


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (12.0, "12"),
        (4.66, "4.66"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (123456789012345.0, "123456789012345"),
        (False, "no"),
        (date(2026, 9, 1), "2026-09-01"),
        (datetime(2026, 9, 1), "2026-09-01"),  # noqa: DTZ001 - a spreadsheet has no zones
        (datetime(2026, 9, 1, 8, 5), "2026-09-01 08:05:00"),  # noqa: DTZ001 - likewise
        (time(8, 5), "08:05:00"),
        (timedelta(hours=1), "1:00:00"),
        ("'=1", "'=1"),
    ],
)
def test_a_cell_says_what_would_be_typed(cell: str | float | date | None, text: str) -> None:
    """Whole numbers have no point, decimals no noise of the machine."""
    assert cell_text(cell) == text


@pytest.mark.parametrize(
    ("data", "limits", "code"),
    [
        (changed("xl/sharedStrings.xml", b" " * 5_000_000), Limits(unpacked=2), "unpacked"),
        (changed("xl/media/picture.png", b" " * 5_000_000), Limits(unpacked=2), "unpacked"),
        (WORKBOOK, Limits(files=3), "unpacked"),
        (with_cell('r="XFD1048576"'), Limits(), "cells"),
        (with_cell("r = 'XFD1048576'"), Limits(), "cells"),
        (with_cell('r="A&#49;"'), Limits(), "not-xlsx"),
        (with_cell('r="AAAA1"'), Limits(), "not-xlsx"),
        (changed("xl/workbook.xml", b"<workbook/>"), Limits(), "no-sheet"),
        (changed("xl/workbook.xml", b"no XML"), Limits(), "not-xlsx"),
        (WORKBOOK[:2000], Limits(), "not-xlsx"),
    ],
)
def test_a_workbook_that_is_too_large_or_broken_is_refused(data: bytes, limits: Limits, code: str) -> None:
    """Nothing of it is laid out."""
    sheet = read_sheet(data, "a.xlsx", limits=limits)
    assert (sheet.usable, [problem.code for problem in sheet.problems]) == (False, [code])


def test_a_directory_that_lies_about_sizes_gains_nothing() -> None:
    """Fifty megabytes that are announced as a hundred bytes are not unpacked."""
    data = bytearray(changed("xl/worksheets/sheet1.xml", b" " * 50_000_000))
    packed = struct.pack("<I", 50_000_000)
    assert data.count(packed) == 2  # in the directory and before the content
    data = data.replace(packed, struct.pack("<I", 100))
    assert read_sheet(bytes(data), "a.xlsx", limits=Limits(unpacked=2)).problems == (TableProblem(0, "", "not-xlsx"),)


def test_a_sheet_is_taken_by_its_name() -> None:
    """An unknown name is a problem that repeats it."""
    assert read_sheet(WORKBOOK, "a.xlsx", sheet="Лист1").usable
    assert read_sheet(WORKBOOK, "a.xlsx", sheet="Лист2").problems == (TableProblem(0, "", "no-sheet", "Лист2"),)


def test_rows_are_numbered_as_the_spreadsheet_shows_them() -> None:
    """Blank rows above and between are counted and left out."""
    sheet = read_sheet(write_xlsx([], [[], ["a"], [], [5]]), "a.xlsx")
    assert (sheet.header, sheet.rows, sheet.lines) == (("a",), (("5",),), (5,))
