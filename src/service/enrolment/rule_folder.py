"""The folder of rule files an installation is started with."""

from __future__ import annotations

from pathlib import Path

from queue_engine import Vocabulary
from queue_engine.rules.vocabulary import load_vocabulary


def read_vocabulary(folder: Path) -> Vocabulary:
    """Return the facts, categories and dates that rules and applications may speak about.

    Raises:
        RuleError: the file is not there, or has problems.

    """
    return load_vocabulary(folder / "facts.yaml")
