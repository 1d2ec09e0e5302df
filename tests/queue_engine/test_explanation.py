"""Why a place is what it is: exact for officers, merged until nobody can be recognised for parents."""

from __future__ import annotations

import attrs
import pytest
from tests.queue_engine.small_town import (
    NUMBER,
    by,
    ground,
    groups,
    papers,
    queues,
    reserve,
    rules,
    title,
    town,
    yes_first,
)

from queue_engine import Ahead, NotInQueueError, Own, PublicPart, Queue, public_parts, standing
from queue_engine.explanation import RULES, SMALLEST_SHARED, step_or_reserve
from queue_engine.rules.model import LegalBasis

RIGHT = groups(
    "right",
    first=[ground("orphan", sensitive=True)],
    second=[ground("large_family"), ground("police_child")],
)


def _queue(*owners: str, count: int = 9) -> Queue:
    return queues(town(count, papers(*owners)), rules(RIGHT))["p"]


def _told(queue: Queue, application: str, smallest: int) -> list[tuple[int, str]]:
    parts = public_parts(standing(queue, application), smallest)
    return [(part.count, part.title.en.removesuffix(" in English")) for part in parts]


def test_those_ahead_are_counted_by_step_and_group() -> None:
    """The counts sum to the position less one; those at the same group count at the next step."""
    place = standing(_queue("7 orphan", "8 large_family", "9 police_child"), "2")
    assert (place.position, place.total, place.nearest, place.decided_by) == (5, 9, "1", "number")
    assert place.ahead == (Ahead("right", "first", 1), Ahead("right", "second", 2), Ahead("number", "", 1))
    assert place.ahead_by_step() == {"right": 3, "number": 1}


def test_the_first_has_nobody_ahead() -> None:
    """At the head nothing decides and nobody is nearest."""
    place = standing(_queue(), "1")
    assert (place.position, place.ahead, place.nearest, place.decided_by) == (1, (), "", "")
    assert place.ahead_by_step() == {"right": 0, "number": 0}
    assert public_parts(place, 1) == ()


def test_what_an_application_has_itself_is_told_step_by_step() -> None:
    """Its group and ground, yes or no, and values as people write them; "" where nothing is known."""
    steps = (RIGHT, yes_first("boarding", "programme.boarding"), by("highest", "grade.average"))
    rule_set = rules(*steps, by("earliest", "application.submitted_at"))
    tables = town(
        2,
        papers("1 police_child"),
        grade__average=["14/3", ""],
        application__submitted_at=["2026-01-02 03:04:05", ""],
        programmes={"programme": ["p"], "programme.boarding": ["yes"]},
    )
    queue = queues(tables, rule_set)["p"]
    assert standing(queue, "1").own == (
        Own("right", group="second", ground="police_child"),
        Own("boarding", group="yes"),
        Own("highest", value="4.66"),
        Own("earliest", value="2026-01-02 03:04:05"),
        Own("number", value="1"),
    )
    assert standing(queue, "2").own[:1] == (Own("right", group="others"),)
    assert [own.value for own in standing(queue, "2").own[2:4]] == ["", ""]
    alone = standing(queues(tables, rule_set).general, "1")
    assert alone.own[1] == Own("boarding", group="no")


def test_a_reserve_is_counted_where_it_goes_against_the_keys() -> None:
    """Those a reserve put ahead count under it, everybody else under the step."""
    shares = [
        reserve("share", 30, "confirmed(category.large_family)", "families"),
        reserve("share", 30, "confirmed(category.orphan)", "orphans"),
    ]
    tables = town(6, papers("5 large_family", "6 orphan"))
    queue = queues(tables, rules(reserves=shares))["p"]
    assert "".join(queue) == "561234"
    assert standing(queue, "2").ahead == (Ahead("number", "", 1), Ahead("families", "", 1), Ahead("orphans", "", 1))
    assert standing(queue, "2").ahead_by_step() == {"number": 1, "families": 1, "orphans": 1}
    assert standing(queue, "6").ahead == (Ahead("number", "", 1),)
    assert _told(queue, "4", 1) == [(3, "smaller number"), (1, "families"), (1, "orphans")]
    assert [part.title for part in public_parts(standing(queue, "4"), 2)] == [NUMBER.title, RULES]


def test_only_who_stands_in_the_queue_has_a_place() -> None:
    """Nobody known, and somebody not in this queue, are errors."""
    with pytest.raises(NotInQueueError, match="there is no application '99'"):
        standing(_queue(), "99")


