"""Journals in files: written from the database byte by byte, read back into it, and checked against it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_engine import Journal, JournalError, Problem, QueueEngineError, read_journal
from queue_engine.events import Event
from service.db import Database
from service.enrolment.projections import Row, rows_by_replay, rows_stored
from service.enrolment.towns import Head, read_head
from service.enrolment.writing import Ledger
from service.models import JournalEntry, JournalHead

_IN_A_CHUNK = 5_000
_SHOWN = 20


class ArchiveError(Exception):
    """A journal cannot be written or read; the message says what to do."""


@attrs.frozen
class Verified:
    """What came out of checking a journal.

    Args:
        municipality: whose.
        entries: how many there are.
        head: the hash of the last one, in hexadecimal digits.
        findings: what is wrong, in words; () = nothing.

    """

    municipality: str
    entries: int
    head: str
    findings: tuple[str, ...]


def municipalities(session: Session) -> list[str]:
    """Return whose journals are stored."""
    wanted = select(JournalHead.municipality).where(JournalHead.entries > 0).order_by(JournalHead.municipality)
    return list(session.scalars(wanted))


def export_journal(database: Database, municipality: str, path: Path) -> int:
    """Write a journal to a file as the engine writes it, and return the number of entries.

    Raises:
        ArchiveError: there is no such journal.

    """
    with database.reading() as session:
        if read_head(session, municipality).entries == 0:
            known = ", ".join(municipalities(session)) or "none"
            raise ArchiveError(f"there is no journal of {municipality}; there are: {known}")
        return _write(session, municipality, path)


def import_journal(ledger: Ledger, path: Path) -> tuple[str, int]:
    """Write the entries of a file that are not there yet, and return whose journal it is and how many there were.

    Raises:
        JournalError: the file cannot be used.
        ArchiveError: the database has other entries, or the file ends in the middle of one.

    """
    journal = read_journal(path)
    if journal.problems:
        raise JournalError(journal.problems)
    head = ledger.towns.head(journal.municipality)
    shorter = min(head.entries, len(journal))
    if head.entries > len(journal) or journal.hash_of(shorter) != head.hash:
        message = f"the database has other entries of {journal.municipality} than {path}"
        raise ArchiveError(f"{message}; import into an empty one, and compare the two")
    return journal.municipality, append_journal(ledger, journal, after=head.entries)


def append_journal(ledger: Ledger, journal: Journal, after: int = 0) -> int:
    """Write the entries of a journal after one, all or none, and return how many.

    Raises:
        StaleError: somebody else has written meanwhile.

    """
    events: list[Event] = [journal.event(entry) for entry in range(after + 1, len(journal) + 1)]
    if events:
        ledger.append(journal.municipality, events, expected_entry=after)
    return len(events)


def verify_journal(database: Database, municipality: str) -> Verified:
    """Check a journal from its first entry on: its chain, its end, and that what is kept beside it follows from it.

    Complexity: that of reading the journal.
    """
    with database.reading() as session, tempfile.TemporaryDirectory() as folder:
        head = read_head(session, municipality)
        path = Path(folder, "journal")
        _write(session, municipality, path)
        try:
            journal = read_journal(path, municipality)
        except QueueEngineError as error:
            findings = tuple(_without_file(problem) for problem in error.problems)
            return Verified(municipality, head.entries, head.hash.hex(), findings)
        rows = {row.id: row for row in rows_stored(session, municipality)}
    findings = (*_end(journal, head), *_differences(rows_by_replay(journal), rows))
    return Verified(municipality, len(journal), journal.head.hex(), findings)


def _write(session: Session, municipality: str, path: Path) -> int:
    count = 0
    with path.open("wb") as file:
        for line in _lines(session, municipality):
            file.write(line)
            count += 1
    return count


def _lines(session: Session, municipality: str) -> Iterator[bytes]:
    found = session.execute(
        select(JournalEntry.hash, JournalEntry.body)
        .where(JournalEntry.municipality == municipality)
        .order_by(JournalEntry.entry)
        .execution_options(yield_per=_IN_A_CHUNK)
    )
    for line_hash, body in found:
        yield b"%b %b\n" % (bytes(line_hash).hex().encode(), bytes(body))


def _without_file(problem: Problem) -> str:
    """Return a problem with the number of its entry, without the file that was made only to be read."""
    remedy = f"; {problem.remedy}" if problem.remedy else ""
    return f"entry {problem.place.line}: {problem.code}: {problem.message}{remedy}"


def _end(journal: Journal, head: Head) -> Iterator[str]:
    if (len(journal), journal.head) != (head.entries, head.hash):
        yield f"the journal ends with entry {len(journal)}, {journal.head.hex()}, its head says {head.entries}"


def _differences(expected: dict[str, Row], found: dict[str, Row]) -> Iterable[str]:
    """Return which rows are not as they follow from the journal."""
    wrong = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
    for name in wrong[:_SHOWN]:
        yield f"application {name}: stored {_told(found.get(name))}, by the journal {_told(expected.get(name))}"
    if len(wrong) > _SHOWN:
        yield f"and {len(wrong) - _SHOWN} applications more"


def _told(row: Row | None) -> str:
    return "nothing" if row is None else f"{row.service} {row.number} {row.status}, entry {row.version}"
