"""Queues as rows for files."""

from __future__ import annotations

import io
from datetime import date

from queue_engine import (
    Entries,
    PublicPart,
    Queues,
    Standing,
    build_tables,
    derive_entries,
    load_rules,
    order,
    public_parts,
    standing,
    write_csv,
)
from queue_engine.reports import queue_rows, refusal_rows

ON = date(2026, 8, 16)
RULES = load_rules("rules/region-74/college.yaml")
TABLES = build_tables(
    RULES.vocabulary,
    {
        "application": ["b", "a", "c"],
        "programme": ["welders", "welders", "cooks"],
        "grade.average": ["4.1", "4.2", ""],
        "application.number": [1, 2, 3],
        "application.submitted_at": ["2026-07-01"] * 3,
    },
)


def queues() -> Queues:
    """Return two competitions, one of them empty for want of a grade."""
    return order(TABLES, RULES, ON)


def test_rows_name_queue_place_application_and_the_step_that_decides() -> None:
    """Every programme's queue by id, then the general one."""
    text = io.StringIO()
    write_csv(queue_rows(queues()), text)
    assert text.getvalue().splitlines() == [
        "queue,position,application,decided_by",
        "welders,1,a,",
        "welders,2,b,grade",
        "general,1,a,",
        "general,2,b,grade",
    ]


def test_who_is_in_no_queue_is_listed_with_every_reason() -> None:
    """The fact that is not known, and the condition that therefore fails."""
    rows = list(refusal_rows(queues()))
    assert rows[0] == ("queue", "application", "reasons")
    assert [row[:2] for row in rows[1:]] == [("cooks", "c"), ("general", "c")]
    assert all("grade.average" in row[2].split() for row in rows[1:])


def test_entries_and_standings_are_values_of_the_public_types() -> None:
    """What the functions return can be named by those who embed the engine."""
    assert isinstance(derive_entries(TABLES, RULES, ON), Entries)
    place = standing(queues()["welders"], "b")
    assert isinstance(place, Standing)
    assert [type(part) for part in public_parts(place)] == [PublicPart]
