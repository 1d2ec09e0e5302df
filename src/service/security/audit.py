"""The record of what was done and read: written before the answer is given, and refused answers leave none.

Reads of many people wait in a line, and one thread writes those that wait in one transaction.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Any

import attrs
from sqlalchemy import insert
from sqlalchemy.orm import Session

from service.db import Database
from service.models.access import AuditEntry
from service.problems import ClosedError
from service.security.roles import Actor

__all__ = ["Audit", "AuditLine", "entry_of", "now_ms"]

_MOST_TOGETHER = 256


def now_ms() -> int:
    """Return the time in milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


def entry_of(
    actor: Actor,
    right: str,
    kind: str,
    ids: Iterable[str],
    *,
    persons: Iterable[str] = (),
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    municipality: str = "",
) -> dict[str, Any]:
    """Return the row of an entry: who did what to which things, about which people."""
    named = list(dict.fromkeys(ids))
    return {
        "at_ms": now_ms(),
        "account": actor.account,
        "role": str(actor.role),
        "municipality": municipality or actor.municipality,
        "right": right,
        "kind": kind,
        "subject": named[0] if len(named) == 1 else "",
        "ids": named,
        "persons": sorted(set(persons)),
        "before": None if before is None else dict(before),
        "after": None if after is None else dict(after),
    }


@attrs.define(eq=False)
class AuditLine:
    """Writes entries of reads; may be used by many threads.

    Args:
        database: where they are stored.

    """

    database: Database
    _waiting: queue.SimpleQueue[tuple[dict[str, Any], Future[None]] | None] = attrs.field(
        factory=queue.SimpleQueue, init=False
    )
    _writer: Thread | None = attrs.field(default=None, init=False)
    _closed: bool = attrs.field(default=False, init=False)
    _lock: Lock = attrs.field(factory=Lock, init=False)

    def write(self, entry: dict[str, Any]) -> None:
        """Return when an entry is stored.

        Raises:
            ClosedError: the service is being stopped.
            DBAPIError: it could not be stored, so that what it is about must not be answered.

        """
        stored: Future[None] = Future()
        with self._lock:
            if self._closed:
                raise ClosedError("nothing is answered any more", "ask again in a minute")
            if self._writer is None:
                self._writer = Thread(target=self._write, name="audit", daemon=True)
                self._writer.start()
            self._waiting.put((entry, stored))
        stored.result()

    def close(self) -> None:
        """Write what waits, and take nothing more."""
        with self._lock:
            closed, self._closed = self._closed, True
        if self._writer is not None:
            if not closed:
                self._waiting.put(None)
            self._writer.join()

    def _write(self) -> None:
        going = True
        while going:
            taken = [self._waiting.get()]
            while taken[-1] is not None and len(taken) < _MOST_TOGETHER and not self._waiting.empty():
                taken.append(self._waiting.get())
            going = taken[-1] is not None
            waiting = [each for each in taken if each is not None]
            if not waiting:
                continue
            try:
                with self.database.writing() as session:
                    session.execute(insert(AuditEntry), [entry for entry, _ in waiting])
            except Exception as error:  # noqa: BLE001 - whoever waits is told, and the next may be written
                for _, stored in waiting:
                    stored.set_exception(error)
            else:
                for _, stored in waiting:
                    stored.set_result(None)


@attrs.define(eq=False)
class Audit:
    """What one request leaves in the record.

    Args:
        line: what writes the reads.
        actor: who asks.
        right: the right that is used.

    """

    line: AuditLine
    actor: Actor
    right: str
    left: bool = attrs.field(default=False, init=False)
    """Whether anything was left; an answer of an audited right that has left nothing is not given."""

    def read(self, kind: str, ids: Iterable[str], persons: Iterable[str] = (), municipality: str = "") -> None:
        """Record that personal data was read, before it is answered.

        Args:
            kind: of what: the name of a table or resource.
            ids: which of them.
            persons: ids of the people they are about.
            municipality: where they belong; "" = where the actor does.

        Raises:
            ClosedError: the service is being stopped.
            DBAPIError: it could not be stored.

        """
        entry = entry_of(self.actor, self.right, kind, ids, persons=persons, municipality=municipality)
        self.line.write(entry)
        self.left = True

    def write(
        self,
        session: Session,
        kind: str,
        id: str,  # noqa: A002 - the name it has everywhere
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any] | None,
        *,
        persons: Iterable[str] = (),
        municipality: str = "",
    ) -> None:
        """Record a change in the transaction that makes it: the columns before and after it."""
        entry = entry_of(
            self.actor,
            self.right,
            kind,
            [id],
            persons=persons,
            before=before,
            after=after,
            municipality=municipality,
        )
        session.execute(insert(AuditEntry), [entry])
        self.left = True
