"""What is sent about rule files, and what is answered."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from service.enrolment.filing_schemas import Id, Note
from service.enrolment.schemas import Text

LONGEST_TEXT = 1_000_000


class NewRuleFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule file to be checked and kept as a draft."""

    service: Id
    name: Annotated[str, Meta(min_length=1, max_length=120, description="what people call it")]
    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT, description="the file itself")]


class RuleProblem(Struct, frozen=True, kw_only=True):
    """What is wrong with a rule file: where, what was found, what to do."""

    line: Annotated[int, Meta(ge=0, description="0 = the whole file")]
    column: Annotated[int, Meta(ge=0)]
    width: Annotated[int, Meta(ge=0, description="how many characters are meant")]
    code: str
    severity: str
    message: str
    expected: str
    remedy: str


class RuleFileSummary(Struct, frozen=True, kw_only=True):
    """A rule file and how far it is."""

    id: Annotated[int, Meta(ge=1)]
    municipality: str
    service: str
    name: str
    state: Literal["draft", "published", "withdrawn"]
    digest: Annotated[str, Meta(description="of the rule set it gives; empty while it has errors")]
    problems: list[RuleProblem]
    prepared_by: int | None
    signed_by: int | None
    created_ms: int
    entry: Annotated[int | None, Meta(description="of its publication")]
    version: Annotated[int, Meta(ge=1)]


class RuleFileText(Struct, frozen=True, kw_only=True):
    """A rule file, with its text."""

    file: RuleFileSummary
    text: str
    in_words: Annotated[list[str], Meta(description="the rules as a page to be signed, in Russian")]


class Signature(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is signed: the digest of the rules one has read, and the days of their named dates."""

    digest: Annotated[str, Meta(min_length=64, max_length=64)]
    dates: Annotated[dict[str, date], Meta(max_length=50, description="those left out stay as they are")] = field(
        default_factory=dict
    )
    note: Note = ""


class QueueImpact(Struct, frozen=True, kw_only=True):
    """What other rules would change in one queue."""

    queue: str
    title: Text
    before: Annotated[int, Meta(ge=0)]
    after: Annotated[int, Meta(ge=0)]
    forward: Annotated[int, Meta(ge=0, description="how many would stand nearer the head")]
    back: Annotated[int, Meta(ge=0)]
    joined: Annotated[int, Meta(ge=0)]
    left: Annotated[int, Meta(ge=0)]
    largest: Annotated[int, Meta(ge=0, description="the largest move, in places")]


class LargeMove(Struct, frozen=True, kw_only=True):
    """One of the largest moves."""

    queue: str
    application: str
    before: Annotated[int, Meta(ge=0)]
    after: Annotated[int, Meta(ge=0)]


class Impact(Struct, frozen=True, kw_only=True):
    """What a rule file would change in today's queues."""

    entry: int
    on: date
    queues: list[QueueImpact]
    moved: Annotated[int, Meta(ge=0, description="applications that would move in some queue")]
    largest: list[LargeMove]
