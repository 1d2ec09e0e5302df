from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_engine.facts import Category, Fact, FactType, Per, Title, Vocabulary
from queue_engine.tables import OPEN_END, SINCE_EVER, Tables, build_tables

NO_TITLE = Title("", "")


def fact(name: str, type_: FactType, **more: Any) -> Fact:
    """Return a fact without a title."""
    return Fact(name, type_, NO_TITLE, **more)


FACTS = (
    fact("application.number", FactType.NUMBER, unique=True, least=0, most=16_777_215),
    fact("application.submitted_at", FactType.INSTANT),
    fact("child.birth_date", FactType.DATE),
    fact("child.group", FactType.CHOICE),
    fact("grade.average", FactType.DECIMAL, digits=4, least=20_000, most=50_000),
    fact("sibling.attends", FactType.YES_NO, per=Per.ENTRY),
    fact("programme.boarding", FactType.YES_NO, per=Per.PROGRAMME),
)
VOCABULARY = Vocabulary(
    {each.name: each for each in FACTS},
    {name: Category(name, NO_TITLE) for name in ("large_family", "police_child", "judge_child")},
    {},
)


def build(entries: object, **others: object) -> Tables:
    """Return the tables of the test's vocabulary."""
    return build_tables(VOCABULARY, entries, **others)


def contents(tables: Tables) -> dict[str, Any]:
    """Return everything the tables hold, as plain values that can be compared."""
    found: dict[str, Any] = {}
    for part in ("applications", "wishes", "documents", "programmes"):
        record = getattr(tables, part)
        for name in (name for name in type(record).__annotations__ if name not in {"columns", "places"}):
            value = getattr(record, name)
            found[f"{part}.{name}"] = (value.dtype.str, value.tolist()) if isinstance(value, np.ndarray) else value
        for name, column in getattr(record, "columns", {}).items():
            known = None if column.known is None else column.known.tolist()
            found[f"{part}.columns.{name}"] = column.values.dtype.str, column.values.tolist(), known, column.labels
    return found


class TestOrder:
    """In what order the rows stand."""

    def test_ids_of_digits_stand_in_order_of_their_value(self) -> None:
        """Application 9 stands before application 10."""
        tables = build({"application": ["10", "9"], "programme": ["a", "a"]})
        assert tables.applications.ids.tolist() == ["9", "10"]

    def test_other_ids_stand_in_order_of_their_text(self) -> None:
        """One id with a letter makes all of them texts."""
        tables = build({"application": ["10", "9", "x"], "programme": ["a", "a", "a"]})
        assert tables.applications.ids.tolist() == ["10", "9", "x"]

    def test_the_unique_fact_outranks_the_ids(self) -> None:
        """Applications stand in order of their number when all of them have one."""
        tables = build({"application": ["1", "2"], "programme": ["a", "a"], "application.number": [7, 5]})
        assert tables.applications.ids.tolist() == ["2", "1"]
        assert tables.applications.columns["application.number"].values.tolist() == [5, 7]
        assert tables.wishes.application.tolist() == [0, 1]

    def test_a_unique_fact_that_is_not_known_of_all_orders_nobody(self) -> None:
        """One application without a number puts all of them in order of their ids."""
        tables = build({"application": ["2", "1"], "programme": ["a", "a"], "application.number": ["5", ""]})
        assert tables.applications.ids.tolist() == ["1", "2"]
        assert tables.applications.columns["application.number"].known.tolist() == [False, True]

    def test_wishes_stand_by_application_then_wish_then_programme(self) -> None:
        """The order of the rows given does not matter."""
        tables = build({"application": [2, 1, 1, 1], "wish": [1, 2, 1, 1], "programme": ["a", "a", "c", "b"]})
        wishes = tables.wishes
        assert list(zip(wishes.application.tolist(), wishes.wish.tolist(), wishes.programme.tolist(), strict=True)) == [
            (0, 1, 1),
            (0, 1, 2),
            (0, 2, 0),
            (1, 1, 0),
        ]

    def test_documents_stand_by_category_first(self) -> None:
        """Documents are found by the vocabulary's order of categories."""
        tables = build(
            {"application": [1, 2], "programme": ["a", "a"]},
            documents={
                "application": [2, 1, 1],
                "category": ["judge_child", "police_child", "large_family"],
                "confirmed": ["yes", "", "no"],
                "from": ["2026-01-01", "", "2026-01-02"],
                "to": ["", "2026-02-01", ""],
            },
        )
        documents = tables.documents
        assert documents.category.tolist() == [0, 1, 2]
        assert documents.application.tolist() == [0, 0, 1]
        assert documents.first.tolist() == [20_455, SINCE_EVER, 20_454]
        assert documents.last.tolist() == [OPEN_END, 20_485, OPEN_END]
        assert documents.confirmed.tolist() == [False, False, True]


