"""Conditions of rule documents: their text, and whether they hold (§6)."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from .ages import Conventions, day_of, length, reached
from .findings import short
from .state import Document

BIRTH = "child.birth_date"
TODAY = "today"
_MOST_DEPTH = 60
_TOKEN = re.compile(r"\s*(?:(==|!=|<=|>=|[<>(),])|('[^']*')|([^\s()<>=!,']+))")
_NUMBER = re.compile(r"(-?[0-9]{1,18})(?:\.([0-9]{1,18}))?")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DURATION = re.compile(r"(?=[0-9])(?:([0-9]{1,6})y)?(?:([0-9]{1,6})m)?(?:([0-9]{1,9})d)?")
_INSTANT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) ([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])")
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_DAY_SECONDS = 86_400


class ConditionError(ValueError):
    """A text that is no condition."""


class Fact(NamedTuple):
    """What a rule document says of a fact."""

    per: str
    type: str
    unknown: str
    digits: int


class Names(NamedTuple):
    """The names a condition may use, and how it counts ages."""

    facts: Mapping[str, Fact]
    dates: frozenset[str]
    categories: frozenset[str]
    conventions: Conventions


class Situation(NamedTuple):
    """What is known where a condition is asked."""

    known: Mapping[str, int | str]
    documents: tuple[Document, ...]
    days: Mapping[str, int]


Test = Callable[[Situation], bool]
Value = Callable[[Situation], int | str | None]


class Condition(NamedTuple):
    """A condition: whether it holds, and the facts and dates it names."""

    holds: Test
    facts: frozenset[str]
    dates: frozenset[str]


class _Term(NamedTuple):
    """A term; its kind is truth, day, instant, number, text, age or duration."""

    kind: str
    value: Value
    digits: int = 0
    constant: bool = False
    length: tuple[int, int] = (0, 0)
    flag: bool = False  # a yes_no fact, which may stand alone


def condition(text: str, names: Names) -> Condition:
    """Read a condition.

    Args:
        text: the condition.
        names: what it may name.

    Raises:
        ConditionError: the text is no condition, or names what is not there.

    >>> names = Names({"siblings": Fact("application", "number", "no", 0)}, frozenset(), frozenset(), Conventions(0, 0))
    >>> known = Situation({"siblings": 2}, (), {})
    >>> condition("siblings >= 2 and not siblings in (3, 4)", names).holds(known)
    True

    """
    parser = _Parser(text, names)
    test = parser.condition()
    parser.end()
    return Condition(test, frozenset(parser.facts), frozenset(parser.dates))


def _tokens(text: str) -> Iterator[str]:
    at, text = 0, text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ConditionError(f"{short(text[at : at + 20])} is no part of a condition")
        at = match.end()
        yield match[match.lastindex or 0]


def date_day(text: str) -> int | None:
    """Return the day of a date like 2026-09-01, or None.

    >>> date_day("1970-01-02"), date_day("2026-02-30")
    (1, None)
    """
    match = _DATE.fullmatch(text)
    if not match:
        return None
    year, month, day = (int(part) for part in match.groups())
    return day_of(year, month, day) if 1 <= month <= 12 and 1 <= day <= length(year, month) else None  # noqa: PLR2004


def _second(text: str) -> int | None:
    match = _INSTANT.fullmatch(text)
    day = date_day(match[1]) if match else None
    if match is None or day is None:
        return None
    return day * _DAY_SECONDS + int(match[2]) * 3600 + int(match[3]) * 60 + int(match[4])


class _Parser:
    """Reads one condition from the left to the right."""

    def __init__(self, text: str, names: Names) -> None:
        self._tokens = [*_tokens(text), ""]
        self._at = 0
        self._names = names
        self._depth = 0
        self.facts: set[str] = set()
        self.dates: set[str] = set()

    def _next(self) -> str:
        token = self._tokens[self._at]
        self._at += bool(token)
        return token

    def _is(self, *tokens: str) -> bool:
        """Go past the next token if it is one of these."""
        found = self._tokens[self._at] in tokens
        self._at += found
        return found

    def _need(self, token: str) -> None:
        if not self._is(token):
            raise ConditionError(f"{short(self._tokens[self._at])} stands where {token!r} has to be")

    def end(self) -> None:
        """Refuse what is left."""
        if self._tokens[self._at]:
            raise ConditionError(f"{short(self._tokens[self._at])} stands after the end")

    def condition(self) -> Test:
        """Read all {"or" all}."""
        self._depth += 1
        if self._depth > _MOST_DEPTH:
            raise ConditionError(f"more than {_MOST_DEPTH} conditions inside each other")
        tests = [self._all()]
        while self._is("or"):
            tests.append(self._all())
        self._depth -= 1
        return tests[0] if len(tests) == 1 else lambda situation: any(test(situation) for test in tests)

    def _all(self) -> Test:
        tests = [self._not()]
        while self._is("and"):
            tests.append(self._not())
        return tests[0] if len(tests) == 1 else lambda situation: all(test(situation) for test in tests)

    def _not(self) -> Test:
        turned = False
        while self._is("not"):
            turned = not turned
        test = self._comparison()
        return (lambda situation: not test(situation)) if turned else test

    def _comparison(self) -> Test:
        left = self._term()
        sign = self._tokens[self._at]
        if self._is("in"):
            return self._within(left)
        if not self._is(*_COMPARE):
            return _alone(left)
        return self._compared(left, sign, self._term())

    def _within(self, left: _Term) -> Test:
        self._need("(")
        tests = [self._compared(left, "==", self._constant())]
        while self._is(","):
            tests.append(self._compared(left, "==", self._constant()))
        self._need(")")
        return lambda situation: any(test(situation) for test in tests)

    def _constant(self) -> _Term:
        token = self._next()
        term = _constant(token)
        if term is None:
            raise ConditionError(f"{short(token)} stands where a constant has to be")
        return term

    def _term(self) -> _Term:
        if self._is("("):
            test = self.condition()
            self._need(")")
            return _Term("truth", test)
        token = self._next()
        if self._tokens[self._at] == "(" and token in ("known", "confirmed", "age"):
            self._need("(")
            read = {"known": self._known, "confirmed": self._confirmed, "age": self._age}[token]
            found = read()
            self._need(")")
            return found
        if token in self._names.facts:
            return self._fact(token)
        if token == TODAY or token in self._names.dates:
            return _Term("day", self._named_day(token))
        term = _constant(token)
        if term is None:
            raise ConditionError(f"{short(token)} is no fact, date or constant")
        return term

    def _fact(self, name: str) -> _Term:
        self.facts.add(name)
        fact = self._names.facts[name]
        kind = {"date": "day", "instant": "instant", "choice": "text"}.get(fact.type, "number")
        return _Term(kind, lambda situation: situation.known.get(name), fact.digits, flag=fact.type == "yes_no")

    def _named_day(self, name: str) -> Callable[[Situation], int]:
        self.dates.add(name)
        return lambda situation: situation.days[name]

    def _day(self) -> Callable[[Situation], int]:
        token = self._next()
        if token == TODAY or token in self._names.dates:
            return self._named_day(token)
        day = date_day(token)
        if day is None:
            raise ConditionError(f"{short(token)} stands where a named date or a date has to be")
        return lambda _: day

    def _known(self) -> _Term:
        name = self._next()
        if name not in self._names.facts:
            raise ConditionError(f"{short(name)} is no fact of the document")
        self.facts.add(name)
        return _Term("truth", lambda situation: name in situation.known)

    def _confirmed(self) -> _Term:
        token = self._next()
        start, _, name = token.partition(".")
        if start != "category" or name not in self._names.categories:
            raise ConditionError(f"{short(token)} is no category of the document")
        day = self._day() if self._is("on") else self._named_day(TODAY)

        def holds(situation: Situation) -> bool:
            on = day(situation)
            return any(
                document.category == name
                and document.state == "confirmed"
                and (document.first is None or document.first <= on)
                and (document.last is None or on <= document.last)
                for document in situation.documents
            )

        return _Term("truth", holds)

    def _age(self) -> _Term:
        self._need("on")
        day = self._day()
        self.facts.add(BIRTH)
        return _Term("age", day)

    def _compared(self, left: _Term, sign: str, right: _Term) -> Test:
        if right.kind == "age" or (left.constant and not right.constant):
            left, sign, right = right, _MIRRORED[sign], left
        if (left.kind, right.kind) == ("age", "duration"):
            return self._aged(left, sign, right.length)
        if left.kind == "instant" and right.kind == "text" and right.constant:
            right = _instant(right)
        if left.kind != right.kind or left.kind not in ("day", "instant", "number", "text"):
            raise ConditionError(f"a term of kind {left.kind} is compared with one of kind {right.kind}")
        one, other, compare = _scaled(left, right.digits), _scaled(right, left.digits), _COMPARE[sign]

        def holds(situation: Situation) -> bool:
            first, second = one(situation), other(situation)
            return first is not None and second is not None and compare(first, second)

        return holds

    def _aged(self, age: _Term, sign: str, length: tuple[int, int]) -> Test:
        """Compare the age on a day; `<` and `<=` are the opposites of `>=` and `>`."""
        if sign in ("==", "!="):
            raise ConditionError(f"an age is compared by {sign}; it has to be <, <=, > or >=")
        day, conventions = age.value, self._names.conventions

        def holds(situation: Situation) -> bool:
            birth, on = situation.known.get(BIRTH), day(situation)
            if not isinstance(birth, int) or not isinstance(on, int):
                return False
            there = reached(birth, *length, conventions)
            is_older = there < on if sign in (">", "<=") else there <= on
            return is_older is (sign in (">", ">="))

        return holds


def _instant(text: _Term) -> _Term:
    """Return a text constant as the instant it writes."""
    written = text.value(Situation({}, (), {}))
    second = _second(str(written))
    if second is None:
        raise ConditionError(f"{short(written)} is no instant like '2026-09-01 00:00:00'")
    return _Term("instant", lambda _: second, constant=True)


def _scaled(term: _Term, digits: int) -> Value:
    """Return the value of a term with so many digits more than its own as the other term has more."""
    value, factor = term.value, 10 ** max(digits - term.digits, 0)
    if factor == 1:
        return value

    def scaled(situation: Situation) -> int | None:
        found = value(situation)
        return found * factor if isinstance(found, int) else None

    return scaled


def _constant(token: str) -> _Term | None:
    """Return a constant, or None where a token is none."""
    number, duration, day = _NUMBER.fullmatch(token), _DURATION.fullmatch(token), date_day(token)
    if token.startswith("'"):
        return _Term("text", lambda _: token[1:-1], constant=True)
    if number:
        scaled = int(number[1] + (number[2] or ""))
        return _Term("number", lambda _: scaled, len(number[2] or ""), constant=True)
    if day is not None:
        return _Term("day", lambda _: day, constant=True)
    if duration:
        years, months, days = (int(part or 0) for part in duration.groups())
        return _Term("duration", lambda _: None, constant=True, length=(12 * years + months, days))
    return None


def _alone(term: _Term) -> Test:
    value = term.value
    if term.kind == "truth":
        return lambda situation: bool(value(situation))
    if not term.flag:
        raise ConditionError("what stands alone has to be a condition or a yes_no fact")
    return lambda situation: value(situation) == 1
