"""The check over arrays finds what the check by names finds, and whatever is changed in a stable matching."""

from __future__ import annotations

from random import Random

import attrs
import numpy as np
import numpy.typing as npt
import pytest

from queue_engine.allocation.array_check import NOBODY, Fault, check_arrays
from queue_engine.allocation.arrays import NO_SEAT, Wishes, match_one_by_one
from queue_engine.allocation.market import Market, Matching, Programme
from queue_engine.allocation.packed_order import Keys, Ranks
from queue_engine.allocation.stability import check_matching


@attrs.frozen(eq=False)
class Case:
    """A market as arrays, with its stable matching."""

    wishes: Wishes
    keys: Keys
    capacities: npt.NDArray[np.int64]
    stable: list[int]

    def found(self, seats: list[int]) -> list[Fault]:
        """Return what is found wrong with seats."""
        return check_arrays(self.wishes, self.keys, self.capacities, np.array(seats, np.int64))

    def ranks(self) -> Ranks:
        """Return the same priorities as ready ranks."""
        programmes = self.wishes.programme.tolist()
        rows = range(len(programmes))
        asking = {one: sorted((row for row in rows if programmes[row] == one), key=self.keys.key) for one in programmes}
        return Ranks(np.array([asking[programmes[row]].index(row) for row in rows], np.int64))

    def lists(self) -> list[list[int]]:
        """Return who wishes what."""
        return [part.tolist() for part in np.split(self.wishes.programme, self.wishes.starts[1:-1])][: len(self.wishes)]

    def found_by_names(self, seats: list[int]) -> list[Fault]:
        """Return what the check by names says, in numbers; that who is not accepted is placed is told by P2 too."""
        lists = self.lists()
        rows = [(who, wish) for who, wishes in enumerate(lists) for wish in wishes]
        order: dict[int, list[tuple[tuple[int, ...], int]]] = {place: [] for place in range(len(self.capacities))}
        for row, (who, wish) in enumerate(rows):
            order[wish].append((self.keys.key(row), who))
        programmes = [
            Programme(str(place), int(self.capacities[place]), tuple(str(who) for _, who in sorted(asking)))
            for place, asking in order.items()
        ]
        market = Market.of(programmes, {str(who): map(str, wishes) for who, wishes in enumerate(lists)})
        matching = Matching({str(who): None if seat == NO_SEAT else str(seat) for who, seat in enumerate(seats)})
        return sorted(
            Fault(each.property, *(int(name or NOBODY) for name in (each.programme, each.applicant, each.other)))
            for each in check_matching(market, matching)
            if each.property != "P3"
        )


def case(lists: list[list[int]], columns: list[list[int]], capacities: list[int]) -> Case:
    """Return a market of preference lists; the columns have one code a wish."""
    wishes = Wishes(np.cumsum([0, *map(len, lists)]), np.array([wish for row in lists for wish in row], np.int32))
    keys = Keys([np.array(column, np.uint32) for column in columns], [max(column, default=0) for column in columns])
    seats = np.array(capacities, np.int64)
    return Case(wishes, keys, seats, match_one_by_one(wishes, keys, seats).tolist())


def drawn(number: int) -> Case:
    """Draw a market of up to nine applicants and four programmes, with keys that often tie in the first columns."""
    luck = Random(number)  # noqa: S311 - the same markets in every run
    places = luck.randint(1, 4)
    lists = [luck.sample(range(places), luck.randint(0, places)) for _ in range(luck.randint(0, 9))]
    owners = [who for who, wishes in enumerate(lists) for _ in wishes]
    numbers = luck.sample(range(len(lists)), len(lists))
    first, second = ([luck.randint(0, 2) for _ in owners] for _ in range(2))
    return case(
        lists, [first, second, [numbers[who] for who in owners]], [luck.choice((0, 1, 1, 2, 3)) for _ in range(places)]
    )


@pytest.mark.parametrize("seed", range(0, 200, 20))
def test_every_single_seat_that_is_changed_is_found(seed: int) -> None:
    """In a stable matching nobody can be placed elsewhere alone: every change is a fault, and the one it has to be."""
    for number in range(seed, seed + 20):
        market = drawn(number)
        assert market.found(market.stable) == market.found_by_names(market.stable) == []
        for who, right in enumerate(market.stable):
            for seat in {*range(NO_SEAT - 1, len(market.capacities) + 1)} - {right}:
                seats = [*market.stable[:who], seat, *market.stable[who + 1 :]]
                found = market.found(seats)
                assert found
                assert found == market.found_by_names(seats), f"market {number}"
                assert found == check_arrays(market.wishes, market.ranks(), market.capacities, np.array(seats))


