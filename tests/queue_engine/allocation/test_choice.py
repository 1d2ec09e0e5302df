from __future__ import annotations

import pytest

from queue_engine.allocation.choice import Reserve, choose, seats_in_order
from queue_engine.allocation.market import Ceiling, Programme, Seats, Share, Unused

ORDER = tuple("abcdefgh")
MEMBERS = frozenset("gh")


def chosen(capacity: int, *reserves: Reserve, order: tuple[str, ...] = ORDER) -> str:
    """Return whom a programme with reserves chooses of all."""
    return "".join(choose(Programme("D1", capacity, order, seats=seats_in_order(capacity, reserves)), order))


def test_a_reserve_filled_first_lifts_its_members_over_the_others() -> None:
    """Two of six seats go to the two of the group who stand last."""
    assert chosen(6, Reserve("m", MEMBERS, 2)) == "abcdgh"


def test_a_reserve_filled_first_is_met_by_members_who_stand_high_anyway() -> None:
    """Filled before the general seats, a reserve of two for the two best changes nothing."""
    assert chosen(4, Reserve("m", frozenset("ab"), 2)) == "abcd"


def test_a_reserve_filled_last_comes_on_top() -> None:
    """Filled after the general seats, it goes to members who got none of those."""
    assert chosen(4, Reserve("m", frozenset("abgh"), 2, after_general=True)) == "abgh"


@pytest.mark.parametrize(("unused", "placed"), [(Unused.GENERAL, "abcdh"), (Unused.KEEP, "abch")])
def test_seats_nobody_of_the_group_takes_flow_or_stay_empty(unused: Unused, placed: str) -> None:
    """The second seat of the group goes to the best of the others, or to nobody."""
    assert chosen(5, Reserve("m", frozenset("h"), 2, unused=unused)) == placed


def test_seats_left_before_the_general_ones_are_general_before_later_reserves() -> None:
    """A free seat joins the general ones, so the reserve filled last still gets members below them."""
    empty = Reserve("none", frozenset(), 1)
    later = Reserve("m", frozenset("bg"), 1, after_general=True)
    assert chosen(3, empty, later) == "abg"


def test_seats_left_by_the_last_reserve_go_to_the_best_of_all() -> None:
    """After the last turn nothing declared stays free."""
    assert chosen(3, Reserve("none", frozenset(), 1, after_general=True)) == "abc"


def test_a_member_of_two_groups_takes_one_seat() -> None:
    """Overlapping groups: h holds a seat of the first reserve, g that of the second."""
    assert chosen(4, Reserve("m", frozenset("h"), 1), Reserve("n", MEMBERS, 1)) == "abgh"


def test_the_reserve_declared_first_is_served_first() -> None:
    """Where more is set aside than there is, the later reserve gets what is left."""
    assert chosen(2, Reserve("m", frozenset("fg"), 1), Reserve("n", frozenset("eh"), 4)) == "ef"
    assert [seats.count for seats in seats_in_order(1, [Reserve("m", MEMBERS, 1), Reserve("n", MEMBERS, 1)])] == [1, 0]


def test_no_reserve_leaves_plain_seats() -> None:
    """Reserves of no seats are none."""
    assert seats_in_order(3, [Reserve("m", MEMBERS, 0)]) == ()


def test_a_programme_without_seats_chooses_nobody() -> None:
    """Capacity 0, with a reserve and without."""
    assert chosen(0) == chosen(0, Reserve("m", MEMBERS, 1)) == ""


def test_a_soft_seat_falls_to_the_best_in_its_turn_and_a_hard_one_to_nobody() -> None:
    """Seats one by one, in the order of filling."""
    soft = Seats(1, "m", frozenset(), Unused.BEST)
    hard = Seats(1, "m", frozenset(), Unused.KEEP)
    assert choose(Programme("D1", 2, ORDER, seats=(soft, hard)), ORDER) == ("a",)


def test_a_ceiling_keeps_the_next_out_and_lets_others_pass() -> None:
    """Of three who stand first only one is placed; a seat stays free rather than break the ceiling."""
    ceiling = Ceiling("m", frozenset("abc"), 1)
    assert choose(Programme("D1", 3, ORDER, ceilings=(ceiling,)), "abcd") == ("a", "d")


def test_a_share_is_held_at_every_position() -> None:
    """At 50 per cent the first called is a member, at 25 per cent too, since one of any number is asked at once."""
    half = Programme("D1", 4, ORDER, shares=(Share("m", MEMBERS, 50),))
    assert choose(half, ORDER) == ("a", "b", "g", "h")
    assert choose(Programme("D1", 4, ORDER, shares=(Share("m", MEMBERS, 25),)), ORDER) == ("a", "b", "c", "g")


def test_a_later_share_gives_way_to_an_earlier_one() -> None:
    """One seat and two shares that nobody has both of: the first decides."""
    shares = (Share("m", frozenset("g"), 10), Share("n", frozenset("h"), 10))
    assert choose(Programme("D1", 1, ORDER, shares=shares), ORDER) == ("g",)


def test_a_share_without_members_left_calls_the_best() -> None:
    """Nobody waits for a member who is not there; when all are called, calling ends."""
    assert choose(Programme("D1", 3, ORDER, shares=(Share("m", frozenset(), 100),)), "ab") == ("a", "b")
