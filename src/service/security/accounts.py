"""Local accounts: made by whoever runs the service, for technical users and the example."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import attrs
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.models.access import Account, Assignment
from service.problems import RequestError
from service.security.audit import now_ms
from service.security.roles import Role

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # the least that OWASP names
_NO_ACCOUNT = _HASHER.hash("nobody has this password")


@attrs.frozen
class Post:
    """A role an account may act in.

    Args:
        role: the role.
        municipality: where; "" = everywhere.
        organisation: in which organisation; "" = in none.
        first_day: from which day; None = from the first.
        last_day: until which day, included; None = without end.

    """

    role: Role
    municipality: str = ""
    organisation: str = ""
    first_day: date | None = None
    last_day: date | None = None


def add_account(
    session: Session,
    login: str | None,
    password: str,
    title: str,
    posts: Iterable[Post],
    *,
    subject: str | None = None,
    person: str | None = None,
) -> int:
    """Add an account and return its number.

    Args:
        session: one that writes.
        login: the name to sign in with; None = only through a provider of identities.
        password: "" = none.
        title: what is shown beside the role.
        posts: the roles it may act in, the usual one first.
        subject: by what a provider of identities names it.
        person: the id in the registry of people.

    Raises:
        RequestError: the password is too short or too long.

    """
    account = Account(
        login=login,
        subject=subject,
        password=hash_password(password) if password else "",
        title=title,
        person=person,
        active=True,
        created_ms=now_ms(),
        version=1,
    )
    session.add(account)
    session.flush()
    for post in posts:
        session.add(Assignment(account=account.id, **{**attrs.asdict(post), "role": str(post.role)}))
    session.flush()
    return account.id


def hash_password(password: str) -> str:
    """Return what is kept of a password.

    Raises:
        RequestError: it is too short or too long.

    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        detail = f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters, this one has {len(password)}"
        raise RequestError(detail, "choose another one; a few words are fine", "password")
    return _HASHER.hash(password)


def find_account(session: Session, login: str, password: str) -> Account | None:
    """Return the active account of a login and its password; an unknown login takes as long as a wrong password."""
    account = session.scalar(select(Account).where(Account.login == login))
    kept = account.password if account is not None and account.password else _NO_ACCOUNT
    try:
        _HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return None
    return account if account is not None and account.active and account.password else None
