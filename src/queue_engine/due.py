"""What a new day changes by itself: documents that end, ages that are reached, dates and rules that come.

Each is recorded as an event of its own, so that "time passed" is never the reason why a place changed. Only what an
application itself has in the order counts here: that rules added or moved a step is one change for everybody,
told by the rules that were published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

import attrs

from queue_engine.canonical import JournalError
from queue_engine.errors import Place, Problem
from queue_engine.events.applications import DUE_REASONS, Due
from queue_engine.facts import date_to_day, day_to_date
from queue_engine.placing import Known, Moment, knowing, whom_taken, with_days
from queue_engine.rules.amendments import effective
from queue_engine.rules.conditions import Age, Condition, Confirmed, atoms
from queue_engine.rules.days import fill_dates, known_days, rules_on
from queue_engine.rules.model import RuleSet, StepKind
from queue_engine.rules.one_by_one import Record, component, holds
from queue_engine.state import Application, State

CODES: Mapping[str, str] = {
    "J062": "what a day changes cannot be told: the day before is not known, or is not before it",
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

    >>> from queue_engine import Journal, load_rules, replay
    >>> from queue_engine.events import DayAdvanced, DocumentAdded, DocumentConfirmed, Filed, Reviewed
    >>> journal, told = Journal("75701000"), {"at": 1_788_220_800_000, "actor": "officer"}
    >>> known = {"child.birth_date": 19_400, "child.desired_date": 20_000}
    >>> _ = journal.append_many([
    ...     DayAdvanced(20_697, **told), Filed("12", 12, 1_700_000_000, known, [], **told),
    ...     Reviewed("12", "registered", **told), DocumentAdded("12", "card", "large_family", last=20_697, **told),
    ...     DocumentConfirmed("12", "card", **told),
    ... ])
    >>> rules, study_start = load_rules("rules/region-74/kindergarten.yaml"), {"study_start": date(2026, 9, 1)}
    >>> [(due.application, due.reasons) for due in due_events(replay(journal), date(2026, 9, 2), rules, study_start)]
    [('12', ('document_ended',))]

    """
    if before.day is None or before.day >= date_to_day(day):
        known = "not known" if before.day is None else str(day_to_date(before.day))
        message = f"the day before {day} is {known}"
        place = Place(f"journal {before.municipality}", before.entry)
        raise JournalError([Problem(place, "J062", message, "append DayAdvanced for an earlier day first")])
    yesterday = day_to_date(before.day)
    old, new = rules_on(rules, yesterday, dates), rules_on(rules, day, dates)
    passed = known_days(rules, day, dates)
    place = Place(f"journal {before.municipality}", before.entry)
    takes = whom_taken(before.open_programmes(service), rules.vocabulary, place)
    moments = (
        Moment(old, with_days(takes, known_days(rules, yesterday, dates), rules)),
        Moment(fill_dates(effective(rules, before.day), passed), with_days(takes, passed, rules)),
        Moment(new, with_days(takes, passed, rules)),
    )
    midnight = date_to_day(day) * _MILLISECONDS_A_DAY - rules.vocabulary.utc_offset_minutes * 60_000
    at = max(before.at, midnight)
    return [
        Due(each.id, reasons, at=at, actor="system", key=f"due/{service}/{day}/{each.number}")
        for each, reasons in _due(before, service, moments)
    ]


def _due(
    before: State, service: str, moments: tuple[Moment, Moment, Moment]
) -> Iterator[tuple[Application, tuple[str, ...]]]:
    """Yield the applications that are due, with the reasons."""
    old, passed, new = moments
    same_rules = attrs.evolve(passed.rules, on=None) == attrs.evolve(new.rules, on=None)
    pairs = dict.fromkeys(zip(old.conditions, passed.conditions, strict=True))
    changed = [pair for pair in pairs if pair[0] != pair[1]]
    if same_rules and not changed:
        return
    know = knowing(before.open_programmes(service), old.rules.vocabulary)
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


def _places(known: Known, moment: Moment) -> dict[str, Named]:
    """Return what an application has in each queue it stands in."""
    return {queue: _named(record, moment.rules) for queue, record in moment.queues_of(known).items()}


def _named(record: Record, rules: RuleSet) -> Named:
    """Return what a record has at each step and reserve."""
    found: dict[str, Any] = {}
    for step in rules.order:
        has = component(step, record, rules)
        groups = [group.id for group in step.groups]
        found[step.id] = (*groups, "")[has[1]] if step.kind is StepKind.GROUPS else has
    for reserve in rules.reserves:
        if reserve.changes_positions:
            found[f"reserves.{reserve.id}"] = holds(reserve.when, record, rules.conventions)
    return found


def _differ(one: Mapping[str, Named], other: Mapping[str, Named]) -> bool:
    """Return whether some queue is entered or left, or a step that both days have shows something else."""
    for queue in one.keys() | other.keys():
        left, right = one.get(queue), other.get(queue)
        if left is None or right is None:
            if left is not right:
                return True
        elif any(left[name] != right[name] for name in left.keys() & right.keys()):
            return True
    return False
