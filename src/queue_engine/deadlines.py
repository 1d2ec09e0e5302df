"""What follows from silence and refusals: lapsed answers, places for the time being that are over, returns.

Nothing here happens by itself: the events are returned to be recorded, and recording them twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from queue_engine.events.applications import InterimEnded, Lapsed, Restored
from queue_engine.events.statuses import TRANSITIONS, Status
from queue_engine.state import Application, State

OUTCOMES = ("suspended", "returned")


def _is_outcome(_: object, attribute: attrs.Attribute[str], value: str) -> None:
    if value not in OUTCOMES:
        message = f"{attribute.name} is '{value}', not one of {', '.join(OUTCOMES)}"
        raise ValueError(message)


@attrs.frozen
class AnswerPolicy:
    """What a town does with an application whose family did not answer, or declined the place.

    Args:
        lapsed: suspended (until the family asks for it) or returned (to the queue, with its first date).
        declined: likewise.

    Raises:
        ValueError: one of them is another word.

    >>> AnswerPolicy(lapsed="returned").declined
    'suspended'

    """

    lapsed: str = attrs.field(default="suspended", validator=_is_outcome)
    declined: str = attrs.field(default="suspended", validator=_is_outcome)


SUSPENDING = AnswerPolicy()
"""Whoever does not answer, or declines, is set aside until the family asks for the application."""


def overdue(state: State, policy: AnswerPolicy = SUSPENDING) -> list[Lapsed]:
    """Return an event for every application that has not answered by the end of its last day.

    Papers that were not shown in time set an application aside in every town: it is in no queue yet.

    Args:
        state: the day of it counts; while no day is known, nothing is overdue.
        policy: what the town does with those who did not answer to an offer.

    Returns:
        The events in the order of services and numbers. Their keys are those of the decisions that gave the
        deadlines, so that an event that was recorded is found when it is sent again.

    Complexity: linear in the applications.

    >>> from queue_engine import Journal, replay
    >>> from queue_engine.events import DayAdvanced, Filed, Reviewed
    >>> journal, told = Journal("75701000"), {"at": 1_788_220_800_000, "actor": "officer"}
    >>> _ = journal.append_many([
    ...     DayAdvanced(20_690, **told), Filed("12", 12, 0, {}, [], **told),
    ...     Reviewed("12", "confirm_data", deadline=20_695, **told), DayAdvanced(20_696, **told),
    ... ])
    >>> [(lapsed.application, lapsed.outcome, lapsed.key) for lapsed in overdue(replay(journal))]
    [('12', 'suspended', 'lapsed/3')]

    """
    day = state.day
    if day is None:
        return []
    late = (each for each in state.applications.values() if each.deadline is not None and each.deadline < day)
    return [
        Lapsed(each.id, outcome, at=state.at, actor="system", key=f"lapsed/{each.since}")
        for each in _in_turn(late)
        if (outcome := _outcome(each.status, policy))
    ]


def _outcome(status: Status, policy: AnswerPolicy) -> str:
    """Return what becomes of an application that did not answer; "" where no answer is waited for."""
    allowed = (outcome for outcome in (policy.lapsed, "suspended") if status in TRANSITIONS[f"lapsed {outcome}"])
    return next(allowed, "")


def returning(state: State, policy: AnswerPolicy = SUSPENDING) -> list[Restored]:
    """Return an event for every application that declined a place, in a town where this costs nothing.

    To be recorded right after `Declined`, so that nobody is missing in the queue meanwhile.

    Args:
        state: after the refusals.
        policy: nobody returns unless it says so.

    Returns:
        The events in the order of services and numbers; their keys are those of the refusals.

    Complexity: linear in the applications.

    >>> from queue_engine import Journal, replay
    >>> returning(replay(Journal("75701000")), AnswerPolicy(declined="returned"))
    []

    """
    if policy.declined != "returned":
        return []
    declined = (each for each in state.applications.values() if each.status is Status.DECLINED)
    return [Restored(each.id, at=state.at, actor="system", key=f"returned/{each.since}") for each in _in_turn(declined)]


def interim_over(state: State) -> list[InterimEnded]:
    """Return an event for every place for the time being whose last day is over; nobody moves by it.

    Args:
        state: the day of it counts.

    Returns:
        The events in the order of services and numbers; their keys are those of the placings.

    Complexity: linear in the applications.

    >>> from queue_engine import Journal, replay
    >>> interim_over(replay(Journal("75701000")))
    []

    """
    day = state.day
    if day is None:
        return []
    found = []
    for each in _in_turn(state.applications.values()):
        interim = each.interim
        if interim is not None and interim.until is not None and interim.until < day:
            key = f"interim-over/{interim.since}"
            found.append(InterimEnded(each.id, interim.programme, at=state.at, actor="system", key=key))
    return found


def _in_turn(applications: Iterable[Application]) -> list[Application]:
    return sorted(applications, key=lambda each: (each.service, each.number, each.id))
