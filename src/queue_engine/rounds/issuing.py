"""Rounds and the journal: a round is frozen from a state, and becomes offers, all of them or none.

A next round is frozen from the state after the answers: whoever declined or did not answer stands in no queue until
they are restored, and what they were offered is free again. Nothing of a round is kept anywhere else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from queue_engine.events import (
    Event,
    InterimPlaced,
    Offered,
    OfferWithdrawn,
    ProgrammeClosed,
    RoundFrozen,
    RoundPublished,
    Status,
    Wish,
    WishesChanged,
)
from queue_engine.events.shapes import NAME
from queue_engine.events.statuses import PLACED
from queue_engine.facts import day_to_date
from queue_engine.journal import Journal
from queue_engine.ordering import order
from queue_engine.queue import Queues
from queue_engine.rounds.checking import refuse_unsound
from queue_engine.rounds.folder import freeze_digest, result_digest
from queue_engine.rounds.freezing import Calling, freeze
from queue_engine.rounds.model import OTHERS, Frozen, Outcome
from queue_engine.rounds.others import Neighbour, others_queues
from queue_engine.rounds.places import PlacesRow
from queue_engine.state import State

_TAKEN = "{count} offered, accepted or given by orders already"


@attrs.frozen(eq=False)
class FrozenState:
    """A round frozen from a state, with the queues it was frozen from."""

    frozen: Frozen
    queues: Queues


@attrs.frozen
class Issued:
    """What a published round became.

    Args:
        entries: the entries of the journal.
        left: who got a place and stood in no queue any more when the round was published; nothing was offered to them.

    """

    entries: tuple[int, ...]
    left: tuple[str, ...] = ()


def places_left(state: State, service: str = "") -> tuple[PlacesRow, ...]:
    """Return the places of every open programme of a service: its capacity, less what is offered or given already.

    The capacity counts every place that may be given, those included that transfers hold from before this journal. A
    place that an enrolled child leaves comes back by `capacity_set`, with its reason.

    Args:
        state: from `replay`.
        service: of which service.

    Complexity: linear in the applications.

    """
    rows = []
    for programme in state.open_programmes(service):
        declared = programme.capacity or 0
        taken = state.seats_taken(programme.id)
        count = min(taken.total + taken.interim, declared)
        rows.append(PlacesRow(programme.id, declared, count, _TAKEN.format(count=count) if count else ""))
    return tuple(rows)


def freeze_state(
    state: State,
    name: str,
    service: str = "",
    *,
    places: Iterable[PlacesRow] | None = None,
    bundles: Mapping[str, str] | None = None,
    neighbours: Iterable[Neighbour] = (),
) -> FrozenState:
    """Return a round frozen from a state, by the rules published last.

    Args:
        state: from `replay`, with the rule files given.
        name: what the round is called.
        service: of which service.
        places: of the programmes; None = `places_left`.
        bundles: who goes with whom or to the next wish: follower → leader.
        neighbours: what may be offered besides wishes.

    Raises:
        JournalError: no rules were published, or no day has begun.
        RoundError: places, holders or bundles cannot be used.

    Complexity: that of ordering the queues.

    """
    rule_set, dates = state.rule_set(service), state.dates(service)
    day = 0 if state.day is None else state.day
    queues = order(state.tables(rule_set.vocabulary, service), rule_set, day_to_date(day), dates)
    others = others_queues(queues, neighbours, rule_set, day_to_date(day), dates)
    rows = places_left(state, service) if places is None else tuple(places)
    calling = Calling(name, day, rule_set, service)
    return FrozenState(freeze(queues, rows, calling, bundles=bundles, others=others), queues)


def record_frozen(journal: Journal, frozen: Frozen, *, at: int, actor: str) -> int:
    """Add to the journal that a round was frozen, and return the entry: from here on nobody can change what it is of.

    Raises:
        JournalError: there was a round of that name.

    """
    return journal.append(freezing_event(frozen, at=at, actor=actor))


def freezing_event(frozen: Frozen, *, at: int, actor: str) -> RoundFrozen:
    """Return the event that says a round was frozen."""
    return RoundFrozen(
        frozen.round,
        frozen.on,
        freeze_digest(frozen),
        len(frozen.programmes),
        len(frozen.applicants),
        service=frozen.service,
        at=at,
        actor=actor,
        key=_key(frozen, "frozen"),
    )


def publish(
    journal: Journal, state: State, frozen: Frozen, outcome: Outcome, *, deadline: int, at: int, actor: str
) -> Issued:
    """Check a round, and add it to the journal with all its offers; either all of it, or nothing.

    Args:
        journal: where it was frozen.
        state: of the journal as it is now.
        frozen: what the round was computed from.
        outcome: what came out.
        deadline: until which day families may answer.
        at: when, in milliseconds since 1970 UTC.
        actor: who.

    Raises:
        RoundError: the round does not have a property it must have.
        JournalError: it was not frozen as it is, or was published before; nothing is added.

    Complexity: that of `check_round` and of writing the events.
    Source: statute 2.2.5; domain rules of transfers and of offers as in the README.

    """
    events, left = publishing_events(state, frozen, outcome, deadline=deadline, at=at, actor=actor)
    return Issued(tuple(journal.append_many(events)), left)


def publishing_events(
    state: State, frozen: Frozen, outcome: Outcome, *, deadline: int, at: int, actor: str
) -> tuple[list[Event], tuple[str, ...]]:
    """Check a round, and return the events that publish it, and who has left since it was frozen; see `publish`.

    Raises:
        RoundError: the round does not have a property it must have.

    """
    refuse_unsound(frozen, outcome)
    left = tuple(
        name
        for name in outcome.placed
        if (application := state.applications.get(name)) is None or application.status is not Status.REGISTERED
    )
    events: list[Event] = [
        RoundPublished(
            frozen.round,
            freeze_digest(frozen),
            result_digest(outcome, frozen),
            service=frozen.service,
            at=at,
            actor=actor,
            key=_key(frozen, "published"),
        )
    ]
    events += _offers(state, frozen, outcome, frozenset(left), deadline, at, actor)
    return events, left


def _offers(  # noqa: PLR0917 - those of `publish`
    state: State, frozen: Frozen, outcome: Outcome, gone: frozenset[str], deadline: int, at: int, actor: str
) -> Iterator[Event]:
    """Yield what is offered to whom, in the order of the applicants; who keeps a place is offered nothing."""
    by: Any = {"at": at, "actor": actor}
    for name, placed in outcome.placed.items():
        if name in gone or frozen.held.get(name) == placed.programme:
            continue
        programme = frozen.programme[placed.programme]
        if placed.interim:
            key = _key(frozen, "interim", name)
            until = programme.until
            yield InterimPlaced(name, placed.programme, programme.interim, until, frozen.round, key=key, **by)
            continue
        if placed.seat == OTHERS:
            wishes = (*state.applications[name].wishes, Wish(placed.programme))
            yield WishesChanged(name, wishes, key=_key(frozen, "wish", name), **by)
        key = _key(frozen, "offer", name)
        yield Offered(name, placed.programme, deadline, frozen.round, key=key, **by)


def _key(frozen: Frozen, what: str, application: str = "") -> str:
    """Return the key of an event of a round; its digest, where an application is named as no key can be."""
    text = "/".join((frozen.round, what, application) if application else (frozen.round, what))
    return text if NAME.fits(text) else hashlib.sha256(text.encode("utf-8")).hexdigest()


def close_programme(state: State, programme: str, *, reason: str, basis: str, at: int, actor: str) -> list[Event]:
    """Return the events by which a programme closes: every offer of a place there is withdrawn, then it is closed.

    Those it was offered to are in the queue again with the date they had, and are not held to have declined; a step
    `yes_first: offer.withdrawn` of the rules puts them first (edge case 21).

    Args:
        state: as it is now.
        programme: which.
        reason: why, for the families.
        basis: the act.
        at: when, in milliseconds since 1970 UTC.
        actor: who.

    """
    events: list[Event] = [
        OfferWithdrawn(name, programme, reason, basis, at=at, actor=actor)
        for name, application in state.applications.items()
        if application.status in PLACED and application.offer == programme
    ]
    return [*events, ProgrammeClosed(programme, reason, basis, at=at, actor=actor)]
