"""Rule documents: whether they have the shape they need, and what they say (§6)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from .ages import Conventions
from .conditions import TODAY, Condition, ConditionError, Fact, Names, condition
from .encoding import EncodingError, read
from .events import is_day, is_digest
from .files import names as names_in
from .files import readable
from .findings import Report, short

_PER = ("application", "entry", "programme")
_TYPES = ("yes_no", "date", "instant", "number", "decimal", "choice")
_UNKNOWN = ("no", "last", "refuse")
_MOST_DIGITS = 15
_PERCENT = 100
_NEVER, _ALWAYS = 1 << 31, -(1 << 31)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of a step: the grounds of which one has to hold, unless it is for everyone else."""

    id: str
    everyone_else: bool
    grounds: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of an order."""

    id: str
    kind: str
    fact: str = ""
    when: Condition | None = None
    groups: tuple[Group, ...] = ()

    def conditions(self) -> list[Condition]:
        """Return the conditions of the step."""
        return ([self.when] if self.when else []) + [ground for group in self.groups for ground in group.grounds]


@dataclass(frozen=True, slots=True)
class Reserve:
    """A reserve that moves places."""

    id: str
    kind: str
    amount: int
    when: Condition


@dataclass(frozen=True, slots=True)
class Version:
    """The rules of some days."""

    first: int
    last: int
    names: Names
    eligible: tuple[Condition, ...]
    order: tuple[Step, ...]
    reserves: tuple[Reserve, ...]

    def conditions(self) -> list[Condition]:
        """Return every condition that decides."""
        steps = [held for step in self.order for held in step.conditions()]
        return [*self.eligible, *steps, *(reserve.when for reserve in self.reserves)]

    def needed(self) -> frozenset[str]:
        """Return the facts that have to be known of whoever is in a queue."""
        named = {step.fact for step in self.order if step.fact}
        named.update(*(held.facts for held in self.conditions()))
        return frozenset(name for name in named if name in self.names.facts and self._refuses(name))

    def _refuses(self, name: str) -> bool:
        return self.names.facts[name].unknown == "refuse"

    def alike(self) -> tuple[object, ...]:
        """Return what has to agree for the rules of two orders to be alike (§7)."""
        steps = tuple((step.id, step.kind, step.fact, tuple(group.id for group in step.groups)) for step in self.order)
        return steps, tuple((reserve.id, reserve.kind, reserve.amount) for reserve in self.reserves)


@dataclass(frozen=True, slots=True)
class RuleDocument:
    """A rule document; `dates` gives every named date the one it stands for when nothing else is given, or ""."""

    facts: Mapping[str, Fact]
    dates: Mapping[str, str]
    given: Mapping[str, int]
    versions: tuple[Version, ...]

    def version(self, day: int) -> Version | None:
        """Return the rules of a day, if there are any."""
        return next((version for version in self.versions if version.first <= day <= version.last), None)

    def day(self, name: str, today: int, published: Mapping[str, int]) -> int | None:
        """Return the day of a named date, or None where nothing gives it."""
        for _ in range(len(self.dates) + 1):
            if name == TODAY:
                return today
            if name in published or name in self.given:
                return published.get(name, self.given.get(name))
            name = self.dates.get(name, "")
        return None


class _Reader:
    """Reads a document, and notes every place whose shape is not what it has to be."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def problem(self, where: str, found: object, needed: str) -> None:
        self.problems.append(f"{where} is {short(found)}; it has to be {needed}")

    def text(self, holder: dict[str, Any], name: str, where: str) -> str:
        value = holder.get(name)
        if isinstance(value, str) and value:
            return value
        self.problem(f"{where}.{name}", value, "a text")
        return ""

    def one_of(self, holder: dict[str, Any], name: str, where: str, words: tuple[str, ...]) -> str:
        value = holder.get(name)
        if isinstance(value, str) and value in words:
            return value
        self.problem(f"{where}.{name}", value, "one of " + " ".join(words))
        return words[0]

    def integer(self, holder: dict[str, Any], name: str, where: str, least: int, most: int) -> int:
        value = holder.get(name)
        if type(value) is int and least <= value <= most:
            return value
        self.problem(f"{where}.{name}", value, f"an integer from {least} to {most}")
        return least

    def object(self, holder: dict[str, Any], name: str, where: str) -> dict[str, Any]:
        value = holder.get(name, {})
        if isinstance(value, dict):
            return value
        self.problem(f"{where}.{name}", value, "an object")
        return {}

    def objects(self, holder: dict[str, Any], name: str, where: str) -> list[tuple[str, dict[str, Any]]]:
        """Return the objects of a list, each with its place."""
        value = holder.get(name, [])
        if not isinstance(value, list):
            self.problem(f"{where}.{name}", value, "a list")
            return []
        found = []
        for number, item in enumerate(value):
            if isinstance(item, dict):
                found.append((f"{where}.{name}[{number}]", item))
            else:
                self.problem(f"{where}.{name}[{number}]", item, "an object")
        return found

    def condition(self, holder: dict[str, Any], where: str, names: Names) -> Condition:
        try:
            return condition(self.text(holder, "when", where), names)
        except ConditionError as error:
            self.problem(f"{where}.when", holder.get("when"), f"a condition: {error}")
            return Condition(lambda _: False, frozenset(), frozenset())

    def ids(self, parts: list[tuple[str, dict[str, Any]]]) -> None:
        """Note ids that two parts of one list share."""
        seen: set[object] = set()
        for where, part in parts:
            name = self.text(part, "id", where)
            if name in seen:
                self.problem(f"{where}.id", name, "another than before")
            seen.add(name)


