"""`pytest benchmarks`: why a million places differ, with few and with many keys changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks import changes
from queue_engine.difference import difference


@pytest.mark.parametrize("per_mille", [10, 330])
def bench_difference(benchmark: Callable[..., Any], per_mille: int) -> None:
    """Time the account of everybody between two days."""
    old, new = changes.queues("joined", 0), changes.queues("left", per_mille)
    table = benchmark(lambda: difference(old, new).table())
    assert len(table) >= 1_000_000
