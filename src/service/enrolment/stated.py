"""What people state, in the journal's terms: facts by their vocabulary, wishes, days, and every mistake at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from datetime import date

import attrs

from queue_engine import Problem, Vocabulary
from queue_engine.errors import Place
from queue_engine.events.model import Value, Wish
from queue_engine.facts import FactType, Per, ValueProblem, date_to_day
from queue_engine.rules.parsing import parse_condition
from service.enrolment.filing_schemas import WishFor
from service.problems import UnusableError

OF_FAMILIES = ("child.", "consent.", "application.transfer", "camp.", "grade.", "achievements.", "parent.")
"""What a family may state itself; all else is found in data or confirmed by an official."""
GIVEN = frozenset({"application.active", "application.number", "application.submitted_at", "application.submitted_on"})
"""What follows from the journal itself."""


@attrs.define
class Statements:
    """Reads statements, and gathers what is wrong with them.

    Args:
        vocabulary: the facts and categories there are.

    """

    vocabulary: Vocabulary
    problems: list[Problem] = attrs.field(factory=list)

    def facts(self, texts: Mapping[str, str], per: Per, *, by_family: bool = False) -> dict[str, Value]:
        """Return facts as journals keep them.

        Args:
            texts: by name, as rule files write them.
            per: of what they have to be: an application, an entry, a programme.
            by_family: whether only what families may state is taken.

        """
        found: dict[str, Value] = {}
        for name, text in sorted(texts.items()):
            fact = self.vocabulary.facts.get(name)
            if fact is None or fact.per is not per:
                near = difflib.get_close_matches(name, [n for n, f in self.vocabulary.facts.items() if f.per is per], 1)
                self.refuse(f"facts.{name}", "F101", f"there is no fact {name} here", _near(near))
            elif name in GIVEN or (by_family and not name.startswith(OF_FAMILIES)):
                remedy = "leave it out; the service finds it in its data, or an official states it"
                self.refuse(f"facts.{name}", "F102", f"{name} is not stated by who files", remedy)
            elif fact.type is FactType.CHOICE:
                if fact.choices and text not in fact.choices:
                    remedy = f"write one of {', '.join(fact.choices)}"
                    self.refuse(f"facts.{name}", "F103", f"{name} has no choice {text!r}", remedy)
                found[name] = text
            else:
                try:
                    found[name] = self.vocabulary.parse(fact, text)
                except ValueProblem as problem:
                    self.refuse(f"facts.{name}", "F103", f"{name} has to be {problem.expected}", problem.remedy)
        return found

    def names(self, names: Iterable[str], per: Per) -> tuple[str, ...]:
        """Return names of facts that are to be forgotten."""
        known = tuple(dict.fromkeys(names))
        for name in known:
            fact = self.vocabulary.facts.get(name)
            if fact is None or fact.per is not per:
                self.refuse("forgotten", "F101", f"there is no fact {name} here", "leave it out")
        return known

    def wishes(self, wishes: Iterable[WishFor]) -> tuple[Wish, ...]:
        """Return wishes in their order."""
        found: list[Wish] = []
        for place, wish in enumerate(wishes):
            if bool(wish.programme) == bool(wish.organisation):
                remedy = "name one of the two"
                self.refuse(f"wishes.{place}", "F104", "a wish is for a programme or for an organisation", remedy)
            elif (wish.programme, wish.organisation) in {each.target for each in found}:
                self.refuse(f"wishes.{place}", "F105", "this is wished for twice", "leave the second out")
            else:
                found.append(Wish(wish.programme, wish.organisation))
        return tuple(found)

    def category(self, name: str) -> str:
        """Return the category of a document."""
        if name not in self.vocabulary.categories:
            near = difflib.get_close_matches(name, self.vocabulary.categories, 1)
            self.refuse("category", "F106", f"there is no category {name}", _near(near))
        return name

    def condition(self, text: str, field: str = "takes") -> str:
        """Return a condition as rules write them; where it cannot be read, the character is named."""

        def report(code: str, at: int, _: int, message: str, remedy: str, __: str) -> None:
            self.refuse(field, code, f"character {at + 1}: {message}", remedy)

        if text.strip():
            parse_condition(text, self.vocabulary, (), report)
        return text

    def refuse(self, field: str, code: str, message: str, remedy: str) -> None:
        """Note what is wrong with a field."""
        self.problems.append(Problem(Place("", 0, 0, field), code, message, remedy))

    def require_none(self) -> None:
        """Go on only if nothing was wrong.

        Raises:
            UnusableError: something was; holds all of it.

        """
        if self.problems:
            raise UnusableError(self.problems)


def day_of(day: date | None) -> int | None:
    """Return a day as journals count it."""
    return None if day is None else date_to_day(day)


def _near(near: list[str]) -> str:
    return f"did you mean {near[0]}?" if near else "see the list of facts in rules/facts.yaml"
