"""Reads what was frozen and what came out, line by line, and in the order the lines have to have (§9.2, §9.7)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Container, Hashable, Iterable, Mapping
from itertools import accumulate
from typing import Any, TypeVar

from .findings import short
from .round_forms import FREEZE_FORMS, RESULT_FORMS, formed_lines
from .round_model import (
    FREEZE,
    RESULT,
    Applicant,
    Bundle,
    Cutoff,
    Folder,
    Frozen,
    Place,
    Programme,
    Reserve,
    Result,
)

Key = TypeVar("Key", bound=Hashable)
_STAGES = {"round": 0, "programme": 1, "applicant": 2, "bundle": 3}


def read_freeze(folder: Folder) -> Frozen | None:
    """Return what was frozen, or None where some line of it cannot be read, or stands where it may not."""
    before = folder.report.count
    frozen = Frozen({}, "", {}, {}, [])
    stage = -1
    for line, kind, content in formed_lines(folder, FREEZE, FREEZE_FORMS, "§9.2"):
        if content is not None:
            if _STAGES[kind] < stage or (kind == "round") != (line == 1):
                folder.say("V5", FREEZE, line, "§9.2", f"a line of kind {kind} may not stand here")
            stage = max(stage, _STAGES[kind])
            wrong = _add(frozen, line, kind, content)
            if wrong:
                folder.say("V5", FREEZE, line, "§9.2", wrong)
    if folder.report.count == before and not frozen.header:
        folder.say("V5", FREEZE, 0, "§9.2", "there is no header; it has to be the first line")
    if folder.report.count > before:
        return None
    with (folder.root / FREEZE).open("rb") as file:
        frozen.digest = hashlib.file_digest(file, "sha256").hexdigest()
    for name, programme in frozen.programmes.items():
        for holder in programme.holders:
            frozen.held.setdefault(holder, name)
    return frozen


def _add(frozen: Frozen, line: int, kind: str, content: dict[str, Any]) -> str:
    """Add what a line says, and say what is wrong with where it stands."""
    if kind == "round":
        frozen.header = content
    elif kind == "programme":
        programme = _programme(line, content)
        last = next(reversed(frozen.programmes), "")
        if programme.name <= last:
            return _unsorted(programme.name, last)
        frozen.programmes[programme.name] = programme
    elif kind == "applicant":
        applicant = Applicant(line, content["application"], content["wishes"], content.get("others", []))
        if frozen.applicants.setdefault(applicant.name, applicant) is not applicant:
            return f"application {short(applicant.name)} has a line before"
    else:
        frozen.bundles.append(Bundle(line, content["members"]))
    return ""


def _unsorted(name: str, last: str) -> str:
    return f"programme {short(name)} comes after {short(last)}; programmes have to be sorted by id, each once"


def _programme(line: int, content: Mapping[str, Any]) -> Programme:
    order: list[str] = content["order"]
    position = {name: number for number, name in enumerate(order, 1)}
    tiers: list[list[str]] = content.get("tiers", [])
    return Programme(
        line,
        content["programme"],
        content["pass"],
        content["declared"],
        content["seats"],
        order,
        position,
        norm=content.get("norm"),
        withheld=content.get("withheld", 0),
        ground=content.get("ground", ""),
        organisation=content.get("organisation", ""),
        reserves=[_reserve(each, position) for each in content.get("reserves", ())],
        holders=content.get("holders", []),
        flows_to=content.get("flows_to", ""),
        interim=content.get("interim", ""),
        ties=content.get("ties", ""),
        tiers=tiers,
        others=content.get("others", []),
        ends=list(accumulate(map(len, tiers))),
        said=dict(content),
    )


def _reserve(content: Mapping[str, Any], position: Mapping[str, int]) -> Reserve:
    return Reserve(
        content["reserve"],
        frozenset(position[name] for name in content["entitled"] if name in position),
        content["seats"],
        content["filled"] == "after_general",
        content["unused"] == "keep",
    )


def read_result(folder: Folder, frozen: Frozen) -> Result | None:
    """Return what came out, or None where it cannot be read; lines that are missing or out of order are reported."""
    lines = _Lines(folder, frozen)
    header: dict[str, Any] = {}
    for line, kind, content in formed_lines(folder, RESULT, RESULT_FORMS, "§9.7"):
        lines.read = line
        if (kind == "result") != (line == 1) and content is not None:
            folder.say("V5", RESULT, line, "§9.7", f"a line of kind {kind} may not stand here")
        if content is None:
            continue
        if kind == "result":
            header = content
        elif kind == "cutoff":
            lines.add_cutoff(line, content)
        else:
            lines.add_place(line, content)
    if not lines.read:
        if (folder.root / RESULT).is_file():
            folder.say("V5", RESULT, 0, "§9.7", "there is no line; the first has to be the header")
        return None
    lines.miss()
    return Result(header, lines.cutoffs, lines.places)


class _Lines:
    """The lines of the result so far: one for every programme, and then one for every applicant."""

    def __init__(self, folder: Folder, frozen: Frozen) -> None:
        self._folder = folder
        self._frozen = frozen
        self.cutoffs: dict[str, Cutoff] = {}
        self.places: dict[str, Place] = {}
        self.read = 0

    def _say(self, line: int, message: str) -> None:
        self._folder.say("V5", RESULT, line, "§9.7", message)

    def _is_new(self, line: int, word: str, name: str, known: Container[str], found: Container[str]) -> bool:
        """Say whether a line may be read, and report it where it is about nobody known, or the second one."""
        if name not in known:
            self._say(line, f"{word} {short(name)} is not in {FREEZE}; it has to be")
        elif name in found:
            self._say(line, f"P1: {word} {short(name)} has a line before; it has to have one")
        return name in known and name not in found

    def add_cutoff(self, line: int, content: Mapping[str, Any]) -> None:
        name = content["programme"]
        if self.places:
            self._say(line, f"programme {short(name)} comes after applications; it has to come before them")
        if ("last" in content) != ("position" in content):
            self._say(line, f"programme {short(name)} has one of last and position; it has to have both or none")
        if self._is_new(line, "programme", name, self._frozen.programmes, self.cutoffs):
            told = (content["seats"], content["placed"], content.get("last", ""), content.get("position", 0))
            self.cutoffs[name] = Cutoff(*told, line=line)

    def add_place(self, line: int, content: Mapping[str, Any]) -> None:
        name = content["application"]
        if not self._is_new(line, "application", name, self._frozen.applicants, self.places):
            return
        if content["kind"] == "placed":
            told = (content["programme"], content["wish"], content["pass"], content["seat"], "interim" in content)
            self.places[name] = Place(*told, line=line)
        else:
            self.places[name] = Place(line=line)

    def miss(self) -> None:
        """Report those of whom nothing is said, and the first of whom it is said elsewhere."""
        self._complete("programme", self._frozen.programmes, self.cutoffs)
        self._complete("application", self._frozen.applicants, self.places)

    def _complete(self, word: str, expected: Iterable[str], found: Mapping[str, Cutoff | Place]) -> None:
        for name in expected:
            if name not in found:
                self._say(0, f"P1: {word} {short(name)} has no line; it has to have one")
        stray = first_stray(found, expected)
        if stray:
            told = f"{word} {short(stray[0])} stands where {short(stray[1])} has to; lines stand as in {FREEZE}"
            self._say(found[stray[0]].line, told)


def first_stray(found: Collection[Key], expected: Iterable[Key]) -> tuple[Key, Key] | None:
    """Return who is the first to stand where another has to, and that other; None if there is nobody.

    Args:
        found: each once; all of them are expected.
        expected: in their order.

    >>> first_stray(["a", "d", "b"], "abcd")
    ('d', 'b')

    """
    there = set(found)
    wanted = (key for key in expected if key in there)
    return next(((one, other) for one, other in zip(found, wanted, strict=True) if one != other), None)
