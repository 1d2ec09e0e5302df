"""One rule file → its parts: titles, conditions, steps, reserves, amendments, every problem collected."""

from __future__ import annotations

import re

import attrs
import yaml

from queue_engine.errors import Place
from queue_engine.facts import FactType, Title, Vocabulary
from queue_engine.rules.conditions import NEVER, TODAY, Condition
from queue_engine.rules.model import (
    LEVELS,
    Conventions,
    GivenDate,
    Ground,
    Group,
    LegalBasis,
    NamedTerm,
    Period,
    Reserve,
    ReserveKind,
    Step,
    StepKind,
    TieRule,
)
from queue_engine.rules.parsing import parse_condition
from queue_engine.rules.shape import (
    APPLIES_KEYS,
    BASIS_KEYS,
    CONVENTION_KEYS,
    CONVENTIONS,
    DATE_KEYS,
    FILLED,
    GROUND_KEYS,
    GROUP_KEYS,
    PERIOD_KEYS,
    RESERVE_KEYS,
    RESERVED_IDS,
    STEP_KEYS,
    STEP_KINDS,
    TERM_KEYS,
    TIES,
    TITLE_KEYS,
    UNUSED,
)
from queue_engine.rules.source import Node, SourceFile
from queue_engine.spelling import nearest, with_article

_ID = re.compile(r"[a-z][a-z0-9_]*")
_FILE_ID = re.compile(r"[a-z0-9][a-z0-9_-]*(?:/[a-z0-9][a-z0-9_-]*)*")
_PERCENT = re.compile(r"(\d{1,3})\s*%")
_KEEP_UNTIL = re.compile(r"keep until (\S+)")


