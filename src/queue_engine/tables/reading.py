"""CSV files as people save them -> tables: UTF-8 or Windows-1251, commas or semicolons, every problem at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from os import PathLike, fspath
from pathlib import Path

from queue_engine.errors import Place, Problem, TableError
from queue_engine.facts import Vocabulary
from queue_engine.tables import build_tables
from queue_engine.tables.cells import shown
from queue_engine.tables.records import Tables
from queue_engine.tables.sheets import TextTable

__all__ = ["Progress", "TextTable", "read_csv", "read_csv_bytes", "read_tables"]

Progress = Callable[[str, int], None]
"""Called with the name of a table and how many of its rows are read, now and then and at its end."""

_CHUNK = 256  # rows turned into columns at a time: few enough that they die young and stay in the cache
_TOLD_EVERY = 65_536
_HEADER_MOST = 100_000
_SHARED_MOST = 100_000
_SAVE_AGAIN = "save it as CSV UTF-8"


def read_csv(path: str | PathLike[str], *, progress: Progress | None = None) -> TextTable:
    r"""Return the table in a CSV file.

    The text is UTF-8 (with or without a byte order mark) or Windows-1251; cells are parted by
    commas or semicolons, whichever parts the header into more. Names of columns are trimmed, blank rows skipped.

    Raises:
        TableError: the file cannot be read as a table; holds every problem.

    Complexity: O(size of the file).

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "entries.csv")
    ...     _ = path.write_text("application;programme\n7;a\n")
    ...     read_csv(path)["application"]
    ['7']

    """
    return _refuse_broken(_read_file(path, progress))


def read_csv_bytes(data: bytes, name: str) -> TextTable:
    r"""Return the table in the bytes of a CSV file; like `read_csv`.

    >>> table = read_csv_bytes('application;distance_m\n7;1200\n'.encode("cp1251"), "entries.csv")
    >>> table["distance_m"], list(table.rows)
    (['1200'], [2])

    """
    return _refuse_broken(_read_bytes(data, name, None))


def read_tables(
    vocabulary: Vocabulary,
    *,
    entries: str | PathLike[str],
    applications: str | PathLike[str] | None = None,
    documents: str | PathLike[str] | None = None,
    programmes: str | PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Tables:
    r"""Return the tables in CSV files, checked and in canonical order; see `build_tables` for their columns.

    Args:
        vocabulary: the facts, categories and their types.
        entries: the file of wishes.
        applications: the file of applications, when it is apart.
        documents: the file of documents.
        programmes: the file of programmes.
        progress: called with the name of a file and how many rows of it are read.

    Raises:
        TableError: something cannot be used; holds every problem of every file.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "entries.csv")
    ...     _ = path.write_text("application;programme\n10;a\n9;a\n")
    ...     read_tables(Vocabulary({}, {}, {}), entries=path).applications.ids.tolist()
    ['9', '10']

    """
    files = (entries, applications, documents, programmes)
    return build_tables(vocabulary, *(None if path is None else _read_file(path, progress) for path in files))


def _refuse_broken(table: TextTable) -> TextTable:
    if table.problems:
        raise TableError(table.problems)
    return table


def _unusable(name: str, *problems: Problem) -> TextTable:
    return TextTable(name, (), {}, (), problems, usable=False)


def _read_file(path: str | PathLike[str], progress: Progress | None) -> TextTable:
    name = fspath(path)
    try:
        data = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        return _unusable(name, Problem(Place(name), "T001", f"the file cannot be opened: {why}", "check its name"))
    return _read_bytes(data, name, progress)


def _read_bytes(data: bytes, name: str, progress: Progress | None) -> TextTable:
    """Return the table with its problems kept inside."""
    text, problems = _decode(data, name)
    if problems:
        return _unusable(name, *problems)
    records = _Records(text, name)
    header = records.header()
    if header is None:
        no_header = Problem(Place(name), "T003", "the file is empty", "write the names of the columns in its first row")
        return _unusable(name, *(records.problems or [no_header]))
    columns, rows = _collect(records, len(header), progress)
    return _name_columns(name, header, columns, rows, records)


def _decode(data: bytes, name: str) -> tuple[str, list[Problem]]:
    """Return the text of a file, or why it is none.

    Windows-1251 gives nearly every byte a letter, so a UTF-8 file with one bad byte would pass for it
    and fill the tables with nonsense; that file is told by having more good characters than bad bytes.
    """
    place = Place(name)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "", [Problem(place, "T002", "the text is UTF-16, not UTF-8 or Windows-1251", _SAVE_AGAIN)]
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        return "", [Problem(Place(name, line), "T002", "this is no text: it holds a NUL byte", _SAVE_AGAIN)]
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        replaced = data.decode("utf-8-sig", errors="replace")
    bad = replaced.count("\ufffd")
    good = sum(1 for character in replaced if character > "\x7f") - bad
    if good > bad or data.startswith(b"\xef\xbb\xbf"):
        lines = [number for number, line in enumerate(replaced.split("\n"), 1) if "\ufffd" in line]
        message = "a character of this row is not UTF-8, as the rest of the file is"
        return "", [Problem(Place(name, line), "T002", message, _SAVE_AGAIN) for line in lines]
    try:
        return data.decode("cp1251"), []
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"byte {data[error.start]:#04x} is neither UTF-8 nor Windows-1251"
        return "", [Problem(Place(name, line), "T002", message, _SAVE_AGAIN)]


class _Records:
    """The records of a text, each with the line it begins in; broken ones become problems."""

    def __init__(self, text: str, name: str) -> None:
        """Find the delimiter in the header and stand before it."""
        self.name = name
        self.problems: list[Problem] = []
        self.header_row = 1
        width = {delimiter: len(_first_record(text[:_HEADER_MOST], delimiter)) for delimiter in ",;"}
        lines = io.StringIO(text, newline="")
        self._reader = csv.reader(lines, delimiter=";" if width[";"] > width[","] > 0 else ",", strict=True)

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the line each record begins in, and its cells; records without any text are skipped."""
        reader = self._reader
        while True:
            line = reader.line_num + 1
            try:
                for cells in reader:
                    if cells and (cells[0].strip() or any(map(str.strip, cells))):
                        yield line, cells
                    line = reader.line_num + 1
            except csv.Error as error:
                self.problems.append(Problem(Place(self.name, line), "T004", *_why_broken(str(error))))
            else:
                return

    def header(self) -> list[str] | None:
        """Return the names in the first record, trimmed; None = there is no record."""
        for line, cells in self:
            self.header_row = line
            return [cell.strip() for cell in cells]
        return None


