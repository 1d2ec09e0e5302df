"""Why a wish did not come true: the cut-off, the step that differs, reserves, transfers, and what remains free."""

from __future__ import annotations

from random import Random

import attrs
import pytest
from tests.queue_engine.rounds.drawn_rounds import drawn_round
from tests.queue_engine.rounds.small_rounds import (
    CHILDREN,
    DATES,
    DAY,
    frozen_of,
    kindergarten_rules,
    market,
    three_kindergartens,
    worked_example,
)
from tests.queue_engine.small_queues import ONE_IN_TWO, Child, queues_of

from queue_engine.explanation import Own, standing
from queue_engine.rounds.deciding import EARLIER, EQUALS, KEPT, NO_SEATS, ORDER, RESERVE, TOGETHER, decisions
from queue_engine.rounds.model import HELD, OTHERS, Frozen, Outcome, Programme, SeatReserve
from queue_engine.rounds.refusals import Free, Takes, why_not
from queue_engine.rounds.running import run


def test_b_of_the_worked_example_is_told_the_territory_of_the_last_admitted() -> None:
    """At D1 B stands fifth of six, the cut-off is A, who lives in the territory; their keys are told step by step."""
    queues, frozen = worked_example()
    at_d1, at_d3 = why_not(frozen, run(frozen), queues, "B")
    assert (at_d1.wish, at_d1.programme, at_d1.position, at_d1.among) == (1, "D1", 5, 6)
    assert (at_d1.seats, at_d1.placed, at_d1.last, at_d1.last_position) == (2, 2, "A", 3)
    assert (at_d1.cause, at_d1.step, at_d1.shared) == (ORDER, "territory", 1)
    assert (at_d1.own, at_d1.theirs) == (Own("territory", "no"), Own("territory", "yes"))
    assert [each.step for each in at_d1.key] == ["held", "right", "territory", "sibling", "submitted", "number"]
    assert [mine == their for mine, their in zip(at_d1.key, at_d1.last_key, strict=True)][:3] == [True, True, False]
    assert (at_d3.cause, at_d3.held, at_d3.last, at_d3.step) == (HELD, 1, "G", "held")


def test_whoever_got_the_first_wish_or_takes_no_part_is_refused_nothing() -> None:
    """There is nothing to explain to A, nor to somebody unknown."""
    queues, frozen = worked_example()
    outcome = run(frozen)
    assert why_not(frozen, outcome, queues, "A") == ()
    assert why_not(frozen, outcome, queues, "Z") == ()


def test_one_application_is_told_what_the_region_is_told() -> None:
    """The bulk path and the single one decide alike."""
    queues, frozen = worked_example()
    outcome = run(frozen)
    single = [
        (each.application, each.programme, each.position, each.cause, each.against, each.step)
        for applicant in frozen.applicants
        for each in why_not(frozen, outcome, queues, applicant.application)
    ]
    bulk = decisions(frozen, outcome, queues)
    assert single == [(each[0], each[2], each[3], each[4], each[5], each[6]) for each in bulk]


def test_free_places_are_those_of_programmes_that_take_the_child() -> None:
    """Two programmes have places left; one is for others: it is told only as long as nobody says whom it takes."""
    queues = three_kindergartens(
        {**CHILDREN, "H": ("D4",), "I": ("D5",)},
        programme=["D1", "D2", "D3", "D4", "D5"],
        takes=["", "", "", "age(on study_start) >= 3y", "age(on study_start) < 3y or application.number == 9"],
    )
    frozen = frozen_of(queues, {"D1": 2, "D2": 1, "D3": 1, "D4": 4, "D5": 2}, {"D3": ("G",)})
    outcome = run(frozen)
    anywhere = why_not(frozen, outcome, queues, "F")[0]
    assert (anywhere.free, anywhere.free_places, anywhere.takes_known) == ((Free("D4", 3), Free("D5", 1)), 4, False)
    takes = Takes.of(queues, kindergarten_rules(), DAY, DATES)
    told = why_not(frozen, outcome, queues, "F", takes)[0]
    assert (told.free, told.free_places, told.takes_known) == ((Free("D4", 3),), 3, True)


