"""The rules of one day with every named date filled in: what both evaluators take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import attrs

from queue_engine.errors import OrderError, Place, Problem
from queue_engine.facts import date_to_day
from queue_engine.rules.amendments import effective
from queue_engine.rules.conditions import TODAY, Condition, dates_of, facts_of, with_dates
from queue_engine.rules.model import RuleSet, Step


def rules_on(rule_set: RuleSet, on: date, dates: Mapping[str, date] | None = None) -> RuleSet:
    """Return the rules in force on a day, with the day of every named date in its place.

    Args:
        rule_set: as read.
        on: the day the queue is computed for, which is also `today`.
        dates: the days of named dates; they go before those the rule file gives.

    Raises:
        RuleError: no rules are in force on that day.
        OrderError: a date the rules need is given by nobody, or one is given that nobody knows.

    >>> from queue_engine.rules.check import load_rules
    >>> camp = rules_on(load_rules("rules/region-74/camp.yaml"), date(2026, 5, 1), {"shift_start": date(2026, 6, 3)})
    >>> camp.order[-1].fact
    'application.number'

    """
    day = date_to_day(on)
    settled = effective(rule_set, day)
    known = known_days(rule_set, on, dates)
    missing = sorted(set().union(*(dates_of(condition) for condition in conditions_of(settled))) - known.keys())
    if missing:
        raise OrderError(missing_date(rule_set, name) for name in missing)
    return fill_dates(settled, known)


def known_days(rule_set: RuleSet, on: date, dates: Mapping[str, date] | None = None) -> dict[str, int]:
    """Return the day number of every named date that the file or the caller gives, `today` included.

    Raises:
        OrderError: a date is given that the vocabulary does not know.

    """
    vocabulary = rule_set.vocabulary
    given = {name: date_to_day(day) for name, day in (dates or {}).items()}
    unknown = sorted(given.keys() - vocabulary.dates.keys())
    if unknown:
        names = ", ".join(vocabulary.dates) or "none"
        raise OrderError(
            Problem(Place(vocabulary.file), "Q018", f"unknown date '{name}'", remedy=f"known dates: {names}")
            for name in unknown
        )
    from_file = {name: given_date.day for name, given_date in rule_set.dates.items()}
    known = from_file | given | {TODAY: date_to_day(on)}
    for name, named in vocabulary.dates.items():  # a default names a date written above it
        if name not in known and named.default in known:
            known[name] = known[named.default]
    return known


def missing_date(rule_set: RuleSet, name: str) -> Problem:
    """Return the problem that nobody gives a date the rules need."""
    place = Place(rule_set.files[0] if rule_set.files else rule_set.id)
    title = rule_set.vocabulary.dates[name].title.en if name in rule_set.vocabulary.dates else name
    message = f"the rules need the date '{name}' ({title})"
    return Problem(place, "Q029", message, remedy=f"give it: --date {name}=YYYY-MM-DD, or write it under 'dates'")


def conditions_of(rules: RuleSet) -> Iterator[Condition]:
    """Yield every condition of an effective rule set."""
    yield from (ground.when for ground in rules.eligible)
    for step in rules.order:
        if step.condition is not None:
            yield step.condition
        yield from (ground.when for _, ground in step.grounds())
    yield from (reserve.when for reserve in rules.reserves)


def facts_needed(rules: RuleSet) -> frozenset[str]:
    """Return the names of the facts that decide the order or the right to be in it."""
    ordering = {step.fact for step in rules.order if step.fact}
    deciding = [ground.when for ground in rules.eligible]
    for step in rules.order:
        deciding.extend(step_conditions(step))
    deciding.extend(reserve.when for reserve in rules.reserves if reserve.changes_positions)
    return frozenset(ordering.union(*(facts_of(condition) for condition in deciding)))


def step_conditions(step: Step) -> list[Condition]:
    """Return the conditions a step orders by."""
    own = [] if step.condition is None else [step.condition]
    return own + [ground.when for _, ground in step.grounds()]


def fill_dates(rules: RuleSet, days: Mapping[str, int]) -> RuleSet:
    """Return an effective rule set with the given named dates written as days."""

    def filled_step(step: Step) -> Step:
        groups = tuple(
            attrs.evolve(
                group,
                grounds=tuple(attrs.evolve(ground, when=with_dates(ground.when, days)) for ground in group.grounds),
            )
            for group in step.groups
        )
        condition = None if step.condition is None else with_dates(step.condition, days)
        return attrs.evolve(step, groups=groups, condition=condition)

    return attrs.evolve(
        rules,
        eligible=tuple(attrs.evolve(ground, when=with_dates(ground.when, days)) for ground in rules.eligible),
        order=tuple(filled_step(step) for step in rules.order),
        reserves=tuple(attrs.evolve(reserve, when=with_dates(reserve.when, days)) for reserve in rules.reserves),
    )
