"""From tables as people give them to the records the engine orders: every problem at once, or canonical order.

The same facts give byte-identical records whatever order their rows came in.
"""

from __future__ import annotations

from typing import Any

from queue_engine.errors import Problem, TableError
from queue_engine.facts import Per, Vocabulary
from queue_engine.tables.assembly import (
    Given,
    read_applications,
    read_documents,
    read_programmes,
    read_wishes,
)
from queue_engine.tables.cells import BadCell
from queue_engine.tables.records import Tables
from queue_engine.tables.sheets import Layout, open_sheet


def build_tables(
    vocabulary: Vocabulary,
    entries: Any,  # noqa: ANN401 - any kind of table
    applications: Any = None,  # noqa: ANN401 - likewise
    documents: Any = None,  # noqa: ANN401 - likewise
    programmes: Any = None,  # noqa: ANN401 - likewise
) -> Tables:
    """Return the tables of the given columns, checked and in canonical order.

    A table is a mapping of column names to lists or arrays, a data frame of pandas, polars or pyarrow,
    or a `TextTable`. Cells are texts as in a file, or bool, int, date, datetime, Decimal, Fraction, or
    arrays of bool, int, datetime64 or text; None, NaN and "" mean "not known".

    Args:
        vocabulary: the facts, categories and their types.
        entries: `application`, `programme` or `organisation` (any programme of it), `wish` (from 1; without
            the column every wish is 1) and facts of any kind; facts of the application repeat on each of its rows.
        applications: `application` and facts of it; then nobody else may be named in the other tables.
        documents: `application`, `category`, `confirmed` (empty = no), and `from`, `to`: the days it holds,
            both included; empty = since ever, and for good.
        programmes: `programme`, and `organisation`, `title`, `capacity`, `takes` and facts of it.

    Raises:
        TableError: something cannot be used; holds every problem of every table.

    Complexity: O(n log n) in the number of rows.

    >>> tables = build_tables(Vocabulary({}, {}, {}), {"application": [12, 7, 12], "programme": ["b", "a", "a"],
    ...                                               "wish": [2, 1, 1]})
    >>> tables.applications.ids.tolist(), tables.wishes.application.tolist(), tables.wishes.programme.tolist()
    (['7', '12'], [0, 1, 1], [0, 0, 1])

    """
    problems: list[Problem] = []
    layouts = _layouts(vocabulary)
    wished = open_sheet(vocabulary, entries, "entries", layouts["entries"], problems)
    others = {
        name: None if table is None else open_sheet(vocabulary, table, name, layouts[name], problems)
        for name, table in (("applications", applications), ("documents", documents), ("programmes", programmes))
    }
    if wished.whole and not wished.columns.keys() & {"programme", "organisation"}:
        remedy = "add it, or a column organisation"
        wished.report(None, "programme", BadCell(0, "T012", "this required column is missing", remedy, ""))
    given = Given(vocabulary, wished, **others, application=wished.ids("application"))
    programme = wished.ids("programme")
    offered = read_programmes(given, programme)
    people, owner = read_applications(given)
    wishes = read_wishes(given, owner, programme, offered)
    papers = read_documents(given, people)
    if problems:
        raise TableError(problems)
    return Tables(vocabulary, people, wishes, papers, offered)


def _layouts(vocabulary: Vocabulary) -> dict[str, Layout]:
    """Return what columns each table may have."""
    facts = vocabulary.facts
    home = {
        Per.APPLICATION: "the applications or the entries table",
        Per.ENTRY: "the entries table",
        Per.PROGRAMME: "the programmes table",
    }
    of = {per: {name: fact for name, fact in facts.items() if fact.per is per} for per in Per}
    elsewhere = {per: {name: home[fact.per] for name, fact in facts.items() if fact.per is not per} for per in Per}
    every = {name: home[fact.per] for name, fact in facts.items()}
    entries = {"application": True, "programme": False, "organisation": False, "wish": False}
    documents = {"application": True, "category": True, "from": False, "to": False, "confirmed": True}
    programmes = {"programme": True, "organisation": False, "title": False, "capacity": False, "takes": False}
    return {
        "entries": Layout(entries, facts, {}),
        "applications": Layout({"application": True}, of[Per.APPLICATION], elsewhere[Per.APPLICATION]),
        "documents": Layout(documents, {}, every),
        "programmes": Layout(programmes, of[Per.PROGRAMME], elsewhere[Per.PROGRAMME]),
    }