_BY_TIME = attrs.evolve(ONE_IN_TWO, order=ONE_IN_TWO.order[2:])


def _one(frozen: Frozen, application: str, wish: int = 1) -> tuple[str, str, str]:
    found = [each for each in why_not(frozen, run(frozen), None, application) if each.wish == wish]
    return found[0].cause, found[0].against, found[0].reserve


def test_a_reserve_decides_where_somebody_worse_placed_holds_its_seat() -> None:
    """The second seat is for the group of c, who stands behind b; d would have been refused anyway."""
    reserve = SeatReserve("police", ("c",), 1)
    garden = Programme("D1", "", "main", 2, ("a", "b", "c", "d"), reserves=(reserve,))
    frozen = market([garden], {name: ["D1"] for name in "abcd"})
    assert _one(frozen, "b") == (RESERVE, "a", "police")
    assert _one(frozen, "d") == (ORDER, "c", "")
    assert [each.decided_by for each in decisions(frozen, run(frozen))] == ["police", "order"]


def test_a_seat_kept_empty_decides_even_where_nobody_was_placed() -> None:
    """All seats are for a group that nobody is in."""
    garden = Programme("D1", "", "main", 1, ("a", "b"), reserves=(SeatReserve("police", (), 1, unused="keep"),))
    frozen = market([garden], {"a": ["D1"], "b": ["D1"]})
    assert _one(frozen, "a") == _one(frozen, "b") == (KEPT, "", "police")


def test_a_transfer_that_keeps_its_seat_decides() -> None:
    """Who wished to leave and could not keeps the only seat there."""
    there = Programme("D2", "", "main", 1, ("h", "a"), holders=("h",))
    dearer = Programme("D1", "", "main", 0, ("h",))
    frozen = market([dearer, there], {"a": ["D2"], "h": ["D1", "D2"]})
    assert _one(frozen, "a") == (HELD, "h", "")
    assert _one(frozen, "h") == (NO_SEATS, "", "")


def test_a_wish_of_those_who_go_together_is_given_up_together() -> None:
    """One of two could have had D1: both get D2, and the wish of the other was not refused by the order."""
    frozen = market(
        [Programme("D1", "", "main", 1, ("a", "b")), Programme("D2", "", "main", 2, ("a", "b"))],
        {"a": ["D1", "D2"], "b": ["D1", "D2"]},
        bundles=(("a", "b"),),
    )
    assert _one(frozen, "a")[0] == _one(frozen, "b")[0] == TOGETHER


def test_whoever_stands_at_the_worse_of_two_who_go_together_is_refused_for_that() -> None:
    """By the keys 1 is first; with 3, who is last, the bundle stands behind 2, who gets the seat."""
    queues = queues_of([Child(1, 8), Child(2, 9), Child(3, 10)])
    garden = Programme("p", "", "main", 1, ("2", "1", "3"))
    frozen = market([garden], {name: ["p"] for name in "123"}, bundles=(("1", "3"),))
    found = {each.application: (each.cause, each.step) for each in decisions(frozen, run(frozen), queues)}
    assert found == {"1": (TOGETHER, ""), "3": (ORDER, "submitted")}


def test_a_reserve_of_the_queue_is_told_where_it_puts_a_worse_key_before() -> None:
    """Every second place is for big families, so that 4 stands before 2, though it was filed later."""
    queues = queues_of([Child(1, 8), Child(2, 9), Child(3, 10), Child(4, 11, papers=("large_family",))], _BY_TIME)
    order = tuple(queues["p"].applications())
    assert order == ("4", "1", "2", "3")
    frozen = market([Programme("p", "", "main", 1, order)], {name: ["p"] for name in "1234"})
    assert {each.decided_by for each in decisions(frozen, run(frozen), queues)} == {"big_families"}


def test_a_place_in_an_earlier_pass_ends_the_search() -> None:
    """The dearer wish is D2, whose places were given after D1 was got."""
    frozen = market(
        [Programme("D1", "", "1", 1, ("a",)), Programme("D2", "", "2", 1, ("a",))],
        {"a": ["D2", "D1"]},
        stages=("1", "2"),
    )
    assert _one(frozen, "a") == (EARLIER, "", "")


