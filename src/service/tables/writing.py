"""Rows -> CSV and XLSX files that spreadsheets open as they are; the same rows give the same bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time

import xlsxwriter  # type: ignore[import-untyped]

from service.tables.formulas import escaped

Value = str | int | date | datetime | bool | None

MADE = datetime(2000, 1, 1, tzinfo=UTC)  # the creation date of every workbook, so that its bytes are its rows
_EXACT = 10**15  # a spreadsheet keeps fifteen digits of a number
_LONGEST = 32_767
_MOST_ROWS = 1_048_576
_FIRST_DAY = date(1900, 3, 1)  # before it spreadsheets count a day that never was


class CellError(ValueError):
    """A value that no spreadsheet could keep as it is."""


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Return rows as CSV in UTF-8 with a byte order mark, parted by semicolons, as Russian spreadsheets expect.

    Texts that would run as formulas are escaped.

    >>> write_csv(["место", "имя"], [[1, "=1+1"]]).decode("utf-8-sig").splitlines()
    ['место;имя', "1;'=1+1"]

    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([escaped(title) for title in header])
    for row in rows:
        writer.writerow([escaped(as_text(value)) for value in row])
    return text.getvalue().encode("utf-8-sig")


def as_text(value: Value) -> str:
    """Return a value as it stands in a CSV file.

    >>> as_text(None), as_text(False), as_text(date(2026, 9, 1)), as_text(datetime(2026, 4, 1, 9, 30))
    ('', 'no', '2026-09-01', '2026-04-01 09:30:00')

    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[Value]], *, sheet: str = "Лист1") -> bytes:
    """Return rows as a workbook of one sheet: texts stay texts, whatever they begin with, numbers stay exact.

    Raises:
        CellError: a text or the table is longer than a sheet can hold.

    Complexity: O(number of cells), one row in memory at a time.

    >>> write_xlsx(["место"], [[1]])[:2]
    b'PK'

    """
    file = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    options |= {"strings_to_numbers": False, "remove_timezone": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"created": MADE})
        page = book.add_worksheet(sheet)
        bold = book.add_format({"bold": True})
        formats = {kind: book.add_format({"num_format": code}) for kind, code in _CODES.items()}
        page.freeze_panes(1, 0)
        for column, title in enumerate(header):
            page.write_string(0, column, _held(title), bold)
        for number, row in enumerate(rows, 1):
            if number >= _MOST_ROWS:
                raise CellError(f"a sheet holds {_MOST_ROWS - 1} rows; write CSV, or fewer rows")
            for column, value in enumerate(row):
                _write(page, number, column, value, formats)
    return file.getvalue()


_CODES: dict[type, str] = {date: "dd.mm.yyyy", datetime: "dd.mm.yyyy hh:mm:ss"}


def _write(
    page: xlsxwriter.workbook.Worksheet, row: int, column: int, value: Value, formats: dict[type, object]
) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool | str) or (isinstance(value, int) and abs(value) >= _EXACT):
        page.write_string(row, column, _held(as_text(value)))
    elif isinstance(value, int):
        page.write_number(row, column, value)
    elif (value.date() if isinstance(value, datetime) else value) < _FIRST_DAY:
        page.write_string(row, column, as_text(value))
    else:
        moment = value if isinstance(value, datetime) else datetime.combine(value, time())
        page.write_datetime(row, column, moment, formats[type(value)])


def _held(text: str) -> str:
    if len(text) > _LONGEST:
        raise CellError(f"a cell holds {_LONGEST} characters, this text has {len(text)}; shorten it, or write CSV")
    return text
