"""The database: an acknowledged write survives a loss of power, on SQLite and on PostgreSQL."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

SAFE_SQLITE = (3, 51, 3)
"""Older SQLite can corrupt a write-ahead file that two connections use at once."""
SERVER = "postgresql+psycopg"
"""What the address of a PostgreSQL begins with."""
_BUSY_MS = 5_000
_CONNECTIONS = 8
_DRIVERS = ("sqlite3", "pysqlite3.dbapi2")
_SESSION_SETTINGS = (
    "synchronous_commit = on",
    f"lock_timeout = {_BUSY_MS}",
    "idle_in_transaction_session_timeout = 60000",
)

Address = Path | str
"""A file of SQLite, or the address of a PostgreSQL: postgresql+psycopg://user@host/database."""


class DatabaseAddressError(ValueError):
    """A database cannot be opened; the message says what to do. It never holds a password."""


@attrs.frozen(eq=False)
class Database:
    """Sessions on one database.

    Args:
        engine: the connections.

    """

    engine: Engine

    @property
    def is_file(self) -> bool:
        """Whether it is a file of SQLite; else it is a PostgreSQL."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one state of the data from its first query on."""
        engine = self.engine
        if not self.is_file:
            engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with Session(engine) as session:
            yield session

    @contextmanager
    def asking(self) -> Iterator[Session]:
        """Give a session for one query: on PostgreSQL it needs no transaction, and so only one answer of the server."""
        engine = self.engine if self.is_file else self.engine.execution_options(isolation_level="AUTOCOMMIT")
        with Session(engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session that may write: committed at the end, rolled back by an exception.

        On SQLite it alone may write; on PostgreSQL it has to lock the rows it reads and changes.
        """
        with Session(self.engine.execution_options(writes=True)) as session, session.begin():
            yield session

    def close(self) -> None:
        """Close every connection; a write-ahead file is then merged into the database."""
        self.engine.dispose()


def open_database(address: Address) -> Database:
    """Return the database at an address; a file is made on the first write when it is not there.

    Args:
        address: the file, whose folder must be there; or the address of a PostgreSQL.

    Raises:
        DatabaseAddressError: the address is of another kind, or no SQLite here is safe.

    """
    if isinstance(address, str):
        engine = create_engine(
            _server(address),
            pool_size=_CONNECTIONS,
            max_overflow=_CONNECTIONS,
            pool_pre_ping=True,
            json_serializer=_as_json,
            hide_parameters=True,  # they would stand in logs
        )
        event.listen(engine, "connect", _set_up_server)
        return Database(engine)
    engine = create_engine(
        URL.create("sqlite", database=str(address)),
        module=driver(importlib.import_module(name) for name in _DRIVERS),
        pool_size=_CONNECTIONS,
        max_overflow=0,
        json_serializer=_as_json,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _set_up_file)
    event.listen(engine, "begin", _begin)
    return Database(engine)


def driver(drivers: Iterable[Any]) -> Any:  # noqa: ANN401 - a module
    """Return the first driver whose SQLite is safe.

    Raises:
        DatabaseAddressError: none is.

    >>> from types import SimpleNamespace
    >>> old, new = SimpleNamespace(sqlite_version_info=(3, 40, 1)), SimpleNamespace(sqlite_version_info=(3, 51, 3))
    >>> driver([old, new]) is new
    True

    """
    found = []
    for each in drivers:
        if each.sqlite_version_info >= SAFE_SQLITE:
            return each
        found.append(".".join(map(str, each.sqlite_version_info)))
    needed = ".".join(map(str, SAFE_SQLITE))
    message = f"SQLite {' and '.join(found)} can corrupt a database that two connections use; install pysqlite3"
    raise DatabaseAddressError(f"{message} with SQLite {needed} or newer, or name a PostgreSQL")


def _server(address: str) -> URL:
    """Return the parts of an address, which is not repeated in the error: it may hold a password."""
    try:
        url = make_url(address)
    except ArgumentError:
        url = None
    if url is None or url.drivername != SERVER or not url.database:
        message = f"the address of the database is no {SERVER}://…/database; write it so, or name a file"
        raise DatabaseAddressError(message)
    return url


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _set_up_file(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's own class
    connection.isolation_level = None  # the driver's own transactions begin late and lose updates; `_begin` begins them
    for pragma in (f"busy_timeout={_BUSY_MS}", "foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _set_up_server(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's own class
    with connection.cursor() as cursor:
        for setting in _SESSION_SETTINGS:
            cursor.execute(f"SET {setting}")
    connection.commit()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