class TestNumberFromIds:
    """When the application number is made from the ids."""

    def test_ids_of_digits_serve_as_numbers(self) -> None:
        """No column of the unique fact is needed where ids are numbers."""
        tables = build({"application": ["12", "7"], "programme": ["a", "a"]})
        assert tables.applications.columns["application.number"].values.tolist() == [7, 12]

    @pytest.mark.parametrize("ids", [["A-1", "2"], ["7", "07"], ["1", "16777216"], ["1", "9" * 30]])
    def test_ids_that_are_no_numbers_of_their_own_make_no_column(self, ids: list[str]) -> None:
        """Letters, two ids of one value and values out of range make no number."""
        assert "application.number" not in build({"application": ids, "programme": ["a", "a"]}).applications.columns

    def test_given_numbers_are_kept(self) -> None:
        """A column of the fact is never replaced by the ids."""
        tables = build({"application": ["12"], "programme": ["a"], "application.number": ["5"]})
        assert tables.applications.columns["application.number"].values.tolist() == [5]


class TestSources:
    """From which tables things come."""

    def test_applications_without_wishes_are_kept(self) -> None:
        """The applications table may hold more than wish for something."""
        tables = build({"application": ["2"], "programme": ["a"]}, applications={"application": ["1", "2"]})
        assert tables.applications.ids.tolist() == ["1", "2"]
        assert tables.wishes.application.tolist() == [1]

    def test_facts_of_an_application_may_repeat_in_the_entries(self) -> None:
        """Facts of the application stand once in the result however many rows say them."""
        tables = build({"application": [1, 1, 2], "programme": ["a", "b", "a"], "child.group": ["x", "x", "y"]})
        assert tables.applications.columns["child.group"].values.tolist() == [0, 1]
        assert tables.applications.columns["child.group"].labels == ("x", "y")
        assert "child.group" not in tables.wishes.columns

    def test_an_application_no_row_speaks_of_has_unknown_facts(self) -> None:
        """A fact in the entries is not known of an application that wishes for nothing."""
        tables = build(
            {"application": [2], "programme": ["a"], "child.group": ["x"]}, applications={"application": [1, 2]}
        )
        assert tables.applications.columns["child.group"].known.tolist() == [False, True]

    def test_programmes_are_those_the_entries_name(self) -> None:
        """Without a table of programmes each is of the organisation without a name and takes everyone."""
        tables = build({"application": [1, 1], "programme": ["b", "a"], "programme.boarding": ["yes", "no"]})
        programmes = tables.programmes
        assert (programmes.ids, programmes.organisations, programmes.takes) == (("a", "b"), ("",), ("", ""))
        assert programmes.organisation.tolist() == [0, 0]
        assert programmes.capacity.tolist() == [-1, -1]
        assert programmes.columns["programme.boarding"].values.tolist() == [False, True]
        assert tables.wishes.organisation.tolist() == [-1, -1]

    def test_the_programmes_table_says_what_an_organisation_offers(self) -> None:
        """Programmes are sorted by id and keep where their conditions stand."""
        tables = build(
            {"application": [1, 2], "programme": ["", "p1"], "organisation": ["school", ""], "wish": [1, 1]},
            programmes={
                "programme": ["p2", "p1"],
                "organisation": ["school", ""],
                "title": ["Второй", "Первый"],
                "capacity": ["", "25"],
                "takes": ["child.group == 'x'", ""],
                "programme.boarding": ["yes", ""],
            },
        )
        programmes = tables.programmes
        assert (programmes.ids, programmes.titles) == (("p1", "p2"), ("Первый", "Второй"))
        assert programmes.organisations == ("", "school")
        assert programmes.organisation.tolist() == [0, 1]
        assert programmes.capacity.tolist() == [25, -1]
        assert programmes.takes == ("", "child.group == 'x'")
        assert str(programmes.places[1]) == "programmes row 2, column takes"
        assert programmes.columns["programme.boarding"].known.tolist() == [False, True]
        assert tables.wishes.programme.tolist() == [-1, 0]
        assert tables.wishes.organisation.tolist() == [1, -1]

    def test_a_programme_with_its_organisation_is_a_wish_for_the_programme(self) -> None:
        """Where both are named the programme is what is wished."""
        tables = build(
            {"application": [1], "programme": ["p"], "organisation": ["o"]},
            programmes={"programme": ["p"], "organisation": ["o"]},
        )
        assert (tables.wishes.programme.tolist(), tables.wishes.organisation.tolist()) == ([0], [-1])

    def test_tables_may_be_empty(self) -> None:
        """No rows are no mistake."""
        tables = build(
            {"application": [], "programme": []}, documents={"application": [], "category": [], "confirmed": []}
        )
        assert [len(part) for part in (tables.applications, tables.wishes, tables.documents, tables.programmes)] == [
            0
        ] * 4


