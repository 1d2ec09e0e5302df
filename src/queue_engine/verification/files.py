"""Lines and bytes of files that may be missing, be folders, or be far too long."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from .encoding import MOST_BYTES
from .findings import Report

_MOST_LINE = MOST_BYTES + 66  # the hash and the space before a body, and the LF after it


def readable(path: Path, name: str, report: Report, level: str, rule: str) -> bool:
    """Say whether a file is there to be read, and report it where it is not."""
    try:
        if path.is_file():  # no folder, and no pipe that would never end
            with path.open("rb"):
                return True
        message = "is not a file" if path.exists() else "is missing"
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
    report.add(level, name, 0, rule, message)
    return False


def lines(path: Path, most: int = _MOST_LINE) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a file with their numbers and LFs, never more of one than `most` bytes, about 1 MiB.

    A line without LF is the last one, which is torn, or one that is too long.
    """
    with path.open("rb") as file:
        for number, raw in enumerate(iter(partial(file.readline, most), b""), 1):
            yield number, raw
            rest = raw
            while rest and not rest.endswith(b"\n"):
                rest = file.readline(most)


def texts(
    path: Path, name: str, report: Report, level: str, rule: str, most: int = _MOST_LINE
) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a file without their LFs, and report one that has none."""
    for number, raw in lines(path, most):
        if raw.endswith(b"\n"):
            yield number, raw[:-1]
        else:
            report.add(level, name, number, rule, "the line is torn or too long: it has to end in LF")


def names(folder: Path, name: str, report: Report) -> list[str]:
    """Return the names in a folder that may be missing, sorted, without those that begin with a dot."""
    try:
        if not folder.exists():
            return []
        return sorted(item.name for item in folder.iterdir() if not item.name.startswith("."))
    except OSError as error:
        report.add("V0", name, 0, "§1", f"has to be a folder: {error.strerror}")
        return []
