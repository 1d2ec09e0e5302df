"""Rules × tables → masks and key components, whole columns at a time.

What depends on the application alone is computed once an application and then
spread over its entries; what several rules ask is computed once.
Proved equal to `one_by_one` by property tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from queue_engine.facts import Per, Unknown
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
from queue_engine.rules.days import facts_needed, step_conditions
from queue_engine.rules.model import Conventions, RuleSet, Step, StepKind
from queue_engine.tables.columns import Column
from queue_engine.tables.records import Tables

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int32]
Codes = npt.NDArray[Any]
"""Unsigned integers of the narrowest type that holds them; the smaller stands ahead."""

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


@attrs.frozen(eq=False)
class Frame:
    """The rows that conditions are evaluated on, and what each row is of.

    Args:
        tables: the facts.
        application: the application of each row; None = the rows are the applications.
        wish: the wish of each row; None = the rows are tied to no organisation, or are the wishes themselves.
        wishes: whether entry facts are known of the rows at all.
        programme: the programme of each row; None = no programme facts are known.

    """

    tables: Tables
    application: Rows | None = None
    wish: Rows | None = None
    wishes: bool = False
    programme: Rows | None = None

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.tables.applications.ids) if self.application is None else len(self.application)

    @cached_property
    def _application_index(self) -> npt.NDArray[np.intp]:
        """The application of each row in the type numpy takes by: it would convert any other anew each time."""
        assert self.application is not None
        return self.application.astype(np.intp)

    def of_application(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return per-application values on the rows."""
        return values if self.application is None else values.take(self._application_index)

    def applications_of(self, rows: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.integer[Any]]:
        """Return the applications of some rows."""
        return rows if self.application is None else self._application_index.take(rows)


@attrs.frozen(eq=False)
class Component:
    """What the rows have at one step.

    Args:
        step: the step.
        own: one code a row; or one an application, where the step reads nothing else.
        most: the largest code there is.
        frame: the rows that the codes of applications are spread over; None = the codes are of the rows.

    """

    step: Step
    own: Codes
    most: int
    frame: Frame | None = None

    @cached_property
    def codes(self) -> Codes:
        """One code a row, 0 the furthest ahead."""
        return self.own if self.frame is None else self.frame.of_application(self.own)


@attrs.frozen(eq=False)
class Refusal:
    """One reason for which rows are not in the queue.

    Args:
        reason: an item of `eligible`, or a fact that is not known.
        refused: which rows it refuses; or which applications, where it reads nothing else.
        application: the application of each row; None = `refused` is of the rows.

    """

    reason: str
    refused: Mask
    application: Rows | None = None

    def refuses(self, row: int) -> bool:
        """Return whether a row is refused for this reason."""
        return bool(self.refused[row if self.application is None else self.application[row]])


