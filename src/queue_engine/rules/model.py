"""What a rule file says, as frozen values: rule set, step, group, ground, reserve, legal basis, amendment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cached_property
from typing import TypeAlias

import attrs

from queue_engine.errors import Place
from queue_engine.facts import Title, Vocabulary
from queue_engine.rules.conditions import Condition

LEVELS = ("federal", "region", "municipality")
"""From the strongest to the weakest: a file may change only what a stronger one set and did not lock."""


@attrs.frozen
class Period:
    """Days from `first` to `last`, both included; None leaves that side open.

    >>> 20697 in Period(first=20697, last=20697)
    True

    """

    first: int | None = None
    last: int | None = None

    def __contains__(self, day: int) -> bool:
        """Return whether the day lies inside."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def __bool__(self) -> bool:
        """Return whether the period is bounded at all."""
        return self.first is not None or self.last is not None

    def overlaps(self, other: Period) -> bool:
        """Return whether some day lies in both."""
        return not _before(self.last, other.first) and not _before(other.last, self.first)

    def __and__(self, other: Period) -> Period:
        """Return the days in both; meaningless unless they overlap."""
        firsts = [day for day in (self.first, other.first) if day is not None]
        lasts = [day for day in (self.last, other.last) if day is not None]
        return Period(max(firsts, default=None), min(lasts, default=None))


ALWAYS_IN_FORCE = Period()


@attrs.frozen
class LegalBasis:
    """The act a rule rests on, and the day someone compared the two, if anyone has."""

    act: str
    clause: str = ""
    url: str = ""
    edition: str = ""
    checked: int | None = None
    place: Place = attrs.field(default=Place(""), eq=False)

    def __str__(self) -> str:
        """Return the citation as people write it.

        >>> str(LegalBasis("273-ФЗ", "ч. 3 ст. 67"))
        '273-ФЗ, ч. 3 ст. 67'

        """
        return ", ".join(part for part in (self.act, self.clause, self.edition) if part)


@attrs.frozen
class Ground:
    """A named reason with its condition: to be in a group, or to be in the queue at all."""

    id: str
    title: Title
    when: Condition
    basis: tuple[LegalBasis, ...] = ()
    in_force: Period = ALWAYS_IN_FORCE
    applies_to: Period = ALWAYS_IN_FORCE
    sensitive: bool = False
    place: Place = attrs.field(default=Place(""), eq=False)
    when_place: Place = attrs.field(default=Place(""), eq=False)


@attrs.frozen
class Group:
    """Everyone for whom at least one of the grounds holds; or everyone else."""

    id: str
    title: Title
    grounds: tuple[Ground, ...] = ()
    everyone_else: bool = False
    place: Place = attrs.field(default=Place(""), eq=False)


class StepKind(Enum):
    """How a step orders."""

    GROUPS = "groups"
    YES_FIRST = "yes_first"
    HIGHEST = "highest"
    LOWEST = "lowest"
    EARLIEST = "earliest"


@attrs.frozen
class Step:
    """One part of the order, more important than every step after it."""

    id: str
    title: Title
    kind: StepKind
    groups: tuple[Group, ...] = ()
    condition: Condition | None = None
    fact: str = ""
    basis: tuple[LegalBasis, ...] = ()
    locked: bool = False
    in_force: Period = ALWAYS_IN_FORCE
    level: str = "region"
    place: Place = attrs.field(default=Place(""), eq=False)
    when_place: Place = attrs.field(default=Place(""), eq=False)

    def grounds(self) -> Iterator[tuple[Group, Ground]]:
        """Yield every ground with its group, in order."""
        for group in self.groups:
            for ground in group.grounds:
                yield group, ground


class ReserveKind(Enum):
    """What a reserve promises its entitled applicants."""

    SEATS = "seats"  # a number or a share of the seats, filled in the round
    ONE_IN = "one_in"  # the k-th entitled stands at place N·(k−1)+1
    SHARE = "share"  # a minimum share held at every position of the queue


@attrs.frozen
class Reserve:
    """Seats or places of the queue set aside for those for whom a condition holds."""

    id: str
    title: Title
    when: Condition
    kind: ReserveKind
    amount: int
    percent: bool = False
    filled: str = ""
    unused: str = ""
    keep_until: int | None = None
    basis: tuple[LegalBasis, ...] = ()
    in_force: Period = ALWAYS_IN_FORCE
    place: Place = attrs.field(default=Place(""), eq=False)
    when_place: Place = attrs.field(default=Place(""), eq=False)

    @property
    def changes_positions(self) -> bool:
        """Return whether the reserve moves places of the queue, not only seats of a round."""
        return self.kind is not ReserveKind.SEATS


