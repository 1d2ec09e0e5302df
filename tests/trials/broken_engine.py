"""Engines with one mistake each: the verification, or what has to hold of any history, has to find every one.

A copy of the engine gets the mistake and makes histories; `python -m tests.trials.broken_engine` is what runs in the
copy, and prints who found what. The copy's verification is as it always is.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
from tests.trials.checks import faults
from tests.trials.lively import Past, lively
from tests.trials.mutants import ENGINE, Mutant
from tests.trials.public_files import ROOT, RULES
from tests.trials.scenes import SCENES

import queue_engine
from queue_engine.example.year import town_year
from queue_engine.rule_documents import rules_digest
from queue_engine.rules.loading import read_rules

SEEDS = 20
_PATIENCE = 600
_LONGEST = 160
_YEAR_AFTER = 2


@attrs.frozen
class Found:
    """What became of a mistake.

    Args:
        mutant: its name.
        by: who found it: the verifier, a property, an assertion of the engine, or an error it raised; empty = nobody.
        history: the history by which it was found.
        what: the first fault, in words.

    """

    mutant: str
    by: tuple[str, ...]
    history: str
    what: str


def broken(mutant: Mutant | None, folder: Path) -> Path:
    """Return the folder of a copy of the engine with a mistake, or without one.

    Raises:
        ValueError: the mistake does not fit the engine.

    """
    copy = folder / "src" / "queue_engine"
    shutil.copytree(ENGINE, copy)
    if mutant is not None:
        path = copy / mutant.file
        path.write_text(mutant.applied(), encoding="utf-8")
        for compiled in path.parent.glob(f"__pycache__/{path.stem}.*.pyc"):
            compiled.unlink()
    return copy.parent


def found(mutant: Mutant | None, folder: Path, seeds: int = SEEDS) -> Found:
    """Make a mistake in a copy of the engine, and return who found it.

    Args:
        mutant: the mistake; None = the engine as it is, in which nobody may find anything.
        folder: an empty folder for the copy, removed at the end.
        seeds: how many histories of each service are made at most.

    """
    source = broken(mutant, folder)
    try:
        run = subprocess.run(
            [sys.executable, "-m", "tests.trials.broken_engine", str(source), str(seeds)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(source)},
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
    finally:
        shutil.rmtree(folder)
    name = mutant.name if mutant else ""
    if run.returncode:
        return Found(name, ("error",), "", (run.stderr.strip().splitlines() or ["it ended without a word"])[-1])
    told: dict[str, Any] = json.loads(run.stdout)
    return Found(name, tuple(told["by"]), told["history"], told["what"])


def histories(seeds: int) -> Iterator[tuple[str, Past]]:
    """Yield histories, the services taking turns, and a small year among them."""
    for seed in range(seeds):
        for scene in SCENES:
            yield f"{scene} {seed}", lively(seed, scene)
        if seed == _YEAR_AFTER:
            rules = read_rules(RULES / "kindergarten.yaml")
            year = town_year(rules, applications=80, programmes=8, days=70)
            yield "year", Past(year, {rules_digest(rules): rules})


def searched(seeds: int) -> dict[str, Any]:
    """Make histories until somebody finds something wrong; return who, where and what."""
    name, making = "", histories(seeds)
    try:
        for name, past in making:
            told = list(faults(past, every=2))
            if told:
                return {"by": sorted({who for who, _ in told}), "history": name, "what": told[0][1][:_LONGEST]}
    except AssertionError as error:
        return {"by": ["assertion"], "history": f"after {name}", "what": str(error)[:_LONGEST]}
    except Exception as error:  # noqa: BLE001 - whatever a broken engine raises tells that it is broken
        return {"by": ["error"], "history": f"after {name}", "what": repr(error)[:_LONGEST]}
    return {"by": [], "history": "", "what": ""}


def main() -> None:
    """Search the histories of the engine whose folder is given, and print what was found."""
    source, seeds = sys.argv[1:]
    running = Path(queue_engine.__file__).parent.parent
    assert running == Path(source), f"the engine that runs is that of {running}"
    print(json.dumps(searched(int(seeds))))  # noqa: T201 - read by the process that asked


if __name__ == "__main__":
    main()
