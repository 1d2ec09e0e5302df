"""Journals in files: byte for byte those of the engine, read back whole, and every change in the database found."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from queue_engine import Journal, JournalError, read_journal
from queue_engine.events import Event, Filed
from queue_engine.testing.histories import histories
from queue_engine.testing.strategies import vocabularies
from service.db import Database
from service.enrolment.archive import (
    ArchiveError,
    append_journal,
    export_journal,
    import_journal,
    municipalities,
    verify_journal,
)
from service.enrolment.projections import rows_by_replay, rows_stored
from service.enrolment.writing import Ledger, Towns
from service.problems import NotPossibleError

AT = 20697 * 86_400_000
_NUMBERS = count(1)


def year(municipality: str = "75701000") -> Journal:
    """Return a journal of a few entries."""
    journal = Journal(municipality)
    filed = [Filed(name, number, 0, {}, [], at=AT, actor="parent") for number, name in enumerate("abc", start=1)]
    journal.append_many(filed)
    return journal


@given(st.data())
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_history_is_stored_as_the_engine_keeps_it(
    ledger: Ledger, database: Database, tmp_path: Path, data: st.DataObject
) -> None:
    """Random acts, some refused, some sent twice: the export is the engine's file, and projections its replay."""
    history = data.draw(histories(data.draw(vocabularies())))
    municipality = f"m{next(_NUMBERS)}"
    plain, events = Journal(municipality), list(history)
    while events:
        size = data.draw(st.integers(1, 4))
        some, events = events[:size], events[size:]
        entries = ledger.append(municipality, some).entries
        assert entries == tuple(plain.append_many(some))
        again = [event for event in some if isinstance(event, Filed) and event.key]
        if again and data.draw(st.booleans()):
            assert ledger.append(municipality, again).entries == tuple(plain.append_many(again))
            unkeyed: list[Event] = [attrs.evolve(event, key="") for event in again]
            with pytest.raises(NotPossibleError):
                ledger.append(municipality, unkeyed)
    path, expected = tmp_path / "exported", tmp_path / "expected"
    export_journal(database, municipality, path)
    plain.write(expected)
    assert path.read_bytes() == expected.read_bytes()
    with database.reading() as session:
        stored = {row.id: row for row in rows_stored(session, municipality)}
    assert stored == rows_by_replay(read_journal(path))
    assert Towns(database).reach(municipality, len(plain)).journal.head == plain.head


def test_an_export_is_imported_as_it_was(ledger: Ledger, database: Database, tmp_path: Path) -> None:
    """A file goes in once; a longer one of the same journal adds what is new; another one is refused."""
    journal, path = year(), tmp_path / "journal"
    journal.write(path)
    assert import_journal(ledger, path) == ("75701000", 3)
    assert import_journal(ledger, path) == ("75701000", 0)
    journal.append(Filed("d", 4, 0, {}, [], at=AT, actor="parent"))
    journal.write(path)
    assert import_journal(ledger, path) == ("75701000", 1)
    assert export_journal(database, "75701000", tmp_path / "exported") == 4
    assert (tmp_path / "exported").read_bytes() == path.read_bytes()
    assert verify_journal(database, "75701000").head == journal.head.hex()
    year().write(path)
    with pytest.raises(ArchiveError, match="has other entries of 75701000"):
        import_journal(ledger, path)
    other = Journal("75701000")
    other.append_many([Filed(name, number, 0, {}, [], at=AT, actor="mfc") for number, name in enumerate("abcde", 1)])
    other.write(path)
    with pytest.raises(ArchiveError, match="has other entries of 75701000"):
        import_journal(ledger, path)


def test_a_torn_file_is_not_imported(ledger: Ledger, database: Database, tmp_path: Path) -> None:
    """What stands at its end was never confirmed to anybody; whoever imports has to look at it."""
    path = tmp_path / "journal"
    year().write(path)
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(JournalError, match="J023"):
        import_journal(ledger, path)
    with database.reading() as session:
        assert municipalities(session) == []


def test_a_journal_that_is_not_there_is_told(ledger: Ledger, database: Database, tmp_path: Path) -> None:
    """The message names those that are."""
    append_journal(ledger, year())
    with pytest.raises(ArchiveError, match="no journal of 75752000; there are: 75701000"):
        export_journal(database, "75752000", tmp_path / "exported")
    assert not (tmp_path / "exported").exists()


def _guards_off(session: Session) -> None:
    if session.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            session.execute(text(f"DROP TRIGGER journal_entry_{act}"))
    else:
        session.execute(text("ALTER TABLE journal_entry DISABLE TRIGGER ALL"))


CHANGES: dict[str, Callable[[Session], object]] = {
    "a body": lambda session: session.execute(
        text("UPDATE journal_entry SET body = (SELECT body FROM journal_entry WHERE entry = 1) WHERE entry = 2")
    ),
    "an entry gone": lambda session: session.execute(text("DELETE FROM journal_entry WHERE entry = 2")),
    "the end gone": lambda session: session.execute(text("DELETE FROM journal_entry WHERE entry = 3")),
    "the head": lambda session: session.execute(text("UPDATE journal_head SET hash = :hash"), {"hash": bytes(32)}),
    "a status": lambda session: session.execute(text("UPDATE application_status SET status = 'enrolled'")),
    "a version": lambda session: session.execute(text("UPDATE application_status SET version = 9 WHERE id = 'a'")),
    "a row gone": lambda session: session.execute(text("DELETE FROM application_status WHERE id = 'b'")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_behind_the_back_is_found(ledger: Ledger, database: Database, change: str) -> None:
    """Whoever can switch off what guards the tables still does not get past the verification."""
    append_journal(ledger, year())
    assert verify_journal(database, "75701000").findings == ()
    with database.writing() as session:
        _guards_off(session)
        CHANGES[change](session)
    assert verify_journal(database, "75701000").findings
