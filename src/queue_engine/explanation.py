"""Why a place is what it is: who is ahead, counted by the step and the group that decides.

`standing` gives exact numbers, for officers. `public_parts` merges them for
parents: a label is told only when at least K applications of the queue share it,
what is left is told under the wider label, and the counts still sum exactly.
"""

from __future__ import annotations

import attrs
import numpy as np
import numpy.typing as npt

from queue_engine.facts import Title
from queue_engine.queue import Queue
from queue_engine.rules.compile import Component
from queue_engine.rules.model import Group, LegalBasis, Reserve, Step, StepKind

SMALLEST_SHARED = 5
"""K: how many applications of a queue must share a label before parents are told it (a setting, 5 to 10)."""

RULES = Title("правила приёма", "the rules of admission")

Rows = npt.NDArray[np.int64]


@attrs.frozen
class Ahead:
    """How many of those ahead one step decides, and in which group they are.

    Args:
        step: id of the step, or of the reserve that put them ahead against their keys.
        group: id of their group; "yes" at a `yes_first` step; "" where a step has no groups.
        count: how many.

    """

    step: str
    group: str
    count: int


@attrs.frozen
class Own:
    """What the application itself has at one step.

    Args:
        step: id of the step.
        group: id of its group; "yes" or "no" at a `yes_first` step; "" elsewhere.
        ground: id of the first ground that holds; "" where there is none.
        value: the number or time it is ordered by, as people write it; "" where there is none.

    """

    step: str
    group: str = ""
    ground: str = ""
    value: str = ""


@attrs.frozen(eq=False)
class Standing:
    """One application's place in one queue, with exact numbers.

    Args:
        queue: the queue.
        application: its id.
        position: 1-based.
        total: how many stand in the queue.
        ahead: those ahead by step and group, in the order of the rules; the counts sum to position − 1.
        own: what the application has, step by step.
        nearest: the application directly ahead; "" at the head. For officers only.
        decided_by: the step (or reserve) that puts it behind the nearest; "" at the head.

    """

    queue: Queue
    application: str
    position: int
    total: int
    ahead: tuple[Ahead, ...]
    own: tuple[Own, ...]
    nearest: str
    decided_by: str

    def ahead_by_step(self) -> dict[str, int]:
        """Return how many of those ahead each step decides; they sum to position − 1."""
        counts = {step.id: 0 for step in self.queue.ranking.rules.order}
        for part in self.ahead:
            counts[part.step] = counts.get(part.step, 0) + part.count
        return counts


@attrs.frozen
class PublicPart:
    """A count of those ahead under a label that enough applications share.

    Args:
        count: how many.
        title: what decides, in words.
        basis: the acts it rests on.
        step: id of the step (or reserve); "" when only the rules as a whole are told.

    """

    count: int
    title: Title
    basis: tuple[LegalBasis, ...]
    step: str


def standing(queue: Queue, application: str) -> Standing:
    """Return the place of an application and who is ahead of it, by step and group.

    Args:
        queue: from `order`.
        application: its id.

    Raises:
        NotInQueueError: the application is not in the queue.

    Complexity: O(applications ahead × steps).
    Source: statute 2.2.5 (the order of places and its grounds).

    >>> from datetime import date
    >>> from queue_engine import build_tables, load_rules, order
    >>> rules = load_rules("rules/region-74/college.yaml")
    >>> wishes = {"application": [1, 2], "programme": ["welders", "welders"], "grade.average": ["14/3", "4.67"]}
    >>> filed = {"application.submitted_at": ["2026-07-01", "2026-07-02"]}
    >>> queues = order(build_tables(rules.vocabulary, wishes | filed), rules, date(2026, 8, 16))
    >>> place = standing(queues["welders"], "1")
    >>> place.position, place.total, place.decided_by, place.ahead
    (2, 2, 'grade', (Ahead(step='grade', group='', count=1),))

    """
    ranking = queue.ranking
    row = queue.row_of(application)
    position = int(ranking.positions[row])
    parts = tuple(
        Ahead(step, _group_id(queue, step, code), count) for step, code, count in _ahead_counts(queue, row, position)
    )
    assert sum(part.count for part in parts) == position - 1, "those ahead must sum to the place"
    return Standing(
        queue,
        application,
        position,
        len(queue),
        parts,
        tuple(_own(queue, component, row) for component in ranking.components),
        queue.at(position - 1) if position > 1 else "",
        ranking.deciding_id(int(ranking.deciding[ranking.starts[queue.index] + position - 1])),
    )


