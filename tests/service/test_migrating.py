"""Migrations: both databases get the tables of the models, whole or not at all, and journals that nobody can change."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, inspect, text
from sqlalchemy.exc import DBAPIError
from tests.databases import KINDS, Server

from service.db import Database, open_database
from service.migrating import MigrationError, configuration, migrate, require_current
from service.models import JournalEntry, Record


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """Return an empty database of each kind."""
    if request.param == "sqlite":
        return open_database(tmp_path / "empty.sqlite")
    found: Server = request.getfixturevalue("postgres")
    return open_database(found.empty_database())


def test_an_empty_database_gets_the_tables_of_the_models(empty: Database) -> None:
    """Nothing is left for the next migration to do: columns, types, indexes and constraints are those declared."""
    migrate(empty)
    require_current(empty)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Record.metadata) == []
        for table in Record.metadata.tables.values():
            found = {each["name"] for each in inspect(connection).get_check_constraints(table.name)}
            assert found == {each.name for each in table.constraints if str(each.name).startswith("ck_")}
    empty.close()


def test_a_database_of_this_version_is_left_as_it_is(empty: Database) -> None:
    """Migrating twice is migrating once."""
    migrate(empty)
    migrate(empty)
    require_current(empty)
    empty.close()


def test_every_step_can_be_taken_back(empty: Database) -> None:
    """Down to nothing and up again gives the same tables."""
    migrate(empty)
    with empty.engine.execution_options(writes=True).connect() as connection, connection.begin():
        config = configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
    with pytest.raises(MigrationError, match="has no tables of this service"):
        require_current(empty)
    migrate(empty)
    require_current(empty)
    empty.close()


def test_a_failed_migration_changes_nothing(empty: Database) -> None:
    """A table that is in the way ends it before anything is made."""
    with empty.writing() as session:
        session.execute(text("CREATE TABLE journal_head (n INTEGER)"))
    with pytest.raises(DBAPIError, match="journal_head"):
        migrate(empty)
    assert inspect(empty.engine).get_table_names() == ["journal_head"]
    empty.close()


def test_a_database_of_a_newer_version_is_refused(empty: Database) -> None:
    """An old program does not write into tables it does not know."""
    migrate(empty)
    with empty.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(MigrationError, match="is of version 9999, this service needs"):
        require_current(empty)
    empty.close()


def test_references_are_enforced_after_a_migration(empty: Database) -> None:
    """What had to be switched off for a moment is on again."""
    migrate(empty)
    with pytest.raises(DBAPIError), empty.writing() as session:
        session.execute(text("INSERT INTO applications (service, number, facts) VALUES ('none', '1', '{}')"))
    empty.close()


@pytest.mark.parametrize("statement", ["UPDATE journal_entry SET kind = 'x'", "DELETE FROM journal_entry"])
def test_an_entry_cannot_be_changed(database: Database, statement: str) -> None:
    """The database itself refuses it, whoever asks."""
    cells = {"municipality": "m", "entry": 1, "at": 0, "kind": "due", "key": "", "asked": b"", "body": b"", "hash": b""}
    with database.writing() as session:
        session.execute(insert(JournalEntry), [cells])
    with pytest.raises(DBAPIError, match="entries of a journal are never changed"), database.writing() as session:
        session.execute(text(statement))
