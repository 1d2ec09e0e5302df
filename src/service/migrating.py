"""Bringing a database to the tables of this version, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from service.db import Database
from service.models import Record

_FOLDER = Path(__file__).parent / "migrations"
_ONE_AT_A_TIME = 7_040_101  # the number of the lock that keeps two processes from migrating at once


class MigrationError(Exception):
    """A database is not of this version; the message says what to do."""


def configuration() -> Config:
    """Return what alembic has to know, without a file of its own.

    >>> ScriptDirectory.from_config(configuration()).get_current_head() is not None
    True

    """
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def migrate(database: Database) -> None:
    """Bring a database to this version: an empty one gets every table; all steps are made, or none.

    Raises:
        MigrationError: a step broke a reference between tables.

    """
    with database.engine.execution_options(writes=True).connect() as connection:
        _enforce_references(connection, on=False)
        try:
            with connection.begin():
                if not database.is_file:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ONE_AT_A_TIME})
                _run(connection)
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all() if database.is_file else []
                if broken:
                    raise MigrationError(f"{len(broken)} rows refer to rows that are not there; nothing was changed")
        finally:
            _enforce_references(connection, on=True)


def require_current(database: Database) -> None:
    """Refuse a database that is not of this version.

    Raises:
        MigrationError: it has to be migrated, or is of a newer version, or is none of this service.

    """
    needed = ScriptDirectory.from_config(configuration()).get_current_head()
    try:
        with database.reading() as session:
            found = MigrationContext.configure(session.connection()).get_current_revision()
    except DatabaseError as error:
        raise MigrationError(f"the database cannot be read ({error.orig}); is it one of this service?") from error
    if found != needed:
        stands = f"is of version {found}" if found else "has no tables of this service"
        raise MigrationError(f"the database {stands}, this service needs {needed}; run: queue-service migrate")


def _run(connection: Connection) -> None:
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def in_environment() -> None:
    """Run what alembic was asked to run, on the connection it was given; called by `migrations/env.py`."""
    connection: Any = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=Record.metadata,
        render_as_batch=True,  # SQLite cannot change a table in place
        compare_type=True,
        transaction_per_migration=False,
    )
    context.run_migrations()


def _enforce_references(connection: Connection, *, on: bool) -> None:
    """Switch on or off that SQLite checks references, which batches have to break for a moment."""
    if connection.dialect.name == "sqlite":  # past SQLAlchemy, which would begin a transaction, where it has no effect
        driver: Any = connection.connection.driver_connection
        driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")
