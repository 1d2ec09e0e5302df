"""An example municipality in a new database: its journal, a finished round, cards, and an account for each role."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from queue_engine import Journal
from queue_engine.events import Filed
from queue_engine.facts import day_to_date
from queue_engine.rounds import freeze_digest, result_digest
from service.db import Address, open_database
from service.enrolment.archive import append_journal, municipalities
from service.enrolment.example_town import MUNICIPALITY, ROUND, YEAR_SERVICE, ExampleRound, make_town
from service.enrolment.round_files import digest_of
from service.enrolment.rounds import figures
from service.enrolment.writing import Ledger, Towns
from service.migrating import migrate
from service.models import ApplicationCard, Round, RoundFile
from service.models.access import Account
from service.security.accounts import Post, add_account, find_account
from service.security.roles import Role

__all__ = ["DEMO_PASSWORD", "DEMO_POSTS", "MUNICIPALITY", "demo_accounts", "make_example"]

DEMO_PASSWORD = "example password"  # noqa: S105 - of the example only; it is printed when it is made
DEMO_POSTS = {
    "parent": Post(Role.PARENT),
    "mfc": Post(Role.MFC, MUNICIPALITY),
    "officer": Post(Role.OFFICER, MUNICIPALITY),
    "commission": Post(Role.COMMISSION, MUNICIPALITY),
    "head": Post(Role.HEAD, MUNICIPALITY, "ds-001"),
    "ministry": Post(Role.MINISTRY),
    "operator": Post(Role.OPERATOR),
    "auditor": Post(Role.AUDITOR),
}
"""The accounts of the example: login -> the role it acts in."""
_CHILDREN_OF_PARENT = 4
_CHUNK = 5_000


def make_example(
    address: Address, rules: Path, *, applications: int, seed: int, progress: Callable[[str], None] = lambda _: None
) -> None:
    """Make a database with an example municipality and a year of what happened there.

    A file is there as a whole, or not at all; what is made in a PostgreSQL is finished by doing it once more.

    Args:
        address: the file to make, or the address of an empty PostgreSQL.
        rules: the folder with facts.yaml and the rule files.
        applications: how many applications all services have together.
        seed: equal seeds give equal municipalities.
        progress: called with what is being done.

    Raises:
        FileExistsError: the file is there already, or the PostgreSQL has a journal.
        QueueEngineError: the rules or the tables cannot be used.

    """
    if isinstance(address, str):
        _fill(address, rules, applications, seed, progress)
        return
    if address.exists():
        message = f"{address} is there already; remove it first, or name another file"
        raise FileExistsError(message)
    address.parent.mkdir(parents=True, exist_ok=True)
    unfinished = address.with_name(address.name + ".part")
    for ending in ("", "-wal", "-shm"):
        unfinished.with_name(unfinished.name + ending).unlink(missing_ok=True)
    _fill(unfinished, rules, applications, seed, progress)
    os.replace(unfinished, address)  # noqa: PTH105 - replaces in one step on every system


def demo_accounts(address: Address) -> list[str]:
    """Return what is printed of the accounts of the example, where a database has them with their first password."""
    database = open_database(address)
    try:
        with database.reading() as session:
            there = find_account(session, "parent", DEMO_PASSWORD) is not None
    finally:
        database.close()
    names = ", ".join(DEMO_POSTS)
    return [f'the accounts of the example: {names}; the password of each: "{DEMO_PASSWORD}"'] if there else []


def _fill(address: Address, rules: Path, applications: int, seed: int, progress: Callable[[str], None]) -> None:
    """Make the tables of a database, and store the example: accounts first, the journal, and what stands beside it."""
    database = open_database(address)
    try:
        migrate(database)
        with database.reading() as session:
            journals = municipalities(session)
        if journals:
            message = f"the database has the journal of {journals[0]} already; name an empty one"
            raise FileExistsError(message)
        town = make_town(rules, applications=applications, seed=seed, progress=progress)
        progress(f"storing a journal of {len(town.journal):,} entries")
        ledger = Ledger(Towns(database))
        try:
            append_journal(ledger, town.journal)
        finally:
            ledger.close()
        with database.writing() as session:
            accounts = _make_accounts(session)
            _store_cards(session, town.journal, accounts["parent"])
            _store_round(session, town.round, accounts)
    finally:
        database.close()


def _make_accounts(session: Session) -> dict[str, int]:
    known = session.scalar(select(Account.id).limit(1))
    assert known is None, "accounts are made once, with the journal"
    return {login: add_account(session, login, DEMO_PASSWORD, login, [post]) for login, post in DEMO_POSTS.items()}


def _store_cards(session: Session, journal: Journal, parent: int) -> None:
    """Store a card for each application; a few of those that wait belong to the parent of the example."""
    waiting = [event.application for event in journal if isinstance(event, Filed) and _waits(journal, event)]
    owned = frozenset(waiting[:: max(1, len(waiting) // _CHILDREN_OF_PARENT)][:_CHILDREN_OF_PARENT])
    filed = (event for event in journal if isinstance(event, Filed))
    rows = (_card(event, parent if event.application in owned else None) for event in filed)
    while chunk := list(islice(rows, _CHUNK)):
        session.execute(insert(ApplicationCard), chunk)


def _waits(journal: Journal, event: Filed) -> bool:
    standing = journal.life.standings[event.application]
    return event.service == YEAR_SERVICE and standing.status.value in {"registered", "offered"}


def _card(event: Filed, owner: int | None) -> dict[str, Any]:
    birth = event.facts.get("child.birth_date")
    return {
        "municipality": MUNICIPALITY,
        "application": event.application,
        "account": owner,
        "child": None,
        "child_name": f"Ребёнок {event.number}",
        "birth_date": day_to_date(birth) if isinstance(birth, int) else date(2000, 1, 1),
        "papers": "",
        "address": "",
        "applicant_name": f"Заявитель {event.number}",
        "phone": "",
        "email": "",
        "channel": "example",
        "version": 1,
    }


def _store_round(session: Session, held: ExampleRound, accounts: dict[str, int]) -> None:
    """Store the finished round with its files."""
    made = Round(
        municipality=MUNICIPALITY,
        service=YEAR_SERVICE,
        name=ROUND,
        state="published",
        entry=held.entry,
        freeze=freeze_digest(held.held.frozen),
        result=result_digest(held.outcome, held.held.frozen),
        figures=figures(held.held.frozen, held.outcome),
        prepared_by=accounts["officer"],
        approved_by=accounts["commission"],
        created_ms=held.at,
        published_ms=held.at,
        version=1,
    )
    session.add(made)
    session.flush()
    session.execute(insert(RoundFile), list(_files(made.id, held)))


def _files(number: int, held: ExampleRound) -> Iterator[dict[str, Any]]:
    for name, content in held.files.items():
        yield {"round": number, "name": name, "content": content, "sha256": digest_of(content)}
