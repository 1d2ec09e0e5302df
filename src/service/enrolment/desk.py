"""What every command on a journal needs: who asks, under which key, of which version; and the events it stamps."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import attrs
import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_engine import Vocabulary
from queue_engine.events import Event
from service.db import Database
from service.enrolment.writing import Act, Beside, Ledger, Town, Written
from service.models import ApplicationCard, ApplicationStatus
from service.problems import MissingError, RequestError, StaleError, UnconditionalError
from service.security.audit import Audit, now_ms
from service.security.rights import require
from service.security.roles import Actor, Role, Subject

KEY_LONGEST = 64
_JOURNAL_ROLES = {
    Role.PARENT: "parent",
    Role.LEARNER: "parent",
    Role.MFC: "mfc",
    Role.OFFICER: "officer",
    Role.COMMISSION: "commission",
    Role.HEAD: "organisation",
    Role.SECRETARY: "organisation",
    Role.MINISTRY: "ministry",
    Role.OPERATOR: "operator",
}


@attrs.frozen(eq=False)
class Desk:
    """What commands are carried out with.

    Args:
        database: the database.
        ledger: the one way into the journals.
        vocabulary: the facts and categories that applications may state.
        secret: the secret of the installation.

    """

    database: Database
    ledger: Ledger
    vocabulary: Vocabulary
    secret: bytes


@attrs.frozen
class Asked:
    """How something is asked for.

    Args:
        actor: by whom.
        audit: the record it leaves.
        key: the same key again is the same request again; "" = every request is a new one.
        version: the version that is to be changed; None = not named.
        body: what was sent, by which a key sent with another request is noticed.

    """

    actor: Actor
    audit: Audit
    key: str = ""
    version: int | None = None
    body: object = None

    @property
    def digest(self) -> bytes:
        """Return the digest of what is asked for, and by whom."""
        sent = msgspec.json.encode([self.actor.account, self.audit.right, self.body], order="sorted")
        return hashlib.sha256(sent).digest()

    @property
    def scoped_key(self) -> str:
        """Return the key as it stands in a journal: nobody can find out or take the keys of others.

        Raises:
            RequestError: it is too long.

        """
        if not self.key:
            return ""
        if len(self.key) > KEY_LONGEST or not self.key.isascii() or not self.key.isprintable():
            raise RequestError(f"a key has 1 to {KEY_LONGEST} printable characters", "send a UUID", "Idempotency-Key")
        return hashlib.sha256(f"{self.actor.account}:{self.key}".encode()).hexdigest()

    def required_version(self) -> int:
        """Return the version that is to be changed.

        Raises:
            UnconditionalError: none is named.

        """
        if self.version is None:
            detail = "the request does not say which version it changes"
            raise UnconditionalError(detail, "send the ETag of what you have read in the header If-Match", "If-Match")
        return self.version


def journal_actor(actor: Actor) -> str:
    """Return how a journal names somebody: by role and number, never by name.

    >>> journal_actor(Actor(7, Role.HEAD)), journal_actor(Actor(3, Role.PARENT))
    ('organisation:7', 'parent:3')

    """
    return f"{_JOURNAL_ROLES.get(actor.role, 'operator')}:{actor.account}"


def stamp(town: Town, actor: Actor) -> dict[str, Any]:
    """Return when and by whom: time in a journal never goes back, whatever the clock does."""
    times = town.journal.times
    return {"at": max(now_ms(), times[-1] if times else 0), "actor": journal_actor(actor)}


def subject_of(session: Session, municipality: str, application: str) -> Subject | None:
    """Return whose an application is; None = there is none of that id."""
    wanted = (
        select(ApplicationStatus.id, ApplicationCard.account, ApplicationCard.child)
        .outerjoin(
            ApplicationCard,
            (ApplicationCard.municipality == ApplicationStatus.municipality)
            & (ApplicationCard.application == ApplicationStatus.id),
        )
        .where(ApplicationStatus.municipality == municipality, ApplicationStatus.id == application)
    )
    found = session.execute(wanted).first()
    if found is None:
        return None
    return Subject(municipality, persons=frozenset(filter(None, [found.child])), account=found.account or 0)


def require_application(desk: Desk, actor: Actor, right: str, municipality: str, application: str) -> None:
    """Go on only if somebody may do this to an application; an absent one and one out of reach are answered alike.

    Raises:
        MissingError: it is not there, or out of reach.
        NotAllowedError: the role may not do it at all.

    """
    with desk.database.asking() as session:
        subject = subject_of(session, municipality, application)
    require(actor, right, subject)


def change_application(
    desk: Desk, asked: Asked, municipality: str, application: str, act: Act, beside: Beside | None = None
) -> Written:
    """Write events of an application, on the version that was read, with what belongs beside and the record of it.

    Raises:
        StaleError: it has changed since it was read.
        NotPossibleError: the events cannot follow what has happened.

    """
    require_application(desk, asked.actor, asked.audit.right, municipality, application)
    versions = {application: asked.required_version()}
    return write(desk, asked, municipality, act, "application", application, beside=beside, versions=versions)


def write(  # noqa: PLR0913 - what a request to the ledger consists of
    desk: Desk,
    asked: Asked,
    municipality: str,
    act: Act,
    kind: str,
    subject: str = "",
    *,
    beside: Beside | None = None,
    versions: Mapping[str, int] | None = None,
    children: Mapping[str, str] | None = None,
    expected_entry: int | None = None,
) -> Written:
    """Write events, what belongs beside them and the record of it, in one transaction.

    Raises:
        MissingError: the municipality has no journal; one is begun by who runs the service only.

    """
    if not desk.ledger.towns.head(municipality).entries:
        raise MissingError("there is no such municipality", "take one from /api/services", "municipality")

    def recorded(session: Session, events: tuple[Event, ...], entries: tuple[int, ...]) -> None:
        """Store what belongs to the events, and who did it."""
        if beside is not None:
            beside(session, events, entries)
        named = subject or str(getattr(events[0], "application", "")) if events else subject
        after = {"entries": list(entries), "kinds": [event.kind for event in events]}
        asked.audit.write(session, kind, named, None, after, municipality=municipality)

    key = asked.scoped_key
    written = desk.ledger.append(
        municipality,
        act,
        key=key,
        asked=asked.digest if key else b"",
        expected_entry=expected_entry,
        versions=versions,
        children=children,
        beside=recorded,
    )
    if written.repeated:
        asked.audit.read(kind, [subject] if subject else [], municipality=municipality)
    return written


def version_in(header: str | None) -> int | None:
    """Return the version a header If-Match names; None = there is none.

    Raises:
        RequestError: it is no version.
        StaleError: it is "*", which would change whatever is there.

    >>> version_in('"17"'), version_in(None)
    (17, None)

    """
    if header is None:
        return None
    text = header.strip().removeprefix("W/").strip('"')
    if text == "*":
        raise StaleError("any version would be changed", "send the ETag of what you have read", "If-Match")
    if not (text.isascii() and text.isdigit() and len(text) <= 18):  # noqa: PLR2004 - what 63 bits hold
        raise RequestError("it is no ETag of this service", "send the ETag of what you have read", "If-Match")
    return int(text)


def versioned(municipality: str, town: Town, application: str) -> str:
    """Return the ETag of an application."""
    assert municipality == town.municipality, "an application is of one municipality"
    return f'"{town.version_of(application)}"'