class Masks:
    """Evaluates conditions, their dates filled in, on all rows of a frame at once.

    Complexity: one or two array operations an atom; `confirmed` costs its documents.
    """

    def __init__(self, frame: Frame, conventions: Conventions) -> None:
        """Prepare; nothing is evaluated yet."""
        self.frame = frame
        self._conventions = conventions
        self._vocabulary = frame.tables.vocabulary
        self._on_applications: dict[Condition, Mask] = {}
        self._rows: dict[str, Column | None] = {}
        self._first_grounds: dict[str, npt.NDArray[np.int16]] = {}
        self._codes: dict[str, tuple[Codes, int]] = {}

    def mask(self, condition: Condition) -> Mask:
        """Return for which rows the condition holds; treat it as read-only."""
        if self.of_application_only(condition):
            return self.frame.of_application(self._application_mask(condition))
        if isinstance(condition, Not):
            return ~self.mask(condition.condition)
        if isinstance(condition, All | AnyOf):
            join = np.logical_and if isinstance(condition, All) else np.logical_or
            own = [part for part in condition.conditions if self.of_application_only(part)]
            rest = [part for part in condition.conditions if not self.of_application_only(part)]
            together = [type(condition)(tuple(own))] if own else []
            return _joined(join, [self.mask(part) for part in (*together, *rest)], len(self.frame))
        return self._atom(condition, len(self.frame), self._row_column)

    def held_by(self, condition: Condition, rows: npt.NDArray[np.integer[Any]]) -> Mask:
        """Return for which of some rows the condition holds."""
        if not self.of_application_only(condition):
            return self.mask(condition).take(rows)
        return self._application_mask(condition).take(self.frame.applications_of(rows))

    def over(self, frame: Frame) -> Masks:
        """Return masks over other rows of the same tables, sharing what was evaluated on the applications."""
        other = Masks(frame, self._conventions)
        other._on_applications, other._codes = self._on_applications, self._codes
        return other

    def of_application_only(self, condition: Condition) -> bool:
        """Return whether a condition reads nothing that is tied to an organisation."""
        facts = self._vocabulary.facts
        return all(facts[name].per is Per.APPLICATION for name in facts_of(condition))

    def step_of_application_only(self, step: Step) -> bool:
        """Return whether a step reads nothing that is tied to an organisation."""
        if step.fact:
            return self._vocabulary.facts[step.fact].per is Per.APPLICATION
        return all(self.of_application_only(condition) for condition in step_conditions(step))

    def column(self, name: str) -> Column | None:
        """Return a fact on the rows; None when the tables have no such column."""
        if self._vocabulary.facts[name].per is not Per.APPLICATION:
            return self._row_column(name)
        column = self._application_column(name)
        if column is None or self.frame.application is None:
            return column
        return column.take(self.frame.application)

    def refusal(self, reason: str, condition: Condition) -> Refusal:
        """Return the refusal of those for whom a condition does not hold."""
        if self.of_application_only(condition):
            return Refusal(reason, ~self._application_mask(condition), self.frame.application)
        return Refusal(reason, ~self.mask(condition))

    def codes_of_applications(self, step: Step) -> tuple[Codes, int]:
        """Return the codes of the applications at a step that reads nothing else, and the largest; made once."""
        if step.id not in self._codes:
            of_applications = self.over(Frame(self.frame.tables))
            self._codes[step.id] = (_fact_codes if step.fact else _condition_codes)(step, of_applications)
        return self._codes[step.id]

    def first_grounds(self, step: Step) -> npt.NDArray[np.int16]:
        """Return for every row the index (in `step.grounds()`) of the first ground that holds; -1 = none."""
        if step.id not in self._first_grounds:
            grounds = [ground for _, ground in step.grounds()]
            found = np.full(len(self.frame), -1, np.int16)
            for index in reversed(range(len(grounds))):
                found[self.mask(grounds[index].when)] = index
            self._first_grounds[step.id] = found
        return self._first_grounds[step.id]

    def _application_column(self, name: str) -> Column | None:
        return self.frame.tables.applications.columns.get(name)

    def _row_column(self, name: str) -> Column | None:
        if name not in self._rows:
            self._rows[name] = self._gathered(name)
        return self._rows[name]

    def _gathered(self, name: str) -> Column | None:
        fact, frame = self._vocabulary.facts[name], self.frame
        if fact.per is Per.PROGRAMME:
            column = frame.tables.programmes.columns.get(name)
            return None if column is None or frame.programme is None else column.take(frame.programme)
        if fact.per is Per.APPLICATION:
            return self.column(name)
        column = frame.tables.wishes.columns.get(name) if frame.wishes else None
        return column if column is None or frame.wish is None else column.take(frame.wish)

    def _application_mask(self, condition: Condition) -> Mask:
        made = self._on_applications.get(condition)
        if made is None:
            count = len(self.frame.tables.applications.ids)
            if isinstance(condition, Not):
                made = ~self._application_mask(condition.condition)
            elif isinstance(condition, All | AnyOf):
                join = np.logical_and if isinstance(condition, All) else np.logical_or
                made = _joined(join, [self._application_mask(part) for part in condition.conditions], count)
            else:
                made = self._atom(condition, count, self._application_column)
            self._on_applications[condition] = made
        return made

    def _atom(self, atom: Atom, count: int, column_of: Callable[[str], Column | None]) -> Mask:
        if isinstance(atom, Confirmed):
            return self._confirmed(atom, count)
        if isinstance(atom, DayCompare):
            assert isinstance(atom.left, int)
            assert isinstance(atom.right, int)
            return np.full(count, compare(atom.left, atom.operator, atom.right))
        column = column_of(BIRTH_DATE if isinstance(atom, Age) else atom.fact)  # type: ignore[union-attr]
        if column is None:
            return np.zeros(count, np.bool_)
        if isinstance(atom, Holds):
            found: Mask = column.values  # unknown is stored as no
            return found
        if isinstance(atom, Known):
            return np.ones(count, np.bool_) if column.known is None else column.known
        found = self._compared(atom, column)
        return found if column.known is None else found & column.known

    def _compared(self, atom: Atom, column: Column) -> Mask:
        found: Mask
        if isinstance(atom, Age):
            assert isinstance(atom.on, int)
            strictly = atom.operator in (">", "<=")
            born_by = latest_birth(atom.on, atom.months, atom.days, self._conventions, strictly=strictly)
            found = column.values <= born_by if atom.operator in (">=", ">") else column.values > born_by
            return found
        if isinstance(atom, Compare):
            value = _code(atom.value, column)
            if value is None:
                return np.full(len(column.values), atom.operator == "!=")
            found = _OPERATORS[atom.operator](column.values, value)
            return found
        assert isinstance(atom, OneOf)
        values = [code for code in (_code(value, column) for value in atom.values) if code is not None]
        return _joined(np.logical_or, [column.values == value for value in values], len(column.values))

    def _confirmed(self, atom: Confirmed, count: int) -> Mask:
        documents = self.frame.tables.documents
        code = self._vocabulary.category_codes[atom.category]
        # Bounds of the column's own type, or numpy would convert the whole column for each search.
        start, stop = np.searchsorted(documents.category, np.array([code, code + 1], documents.category.dtype))
        assert isinstance(atom.on, int)
        valid = documents.confirmed[start:stop] & (documents.first[start:stop] <= atom.on)
        valid &= documents.last[start:stop] >= atom.on
        mask = np.zeros(count, np.bool_)
        mask[documents.application[start:stop][valid]] = True
        return mask


