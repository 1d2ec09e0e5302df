"""Markets at the ends of what there is: nobody, one, no seat, two hundred wishes, equal keys, a hundred thousand."""

from __future__ import annotations

import numpy as np
import pytest
from tests.trials.fast_path import as_arrays

from queue_engine.allocation.array_check import Fault, check_arrays
from queue_engine.allocation.arrays import NO_SEAT, Wishes, match_arrays, match_one_by_one
from queue_engine.allocation.market import Market, Programme
from queue_engine.allocation.mechanisms import MECHANISMS, PROGRAMME_PROPOSING, Mechanism, allocate
from queue_engine.allocation.packed_order import Keys

EVERY = pytest.mark.parametrize(
    "mechanism", [*MECHANISMS.values(), PROGRAMME_PROPOSING], ids=[*MECHANISMS, "programmes"]
)


def in_arrays(market: Market) -> list[str | None]:
    """Return the matching of arrays, checked, in names."""
    wishes, keys, ranks, capacities = as_arrays(market)
    seats = match_arrays(wishes, keys, capacities)
    assert check_arrays(wishes, keys, capacities, seats) == check_arrays(wishes, ranks, capacities, seats) == []
    return [None if seat == NO_SEAT else [*market.programmes][seat] for seat in seats.tolist()]


@EVERY
@pytest.mark.parametrize(
    ("programmes", "wishes", "placed"),
    [
        ({}, {}, []),
        ({"D": (3, "")}, {}, []),
        ({}, {"a": ""}, [None]),
        ({"D": (1, "a")}, {"a": "D"}, ["D"]),
        ({"D": (1, "a")}, {"a": ""}, [None]),
        ({"D": (0, "a")}, {"a": "D"}, [None]),
        ({"D": (1, "")}, {"a": "D"}, [None]),
        ({"D": (2, "cab")}, {"a": "D", "b": "D", "c": "D"}, ["D", None, "D"]),
        ({"D": (9, "cab")}, {"a": "D", "b": "D", "c": "D"}, ["D", "D", "D"]),
        ({"D": (0, "ab"), "E": (1, "ab")}, {"a": "D", "b": "DE"}, [None, "E"]),
    ],
)
def test_hardly_anybody_and_hardly_anything(
    mechanism: Mechanism, programmes: dict[str, tuple[int, str]], wishes: dict[str, str], placed: list[str | None]
) -> None:
    """Nobody, one applicant, one programme, no seats, none accepted: every mechanism gives the only answer there is."""
    offered = [Programme(name, capacity, tuple(order)) for name, (capacity, order) in programmes.items()]
    market = Market.of(offered, wishes)
    assert list(allocate(market, mechanism).placed.values()) == in_arrays(market) == placed


@EVERY
def test_two_hundred_wishes(mechanism: Mechanism) -> None:
    """All wish for the same two hundred programmes in one order, and stand in one order: the k-th has the k-th."""
    people, names = [f"i{k:03}" for k in range(201)], [f"D{k:03}" for k in range(200)]
    market = Market.of([Programme(name, 1, tuple(people)) for name in names], dict.fromkeys(people, names))
    assert list(allocate(market, mechanism).placed.values()) == in_arrays(market) == [*names, None]


@EVERY
def test_names_of_five_hundred_characters(mechanism: Mechanism) -> None:
    """Long names that differ in the last character only are different names, in the matching and in what is wrong."""
    one, other = "я" * 499 + "а", "я" * 499 + "б"
    place, elsewhere = "Д" * 499 + "1", "Д" * 499 + "2"
    market = Market.of(
        [Programme(place, 1, (other, one)), Programme(elsewhere, 1, (other, one))],
        {one: [place, elsewhere], other: [place]},
    )
    assert allocate(market, mechanism).placed == {one: elsewhere, other: place}


def hundred_thousand(*, tied: bool) -> tuple[Wishes, Keys, np.ndarray]:
    """Return 100,000 applicants, each wishing five of 900 programmes; tied = keys agree in all but the number."""
    luck = np.random.default_rng(7)
    first = luck.integers(0, 900, 100_000)
    steps = luck.integers(1, 180, (100_000, 4)).cumsum(axis=1)
    wishes = Wishes.of_table(np.column_stack([first, (first[:, None] + steps) % 900]))
    right = np.zeros(500_000, np.int64) if tied else luck.integers(0, 3, 500_000)
    filed = np.repeat(np.zeros(100_000, np.int64) if tied else luck.integers(0, 86_400, 100_000), 5)
    return (
        wishes,
        Keys([right, filed, np.repeat(luck.permutation(100_000), 5)], [2, 86_399, 99_999]),
        np.arange(900) % 200,
    )


@pytest.mark.parametrize("tied", [False, True])
def test_a_hundred_thousand_are_matched_and_checked(*, tied: bool) -> None:
    """The rounds agree with proposals one by one, pass the check, and two who change places do not."""
    wishes, keys, capacities = hundred_thousand(tied=tied)
    seats = match_arrays(wishes, keys, capacities)
    assert check_arrays(wishes, keys, capacities, seats) == []
    placed = np.bincount(seats[seats != NO_SEAT], minlength=900)
    assert int(placed.sum()) > 80_000
    assert (placed <= capacities).all()
    assert seats.tolist() == match_one_by_one(wishes, keys, capacities).tolist()
    worse = int(np.flatnonzero(seats == NO_SEAT)[0])
    wished = int(wishes.programme[5 * worse])
    someone = int(np.flatnonzero(seats == wished)[0]) if capacities[wished] else worse
    seats[[worse, someone]] = wished, NO_SEAT
    faults = check_arrays(wishes, keys, capacities, seats)
    assert someone == worse or Fault("P8", wished, someone, worse) in faults


def test_where_all_keys_agree_but_the_number_it_is_a_dictatorship() -> None:
    """The lowest number takes the dearest wish, the next the dearest that is left."""
    wishes, keys, capacities = hundred_thousand(tied=True)
    free, seats = capacities.tolist(), {}
    lists = wishes.programme.reshape(-1, 5).tolist()
    for who in np.argsort(keys.columns[2][::5]).tolist():
        seats[who] = next((wish for wish in lists[who] if free[wish]), NO_SEAT)
        if seats[who] != NO_SEAT:
            free[seats[who]] -= 1
    assert match_arrays(wishes, keys, capacities).tolist() == [seats[who] for who in range(100_000)]
