"""`pytest benchmarks`: ten conditions on every entry, compiled and written by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks import conditions


@pytest.mark.parametrize("side", ["compiled", "by hand"])
def bench_ten_conditions(benchmark: Callable[..., Any], side: str) -> None:
    """Time one side; both were checked to agree on every entry."""
    masks = benchmark(conditions.contest().sides[side])
    assert len(masks) == 10