@attrs.frozen
class NamedTerm:
    """A condition with a name, written once and used in others."""

    id: str
    title: Title
    when: Condition
    basis: tuple[LegalBasis, ...] = ()
    place: Place = attrs.field(default=Place(""), eq=False)
    when_place: Place = attrs.field(default=Place(""), eq=False)


@attrs.frozen
class GivenDate:
    """The day a rule file gives to a named date."""

    name: str
    day: int
    basis: tuple[LegalBasis, ...] = ()
    place: Place = attrs.field(default=Place(""), eq=False)


@attrs.frozen
class Conventions:
    """How ages are reckoned where the calendar leaves a choice."""

    age_reached: str = "on_birthday"
    born_29_feb: str = "mar_1"


@attrs.frozen
class TieRule:
    """What becomes of equals of whom only some would get a place.

    Args:
        word: "lottery" = the order decides to its last step; "overfill" = all of them are placed, on more seats than
            there are, if one was left; "underfill" = none of them is, nor anybody behind them.

    """

    word: str = "lottery"


Item: TypeAlias = Step | Group | Ground | Reserve | NamedTerm


@attrs.frozen
class Change:
    """One amendment: what it does, to what, since when and on which basis.

    Args:
        verb: "add", "replace", "move" or "repeal".
        target: the address of what is replaced, moved or repealed; "" for add.
        item: what is added or put in place.
        relation: "into", "after" or "before"; "" for replace and repeal.
        anchor: the address the relation is to.

    """

    verb: str
    target: str = ""
    item: Item | TieRule | None = None
    relation: str = ""
    anchor: str = ""
    basis: tuple[LegalBasis, ...] = ()
    in_force: Period = ALWAYS_IN_FORCE
    place: Place = attrs.field(default=Place(""), eq=False)
    target_place: Place = attrs.field(default=Place(""), eq=False)
    level: str = "municipality"


@attrs.frozen
class RuleSet:
    """A rule file together with the files it extends.

    A rule set as read holds its amendments in `changes`; `amendments.effective`
    returns the rule set in force on one day, with none left.

    Args:
        id: its path below the rules folder, without ".yaml".
        level: federal, region or municipality.
        vocabulary: what its conditions may speak about.
        files: the files it was read from, the base first.
        changes: amendments in the order they are made.
        ties: what becomes of equals; `ties.tie_steps` says who they are.
        on: the day an effective rule set is in force; None as read.

    """

    id: str
    level: str
    title: Title
    vocabulary: Vocabulary
    in_force: Period = ALWAYS_IN_FORCE
    basis: tuple[LegalBasis, ...] = ()
    conventions: Conventions = Conventions()
    terms: Mapping[str, NamedTerm] = attrs.field(factory=dict)
    dates: Mapping[str, GivenDate] = attrs.field(factory=dict)
    eligible: tuple[Ground, ...] = ()
    order: tuple[Step, ...] = ()
    reserves: tuple[Reserve, ...] = ()
    changes: tuple[Change, ...] = ()
    files: tuple[str, ...] = ()
    on: int | None = None
    ties: TieRule = TieRule()

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """The steps by id."""
        return {step.id: step for step in self.order}

    def bases(self) -> Iterator[tuple[str, LegalBasis]]:
        """Yield every citation with the address of what it supports."""
        yield from ((self.id, basis) for basis in self.basis)
        for given in self.dates.values():
            yield from ((f"dates.{given.name}", basis) for basis in given.basis)
        sections: tuple[tuple[str, tuple[Ground | Reserve | NamedTerm, ...]], ...] = (
            ("terms", tuple(self.terms.values())),
            ("eligible", self.eligible),
            ("reserves", self.reserves),
        )
        for section, members in sections:
            for member in members:
                yield from ((f"{section}.{member.id}", basis) for basis in member.basis)
        for step in self.order:
            yield from ((step.id, basis) for basis in step.basis)
            for group, ground in step.grounds():
                yield from ((f"{step.id}.{group.id}.{ground.id}", basis) for basis in ground.basis)
        for number, change in enumerate(self.changes, start=1):
            yield from ((f"changes.{number}", basis) for basis in change.basis)


def _before(last: int | None, first: int | None) -> bool:
    return last is not None and first is not None and last < first
