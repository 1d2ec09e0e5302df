"""The rules applied to one applicant at a time: slow, plain, and the definition of what they mean.

Everything that works on whole columns is proved equal to this module.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cmp_to_key
from itertools import pairwise
from typing import TypeAlias

import attrs

from queue_engine.facts import FactType, Unknown, Vocabulary
from queue_engine.rules.ages import reached
from queue_engine.rules.conditions import (
    BIRTH_DATE,
    Age,
    All,
    AnyOf,
    Compare,
    Condition,
    Confirmed,
    DayCompare,
    Holds,
    Known,
    Not,
    OneOf,
    compare,
)
from queue_engine.rules.days import facts_needed
from queue_engine.rules.model import Conventions, Reserve, ReserveKind, RuleSet, Step, StepKind

Value: TypeAlias = int | str
Component: TypeAlias = tuple[int, int]
"""(0 known or 1 unknown, value), the smaller the further ahead."""


@attrs.frozen
class Paper:
    """A document that confirms a category from `first` to `last`, both days included."""

    category: str
    first: int
    last: int
    confirmed: bool = True


@attrs.frozen
class Record:
    """All that is known of one entry: integers by fact (texts for choices), and documents."""

    facts: Mapping[str, Value]
    documents: tuple[Paper, ...] = ()


@attrs.frozen
class PlainQueue:
    """A queue as names: who stands where, what put each behind the one before, who is not in it and why."""

    order: tuple[str, ...]
    decided_by: Mapping[str, str]
    refused: Mapping[str, str]


def holds(condition: Condition, record: Record, conventions: Conventions) -> bool:
    """Return whether a condition, its dates filled in, holds for a record.

    Complexity: linear in the condition and the documents.

    """
    if isinstance(condition, Not):
        return not holds(condition.condition, record, conventions)
    if isinstance(condition, All):
        return all(holds(part, record, conventions) for part in condition.conditions)
    if isinstance(condition, AnyOf):
        return any(holds(part, record, conventions) for part in condition.conditions)
    return _atom_holds(condition, record, conventions)


def _atom_holds(atom: Condition, record: Record, conventions: Conventions) -> bool:  # noqa: PLR0911 - one an atom
    match atom:
        case Holds(fact=name):
            return record.facts.get(name) == 1
        case Known(fact=name):
            return name in record.facts
        case Confirmed(category=category, on=int(day)):
            return any(
                paper.category == category and paper.confirmed and paper.first <= day <= paper.last
                for paper in record.documents
            )
        case Age(on=int(day), operator=operator, months=months, days=days):
            birth = record.facts.get(BIRTH_DATE)
            if not isinstance(birth, int):
                return False
            return _age_compares(reached(birth, months, days, conventions), operator, day)
        case Compare(fact=name, operator=operator, value=value):
            known = record.facts.get(name)
            if isinstance(known, int) and isinstance(value, int):
                return compare(known, operator, value)
            return isinstance(known, str) and (known == value) == (operator == "==")
        case OneOf(fact=name, values=values):
            return record.facts.get(name) in values
        case DayCompare(left=int(left), operator=operator, right=int(right)):
            return compare(left, operator, right)
    message = f"{atom} has a date or a term that is not filled in"
    raise ValueError(message)


def _age_compares(day_reached: int, operator: str, day: int) -> bool:
    """Return whether an age compares: `>=` reached by the day, `>` reached before it; `<`, `<=` their opposites."""
    if operator in (">=", "<"):
        return (day_reached <= day) == (operator == ">=")
    return (day_reached < day) == (operator == ">")


def component(step: Step, record: Record, rules: RuleSet) -> Component:
    """Return what a record has at a step; the smaller stands ahead."""
    if step.kind is StepKind.GROUPS:
        for index, group in enumerate(step.groups):
            if group.everyone_else or any(holds(ground.when, record, rules.conventions) for ground in group.grounds):
                return 0, index
        return 0, len(step.groups)
    if step.kind is StepKind.YES_FIRST:
        assert step.condition is not None
        return 0, int(not holds(step.condition, record, rules.conventions))
    value = record.facts.get(step.fact)
    if not isinstance(value, int):
        return 1, 0
    return 0, -value if step.kind is StepKind.HIGHEST else value


def key(record: Record, rules: RuleSet) -> tuple[Component, ...]:
    """Return the priority key: one component a step, compared from the first."""
    return tuple(component(step, record, rules) for step in rules.order)


def refusal(record: Record, rules: RuleSet, needed: tuple[str, ...] | None = None) -> str:
    """Return why a record is not in the queue: a fact that is not known, or an eligibility item; "" = it is in."""
    for name in facts_refused_without(rules) if needed is None else needed:
        if name not in record.facts:
            return name
    for ground in rules.eligible:
        if not holds(ground.when, record, rules.conventions):
            return ground.id
    return ""


def facts_refused_without(rules: RuleSet) -> tuple[str, ...]:
    """Return the facts without which an application is not ranked, in the order in which they are told."""
    facts = rules.vocabulary.facts
    return tuple(name for name in sorted(facts_needed(rules)) if facts[name].unknown is Unknown.REFUSE)


def first_difference(ahead: tuple[Component, ...], behind: tuple[Component, ...]) -> int:
    """Return the index of the first step at which two keys differ; their length when they are equal."""
    return next((index for index, pair in enumerate(zip(ahead, behind, strict=True)) if pair[0] != pair[1]), len(ahead))


def rank(records: Mapping[str, Record], rules: RuleSet) -> PlainQueue:
    """Return the queue of the records under rules with their dates filled in.

    Args:
        records: by name; names only label the result.
        rules: from `days.rules_on`.

    Complexity: O(n log n) comparisons of keys.

    """
    needed = facts_refused_without(rules)
    refused = {name: reason for name, record in records.items() if (reason := refusal(record, rules, needed))}
    keys = {name: key(record, rules) for name, record in records.items() if name not in refused}

    def ahead(left: str, right: str) -> int:
        return (keys[left] > keys[right]) - (keys[left] < keys[right])

    by_key = sorted(sorted(keys), key=cmp_to_key(ahead))
    order = by_key
    moving = [reserve for reserve in rules.reserves if reserve.changes_positions]
    entitled = {
        reserve.id: {name for name in keys if holds(reserve.when, records[name], rules.conventions)}
        for reserve in moving
    }
    if moving:
        one_in = moving[0].kind is ReserveKind.ONE_IN
        order = one_in_order(by_key, moving[0], entitled) if one_in else share_order(by_key, moving, entitled)
    decided = {}
    for before, name in pairwise(order):
        index = first_difference(keys[before], keys[name])
        if keys[before] <= keys[name]:
            decided[name] = rules.order[min(index, len(rules.order) - 1)].id
        else:
            decided[name] = reserve_between(before, name, moving, entitled)
    return PlainQueue(tuple(order), decided, refused)


def one_in_order(by_key: list[str], reserve: Reserve, entitled: Mapping[str, set[str]]) -> list[str]:
    """Return the order in which every N-th place, from the first, is an entitled applicant's while some are left."""
    favoured = [name for name in by_key if name in entitled[reserve.id]]
    others = [name for name in by_key if name not in entitled[reserve.id]]
    order: list[str] = []
    while favoured or others:
        turn = len(order) % reserve.amount == 0
        order.append((favoured if (turn and favoured) or not others else others).pop(0))
    return order


