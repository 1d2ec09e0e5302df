"""What of an account may be told to a family: its parts under labels that enough applications of the queue share.

Counts are merged into wider labels and never left out, so that they still sum to the change of the place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import attrs
import numpy as np

from queue_engine.changes import KINDS, PLACE, Label, PositionChange, Posting, group_of
from queue_engine.explanation import RULES, SMALLEST_SHARED
from queue_engine.facts import Title
from queue_engine.queue import Queue
from queue_engine.rules.model import Group, LegalBasis, RuleSet, Step, StepKind

LEFT = Title("больше не в этой очереди", "no longer in this queue")
OWN = Title("изменения вашего заявления", "changes of your application")
EXCEPTION = Title(
    "решение вне общего порядка или исправление ошибки", "a decision outside the order, or a corrected mistake"
)


@attrs.frozen
class PublicChange:
    """A number of places, and why, under a label that enough applications share.

    Args:
        kind: one of `changes.KINDS`.
        step: id of the step (or reserve); "" when none is told.
        title: what decides, in words.
        basis: the acts it rests on.
        count: places; positive = further back.

    """

    kind: str
    step: str
    title: Title
    basis: tuple[LegalBasis, ...]
    count: int


@attrs.frozen(eq=False)
class _Node:
    """A label in the tree rules → step → group: how many applications share it, how many places it counts.

    Those that have no narrower label than the node above are `loose`; they hide others, but are not told apart.
    """

    title: Title
    basis: tuple[LegalBasis, ...]
    step: str
    shared_by: int
    count: int
    parts: tuple[_Node, ...] = ()
    loose: bool = False


def shared_labels(queue: Queue) -> dict[Label, int]:
    """Return how many applications of a queue share each label: (step, group), or (reserve, "").

    At a step that orders by a fact everybody shares (step, "").

    Complexity: O(applications × steps).

    >>> from datetime import date
    >>> from queue_engine import build_tables, load_rules, order
    >>> rules = load_rules("rules/region-74/college.yaml")
    >>> wishes = {"application": [1, 2], "programme": ["welders", "welders"], "grade.average": ["14/3", "4.67"]}
    >>> filed = {"application.submitted_at": ["2026-07-01", "2026-07-02"]}
    >>> queues = order(build_tables(rules.vocabulary, wishes | filed), rules, date(2026, 8, 16))
    >>> found = shared_labels(queues["welders"])
    >>> found["grade", ""], found["right", "first_turn"], found["right", "others"]
    (2, 0, 2)

    """
    ranking, rows = queue.ranking, queue.rows
    found: dict[Label, int] = {}
    for component in ranking.components:
        step = component.step
        if step.fact:
            found[step.id, ""] = len(rows)
            continue
        least = len(step.groups) if step.kind is StepKind.GROUPS else 2
        for code, count in enumerate(np.bincount(component.codes[rows], minlength=least).tolist()):
            found[step.id, group_of(step, code)] = count
    for reserve, entitled in zip(ranking.reserves, ranking.entitled, strict=True):
        found[reserve.id, ""] = int(entitled[rows].sum())
    return found


def public_changes(
    change: PositionChange, rules: RuleSet, shared: Mapping[Label, int], smallest: int = SMALLEST_SHARED
) -> tuple[PublicChange, ...]:
    """Return an account for the family: nobody else can be recognised in it, and it sums to the change.

    Who left is told as one number, an exception too, and what the application itself
    changed as one under the most important step concerned. All else is told kind by kind under
    its group, if at least `smallest` share it, or its step, or the rules of admission. When what was
    merged could still be told apart by subtraction, the narrowest label kept is merged too.

    Args:
        change: the account; entries and grounds are not looked at.
        rules: whose titles and bases are told; a step they do not have is told as the rules of admission.
        shared: how many of the queue share a label, those who left lately included; see `shared_labels`.
        smallest: K, from 1.

    Returns:
        The application's own part first, then the largest.

    Complexity: O(parts + labels of the rules).

    >>> from queue_engine import load_rules
    >>> from queue_engine.changes import Posting
    >>> rules = load_rules("rules/region-74/kindergarten.yaml")
    >>> parts = (Posting("joined", "right", "out_of_turn", 1), Posting("joined", "right", "first_turn", 3))
    >>> shared = {("right", "out_of_turn"): 5, ("right", "first_turn"): 9, ("right", "others"): 60}
    >>> change = PositionChange("Garden 5", "17", 30, 34, parts)
    >>> [(part.count, part.title.en) for part in public_changes(change, rules, shared)]
    [(3, 'Right of first turn'), (1, 'Right out of turn')]
    >>> [(part.count, part.title.en) for part in public_changes(change, rules, shared, smallest=6)]
    [(4, 'right to a place')]

    """
    counts: dict[str, Counter[Label]] = {kind: Counter() for kind in KINDS}
    for part in change.parts:
        counts[part.kind][part.step, part.group] += part.count
    told = _own(change.parts, rules)
    for kind, units in counts.items():
        if kind in ("left", "exception"):
            told.append(PublicChange(kind, "", LEFT if kind == "left" else EXCEPTION, (), units.total()))
        elif kind != "own":
            told += _told(kind, _tree(units, rules, shared), smallest)
    found = [part for part in told if part.count or part.kind == "own"]
    assert sum(part.count for part in found) == change.after - change.before, "merging keeps the sum"
    return tuple(sorted(found, key=lambda part: (part.kind != "own", -abs(part.count))))


def _own(parts: Iterable[Posting], rules: RuleSet) -> list[PublicChange]:
    """Return what the application itself changed as one part, if it did, even where that cancels out."""
    own = [part for part in parts if part.kind == "own"]
    if not own:
        return []
    count, named = sum(part.count for part in own), {part.step for part in own}
    for step in rules.order:
        if step.id in named and PLACE[0] not in named:  # whoever joins or leaves does so by no step
            return [PublicChange("own", step.id, step.title, step.basis, count)]
    return [PublicChange("own", "", OWN, (), count)]


def _tree(units: Mapping[Label, int], rules: RuleSet, shared: Mapping[Label, int]) -> _Node:
    """Return the counts of one kind as a tree of labels."""
    by_step: Counter[str] = Counter()
    sharing: Counter[str] = Counter()
    for counted, labels in ((by_step, units), (sharing, shared)):
        for (step, _), count in labels.items():
            counted[step] += count
    everybody = max(sharing.values(), default=0)  # each application has one label at each step
    nodes = [_step_node(step, units, shared, by_step[step.id], everybody) for step in rules.order]
    for reserve in rules.reserves:
        holders = shared.get((reserve.id, ""), 0)
        nodes.append(_Node(reserve.title, reserve.basis, reserve.id, holders, by_step[reserve.id]))
    for name in sorted(by_step.keys() - {node.step for node in nodes}):
        holders = everybody if name == PLACE[0] else sharing[name]
        nodes.append(_Node(RULES, (), name, holders, by_step[name], loose=True))
    return _Node(RULES, (), "", everybody, by_step.total(), tuple(nodes))


def _step_node(
    step: Step, units: Mapping[Label, int], shared: Mapping[Label, int], count: int, everybody: int
) -> _Node:
    """Return a step with its groups; those in no group of their own, or by "no", do not count as sharing it."""
    if step.fact:
        return _Node(step.title, step.basis, step.id, everybody, count)
    if step.kind is StepKind.YES_FIRST:
        return _Node(step.title, step.basis, step.id, shared.get((step.id, "yes"), 0), count)
    groups = []
    for group in step.groups:
        label = (step.id, group.id)
        holders, counted = shared.get(label, 0), units.get(label, 0)
        groups.append(_Node(group.title, _basis(group), step.id, holders, counted, loose=group.everyone_else))
    named = sum(group.shared_by for group in groups if not group.loose)
    return _Node(step.title, step.basis, step.id, named, count, tuple(groups))


def _told(kind: str, node: _Node, smallest: int) -> list[PublicChange]:
    """Return a node's count under the narrowest labels that may be told."""
    kept = [part for part in node.parts if part.shared_by >= smallest and not part.loose]
    rest = node.count - sum(part.count for part in kept)
    while kept and rest and _hiding(node.parts, kept) < smallest:
        narrowest = min(kept, key=lambda part: (part.shared_by, abs(part.count)))
        kept.remove(narrowest)
        rest += narrowest.count
    told = [piece for part in kept for piece in _told(kind, part, smallest)]
    return [*told, PublicChange(kind, node.step, node.title, node.basis, rest)] if rest else told


def _hiding(parts: Sequence[_Node], kept: Sequence[_Node]) -> int:
    """Return how many applications share what is merged: a reader who subtracts cannot tell them apart."""
    return sum(part.shared_by for part in parts if part not in kept and (part.count or not part.loose))


def _basis(group: Group) -> tuple[LegalBasis, ...]:
    """Return the acts that every ground of a group rests on; one ground's act would name it."""
    bases = {ground.basis for ground in group.grounds}
    return bases.pop() if len(bases) == 1 and len(group.grounds) > 1 else ()
