"""What a new day changes by itself: documents that end, ages that are reached, dates and rules that come.

Each is recorded as an event of its own, so that "time passed" is never the reason why a place changed. Only what an
application itself has in the order counts here: that rules added or moved a step is one change for everybody,
told by the rules that were published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, TypeAlias

import attrs

from queue_engine.canonical import JournalError
from queue_engine.errors import OrderError, Place, Problem
from queue_engine.events.applications import DUE_REASONS, Due
from queue_engine.facts import Per, Unknown, date_to_day, day_to_date
from queue_engine.rules.amendments import effective
from queue_engine.rules.conditions import ALWAYS, Age, Condition, Confirmed, atoms, dates_of, facts_of, with_dates
from queue_engine.rules.days import conditions_of, facts_needed, fill_dates, known_days, missing_date, rules_on
from queue_engine.rules.model import RuleSet, StepKind
from queue_engine.rules.one_by_one import Paper, Record, component, facts_refused_without, holds, refusal
from queue_engine.rules.parsing import parse_condition
from queue_engine.state import Application, Programme, State
from queue_engine.tables.assembly import OPEN_END, SINCE_EVER

CODES: Mapping[str, str] = {
    "J062": "what a day changes cannot be told: the day before is not known, or is not before it",
    "J063": "whom a programme takes cannot be read",
}

_MILLISECONDS_A_DAY = 86_400_000
Named: TypeAlias = Mapping[str, Any]
"""What an application has in a queue, by the ids of steps and reserves."""


def due_events(
    before: State, day: date, rules: RuleSet, dates: Mapping[str, date] | None = None, service: str = ""
) -> list[Due]:
    """Return an event for every application that has something else in some queue because of the new day alone.

    Args:
        before: the state on the day before, or at the end of an earlier one; days are best advanced one by one.
        day: the day that begins.
        rules: as read, amendments included.
        dates: days of named dates, by name.
        service: whose applications; the rules are of this service.

    Returns:
        The events in the order of application numbers, recorded at the midnight in which the day begins.

    Raises:
        JournalError: no earlier day was advanced; or a programme's `takes` cannot be read.
        RuleError: no rules are in force on one of the two days.
        OrderError: a named date is given by nobody.

    Complexity: O(applications × wishes × conditions that name the day).

    """
    if before.day is None or before.day >= date_to_day(day):
        known = "not known" if before.day is None else str(day_to_date(before.day))
        message = f"the day before {day} is {known}"
        place = Place(f"journal {before.municipality}", before.entry)
        raise JournalError([Problem(place, "J062", message, "append DayAdvanced for an earlier day first")])
    yesterday = day_to_date(before.day)
    old, new = rules_on(rules, yesterday, dates), rules_on(rules, day, dates)
    passed = known_days(rules, day, dates)
    takes = _takes(before, rules, service)
    moments = (
        _Moment(old, _dated(takes, known_days(rules, yesterday, dates), rules)),
        _Moment(fill_dates(effective(rules, before.day), passed), _dated(takes, passed, rules)),
        _Moment(new, _dated(takes, passed, rules)),
    )
    midnight = date_to_day(day) * _MILLISECONDS_A_DAY - rules.vocabulary.utc_offset_minutes * 60_000
    at = max(before.at, midnight)
    return [
        Due(each.id, reasons, at=at, actor="system", key=f"due/{service}/{day}/{each.number}")
        for each, reasons in _due(before, service, moments)
    ]


@attrs.frozen(eq=False, slots=False)
class _Moment:
    """Rules with every date filled in, and whom programmes take."""

    rules: RuleSet
    takes: Mapping[str, Condition]

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """The facts without which an entry is not ranked."""
        return facts_refused_without(self.rules)

    @cached_property
    def needed_anywhere(self) -> tuple[str, ...]:
        """Those of them that are tied to no organisation: the ones the general queue needs."""
        facts = self.rules.vocabulary.facts
        untied = [facts[name] for name in sorted(facts_needed(self.rules)) if facts[name].per is Per.APPLICATION]
        return tuple(fact.name for fact in untied if fact.unknown is Unknown.REFUSE)

    @cached_property
    def general(self) -> RuleSet:
        """The rules of the general queue: items that speak of an organisation refuse nobody there."""
        facts = self.rules.vocabulary.facts
        items = (
            item
            for item in self.rules.eligible
            if all(facts[name].per is Per.APPLICATION for name in facts_of(item.when))
        )
        return attrs.evolve(self.rules, eligible=tuple(items))

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition that decides something, in an order that depends on the rules alone."""
        return (*conditions_of(self.rules), *self.takes.values())


@attrs.frozen(eq=False)
class _Known:
    """All that is known of an application: by itself, at each wish, and at each programme a wish leads to.

    Args:
        alone: what the general queue knows.
        wishes: for each wish what is known there, and its programmes with what is known at each.

    """

    alone: Record
    wishes: tuple[tuple[str, Record, tuple[tuple[str, Record], ...]], ...]

    def records(self) -> Iterator[Record]:
        """Yield every record."""
        yield self.alone
        for _, there, programmes in self.wishes:
            yield there
            yield from (record for _, record in programmes)


