"""Literals joined by "every" and "some", and whether some point of the space satisfies them all.

A literal is a set of points of one variable: intervals of integers, and perhaps the point "not known".
A conjunction of literals is a box, empty as soon as one of its sides is. The disjunctions are searched
the way a solver of propositional formulas does it (what has one alternative left is applied at once), so
that each branch is one conjunct of the disjunctive normal form, met only when nothing cheaper decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

import attrs

MOST_CONJUNCTS = 4096
"""How many conjuncts of the normal form are looked at before a decision is given up."""


class TooComplex(Exception):  # noqa: N818 - an answer, not a mistake: neither yes nor no can be told
    """The condition has too many alternatives to be decided."""


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
class Variable:
    """What a literal speaks of: one aspect of a subject; all aspects of a subject are known or unknown together."""

    subject: str
    aspect: str = ""


@attrs.frozen
class Literal:
    """The variable is at one of the points."""

    variable: Variable
    points: Points


@attrs.frozen
class Every:
    """All of the forms hold."""

    forms: tuple[Form, ...]


@attrs.frozen
class Some:
    """At least one of the forms holds."""

    forms: tuple[Form, ...]


Form: TypeAlias = Literal | Every | Some
_Box: TypeAlias = dict[str, Mapping[str, Points]]
"""What is left of every aspect of every subject; the inner mappings are replaced, never changed."""


def subjects_of(form: Form) -> Iterator[str]:
    """Yield the subject of every literal, some perhaps more than once."""
    if isinstance(form, Literal):
        yield form.variable.subject
    else:
        for part in form.forms:
            yield from subjects_of(part)


def possible_at_all(form: Form) -> bool:
    """Return whether some point of the space satisfies the form.

    Raises:
        TooComplex: more than `MOST_CONJUNCTS` alternatives were met.

    >>> at_one = Literal(Variable("x"), Points(((1, 1),)))
    >>> above = Literal(Variable("x"), Points(((2, 9),), unknown=True))
    >>> possible_at_all(Every((at_one, above))), possible_at_all(Some((at_one, above)))
    (False, True)

    """
    stack: list[tuple[_Box, list[Form]]] = [({}, [form])]
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
        rest: list[Form] = [some for some in open_forms if some is not branch]
        stack.extend((dict(box), [*rest, alternative]) for alternative in reversed(branch.forms))
    return False


def _applied(box: _Box, forms: Iterable[Form]) -> list[Some] | None:
    """Narrow the box by all that is certain; return the choices still open, or None when nothing is left."""
    certain = list(forms)
    choices: list[Some] = []
    while certain:
        while certain:
            form = certain.pop()
            if isinstance(form, Every):
                certain.extend(form.forms)
            elif isinstance(form, Some):
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
                choices.append(Some(left))
    return choices


def _narrow(box: _Box, literal: Literal) -> None:
    """Leave only what satisfies the literal."""
    subject, aspect = literal.variable.subject, literal.variable.aspect
    aspects = box.get(subject, {})
    box[subject] = {**aspects, aspect: aspects.get(aspect, literal.points) & literal.points}


def _fits(literal: Literal, box: _Box) -> bool:
    """Return whether a literal leaves its subject some point, known in all its aspects or unknown in all."""
    aspects = box.get(literal.variable.subject)
    if aspects is None:
        return bool(literal.points)
    left = aspects.get(literal.variable.aspect, literal.points) & literal.points
    others = [points for aspect, points in aspects.items() if aspect != literal.variable.aspect]
    return all(points.intervals for points in (left, *others)) or all(points.unknown for points in (left, *others))


def _may_hold(form: Form, box: _Box) -> bool:
    """Return whether no part of a form is refused by the box on its own."""
    if isinstance(form, Literal):
        return _fits(form, box)
    parts = (_may_hold(part, box) for part in form.forms)
    return all(parts) if isinstance(form, Every) else any(parts)


def _holds(form: Form, box: _Box) -> bool:
    """Return whether the box lies inside the form already."""
    if isinstance(form, Literal):
        points = box.get(form.variable.subject, {}).get(form.variable.aspect)
        return points is not None and not points.without(form.points)
    parts = (_holds(part, box) for part in form.forms)
    return all(parts) if isinstance(form, Every) else any(parts)