def load(content: dict[str, Any]) -> tuple[RuleDocument, list[str]]:
    """Return a rule document, and what is wrong with its shape.

    >>> load({"id": "r", "versions": 1})[1]
    ['document.versions is 1; it has to be a list', 'document.versions is []; it has to be at least one']
    """
    reader = _Reader()
    reader.text(content, "id", "document")
    if "utc_offset" in content:
        reader.integer(content, "utc_offset", "document", -1440, 1440)
    facts = _facts(reader, content)
    dates = _dates(reader, content)
    given = reader.object(content, "given", "document")
    for name, day in given.items():
        if not is_day(day):
            reader.problem(f"document.given.{name}", day, "a day")
    categories = content.get("categories", [])
    if not isinstance(categories, list) or not all(isinstance(category, str) for category in categories):
        reader.problem("document.categories", categories, "a list of names")
        categories = []
    versions = []
    for where, item in reader.objects(content, "versions", "document"):
        names = Names(facts, frozenset(dates), frozenset(categories), _conventions(reader, item, where))
        versions.append(_version(reader, item, where, names))
    if not versions:
        reader.problem("document.versions", versions, "at least one")
    ordered = sorted(versions, key=lambda version: version.first)
    for one, other in pairwise(ordered):
        if other.first <= one.last:
            reader.problem("document.versions", [one.first, one.last, other.first], "no two for one day")
    return RuleDocument(facts, dates, given, tuple(versions)), reader.problems


def _facts(reader: _Reader, content: dict[str, Any]) -> dict[str, Fact]:
    facts = {}
    for name, value in reader.object(content, "facts", "document").items():
        where = f"document.facts.{name}"
        if not isinstance(value, dict):
            reader.problem(where, value, "an object")
            continue
        kind = reader.one_of(value, "type", where, _TYPES)
        digits = reader.integer(value, "digits", where, 0, _MOST_DIGITS) if kind == "decimal" else 0
        per, unknown = reader.one_of(value, "per", where, _PER), reader.one_of(value, "unknown", where, _UNKNOWN)
        facts[name] = Fact(per, kind, unknown, digits)
    return facts


def _dates(reader: _Reader, content: dict[str, Any]) -> dict[str, str]:
    dates = {}
    for name, value in reader.object(content, "dates", "document").items():
        where = f"document.dates.{name}"
        if not isinstance(value, dict):
            reader.problem(where, value, "an object")
            continue
        dates[name] = reader.text(value, "default", where) if "default" in value else ""
    for name, default in dates.items():
        at, seen = default, {name}
        while at in dates and at not in seen:
            seen.add(at)
            at = dates[at]
        if at in seen or at not in (TODAY, ""):
            reader.problem(f"document.dates.{name}.default", default, "another named date, or today")
    return dates


def _conventions(reader: _Reader, item: dict[str, Any], where: str) -> Conventions:
    conventions = reader.object(item, "conventions", where)
    where += ".conventions"
    day_after = reader.one_of(conventions, "age_reached", where, ("on_birthday", "day_after")) == "day_after"
    return Conventions(day_after, reader.one_of(conventions, "born_29_feb", where, ("mar_1", "feb_28")) == "mar_1")


