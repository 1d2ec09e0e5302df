"""Attacks on public files: each has to be found by the verification, and named by its file and line."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from random import Random

import attrs
from tests.trials.attacks import ATTACKS, WITNESS, Trace
from tests.trials.public_files import HEADS, Clean

from queue_engine.verification import verify

_MOST = 1_000_000
FULL = {"applications": 1_150, "days": 365}
"""The size of a town whose year has 10,000 events."""
SMALL = {"applications": 150, "days": 200, "programmes": 8}


@attrs.frozen
class Outcome:
    """What became of one attack.

    Args:
        attack: its class.
        seed: the attack is that of this seed.
        trace: where it has to be found.
        findings: how many findings there are.
        named: whether one of them has the file and the line.

    """

    attack: str
    seed: int
    trace: Trace
    findings: int
    named: bool


def attacked(clean: Clean, attack: str, seed: int, folder: Path) -> Outcome:
    """Make a copy of public files, attack it, verify it, and remove it.

    Args:
        clean: the files.
        attack: a class of `ATTACKS`.
        seed: what the attack is drawn from.
        folder: a folder for the copy; there is none of that name yet.

    """
    witness = folder.with_name(f"{folder.name}-heads.txt")
    shutil.copyfile(clean.folder / HEADS, witness)
    try:
        trace = ATTACKS[attack](clean.copy(folder), Random(f"{attack}/{seed}"))  # noqa: S311 - repeatable on purpose
        findings = verify(folder, heads=witness, most=_MOST)
    finally:
        shutil.rmtree(folder)
        witness.unlink()
    file = str(witness) if trace.file == WITNESS else trace.file
    named = any((finding.file, finding.entry) == (file, trace.line) for finding in findings)
    return Outcome(attack, seed, trace, len(findings), named)


@cache
def clean_at(folder: Path) -> Clean:
    """Return public files, read once in each process."""
    return Clean.at(folder)


def attacked_at(folder: Path, attack: str, seed: int) -> Outcome:
    """Attack a copy of the public files in a folder; the copy is made beside it."""
    return attacked(clean_at(folder), attack, seed, folder.with_name(f"{attack}-{seed}"))


def all_attacks(each: int) -> list[tuple[str, int]]:
    """Return the attacks, `each` of every class, the classes taking turns."""
    return [(attack, seed) for seed in range(each) for attack in ATTACKS]
