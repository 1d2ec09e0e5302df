"""The files of a round, as the command line writes them: what was frozen, what came out, lists and forms."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from queue_engine import Queues
from queue_engine.rounds import Frozen, Outcome, write_round
from queue_engine.rounds.form_files import write_forms
from queue_engine.rounds.forms import Protocol

FORMS = "forms"


def files_of(frozen: Frozen, outcome: Outcome, queues: Queues, protocol: str, lang: str = "ru") -> Mapping[str, bytes]:
    """Return the files of a round by name, byte for byte those of `queue-engine round --out … --forms …`.

    Args:
        frozen: what the round was computed from.
        outcome: what came out.
        queues: those it was frozen from.
        protocol: the number of the commission's protocol.
        lang: of titles: "ru" or "en".

    """
    with TemporaryDirectory() as made:
        folder = Path(made)
        write_round(folder, frozen, outcome, queues)
        write_forms(folder / FORMS, Protocol(protocol, frozen.on), frozen, outcome, queues, lang)
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
