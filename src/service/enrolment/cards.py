"""The personal data of applications beside the journal: read from a request, stored together with the event."""

from __future__ import annotations

from datetime import date

import attrs
from sqlalchemy import insert
from sqlalchemy.orm import Session

from service import identity
from service.enrolment.filing_schemas import Address, NewApplication, PersonName
from service.enrolment.stated import Statements
from service.identity import IdentityError, Paper
from service.models import ApplicationCard
from service.security.keys import reference
from service.security.roles import Actor, Role

LINE = "\n"
"""Parts the lines of an address: street, house, district, the rest."""
_NO_PAPER = Paper("", "")


@attrs.frozen
class Card:
    """What is known of a child and of who files the application, as it is stored.

    Args:
        child_name: last, first and middle name.
        birth_date: the child's.
        paper: what the child is known by.
        snils: the insurance number; "" = none.
        address: street, house, district and the rest, a line each.
        applicant_name: who files it.
        phone: of the applicant.
        email: of the applicant.

    """

    child_name: str
    birth_date: date
    paper: Paper
    snils: str
    address: str
    applicant_name: str
    phone: str
    email: str

    def child_reference(self, secret: bytes) -> str:
        """Return the keyed hash by which a second application for the child is known."""
        return reference(secret, "child", str(self.paper))


def read_card(new: NewApplication, today: date, stated: Statements) -> Card:
    """Return the card of an application; what is wrong with it is noted in `stated`."""
    paper, snils, phone = _NO_PAPER, "", ""
    given = new.child.paper
    try:
        paper = identity.paper(given.kind, given.series, given.number)
    except IdentityError as error:
        stated.refuse("child.paper", "F110", f"expected {error.expected}", error.remedy)
    try:
        snils = identity.snils(new.child.snils) if new.child.snils.strip() else ""
    except IdentityError as error:
        stated.refuse("child.snils", "F111", f"expected {error.expected}", error.remedy)
    try:
        phone = identity.phone(new.applicant.phone)
    except IdentityError as error:
        stated.refuse("applicant.phone", "F112", f"expected {error.expected}", error.remedy)
    if new.child.birth_date > today:
        stated.refuse("child.birth_date", "F113", "the child is born after today", "write the day of birth")
    email = new.applicant.email.strip()
    if email and ("@" not in email[1:-1] or " " in email or not email.isprintable()):
        stated.refuse("applicant.email", "F114", "expected an address with @", "write it like name@example.ru")
    return Card(
        whole_name(new.child.name, "child.name", stated),
        new.child.birth_date,
        paper,
        snils,
        written_address(new.address),
        whole_name(new.applicant.name, "applicant.name", stated),
        phone,
        email,
    )


def whole_name(name: PersonName, field: str, stated: Statements) -> str:
    """Return a name in one line; what is wrong with its parts is noted."""
    parts = []
    for part, text in (("last", name.last), ("first", name.first), ("middle", name.middle)):
        if part == "middle" and not text.strip():
            continue
        try:
            parts.append(identity.name(text))
        except IdentityError as error:
            stated.refuse(f"{field}.{part}", "F115", f"expected {error.expected}", error.remedy)
    return " ".join(parts)


def written_address(address: Address) -> str:
    """Return an address as it is stored."""
    parts = (address.street, address.house, address.district, address.rest)
    return LINE.join(" ".join(part.split()) for part in parts).strip(LINE)


def address_parts(text: str) -> tuple[str, str, str, str]:
    r"""Return street, house, district and the rest of an address as it is stored.

    >>> address_parts("Мира\n7")
    ('Мира', '7', '', '')

    """
    street, house, district, rest = [*text.split(LINE), "", "", "", ""][:4]
    return street, house, district, rest


def store_card(session: Session, municipality: str, application: str, card: Card, actor: Actor) -> None:
    """Store the card of an application just filed; who files for others on paper does not own it."""
    owner = actor.account if actor.role in {Role.PARENT, Role.LEARNER} else None
    session.execute(
        insert(ApplicationCard).values(
            municipality=municipality,
            application=application,
            account=owner,
            child=None,
            child_name=card.child_name,
            birth_date=card.birth_date,
            papers=f"{card.paper} {card.snils}".strip(),
            address=card.address,
            applicant_name=card.applicant_name,
            phone=card.phone,
            email=card.email,
            channel=str(actor.role),
            version=1,
        )
    )
