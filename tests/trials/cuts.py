"""Journals whose file ends in the middle of the last entries: what is read is the shorter journal, and is told so."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import attrs
from tests.trials.lively import lively
from tests.trials.scenes import SCENES

from queue_engine.canonical import JournalError
from queue_engine.journal import Journal, read_journal
from queue_engine.verification import verify

_LAST = 3
_ACTS = 20


@attrs.frozen
class Cut:
    """What became of a journal cut after some bytes.

    Args:
        end: how many bytes were left.
        wrong: what is wrong with what was read; "" = nothing.

    """

    end: int
    wrong: str


def cut_everywhere(seed: int, folder: Path, *, verified_every: int = 1) -> Iterator[Cut]:
    """Cut the file of a history at every byte of its last three entries, and look at what is read.

    Args:
        seed: of which history.
        folder: where the file is written.
        verified_every: at each how manieth byte the stand-alone verification reads the file too.

    """
    scene = list(SCENES)[seed % len(SCENES)]
    journal = lively(seed, scene, _ACTS).journal
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "journal.txt"
    journal.write(path)
    content = path.read_bytes()
    starts = [0]
    for line in content.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for end in range(starts[-_LAST - 1], len(content) + 1):
        path.write_bytes(content[:end])
        whole = max(number for number, start in enumerate(starts) if start <= end)
        wrong = _wrong(journal, path, whole, torn=end not in starts)
        if not wrong and end % verified_every == 0:
            wrong = _verified_wrongly(folder, whole, torn=end not in starts)
        yield Cut(end, wrong)


def cuts_of(seed: int) -> list[Cut]:
    """Cut a history in a folder of its own, and verify every piece."""
    with tempfile.TemporaryDirectory() as folder:
        return list(cut_everywhere(seed, Path(folder)))


def _wrong(journal: Journal, path: Path, whole: int, *, torn: bool) -> str:
    """Return what is wrong with reading a file that has some whole lines."""
    try:
        read = read_journal(path)
    except JournalError as error:
        return f"it is refused: {error}"  # there are whole entries, so there is a shorter journal
    if read.head != journal.hash_of(whole) or read.events != journal.events[:whole]:
        return f"{len(read)} entries were read, {whole} are whole"
    told = [(each.place.line, each.code, bool(each.message and each.remedy)) for each in read.problems]
    if told != ([(whole + 1, "J023", True)] if torn else []):
        return f"told {told}"
    return ""


def _verified_wrongly(folder: Path, whole: int, *, torn: bool) -> str:
    """Return what is wrong with what the verification says of the lines."""
    told = [each.entry for each in verify(folder) if "torn" in each.message and each.file == "journal.txt"]
    return "" if told == ([whole + 1] if torn else []) else f"the verification says torn of {told}"
