"""Exact decisions about conditions: whether one can ever hold, always holds, or is covered by others.

Every atom of the language is one fact against one constant, so an atom is a
set of points of one variable: intervals of integers, and perhaps the point "not
known". `forms` decides about such sets; here conditions become them.

An answer "impossible" is a proof. Where named dates have no day yet, relations
between several of them are not followed: the answer is then "possible".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
from queue_engine.rules.forms import (
    Every,
    Form,
    Literal,
    Points,
    Some,
    TooComplex,
    Variable,
    possible_at_all,
    subjects_of,
)
from queue_engine.rules.model import Conventions

__all__ = ["Domains", "TooComplex", "always", "covered", "impossible"]


class _Known:
    """What was found about conditions under one set of domains, so that it is found once."""

    def __init__(self, context: Domains) -> None:
        self._context = context
        self._translation = _Translation(context)
        self._forms: dict[Condition, Form] = {}
        self._subjects: dict[Condition, frozenset[str]] = {}
        self._impossible: dict[Condition, bool] = {}
        self._covered: dict[tuple[Condition, tuple[Condition, ...]], bool] = {}

    def form(self, condition: Condition) -> Form:
        """Return the form of a condition, given dates filled in."""
        made = self._forms.get(condition)
        if made is None:
            made = self._forms[condition] = self._translation.of(with_dates(condition, self._context.dates))
        return made

    def subjects(self, condition: Condition) -> frozenset[str]:
        """Return what a condition speaks of."""
        found = self._subjects.get(condition)
        if found is None:
            found = self._subjects[condition] = frozenset(subjects_of(self.form(condition)))
        return found

    def impossible(self, condition: Condition) -> bool:
        """Return whether a condition can never hold."""
        found = self._impossible.get(condition)
        if found is None:
            found = self._impossible[condition] = not possible_at_all(self.form(condition))
        return found

    def covered(self, condition: Condition, others: tuple[Condition, ...]) -> bool:
        """Return whether everyone for whom the condition holds has one of the others."""
        found = self._covered.get((condition, others))
        if found is None:
            found = self._covered[condition, others] = self.impossible(condition) or self._covers(condition, others)
        return found

    def _covers(self, condition: Condition, others: tuple[Condition, ...]) -> bool:
        own = self.subjects(condition)
        if not any(own & self.subjects(other) for other in others):
            # A point where the condition holds and one where no other does differ in separate subjects, so they join.
            return self.impossible(Not(others[0] if len(others) == 1 else AnyOf(others)))
        return not possible_at_all(Every((self.form(condition), *(self.form(Not(other)) for other in others))))


@attrs.frozen
class Domains:
    """What is taken for granted while conditions are compared, and what was found so far under it.

    Args:
        vocabulary: types, ranges, choices and the meaning of "not known".
        conventions: how ages are reckoned.
        dates: the named dates whose day is given; any other may be any day.

    """

    vocabulary: Vocabulary
    conventions: Conventions
    dates: Mapping[str, int] = attrs.field(factory=dict)
    _known: _Known = attrs.field(init=False, eq=False, repr=False, default=attrs.Factory(_Known, takes_self=True))


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
    return context._known.impossible(condition)  # noqa: SLF001 - kept there for the functions of this module


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
    return context._known.covered(condition, tuple(others))  # noqa: SLF001 - as above


_LEAST, _MOST = -(2**64), 2**64  # beyond every value a column can hold
_TRUTH = Points(((0, 1),))
_SIGN = Points(((-1, 1),))
_ANYTHING = Points(((_LEAST, _MOST),))


class _Translation:
    """Turns conditions into literals joined by "every" and "some", negations carried down to the literals."""

    def __init__(self, context: Domains) -> None:
        self._context = context
        self._texts: dict[tuple[str, str], int] = {}

    def of(self, condition: Condition, *, positive: bool = True) -> Form:
        """Return the form of a condition, or of its negation."""
        if isinstance(condition, Not):
            return self.of(condition.condition, positive=not positive)
        if isinstance(condition, All | AnyOf):
            forms = tuple(self.of(part, positive=positive) for part in condition.conditions)
            return Every(forms) if isinstance(condition, All) == positive else Some(forms)
        constant = _constant(condition)
        if constant is not None:
            return Every(()) if constant == positive else Some(())
        variable, domain, points = self._atom(condition)
        return Literal(variable, domain & points if positive else domain.without(points))

    def _atom(self, atom: Atom) -> tuple[Variable, Points, Points]:
        """Return what an atom speaks of, all points of that, and those where the atom holds."""
        if isinstance(atom, Holds | OneOf | Known):
            return Variable(atom.fact), self._domain(atom.fact), self._points(atom)
        if isinstance(atom, Compare):
            return self._compare(atom)
        if isinstance(atom, Age):
            return self._age(atom)
        if isinstance(atom, DayCompare):
            return _day_compare(atom)
        name = f"confirmed {atom.category} on {atom.on}" if isinstance(atom, Confirmed) else f"term {atom.name}"
        return Variable(name), _TRUTH, Points(((1, 1),))

    def _points(self, atom: Holds | OneOf | Known) -> Points:
        if isinstance(atom, Holds):
            return Points(((1, 1),))
        if isinstance(atom, Known):
            return _ANYTHING
        values = sorted({self._value(atom.fact, value) for value in atom.values})
        return Points(tuple((value, value) for value in values))

    def _compare(self, atom: Compare) -> tuple[Variable, Points, Points]:
        """Return a fact against a constant as points of the fact, against a date not given as a sign."""
        domain = self._domain(atom.fact)
        if atom.named_date:
            aspect, sign = f"against {atom.value}", attrs.evolve(_SIGN, unknown=domain.unknown)
            return Variable(atom.fact, aspect), sign, _where(atom.operator, 0)
        return Variable(atom.fact), domain, _where(atom.operator, self._value(atom.fact, atom.value))

    def _age(self, atom: Age) -> tuple[Variable, Points, Points]:
        """Return an age as births when its day is given, else as a place on the line of ages on that day."""
        known = self._domain(BIRTH_DATE)
        strictly = atom.operator in (">", "<=")
        if isinstance(atom.on, int):
            latest = latest_birth(atom.on, atom.months, atom.days, self._context.conventions, strictly=strictly)
            old = Points(((_LEAST, latest),))
            return Variable(BIRTH_DATE), known, old if atom.operator in (">=", ">") else _ANYTHING.without(old)
        domain = attrs.evolve(_ANYTHING, unknown=known.unknown)
        # On the line 2k is "k is reached on that very day", 2k + 1 lies between k and k + 1. Only whole months
        # compare with months, and days with days; a duration of both stands for itself.
        aspect, mark = f"months on {atom.on}", atom.months
        if atom.days:
            aspect, mark = f"days on {atom.on}", atom.days
        if atom.days and atom.months:
            aspect, mark = f"{atom.months} months {atom.days} days on {atom.on}", 0
        old = Points(((2 * mark + strictly, _MOST),))
        return Variable(BIRTH_DATE, aspect), domain, old if atom.operator in (">=", ">") else _ANYTHING.without(old)

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


def _day_compare(atom: DayCompare) -> tuple[Variable, Points, Points]:
    """Return a named date against a day as points of that date, against another named date as a sign."""
    left, operator, right = atom.left, atom.operator, atom.right
    if isinstance(left, int) or (isinstance(right, str) and left > right):
        left, operator, right = right, FLIPPED[operator], left
    if isinstance(right, int):
        return Variable(f"date {left}"), _ANYTHING, _where(operator, right)
    return Variable(f"date {left} against {right}"), _SIGN, _where(operator, 0)


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
