"""XLSX workbooks -> rows of texts, after measuring what unpacking and laying them out would cost.

A workbook is a zip archive of XML. Its directory may lie about sizes, and one cell in the last corner of a sheet
makes a reader lay out seventeen thousand million cells. So the archive is unpacked here under a limit, and the
reader gets only what was measured.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import attrs
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from service.tables.sheets import TableProblem

_MEGABYTE = 1_000_000
_CHUNK = 1_000_000
_EXACT_DIGITS = 15  # what a spreadsheet keeps of a number
_REFERENCE = re.compile(rb"""(?<=\s)r\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_CELL = re.compile(rb"([A-Z]{0,3})(\d{1,7})")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/_rels/[^/]+\.rels|xl/(?:workbook|styles|sharedstrings)\.xml|"
    r"xl/worksheets/[^/]+\.xml",
    re.IGNORECASE,
)

Cell = str | float | bool | date | datetime | time | timedelta | None


@attrs.frozen
class Limits:
    """How large a workbook may be.

    Args:
        unpacked: megabytes of all its files when unpacked.
        cells: cells of the largest sheet, as a rectangle from the first corner.
        files: files in the archive.

    """

    unpacked: int = 100
    cells: int = 5_000_000
    files: int = 1_000


class WorkbookError(Exception):
    """A file that cannot be read at all."""

    def __init__(self, problem: TableProblem) -> None:
        """Keep the problem for the sheet that says so."""
        super().__init__(problem.message("en"))
        self.problem = problem


def workbook_rows(data: bytes, sheet: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    r"""Return the rows of a sheet, each with its number; "" = the first sheet that is not hidden.

    Raises:
        WorkbookError: it is no workbook, or larger than it may be.

    >>> try:
    ...     workbook_rows(b"PK\x03\x04", "", Limits())
    ... except WorkbookError as error:
    ...     print(error)
    this is no XLSX workbook

    """
    packed = _measured(data, limits)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(packed))
        sheets = [each.name for each in workbook.sheets_metadata if each.typ is SheetTypeEnum.WorkSheet]
        if not sheets or (sheet and sheet not in sheets):
            raise WorkbookError(TableProblem(0, "", "no-sheet", sheet))
        rows = workbook.get_sheet_by_name(sheet or sheets[0]).to_python(skip_empty_area=False)
    except CalamineError:
        raise WorkbookError(TableProblem(0, "", "not-xlsx")) from None
    return ((number, [cell_text(cell) for cell in cells]) for number, cells in enumerate(rows, 1))


def cell_text(cell: Cell) -> str:
    """Return what a cell says, as it would be typed.

    >>> cell_text(12.0), cell_text(4.66), cell_text(0.1 + 0.2), cell_text(date(2026, 9, 1)), cell_text(True)
    ('12', '4.66', '0.3', '2026-09-01', 'yes')

    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int | float):
        return _number(float(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def _number(value: float) -> str:
    text = f"{value:.{_EXACT_DIGITS}g}"
    if "e" in text:
        text = f"{value:.{_EXACT_DIGITS}f}".rstrip("0").rstrip(".")
    return text


def _measured(data: bytes, limits: Limits) -> bytes:
    """Return the parts of the workbook that hold its cells, unpacked under the limits, in an archive of their own."""
    most = left = limits.unpacked * _MEGABYTE
    kept = io.BytesIO()
    names: set[str] = set()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(kept, "w") as measured:
            entries = given.infolist()
            if sum(entry.file_size for entry in entries) > most or len(entries) > limits.files:
                raise WorkbookError(TableProblem(0, "", "unpacked", f"> {limits.unpacked} MB"))
            for entry in entries:
                if not _NEEDED.fullmatch(entry.filename) or entry.filename in names:
                    continue
                text = _unpacked(given, entry, left, limits)
                left -= len(text)
                if _SHEET.fullmatch(entry.filename):
                    _refuse_wide(text, limits)
                names.add(entry.filename)
                measured.writestr(zipfile.ZipInfo(entry.filename), text)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        raise WorkbookError(TableProblem(0, "", "not-xlsx")) from None
    if "xl/workbook.xml" not in names:
        raise WorkbookError(TableProblem(0, "", "not-xlsx"))
    return kept.getvalue()


def _unpacked(given: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int, limits: Limits) -> bytes:
    """Return one file of the archive; reading stops at the limit whatever the directory promises."""
    parts: list[bytes] = []
    with given.open(entry) as file:
        while part := file.read(_CHUNK):
            left -= len(part)
            if left < 0:
                raise WorkbookError(TableProblem(0, "", "unpacked", f"> {limits.unpacked} MB"))
            parts.append(part)
    return b"".join(parts)


def _refuse_wide(text: bytes, limits: Limits) -> None:
    """Refuse a sheet whose farthest row and column span too many cells."""
    widest = lowest = 1
    for match in _REFERENCE.finditer(text):
        reference = _CELL.fullmatch(match[1] if match[1] is not None else match[2])
        if reference is None:
            raise WorkbookError(TableProblem(0, "", "not-xlsx"))
        column = 0
        for letter in reference[1]:
            column = column * 26 + letter - ord("A") + 1
        widest, lowest = max(widest, column), max(lowest, int(reference[2]))
    if b"\0" in text or widest * lowest > limits.cells:
        raise WorkbookError(TableProblem(0, "", "cells", f"> {limits.cells}"))
