"""What moved one application in one queue: postings that sum to the change of its place, and their definition.

Between two orders every other application counts as it went: first those who left
go, then the application's own key changes, then the others', and last the joiners
come. That path makes the account unique, whatever happened in between.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TypeAlias

import attrs

from queue_engine.errors import NotInQueueError
from queue_engine.queue import Queue, Queues
from queue_engine.rules.model import Reserve, ReserveKind, RuleSet, Step, StepKind
from queue_engine.rules.one_by_one import Component, first_difference, one_in_order, reserve_between, share_order
from queue_engine.scales import scale_of

Label: TypeAlias = tuple[str, str]
"""(step or reserve, group of the other application at it); ("", "") is the place itself."""
Units: TypeAlias = Counter[tuple[str, str, str]]
"""Counts by (kind, step, group)."""

KINDS = ("left", "joined", "up", "down", "own", "rules", "exception")
"""Who moved: others left, joined, went up past the application or down behind it; it itself; the rules; a decision."""
PLACE: Label = ("", "")


@attrs.frozen
class Posting:
    """A number of places, and why.

    Args:
        kind: one of `KINDS`.
        step: the step (or reserve) that decides between the application and the others: for `left` in the
            old order, for `joined`, `up` and `down` in the new one; "" = its own place, gained or lost.
        group: the group of the others at that step, "yes" or "no" at a `yes_first` step; "" where there is none.
        count: places; positive = further back.
        entry: the entry of the journal that moved the application; 0 = told between two days, not event by event.
        ground: the ground by which the other (or, for `own`, the application) is in the group; "" = none, or not told.

    """

    kind: str
    step: str
    group: str
    count: int
    entry: int = 0
    ground: str = ""


@attrs.frozen
class MassEffect:
    """What one event that concerned many did to one application: its net effect, and who passed whom.

    Args:
        entry: the entry of the journal.
        before: the place before it; 0 = not in the queue.
        after: likewise.
        overtakers: how many who stood behind stand ahead after it.
        overtaken: how many who stood ahead stand behind after it.

    """

    entry: int
    before: int
    after: int
    overtakers: int
    overtaken: int


@attrs.frozen
class PositionChange:
    """An account: the place before, the place after, and postings that sum to the difference.

    Args:
        queue: the queue's id.
        application: its id.
        before: 1-based position; 0 = it was not in the queue.
        after: likewise.
        parts: the postings; along the journal each names its entry.
        mass: along the journal, the events that concerned many.

    >>> change = PositionChange("Garden 5", "17", 3, 4, (Posting("left", "number", "", -1), Posting("joined", "right", "first_turn", 2)))
    >>> change.by_kind()
    {'left': -1, 'joined': 2}

    """  # noqa: E501 - one example, one line

    queue: str
    application: str
    before: int
    after: int
    parts: tuple[Posting, ...]
    mass: tuple[MassEffect, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse an account that does not balance."""
        assert self.before + sum(part.count for part in self.parts) == self.after, "postings must sum to the change"

    def by_kind(self) -> dict[str, int]:
        """Return the places gained or lost by kind, in the order of `KINDS`."""
        found: dict[str, int] = {}
        for part in sorted(self.parts, key=lambda part: KINDS.index(part.kind)):
            found[part.kind] = found.get(part.kind, 0) + part.count
        return found

    def then(self, later: PositionChange) -> PositionChange:
        """Return the account over both periods, equal postings added up; see `merged`.

        >>> first = PositionChange("p", "17", 3, 2, (Posting("left", "number", "", -1),))
        >>> first.then(PositionChange("p", "17", 2, 1, (Posting("left", "number", "", -1),))).parts
        (Posting(kind='left', step='number', group='', count=-2, entry=0, ground=''),)

        """
        assert (self.queue, self.application, self.after) == (later.queue, later.application, later.before)
        parts = added_up((*self.parts, *later.parts))
        return PositionChange(self.queue, self.application, self.before, later.after, parts, self.mass + later.mass)

    def merged(self) -> PositionChange:
        """Return the same account with all that has one kind, step and group added up, whatever the entry and ground.

        >>> seen = (Posting("joined", "number", "", 1, 7), Posting("joined", "number", "", 1, 9))
        >>> PositionChange("p", "17", 3, 5, seen).merged().parts
        (Posting(kind='joined', step='number', group='', count=2, entry=0, ground=''),)

        """
        bare = tuple(attrs.evolve(part, entry=0, ground="") for part in self.parts)
        return attrs.evolve(self, parts=added_up(bare))


