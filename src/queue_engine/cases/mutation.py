"""Rules with one thing changed: a change that no case notices is a part of the rules that nothing tries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from queue_engine.cases.coverage import ELIGIBLE, GROUND, Part, Trial
from queue_engine.cases.files import Case
from queue_engine.errors import Place
from queue_engine.rules.conditions import facts_of
from queue_engine.rules.model import RuleSet
from queue_engine.rules.one_by_one import PlainQueue, rank


@attrs.frozen
class Mutant:
    """One thing changed: what, and where it stands; the same on every day it can be changed.

    Args:
        what: the change in words.
        place: where the changed part stands.
        parts: the addresses of the parts that were changed.
        rules: the changed rules of one day.

    """

    what: str
    place: Place
    parts: tuple[str, ...]
    rules: RuleSet = attrs.field(eq=False)


def unnoticed(rule_set: RuleSet, trials: Iterable[Trial]) -> tuple[list[Mutant], int]:
    """Return the mutants that no case notices, and how many mutants there are.

    Of a file that extends another only the mutants of what it changes itself
    are asked about; the rest is for the tests of the file above.

    Args:
        rule_set: as read.
        trials: its cases, each giving what is expected of it.

    Complexity: O(mutants × cases × children × conditions) at most; cases that a mutant cannot touch are passed over.

    >>> from queue_engine.facts import Title, Vocabulary
    >>> unnoticed(RuleSet("k", "region", Title("", ""), Vocabulary({}, {}, {}), files=("k.yaml",)), [])
    ([], 0)

    """
    noticed: dict[Mutant, bool] = {}
    for trial in trials:
        for mutant, dropped in mutants(rule_set, trial.rules):
            if noticed.setdefault(mutant, False) or (dropped is not None and not _touches(dropped, trial)):
                continue
            noticed[mutant] = not as_written(trial.case, rank(trial.records, mutant.rules))
    return [mutant for mutant, seen in noticed.items() if not seen], len(noticed)


def as_written(case: Case, queue: PlainQueue) -> bool:
    """Return whether a queue is what a case says: order, deciding steps, who is not in it and why.

    >>> from datetime import date
    >>> case = Case("a", date(2026, 9, 1), {}, {}, order=("b", "a"))
    >>> as_written(case, PlainQueue(("b", "a"), {"a": "number"}, {})), as_written(case, PlainQueue(("a", "b"), {}, {}))
    (True, False)

    """
    refused = case.not_in_queue
    return (
        queue.order == case.order
        and queue.refused.keys() == refused.keys()
        and all(not reason or queue.refused[name] == reason for name, reason in refused.items())
        and all(queue.decided_by.get(name) == step for name, step in case.decided_by.items())
    )


def mutants(rule_set: RuleSet, rules: RuleSet) -> Iterator[tuple[Mutant, Part | None]]:
    """Yield the mutants of one day's rules: each ground and eligible item dropped, each two neighbouring steps swapped.

    The last step stays last, for without it two children could share a place.

    Args:
        rule_set: as read; gives the file whose parts are asked about.
        rules: of one day, dates filled in.

    The second of each pair is the ground or item that was dropped; None for a swap.

    """
    own = rule_set.files[-1]
    for index, item in enumerate(rules.eligible):
        if item.place.file == own:
            left = (*rules.eligible[:index], *rules.eligible[index + 1 :])
            address = f"eligible.{item.id}"
            made = attrs.evolve(rules, eligible=left)
            part = Part(ELIGIBLE, address, item.place, item.when)
            yield Mutant(f"'{address}' is dropped", item.place, (address,), made), part
    for at, step in enumerate(rules.order):
        for group, ground in step.grounds():
            if ground.place.file != own:
                continue
            groups = tuple(
                attrs.evolve(each, grounds=tuple(kept for kept in each.grounds if kept.id != ground.id))
                if each.id == group.id
                else each
                for each in step.groups
            )
            changed = attrs.evolve(step, groups=groups)
            address = f"{step.id}.{group.id}.{ground.id}"
            made = attrs.evolve(rules, order=(*rules.order[:at], changed, *rules.order[at + 1 :]))
            part = Part(GROUND, address, ground.place, ground.when)
            yield Mutant(f"'{address}' is dropped", ground.place, (address,), made), part
    yield from ((mutant, None) for mutant in _swaps(rule_set, rules))


def _swaps(rule_set: RuleSet, rules: RuleSet) -> Iterator[Mutant]:
    own = rule_set.files[-1]
    moved = {
        change.target.split(".")[-1]: change.place
        for change in rule_set.changes
        if change.verb == "move" and change.place.file == own and rules.on is not None and rules.on in change.in_force
    }
    for at, (first, second) in enumerate(zip(rules.order[:-1], rules.order[1:-1], strict=False)):
        places = [
            place
            for step in (second, first)
            for place in (moved.get(step.id), step.place)
            if place is not None and place.file == own
        ]
        if places:
            order = (*rules.order[:at], second, first, *rules.order[at + 2 :])
            what = f"'{first.id}' and '{second.id}' change places"
            yield Mutant(what, places[0], (first.id, second.id), attrs.evolve(rules, order=order))


def _touches(dropped: Part, trial: Trial) -> bool:
    """Return whether dropping a ground or an eligible item can change the queue of a case at all."""
    if dropped.condition is not None and set(trial.queue.refused.values()) & facts_of(dropped.condition):
        return True  # without it a fact that is not known may no longer be needed
    holding = trial.holding[dropped]
    if dropped.kind == ELIGIBLE:
        return bool(trial.records.keys() - holding)
    return bool(holding.intersection(trial.queue.order))
