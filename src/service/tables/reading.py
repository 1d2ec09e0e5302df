"""Files as people save them -> sheets of texts: CSV in UTF-8 or Windows-1251, or XLSX; every problem at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

import attrs

from service.tables.formulas import unescaped
from service.tables.sheets import Sheet, TableProblem
from service.tables.workbooks import Limits, WorkbookError, workbook_rows

_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"})
_LONGEST = 32_767
_HEADER_MOST = 100_000
_ZIP = b"PK\x03\x04"


def read_sheet(data: bytes, name: str, *, sheet: str = "", limits: Limits | None = None) -> Sheet:
    r"""Return the table in the bytes of a file; what it is, the bytes tell, not the name.

    The first row with any text is the header. Blank rows are left out, short rows are filled up. Whole numbers,
    dates and yes or no of a workbook become the texts 12, 2026-09-01, yes.

    Args:
        data: the file.
        name: the file as the user named it.
        sheet: the sheet of the workbook; "" = the first one.
        limits: how large a workbook may be.

    >>> read_sheet("номер;дата\n7;2026-09-01\n".encode("cp1251"), "a.csv").rows
    (('7', '2026-09-01'),)

    """
    problems: list[TableProblem] = []
    try:
        if data.startswith(_ZIP):
            records: Iterator[tuple[int, list[str]]] = workbook_rows(data, sheet, limits or Limits())
        else:
            records = _csv_rows(_decoded(data), problems)
        return _sheet(name, records, problems)
    except WorkbookError as error:
        return Sheet(name, problems=(error.problem,), usable=False)


def _decoded(data: bytes) -> str:
    """Return the text of a CSV file.

    Windows-1251 gives nearly every byte a letter, so a UTF-8 file with a bad byte would pass for it; that file
    is told by having more good characters than bad bytes.
    """
    bad = TableProblem(0, "", "encoding")
    if b"\0" in data or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise WorkbookError(bad)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        replaced = data.decode("utf-8-sig", errors="replace")
    broken = replaced.count("\ufffd")
    if sum(1 for letter in replaced if letter > "\x7f") - broken > broken or data.startswith(b"\xef\xbb\xbf"):
        line = replaced.count("\n", 0, replaced.index("\ufffd")) + 1
        raise WorkbookError(attrs.evolve(bad, row=line))
    try:
        return data.decode("cp1251")
    except UnicodeDecodeError as error:
        raise WorkbookError(attrs.evolve(bad, row=data.count(b"\n", 0, error.start) + 1)) from None


def _csv_rows(text: str, problems: list[TableProblem]) -> Iterator[tuple[int, list[str]]]:
    """Yield the line each record begins in, and its cells; a broken one becomes a problem."""
    head = text[:_HEADER_MOST]
    semicolons, commas = (_width(head, mark) for mark in ";,")
    delimiter = ";" if semicolons > commas or semicolons == 0 else ","  # 0: there is nothing but semicolons
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            for cells in reader:
                yield line, [unescaped(cell) for cell in cells]
                line = reader.line_num + 1
        except csv.Error:
            problems.append(TableProblem(line, "", "quote"))
        else:
            return


def _width(text: str, delimiter: str) -> int:
    for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        if any(map(str.strip, cells)):
            return len(cells)
    return 0


def _sheet(name: str, records: Iterable[tuple[int, list[str]]], problems: list[TableProblem]) -> Sheet:
    """Return the sheet of the records: the header checked, the rows as wide as it."""
    filled = ((line, cells) for line, cells in records if any(map(str.strip, cells)))
    first = next(filled, None)
    if first is None:
        return Sheet(name, problems=(*problems, TableProblem(0, "", "empty")), usable=False)
    titles = [cell.strip() for cell in first[1]]
    while titles and not titles[-1]:
        titles.pop()
    rows: list[list[str]] = []
    lines: list[int] = []
    for line, cells in filled:
        rows.append(_row(line, cells, titles, problems))
        lines.append(line)
    kept = _named(first[0], titles, rows, problems)
    texts = tuple(tuple(row[index] for index in kept.values()) for row in rows)
    return Sheet(name, tuple(kept), texts, tuple(lines), tuple(sorted(problems)))


def _row(line: int, cells: list[str], titles: list[str], problems: list[TableProblem]) -> list[str]:
    """Return a row as wide as the header, after checking its cells."""
    if any(map(str.strip, cells[len(titles) :])):
        problems.append(TableProblem(line, "", "width", str(len(cells))))
    row = [*cells[: len(titles)], *[""] * (len(titles) - len(cells))]
    for title, cell in zip(titles, row, strict=True):
        if len(cell) > _LONGEST:
            problems.append(TableProblem(line, title, "long"))
        elif cell in _ERRORS:
            problems.append(TableProblem(line, title, "error-cell", cell))
    return row


def _named(line: int, titles: list[str], rows: list[list[str]], problems: list[TableProblem]) -> dict[str, int]:
    """Return where each named column stands; a second one of a name, and one with values but no name, are problems."""
    kept: dict[str, int] = {}
    for index, title in enumerate(titles):
        if title in kept:
            problems.append(TableProblem(line, title, "twice"))
        elif title:
            kept[title] = index
        elif any(row[index].strip() for row in rows):
            problems.append(TableProblem(line, f"№ {index + 1}", "no-name"))
    return kept
