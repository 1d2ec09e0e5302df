from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from queue_engine.errors import Problem, TableError
from queue_engine.facts import Category, Fact, FactType, Per, Title, Vocabulary
from queue_engine.tables import CODES, build_tables

NO_TITLE = Title("", "")
FACTS = (
    Fact("application.number", FactType.NUMBER, NO_TITLE, unique=True, least=0, most=999),
    Fact("child.passport", FactType.CHOICE, NO_TITLE, unique=True),
    Fact("child.group", FactType.CHOICE, NO_TITLE, choices={"older": NO_TITLE, "younger": NO_TITLE}),
    Fact("child.birth_date", FactType.DATE, NO_TITLE),
    Fact("grade.average", FactType.DECIMAL, NO_TITLE, digits=2, least=200, most=500),
    Fact("sibling.attends", FactType.YES_NO, NO_TITLE, per=Per.ENTRY),
    Fact("programme.boarding", FactType.YES_NO, NO_TITLE, per=Per.PROGRAMME),
)
VOCABULARY = Vocabulary({fact.name: fact for fact in FACTS}, {"large_family": Category("large_family", NO_TITLE)}, {})

Table = dict[str, Any]


def problems_of(entries: object, **others: object) -> tuple[Problem, ...]:
    """Return what is wrong with tables."""
    with pytest.raises(TableError) as caught:
        build_tables(VOCABULARY, entries, **others)
    return caught.value.problems


def entries(**more: object) -> Table:
    """Return two wishes of one application, with more or other columns."""
    return {
        "application": ["1", "1"],
        "programme": ["a", "b"],
        **{name.replace("__", "."): v for name, v in more.items()},
    }


def wishes(**columns: object) -> Table:
    """Return entries of the given columns only."""
    return dict(columns)


def papers(**more: object) -> Table:
    """Return one document of application 1, with more or other columns."""
    return {"application": ["1"], "category": ["large_family"], "confirmed": ["yes"], **more}


class Twice:
    """A table two of whose columns have one name, as a data frame may."""

    column_names = ("application", "programme", "application")

    def __getitem__(self, name: str) -> list[str]:
        """Return a column."""
        return ["1"]


ONE = {"application": ["1"]}
PLACES = {"programme": ["a", "b"], "organisation": ["o", "u"]}

