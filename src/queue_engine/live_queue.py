"""One queue kept under single events: the same order as `ordering.order` gives, and whom each event moved.

An event changes one key, or who is there at all, so that everybody else moves by one
place at most, and exactly those between two places move; see `Shift`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from operator import or_

from sortedcontainers import SortedList

from queue_engine.changes import moving_reserves
from queue_engine.errors import NotInQueueError, OrderError, Place, Problem
from queue_engine.queue import Queue
from queue_engine.rules.model import RuleSet, Step
from queue_engine.scales import Scale, scale_of
from queue_engine.shifts import Shift

Key = tuple[tuple[int, int], ...]
"""A priority key as `one_by_one.key` gives it: (0 known or 1 unknown, value) a step, the smaller further ahead."""

CODES = {
    "T073": "a reserve changes positions, so that one event may move everybody: order the queue anew",
    "T074": "the application is in the queue already",
    "T075": "another application has the same key in every step",
}
_VALUE_BITS = 64


class LiveQueue:
    """One queue under single events: who stands where, O(log n) an event.

    >>> from queue_engine import FactType, Fact, RuleSet, Step, Title, Vocabulary
    >>> from queue_engine.rules.model import StepKind
    >>> title, number = Title("номер", "number"), "application.number"
    >>> facts = {number: Fact(number, FactType.NUMBER, title, unique=True)}
    >>> rules = RuleSet("r", "region", title, Vocabulary(facts, {}, {}), order=(Step("number", title, StepKind.LOWEST, fact=number),))
    >>> queue = LiveQueue(rules, {"17": ((0, 17),), "20": ((0, 20),)})
    >>> queue.join("18", ((0, 18),)).after, list(queue)
    (2, ['17', '18', '20'])
    >>> shift = queue.leave("17")
    >>> shift.lo, shift.hi, shift.sign, queue.position_of("20")
    (2, 3, -1, 2)

    """  # noqa: E501 - statements of the example

    def __init__(self, rules: RuleSet, keys: Mapping[str, Key] | None = None, *, name: str = "") -> None:
        """Make a queue of applications with given keys.

        Args:
            rules: whose steps the keys have; from `rules_on`.
            keys: the priority key of each application.
            name: the queue's id, for accounts and messages.

        Raises:
            OrderError: a reserve of the rules changes positions, or two keys are equal.

        """
        self.rules, self.name = rules, name
        moving = moving_reserves(rules)
        if moving:
            message = f"reserve '{moving[0].id}' of '{rules.id}' changes positions; a live queue cannot hold it"
            raise OrderError([Problem(Place(rules.id), "T073", message, "order the queue anew after each event")])
        self._widths = tuple(_width(step) for step in rules.order)
        self._below = tuple(sum(self._widths[index + 1 :]) for index in range(len(self._widths)))
        self._fields = tuple(
            (below, (1 << width) - 1, bool(step.fact), _last_group(step))
            for step, width, below in zip(rules.order, self._widths, self._below, strict=True)
        )
        self._keys: dict[str, int] = {}
        self._owners: dict[int, str] = {}
        self._line: SortedList[int] = SortedList()
        self._load([(name, self._packed(key)) for name, key in (keys or {}).items()])

    @classmethod
    def of(cls, queue: Queue) -> LiveQueue:
        """Return a queue of `order`, ready for events.

        Complexity: O(n log n).
        """
        made = cls(queue.ranking.rules, name=queue.id)
        rows = queue.rows
        packed = [0] * len(rows)
        for component, width in zip(queue.ranking.components, made._widths, strict=True):
            codes = component.codes[rows].tolist()
            fields = _fields_of(scale_of(queue.ranking, component), codes) if component.step.fact else codes
            packed = list(map(or_, (key << width for key in packed), fields))
        made._load(list(zip(queue.applications(), packed, strict=True)))
        return made

    def __len__(self) -> int:
        """Return how many applications stand in the queue."""
        return len(self._line)

    def __iter__(self) -> Iterator[str]:
        """Yield the applications from the first place to the last."""
        return map(self._owners.__getitem__, self._line)

    def __contains__(self, application: object) -> bool:
        """Return whether an application is in the queue."""
        return application in self._keys

    def position_of(self, application: str) -> int:
        """Return the 1-based position of an application.

        Raises:
            NotInQueueError: it is not in this queue.

        Complexity: O(log n).

        """
        return int(self._line.bisect_left(self._key_of(application))) + 1

    def place_if(self, application: str, key: Key) -> int:
        """Return the 1-based position an application, in the queue or not, would have with another key.

        Complexity: O(log n).
        """
        packed = self._packed(key)
        own = self._keys.get(application)
        return int(self._line.bisect_left(packed)) + 1 - (own is not None and own < packed)

    def at(self, position: int) -> str:
        """Return the application at a 1-based position.

        Raises:
            NotInQueueError: there is no such position.

        Complexity: O(log n).

        """
        if not 1 <= position <= len(self):
            message = f"queue '{self.name}' has {len(self)} places; there is no place {position}"
            raise NotInQueueError(message)
        return self._owners[self._line[position - 1]]

    def key_of(self, application: str) -> Key:
        """Return the priority key of an application.

        Raises:
            NotInQueueError: it is not in this queue.

        """
        return self._unpacked(self._key_of(application))

    def join(self, application: str, key: Key) -> Shift:
        """Put an application at its place.

        Raises:
            OrderError: it is in the queue already, or its key is another's.

        Complexity: O(log n) a step.

        """
        if application in self._keys:
            message = f"application '{application}' is in queue '{self.name}' already"
            raise OrderError([Problem(Place(self.name), "T074", message, "change its key instead")])
        packed = self._packed(key)
        self._refuse_tie(application, packed)
        before = self._line.bisect_left(packed)
        cuts = self._cuts_behind(packed, before, len(self))
        shift = Shift("joined", application, 0, before + 1, before + 1, len(self), 1, cuts, self._codes(packed))
        self._put(application, packed)
        return shift

    def leave(self, application: str) -> Shift:
        """Take an application out.

        Raises:
            NotInQueueError: it is not in this queue.

        Complexity: O(log n) a step.

        """
        packed = self._key_of(application)
        place = self._line.bisect_left(packed) + 1
        cuts = self._cuts_behind(packed, place, len(self))
        shift = Shift("left", application, place, 0, place + 1, len(self), -1, cuts, self._codes(packed))
        self._take(application, packed)
        return shift

    def change(self, application: str, key: Key) -> Shift:
        """Give an application another key, and the place that goes with it.

        Raises:
            NotInQueueError: it is not in this queue.
            OrderError: its key would be another's.

        Complexity: O(log n) a step.

        """
        former, packed = self._key_of(application), self._packed(key)
        before, codes = self._line.bisect_left(former) + 1, self._codes(packed)
        if packed == former:
            return Shift("up", application, before, before, before, before - 1, 1, (), codes)
        self._refuse_tie(application, packed)
        differs = former ^ packed
        changed = next(index for index, below in enumerate(self._below) if differs >> below)
        self._take(application, former)
        after = self._line.bisect_left(packed) + 1
        if packed < former:
            cuts = self._cuts_behind(packed, after - 1, before - 1)
            shift = Shift("up", application, before, after, after, before - 1, 1, cuts, codes, changed)
        else:
            cuts = self._cuts_ahead(packed, before + 1, after + 1)
            shift = Shift("down", application, before, after, before + 1, after, -1, cuts, codes, changed)
        self._put(application, packed)
        return shift

    def _cuts_behind(self, packed: int, first: int, last: int) -> tuple[int, ...]:
        """Return the cuts of everybody who moves and is behind a key.

        Args:
            packed: the key.
            first: the last place that is not behind it.
            last: the last place that moves.

        """
        cuts: list[int] = []
        for below, mask, _, last_group in self._fields[:-1]:
            # Behind the last group of a step there is nobody who was equal before it.
            if last > first and packed >> below & mask != last_group:
                last = min(last, self._line.bisect_left(((packed >> below) + 1) << below))
            cuts.append(last)
        return tuple(reversed(cuts))

    def _cuts_ahead(self, packed: int, first: int, last: int) -> tuple[int, ...]:
        """Return the cuts of everybody who moves and is ahead of a key; its application has left its former place.

        Args:
            packed: the key.
            first: the first place that moves.
            last: the place after the last that moves.

        """
        cuts: list[int] = []
        for below, mask, fact, _ in self._fields[:-1]:
            if first < last and (fact or packed >> below & mask):
                # Counted from 1, and one more for the former place, which is free now.
                first = max(first, self._line.bisect_left((packed >> below) << below) + 2)
            cuts.append(first)
        return tuple(cuts)

    def _codes(self, packed: int) -> tuple[int, ...]:
        return tuple([-1 if fact else packed >> below & mask for below, mask, fact, _ in self._fields])

    def _packed(self, key: Key) -> int:
        packed = 0
        for (_, mask, fact, _), width, (unknown, value) in zip(self._fields, self._widths, key, strict=True):
            field = value
            if fact:
                field = 1 << _VALUE_BITS if unknown else value + _OFFSET
            assert 0 <= field <= mask, f"{value} is no value that a key has"
            packed = packed << width | field
        return packed

    def _unpacked(self, packed: int) -> Key:
        key = []
        for below, mask, fact, _ in self._fields:
            field = packed >> below & mask
            if fact:
                key.append((1, 0) if field >> _VALUE_BITS else (0, field - _OFFSET))
            else:
                key.append((0, field))
        return tuple(key)

    def _key_of(self, application: str) -> int:
        if application not in self._keys:
            message = f"application '{application}' is not in queue '{self.name}'"
            raise NotInQueueError(message)
        return self._keys[application]

    def _refuse_tie(self, application: str, packed: int) -> None:
        if packed in self._owners:
            other = self._owners[packed]
            message = f"applications '{application}' and '{other}' have equal keys in queue '{self.name}'"
            remedy = "end the order with a number that no two applications share"
            raise OrderError([Problem(Place(self.rules.id), "T075", message, remedy)])

    def _put(self, application: str, packed: int) -> None:
        self._line.add(packed)
        self._keys[application] = packed
        self._owners[packed] = application

    def _take(self, application: str, packed: int) -> None:
        self._line.remove(packed)
        del self._keys[application], self._owners[packed]

    def _load(self, entries: Sequence[tuple[str, int]]) -> None:
        for application, packed in entries:
            self._refuse_tie(application, packed)
            self._keys[application] = packed
            self._owners[packed] = application
        self._line.update(packed for _, packed in entries)

    def _check(self) -> None:
        """Assert everything that holds between two events."""
        packed = list(self._line)
        assert all(ahead < behind for ahead, behind in pairwise(packed)), "keys rise"
        assert {application: key for key, application in self._owners.items()} == self._keys, "two maps, one relation"
        assert sorted(self._owners) == packed, "everybody in the line has an owner"
        assert all(self._packed(self._unpacked(key)) == key for key in packed), "packing loses nothing"
        for position, application in enumerate(self, start=1):
            assert self.position_of(application) == position
            assert self.at(position) == application


_OFFSET = 1 << (_VALUE_BITS - 1)


def _width(step: Step) -> int:
    """Return how many bits a step takes: a whole number of 64 bits and whether it is known, or a group."""
    return 1 + _VALUE_BITS if step.fact else max(len(step.groups), 1).bit_length()


def _last_group(step: Step) -> int:
    """Return the code behind which nobody stands at a step; -1 where there may always be somebody."""
    return -1 if step.fact else max(len(step.groups) - 1, 1)


def _fields_of(scale: Scale, codes: list[int]) -> list[int]:
    shift, unknown = scale.best + _OFFSET, scale.unknown
    return [1 << _VALUE_BITS if code == unknown else code + shift for code in codes]
