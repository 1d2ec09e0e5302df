"""Addresses: how an amendment names a part of a rule set, what stands there, and the rules with that part edited."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias, TypeVar, cast

import attrs

from queue_engine.rules.model import Ground, Group, Item, NamedTerm, Reserve, RuleSet, Step, TieRule
from queue_engine.rules.shape import SECTIONS

Address: TypeAlias = tuple[str, ...]
ListEdit: TypeAlias = Callable[[list[Item], int], list[Item]]
TIES_ADDRESS: Address = ("ties",)

_Member = TypeVar("_Member", Step, Group, Ground, Reserve, NamedTerm)


def addresses(rule_set: RuleSet) -> Iterator[Address]:
    """Yield the address of everything an amendment may name, sections and their members included."""
    for step in rule_set.order:
        yield (step.id,)
        for group in step.groups:
            yield (step.id, group.id)
            yield from ((step.id, group.id, ground.id) for ground in group.grounds)
    yield from (("eligible", ground.id) for ground in rule_set.eligible)
    yield from (("reserves", reserve.id) for reserve in rule_set.reserves)
    yield from (("terms", name) for name in rule_set.terms)
    yield TIES_ADDRESS


def kind_at(address: Address) -> type[Item | TieRule]:
    """Return what stands at an address."""
    if address == TIES_ADDRESS:
        return TieRule
    if address[0] in SECTIONS and len(address) == 2:  # noqa: PLR2004 - section and member
        return {"eligible": Ground, "reserves": Reserve, "terms": NamedTerm}[address[0]]
    return (Step, Group, Ground)[len(address) - 1]


def kind_inside(container: Address) -> type[Item | TieRule] | None:
    """Return what may stand inside a container, None when it holds nothing."""
    if container == ("order",):
        return Step
    if container == TIES_ADDRESS:
        return None
    if container[0] in SECTIONS:
        return kind_at((*container, "")) if len(container) == 1 else None
    return {1: Group, 2: Ground}.get(len(container))


def edit_at(rules: RuleSet, address: Address, edit: ListEdit) -> RuleSet:
    """Return the rules with the list that holds `address` edited; the index given is -1 for an empty last part."""
    section, *path = address
    if section in SECTIONS and len(path) == 1:
        if section == "eligible":
            return attrs.evolve(rules, eligible=tuple(_edited(rules.eligible, path[0], edit)))
        if section == "reserves":
            return attrs.evolve(rules, reserves=tuple(_edited(rules.reserves, path[0], edit)))
        terms = _edited(tuple(rules.terms.values()), path[0], edit)
        return attrs.evolve(rules, terms={term.id: term for term in terms})
    if not path:
        return attrs.evolve(rules, order=tuple(_edited(rules.order, section, edit)))
    order = tuple(_edit_step(step, path, edit) if step.id == section else step for step in rules.order)
    return attrs.evolve(rules, order=order)


def _edit_step(step: Step, path: Sequence[str], edit: ListEdit) -> Step:
    """Return the step with its groups edited, or the grounds of the group that `path` begins with."""
    if len(path) == 1:
        return attrs.evolve(step, groups=tuple(_edited(step.groups, path[0], edit)))
    groups = tuple(
        attrs.evolve(group, grounds=tuple(_edited(group.grounds, path[1], edit))) if group.id == path[0] else group
        for group in step.groups
    )
    return attrs.evolve(step, groups=groups)


def _edited(members: Sequence[_Member], name: str, edit: ListEdit) -> list[_Member]:
    """Return the members edited; the caller has checked that what comes in is of their kind."""
    index = next((at for at, member in enumerate(members) if member.id == name), -1)
    return cast("list[_Member]", edit(list(members), index))
