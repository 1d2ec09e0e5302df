"""`pytest benchmarks`: events written and chained, and the hashes alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks import journals


@pytest.mark.parametrize("side", ["encode", journals.HASHES])
def bench_chain(benchmark: Callable[..., Any], side: str) -> None:
    """Time one side; both were checked to end with the same hash."""
    head = benchmark(journals.contest(journals.read_events(journals.APPENDED)).sides[side])
    assert len(head) == 32
