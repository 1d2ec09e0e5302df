"""`pytest benchmarks`: every side of the ordering contests as a benchmark of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks import ordering, town


@pytest.fixture(scope="module")
def sides() -> dict[str, Callable[[], Any]]:
    """Return what is timed, checked to give one result."""
    return dict(ordering.contest().sides)


@pytest.mark.parametrize("kind", list(town.Kind), ids=lambda kind: kind.name.lower())
def bench_every_queue(benchmark: Callable[..., Any], kind: town.Kind) -> None:
    """Time the engine from columns to positions."""
    queues = benchmark(ordering.positions, town.tables(kind))
    assert len(queues) == town.PROGRAMMES


@pytest.mark.parametrize("peer", list(ordering.GOALS))
def bench_peer(benchmark: Callable[..., Any], sides: dict[str, Callable[[], Any]], peer: str) -> None:
    """Time a sort that is given the keys ready made."""
    if peer not in sides:
        pytest.skip(f"{peer}: not installed")
    benchmark(sides[peer])
