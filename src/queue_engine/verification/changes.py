"""Why places differ from one published order of a queue to the next (§7)."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .documents import Step, Version
from .ordering import Member, arranged

KINDS = ("left", "joined", "up", "down", "own", "rules")

Key = tuple[tuple[int, int], ...]
Label = tuple[str, str]
Part = tuple[str, str, str, int]
Units = Counter[tuple[int, str, str]]  # by the number of the kind, the step and the group
_LEFT, _JOINED, _UP, _DOWN, _OWN, _RULES = range(len(KINDS))


@dataclass(slots=True)
class Order:
    """A published order that is right: who stands where, and why."""

    names: Sequence[str]
    members: Mapping[str, Member]
    version: Version
    place: dict[str, int] = field(init=False)
    by_key: list[str] = field(init=False)
    keys: list[Key] = field(init=False)
    _alike: dict[Key, tuple[int, int]] = field(init=False)  # by the first steps of keys: the first of them, how many

    def __post_init__(self) -> None:
        self.place = {name: number for number, name in enumerate(self.names, 1)}
        self.by_key = sorted(self.names, key=lambda name: self.members[name].key)
        self.keys = [self.members[name].key for name in self.by_key]
        self._alike = {}
        for number, key in enumerate(self.keys):
            for steps in range(len(key) + 1):
                first, count = self._alike.get(key[:steps], (number, 0))
                self._alike[key[:steps]] = first, count + 1

    def label(self, mine: Member, theirs: Member, *, ahead: bool) -> Label:
        """Return where another application stands, as seen from one.

        Args:
            mine: the one.
            theirs: the other.
            ahead: whether the other stands ahead.

        """
        for step, one, other in zip(self.version.order, mine.key, theirs.key, strict=True):
            if one == other:
                continue
            if (other < one) is not ahead:
                break
            return _label(step, other[1])
        first, second = (theirs, mine) if ahead else (mine, theirs)
        for reserve, held, missed in zip(self.version.reserves, first.entitled, second.entitled, strict=True):
            if held and not missed:
                return reserve.id, ""
        return (self.version.reserves[0].id, "") if self.version.reserves else ("", "")

    def levels(self, name: str) -> Counter[Label]:
        """Return one unit for everybody ahead of an application, and one for itself; none if it is not here."""
        if name not in self.place:
            return Counter()
        mine = self.members[name]
        if self.version.reserves:
            ahead = self.names[: self.place[name] - 1]
            units = Counter(self.label(mine, self.members[other], ahead=True) for other in ahead)
        else:
            units = self._levels_by_key(mine.key)
        units["", ""] += 1
        return units

    def _levels_by_key(self, key: Key) -> Counter[Label]:
        """Count those ahead step by step: at each one, those alike in all steps before and smaller in this one."""
        units: Counter[Label] = Counter()
        for number, step in enumerate(self.version.order):
            before, mine = key[:number], key[number]
            if step.kind in ("groups", "yes_first"):  # few values, each with a label of its own
                for value in range(mine[1]):
                    units[_label(step, value)] += self._alike.get((*before, (0, value)), (0, 0))[1]
            else:
                units[step.id, ""] += self._alike[*before, mine][0] - self._alike[before][0]
        return units

    def with_key(self, name: str, member: Member) -> Callable[[str], bool]:
        """Return who stands ahead of an application here, if it had another key and other entitlements."""
        if not self.version.reserves:
            return lambda other: self.members[other].key < member.key
        place = self.place
        if member != self.members[name]:
            order, keys = list(self.by_key), list(self.keys)
            at = order.index(name)
            del order[at], keys[at]
            order.insert(bisect_left(keys, member.key), name)
            moved = arranged(order, {**self.members, name: member}, self.version.reserves)
            place = {other: number for number, other in enumerate(moved, 1)}
        mine = place[name]
        return lambda other: place[other] < mine


def _label(step: Step, value: int) -> Label:
    """Return what a value of a step is called."""
    if step.kind == "groups":
        return step.id, step.groups[value].id if value < len(step.groups) else ""
    if step.kind == "yes_first":
        return step.id, "no" if value else "yes"
    return step.id, ""


def explained(old: Order, new: Order) -> Iterator[tuple[str, list[Part]]]:
    """Yield the applications of either order with the parts of their moves, in the order of the file.

    Args:
        old: the order published before.
        new: the order published now.

    Complexity: without reserves, the applications times those that left, joined or have another key, and only the
    applications where the rules are not alike; with reserves, all pairs.

    """
    gone = [name for name in old.names if name not in new.place]
    if old.version.alike() != new.version.alike():
        for name in (*new.names, *gone):
            yield name, _parts(_difference(old, new, name, _RULES))
        return
    pair = _Pair(old, new, gone)
    for name in (*new.names, *gone):
        if name in old.place and name in new.place:
            yield name, _parts(pair.moves(name))
        else:
            yield name, _parts(_difference(old, new, name, _OWN))


def _difference(old: Order, new: Order, name: str, kind: int) -> Units:
    units: Units = Counter()
    for order, sign in ((new, 1), (old, -1)):
        for (step, group), count in order.levels(name).items():
            units[kind, step, group] += sign * count
    return units


class _Pair:
    """Two orders whose rules are alike."""

    def __init__(self, old: Order, new: Order, gone: Sequence[str]) -> None:
        self.old = old
        self.new = new
        self.gone = gone
        self.joined = [name for name in new.names if name not in old.place]
        self.both = [name for name in new.names if name in old.place]
        changed = [name for name in self.both if old.members[name] != new.members[name]]
        self.moving = self.both if new.version.reserves else changed  # who may stand elsewhere, seen from another

    def moves(self, name: str) -> Units:
        """Count the units of an application that stands in both orders."""
        units: Units = Counter()
        old, new, after = self.old, self.new, self.new.members[name]
        for other in self.gone:
            if old.place[other] < old.place[name]:
                units[_LEFT, *old.label(old.members[name], old.members[other], ahead=True)] -= 1
        for other in self.joined:
            if new.place[other] < new.place[name]:
                units[_JOINED, *new.label(after, new.members[other], ahead=True)] += 1
        middle = old.with_key(name, after)
        if after != old.members[name]:
            self._own(name, middle, units)
        for other in self.moving:
            now = new.place[other] < new.place[name]
            if other != name and middle(other) is not now:
                label = new.label(after, new.members[other], ahead=now)
                units[(_UP if now else _DOWN), *label] += 1 if now else -1
        return units

    def _own(self, name: str, middle: Callable[[str], bool], units: Units) -> None:
        old, before, after = self.old, self.old.members[name], self.new.members[name]
        for other in self.both:
            if other == name:
                continue
            if middle(other):
                units[_OWN, *old.label(after, old.members[other], ahead=True)] += 1
            if old.place[other] < old.place[name]:
                units[_OWN, *old.label(before, old.members[other], ahead=True)] -= 1


def _parts(units: Units) -> list[Part]:
    return [(KINDS[kind], step, group, count) for (kind, step, group), count in sorted(units.items()) if count]