def added_up(parts: Iterable[Posting]) -> tuple[Posting, ...]:
    """Return postings with those added up that differ in nothing but the count, in the order they first come."""
    counts: Counter[Posting] = Counter()
    for part in parts:
        counts[attrs.evolve(part, count=0)] += part.count
    return tuple(attrs.evolve(part, count=count) for part, count in counts.items() if count)


def group_of(step: Step, code: int) -> str:
    """Return the group that a code of a step stands for; "" where the step has none."""
    if step.kind is StepKind.GROUPS:
        return step.groups[code].id if code < len(step.groups) else ""
    return ("yes", "no")[code] if step.kind is StepKind.YES_FIRST else ""


def labels(rules: RuleSet) -> list[Label]:
    """Return all that a posting may name, in the order of the rules."""
    found = [PLACE]
    for step in rules.order:
        codes = {StepKind.GROUPS: len(step.groups), StepKind.YES_FIRST: 2}.get(step.kind, 1)
        found += [(step.id, group_of(step, code)) for code in range(codes)]
    return found + [(reserve.id, "") for reserve in moving_reserves(rules)]


def moving_reserves(rules: RuleSet) -> tuple[Reserve, ...]:
    """Return the reserves that change positions."""
    return tuple(reserve for reserve in rules.reserves if reserve.changes_positions)


def postings(units: Mapping[tuple[str, str, str], int], order: Iterable[Label]) -> tuple[Posting, ...]:
    """Return counts as postings, by kind and in the order of the labels, without those that count nothing."""
    index = {label: number for number, label in enumerate(order)}
    found = [Posting(*unit, count) for unit, count in units.items() if count]
    return tuple(sorted(found, key=lambda part: (KINDS.index(part.kind), index[part.step, part.group])))


@attrs.frozen(eq=False)
class Line:
    """One queue as plain names and keys: slow, and easy to see to be right.

    Args:
        rules: what it was ordered by.
        order: the applications from the first place to the last.
        keys: what each has at every step, as `one_by_one.key` gives it.
        entitled: who is entitled to each reserve that changes positions.

    """

    rules: RuleSet
    order: tuple[str, ...] = ()
    keys: Mapping[str, tuple[Component, ...]] = attrs.field(factory=dict)
    entitled: Mapping[str, set[str]] = attrs.field(factory=dict)

    @classmethod
    def of(cls, queues: Queues, name: str) -> Line:
        """Return a queue; an empty line if there is none of that name."""
        queue: Queue | None = queues.get(name)
        if queue is None:
            return cls(queues.rules)
        ranking, order, rows = queue.ranking, tuple(queue), queue.rows.tolist()
        steps = [(scale_of(ranking, component), component.codes) for component in ranking.components]
        keys = [tuple(scale.value(int(codes[row])) for scale, codes in steps) for row in rows]
        held = zip(ranking.reserves, ranking.entitled, strict=True)
        entitled = {
            reserve.id: {name for name, row in zip(order, rows, strict=True) if mask[row]} for reserve, mask in held
        }
        return cls(ranking.rules, order, dict(zip(order, keys, strict=True)), entitled)

    @classmethod
    def made(
        cls,
        rules: RuleSet,
        keys: Mapping[str, tuple[Component, ...]],
        entitled: Mapping[str, set[str]],
        first: str = "",
    ) -> Line:
        """Return the line of given keys; `first` stands before an equal key.

        Complexity: O(n log n), or O(n²) where a reserve holds a share.
        """
        order = sorted(keys, key=lambda name: (keys[name], name != first))
        moving = list(moving_reserves(rules))
        if moving:
            one_in = moving[0].kind is ReserveKind.ONE_IN
            order = one_in_order(order, moving[0], entitled) if one_in else share_order(order, moving, entitled)
        return cls(rules, tuple(order), keys, entitled)

    @cached_property
    def positions(self) -> dict[str, int]:
        """The 1-based positions."""
        return {name: position for position, name in enumerate(self.order, start=1)}

    def ahead(self, other: str, one: str) -> bool:
        """Return whether `other` stands ahead of `one`."""
        return self.positions[other] < self.positions[one]

    def label(self, other: str, one: str) -> Label:
        """Return what decides between two, and the group of `other` at that step."""
        keys, steps = self.keys, self.rules.order
        index = min(first_difference(keys[other], keys[one]), len(steps) - 1)
        ahead = self.ahead(other, one)
        if keys[other] == keys[one] or ahead == (keys[other] < keys[one]):
            return steps[index].id, group_of(steps[index], keys[other][index][1])
        first, second = (other, one) if ahead else (one, other)
        return reserve_between(first, second, list(moving_reserves(self.rules)), self.entitled), ""

    def with_changed(self, one: str, later: Line) -> Line:
        """Return the line as it would stand if only `one` had what it has later."""
        keys = {**self.keys, one: later.keys[one]}
        entitled = {
            name: (held - {one}) | (later.entitled.get(name, set()) & {one}) for name, held in self.entitled.items()
        }
        if keys == self.keys and entitled == self.entitled:
            return self
        # Two numbers may have been exchanged: whoever has not changed yet stands behind an equal key.
        return Line.made(self.rules, keys, entitled, first=one)

    def levels(self, one: str) -> Counter[Label]:
        """Return how many stand ahead by each label, and one for the place itself; nothing if it is not in the line."""
        if one not in self.positions:
            return Counter()
        found = Counter(self.label(other, one) for other in self.order[: self.positions[one] - 1])
        found[PLACE] = 1
        return found


