"""YAML text as nodes that know their line and column, read by shape with every problem collected.

Scalars stay text: what a value means is decided by the reader that expects it,
so `no`, `010` and `4.10` are never turned into something else behind one's back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import attrs
import yaml

from queue_engine.errors import Place, Problem
from queue_engine.facts import ValueProblem, parse_date
from queue_engine.spelling import nearest

_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what YAML counts as one
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

Node = yaml.nodes.Node


@attrs.define(eq=False)
class SourceFile:
    """One YAML file: its lines, its root node, and the problems found in it so far.

    Args:
        name: the path as the user gave it, for messages.
        text: the whole file.
        problems: grows while the file is read.

    """

    name: str
    text: str
    problems: list[Problem] = attrs.field(factory=list)
    _lines: list[str] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Split the lines once, for the caret displays."""
        self._lines = _LINE_BREAK.split(self.text)

    def place(self, node: Node, shift: int = 0) -> Place:
        """Return where a node starts, moved right by `shift` characters."""
        mark = node.start_mark
        return Place(self.name, mark.line + 1, mark.column + 1 + shift)

    def line_text(self, line: int) -> str:
        """Return the text of a 1-based line, "" outside the file."""
        return self._lines[line - 1] if 0 < line <= len(self._lines) else ""

    def report(
        self,
        code: str,
        node: Node | Place,
        message: str,
        *,
        remedy: str = "",
        found: str = "",
        expected: str = "",
        severity: str = "error",
        width: int | None = None,
    ) -> None:
        """Add a problem that stands at a node or a place."""
        place = node if isinstance(node, Place) else self.place(node)
        if width is None:
            width = _width(node) if isinstance(node, Node) else 1
        source = self.line_text(place.line)
        width = max(1, min(width, len(source) - place.column + 1))
        self.problems.append(
            Problem(place, code, message, remedy, severity, found or _text_of(node), expected, source, width)
        )

    def root(self) -> Node | None:
        """Return the document's node, or None after reporting why there is none."""
        try:
            node = yaml.compose(self.text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = Place(self.name, mark.line + 1, mark.column + 1) if mark else Place(self.name)
            self.report("Q001", place, error.problem or str(error), remedy="check indentation, quotes and brackets")
            return None
        except yaml.YAMLError as error:
            reason = str(error).splitlines()[0]
            self.report("Q001", Place(self.name), f"this is not YAML text: {reason}", remedy="save it as UTF-8 text")
            return None
        if node is None:
            self.report("Q001", Place(self.name), "the file is empty", expected="a rule file")
            return None
        return node if self._plain(node) else None

    def _plain(self, root: Node) -> bool:
        """Refuse what makes YAML hard to read: aliases, tags, merge keys, {…} over several lines."""
        before = len(self.problems)
        seen: set[int] = set()
        stack: list[Node] = [root]
        while stack:
            node = stack.pop()
            if isinstance(node, yaml.ScalarNode):
                if node.tag[:1] == "!":
                    self.report("Q001", node, f"the tag {node.tag} is not used in rule files", remedy="remove it")
                continue
            if id(node) in seen:
                self.report("Q001", node, "anchors and aliases (& and *) are not used", remedy="write the text again")
                return False
            seen.add(id(node))
            assert isinstance(node, yaml.CollectionNode)
            if node.flow_style and node.start_mark.line != node.end_mark.line:
                self.report(
                    "Q001", node, "a {…} or […] must stand on one line", remedy="use indented lines instead", width=1
                )
            if isinstance(node, yaml.MappingNode):
                for key, value in node.value:
                    stack.append(value)
                    if isinstance(key, yaml.ScalarNode) and key.value == "<<":
                        self.report("Q001", key, "merge keys (<<) are not used", remedy="write the keys out")
            else:
                stack.extend(node.value)
        return len(self.problems) == before

    def mapping(
        self, node: Node, what: str, *, required: Iterable[str] = (), optional: Iterable[str] = ()
    ) -> dict[str, Node]:
        """Return a mapping's values by key, reporting unknown, repeated and missing keys.

        Args:
            node: the node to read.
            what: what it is in words, for messages ("a step").
            required: keys that must be there.
            optional: keys that may be there.

        """
        required, optional = tuple(required), tuple(optional)
        values = self.pairs(node, what)
        known = [*required, *optional]
        for key in [key for key in values if key not in known]:
            key_node, value_node = values.pop(key)
            flow = isinstance(node, yaml.MappingNode) and node.flow_style
            if flow and isinstance(value_node, yaml.ScalarNode) and not value_node.value:
                self.report(
                    "Q008",
                    key_node,
                    f"{what} has only {_quoted(known)}, found '{key}'",
                    remedy="a comma splits a {…} line: put the text in quotes or on its own line",
                    expected=", ".join(known),
                )
                continue
            self.report(
                "Q004",
                key_node,
                f"'{key}' is not known in {what}",
                remedy=nearest(key, known) or f"known here: {', '.join(known)}",
                expected=", ".join(known),
            )
        for key in required:
            if key not in values:
                self.report("Q005", node, f"{what} must have '{key}'", remedy=f"add '{key}:'", expected=key, width=1)
        return {key: value for key, (_, value) in values.items()}

    def pairs(self, node: Node, what: str) -> dict[str, tuple[Node, Node]]:
        """Return a mapping's (key node, value node) by key text, reporting repeated keys."""
        if not isinstance(node, yaml.MappingNode):
            self.report("Q003", node, f"{what} is written as 'key: value' lines", expected="a mapping")
            return {}
        values: dict[str, tuple[Node, Node]] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.report("Q003", key, f"a key of {what} must be a word", expected="a word")
            elif key.value in values:
                first = values[key.value][0].start_mark.line + 1
                self.report(
                    "Q002",
                    key,
                    f"key '{key.value}' is written twice (first at line {first})",
                    remedy="keep one of the two",
                )
            else:
                values[key.value] = (key, value)
        return values

    def items(self, node: Node | None, what: str) -> list[Node]:
        """Return the items of a list, reporting anything else; nothing for an absent node."""
        if node is None:
            return []
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        self.report("Q003", node, f"{what} is a list: every item starts with '- '", expected="a list")
        return []

    def scalar(self, node: Node | None, what: str) -> str:
        """Return the text of a scalar, reporting anything else; "" for an absent node."""
        if node is None:
            return ""
        if isinstance(node, yaml.ScalarNode):
            if not node.value.strip():
                self.report("Q003", node, f"{what} is empty", remedy="write it, or remove the key", width=1)
            return str(node.value)
        self.report("Q003", node, f"{what} must be one text", expected="a text", width=1)
        return ""

    def day(self, node: Node | None) -> int | None:
        """Return the day number of a date, reporting what is no day; None for an absent node or a bad one."""
        if node is None:
            return None
        text = self.scalar(node, "a date").strip()
        if not text:
            return None
        try:
            return parse_date(text)
        except ValueProblem as problem:
            no_such_day = problem.remedy.startswith("there is")
            message = problem.remedy if no_such_day else f"'{text}' is not {problem.expected}"
            remedy = "" if no_such_day else problem.remedy
            self.report("Q021", node, message, expected=problem.expected, remedy=remedy)
            return None

    def yes_no(self, node: Node | None, *, default: bool = False) -> bool:
        """Return yes or no, reporting anything else."""
        if node is None:
            return default
        return self.choice(node, ("yes", "no"), "yes or no") == "yes"

    def choice(self, node: Node | None, words: Iterable[str], what: str) -> str:
        """Return a word out of a closed list, reporting anything else; "" when absent or wrong."""
        if node is None:
            return ""
        text = self.scalar(node, what)
        words = tuple(words)
        if text in words or not text.strip():
            return text.strip()
        self.report(
            "Q025",
            node,
            f"'{text}' is not {what}",
            remedy=nearest(text, words) or f"write one of: {', '.join(words)}",
            expected=", ".join(words),
        )
        return ""


def read_source(path: Path, name: str | None = None) -> SourceFile:
    """Read one file as UTF-8 (with or without a mark), keeping a problem instead of raising.

    Args:
        path: the file.
        name: how messages call it; the path when None.

    """
    label = str(path) if name is None else name
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        source = SourceFile(label, "")
        source.report("Q001", Place(label), f"byte {error.start} is not UTF-8 text", remedy="save the file as UTF-8")
        return source
    except OSError as error:
        source = SourceFile(label, "")
        source.report("Q001", Place(label), f"cannot be read: {error.strerror}", remedy="check the path and the rights")
        return source
    return SourceFile(label, text)


def _width(node: Node) -> int:
    start, end = node.start_mark, node.end_mark
    return int(end.column - start.column) if start.line == end.line else 1


def _quoted(names: Iterable[str]) -> str:
    *first, last = [f"'{name}'" for name in names]
    return f"{', '.join(first)} and {last}" if first else last


def _text_of(node: Node | Place) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""
