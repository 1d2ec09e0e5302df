"""What a verification found, and how much of it is kept."""

from __future__ import annotations

from dataclasses import dataclass

_LONGEST = 80  # characters of a found value that a message repeats


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule of the specification: where it is broken, what was found, and what it has to be.

    Args:
        level: V0, V1, V3 or V4; of a round V5, V6 or V7.
        file: the file below the folder; "" for the folder as a whole.
        entry: the line of the journal or of another file, from 1; 0 for the file as a whole.
        rule: the paragraph of the specification.
        message: what was found and what it has to be.

    >>> print(Finding("V3", "journal.txt", 17, "§5", "application A-1 was not filed"))
    journal.txt:17: V3 §5: application A-1 was not filed

    """

    level: str
    file: str
    entry: int
    rule: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.entry}" if self.entry else self.file
        words = f"{place}: {self.level} {self.rule}: {self.message}".lstrip(": ")
        return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in words)


class Report:
    """Collects findings in the order they are made, and counts those beyond the most it keeps.

    Args:
        most: the number of findings kept, at least 1.

    Raises:
        ValueError: `most` is less than 1.

    >>> report = Report(2)
    >>> for entry in (1, 2, 3):
    ...     report.add("V1", "journal.txt", entry, "§3", "the chain breaks")
    >>> [str(finding) for finding in report.findings()]
    ['journal.txt:1: V1 §3: the chain breaks', 'V1 §8: 2 more findings are not listed']

    """

    def __init__(self, most: int) -> None:
        """Start without findings."""
        if most < 1:
            raise ValueError(f"most is {most}; it has to be at least 1")
        self._most = most
        self._kept: list[Finding] = []
        self.count = 0

    def add(self, level: str, file: str, entry: int, rule: str, message: str) -> None:
        """Keep a finding, or only count it where enough are kept."""
        self.count += 1
        if len(self._kept) < self._most:
            self._kept.append(Finding(level, file, entry, rule, message))

    def findings(self) -> list[Finding]:
        """Return what was kept; where more was found, the last one says how many are not listed."""
        if self.count <= self._most:
            return list(self._kept)
        kept = self._kept[: self._most - 1]
        level = self._kept[self._most - 1].level
        return [*kept, Finding(level, "", 0, "§8", f"{self.count - len(kept)} more findings are not listed")]


def short(value: object) -> str:
    """Return a found value as a message repeats it: on one line, and cut where it is long.

    >>> short("A-1"), short(["x" * 200])[-10:]
    ("'A-1'", 'xxxxxxx...')
    """
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # an integer of thousands of digits, a list a thousand deep
        return f"a {type(value).__name__} too large to repeat"
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."
