"""`pytest benchmarks`: a hundred thousand applicants matched, from keys and from ranks, and the plain loop beside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks import allocation, allocation_peers
from benchmarks.wishes import market
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


def bench_plain_loop(benchmark: Callable[..., Any]) -> None:
    """Time the loop in plain Python, which is given lists ready made."""
    given = market(allocation.SOME)
    seats = benchmark(allocation_peers.plain_loop, *allocation_peers.as_lists(given, given.ranks()))
    assert len(seats) == allocation.SOME
