"""Holding a round: frozen, run and checked, approved by a second person, published; each step is one transaction.

Whatever is computed follows from the journal up to the entry it was frozen after; it is computed anew at each step
and compared with the digests that were kept, so that nobody can change anything between two steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import attrs
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from queue_engine.events import Event, RoundAnnulled
from queue_engine.facts import date_to_day
from queue_engine.replay import replay
from queue_engine.rounds import Frozen, Outcome, RoundError, freeze_digest, refuse_unsound, result_digest, run
from queue_engine.rounds.folder import freeze_lines
from queue_engine.rounds.issuing import FrozenState, freeze_state, freezing_event, publishing_events
from queue_engine.state import State
from service.enrolment import rounds_schemas as sent
from service.enrolment.desk import Asked, Desk, stamp, write
from service.enrolment.queues import Board
from service.enrolment.round_files import digest_of, files_of
from service.enrolment.rounds_reading import find_round, summary, summary_in
from service.enrolment.writing import Town
from service.models.rounds import Round, RoundFile
from service.problems import ConflictError, NotPossibleError, StaleError
from service.security.audit import now_ms
from service.security.rights import require
from service.security.roles import Subject

FREEZE = "freeze.jsonl"


@attrs.frozen(eq=False)
class Held:
    """A round as it follows from the journal.

    Args:
        state: what it was frozen from.
        held: what was frozen, with the queues.

    """

    state: State
    held: FrozenState

    @property
    def frozen(self) -> Frozen:
        """Return what the round is computed from."""
        return self.held.frozen


def freeze(desk: Desk, board: Board, asked: Asked, municipality: str, new: sent.NewRound) -> sent.RoundSummary:
    """Freeze a round from the state after the last entry, and record its digest in the journal.

    Raises:
        ConflictError: there is a round of this name.
        QueueEngineError: places, holders or orders cannot be used; holds every problem.
        StaleError: something was written meanwhile.

    """
    require(asked.actor, asked.audit.right, Subject(municipality))
    board.follower(municipality, new.service)
    with desk.database.asking() as session:
        if find_round(session, municipality, new.name) is not None:
            remedy = "give it another name, for example with the day"
            raise ConflictError(f"there is a round {new.name} already", remedy, "name")
    entry = desk.ledger.towns.head(municipality).entries
    held = held_at(desk, board, municipality, new.service, new.name, entry)

    def act(town: Town) -> Iterable[Event]:
        """Record the digest."""
        return [freezing_event(held.frozen, **stamp(town, asked.actor))]

    def beside(session: Session, _: tuple[Event, ...], __: tuple[int, ...]) -> None:
        """Keep the round and what it is computed from."""
        made = Round(
            municipality=municipality,
            service=new.service,
            name=new.name,
            state="frozen",
            entry=entry,
            freeze=freeze_digest(held.frozen),
            result="",
            figures=figures(held.frozen, None),
            prepared_by=asked.actor.account,
            approved_by=None,
            created_ms=now_ms(),
            published_ms=None,
            version=1,
        )
        session.add(made)
        session.flush()
        _store_files(session, made.id, {FREEZE: b"".join(freeze_lines(held.frozen))})

    write(desk, asked, municipality, act, "round", new.name, beside=beside, expected_entry=entry)
    return summary(desk.database, municipality, new.name)


def run_round(desk: Desk, board: Board, asked: Asked, municipality: str, name: str) -> sent.RoundSummary:
    """Run a round, check everything it must have, and keep its files.

    Raises:
        ConflictError: it is approved or published already.
        NotPossibleError: the result lacks a property it must have; nothing is kept.
        StaleError: another version is asked for.

    """
    service, entry = _at(desk, asked, municipality, name, {"frozen", "run"})
    held = held_at(desk, board, municipality, service, name, entry)
    outcome = run(held.frozen)
    with telling():
        refuse_unsound(held.frozen, outcome)
    files = files_of(held.frozen, outcome, held.held.queues, name)
    with desk.database.writing() as session:
        found = _changing(session, asked, municipality, name, {"frozen", "run"})
        _require_same(found.freeze, freeze_digest(held.frozen), name)
        _note(session, asked, found, state="run")
        found.result = result_digest(outcome, held.frozen)
        found.figures = figures(held.frozen, outcome)
        found.approved_by = None
        session.execute(delete(RoundFile).where(RoundFile.round == found.id))
        _store_files(session, found.id, files)
        session.flush()
        return summary_in(session, found)


def approve(desk: Desk, asked: Asked, municipality: str, name: str, given: sent.Approval) -> sent.RoundSummary:
    """Approve the result of a round: a second person has read it.

    Raises:
        ConflictError: who prepared it may not approve it, it was not run, or another result is named.

    """
    require(asked.actor, asked.audit.right, Subject(municipality))
    with desk.database.writing() as session:
        found = _changing(session, asked, municipality, name, {"run"})
        if found.prepared_by == asked.actor.account:
            detail = "who has prepared a round does not approve it"
            raise ConflictError(detail, "let another member of the commission read and approve it")
        if found.result != given.result:
            detail = "the result that is approved is not the one that came out last"
            raise ConflictError(detail, "read the round again", "result")
        _note(session, asked, found, state="approved")
        found.approved_by = asked.actor.account
        session.flush()
        return summary_in(session, found)


def publish(
    desk: Desk, board: Board, asked: Asked, municipality: str, name: str, given: sent.Publication
) -> sent.Offers:
    """Publish an approved round: its digests and all offers go into the journal together, or nothing does.

    Raises:
        ConflictError: it was not approved.
        StaleError: something was written meanwhile.

    """
    service, entry = _at(desk, asked, municipality, name, {"approved"})
    held = held_at(desk, board, municipality, service, name, entry)
    outcome = run(held.frozen)
    now = desk.ledger.towns.head(municipality).entries
    with board.follower(municipality, service).following() as (live, _):
        state = live.folding.state()
    if state.entry != now:
        raise StaleError("something was written meanwhile", "publish it again")
    left: tuple[str, ...] = ()
    offered = 0

    def act(town: Town) -> Iterable[Event]:
        """Publish the round, and offer its places."""
        nonlocal left, offered
        events, left = publishing_events(
            state, held.frozen, outcome, deadline=date_to_day(given.deadline), **stamp(town, asked.actor)
        )
        offered = sum(event.kind == "offered" for event in events)
        return events

    def beside(session: Session, _: tuple[Event, ...], __: tuple[int, ...]) -> None:
        """Keep that it is published, if it is still the result that was approved."""
        found = _changing(session, asked, municipality, name, {"approved"})
        _require_same(found.result, result_digest(outcome, held.frozen), name)
        found.state, found.published_ms, found.version = "published", now_ms(), found.version + 1

    keyless = attrs.evolve(asked, key="")  # the events of a round have keys of their own
    write(desk, keyless, municipality, act, "round", name, beside=beside, expected_entry=now)
    return sent.Offers(round=summary(desk.database, municipality, name), offered=offered, left=list(left))


def annul(desk: Desk, asked: Asked, municipality: str, name: str, why: sent.Annulment) -> sent.RoundSummary:
    """Annul a round that is not published; the journal keeps why.

    Raises:
        ConflictError: it is published: its offers are withdrawn one by one, each with its reason.

    """
    _at(desk, asked, municipality, name, {"frozen", "run", "approved"})

    def act(town: Town) -> Iterable[Event]:
        """Record it."""
        return [RoundAnnulled(name, why.reason, why.basis, **stamp(town, asked.actor))]

    def beside(session: Session, _: tuple[Event, ...], __: tuple[int, ...]) -> None:
        """Keep it."""
        found = _changing(session, asked, municipality, name, {"frozen", "run", "approved"})
        found.state, found.version = "annulled", found.version + 1

    write(desk, asked, municipality, act, "round", name, beside=beside)
    return summary(desk.database, municipality, name)


def held_at(desk: Desk, board: Board, municipality: str, service: str, name: str, entry: int) -> Held:
    """Return a round as it follows from the journal up to an entry.

    Complexity: that of reading the journal and of ordering the queues.
    """
    state = state_at(desk, board, municipality, entry)
    with telling():
        return Held(state, freeze_state(state, name, service))


def state_at(desk: Desk, board: Board, municipality: str, entry: int) -> State:
    """Return a municipality as it stood after an entry.  Complexity: that of reading the journal up to it."""
    town = desk.ledger.towns.reach(municipality, entry)
    with town.lock:
        return replay(town.journal, board.followers.rules, entry)


@contextmanager
def telling() -> Iterator[None]:
    """Turn what the engine refuses into an answer with every problem."""
    try:
        yield
    except RoundError as error:
        raise NotPossibleError(error.problems) from error


def figures(frozen: Frozen, outcome: Outcome | None) -> dict[str, int]:
    """Return a round in numbers."""
    placed = list(outcome.placed.values()) if outcome else []
    return {
        "applicants": len(frozen.applicants),
        "programmes": len(frozen.programmes),
        "seats": sum(each.seats for each in frozen.programmes),
        "placed": len(placed),
        "first_wish": sum(each.wish == 1 for each in placed),
        "not_placed": len(frozen.applicants) - len(placed) if outcome else 0,
        "left_free": sum(each.free for each in outcome.cutoffs.values()) if outcome else 0,
    }


def _at(desk: Desk, asked: Asked, municipality: str, name: str, states: set[str]) -> tuple[str, int]:
    """Return the service of a round and the entry it was frozen after, if it is in one of some states."""
    require(asked.actor, asked.audit.right, Subject(municipality))
    with desk.database.asking() as session:
        found = _changing(session, asked, municipality, name, states, lock=False)
        return found.service, found.entry


def _changing(
    session: Session, asked: Asked, municipality: str, name: str, states: set[str], *, lock: bool = True
) -> Round:
    """Return a round that may be changed now, locked.

    Raises:
        MissingError: there is none of that name.
        ConflictError: it is in another state.
        StaleError: it has another version.

    """
    found = find_round(session, municipality, name, lock=lock)
    require(asked.actor, asked.audit.right, None if found is None else Subject(municipality))
    assert found is not None, "an absent round was refused"
    if found.state not in states:
        wanted = " or ".join(sorted(states))
        raise ConflictError(f"the round is {found.state}; this needs one that is {wanted}", "read the round again")
    if found.version != asked.required_version():
        detail = f"the round was expected at version {asked.version}; it is at {found.version}"
        raise StaleError(detail, "read the round again, and decide again")
    return found


def _note(session: Session, asked: Asked, found: Round, *, state: str) -> None:
    """Change the state of a round, and leave the record of it."""
    asked.audit.write(
        session, "round", found.name, {"state": found.state}, {"state": state}, municipality=found.municipality
    )
    found.state, found.version = state, found.version + 1


def _require_same(kept: str, computed: str, name: str) -> None:
    if kept != computed:
        detail = f"round {name} computed anew from the journal is not the one that was kept"
        raise ConflictError(detail, "annul it, and find out with queue-service verify what was changed")


def _store_files(session: Session, number: int, files: Mapping[str, bytes]) -> None:
    rows = [
        {"round": number, "name": name, "content": content, "sha256": digest_of(content)}
        for name, content in files.items()
    ]
    session.execute(insert(RoundFile), rows)
