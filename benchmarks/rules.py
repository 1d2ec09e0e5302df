"""Rule files: reading and checking all of them, beside reading the same bytes as YAML and nothing more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

from benchmarks.timing import REPEATS, Row, medians
from benchmarks.town import RULES_FOLDER
from queue_engine.errors import errors_of
from queue_engine.rules.check import check_library
from queue_engine.rules.loading import read_library

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_and_check() -> int:
    """Read every rule file, check what they say together, and return how many problems there are."""
    return len(check_library(read_library([RULES_FOLDER])))


def parse_only() -> int:
    """Read the same files as YAML, and return how many there are."""
    files = [path for path in RULES_FOLDER.rglob("*.yaml") if not path.name.endswith(".test.yaml")]
    return len([yaml.load(path.read_bytes(), Loader=LOADER) for path in files])  # noqa: S506 - a safe loader


def rows(repeats: int = REPEATS) -> list[Row]:
    """Return how long reading and checking takes."""
    library = read_library([RULES_FOLDER])
    assert not errors_of(check_library(library))
    assert parse_only() == len(library.sources)
    sides: dict[str, Callable[[], Any]] = {"load and check": load_and_check, "parse": parse_only}
    times = medians(sides, repeats)
    what = f"load and check all {len(library.sources)} rule files"
    return [
        Row(what, times["load and check"], goal=0.1),
        Row(what, times["load and check"], against="PyYAML (C) reading the same bytes", peer=times["parse"]),
    ]