def _due(
    before: State, service: str, moments: tuple[_Moment, _Moment, _Moment]
) -> Iterator[tuple[Application, tuple[str, ...]]]:
    """Yield the applications that are due, with the reasons."""
    old, passed, new = moments
    same_rules = attrs.evolve(passed.rules, on=None) == attrs.evolve(new.rules, on=None)
    pairs = dict.fromkeys(zip(old.conditions, passed.conditions, strict=True))
    changed = [pair for pair in pairs if pair[0] != pair[1]]
    if same_rules and not changed:
        return
    know = _knowing(before, service, old.rules)
    for application in before.in_queue(service):
        known = know(application)
        reasons = {reason for record in known.records() for reason in _flips(changed, record, old.rules)}
        if same_rules and not reasons:
            continue
        was, will = _places(known, old), _places(known, new)
        if not _differ(was, will):
            continue
        if not same_rules and _differ(_places(known, passed), will):
            reasons.add("rules_date")
        yield application, tuple(reason for reason in DUE_REASONS if reason in reasons)


def _flips(changed: Sequence[tuple[Condition, Condition]], record: Record, rules: RuleSet) -> Iterator[str]:
    """Yield why conditions hold for a record on one day and not on the other."""
    for before, after in changed:
        if holds(before, record, rules.conventions) == holds(after, record, rules.conventions):
            continue
        for one, other in zip(atoms(before), atoms(after), strict=True):
            held = holds(one, record, rules.conventions)
            if held == holds(other, record, rules.conventions):
                continue
            if isinstance(one, Confirmed):
                yield "document_ended" if held else "document_began"
            else:
                yield "age_reached" if isinstance(one, Age) else "date_reached"


def _places(known: _Known, moment: _Moment) -> dict[str, Named | None]:
    """Return what an application has in each queue, the general one under ""; None = it is not in it."""
    conventions = moment.rules.conventions
    found: dict[str, Named | None] = {"": _named(known.alone, moment.general, moment.needed_anywhere)}
    for named, there, programmes in known.wishes:
        for programme, record in programmes:
            taken = holds(moment.takes[programme], there, conventions)
            if (taken or programme == named) and programme not in found:
                found[programme] = _named(record, moment.rules, moment.needed) if taken else None
    return found


def _named(record: Record, rules: RuleSet, needed: tuple[str, ...]) -> Named | None:
    """Return what a record has at each step and reserve; None = it is not in the queue."""
    if refusal(record, rules, needed):
        return None
    found: dict[str, Any] = {}
    for step in rules.order:
        has = component(step, record, rules)
        groups = [group.id for group in step.groups]
        found[step.id] = (*groups, "")[has[1]] if step.kind is StepKind.GROUPS else has
    for reserve in rules.reserves:
        if reserve.changes_positions:
            found[f"reserves.{reserve.id}"] = holds(reserve.when, record, rules.conventions)
    return found


def _differ(one: Mapping[str, Named | None], other: Mapping[str, Named | None]) -> bool:
    """Return whether some queue is entered or left, or a step that both days have shows something else."""
    for queue in one.keys() | other.keys():
        left, right = one.get(queue), other.get(queue)
        if left is None or right is None:
            if left is not right:
                return True
        elif any(left[name] != right[name] for name in left.keys() & right.keys()):
            return True
    return False


def _knowing(before: State, service: str, rules: RuleSet) -> Callable[[Application], _Known]:
    """Return the function that gathers what is known of an application."""
    programmes = list(before.open_programmes(service))
    by_id = {each.id: [each] for each in programmes}
    at: dict[str, list[Programme]] = {}
    for each in programmes:
        at.setdefault(each.organisation, []).append(each)
    facts = rules.vocabulary.facts

    def know(application: Application) -> _Known:
        papers = tuple(
            Paper(
                each.category,
                SINCE_EVER if each.first is None else each.first,
                OPEN_END if each.last is None else each.last,
                each.state == "confirmed",
            )
            for each in application.documents
        )
        own = {name: value for name, value in application.known().items() if name in facts}
        wishes = []
        for wish in application.wishes:
            there = own | dict(wish.facts)
            offered = by_id.get(wish.programme, []) if wish.programme else at.get(wish.organisation, [])
            records = tuple((each.id, Record(there | dict(each.facts), papers)) for each in offered)
            wishes.append((wish.programme, Record(there, papers), records))
        return _Known(Record(own, papers), tuple(wishes))

    return know


def _takes(before: State, rules: RuleSet, service: str) -> dict[str, Condition | None]:
    """Return whom the open programmes take, None = everybody."""
    problems: list[Problem] = []
    read: dict[str, Condition | None] = {"": None}
    for programme in before.open_programmes(service):
        if programme.takes in read:
            continue

        def report(code: str, at: int, _: int, message: str, remedy: str, __: str, of: str = programme.id) -> None:
            told = f'whom "{of}" takes cannot be read: {message} (character {at + 1}, {code})'
            problems.append(Problem(Place(f"journal {before.municipality}", before.entry), "J063", told, remedy))

        read[programme.takes] = parse_condition(programme.takes, rules.vocabulary, (), report)
    if problems:
        raise JournalError(problems)
    return {programme.id: read[programme.takes] for programme in before.open_programmes(service)}


def _dated(takes: Mapping[str, Condition | None], days: Mapping[str, int], rules: RuleSet) -> dict[str, Condition]:
    """Return whom programmes take, dates filled in."""
    needed = {name for when in takes.values() if when is not None for name in dates_of(when)}
    missing = sorted(needed - days.keys())
    if missing:
        raise OrderError(missing_date(rules, name) for name in missing)
    return {name: ALWAYS if when is None else with_dates(when, days) for name, when in takes.items()}
