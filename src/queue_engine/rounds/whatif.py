"""The same children under draft rules, other places or another mechanism: who moves, by step and group.

Two rounds are compared, neither of which is published. Places are compared by the child's own list of wishes, so that
a wish that one of the two rules does not admit is still one that was asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias

import attrs
import numpy as np

from queue_engine.changes import group_of
from queue_engine.facts import Title
from queue_engine.queue import Queues
from queue_engine.rounds.envy import Envy, envy_examples, envy_of
from queue_engine.rounds.model import OTHERS, Frozen, Outcome, Placed
from queue_engine.rules.model import Step, StepKind

GAINS, LOSES, DEARER, LESS_DEAR, STAYS = "gains", "loses", "dearer", "less_dear", "stays"
KINDS = (GAINS, LOSES, DEARER, LESS_DEAR, STAYS)
"""What becomes of a child: a place for none, none for a place, a wish it wants more, or less, or nothing new."""

NOW, THEN = "now", "under the draft"
LABELS: Mapping[str, str] = {
    "applicants": "take part",
    "placed": "get a place",
    "interim": "get a temporary place",
    "first": "get the dearest wish",
    "seats": "seats",
    "empty": "seats that stay empty",
    "envy": "pairs of justified envy",
    "enviers": "children who envy with reason",
    GAINS: "gain a place",
    LOSES: "lose a place",
    DEARER: "get a dearer wish",
    LESS_DEAR: "get a less dear wish",
    STAYS: "stay as they are",
}
"""What figures and moves are called in English; the catalogue has the other languages."""

SHORT: Mapping[str, str] = {GAINS: "gain", LOSES: "lose", DEARER: "dearer", LESS_DEAR: "less dear", STAYS: "as now"}
"""Moves, for heads of columns."""

EXAMPLE_COLUMNS = ("programme", "refused", "placed")
COLUMNS = ("what", "step", "group", "programme", "now", "then", "change")
_ANSWERS = {"yes": Title("да", "yes"), "no": Title("нет", "no")}
_MAKE_PLACES = (StepKind.GROUPS, StepKind.YES_FIRST)

Held: TypeAlias = tuple[Frozen, Outcome]


@attrs.frozen
class Figures:
    """What one round comes to.

    Args:
        applicants: who takes part.
        placed: who gets a place, temporary ones left out.
        interim: who gets a place that leaves the child in the queue.
        first: who gets the dearest wish that either round admits.
        seats: how many there were, temporary ones left out.
        empty: how many of them stay empty, those kept for a group included.
        envy: pairs of a child and one placed, behind it in the order, where it would rather be and could be.
        enviers: how many children are in such a pair.

    >>> Figures(4, 3, 0, 2, 5, 2, 0, 0).first_rate
    Fraction(1, 2)

    """

    applicants: int
    placed: int
    interim: int
    first: int
    seats: int
    empty: int
    envy: int
    enviers: int

    @property
    def first_rate(self) -> Fraction:
        """Return which part of those who take part gets the dearest wish."""
        return Fraction(self.first, self.applicants or 1)


@attrs.frozen
class Move:
    """Somebody whose place differs; "" = no place."""

    application: str
    kind: str
    now: str
    then: str


@attrs.frozen
class GroupMoves:
    """What becomes of a group of a step of the rules in force.

    Args:
        step: its id.
        group: its id; "yes" or "no" where the step asks a question.
        title: what people read: of the step and of the group.
        counts: how many, by kind, all of `KINDS`.

    """

    step: str
    group: str
    title: tuple[Title, Title]
    counts: Mapping[str, int]


@attrs.frozen
class WhatIf:
    """How a draft differs from what is in force.

    Args:
        name: of the comparison.
        now: the figures of what is in force.
        then: those of the draft.
        counts: how many there are of each of `KINDS`.
        moves: whose place differs, in the order of the applicants.
        groups: by step and group of the rules in force, in the order of the rules.
        envy: for each programme with justified envy, the pairs now and then.
        examples: some of the pairs of the draft: programme, who was refused, who is placed there behind them.
        left_out: what the mechanism of the draft has no use for: "reserves", "bundles", "flows", "others", "transfers".

    """

    name: str
    now: Figures
    then: Figures
    counts: Mapping[str, int]
    moves: tuple[Move, ...]
    groups: tuple[GroupMoves, ...]
    envy: Mapping[str, tuple[int, int]]
    examples: tuple[tuple[str, str, str], ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def parted(self) -> tuple[GroupMoves, ...]:
        """Return the groups without those of steps at which everybody is in one group."""
        steps = [each.step for each in self.groups]
        return tuple(each for each in self.groups if steps.count(each.step) > 1)

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Yield the header and one row a figure, then by step and group, by programme; whole numbers and fractions."""
        yield COLUMNS
        for name in attrs.fields_dict(Figures):
            now, then = getattr(self.now, name), getattr(self.then, name)
            yield name, "", "", "", str(now), str(then), str(then - now)
        rates = self.now.first_rate, self.then.first_rate
        yield "first_rate", "", "", "", *map(str, (*rates, rates[1] - rates[0]))
        for kind in KINDS:
            yield kind, "", "", "", "", "", str(self.counts[kind])
        for each in self.groups:
            for kind in KINDS:
                yield kind, each.step, each.group, "", "", "", str(each.counts[kind])
        for programme, (now, then) in self.envy.items():
            yield "envy", "", "", programme, str(now), str(then), str(then - now)

    def as_json(self) -> dict[str, object]:
        """Return all of it as objects, lists, texts and whole numbers."""
        return {
            "name": self.name,
            "now": attrs.asdict(self.now) | {"first_rate": str(self.now.first_rate)},
            "then": attrs.asdict(self.then) | {"first_rate": str(self.then.first_rate)},
            "counts": dict(self.counts),
            "groups": [{"step": each.step, "group": each.group, **each.counts} for each in self.groups],
            "envy": [{"programme": name, "now": now, "then": then} for name, (now, then) in self.envy.items()],
            "examples": [dict(zip(EXAMPLE_COLUMNS, each, strict=True)) for each in self.examples],
            "left_out": list(self.left_out),
            "moves": [attrs.asdict(each) for each in self.moves],
        }


