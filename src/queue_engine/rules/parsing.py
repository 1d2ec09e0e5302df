"""Text of a condition → typed condition, with problems at the exact character."""

from __future__ import annotations

import re
from collections.abc import Container
from fractions import Fraction
from typing import NoReturn

from queue_engine.facts import ValueProblem, Vocabulary, parse_date
from queue_engine.rules.conditions import (
    BIRTH_DATE,
    TODAY,
    All,
    AnyOf,
    Condition,
    Confirmed,
    Day,
    Known,
    Not,
    Term,
)
from queue_engine.rules.operands import AgeTerm, Bad, DayTerm, FactTerm, Operand, Typing, Value
from queue_engine.rules.tokens import Report, SyntaxStopError, Token, tokenise
from queue_engine.spelling import nearest

_DURATION = re.compile(r"(?:(\d+)y)?(?:(\d+)m)?(?:(\d+)d)?")
_DEEPEST = 40


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

    >>> from queue_engine.facts import Fact, FactType, Per, Title
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
        self._typing = Typing(report)
        self._report = report
        self._tokens: list[Token] = []
        self._index = 0
        self._depth = 0

    def parse(self) -> Condition | None:
        try:
            self._tokens = tokenise(self._text, self._report)
            operand = self._or()
            token = self._peek()
            if token.kind == "bad":
                self._stop("Q011", token, "unexpected '='", "one '=' compares nothing: write '=='")
            if token.kind != "end":
                self._stop("Q010", token, f"'and', 'or' or the end expected here, found {token.shown}")
        except SyntaxStopError:
            return None
        condition = self._typing.condition(operand)
        return condition if self._typing.clean else None

    # tokens

    def _stop(self, code: str, token: Token, message: str, remedy: str = "") -> NoReturn:
        self._typing.problem(code, token.at, max(1, len(token.text)), message, remedy)
        raise SyntaxStopError

    def _peek(self) -> Token:
        return self._tokens[self._index]

    def _next(self) -> Token:
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
            self._stop("Q010", token, f"'{text}' expected after {after}, found {token.shown}")

    # grammar

    def _or(self) -> Operand:
        self._depth += 1
        if self._depth > _DEEPEST:
            self._stop(
                "Q010", self._peek(), "the condition is nested too deeply", "give parts of it names under 'terms'"
            )
        first = self._and()
        if self._peek().text == "or":
            parts = [self._typing.condition(first)]
            while self._accept("or"):
                parts.append(self._typing.condition(self._and()))
            first = AnyOf(tuple(parts))
        self._depth -= 1
        return first

    def _and(self) -> Operand:
        first = self._not()
        if self._peek().text == "and":
            parts = [self._typing.condition(first)]
            while self._accept("and"):
                parts.append(self._typing.condition(self._not()))
            return All(tuple(parts))
        return first

    def _not(self) -> Operand:
        negations = 0
        while self._accept("not"):
            negations += 1
        operand = self._comparison()
        if not negations:
            return operand
        condition = self._typing.condition(operand)
        return Not(condition) if negations % 2 else condition

    def _comparison(self) -> Operand:
        left = self._term()
        token = self._peek()
        if token.kind == "operator":
            self._next()
            return self._typing.compared(left, token, self._term())
        if token.text == "in":
            self._next()
            self._expect("(", "'in'")
            values = [self._term()]
            while self._accept(","):
                values.append(self._term())
            self._expect(")", "the values")
            return self._typing.one_of(left, token, values)
        return left

    def _term(self) -> Operand:
        token = self._next()
        if token.text == "(" and token.kind == "mark":
            inner = self._or()
            self._expect(")", "the part in brackets")
            return inner
        if token.kind in ("date", "duration", "number", "text"):
            return self._value(token)
        if token.kind != "name" or token.text in ("and", "or", "in", "on"):
            self._stop("Q010", token, f"a fact, a value or '(' expected here, found {token.shown}")
        if self._peek().text == "(" and token.text != "not":
            return self._function(token)
        return self._name(token)

    def _function(self, token: Token) -> Operand:
        if token.text not in ("confirmed", "age", "known"):
            remedy = nearest(token.text, ("confirmed", "age", "known")) or "known: confirmed(…), age(on …), known(…)"
            self._stop("Q016", token, f"unknown function '{token.text}'", remedy)
        self._next()
        made: Operand
        if token.text == "confirmed":
            name = self._named("a category")
            on: Day = self._day(self._next()) if self._accept("on") else TODAY
            made = Confirmed(self._category(name), on, at=token.at)
        elif token.text == "age":
            self._expect("on", "'age('")
            made = AgeTerm(self._day(self._next()), token.at)
            if BIRTH_DATE not in self._vocabulary.facts:
                self._typing.problem(
                    "Q019", token.at, 3, f"age(…) needs the fact '{BIRTH_DATE}', which facts.yaml lacks"
                )
        else:
            operand = self._name(self._named("a fact"))
            made = Bad(token.at)
            if isinstance(operand, FactTerm):
                made = Known(operand.fact.name, at=token.at)
            elif not isinstance(operand, Bad):
                self._typing.problem("Q015", token.at, 5, "known(…) takes a fact")
        self._expect(")", f"'{token.text}(…'")
        return made

    def _named(self, what: str) -> Token:
        token = self._next()
        if token.kind != "name":
            self._stop("Q010", token, f"{what} expected here, found {token.shown}")
        return token

    def _category(self, token: Token) -> str:
        prefix, _, name = token.text.partition(".")
        if prefix != "category" or not name:
            remedy = nearest(f"category.{token.text}", [f"category.{key}" for key in self._vocabulary.categories])
            self._typing.problem(
                "Q017", token.at, len(token.text), "confirmed(…) takes a category, like category.large_family", remedy
            )
        elif name not in self._vocabulary.categories:
            self._typing.problem(
                "Q017",
                token.at + len("category."),
                len(name),
                f"unknown category '{name}'",
                nearest(name, self._vocabulary.categories),
            )
        return name

    def _day(self, token: Token) -> Day:
        if token.kind == "date":
            value = self._value(token)
            return int(value.value) if isinstance(value, Value) and isinstance(value.value, int) else 0
        if token.kind == "name":
            if token.text != TODAY and token.text not in self._vocabulary.dates:
                remedy = nearest(token.text, [*self._vocabulary.dates, TODAY])
                self._typing.problem("Q018", token.at, len(token.text), f"unknown date '{token.text}'", remedy)
            return token.text
        return self._stop("Q010", token, f"a date expected here, found {token.shown}")

    def _value(self, token: Token) -> Operand:
        width = len(token.text)
        if token.kind == "date":
            try:
                return Value("date", parse_date(token.text), token.at, width)
            except ValueProblem as problem:
                self._typing.problem("Q021", token.at, width, problem.remedy, expected=problem.expected)
                return Bad(token.at)
        if token.kind == "duration":
            match = _DURATION.fullmatch(token.text)
            years, months, days = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
            if years > 150 or months > 1800 or days > 60000:  # noqa: PLR2004 - a life and a half
                self._typing.problem("Q023", token.at, width, f"{token.text} is longer than a life")
                return Bad(token.at)
            return Value("duration", (12 * years + months, days), token.at, width)
        if token.kind == "number":
            return Value("number", Fraction(token.text), token.at, width)
        return Value("text", token.text[1:-1], token.at, width)

    def _name(self, token: Token) -> Operand:
        name, vocabulary = token.text, self._vocabulary
        if name in vocabulary.facts:
            return FactTerm(vocabulary.facts[name], token.at)
        if name in self._terms:
            return Term(name, at=token.at)
        if name == TODAY or name in vocabulary.dates:
            return DayTerm(name, token.at)
        known = [*vocabulary.facts, *self._term_names, *vocabulary.dates]
        if name.startswith("category."):
            self._typing.problem(
                "Q019", token.at, len(name), f"a category is not a condition: '{name}'", f"write confirmed({name})"
            )
        elif name in ("yes", "no", "true", "false"):
            self._typing.problem(
                "Q015",
                token.at,
                len(name),
                f"'{name}' is not used in conditions",
                "write the fact alone, or 'not' before it",
            )
        else:
            is_code = any(name in fact.choices for fact in vocabulary.facts.values())
            remedy = f"a text stands in quotes: write '{name}'" if is_code else nearest(name, known)
            self._typing.problem("Q019", token.at, len(name), f"unknown fact '{name}'", remedy)
        return Bad(token.at)
