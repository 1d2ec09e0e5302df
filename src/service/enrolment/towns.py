"""The journals of municipalities in memory, one a process, kept up with what all processes have written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, RLock

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_engine.canonical import JournalError, decode
from queue_engine.events import Event, Filed, event_of
from queue_engine.journal import START, Journal
from service.db import Database
from service.enrolment.projections import Row, concerned, row_of
from service.models import JournalEntry, JournalHead

_IN_A_CHUNK = 5_000


class DamagedJournalError(Exception):
    """What is stored of a journal is not what was written; the message says where and what to do."""


@attrs.frozen
class Head:
    """The end of a journal: the number and the hash of its last entry."""

    entries: int
    hash: bytes


NOTHING = Head(0, START)


@attrs.define(eq=False)
class Town:
    """A municipality: its journal, and what is asked of it when somebody writes.

    Whoever changes it holds `lock`. Entries up to `settled` are stored for good and may be read without it.

    Args:
        municipality: its number.

    """

    municipality: str
    journal: Journal = attrs.field(init=False)
    lock: RLock = attrs.field(factory=RLock, init=False)
    settled: int = attrs.field(default=0, init=False)
    versions: dict[str, int] = attrs.field(factory=dict, init=False)
    numbers: dict[str, int] = attrs.field(factory=dict, init=False)
    _last_numbers: dict[str, int] = attrs.field(factory=dict, init=False)
    _before: dict[str, int] | None = attrs.field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        """Begin with an empty journal.

        Raises:
            JournalError: the name of the municipality cannot stand in a journal.

        """
        self.journal = Journal(self.municipality)

    def next_number(self, service: str) -> int:
        """Return the number the next application for a service gets: one more than the last."""
        return self._last_numbers.get(service, 0) + 1

    def version_of(self, application: str) -> int:
        """Return the last entry that concerns an application; 0 = there is none of that id."""
        return self.versions.get(application, 0)

    def add(self, events: list[Event]) -> list[int]:
        """Add events to the journal and return their numbers; one that is sent again has the number it had.

        Raises:
            JournalError: some cannot follow; then none is added.

        """
        before = len(self.journal)
        entries = self.journal.append_many(events)
        for entry in range(before + 1, len(self.journal) + 1):
            event = self.journal.event(entry)
            for name in concerned(event):
                if self._before is not None:
                    self._before.setdefault(name, self.versions.get(name, 0))
                self.versions[name] = entry
            if isinstance(event, Filed):
                self.numbers[event.application] = event.number
                last = self._last_numbers.get(event.service, 0)
                self._last_numbers[event.service] = max(last, event.number)
        return entries

    @contextmanager
    def provisional(self) -> Iterator[None]:
        """Take back what is added inside if that ends in an exception."""
        outer, self._before = self._before, {}
        last_numbers = dict(self._last_numbers)
        try:
            with self.journal.provisional():
                yield
        except BaseException:
            for name, version in self._before.items():
                if version:
                    self.versions[name] = version
                else:
                    del self.versions[name], self.numbers[name]
            self._last_numbers, self._before = last_numbers, outer
            raise
        if outer is not None:
            self._before = {**self._before, **outer}
        else:
            self._before, self.settled = None, len(self.journal)

    def rows(self, after: int) -> list[Row]:
        """Return the applications that entries after a number concern, as they stand now."""
        entries = range(after + 1, len(self.journal) + 1)
        names = dict.fromkeys(name for entry in entries for name in concerned(self.journal.event(entry)))
        return [row_of(self.journal.life, name, self.numbers[name], self.versions[name]) for name in names]

    def take(self, session: Session, head: Head) -> None:
        """Add what others have written since, up to a head.

        Raises:
            DamagedJournalError: it is not what was written.

        """
        wanted = (
            select(JournalEntry.body)
            .where(
                JournalEntry.municipality == self.municipality,
                JournalEntry.entry > len(self.journal),
                JournalEntry.entry <= head.entries,
            )
            .order_by(JournalEntry.entry)
            .execution_options(yield_per=_IN_A_CHUNK)
        )
        if head.entries > len(self.journal):
            for bodies in session.scalars(wanted).partitions():
                try:
                    self.add([event_of(decode(body)) for body in bodies])
                except JournalError as error:
                    raise self._damaged() from error
        if (len(self.journal), self.journal.head) != (head.entries, head.hash):
            raise self._damaged()
        if self._before is None:
            self.settled = len(self.journal)

    def _damaged(self) -> DamagedJournalError:
        message = f"what is stored of the journal {self.municipality} does not give the hash it is stored with"
        return DamagedJournalError(f"{message}; run: queue-service verify, and restore it from a copy")


@attrs.define(eq=False)
class Towns:
    """The municipalities this process has to do with.

    Args:
        database: where they are stored.

    """

    database: Database
    _towns: dict[str, Town] = attrs.field(factory=dict, init=False)
    _lock: Lock = attrs.field(factory=Lock, init=False)

    def __getitem__(self, municipality: str) -> Town:
        """Return a municipality, known so far as it was asked for."""
        with self._lock:
            if municipality not in self._towns:
                self._towns[municipality] = Town(municipality)
            return self._towns[municipality]

    def head(self, municipality: str) -> Head:
        """Return the end of a journal as it is stored now.  Complexity: one row by its key."""
        with self.database.asking() as session:
            return read_head(session, municipality)

    def reach(self, municipality: str, entry: int) -> Town:
        """Return a municipality whose entries are settled at least up to one that is stored.

        Raises:
            DamagedJournalError: what is stored is not what was written.

        """
        town = self[municipality]
        if town.settled < entry:
            with town.lock, self.database.reading() as session:
                town.take(session, read_head(session, municipality))
        return town


def read_head(session: Session, municipality: str, *, lock: bool = False) -> Head:
    """Return the end of a journal; where there is none, that of an empty one.

    Args:
        session: from the database.
        municipality: whose.
        lock: so that nobody else can write until the session ends; SQLite has locked everything already.

    """
    wanted = select(JournalHead.entries, JournalHead.hash).where(JournalHead.municipality == municipality)
    row = session.execute(wanted.with_for_update() if lock else wanted).one_or_none()
    return NOTHING if row is None else Head(row.entries, bytes(row.hash))
