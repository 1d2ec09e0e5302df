"""`pytest benchmarks`: a hundred thousand applicants matched, from keys and from ranks, checked, and a plain loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks import allocation, allocation_peers
from benchmarks.wishes import market
from queue_engine.allocation.array_check import check_arrays
from queue_engine.allocation.arrays import match_arrays


def bench_key_columns_to_seats(benchmark: Callable[..., Any]) -> None:
    """Time the order of all wishes and the rounds."""
    seats = benchmark(allocation.matched, market(allocation.SOME))
    assert len(seats) == allocation.SOME


def bench_ready_ranks_to_seats(benchmark: Callable[..., Any]) -> None:
    """Time the rounds alone."""
    given = market(allocation.SOME)
    seats = benchmark(match_arrays, given.wishes, given.ranks(), given.capacities)
    assert len(seats) == allocation.SOME


def bench_check_of_the_matching(benchmark: Callable[..., Any]) -> None:
    """Time the check of what came out, from the key columns."""
    given = market(allocation.SOME)
    assert benchmark(check_arrays, given.wishes, given.keys, given.capacities, allocation.matched(given)) == []


def bench_plain_loop(benchmark: Callable[..., Any]) -> None:
    """Time the loop in plain Python, which is given lists ready made."""
    given = market(allocation.SOME)
    seats = benchmark(allocation_peers.plain_loop, *allocation_peers.as_lists(given, given.ranks()))
    assert len(seats) == allocation.SOME
