from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from queue_engine.example.draws import CERTAIN, Draws, bits_at, key_of

REFERENCE = [
    6457827717110365317,
    3203168211198807973,
    9817491932198370423,
    4593380528125082431,
    16408922859458223821,
]


def test_bits_are_those_of_the_published_generator() -> None:
    """The first five outputs for the seed 1234567 are the reference ones."""
    assert bits_at(1234567, np.arange(5)).tolist() == REFERENCE


def test_bits_wrap_around_at_the_largest_seed() -> None:
    """The largest seed overflows on purpose and silently."""
    assert bits_at(2**64 - 1, np.arange(1)).tolist() == [16490336266968443936]


@given(st.integers(), st.integers(1, 2**31 - 1), st.integers(0, 10**12))
def test_a_drawn_number_is_below_its_bound(seed: int, bound: int, row: int) -> None:
    """Whatever the seed, the bound and the row."""
    drawn = Draws(key_of(seed % 2**64, "t"), np.array([row])).below("field", bound)
    assert 0 <= drawn[0] < bound


@given(st.integers(0, 2**64 - 1), st.lists(st.integers(0, 500), min_size=1, unique=True))
def test_a_row_does_not_depend_on_the_other_rows(seed: int, rows: list[int]) -> None:
    """Drawing for some rows gives what drawing for all of them gives there."""
    draws = Draws.of_rows(seed, "t", 501)
    assert draws.at(np.array(rows)).below("field", 1_000).tolist() == draws.below("field", 1_000)[rows].tolist()


def test_fields_seeds_and_names_are_independent() -> None:
    """Another field, seed or name gives other numbers."""
    drawn = [
        Draws.of_rows(seed, name, 8).below(field, 10**6).tolist()
        for seed, name, field in ((1, "a", "x"), (2, "a", "x"), (1, "b", "x"), (1, "a", "y"), (1, "ax", ""))
    ]
    assert len({tuple(numbers) for numbers in drawn}) == 5


def test_every_value_between_the_ends_is_drawn_about_as_often() -> None:
    """Both ends are included, and none of five values is drawn more than a tenth too often."""
    drawn = Draws.of_rows(7, "t", 10_000).between("field", 3, 7)
    counts = np.bincount(drawn, minlength=8)
    assert counts[:3].tolist() == [0, 0, 0]
    assert all(1_800 < count < 2_200 for count in counts[3:].tolist())


def test_each_row_may_have_its_own_ends() -> None:
    """Bounds given as arrays hold row by row."""
    first, last = np.array([0, 10, 20]), np.array([0, 19, 20])
    drawn = Draws.of_rows(3, "t", 3).between("field", first, last)
    assert drawn[0] == 0
    assert 10 <= drawn[1] <= 19
    assert drawn[2] == 20


def test_a_weight_of_nothing_is_never_drawn() -> None:
    """Indices come as often as their weights say."""
    counts = np.bincount(Draws.of_rows(5, "t", 10_000).weighted("field", (30, 0, 70)), minlength=3)
    assert counts[1] == 0
    assert 2_800 < counts[0] < 3_200


def test_a_chance_is_certain_at_ten_thousand_and_impossible_at_nothing() -> None:
    """The two ends of a chance."""
    draws = Draws.of_rows(5, "t", 1_000)
    assert draws.chance("field", CERTAIN).all()
    assert not draws.chance("field", 0).any()
