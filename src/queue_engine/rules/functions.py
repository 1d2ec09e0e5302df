"""Rules → functions of one application: what `one_by_one` says, compiled once and asked many times.

What reads nothing but the application itself is asked once an application, however many queues it stands in.
Proved equal to `one_by_one` by property tests.
"""

from __future__ import annotations

import operator as compared
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

import attrs

from queue_engine.facts import Per, Vocabulary
from queue_engine.rules.ages import latest_birth
from queue_engine.rules.conditions import (
    BIRTH_DATE,
    Age,
    All,
    AnyOf,
    Atom,
    Compare,
    Condition,
    Confirmed,
    DayCompare,
    Holds,
    Known,
    Not,
    OneOf,
    compare,
    facts_of,
)
from queue_engine.rules.days import step_conditions
from queue_engine.rules.model import Conventions, Step, StepKind
from queue_engine.rules.one_by_one import Component, Value

Facts: TypeAlias = Mapping[str, Value]
Memo: TypeAlias = list[Any]
"""What is known of an application already, slot by slot; None = not asked yet."""
Test: TypeAlias = Callable[[Facts, Memo], bool]
"""Whether a condition holds."""
Standing: TypeAlias = tuple[Component, str]
"""What an application has at a step, and the ground that puts it into its group; "" = none."""
At: TypeAlias = Callable[[Facts, Memo], Standing]
"""What an application has at a step."""

_OPERATORS: Mapping[str, Callable[[int, int], bool]] = {
    "==": compared.eq,
    "!=": compared.ne,
    "<": compared.lt,
    "<=": compared.le,
    ">": compared.gt,
    ">=": compared.ge,
}
_CONFIRMED = 0
"""The slot of a memo that says whether any document confirms anything that is asked for."""
_YES: Standing = ((0, 0), "")
_NO: Standing = ((0, 1), "")
_UNKNOWN: Standing = ((1, 0), "")


