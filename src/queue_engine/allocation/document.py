"""A market as somebody wrote it: values of JSON with the path to each, and everything that is wrong with them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

import attrs

from queue_engine.allocation.market import MarketError
from queue_engine.errors import Place, Problem
from queue_engine.spelling import nearest, with_article

CODES: Mapping[str, str] = {
    "A001": "the file cannot be opened, or is not text in UTF-8",
    "A002": "the text is not JSON",
    "A003": "a name stands twice",
    "A004": "a value is of another kind than is read there",
    "A005": "a part is missing",
    "A006": "two parts exclude each other, or a part is not known",
    "A010": "a name is empty or cannot be read",
    "A011": "there is no such programme",
    "A012": "there is no such applicant: nobody of that name has preferences",
    "A013": "a list that may not be empty is empty",
    "A020": "a number of seats, or a limit, is not a whole number from 0 on",
    "A021": "a lottery number is not whole, is missing where it has to decide, or is drawn twice",
    "A030": "a rule on seats cannot be read",
    "A031": "the seats a rule speaks of are not those of the programme",
    "A032": "groups of a programme overlap so that no choice among applicants is sure to be stable",
    "A040": "programmes have no order in common, and there are no lottery numbers",
    "A041": "the mechanism knows capacities only, and the market has rules on seats",
    "A042": "the mechanism places everybody alone, and the market has bundles",
    "A050": "bundles lead in a circle",
    "A051": "members of a bundle wish different numbers of programmes",
    "A052": "the rule on ties is not known, or there are no tiers for it",
}

_LONGEST = 60  # of what is shown of a value
_UNREADABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


class Written(dict[str, object]):
    """An object of JSON that remembers which of its names were written twice."""

    repeated: tuple[str, ...] = ()


@attrs.frozen
class Part:
    """A value of a document, the path to it, and the list that gathers what is wrong in the document.

    >>> part = Part({"capacities": {"s1": -2}}, "m.json")
    >>> part["capacities"]["s1"].count()
    >>> print(part.problems[0])
    m.json: capacities.s1: error A020: -2 is not a number of seats; write a whole number from 0 on

    """

    value: object
    file: str
    path: str = ""
    problems: list[Problem] = attrs.field(factory=list)

    def __getitem__(self, key: str) -> Part:
        """Return the value under a name of an object; None where there is none."""
        found = self.value.get(key) if isinstance(self.value, Mapping) else None
        return attrs.evolve(self, value=found, path=f"{self.path}.{key}" if self.path else key)

    def __contains__(self, key: str) -> bool:
        """Return whether an object has a name."""
        return isinstance(self.value, Mapping) and key in self.value

    def report(self, code: str, message: str, remedy: str = "", expected: str = "") -> None:
        """Add a problem that stands here."""
        place = Place(f"{self.file}: {self.path}" if self.path else self.file)
        self.problems.append(Problem(place, code, message, remedy, found=self.shown(), expected=expected))

    def shown(self) -> str:
        """Return the value as in the file, shortened."""
        text = json.dumps(self.value, ensure_ascii=False, default=repr)
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"

    def members(self) -> dict[str, Part]:
        """Return the values of an object by their names; {} if it is none, which is reported."""
        if not isinstance(self.value, Mapping):
            self._report_kind("an object {name: …}")
            return {}
        for name in getattr(self.value, "repeated", ()):
            self.report("A003", f"'{name}' stands twice", "keep one of them")
        found: dict[str, Part] = {}
        for key, value in self.value.items():
            part = attrs.evolve(self, value=key, path=f"{self.path}.{key}" if self.path else str(key))
            name = part.name()
            if name is not None and name in found:
                part.report("A003", f"'{name}' stands twice", "keep one of them")
            elif name is not None:
                found[name] = attrs.evolve(part, value=value)
        return found

    def items(self) -> list[Part]:
        """Return the values of a list; [] if it is none, which is reported."""
        if not isinstance(self.value, list | tuple):
            self._report_kind("a list […]")
            return []
        return [attrs.evolve(self, value=value, path=f"{self.path}[{index}]") for index, value in enumerate(self.value)]

    def by_applicant(self) -> dict[str, Part]:
        """Return values by applicant: of an object by their names, of a list by their index from 0."""
        if isinstance(self.value, list | tuple):
            return {str(index): part for index, part in enumerate(self.items())}
        return self.members()

    def name(self) -> str | None:
        """Return a name: text, or a whole number as text; None if it is none, which is reported."""
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            return str(self.value)
        if not isinstance(self.value, str):
            self._report_kind("a name")
        elif not self.value or self.value.isspace():
            self.report("A010", "a name is empty", "write a name")
        elif _UNREADABLE.search(self.value):
            self.report("A010", "a name has control characters or broken ones", "write it without them")
        else:
            return self.value
        return None

    def count(self, what: str = "a number of seats") -> int | None:
        """Return a whole number from 0 on; None if it is none, which is reported."""
        if isinstance(self.value, int) and not isinstance(self.value, bool) and self.value >= 0:
            return self.value
        self.report(
            "A020", f"{self.shown()} is not {what}", "write a whole number from 0 on", "a whole number from 0 on"
        )
        return None

    def known_name(self, known: Iterable[str], code: str, what: str) -> str | None:
        """Return a name that has to be known; None if it is not, which is reported."""
        name = self.name()
        names = known if isinstance(known, Mapping | set | frozenset) else set(known)
        if name is None or name in names:
            return name
        self.report(code, f"there is no {what} '{name}'", nearest(name, names))
        return None

    def names(self, known: Mapping[str, object], code: str, what: str) -> list[str]:
        """Return the names of a list, each of which has to be known and to stand once; others are reported."""
        found: dict[str, None] = {}
        for part in self.items():
            name = part.known_name(known, code, what)
            if name is not None and name in found:
                part.report("A003", f"{what} '{name}' stands twice in the list", "keep the better place")
            elif name is not None:
                found[name] = None
        return list(found)

    def _report_kind(self, expected: str) -> None:
        kinds = {bool: "yes_no", str: "text", int: "number", float: "fraction", type(None): "null"}
        kind = next((kind for each, kind in kinds.items() if isinstance(self.value, each)), "")
        kind = kind or ("object" if isinstance(self.value, Mapping) else "list")
        found = "null" if kind == "null" else with_article(kind)
        self.report("A004", f"{self.shown()} is {found}, not {expected}", f"write {expected}", expected)


def read_json(data: bytes, file: str) -> object:
    """Return the value that a text in JSON says.

    Args:
        data: the bytes of the file, in UTF-8.
        file: its name, for problems.

    Raises:
        MarketError: the bytes are no JSON; place and reason are told.

    Complexity: linear.

    >>> read_json(b'{"capacities": {"s1": 2}}', "m.json")
    {'capacities': {'s1': 2}}
    >>> read_json(b'{"capacities": {"s1": 2}', "m.json")
    Traceback (most recent call last):
    queue_engine.allocation.market.MarketError: m.json:1:25: error A002: this is not JSON: Expecting ',' delimiter

    """
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_written, parse_constant=_refused)
    except UnicodeDecodeError as error:
        problem = Problem(Place(file), "A001", f"byte {error.start} is not UTF-8", "save the file in UTF-8")
    except json.JSONDecodeError as error:
        problem = Problem(Place(file, error.lineno, error.colno), "A002", f"this is not JSON: {error.msg}")
    except RecursionError:
        problem = Problem(Place(file), "A002", "this is not JSON of a market: lists are nested too deep")
    except ValueError as error:
        problem = Problem(Place(file), "A002", f"this is not JSON: {error}")
    raise MarketError([problem])


def _written(pairs: list[tuple[str, object]]) -> Written:
    written = Written(pairs)
    if len(written) < len(pairs):
        names = [name for name, _ in pairs]
        written.repeated = tuple(sorted({name for name in names if names.count(name) > 1}))
    return written


def _refused(constant: str) -> object:
    raise ValueError(f"{constant} is no number")
