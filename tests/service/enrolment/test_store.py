"""What is stored comes back as the tables it was stored from, and a wrong database is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.service.conftest import RULES, Town

from queue_engine import TableError, load_rules
from service.db import Database, open_database
from service.enrolment.store import StoreError, read_services, read_tables
from service.models import Application


def test_stored_tables_are_the_tables_of_the_files(town: Town) -> None:
    """Applications, wishes, documents, programmes and their facts are byte-equal to those read from the files."""
    database = open_database(town.settings.database)
    with database.reading() as session:
        for service in read_services(session):
            rules = load_rules(RULES / f"{service.rules}.yaml")
            stored = read_tables(session, service.id, rules.vocabulary)
            filed = town.ordered[service.id].entries.tables
            assert stored.applications.ids.tolist() == filed.applications.ids.tolist()
            assert stored.programmes.ids == filed.programmes.ids
            assert stored.programmes.takes == filed.programmes.takes
            assert np.array_equal(stored.programmes.capacity, filed.programmes.capacity)
            assert np.array_equal(stored.wishes.programme, filed.wishes.programme)
            assert np.array_equal(stored.wishes.organisation, filed.wishes.organisation)
            assert np.array_equal(stored.documents.last, filed.documents.last)
            assert np.array_equal(stored.documents.confirmed, filed.documents.confirmed)
            for columns, given in (
                (stored.applications.columns, filed.applications.columns),
                (stored.wishes.columns, filed.wishes.columns),
                (stored.programmes.columns, filed.programmes.columns),
            ):
                known = {name for name, column in given.items() if column.known is None or column.known.any()}
                assert set(columns) == known
                assert all(np.array_equal(columns[name].values, given[name].values) for name in known)
    database.close()


def test_services_come_in_the_order_they_are_shown_in(town: Town) -> None:
    """The order is stored, not alphabetical, and so are the days of each service."""
    database = open_database(town.settings.database)
    with database.reading() as session:
        services = read_services(session)
    database.close()
    assert [service.id for service in services] == list(town.ordered)
    assert [service.on.isoformat() for service in services] == ["2026-04-15", "2026-07-10", "2026-05-01", "2026-08-16"]
    assert services[0].dates["study_start"].isoformat() == "2026-09-01"


@pytest.mark.parametrize("content", [b"", b"this is no database at all, but a text of some length\n" * 20])
def test_a_file_that_is_no_database_of_ours_is_told(tmp_path: Path, content: bytes) -> None:
    """An empty database and a file of another kind are refused with what to do."""
    (tmp_path / "a.sqlite").write_bytes(content)
    database = open_database(tmp_path / "a.sqlite")
    with pytest.raises(StoreError, match="name another file, or remove it"), database.reading() as session:
        read_services(session)
    database.close()


def test_a_stored_fact_that_is_no_value_is_named(college: Database) -> None:
    """A fact somebody wrote past the service is refused by its table, row and column."""
    with college.writing() as session:
        session.get_one(Application, ("college", "2")).facts = {"grade.average": "good"}
    vocabulary = load_rules(RULES / "region-74" / "college.yaml").vocabulary
    with college.reading() as session, pytest.raises(TableError, match=r"applications row 3, column grade\.average"):
        read_tables(session, "college", vocabulary)
