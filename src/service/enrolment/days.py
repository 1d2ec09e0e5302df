"""A new day: it is recorded in every journal, with all that it alone makes due: ages, papers, deadlines, places."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from threading import Event as Signal
from threading import Thread

import attrs

from queue_engine import QueueEngineError
from queue_engine.deadlines import interim_over, overdue, returning
from queue_engine.due import due_events
from queue_engine.events import DayAdvanced, Event
from queue_engine.facts import date_to_day
from queue_engine.state import State
from service.enrolment.desk import Desk
from service.enrolment.queues import Board
from service.enrolment.writing import Town
from service.problems import StaleError
from service.security.audit import now_ms

_LOG = logging.getLogger("service")
_TRIES = 5
_LOOK_EVERY_S = 30.0


def advance(desk: Desk, board: Board, municipality: str, today: date) -> int:
    """Record that a day has begun, with what it makes due; return the number of events, 0 when it had begun before.

    Days on which nothing was running are passed in one step: what fell due on them falls due now.

    Args:
        desk: writes.
        board: knows the state.
        municipality: whose journal.
        today: the day that has begun.

    Raises:
        StaleError: others wrote at every try.
        QueueEngineError: the rules are not in force on that day, or a named date is missing.

    Complexity: that of `due_events` for each service.

    """
    for _ in range(_TRIES):
        entry = desk.ledger.towns.head(municipality).entries
        events = _events_of(board, municipality, today)
        if not events:
            return 0

        def act(town: Town, events: list[Event] = events) -> Iterable[Event]:
            """Record them, no earlier than what is there."""
            last = town.journal.times[-1] if len(town.journal) else 0
            return [attrs.evolve(event, at=max(event.at, last)) for event in events]

        try:
            return len(desk.ledger.append(municipality, act, expected_entry=entry).entries)
        except StaleError:
            continue
    raise StaleError(f"others wrote into the journal of {municipality} at every try", "it is tried again by itself")


def _events_of(board: Board, municipality: str, today: date) -> list[Event]:
    """Return what the day makes due, service by service."""
    day = date_to_day(today)
    found: list[Event] = []
    state: State | None = None
    for service in board.services(municipality):
        with board.follower(municipality, service).following() as (live, _):
            state = live.folding.state()
            ruled = live.rules is not None
        if state.day is None or state.day >= day:
            return []
        if ruled:
            found += due_events(state, today, state.rule_set(service), state.dates(service), service)
    if state is None:
        return []
    begun = attrs.evolve(state, day=day)
    found += [*overdue(begun), *returning(begun), *interim_over(begun)]
    return [DayAdvanced(day, at=max(state.at, now_ms()), actor="system", key=f"day/{today}"), *found]


@attrs.define(eq=False)
class DayClock:
    """Records each new day while the service runs; several processes may, one of them succeeds.

    Args:
        desk: writes.
        board: knows the state.
        now: the time, in UTC.

    """

    desk: Desk
    board: Board
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _stopped: Signal = attrs.field(factory=Signal, init=False)
    _thread: Thread | None = attrs.field(default=None, init=False)

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._thread = Thread(target=self._run, name="days", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End; a day that is being recorded is recorded as a whole, or not at all."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(_LOOK_EVERY_S)

    def today(self) -> date:
        """Return the civil day of the municipalities."""
        offset = timedelta(minutes=self.desk.vocabulary.utc_offset_minutes)
        return (self.now() + offset).date()

    def tick(self) -> dict[str, int]:
        """Record the day where it has begun, and return how many events each municipality got."""
        today = self.today()
        found = {}
        for municipality in self.board.municipalities():
            if self._stopped.is_set():
                break
            try:
                found[municipality] = advance(self.desk, self.board, municipality, today)
            except (QueueEngineError, StaleError):
                _LOG.exception("the day %s could not be recorded in the journal of %s", today, municipality)
        return found

    def _run(self) -> None:
        """Look whether a day has begun, until stopped."""
        done: date | None = None
        while not self._stopped.is_set():
            if self.today() != done:
                try:
                    self.tick()
                    done = self.today()
                except Exception:  # noqa: BLE001 - whatever it is, it is logged, and the next look may succeed
                    _LOG.exception("days could not be recorded; it is tried again")
            self._stopped.wait(_LOOK_EVERY_S)
