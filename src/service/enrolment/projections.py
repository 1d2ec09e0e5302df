"""What is kept beside journals to be found quickly, and how it follows from them: the statuses of applications."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from queue_engine.events import ACTIVE, Event, Filed, LifeCycle, OfApplication, TerritoryActChanged
from queue_engine.journal import Journal
from service.models import ApplicationStatus

_IN_A_CHUNK = 5_000


@attrs.frozen
class Row:
    """A row of `application_status`, without whose child it is: journals do not know that."""

    id: str
    service: str
    number: int
    status: str
    active: bool
    version: int


def concerned(event: Event) -> tuple[str, ...]:
    """Return the applications an event is about, each once.

    >>> from queue_engine.events import DayAdvanced, Withdrawn
    >>> concerned(Withdrawn("12", at=0, actor="parent")), concerned(DayAdvanced(1, at=0, actor="system"))
    (('12',), ())

    """
    if isinstance(event, OfApplication):
        return (event.application,)
    if isinstance(event, TerritoryActChanged):
        return tuple(dict.fromkeys(each.application for each in event.entries))
    return ()


def row_of(life: LifeCycle, name: str, number: int, version: int) -> Row:
    """Return the row of an application as it stands."""
    standing = life.standings[name]
    return Row(name, standing.service, number, standing.status.value, standing.status in ACTIVE, version)


def rows_by_replay(journal: Journal) -> dict[str, Row]:
    """Return every row as it follows from a whole journal, by the id of the application.

    >>> rows_by_replay(Journal("75701000"))
    {}

    """
    versions: dict[str, int] = {}
    numbers: dict[str, int] = {}
    for entry, event in enumerate(journal, start=1):
        versions |= dict.fromkeys(concerned(event), entry)
        if isinstance(event, Filed):
            numbers[event.application] = event.number
    return {name: row_of(journal.life, name, number, versions[name]) for name, number in numbers.items()}


def rows_stored(session: Session, municipality: str) -> Iterator[Row]:
    """Yield every row that is stored."""
    one = ApplicationStatus
    found = session.execute(
        select(one.id, one.service, one.number, one.status, one.active, one.version)
        .where(one.municipality == municipality)
        .execution_options(yield_per=_IN_A_CHUNK)
    )
    yield from (Row(*row) for row in found)


def store_rows(
    session: Session, municipality: str, rows: Iterable[Row], filed: Iterable[str], children: Mapping[str, str]
) -> None:
    """Store rows as they are now: those of applications just filed are new, the others are there.

    Args:
        session: one that writes.
        municipality: whose they are.
        rows: the rows.
        filed: the applications just filed.
        children: references of their children, as far as they are known.

    Raises:
        IntegrityError: a child would have two active applications for one service.

    """
    new, changed, fresh = [], [], frozenset(filed)
    for row in rows:
        cells: dict[str, Any] = attrs.asdict(row)
        if row.id in fresh:
            new.append({**cells, "municipality": municipality, "child": children.get(row.id)})
        else:
            changed.append({"its_id": row.id, "its": municipality, **{name: cells[name] for name in _CHANGING}})
    if changed:  # before the new ones: who has withdrawn may have filed anew
        connection = session.connection()
        connection.execute(_CHANGE, changed)
    if new:
        session.execute(insert(ApplicationStatus), new)


_CHANGING = ("status", "active", "version")
_CHANGE = (
    update(ApplicationStatus)
    .where(ApplicationStatus.municipality == bindparam("its"), ApplicationStatus.id == bindparam("its_id"))
    .values({name: bindparam(name) for name in _CHANGING})
)


def active_of(session: Session, children: Iterable[str]) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the active applications of children: (child, service) -> (municipality, application)."""
    one = ApplicationStatus
    wanted = sorted(set(children))
    if not wanted:
        return {}
    found = session.execute(
        select(one.child, one.service, one.municipality, one.id).where(one.child.in_(wanted), one.active)
    )
    return {(child, service): (municipality, name) for child, service, municipality, name in found if child}
