"""What the queue API answers: exact shapes, which are also its description at /schema."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

Language = Literal["ru", "en"]
Count = Annotated[int, Meta(ge=0)]
Position = Annotated[int, Meta(ge=1, description="1-based")]
StepId = Annotated[
    str, Meta(description="id of a step of the rules, or of a reserve; empty when only the rules as a whole are told")
]
Sentences = Annotated[list[str], Meta(description="as a family is told it, in the language asked for")]


class Text(Struct, frozen=True):
    """A text people read, in Russian and in English."""

    ru: str
    en: str


class QueueSummary(Struct, frozen=True, kw_only=True):
    """One queue of one service."""

    id: Annotated[str, Meta(description="service/programme, or service/general")]
    url: Annotated[str, Meta(description="where its places are")]
    title: Text
    service: Annotated[str, Meta(description="id of the service")]
    service_title: Text
    on: Annotated[date, Meta(description="the day the queue is computed for")]
    size: Count


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

    service: str
    service_title: Text
    queue: Annotated[str, Meta(description="the programme, the organisation none of whose programmes fits, or general")]
    reasons: Annotated[list[str], Meta(description="ids of conditions of the rules, or names of facts not known")]
    sentences: Sentences


class ApplicationStanding(Struct, frozen=True, kw_only=True):
    """Every place of the applications of one number; services number theirs independently of each other."""

    application: str
    lang: Language
    services: Annotated[list[str], Meta(description="the services that have an application of this number")]
    places: list[Place]
    not_in_queue: list[Refusal]