def share_order(by_key: list[str], reserves: list[Reserve], entitled: Mapping[str, set[str]]) -> list[str]:
    """Return the order in which each share is held at every position.

    Position k goes to the first of those left who is entitled to every share
    that falls short (`called · 100 < share · k`) and still has somebody left.
    When nobody is entitled to all of them, the reserves written later give way.
    """
    left = list(by_key)
    called = {reserve.id: 0 for reserve in reserves}
    order: list[str] = []
    while left:
        candidates = left
        for reserve in reserves:
            if called[reserve.id] * 100 < reserve.amount * (len(order) + 1):
                narrowed = [name for name in candidates if name in entitled[reserve.id]]
                candidates = narrowed or candidates
        chosen = candidates[0]
        left.remove(chosen)
        order.append(chosen)
        for reserve in reserves:
            called[reserve.id] += chosen in entitled[reserve.id]
    return order


def reserve_between(before: str, name: str, moving: list[Reserve], entitled: Mapping[str, set[str]]) -> str:
    """Return the reserve that put `before` ahead of `name` against their keys."""
    for reserve in moving:
        if before in entitled[reserve.id] and name not in entitled[reserve.id]:
            return reserve.id
    return moving[0].id


def parse_record(facts: Mapping[str, str], documents: tuple[Paper, ...], vocabulary: Vocabulary) -> Record:
    """Return a record from written values; every value must be one (see `Fact.parse`)."""
    values: dict[str, Value] = {}
    for name, text in facts.items():
        fact = vocabulary.facts[name]
        values[name] = text if fact.type is FactType.CHOICE else vocabulary.parse(fact, text)
    return Record(values, documents)