@attrs.define(eq=False)
class PartReader:
    """Reads the parts of one file against a vocabulary and the terms known so far.

    Args:
        source: the file; problems go there.
        vocabulary: what conditions may name.
        level: the file's level, which its steps keep.
        terms: the terms defined so far, by name; grows while terms are read.

    """

    source: SourceFile
    vocabulary: Vocabulary
    level: str = "region"
    terms: dict[str, NamedTerm] = attrs.field(factory=dict)

    # small parts

    def title(self, node: Node | None) -> Title:
        """Return a title, reporting a missing language."""
        if node is None:
            return Title("", "")
        if not isinstance(node, yaml.MappingNode):
            self.source.report("Q006", node, "a title has a 'ru' and an 'en' text", remedy="write {ru: …, en: …}")
            return Title("", "")
        before = len(self.source.problems)
        parts = self.source.mapping(node, "a title", optional=TITLE_KEYS[0])
        if len(self.source.problems) == before:
            for lang in TITLE_KEYS[0]:
                if lang not in parts:
                    self.source.report(
                        "Q006", node, f"the title has no '{lang}' text", remedy=f"add '{lang}: …'", width=1
                    )
        return Title(*(self.source.scalar(parts.get(lang), f"the '{lang}' text").strip() for lang in TITLE_KEYS[0]))

    def id(self, node: Node | None) -> str:
        """Return an id, reporting one that is no plain word."""
        text = self.source.scalar(node, "an id").strip()
        if node is not None and text and not _ID.fullmatch(text):
            remedy = nearest(text, ()) or "use a-z, 0-9 and _, beginning with a letter"
            self.source.report("Q009", node, f"'{text}' is not an id", remedy=remedy, expected="a-z, 0-9, _")
        return text

    def period(self, node: Node | None, what: str = "a period") -> Period:
        """Return a period of days, reporting one that ends before it begins."""
        if node is None:
            return Period()
        parts = self.source.mapping(node, what, optional=PERIOD_KEYS[1])
        first, last = self.source.day(parts.get("from")), self.source.day(parts.get("to"))
        if first is not None and last is not None and last < first:
            self.source.report("Q022", parts["to"], "the last day is before the first", remedy="swap 'from' and 'to'")
        return Period(first, last)

    def bases(self, node: Node | None) -> tuple[LegalBasis, ...]:
        """Return the citations of a basis list, reporting an empty one."""
        items = self.source.items(node, "basis")
        if node is not None and isinstance(node, yaml.SequenceNode) and not items:
            self.source.report("Q005", node, "a basis names at least one act", remedy="write [{act: …}]", width=1)
        return tuple(self._basis(item) for item in items)

    def _basis(self, node: Node) -> LegalBasis:
        parts = self.source.mapping(node, "a basis", required=BASIS_KEYS[0], optional=BASIS_KEYS[1])
        texts = {
            key: self.source.scalar(parts.get(key), f"'{key}'").strip() for key in ("act", "clause", "url", "edition")
        }
        return LegalBasis(**texts, checked=self.source.day(parts.get("checked")), place=self.source.place(node))

    def condition(self, node: Node | None) -> tuple[Condition, Place]:
        """Return a condition and where it stands, reporting problems at the exact character."""
        if node is None:
            return NEVER, Place(self.source.name)
        text = self.source.scalar(node, "a condition")
        place = self.source.place(node)
        if not isinstance(node, yaml.ScalarNode) or not text.strip():
            return NEVER, place
        if node.start_mark.line != node.end_mark.line:
            remedy = "write it on one line, and give its parts names under 'terms'"
            self.source.report("Q003", node, "a condition stands on one line", remedy=remedy, width=1)
            return NEVER, place
        shift = 1 if node.style in ("'", '"') else 0
        place = self.source.place(node, shift)

        def report(code: str, at: int, width: int, message: str, remedy: str, expected: str) -> None:
            where = self.source.place(node, shift + at)
            found = text[at : at + width]
            self.source.report(code, where, message, remedy=remedy, expected=expected, found=found, width=width)

        made = parse_condition(text, self.vocabulary, self.terms, report, tuple(self.terms))
        return (NEVER if made is None else made), place

    def fact(self, node: Node, kind: StepKind) -> str:
        """Return the fact a step orders by, reporting one that is unknown or of a wrong type."""
        name = self.source.scalar(node, "a fact").strip()
        fact = self.vocabulary.facts.get(name)
        if not name:
            return ""
        if fact is None:
            hint = nearest(name, self.vocabulary.facts)
            self.source.report("Q019", node, f"unknown fact '{name}'", remedy=hint)
            return ""
        numbers = (FactType.NUMBER, FactType.DECIMAL)
        times = (FactType.INSTANT, FactType.DATE)
        fitting = times if kind is StepKind.EARLIEST else numbers
        if fact.type not in fitting:
            expected = " or ".join(member.value for member in fitting)
            message = f"'{kind.value}' orders by {with_article(expected)}; {name} is {with_article(fact.type.value)}"
            remedy = "write 'yes_first: …'" if fact.type is FactType.YES_NO else ""
            if fact.type in times:
                remedy = "write 'earliest: …'"
            self.source.report("Q013", node, message, remedy=remedy, expected=expected)
            return ""
        return name

    # the parts of an order

    def ground(self, node: Node, what: str = "a ground") -> Ground:
        """Return a ground, or an item of `eligible`, which has the same shape."""
        parts = self.source.mapping(node, what, required=GROUND_KEYS[0], optional=GROUND_KEYS[1])
        when, when_place = self.condition(parts.get("when"))
        applies = Period()
        if "applies_to" in parts:
            inner = self.source.mapping(parts["applies_to"], "applies_to", required=APPLIES_KEYS[0])
            applies = self.period(inner.get("submitted"), "the days of filing")
            if not {"application.submitted_on", "application.submitted_at"} & set(self.vocabulary.facts):
                message = "applies_to needs the fact application.submitted_on or application.submitted_at"
                self.source.report("Q019", parts["applies_to"], message, remedy="add it to facts.yaml", width=1)
        return Ground(
            self.id(parts.get("id")),
            self.title(parts.get("title")),
            when,
            self.bases(parts.get("basis")),
            self.period(parts.get("in_force")),
            applies,
            self.source.yes_no(parts.get("sensitive")),
            self.source.place(node),
            when_place,
        )

    def group(self, node: Node) -> Group:
        """Return a group of a step."""
        parts = self.source.mapping(node, "a group", required=GROUP_KEYS[0], optional=GROUP_KEYS[1])
        everyone_else = self.source.yes_no(parts.get("everyone_else"))
        if everyone_else == ("grounds" in parts) and parts:
            message = "a group has either 'grounds' or 'everyone_else: yes'"
            self.source.report("Q005", node, message, remedy="keep one of the two", width=1)
        grounds = tuple(self.ground(item) for item in self.source.items(parts.get("grounds"), "grounds"))
        self.unique_ids(grounds, "grounds of this group")
        return Group(
            self.id(parts.get("id")), self.title(parts.get("title")), grounds, everyone_else, self.source.place(node)
        )

    def step(self, node: Node) -> Step:
        """Return a step; one that orders by none or by several kinds is reported and stays without effect."""
        parts = self.source.mapping(node, "a step", required=STEP_KEYS[0], optional=STEP_KEYS[1])
        kinds = [kind for kind in StepKind if kind.value in parts]
        if len(kinds) != 1:
            message = f"a step orders by exactly one of: {', '.join(STEP_KINDS)}"
            found = ", ".join(kind.value for kind in kinds)
            remedy = f"found {found}" if found else ""
            self.source.report("Q007", node, message, remedy=remedy, found=found or "none of them", width=1)
        kind = kinds[0] if kinds else StepKind.YES_FIRST
        groups: tuple[Group, ...] = ()
        condition, when_place, fact = None, self.source.place(node), ""
        if kind is StepKind.GROUPS:
            groups = tuple(self.group(item) for item in self.source.items(parts["groups"], "groups"))
            self.unique_ids(groups, "groups of this step")
        elif kind is StepKind.YES_FIRST:
            condition, when_place = self.condition(parts.get("yes_first"))
        else:
            fact = self.fact(parts[kind.value], kind)
        name = self.id(parts.get("id"))
        if name in RESERVED_IDS:
            self.source.report("Q009", parts["id"], f"'{name}' is the name of a section", remedy="choose another id")
        return Step(
            name,
            self.title(parts.get("title")),
            kind,
            groups,
            condition,
            fact,
            self.bases(parts.get("basis")),
            self.source.yes_no(parts.get("locked")),
            self.period(parts.get("in_force")),
            self.level,
            self.source.place(node),
            when_place,
        )

    def reserve(self, node: Node) -> Reserve:
        """Return a reserve of one of the three kinds."""
        keys = self.source.pairs(node, "a reserve")
        kinds = [kind for kind in RESERVE_KEYS if kind in keys]
        if len(kinds) != 1:
            message = f"a reserve sets aside exactly one of: {', '.join(RESERVE_KEYS)}"
            self.source.report("Q007", node, message, found=", ".join(kinds) or "none of them", width=1)
        kind = kinds[0] if kinds else "seats"
        required, optional = RESERVE_KEYS[kind]
        parts = self.source.mapping(node, f"a reserve of '{kind}'", required=required, optional=optional)
        amount, percent = self._amount(parts.get(kind), kind)
        filled = self.source.choice(parts.get("filled"), FILLED, "an order of filling")
        unused, keep_until = self._unused(parts.get("unused"))
        self.source.choice(parts.get("at"), ("every_position",), "where a share is held")
        when, when_place = self.condition(parts.get("when"))
        return Reserve(
            self.id(parts.get("id")),
            self.title(parts.get("title")),
            when,
            ReserveKind(kind),
            amount,
            percent,
            filled,
            unused,
            keep_until,
            self.bases(parts.get("basis")),
            self.period(parts.get("in_force")),
            self.source.place(node),
            when_place,
        )

    def _amount(self, node: Node | None, kind: str) -> tuple[int, bool]:
        text = self.source.scalar(node, f"'{kind}'").strip()
        if node is None or not text:
            return 0, kind == "share"
        percent = _PERCENT.fullmatch(text)
        if percent is not None and int(percent[1]) <= 100 and kind != "one_in":  # noqa: PLR2004 - per cent
            return int(percent[1]), True
        least = 2 if kind == "one_in" else 0
        if text.isascii() and text.isdigit() and len(text) < 8 and int(text) >= least and kind != "share":  # noqa: PLR2004
            return int(text), False
        expected = {"seats": "a number of seats or a share, like 12 or 30%", "one_in": "a number from 2, like 4"}
        wanted = expected.get(kind, "a share from 0% to 100%")
        self.source.report("Q024", node, f"'{text}' is not {wanted}", remedy=f"write {wanted}", expected=wanted)
        return 0, kind == "share"

    def _unused(self, node: Node | None) -> tuple[str, int | None]:
        text = " ".join(self.source.scalar(node, "'unused'").split())
        until = _KEEP_UNTIL.fullmatch(text)
        if node is None or until is None:
            return self.source.choice(node, UNUSED, "what becomes of unused seats"), None
        day = yaml.ScalarNode("", until[1], node.start_mark, node.end_mark)
        return "keep", self.source.day(day)

    # mappings and lists of a file

    def read_terms(self, node: Node | None) -> None:
        """Read the terms in order; each may use those above it."""
        if node is None:
            return
        for name, (key, value) in self.source.pairs(node, "terms").items():
            self.id(key)
            if name in self.vocabulary.facts or name in self.vocabulary.dates or name == TODAY:
                self.source.report("Q009", key, f"'{name}' is already a fact or a date", remedy="choose another name")
            self.terms[name] = self.term(name, value)

    def term(self, name: str, node: Node) -> NamedTerm:
        """Return one term."""
        parts = self.source.mapping(node, "a term", required=TERM_KEYS[0], optional=TERM_KEYS[1])
        when, place = self.condition(parts.get("when"))
        return NamedTerm(
            name, self.title(parts.get("title")), when, self.bases(parts.get("basis")), self.source.place(node), place
        )

    def dates(self, node: Node | None) -> dict[str, GivenDate]:
        """Return the days the file gives to named dates."""
        given: dict[str, GivenDate] = {}
        for name, (key, value) in (self.source.pairs(node, "dates") if node is not None else {}).items():
            if name not in self.vocabulary.dates:
                reason = "'today' is the day the queue is computed for" if name == TODAY else f"unknown date '{name}'"
                self.source.report("Q018", key, reason, remedy=nearest(name, self.vocabulary.dates))
            basis: tuple[LegalBasis, ...] = ()
            day_node: Node | None = value
            if isinstance(value, yaml.MappingNode):
                parts = self.source.mapping(value, "a date", required=DATE_KEYS[0], optional=DATE_KEYS[1])
                basis, day_node = self.bases(parts.get("basis")), parts.get("date")
            day = self.source.day(day_node)
            if day is not None:
                given[name] = GivenDate(name, day, basis, self.source.place(key))
        return given

    def conventions(self, node: Node | None) -> Conventions:
        """Return the conventions of ages, with their defaults."""
        if node is None:
            return Conventions()
        parts = self.source.mapping(node, "conventions", optional=CONVENTION_KEYS[1])
        chosen = {
            key: self.source.choice(parts.get(key), words, f"a way to set {key}") for key, words in CONVENTIONS.items()
        }
        return Conventions(**{key: word for key, word in chosen.items() if word})

    def ties(self, node: Node | None) -> TieRule:
        """Return what becomes of equals; by default the order decides to its last step."""
        return TieRule(self.source.choice(node, TIES, "a rule on ties") or TIES[0])

    def unique_ids(
        self, members: tuple[Ground, ...] | tuple[Group, ...] | tuple[Step, ...] | tuple[Reserve, ...], what: str
    ) -> None:
        """Report ids that stand twice among siblings."""
        seen: dict[str, Place] = {}
        for member in members:
            if member.id in seen:
                message = f"'{member.id}' stands twice among the {what} (first at line {seen[member.id].line})"
                self.source.report("Q009", member.place, message, remedy="give each its own id")
            elif member.id:
                seen[member.id] = member.place


def file_id(source: SourceFile, node: Node | None) -> str:
    """Return a file's id, reporting one that is no path of plain words."""
    text = source.scalar(node, "an id").strip()
    if node is not None and text and not _FILE_ID.fullmatch(text):
        source.report("Q009", node, f"'{text}' is not a file id", remedy="write it like region-74/kindergarten")
    return text


def file_level(source: SourceFile, node: Node | None) -> str:
    """Return a file's level."""
    return source.choice(node, LEVELS, "a level") or "municipality"
