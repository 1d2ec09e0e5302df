"""Accounts of everybody as arrays: made by prefix sums and difference arrays over whole orders.

For those who left, joined, or stand ahead of a changed key, prefix sums count; for
those who overtook, a difference array. Each count is that of `changes.pairwise_difference`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from queue_engine.alignment import Codes, Mask, Places, Side, places_before
from queue_engine.changes import PLACE, Label, PositionChange, group_of, labels, postings
from queue_engine.errors import NotInQueueError

Counts: TypeAlias = npt.NDArray[np.int32]
Unit: TypeAlias = tuple[str, str, str]
"""(kind, step, group) of a posting."""


@attrs.frozen(eq=False)
class Accounts:
    """The accounts of every entry of one kind of queue, one array a posting.

    Rows are the places of the new order, queue after queue, and then those who left,
    in the old one. Every row balances: before + the sum of its counts = after.

    Args:
        queues: the names of the queues.
        old: the places of the earlier order.
        new: those of the later one.
        counts: places gained or lost by (kind, step, group); what is nowhere is left out.

    """

    queues: tuple[str, ...]
    old: Side
    new: Side
    counts: Mapping[Unit, Counts]

    def __attrs_post_init__(self) -> None:
        """Refuse accounts that do not balance."""
        total = self.before.copy()
        for counts in self.counts.values():
            total += counts
        assert np.array_equal(total, self.after), "postings must sum to the change"

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.new) + len(self.leavers)

    @cached_property
    def leavers(self) -> Places:
        """The old places of those who left."""
        return np.flatnonzero(~self.old.stays)

    @cached_property
    def before(self) -> Counts:
        """The 1-based position of each row in the old order; 0 = not in it."""
        positions = _positions(self.old)
        staying = np.where(self.new.stays, positions.take(self.new.mate, mode="clip") if len(positions) else 0, 0)
        return np.concatenate([staying, positions[self.leavers]]).astype(np.int32)

    @cached_property
    def after(self) -> Counts:
        """The 1-based position of each row in the new order; 0 = not in it."""
        return np.concatenate([_positions(self.new), np.zeros(len(self.leavers), np.int32)])

    @cached_property
    def queue(self) -> npt.NDArray[np.integer]:
        """The index of each row's queue in `queues`."""
        return np.concatenate([self.new.queue, self.old.queue[self.leavers]])

    @cached_property
    def applications(self) -> npt.NDArray[np.str_]:
        """The application of each row."""
        return np.concatenate([self.new.applications(), self.old.applications(self.leavers)])

    def of(self, queue: str, application: str) -> PositionChange:
        """Return the account of one application in one queue.

        Raises:
            NotInQueueError: it is in the queue neither before nor after.

        Complexity: O(applications in the queue).

        """
        row = self._row(queue, application)
        if row is None:
            message = f"application '{application}' is in queue '{queue}' neither before nor after"
            raise NotInQueueError(message)
        units = {unit: int(counts[row]) for unit, counts in self.counts.items()}
        parts = postings(units, _labels(self.old, self.new))
        return PositionChange(queue, application, int(self.before[row]), int(self.after[row]), parts)

    def _row(self, queue: str, application: str) -> int | None:
        if queue not in self.queues:
            return None
        number = self.queues.index(queue)
        place = self.new.place_of(number, application)
        if place is not None:
            return place
        place = self.old.place_of(number, application)
        return None if place is None else len(self.new) + int(np.searchsorted(self.leavers, place))


