"""Queues as rows for files: no layout, one order of rows."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import TextIO

from queue_engine.queue import Queue, Queues

REFUSAL_COLUMNS = ("queue", "application", "reasons")
QUEUE_COLUMNS = ("queue", "position", "application", "decided_by")


def queue_rows(queues: Queues) -> Iterator[tuple[str, ...]]:
    """Yield the header and one row a place: every programme's queue by id, then the general one.

    `decided_by` is the step that puts the application behind the one before it;
    empty for the first of a queue.

    Complexity: O(entries × steps).

    >>> from datetime import date
    >>> from queue_engine import build_tables, load_rules, order
    >>> rules = load_rules("rules/region-74/college.yaml")
    >>> wishes = {"application": [1, 2], "programme": ["welders", "welders"], "grade.average": ["14/3", "4.67"]}
    >>> filed = {"application.submitted_at": ["2026-07-01", "2026-07-02"]}
    >>> queues = order(build_tables(rules.vocabulary, wishes | filed), rules, date(2026, 8, 16))
    >>> list(queue_rows(queues))[:3]
    [('queue', 'position', 'application', 'decided_by'), ('welders', '1', '2', ''), ('welders', '2', '1', 'grade')]

    """
    yield QUEUE_COLUMNS
    for queue in (*queues.values(), queues.general):
        yield from _places(queue)


def _places(queue: Queue) -> Iterator[tuple[str, ...]]:
    for position, (application, step) in enumerate(zip(queue.applications(), queue.decided_by(), strict=True), start=1):
        yield queue.id, str(position), application, step


def refusal_rows(queues: Queues) -> Iterator[tuple[str, ...]]:
    """Yield the header and one row for each queue an application wished for and does not stand in.

    `reasons` are the conditions that fail and the facts that are not known, parted by blanks.

    Complexity: O(entries × reasons).
    """
    yield REFUSAL_COLUMNS
    for refusal in queues.not_in_queue():
        yield refusal.queue, refusal.application, " ".join(refusal.reasons)


def write_csv(rows: Iterable[tuple[str, ...]], file: TextIO) -> None:
    """Write rows as CSV with commas and line feeds, the ids exactly as they were read.

    >>> import sys
    >>> write_csv([("queue", "position"), ("welders, evening", "1")], sys.stdout)
    queue,position
    "welders, evening",1

    """
    csv.writer(file, lineterminator="\n").writerows(rows)
