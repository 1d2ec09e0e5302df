"""Contests: several ways to the same result, timed in turns in one process, the median of each."""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any

import attrs

REPEATS = 11


@attrs.frozen
class Row:
    """One line of the table.

    Args:
        what: what the engine did.
        value: how much it took.
        unit: "s" or "MB".
        against: what it is compared with; "" = nothing, the value itself has a goal.
        peer: how much that took, in the same unit.
        goal: the most the ratio, or where there is no peer the value, may be; None = shown for knowledge only.
        note: why there is no figure, or what to know about it.

    """

    what: str
    value: float
    unit: str = "s"
    against: str = ""
    peer: float | None = None
    goal: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """The engine's figure by its peer's: below 1 the engine is ahead."""
        return None if self.peer is None else self.value / self.peer

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None = there is none, or nothing to compare with."""
        if self.goal is None or (self.against and self.peer is None):
            return None
        return (self.value if self.ratio is None else self.ratio) <= self.goal


@attrs.frozen
class Contest:
    """Ways to one result, which were checked to give the same.

    Args:
        what: what is done.
        ours: the engine's side.
        sides: by name.
        goals: for each peer the most the engine's time may be, as a share of the peer's; None = no goal.
        absent: peers that are not installed, and what to do about it.

    """

    what: str
    ours: str
    sides: Mapping[str, Callable[[], Any]]
    goals: Mapping[str, float | None]
    absent: Mapping[str, str] = attrs.field(factory=dict)

    def rows(self, repeats: int = REPEATS) -> list[Row]:
        """Return a row for each peer, timed in turns with the engine and with nobody else.

        A third in between, which fills the memory or gives it back to the system, would be paid for by the two.
        """
        rows = []
        for peer, goal in self.goals.items():
            times = medians({name: self.sides[name] for name in (self.ours, peer) if name in self.sides}, repeats)
            note = self.absent.get(peer, "")
            rows.append(Row(self.what, times[self.ours], "s", peer, times.get(peer), goal, note))
        return rows


def medians(sides: Mapping[str, Callable[[], Any]], repeats: int = REPEATS) -> dict[str, float]:
    """Return the median seconds of each side.

    The sides take turns, so that a slow minute of the machine slows all of them, and
    each turn starts with another side. The first turn warms up and does not count.
    """
    names = list(sides)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(repeats + 1):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            took = seconds_of(sides[name])
            if turn:
                seconds[name].append(took)
    return {name: statistics.median(taken) for name, taken in seconds.items()}


def seconds_of(side: Callable[[], Any]) -> float:
    """Return the seconds of one run, the garbage of the run before collected outside of it."""
    gc.collect()
    gc.disable()
    try:
        start = perf_counter()
        side()
        return perf_counter() - start
    finally:
        gc.enable()