@attrs.define(eq=False)
class Functions:
    """Makes functions of conditions and steps, their dates filled in; they share what they find in one memo.

    Args:
        vocabulary: what conditions speak about.
        conventions: how ages are reckoned.

    >>> from queue_engine.facts import Fact, FactType, Title
    >>> vocabulary = Vocabulary({"yes": Fact("yes", FactType.YES_NO, Title("да", "yes"))}, {}, {})
    >>> functions = Functions(vocabulary, Conventions())
    >>> test = functions.test(Not(Holds("yes")))
    >>> test({"yes": 1}, functions.memo([])), test({}, functions.memo([]))
    (False, True)

    """

    vocabulary: Vocabulary
    conventions: Conventions
    _empty: Memo = attrs.field(factory=lambda: [False], init=False)
    _papers: dict[str, list[tuple[int, int]]] = attrs.field(factory=dict, init=False)
    _shared: dict[Condition, Test] = attrs.field(factory=dict, init=False)

    def memo(self, papers: Iterable[tuple[str, int, int]]) -> Memo:
        """Return what is known of an application before anything is asked: what its documents confirm.

        Args:
            papers: category, first and last day of each confirmed document.

        """
        found = self._empty.copy()
        for category, first, last in papers:
            for day, slot in self._papers.get(category, ()):
                if first <= day <= last:
                    found[slot] = found[_CONFIRMED] = True
        return found

    def slot(self, value: object = None) -> int:
        """Return a new place in every memo made from now on."""
        self._empty.append(value)
        return len(self._empty) - 1

    def of_application_only(self, condition: Condition) -> bool:
        """Return whether a condition reads nothing that is tied to an organisation."""
        facts = self.vocabulary.facts
        return all(facts[name].per is Per.APPLICATION for name in facts_of(condition))

    def step_of_application_only(self, step: Step) -> bool:
        """Return whether a step reads nothing that is tied to an organisation."""
        if step.fact:
            return self.vocabulary.facts[step.fact].per is Per.APPLICATION
        return all(map(self.of_application_only, step_conditions(step)))

    def test(self, condition: Condition) -> Test:
        """Return whether a condition holds, as a function; asked once an application where that is all it reads."""
        if isinstance(condition, Confirmed | Holds | Known | DayCompare):
            return self._atom(condition)  # as quick as looking it up
        if not self.of_application_only(condition):
            return self._made(condition)
        if condition not in self._shared:
            self._shared[condition] = self._once(self._made(condition))
        return self._shared[condition]

    def every(self, conditions: Iterable[Condition]) -> Test:
        """Return whether all conditions hold, as a function."""
        return self.test(All(tuple(conditions)))

    def at(self, step: Step) -> At:
        """Return what an application has at a step, as a function."""
        if step.kind is StepKind.GROUPS:
            return self._group_at(step)
        if step.kind is StepKind.YES_FIRST:
            assert step.condition is not None
            test = self.test(step.condition)
            return lambda facts, memo: _YES if test(facts, memo) else _NO
        name, sign = step.fact, -1 if step.kind is StepKind.HIGHEST else 1

        def value(facts: Facts, _: Memo) -> Standing:
            known = facts.get(name)
            return ((0, sign * known), "") if isinstance(known, int) else _UNKNOWN

        return value

    def _group_at(self, step: Step) -> At:
        """Return the first group that has everybody or a ground that holds; and the first of all grounds that holds."""
        everyone = next((index for index, group in enumerate(step.groups) if group.everyone_else), len(step.groups))
        tests, without_papers = [], []
        # What is asked once as a whole need not be remembered in parts.
        made = self._made if self.step_of_application_only(step) else self.test
        for index, group in enumerate(step.groups):
            for ground in group.grounds:
                each: tuple[Test, Standing] = made(ground.when), ((0, min(index, everyone)), ground.id)
                tests.append(each)
                if not _needs_paper(ground.when):
                    without_papers.append(each)
        last: Standing = ((0, everyone), "")

        def group_of(facts: Facts, memo: Memo) -> Standing:
            # Most applications have no document that counts, and most grounds of a right need one.
            for test, standing in tests if memo[_CONFIRMED] else without_papers:
                if test(facts, memo):
                    return standing
            return last

        return group_of

    def _once(self, test: Test) -> Test:
        slot = self.slot()

        def once(facts: Facts, memo: Memo) -> bool:
            found: bool | None = memo[slot]
            if found is None:
                found = memo[slot] = test(facts, memo)
            return found

        return once

    def _made(self, condition: Condition) -> Test:
        if isinstance(condition, Not):
            inner = self._part(condition.condition, condition)
            return lambda facts, memo: not inner(facts, memo)
        if isinstance(condition, All | AnyOf):
            parts = [self._part(part, condition) for part in condition.conditions]
            return _every(parts) if isinstance(condition, All) else _some(parts)
        return self._atom(condition)

    def _part(self, part: Condition, of: Condition) -> Test:
        """Return a part of a condition; what is asked once as a whole need not be asked once in parts."""
        return self._made(part) if self.of_application_only(of) else self.test(part)

    def _atom(self, atom: Atom) -> Test:  # noqa: PLR0911 - one an atom
        match atom:
            case Holds(fact=name):
                return lambda facts, _: facts.get(name) == 1
            case Known(fact=name):
                return lambda facts, _: name in facts
            case Confirmed(category=category, on=int(day)):
                return self._confirmed(category, day)
            case Age(on=int(day), operator=operator, months=months, days=days):
                born_by = latest_birth(day, months, days, self.conventions, strictly=operator in (">", "<="))
                return _compared(BIRTH_DATE, "<=" if operator in (">=", ">") else ">", born_by)
            case Compare(fact=name, operator=operator, value=int(number)):
                compares = _compared(name, operator, number)
                # A text is never equal to a number, and no operator but == says less of it.
                return lambda facts, memo: (
                    operator != "==" if isinstance(facts.get(name), str) else compares(facts, memo)
                )
            case Compare(fact=name, operator=operator, value=str(text)):
                return lambda facts, _: (
                    isinstance(known := facts.get(name), str) and (known == text) == (operator == "==")
                )
            case OneOf(fact=name, values=values):
                return lambda facts, _: facts.get(name) in values
            case DayCompare(left=int(left), operator=operator, right=int(right)):
                holds = compare(left, operator, right)
                return lambda _, __: holds
        message = f"{atom} has a date or a term that is not filled in"
        raise ValueError(message)

    def _confirmed(self, category: str, day: int) -> Test:
        slots = self._papers.setdefault(category, [])
        slot = next((slot for known, slot in slots if known == day), None)
        if slot is None:
            slot = self.slot(value=False)
            slots.append((day, slot))
        found = slot
        return lambda _, memo: bool(memo[found])


def _needs_paper(condition: Condition) -> bool:
    """Return whether a condition holds for nobody without a confirmed document."""
    if isinstance(condition, All):
        return any(map(_needs_paper, condition.conditions))
    if isinstance(condition, AnyOf):
        return all(map(_needs_paper, condition.conditions))
    return isinstance(condition, Confirmed)


def _compared(name: str, operator: str, value: int) -> Test:
    compares = _OPERATORS[operator]

    def test(facts: Facts, _: Memo) -> bool:
        known = facts.get(name)
        return isinstance(known, int) and compares(known, value)

    return test


def _every(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]

    def every(facts: Facts, memo: Memo) -> bool:
        for test in tests:  # noqa: SIM110 - a generator would cost more than the tests
            if not test(facts, memo):
                return False
        return True

    return every


def _some(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]

    def some(facts: Facts, memo: Memo) -> bool:
        for test in tests:  # noqa: SIM110 - likewise
            if test(facts, memo):
                return True
        return False

    return some
