"""Rounds end, have every property they must have, and are those of the definition."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from random import Random

import attrs
import pytest
from tests.queue_engine.rounds.drawn_rounds import Having, drawn_round

from queue_engine.rounds import (
    Applicant,
    CutOff,
    Frozen,
    Outcome,
    Placed,
    Programme,
    SeatReserve,
    check_round,
    freeze_digest,
    read_frozen,
    result_digest,
    run,
    write_round,
)
from queue_engine.verification import verify

ROUNDS = 400


def small(*programmes: Programme, wishes: Mapping[str, str], **more: object) -> Frozen:
    """Return a round of a few programmes; wishes are written as "D1 D2"."""
    people = tuple(Applicant(name, tuple(text.split())) for name, text in wishes.items())
    stages = tuple(dict.fromkeys(each.stage for each in programmes))
    return Frozen("spring", 20_600, "0" * 64, "0" * 64, stages, programmes, people, **more)  # type: ignore[arg-type]


def programme(name: str, seats: int, order: str, stage: str = "main", **more: object) -> Programme:
    """Return a programme; its order is written as "a b"."""
    return Programme(name, "", stage, seats, tuple(order.split()), **more)  # type: ignore[arg-type]


def told(outcome: Outcome) -> dict[str, str]:
    """Return who got what, on which seat."""
    return {name: f"{each.programme} {each.seat}" for name, each in outcome.placed.items()}


@pytest.mark.parametrize("block", range(8))
def test_every_round_has_every_property(block: int) -> None:
    """Rounds with reserves, transfers, bundles, flows, passes and further offers: nothing is found wrong."""
    for seed in range(block * ROUNDS // 8, (block + 1) * ROUNDS // 8):
        frozen = drawn_round(seed)
        assert check_round(frozen, run(frozen)) == [], seed


def test_wrong_rounds_are_found_and_told() -> None:
    """Moving one applicant of a round anywhere else is found, whoever it is and wherever they are put."""
    looked = 0
    for seed in range(60):
        frozen = drawn_round(seed)
        outcome = run(frozen)
        for name, wrong in _moved(frozen, outcome):
            looked += 1
            assert check_round(frozen, wrong), (seed, name)
    assert looked > 300


def _moved(frozen: Frozen, outcome: Outcome) -> list[tuple[str, Outcome]]:
    """Return the outcomes in which one applicant has another wish than they got, or none."""
    found = []
    for each in frozen.applicants:
        got = outcome.placed.get(each.application)
        for number, wish in enumerate((None, *each.wishes)):
            if (got is None and wish is None) or (got is not None and got.wish == number):
                continue
            placed = {name: other for name, other in outcome.placed.items() if name != each.application}
            if wish is not None:
                placed[each.application] = Placed(each.application, wish, number, frozen.programme[wish].stage)
            found.append((each.application, _counted(frozen, attrs.evolve(outcome, placed=placed))))
    return found


def _counted(frozen: Frozen, outcome: Outcome) -> Outcome:
    """Return an outcome whose cut-offs fit its places, as a forger would write them."""
    cutoffs: dict[str, CutOff] = {}
    for name, before in outcome.cutoffs.items():
        there = [each for each in outcome.placed.values() if each.programme == name]
        position = frozen.programme[name].position
        ranks = {position[each.application]: each.application for each in there if each.seat != "others"}
        last = max(ranks, default=0)
        cutoffs[name] = attrs.evolve(before, placed=len(there), last=ranks.get(last, ""), position=last)
    return attrs.evolve(outcome, cutoffs=cutoffs)


def test_a_round_is_the_same_however_its_rows_stand() -> None:
    """Programmes and applicants in another order give the same places and cut-offs."""
    for seed in range(100):
        frozen = drawn_round(seed)
        luck = Random(seed)  # noqa: S311 - drawn, not secret
        shuffled = attrs.evolve(
            frozen,
            applicants=tuple(luck.sample(frozen.applicants, len(frozen.applicants))),
            bundles=tuple(luck.sample(frozen.bundles, len(frozen.bundles))),
        )
        assert run(shuffled).placed == run(frozen).placed
        assert run(shuffled).cutoffs == run(frozen).cutoffs


def test_a_written_round_is_read_back_and_runs_the_same(tmp_path: Path) -> None:
    """Whoever has the file holds the same round, byte for byte."""
    for seed in range(40):
        frozen = drawn_round(seed)
        outcome = run(frozen)
        write_round(tmp_path / str(seed), frozen, outcome)
        read = read_frozen(tmp_path / str(seed) / "freeze.jsonl")
        assert read == frozen
        assert freeze_digest(read) == freeze_digest(frozen)
        assert result_digest(run(read), read) == result_digest(outcome, frozen)


def test_a_swap_of_places_needs_no_free_seat() -> None:
    """Two who hold each other's wish exchange places in one run (edge case 12)."""
    frozen = small(
        programme("X", 1, "a b", holders=("a",)),
        programme("Y", 1, "b a", holders=("b",)),
        wishes={"a": "Y X", "b": "X Y"},
    )
    assert told(run(frozen)) == {"a": "Y general", "b": "X general"}


