"""The one way into a journal: requests wait in a line, and one thread writes those that wait in one transaction.

Nothing is acknowledged before its transaction is committed. On SQLite one writer is all there can be; on
PostgreSQL several processes take turns by locking the heads of the journals they write to.
"""

from __future__ import annotations

import queue
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from threading import Lock, Thread

import attrs
from sqlalchemy.exc import DBAPIError, IntegrityError

from queue_engine.events import Event
from queue_engine.events.shapes import is_name
from service.enrolment.batch import Act, Beside, Outcome, Request, Written, write_together
from service.enrolment.towns import Town, Towns
from service.problems import AlreadyAppliedError, ClosedError, RequestError

__all__ = ["Act", "Beside", "Ledger", "Request", "Town", "Towns", "Written"]

MOST_TOGETHER = 256
"""How many requests share a transaction at most."""
KEY_LONGEST = 120
_ONE_CHILD = ("uq_application_status_child_service", "application_status.child, application_status.service")


@attrs.define(eq=False)
class Ledger:
    """Writes into journals; may be used by many threads.

    Args:
        towns: the municipalities.

    """

    towns: Towns
    _waiting: queue.SimpleQueue[tuple[Request, Future[Written]] | None] = attrs.field(
        factory=queue.SimpleQueue, init=False
    )
    _writer: Thread | None = attrs.field(default=None, init=False)
    _closed: bool = attrs.field(default=False, init=False)
    _lock: Lock = attrs.field(factory=Lock, init=False)

    def append(
        self,
        municipality: str,
        events: Iterable[Event] | Act,
        *,
        key: str = "",
        asked: bytes = b"",
        expected_entry: int | None = None,
        versions: Mapping[str, int] | None = None,
        children: Mapping[str, str] | None = None,
        beside: Beside | None = None,
    ) -> Written:
        """Write events, all or none, and return their entries once they are committed.

        Args:
            municipality: in whose journal.
            events: the events, or what makes them of the municipality as it stands when they are written; that gives
                the next number without a gap, and must not wait for anything.
            key: a request sent again with the same key is not written again; its first entries are returned.
            asked: a digest of what was sent with the key.
            expected_entry: refuse unless this is the last entry of the journal.
            versions: refuse unless these are the last entries that concern these applications.
            children: a reference of the child of each application that is filed: a keyed hash, no name and no number;
                "" stands for the one application whose id is not known yet.
            beside: stores what belongs to the events in the same transaction; what it refuses is not written.

        Raises:
            NotPossibleError: the events cannot follow what has happened; holds every problem.
            StaleError: something has changed since it was read.
            AlreadyAppliedError: a child would have two active applications for one service.
            ReusedKeyError: the key was sent with another request.
            ClosedError: the service is being stopped.
            DBAPIError: the database does not answer; whether it was written is learnt by the same key again.

        """
        act: Act = events if callable(events) else _giving(tuple(events))
        request = Request(municipality, act, key, asked, expected_entry, versions or {}, children or {}, beside)
        return self.submit(request).result()

    def submit(self, request: Request) -> Future[Written]:
        """Put a request into the line; the future tells what became of it.

        Raises:
            RequestError: the key cannot stand in a journal.
            ClosedError: the service is being stopped.

        """
        if request.key and (len(request.key) > KEY_LONGEST or not is_name(request.key)):
            detail = f"a key has 1 to {KEY_LONGEST} of A-Z, a-z, 0-9 and _ . : / @ -"
            raise RequestError(detail, "send a UUID", "Idempotency-Key")
        answer: Future[Written] = Future()
        with self._lock:
            if self._closed:
                raise ClosedError("nothing is written any more", "send it again in a minute, with the same key")
            if self._writer is None:
                self._writer = Thread(target=self._write, name="writer", daemon=True)
                self._writer.start()
            self._waiting.put((request, answer))
        return answer

    def close(self) -> None:
        """Write what waits, and take nothing more."""
        with self._lock:
            closed, self._closed = self._closed, True
        if self._writer is not None:
            if not closed:
                self._waiting.put(None)
            self._writer.join()

    def _write(self) -> None:
        """Write until closed: whatever waits while one transaction is committed goes into the next."""
        going = True
        while going:
            taken = [self._waiting.get()]
            while taken[-1] is not None and len(taken) < MOST_TOGETHER and not self._waiting.empty():
                taken.append(self._waiting.get())
            going = taken[-1] is not None
            waiting = [each for each in taken if each is not None]
            if waiting:
                outcomes = self._outcomes([request for request, _ in waiting])
                for (_, answer), outcome in zip(waiting, outcomes, strict=True):
                    if isinstance(outcome, Written):
                        answer.set_result(outcome)
                    else:
                        answer.set_exception(outcome)

    def _outcomes(self, requests: list[Request]) -> list[Outcome]:
        """Write requests together; where the database refuses one of them, each by itself."""
        try:
            return write_together(self.towns, requests)
        except (IntegrityError, RequestError) as error:
            if len(requests) == 1:
                return [_second_application(error) if isinstance(error, IntegrityError) else error]
        except Exception as error:  # noqa: BLE001 - whoever waits is told, and the next may be written
            return [error] * len(requests)
        return [outcome for request in requests for outcome in self._outcomes([request])]


def _giving(events: tuple[Event, ...]) -> Act:
    return lambda _: events


def _second_application(error: DBAPIError) -> Exception:
    """Return what whoever asked is told of rows that the database refused."""
    if any(name in str(error.orig) for name in _ONE_CHILD):
        detail = "this child has an active application for this service"
        return AlreadyAppliedError(detail, "withdraw that one first, or change it instead", "child")
    return error
