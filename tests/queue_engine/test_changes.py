from __future__ import annotations

import pytest
from tests.queue_engine.small_queues import ONE_IN_TWO, RULES, STEPS, Child, queues_of

from queue_engine.changes import KINDS, PositionChange, Posting, group_of, labels, pairwise_difference
from queue_engine.errors import NotInQueueError

BEFORE = (
    Child(1, 10, ("judge_child",)),
    Child(2, 11, ("large_family",)),
    Child(3, 8, near=("p",)),
    Child(4, 7),
    Child(5, 12),
    Child(6, 13),
)
AFTER = (
    Child(2, 11),  # its document has ended
    Child(3, 8, near=("p",)),
    Child(5, 12),
    Child(6, 13, ("large_family",)),
    Child(7, 9, ("judge_child",)),
    Child(8, 7),
)


def account(application: str) -> PositionChange:
    """Return the account of one application between the two days above."""
    return pairwise_difference(queues_of(BEFORE), queues_of(AFTER), "p", application)


def test_each_other_child_counts_once_by_what_it_did() -> None:
    """The account of a child that did nothing itself names leavers, joiners and those who overtook or fell behind."""
    found = account("3")
    assert (found.before, found.after) == (3, 3)
    assert found.parts == (
        Posting("left", "right", "out_of_turn", -1),
        Posting("joined", "right", "out_of_turn", 1),
        Posting("up", "right", "first_turn", 1),
        Posting("down", "territory", "no", -1),
    )
    assert found.by_kind() == {"left": -1, "joined": 1, "up": 1, "down": -1}


def test_the_own_change_is_told_by_the_steps_that_decide() -> None:
    """A right that ends puts behind everybody who is ahead without it, step by step, at their keys of before."""
    found = account("2")
    assert (found.before, found.after) == (2, 5)
    assert found.parts == (
        Posting("left", "right", "out_of_turn", -1),
        Posting("joined", "right", "out_of_turn", 1),
        Posting("joined", "submitted", "", 1),
        Posting("up", "right", "first_turn", 1),
        Posting("own", "territory", "yes", 1),
    )


def test_a_leaver_who_was_behind_is_no_part() -> None:
    """Only those ahead count: application 4 left from behind application 3."""
    assert sum(part.count for part in account("3").parts if part.kind == "left") == -1


def test_a_joiner_has_a_place_and_everybody_ahead() -> None:
    """Who comes anew is told where it stands: its place, and those ahead by step."""
    found = account("8")
    assert (found.before, found.after) == (0, 4)
    assert found.parts == (
        Posting("own", "", "", 1),
        Posting("own", "right", "out_of_turn", 1),
        Posting("own", "right", "first_turn", 1),
        Posting("own", "territory", "yes", 1),
    )


def test_a_leaver_gives_its_place_back() -> None:
    """Who has gone is told the place it gave up, with opposite signs."""
    found = account("4")
    assert (found.before, found.after) == (4, 0)
    assert {part.count for part in found.parts} == {-1}
    assert sum(part.count for part in found.parts) == -4


def test_nothing_is_told_where_nothing_changed() -> None:
    """Between equal orders no account has a part."""
    queues = queues_of(BEFORE)
    assert all(not pairwise_difference(queues, queues, "p", name).parts for name in queues["p"])


def test_a_reserve_that_puts_somebody_ahead_is_named() -> None:
    """Where every second place is a large family's, one that comes stands ahead by the reserve and not by a step."""
    old = queues_of([Child(1), Child(2), Child(3)], ONE_IN_TWO)
    new = queues_of([Child(1), Child(2), Child(3), Child(4, 10, ("large_family",))], ONE_IN_TWO)
    # By right alone it is ahead, so the reserve changes nothing for those without it.
    assert pairwise_difference(old, new, "p", "3").parts == (Posting("joined", "right", "first_turn", 1),)
    judge = Child(5, 11, ("judge_child",))
    old = queues_of([judge, Child(6, 9, ("judge_child",))], ONE_IN_TWO)
    new = queues_of([judge, Child(6, 9, ("judge_child",)), Child(7, 12, ("large_family",))], ONE_IN_TWO)
    assert list(new["p"]) == ["7", "6", "5"]
    assert pairwise_difference(old, new, "p", "6").parts == (Posting("joined", "big_families", "", 1),)


def test_whoever_is_in_neither_queue_has_no_account() -> None:
    """The refusal names the application and the queue."""
    with pytest.raises(NotInQueueError, match="application '99' is in queue 'p' neither before nor after"):
        account("99")


def test_an_account_that_does_not_balance_cannot_be_made() -> None:
    """Postings that do not sum to the change are a defect, and stop there."""
    with pytest.raises(AssertionError, match="sum to the change"):
        PositionChange("p", "1", 3, 4, (Posting("left", "number", "", -1),))


def test_accounts_follow_one_another_only_where_places_meet() -> None:
    """Two periods make one account when the second starts at the place where the first ends; opposites cancel."""
    back = PositionChange("p", "1", 3, 4, (Posting("joined", "number", "", 1),))
    forward = PositionChange("p", "1", 4, 3, (Posting("joined", "number", "", -1),))
    assert back.then(forward) == PositionChange("p", "1", 3, 3, ())
    with pytest.raises(AssertionError):
        back.then(back)


def test_kinds_are_told_in_their_order() -> None:
    """By kind the account reads in the order of the closed list."""
    parts = (Posting("own", "right", "", 2), Posting("left", "right", "", -1), Posting("own", "number", "", 1))
    found = PositionChange("p", "1", 3, 5, parts).by_kind()
    assert list(found.items()) == [("left", -1), ("own", 3)]
    assert list(found) == [kind for kind in KINDS if kind in found]


def test_every_label_a_posting_may_have_is_known() -> None:
    """The place itself, then groups step by step, then the reserves that change positions."""
    assert labels(RULES) == [
        ("", ""),
        ("right", "out_of_turn"),
        ("right", "first_turn"),
        ("right", "others"),
        ("territory", "yes"),
        ("territory", "no"),
        ("submitted", ""),
        ("number", ""),
    ]
    assert labels(ONE_IN_TWO)[-1] == ("big_families", "")
    assert group_of(STEPS[3], 7) == ""