@pytest.mark.parametrize("seed", range(0, 1_000, 100))
def test_seats_given_at_random_are_judged_as_by_names(seed: int) -> None:
    """Any seats, those of others, and those of people who changed places: the same faults in the same order."""
    for number in range(seed, seed + 100):
        market, luck = drawn(number), Random(f"seats/{number}")  # noqa: S311 - the same seats in every run
        anywhere = [luck.choice((NO_SEAT, *wishes)) for wishes in market.lists()]
        others = luck.sample(market.stable, len(market.stable))
        for seats in (anywhere, others):
            assert market.found(seats) == market.found_by_names(seats), f"market {number}"


FULL = case([[0, 1], [0, 1], [0], [1]], [[0, 0, 1, 1, 2, 2]], [1, 2])
"""Programmes of one seat and two, and four applicants in the order of their numbers at both."""


@pytest.mark.parametrize(
    ("seats", "faults"),
    [
        ([0, 1, -1, 1], []),
        ([5, 1, -1, 1], [Fault("P1", 5, 0)]),
        ([-2, 1, -1, 1], [Fault("P1", -2, 0)]),
        ([0, 1, 1, -1], [Fault("P2", 1, 2)]),
        ([0, 1, 0, 1], [Fault("P4", 0)]),
        ([0, 1, -1, -1], [Fault("P7", 1, 3)]),
        ([1, 1, -1, -1], [Fault("P7", 0, 0), Fault("P7", 0, 1), Fault("P7", 0, 2)]),
        ([1, 1, 0, -1], [Fault("P8", 0, 0, 2), Fault("P8", 0, 1, 2)]),
        ([1, 0, -1, 1], [Fault("P8", 0, 0, 1)]),
        ([0, -1, -1, 1], [Fault("P7", 1, 1)]),
    ],
)
def test_what_is_wrong_is_told_by_property_place_and_person(seats: list[int], faults: list[Fault]) -> None:
    """Each corruption is named as what it is."""
    assert FULL.found(seats) == FULL.found_by_names(seats) == faults


@pytest.mark.parametrize(
    ("lists", "capacities"), [([], []), ([], [3]), ([[], []], [3]), ([[0], [0]], [0]), ([[1], [1]], [9, 9, 9])]
)
def test_a_market_may_be_empty_in_parts(lists: list[list[int]], capacities: list[int]) -> None:
    """No applicants, no wishes, no seats and programmes that nobody wishes for have nothing wrong with them."""
    market = case(lists, [[who for who, wishes in enumerate(lists) for _ in wishes]], capacities)
    assert market.found(market.stable) == []


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.uint32, np.int64, np.uint64])
def test_any_kind_of_integer_will_do(kind: type[np.integer]) -> None:
    """The width and the sign of what is given change nothing, nor does a code that needs all 64 bits."""
    wishes = Wishes(np.array([0, 2, 4], kind), np.array([0, 1, 0, 1], kind))
    most = int(np.iinfo(kind).max)
    keys = Keys([np.array([most, 0, most - 1, most], kind)], [most])
    capacities, seats = np.array([1, 1], kind), np.array([1, 0], kind)
    assert check_arrays(wishes, keys, capacities, seats) == []
    assert check_arrays(wishes, keys, capacities, seats[::-1]) == [Fault("P8", 0, 1, 0)]


@pytest.mark.parametrize(
    ("programme", "priorities", "seats", "message"),
    [
        ([0, 0], Ranks(np.array([0, 1])), [0], "1 seats for 2 applicants"),
        ([0, 0], Ranks(np.array([0])), [0, -1], "column 0: 1 values for 2 wishes"),
        ([0, 0], Keys([np.array([0, 0]), np.array([0])], [1, 1]), [0, -1], "column 1: 1 values for 2 wishes"),
        ([0, 1], Ranks(np.array([0, 0])), [0, -1], "outside 0 to 0; give each a capacity"),
        ([0, -1], Ranks(np.array([0, 0])), [0, -1], "outside 0 to 0; give each a capacity"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(
    programme: list[int], priorities: Keys | Ranks, seats: list[int], message: str
) -> None:
    """Where nothing could be said, nothing is."""
    wishes = Wishes(np.arange(3), np.array(programme))
    with pytest.raises(ValueError, match=message):
        check_arrays(wishes, priorities, np.array([1]), np.array(seats))
