"""What comes out of a trial, and how its parts are run several at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, as_completed
from typing import Any, TypeVar

import attrs

T = TypeVar("T")
Advance = Callable[[int], None]
"""advance(total): one more is done."""


@attrs.frozen
class Result:
    """What came out of one trial.

    Args:
        name: which.
        count: how many there were.
        good: how many came out as they have to.
        figures: what else is to be kept.
        missed: the others, in words.

    """

    name: str
    count: int
    good: int
    figures: dict[str, Any]
    missed: tuple[str, ...]


def each_done(pool: Executor, jobs: Iterable[Callable[[], T]], advance: Advance) -> Iterator[T]:
    """Yield what jobs return as they end, several at once."""
    waiting = [pool.submit(job) for job in jobs]
    for future in as_completed(waiting):
        advance(len(waiting))
        yield future.result()
