"""What the codes of a step stand for, so that they compare with those of other tables."""

from __future__ import annotations

import attrs
import numpy as np

from queue_engine.queue import Ranking
from queue_engine.rules import one_by_one
from queue_engine.rules.compile import Component
from queue_engine.rules.model import StepKind


@attrs.frozen
class Scale:
    """How codes count: a ranking numbers the values of a step from the best one in its own tables.

    Args:
        best: the value of code 0, negative where the highest stands ahead.
        unknown: the code of rows whose value is not known; None = there are none.

    >>> Scale(100, 7).value(3), Scale(100, 7).value(7)
    ((0, 103), (1, 0))

    """

    best: int = 0
    unknown: int | None = None

    def value(self, code: int) -> one_by_one.Component:
        """Return what a code stands for as `one_by_one.component` gives it."""
        return (1, 0) if code == self.unknown else (0, code + self.best)


def scale_of(ranking: Ranking, component: Component) -> Scale:
    """Return the scale of a step; any one row whose value is known tells it.

    Complexity: O(rows).
    """
    step = component.step
    if not step.fact:
        return Scale()
    column = ranking.masks.column(step.fact)
    if column is None:
        return Scale(unknown=component.most)
    unknown = None if column.known is None else component.most
    known = np.flatnonzero(np.ones(1, np.bool_) if column.known is None else column.known)[:1]
    if not len(known) or not len(component.codes):
        return Scale(unknown=component.most)
    value = int(column.values[known[0]])
    return Scale((-value if step.kind is StepKind.HIGHEST else value) - int(component.codes[known[0]]), unknown)
