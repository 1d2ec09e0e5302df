"""The command line: `DIR [--heads FILE] [--freeze DIGEST]`, findings line by line, and last what was read."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence

from .events import is_digest
from .verifying import Outcome, examine


def main(arguments: Sequence[str]) -> int:
    """Verify a folder and print what was found.

    Args:
        arguments: those of the command line, without the name of the program.

    Returns:
        0 without findings, 1 with findings, 2 if there is no such folder.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     main([folder])
    journal.txt: V0 §1: is missing
    0 entries, 0 orders, 0 rule documents: 1 finding
    1

    """
    parser = argparse.ArgumentParser(
        prog="verification",
        description="Checks the public files of a municipality: what was recorded, who was ahead, why places moved,"
        " and who got a place in a round.",
    )
    parser.add_argument("folder", metavar="DIR", help="the folder of journal.txt, or of a round's freeze.jsonl")
    parser.add_argument("--heads", metavar="FILE", help="heads kept elsewhere, besides DIR/heads.txt")
    parser.add_argument("--freeze", metavar="DIGEST", help="the published SHA-256 of freeze.jsonl, if DIR is a round")
    parser.add_argument("--most", metavar="N", type=int, default=1000, help="how many findings to print (%(default)s)")
    chosen = parser.parse_args(arguments)
    if chosen.most < 1:
        parser.error(f"--most is {chosen.most}; it has to be at least 1")
    if chosen.freeze is not None and not is_digest(chosen.freeze):
        parser.error(f"--freeze is {chosen.freeze}; it has to be 64 digits 0-9 a-f")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal may lack the letters of a finding
    try:
        outcome = examine(chosen.folder, chosen.heads, chosen.most, freeze=chosen.freeze)
    except NotADirectoryError as error:
        print(error, file=sys.stderr)
        return 2
    for finding in outcome.findings:
        print(finding)
    found = _counted(outcome.found, "finding", "findings") if outcome.found else "no findings"
    print(f"{', '.join(_read(outcome))}: {found}")
    return 1 if outcome.found else 0


def _read(outcome: Outcome) -> list[str]:
    """Say how much was read."""
    read = [
        _counted(outcome.entries, "entry", "entries"),
        _counted(outcome.orders, "order", "orders"),
        _counted(outcome.documents, "rule document", "rule documents"),
    ]
    rounds = [
        _counted(len(outcome.rounds), "round", "rounds"),
        _counted(sum(each.programmes for each in outcome.rounds), "programme", "programmes"),
        _counted(sum(each.applicants for each in outcome.rounds), "applicant", "applicants"),
    ]
    return rounds if outcome.alone else read + rounds * bool(outcome.rounds)


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
