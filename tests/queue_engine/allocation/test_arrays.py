"""The rounds over arrays give what the ten-line definition gives, on markets of every shape."""

from __future__ import annotations

from random import Random

import attrs
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_engine.allocation.arrays import NO_SEAT, Wishes, match_arrays, match_one_by_one
from queue_engine.allocation.packed_order import Keys, Ranks

LAST_FREE = [None, 0, 3, 10**9]
"""Rounds where they pay, rounds to the end, rounds and then one by one, one by one from the start."""
CODES_MOST, WIDE = 2**33 - 1, 2**40 - 1
"""Together wider than a word, so that numbers below 40 tie in the first one."""


@attrs.frozen(eq=False)
class Case:
    """A market as arrays."""

    wishes: Wishes
    keys: Keys
    capacities: npt.NDArray[np.int64]

    def seats(self, *, last_free: int | None = None) -> list[int]:
        """Return who gets what by the rounds."""
        return match_arrays(self.wishes, self.keys, self.capacities, last_free=last_free).tolist()

    def expected(self) -> list[int]:
        """Return who gets what by the definition."""
        return match_one_by_one(self.wishes, self.keys, self.capacities).tolist()

    def ranks(self) -> Ranks:
        """Return the same priorities as ready ranks, found by sorting tuples."""
        programmes = self.wishes.programme.tolist()
        ranks = np.zeros(len(programmes), np.int64)
        for programme in set(programmes):
            rows = [row for row, wished in enumerate(programmes) if wished == programme]
            for rank, row in enumerate(sorted(rows, key=self.keys.key)):
                ranks[row] = rank
        return Ranks(ranks)


def market(lists: list[list[int]], columns: list[list[int]], most: list[int], capacities: list[int]) -> Case:
    """Return a market of preference lists; the columns have one code a wish."""
    starts = np.cumsum([0, *map(len, lists)])
    programme = np.array([wish for wishes in lists for wish in wishes], np.int32)
    arrays = [np.array(column, np.uint64) for column in columns]
    return Case(Wishes(starts, programme), Keys(arrays, most), np.array(capacities, np.int64))


def drawn_market(luck: Random) -> Case:
    """Draw a market: few or many seats, popular programmes or none, keys that tie in their first words or never."""
    applicants, programmes = luck.randint(0, 40), luck.randint(1, 12)
    longest = luck.randint(0, programmes)
    popular = luck.random() < 0.4
    lists = []
    for _ in range(applicants):
        wishes = luck.sample(range(programmes), luck.randint(0, longest))
        if popular and wishes:
            wishes = [0, *(wish for wish in wishes if wish)]
        lists.append(wishes)
    numbers = luck.sample(range(WIDE + 1) if luck.random() < 0.5 else range(applicants), applicants)
    groups, codes = luck.choice([1, 2, 4]), luck.choice([1, 2, CODES_MOST + 1])
    rows = [(applicant, wish) for applicant, wishes in enumerate(lists) for wish in wishes]
    columns = [
        [luck.randrange(groups) for _ in rows],
        [luck.randrange(codes) for _ in rows],
        [numbers[applicant] for applicant, _ in rows],
    ]
    capacities = [luck.choice([0, 1, 1, 2, luck.randint(0, 50)]) for _ in range(programmes)]
    return market(lists, columns, [groups - 1, CODES_MOST, WIDE], capacities)


def compare(count: int, seed: int) -> None:
    """Match `count` drawn markets both ways, from keys and from ranks, and again with their applicants shuffled.

    Raises:
        AssertionError: some market comes out differently; names it by its seed.

    """
    for number in range(seed, seed + count):
        luck = Random(number)  # noqa: S311 - the same markets in every run
        case = drawn_market(luck)
        expected = case.expected()
        last_free = luck.choice(LAST_FREE)
        assert case.seats(last_free=last_free) == expected, f"market {number}, last_free {last_free}"
        ready = match_arrays(case.wishes, case.ranks(), case.capacities, last_free=last_free)
        assert ready.tolist() == expected, f"market {number}, ready ranks, last_free {last_free}"
        order = luck.sample(range(len(expected)), len(expected))
        assert permuted(case, order).seats() == [expected[applicant] for applicant in order], f"market {number}, order"


def permuted(case: Case, order: list[int]) -> Case:
    """Return the same market with its applicants in another order."""
    starts = case.wishes.starts.tolist()
    rows = np.array([row for who in order for row in range(starts[who], starts[who + 1])], np.int64)
    lengths = [starts[who + 1] - starts[who] for who in order]
    wishes = Wishes(np.cumsum([0, *lengths]), case.wishes.programme[rows])
    return Case(wishes, Keys([column[rows] for column in case.keys.columns], case.keys.most), case.capacities)


