"""Operands of a condition → typed conditions, with a problem where types do not fit."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

import attrs

from queue_engine.facts import Fact, FactType
from queue_engine.rules.conditions import (
    FLIPPED,
    NEVER,
    Age,
    Compare,
    Condition,
    Day,
    DayCompare,
    Holds,
    OneOf,
)
from queue_engine.rules.tokens import Report, Token
from queue_engine.spelling import nearest, with_article


@attrs.frozen
class Value:
    """A constant: its kind (a FactType name, "duration" or "text") and its value."""

    kind: str
    value: int | str | Fraction | tuple[int, int]
    at: int
    width: int


@attrs.frozen
class FactTerm:
    """A fact by its name."""

    fact: Fact
    at: int


@attrs.frozen
class AgeTerm:
    """An age, not yet compared."""

    on: Day
    at: int


@attrs.frozen
class DayTerm:
    """A named date."""

    day: Day
    at: int


@attrs.frozen
class Bad:
    """A term already reported; the rest of the text is still read."""

    at: int


Operand: TypeAlias = Condition | Value | FactTerm | AgeTerm | DayTerm | Bad


@attrs.define
class Typing:
    """Makes conditions of operands; remembers whether a problem was met.

    Args:
        report: where problems go.
        clean: no problem so far.

    """

    report: Report
    clean: bool = True

    def problem(self, code: str, at: int, width: int, message: str, remedy: str = "", expected: str = "") -> None:
        """Report a problem at an offset."""
        self.clean = False
        self.report(code, at, width, message, remedy, expected)

    def condition(self, operand: Operand) -> Condition:
        """Return an operand as something that holds or does not."""
        if isinstance(operand, FactTerm):
            if operand.fact.type is FactType.YES_NO:
                return Holds(operand.fact.name, at=operand.at)
            name, kind = operand.fact.name, operand.fact.type.value
            self.problem(
                "Q015",
                operand.at,
                len(name),
                f"{name} is {with_article(kind)}, not a yes or no",
                "compare it with a value",
            )
        elif isinstance(operand, Value | DayTerm | AgeTerm):
            self.problem(
                "Q015",
                operand.at,
                1,
                f"{with_article(kind_of(operand))} alone is not a condition",
                "compare it with something",
            )
        elif not isinstance(operand, Bad):
            return operand
        return NEVER

    def compared(self, left: Operand, token: Token, right: Operand) -> Operand:
        """Return two operands compared, or `Bad` after reporting that their types do not fit."""
        operator = token.text
        if isinstance(left, Bad) or isinstance(right, Bad):
            return Bad(token.at)
        if (isinstance(left, Value) and not isinstance(right, Value)) or (
            isinstance(left, DayTerm) and isinstance(right, FactTerm)
        ):
            left, right, operator = right, left, FLIPPED[operator]
        made = self._fitting(left, operator, right, token)
        if made is None:
            self._misfit(left, token, right)
        return Bad(token.at) if made is None else made

    def _fitting(self, left: Operand, operator: str, right: Operand, token: Token) -> Operand | None:
        """Return the comparison, or None when the types do not fit."""
        if isinstance(left, AgeTerm) and isinstance(right, Value) and right.kind == "duration":
            return self._age(left, operator, right, token)
        if isinstance(left, FactTerm) and isinstance(right, Value):
            return self._fact_compare(left.fact, operator, right, token)
        if isinstance(left, FactTerm) and isinstance(right, DayTerm) and left.fact.type is FactType.DATE:
            return Compare(left.fact.name, operator, right.day, named_date=True, at=token.at)
        if isinstance(left, DayTerm) and isinstance(right, DayTerm):
            return DayCompare(left.day, operator, right.day, at=token.at)
        if isinstance(left, DayTerm) and isinstance(right, Value) and isinstance(right.value, int):
            return DayCompare(left.day, operator, right.value, at=token.at)
        return None

    def _misfit(self, left: Operand, token: Token, right: Operand) -> None:
        message = f"cannot compare {kind_of(left)} with {kind_of(right)}"
        remedy = ""
        if isinstance(left, FactTerm) and isinstance(right, FactTerm):
            message, remedy = "two facts cannot be compared", "compare each with a value"
        elif isinstance(left, FactTerm) and left.fact.type is FactType.YES_NO:
            remedy = f"write '{left.fact.name}' alone, or 'not {left.fact.name}'"
        elif isinstance(left, AgeTerm):
            remedy = "an age is compared with a duration, like 6y6m"
        elif "instant" in message:
            remedy = "a time of day is compared by a fact that holds its day"
        self.problem("Q013", token.at, len(token.text), message, remedy)

    def _age(self, left: AgeTerm, operator: str, right: Value, token: Token) -> Operand:
        if operator in ("==", "!="):
            self.problem(
                "Q014", token.at, 2, "an age is compared with >=, >, < or <=", "write two comparisons joined by 'and'"
            )
            return Bad(token.at)
        months, days = right.value if isinstance(right.value, tuple) else (0, 0)
        return Age(left.on, operator, months, days, at=token.at)

    def _fact_compare(self, fact: Fact, operator: str, right: Value, token: Token) -> Operand | None:
        if fact.type is FactType.CHOICE and operator not in ("==", "!="):
            self.problem("Q013", token.at, len(operator), f"{fact.name} is a choice: only == and != compare it")
            return Bad(token.at)
        value = self._constant(fact, right)
        return None if value is None else Compare(fact.name, operator, value, at=token.at)

    def _constant(self, fact: Fact, right: Value) -> int | str | None:
        """Return a constant as the fact stores it; None when its type does not fit."""
        if fact.type is FactType.CHOICE and right.kind == "text":
            if fact.choices and right.value not in fact.choices:
                remedy = nearest(str(right.value), fact.choices) or f"known: {', '.join(fact.choices)}"
                self.problem("Q020", right.at, right.width, f"{fact.name} has no value '{right.value}'", remedy)
            return str(right.value)
        if fact.type is FactType.DATE and isinstance(right.value, int):
            return right.value
        if fact.type in (FactType.NUMBER, FactType.DECIMAL) and isinstance(right.value, Fraction):
            scaled = right.value * 10**fact.digits
            if scaled.denominator == 1:
                return int(scaled)
            digits = f"at most {fact.digits} digits after the point" if fact.digits else "a whole number"
            self.problem("Q023", right.at, right.width, f"{fact.name} is compared with {digits}", expected=digits)
            return 0
        return None

    def one_of(self, left: Operand, token: Token, values: list[Operand]) -> Operand:
        """Return `fact in (values)`, or `Bad` after reporting that a type does not fit."""
        if isinstance(left, Bad) or any(isinstance(value, Bad) for value in values):
            return Bad(token.at)
        if not isinstance(left, FactTerm) or left.fact.type in (FactType.YES_NO, FactType.INSTANT):
            self.problem("Q013", token.at, 2, f"'in' compares a fact with values; {kind_of(left)} found before it")
            return Bad(token.at)
        constants: list[int | str] = []
        for value in values:
            constant = self._constant(left.fact, value) if isinstance(value, Value) else None
            if constant is None:
                self.problem(
                    "Q013",
                    value.at if isinstance(value, Value) else token.at,
                    1,
                    f"cannot compare {kind_of(left)} with {kind_of(value)}",
                )
                return Bad(token.at)
            constants.append(constant)
        return OneOf(left.fact.name, tuple(constants), at=token.at)


def kind_of(operand: Operand) -> str:
    """Return what messages call the type of an operand."""
    if isinstance(operand, FactTerm):
        return operand.fact.type.value
    if isinstance(operand, Value):
        return operand.kind
    if isinstance(operand, AgeTerm):
        return "age"
    return "date" if isinstance(operand, DayTerm) else "condition"