def compare(base: Held, draft: Held, queues: Queues, *, name: str = "", left_out: Sequence[str] = ()) -> WhatIf:
    """Return how a draft differs from what is in force.

    At each step a child belongs to the best group that it has at any of its wishes. A temporary place counts as less
    dear than any other, and as dearer than none.

    Args:
        base: what is in force: frozen, and what came out.
        draft: the same of the draft, over the same children.
        queues: those of the rules in force, that `base` was frozen from.
        name: of the comparison.
        left_out: what the mechanism of the draft has no use for.

    Complexity: O(n log n) in the wishes.

    """
    ladders = ladders_of(base[0], draft[0], queues)
    moves = [_move(application, base, draft, ladder) for application, ladder in ladders.items()]
    envy = [envy_of(*held) for held in (base, draft)]
    figures = [_figures(*held, ladders, envious) for held, envious in zip((base, draft), envy, strict=True)]
    kinds = {each.application: each.kind for each in moves}
    return WhatIf(
        name=name,
        now=figures[0],
        then=figures[1],
        counts=_counted(kinds.values()),
        moves=tuple(each for each in moves if each.kind != STAYS or each.now != each.then),
        groups=tuple(_groups(queues, kinds)),
        envy={
            programme: (envy[0].pairs.get(programme, 0), envy[1].pairs.get(programme, 0))
            for programme in sorted({*envy[0].pairs, *envy[1].pairs})
        },
        examples=envy_examples(*draft) if envy[1].count else (),
        left_out=tuple(left_out),
    )


