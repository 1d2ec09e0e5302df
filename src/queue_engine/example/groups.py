"""The groups of the example's kindergartens: ages, orientations, lengths of the day, and who is taken."""

from __future__ import annotations

from functools import cached_property

import attrs
import numpy as np
import numpy.typing as npt

from queue_engine.example.assembly import organisation_ids
from queue_engine.example.draws import CERTAIN, Array, Bools, Draws, Ints
from queue_engine.example.filing import months_before

STUDY_START = "2026-09-01"
APPLICATIONS_A_KINDERGARTEN = 120
_FEWEST, _MOST = 4, 9
_YEAR = 12


@attrs.frozen
class Group:
    """A kind of group.

    Args:
        code: the end of a programme's id.
        title: the end of its title.
        from_months: youngest age when studies start.
        to_months: the age that is too old.
        weight: how many families look for such a group, against the others.
        chance: how many of 10,000 kindergartens have it.
        orientation: what is asked for on the application.
        stay_mode: likewise.
        condition: whom it takes besides the age.
        adapted: it follows an adapted programme.

    """

    code: str
    title: str
    from_months: int
    to_months: int
    weight: int
    chance: int = CERTAIN
    orientation: str = "general"
    stay_mode: str = "full_day"
    condition: str = (
        "(child.orientation == 'general' or consent.general_group)"
        " and (child.stay_mode == 'full_day' or consent.full_day)"
    )
    adapted: bool = False

    @property
    def takes(self) -> str:
        """Return whom the group takes.

        >>> Group("36m", "3–4 года", 36, 48, 1, condition="consent.care_group").takes
        'age(on study_start) >= 3y and age(on study_start) < 4y and consent.care_group'

        """
        ages = f"age(on study_start) >= {_age(self.from_months)} and age(on study_start) < {_age(self.to_months)}"
        return f"{ages} and {self.condition}"


_OTHER_DAY = "(child.stay_mode == '{}' or consent.other_day)"
GROUPS = (
    Group("24m", "2–3 года", 24, 36, 30),
    Group("36m", "3–4 года", 36, 48, 18),
    Group("48m", "4–5 лет", 48, 60, 8),
    Group("60m", "5–6 лет", 60, 72, 5, 7_000),
    Group("18m", "1,5–2 года", 18, 24, 20, 5_500),
    Group(
        "comp", "4–6 лет, компенсирующая группа", 48, 72, 5, 3_000, "compensating", adapted=True,
        condition="child.orientation == 'compensating' and confirmed(category.pmpk_conclusion)",
    ),
    Group("12m", "1–1,5 года", 12, 18, 10, 2_500),
    Group(
        "short", "1,5–3 года, кратковременное пребывание", 18, 36, 6, 3_000, stay_mode="short_stay",
        condition=_OTHER_DAY.format("short_stay"),
    ),
    Group(
        "comb", "5–7 лет, комбинированная группа", 60, 84, 4, 1_500, "combined",
        condition="child.orientation in ('general', 'combined')",
    ),
    Group(
        "health", "3–5 лет, оздоровительная группа", 36, 60, 3, 1_200, "health",
        condition="child.orientation == 'health'",
    ),
    Group(
        "care", "2–5 лет, присмотр и уход", 24, 60, 3, 1_500, "care",
        condition="(child.orientation == 'care' or consent.care_group)",
    ),
    Group(
        "late", "3–6 лет, 14 часов", 36, 72, 3, 1_000, stay_mode="extended_day",
        condition="(child.orientation == 'general' or consent.general_group) and " + _OTHER_DAY.format("extended_day"),
    ),
    Group("72m", "6–8 лет", 72, 96, 2, 2_500),
    Group(
        "night", "3–6 лет, круглосуточно", 36, 72, 2, 300, stay_mode="round_the_clock",
        condition=_OTHER_DAY.format("round_the_clock"),
    ),
    Group("2m", "2–12 месяцев", 2, 12, 5, 800),
)  # fmt: skip
"""Every kind of group; a kindergarten has the first ones and, by chance, some of the others."""


