"""What is stored, as the engine reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import attrs
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from queue_engine import Tables, Vocabulary, build_tables
from service.models import Application, Document, Programme, Service, Wish


class StoreError(Exception):
    """The database cannot be used; the message says what to do."""


@attrs.frozen
class StoredService:
    """A service as it is stored.

    Args:
        id: its id.
        rules: the rule file, below the rules folder, without its ending.
        on: the day its queues are computed for.
        dates: the named dates its rules need.
        version: grows with every write to its rows.

    """

    id: str
    rules: str
    on: date
    dates: Mapping[str, date]
    version: int


def read_services(session: Session) -> tuple[StoredService, ...]:
    """Return the services in the order they are shown in.

    Raises:
        StoreError: the file is no database of this service.

    """
    try:
        rows = session.scalars(select(Service).order_by(Service.rank, Service.id)).all()
    except DatabaseError as error:
        remedy = "name another file, or remove it to make an example"
        raise StoreError(f"this is no database of the service ({error.orig}); {remedy}") from error
    return tuple(
        StoredService(
            row.id,
            row.rules,
            row.on_day,
            {name: date.fromisoformat(day) for name, day in row.dates.items()},
            row.version,
        )
        for row in rows
    )


def read_tables(session: Session, service: str, vocabulary: Vocabulary) -> Tables:
    """Return the tables of one service.

    Raises:
        TableError: something stored cannot be used; holds every problem.

    """
    applications = session.execute(
        select(Application.number, Application.facts).where(Application.service == service).order_by(Application.number)
    ).all()
    wishes = session.execute(
        select(Wish.application, Wish.wish, Wish.organisation, Wish.programme, Wish.facts)
        .where(Wish.service == service)
        .order_by(Wish.id)
    ).all()
    documents = session.execute(
        select(Document.application, Document.category, Document.first_day, Document.last_day, Document.confirmed)
        .where(Document.service == service)
        .order_by(Document.id)
    ).all()
    programmes = session.execute(
        select(
            Programme.id, Programme.organisation, Programme.title, Programme.capacity, Programme.takes, Programme.facts
        )
        .where(Programme.service == service)
        .order_by(Programme.id)
    ).all()
    return build_tables(
        vocabulary,
        _columns(("application", "wish", "organisation", "programme"), wishes),
        _columns(("application",), applications),
        _columns(("application", "category", "from", "to", "confirmed"), documents),
        _columns(("programme", "organisation", "title", "capacity", "takes"), programmes),
    )


def _columns(names: Sequence[str], rows: Sequence[Any]) -> dict[str, list[Any]]:
    """Return rows as columns by name; a last cell without a name holds facts, each of which becomes a column."""
    columns: dict[str, list[Any]] = {name: [row[index] for row in rows] for index, name in enumerate(names)}
    if rows and len(rows[0]) > len(names):
        facts = sorted({fact for row in rows for fact in row[-1]})
        columns |= {fact: [row[-1].get(fact) for row in rows] for fact in facts}
    return columns
