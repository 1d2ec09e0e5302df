"""`*.test.yaml` → the cases that stand beside rules: who is known by what, and which queue that must give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import attrs
import yaml

from queue_engine.errors import Place, Problem
from queue_engine.facts import Fact, FactType, Per, ValueProblem, Vocabulary, day_to_date, parse_date
from queue_engine.rules.conditions import TODAY
from queue_engine.rules.loading import FORMAT_VERSION
from queue_engine.rules.model import RuleSet
from queue_engine.rules.one_by_one import Paper
from queue_engine.rules.reading import file_id
from queue_engine.rules.source import Node, SourceFile
from queue_engine.spelling import nearest
from queue_engine.tables import OPEN_END, SINCE_EVER

FILE_KEYS = ("tests", "for", "cases")
CASE_KEYS = ("name", "on", "order"), ("dates", "like", "children", "decided_by", "not_in_queue")
DOCUMENTS = "documents"
UNCONFIRMED = "unconfirmed"


@attrs.frozen
class Mark:
    """A piece of a line, kept for problems that are found after the file was read."""

    place: Place
    width: int = 1
    line: str = ""

    def problem(self, code: str, message: str, *, remedy: str = "", found: str = "", expected: str = "") -> Problem:
        """Return a problem that stands here.

        >>> str(Mark(Place("k.test.yaml", 9, 5)).problem("Q061", "the order differs"))
        'k.test.yaml:9:5: error Q061: the order differs'

        """
        return Problem(
            self.place, code, message, remedy, found=found, expected=expected, source=self.line, width=self.width
        )


@attrs.frozen
class Child:
    """What a case knows of one child: facts as written, and documents."""

    facts: Mapping[str, str]
    documents: tuple[Paper, ...] = ()


@attrs.frozen
class Case:
    """Children on a day, and the queue they must form.

    Args:
        name: what the case claims.
        on: the day the queue is computed for.
        dates: the days of named dates.
        children: by name.
        order: the queue that is expected.
        decided_by: for some of them the step that puts the child behind the one before.
        not_in_queue: those who are in no queue, with the reason or "".
        marks: where things stand: "" for the case itself, a key, or "key.child".

    """

    name: str
    on: date
    dates: Mapping[str, date]
    children: Mapping[str, Child]
    order: tuple[str, ...]
    decided_by: Mapping[str, str] = attrs.field(factory=dict)
    not_in_queue: Mapping[str, str] = attrs.field(factory=dict)
    marks: Mapping[str, Mark] = attrs.field(factory=dict, eq=False)

    def mark(self, key: str, child: str = "") -> Mark:
        """Return where something stands, or else the case itself.

        >>> case = Case("a", date(2026, 9, 1), {}, {}, (), marks={"": Mark(Place("k.test.yaml", 4))})
        >>> case.mark("order", "b").place.line
        4

        """
        full = f"{key}.{child}" if child else key
        return self.marks.get(full) or self.marks.get(key) or self.marks[""]


@attrs.frozen
class CaseFile:
    """A test file: the rule set its cases are for, and those of them that can be run."""

    name: str
    for_id: str
    cases: tuple[Case, ...] = ()
    mark: Mark = Mark(Place(""))


def read_case_file(source: SourceFile, find: Callable[[str], RuleSet | None]) -> CaseFile | None:
    """Return the cases of a test file; what is wrong goes to the source, and a case with a problem is left out.

    Args:
        source: from `rules.source.read_source`.
        find: returns the rule set of an id; None when there is none that can be used: then no case is read.

    Complexity: linear in the size of the file.

    >>> nothing = SourceFile("k.test.yaml", "tests: 1")
    >>> read_case_file(nothing, lambda name: None), [problem.code for problem in nothing.problems]
    (None, ['Q005', 'Q005'])

    """
    root = source.root() if not source.problems else None
    if root is None:
        return None
    parts = source.mapping(root, "a test file", required=FILE_KEYS)
    if not parts.keys() >= set(FILE_KEYS):
        return None
    version = source.scalar(parts["tests"], "the format version").strip()
    if version and version != FORMAT_VERSION:
        remedy = f"write tests: {FORMAT_VERSION}"
        source.report("Q060", parts["tests"], f"format {version} is not known", remedy=remedy)
    before = len(source.problems)
    for_id = file_id(source, parts["for"])
    mark = _mark(source, parts["for"])
    rule_set = find(for_id) if len(source.problems) == before else None
    if rule_set is None:
        return CaseFile(source.name, for_id, mark=mark)
    reader = _CaseReader(source, rule_set.vocabulary)
    nodes = source.items(parts["cases"], "cases")
    if not nodes and isinstance(parts["cases"], yaml.SequenceNode):
        source.report("Q060", parts["cases"], "a test file has at least one case", remedy="write a case", width=1)
    cases = [reader.case(node) for node in nodes]
    return CaseFile(source.name, for_id, tuple(case for case in cases if case is not None), mark)


@attrs.define(eq=False)
class _CaseReader:
    """Reads the cases of one file one after the other.

    Args:
        source: the file; problems go there.
        vocabulary: facts, categories and dates that may be named.
        earlier: the children of the cases read so far, for `like`.

    """

    source: SourceFile
    vocabulary: Vocabulary
    earlier: dict[str, Mapping[str, Child]] = attrs.field(factory=dict)
    _marks: dict[str, Mark] = attrs.field(factory=dict)

    def case(self, node: Node) -> Case | None:
        """Return one case, or None when anything in it is wrong."""
        before = len(self.source.problems)
        parts = self.source.mapping(node, "a case", required=CASE_KEYS[0], optional=CASE_KEYS[1])
        self._marks = {"": _mark(self.source, parts.get("name", node))}
        for key in ("on", "dates", "order", "children"):
            if key in parts:
                self._marks[key] = _mark(self.source, parts[key])
        name = self.source.scalar(parts.get("name"), "a name").strip()
        on = self.source.day(parts.get("on"))
        dates = self._dates(parts.get("dates"))
        children = self._children(node, parts)
        order = self._names(parts.get("order"), "order", children)
        decided_by = self._by_child(parts.get("decided_by"), "decided_by", children)
        refused = self._refused(parts.get("not_in_queue"), children)
        if name and name in self.earlier:
            remedy = "give it a name of its own"
            self.source.report("Q060", parts["name"], f"there is already a case '{name}'", remedy=remedy)
        if len(self.source.problems) == before:
            self._everyone_is_listed(children, order, decided_by, refused)
        self.earlier.setdefault(name, children)
        if len(self.source.problems) > before or on is None:
            return None
        return Case(name, day_to_date(on), dates, children, tuple(order), decided_by, refused, self._marks)

    def _dates(self, node: Node | None) -> dict[str, date]:
        """Return the days of named dates."""
        found = {}
        for name, (key, value) in ({} if node is None else self.source.pairs(node, "dates")).items():
            day = self.source.day(value)
            if name not in self.vocabulary.dates or name == TODAY:
                today = "today is the day written under 'on'"
                remedy = today if name == TODAY else nearest(name, self.vocabulary.dates)
                self.source.report("Q018", key, f"unknown date '{name}'", remedy=remedy)
            elif day is not None:
                found[name] = day_to_date(day)
        return found

    # children

    def _children(self, node: Node, parts: Mapping[str, Node]) -> dict[str, Child]:
        """Return the children of a case: those of the case it is like, with what it says itself over them."""
        before = len(self.source.problems)
        children: dict[str, Child] = {}
        if "like" in parts:
            like = self.source.scalar(parts["like"], "the name of a case").strip()
            if like in self.earlier:
                children.update(self.earlier[like])
            elif like:
                remedy = nearest(like, self.earlier) or "name a case that stands above this one"
                self.source.report("Q060", parts["like"], f"no case '{like}' stands above", remedy=remedy)
        given = self.source.pairs(parts["children"], "children") if "children" in parts else {}
        for name, (key, value) in given.items():
            self._marks[f"children.{name}"] = _mark(self.source, key)
            own = self._child(value)
            known = children.get(name, Child({}))
            documents = known.documents if own.documents is None else own.documents
            children[name] = Child({**known.facts, **own.facts}, documents)
        if not children and len(self.source.problems) == before:
            where = parts.get("children", node)
            self.source.report("Q060", where, "a case has children", remedy="add 'children:', or 'like:'", width=1)
        self._agree(children)
        return children

    def _agree(self, children: Mapping[str, Child]) -> None:
        """Report what the children of one queue cannot have: two programmes, or one unique number."""
        for fact in self.vocabulary.facts.values():
            if fact.per is not Per.PROGRAMME and not fact.unique:
                continue
            values = {name: self._value(fact, child.facts.get(fact.name, "")) for name, child in children.items()}
            first = next(iter(values), "")
            taken: dict[int | str, str] = {}
            for name, value in values.items():
                where = self._marks.get(f"children.{name}") or self._marks.get("children") or self._marks[""]
                if fact.per is Per.PROGRAMME and value != values[first]:
                    message = f"{fact.name} differs for '{first}' and '{name}', who wait for one programme"
                    self._add(where.problem("Q060", message, remedy="write the same value for every child of the case"))
                    break
                if fact.unique and value != "" and taken.setdefault(value, name) != name:
                    message = f"'{taken[value]}' and '{name}' have the same {fact.name}"
                    self._add(where.problem("Q060", message, remedy="give every child a value of its own"))

    def _value(self, fact: Fact, text: str) -> int | str:
        """Return a written value in the form in which equal values are equal; "" stays "not known"."""
        return text if not text or fact.type is FactType.CHOICE else self.vocabulary.parse(fact, text)

    def _add(self, problem: Problem) -> None:
        self.source.problems.append(problem)

    def _child(self, node: Node) -> _OwnFacts:
        facts: dict[str, str] = {}
        documents = None
        for name, (key, value) in self.source.pairs(node, "a child").items():
            if name == DOCUMENTS:
                papers = [self._paper(item) for item in self.source.items(value, DOCUMENTS)]
                documents = tuple(paper for paper in papers if paper is not None)
                continue
            text = self.source.scalar(value, f"the value of {name}").strip()
            if name not in self.vocabulary.facts:
                remedy = nearest(name, [*self.vocabulary.facts, DOCUMENTS])
                self.source.report("Q019", key, f"unknown fact '{name}'", remedy=remedy)
            elif text and self._is_value(self.vocabulary.facts[name], text, value):
                facts[name] = text
        return _OwnFacts(facts, documents)

    def _is_value(self, fact: Fact, text: str, node: Node) -> bool:
        """Return whether a text is a value of a fact, reporting it when not."""
        if fact.type is FactType.CHOICE:
            if not fact.choices or text in fact.choices:
                return True
            known = ", ".join(fact.choices)
            problem = ValueProblem(f"one of {known}", nearest(text, fact.choices) or f"write one of: {known}")
        else:
            try:
                self.vocabulary.parse(fact, text)
            except ValueProblem as found:
                problem = found
            else:
                return True
        message = f"'{text}' is not {problem.expected}, which {fact.name} needs"
        self.source.report("Q023", node, message, remedy=problem.remedy, expected=problem.expected)
        return False

    def _paper(self, node: Node) -> Paper | None:
        """Return the document of a text like "large_family 2025-09-01..2027-09-01 unconfirmed"."""
        text = self.source.scalar(node, "a document")
        words = text.split()
        if not words:
            return None
        category, days, *rest = [*words, ""] if len(words) == 1 else words
        first, dots, last = days.partition("..")
        if not dots or len(rest) > 1 or (rest and rest != [UNCONFIRMED]):
            remedy = f"write 'category from..to', then '{UNCONFIRMED}' if it is not confirmed"
            self.source.report("Q060", node, f"'{text}' is not a document with its days", remedy=remedy)
            return None
        if category not in self.vocabulary.categories:
            remedy = nearest(category, self.vocabulary.categories)
            self._report_inside(node, text, category, "Q017", f"unknown category '{category}'", remedy)
        begins = self._paper_day(node, text, first, SINCE_EVER)
        ends = self._paper_day(node, text, last, OPEN_END)
        if begins is None or ends is None or category not in self.vocabulary.categories:
            return None
        if ends < begins:
            self._report_inside(node, text, last, "Q022", "the last day is before the first", "swap the two days")
            return None
        return Paper(category, begins, ends, confirmed=not rest)

    def _paper_day(self, node: Node, text: str, day: str, absent: int) -> int | None:
        if not day:
            return absent
        try:
            return parse_date(day)
        except ValueProblem as problem:
            told = problem.remedy.startswith("there is")
            message = problem.remedy if told else f"'{day}' is not {problem.expected}"
            self._report_inside(node, text, day, "Q021", message, "write it like 2026-09-01")
            return None

    def _report_inside(self, node: Node, text: str, part: str, code: str, message: str, remedy: str) -> None:
        """Report a part of a one-line text at its own character."""
        quotes = isinstance(node, yaml.ScalarNode) and node.style in ("'", '"')
        place = self.source.place(node, text.index(part) + quotes)
        self.source.report(code, place, message, remedy=remedy, found=part, width=len(part))

    # what is expected

    def _names(self, node: Node | None, key: str, children: Mapping[str, Child]) -> list[str]:
        """Return a list of children, reporting those that are not there or stand in it twice."""
        found: list[str] = []
        for item in self.source.items(node, key):
            name = self.source.scalar(item, "a child's name").strip()
            if name in found:
                self.source.report("Q060", item, f"'{name}' stands in '{key}' twice", remedy="remove one of the two")
            elif name and self._is_child(item, name, children):
                self._marks[f"{key}.{name}"] = _mark(self.source, item)
                found.append(name)
        return found

    def _by_child(self, node: Node | None, key: str, children: Mapping[str, Child]) -> dict[str, str]:
        """Return an id for each of some children."""
        found = {}
        for name, (child, value) in ({} if node is None else self.source.pairs(node, key)).items():
            text = self.source.scalar(value, "an id").strip()
            if self._is_child(child, name, children) and text:
                self._marks[f"{key}.{name}"] = _mark(self.source, value)
                found[name] = text
        return found

    def _is_child(self, node: Node, name: str, children: Mapping[str, Child]) -> bool:
        if name in children or not children:
            return True
        remedy = nearest(name, children) or f"children of this case: {', '.join(children)}"
        self.source.report("Q060", node, f"there is no child '{name}' in this case", remedy=remedy)
        return False

    def _refused(self, node: Node | None, children: Mapping[str, Child]) -> dict[str, str]:
        if isinstance(node, yaml.MappingNode):
            return self._by_child(node, "not_in_queue", children)
        return dict.fromkeys(self._names(node, "not_in_queue", children), "")

    def _everyone_is_listed(
        self, children: Mapping[str, Child], order: list[str], decided_by: Mapping[str, str], refused: Mapping[str, str]
    ) -> None:
        """Report children that a case says nothing, or two things, about."""
        for name in children:
            if name in order and name in refused:
                mark = self._marks[f"not_in_queue.{name}"]
                message = f"'{name}' stands in 'order' and in 'not_in_queue'"
                self._add(mark.problem("Q060", message, remedy="remove the child from one of the two"))
            if name not in order and name not in refused:
                mark = self._marks.get(f"children.{name}") or self._marks["order"]
                message = f"'{name}' stands neither in 'order' nor in 'not_in_queue'"
                self._add(mark.problem("Q060", message, remedy="say where every child of the case stands"))
        for name in decided_by:
            if name not in order[1:]:
                mark = self._marks[f"decided_by.{name}"]
                what = "stands first" if name in order else "is not in the queue"
                self._add(mark.problem("Q060", f"no step decides about '{name}', who {what}", remedy="remove it"))


@attrs.frozen
class _OwnFacts:
    """What a case itself writes about a child; documents None = nothing said."""

    facts: Mapping[str, str]
    documents: tuple[Paper, ...] | None


def _mark(source: SourceFile, node: Node) -> Mark:
    start, end = node.start_mark, node.end_mark
    place = source.place(node)
    width = max(1, end.column - start.column) if start.line == end.line else 1
    return Mark(place, width, source.line_text(place.line))
