"""Accounts, the roles they may act in, who is signed in, and the record of what they did."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from service.models.columns import KEY_LENGTH, BigNumber, Identifier, RowNumber
from service.models.record import Record

_COUNTED = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up in integers only


class Account(Record):
    """Somebody who may sign in: by `subject` through a provider of identities, or by `login` and password.

    `password` is the hash that argon2 makes; "" = none. `person` is the id in the registry of people.
    """

    __tablename__ = "account"

    id: Mapped[RowNumber]
    login: Mapped[str | None] = mapped_column(String(KEY_LENGTH), unique=True)
    subject: Mapped[str | None] = mapped_column(String(255), unique=True)
    password: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(200))
    person: Mapped[str | None] = mapped_column(String(32), index=True)
    active: Mapped[bool]
    created_ms: Mapped[BigNumber]
    version: Mapped[int]


class Assignment(Record):
    """A role of an account, in a municipality and an organisation where the role has them, between two days."""

    __tablename__ = "assignment"

    id: Mapped[RowNumber]
    account: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    municipality: Mapped[Identifier]
    organisation: Mapped[Identifier]
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]


class SignIn(Record):
    """Somebody who is signed in; `digest` is the hash of the secret their browser or program holds.

    `kind` is browser or program: a program sends its secret in a header, and needs no token against forged requests.
    """

    __tablename__ = "sign_in"

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    account: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    assignment: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"))
    kind: Mapped[str] = mapped_column(String(10))
    begun_ms: Mapped[BigNumber]
    seen_ms: Mapped[BigNumber]


class AuditEntry(Record):
    """What somebody did or read: the right used, on what, about whom.

    `ids` names the things, `persons` the people in the registry; `before` and `after` the columns that changed.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(None, "kind", "subject"),
        Index(None, "account", "at_ms"),
    )

    id: Mapped[int] = mapped_column(_COUNTED, primary_key=True)
    at_ms: Mapped[BigNumber]
    account: Mapped[int]
    role: Mapped[str] = mapped_column(String(20))
    municipality: Mapped[Identifier]
    right: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(80))
    subject: Mapped[Identifier]
    ids: Mapped[list[str]] = mapped_column(JSON)
    persons: Mapped[list[str]] = mapped_column(JSON)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
