"""One transaction: the requests of several people are written together, each admitted or refused by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from typing import TypeAlias

import attrs
from sqlalchemy import CursorResult, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from queue_engine.canonical import JournalError
from queue_engine.events import ACTIVE, Event, Filed
from queue_engine.events.bodies import VERSION
from service.enrolment.projections import active_of, store_rows
from service.enrolment.towns import NOTHING, Head, Town, Towns, read_head
from service.models import JournalEntry, JournalHead
from service.problems import AlreadyAppliedError, NotPossibleError, ReusedKeyError, StaleError

Act: TypeAlias = Callable[[Town], Iterable[Event]]
"""Makes events of a municipality as it stands when they are written; it may refuse with a `RequestError`."""

Beside: TypeAlias = Callable[[Session, tuple[Event, ...], tuple[int, ...]], None]
"""Stores what belongs to events just written, with their entries, in the same transaction."""

_HASH_DIGITS = 64


@attrs.frozen
class Written:
    """What became of a request.

    Args:
        entries: the numbers of its events.
        repeated: whether it had been written before, under the same key.

    """

    entries: tuple[int, ...]
    repeated: bool = False


@attrs.frozen(eq=False)
class Request:
    """Something to be written.

    Args:
        municipality: in whose journal.
        act: makes the events.
        key: the same key again is the same request again; "" = every request is a new one.
        asked: the digest of what was sent with the key.
        expected_entry: the last entry there has to be; None = whatever is there.
        versions: the last entry that has to concern each of some applications.
        children: references of the children of applications that are filed, by their ids; under "" that of the one
            application whose id is not known before its number is given.
        beside: stores what belongs to the events and is in no journal; not called for a request that is repeated.

    """

    municipality: str
    act: Act
    key: str = ""
    asked: bytes = b""
    expected_entry: int | None = None
    versions: Mapping[str, int] = attrs.field(factory=dict)
    children: Mapping[str, str] = attrs.field(factory=dict)
    beside: Beside | None = None


Outcome: TypeAlias = Written | Exception


def write_together(towns: Towns, requests: Sequence[Request]) -> list[Outcome]:
    """Write requests in one transaction, and return after its commit what became of each.

    Raises:
        DBAPIError: the transaction failed; nothing is written, and journals in memory are as before.
        DamagedJournalError: what is stored is not what was written.

    """
    names = sorted({request.municipality for request in requests})  # one order for everybody who locks
    with ExitStack() as kept:
        for name in names:
            town = towns[name]
            kept.enter_context(town.lock)
            if not town.settled:  # the first time this takes long, so it is done before others have to wait
                towns.reach(name, towns.head(name).entries)
            kept.enter_context(town.provisional())
        with towns.database.writing() as session:
            pages = {name: _Page.opened(session, towns[name], requests) for name in names}
            batch = _Batch(pages, active_of(session, _children(requests)))
            outcomes = [batch.admit(request) for request in requests]
            for page in pages.values():
                page.store(session)
            for request, outcome in zip(requests, outcomes, strict=True):
                if request.beside is not None and isinstance(outcome, Written) and not outcome.repeated:
                    journal = towns[request.municipality].journal
                    request.beside(session, tuple(map(journal.event, outcome.entries)), outcome.entries)
    return outcomes


def _children(requests: Iterable[Request]) -> Iterable[str]:
    return (child for request in requests for child in request.children.values())


@attrs.define(eq=False)
class _Page:
    """What is written into one journal in one transaction.

    Args:
        town: whose journal.
        before: the end of the journal so far.
        known: the keys of requests that were written before, with their first entries and digests.

    """

    town: Town
    before: Head
    known: dict[str, tuple[int, bytes]]
    asked: dict[int, bytes] = attrs.field(factory=dict, init=False)
    children: dict[str, str] = attrs.field(factory=dict, init=False)

    @classmethod
    def opened(cls, session: Session, town: Town, requests: Iterable[Request]) -> _Page:
        """Lock a journal, take what others have written, and look for the keys of requests."""
        head = read_head(session, town.municipality, lock=True)
        if head == NOTHING:
            dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
            cells = {"municipality": town.municipality, "entries": 0, "hash": NOTHING.hash, "version": VERSION}
            session.execute(dialect.insert(JournalHead).values(cells).on_conflict_do_nothing())
            head = read_head(session, town.municipality, lock=True)
        town.take(session, head)
        one = JournalEntry
        keys = {each.key for each in requests if each.key and each.municipality == town.municipality}
        wanted = select(one.key, one.entry, one.asked).where(
            one.municipality == town.municipality, one.key.in_(sorted(keys)), one.key != ""
        )
        found = session.execute(wanted).all() if keys else []
        return cls(town, head, {key: (entry, bytes(asked)) for key, entry, asked in found})

    def store(self, session: Session) -> None:
        """Store what was added to the journal."""
        journal, before, municipality = self.town.journal, self.before.entries, self.town.municipality
        entries, filed = [], []
        for entry, line in enumerate(journal.lines(before), start=before + 1):
            event = journal.event(entry)
            if isinstance(event, Filed):
                filed.append(event.application)
            entries.append(
                {
                    "municipality": municipality,
                    "entry": entry,
                    "at": event.at,
                    "kind": event.kind,
                    "key": event.key,
                    "asked": self.asked.get(entry, b""),
                    "body": line[_HASH_DIGITS + 1 : -1],
                    "hash": journal.hash_of(entry),
                }
            )
        if not entries:
            return
        session.execute(insert(JournalEntry), entries)
        store_rows(session, municipality, self.town.rows(before), filed, self.children)
        moved = session.execute(
            update(JournalHead)
            .where(JournalHead.municipality == municipality, JournalHead.entries == before)
            .values(entries=len(journal), hash=journal.head)
        )
        assert isinstance(moved, CursorResult)
        assert moved.rowcount == 1, "nobody else writes while the head is locked"


@attrs.define(eq=False)
class _Batch:
    """Requests while they are admitted.

    Args:
        pages: by municipality.
        taken: (child, service) -> the municipality and the id of the active application.

    """

    pages: Mapping[str, _Page]
    taken: dict[tuple[str, str], tuple[str, str]]

    def admit(self, request: Request) -> Outcome:
        """Add the events of a request to the journal in memory, or return why not."""
        page = self.pages[request.municipality]
        try:
            if request.key in page.known:
                return _again(request, page)
            _require_expected(request, page.town)
            with page.town.provisional():
                events = _with_keys(request.act(page.town), request.key)
                entries = page.town.add(events)
                children = self._children(request, events)
        except JournalError as error:
            return NotPossibleError(error.problems)
        except Exception as error:  # noqa: BLE001 - whoever asked is told; the others are not concerned
            return error
        self.taken |= children
        page.children |= {application: child for (child, _), (_, application) in children.items()}
        if request.key and entries:
            page.known[request.key] = (entries[0], request.asked)
            page.asked[entries[0]] = request.asked
        return Written(tuple(entries))

    def _children(self, request: Request, events: Iterable[Event]) -> dict[tuple[str, str], tuple[str, str]]:
        """Return whose applications are filed, unless a child has one already.

        Raises:
            AlreadyAppliedError: a child has.

        """
        found: dict[tuple[str, str], tuple[str, str]] = {}
        for event in events:
            if not isinstance(event, Filed):
                continue
            child = request.children.get(event.application, request.children.get(""))
            if child is not None:
                own, place = (request.municipality, event.application), (child, event.service)
                other = found.get(place) or self.taken.get(place)
                if other is not None and other != own and self._is_active(*other):
                    detail = "this child has an active application for this service"
                    raise AlreadyAppliedError(detail, "withdraw that one first, or change it instead", "child")
                found[place] = own
        return found

    def _is_active(self, municipality: str, application: str) -> bool:
        page = self.pages.get(municipality)
        return page is None or page.town.journal.life.standings[application].status in ACTIVE


def _again(request: Request, page: _Page) -> Written:
    """Return the entries that were written for a request before."""
    first, asked = page.known[request.key]
    if asked != request.asked:
        detail = f"the key {request.key} was sent with another request"
        raise ReusedKeyError(detail, "give every request a key of its own", "Idempotency-Key")
    journal, entries = page.town.journal, [first]
    while entries[-1] < len(journal) and journal.event(entries[-1] + 1).key == _key(request.key, len(entries)):
        entries.append(entries[-1] + 1)
    return Written(tuple(entries), repeated=True)


def _require_expected(request: Request, town: Town) -> None:
    there = len(town.journal)
    if request.expected_entry not in (None, there):
        detail = f"entry {request.expected_entry} was expected to be the last; the last is {there}"
        raise StaleError(detail, "read again what you change, and decide again")
    for application, version in request.versions.items():
        found = town.version_of(application)
        if found != version:
            detail = f"application {application} was expected at version {version}; it is at {found}"
            raise StaleError(detail, "read the application again, and decide again")


def _with_keys(events: Iterable[Event], key: str) -> list[Event]:
    """Return events by whose keys the request is found again: the first has its key, the others one with a number."""
    if not key:
        return list(events)
    return [attrs.evolve(event, key=_key(key, number)) for number, event in enumerate(events)]


def _key(key: str, number: int) -> str:
    return f"{key}/{number + 1}" if number else key
