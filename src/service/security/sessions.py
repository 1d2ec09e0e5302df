"""Who is signed in: secrets held by browsers and programs, known here by their hashes only.

A secret is new at every sign-in and at every change of role; one that was not given out here is never taken.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from threading import Lock

import attrs
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from service.db import Database
from service.models.access import Account, Assignment, SignIn
from service.problems import MissingError
from service.security.audit import now_ms
from service.security.rights import Rights
from service.security.roles import NOBODY, Actor, Role

IDLE_MS = 30 * 60 * 1_000
"""How long a browser may ask nothing before it has to sign in again."""
LONGEST_MS = 12 * 60 * 60 * 1_000
PROGRAM_MS = 90 * 24 * 60 * 60 * 1_000
"""How long the secret of a program lasts."""
_SEEN_EVERY_MS = 60_000
_REMEMBERED_S = 0.5  # a dismissal is felt within a second
_MOST_REMEMBERED = 20_000

Kin = Callable[[Session, str], tuple[frozenset[str], frozenset[str]]]
"""Finds of a person's id whose rows are their own, and which groups they lead."""


def digest_of(secret: str) -> bytes:
    """Return by what a secret is known here."""
    return hashlib.sha256(secret.encode()).digest()


def begin(session: Session, account: int, assignment: int | None, kind: str = "browser") -> str:
    """Sign somebody in, and return the secret their browser or program has to show."""
    secret = secrets.token_urlsafe(32)
    now = now_ms()
    session.add(
        SignIn(digest=digest_of(secret), account=account, assignment=assignment, kind=kind, begun_ms=now, seen_ms=now)
    )
    session.flush()
    return secret


def end(session: Session, secret: str) -> None:
    """Sign out whoever holds a secret."""
    session.execute(delete(SignIn).where(SignIn.digest == digest_of(secret)))


def end_all(session: Session, account: int) -> None:
    """Sign an account out everywhere."""
    session.execute(delete(SignIn).where(SignIn.account == account))


def assignments_of(session: Session, account: int, on: date) -> list[Assignment]:
    """Return the roles an account may act in on a day, the usual one first."""
    one = Assignment
    wanted = (
        select(one)
        .where(
            one.account == account,
            or_(one.first_day.is_(None), one.first_day <= on),
            or_(one.last_day.is_(None), one.last_day >= on),
        )
        .order_by(one.id)
    )
    return list(session.scalars(wanted))


def change_role(session: Session, secret: str, assignment: int) -> str:
    """Let whoever holds a secret act in another of their roles, and return their new secret.

    Raises:
        MissingError: it is no role of theirs today.

    """
    found = session.get(SignIn, digest_of(secret), with_for_update=True)
    today = datetime.now(UTC).date()
    if found is None or assignment not in {each.id for each in assignments_of(session, found.account, today)}:
        raise MissingError("this is no role of yours", "take the number of a role from /api/me")
    account, kind, begun = found.account, found.kind, found.begun_ms
    session.delete(found)
    renewed = begin(session, account, assignment, kind)
    session.execute(update(SignIn).where(SignIn.digest == digest_of(renewed)).values(begun_ms=begun))
    return renewed


@attrs.define(eq=False)
class Visitors:
    """Finds out who asks; remembers each for half a second.

    Args:
        database: where sign-ins are stored.
        rights: what roles may do.
        kin: finds whose rows are somebody's own.

    """

    database: Database
    rights: Rights
    kin: Kin = lambda _, person: (frozenset([person]), frozenset())
    _known: dict[bytes, tuple[float, Actor, str]] = attrs.field(factory=dict, init=False)
    _lock: Lock = attrs.field(factory=Lock, init=False)

    def nobody(self) -> Actor:
        """Return who asks without a secret."""
        return attrs.evolve(NOBODY, rights=self.rights.of_role(Role.NOBODY))

    def of(self, secret: str, kind: str) -> Actor | None:
        """Return who holds a secret of a kind; None = nobody does, or no longer."""
        digest = digest_of(secret)
        now = time.monotonic()
        with self._lock:
            known = self._known.get(digest)
        if known is not None and known[0] > now and known[2] == kind:
            return known[1]
        with self.database.asking() as session:
            found = self._found(session, digest, kind)
        if found is None:
            return None
        actor, seen = found
        if now_ms() - seen > _SEEN_EVERY_MS:
            with self.database.writing() as session:
                session.execute(update(SignIn).where(SignIn.digest == digest).values(seen_ms=now_ms()))
        with self._lock:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[digest] = (now + _REMEMBERED_S, actor, kind)
        return actor

    def forget(self, secret: str) -> None:
        """Forget who held a secret, at once."""
        with self._lock:
            self._known.pop(digest_of(secret), None)

    def _found(self, session: Session, digest: bytes, kind: str) -> tuple[Actor, int] | None:
        wanted = (
            select(SignIn, Account, Assignment)
            .join(Account, Account.id == SignIn.account)
            .outerjoin(Assignment, Assignment.id == SignIn.assignment)
            .where(SignIn.digest == digest, SignIn.kind == kind, Account.active)
        )
        row = session.execute(wanted).first()
        if row is None:
            return None
        signed, account = row[0], row[1]
        post: Assignment | None = row[2]
        now, today = now_ms(), datetime.now(UTC).date()
        idle = IDLE_MS if kind == "browser" else PROGRAM_MS
        longest = LONGEST_MS if kind == "browser" else PROGRAM_MS
        if now - signed.seen_ms > idle or now - signed.begun_ms > longest:
            return None
        if post is not None and not _holds(post, today):
            post = None
        role = Role(post.role) if post is not None else Role.NOBODY
        own, groups = self.kin(session, account.person) if account.person else (frozenset[str](), frozenset[str]())
        actor = Actor(
            account.id,
            role,
            post.municipality if post is not None else "",
            post.organisation if post is not None else "",
            account.person or "",
            own,
            groups,
            self.rights.of_role(role),
        )
        return actor, signed.seen_ms


def _holds(post: Assignment, on: date) -> bool:
    return (post.first_day is None or post.first_day <= on) and (post.last_day is None or post.last_day >= on)
