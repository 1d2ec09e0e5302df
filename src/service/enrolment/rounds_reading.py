"""Rounds as they are read: lists, the commission's review, who gets what, files."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_engine.state import State
from service.db import Database
from service.enrolment import rounds_schemas as sent
from service.enrolment.applications import Reading
from service.models import ApplicationCard
from service.models.rounds import Round, RoundFile
from service.problems import MissingError
from service.security.rights import require, require_role
from service.security.roles import Reach, Subject

_ABSENT = ("there is nothing of this name that you may see", "take a name from /api/rounds")
_MOST_FLAGS = 500


def find_round(session: Session, municipality: str, name: str, *, lock: bool = False) -> Round | None:
    """Return a round by its name; None = there is none."""
    wanted = select(Round).where(Round.municipality == municipality, Round.name == name)
    return session.scalar(wanted.with_for_update() if lock else wanted)


def summary(database: Database, municipality: str, name: str) -> sent.RoundSummary:
    """Return a round and how far it is.

    Raises:
        MissingError: there is none of that name.

    """
    with database.reading() as session:
        found = find_round(session, municipality, name)
        if found is None:
            raise MissingError(*_ABSENT)
        return summary_in(session, found)


def summary_in(session: Session, found: Round) -> sent.RoundSummary:
    """Return a round as it stands in a session."""
    files = session.scalars(select(RoundFile.name).where(RoundFile.round == found.id).order_by(RoundFile.name))
    return sent.RoundSummary(
        municipality=found.municipality,
        service=found.service,
        name=found.name,
        state=found.state,  # type: ignore[arg-type]
        entry=found.entry,
        freeze=found.freeze,
        result=found.result,
        figures=sent.RoundFigures(**found.figures),
        prepared_by=found.prepared_by,
        approved_by=found.approved_by,
        created_ms=found.created_ms,
        published_ms=found.published_ms,
        files=list(files),
        version=found.version,
    )


def list_rounds(reading: Reading, municipality: str = "") -> list[sent.RoundSummary]:
    """Return the rounds one may see, the newest first."""
    reach = require_role(reading.actor, reading.audit.right)
    wanted = select(Round).order_by(Round.id.desc())
    if reach is not Reach.EVERYWHERE:
        wanted = wanted.where(Round.municipality == reading.actor.municipality)
    if municipality:
        wanted = wanted.where(Round.municipality == municipality)
    with reading.desk.database.reading() as session:
        return [summary_in(session, each) for each in session.scalars(wanted)]


def read_round(reading: Reading, municipality: str, name: str) -> sent.RoundSummary:
    """Return a round.

    Raises:
        MissingError: it is not there, or out of reach.

    """
    require(reading.actor, reading.audit.right, Subject(municipality))
    return summary(reading.desk.database, municipality, name)


def read_file(reading: Reading, municipality: str, name: str, file: str) -> bytes:
    """Return a file of a round; those who get places are in it, so that reading it leaves a record.

    Raises:
        MissingError: it is not there, or out of reach.

    """
    require(reading.actor, reading.audit.right, Subject(municipality))
    content = _file(reading.desk.database, municipality, name, file)
    if content is None:
        raise MissingError("there is no such file", "take a name from `files` of the round")
    reading.audit.read("round", [name], municipality=municipality)
    return content


def read_moves(reading: Reading, municipality: str, name: str) -> list[sent.RoundMove]:
    """Return who gets what, in the order of the applicants.

    Raises:
        MissingError: there is no such round, or it was not run.

    """
    require(reading.actor, reading.audit.right, Subject(municipality))
    content = _file(reading.desk.database, municipality, name, "placed.csv")
    if content is None:
        raise MissingError("the round is not there, or was not run yet", "run it first")
    titles = _titles(reading, municipality)
    reading.audit.read("round", [name], municipality=municipality)
    return [
        sent.RoundMove(
            application=row["application"],
            programme=row["programme"],
            title=titles.get(row["programme"], row["programme"]),
            wish=int(row["wish"] or 0),
            seat=row["seat"],
        )
        for row in csv.DictReader(io.StringIO(content.decode()))
    ]


def review(reading: Reading, municipality: str, name: str, state: State) -> sent.RoundReview:
    """Return what the commission looks at: places beside applicants, and what needs a look.

    Args:
        reading: who reads.
        municipality: whose round.
        name: which round.
        state: what it was frozen from.

    Raises:
        MissingError: there is no such round.

    """
    shown = read_round(reading, municipality, name)
    content = _file(reading.desk.database, municipality, name, "placed.csv")
    placed: dict[str, str] = {}
    if content is not None:
        rows = csv.DictReader(io.StringIO(content.decode()))
        placed = {row["application"]: row["programme"] for row in rows}
    last = _last(reading, municipality, name)
    wished: dict[str, list[str]] = {}
    in_organisation: dict[str, list[str]] = {}
    for each in state.open_programmes(shown.service):
        in_organisation.setdefault(each.organisation, []).append(each.id)
    for person in state.in_queue(shown.service):
        for wish in person.wishes:
            for programme in [wish.programme] if wish.programme else in_organisation.get(wish.organisation, []):
                wished.setdefault(programme, []).append(person.id)
    programmes = []
    for each in state.open_programmes(shown.service):
        seats = max(0, (each.capacity or 0) - state.seats_taken(each.id).total)
        here = sum(programme == each.id for programme in placed.values())
        wanting = set(wished.get(each.id, []))
        programmes.append(
            sent.ProgrammeReview(
                programme=each.id,
                title=each.title,
                organisation=each.organisation,
                seats=seats,
                placed=here,
                free=max(0, seats - here),
                wished=len(wanting),
                waiting=len(wanting - placed.keys()),
                last=last.get(each.id, ""),
            )
        )
    reading.audit.read("round", [name], municipality=municipality)
    return sent.RoundReview(round=shown, programmes=programmes, flags=_flags(reading, state, shown))


def _flags(reading: Reading, state: State, shown: sent.RoundSummary) -> list[sent.RedFlag]:
    """Return what needs a look before a round is approved."""
    found: list[sent.RedFlag] = []
    today = state.day or 0
    people = list(state.in_queue(shown.service))
    for person in people:
        if person.waits_for_confirmation:
            waiting = ", ".join(each.category for each in person.documents if each.state == "waits")
            found.append(sent.RedFlag(kind="waits_for_confirmation", application=person.id, detail=waiting))
        ended = [
            each.category
            for each in person.documents
            if each.state == "confirmed" and each.last is not None and each.last < today
        ]
        if ended:
            found.append(sent.RedFlag(kind="expired_document", application=person.id, detail=", ".join(ended)))
    found += _same_children(reading, shown, {person.id for person in people})
    return found[:_MOST_FLAGS]


def _same_children(reading: Reading, shown: sent.RoundSummary, waiting: set[str]) -> list[sent.RedFlag]:
    """Return applications for children of one name and day of birth: one of them may be filed twice."""
    card = ApplicationCard
    wanted = select(card.application, card.child_name, card.birth_date).where(
        card.municipality == shown.municipality, card.child_name != ""
    )
    with reading.desk.database.reading() as session:
        rows = session.execute(wanted).all()
    by_child: dict[tuple[str, object], list[str]] = {}
    for application, name, birth in rows:
        if application in waiting:
            by_child.setdefault((name.casefold(), birth), []).append(application)
    return [
        sent.RedFlag(kind="same_child", application=names[0], detail=", ".join(sorted(names)[1:]))
        for names in by_child.values()
        if len(names) > 1
    ]


def _last(reading: Reading, municipality: str, name: str) -> Mapping[str, str]:
    """Return who was placed last by the order of each programme."""
    content = _file(reading.desk.database, municipality, name, "protocol.csv")
    if content is None:
        return {}
    rows = csv.DictReader(io.StringIO(content.decode()))
    return {row["programme"]: row.get("last", "") for row in rows}


def _titles(reading: Reading, municipality: str) -> dict[str, str]:
    town = reading.desk.ledger.towns
    reached = town.reach(municipality, town.head(municipality).entries)
    with reached.lock:
        return {
            event.programme: event.title
            for event in reached.journal.events
            if event.kind == "programme_opened" and hasattr(event, "programme") and hasattr(event, "title")
        }


def _file(database: Database, municipality: str, name: str, file: str) -> bytes | None:
    wanted = (
        select(RoundFile.content)
        .join(Round, Round.id == RoundFile.round)
        .where(Round.municipality == municipality, Round.name == name, RoundFile.name == file)
    )
    with database.asking() as session:
        return session.scalar(wanted)
