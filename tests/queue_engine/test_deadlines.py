"""Answers that did not come, places that were declined, places for the time being that are over."""

from __future__ import annotations

from typing import Any

import pytest

from queue_engine.deadlines import AnswerPolicy, interim_over, overdue, returning
from queue_engine.events import (
    Accepted,
    DayAdvanced,
    Declined,
    Event,
    Filed,
    InterimPlaced,
    Offered,
    ProgrammeOpened,
    Reviewed,
    Revoked,
    Wish,
)
from queue_engine.events.statuses import Status
from queue_engine.journal import Journal
from queue_engine.replay import replay

DAY = 20697
AT: dict[str, Any] = {"at": DAY * 86_400_000, "actor": "officer"}
RETURNING = AnswerPolicy(lapsed="returned", declined="returned")


def filed(number: int) -> Event:
    """Return an application."""
    return Filed(str(number), number, 0, {}, [Wish("p")], **AT)


def town(*events: Event) -> Journal:
    """Return a town in which 1 to 4 are registered, 5 was asked for papers, and some events happened."""
    journal = Journal("75701000")
    people = [event for number in (4, 3, 2, 1) for event in (filed(number), Reviewed(str(number), "registered", **AT))]
    asked = (filed(5), Reviewed("5", "confirm_data", deadline=DAY + 1, **AT))
    journal.append_many([DayAdvanced(DAY, **AT), ProgrammeOpened("p", **AT), *people, *asked, *events])
    return journal


def later(journal: Journal, day: int) -> None:
    """Let days pass."""
    journal.append(DayAdvanced(day, at=day * 86_400_000, actor="system"))


def offered(number: int, deadline: int) -> Event:
    """Return an offer."""
    return Offered(str(number), "p", deadline, **AT)


def test_an_answer_is_overdue_when_its_last_day_is_over() -> None:
    """Not on the day itself; consents without a deadline wait; the order is that of numbers."""
    journal = town(*(offered(number, DAY + 1) for number in (4, 1, 3)), offered(2, DAY + 2), Accepted("3", "p", **AT))
    assert overdue(replay(journal)) == []
    later(journal, DAY + 1)
    assert overdue(replay(journal)) == []
    later(journal, DAY + 2)
    assert [(each.application, each.outcome) for each in overdue(replay(journal))] == [
        ("1", "suspended"),
        ("4", "suspended"),
        ("5", "suspended"),
    ]
    later(journal, DAY + 3)
    assert [each.application for each in overdue(replay(journal))] == ["1", "2", "4", "5"]


def test_a_town_may_return_who_did_not_answer_but_not_who_showed_no_papers() -> None:
    """An application without its papers is in no queue to which it could be returned."""
    journal = town(offered(1, DAY))
    later(journal, DAY + 2)
    journal.append_many(overdue(replay(journal), RETURNING))
    applications = replay(journal).applications
    assert (applications["1"].status, applications["5"].status) == (Status.REGISTERED, Status.INACTIVE)


def test_lapses_are_recorded_once_however_often_they_are_sent() -> None:
    """The same state gives the same keys; a lapse that was revoked may happen again."""
    journal = town(offered(1, DAY))
    later(journal, DAY + 2)
    lapsed = overdue(replay(journal))
    entries = journal.append_many(lapsed)
    assert journal.append_many(lapsed) == entries
    assert overdue(replay(journal)) == []
    journal.append(Revoked("1", entries[0], "the answer was lost", "memo", **AT))
    (again,) = overdue(replay(journal))
    assert again.application == "1"
    assert journal.append(again) == len(journal) > entries[-1]


def test_nothing_is_overdue_while_no_day_is_known() -> None:
    """Without a day that has begun nobody can say that one is over."""
    journal = Journal("75701000")
    journal.append_many([ProgrammeOpened("p", **AT), filed(1), Reviewed("1", "confirm_data", deadline=5, **AT)])
    assert overdue(replay(journal)) == []
    assert interim_over(replay(journal)) == []


def test_where_a_refusal_costs_nothing_the_application_is_back_at_once() -> None:
    """Elsewhere it waits until the family asks for it."""
    journal = town(offered(2, DAY), offered(1, DAY), Declined("2", "p", **AT), Declined("1", "p", **AT))
    assert returning(replay(journal)) == []
    back = returning(replay(journal), RETURNING)
    assert [each.application for each in back] == ["1", "2"]
    entries = journal.append_many(back)
    assert journal.append_many(back) == entries
    assert returning(replay(journal), RETURNING) == []
    assert replay(journal).applications["1"].status is Status.REGISTERED


def test_a_temporary_place_is_over_after_its_last_day() -> None:
    """The application needs not be made anew: it never left the queue."""
    short = InterimPlaced("2", "p", "short_stay", **AT)
    journal = town(InterimPlaced("1", "p", "temporary", DAY + 1, **AT), short)
    later(journal, DAY + 1)
    assert interim_over(replay(journal)) == []
    later(journal, DAY + 2)
    over = interim_over(replay(journal))
    assert [(each.application, each.programme) for each in over] == [("1", "p")]
    entries = journal.append_many(over)
    assert journal.append_many(over) == entries
    state = replay(journal)
    assert (state.applications["1"].interim, state.applications["1"].status) == (None, Status.REGISTERED)
    assert state.applications["2"].interim is not None


def test_a_policy_is_one_of_two() -> None:
    """A misspelt policy is told by its name."""
    with pytest.raises(ValueError, match="declined is 'return', not one of suspended, returned"):
        AnswerPolicy(declined="return")
