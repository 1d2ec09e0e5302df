"""What the state tells of rounds, draws and seats."""

from __future__ import annotations

from typing import Any

from queue_engine.events import (
    Accepted,
    DayAdvanced,
    Declined,
    Enrolled,
    Event,
    Filed,
    InterimPlaced,
    LotteryDrawn,
    Offered,
    ProgrammeOpened,
    Reviewed,
    RoundAnnulled,
    RoundFrozen,
    RoundPublished,
    Source,
    Wish,
)
from queue_engine.journal import Journal
from queue_engine.replay import replay
from queue_engine.state import SeatsTaken, State

DAY = 20697
AT: dict[str, Any] = {"at": DAY * 86_400_000, "actor": "officer"}
FREEZE, RESULT = "0f" * 32, "f0" * 32


def state_after(*events: Event) -> State:
    """Return the state after events that may all follow."""
    journal = Journal("75701000")
    journal.append_many(events)
    return replay(journal)


def registered(number: int) -> tuple[Event, ...]:
    """Return an application as it comes into the queue."""
    name, wishes = str(number), [Wish("p"), Wish("q")]
    return Filed(name, number, 0, {}, wishes, **AT), Reviewed(name, "registered", **AT)


def test_a_round_is_told_with_its_digests_and_entries() -> None:
    """Whoever keeps the files of a round finds which entry froze, published and annulled it."""
    frozen = RoundFrozen("may", DAY, FREEZE, 3, 40, "school", **AT)
    published = RoundPublished("may", FREEZE, RESULT, "school", **AT)
    state = state_after(frozen)
    one = state.rounds["may"]
    assert (one.status, one.service, one.on, one.freeze, one.programmes, one.applications) == (
        "frozen",
        "school",
        DAY,
        FREEZE,
        3,
        40,
    )
    assert (one.frozen, one.published, one.annulled, one.result) == (1, 0, 0, "")
    annulled = RoundAnnulled("may", "a wrong list", "memo 5", **AT)
    one = state_after(frozen, published, annulled).rounds["may"]
    assert (one.status, one.frozen, one.published, one.annulled, one.result) == ("annulled", 1, 2, 3, RESULT)


def test_the_last_draw_of_a_campaign_counts() -> None:
    """The record of it is kept, with the reason for which lots were drawn again."""
    dice = (Source("dice", "6"),)
    first = LotteryDrawn("may", FREEZE, RESULT, (Source("dice", "1"),), **AT)
    again = LotteryDrawn("may", RESULT, FREEZE, dice, "a torn list", **AT)
    state = state_after(first, LotteryDrawn("june", FREEZE, RESULT, dice, **AT), again)
    assert list(state.draws) == ["may", "june"]
    drawn = state.draws["may"]
    assert (drawn.list, drawn.rules, drawn.sources, drawn.reason, drawn.entry) == (
        RESULT,
        FREEZE,
        dice,
        "a torn list",
        3,
    )


def test_seats_are_counted_by_how_far_their_holders_have_come() -> None:
    """Whoever declined holds none, and a place for the time being stands apart."""
    day = (DayAdvanced(DAY, **AT), ProgrammeOpened("p", **AT), ProgrammeOpened("q", **AT))
    people = [event for number in range(1, 7) for event in registered(number)]
    given = [Offered(str(number), "p", DAY, **AT) for number in (1, 2, 3, 4)]
    state = state_after(
        *day,
        *people,
        InterimPlaced("2", "q", "short_stay", **AT),
        InterimPlaced("5", "p", "temporary", DAY, **AT),
        *given,
        Accepted("2", "p", **AT),
        Enrolled("3", "p", **AT),
        Declined("4", "p", **AT),
    )
    taken = state.seats_taken("p")
    assert taken == SeatsTaken(offered=1, consent=1, enrolled=1, interim=1)
    assert taken.total == 3
    assert state.seats_taken("q") == SeatsTaken(interim=1)
    assert state.seats_taken("nowhere") == SeatsTaken()
