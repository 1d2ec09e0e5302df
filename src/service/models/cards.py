"""What is known of an application beside its journal: whose it is, the child's papers, the files that were sent in."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, ForeignKeyConstraint, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from service.models.columns import BigNumber, Identifier, Key, MunicipalityKey
from service.models.record import Record


class ApplicationCard(Record):
    """The personal data of an application; a journal holds none.

    `account` is who filed it and may see it; none = filed on paper. `child` is the id of the child in the registry of
    people, as far as it is linked.
    """

    __tablename__ = "application_card"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "application"], ["application_status.municipality", "application_status.id"]
        ),
    )

    municipality: Mapped[MunicipalityKey]
    application: Mapped[Key]
    account: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    child: Mapped[str | None] = mapped_column(String(32), index=True)
    child_name: Mapped[str] = mapped_column(String(300))
    birth_date: Mapped[date | None]
    papers: Mapped[str] = mapped_column(String(100))
    address: Mapped[str] = mapped_column(String(500))
    applicant_name: Mapped[str] = mapped_column(String(300))
    phone: Mapped[str] = mapped_column(String(20))
    email: Mapped[str] = mapped_column(String(254))
    channel: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]


class Upload(Record):
    """A file that proves a right; `document` is the document of the journal it belongs to."""

    __tablename__ = "upload"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality", "application"], ["application_status.municipality", "application_status.id"]
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    municipality: Mapped[Identifier]
    application: Mapped[Identifier] = mapped_column(index=True)
    document: Mapped[Identifier]
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    account: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at_ms: Mapped[BigNumber]