def components(rules: RuleSet, masks: Masks) -> tuple[Component, ...]:
    """Return one component a step, most important first.

    Complexity: O(rows) an atom and a step.
    """
    return tuple(component(step, masks) for step in rules.order)


def component(step: Step, masks: Masks) -> Component:
    """Return what the rows have at one step."""
    if masks.step_of_application_only(step):
        codes, most = masks.codes_of_applications(step)
        return Component(step, codes, most, None if masks.frame.application is None else masks.frame)
    return Component(step, *(_fact_codes if step.fact else _condition_codes)(step, masks))


def _condition_codes(step: Step, masks: Masks) -> tuple[Codes, int]:
    best = [step.condition] if step.condition is not None else []
    best += [AnyOf(tuple(ground.when for ground in group.grounds)) for group in step.groups[:-1]]
    most = len(best)
    if most == 1:
        return (~masks.mask(best[0])).view(np.uint8), 1
    codes = np.full(len(masks.frame), most, np.min_scalar_type(most))
    for index in reversed(range(most)):
        np.copyto(codes, index, where=masks.mask(best[index]), casting="unsafe")
    return codes, most


def _fact_codes(step: Step, masks: Masks) -> tuple[Codes, int]:
    """Return the codes of a number or a time: distance from the best value found, unknown after all known."""
    column = masks.column(step.fact)
    if column is None or not len(column.values):
        return np.zeros(len(masks.frame), np.uint8), 0
    known = column.values if column.known is None else column.values[column.known]
    least, most = (int(known.min()), int(known.max())) if len(known) else (0, 0)
    span = most - least
    wide = column.values.astype(np.int64, copy=False)
    distance = most - wide if step.kind is StepKind.HIGHEST else wide - least
    if column.known is not None:
        span += 1
        distance = np.where(column.known, distance, span)
    return distance.astype(np.min_scalar_type(span)), span


def refusals(rules: RuleSet, masks: Masks, *, tied: bool = True) -> tuple[Refusal, ...]:
    """Return why rows are not in the queue, in the order in which reasons are told; several may refuse a row.

    Args:
        rules: with their dates filled in.
        masks: the rows.
        tied: whether the rows are tied to an organisation; when not, what needs one refuses nobody.

    """
    facts = rules.vocabulary.facts
    needed = [name for name in sorted(facts_needed(rules)) if facts[name].unknown is Unknown.REFUSE]
    asked = [(name, Known(name)) for name in needed] + [(ground.id, ground.when) for ground in rules.eligible]
    return tuple(masks.refusal(reason, when) for reason, when in asked if tied or masks.of_application_only(when))


def _code(value: int | str, column: Column) -> int | None:
    """Return a constant as the column stores it; None for a text the column never has."""
    if isinstance(value, str):
        return column.labels.index(value) if value in column.labels else None
    return value


def _joined(join: Callable[..., Any], masks: Iterable[Mask], count: int) -> Mask:
    """Return masks joined; an empty "and" holds everywhere, an empty "or" nowhere."""
    parts = list(masks)
    if not parts:
        return np.full(count, join is np.logical_and)
    if len(parts) == 1:
        return parts[0]
    joined: Mask = join(parts[0], parts[1])  # an array of its own: the parts are kept and read again
    for part in parts[2:]:
        join(joined, part, out=joined)
    return joined
