"""One table as somebody gave it: its name, columns and row numbers, and everything that is wrong with it.

Nothing here stops at the first problem: whatever cannot be used is reported and
left out, and reading goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from queue_engine.errors import Place, Problem
from queue_engine.facts import Fact, Vocabulary
from queue_engine.spelling import nearest
from queue_engine.tables.cells import BadCell, Cells, cells_of, shown, written
from queue_engine.tables.columns import Bools, Column, read_column
from queue_engine.tables.ids import Ids, Ints, nobody, read_ids

CODES: Mapping[str, str] = {
    "T001": "the file cannot be opened",
    "T002": "the file is not text in UTF-8 or Windows-1251",
    "T003": "the file is empty: it has no header",
    "T004": "a quoted cell is broken: a quote is not closed, or not doubled inside the cell",
    "T005": "a row has more or fewer cells than the header",
    "T006": "a column with values has no name",
    "T007": "a column stands twice",
    "T010": "a column is not known",
    "T011": "a column belongs to another table",
    "T012": "a required column is missing",
    "T013": "a table or a column is not of a kind that can be read, or columns differ in length",
    "T014": "a fact stands in two tables",
    "T020": "a cell is no value of its column",
    "T021": "a cell is a floating-point number, which is not exact",
    "T022": "a cell is an object of a kind no cell may have",
    "T023": "a cell holds control or invisible characters",
    "T024": "an id is too long",
    "T025": "a cell that may not be empty is empty",
    "T030": "there is no such application",
    "T031": "there is no such programme",
    "T032": "there is no such organisation",
    "T033": "there is no such category of documents",
    "T034": "the programme is not at the organisation of the same row",
    "T035": "organisations can be wished only when the programmes table is given",
    "T040": "an application stands twice in the applications table",
    "T041": "an application wishes the same programme or organisation twice",
    "T042": "a programme stands twice",
    "T043": "two applications share a value that must be unique",
    "T050": "rows of one application (or programme) disagree about a fact of it",
    "T051": "a document ends before it begins",
}

_FIRST_ROW = 2  # the header is row 1
_HINTS_MOST = 100
_EVERY = ""  # stands for the names of all columns of what is no table
_COMPARISONS_MOST = 200_000
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@attrs.frozen(eq=False)
class TextTable:
    """A table read from a file: every cell a text, and the row of the file each record begins in.

    Args:
        name: the file as the user named it.
        header: the names of the columns.
        cells: the texts of each column, by name.
        rows: for each record the line of the file it begins in; the header is row 1.
        problems: what is wrong with the file as a table.
        usable: False when nothing could be read of it, so that nothing more is said about it.

    """

    name: str
    header: tuple[str, ...]
    cells: Mapping[str, list[str]]
    rows: Sequence[int]
    problems: tuple[Problem, ...] = ()
    usable: bool = True

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.rows)

    def keys(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        return self.header

    def __getitem__(self, name: str) -> list[str]:
        """Return the texts of a column."""
        return self.cells[name]


@attrs.frozen
class Layout:
    """What columns a table may have.

    Args:
        own: the columns that are not facts, and which of them must be there.
        facts: the facts it may hold.
        elsewhere: facts that belong to another table, and which.

    """

    own: Mapping[str, bool]
    facts: Mapping[str, Fact]
    elsewhere: Mapping[str, str]


@attrs.frozen(eq=False)
class Sheet:
    """One given table, whose readable columns can be asked for; what is wrong goes to `problems`."""

    vocabulary: Vocabulary
    name: str
    columns: Mapping[str, Cells]
    rows: Sequence[int]
    problems: list[Problem]
    broken: frozenset[int] = frozenset()
    whole: bool = True  # False: rows are missing, so nobody may be told that an id is not in this table

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def place(self, index: int | None, field: str) -> Place:
        """Return the place of a cell; the header's for index None."""
        return Place(self.name, 1 if index is None else int(self.rows[index]), field=field)

    def report(self, index: int | None, field: str, bad: BadCell) -> None:
        """Add a problem with a cell, unless its row is broken anyway."""
        place = self.place(index, field)
        if place.line not in self.broken:
            problem = Problem(place, bad.code, bad.message, bad.remedy, found=bad.found, expected=bad.expected)
            self.problems.append(problem)

    def column(self, field: str, fact: Fact | None = None) -> Column | None:
        """Return a fact's column, or None when the table has none."""
        if field not in self.columns:
            return None
        column, bad = read_column(self.vocabulary, fact or self.vocabulary.facts[field], self.columns[field])
        for cell in bad:
            self.report(cell.index, field, cell)
        return column

    def ids(self, field: str) -> Ids:
        """Return a column of ids; every row names nobody when the table has none."""
        if field not in self.columns:
            return nobody(len(self))
        ids, bad = read_ids(self.columns[field])
        for cell in bad:
            self.report(cell.index, field, cell)
        return ids

    def filled(self, field: str, empty: Bools, what: str = "") -> None:
        """Report every row where a cell is empty that may not be, unless something else is wrong with it."""
        if field not in self.columns or not empty.any():
            return
        told = {
            problem.place.line
            for problem in self.problems
            if problem.place.field == field and problem.place.file == self.name
        }
        for index in np.flatnonzero(empty).tolist():
            if self.rows[index] not in told:
                remedy = f"write {what or 'the id of the ' + field}"
                self.report(index, field, BadCell(0, "T025", "the cell is empty", remedy, ""))

    def texts(self, field: str) -> list[str]:
        """Return a column of free texts, trimmed; empty ones when the table has none."""
        if field not in self.columns:
            return [""] * len(self)
        texts, bad = written(self.columns[field])
        for index, text in enumerate(texts):
            if _UNREADABLE.search(text):
                bad.append(BadCell(index, "T023", f'"{shown(text)}" holds control characters', "write it again", text))
        for cell in bad:
            self.report(cell.index, field, cell)
        return [text.strip() for text in texts]

    def unknown(self, field: str, ids: Ids, numbers: Ints, code: str, what: str, known: Iterable[str] = ()) -> None:
        """Report every row whose id is not among the known ones, with the nearest of them as a hint."""
        hints: dict[str, str] = {}
        words = list(known)
        most = min(_HINTS_MOST, _COMPARISONS_MOST // (len(words) + 1))
        for index in np.flatnonzero((numbers < 0) & (ids.codes >= 0)).tolist():
            text = ids.texts[ids.codes[index]]
            if text not in hints:  # a hint takes milliseconds, so a table that is wrong throughout gets the first ones
                hints[text] = nearest(text, words) if len(hints) < most else ""
            remedy = hints[text] or f"correct it, or add this {what}"
            self.report(index, field, BadCell(0, code, f'there is no {what} "{shown(text)}"', remedy, text))


def open_sheet(vocabulary: Vocabulary, given: Any, name: str, layout: Layout, problems: list[Problem]) -> Sheet:  # noqa: ANN401 - any kind of table
    """Return a given table as a sheet, after checking its columns against the layout.

    Args:
        vocabulary: what may be known.
        given: a mapping of columns, a data frame, or a `TextTable`.
        name: what messages call it when it has no name of its own.
        layout: the columns it may have.
        problems: where everything that is wrong is put.

    """
    rows: Sequence[int] | None = None
    broken: frozenset[int] = frozenset()
    whole = True
    if isinstance(given, TextTable):
        name, rows = given.name, given.rows
        problems.extend(given.problems)
        broken = frozenset(problem.place.line for problem in given.problems if problem.code == "T005")
        whole = given.usable and all(problem.code != "T004" for problem in given.problems)
        if not given.usable:
            return Sheet(vocabulary, name, {}, (), problems, whole=False)
    columns, size, unreadable = _readable(given, name, problems)
    rows = range(_FIRST_ROW, size + _FIRST_ROW) if rows is None else rows
    sheet = Sheet(vocabulary, name, columns, rows, problems, broken, whole and not unreadable)
    known = [*layout.own, *layout.facts]
    for field in columns:
        if field in layout.elsewhere:
            where = layout.elsewhere[field]
            bad = BadCell(
                0,
                "T011",
                f"this fact is not known of the rows of this table; it belongs to {where}",
                f"move it to {where}",
                field,
            )
            sheet.report(None, field, bad)
        elif field not in known:
            remedy = nearest(field, known) or "leave the column out, or add the fact to the vocabulary"
            sheet.report(None, shown(field), BadCell(0, "T010", f'there is no column "{shown(field)}"', remedy, field))
    for field, required in layout.own.items():
        if required and field not in columns and not unreadable & {field, _EVERY}:
            whole = False
            remedy = "add it; the columns of this table are " + ", ".join(layout.own)
            sheet.report(None, field, BadCell(0, "T012", "this required column is missing", remedy, ""))
    kept = {field: cells for field, cells in columns.items() if field in known}
    return attrs.evolve(sheet, columns=kept, whole=sheet.whole and whole)


def _readable(given: Any, name: str, problems: list[Problem]) -> tuple[dict[str, Cells], int, set[str]]:  # noqa: ANN401 - any kind of table
    """Return the columns that are lists of cells, all of one length; that length; the names of the other columns."""
    names = _column_names(given)
    if names is None:
        message = f"{type(given).__name__} is not a table"
        problems.append(
            Problem(Place(name), "T013", message, "give a mapping of column names to columns, or a data frame")
        )
        return {}, 0, {_EVERY}
    columns: dict[str, Cells] = {}
    unreadable = set()
    for key in names:
        field, place = str(key), Place(name, 1, field=shown(str(key)))
        if field in columns:
            problems.append(Problem(place, "T007", "this column stands twice", "keep one of them"))
            continue
        try:
            columns[field] = cells_of(given[key])
        except TypeError as problem:
            problems.append(Problem(place, "T013", f"this column is {problem}", "give a list or an array"))
            unreadable.add(field)
    size = max(map(len, columns.values()), default=0)
    for field in [field for field, cells in columns.items() if len(cells) != size]:
        message = f"this column has {len(columns.pop(field))} cells, the longest has {size}"
        problems.append(
            Problem(Place(name, 1, field=shown(field)), "T013", message, "give all columns the same length")
        )
        unreadable.add(field)
    return columns, size, unreadable


def _column_names(given: Any) -> list[Any] | None:  # noqa: ANN401 - any kind of table
    names = getattr(given, "column_names", None)  # pyarrow, whose `columns` are the columns themselves
    if names is None and callable(getattr(given, "keys", None)):
        names = given.keys()
    if names is None:
        names = getattr(given, "columns", None)
    return None if names is None else list(names)