def chain(length: int) -> Case:
    """Return a market in which one newcomer moves everybody on by one programme, one after another.

    Applicant i holds programme i, but is behind whoever comes to it: the newcomer to the first, i - 1 to the others.
    """
    lists = [[i, i + 1] for i in range(length)] + [[0]]
    here = [code for _ in range(length) for code in (1, 0)] + [0]
    numbers = [i for i in range(length) for _ in range(2)] + [length]
    return market(lists, [here, numbers], [1, length], [1] * (length + 1))


def ring(size: int, *, closed: bool) -> Case:
    """Return transfers who each want the seat of the next, and two newcomers for a seat nobody has.

    Args:
        size: how many have a seat; it is their last wish, and they are ahead there.
        closed: whether the last of them wants the seat of the first, or keeps his own.

    """
    lists = [[i + 1, i] for i in range(size - 1)] + ([[0, size - 1]] if closed else [[size - 1]]) + [[0, size], [size]]
    here = [int(wish != who) for who, wishes in enumerate(lists) for wish in wishes]
    here[-1] = 1
    numbers = [who for who, wishes in enumerate(lists) for _ in wishes]
    return market(lists, [here, numbers], [1, len(lists)], [1] * (size + 1))


def test_two_thousand_drawn_markets_match_alike() -> None:
    """Rounds, the walk one by one and both together agree with the definition, whoever comes first in the file."""
    compare(2_000, seed=1)


@st.composite
def _markets(draw: st.DrawFn) -> Case:
    """Draw small markets that shrink."""
    programmes = draw(st.integers(1, 5))
    one = st.lists(st.integers(0, programmes - 1), unique=True, max_size=programmes)
    lists = draw(st.lists(one, max_size=8))
    wishes = sum(map(len, lists))
    group = draw(st.lists(st.integers(0, 2), min_size=wishes, max_size=wishes))
    numbers = draw(st.permutations(range(len(lists))))
    own = [numbers[applicant] for applicant, wished in enumerate(lists) for _ in wished]
    capacities = draw(st.lists(st.integers(0, 4), min_size=programmes, max_size=programmes))
    return market(lists, [group, own], [2, max(len(lists), 1)], capacities)


@given(_markets(), st.sampled_from(LAST_FREE))
def test_a_market_matches_as_by_the_definition(case: Case, last_free: int | None) -> None:
    """No small market can be found on which rounds and definition differ."""
    assert case.seats(last_free=last_free) == case.expected()


@given(_markets())
def test_nobody_envies_with_reason_and_no_seat_is_wasted(case: Case) -> None:
    """A programme somebody likes better than what he has is full, of people who are ahead of him there."""
    seats = case.seats()
    worst: dict[int, tuple[int, ...]] = {}
    starts, programmes = case.wishes.starts.tolist(), case.wishes.programme.tolist()
    rows = [(who, row) for who in range(len(seats)) for row in range(starts[who], starts[who + 1])]
    for who, row in rows:
        if seats[who] == programmes[row]:
            worst[seats[who]] = max(worst.get(seats[who], ()), case.keys.key(row))
    for programme, capacity in enumerate(case.capacities.tolist()):
        assert seats.count(programme) <= capacity
    for who in range(len(seats)):
        for row in range(starts[who], starts[who + 1]):
            if programmes[row] == seats[who]:
                break
            assert seats.count(programmes[row]) == case.capacities[programmes[row]]
            assert worst.get(programmes[row], ()) < case.keys.key(row)
        else:
            assert seats[who] == NO_SEAT


@pytest.mark.parametrize("last_free", LAST_FREE)
def test_a_long_chain_of_refusals_ends_where_the_definition_ends(last_free: int | None) -> None:
    """One proposal moves 300 applicants, one after another."""
    case = chain(300)
    seats = case.seats(last_free=last_free)
    assert seats == [*range(1, 301), 0]
    assert seats == case.expected()


@pytest.mark.parametrize("last_free", LAST_FREE)
def test_everybody_wants_the_same_programme(last_free: int | None) -> None:
    """The seats go to those ahead, and the second wish takes who is left as far as it can."""
    numbers = [i * 7 % 100 for i in range(100)]
    twice = [number for number in numbers for _ in range(2)]
    case = market([[1, 0]] * 100, [twice], [99], [5, 30])
    expected = [1 if number < 30 else 0 if number < 35 else NO_SEAT for number in numbers]
    assert case.seats(last_free=last_free) == expected == case.expected()


@pytest.mark.parametrize("last_free", LAST_FREE)
@pytest.mark.parametrize(
    ("lists", "capacities", "expected"),
    [
        ([], [3], []),
        ([], [], []),
        ([[], []], [3], [NO_SEAT, NO_SEAT]),
        ([[0], [0]], [0], [NO_SEAT, NO_SEAT]),
        ([[1], [1]], [9, 9, 9], [1, 1]),
        ([[0, 1], [0, 1]], [0, 1], [1, NO_SEAT]),
    ],
)
def test_a_market_may_be_empty_in_parts(
    lists: list[list[int]], capacities: list[int], expected: list[int], last_free: int | None
) -> None:
    """No applicants, no wishes, no seats and programmes that nobody wishes for are all markets."""
    own = [who for who, wished in enumerate(lists) for _ in wished]
    assert market(lists, [own], [9], capacities).seats(last_free=last_free) == expected