def ladders_of(one: Frozen, other: Frozen, queues: Queues) -> dict[str, tuple[str, ...]]:
    """Return what each applicant of either round asked for, the dearest first, as far as one of the two admits it."""
    asked: dict[str, tuple[str, ...]] | None = None
    found = {}
    for name in dict.fromkeys([*one.wishes, *other.wishes]):
        wishes, others = one.wishes.get(name, ()), other.wishes.get(name, ())
        if others[: len(wishes)] == wishes[: len(others)]:  # one goes on where the other ends
            found[name] = max(wishes, others, key=len)
            continue
        asked = _asked(queues) if asked is None else asked
        admitted = dict.fromkeys([*wishes, *others])
        found[name] = tuple(dict.fromkeys([*(wish for wish in asked.get(name, ()) if wish in admitted), *admitted]))
    return found


def _asked(queues: Queues) -> dict[str, tuple[str, ...]]:
    """Return all that is asked for, admitted or not; rows come by application and wish already."""
    ranking = queues.entries
    names, ids = ranking.tables.programmes.ids, ranking.tables.applications.ids
    found: dict[str, list[str]] = {}
    for application, programme in zip(ids[ranking.application].tolist(), ranking.queue.tolist(), strict=True):
        found.setdefault(application, []).append(names[programme])
    return {application: tuple(wishes) for application, wishes in found.items()}


def _figures(frozen: Frozen, outcome: Outcome, ladders: Mapping[str, Sequence[str]], envy: Envy) -> Figures:
    ordinary = [outcome.cutoffs[each.programme] for each in frozen.programmes if not each.interim]
    lasting = [each for each in outcome.placed.values() if not each.interim]
    return Figures(
        applicants=len(frozen.applicants),
        placed=len(lasting),
        interim=len(outcome.placed) - len(lasting),
        first=sum(ladders[each.application][:1] == (each.programme,) for each in lasting),
        seats=sum(each.seats for each in ordinary),
        empty=sum(each.free for each in ordinary),
        envy=envy.count,
        enviers=envy.enviers,
    )


def _move(application: str, base: Held, draft: Held, ladder: Sequence[str]) -> Move:
    """Return what becomes of one applicant."""
    now, then = base[1].placed.get(application), draft[1].placed.get(application)
    worth = [_worth(each, ladder) for each in (now, then)]
    kind = STAYS
    if worth[0] != worth[1]:
        kind = DEARER if worth[1] < worth[0] else LESS_DEAR
        kind = GAINS if now is None else LOSES if then is None else kind
    return Move(application, kind, now.programme if now else "", then.programme if then else "")


def _worth(placed: Placed | None, ladder: Sequence[str]) -> tuple[int, int]:
    """Return how dear a place is, the smaller the dearer: wishes, others, temporary places, none."""
    if placed is None:
        return 3, 0
    rank = ladder.index(placed.programme) if placed.programme in ladder else placed.wish
    return (2 if placed.interim else int(placed.seat == OTHERS)), rank


def _counted(kinds: Iterable[str]) -> dict[str, int]:
    found = dict.fromkeys(KINDS, 0)
    for kind in kinds:
        found[kind] += 1
    return found


def _groups(queues: Queues, kinds: Mapping[str, str]) -> Iterator[GroupMoves]:
    """Yield what becomes of each group of each step, in the order of the rules; groups without anybody are left out."""
    ranking = queues.entries
    standing = np.flatnonzero(ranking.positions)
    applications, first = np.unique(ranking.application[standing], return_index=True)
    names = ranking.tables.applications.ids[applications].tolist()
    for component in ranking.components:
        step = component.step
        if step.kind not in _MAKE_PLACES:
            continue
        inside: dict[str, list[str]] = {}
        best = np.minimum.reduceat(component.codes[standing], first) if len(first) else component.codes[:0]
        for name, code in zip(names, best.tolist(), strict=True):
            if name in kinds:
                inside.setdefault(group_of(step, code), []).append(kinds[name])
        titles = _titles(step)
        for group in sorted(inside, key=list(titles).index):
            yield GroupMoves(step.id, group, (step.title, titles[group]), _counted(inside[group]))


def _titles(step: Step) -> dict[str, Title]:
    """Return the groups of a step, in its order, and what people read; "" = in none of them."""
    nowhere = Title("ни в одной группе", "in no group")
    return {**({each.id: each.title for each in step.groups} or _ANSWERS), "": nowhere}