def pairwise_difference(old: Queues, new: Queues, queue: str, application: str) -> PositionChange:
    """Return why a place differs between two orders by the same rules, one pair of applications at a time.

    This is the definition; `difference` gives the same for everybody at once.

    Args:
        old: the earlier order.
        new: the later one.
        queue: the queue's id.
        application: its id.

    Raises:
        NotInQueueError: the application is in neither queue.

    Complexity: O(n log n) comparisons of keys.

    >>> from datetime import date
    >>> from queue_engine import Fact, FactType, RuleSet, Step, Title, Vocabulary, build_tables, order
    >>> from queue_engine.rules.model import StepKind
    >>> title, number = Title("номер", "number"), "application.number"
    >>> facts = {number: Fact(number, FactType.NUMBER, title, unique=True)}
    >>> rules = RuleSet("r", "region", title, Vocabulary(facts, {}, {}), order=(Step("number", title, StepKind.LOWEST, fact=number),))
    >>> def queues(ids):
    ...     return order(build_tables(rules.vocabulary, {"application": ids, "programme": ["p"] * len(ids)}), rules, date(2026, 4, 15))
    >>> change = pairwise_difference(queues([1, 2, 3, 5]), queues([2, 4, 5]), "p", "5")
    >>> change.before, change.after, change.by_kind()
    (4, 3, {'left': -2, 'joined': 1})

    """  # noqa: E501 - statements of the example
    return pair_by_pair(Line.of(old, queue), Line.of(new, queue), queue, application)


def pair_by_pair(before: Line, after: Line, queue: str, one: str) -> PositionChange:
    """Return the account of `pairwise_difference` from two lines."""
    units: Units = Counter()
    if one in before.positions and one in after.positions:
        own = before.with_changed(one, after)
        for other in before.positions.keys() - {one}:
            if other not in after.positions:
                units["left", *before.label(other, one)] -= before.ahead(other, one)
                continue
            units["own", *before.label(other, one)] -= before.ahead(other, one)
            units["own", *own.label(other, one)] += own.ahead(other, one)
            units["up", *after.label(other, one)] += after.ahead(other, one) and not own.ahead(other, one)
            units["down", *after.label(other, one)] -= own.ahead(other, one) and not after.ahead(other, one)
        for other in after.positions.keys() - before.positions.keys():
            units["joined", *after.label(other, one)] += after.ahead(other, one)
    else:
        units = _level_units("own", before, after, one)
    return _balanced(units, before, after, queue, one)


def level_by_level(before: Line, after: Line, queue: str, one: str) -> PositionChange:
    """Return how many more or fewer stand ahead by each step when the rules themselves differ, kind `rules`."""
    return _balanced(_level_units("rules", before, after, one), before, after, queue, one)


def _level_units(kind: str, before: Line, after: Line, one: str) -> Units:
    units: Units = Counter()
    for sign, line in ((-1, before), (1, after)):
        for label, count in line.levels(one).items():
            units[kind, *label] += sign * count
    return units


def _balanced(units: Units, before: Line, after: Line, queue: str, one: str) -> PositionChange:
    first, last = before.positions.get(one, 0), after.positions.get(one, 0)
    if not first and not last:
        message = f"application '{one}' is in queue '{queue}' neither before nor after"
        raise NotInQueueError(message)
    order = dict.fromkeys([*labels(after.rules), *labels(before.rules)])
    return PositionChange(queue, one, first, last, postings(units, order))
