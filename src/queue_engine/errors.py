"""What is wrong, where, and what to do: problems as values, and the exceptions that carry them.

A problem never stops the search for further ones: readers and checkers collect
every `Problem` they find and then raise one exception with all of them.
This module imports nothing of the engine.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs


@attrs.frozen(order=True)
class Place:
    """Where a problem stands: a character of a text file, or a cell of a table.

    Args:
        file: the file (or the name of the table) as the user gave it.
        line: 1-based line of the file; for a table the row, its header being row 1; 0 = the whole file.
        column: 1-based character in the line; 0 = the whole line.
        field: the name of the table's column; "" outside tables.

    >>> str(Place("rules/k.yaml", 31, 30))
    'rules/k.yaml:31:30'
    >>> str(Place("applications.csv", 118, field="distance_m"))
    'applications.csv row 118, column distance_m'

    """

    file: str
    line: int = 0
    column: int = 0
    field: str = ""

    def __str__(self) -> str:
        """Return the place as people cite it."""
        if self.field:
            row = f" row {self.line}" if self.line else ""
            return f"{self.file}{row}{',' if row else ''} column {self.field}"
        numbers = [str(number) for number in (self.line, self.column) if number]
        return ":".join([self.file, *numbers])


@attrs.frozen(order=True)
class Problem:
    """One thing that is wrong: where, what was found, what was expected, what to do.

    Args:
        place: where it stands.
        code: a stable code, `Qnnn` for rule files and `Tnnn` for tables.
        message: one sentence that names what was found and what was expected.
        remedy: what to do about it; "" when the message says it already.
        severity: "error" (refused) or "warning" (accepted, look at it).
        found: the offending text itself, for programs.
        expected: what would have been right, for programs.
        source: the line of the file it stands in, for the caret display.
        width: how many characters the carets underline.

    >>> print(Problem(Place("k.yaml", 2, 7), "Q019", "unknown fact 'sibling.atends'",
    ...               remedy="did you mean 'sibling.attends'?",
    ...               source="when: sibling.atends", width=14).render())
    k.yaml:2:7: error Q019: unknown fact 'sibling.atends'
        when: sibling.atends
              ^^^^^^^^^^^^^^
        hint: did you mean 'sibling.attends'?

    """

    place: Place
    code: str
    message: str
    remedy: str = ""
    severity: str = "error"
    found: str = ""
    expected: str = ""
    source: str = ""
    width: int = 1

    def __str__(self) -> str:
        """Return the problem on one line: place, severity, code, message and remedy."""
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{self.place}: {self.severity} {self.code}: {self.message}{remedy}"

    def render(self) -> str:
        """Return the problem on several lines, with the source line, carets and hint."""
        lines = [f"{self.place}: {self.severity} {self.code}: {self.message}"]
        if self.source:
            lines.append("    " + self.source)
            lines.append("    " + " " * (self.place.column - 1) + "^" * max(1, self.width))
        if self.remedy:
            lines.append(f"    hint: {self.remedy}")
        return "\n".join(lines)

    def as_json(self) -> dict[str, str | int]:
        """Return the problem as a flat mapping for programs; the keys never change."""
        return {
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "field": self.place.field,
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "found": self.found,
            "expected": self.expected,
            "remedy": self.remedy,
        }


class QueueEngineError(Exception):
    """Base of every error the engine raises on purpose; `problems` holds all that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems, sorted by place, each once."""
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class RuleError(QueueEngineError):
    """Rule files, the vocabulary or the tests beside rules cannot be used."""


class TableError(QueueEngineError):
    """Tables of applications, wishes, documents or programmes cannot be used."""


class OrderError(QueueEngineError):
    """The rules and the tables do not fit each other: a date is not given, a needed fact has no column."""


class NotInQueueError(KeyError):
    """An application, or a queue, was asked for that is not there."""

    def __str__(self) -> str:
        """Return the message without the quotes a KeyError adds."""
        return str(self.args[0]) if self.args else ""


def errors_of(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems that refuse the input, leaving the warnings out.

    >>> late = Problem(Place("k.yaml", 3), "Q052", "excludes nobody", severity="warning")
    >>> errors_of([late]), len(errors_of([late, Problem(Place("k.yaml", 1), "Q001", "is empty")]))
    ((), 1)

    """
    return tuple(problem for problem in problems if problem.severity == "error")
