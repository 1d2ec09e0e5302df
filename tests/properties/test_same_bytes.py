"""The same tables give the same bytes in every process and on every kind of processor."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Orders one service of the example and hashes every place, every reason, and what some families are told.
SCRIPT = """
import hashlib, sys
from queue_engine import build_tables, load_rules, order, queue_rows, standing, standing_for_parent
from queue_engine.example import SERVICES, example_tables
sha = hashlib.sha256()
for service in SERVICES:
    rules = load_rules(f"rules/{service.rules}.yaml")
    tables = build_tables(rules.vocabulary, **example_tables(service.name, 400, 1, rules.vocabulary))
    queues = order(tables, rules, service.on, service.dates)
    for row in queue_rows(queues):
        sha.update(repr(row).encode())
    for refusal in queues.not_in_queue():
        sha.update(repr(refusal).encode())
    for application in queues.general.applications()[::40]:
        for lang in ("ru", "en"):
            for line in standing_for_parent(standing(queues.general, application), lang):
                sha.update(line.encode())
print(sha.hexdigest())
"""

PROCESSOR = """
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__
print(*(name for name in __cpu_dispatch__ if __cpu_features__.get(name)))
"""


def _run(script: str, **environment: str) -> str:
    """Return what a script prints in a process of its own."""
    settings = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **environment}
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, cwd=ROOT, env=settings, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def digest() -> str:
    """Return the hash of all that is told, under one hash seed and on this processor as it is."""
    return _run(SCRIPT, PYTHONHASHSEED="0")


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_hash_seed_gives_the_same_bytes(digest: str, seed: str) -> None:
    """No place, reason or sentence depends on the order in which Python walks through sets."""
    assert _run(SCRIPT, PYTHONHASHSEED=seed) == digest


def test_an_older_processor_gives_the_same_bytes(digest: str) -> None:
    """Without the wide instructions NumPy would choose here, every place, reason and sentence is the same."""
    features = _run(PROCESSOR)
    if not features:
        pytest.skip("NumPy uses no instructions here that could be switched off")
    assert _run(SCRIPT, PYTHONHASHSEED="0", NPY_DISABLE_CPU_FEATURES=features) == digest
    assert _run(PROCESSOR, NPY_DISABLE_CPU_FEATURES=features) == ""
