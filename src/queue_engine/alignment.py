"""Two rankings by the same steps, side by side: which places hold the same entry, and keys that compare across both."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from queue_engine.errors import OrderError, Place, Problem
from queue_engine.keys import KeyLayout, sorted_rows
from queue_engine.queue import GENERAL, Queues, Ranking
from queue_engine.rules.model import RuleSet
from queue_engine.scales import Scale, scale_of

Codes = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
"""0-based places in a ranking: queue after queue, each in its order."""
Words = npt.NDArray[np.uint64]

CODES = {
    "T071": "two orders have different steps, so that keys of one say nothing in the other",
    "T072": "two applications of a queue have equal keys, so that nothing says who is ahead",
}
_NOBODY = -1


@attrs.frozen(eq=False)
class Side:
    """One of two rankings, place after place.

    Args:
        ranking: the ranking.
        rows: its rows in their order; the queues in the order common to both sides.
        queue: the common number of the queue at each place.
        mate: the place of the same entry on the other side; -1 = it is not there.
        codes: what each place has at every step; for numbers and times on a scale common to both sides.
        most: the largest number of a queue and code of each step on either side.

    """

    ranking: Ranking
    rows: Places
    queue: Codes
    mate: Places
    codes: tuple[Codes, ...]
    most: tuple[int, ...]

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.rows)

    def applications(self, places: Places | None = None) -> npt.NDArray[np.str_]:
        """Return the ids of the applications at some places, or at all."""
        rows = self.rows if places is None else self.rows[places]
        found: npt.NDArray[np.str_] = self.ranking.tables.applications.ids[self.ranking.application[rows]]
        return found

    def place_of(self, queue: int, application: str) -> int | None:
        """Return where an application stands in a queue of a common number; None if it does not.

        Complexity: O(applications in the queue).
        """
        number = self.ranking.tables.applications.row_of.get(application, _NOBODY)
        first, last = np.searchsorted(self.queue, np.array([queue, queue + 1], np.int64)).tolist()
        found = np.flatnonzero(self.ranking.application[self.rows[first:last]] == number)
        return first + int(found[0]) if len(found) else None

    @cached_property
    def stays(self) -> Mask:
        """At which places an entry stands that is on the other side too."""
        return self.mate >= 0

    @cached_property
    def starts(self) -> tuple[Places, ...]:
        """For every place the first place of its queue, then for every step the first that equals it up to that step.

        Complexity: O(places × steps).
        """
        count = len(self)
        places = np.arange(count)
        differs = np.ones(count, np.bool_)
        found: list[Places] = []
        for codes in (self.queue, *self.codes):
            changes = codes[1:] != codes[:-1]
            differs[1:] = np.logical_or(differs[1:], changes) if found else changes
            found.append(np.maximum.accumulate(np.where(differs, places, 0)))
        return tuple(found)

    @cached_property
    def ends(self) -> tuple[Places, ...]:
        """Likewise the place after the last one that equals it."""
        count = len(self)
        places = np.arange(1, count + 1)
        found: list[Places] = []
        for starts in self.starts:
            last = np.ones(count, np.bool_)
            last[:-1] = starts[1:] != starts[:-1]
            found.append(np.minimum.accumulate(np.where(last, places, count)[::-1])[::-1])
        return tuple(found)

    @cached_property
    def words(self) -> tuple[Words, ...]:
        """Queue and codes of every place in as few words as hold them; they rise from place to place."""
        columns = [self.queue, *self.codes]
        layout = KeyLayout.of(self.most)
        return tuple(layout.pack(columns, word) for word in range(len(layout.words)))

    def refuse_ties(self) -> None:
        """Refuse places whose keys are equal in every step.

        Raises:
            OrderError: naming two applications that are tied.

        """
        tied = np.flatnonzero(self.starts[-1] != np.arange(len(self)))
        if len(tied):
            ids = self.ranking.tables.applications.ids
            first, second = (str(ids[self.ranking.application[self.rows[place]]]) for place in (tied[0] - 1, tied[0]))
            message = f"applications '{first}' and '{second}' have equal keys in one queue"
            remedy = "end the order with a number that no two applications share"
            raise OrderError([Problem(Place(self.ranking.rules.id), "T072", message, remedy)])


def align(old: Queues, new: Queues, *, general: bool = False, same_steps: bool = True) -> tuple[Side, Side]:
    """Return two orders side by side; an entry is told by its application's id and its queue's.

    Args:
        old: the earlier order.
        new: the later one.
        general: whether their general queues are compared, or those of the programmes.
        same_steps: whether keys have to compare across both; where they do not, codes are each side's own.

    Raises:
        OrderError: their steps differ though they should not, or they leave applications tied.

    Complexity: O(places × steps) and one sort of each side's entries.

    """
    if same_steps:
        refuse_other_steps(old.rules, new.rules)
    rankings = [queues.by_application if general else queues.entries for queues in (old, new)]
    names = [(GENERAL,) if general else queues.entries.tables.programmes.ids for queues in (old, new)]
    numbers = _queue_numbers(*names)
    steps = [[(scale_of(ranking, part), part.most) for part in ranking.components] for ranking in rankings]
    bounds = [[(scale.best, most) for scale, most in each] for each in steps]
    if same_steps:
        bounds = [[_common(*pair) for pair in zip(*steps, strict=True)]] * 2
    last = max(len(queue_names(*names)) - 1, 0)
    rows = [_arranged(ranking, number) for ranking, number in zip(rankings, numbers, strict=True)]
    queue = [number[ranking.queue[row]] for ranking, number, row in zip(rankings, numbers, rows, strict=True)]
    mates = _mates(rankings, rows, queue)
    sides = []
    for side, ranking in enumerate(rankings):
        codes = tuple(
            _scaled(part.codes.take(rows[side]), scale, *bound)
            for part, (scale, _), bound in zip(ranking.components, steps[side], bounds[side], strict=True)
        )
        most = (last, *(each for _, each in bounds[side]))
        sides.append(Side(ranking, rows[side], queue[side], mates[side], codes, most))
        sides[-1].refuse_ties()
    return sides[0], sides[1]


def refuse_other_steps(old: RuleSet, new: RuleSet) -> None:
    """Refuse two rule sets unless they order by the same steps, groups and reserves.

    Conditions may differ: what a child has at a step changes from day to day.

    Raises:
        OrderError: naming what differs.

    """
    shapes = [_shape(rules) for rules in (old, new)]
    if shapes[0] != shapes[1]:
        differing = [str(part[0]) for part in (*shapes[0], *shapes[1]) if (part in shapes[0]) != (part in shapes[1])]
        names = ", ".join(dict.fromkeys(differing)) or "their order"
        message = f"the rules of the two orders have different steps: {names}"
        raise OrderError([Problem(Place(new.id), "T071", message, "compare them by level_difference")])


def alike(old: RuleSet, new: RuleSet) -> bool:
    """Return whether two rule sets order by the same steps, groups and reserves, so that keys of both compare."""
    return _shape(old) == _shape(new)


def _shape(rules: RuleSet) -> list[tuple[object, ...]]:
    steps = [(step.id, step.kind, step.fact, tuple(group.id for group in step.groups)) for step in rules.order]
    moving = [(each.id, each.kind, each.amount) for each in rules.reserves if each.changes_positions]
    return [*steps, *moving]


def _common(old: tuple[Scale, int], new: tuple[Scale, int]) -> tuple[int, int]:
    """Return the best value on either side and the largest code counted from it."""
    known = [(scale, most) for scale, most in (old, new) if scale.unknown != 0]
    best = min((scale.best for scale, _ in known), default=0)
    last = max((scale.best + most - (scale.unknown is not None) for scale, most in known), default=best)
    return best, last - best + any(scale.unknown is not None for scale, _ in (old, new))


def _scaled(codes: Codes, scale: Scale, best: int, most: int) -> Codes:
    """Return codes counted from a common best value; whatever is not known comes last."""
    if scale.best == best and scale.unknown in (None, most):
        return codes
    wide = codes.astype(np.int64) + (scale.best - best)
    if scale.unknown is not None:
        wide[codes == scale.unknown] = most
    return wide.astype(np.min_scalar_type(most))


def queue_names(old: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
    """Return the queues of both sides by their common number: the new ones as they are, the closed ones after them."""
    return tuple(dict.fromkeys([*new, *old]))


def _queue_numbers(old: Sequence[str], new: Sequence[str]) -> tuple[Codes, Codes]:
    """Return the common number of each queue of either side."""
    index = {name: number for number, name in enumerate(queue_names(old, new))}
    kind = np.min_scalar_type(len(index))
    return np.array([index[name] for name in old], kind), np.arange(len(new), dtype=kind)


def _arranged(ranking: Ranking, common: Codes) -> Places:
    """Return the rows in their order, queues by their common number."""
    if (common[1:] > common[:-1]).all():
        return ranking.order
    return ranking.order[np.argsort(common[ranking.queue[ranking.order]], kind="stable")]


def _mates(rankings: Sequence[Ranking], rows: Sequence[Places], queue: Sequence[Codes]) -> tuple[Places, Places]:
    """Return for the places of either side where the same entry stands on the other; -1 = nowhere."""
    old, new = rankings
    application = [_numbers_in(old, new)[old.application[rows[0]]], new.application[rows[1]].astype(np.int64)]
    mates = [np.full(len(each), _NOBODY) for each in rows]
    places = [np.flatnonzero(each >= 0) for each in application]
    if all(map(len, places)):
        queues = 1 + max(int(each.max()) for each in queue)
        most = [len(new.tables.applications), queues]
        words = []
        for side in (0, 1):
            here = places[side]
            columns = [application[side][here].view(np.uint64), queue[side][here]]
            places[side] = here[sorted_rows(columns, most, np.arange(len(here)))]
            words.append(application[side][places[side]] * queues + queue[side][places[side]])
        found = np.minimum(np.searchsorted(words[1], words[0]), len(words[1]) - 1)
        same = words[1][found] == words[0]
        old_places, new_places = places[0][same], places[1][found[same]]
        mates[0][old_places], mates[1][new_places] = new_places, old_places
    return mates[0], mates[1]


def _numbers_in(old: Ranking, new: Ranking) -> Places:
    """Return the new row of each application of the old tables; -1 = it is gone."""
    before, after = old.tables.applications, new.tables.applications
    if before is after or np.array_equal(before.ids, after.ids):
        return np.arange(len(before))
    row_of = after.row_of
    return np.fromiter((row_of.get(name, _NOBODY) for name in before.ids.tolist()), np.int64, len(before))


def places_before(words: Sequence[Words], wanted: Sequence[Words], *, equal: bool) -> Places:
    """Return how many sorted keys stand before each wanted key.

    Args:
        words: the words of the keys, the most important first; the keys rise.
        wanted: the same words of the wanted keys.
        equal: whether keys equal to the wanted one count.

    Complexity: O(wanted × log keys).

    >>> keys, wanted = [np.array([1, 1, 2]), np.array([5, 7, 0])], [np.array([1, 1, 3]), np.array([7, 8, 0])]
    >>> places_before(keys, wanted, equal=False).tolist(), places_before(keys, wanted, equal=True).tolist()
    ([1, 2, 3], [2, 2, 3])

    """
    low = np.searchsorted(words[0], wanted[0], "left")
    high = np.searchsorted(words[0], wanted[0], "right")
    for word, target in zip(words[1:], wanted[1:], strict=True):
        low, high = _bound(word, target, low, high, equal=False), _bound(word, target, low, high, equal=True)
    return high if equal else low


def _bound(word: Words, target: Words, low: Places, high: Places, *, equal: bool) -> Places:
    """Return where each target belongs among word[low:high], by halving all the intervals at once."""
    low, high = low.copy(), high.copy()
    searching = np.flatnonzero(low < high)
    while len(searching):
        middle = (low[searching] + high[searching]) >> 1
        found, wanted = word[middle], target[searching]
        right = found <= wanted if equal else found < wanted
        low[searching[right]] = middle[right] + 1
        high[searching[~right]] = middle[~right]
        searching = searching[low[searching] < high[searching]]
    return low
