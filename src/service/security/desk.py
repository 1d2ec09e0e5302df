"""Signing in and out, choosing a role, and the accounts the operator keeps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import attrs
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.db import Database
from service.models.access import Account, Assignment, AuditEntry, SignIn
from service.problems import MissingError, NotSignedInError, RequestError, StaleError, TooManyError
from service.security import accounts, sessions
from service.security.audit import Audit, entry_of, now_ms
from service.security.roles import NOBODY, Actor, Reach, Role
from service.security.schemas import AccountSummary, AuditLineShown, Me, NewAccount, NewPost, Post

TRY = "sign_in_try"
MOST_TRIES = 10
"""How many failed tries a login has within `TRIES_WITHIN_MS`."""
MOST_TRIES_OF_ADDRESS = 100
TRIES_WITHIN_MS = TooManyError.again_after_s * 1_000
_UNKNOWN = ("the login and the password do not belong together", "check both; after a few tries wait a minute")


def sign_in(database: Database, login: str, password: str, former: str = "", address: str = "") -> str:
    """Sign in with a local account, and return the secret for the browser; its former one is worth nothing any more.

    Args:
        database: where accounts are stored.
        login: who says to come.
        password: the proof.
        former: the secret the browser held until now.
        address: where the request came from.

    Raises:
        NotSignedInError: there is no such account with this password.
        TooManyError: too many tries failed for this login, or from this address; on however many processes.

    """
    tries = {_hashed("login", login): MOST_TRIES, _hashed("address", address): MOST_TRIES_OF_ADDRESS}
    with database.reading() as session:
        _require_few(session, tries)
        found = accounts.find_account(session, login, password)
        account = found.id if found is not None else 0
    if not account:
        with database.writing() as session:
            for subject in tries:
                session.add(AuditEntry(**entry_of(NOBODY, "people.sign-in", TRY, [subject])))
        raise NotSignedInError(*_UNKNOWN)
    return sign_in_account(database, account, former)


def _hashed(kind: str, text: str) -> str:
    """Return by what tries are counted: what was typed or where from is kept nowhere."""
    return f"{kind}:{sessions.digest_of(text).hex()[:32]}"


def _require_few(session: Session, tries: Mapping[str, int]) -> None:
    one, since = AuditEntry, now_ms() - TRIES_WITHIN_MS
    for subject, most in tries.items():
        wanted = select(func.count()).where(one.kind == TRY, one.subject == subject, one.at_ms > since)
        if (session.scalar(wanted) or 0) >= most:
            raise TooManyError("too many tries to sign in have failed", "wait ten minutes, or ask the operator")


def sign_in_account(database: Database, account: int, former: str = "") -> str:
    """Sign in an account whose identity is proved, in its usual role, and return the secret for the browser."""
    with database.writing() as session:
        if former:
            sessions.end(session, former)
        posts = sessions.assignments_of(session, account, datetime.now(UTC).date())
        secret = sessions.begin(session, account, posts[0].id if posts else None)
        actor = Actor(account, Role(posts[0].role) if posts else Role.NOBODY)
        session.add(AuditEntry(**entry_of(actor, "people.sign-in", "account", [str(account)])))
    return secret


def read_me(database: Database, secret: str) -> Me:
    """Return who holds a secret, and in which roles they may act."""
    with database.reading() as session:
        signed = session.get(SignIn, sessions.digest_of(secret)) if secret else None
        if signed is None:
            return Me(account=0, title="", acting=None, posts=[])
        account = session.get_one(Account, signed.account)
        today = datetime.now(UTC).date()
        posts = [_post(each) for each in sessions.assignments_of(session, account.id, today)]
        acting = next((each for each in posts if each.id == signed.assignment), None)
        return Me(account=account.id, title=account.title, acting=acting, posts=posts)


def list_accounts(database: Database) -> list[AccountSummary]:
    """Return every account."""
    with database.reading() as session:
        return [_summary(session, each) for each in session.scalars(select(Account).order_by(Account.id))]


def make_account(database: Database, audit: Audit, new: NewAccount) -> AccountSummary:
    """Make an account with its roles.

    Raises:
        RequestError: the login is taken, or the password too short.

    """
    posts = [_asked(each) for each in new.posts]
    try:
        with database.writing() as session:
            number = accounts.add_account(session, new.login, new.password, new.title, posts)
            made = _summary(session, session.get_one(Account, number))
            audit.write(session, "account", str(number), None, {"login": new.login, "posts": len(posts)})
            return made
    except IntegrityError as error:
        raise StaleError("there is an account of this login already", "choose another login", "login") from error


def give_post(database: Database, audit: Audit, account: int, new: NewPost) -> AccountSummary:
    """Give an account one more role.

    Raises:
        MissingError: there is no such account.

    """
    with database.writing() as session:
        found = _require(session, account)
        session.add(Assignment(account=account, **{**attrs.asdict(_asked(new)), "role": str(new.role)}))
        session.flush()
        audit.write(session, "account", str(account), None, {"role": str(new.role), "municipality": new.municipality})
        return _summary(session, found)


def give_program(database: Database, audit: Audit, account: int) -> str:
    """Return a secret by which a program acts in the usual role of an account.

    Raises:
        MissingError: there is no such account.

    """
    with database.writing() as session:
        _require(session, account)
        posts = sessions.assignments_of(session, account, datetime.now(UTC).date())
        secret = sessions.begin(session, account, posts[0].id if posts else None, "program")
        audit.write(session, "account", str(account), None, {"program": True})
    return secret


def dismiss(database: Database, audit: Audit, account: int) -> AccountSummary:
    """Close an account, and sign it out everywhere at once.

    Raises:
        MissingError: there is no such account.

    """
    with database.writing() as session:
        found = _require(session, account)
        found.active = False
        found.version += 1
        sessions.end_all(session, account)
        audit.write(session, "account", str(account), {"active": True}, {"active": False})
        return _summary(session, found)


def read_audit(
    database: Database, actor: Actor, reach: Reach, *, kind: str, subject: str, before: int | None, size: int
) -> list[AuditLineShown]:
    """Return entries of the audit, the newest first.

    Args:
        database: where they are stored.
        actor: who asks.
        reach: how far their right reaches: an officer sees their own municipality.
        kind: only about things of this kind; "" = all.
        subject: only about this thing; "" = all.
        before: only entries older than this one; None = from the newest.
        size: how many at most.

    """
    one = AuditEntry
    wanted = select(one).order_by(one.id.desc()).limit(size)
    if reach is not Reach.EVERYWHERE:
        wanted = wanted.where(one.municipality == actor.municipality)
    if kind:
        wanted = wanted.where(one.kind == kind)
    if subject:
        wanted = wanted.where(one.subject == subject)
    if before is not None:
        wanted = wanted.where(one.id < before)
    with database.reading() as session:
        return [
            AuditLineShown(
                id=each.id,
                at_ms=each.at_ms,
                actor=f"{each.role}:{each.account}",
                municipality=each.municipality,
                right=each.right,
                kind=each.kind,
                ids=each.ids,
                persons=each.persons,
                before=each.before,
                after=each.after,
            )
            for each in session.scalars(wanted)
        ]


def _require(session: Session, account: int) -> Account:
    found = session.get(Account, account, with_for_update=True)
    if found is None:
        raise MissingError("there is no such account", "take a number from /api/accounts")
    return found


def _asked(new: NewPost) -> accounts.Post:
    if new.role is Role.NOBODY:
        raise RequestError("nobody is no role to be given", "choose another role", "role")
    return accounts.Post(new.role, new.municipality, new.organisation, new.first_day, new.last_day)


def _summary(session: Session, account: Account) -> AccountSummary:
    posts = session.scalars(select(Assignment).where(Assignment.account == account.id).order_by(Assignment.id))
    return AccountSummary(
        id=account.id,
        login=account.login,
        title=account.title,
        active=account.active,
        version=account.version,
        posts=[_post(each) for each in posts],
    )


def _post(found: Assignment) -> Post:
    return Post(id=found.id, role=Role(found.role), municipality=found.municipality, organisation=found.organisation)
