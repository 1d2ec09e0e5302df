"""What is sent to hold a round, and what is answered."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from service.enrolment.filing_schemas import Id, Note, Reason

RoundName = Annotated[
    str,
    Meta(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:@-]*$", description="like 2026-09-main"),
]
RoundState = Literal["frozen", "run", "approved", "published", "annulled"]
Count = Annotated[int, Meta(ge=0)]


class NewRound(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A round to be frozen: from here on nobody can change what it is computed from."""

    service: Id
    name: RoundName


class Publication(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Until which day families may answer the offers of a round."""

    deadline: date


class Annulment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a round is annulled, and on what paper that rests."""

    reason: Reason
    basis: Reason


class Approval(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The result that is approved, so that nobody approves another one than they have read."""

    result: Annotated[str, Meta(min_length=64, max_length=64, description="the digest of the result")]
    note: Note = ""


class RoundFigures(Struct, frozen=True, kw_only=True):
    """A round in numbers."""

    applicants: Count = 0
    programmes: Count = 0
    seats: Count = 0
    placed: Count = 0
    first_wish: Count = 0
    not_placed: Count = 0
    left_free: Count = 0


class RoundSummary(Struct, frozen=True, kw_only=True):
    """A round and how far it is."""

    municipality: str
    service: str
    name: str
    state: RoundState
    entry: Annotated[int, Meta(ge=0, description="the entry of the journal it was frozen after")]
    freeze: Annotated[str, Meta(description="the digest of what it is computed from")]
    result: Annotated[str, Meta(description="the digest of what came out; empty before it was run")]
    figures: RoundFigures
    prepared_by: Annotated[int | None, Meta(description="the account")]
    approved_by: int | None
    created_ms: int
    published_ms: int | None
    files: list[str]
    version: Annotated[int, Meta(ge=1)]


class ProgrammeReview(Struct, frozen=True, kw_only=True):
    """A programme in a round: places beside those who wish for them."""

    programme: str
    title: str
    organisation: str
    seats: Count
    placed: Count
    free: Count
    wished: Annotated[int, Meta(ge=0, description="applicants who wish for it")]
    waiting: Annotated[int, Meta(ge=0, description="of them without any place after the round")]
    last: Annotated[str, Meta(description="the last one placed by the order; empty = nobody")]


class RedFlag(Struct, frozen=True, kw_only=True):
    """Something to look at before a round is approved."""

    kind: Literal["waits_for_confirmation", "expired_document", "same_child"]
    application: str
    detail: str


class RoundReview(Struct, frozen=True, kw_only=True):
    """What the commission looks at before it approves a round."""

    round: RoundSummary
    programmes: list[ProgrammeReview]
    flags: list[RedFlag]


class RoundMove(Struct, frozen=True, kw_only=True):
    """What an applicant gets in a round."""

    application: str
    programme: str
    title: str
    wish: Annotated[int, Meta(ge=0, description="which of the wishes; 0 = none of them")]
    seat: str


class Offers(Struct, frozen=True, kw_only=True):
    """What a published round became."""

    round: RoundSummary
    offered: Count
    left: Annotated[list[str], Meta(description="who got a place and stood in no queue any more; nothing was offered")]