class Ledger:
    """Counts being posted, a row an entry: the new places, then those who left."""

    def __init__(self, old: Side, new: Side) -> None:
        """Prepare; nothing is posted yet."""
        self.old, self.new = old, new
        self.counts: dict[Unit, Counts] = {}
        self._joiners = np.flatnonzero(~new.stays)
        self._leavers = np.flatnonzero(~old.stays)
        self._staying = np.flatnonzero(new.stays)  # new places
        self._stayed = new.mate[self._staying]  # the old places of the same entries

    def post(self, unit: Unit, rows: Places | int, counts: npt.NDArray[Any] | int) -> None:
        """Add counts to rows, each row once."""
        if unit not in self.counts:
            self.counts[unit] = np.zeros(len(self.new) + len(self._leavers), np.int32)
        self.counts[unit][rows] += counts

    def post_moves(self) -> None:
        """Post the account of two orders by the same rules."""
        for label, counts in levels(self.old, ~self.old.stays, at(self.old.starts, self._stayed)):
            self.post(("left", *label), self._staying, -counts)
        for label, counts in levels(self.new, ~self.new.stays, at(self.new.starts, self._staying)):
            self.post(("joined", *label), self._staying, counts)
        self._post_all("own", self._joiners, self._leavers)
        changed = np.zeros(len(self._staying), np.bool_)
        for before, after in zip(self.old.words, self.new.words, strict=True):
            changed |= before[self._stayed] != after[self._staying]
        movers = np.flatnonzero(changed)
        if len(movers):
            self._post_own(self._stayed[movers], self._staying[movers])
            self._post_overtaking(self._stayed[movers], self._staying[movers])

    def post_levels(self) -> None:
        """Post how many more or fewer stand ahead by each step, when keys do not compare."""
        self._post_all("rules", np.arange(len(self.new)), np.arange(len(self.old)))

    def _post_all(self, kind: str, new: Places, old: Places) -> None:
        """Post everybody ahead at new places, and take off everybody ahead at old ones."""
        row_of = self.old.mate.copy()
        row_of[self._leavers] = np.arange(len(self.new), len(self.new) + len(self._leavers))
        for side, places, rows, sign in ((self.new, new, new, 1), (self.old, old, row_of[old], -1)):
            if len(places):
                self.post((kind, *PLACE), rows, sign)
                for label, counts in levels(side, np.ones(len(side), np.bool_), at(side.starts, places)):
                    self.post((kind, *label), rows, sign * counts)

    def _post_own(self, before: Places, after: Places) -> None:
        """Post the own change of movers: who of those staying was ahead of the new key, less who was of the old."""
        old, new = self.old, self.new
        for label, counts in levels(old, old.stays, at(old.starts, before)):
            self.post(("own", *label), after, -counts)
        for label, counts in levels(old, old.stays, self._starts_of_new_keys(after)):
            self.post(("own", *label), after, counts)
        same = np.ones(len(before), np.bool_)
        for index, (was, now) in enumerate(zip(old.codes, new.codes, strict=True)):
            behind_itself = same & (was[before] < now[after])  # its former key is none of the others'
            for code, label in labels_of(old, index):
                itself = after[behind_itself & having(was, before, code)]
                if len(itself):
                    self.post(("own", *label), itself, -1)
            same &= was[before] == now[after]

    def _starts_of_new_keys(self, after: Places) -> list[Places]:
        """Return where new keys would stand among the old keys of those staying, as `Side.starts` says it of places."""
        old, new = self.old, self.new
        staying = np.flatnonzero(old.stays)
        ahead = places_before(at(old.words, staying), at(new.words, after), equal=False)
        nearest = staying[np.maximum(ahead - 1, 0)]
        here = np.where(ahead > 0, nearest + 1, 0)
        shared = ahead > 0
        found = []
        for starts, was, now in zip(old.starts, (old.queue, *old.codes), (new.queue, *new.codes), strict=True):
            shared = shared & (was[nearest] == now[after])
            found.append(np.where(shared, starts[nearest], here))
        return found

    def _post_overtaking(self, before: Places, after: Places) -> None:
        """Post on the places between the old and the new key of each mover, by the step that decides on the new."""
        old, new = self.old, self.new
        not_ahead = places_before(at(new.words, self._staying), at(old.words, before), equal=True)
        former = np.append(self._staying, len(new))[not_ahead]
        starts, ends = at(new.starts, after), at(new.ends, after)
        for index, codes in enumerate(new.codes):
            up = ends[index + 1], np.minimum(ends[index], former)
            down = np.maximum(starts[index], former), starts[index + 1]
            for kind, sign, (first, last) in (("up", 1, up), ("down", -1, down)):
                for code, label in labels_of(new, index):
                    passing = (first < last) & having(codes, after, code)
                    if passing.any():
                        counts = covering(first[passing], last[passing], len(new))
                        self.post((kind, *label), self._staying, sign * counts[self._staying])


def at(arrays: Sequence[npt.NDArray[Any]], places: Places) -> list[npt.NDArray[Any]]:
    """Return some places of each array.

    >>> at([np.array([5, 6, 7]), np.array([1, 2, 3])], np.array([0, 2]))
    [array([5, 7]), array([1, 3])]

    """
    return [array.take(places) for array in arrays]


def covering(first: Places, last: Places, count: int) -> Places:
    """Return for each of `count` places how many of the intervals [first, last) it lies in.

    >>> covering(np.array([0, 1]), np.array([2, 4]), 5).tolist()
    [1, 2, 1, 1, 0]

    """
    steps = np.bincount(first, minlength=count + 1) - np.bincount(last, minlength=count + 1)
    return np.cumsum(steps[:count])


def labels_of(side: Side, index: int) -> list[tuple[int | None, Label]]:
    """Return the groups of a step by code; where there are none, one label for any code."""
    step = side.ranking.rules.order[index]
    if step.fact:
        return [(None, (step.id, ""))]
    codes = range(side.most[1 + index] + 1)
    return [(code, (step.id, group_of(step, code))) for code in codes]


def having(codes: Codes, places: Places, code: int | None) -> Mask:
    """Return at which of some places a code stands; None = any."""
    return np.ones(len(places), np.bool_) if code is None else codes.take(places) == code


def levels(side: Side, counted: Mask, starts: Sequence[Places]) -> Iterator[tuple[Label, Counts]]:
    """Yield, by what decides, how many of the counted are ahead.

    Args:
        side: where they stand.
        counted: at which places those stand that count.
        starts: for each asked the first place of its queue, then for every step the first that equals it so far.

    Complexity: O(places + asked) a group.

    """
    if not counted.any():
        return
    every = _sums(counted)
    for index, codes in enumerate(side.codes):
        groups = labels_of(side, index)
        for code, label in groups[:-1] or groups:  # nobody is ahead by standing in the last group
            sums = every if code is None else _sums(counted & (codes == code))
            counts = sums[starts[index + 1]] - sums[starts[index]]
            if counts.any():
                yield label, counts


def _sums(mask: Mask) -> Counts:
    """Return how many hold before each place, and in all."""
    sums = np.zeros(len(mask) + 1, np.int32)
    np.cumsum(mask, out=sums[1:])
    return sums


def _positions(side: Side) -> Counts:
    return (np.arange(1, len(side) + 1) - side.starts[0]).astype(np.int32)


def _labels(old: Side, new: Side) -> list[Label]:
    return list(dict.fromkeys([*labels(new.ranking.rules), *labels(old.ranking.rules)]))