def test_whoever_holds_a_place_gets_no_temporary_one() -> None:
    """The temporary place is wished for more, and is only for those who have none."""
    frozen = market(
        [
            Programme("D1", "", "1", 1, ("a",), holders=("a",)),
            Programme("T", "", "2", 1, ("a",), interim="temporary"),
        ],
        {"a": ["T", "D1"]},
        stages=("1", "2"),
    )
    assert _one(frozen, "a") == (EARLIER, "", "")


@pytest.mark.parametrize("seed", range(20))
def test_the_step_that_decides_is_the_first_at_which_the_two_differ(seed: int) -> None:
    """Found for all at once by columns, it is the one that comparing what the two have step by step finds."""
    luck = Random(seed)  # noqa: S311 - drawn, not secret
    children = [
        Child(
            number,
            luck.choice((8, 9, None)),
            tuple(name for name in ("judge_child", "large_family") if luck.random() < 0.3),
            tuple(name for name in "pq" if luck.random() < 0.4),
            tuple(luck.sample("pq", luck.randint(1, 2))),
        )
        for number in range(1, 16)
    ]
    queues = queues_of(children)
    frozen = frozen_of(queues, {"p": 3, "q": 4}, {})
    outcome = run(frozen)
    found = list(decisions(frozen, outcome, queues))
    for each in found:
        queue = queues[each.programme]
        own, theirs = (standing(queue, name).own for name in (each.application, each.against))
        keys = [
            (mine.step, (mine.group, mine.value), (other.group, other.value))
            for mine, other in zip(own, theirs, strict=True)
        ]
        assert each.step == next(step for step, mine, other in keys if mine != other)
        assert each.against == queue.at(outcome.cutoffs[each.programme].position)
    assert found


def test_equals_without_room_for_all_are_refused_together() -> None:
    """Two are alike and one seat is there: neither gets it, nor whoever stands behind them."""
    garden = Programme("D1", "", "main", 1, ("a", "b", "c"), ties="underfill", tiers=(("a", "b"), ("c",)))
    frozen = market([garden], {name: ["D1"] for name in "abc"})
    assert {each.cause for each in decisions(frozen, run(frozen))} == {EQUALS}


@pytest.mark.parametrize("seed", range(150))
def test_what_is_said_to_have_refused_a_wish_is_true_of_the_round(seed: int) -> None:
    """Each cause claims something that can be looked at in what came out, whatever a round has."""
    frozen = drawn_round(seed)
    outcome = run(frozen)
    for each in decisions(frozen, outcome):
        programme, cutoff = frozen.programme[each.programme], outcome.cutoffs[each.programme]
        there = [name for name in outcome.at(each.programme) if outcome.placed[name].seat != OTHERS]
        before = [name for name in there if programme.position[name] < each.position]
        assert each.application not in there
        assert each.against == (max(before, key=programme.position.__getitem__) if before else "")
        reserve = next((one for one in programme.reserves if one.reserve == each.reserve), None)
        claims = {
            ORDER: before == there,
            HELD: set(there) <= set(programme.holders),
            NO_SEATS: cutoff.seats == 0,
            EQUALS: programme.ties == "underfill" and cutoff.free > cutoff.kept,
            KEPT: cutoff.kept > 0 and reserve is not None and each.application not in reserve.entitled,
            RESERVE: reserve is not None
            and cutoff.last in reserve.entitled
            and each.application not in reserve.entitled,
            TOGETHER: each.programme in outcome.struck.get(each.application, ()),
            EARLIER: _went_before(frozen, outcome, each.application, programme),
        }
        assert claims[each.cause], each


def _went_before(frozen: Frozen, outcome: Outcome, application: str, programme: Programme) -> bool:
    """Return whether somebody took no part in the pass of a programme any more."""
    got = outcome.placed.get(application)
    if got is None or got.seat == OTHERS:
        return False
    return bool(programme.interim) or frozen.stages.index(got.stage) < frozen.stages.index(programme.stage)
