"""What families and officials do with applications: each function is one command and one transaction."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from queue_engine.events import Event
from queue_engine.events import applications as on
from queue_engine.facts import Per, date_to_day, instant_to_second
from service.enrolment import filing_schemas as sent
from service.enrolment.cards import read_card, store_card
from service.enrolment.desk import Asked, Desk, change_application, stamp, write
from service.enrolment.stated import Statements, day_of
from service.enrolment.writing import Town, Written
from service.models import Upload
from service.problems import MissingError
from service.security.audit import now_ms
from service.security.rights import require
from service.security.roles import Role, Subject

MOST_BYTES = 10_000_000
_SIGNATURES = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
_FAMILY = frozenset({Role.PARENT, Role.LEARNER, Role.MFC})


def file(desk: Desk, asked: Asked, new: sent.NewApplication) -> sent.Receipt:
    """File an application; it gets the next number of its service, without a gap.

    Raises:
        UnusableError: something is wrong with what was sent; holds all of it.
        AlreadyAppliedError: the child has an active application for the service.
        NotPossibleError: the journal refuses it: a programme is not open, there is no such service.

    """
    actor = asked.actor
    require(actor, asked.audit.right, Subject(new.municipality, account=actor.account))
    now = now_ms()
    local = datetime.fromtimestamp(now / 1_000, UTC).astimezone(_zone(desk)).replace(tzinfo=None, microsecond=0)
    stated = Statements(desk.vocabulary)
    card = read_card(new, local.date(), stated)
    facts = stated.facts(new.facts, Per.APPLICATION, by_family=actor.role in _FAMILY)
    facts["child.birth_date"] = date_to_day(new.child.birth_date)
    wishes = stated.wishes(new.wishes)
    stated.require_none()
    children = {"": card.child_reference(desk.secret)}

    def act(town: Town) -> Iterable[Event]:
        """Give the application the next number of its service."""
        _require_service(town, new.service)
        number = town.next_number(new.service)
        parts = f"{new.service}-{number}", number, instant_to_second(local), facts, wishes, new.service
        return [on.Filed(*parts, **stamp(town, actor))]

    def beside(session: Session, events: tuple[Event, ...], _: tuple[int, ...]) -> None:
        """Store the child's and the applicant's data."""
        for event in events:
            if isinstance(event, on.Filed):
                store_card(session, new.municipality, event.application, card, actor)

    written = write(desk, asked, new.municipality, act, "application", beside=beside, children=children)
    return receipt(desk, new.municipality, written)


def change_wishes(desk: Desk, asked: Asked, municipality: str, application: str, new: sent.NewWishes) -> sent.Receipt:
    """Change what an application wishes for; its time and number stay."""
    stated = Statements(desk.vocabulary)
    wishes = stated.wishes(new.wishes)
    stated.require_none()
    return _one(desk, asked, municipality, application, lambda when: on.WishesChanged(application, wishes, **when))


def withdraw(desk: Desk, asked: Asked, municipality: str, application: str, why: sent.Because) -> sent.Receipt:
    """Withdraw an application."""
    return _one(
        desk,
        asked,
        municipality,
        application,
        lambda when: on.Withdrawn(application, why.reason, why.basis, **when),
    )


def restore(desk: Desk, asked: Asked, municipality: str, application: str, why: sent.Because) -> sent.Receipt:
    """Return an application that was set aside to its queues, with its first time and number."""
    return _one(desk, asked, municipality, application, lambda when: on.Restored(application, why.reason, **when))


def suspend(desk: Desk, asked: Asked, municipality: str, application: str, why: sent.Because) -> sent.Receipt:
    """Set an application aside."""
    return _one(
        desk,
        asked,
        municipality,
        application,
        lambda when: on.Suspended(application, why.reason, why.basis, **when),
    )


def review(desk: Desk, asked: Asked, municipality: str, application: str, decided: sent.Review) -> sent.Receipt:
    """Take an application for review, ask for papers, register or refuse it."""
    deadline = day_of(decided.deadline)
    parts = decided.outcome, decided.reason, decided.basis, deadline
    return _one(desk, asked, municipality, application, lambda when: on.Reviewed(application, *parts, **when))


def correct(desk: Desk, asked: Asked, municipality: str, application: str, found: sent.Correction) -> sent.Receipt:
    """Put wrong facts right, on the paper that shows it."""
    stated = Statements(desk.vocabulary)
    facts = stated.facts(found.facts, Per.APPLICATION)
    forgotten = stated.names(found.forgotten, Per.APPLICATION)
    stated.require_none()
    parts = facts, found.reason, found.document, forgotten
    return _one(desk, asked, municipality, application, lambda when: on.DataCorrected(application, *parts, **when))


def state_at_wish(desk: Desk, asked: Asked, municipality: str, application: str, at: sent.WishFacts) -> sent.Receipt:
    """State facts that hold at one wish: a brother or sister attends there, the address is assigned to it."""
    stated = Statements(desk.vocabulary)
    facts = stated.facts(at.facts, Per.ENTRY)
    forgotten = stated.names(at.forgotten, Per.ENTRY)
    stated.require_none()
    parts = facts, at.programme, at.organisation, forgotten, at.reason
    return _one(desk, asked, municipality, application, lambda when: on.EntryFactsChanged(application, *parts, **when))


def add_document(desk: Desk, asked: Asked, municipality: str, application: str, new: sent.NewDocument) -> sent.Receipt:
    """Hand in a document, with its file where there is one; it counts once an official has confirmed it.

    Raises:
        UnusableError: the category is not known, or the file is none that is taken.

    """
    stated = Statements(desk.vocabulary)
    category = stated.category(new.category)
    content, media_type = _read_file(new, stated)
    stated.require_none()
    document = f"{category}-{secrets.token_hex(4)}"
    parts = document, category, day_of(new.first_day), day_of(new.last_day), new.evidence

    def beside(session: Session, events: tuple[Event, ...], _: tuple[int, ...]) -> None:
        """Store the file."""
        if content:
            cells = {
                "id": secrets.token_hex(16),
                "municipality": municipality,
                "application": application,
                "document": getattr(events[0], "document", document),
                "name": new.file_name or document,
                "media_type": media_type,
                "content": content,
                "sha256": hashlib.sha256(content).hexdigest(),
                "account": asked.actor.account,
                "at_ms": events[0].at,
            }
            session.execute(insert(Upload).values(cells))

    written = change_application(
        desk,
        asked,
        municipality,
        application,
        lambda town: [on.DocumentAdded(application, *parts, **stamp(town, asked.actor))],
        beside,
    )
    return receipt(desk, municipality, written)


def judge_document(
    desk: Desk, asked: Asked, municipality: str, application: str, document: str, found: sent.Judgement
) -> sent.Receipt:
    """Confirm a document with the days that were seen, or refute it with a reason."""
    if found.outcome == "refuted":
        return _one(
            desk,
            asked,
            municipality,
            application,
            lambda when: on.DocumentRefuted(application, document, found.reason, **when),
        )
    parts = document, day_of(found.first_day), day_of(found.last_day), found.evidence
    return _one(desk, asked, municipality, application, lambda when: on.DocumentConfirmed(application, *parts, **when))


def answer_offer(
    desk: Desk, asked: Asked, municipality: str, application: str, given: sent.OfferAnswer
) -> sent.Receipt:
    """Accept or decline the place that was offered."""
    if given.answer == "accept":
        parts = given.programme, day_of(given.deadline)
        return _one(desk, asked, municipality, application, lambda when: on.Accepted(application, *parts, **when))
    return _one(
        desk,
        asked,
        municipality,
        application,
        lambda when: on.Declined(application, given.programme, given.reason, **when),
    )


def enrol(desk: Desk, asked: Asked, municipality: str, application: str, done: sent.Enrolment) -> sent.Receipt:
    """Prepare the contract of who accepted a place, or enrol the child by an order."""
    if done.step == "contract":
        parts = done.programme, day_of(done.deadline)
        return _one(
            desk, asked, municipality, application, lambda when: on.ContractPrepared(application, *parts, **when)
        )
    return _one(
        desk,
        asked,
        municipality,
        application,
        lambda when: on.Enrolled(application, done.programme, done.basis, **when),
    )


def grant(desk: Desk, asked: Asked, municipality: str, application: str, by: sent.ExceptionalPlace) -> sent.Receipt:
    """Give a place past the queue by the decision of a court or another authority, which the event names."""
    parts = by.programme, by.document, by.basis, by.seat, day_of(by.deadline)
    return _one(desk, asked, municipality, application, lambda when: on.ExceptionGranted(application, *parts, **when))


def receipt(desk: Desk, municipality: str, written: Written) -> sent.Receipt:
    """Return what a family or official gets for a command: where the application stands after it.

    Raises:
        MissingError: the entry is of no application.

    """
    town = desk.ledger.towns.reach(municipality, written.entries[-1])
    event = town.journal.event(written.entries[0])
    name = str(getattr(event, "application", ""))
    if not name:
        raise MissingError("the entry is of no application", "check the key of the request", "Idempotency-Key")
    standing = town.journal.life.standings[name]
    return sent.Receipt(
        municipality=municipality,
        application=name,
        service=standing.service,
        number=town.numbers[name],
        status=standing.status.value,
        entry=written.entries[-1],
        version=town.version_of(name),
    )


def _one(
    desk: Desk, asked: Asked, municipality: str, application: str, event: Callable[[dict[str, Any]], Event]
) -> sent.Receipt:
    """Write one event of an application."""
    written = change_application(desk, asked, municipality, application, lambda town: [event(stamp(town, asked.actor))])
    return receipt(desk, municipality, written)


def _require_service(town: Town, service: str) -> None:
    known = {offering.service for offering in town.journal.life.programmes.values()}
    if service not in known:
        remedy = f"the services are {', '.join(sorted(known))}" if known else "take them from /api/services"
        raise MissingError(f"there is no service {service} in {town.municipality}", remedy, "service")


def _read_file(new: sent.NewDocument, stated: Statements) -> tuple[bytes, str]:
    """Return a file and its type, told by its content; what cannot be taken is noted."""
    if not new.content:
        return b"", ""
    try:
        content = base64.b64decode(new.content, validate=True)
    except (binascii.Error, ValueError):
        stated.refuse("content", "F120", "the file is not written in base64", "encode its bytes in base64")
        return b"", ""
    media_type = next((kind for sign, kind in _SIGNATURES.items() if content.startswith(sign)), "")
    if not media_type:
        stated.refuse("content", "F121", "the file is no PDF, JPEG or PNG", "send one of these")
    if len(content) > MOST_BYTES:
        stated.refuse("content", "F122", f"the file has more than {MOST_BYTES:,} bytes", "send a smaller one")
    return content, media_type


def _zone(desk: Desk) -> timezone:
    return timezone(timedelta(minutes=desk.vocabulary.utc_offset_minutes))
