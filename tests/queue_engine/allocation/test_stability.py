from __future__ import annotations

import pytest

from queue_engine.allocation.choice import Reserve, seats_in_order
from queue_engine.allocation.market import Ceiling, Market, Matching, Programme, Seats, Share, Unused
from queue_engine.allocation.stability import check_matching

WISHES = {"a": ["D1", "D2"], "b": ["D1", "D2"], "c": ["D1"], "d": ["D2"]}


def market(d1: Programme | None = None) -> Market:
    """Return a market of two programmes, the first as told."""
    return Market.of([d1 or Programme("D1", 1, tuple("abc")), Programme("D2", 2, tuple("bad"))], WISHES)


def found(what: Market, **placed: str | None) -> list[tuple[str, str, str, str]]:
    """Return the violations of a matching, without their sentences."""
    violations = check_matching(what, Matching({**dict.fromkeys(what.wishes), **placed}))
    assert all(each.message for each in violations)
    return [(each.property, each.programme, each.applicant, each.other) for each in violations]


def test_the_stable_matching_has_no_violation() -> None:
    """Applicant a is first at D1, b at D2, and a seat for d is left."""
    assert found(market(), a="D1", b="D2", d="D2") == []


@pytest.mark.parametrize(
    ("placed", "violations"),
    [
        ({"a": "D1", "z": None}, [("P1", "", "z", "")]),
        ({"a": "D3"}, [("P1", "D3", "a", "")]),
        ({"c": "D2"}, [("P2", "D2", "c", ""), ("P3", "D2", "c", "")]),
        ({"d": "D1"}, [("P2", "D1", "d", ""), ("P3", "D1", "d", "")]),
        ({"a": "D1", "b": "D1"}, [("P4", "D1", "", "")]),
        ({"a": "D1", "b": "D2"}, [("P7", "D2", "d", "")]),
        ({"a": "D2", "b": "D2", "c": "D1"}, [("P8", "D1", "a", "c"), ("P8", "D1", "b", "c")]),
        ({"b": "D1", "d": "D2", "a": "D2"}, [("P8", "D1", "a", "b")]),
    ],
)
def test_what_is_wrong_is_told_by_property_place_and_person(
    placed: dict[str, str | None], violations: list[tuple[str, str, str, str]]
) -> None:
    """Each property is violated once, and nothing else is found."""
    assert found(market(), **placed) == violations


def test_an_applicant_without_outcome_is_found() -> None:
    """Left out is not the same as placed nowhere."""
    (violation,) = check_matching(market(), Matching({"a": "D1", "b": "D2", "c": None}))
    assert str(violation) == "P1: 'd' has no outcome"


def test_a_ceiling_that_is_passed_is_found_and_one_that_binds_is_no_waste() -> None:
    """Two of a group on a ceiling of one; with one of them, the free seat is nobody's."""
    capped = Programme("D1", 2, tuple("abc"), ceilings=(Ceiling("m", frozenset("abc"), 1),))
    assert found(market(capped), a="D1", b="D1", d="D2") == [("P5", "D1", "", "")]
    assert found(market(capped), a="D1", b="D2", d="D2") == []


def test_somebody_refused_for_whom_a_seat_was_reserved_is_found() -> None:
    """Applicant c is of the group; a soft seat held by a, a flowing seat and a kept seat are told apart."""
    for unused, violation in (
        (Unused.BEST, ("P6", "D1", "c", "a")),
        (Unused.GENERAL, ("P6", "D1", "c", "a")),
    ):
        reserved = Programme("D1", 1, tuple("abc"), seats=(Seats(1, "m", frozenset("c"), unused),))
        assert found(market(reserved), a="D1", b="D2", d="D2") == [violation]
        assert found(market(reserved), c="D1", a="D2", b="D2") == []
    kept = Programme("D1", 1, tuple("abc"), seats=(Seats(1, "m", frozenset("c"), Unused.KEEP),))
    assert ("P6", "D1", "a", "") in found(market(kept), a="D1", b="D2", d="D2")
    assert ("P7", "D1", "c", "") in found(market(kept), a="D2", b="D2")


def test_within_a_group_priority_decides() -> None:
    """Applicants b and c are of the group; b is before c and was refused for c."""
    reserved = Programme("D1", 2, tuple("abc"), seats=seats_in_order(2, [Reserve("m", frozenset("bc"), 1)]))
    assert found(market(reserved), a="D1", c="D1", b="D2", d="D2") == [("P8", "D1", "b", "c")]


def test_the_order_of_filling_is_checked() -> None:
    """General seats first: a takes one, and the group's seat is b's on top, not c's."""
    later = Reserve("m", frozenset("abc"), 1, after_general=True)
    reserved = Programme("D1", 2, tuple("abc"), seats=seats_in_order(2, [later]))
    assert found(market(reserved), a="D1", b="D1", d="D2") == []
    assert found(market(reserved), a="D1", c="D1", b="D2", d="D2") == [("P8", "D1", "b", "c")]


def test_a_share_that_is_not_held_is_found() -> None:
    """One seat, and a share of c's group: a may not have it."""
    shared = Programme("D1", 1, tuple("abc"), shares=(Share("m", frozenset("c"), 10),))
    assert found(market(shared), a="D1", b="D2", d="D2") == [("P6", "D1", "c", "a")]
    assert found(market(shared), c="D1", a="D2", b="D2") == []


def test_a_better_number_is_no_reason_for_envy_where_the_lottery_does_not_bind() -> None:
    """Applicants a and b tie and a drew better; only against c, a tier behind, envy is justified."""
    tied = Programme("D1", 1, tuple("abc"), tiers=(("a", "b"), ("c",)))
    matching = Matching({"a": "D2", "b": "D1", "c": None, "d": "D2"})
    assert [each.property for each in check_matching(market(tied), matching)] == ["P8"]
    assert check_matching(market(tied), matching, lottery_binds=False) == []
    worse = Matching({"a": "D2", "b": "D2", "c": "D1", "d": None})
    assert [each.applicant for each in check_matching(market(tied), worse, lottery_binds=False)] == ["a", "b"]


def test_a_programme_without_seats_wrongs_nobody() -> None:
    """Capacity 0: all are refused and none is envied."""
    assert found(market(Programme("D1", 0, tuple("abc"))), a="D2", b="D2") == []
