from __future__ import annotations

from typing import Any

import pytest

from queue_engine.allocation.choice import choose
from queue_engine.allocation.deferred_acceptance import deferred_acceptance, programme_proposing_deferred_acceptance
from queue_engine.allocation.market import Ceiling, Market, MarketError, Matching, Programme, Seats, Share, Ties
from queue_engine.allocation.mechanisms import MECHANISMS, PROGRAMME_PROPOSING, allocate
from queue_engine.allocation.reading import read_market
from queue_engine.allocation.stability import check_matching

ORDER = ("a", "b", "c", "d")
TIERS = (("a",), ("b", "c"), ("d",))
TIED: dict[str, Any] = {
    "capacities": {"D1": 2},
    "priorities_with_ties": {"D1": [["a"], ["c", "b"], ["d"]]},
    "prefs": {name: ["D1"] for name in ORDER},
}


def wanted_by_all(capacity: int, ties: Ties) -> Market:
    """Return one programme that everybody wants."""
    return Market.of([Programme("D1", capacity, ORDER, TIERS, ties=ties)], {name: ["D1"] for name in ORDER})


@pytest.mark.parametrize(
    ("capacity", "over", "under"),
    [(0, "", ""), (1, "a", "a"), (2, "abc", "a"), (3, "abc", "abc"), (4, "abcd", "abcd"), (9, "abcd", "abcd")],
)
def test_whole_tiers_are_taken_until_the_seats_are_passed_or_as_long_as_they_fit(
    capacity: int, over: str, under: str
) -> None:
    """And nothing behind a tier that does not fit, though d alone would."""
    for ties, expected in ((Ties.OVERFILL, over), (Ties.UNDERFILL, under)):
        market = wanted_by_all(capacity, ties)
        assert choose(market.programmes["D1"], ORDER) == tuple(expected)
        for mechanism in (MECHANISMS["deferred-acceptance"], PROGRAMME_PROPOSING):
            assert allocate(market, mechanism).at("D1") == tuple(expected)


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"seats": (Seats(1), Seats(1, "m", frozenset("a")))}, "rules on its seats"),
        ({"ceilings": (Ceiling("m", frozenset("a"), 1),)}, "rules on its seats"),
        ({"shares": (Share("m", frozenset("a"), 50),)}, "rules on its seats"),
        ({"order": ("b", "a", "c", "d")}, "an order that is not that of its tiers"),
    ],
)
def test_undivided_tiers_stand_beside_no_other_rule(parts: dict[str, object], told: str) -> None:
    """Nothing would say whose seats of a group are passed over."""
    with pytest.raises(ValueError, match=told):
        Programme(**{"name": "D1", "capacity": 2, "order": ORDER, "tiers": TIERS, "ties": Ties.OVERFILL, **parts})  # type: ignore[arg-type]


def test_a_tier_refused_once_is_refused_for_good() -> None:
    """Applicants b and c were too many for D1; that c has D2 does not let b in, who would bring c back."""
    programmes = [
        Programme("D1", 1, ("a", "b", "c"), (("a", "b", "c"),), ties=Ties.UNDERFILL),
        Programme("D2", 1, ("c",), (("c",),), ties=Ties.UNDERFILL),
    ]
    market = Market.of(programmes, {"a": [], "b": ["D1"], "c": ["D1", "D2"]})
    assert deferred_acceptance(market).placed == {"a": None, "b": None, "c": "D2"}
    assert not check_matching(market, deferred_acceptance(market))


def test_who_does_not_want_a_seat_needs_no_room_in_it() -> None:
    """Applicant c likes D2 more, so that b alone is asked by D1 and fits."""
    programmes = [
        Programme("D1", 1, ("b", "c"), (("b", "c"),), ties=Ties.UNDERFILL),
        Programme("D2", 1, ("c",), (("c",),), ties=Ties.UNDERFILL),
    ]
    market = Market.of(programmes, {"b": ["D1"], "c": ["D2", "D1"]})
    expected = {"b": "D1", "c": "D2"}
    assert deferred_acceptance(market).placed == expected
    assert programme_proposing_deferred_acceptance(market).placed == expected


@pytest.mark.parametrize(
    ("ties", "placed", "expected"),
    [
        (Ties.OVERFILL, "abcd", "P4: 'D1' places 4 on 2 seats"),
        (Ties.UNDERFILL, "abc", "P4: 'D1' places 3 on 2 seats"),
        (Ties.OVERFILL, "ab", "P8: 'c' wishes 'D1' more than no place and is in the tier of 'b', who is placed there"),
        (Ties.OVERFILL, "a", "P7: 'b' wishes 'D1' more than no place, where a seat is free"),
        (Ties.UNDERFILL, "bc", "P8: 'a' wishes 'D1' more than no place and is before 'c', who is placed there"),
        (Ties.UNDERFILL, "", "P7: 'a' wishes 'D1' more than no place, where their whole tier would fit"),
    ],
)
def test_each_fault_of_whole_tiers_is_found(ties: Ties, placed: str, expected: str) -> None:
    """Too many, a tier divided, a better one passed over, seats left free for nobody's sake."""
    matching = Matching({name: "D1" if name in placed else None for name in ORDER})
    assert expected in map(str, check_matching(wanted_by_all(2, ties), matching))


def test_a_file_says_what_becomes_of_tiers_and_needs_no_numbers_then() -> None:
    """For all its programmes; within a tier the order is that of names, and decides nothing."""
    programme = read_market({**TIED, "ties": "overfill"}).programmes["D1"]
    assert (programme.ties, programme.order, programme.is_plain) == (Ties.OVERFILL, ORDER, False)
    numbers = {name: number for number, name in enumerate("abcd")}
    drawn = read_market({**TIED, "ties": "lottery", "lottery_number_lower_is_better": numbers})
    assert drawn.is_plain


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"ties": "lottery"}, ["A021", "A021"]),
        ({"ties": "overfil"}, ["A052"]),
        ({"ties": ["overfill"]}, ["A052"]),
        ({"ties": "underfill", "priorities_with_ties": None, "priorities": {"D1": ["a"]}}, ["A052"]),
        ({"ties": "overfill", "types": {"a": "m"}, "rules": {"D1": {"type": "m", "reserved": 1}}}, ["A006"]),
    ],
)
def test_rules_on_ties_that_cannot_be_are_refused(change: dict[str, object], expected: list[str]) -> None:
    """Unknown words, no tiers, seats of groups beside them; a lottery needs its numbers as ever."""
    market = {key: value for key, value in {**TIED, **change}.items() if value is not None}
    with pytest.raises(MarketError) as refused:
        read_market(market, "m.json")
    assert [problem.code for problem in refused.value.problems] == expected


def test_other_mechanisms_refuse_undivided_tiers() -> None:
    """They would divide them."""
    for name, mechanism in MECHANISMS.items():
        if name != "deferred-acceptance":
            with pytest.raises(MarketError, match="or leave out 'ties'"):
                allocate(wanted_by_all(2, Ties.OVERFILL), mechanism)
