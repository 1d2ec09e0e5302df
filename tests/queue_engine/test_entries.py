"""Wishes lead to the queues they name, and through organisations to the programmes that take the applicant."""

from __future__ import annotations

from datetime import date

import pytest
from tests.queue_engine.small_town import DAY, papers, rules, town

from queue_engine import OrderError, TableError, Tables, derive_entries

RULES = rules()
OFFERED = {
    "programme": ["a", "b", "c", "d"],
    "organisation": ["north", "north", "north", "south"],
    "takes": ["confirmed(category.orphan)", "not confirmed(category.orphan)", "sibling.attends", ""],
}


def _wishes(*rows: str) -> dict[str, list[str]]:
    """Return wishes written "application wish target sibling"; a target of one letter is a programme."""
    split = [row.split() for row in rows]
    return {
        "application": [row[0] for row in split],
        "wish": [row[1] for row in split],
        "programme": [row[2] if len(row[2]) == 1 else "" for row in split],
        "organisation": ["" if len(row[2]) == 1 else row[2] for row in split],
        "sibling.attends": [row[3] if len(row) > 3 else "" for row in split],
    }


def _derived(tables: Tables) -> list[tuple[str, str, int, bool]]:
    """Return (application, programme, wish, taken) of every entry."""
    found = derive_entries(tables, RULES, DAY)
    return [
        (
            str(tables.applications.ids[found.application[row]]),
            tables.programmes.ids[found.programme[row]],
            int(tables.wishes.wish[found.wish[row]]),
            bool(found.taken[row]),
        )
        for row in range(len(found))
    ]


def test_a_wish_for_a_programme_is_an_entry_whether_it_takes_or_not() -> None:
    """Who names a programme that does not take him has an entry, so that he can be told why he is not in the queue."""
    tables = town(2, papers("2 orphan"), entries=_wishes("1 1 a", "2 1 a"), programmes=OFFERED)
    assert _derived(tables) == [("1", "a", 1, False), ("2", "a", 1, True)]


def test_a_wish_for_an_organisation_leads_to_every_programme_that_takes() -> None:
    """Those that do not take the applicant give no entry."""
    wishes = _wishes("1 1 north", "2 2 north yes", "2 1 south")
    tables = town(2, papers("2 orphan"), entries=wishes, programmes=OFFERED)
    assert _derived(tables) == [
        ("1", "b", 1, True),
        ("2", "d", 1, True),
        ("2", "a", 2, True),
        ("2", "c", 2, True),
    ]


def test_two_wishes_for_one_programme_count_once_by_the_earlier() -> None:
    """A programme named and its organisation wished for give one entry."""
    tables = town(1, entries=_wishes("1 1 b", "1 2 north", "1 3 d"), programmes=OFFERED)
    assert _derived(tables) == [("1", "b", 1, True), ("1", "d", 3, True)]
    tables = town(1, entries=_wishes("1 2 b", "1 1 north"), programmes=OFFERED)
    assert _derived(tables) == [("1", "b", 1, True)]


def test_an_organisation_that_takes_nobody_of_this_kind_is_told() -> None:
    """A wish that leads nowhere is kept by its row."""
    offered = {"programme": ["a"], "organisation": ["north"], "takes": ["confirmed(category.orphan)"]}
    tables = town(2, papers("2 orphan"), entries=_wishes("1 1 north", "2 1 north"), programmes=offered)
    found = derive_entries(tables, RULES, DAY)
    assert (found.untaken.tolist(), _derived(tables)) == ([0], [("2", "a", 1, True)])


def test_without_programmes_the_wishes_name_them() -> None:
    """Programmes nobody listed take everyone."""
    tables = town(2, entries={"application": ["2", "1"], "programme": ["x", "y"]})
    assert _derived(tables) == [("1", "y", 1, True), ("2", "x", 1, True)]


def test_a_named_date_in_takes_is_the_callers() -> None:
    """A programme may take by age on a day that the caller gives."""
    offered = {"programme": ["p"], "takes": ["age(on study_start) >= 3y"]}
    tables = town(1, programmes=offered, child__birth_date=["2023-09-01"])
    for start, taken in ((date(2026, 9, 1), True), (date(2026, 8, 31), False)):
        found = derive_entries(tables, RULES, DAY, {"study_start": start})
        assert found.taken.tolist() == [taken]
    with pytest.raises(OrderError, match="study_start"):
        derive_entries(tables, RULES, DAY)


def test_every_takes_that_cannot_be_read_is_told_with_its_cell() -> None:
    """All problems of all programmes come at once, each with its row and the character in the cell."""
    offered = {
        "programme": ["a", "b", "c"],
        "takes": ["sibling.atends", "programme.boarding", "confirmed(category.orphan) and"],
    }
    tables = town(1, entries=_wishes("1 1 a"), programmes=offered)
    with pytest.raises(TableError) as raised:
        derive_entries(tables, RULES, DAY)
    found = [(str(each.place), each.code, each.message, each.found) for each in raised.value.problems]
    assert found == [
        ("programmes row 2, column takes", "Q019", "unknown fact 'sibling.atends' (character 1)", "sibling.atends"),
        (
            "programmes row 3, column takes",
            "T060",
            "'takes' reads programme.boarding, a fact of the programme itself",
            "",
        ),
        (
            "programmes row 4, column takes",
            "Q010",
            "a fact, a value or '(' expected here, found the end (character 31)",
            "",
        ),
    ]
    assert raised.value.problems[0].remedy == "did you mean 'sibling.attends'?"