def _first_record(text: str, delimiter: str) -> list[str]:
    for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        if any(map(str.strip, cells)):
            return cells
    return []


def _why_broken(error: str) -> tuple[str, str]:
    """Return message and remedy for what the csv module says."""
    if "unexpected end" in error:
        return "a quote opened in this row is not closed before the file ends", 'close it, or write "" for a quote'
    if "field larger" in error:
        return f"a cell is longer than {csv.field_size_limit()} characters", "is a quote not closed?"
    return "a quote stands inside a quoted cell", 'write "" for a quote inside a quoted cell'


def _collect(records: _Records, width: int, progress: Progress | None) -> tuple[list[list[str]], list[int]]:
    """Return the columns and the row each record begins in; too short records are filled up, too long ones cut."""
    columns: list[list[str]] = [[] for _ in range(width)]
    shared: list[dict[str, str]] = [{} for _ in range(width)]
    rows: list[int] = []
    chunk: list[list[str]] = []

    def move(*, last: bool = False) -> None:
        for column, cells, texts in zip(columns, zip(*chunk, strict=True), shared, strict=bool(chunk)):
            # Texts that repeat (yes, no, days) are kept once: a million rows then fit in memory.
            column.extend(map(texts.setdefault, cells, cells) if len(texts) < _SHARED_MOST else cells)
        chunk.clear()
        if progress is not None and (last or len(rows) % _TOLD_EVERY == 0):
            progress(records.name, len(rows))

    for line, cells in records:
        if len(cells) != width:
            message = f"the row has {len(cells)} cells, the header has {width}"
            remedy = (
                "is a delimiter missing or not quoted?" if len(cells) < width else "quote cells that hold a delimiter"
            )
            records.problems.append(Problem(Place(records.name, line), "T005", message, remedy, found=str(len(cells))))
            chunk.append([*cells[:width], *[""] * (width - len(cells))])
        else:
            chunk.append(cells)
        rows.append(line)
        if len(chunk) == _CHUNK:
            move()
    move(last=True)
    return columns, rows


def _name_columns(
    name: str, header: list[str], columns: list[list[str]], rows: list[int], records: _Records
) -> TextTable:
    """Return the table, after checking that every column with texts has a name of its own."""
    problems = records.problems
    cells: dict[str, list[str]] = {}
    for number, (title, column) in enumerate(zip(header, columns, strict=True), 1):
        place = Place(name, records.header_row, field=shown(title) or f"number {number}")
        if title in cells:
            problems.append(Problem(place, "T007", "this column stands twice", "keep one of them", found=title))
        elif title:
            cells[title] = column
        elif any(map(str.strip, column)):
            problems.append(Problem(place, "T006", "this column has no name", "name it in the header, or leave it out"))
    return TextTable(name, tuple(cells), cells, rows, tuple(problems))