@attrs.frozen(eq=False)
class Groups:
    """The groups of all kindergartens, by kindergarten.

    Args:
        ids: the ids of the kindergartens.
        organisation: the kindergarten of each group, as an index into `ids`.
        kind: what each group is, as an index into `GROUPS`.
        table: the programmes table.

    """

    ids: npt.NDArray[np.str_]
    organisation: Ints
    kind: Ints
    table: dict[str, Array]

    @property
    def organisations(self) -> int:
        """Return the number of kindergartens."""
        return len(self.ids)

    @cached_property
    def _by_kind(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Return groups sorted by kind; the place of each group there; where its kind begins, and how many it has."""
        order = np.argsort(self.kind, kind="stable")
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        many = np.bincount(self.kind, minlength=len(GROUPS)).astype(np.int64)
        return order, place, np.cumsum(many) - many, many

    def neighbour(self, group: Ints, shift: Ints) -> tuple[Ints, Bools]:
        """Return the kindergarten that is `shift` further among those with such a group, and whether there is one."""
        order, place, start, many = self._by_kind
        kind = self.kind[group]
        there = start[kind] + (place[group] - start[kind] + shift) % many[kind]
        return self.organisation[order[there]], shift < many[kind]


def draw_groups(seed: int, applications: int) -> Groups:
    """Return the kindergartens that so many applications need, each with four to nine groups.

    >>> groups = draw_groups(1, 1_200)
    >>> groups.organisations, groups.table["title"].tolist()[1], groups.table["programme"].tolist()[1]
    (10, 'Детский сад № 1, 3–4 года', 'ds-001-36m')

    """
    ids = organisation_ids("ds", applications, APPLICATIONS_A_KINDERGARTEN, 2)
    draws = Draws.of_rows(seed, "kindergarten/groups", len(ids))
    has = np.array([draws.chance(group.code, group.chance) for group in GROUPS]).T
    has[0, [group.code == "comp" for group in GROUPS]] = True  # the cases of adapted groups need one
    has[has.sum(axis=1) < _FEWEST, _FEWEST - 1] = True
    has &= np.cumsum(has, axis=1) <= _MOST
    organisation, kind = (part.astype(np.int64) for part in np.nonzero(has))
    return _described(seed, ids, organisation, kind)


def _described(seed: int, ids: Array, organisation: Ints, kind: Ints) -> Groups:
    """Return the groups with their programmes table."""
    groups = [GROUPS[index] for index in kind]
    adapted = np.array([group.adapted for group in groups])
    draws = Draws.of_rows(seed, "kindergarten/capacity", len(kind))
    pairs = list(zip(organisation.tolist(), groups, strict=True))
    table = {
        "programme": np.array([f"{ids[at]}-{group.code}" for at, group in pairs]),
        "organisation": ids[organisation],
        "title": np.array([f"Детский сад № {at + 1}, {group.title}" for at, group in pairs]),
        "capacity": np.where(adapted, draws.between("few", 3, 8), draws.between("many", 4, 20)),
        "takes": np.array([group.takes for group in groups]),
        "programme.adapted": adapted,
    }
    return Groups(ids, organisation, kind, table)


def born(from_months: int, to_months: int) -> tuple[int, int]:
    """Return the first and last birth day of children of that age when studies start.

    >>> from queue_engine.facts import day_to_date
    >>> [day_to_date(day).isoformat() for day in born(36, 48)]
    ['2022-09-02', '2023-09-01']

    """
    return months_before(STUDY_START, to_months) + 1, months_before(STUDY_START, from_months)


def _age(months: int) -> str:
    years, rest = divmod(months, _YEAR)
    return (f"{years}y" if years else "") + (f"{rest}m" if rest else "")
