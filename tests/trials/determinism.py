"""Machines that differ in all that must not matter, and the one hash that has to come out of all of them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import cycle, islice
from random import Random

import attrs
import numpy as np
from tests.trials.public_files import ROOT

_PATIENCE = 120
_LOCALES: Mapping[str, Mapping[str, str]] = {
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "C.utf8": {"LC_ALL": "C.utf8"},
    "ru_RU.utf8": {"LC_ALL": "ru_RU.utf8"},
    "tr_TR.utf8": {"LC_ALL": "tr_TR.utf8"},
}


@attrs.frozen
class Configuration:
    """A machine, and how it is asked.

    Args:
        rows: in which order the rows of tables come.
        hash_seed: of Python's hashes.
        zone: the time zone of the machine.
        language: its locale.
        without: the instructions numpy may not use; "" = it may use all there are.
        processes: how many share the work.
        optimised: whether Python leaves assertions out.

    """

    rows: int
    hash_seed: str
    zone: str
    language: str
    without: str
    processes: int
    optimised: bool


@cache
def processors() -> tuple[str, ...]:
    """Return what numpy can be told to do without here: nothing, the newest instructions, all beyond its least."""
    core = np._core._multiarray_umath
    found = [name for name in core.__cpu_dispatch__ if core.__cpu_features__.get(name)]
    return tuple(dict.fromkeys(("", " ".join(found[1:]), " ".join(found))))


@cache
def languages() -> tuple[str, ...]:
    """Return the locales this machine has, of those that are asked for."""
    run = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False)  # noqa: S607 - wherever it is
    return tuple(name for name in _LOCALES if name == "C" or name in run.stdout.split())


def configurations(count: int) -> list[Configuration]:
    """Return some configurations, all different, each value of each kind as often as any other."""
    axes: Sequence[Sequence[object]] = (
        (0, 1, 2, 3),
        ("0", "1", "random"),
        ("UTC", "Asia/Yekaterinburg", "Pacific/Kiritimati"),
        languages(),
        processors(),
        (1, 2),
        (False, True),
    )
    luck = Random(1)  # noqa: S311 - repeatable on purpose
    found: dict[Configuration, None] = {}
    while len(found) < count:
        columns = []
        for axis in axes:
            column = list(islice(cycle(axis), count))
            luck.shuffle(column)
            columns.append(column)
        made = [Configuration(*values) for values in zip(*columns, strict=True)]
        found |= dict.fromkeys(made[: count - len(found)])
    return list(found)


def hash_of(made: Configuration, seed: int = 1) -> str:
    """Return the hash that a machine gives; what it says instead, if it gives none."""
    command = [sys.executable, *(["-O"] if made.optimised else []), "-m", "tests.trials.fingerprint"]
    run = subprocess.run(
        [*command, str(made.rows), str(made.processes), str(seed)],
        cwd=ROOT,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "COV_"))},
            "PYTHONHASHSEED": made.hash_seed,
            "TZ": made.zone,
            "NPY_DISABLE_CPU_FEATURES": made.without,
            **_LOCALES[made.language],
        },
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )
    return run.stdout.strip() or f"no hash: {run.stderr[-300:]}"
