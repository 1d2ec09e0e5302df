"""Allocation rounds as the commission keeps them, with their files; and rule files from draft to publication."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.models.columns import KEY_LENGTH, BigNumber, Identifier, RowNumber
from service.models.record import Record


class Round(Record):
    """A round: frozen, run, approved by a second person, published; or annulled.

    `entry` is the entry of the journal it was frozen after, `deadline` the last day for answers; `figures` sums it up.
    """

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("municipality", "name"),)

    id: Mapped[RowNumber]
    municipality: Mapped[str] = mapped_column(String(KEY_LENGTH))
    service: Mapped[Identifier]
    name: Mapped[Identifier]
    state: Mapped[str] = mapped_column(String(20))
    entry: Mapped[BigNumber]
    freeze: Mapped[str] = mapped_column(String(64))
    result: Mapped[str] = mapped_column(String(64))
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    prepared_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_ms: Mapped[BigNumber]
    published_ms: Mapped[BigNumber | None]
    version: Mapped[int]


class RoundFile(Record):
    """A file of a round: what was frozen, what came out, lists, forms."""

    __tablename__ = "round_file"

    round: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(KEY_LENGTH), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))


class RuleFile(Record):
    """A rule file of a municipality: a draft with its problems, until a second person signs and publishes it.

    `digest` is that of the rule set it gives, by which journals name it; `entry` that of its publication.
    """

    __tablename__ = "rule_file"

    id: Mapped[RowNumber]
    municipality: Mapped[str] = mapped_column(String(KEY_LENGTH), index=True)
    service: Mapped[Identifier]
    name: Mapped[Identifier]
    text: Mapped[str]
    digest: Mapped[str] = mapped_column(String(64), index=True)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(20))
    prepared_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_ms: Mapped[BigNumber]
    entry: Mapped[BigNumber | None]
    version: Mapped[int]
