"""Queues as rows for files: no layout, one order of rows."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import TextIO

from queue_engine.queue import Queue, Queues

QUEUE_COLUMNS = ("queue", "position", "application", "decided_by")


def queue_rows(queues: Queues) -> Iterator[tuple[str, ...]]:
    """Yield the header and one row a place: every programme's queue by id, then the general one.

    `decided_by` is the step that puts the application behind the one before it;
    empty for the first of a queue.

    Complexity: O(entries × steps).
    """
    yield QUEUE_COLUMNS
    for queue in (*queues.values(), queues.general):
        yield from _places(queue)


def _places(queue: Queue) -> Iterator[tuple[str, ...]]:
    for position, (application, step) in enumerate(zip(queue.applications(), queue.decided_by(), strict=True), start=1):
        yield queue.id, str(position), application, step


def write_csv(rows: Iterable[tuple[str, ...]], file: TextIO) -> None:
    """Write rows as CSV with commas and line feeds, the ids exactly as they were read."""
    csv.writer(file, lineterminator="\n").writerows(rows)