def _ahead_counts(queue: Queue, row: int, position: int) -> list[tuple[str, int, int]]:
    """Return (step or reserve, code of those ahead or -1, count) of everyone before a row."""
    ranking = queue.ranking
    left = queue.rows[: position - 1]
    found: list[tuple[str, int, int]] = []
    moved: list[Rows] = []
    for component in ranking.components:
        codes, own = component.codes[left], component.codes[row]
        decided = codes[codes < own]
        if component.step.fact:
            found += [(component.step.id, -1, len(decided))] if len(decided) else []
        else:
            counts = np.bincount(decided, minlength=1).tolist() if len(decided) else []
            found += [(component.step.id, code, count) for code, count in enumerate(counts) if count]
        moved.append(left[codes > own])
        left = left[codes == own]
    against = np.concatenate(moved)
    if len(against):  # only a reserve puts a worse key ahead
        found += [(name, -1, count) for name, count in _by_reserve(queue, against, row)]
    if len(left):  # equal in every step: the last one is unique, so only by input the checker refuses
        found.append((ranking.components[-1].step.id, -1, len(left)))
    return found


def _by_reserve(queue: Queue, against: Rows, row: int) -> list[tuple[str, int]]:
    """Return the reserves that put rows ahead against their keys, with counts."""
    ranking = queue.ranking
    counts = dict.fromkeys((reserve.id for reserve in ranking.reserves), 0)
    for ahead in against.tolist():
        causes = [
            reserve.id
            for reserve, entitled in zip(ranking.reserves, ranking.entitled, strict=True)
            if entitled[ahead] and not entitled[row]
        ]
        counts[causes[0] if causes else ranking.reserves[0].id] += 1
    return [(name, count) for name, count in counts.items() if count]


def _group_id(queue: Queue, step_id: str, code: int) -> str:
    step = queue.ranking.rules.steps.get(step_id)
    if step is None or code < 0:
        return ""
    if step.kind is StepKind.YES_FIRST:
        return ("yes", "no")[code]
    return step.groups[code].id


def _own(queue: Queue, component: Component, row: int) -> Own:
    step, code = component.step, int(component.codes[row])
    if step.fact:
        return Own(step.id, value=_value(queue, step, row))
    ground = ""
    if step.kind is StepKind.GROUPS:
        index = int(queue.ranking.masks.first_grounds(step)[row])
        ground = [each.id for _, each in step.grounds()][index] if index >= 0 else ""
    return Own(step.id, group=_group_id(queue, step.id, code), ground=ground)


def _value(queue: Queue, step: Step, row: int) -> str:
    column = queue.ranking.masks.column(step.fact)
    if column is None or (column.known is not None and not column.known[row]):
        return ""
    return column.fact.show(int(column.values[row]))


# for parents


@attrs.define
class _Label:
    """A node of the tree rules → step → group → ground: who shares it, and how many of them are ahead."""

    title: Title
    basis: tuple[LegalBasis, ...]
    step: str
    shared_by: int
    count: int
    named: bool = True
    parts: list[_Label] = attrs.field(factory=list)


def public_parts(place: Standing, smallest: int = SMALLEST_SHARED) -> tuple[PublicPart, ...]:
    """Return those ahead under labels that enough applications of the queue share; the largest part first.

    A label shared by fewer than `smallest` is merged into the wider one: ground
    into group, group into step, step into "the rules of admission". When what
    was merged could still be told apart by subtraction, the smallest label kept
    is merged too. Sensitive grounds are never named.

    Args:
        place: from `standing`.
        smallest: K, from 1.

    Returns:
        Parts whose counts sum to position − 1.

    >>> from datetime import date
    >>> from queue_engine import build_tables, load_rules, order
    >>> rules = load_rules("rules/region-74/college.yaml")
    >>> wishes = {"application": [1, 2], "programme": ["welders", "welders"], "grade.average": ["14/3", "4.67"]}
    >>> filed = {"application.submitted_at": ["2026-07-01", "2026-07-02"]}
    >>> queues = order(build_tables(rules.vocabulary, wishes | filed), rules, date(2026, 8, 16))
    >>> place = standing(queues["welders"], "1")
    >>> [(part.count, part.title.en) for part in public_parts(place, smallest=1)]
    [(1, 'higher average grade')]

    """
    root = _Label(RULES, (), "", place.total, place.position - 1, parts=_step_labels(place))
    parts = _told(root, smallest)
    assert sum(part.count for part in parts) == place.position - 1, "merging keeps the sum"
    return tuple(sorted(parts, key=lambda part: -part.count))


