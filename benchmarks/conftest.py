"""pytest finds what is timed by its own prefix, so that `bench_` functions are never taken for tests."""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Collect functions whose name begins with `bench_`."""
    config.addinivalue_line("python_functions", "bench_*")
