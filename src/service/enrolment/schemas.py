"""What the queue API answers: exact shapes, which are also its description at /schema."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

Language = Literal["ru", "en"]
Reader = Literal["parent", "officer"]
Count = Annotated[int, Meta(ge=0)]
Entry = Annotated[int, Meta(ge=0, description="the last entry of the journal this follows from")]
Position = Annotated[int, Meta(ge=1, description="1-based")]
StepId = Annotated[
    str, Meta(description="id of a step of the rules, or of a reserve; empty when only the rules as a whole are told")
]
Sentences = Annotated[list[str], Meta(description="as a family is told it, in the language asked for")]


class Text(Struct, frozen=True):
    """A text people read, in Russian and in English."""

    ru: str
    en: str


class ServiceSummary(Struct, frozen=True, kw_only=True):
    """A service of a municipality, with the rules in force."""

    municipality: str
    service: str
    title: Text
    rules: Annotated[str, Meta(description="the digest of the rules in force", min_length=64, max_length=64)]
    on: Annotated[date, Meta(description="the day the queues are of")]
    entry: Entry


class QueueSummary(Struct, frozen=True, kw_only=True):
    """One queue of one service of a municipality."""

    id: Annotated[str, Meta(description="municipality/service/programme, or municipality/service/general")]
    url: Annotated[str, Meta(description="where its places are")]
    title: Text
    municipality: str
    service: str
    service_title: Text
    on: Annotated[date, Meta(description="the day the queue is of")]
    size: Count
    entry: Entry


class DecidingRule(Struct, frozen=True, kw_only=True):
    """The rule that puts a place behind the place before."""

    step: StepId
    title: Text


class PublicPlace(Struct, frozen=True, kw_only=True):
    """One place of a queue, without anything personal."""

    position: Position
    application: str
    decided_by: Annotated[DecidingRule | None, Meta(description="null at the head of the queue")]


class QueuePage(Struct, frozen=True, kw_only=True):
    """Some places of a queue, in their order."""

    queue: QueueSummary
    page: Annotated[int, Meta(ge=1)]
    pages: Annotated[int, Meta(ge=1)]
    size: Annotated[int, Meta(ge=1, le=200, description="places a page")]
    total: Annotated[int, Meta(ge=0, description="places in the queue")]
    places: list[PublicPlace]


class AheadByStep(Struct, frozen=True, kw_only=True):
    """How many of those ahead one rule decides, as far as it may be told."""

    step: StepId
    title: Text
    count: Annotated[int, Meta(ge=1)]


class Place(Struct, frozen=True, kw_only=True):
    """The application's place in one queue, and why."""

    queue: QueueSummary
    position: Position
    total: Annotated[int, Meta(ge=1)]
    ahead_by_step: Annotated[list[AheadByStep], Meta(description="the counts sum to position − 1")]
    sentences: Sentences


class Refusal(Struct, frozen=True, kw_only=True):
    """A queue the application wished for and is not in, and why."""

    queue: Annotated[str, Meta(description="the programme, the organisation none of whose programmes fits, or general")]
    reasons: Annotated[list[str], Meta(description="ids of conditions of the rules, or names of facts not known")]
    sentences: Sentences


class ApplicationStanding(Struct, frozen=True, kw_only=True):
    """Every place of an application, and why it is in no other queue."""

    municipality: str
    application: str
    service: str
    lang: Language
    entry: Entry
    status: str
    places: list[Place]
    not_in_queue: list[Refusal]


class QueuePosition(Struct, frozen=True, kw_only=True):
    """The place of an application in one queue, in short."""

    queue: str
    position: Annotated[int, Meta(ge=0, description="1-based; 0 = not in the queue")]
    total: Count
    entry: Entry


class HistoryStep(Struct, frozen=True, kw_only=True):
    """One entry of the journal that moved the place."""

    entry: Annotated[int, Meta(ge=1)]
    at_ms: Annotated[int, Meta(description="milliseconds since 1970, UTC")]
    change: Annotated[int, Meta(description="places; positive = further back")]
    position: Annotated[int, Meta(ge=0, description="the place after it; 0 = not in the queue")]


class ApplicationHistory(Struct, frozen=True, kw_only=True):
    """How a place has changed: the steps sum to the change, and what a family or an officer is told of it."""

    municipality: str
    application: str
    queue: str
    since: Entry
    entry: Entry
    before: Count
    after: Count
    steps: list[HistoryStep]
    sentences: Sentences


class ShownWish(Struct, frozen=True, kw_only=True):
    """One wish: a programme, or any programme of an organisation."""

    programme: str
    organisation: str
    title: str
    facts: dict[str, str]


class ShownDocument(Struct, frozen=True, kw_only=True):
    """A document and what came out of checking it."""

    document: str
    category: str
    title: Text
    state: Literal["waits", "confirmed", "refuted"]
    first_day: date | None
    last_day: date | None
    files: Annotated[list[str], Meta(description="ids of the files that were sent in")]


class ShownApplication(Struct, frozen=True, kw_only=True):
    """An application as whoever may see it sees it."""

    municipality: str
    application: str
    service: str
    number: Count
    status: str
    submitted_at: Annotated[str, Meta(description="civil time of the municipality")]
    child_name: str
    birth_date: date | None
    applicant_name: str
    phone: str
    email: str
    address: str
    channel: str
    facts: dict[str, str]
    wishes: list[ShownWish]
    documents: list[ShownDocument]
    offer: Annotated[str, Meta(description="the programme offered last; empty = none")]
    deadline: date | None
    version: Annotated[int, Meta(ge=1)]
    entry: Entry


class ApplicationLine(Struct, frozen=True, kw_only=True):
    """An application in a list."""

    municipality: str
    application: str
    service: str
    number: Count
    status: str
    child_name: str
    version: Annotated[int, Meta(ge=1)]


class ShownProgramme(Struct, frozen=True, kw_only=True):
    """A programme with its places."""

    municipality: str
    service: str
    programme: str
    organisation: str
    title: str
    takes: str
    is_open: bool
    capacity: Annotated[int, Meta(ge=0)] | None
    taken: Count
    free: Annotated[int, Meta(ge=0)] | None
    waiting: Count
    entry: Entry