def test_a_ground_is_named_when_enough_hold_it() -> None:
    """Shared by K it is told with its acts; shared by fewer it is told as its group."""
    owners = ("5 police_child", "6 police_child", "7 large_family", "8 large_family")
    assert _told(_queue(*owners), "1", 2) == [(2, "large_family"), (2, "police_child")]
    assert _told(_queue(*owners), "1", 3) == [(4, "second")]
    assert _told(_queue(*owners), "1", 5) == [(4, RULES.en)]
    named = public_parts(standing(_queue(*owners), "1"), 2)
    assert [part.basis for part in named] == [(LegalBasis("act large_family"),), (LegalBasis("act police_child"),)]


def test_a_group_tells_no_act_that_would_name_one_ground() -> None:
    """Acts are told with a group only when every ground of it rests on them."""
    owners = ("5 police_child", "6 large_family")
    parts = public_parts(standing(_queue(*owners), "1"), 2)
    assert parts == (PublicPart(2, title("second"), (), "right"),)
    shared = groups("right", first=[ground("large_family", act="№ 63"), ground("police_child", act="№ 63")])
    queue = queues(town(9, papers(*owners)), rules(shared))["p"]
    (part,) = public_parts(standing(queue, "1"), 2)
    assert (part.title, part.basis) == (title("first"), (LegalBasis("№ 63"),))


def test_a_sensitive_ground_is_never_named() -> None:
    """However many hold it, it is told as its group; and its group only when K hold that."""
    owners = tuple(f"{number} orphan" for number in range(2, 10))
    assert _told(_queue(*owners), "1", 3) == [(8, "first")]
    assert _told(_queue("9 orphan"), "1", 1) == [(1, "first")]
    assert _told(_queue("9 orphan"), "1", 2) == [(1, RULES.en)]


def test_what_was_merged_cannot_be_found_by_subtraction() -> None:
    """A rare group beside a common one: both are told as one, so that the difference is nobody."""
    owners = ("5 orphan", "6 police_child", "7 police_child", "8 police_child", "9 police_child")
    assert _told(_queue(*owners), "1", 3) == [(5, "right")]
    assert _told(_queue(*owners), "1", 1) == [(4, "police_child"), (1, "first")]


def test_k_is_five_unless_said() -> None:
    """The statistics offices' smallest cell is the default."""
    assert SMALLEST_SHARED == 5
    four = _queue(*(f"{number} police_child" for number in (6, 7, 8, 9)))
    five = _queue(*(f"{number} police_child" for number in (5, 6, 7, 8, 9)))
    assert [part.title for part in public_parts(standing(four, "1"))] == [RULES]
    assert [part.title for part in public_parts(standing(five, "1"))] == [title("police_child")]


def test_in_a_queue_of_few_only_the_rules_are_told() -> None:
    """With fewer than K in the queue no step is named."""
    assert _told(_queue("3 orphan", count=3), "2", 5) == [(2, RULES.en)]


def test_a_name_is_that_of_a_step_or_of_a_reserve() -> None:
    """Both may decide a place."""
    moving = reserve("one_in", 3, "sibling.attends", "siblings")
    queue = queues(town(1), rules(RIGHT, reserves=[moving]))["p"]
    assert step_or_reserve(queue, "right").id == "right"
    assert step_or_reserve(queue, "siblings").title == moving.title


def test_full_ties_count_under_the_last_step() -> None:
    """Rules that let two share a key do not load; made by hand, they keep the order of the applications."""
    untotal = attrs.evolve(rules(), order=(yes_first("sibling", "sibling.attends"),))
    queue = queues(town(3), untotal)["p"]
    assert ("".join(queue), queue.decided_by()) == ("123", ["", "sibling", "sibling"])
    assert standing(queue, "3").ahead == (Ahead("sibling", "", 2),)


def test_only_those_equal_at_the_steps_before_count_for_a_ground() -> None:
    """Whoever an earlier step already put ahead is told there, not again by the ground he has."""
    rule_set = rules(yes_first("schooled", "known(grade.average)"), RIGHT)
    tables = town(4, papers("3 large_family", "4 large_family"), grade__average=["", "", "", "5"])
    queue = queues(tables, rule_set)["p"]
    assert "".join(queue) == "4312"
    assert _told(queue, "1", 1) == [(1, "schooled"), (1, "large_family")]
