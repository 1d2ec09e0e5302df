"""The database: nothing acknowledged is lost, nothing refused stays."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from tests.databases import Server

from service.db import SAFE_SQLITE, Database, DatabaseAddressError, driver, open_database


def test_every_connection_is_set_up_to_lose_nothing(tmp_path: Path) -> None:
    """The write-ahead log is synchronised at each commit, and foreign keys are enforced."""
    database = open_database(tmp_path / "a.sqlite")
    with database.reading() as session:
        found = [session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")]
    database.close()
    assert found == ["wal", 2, 1]


def test_every_connection_to_a_server_waits_for_the_disk(postgres: Server) -> None:
    """Whatever the server's own settings, a commit is on its disk, and nobody waits for a lock without end."""
    database = open_database(postgres.empty_database())
    with database.writing() as session:
        found = [session.scalar(text(f"SHOW {name}")) for name in ("synchronous_commit", "lock_timeout")]
    database.close()
    assert found == ["on", "5s"]


def test_no_update_is_lost_between_writers(database: Database) -> None:
    """Four threads that each read, add one and write fifty times count to two hundred."""
    with database.writing() as session:
        session.execute(text("CREATE TABLE counter (n INTEGER NOT NULL)"))
        session.execute(text("INSERT INTO counter VALUES (0)"))

    locked = "SELECT n FROM counter FOR UPDATE"

    def count(_: int) -> None:
        for _ in range(50):
            with database.writing() as session:
                found = session.scalar(text("SELECT n FROM counter" if database.is_file else locked))
                assert found is not None
                session.execute(text("UPDATE counter SET n = :n"), {"n": found + 1})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, range(4)))
    with database.reading() as session:
        assert session.scalar(text("SELECT n FROM counter")) == 200


def test_a_refused_write_leaves_nothing_behind(database: Database) -> None:
    """What an exception ends is rolled back as a whole, and the connection can be used again."""
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


def test_reading_sees_one_state(database: Database) -> None:
    """A session that has begun to read does not see what another commits meanwhile."""
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


def test_a_reader_writes_nothing(postgres: Server) -> None:
    """A session for reading is refused by the server itself when it writes."""
    database = open_database(postgres.empty_database())
    with pytest.raises(DBAPIError, match="read-only"), database.reading() as session:
        session.execute(text("CREATE TABLE counter (n INTEGER NOT NULL)"))
    database.close()


def test_an_sqlite_that_may_corrupt_is_refused() -> None:
    """Versions with the write-ahead race are named, with what to do; a safe one beside them is taken."""
    old, new = (SimpleNamespace(sqlite_version_info=version) for version in ((3, 51, 2), SAFE_SQLITE))
    with pytest.raises(DatabaseAddressError, match=r"SQLite 3\.51\.2 and 3\.51\.2 can corrupt .* install pysqlite3"):
        driver([old, old])
    assert driver([old, new]) is new


@pytest.mark.parametrize(
    "address", ["postgresql://u:secret@h/d", "mysql://u:secret@h/d", "secret://", "postgresql+psycopg://u:secret@h"]
)
def test_an_address_that_cannot_be_used_is_told_without_its_password(address: str) -> None:
    """The message says what an address looks like, and repeats nothing of it."""
    with pytest.raises(DatabaseAddressError, match=r"write it so, or name a file") as refused:
        open_database(address)
    assert "secret" not in str(refused.value)
