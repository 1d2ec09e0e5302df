"""A copy of the folder of a round in which somebody edits something, and what a finding has to name then."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from random import Random

import attrs
from tests.queue_engine.verification.slow_rounds import Outcome, Place
from tests.queue_engine.verification.small_rounds import Line, Round, dense, merkle

from queue_engine.verification import Finding

FREEZE, RESULT, PROTOCOL = "freeze.jsonl", "result.jsonl", "protocol.csv"
LISTS = (PROTOCOL, "placed.csv", "not_placed.csv", "refusals.csv")
IN_WORDS = ("reason", "decided_by")
"""Columns that are told in words, and not compared."""


class Unfit(Exception):  # noqa: N818 - no error: another edit is drawn
    """The edit drawn changes nothing, or there is nothing to edit."""


@attrs.frozen
class Trace:
    """What a finding has to name: one of the applications and programmes, or the line of the file.

    Args:
        file: what was edited.
        line: which line; 0 = none, or more than one.
        names: applications and programmes.

    """

    file: str
    line: int
    names: tuple[str, ...] = ()

    def is_named_by(self, finding: Finding) -> bool:
        """Say whether a finding names what was edited."""
        line = self.line and (finding.file, finding.entry) == (self.file, self.line)
        return bool(line) or any(repr(name) in finding.message for name in self.names)


@attrs.define(eq=False)
class Copy:
    """A copy of a round, to be edited.

    Args:
        folder: where it is.

    """

    folder: Path

    def lines(self, file: str) -> list[Line]:
        """Return the objects of a file."""
        return [json.loads(line) for line in (self.folder / file).read_bytes().splitlines()]

    def write(self, file: str, lines: list[Line]) -> None:
        """Write a file anew."""
        (self.folder / file).write_bytes(b"".join(dense(line) + b"\n" for line in lines))

    def rows(self, file: str) -> list[list[str]]:
        """Return the rows of a list, its columns first."""
        with (self.folder / file).open(encoding="utf-8", newline="") as text:
            return list(csv.reader(text))

    def write_rows(self, file: str, rows: list[list[str]]) -> None:
        """Write a list anew."""
        with (self.folder / file).open("w", encoding="utf-8", newline="") as text:
            csv.writer(text, lineterminator="\n").writerows(rows)

    def drawn(self, luck: Random, file: str, kind: str, part: str = "") -> tuple[int, list[Line]]:
        """Draw a line of a kind that has a part; return its index and all lines."""
        lines = self.lines(file)
        found = [at for at, line in enumerate(lines) if line["kind"] == kind and (not part or line.get(part))]
        if not found:
            raise Unfit
        return luck.choice(found), lines

    def round(self) -> Round:
        """Return what was frozen."""
        header, *lines = self.lines(FREEZE)
        by_kind: dict[str, list[Line]] = {"programme": [], "applicant": [], "bundle": []}
        for line in lines:
            by_kind[line["kind"]].append(line)
        return Round(
            header,
            {line["programme"]: line for line in by_kind["programme"]},
            {line["application"]: line for line in by_kind["applicant"]},
            [line["members"] for line in by_kind["bundle"]],
        )

    def digest(self) -> str:
        """Return the digest of what was frozen."""
        return hashlib.sha256((self.folder / FREEZE).read_bytes()).hexdigest()

    def mend(self) -> None:
        """Make the root of the list, and the digest in the result, fit what is frozen now."""
        lines = self.lines(FREEZE)
        lines[0]["list"] = merkle([line["application"] for line in lines if line["kind"] == "applicant"])
        self.write(FREEZE, lines)
        lines = self.lines(RESULT)
        lines[0]["freeze"] = self.digest()
        self.write(RESULT, lines)

    def derive(self, before: Outcome) -> None:
        """Make cut-offs and lists fit the places as they are now; seats flowed as they did."""
        lines = self.lines(RESULT)
        outcome = attrs.evolve(before, places=places_of(lines))
        frozen = self.round()
        for line in lines:
            if line["kind"] == "cutoff":
                line.pop("last", None)
                line.pop("position", None)
                line["placed"] = outcome.count(line["programme"])
                last = frozen.last(line["programme"], outcome)
                if last:
                    line["last"], line["position"] = last
        self.write(RESULT, lines)
        for name, content in frozen.lists(outcome).items():
            (self.folder / name).write_bytes(content)


def places_of(lines: list[Line]) -> dict[str, Place]:
    """Return the places that lines of a result tell of."""
    return {
        line["application"]: Place(line["programme"], line["wish"], line["pass"], line["seat"])
        for line in lines
        if line["kind"] == "placed"
    }
