"""`pytest benchmarks`: rounds of a small region."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import region

CHILDREN = 3_000


def bench_rounds(benchmark: Callable[..., Any], tmp_path: Path) -> None:
    """Time the rounds of four services; most children get a place."""
    parts = region.region(CHILDREN)
    assert benchmark(lambda: sum(part.hold(tmp_path / part.name) for part in parts)) > CHILDREN // 2
