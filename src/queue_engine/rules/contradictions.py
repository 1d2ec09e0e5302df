"""Exact decisions about conditions: whether one can ever hold, always holds, or is covered by others.

Every atom of the language is one fact against one constant, so an atom is a
set of points of one variable: intervals of integers, and perhaps the point "not
known". A conjunction of atoms is a box, empty as soon as one of its sides is.
The disjunctions are searched the way a solver of propositional formulas does it
(what has one alternative left is applied at once), so that each branch is one
conjunct of the disjunctive normal form, met only when nothing cheaper decides.

An answer "impossible" is a proof. Where named dates have no day yet, relations
between several of them are not followed: the answer is then "possible".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import attrs

from queue_engine.facts import FactType, Unknown, Vocabulary
from queue_engine.rules.ages import latest_birth
from queue_engine.rules.conditions import (
    BIRTH_DATE,
    FLIPPED,
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
    with_dates,
)
from queue_engine.rules.model import Conventions

MOST_CONJUNCTS = 4096
"""How many conjuncts of the normal form are looked at before a decision is given up."""

_LEAST, _MOST = -(2**64), 2**64  # beyond every value a column can hold


class TooComplex(Exception):  # noqa: N818 - an answer, not a mistake: neither yes nor no can be told
    """The condition has too many alternatives to be decided."""


@attrs.frozen
class Domains:
    """What is taken for granted while conditions are compared.

    Args:
        vocabulary: types, ranges, choices and the meaning of "not known".
        conventions: how ages are reckoned.
        dates: the named dates whose day is given; any other may be any day.

    """

    vocabulary: Vocabulary
    conventions: Conventions
    dates: Mapping[str, int] = attrs.field(factory=dict)


def impossible(condition: Condition, context: Domains) -> bool:
    """Return whether the condition can never hold; a "yes" is proved, never guessed.

    Args:
        condition: without named terms (`conditions.inline_terms`).
        context: ranges, conventions and given dates.

    Raises:
        TooComplex: more than `MOST_CONJUNCTS` alternatives were met.

    Complexity: linear in the condition for each conjunct met; most conditions need one.

    >>> from queue_engine.facts import Fact, Title
    >>> vouchers = Fact("vouchers", FactType.NUMBER, Title("", ""), least=0, most=15)
    >>> context = Domains(Vocabulary({"vouchers": vouchers}, {}, {}), Conventions())
    >>> impossible(Compare("vouchers", ">", 15), context), impossible(Compare("vouchers", ">", 14), context)
    (True, False)

    """
    return not _possible_at_all(_Forms(context).of(with_dates(condition, context.dates)))


def always(condition: Condition, context: Domains) -> bool:
    """Return whether the condition holds for everybody, whatever the facts.

    Raises:
        TooComplex: see `impossible`.

    >>> always(AnyOf((Holds("sibling"), Not(Holds("sibling")))), Domains(Vocabulary({}, {}, {}), Conventions()))
    True

    """
    return impossible(Not(condition), context)


def covered(condition: Condition, others: Sequence[Condition], context: Domains) -> bool:
    """Return whether everyone for whom the condition holds already has one of the others.

    A condition that can never hold is covered by anything, so ask `impossible` first.

    Raises:
        TooComplex: see `impossible`.

    >>> here, large = Holds("address.lives_here"), Confirmed("large_family")
    >>> context = Domains(Vocabulary({}, {}, {}), Conventions())
    >>> covered(All((here, large)), [large], context), covered(large, [All((here, large))], context)
    (True, False)

    """
    return impossible(All((condition, Not(AnyOf(tuple(others))))), context)


Intervals: TypeAlias = tuple[tuple[int, int], ...]


@attrs.frozen
class Points:
    """Integers as rising disjoint intervals, both ends included, and whether "not known" is among the points."""

    intervals: Intervals
    unknown: bool = False

    def __bool__(self) -> bool:
        """Return whether there is any point."""
        return bool(self.intervals) or self.unknown

    def __and__(self, other: Points) -> Points:
        """Return the points in both."""
        both = []
        for first, last in self.intervals:
            for low, high in other.intervals:
                if max(first, low) <= min(last, high):
                    both.append((max(first, low), min(last, high)))
        return Points(tuple(both), self.unknown and other.unknown)

    def without(self, other: Points) -> Points:
        """Return the points that are not in the other."""
        left = []
        for first, last in self.intervals:
            start = first
            for low, high in other.intervals:
                if high < start or low > last:
                    continue
                if low > start:
                    left.append((start, low - 1))
                start = high + 1
            if start <= last:
                left.append((start, last))
        return Points(tuple(left), self.unknown and not other.unknown)


@attrs.frozen
class _Variable:
    """What a literal speaks of: one aspect of a subject; all aspects of a subject are known or unknown together."""

    subject: str
    aspect: str = ""


@attrs.frozen
class _Literal:
    variable: _Variable
    points: Points


@attrs.frozen
class _Every:
    forms: tuple[_Form, ...]


@attrs.frozen
class _Some:
    forms: tuple[_Form, ...]


_Form: TypeAlias = _Literal | _Every | _Some
_Box: TypeAlias = dict[str, Mapping[str, Points]]
"""What is left of every aspect of every subject; the inner mappings are replaced, never changed."""

_TRUTH = Points(((0, 1),))
_SIGN = Points(((-1, 1),))
_ANYTHING = Points(((_LEAST, _MOST),))


class _Forms:
    """Turns conditions into literals joined by "every" and "some", negations carried down to the literals."""

    def __init__(self, context: Domains) -> None:
        self._context = context
        self._texts: dict[tuple[str, str], int] = {}

    def of(self, condition: Condition, *, positive: bool = True) -> _Form:
        """Return the form of a condition, or of its negation."""
        if isinstance(condition, Not):
            return self.of(condition.condition, positive=not positive)
        if isinstance(condition, All | AnyOf):
            forms = tuple(self.of(part, positive=positive) for part in condition.conditions)
            return _Every(forms) if isinstance(condition, All) == positive else _Some(forms)
        constant = _constant(condition)
        if constant is not None:
            return _Every(()) if constant == positive else _Some(())
        variable, domain, points = self._atom(condition)
        return _Literal(variable, domain & points if positive else domain.without(points))

    def _atom(self, atom: Atom) -> tuple[_Variable, Points, Points]:
        """Return what an atom speaks of, all points of that, and those where the atom holds."""
        if isinstance(atom, Holds | OneOf | Known):
            return _Variable(atom.fact), self._domain(atom.fact), self._points(atom)
        if isinstance(atom, Compare):
            return self._compare(atom)
        if isinstance(atom, Age):
            return self._age(atom)
        if isinstance(atom, DayCompare):
            return _day_compare(atom)
        name = f"confirmed {atom.category} on {atom.on}" if isinstance(atom, Confirmed) else f"term {atom.name}"
        return _Variable(name), _TRUTH, Points(((1, 1),))

    def _points(self, atom: Holds | OneOf | Known) -> Points:
        if isinstance(atom, Holds):
            return Points(((1, 1),))
        if isinstance(atom, Known):
            return _ANYTHING
        values = sorted({self._value(atom.fact, value) for value in atom.values})
        return Points(tuple((value, value) for value in values))

    def _compare(self, atom: Compare) -> tuple[_Variable, Points, Points]:
        """Return a fact against a constant as points of the fact, against a date not given as a sign."""
        domain = self._domain(atom.fact)
        if atom.named_date:
            aspect, sign = f"against {atom.value}", attrs.evolve(_SIGN, unknown=domain.unknown)
            return _Variable(atom.fact, aspect), sign, _where(atom.operator, 0)
        return _Variable(atom.fact), domain, _where(atom.operator, self._value(atom.fact, atom.value))

    def _age(self, atom: Age) -> tuple[_Variable, Points, Points]:
        """Return an age as births when its day is given, else as a place on the line of ages on that day."""
        known = self._domain(BIRTH_DATE)
        strictly = atom.operator in (">", "<=")
        if isinstance(atom.on, int):
            latest = latest_birth(atom.on, atom.months, atom.days, self._context.conventions, strictly=strictly)
            old = Points(((_LEAST, latest),))
            return _Variable(BIRTH_DATE), known, old if atom.operator in (">=", ">") else _ANYTHING.without(old)
        domain = attrs.evolve(_ANYTHING, unknown=known.unknown)
        # On the line 2k is "k is reached on that very day", 2k + 1 lies between k and k + 1. Only whole months
        # compare with months, and days with days; a duration of both stands for itself.
        aspect, mark = f"months on {atom.on}", atom.months
        if atom.days:
            aspect, mark = f"days on {atom.on}", atom.days
        if atom.days and atom.months:
            aspect, mark = f"{atom.months} months {atom.days} days on {atom.on}", 0
        old = Points(((2 * mark + strictly, _MOST),))
        return _Variable(BIRTH_DATE, aspect), domain, old if atom.operator in (">=", ">") else _ANYTHING.without(old)

    def _domain(self, name: str) -> Points:
        """Return every point a fact can be at."""
        fact = self._context.vocabulary.facts.get(name)
        if fact is None:
            return attrs.evolve(_ANYTHING, unknown=True)
        unknown = fact.unknown is not Unknown.REFUSE
        if fact.type is FactType.YES_NO:
            return attrs.evolve(_TRUTH, unknown=unknown)
        if fact.type is FactType.CHOICE:
            return Points(((0, len(fact.choices) - 1 if fact.choices else _MOST),), unknown)
        least, most = fact.least, fact.most
        return Points(((_LEAST if least is None else least, _MOST if most is None else most),), unknown)

    def _value(self, name: str, value: int | str) -> int:
        """Return a constant as a point: the texts of an open choice are numbered as they are met."""
        if isinstance(value, int):
            return value
        fact = self._context.vocabulary.facts.get(name)
        if fact is not None and value in fact.choices:
            return list(fact.choices).index(value)
        first = len(fact.choices) if fact is not None else 0
        return self._texts.setdefault((name, value), first + len(self._texts))


def _constant(atom: Atom) -> bool | None:
    """Return what a comparison of two given days, or of a day with itself, says for everybody; None for the rest."""
    if isinstance(atom, DayCompare):
        if isinstance(atom.left, int) and isinstance(atom.right, int):
            return compare(atom.left, atom.operator, atom.right)
        if atom.left == atom.right:
            return compare(0, atom.operator, 0)
    return None


def _day_compare(atom: DayCompare) -> tuple[_Variable, Points, Points]:
    """Return a named date against a day as points of that date, against another named date as a sign."""
    left, operator, right = atom.left, atom.operator, atom.right
    if isinstance(left, int) or (isinstance(right, str) and left > right):
        left, operator, right = right, FLIPPED[operator], left
    if isinstance(right, int):
        return _Variable(f"date {left}"), _ANYTHING, _where(operator, right)
    return _Variable(f"date {left} against {right}"), _SIGN, _where(operator, 0)


def _where(operator: str, value: int) -> Points:
    """Return the integers that compare with the value as the operator says."""
    at = Points(((value, value),))
    below, above = Points(((_LEAST, value - 1),)), Points(((value + 1, _MOST),))
    return {
        "==": at,
        "!=": _ANYTHING.without(at),
        "<": below,
        "<=": _ANYTHING.without(above),
        ">": above,
        ">=": _ANYTHING.without(below),
    }[operator]


def _possible_at_all(form: _Form) -> bool:
    """Return whether some point of the space satisfies the form."""
    stack: list[tuple[_Box, list[_Form]]] = [({}, [form])]
    conjuncts = 0
    while stack:
        box, forms = stack.pop()
        conjuncts += 1
        if conjuncts > MOST_CONJUNCTS:
            raise TooComplex(f"more than {MOST_CONJUNCTS} alternatives")
        open_forms = _applied(box, forms)
        if open_forms is None:
            continue
        if not open_forms:
            return True
        branch = min(open_forms, key=lambda some: len(some.forms))
        rest: list[_Form] = [some for some in open_forms if some is not branch]
        stack.extend((dict(box), [*rest, alternative]) for alternative in reversed(branch.forms))
    return False


def _applied(box: _Box, forms: Iterable[_Form]) -> list[_Some] | None:
    """Narrow the box by all that is certain; return the choices still open, or None when nothing is left."""
    certain = list(forms)
    choices: list[_Some] = []
    while certain:
        while certain:
            form = certain.pop()
            if isinstance(form, _Every):
                certain.extend(form.forms)
            elif isinstance(form, _Some):
                choices.append(form)
            elif not _fits(form, box):
                return None
            else:
                _narrow(box, form)
        waiting, choices = choices, []
        for some in waiting:
            left = tuple(form for form in some.forms if _may_hold(form, box))
            if not left:
                return None
            if len(left) == 1:
                certain.append(left[0])
            elif not any(_holds(form, box) for form in left):
                choices.append(_Some(left))
    return choices


def _narrow(box: _Box, literal: _Literal) -> None:
    """Leave only what satisfies the literal."""
    subject, aspect = literal.variable.subject, literal.variable.aspect
    aspects = box.get(subject, {})
    box[subject] = {**aspects, aspect: aspects.get(aspect, literal.points) & literal.points}


def _fits(literal: _Literal, box: _Box) -> bool:
    """Return whether a literal leaves its subject some point, known in all its aspects or unknown in all."""
    aspects = box.get(literal.variable.subject)
    if aspects is None:
        return bool(literal.points)
    left = aspects.get(literal.variable.aspect, literal.points) & literal.points
    others = [points for aspect, points in aspects.items() if aspect != literal.variable.aspect]
    return all(points.intervals for points in (left, *others)) or all(points.unknown for points in (left, *others))


def _may_hold(form: _Form, box: _Box) -> bool:
    """Return whether no part of a form is refused by the box on its own."""
    if isinstance(form, _Literal):
        return _fits(form, box)
    parts = (_may_hold(part, box) for part in form.forms)
    return all(parts) if isinstance(form, _Every) else any(parts)


def _holds(form: _Form, box: _Box) -> bool:
    """Return whether the box lies inside the form already."""
    if isinstance(form, _Literal):
        points = box.get(form.variable.subject, {}).get(form.variable.aspect)
        return points is not None and not points.without(form.points)
    parts = (_holds(part, box) for part in form.forms)
    return all(parts) if isinstance(form, _Every) else any(parts)