def test_transfers_free_their_seats_in_the_same_run() -> None:
    """In a ring of a hundred each gets the seat of the next, though newcomers want one of them too."""
    assert ring(100, closed=True).seats() == [*range(1, 100), 0, 100, NO_SEAT]


def test_a_transfer_never_loses_the_seat_it_has() -> None:
    """When the last one stays, everybody behind him stays, and a newcomer who is wanted nowhere gets none of theirs."""
    assert ring(100, closed=False).seats() == [*range(100), 100, NO_SEAT]


def test_a_table_of_wishes_may_have_empty_cells() -> None:
    """Cells below zero are no wishes, wherever they stand."""
    wishes = Wishes.of_table(np.array([[2, -1], [-1, -1], [-1, 0]]))
    assert (wishes.starts.tolist(), wishes.programme.tolist()) == ([0, 1, 1, 2], [2, 0])


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.uint32, np.int64, np.uint64])
def test_any_kind_of_integer_will_do(kind: type[np.integer]) -> None:
    """The width and the sign of what is given change nothing."""
    wishes = Wishes(np.array([0, 2, 4], kind), np.array([0, 1, 0, 1], kind))
    capacities = np.array([1, 1], kind)
    ranks = Ranks(np.array([1, 0, 0, 1], kind))
    assert match_arrays(wishes, ranks, capacities).tolist() == [1, 0]
    assert match_arrays(wishes, Keys([ranks.ranks], [1]), capacities).tolist() == [1, 0]


@given(st.data())
def test_key_columns_order_rows_as_tuples_do(data: st.DataObject) -> None:
    """However wide the columns, the packed order is the order of tuples, programme after programme."""
    most = data.draw(st.lists(st.sampled_from([0, 1, 255, 2**31, 2**33 - 1, 2**63, 2**64 - 1]), max_size=5))
    programmes = data.draw(st.sampled_from([1, 2, 20_000]))
    cells = [st.sampled_from([0, 1, code // 2, code - 1, code]).map(lambda x, m=code: x % (m + 1)) for code in most]
    rows = data.draw(st.lists(st.tuples(st.integers(0, programmes - 1), *cells), unique=True, max_size=12))
    columns = [np.array([row[index + 1] for row in rows], np.uint64) for index in range(len(most))]
    order = Keys(columns, most).rows_in_order(np.array([row[0] for row in rows], np.int64), programmes)
    assert [rows[row] for row in order.tolist()] == sorted(rows)


@pytest.mark.parametrize(
    ("programme", "priorities", "capacities", "message"),
    [
        ([0, 0], Keys([np.array([1, 1])], [1]), [1], "rows 0 and 1 wish for one programme and have the same key"),
        ([0, 0], Keys([np.zeros(2, np.uint64)] * 2, [0, 2**64 - 1]), [1], "have the same key; add a last column"),
        ([0, 0], Keys([np.array([1, 2])], [1]), [1], "column 0 has codes outside 0 to 1"),
        ([0, 0], Keys([np.array([1])], [1]), [1], "column 0: 1 values for 2 wishes"),
        ([0, 0], Ranks(np.array([0, 0])), [1], "1 ranks are given twice"),
        ([0, 1], Ranks(np.array([0, 1])), [1, 1], "row 1 has rank 1 at a programme that fewer wish for"),
        ([0, 1], Ranks(np.array([-1, 0])), [1, 1], "row 0 has rank -1"),
        ([0, 1], Ranks(np.array([0])), [1, 1], "ranks: 1 values for 2 wishes"),
        ([0, 2], Ranks(np.array([0, 0])), [1, 1], "outside 0 to 1; give each a capacity"),
        ([0, -1], Ranks(np.array([0, 0])), [1, 1], "outside 0 to 1; give each a capacity"),
        ([0, 1], Ranks(np.array([0, 0])), [1, -4], "programme 1 has -4 seats"),
    ],
)
def test_what_would_match_wrongly_is_refused(
    programme: list[int], priorities: Keys | Ranks, capacities: list[int], message: str
) -> None:
    """Priorities that are not strict, codes that do not fit and names of nothing are refused, not matched somehow."""
    wishes = Wishes(np.arange(len(programme) + 1), np.array(programme))
    with pytest.raises(ValueError, match=message):
        match_arrays(wishes, priorities, np.array(capacities))


@pytest.mark.parametrize("starts", [[], [0], [0, 1], [0, 3], [1, 2], [0, 2, 1, 2]])
def test_wishes_that_belong_to_nobody_are_refused(starts: list[int]) -> None:
    """The starts rise from the first row to the last."""
    with pytest.raises(ValueError, match="starts must rise from 0 to 2"):
        Wishes(np.array(starts, np.int64), np.array([0, 0]))
