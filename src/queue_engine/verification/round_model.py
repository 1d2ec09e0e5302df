"""What the files of a round say, as far as they could be read (§9.2, §9.7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .findings import Report

FREEZE, RESULT = "freeze.jsonl", "result.jsonl"
GENERAL, HELD, OTHERS = "general", "held", "others"
MECHANISM = "deferred-acceptance"


@dataclass(frozen=True, slots=True)
class Folder:
    """Where a round is, and who takes the findings.

    Args:
        root: the folder of the round.
        prefix: what stands before the names of its files in findings.
        report: what takes the findings.

    """

    root: Path
    prefix: str
    report: Report

    def say(self, level: str, file: str, line: int, rule: str, message: str) -> None:
        """Report a finding."""
        self.report.add(level, self.prefix + file, line, rule, message)


@dataclass(frozen=True, slots=True)
class Reserve:
    """Seats set aside for a group; the entitled stand for their positions in the order of the programme."""

    name: str
    entitled: frozenset[int]
    seats: int
    after_general: bool
    keep: bool


@dataclass(slots=True)
class Programme:
    """A line of a programme; `position` is that in its order, from 1, `ends` are those of its tiers."""

    line: int
    name: str
    turn: str
    declared: int
    seats: int
    order: list[str]
    position: dict[str, int]
    norm: int | None = None
    withheld: int = 0
    ground: str = ""
    organisation: str = ""
    reserves: list[Reserve] = field(default_factory=list)
    holders: list[str] = field(default_factory=list)
    flows_to: str = ""
    interim: str = ""
    ties: str = ""
    tiers: list[list[str]] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    said: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Applicant:
    """A line of an applicant."""

    line: int
    name: str
    wishes: list[str]
    others: list[str]


@dataclass(slots=True)
class Bundle:
    """A line of applicants who come together or not at all."""

    line: int
    members: list[str]


@dataclass(slots=True)
class Frozen:
    """All that was frozen; `held` leads from an applicant to the programme held."""

    header: dict[str, Any]
    digest: str
    programmes: dict[str, Programme]
    applicants: dict[str, Applicant]
    bundles: list[Bundle]
    held: dict[str, str] = field(default_factory=dict)

    @property
    def passes(self) -> list[str]:
        """The passes in the order in which they run."""
        passes: list[str] = self.header["passes"]
        return passes


@dataclass(frozen=True, slots=True)
class Place:
    """What an applicant got; the programme is "" where it is nothing, the line 0 where it is no line."""

    programme: str = ""
    wish: int = 0
    turn: str = ""
    seat: str = ""
    interim: bool = False
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Cutoff:
    """The line of a programme in the result; without anybody placed, last is "" and position 0."""

    seats: int
    placed: int
    last: str = ""
    position: int = 0
    line: int = field(default=0, compare=False)


@dataclass(slots=True)
class Result:
    """All that came out."""

    header: dict[str, Any]
    cutoffs: dict[str, Cutoff]
    places: dict[str, Place]
