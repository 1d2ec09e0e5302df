"""Reserves that move places: one in N, and shares held at every position."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.queue_engine.small_town import papers, queues, reserve, rules, town

from queue_engine.reserves import share_order

ORPHANS = "confirmed(category.orphan)"


def _order(count: int, entitled: str, kind: str, amount: int) -> str:
    tables = town(count, papers(*(f"{one} orphan" for one in entitled)))
    return "".join(queues(tables, rules(reserves=[reserve(kind, amount, ORPHANS)]))["p"])


@pytest.mark.parametrize(
    ("entitled", "every", "expected"),
    [
        ("", 4, "123456789"),
        ("123456789", 4, "123456789"),
        ("89", 4, "812394567"),
        ("789", 2, "718293456"),
        ("12", 3, "134256789"),
        ("5", 9, "512346789"),
    ],
)
def test_the_kth_entitled_stands_at_place_n_times_k_less_one_plus_one(entitled: str, every: int, expected: str) -> None:
    """Every N-th place from the first is an entitled applicant's while some are left; the others fill the rest."""
    assert _order(9, entitled, "one_in", every) == expected


@pytest.mark.parametrize(
    ("entitled", "percent", "expected"),
    [
        ("9", 0, "123456789"),
        ("89", 20, "812349567"),
        ("789", 100, "789123456"),
        ("6789", 50, "617283945"),
        ("19", 20, "123459678"),
    ],
)
def test_a_share_is_held_at_every_position(entitled: str, percent: int, expected: str) -> None:
    """A place goes to the entitled only when the share falls short there."""
    assert _order(9, entitled, "share", percent) == expected


def test_a_reserve_is_what_decides_where_it_goes_against_the_keys() -> None:
    """The place an entitled applicant took ahead of a better key is decided by the reserve; others by their step."""
    tables = town(4, papers("4 orphan"))
    queue = queues(tables, rules(reserves=[reserve("one_in", 2, ORPHANS, "orphans_first")]))["p"]
    assert ("".join(queue), queue.decided_by()) == ("4123", ["", "orphans_first", "number", "number"])


def test_of_two_shares_the_one_that_parts_the_neighbours_decides() -> None:
    """The reserve named is one that the place ahead has and the place behind has not."""
    shares = [
        reserve("share", 40, "confirmed(category.large_family)", "families"),
        reserve("share", 40, ORPHANS, "orphans"),
    ]
    tables = town(4, papers("3 large_family", "4 orphan"))
    queue = queues(tables, rules(reserves=shares))["p"]
    assert ("".join(queue), queue.decided_by()) == ("3412", ["", "number", "orphans", "number"])


def test_each_queue_has_its_own_count() -> None:
    """One place in N begins anew in every queue."""
    wishes = {"application": ["1", "2", "3", "4"], "programme": ["a", "a", "b", "b"]}
    tables = town(4, papers("2 orphan", "4 orphan"), entries=wishes)
    found = queues(tables, rules(reserves=[reserve("one_in", 3, ORPHANS)]))
    assert {name: "".join(queue) for name, queue in found.items()} == {"a": "21", "b": "43"}
    assert "".join(found.general) == "2134"


@given(st.lists(st.integers(0, 3), min_size=1, max_size=40), st.tuples(st.integers(0, 100), st.integers(0, 100)))
def test_shares_hold_wherever_they_can(kinds: list[int], shares: tuple[int, int]) -> None:
    """At every position the first share is held while its entitled last, and equals keep their order."""
    entitled = [[bool(kind >> bit & 1) for kind in kinds] for bit in (0, 1)]
    order = share_order(entitled, list(shares))
    assert sorted(order) == list(range(len(kinds)))
    called = 0
    for position, row in enumerate(order, start=1):
        left = [other for other in order[position - 1 :] if entitled[0][other]]
        if called * 100 < shares[0] * position and left:
            assert entitled[0][row]
        called += entitled[0][row]
    for kind in range(4):
        alike = [row for row in order if kinds[row] == kind]
        assert alike == sorted(alike)
