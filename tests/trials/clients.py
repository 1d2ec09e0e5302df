"""Several clients at once on one municipality: what they were told fits one order of events, the journal's.

`linearizable` checks what is observed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from random import Random
from typing import Any

import attrs
from tests.queue_engine.small_town import by, rules, yes_first

from queue_engine import Journal, rules_digest
from queue_engine.events import (
    Accepted,
    DayAdvanced,
    Event,
    Filed,
    Offered,
    ProgrammeOpened,
    Reviewed,
    RulesPublished,
    Wish,
    Withdrawn,
)
from queue_engine.events.statuses import PLACED, Status
from service.db import Address, open_database
from service.enrolment.archive import append_journal
from service.enrolment.batch import Act
from service.enrolment.following import Follower, Followers
from service.enrolment.writing import Ledger, Town, Towns
from service.problems import RequestError

RULES = rules(yes_first("sibling", "sibling.attends"), by("earliest", "application.submitted_at"))
GIVEN = {rules_digest(RULES): RULES}
QUEUE, PLACES = "p", 3
_DAY = 20_697
_AT: dict[str, Any] = {"at": _DAY * 86_400_000, "actor": "officer"}
_CLIENTS, _CALLS = 8, 12


class NoPlaceError(RequestError):
    """Every place is taken."""


@attrs.frozen
class Call:
    """One call of a client.

    Args:
        client: whose.
        kind: file, withdraw, offer, accept or ask.
        application: about which application.
        start: when it was made, on one clock for all.
        end: when it was answered.
        entries: those it was told to have written; () = it was refused, or only asked.
        entry: the entry a question was answered from.
        told: the number that was given, or the place and how many stand in the queue.

    """

    client: int
    kind: str
    application: str
    start: int
    end: int
    entries: tuple[int, ...] = ()
    entry: int = 0
    told: tuple[int, ...] = ()


@attrs.frozen(eq=False)
class Observed:
    """What clients were told, and the journal as it was in the end."""

    municipality: str
    calls: tuple[Call, ...]
    journal: Journal


def beginning(municipality: str) -> Journal:
    """Return the journal before the clients come."""
    journal = Journal(municipality)
    journal.append_many(
        [
            DayAdvanced(_DAY, **_AT),
            RulesPublished(rules_digest(RULES), dates={"study_start": _DAY}, **_AT),
            ProgrammeOpened(QUEUE, "north", capacity=PLACES, **_AT),
        ]
    )
    return journal


def taken(journal: Journal) -> int:
    """Return how many places are offered or taken."""
    held = {*PLACED, Status.ENROLLED}
    return sum(each.status in held for each in journal.life.standings.values())


def act_of(kind: str, name: str, luck: Random, given: list[int]) -> Act:
    """Return what a client does; a number that is given is put into a list."""
    filed, sibling = luck.randrange(5), luck.randrange(2)

    def file(town: Town) -> Iterator[Event]:
        given[:] = [town.next_number("")]
        wishes = [Wish(QUEUE, facts={"sibling.attends": sibling})]
        yield Filed(name, given[0], filed, {"child.birth_date": _DAY - 900}, wishes, **_AT)
        yield Reviewed(name, "registered", **_AT)

    def withdraw(_: Town) -> Iterator[Event]:
        yield Withdrawn(name, **{**_AT, "actor": "parent"})

    def offer(town: Town) -> Iterator[Event]:
        if taken(town.journal) >= PLACES:
            raise NoPlaceError("every place is taken", "wait")
        yield Offered(name, QUEUE, _DAY + 5, **_AT)

    def accept(_: Town) -> Iterator[Event]:
        yield Accepted(name, QUEUE, **{**_AT, "actor": "parent"})

    return {"file": file, "withdraw": withdraw, "offer": offer, "accept": accept}[kind]


@attrs.frozen(eq=False)
class _Side:
    """What one process has of a municipality."""

    municipality: str
    ledger: Ledger
    follower: Follower

    def call(self, made: Call, luck: Random) -> Call:
        """Return a call with what it was told, but for its end."""
        if made.kind == "ask":
            place = self.follower.position(made.application, QUEUE)
            return attrs.evolve(made, entry=place.entry, told=(place.position, place.total))
        given: list[int] = []
        try:
            written = self.ledger.append(self.municipality, act_of(made.kind, made.application, luck, given))
        except RequestError:
            return made
        return attrs.evolve(made, entries=written.entries, told=tuple(given))


def observed(address: Address, municipality: str, seed: int) -> Observed:
    """Let clients act on a municipality, each through either of two ledgers and followers, as of two processes."""
    databases = [open_database(address) for _ in range(2)]
    towns = [Towns(database) for database in databases]
    sides = [_Side(municipality, Ledger(each), Followers(each, GIVEN).of(municipality, "")) for each in towns]
    append_journal(sides[0].ledger, beginning(municipality))
    clock, names = count(), [f"c{client}-{number}" for client in range(_CLIENTS) for number in range(3)]

    def client(number: int) -> list[Call]:
        luck = Random(f"clients/{seed}/{number}")  # noqa: S311 - repeatable on purpose
        found = []
        for _ in range(_CALLS):
            kind = luck.choice(("file", "file", "withdraw", "offer", "offer", "accept", "ask", "ask", "ask"))
            made = Call(number, kind, luck.choice(names), next(clock), 0)
            found.append(attrs.evolve(luck.choice(sides).call(made, luck), end=next(clock)))
        return found

    with ThreadPoolExecutor(_CLIENTS) as pool:
        calls = [call for found in pool.map(client, range(_CLIENTS)) for call in found]
    fresh = Towns(databases[0])
    town = fresh.reach(municipality, fresh.head(municipality).entries)
    for side, database in zip(sides, databases, strict=True):
        side.ledger.close()
        database.close()
    return Observed(municipality, tuple(sorted(calls, key=lambda call: call.start)), town.journal)
