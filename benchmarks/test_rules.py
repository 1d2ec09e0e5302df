"""`pytest benchmarks`: reading and checking every rule file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks import rules


def bench_load_and_check(benchmark: Callable[..., Any]) -> None:
    """Time reading and checking; there is no problem in any file."""
    assert benchmark(rules.load_and_check) == 0


def bench_parse_only(benchmark: Callable[..., Any]) -> None:
    """Time the YAML library alone on the same files."""
    assert benchmark(rules.parse_only)
