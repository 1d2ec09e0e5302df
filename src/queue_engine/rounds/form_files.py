"""The forms of a round as files: each as CSV for people with a spreadsheet, and as lines of JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from queue_engine.queue import Queues
from queue_engine.reports import refusal_rows, write_csv
from queue_engine.rounds.forms import (
    Protocol,
    camp_rows,
    commission_rows,
    directed_rows,
    order_rows,
    rating_rows,
    waiting_rows,
)
from queue_engine.rounds.lists import Row, write_json_lines
from queue_engine.rounds.model import Frozen, Outcome

NO_NUMBERS: frozenset[str] = frozenset()


def forms_of(
    protocol: Protocol, frozen: Frozen, outcome: Outcome, queues: Queues, lang: str = "ru"
) -> Mapping[str, Iterator[Row]]:
    """Return every form of a round by the name of its file.

    Args:
        protocol: number and day of the commission's meeting.
        frozen: what the round was computed from.
        outcome: what came out.
        queues: those it was frozen from.
        lang: of titles: "ru" or "en".

    """
    return {
        "commission": commission_rows(protocol, frozen, outcome, queues),
        "directed": directed_rows(frozen, outcome, queues, lang),
        "waiting": waiting_rows(frozen, outcome, queues, lang),
        "in_no_queue": refusal_rows(queues),
        "main_and_reserve": camp_rows(frozen, outcome),
        "order_lists": order_rows(frozen, outcome, queues, lang),
        "rating": rating_rows(frozen, outcome, queues, lang),
    }


def write_forms(
    folder: str | Path, protocol: Protocol, frozen: Frozen, outcome: Outcome, queues: Queues, lang: str = "ru"
) -> tuple[Path, ...]:
    """Write every form of a round into a folder, as CSV and as lines of JSON, and return the files.

    Args:
        folder: made if it is not there.
        protocol: number and day of the commission's meeting.
        frozen: what the round was computed from.
        outcome: what came out.
        queues: those it was frozen from.
        lang: of titles: "ru" or "en".

    Complexity: linear in the entries of the queues, for each form.

    """
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    written = []
    for name, rows in forms_of(protocol, frozen, outcome, queues, lang).items():
        kept = list(rows)
        with (path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            write_csv(kept, file)
        with (path / f"{name}.jsonl").open("wb") as binary:
            write_json_lines(kept, binary, NO_NUMBERS)
        written += [path / f"{name}.csv", path / f"{name}.jsonl"]
    return tuple(written)
