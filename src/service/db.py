"""The database: SQLite kept so that an acknowledged write survives a loss of power, one writer at a time."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.orm import Session

SAFE_WITH_MANY_CONNECTIONS = (3, 51, 3)
"""Older SQLite can corrupt a WAL file that two connections use at once; it gets one connection only."""
_BUSY_MS = 5_000
_CONNECTIONS = 8


@attrs.frozen(eq=False)
class Database:
    """Sessions on one database file.

    Args:
        engine: the connections.

    """

    engine: Engine

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one state of the data from its first query on."""
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session that alone may write: committed at the end, rolled back by an exception."""
        with Session(self.engine.execution_options(writes=True)) as session, session.begin():
            yield session

    def close(self) -> None:
        """Close every connection; the write-ahead file is then merged into the database."""
        self.engine.dispose()


def open_database(path: Path, *, version: tuple[int, ...] = sqlite3.sqlite_version_info) -> Database:
    """Return the database in a file, which is made on the first write when it is not there.

    Args:
        path: the file; its folder must be there.
        version: that of SQLite, which says how many connections are safe.

    """
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        pool_size=connections(version),
        max_overflow=0,
        json_serializer=_as_json,
    )
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return Database(engine)


def connections(version: tuple[int, ...]) -> int:
    """Return how many connections a version of SQLite may have on one file.

    >>> connections((3, 40, 1)), connections((3, 51, 3))
    (1, 8)

    """
    return _CONNECTIONS if version >= SAFE_WITH_MANY_CONNECTIONS else 1


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _set_up(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's own class
    connection.isolation_level = None  # the driver's own transactions begin late and lose updates; `_begin` begins them
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", f"busy_timeout={_BUSY_MS}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
