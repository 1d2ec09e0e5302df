"""Text of a condition → typed condition, with problems at the exact character."""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from fractions import Fraction
from typing import TypeAlias

import attrs

from queue_engine.facts import Fact, FactType, ValueProblem, Vocabulary, parse_date
from queue_engine.rules.conditions import (
    BIRTH_DATE,
    FLIPPED,
    NEVER,
    TODAY,
    Age,
    All,
    AnyOf,
    Compare,
    Condition,
    Confirmed,
    Day,
    DayCompare,
    Holds,
    Known,
    Not,
    OneOf,
    Term,
)
from queue_engine.rules.source import nearest

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<date>\d{4}-\d{2}-\d{2})
    | (?P<duration>(?=\d+[ymd])(?:\d+y)?(?:\d+m)?(?:\d+d)?(?!\w))
    | (?P<number>\d+(?:\.\d+)?(?!\w))
    | (?P<text>'[^']*')
    | (?P<name>[^\W\d][\w.]*)
    | (?P<operator>==|!=|<=|>=|<|>)
    | (?P<mark>[(),])
    )""",
    re.VERBOSE,
)
_DURATION = re.compile(r"(?:(\d+)y)?(?:(\d+)m)?(?:(\d+)d)?")
_DEEPEST = 40


@attrs.frozen
class _Token:
    kind: str
    text: str
    at: int


@attrs.frozen
class _Value:
    """A constant: its kind (a FactType name, "duration" or "text") and its value."""

    kind: str
    value: int | str | Fraction | tuple[int, int]
    at: int
    width: int


@attrs.frozen
class _FactTerm:
    fact: Fact
    at: int


@attrs.frozen
class _AgeTerm:
    on: Day
    at: int


@attrs.frozen
class _DayTerm:
    day: Day
    at: int


@attrs.frozen
class _Bad:
    """A term already reported; the rest of the text is still read."""

    at: int


_Operand: TypeAlias = Condition | _Value | _FactTerm | _AgeTerm | _DayTerm | _Bad
Report: TypeAlias = Callable[[str, int, int, str, str, str], None]
"""report(code, offset, width, message, remedy, expected)."""


class _SyntaxStopError(Exception):
    """The text cannot be read any further; its problem is reported."""


def parse_condition(
    text: str, vocabulary: Vocabulary, terms: Container[str], report: Report, term_names: tuple[str, ...] = ()
) -> Condition | None:
    """Return the condition a text says, or None when it had problems, all of them reported.

    Args:
        text: one line of the condition language.
        vocabulary: the facts, categories and dates it may name.
        terms: names of the terms defined before it.
        report: called with code, offset, width, message, remedy and expectation of every problem.
        term_names: the same names in order, for "did you mean".

    Complexity: linear in the text.

    >>> from queue_engine.facts import Per, Title, Vocabulary
    >>> sibling = Fact("sibling.attends", FactType.YES_NO, Title("", ""), per=Per.ENTRY)
    >>> parse_condition("not sibling.attends", Vocabulary({sibling.name: sibling}, {}, {}), (), print)
    Not(condition=Holds(fact='sibling.attends', at=4))

    """
    return _Parser(text, vocabulary, terms, report, term_names).parse()


class _Parser:
    """Recursive descent over the tokens of one condition."""

    def __init__(
        self, text: str, vocabulary: Vocabulary, terms: Container[str], report: Report, term_names: tuple[str, ...]
    ) -> None:
        self._text = text
        self._vocabulary = vocabulary
        self._terms = terms
        self._term_names = term_names
        self._report = report
        self._clean = True
        self._tokens: list[_Token] = []
        self._index = 0
        self._depth = 0

    def parse(self) -> Condition | None:
        try:
            self._tokens = self._tokenise()
            condition = self._condition(self._or())
            if self._peek().kind != "end":
                token = self._peek()
                self._stop("Q010", token, f"'and', 'or' or the end expected here, found '{token.text}'")
        except _SyntaxStopError:
            return None
        return condition if self._clean else None

    # problems

    def _problem(self, code: str, at: int, width: int, message: str, remedy: str = "", expected: str = "") -> None:
        self._clean = False
        self._report(code, at, width, message, remedy, expected)

    def _stop(self, code: str, token: _Token, message: str, remedy: str = "") -> None:
        self._problem(code, token.at, max(1, len(token.text)), message, remedy)
        raise _SyntaxStopError

    # tokens

    def _tokenise(self) -> list[_Token]:
        tokens, position, text = [], 0, self._text
        while True:
            match = _TOKEN.match(text, position)
            if match is None or match.end() == position:
                break
            kind = str(match.lastgroup)
            tokens.append(_Token(kind, match[kind], match.start(kind)))
            position = match.end()
        rest = text[position:].lstrip()
        at = len(text) - len(rest)
        if rest:
            word = rest.split()[0]
            remedy = {"=": "one '=' compares nothing: write '=='", "'": "close the text with another '"}.get(rest[0], "")
            if rest[0] in "&|!":
                remedy = "write the words 'and', 'or', 'not'"
            if rest[0].isdigit():
                self._stop("Q011", _Token("bad", word, at), f"'{word}' is not a number, a date or a duration", "write 12, 4.87, 2026-09-01 or 6y6m")
            self._stop("Q011", _Token("bad", rest[0], at), f"unexpected '{rest[0]}'", remedy)
        tokens.append(_Token("end", "", len(text.rstrip())))
        return tokens

    def _peek(self) -> _Token:
        return self._tokens[self._index]

    def _next(self) -> _Token:
        token = self._tokens[self._index]
        self._index += token.kind != "end"
        return token

    def _accept(self, text: str) -> bool:
        if self._peek().text == text and self._peek().kind != "text":
            self._index += 1
            return True
        return False

    def _expect(self, text: str, after: str) -> None:
        if not self._accept(text):
            token = self._peek()
            self._stop("Q010", token, f"'{text}' expected after {after}, found '{token.text or 'the end'}'")

    # grammar

    def _or(self) -> _Operand:
        self._depth += 1
        if self._depth > _DEEPEST:
            self._stop("Q010", self._peek(), "the condition is nested too deeply", "give parts of it names under 'terms'")
        first = self._and()
        if self._peek().text == "or":
            parts = [self._condition(first)]
            while self._accept("or"):
                parts.append(self._condition(self._and()))
            first = AnyOf(tuple(parts))
        self._depth -= 1
        return first

    def _and(self) -> _Operand:
        first = self._not()
        if self._peek().text == "and":
            parts = [self._condition(first)]
            while self._accept("and"):
                parts.append(self._condition(self._not()))
            return All(tuple(parts))
        return first

    def _not(self) -> _Operand:
        negations = 0
        while self._accept("not"):
            negations += 1
        operand = self._comparison()
        if not negations:
            return operand
        condition = self._condition(operand)
        return Not(condition) if negations % 2 else condition

    def _comparison(self) -> _Operand:
        left = self._term()
        token = self._peek()
        if token.kind == "operator":
            self._next()
            return self._compare(left, token, self._term())
        if token.text == "in":
            self._next()
            self._expect("(", "'in'")
            values = [self._term()]
            while self._accept(","):
                values.append(self._term())
            self._expect(")", "the values")
            return self._one_of(left, token, values)
        return left

    def _term(self) -> _Operand:
        token = self._next()
        if token.text == "(" and token.kind == "mark":
            inner = self._or()
            self._expect(")", "the part in brackets")
            return inner
        if token.kind in ("date", "duration", "number", "text"):
            return self._value(token)
        if token.kind != "name" or token.text in ("and", "or", "in", "on"):
            self._stop("Q010", token, f"a fact, a value or '(' expected here, found '{token.text or 'the end'}'")
        if self._peek().text == "(" and token.text != "not":
            return self._function(token)
        return self._name(token)

    def _function(self, token: _Token) -> _Operand:
        if token.text not in ("confirmed", "age", "known"):
            remedy = nearest(token.text, ("confirmed", "age", "known")) or "known: confirmed(…), age(on …), known(…)"
            self._stop("Q016", token, f"unknown function '{token.text}'", remedy)
        self._next()
        made: _Operand
        if token.text == "confirmed":
            name = self._next()
            on: Day = self._day(self._next()) if self._accept("on") else TODAY
            made = Confirmed(self._category(name), on, at=token.at)
        elif token.text == "age":
            self._expect("on", "'age('")
            made = _AgeTerm(self._day(self._next()), token.at)
            if BIRTH_DATE not in self._vocabulary.facts:
                self._problem("Q019", token.at, 3, f"age(…) needs the fact '{BIRTH_DATE}', which facts.yaml lacks")
        else:
            operand = self._name(self._next())
            made = _Bad(token.at)
            if isinstance(operand, _FactTerm):
                made = Known(operand.fact.name, at=token.at)
            elif not isinstance(operand, _Bad):
                self._problem("Q015", token.at, 5, "known(…) takes a fact")
        self._expect(")", f"'{token.text}(…'")
        return made

    def _category(self, token: _Token) -> str:
        prefix, _, name = token.text.partition(".")
        if prefix != "category" or not name:
            remedy = nearest(f"category.{token.text}", [f"category.{key}" for key in self._vocabulary.categories])
            self._problem("Q017", token.at, len(token.text), "confirmed(…) takes a category, like category.large_family", remedy)
        elif name not in self._vocabulary.categories:
            self._problem(
                "Q017", token.at, len(token.text), f"unknown category '{name}'", nearest(name, self._vocabulary.categories)
            )
        return name

    def _day(self, token: _Token) -> Day:
        if token.kind == "date":
            value = self._value(token)
            return int(value.value) if isinstance(value, _Value) and isinstance(value.value, int) else 0
        if token.kind == "name":
            if token.text != TODAY and token.text not in self._vocabulary.dates:
                remedy = nearest(token.text, [*self._vocabulary.dates, TODAY])
                self._problem("Q018", token.at, len(token.text), f"unknown date '{token.text}'", remedy)
            return token.text
        self._stop("Q010", token, f"a date expected here, found '{token.text or 'the end'}'")
        return 0

    def _value(self, token: _Token) -> _Operand:
        width = len(token.text)
        if token.kind == "date":
            try:
                return _Value("date", parse_date(token.text), token.at, width)
            except ValueProblem as problem:
                self._problem("Q021", token.at, width, problem.remedy, expected=problem.expected)
                return _Bad(token.at)
        if token.kind == "duration":
            match = _DURATION.fullmatch(token.text)
            years, months, days = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
            if years > 150 or months > 1800 or days > 60000:  # noqa: PLR2004 - a life and a half
                self._problem("Q023", token.at, width, f"{token.text} is longer than a life")
                return _Bad(token.at)
            return _Value("duration", (12 * years + months, days), token.at, width)
        if token.kind == "number":
            return _Value("number", Fraction(token.text), token.at, width)
        return _Value("text", token.text[1:-1], token.at, width)

    def _name(self, token: _Token) -> _Operand:
        name, vocabulary = token.text, self._vocabulary
        if name in vocabulary.facts:
            return _FactTerm(vocabulary.facts[name], token.at)
        if name in self._terms:
            return Term(name, at=token.at)
        if name == TODAY or name in vocabulary.dates:
            return _DayTerm(name, token.at)
        known = [*vocabulary.facts, *self._term_names, *vocabulary.dates]
        if name.startswith("category."):
            self._problem("Q019", token.at, len(name), f"a category is not a condition: '{name}'", f"write confirmed({name})")
        elif name in ("yes", "no", "true", "false"):
            self._problem("Q015", token.at, len(name), f"'{name}' is not used in conditions", "write the fact alone, or 'not' before it")
        else:
            self._problem("Q019", token.at, len(name), f"unknown fact '{name}'", nearest(name, known))
        return _Bad(token.at)

    # types

    def _condition(self, operand: _Operand) -> Condition:
        """Return an operand as something that holds or does not."""
        if isinstance(operand, _FactTerm):
            if operand.fact.type is FactType.YES_NO:
                return Holds(operand.fact.name, at=operand.at)
            name, kind = operand.fact.name, operand.fact.type.value
            self._problem("Q015", operand.at, len(name), f"{name} is a {kind}, not a yes or no", "compare it with a value")
        elif isinstance(operand, _Value | _DayTerm | _AgeTerm):
            self._problem("Q015", operand.at, 1, f"a {_kind(operand)} alone is not a condition", "compare it with something")
        elif not isinstance(operand, _Bad):
            return operand
        return NEVER

    def _compare(self, left: _Operand, token: _Token, right: _Operand) -> _Operand:
        operator = token.text
        if isinstance(left, _Bad) or isinstance(right, _Bad):
            return _Bad(token.at)
        if isinstance(left, _Value) and not isinstance(right, _Value):
            left, right, operator = right, left, FLIPPED[operator]
        if isinstance(left, _DayTerm) and isinstance(right, _FactTerm):
            left, right, operator = right, left, FLIPPED[operator]
        made = None
        if isinstance(left, _AgeTerm) and isinstance(right, _Value) and right.kind == "duration":
            made = self._age(left, operator, right, token)
        elif isinstance(left, _FactTerm) and isinstance(right, _Value):
            made = self._fact_compare(left.fact, operator, right, token)
        elif isinstance(left, _FactTerm) and isinstance(right, _DayTerm) and left.fact.type is FactType.DATE:
            made = Compare(left.fact.name, operator, right.day, named_date=True, at=token.at)
        elif isinstance(left, _DayTerm) and (isinstance(right, _DayTerm) or _is_date(right)):
            day = right.day if isinstance(right, _DayTerm) else _constant_day(right)
            made = DayCompare(left.day, operator, day, at=token.at)
        if made is not None:
            return made
        message = f"cannot compare {_kind(left)} with {_kind(right)}"
        remedy = ""
        if isinstance(left, _FactTerm) and isinstance(right, _FactTerm):
            message, remedy = "two facts cannot be compared", "compare each with a value"
        elif isinstance(left, _FactTerm) and left.fact.type is FactType.YES_NO:
            remedy = f"write '{left.fact.name}' alone, or 'not {left.fact.name}'"
        elif isinstance(left, _AgeTerm):
            remedy = "an age is compared with a duration, like 6y6m"
        elif "instant" in message:
            remedy = "a time of day is compared by a fact that holds its day"
        self._problem("Q013", token.at, len(token.text), message, remedy)
        return _Bad(token.at)

    def _age(self, left: _AgeTerm, operator: str, right: _Value, token: _Token) -> _Operand:
        if operator in ("==", "!="):
            self._problem("Q014", token.at, 2, "an age is compared with >=, >, < or <=", "write two comparisons joined by 'and'")
            return _Bad(token.at)
        months, days = right.value if isinstance(right.value, tuple) else (0, 0)
        return Age(left.on, operator, months, days, at=token.at)

    def _fact_compare(self, fact: Fact, operator: str, right: _Value, token: _Token) -> _Operand | None:
        if fact.type is FactType.CHOICE and operator not in ("==", "!="):
            self._problem("Q013", token.at, len(operator), f"{fact.name} is a choice: only == and != compare it")
            return _Bad(token.at)
        value = self._constant(fact, right)
        return None if value is None else Compare(fact.name, operator, value, at=token.at)

    def _constant(self, fact: Fact, right: _Value) -> int | str | None:
        """Return a constant as the fact stores it; None when its type does not fit."""
        if fact.type is FactType.CHOICE and right.kind == "text":
            if fact.choices and right.value not in fact.choices:
                remedy = nearest(str(right.value), fact.choices) or f"known: {', '.join(fact.choices)}"
                self._problem("Q020", right.at, right.width, f"{fact.name} has no value '{right.value}'", remedy)
            return str(right.value)
        if fact.type is FactType.DATE and isinstance(right.value, int):
            return right.value
        if fact.type in (FactType.NUMBER, FactType.DECIMAL) and isinstance(right.value, Fraction):
            scaled = right.value * 10**fact.digits
            if scaled.denominator == 1:
                return int(scaled)
            digits = f"at most {fact.digits} digits after the point" if fact.digits else "a whole number"
            self._problem("Q023", right.at, right.width, f"{fact.name} is compared with {digits}", expected=digits)
            return 0
        return None

    def _one_of(self, left: _Operand, token: _Token, values: list[_Operand]) -> _Operand:
        if isinstance(left, _Bad) or any(isinstance(value, _Bad) for value in values):
            return _Bad(token.at)
        if not isinstance(left, _FactTerm) or left.fact.type in (FactType.YES_NO, FactType.INSTANT):
            self._problem("Q013", token.at, 2, f"'in' compares a fact with values; {_kind(left)} found before it")
            return _Bad(token.at)
        constants: list[int | str] = []
        for value in values:
            constant = self._constant(left.fact, value) if isinstance(value, _Value) else None
            if constant is None:
                self._problem("Q013", value.at if isinstance(value, _Value) else token.at, 1, f"cannot compare {_kind(left)} with {_kind(value)}")
                return _Bad(token.at)
            constants.append(constant)
        return OneOf(left.fact.name, tuple(constants), at=token.at)


def _is_date(operand: _Operand) -> bool:
    return isinstance(operand, _Value) and operand.kind == "date"


def _constant_day(operand: _Operand) -> int:
    return operand.value if isinstance(operand, _Value) and isinstance(operand.value, int) else 0


def _kind(operand: _Operand) -> str:
    if isinstance(operand, _FactTerm):
        return operand.fact.type.value
    if isinstance(operand, _Value):
        return operand.kind
    if isinstance(operand, _AgeTerm):
        return "age"
    return "date" if isinstance(operand, _DayTerm) else "condition"
