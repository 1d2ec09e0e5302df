"""Rounds edited by hand: each edit has to be found by the verification, and named.

An edit of freeze.jsonl from which nothing follows, and whose digest was mended, is found by a published digest alone.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from itertools import count, cycle
from pathlib import Path
from random import Random

import attrs
from tests.queue_engine.rounds.drawn_rounds import drawn_round
from tests.trials.round_copies import FREEZE, IN_WORDS, LISTS, RESULT, Copy, Trace, Unfit
from tests.trials.round_edits import OF_FROZEN, OF_LISTS, OF_RESULTS, WITH_LISTS

from queue_engine.rounds import run, write_round
from queue_engine.verification import verify_round

_MOST = 1_000_000


@attrs.frozen
class Attacked:
    """What became of one edit.

    Args:
        attack: its class.
        mended: what was made to fit.
        trace: what has to be named.
        findings: how many there are.
        named: whether one names it.
        silent: whether nothing followed, so that a published digest alone tells.

    """

    attack: str
    mended: str
    trace: Trace
    findings: int
    named: bool
    silent: bool = False


def edits() -> list[tuple[str, str]]:
    """Return the classes of edits, and what is made to fit afterwards: nothing, the lists, or the digest."""
    return [
        *((name, "") for name in (*OF_RESULTS, *OF_LISTS, *OF_FROZEN)),
        *((name, "lists") for name in WITH_LISTS),
        *((name, "digest") for name in OF_FROZEN),
    ]


def attacked(clean: Path, name: str, mended: str, luck: Random, folder: Path) -> Attacked:
    """Edit a copy of a round, verify it, and remove it.

    Args:
        clean: the folder of the round.
        name: the class of the edit.
        mended: "lists" = cut-offs and lists are made to fit the places; "digest" = digest and root of the list are.
        luck: what the edit is drawn from.
        folder: where the copy is made; there is nothing yet.

    Raises:
        Unfit: there is nothing to edit so.

    """
    shutil.copytree(clean, folder)
    copy = Copy(folder)
    published, frozen = copy.digest(), copy.round()
    try:
        trace = {**OF_RESULTS, **OF_LISTS, **OF_FROZEN}[name](copy, luck)
        if all(path.read_bytes() == (clean / path.name).read_bytes() for path in folder.iterdir()):
            raise Unfit
        if mended == "lists":
            copy.derive(frozen.solve())
        elif mended == "digest":
            copy.mend()
        findings = verify_round(folder, most=_MOST)
        named = any(map(trace.is_named_by, findings))
        if name in OF_FROZEN and not mended and not named:  # the digest tells that it was edited, if not where
            named = any(finding.message.startswith("freeze is") for finding in findings)
        if not findings and mended == "digest" and _nothing_follows(copy):
            found = verify_round(folder, freeze=published, most=_MOST)
            return Attacked(name, mended, trace, len(found), [each.file for each in found] == [FREEZE], silent=True)
    finally:
        shutil.rmtree(folder)
    return Attacked(name, mended, trace, len(findings), named)


def _nothing_follows(copy: Copy) -> bool:
    """Say whether what is frozen now leads to the result and the lists as they are."""
    files = copy.round().files((copy.folder / FREEZE).read_bytes())
    runs = copy.lines(RESULT)[0]["runs"]
    outcome = attrs.evolve(copy.round().solve(), runs=runs)
    result = copy.round().result(outcome, copy.digest())
    words = {file: _without_words((copy.folder / file).read_text(encoding="utf-8")) for file in LISTS}
    told = {file: _without_words(files[file].decode()) for file in LISTS}
    return result == (copy.folder / RESULT).read_bytes() and words == told


def _without_words(text: str) -> list[str]:
    """Return the rows of a list without the cells that are told in words."""
    head, *rows = text.splitlines()
    return [row.rpartition(",")[0] for row in rows] if head.endswith(IN_WORDS) else rows


def attacks(clean: Path, seed: int, scratch: Path, most: int = 100) -> Iterator[Attacked]:
    """Edit copies of a round, the classes of edits taking turns.

    Args:
        clean: the folder of the round.
        seed: what the edits are drawn from.
        scratch: a folder for the copies.
        most: how many edits.

    """
    luck = Random(f"{seed}")  # noqa: S311 - repeatable on purpose
    done = 0
    for number, (name, mended) in zip(count(), cycle(edits()), strict=False):
        if done == most or number == 10 * most:
            return
        try:
            yield attacked(clean, name, mended, luck, scratch / f"{seed}-{number}")
        except Unfit:
            continue
        done += 1


def edited(seed: int, most: int) -> list[Attacked]:
    """Hold a round in a folder of its own, and edit copies of it.

    Args:
        seed: of which round, and of the edits.
        most: how many edits.

    """
    frozen = drawn_round(seed, most=60, programmes=12)
    with tempfile.TemporaryDirectory() as folder:
        clean = Path(folder, "clean")
        write_round(clean, frozen, run(frozen))
        return list(attacks(clean, seed, Path(folder), most))