def _version(reader: _Reader, item: dict[str, Any], where: str, names: Names) -> Version:
    first = reader.integer(item, "first", where, _ALWAYS + 1, _NEVER - 1) if "first" in item else _ALWAYS
    last = reader.integer(item, "last", where, _ALWAYS + 1, _NEVER - 1) if "last" in item else _NEVER
    if last < first:
        reader.problem(f"{where}.last", last, f"{first} or later")
    eligible = reader.objects(item, "eligible", where)
    order = reader.objects(item, "order", where)
    reserves = reader.objects(item, "reserves", where)
    if "ties" in item:
        reader.one_of(item, "ties", where, ("lottery", "overfill", "underfill"))
    for parts in (eligible, order, reserves):
        reader.ids(parts)
    return Version(
        first,
        last,
        names,
        tuple(reader.condition(part, place, names) for place, part in eligible),
        tuple(_step(reader, part, place, names) for place, part in order),
        _reserves(reader, reserves, names),
    )


def _step(reader: _Reader, part: dict[str, Any], where: str, names: Names) -> Step:
    kind = reader.one_of(part, "kind", where, ("groups", "yes_first", "highest", "lowest", "earliest"))
    name = str(part.get("id"))
    if kind == "groups":
        return Step(name, kind, groups=_groups(reader, part, where, names))
    if kind == "yes_first":
        return Step(name, kind, when=reader.condition(part, where, names))
    fact = reader.text(part, "fact", where)
    if fact not in names.facts or names.facts[fact].type == "choice":
        reader.problem(f"{where}.fact", fact, "a fact of the document that is no choice")
    return Step(name, kind, fact)


def _groups(reader: _Reader, part: dict[str, Any], where: str, names: Names) -> tuple[Group, ...]:
    groups = reader.objects(part, "groups", where)
    reader.ids(groups)
    grounds: dict[str, list[Condition]] = {str(group.get("id")): [] for _, group in groups}
    parts = reader.objects(part, "grounds", where)
    reader.ids(parts)
    for place, ground in parts:
        group = reader.one_of(ground, "group", place, tuple(grounds) or ("",))
        grounds.setdefault(group, []).append(reader.condition(ground, place, names))
    for place, group_part in groups:
        if not isinstance(group_part.get("everyone_else", False), bool):
            reader.problem(f"{place}.everyone_else", group_part["everyone_else"], "true")
    return tuple(
        Group(str(group.get("id")), group.get("everyone_else") is True, tuple(grounds[str(group.get("id"))]))
        for _, group in groups
    )


def _reserves(reader: _Reader, parts: list[tuple[str, dict[str, Any]]], names: Names) -> tuple[Reserve, ...]:
    moving = []
    for where, part in parts:
        kind = reader.one_of(part, "kind", where, ("one_in", "share", "seats"))
        most = _PERCENT if kind == "share" else _NEVER
        amount = reader.integer(part, "amount", where, 2 if kind == "one_in" else 0, most)
        when = reader.condition(part, where, names)
        if kind != "seats":
            moving.append(Reserve(str(part.get("id")), kind, amount, when))
    if len(moving) > 1 and any(reserve.kind == "one_in" for reserve in moving):
        reader.problem("reserves", [reserve.id for reserve in moving], "one one_in alone, or shares")
    return tuple(moving)


def load_all(folder: Path, report: Report) -> dict[str, RuleDocument | None]:
    """Return the rule documents of a folder by digest, None for one that cannot be used, which is reported."""
    documents: dict[str, RuleDocument | None] = {}
    for file in names_in(folder / "rules", "rules", report):
        name, digest = f"rules/{file}", file.removesuffix(".json")
        if not file.endswith(".json") or not is_digest(digest):
            report.add("V0", name, 0, "§1", "no other file has to be here than DIGEST.json")
        elif readable(folder / name, name, report, "V0", "§1"):
            documents[digest] = _document((folder / name).read_bytes(), name, digest, report)
    return documents


def _document(data: bytes, name: str, digest: str, report: Report) -> RuleDocument | None:
    found = hashlib.sha256(data).hexdigest()
    if found != digest:
        report.add("V0", name, 0, "§1", f"the SHA-256 of the bytes is {found}; it has to be the file's name")
        return None
    try:
        content = read(data)
    except EncodingError as error:
        report.add("V0", name, 0, "§2", f"cannot be read: {error}")
        return None
    if not isinstance(content, dict):
        report.add("V4", name, 0, "§6", f"the document is {short(content)}; it has to be an object")
        return None
    document, problems = load(content)
    for problem in problems:
        report.add("V4", name, 0, "§6", problem)
    return None if problems else document
