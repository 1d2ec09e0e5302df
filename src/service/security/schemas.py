"""What signing in takes and answers."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from service.security.roles import Role

Login = Annotated[str, Meta(min_length=1, max_length=128)]
Password = Annotated[str, Meta(min_length=1, max_length=200)]
Place = Annotated[str, Meta(max_length=120)]


class Credentials(Struct, frozen=True, forbid_unknown_fields=True):
    """A local account and its password."""

    login: Login
    password: Password


class Post(Struct, frozen=True, kw_only=True):
    """A role somebody may act in."""

    id: Annotated[int, Meta(ge=1)]
    role: Role
    municipality: Annotated[str, Meta(description="empty: everywhere")]
    organisation: Annotated[str, Meta(description="empty: in none")]


class Me(Struct, frozen=True, kw_only=True):
    """Who is asking."""

    account: Annotated[int, Meta(ge=0, description="0 when nobody is signed in")]
    title: str
    acting: Annotated[Post | None, Meta(description="the role acted in; null when nobody is signed in")]
    posts: list[Post]


class RoleChoice(Struct, frozen=True, forbid_unknown_fields=True):
    """Which of one's roles to act in from now on."""

    post: Annotated[int, Meta(ge=1, description="the id of one of `posts` of /api/me")]


class ProgramSecret(Struct, frozen=True):
    """The secret of a program; it is shown once."""

    secret: Annotated[str, Meta(description="to be sent as Authorization: Bearer …", min_length=32)]


class NewPost(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A role to be given to an account."""

    role: Role
    municipality: Place = ""
    organisation: Place = ""
    first_day: date | None = None
    last_day: date | None = None


class NewAccount(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account to be made."""

    login: Login
    password: Annotated[str, Meta(min_length=12, max_length=200)]
    title: Annotated[str, Meta(max_length=200)] = ""
    posts: Annotated[list[NewPost], Meta(max_length=50)] = []


class AccountSummary(Struct, frozen=True, kw_only=True):
    """An account, without anything secret."""

    id: Annotated[int, Meta(ge=1)]
    login: str | None
    title: str
    active: bool
    version: int
    posts: list[Post]


class AuditLineShown(Struct, frozen=True, kw_only=True):
    """One entry of the audit."""

    id: int
    at_ms: int
    actor: str
    municipality: str
    right: str
    kind: str
    ids: list[str]
    persons: list[str]
    before: dict[str, object] | None
    after: dict[str, object] | None
