"""The journals of municipalities as they are stored, and what is kept beside them to be found quickly."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from service.models.columns import KEY_LENGTH, BigNumber, Hash, Identifier, Key, MunicipalityKey
from service.models.record import Record


class JournalHead(Record):
    """The end of a journal: how many entries it has, and the hash of the last one.

    Whoever writes to the journal locks this row first, so that entries are numbered without gaps.
    `version` is that of the form of the entries.
    """

    __tablename__ = "journal_head"

    municipality: Mapped[MunicipalityKey]
    entries: Mapped[BigNumber]
    hash: Mapped[Hash]
    version: Mapped[int]


class JournalEntry(Record):
    """One entry of a journal: its canonical body, and the hash that binds it to all before it.

    `at`, `kind` and `key` repeat what the body says. `asked` is the digest of the request that was
    sent with the key, so that the same key with another request is noticed. Entries are never changed.
    """

    __tablename__ = "journal_entry"
    __table_args__ = (
        Index(
            "uq_journal_entry_municipality_key",
            "municipality",
            "key",
            unique=True,
            sqlite_where=text("key <> ''"),
            postgresql_where=text("key <> ''"),
        ),
    )

    municipality: Mapped[MunicipalityKey]
    entry: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[BigNumber]
    kind: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(KEY_LENGTH))
    asked: Mapped[bytes] = mapped_column(LargeBinary)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[Hash]


class ApplicationStatus(Record):
    """Where an application stands after the last entry that concerns it, whose number is its `version`.

    `child` is a keyed hash of the child's papers, made outside the journal; a child has one active
    application for a service in all municipalities together.
    """

    __tablename__ = "application_status"
    __table_args__ = (
        UniqueConstraint("municipality", "service", "number"),
        Index(
            "uq_application_status_child_service",
            "child",
            "service",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
    )

    municipality: Mapped[MunicipalityKey]
    id: Mapped[Key]
    service: Mapped[Identifier]
    number: Mapped[BigNumber]
    child: Mapped[str | None] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(20))
    active: Mapped[bool]
    version: Mapped[BigNumber]
