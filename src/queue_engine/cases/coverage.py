"""What the cases beside a rule file try of it: conditions seen to hold and to fail, steps seen to decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import attrs

from queue_engine.cases.files import Case
from queue_engine.errors import Place, RuleError
from queue_engine.rules.amendments import effective, regimes
from queue_engine.rules.conditions import Condition
from queue_engine.rules.model import RuleSet, StepKind
from queue_engine.rules.one_by_one import PlainQueue, Record, holds, parse_record, rank

ELIGIBLE = "eligible item"
GROUND = "ground"


@attrs.frozen
class Part:
    """A part of a rule set that cases can try; two parts are the same when address and place are.

    Args:
        kind: `ELIGIBLE`, `GROUND`, "step" or "reserve".
        address: as amendments name it.
        place: where it stands.
        condition: when it holds, dates filled in; None for a step that has none of its own.

    """

    kind: str
    address: str
    place: Place
    condition: Condition | None = attrs.field(default=None, eq=False)


@attrs.frozen(eq=False)
class Trial:
    """One case under the rules of its day, evaluated child by child.

    Args:
        case: what is expected.
        rules: of the case's day, dates filled in.
        records: the children.
        queue: what was found.
        holding: for each condition the children it holds for.

    """

    case: Case
    rules: RuleSet
    records: Mapping[str, Record]
    queue: PlainQueue
    holding: Mapping[Part, frozenset[str]]


def try_case(case: Case, rules: RuleSet) -> Trial:
    """Return a case evaluated under the rules of its day, dates filled in.

    Complexity: O(children × conditions).
    """
    records = {
        name: parse_record(child.facts, child.documents, rules.vocabulary) for name, child in case.children.items()
    }
    holding = {
        part: frozenset(name for name, record in records.items() if holds(part.condition, record, rules.conventions))
        for part in conditions_of(rules)
        if part.condition is not None
    }
    return Trial(case, rules, records, rank(records, rules), holding)


def conditions_of(rules: RuleSet) -> Iterator[Part]:
    """Yield every condition of an effective rule set that a case can try."""
    for ground in rules.eligible:
        yield Part(ELIGIBLE, f"eligible.{ground.id}", ground.place, ground.when)
    for step in rules.order:
        if step.kind is StepKind.YES_FIRST:
            yield Part("step", step.id, step.place, step.condition)
        for group, ground in step.grounds():
            yield Part(GROUND, f"{step.id}.{group.id}.{ground.id}", ground.place, ground.when)
    for reserve in rules.reserves:
        yield Part("reserve", f"reserves.{reserve.id}", reserve.place, reserve.when)


def deciders_of(rules: RuleSet) -> Iterator[Part]:
    """Yield what can put one child behind another: steps, and reserves that change positions."""
    yield from (Part("step", step.id, step.place) for step in rules.order)
    for reserve in rules.reserves:
        if reserve.changes_positions:
            yield Part("reserve", reserve.id, reserve.place)


@attrs.frozen(eq=False)
class Coverage:
    """What all cases of a rule set try, out of the parts its own file writes.

    Args:
        conditions: everything with a condition that is in force on some day.
        held: those seen to hold for some child.
        failed: those seen not to hold for some child.
        deciders: every step and every reserve that changes positions.
        decided: those seen to put a child behind another.

    """

    conditions: tuple[Part, ...]
    held: frozenset[Part]
    failed: frozenset[Part]
    deciders: tuple[Part, ...]
    decided: frozenset[Part]

    @property
    def covered(self) -> int:
        """The number of conditions seen both to hold and to fail."""
        return sum(part in self.held and part in self.failed for part in self.conditions)


def measure(rule_set: RuleSet, trials: Iterable[Trial]) -> Coverage:
    """Return what the cases of a rule set try of the parts that its own file writes, not a file it extends.

    Args:
        rule_set: as read.
        trials: its cases.

    A child that is not in the queue tries the eligible items only.

    """
    own = rule_set.files[-1]
    conditions: dict[Part, None] = {}
    deciders: dict[Part, None] = {}
    for day in regimes(rule_set):
        try:
            rules = effective(rule_set, day)
        except RuleError:
            continue  # reported when the file is checked
        conditions |= {part: None for part in conditions_of(rules) if part.place.file == own}
        deciders |= {part: None for part in deciders_of(rules) if part.place.file == own}
    held: set[Part] = set()
    failed: set[Part] = set()
    decided: set[Part] = set()
    for trial in trials:
        inside = frozenset(trial.queue.order)
        for part, names in trial.holding.items():
            asked = trial.records.keys() if part.kind == ELIGIBLE else inside
            if names & asked:
                held.add(part)
            if asked - names:
                failed.add(part)
        deciding = set(trial.queue.decided_by.values())
        decided.update(part for part in deciders_of(trial.rules) if part.address in deciding)
    return Coverage(tuple(conditions), frozenset(held), frozenset(failed), tuple(deciders), frozenset(decided))
