"""Conditions → the text of the condition language, so that they can be published and read back."""

from __future__ import annotations

from collections.abc import Mapping

from queue_engine.facts import Fact, FactType, day_to_date
from queue_engine.rules.conditions import (
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


def condition_text(condition: Condition, facts: Mapping[str, Fact]) -> str:
    """Return a condition as a rule file writes it; reading it gives the same condition.

    A time is written as a text; rule files have no way to name one, but periods of filing become such conditions.

    >>> condition_text(All((Holds("sibling.attends"), Age("study_start", ">=", 78, 0))), {})
    '(sibling.attends) and (age(on study_start) >= 78m0d)'

    """
    if isinstance(condition, Not):
        return f"not ({condition_text(condition.condition, facts)})"
    if isinstance(condition, All | AnyOf):
        if not condition.conditions:
            return "today == today" if isinstance(condition, All) else "today != today"
        word = " and " if isinstance(condition, All) else " or "
        return word.join(f"({condition_text(part, facts)})" for part in condition.conditions)
    return _atom_text(condition, facts)


def _atom_text(atom: Condition, facts: Mapping[str, Fact]) -> str:  # noqa: PLR0911 - one line for each kind of atom
    match atom:
        case Holds(fact=name) | Term(name=name):
            return name
        case Known(fact=name):
            return f"known({name})"
        case Confirmed(category=category, on=day):
            return f"confirmed(category.{category} on {_day(day)})"
        case Age(on=day, operator=operator, months=months, days=days):
            return f"age(on {_day(day)}) {operator} {months}m{days}d"
        case DayCompare(left=left, operator=operator, right=right):
            return f"{_day(left)} {operator} {_day(right)}"
        case Compare(fact=name, operator=operator, value=value, named_date=named):
            return f"{name} {operator} {value if named else _value(facts[name], value)}"
        case OneOf(fact=name, values=values):
            return f"{name} in ({', '.join(_value(facts[name], value) for value in values)})"
    message = f"{atom} is no atom"
    raise TypeError(message)


def _day(day: Day) -> str:
    return day if isinstance(day, str) else day_to_date(day).isoformat()


def _value(fact: Fact, value: int | str) -> str:
    if isinstance(value, str):
        return f"'{value}'"
    return f"'{fact.show(value)}'" if fact.type is FactType.INSTANT else fact.show(value)