def _told(label: _Label, smallest: int) -> list[PublicPart]:
    """Return a label's counts under the narrowest labels that may be told."""
    parts = [part for part in label.parts if part.count or part.shared_by]
    kept = [part for part in parts if part.named and part.shared_by >= smallest]
    merged = [part for part in parts if part not in kept]
    loose = label.count - sum(part.count for part in parts)
    while kept and any(part.count for part in merged) and _too_few(label, kept, merged, smallest):
        narrowest = min(kept, key=lambda part: (part.shared_by, part.count))
        kept.remove(narrowest)
        merged.append(narrowest)
    rest = loose + sum(part.count for part in merged)
    told = [piece for part in kept if part.count for piece in _told(part, smallest)]
    if rest:
        told.append(PublicPart(rest, label.title, label.basis, label.step))
    return told


def _too_few(label: _Label, kept: list[_Label], merged: list[_Label], smallest: int) -> bool:
    """Return whether what is merged under a label is shared by too few to hide among.

    The rules of admission as a whole apply to everybody in the queue, so whatever is merged into them is hidden.
    """
    if not label.step:
        return False
    beside = label.shared_by - sum(part.shared_by for part in (*kept, *merged))
    return sum(part.shared_by for part in merged) + max(beside, 0) < smallest


def _step_labels(place: Standing) -> list[_Label]:
    queue = place.queue
    ranking = queue.ranking
    labels = []
    for component in ranking.components:
        step = component.step
        mine = {part.group: part.count for part in place.ahead if part.step == step.id}
        codes = component.codes[queue.rows]
        if step.kind is StepKind.GROUPS:
            labels.append(_groups_label(place, component, mine))
        else:
            shared = int((codes == 0).sum()) if step.kind is StepKind.YES_FIRST else place.total
            labels.append(_Label(step.title, step.basis, step.id, shared, sum(mine.values())))
    for reserve, entitled in zip(ranking.reserves, ranking.entitled, strict=True):
        count = sum(part.count for part in place.ahead if part.step == reserve.id)
        labels.append(_Label(reserve.title, reserve.basis, reserve.id, int(entitled[queue.rows].sum()), count))
    return labels


def _groups_label(place: Standing, component: Component, mine: dict[str, int]) -> _Label:
    """Return a step's label with its groups, and their grounds as far as those ahead hold them."""
    queue, step = place.queue, component.step
    codes = component.codes[queue.rows]
    grounds = queue.ranking.masks.first_grounds(step)[queue.rows]
    row = queue.row_of(place.application)
    ahead = np.zeros(len(codes), np.bool_)
    ahead[: place.position - 1] = True
    for before in queue.ranking.components:
        if before.step.id == step.id:
            break
        ahead &= before.codes[queue.rows] == before.codes[row]
    ahead &= codes < component.codes[row]
    named = [ground for _, ground in step.grounds()]
    groups = []
    for code, group in enumerate(step.groups):
        if group.everyone_else:
            continue
        parts = []
        for index, ground in enumerate(named):
            if ground in group.grounds:
                holders = (codes == code) & (grounds == index)
                count = int((holders & ahead).sum())
                parts.append(
                    _Label(ground.title, ground.basis, step.id, int(holders.sum()), count, not ground.sensitive)
                )
        basis = _shared_basis(group)
        groups.append(
            _Label(group.title, basis, step.id, int((codes == code).sum()), mine.get(group.id, 0), parts=parts)
        )
    shared = sum(group.shared_by for group in groups)
    return _Label(step.title, step.basis, step.id, shared, sum(mine.values()), parts=groups)


def _shared_basis(group: Group) -> tuple[LegalBasis, ...]:
    """Return the acts that every ground of a group rests on; one ground's act would name it."""
    first, *others = group.grounds or (None,)
    if first is None or any(set(ground.basis) != set(first.basis) for ground in others) or not others:
        return ()
    return first.basis


def step_or_reserve(queue: Queue, name: str) -> Step | Reserve:
    """Return the step or the reserve of an id."""
    rules = queue.ranking.rules
    if name in rules.steps:
        return rules.steps[name]
    return next(reserve for reserve in rules.reserves if reserve.id == name)