def test_nobody_loses_a_place_when_a_chain_fails() -> None:
    """A transfer that is refused keeps the seat it has, and the next in the queue waits."""
    frozen = small(
        programme("X", 1, "a c", holders=("a",)),
        programme("Y", 1, "d a", holders=()),
        wishes={"a": "Y X", "c": "X", "d": "Y"},
    )
    outcome = run(frozen)
    assert told(outcome) == {"a": "X held", "d": "Y general"}


def test_those_who_go_together_take_the_next_wish_together() -> None:
    """One seat is not enough for twins: both pass to their next wish (edge case 19)."""
    frozen = small(
        programme("D1", 1, "a b c"),
        programme("D2", 2, "a b"),
        wishes={"a": "D1 D2", "b": "D1 D2", "c": "D1"},
        bundles=(("a", "b"),),
    )
    assert told(run(frozen)) == {"a": "D2 general", "b": "D2 general", "c": "D1 general"}


def test_seats_nobody_takes_flow_as_declared() -> None:
    """An empty quota seat goes to the general contest of the same pass, which is then run anew."""
    frozen = small(
        programme("quota", 2, "a", flows_to="rest"),
        programme("rest", 1, "b c d"),
        wishes={"a": "quota", "b": "rest", "c": "rest", "d": "rest"},
    )
    outcome = run(frozen)
    assert told(outcome) == {"a": "quota general", "b": "rest general", "c": "rest general"}
    assert (outcome.cutoffs["quota"].given_on, outcome.cutoffs["rest"].received, outcome.runs) == (1, 1, 2)


def test_who_is_placed_in_a_first_pass_takes_no_part_in_the_next() -> None:
    """Special quotas first, by priority, then the rest."""
    frozen = small(
        programme("quota", 1, "a", "1"), programme("rest", 1, "a b", "2"), wishes={"a": "rest quota", "b": "rest"}
    )
    assert told(run(frozen)) == {"a": "quota general", "b": "rest general"}


def test_a_temporary_place_goes_to_whoever_holds_none() -> None:
    """It is marked, and does not take the child from the queue."""
    frozen = small(
        programme("D1", 1, "a b", holders=("a",)),
        programme("T", 2, "b a", "temporary", interim="temporary", until=20_700),
        wishes={"a": "D1", "b": "D1 T"},
    )
    outcome = run(frozen)
    assert told(outcome) == {"a": "D1 held", "b": "T general"}
    assert outcome.placed["b"].interim


def test_kept_seats_stay_empty_and_are_counted() -> None:
    """Seats kept for a group are no waste when nobody of the group asks."""
    kept = SeatReserve("police", (), 1, "before_general", "keep")
    outcome = run(small(programme("D1", 2, "a b", reserves=(kept,)), wishes={"a": "D1", "b": "D1"}))
    assert told(outcome) == {"a": "D1 general"}
    assert outcome.cutoffs["D1"].kept == 1


def test_other_programmes_are_offered_to_whoever_agreed_and_got_nothing() -> None:
    """The nearest programme with a seat left; its own wishes came first."""
    people = (Applicant("a", ("D1",), ("D3", "D2")), Applicant("b", ("D1",), ("D2",)))
    gardens = (
        programme("D1", 1, "b a", others=()),
        programme("D2", 1, "", others=("a", "b")),
        programme("D3", 0, "", others=("a",)),
    )
    frozen = Frozen("spring", 20_600, "0" * 64, "0" * 64, ("main",), gardens, people)
    outcome = run(frozen)
    assert told(outcome) == {"b": "D1 general", "a": "D2 others"}
    assert outcome.placed["a"].wish == 3


def test_the_verifier_finds_nothing_in_rounds_that_were_held(tmp_path: Path) -> None:
    """A program written from the specification alone comes to the same places, seats and cut-offs."""
    for seed in range(150):
        frozen = drawn_round(seed)
        folder = tmp_path / str(seed)
        write_round(folder, frozen, run(frozen))
        assert not verify(folder), seed


def test_without_anything_special_a_round_is_deferred_acceptance() -> None:
    """The definition of the plain case, written out."""
    plain = Having(reserves=False, transfers=False, bundles=False, flows=False, passes=False, others=False, ties=False)
    for seed in range(200):
        frozen = drawn_round(seed, plain)
        free = [each.application for each in frozen.applicants]
        asked = dict.fromkeys(free, 0)
        held: dict[str, list[str]] = {each.programme: [] for each in frozen.programmes}
        while free:
            name = free.pop()
            if asked[name] < len(frozen.wishes[name]):
                wish = frozen.programme[frozen.wishes[name][asked[name]]]
                asked[name] += 1
                there = sorted([*held[wish.programme], name], key=wish.order.index)
                held[wish.programme] = there[: wish.seats]
                free += there[wish.seats :]
        found = {name: each.programme for name, each in run(frozen).placed.items()}
        assert found == {name: programme for programme, names in held.items() for name in names}
