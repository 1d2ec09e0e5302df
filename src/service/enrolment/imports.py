"""Files of an import -> a preview: which column is what, the engine's tables, and every problem by row and column.

Nothing is stored here. A preview without problems holds the tables that the import itself would store.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import attrs

from queue_engine import Fact, FactType, Place, Problem, TableError, Tables, Vocabulary, build_tables
from queue_engine.facts import Title
from queue_engine.tables import TextTable
from service.enrolment.import_words import COLUMNS, ENGINE_PROBLEMS
from service.tables.reading import read_sheet
from service.tables.sheets import Sheet, TableProblem

KINDS = ("entries", "applications", "documents", "programmes")
_RUSSIAN_DAY = re.compile(r"(\d\d)\.(\d\d)\.(\d{4})")
_RUSSIAN_TIME = re.compile(r"(\d\d)\.(\d\d)\.(\d{4}),? +(\d\d?):(\d\d)(?::(\d\d))?")
_FLAWS = {"quote": "T004", "width": "T005"}  # after which the engine must know that the table is not whole
_DAYS = frozenset({"from", "to"})


@attrs.frozen
class File:
    """One file of an import.

    Args:
        data: its bytes.
        name: as the user named it.
        columns: what headings of it mean: a column of the engine, or "" = leave it out; the others are guessed.
        sheet: the sheet of a workbook; "" = the first.

    """

    data: bytes
    name: str
    columns: Mapping[str, str] = attrs.field(factory=dict)
    sheet: str = ""


@attrs.frozen(order=True)
class ImportProblem:
    """What is wrong with a cell, a row, a column or a file.

    Args:
        file: the file as the user named it.
        row: its row, as a spreadsheet counts; 0 = the whole file.
        column: the heading of the column; "" = the whole row.
        code: a stable code, the engine's `Tnnn` or one of the file's.
        found: the text that cannot be used.
        ru: what is wrong, in Russian.
        en: what is wrong and what to do, in English.

    """

    file: str
    row: int
    column: str
    code: str
    found: str
    ru: str
    en: str


@attrs.frozen
class Preview:
    """What an import would bring.

    Args:
        sheets: the tables as they stand in the files, by kind.
        columns: for each kind what each heading was taken for; "" = left out.
        problems: everything that is wrong, in order.
        tables: the engine's tables; None = there are problems.

    """

    sheets: Mapping[str, Sheet]
    columns: Mapping[str, Mapping[str, str]]
    problems: tuple[ImportProblem, ...]
    tables: Tables | None


def preview_import(vocabulary: Vocabulary, files: Mapping[str, File]) -> Preview:
    r"""Return what files would bring, with every problem of every file; nothing is stored.

    Days and times may be written as in Russian (01.09.2026), choices and categories by their titles.

    Args:
        vocabulary: the facts and categories the rules know.
        files: the files by kind, one of `KINDS`; `entries` must be there.

    Raises:
        KeyError: there are no entries.

    >>> file = File("Заявление;Программа\n7;a\n7;\n".encode(), "wishes.csv")
    >>> preview = preview_import(Vocabulary({}, {}, {}), {"entries": file})
    >>> preview.columns["entries"]
    {'Заявление': 'application', 'Программа': 'programme'}
    >>> [(problem.row, problem.column, problem.ru) for problem in preview.problems]
    [(3, 'Программа', 'обязательная ячейка пуста')]

    """
    sheets = {kind: read_sheet(files[kind].data, files[kind].name, sheet=files[kind].sheet) for kind in files}
    columns = {kind: meanings(vocabulary, kind, sheets[kind].header, files[kind].columns) for kind in files}
    problems = [_of_file(sheet, problem) for sheet in sheets.values() for problem in sheet.problems]
    given = {kind: _text_table(vocabulary, kind, sheets[kind], columns[kind], problems) for kind in files}
    tables = None
    try:
        tables = build_tables(vocabulary, given["entries"], *(given.get(kind) for kind in KINDS[1:]))
    except TableError as error:
        for problem in error.problems:
            if problem.code not in _FLAWS.values():
                kind = problem.place.file  # tables go to the engine under the names of their kinds
                problems.append(_of_engine(files[kind].name, columns[kind], problem))
    return Preview(sheets, columns, tuple(sorted(set(problems))), None if problems else tables)


def meanings(
    vocabulary: Vocabulary, kind: str, header: Sequence[str], told: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return what each heading of a file means: as somebody told, or the column of that name or title, or itself.

    >>> meanings(Vocabulary({}, {}, {}), "documents", ["№ заявления", "Льгота", "Прочее"], {"Прочее": ""})
    {'№ заявления': 'application', 'Льгота': 'category', 'Прочее': ''}

    """
    known = {_key(name): fact.name for fact in vocabulary.facts.values() for name in _names(fact)}
    known |= {_key(word): column for column, words in COLUMNS[kind].items() for word in (column, *words)}
    told = told or {}
    return {heading: told.get(heading, known.get(_key(heading), heading)) for heading in header}


