"""The database: nothing acknowledged is lost, nothing refused stays."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from service.db import SAFE_WITH_MANY_CONNECTIONS, open_database

VERSIONS = [(3, 40, 1), SAFE_WITH_MANY_CONNECTIONS]


def test_every_connection_is_set_up_to_lose_nothing(tmp_path: Path) -> None:
    """The write-ahead log is synchronised at each commit, and foreign keys are enforced."""
    database = open_database(tmp_path / "a.sqlite")
    with database.reading() as session:
        found = [session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")]
    database.close()
    assert found == ["wal", 2, 1]


@pytest.mark.parametrize("version", VERSIONS)
def test_no_update_is_lost_between_writers(tmp_path: Path, version: tuple[int, ...]) -> None:
    """Four threads that each read, add one and write fifty times count to two hundred."""
    database = open_database(tmp_path / "a.sqlite", version=version)
    with database.writing() as session:
        session.execute(text("CREATE TABLE counter (n INTEGER NOT NULL)"))
        session.execute(text("INSERT INTO counter VALUES (0)"))

    def count(_: int) -> None:
        for _ in range(50):
            with database.writing() as session:
                found = session.scalar(text("SELECT n FROM counter"))
                assert found is not None
                session.execute(text("UPDATE counter SET n = :n"), {"n": found + 1})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, range(4)))
    with database.reading() as session:
        assert session.scalar(text("SELECT n FROM counter")) == 200
    database.close()


def test_a_refused_write_leaves_nothing_behind(tmp_path: Path) -> None:
    """What an exception ends is rolled back as a whole, and the connection can be used again."""
    database = open_database(tmp_path / "a.sqlite")
    with database.writing() as session:
        session.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
        session.execute(text("CREATE TABLE child (parent INTEGER NOT NULL REFERENCES parent)"))

    def write() -> None:
        with database.writing() as session:
            session.execute(text("INSERT INTO parent VALUES (1)"))
            session.execute(text("INSERT INTO child VALUES (2)"))

    with pytest.raises(IntegrityError):
        write()
    with database.writing() as session:
        assert session.scalar(text("SELECT count(*) FROM parent")) == 0
    database.close()


def test_reading_sees_one_state(tmp_path: Path) -> None:
    """A session that has begun to read does not see what another commits meanwhile."""
    database = open_database(tmp_path / "a.sqlite", version=SAFE_WITH_MANY_CONNECTIONS)
    with database.writing() as session:
        session.execute(text("CREATE TABLE counter (n INTEGER NOT NULL)"))
        session.execute(text("INSERT INTO counter VALUES (0)"))
    with database.reading() as reading:
        before = reading.scalar(text("SELECT n FROM counter"))
        with database.writing() as writing:
            writing.execute(text("UPDATE counter SET n = 1"))
        assert reading.scalar(text("SELECT n FROM counter")) == before == 0
    with database.reading() as reading:
        assert reading.scalar(text("SELECT n FROM counter")) == 1
    database.close()


def test_an_sqlite_that_may_corrupt_gets_one_connection(tmp_path: Path) -> None:
    """Versions with the write-ahead race are used through one connection only."""
    pools = [open_database(tmp_path / "a.sqlite", version=version).engine.pool for version in VERSIONS]
    assert [pool.size() for pool in pools] == [1, 8]  # type: ignore[attr-defined]
