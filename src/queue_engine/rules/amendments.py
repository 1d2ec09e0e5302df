"""Amendments: the rule set as read, with what is changed by lower files → the rule set in force on a day.

A change names what it touches by id. Files are applied from the strongest level
to the weakest, changes in the order they are written. Two changes of one target
in force on one day are an error, never "the last one wins".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import attrs

from queue_engine.errors import Place, Problem, RuleError
from queue_engine.facts import Vocabulary, day_to_date
from queue_engine.rules.addresses import TIES_ADDRESS, Address, ListEdit, addresses, edit_at, kind_at, kind_inside
from queue_engine.rules.conditions import NEVER, All, Compare, Condition, endless_terms, inline_terms, terms_of
from queue_engine.rules.model import (
    LEVELS,
    Change,
    Ground,
    Group,
    Item,
    NamedTerm,
    Period,
    Reserve,
    RuleSet,
    Step,
    TieRule,
)
from queue_engine.rules.shape import RESERVED_IDS
from queue_engine.spelling import nearest

Report: TypeAlias = Callable[[str, Place, str, str], None]
"""report(code, place, message, remedy)."""

_SECONDS_A_DAY = 86_400


def effective(rule_set: RuleSet, day: int) -> RuleSet:
    """Return the rules in force on a day: amendments made, terms written out, what is not in force left out.

    Args:
        rule_set: as read.
        day: the day number (`facts.date_to_day`).

    Raises:
        RuleError: no rules are in force on that day, or an amendment cannot be made.

    Complexity: linear in the size of the rule set times the number of its amendments.

    >>> from datetime import date
    >>> from queue_engine.facts import date_to_day
    >>> from queue_engine.rules.check import load_rules
    >>> town = load_rules("rules/region-74/magnitogorsk/kindergarten.yaml")
    >>> [step.id for step in effective(town, date_to_day(date(2026, 4, 15))).order]
    ['held', 'right', 'sibling', 'territory', 'staff', 'submitted', 'number']

    """
    if day not in rule_set.in_force:
        first, last = rule_set.in_force.first, rule_set.in_force.last
        window = " ".join(
            f"{word} {day_to_date(bound)}" for word, bound in (("from", first), ("to", last)) if bound is not None
        )
        message = f"'{rule_set.id}' is not in force on {day_to_date(day)}; it is in force {window} (both days included)"
        place = Place(rule_set.files[-1] if rule_set.files else rule_set.id)
        raise RuleError([Problem(place, "Q027", message, remedy="give a day inside, or publish rules for this day")])
    problems: list[Problem] = []

    def report(code: str, place: Place, message: str, remedy: str) -> None:
        if code != "Q044":  # what changes nothing on this day may change something on another
            problems.append(Problem(place, code, message, remedy))

    amended = amend(rule_set, day, report)
    if problems:
        raise RuleError(problems)
    return in_force_on(amended, day)


def amend(rule_set: RuleSet, day: int, report: Report) -> RuleSet:
    """Return the rule set with the changes in force on a day made; those that cannot be made are reported."""
    current = rule_set
    touched: dict[tuple[str, Address], Change] = {}
    for change in rule_set.changes:
        if day not in change.in_force:
            continue
        made = _Amendment(current, change, report).make()
        if made is None:
            continue
        after, target = made
        if target and (earlier := touched.get((change.level, target))) is not None:
            message = f"'{'.'.join(target)}' is changed twice on one day (also at {earlier.place})"
            report("Q043", change.place, message, "write one change, or give them different days")
        if target:
            touched[change.level, target] = change
        if attrs.evolve(after, changes=()) == attrs.evolve(current, changes=()):
            report("Q044", change.place, f"this {change.verb} changes nothing", "remove it, or correct what it names")
        current = after
    return _with_terms_settled(current, report)


def _with_terms_settled(rules: RuleSet, report: Report) -> RuleSet:
    """Return the rules where every term named can be written out; one that cannot is reported, and never holds."""
    endless = endless_terms({name: term.when for name, term in rules.terms.items()})
    unready = endless.union(*(terms_of(when) for _, when in _conditions(rules))) - (rules.terms.keys() - endless)
    for place, when in _conditions(rules):
        for name in sorted(terms_of(when) & unready):
            message = f"the term '{name}' cannot be written out: it is absent today, names itself, or is too long"
            report("Q041", place, message, "change what uses it, or the term")
    return attrs.evolve(rules, terms={**rules.terms, **{name: NamedTerm(name, rules.title, NEVER) for name in unready}})


def _conditions(rules: RuleSet) -> Iterator[tuple[Place, Condition]]:
    """Yield every condition with its place, those of terms last."""
    yield from ((item.when_place, item.when) for item in rules.eligible)
    for step in rules.order:
        yield from ((ground.when_place, ground.when) for _, ground in step.grounds())
        if step.condition is not None:
            yield step.when_place, step.condition
    yield from ((reserve.when_place, reserve.when) for reserve in rules.reserves)
    yield from ((term.when_place, term.when) for term in rules.terms.values())


def in_force_on(rule_set: RuleSet, day: int) -> RuleSet:
    """Return an amended rule set without terms, changes and what is not in force on the day."""
    terms = {name: term.when for name, term in rule_set.terms.items()}

    def ready(ground: Ground) -> Ground:
        when = inline_terms(ground.when, terms)
        if ground.applies_to:
            when = All((_filed_within(ground.applies_to, rule_set.vocabulary), when))
        return attrs.evolve(ground, when=when, applies_to=Period())

    def ready_step(step: Step) -> Step:
        groups = tuple(
            attrs.evolve(group, grounds=tuple(ready(ground) for ground in group.grounds if day in ground.in_force))
            for group in step.groups
        )
        condition = None if step.condition is None else inline_terms(step.condition, terms)
        return attrs.evolve(step, groups=groups, condition=condition)

    return attrs.evolve(
        rule_set,
        eligible=tuple(ready(ground) for ground in rule_set.eligible if day in ground.in_force),
        order=tuple(ready_step(step) for step in rule_set.order if day in step.in_force),
        reserves=tuple(
            attrs.evolve(reserve, when=inline_terms(reserve.when, terms))
            for reserve in rule_set.reserves
            if day in reserve.in_force
        ),
        terms={},
        changes=(),
        on=day,
    )


def regimes(rule_set: RuleSet) -> list[int]:
    """Return the days on which something comes into force or has just ended, inside the rule set's own period.

    Between two of them the rules do not change, so checking these days checks every day.
    """
    periods = [rule_set.in_force, *(change.in_force for change in rule_set.changes)]
    members: list[Ground | Step | Reserve] = [*rule_set.eligible, *rule_set.order, *rule_set.reserves]
    members.extend(change.item for change in rule_set.changes if isinstance(change.item, Ground | Step | Reserve))
    groups = [change.item for change in rule_set.changes if isinstance(change.item, Group)]
    for member in members:
        periods.append(member.in_force)
        groups.extend(member.groups if isinstance(member, Step) else ())
    periods.extend(ground.in_force for group in groups for ground in group.grounds)
    days = {period.first for period in periods if period.first is not None}
    days |= {period.last + 1 for period in periods if period.last is not None}
    earliest = min(days, default=0)
    if rule_set.in_force.first is None:
        days.add(earliest - 1)
    return sorted(day for day in days if day in rule_set.in_force)


def _filed_within(period: Period, vocabulary: Vocabulary) -> Condition:
    """Return the condition that an application was filed within a period, by its time of filing or else its day."""
    bounds: list[Condition] = []
    by_time = "application.submitted_at" in vocabulary.facts
    name, scale = ("application.submitted_at", _SECONDS_A_DAY) if by_time else ("application.submitted_on", 1)
    if period.first is not None:
        bounds.append(Compare(name, ">=", period.first * scale))
    if period.last is not None:
        bounds.append(Compare(name, "<", (period.last + 1) * scale))
    return All(tuple(bounds))


@attrs.frozen
class _Amendment:
    """One change applied to one state of the rules."""

    rules: RuleSet
    change: Change
    report: Report

    def make(self) -> tuple[RuleSet, Address] | None:
        """Return the rules after the change and the address it touched (empty for add), or None when refused."""
        change = self.change
        if change.verb == "add":
            after = self._add()
            return None if after is None else (after, ())
        target = self.resolve(change.target, change.place)
        if target is None or self._locked(target):
            return None
        if target == TIES_ADDRESS and change.verb != "replace":
            self.report("Q047", change.place, "'ties' can only be replaced", "write 'replace: ties'")
            return None
        if change.verb == "repeal":
            after = edit_at(self.rules, target, lambda members, at: [*members[:at], *members[at + 1 :]])
        elif change.verb == "replace":
            after = self._replace(target)
        else:
            after = self._move(target)
        return None if after is None else (after, target)

    def resolve(self, name: str, place: Place) -> Address | None:
        """Return the address a name means: the full address, or the shallowest with that last part."""
        known = list(addresses(self.rules))
        parts = tuple(name.split("."))
        if parts in known:
            return parts
        same_end = [address for address in known if address[-len(parts) :] == parts]
        shallowest = min((len(address) for address in same_end), default=0)
        found = [address for address in same_end if len(address) == shallowest]
        if len(found) == 1:
            return found[0]
        if found:
            choices = " or ".join(f"'{'.'.join(address)}'" for address in found)
            self.report("Q045", place, f"'{name}' names several parts", f"write {choices}")
            return None
        names = [".".join(address) for address in known] + [address[-1] for address in known]
        what = "step" if len(parts) == 1 else "part"
        self.report("Q041", place, f"'{self.rules.id}' has no {what} '{name}'", nearest(name, names))
        return None

    def _locked(self, address: Address) -> bool:
        step = self.rules.steps.get(address[0])
        if step is None or not step.locked or not _weaker(self.change.level, step.level):
            return False
        message = (
            f"step '{step.id}' is set by {step.level} law and is locked; "
            f"a {self.change.level} file may not {self.change.verb} it"
        )
        self.report("Q042", self.change.place, message, "remove this change")
        return True

    def _above_locked(self, order: Sequence[Step], moved: str) -> bool:
        """Report a step that would rank above one which is locked by a stronger level."""
        index = next(at for at, step in enumerate(order) if step.id == moved)
        for step in order[index + 1 :]:
            if step.locked and _weaker(self.change.level, step.level):
                message = f"step '{moved}' would rank above '{step.id}', which {step.level} law sets and locks"
                self.report("Q042", self.change.place, message, f"put it after '{step.id}'")
                return True
        return False

    def _wrong_place(self, item: Item | TieRule, where: str) -> None:
        """Report an item of a kind that cannot stand somewhere."""
        kind = type(item).__name__.lower()
        self.report("Q047", self.change.target_place, f"a {kind} cannot stand {where}", "name a place of the same kind")

    def _add(self) -> RuleSet | None:
        item, anchor_text = self.change.item, self.change.anchor
        if item is None or isinstance(item, TieRule):
            return None
        into = self.change.relation == "into"
        if into and anchor_text in RESERVED_IDS:
            return self._append((anchor_text,), item)
        anchor = self.resolve(anchor_text, self.change.target_place)
        inside_step = anchor is not None and (into or len(anchor) > 1)
        if anchor is None or (inside_step and self._locked(anchor)):
            return None
        if into:
            return self._append(anchor, item)
        if kind_at(anchor) is not type(item):
            self._wrong_place(item, f"{self.change.relation} '{anchor_text}'")
            return None
        shift = self.change.relation == "after"
        return self._insert(anchor, item, lambda members, at: [*members[: at + shift], item, *members[at + shift :]])

    def _append(self, container: Address, item: Item) -> RuleSet | None:
        wanted = kind_inside(container)
        if wanted is not type(item):
            self._wrong_place(item, f"inside '{'.'.join(container)}'")
            return None
        inside = container if container != ("order",) else ()
        # A new group stands before "everyone else", or nobody could ever be in it.
        keep = 1 if isinstance(item, Group) else 0
        return self._insert(
            (*inside, ""),
            item,
            lambda members, _: [*members[: len(members) - keep], item, *members[len(members) - keep :]],
        )

    def _insert(self, address: Address, item: Item, edit: ListEdit) -> RuleSet | None:
        taken = {known for known in addresses(self.rules) if known[:-1] == address[:-1]}
        if (*address[:-1], item.id) in taken:
            message = f"'{item.id}' is already there"
            self.report("Q009", self.change.place, message, "choose another id, or write 'replace'")
            return None
        after = edit_at(self.rules, address, edit)
        if isinstance(item, Step) and self._above_locked(after.order, item.id):
            return None
        return after

    def _replace(self, target: Address) -> RuleSet | None:
        item = self.change.item
        if item is None:
            return None
        if kind_at(target) is not type(item):
            self._wrong_place(item, f"in place of '{self.change.target}'")
            return None
        if isinstance(item, TieRule):
            return attrs.evolve(self.rules, ties=item)
        if item.id != target[-1] and (*target[:-1], item.id) in addresses(self.rules):
            self.report("Q009", self.change.place, f"'{item.id}' is already there", "choose another id")
            return None
        return edit_at(self.rules, target, lambda members, at: [*members[:at], item, *members[at + 1 :]])

    def _move(self, target: Address) -> RuleSet | None:
        anchor = self.resolve(self.change.anchor, self.change.target_place)
        if anchor is None:
            return None
        if anchor[:-1] != target[:-1] or anchor == target:
            message = f"'{self.change.target}' cannot be moved {self.change.relation} '{self.change.anchor}'"
            self.report("Q047", self.change.target_place, message, "move it among its own neighbours")
            return None
        shift = self.change.relation == "after"

        def edit(members: list[Item], at: int) -> list[Item]:
            moved = members[at]
            rest = [*members[:at], *members[at + 1 :]]
            to = next(index for index, member in enumerate(rest) if member.id == anchor[-1]) + shift
            return [*rest[:to], moved, *rest[to:]]

        after = edit_at(self.rules, target, edit)
        if len(target) == 1 and after.order != self.rules.order and self._lifted_over_locked(after, target[0]):
            return None
        return after

    def _lifted_over_locked(self, after: RuleSet, moved: str) -> bool:
        before_ids = [step.id for step in self.rules.order]
        was_below = set(before_ids[before_ids.index(moved) + 1 :])
        return self._above_locked([step for step in after.order if step.id not in was_below], moved)


def _weaker(level: str, other: str) -> bool:
    return LEVELS.index(level) > LEVELS.index(other)