class Frame:
    """A table with named columns, as data frames are."""

    def __init__(self, cells: dict[str, Any]) -> None:
        """Keep the columns."""
        self.columns = list(cells)
        self._cells = cells

    def __getitem__(self, name: str) -> object:
        """Return a column."""
        return self._cells[name]


class ArrowFrame(Frame):
    """A table whose `columns` are columns and whose names are `column_names`."""

    def __init__(self, cells: dict[str, Any]) -> None:
        """Keep the columns."""
        super().__init__(cells)
        self.column_names = self.columns
        self.columns = list(cells.values())


TEXTS = {
    "application": ["7", "8", "9"],
    "programme": ["a", "b", "a"],
    "application.submitted_at": ["2026-04-01 09:00:00", "", "2026-04-02 10:30:05"],
    "child.birth_date": ["2020-02-29", "2019-01-01", ""],
    "child.group": ["x", "", "y"],
    "grade.average": ["4.5", "", "14/3"],
    "sibling.attends": ["yes", "no", "да"],
}
VALUES = {
    "application": [7, 8, 9],
    "programme": ("a", "b", "a"),
    "application.submitted_at": [datetime(2026, 4, 1, 9), None, datetime(2026, 4, 2, 10, 30, 5)],  # noqa: DTZ001
    "child.birth_date": [date(2020, 2, 29), datetime(2019, 1, 1), None],  # noqa: DTZ001
    "child.group": ["x", None, "y"],
    "grade.average": [Decimal("4.50"), float("nan"), Fraction(14, 3)],
    "sibling.attends": [True, False, 1],
}
ARRAYS = {
    "application": np.array([7, 8, 9], np.uint16),
    "programme": np.array(["a", "b", "a"]),
    "application.submitted_at": np.array(["2026-04-01T09:00", "NaT", "2026-04-02T10:30:05"], "datetime64[ns]"),
    "child.birth_date": np.array(["2020-02-29", "2019-01-01", "NaT"], "datetime64[D]"),
    "child.group": np.array(["x", None, "y"], object),
    "grade.average": np.array([Decimal("4.5"), None, Fraction(14, 3)], object),
    "sibling.attends": np.array([1, 0, 1], np.int8),
}


