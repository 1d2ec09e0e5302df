"""What officials do with programmes: open and close them, and say how many places there are, on what ground."""

from __future__ import annotations

from collections.abc import Iterable

from queue_engine.events import Event
from queue_engine.events import municipality as of_town
from queue_engine.facts import Per
from service.enrolment import filing_schemas as sent
from service.enrolment.desk import Asked, Desk, stamp, write
from service.enrolment.stated import Statements
from service.enrolment.writing import Act, Town
from service.problems import MissingError
from service.security.rights import require
from service.security.roles import Subject


def open_programme(desk: Desk, asked: Asked, municipality: str, new: sent.NewProgramme) -> sent.ProgrammeReceipt:
    """Open a programme, or open it anew.

    Raises:
        UnusableError: a fact or the condition on who is taken cannot be used; holds all of it.

    """
    require(asked.actor, asked.audit.right, Subject(municipality, new.organisation))
    stated = Statements(desk.vocabulary)
    facts = stated.facts(new.facts, Per.PROGRAMME)
    stated.condition(new.takes)
    stated.require_none()
    parts = new.programme, new.organisation, new.title, new.capacity, new.takes, facts, new.service

    def act(town: Town) -> Iterable[Event]:
        """Open it."""
        return [of_town.ProgrammeOpened(*parts, **stamp(town, asked.actor))]

    return _written(desk, asked, municipality, new.programme, act)


def set_capacity(
    desk: Desk, asked: Asked, municipality: str, programme: str, new: sent.NewCapacity
) -> sent.ProgrammeReceipt:
    """Say how many places a programme has from now on, with the reason and the paper it rests on."""
    _require_programme(desk, asked, municipality, programme)
    parts = programme, new.capacity, new.reason, new.basis
    return _written(
        desk,
        asked,
        municipality,
        programme,
        lambda town: [of_town.CapacitySet(*parts, **stamp(town, asked.actor))],
    )


def close_programme(
    desk: Desk, asked: Asked, municipality: str, programme: str, why: sent.Closing
) -> sent.ProgrammeReceipt:
    """Close a programme: nobody can wish for it any more."""
    _require_programme(desk, asked, municipality, programme)
    return _written(
        desk,
        asked,
        municipality,
        programme,
        lambda town: [of_town.ProgrammeClosed(programme, why.reason, why.basis, **stamp(town, asked.actor))],
    )


def _require_programme(desk: Desk, asked: Asked, municipality: str, programme: str) -> None:
    head = desk.ledger.towns.head(municipality)
    offering = None
    if head.entries:
        offering = desk.ledger.towns.reach(municipality, head.entries).journal.life.programmes.get(programme)
    subject = None if offering is None else Subject(municipality, offering.organisation)
    require(asked.actor, asked.audit.right, subject)
    if offering is None:
        raise MissingError("there is no such programme", "take it from /api/programmes", "programme")


def _written(desk: Desk, asked: Asked, municipality: str, programme: str, act: Act) -> sent.ProgrammeReceipt:
    written = write(
        desk,
        asked,
        municipality,
        act,
        "programme",
        programme,
        expected_entry=asked.version,
    )
    return sent.ProgrammeReceipt(municipality=municipality, programme=programme, entry=written.entries[-1])
