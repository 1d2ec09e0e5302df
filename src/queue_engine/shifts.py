"""What single events did to the places of one queue, and the account of one application along them.

A `Shift` is a few numbers, and explains the event to everybody in the queue: whoever
knows his place before it knows whether it moved him, and which step decided that.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable

import attrs

from queue_engine.changes import PLACE, Label, PositionChange, Units, group_of, labels, postings
from queue_engine.rules.model import RuleSet


@attrs.frozen
class Shift:
    """What one event did to the places of one queue.

    Whoever stood at place p moved by `sign` if lo <= p <= hi; nobody else moved,
    but the application of the event itself, from `before` to `after`.

    Args:
        kind: what the event is to those who move: "joined", "left", "up" or "down".
        application: whose event it is.
        before: its place; 0 = it was not in the queue.
        after: likewise.
        lo: the first former place that moves.
        hi: the last; less than `lo` when nobody does.
        sign: +1 = one place further back, -1 = one forward.
        cuts: where those that equal the application up to a step end: the last such former place behind it, or for
            "down" the first ahead of it; rising, so from the last step but one to the first, or for "down" back.
        codes: the group of the application at each step; -1 where a step has none.
        changed: the first step at which its own key changed; -1 where it joined or left.

    """

    kind: str
    application: str
    before: int
    after: int
    lo: int
    hi: int
    sign: int
    cuts: tuple[int, ...]
    codes: tuple[int, ...]
    changed: int = -1

    def step_at(self, place: int) -> int:
        """Return the index of the step that decides between the application and who stood at a place it moved.

        >>> shift = Shift("joined", "17", 0, 2, 2, 9, 1, (4, 7), (1, -1, -1))
        >>> [shift.step_at(place) for place in (9, 7, 5, 4)]
        [0, 1, 1, 2]

        """
        cuts = self.cuts
        return bisect_right(cuts, place) if self.kind == "down" else len(cuts) - bisect_left(cuts, place)


def history(
    shifts: Iterable[Shift], rules: RuleSet, application: str, position: int, *, queue: str = ""
) -> PositionChange:
    """Return the account of one application along events, each at its own moment.

    Unlike `difference` it tells everybody who came and went in between; the sums are
    the same. The application's own part names the first step at which its key changed
    and its new group there.

    Args:
        shifts: what the events did, in their order.
        rules: the rules of the queue.
        application: its id.
        position: where it stood before them; 0 = not in the queue.
        queue: the queue's id.

    Complexity: O(events × steps).

    >>> shifts = [Shift("joined", "9", 0, 1, 1, 4, 1, (), (-1,)), Shift("left", "5", 2, 0, 3, 5, -1, (), (-1,))]
    >>> from queue_engine import RuleSet, Step, Title, Vocabulary
    >>> from queue_engine.rules.model import StepKind
    >>> title = Title("номер", "number")
    >>> rules = RuleSet("r", "region", title, Vocabulary({}, {}, {}), order=(Step("number", title, StepKind.LOWEST, fact="n"),))
    >>> history(shifts, rules, "7", 4).by_kind()
    {'left': -1, 'joined': 1}

    """  # noqa: E501 - statements of the example
    place = position
    found: defaultdict[tuple[str, int, int], int] = defaultdict(int)
    for shift in shifts:
        if shift.lo <= place <= shift.hi:
            index = shift.step_at(place)
            found[shift.kind, index, shift.codes[index]] += shift.sign
            place += shift.sign
        elif shift.before == place and (place or shift.application == application):
            assert shift.application == application, "the position does not fit the events"
            index = shift.changed
            found["own", index, shift.codes[index]] += shift.after - place
            place = shift.after
    units: Units = Counter()
    for (kind, index, code), count in found.items():
        units[kind, *_label(rules, index, code)] += count
    return PositionChange(queue, application, position, place, postings(units, labels(rules)))


def _label(rules: RuleSet, index: int, code: int) -> Label:
    if index < 0:
        return PLACE
    step = rules.order[index]
    return step.id, group_of(step, code)
