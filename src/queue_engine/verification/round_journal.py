"""Rounds beside a journal (§9.10): what the journal says was frozen, published and offered is what the files say."""

from __future__ import annotations

import hashlib
from pathlib import Path

from .files import names
from .findings import Report, short
from .journal import FILE
from .round_model import RESULT, Folder, Frozen, Result
from .rounds import Read, examined
from .state import Issued, State

ROUNDS = "rounds"


def check_rounds(root: Path, state: State, report: Report) -> tuple[Read, ...]:
    """Verify the rounds beside a journal, each by itself and against the journal, and count what was read."""
    found = []
    for name in names(root / ROUNDS, ROUNDS, report):
        folder = Folder(root / ROUNDS / name, f"{ROUNDS}/{name}/", report)
        known = state.rounds.get(name)
        if known is None:
            report.add(
                "V5", f"{ROUNDS}/{name}", 0, "§9.10", "the journal has no round of this name; it may not be here"
            )
        frozen, result = examined(folder, known.freeze if known else None)
        found.append(Read(len(frozen.programmes), len(frozen.applicants)) if frozen else Read(0, 0))
        issued = state.issued.get(name)
        if issued is not None and frozen is not None and result is not None:
            _check_digest(folder, issued)
            _check_offers(folder, frozen, result, name, issued)
    return tuple(found)


def _check_digest(folder: Folder, issued: Issued) -> None:
    """Compare the result with the one that was published."""
    with (folder.root / RESULT).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != issued.result:
        told = f"the digest is {digest}; the one published is {issued.result}: this is not what was published"
        folder.say("V5", RESULT, 0, "§9.10", told)


def _check_offers(folder: Folder, frozen: Frozen, result: Result, name: str, issued: Issued) -> None:
    """Compare the places of the result with those that were offered."""
    held = {each: programme.name for programme in frozen.programmes.values() for each in programme.holders}
    for application, (line, programme, interim) in issued.offers.items():
        place = result.places.get(application)
        if place is None or (place.programme, place.interim) != (programme, interim):
            got = short(place.programme) if place is not None and place.programme else "no place"
            told = f"{short(programme)} by round {short(name)}, where it has {got}"
            folder.report.add("V5", FILE, line, "§9.10", f"application {short(application)} is given {told}")
    for application, place in result.places.items():
        kept = held.get(application) == place.programme
        if place.programme and not kept and application in issued.registered and application not in issued.offers:
            told = f"application {short(application)} has {short(place.programme)} and was offered nothing"
            folder.say("V5", RESULT, place.line, "§9.10", told)