class TestKindsOfTable:
    """The same facts are the same tables whatever they come in."""

    @pytest.mark.parametrize(
        "cells", [VALUES, ARRAYS, Frame(VALUES), ArrowFrame(ARRAYS)], ids=["values", "arrays", "frame", "arrow"]
    )
    def test_values_and_arrays_are_what_their_texts_are(self, cells: object) -> None:
        """Python values, numpy arrays and data frames give the tables that texts give."""
        assert contents(build(cells)) == contents(build(TEXTS))

    def test_values_are_the_integers_of_the_facts(self) -> None:
        """Days, seconds, scaled decimals and codes; zero where not known."""
        columns = build(TEXTS).applications.columns
        assert columns["child.birth_date"].values.tolist() == [18_321, 17_897, 0]
        assert columns["application.submitted_at"].values.tolist() == [1_775_034_000, 0, 1_775_125_805]
        assert columns["grade.average"].values.tolist() == [45_000, 0, 46_666]
        assert columns["child.group"].values.tolist() == [0, 0, 1]
        assert {name: column.values.dtype.name for name, column in columns.items()} == {
            "application.number": "int32",
            "application.submitted_at": "int64",
            "child.birth_date": "int32",
            "child.group": "int32",
            "grade.average": "int32",
        }


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, dict[str, list[str]]]:
    """Draw four tables of texts that fit each other."""
    people = draw(st.lists(st.text("0123456789ab", min_size=1, max_size=3), min_size=1, max_size=6, unique=True))
    programmes = draw(st.lists(st.text("pq12", min_size=1, max_size=2), min_size=1, max_size=4, unique=True))
    pairs = draw(st.lists(st.tuples(st.sampled_from(people), st.sampled_from(programmes)), max_size=12, unique=True))
    papers = draw(
        st.lists(st.tuples(st.sampled_from(people), st.sampled_from(sorted(VOCABULARY.categories))), max_size=6)
    )
    days = st.sampled_from(["", "2026-01-01", "2026-05-05"])
    yes_no = st.sampled_from(["", "yes", "no"])

    def some(cell: st.SearchStrategy[str], count: int) -> list[str]:
        return draw(st.lists(cell, min_size=count, max_size=count))

    return {
        "entries": {
            "application": [person for person, _ in pairs],
            "programme": [programme for _, programme in pairs],
            "wish": some(st.sampled_from(["1", "2", "3"]), len(pairs)),
            "sibling.attends": some(yes_no, len(pairs)),
        },
        "applications": {
            "application": people,
            "child.birth_date": some(days, len(people)),
            "child.group": some(st.sampled_from(["", "x", "y", "z"]), len(people)),
        },
        "documents": {
            "application": [person for person, _ in papers],
            "category": [category for _, category in papers],
            "from": some(st.sampled_from(["", "2025-12-31"]), len(papers)),
            "to": some(days, len(papers)),
            "confirmed": some(yes_no, len(papers)),
        },
        "programmes": {
            "programme": programmes,
            "organisation": some(st.sampled_from(["", "o1", "o2"]), len(programmes)),
            "capacity": some(st.sampled_from(["", "0", "25"]), len(programmes)),
            "programme.boarding": some(yes_no, len(programmes)),
        },
    }


@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_given_rows_changes_nothing(world: dict[str, dict[str, list[str]]], shuffled: Random) -> None:
    """Permuting the rows of every table gives the same bytes."""
    moved = {}
    for name, table in world.items():
        rows = list(range(len(next(iter(table.values())))))
        shuffled.shuffle(rows)
        moved[name] = {field: [cells[row] for row in rows] for field, cells in table.items()}
    assert contents(build(**moved)) == contents(build(**world))


@given(worlds())
def test_applications_may_be_given_with_their_wishes(world: dict[str, dict[str, list[str]]]) -> None:
    """Facts repeated in the entries are the facts a table of applications says once."""
    wished = set(world["entries"]["application"])
    own = world["applications"]
    kept = [row for row, person in enumerate(own["application"]) if person in wished]
    apart = {field: [cells[row] for row in kept] for field, cells in own.items()}
    row_of = {person: row for row, person in enumerate(own["application"])}
    together = dict(world["entries"])
    for field in ("child.birth_date", "child.group"):
        together[field] = [own[field][row_of[person]] for person in together["application"]]
    programmes = world["programmes"]
    expected = build(world["entries"], applications=apart, programmes=programmes)
    assert contents(build(together, programmes=programmes)) == contents(expected)