CASES: list[tuple[dict[str, object], list[str]]] = [
    # columns
    (
        {"entries": entries(sibling__atends=["", ""])},
        [('entries row 1, column sibling.atends: error T010: there is no column "sibling.atends"; '
         "did you mean 'sibling.attends'?")],
    ),
    (
        {"entries": {**entries(), "wіsh": ["1", "1"]}},
        [('entries row 1, column wіsh: error T010: there is no column "wіsh"; '
         "'wіsh' has Cyrillic letters that look Latin; write 'wish'")],
    ),
    (
        {"entries": {**entries(), "zzz": ["1", "1"]}},
        [('entries row 1, column zzz: error T010: there is no column "zzz"; '
         "leave the column out, or add the fact to the vocabulary")],
    ),
    (
        {"entries": entries(), "applications": {**ONE, "sibling.attends": ["yes"]}},
        [("applications row 1, column sibling.attends: error T011: this fact is not known of the rows of this table; "
         "it belongs to the entries table; move it to the entries table")],
    ),
    (
        {"entries": wishes(programme=["a"])},
        [("entries row 1, column application: error T012: this required column is missing; "
         "add it; the columns of this table are application, programme, organisation, wish")],
    ),
    (
        {"entries": wishes(application=["1"])},
        [("entries row 1, column programme: error T012: this required column is missing; "
         "add it, or a column organisation")],
    ),
    (
        {"entries": entries(), "documents": {"category": ["large_family"]}},
        [("documents row 1, column application: error T012: this required column is missing; "
         "add it; the columns of this table are application, category, from, to, confirmed"),
         ("documents row 1, column confirmed: error T012: this required column is missing; "
         "add it; the columns of this table are application, category, from, to, confirmed")],
    ),
    (
        {"entries": 5},
        [("entries: error T013: int is not a table; "
         "give a mapping of column names to columns, or a data frame")],
    ),
    (
        {"entries": entries(wish=["1"])},
        [("entries row 1, column wish: error T013: this column has 1 cells, the longest has 2; "
         "give all columns the same length")],
    ),
    (
        {"entries": entries(wish=1)},
        [("entries row 1, column wish: error T013: this column is not a list, a one-dimensional array "
         "or a column of a data frame; give a list or an array")],
    ),
    (
        {"entries": entries(child__group=["older", "older"]), "applications": {**ONE, "child.group": ["older"]}},
        [("entries row 1, column child.group: error T014: this fact stands in two tables; "
         "keep it in one of them; it stands in applications too")],
    ),
    (
        {"entries": Twice()},
        ["entries row 1, column application: error T007: this column stands twice; keep one of them"],
    ),
    # cells
    (
        {"entries": entries(application__number=["1,2 km", "1,2 km"])},
        [f'entries row {row}, column application.number: error T020: "1,2 km" is not a whole number; '
         "write digits only, like 1200" for row in (2, 3)],
    ),
    (
        {"entries": entries(application__number=np.array([1000, 1000]))},
        [f'entries row {row}, column application.number: error T020: "1000" is not a value from 0 to 999; '
         "check the number, or the range of this fact in facts.yaml" for row in (2, 3)],
    ),
    (
        {"entries": entries(child__group=["oldr", "oldr"])},
        [f'entries row {row}, column child.group: error T020: "oldr" is not a choice of child.group; '
         "did you mean 'older'?" for row in (2, 3)],
    ),
    (
        {"entries": entries(wish=["0", "1"])},
        [('entries row 2, column wish: error T020: "0" is not a value from 1 to 2147483647; '
         "check the number, or the range of this fact in facts.yaml")],
    ),
    (
        {"entries": entries(), "programmes": {**PLACES, "capacity": ["-5", "2"]}},
        ['programmes row 2, column capacity: error T020: "-5" is not a whole number; write digits only, like 1200'],
    ),
    (
        {"entries": entries(grade__average=[4.5, 4.5])},
        [f"entries row {row}, column grade.average: error T021: 4.5 is a floating-point number; a floating-point "
         "number is not exact; give text, an integer, decimal.Decimal or fractions.Fraction" for row in (2, 3)],
    ),
    (
        {"entries": entries(sibling__attends=[b"yes", "yes"])},
        [("entries row 2, column sibling.attends: error T022: bytes is not a kind of value a cell may have; "
         "give text, a number, a date or None")],
    ),
    (
        {"entries": wishes(application=["1\x007"], programme=["a"])},
        [('entries row 2, column application: error T023: "1\\x007" holds a character that cannot be seen; '
         "write it again by hand")],
    ),
    (
        {"entries": entries(), "programmes": {**PLACES, "title": ["\x07", ""]}},
        ['programmes row 2, column title: error T023: "\\x07" holds control characters; write it again'],
    ),
    (
        {"entries": wishes(application=["1" * 101], programme=["a"])},
        [(f'entries row 2, column application: error T024: "{"1" * 59}…" is 101 characters long; '
         "an id has at most 100; is a quote or a delimiter missing?")],
    ),
    (
        {"entries": wishes(application=["1", " "], programme=["a", "a"])},
        ["entries row 3, column application: error T025: the cell is empty; write the id of the application"],
    ),
    (
        {"entries": entries(wish=["1", ""])},
        ["entries row 3, column wish: error T025: the cell is empty; write the order of preference, from 1"],
    ),
    (
        {"entries": wishes(application=["1"], programme=[""], organisation=[""]), "programmes": PLACES},
        [("entries row 2, column programme: error T025: the cell is empty; "
         "write the id of a programme or an organisation")],
    ),
    # rows of other tables
    (
        {"entries": entries(), "applications": {"application": ["2"]}},
        [f'entries row {row}, column application: error T030: there is no application "1"; '
         "correct it, or add this application" for row in (2, 3)],
    ),
    (
        {"entries": entries(), "documents": papers(application=["3"])},
        [('documents row 2, column application: error T030: there is no application "3"; '
         "correct it, or add this application")],
    ),
    (
        {"entries": wishes(application=["1"], programme=["school-7"]), "programmes": {"programme": ["school-17"]}},
        [('entries row 2, column programme: error T031: there is no programme "school-7"; '
         "did you mean 'school-17'?")],
    ),
    (
        {"entries": wishes(application=["1"], organisation=["x"]), "programmes": PLACES},
        [('entries row 2, column organisation: error T032: there is no organisation "x"; '
         "correct it, or add this organisation")],
    ),
    (
        {"entries": entries(), "documents": papers(category=["large_famly"])},
        [('documents row 2, column category: error T033: there is no category "large_famly"; '
         "did you mean 'large_family'?")],
    ),
    (
        {"entries": entries(organisation=["o", "o"]), "programmes": PLACES},
        [('entries row 3, column organisation: error T034: programme "b" is at organisation "u", '
         "not at the one of this row; correct one of the two, or leave one empty")],
    ),
    (
        {"entries": entries(organisation=["o", "u"])},
        [("entries row 1, column organisation: error T035: organisations need the programmes table; "
         "give the programmes table, which says what an organisation offers")],
    ),
    # rows of one table
    (
        {"entries": entries(), "applications": {"application": ["1", "2", "1"]}},
        [('applications row 4, column application: error T040: application "1" stands in row 2 already; '
         "keep one of the rows")],
    ),
    (
        {"entries": wishes(application=["1", "1"], programme=["a", "a"])},
        [("entries row 3, column programme: error T041: this application wishes the same programme in row 2 already; "
         "keep one of the rows")],
    ),
    (
        {"entries": wishes(application=["1", "1"], organisation=["o", "o"]), "programmes": PLACES},
        [("entries row 3, column organisation: error T041: this application wishes the same organisation "
         "in row 2 already; keep one of the rows")],
    ),
    (
        {"entries": entries(), "programmes": {"programme": ["a", "b", "a"]}},
        [('programmes row 4, column programme: error T042: programme "a" stands in row 2 already; '
         "keep one of the rows")],
    ),
    (
        {"entries": wishes(application=["1", "2"], programme=["a", "a"], **{"application.number": [5, 5]})},
        [('entries row 3, column application.number: error T043: "5" stands in row 2 already, '
         "for another application; give each application its own")],
    ),
    (
        {"entries": entries(), "applications": {"application": ["1", "2"], "child.passport": ["z", "z"]}},
        [('applications row 3, column child.passport: error T043: "z" stands in row 2 already, '
         "for another application; give each application its own")],
    ),
    (
        {"entries": entries(child__group=["older", ""])},
        [("entries row 3, column child.group: error T050: this application has another value in row 2; "
         "write one value in all its rows")],
    ),
    (
        {"entries": {"application": ["1", "2"], "programme": ["a", "a"], "programme.boarding": ["yes", "no"]}},
        [("entries row 3, column programme.boarding: error T050: this programme has another value in row 2; "
         "write one value in all its rows")],
    ),
    (
        {"entries": entries(), "documents": papers(**{"from": ["2026-05-02"], "to": ["2026-05-01"]})},
        [("documents row 2, column to: error T051: the document ends 2026-05-01, before it begins 2026-05-02; "
         "correct one of the two days")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("tables", "expected"), CASES, ids=[f"{number}" for number in range(len(CASES))])
def test_a_problem_says_where_what_and_what_to_do(tables: dict[str, Any], expected: list[str]) -> None:
    """One mistake gives one problem for each place it stands in, and no others."""
    assert [str(problem) for problem in problems_of(**tables)] == expected


def test_every_code_of_cells_and_rows_is_tried() -> None:
    """No kind of problem is without a case; those of files are tried with reading."""
    tried = {text.split("error ")[1][:4] for _, expected in CASES for text in expected}
    assert tried == {code for code in CODES if code >= "T010"} | {"T007"}


def test_all_problems_of_all_tables_come_at_once() -> None:
    """Nobody corrects one cell only to be shown the next."""
    found = problems_of(
        entries(wish=["x", "2"], sibling__attends=["maybe", "ja"]),
        applications={"application": ["2", "2"]},
        documents=papers(category=["none"]),
        programmes={"programme": ["a"], "capacity": ["many"]},
    )
    assert [(problem.place.file, problem.place.line, problem.code) for problem in found] == [
        ("applications", 3, "T040"),
        ("documents", 2, "T030"),
        ("documents", 2, "T033"),
        ("entries", 2, "T030"),
        ("entries", 2, "T020"),
        ("entries", 2, "T020"),
        ("entries", 3, "T030"),
        ("entries", 3, "T031"),
        ("entries", 3, "T020"),
        ("programmes", 2, "T020"),
    ]


def test_a_table_that_cannot_be_used_makes_no_strangers() -> None:
    """An id is not called unknown when the table that would know it lacks its column."""
    found = problems_of(
        wishes(application=["1"], organisation=["o"]), applications={}, programmes={"organisation": ["o"]}
    )
    assert {problem.code for problem in found} == {"T012"}


def test_the_hints_of_a_table_wrong_throughout_end_somewhere() -> None:
    """A hint costs milliseconds, so only the first hundred unknown ids get one."""
    many = [f"school-{number}" for number in range(150)]
    found = problems_of(wishes(application=["1"] * 150, programme=many), programmes={"programme": ["school-"]})
    assert len(found) == 150
    assert sum("did you mean" in problem.remedy for problem in found) == 100
