"""The condition language: what a condition is, and how its text is read and typed.

    condition = or ;  or = and {"or" and} ;  and = not {"and" not} ;  not = "not" not | comparison
    comparison = term [("=="|"!="|"<"|"<="|">"|">=") term | "in" "(" value {"," value} ")"]
    term  = "(" condition ")" | fact | named term | named date | value
          | confirmed "(" category.id ["on" date] ")" | age "(" "on" date ")" | known "(" fact ")"
    value = 12 | 4.87 | 2026-09-01 | 6y6m | 2m | 10d | 'text' ;  date = 2026-09-01 | named date

Every comparison is one fact against one constant. That is the whole language,
on purpose: it makes "can never hold" and "has no effect" decidable exactly, and
one condition one or two array operations. A comparison with a value that is not
known never holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

import attrs

Day: TypeAlias = int | str
"""A day number, or the name of a date that the caller gives."""

TODAY = "today"

FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}


@attrs.frozen
class Holds:
    """A yes_no fact is yes."""

    fact: str
    at: int = attrs.field(default=0, eq=False)


@attrs.frozen
class Compare:
    """A fact compared with a constant: an integer as the fact stores it, a text of a choice, or a named date."""

    fact: str
    operator: str
    value: int | str
    named_date: bool = False
    at: int = attrs.field(default=0, eq=False)


@attrs.frozen
class OneOf:
    """A fact is one of several constants."""

    fact: str
    values: tuple[int | str, ...]
    at: int = attrs.field(default=0, eq=False)


@attrs.frozen
class Confirmed:
    """The applicant has a confirmed document of the category that is valid on the day."""

    category: str
    on: Day = TODAY
    at: int = attrs.field(default=0, eq=False)


@attrs.frozen
class Age:
    """The age on a day compared with a duration of `months` and `days`."""

    on: Day
    operator: str
    months: int
    days: int
    at: int = attrs.field(default=0, eq=False)


@attrs.frozen
class Known:
    """The fact is known."""

    fact: str
    at: int = attrs.field(default=0, eq=False)


@attrs.frozen
class DayCompare:
    """A named date compared with another day: true or false for everybody."""

    left: Day
    operator: str
    right: Day
    at: int = attrs.field(default=0, eq=False)


@attrs.frozen
class Term:
    """A named condition of the `terms` section."""

    name: str
    at: int = attrs.field(default=0, eq=False)


@attrs.frozen
class Not:
    """The condition does not hold."""

    condition: Condition


@attrs.frozen
class All:
    """Every condition holds; with none of them, always."""

    conditions: tuple[Condition, ...]


@attrs.frozen
class AnyOf:
    """At least one condition holds; with none of them, never."""

    conditions: tuple[Condition, ...]


Atom: TypeAlias = Holds | Compare | OneOf | Confirmed | Age | Known | DayCompare | Term
Condition: TypeAlias = Atom | Not | All | AnyOf

_LONGEST_TERM = 4_096  # atoms

ALWAYS = All(())
NEVER = AnyOf(())


def atoms(condition: Condition) -> Iterator[Atom]:
    """Yield every atom of a condition from left to right, those under `not` included."""
    if isinstance(condition, Not):
        yield from atoms(condition.condition)
    elif isinstance(condition, All | AnyOf):
        for part in condition.conditions:
            yield from atoms(part)
    else:
        yield condition


def rebuild(condition: Condition, replace: Callable[[Atom], Condition]) -> Condition:
    """Return the condition with every atom replaced by `replace(atom)`."""
    if isinstance(condition, Not):
        return Not(rebuild(condition.condition, replace))
    if isinstance(condition, All):
        return All(tuple(rebuild(part, replace) for part in condition.conditions))
    if isinstance(condition, AnyOf):
        return AnyOf(tuple(rebuild(part, replace) for part in condition.conditions))
    return replace(condition)


def inline_terms(condition: Condition, terms: Mapping[str, Condition]) -> Condition:
    """Return the condition with named terms written out; `terms` hold no term that names itself.

    What a term says stands, for messages, where the term is named.
    """

    def replace(atom: Atom) -> Condition:
        if not isinstance(atom, Term):
            return atom
        return rebuild(inline_terms(terms[atom.name], terms), lambda inner: attrs.evolve(inner, at=atom.at))

    return rebuild(condition, replace)


def terms_of(condition: Condition) -> frozenset[str]:
    """Return the names of the terms a condition names."""
    return frozenset(atom.name for atom in atoms(condition) if isinstance(atom, Term))


def endless_terms(terms: Mapping[str, Condition]) -> frozenset[str]:
    """Return the terms that cannot be written out.

    They name one that is absent, or in the end themselves, or grow without measure: each of thirty terms that
    names the one before it twice is twice as long as that.

    >>> sorted(endless_terms({"a": Term("b"), "b": Term("a"), "c": Term("d"), "e": Known("x"), "f": Term("e")}))
    ['a', 'b', 'c']

    """
    sizes: dict[str, int] = {}
    while ready := [name for name, when in terms.items() if name not in sizes and terms_of(when) <= sizes.keys()]:
        for name in ready:
            sizes[name] = sum(sizes[atom.name] if isinstance(atom, Term) else 1 for atom in atoms(terms[name]))
    return frozenset(name for name in terms if sizes.get(name, _LONGEST_TERM + 1) > _LONGEST_TERM)


def facts_of(condition: Condition) -> frozenset[str]:
    """Return the names of the facts a term-free condition reads (an age reads the birth date)."""
    names = set()
    for atom in atoms(condition):
        if isinstance(atom, Holds | Compare | OneOf | Known):
            names.add(atom.fact)
        elif isinstance(atom, Age):
            names.add(BIRTH_DATE)
    return frozenset(names)


def dates_of(condition: Condition) -> frozenset[str]:
    """Return the names of the dates a term-free condition needs."""
    days: set[Day] = set()
    for atom in atoms(condition):
        if isinstance(atom, Confirmed | Age):
            days.add(atom.on)
        elif isinstance(atom, DayCompare):
            days.update((atom.left, atom.right))
        elif isinstance(atom, Compare) and atom.named_date:
            days.add(atom.value)
    return frozenset(day for day in days if isinstance(day, str))


def with_dates(condition: Condition, dates: Mapping[str, int]) -> Condition:
    """Return the condition with every named date that `dates` gives replaced by its day number."""

    def known(day: Day) -> Day:
        return dates.get(day, day) if isinstance(day, str) else day

    def replace(atom: Atom) -> Condition:
        if isinstance(atom, Confirmed | Age):
            return attrs.evolve(atom, on=known(atom.on))
        if isinstance(atom, DayCompare):
            return attrs.evolve(atom, left=known(atom.left), right=known(atom.right))
        if isinstance(atom, Compare) and atom.named_date and atom.value in dates:
            return attrs.evolve(atom, value=dates[str(atom.value)], named_date=False)
        return atom

    return rebuild(condition, replace)


BIRTH_DATE = "child.birth_date"
"""The fact that `age(on …)` reads."""


def compare(left: int, operator: str, right: int) -> bool:
    """Return whether two integers compare as the operator says."""
    return {
        "==": left == right,
        "!=": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[operator]
