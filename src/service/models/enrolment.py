"""The tables the queues are made from: services, programmes, applications, wishes and documents."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from service.models.columns import ID_LENGTH, Facts, Identifier, Key, OfService, RowNumber
from service.models.record import Record


class Service(Record):
    """One service of the municipality: kindergarten, grade 1, camp, college.

    `version` grows by one with every write to the rows of the service, in the same transaction.
    """

    __tablename__ = "services"

    id: Mapped[Key]
    rank: Mapped[int]
    rules: Mapped[Identifier]
    on_day: Mapped[date]
    dates: Mapped[dict[str, str]] = mapped_column(JSON)
    version: Mapped[int]


class Programme(Record):
    """A programme one may wish for; `takes` is the condition on who is taken, as written."""

    __tablename__ = "programmes"
    __table_args__ = (CheckConstraint("capacity >= 0", "capacity"),)

    service: Mapped[OfService]
    id: Mapped[Key]
    organisation: Mapped[Identifier]
    title: Mapped[str] = mapped_column(String(500))
    capacity: Mapped[int | None]
    takes: Mapped[str] = mapped_column(String(2_000))
    facts: Mapped[Facts]


class Application(Record):
    """An application; its number is unique within its service only."""

    __tablename__ = "applications"
    __table_args__ = (Index(None, "number"),)

    service: Mapped[OfService]
    number: Mapped[Key]
    facts: Mapped[Facts]


class Wish(Record):
    """One wish of an application: for a programme, or for any programme of an organisation."""

    __tablename__ = "wishes"
    __table_args__ = (
        ForeignKeyConstraint(["service", "application"], ["applications.service", "applications.number"]),
        ForeignKeyConstraint(["service", "programme"], ["programmes.service", "programmes.id"]),
        CheckConstraint("(organisation IS NULL) <> (programme IS NULL)", "one_of_two"),
        CheckConstraint("wish >= 1", "wish"),
        Index(None, "service", "application"),
    )

    id: Mapped[RowNumber]
    service: Mapped[Identifier]
    application: Mapped[Identifier]
    wish: Mapped[int]
    organisation: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    programme: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    facts: Mapped[Facts]


class Document(Record):
    """A document that confirms a right, from its first to its last day, both included; none = without end."""

    __tablename__ = "documents"
    __table_args__ = (
        ForeignKeyConstraint(["service", "application"], ["applications.service", "applications.number"]),
        CheckConstraint("first_day <= last_day", "days"),
        Index(None, "service", "application"),
    )

    id: Mapped[RowNumber]
    service: Mapped[Identifier]
    application: Mapped[Identifier]
    category: Mapped[Identifier]
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    confirmed: Mapped[bool]
