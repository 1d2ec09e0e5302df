"""What single entries of a journal did to one queue: moved one application, or cast the whole queue anew."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TypeAlias

import attrs

from queue_engine.changes import Line, moving_reserves
from queue_engine.placing import Placed
from queue_engine.rules.model import RuleSet
from queue_engine.shifts import Shift


@attrs.frozen(eq=False)
class Moved:
    """An entry that moved one application of a queue.

    Args:
        entry: its number.
        shift: what it did to the places.
        grounds: by which grounds the application is in its groups, step by step.
        rules: the rules of the queue.

    """

    entry: int
    shift: Shift
    grounds: tuple[str, ...]
    rules: RuleSet


@attrs.frozen(eq=False)
class Snapshot:
    """A queue at one moment; made into a line when somebody asks."""

    rules: RuleSet
    placed: Mapping[str, Placed]

    @cached_property
    def line(self) -> Line:
        """The order, with keys and entitlements."""
        moving = moving_reserves(self.rules)
        entitled = {
            reserve.id: {name for name, each in self.placed.items() if each.entitled[index]}
            for index, reserve in enumerate(moving)
        }
        return Line.made(self.rules, {name: each.key for name, each in self.placed.items()}, entitled)


@attrs.frozen(eq=False)
class Recast:
    """An entry that moved many: the queue before and after it.

    Args:
        entry: its number.
        before: the queue before it.
        after: the queue after it.
        by_levels: whether the rules changed, so that only levels are compared.
        mass: whether the event itself concerned many; not so where a reserve makes one change move everybody.

    """

    entry: int
    before: Snapshot
    after: Snapshot
    by_levels: bool = False
    mass: bool = True


Record: TypeAlias = Moved | Recast