def _names(fact: Fact) -> tuple[str, str, str]:
    return fact.name, fact.title.ru, fact.title.en


def _key(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())


def _text_table(
    vocabulary: Vocabulary, kind: str, sheet: Sheet, columns: Mapping[str, str], problems: list[ImportProblem]
) -> TextTable:
    """Return a sheet as the engine reads tables, its columns named as the engine names them."""
    cells: dict[str, list[str]] = {}
    for heading, column in columns.items():
        if column in cells:
            problems.append(_of_file(sheet, TableProblem(1, heading, "twice", column)))
        elif column:
            spell = _spelling(vocabulary, column, papers=kind == "documents")
            cells[column] = [spell(text) for text in sheet.column(heading)]
    flaws = tuple(
        Problem(Place(kind, flaw.row), _FLAWS[flaw.code], flaw.message("en"))
        for flaw in sheet.problems
        if flaw.code in _FLAWS
    )
    return TextTable(kind, tuple(cells), cells, sheet.lines, flaws, usable=sheet.usable)


def _spelling(vocabulary: Vocabulary, column: str, *, papers: bool) -> Callable[[str], str]:
    """Return how texts of a column are put into the engine's spelling."""
    fact = vocabulary.facts.get(column)
    if (papers and column in _DAYS) or (fact is not None and fact.type is FactType.DATE):
        return lambda text: _RUSSIAN_DAY.sub(r"\3-\2-\1", text) if _RUSSIAN_DAY.fullmatch(text.strip()) else text
    if fact is not None and fact.type is FactType.INSTANT:
        return _instant
    titles: Mapping[str, Title] = fact.choices if fact is not None else {}
    if papers and column == "category":
        titles = {code: category.title for code, category in vocabulary.categories.items()}
    codes = {_key(name): code for code, title in titles.items() for name in (title.ru, title.en)}
    return lambda text: codes.get(_key(text), text)


def _instant(text: str) -> str:
    match = _RUSSIAN_TIME.fullmatch(text.strip())
    if match is None:
        return text
    day, month, year, hour, minute, second = match.groups()
    return f"{year}-{month}-{day} {hour:0>2}:{minute}:{second or '00'}"


def _of_file(sheet: Sheet, problem: TableProblem) -> ImportProblem:
    texts = problem.message("ru"), problem.message("en")
    return ImportProblem(sheet.name, problem.row, problem.column, problem.code, problem.found, *texts)


def _of_engine(file: str, columns: Mapping[str, str], problem: Problem) -> ImportProblem:
    """Return a problem the engine found, with the heading the file itself gives the column."""
    headings = {column: heading for heading, column in columns.items()}
    field = problem.place.field
    en = f"{problem.message}; {problem.remedy}" if problem.remedy else problem.message
    ru = ENGINE_PROBLEMS.get(problem.code, en)
    return ImportProblem(file, problem.place.line, headings.get(field, field), problem.code, problem.found, ru, en)
