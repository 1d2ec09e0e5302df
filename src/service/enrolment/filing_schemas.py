"""What is sent to file and change applications, and what is answered."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

Id = Annotated[str, Meta(min_length=1, max_length=120)]
Reason = Annotated[str, Meta(min_length=1, max_length=2_000)]
Note = Annotated[str, Meta(max_length=2_000)]
NamePart = Annotated[str, Meta(min_length=1, max_length=100)]
FactTexts = Annotated[
    dict[str, str],
    Meta(max_length=100, description="facts by name, each as rule files write it: yes, 2026-09-01, full_day, 4.75"),
]


class PersonName(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A name as it stands in the papers; `middle` is empty where there is none."""

    last: NamePart
    first: NamePart
    middle: Annotated[str, Meta(max_length=100)] = ""


class ChildPaper(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The paper the child is known by; a child has one active application for a service by it."""

    kind: Literal["birth_certificate", "passport", "foreign", "birth_act"]
    series: Annotated[str, Meta(max_length=20)] = ""
    number: Annotated[str, Meta(min_length=1, max_length=40)]


class Child(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The child an application is for."""

    name: PersonName
    birth_date: date
    paper: ChildPaper
    snils: Annotated[str, Meta(max_length=20, description="empty where there is none")] = ""


class Address(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the child lives; by it the assigned territory is found."""

    street: Annotated[str, Meta(max_length=200)] = ""
    house: Annotated[str, Meta(max_length=40)] = ""
    district: Annotated[str, Meta(max_length=200)] = ""
    rest: Annotated[str, Meta(max_length=200, description="town, flat, index")] = ""


class Applicant(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who files the application."""

    name: PersonName
    phone: Annotated[str, Meta(max_length=30)] = ""
    email: Annotated[str, Meta(max_length=254)] = ""


class WishFor(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One wish: a programme, or any programme of an organisation."""

    programme: Annotated[str, Meta(max_length=120)] = ""
    organisation: Annotated[str, Meta(max_length=120)] = ""


Wishes = Annotated[list[WishFor], Meta(min_length=1, max_length=200, description="the most wanted first")]


class NewApplication(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An application to be filed."""

    municipality: Id
    service: Id
    child: Child
    applicant: Applicant
    wishes: Wishes
    address: Address = field(default_factory=Address)
    facts: FactTexts = field(default_factory=dict)


class Receipt(Struct, frozen=True, kw_only=True):
    """What became of a command on an application."""

    municipality: str
    application: str
    service: str
    number: Annotated[int, Meta(ge=0, description="the registration number within the service")]
    status: str
    entry: Annotated[int, Meta(ge=1, description="the entry of the journal")]
    version: Annotated[int, Meta(ge=1, description="to be named in If-Match by the next change")]


class NewWishes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The wishes from now on."""

    wishes: Wishes


class Because(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why something is done, and on what paper it rests where an official does it."""

    reason: Note = ""
    basis: Note = ""


class Review(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an officer decides on an application that came in."""

    outcome: Literal["taken", "confirm_data", "registered", "refused"]
    reason: Note = ""
    basis: Note = ""
    deadline: date | None = None


class Correction(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Facts that were wrong, and the paper that shows it."""

    facts: FactTexts = field(default_factory=dict)
    forgotten: Annotated[list[Id], Meta(max_length=100)] = field(default_factory=list)
    reason: Reason
    document: Reason


class WishFacts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Facts that hold at one wish: a brother or sister there, the assigned territory."""

    programme: Annotated[str, Meta(max_length=120)] = ""
    organisation: Annotated[str, Meta(max_length=120)] = ""
    facts: FactTexts = field(default_factory=dict)
    forgotten: Annotated[list[Id], Meta(max_length=100)] = field(default_factory=list)
    reason: Note = ""


class NewDocument(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A document that is to confirm a right, from its first to its last day."""

    category: Id
    first_day: date | None = None
    last_day: date | None = None
    evidence: Note = ""
    file_name: Annotated[str, Meta(max_length=200)] = ""
    content: Annotated[
        str, Meta(max_length=14_000_000, description="the file in base64: PDF, JPEG or PNG, 10 MB at most")
    ] = ""


class Judgement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What came out of checking a document."""

    outcome: Literal["confirmed", "refuted"]
    first_day: date | None = None
    last_day: date | None = None
    evidence: Note = ""
    reason: Note = ""


class OfferAnswer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The family's answer to the place it was offered."""

    answer: Literal["accept", "decline"]
    programme: Id
    reason: Note = ""
    deadline: date | None = None


class Enrolment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The next step of who accepted a place: the contract is prepared, or the child is enrolled by an order."""

    step: Literal["contract", "enrolled"]
    programme: Id
    basis: Note = ""
    deadline: date | None = None


class ExceptionalPlace(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place given past the queue, by the decision of a court or another authority."""

    programme: Id
    document: Reason
    basis: Reason
    seat: Reason
    deadline: date | None = None


class Contact(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the family is reached."""

    phone: Annotated[str, Meta(max_length=30)] = ""
    email: Annotated[str, Meta(max_length=254)] = ""


class NewProgramme(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A programme that is opened: a group, a class, a shift, a specialty."""

    service: Id
    programme: Id
    organisation: Annotated[str, Meta(max_length=120)] = ""
    title: Annotated[str, Meta(max_length=500)] = ""
    capacity: Annotated[int, Meta(ge=0, le=100_000)] | None = None
    takes: Annotated[str, Meta(max_length=2_000, description="the condition on who is taken, as rules write it")] = ""
    facts: FactTexts = field(default_factory=dict)


class NewCapacity(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many places a programme has from now on, and why."""

    capacity: Annotated[int, Meta(ge=0, le=100_000)]
    reason: Reason
    basis: Reason


class Closing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a programme is closed."""

    reason: Reason
    basis: Note = ""


class ProgrammeReceipt(Struct, frozen=True, kw_only=True):
    """What became of a command on a programme."""

    municipality: str
    programme: str
    entry: Annotated[int, Meta(ge=1)]
