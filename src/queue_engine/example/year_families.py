"""The gardens and the families of the example year: groups by age, children, wishes, and the papers they hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from queue_engine.events import ProgrammeOpened, Wish
from queue_engine.events.model import Facts
from queue_engine.example.assembly import FIRST_NUMBER
from queue_engine.example.draws import Draws, Ints
from queue_engine.example.filing import DAY_SECONDS, day, filed_at
from queue_engine.example.papers import FAMILY_PAPERS, Paper, holders
from queue_engine.example.year_calendar import Luck
from queue_engine.facts import Vocabulary, day_to_date

_STOCK_PERCENT = 48
_LONGEST_WAIT = 900
_AGES = ((-330, -20), (0, 364), (365, 729), (730, 1_094), (1_095, 1_459), (1_460, 2_190), (2_191, 2_900))
_OFTEN = (12, 22, 28, 20, 10, 6, 2)
_EIGHT_YEARS = 2_922
_EIGHT_SOON = 5  # the row of a child who is eight in a few weeks
_NEWBORN_DAYS = 12
TERRITORY, SIBLING, SIBLING_LAST = "address.in_territory", "sibling.attends", "sibling.last_day"


@attrs.frozen
class Band:
    """The groups of one age: the end of a programme's id and of its title, the years, and how many look for it."""

    code: str
    title: str
    first_year: int
    too_old: int
    weight: int

    @property
    def takes(self) -> str:
        """Return whom a programme of this age takes.

        >>> BANDS[2].takes
        'age(on study_start) >= 3y and age(on study_start) < 4y'

        """
        return f"age(on study_start) >= {self.first_year}y and age(on study_start) < {self.too_old}y"


BANDS = (
    Band("1y", "1–2 года", 1, 2, 22),
    Band("2y", "2–3 года", 2, 3, 30),
    Band("3y", "3–4 года", 3, 4, 18),
    Band("4y", "4–8 лет", 4, 8, 14),
)
"""The groups a garden has; the last garden may have only the first of them."""


@attrs.frozen
class Group:
    """A programme of the year.

    Args:
        id: its id.
        garden: its organisation.
        number: the number of the garden.
        band: its age.

    """

    id: str
    garden: str
    number: int
    band: Band

    @property
    def actor(self) -> str:
        """Return how events name the garden when it acts."""
        return f"organisation:{self.number}"

    def opened(self, capacity: int, service: str, when: Mapping[str, Any]) -> ProgrammeOpened:
        """Return the event that opens it."""
        title = f"Детский сад № {self.number}, {self.band.title}"
        return ProgrammeOpened(self.id, self.garden, title, capacity, self.band.takes, {}, service, **when)


def groups_of(programmes: int) -> tuple[Group, ...]:
    """Return so many programmes, garden by garden.

    >>> [group.id for group in groups_of(5)]
    ['ds-001-1y', 'ds-001-2y', 'ds-001-3y', 'ds-001-4y', 'ds-002-1y']

    """
    found = []
    for index in range(programmes):
        garden, band = divmod(index, len(BANDS))
        name = f"ds-{garden + 1:03d}"
        found.append(Group(f"{name}-{BANDS[band].code}", name, garden + 1, BANDS[band]))
    return tuple(found)


@attrs.frozen(eq=False)
class Families:
    """The families of the year; those with smaller rows applied earlier.

    Args:
        luck: draws all that is not kept here.
        birth: birth days of the children.
        filed: when they apply, in civil seconds.
        stock: how many applied before the year.
        papers: what they hold.
        groups: what they may wish for.
        vocabulary: facts it does not know are left out.

    """

    luck: Luck
    birth: list[int]
    filed: list[int]
    stock: int
    papers: Mapping[int, tuple[Paper, ...]]
    groups: tuple[Group, ...]
    vocabulary: Vocabulary

    @classmethod
    def drawn(
        cls, seed: int, count: int, groups: tuple[Group, ...], vocabulary: Vocabulary, start: int, days: int
    ) -> Families:
        """Return so many families of a seed, for a year of so many days from `start`."""
        draws = Draws.of_rows(seed, "year", count)
        birth, filed = _children(draws, start, days)
        known = tuple(paper for paper in FAMILY_PAPERS if paper.category in vocabulary.categories)
        papers: dict[int, tuple[Paper, ...]] = {}
        for category, held in holders(draws, known).items():
            paper = next(each for each in known if each.category == category)
            for row in np.flatnonzero(held | draws.chance(f"paper-too/{category}", paper.of_10_000)).tolist():
                papers[row] = (*papers.get(row, ()), paper)
        stock = int(np.searchsorted(filed, start * DAY_SECONDS))
        return cls(Luck(draws), birth.tolist(), filed.tolist(), stock, papers, groups, vocabulary)

    def __len__(self) -> int:
        """Return the number of families."""
        return len(self.birth)

    def facts(self, row: int, start: int) -> dict[str, int | str]:
        """Return what is known of an application when it is filed."""
        luck = self.luck
        desired = (start, start - 92, day_of(year_of(start) + 1, 9), None)[
            luck.weighted("desired", row, (35, 10, 35, 20))
        ]
        foreign = luck.chance("foreign", row, 300)
        found: dict[str, int | str | None] = {
            "child.birth_date": self.birth[row],
            "child.desired_date": desired,
            "child.orientation": "general",
            "child.stay_mode": ("full_day", "short_day")[luck.chance("short_day", row, 800)],
            "child.foreign": 1 if foreign else None,
            "child.stay_lawful": int(luck.chance("lawful", row, 8_500)) if foreign else None,
            "address.lives_here": int(not luck.chance("lives_elsewhere", row, 300)),
            "address.registered_here": int(not luck.chance("registered_elsewhere", row, 900)),
            "application.transfer": 1 if luck.chance("transfer", row, 500) else None,
        }
        return self._known(found)

    def wishes(self, row: int, study_start: int, open_groups: Mapping[str, bool], turn: int = 0) -> tuple[Wish, ...]:
        """Return what a family wishes for: up to three gardens, of each a programme of the child's age or any.

        Args:
            row: the family.
            study_start: the day whose age counts.
            open_groups: whether each programme is open, by id.
            turn: how often the family has changed its mind.

        """
        many = 1 + self.luck.weighted("wishes", row, (30, 35, 35))
        found: dict[tuple[str, str], Wish] = {}
        for place, number in enumerate(self._gardens(row, turn)[:many]):
            here = [group for group in self.groups if group.number == number and open_groups.get(group.id)]
            if not here:
                continue
            fitting = [group for group in here if self.fits(row, group, study_start)]
            named = fitting and self.luck.chance(f"by_programme/{number % 7}", row, 5_000)
            facts = self._known(self._at_garden(row, number, place))
            wish = Wish(fitting[0].id, facts=facts) if named else Wish("", here[0].garden, facts)
            found[wish.target] = wish
        return tuple(found.values())

    def fits(self, row: int, group: Group, study_start: int) -> bool:
        """Return whether the child is of the age of a group on a day."""
        return group.band.first_year <= years_old(self.birth[row], study_start) < group.band.too_old

    def sibling(self, row: int, last_day: int) -> Facts:
        """Return what is known when a brother or sister came to a garden."""
        stays = self.luck.chance("sibling/stays", row, 5_000)
        return self._known({SIBLING: 1, SIBLING_LAST: None if stays else last_day})

    def _gardens(self, row: int, turn: int) -> list[int]:
        """Return three gardens by their numbers, the nearest first, then those next to it."""
        luck = self.luck
        count = self.groups[-1].number
        home = luck.below("home", row, count)
        further = 1 + luck.below(f"further/{turn % 4}", row, 3)
        found = [home, home + further, home + further + 1 + luck.below("furthest", row, 3)]
        if turn % 2:
            found = [found[1], found[0], found[2] + turn]
        return list(dict.fromkeys(1 + garden % count for garden in found))

    def _at_garden(self, row: int, number: int, place: int) -> dict[str, int | str | None]:
        near = number == 1 + self.luck.below("home", row, self.groups[-1].number)
        found: dict[str, int | str | None] = {TERRITORY: int(near and self.luck.chance("territory", row, 7_500))}
        if place == 0 and self.luck.chance("sibling", row, 1_400):
            found |= self.sibling(row, day_of(2026 + self.luck.below("sibling/last", row, 2), 5, 31))
        return found

    def _known(self, facts: Mapping[str, int | str | None]) -> dict[str, int | str]:
        return {name: value for name, value in facts.items() if value is not None and name in self.vocabulary.facts}


def _children(draws: Draws, start: int, days: int) -> tuple[Ints, Ints]:
    """Return birth days and the seconds of filing, by the seconds."""
    count = len(draws.rows)
    first, last = (np.array(ages, np.int64)[draws.weighted("age", _OFTEN)] for ages in zip(*_AGES, strict=True))
    birth = np.minimum(start - draws.between("age/days", first, last), start + days - 2 * _NEWBORN_DAYS)
    waiting = (np.arange(count) * 100 < count * _STOCK_PERCENT) & (birth + _NEWBORN_DAYS < start - 1)
    waiting[_EIGHT_SOON] = True
    birth[_EIGHT_SOON] = start - _EIGHT_YEARS + 25
    earliest = np.maximum(birth + _NEWBORN_DAYS, np.where(waiting, start - _LONGEST_WAIT, start))
    latest = np.where(waiting, start - 1, start + days - 1)
    filed = filed_at(draws, np.minimum(earliest, latest), latest)
    order = np.argsort(filed, kind="stable")
    return birth[order], filed[order]


def name_of(row: int) -> str:
    """Return the id of an application.

    >>> name_of(0)
    '100001'

    """
    return str(FIRST_NUMBER + row)


def row_of(name: str) -> int:
    """Return the row of an application.

    >>> row_of("100001")
    0

    """
    return int(name) - FIRST_NUMBER


def day_of(year: int, month: int, day_of_month: int = 1) -> int:
    """Return the number of a day.

    >>> day_of(2026, 9) == day("2026-09-01")
    True

    """
    return day(f"{year}-{month:02d}-{day_of_month:02d}")


def year_of(number: int) -> int:
    """Return the year of a day.

    >>> year_of(day("2026-09-01"))
    2026

    """
    return day_to_date(number).year


def years_old(birth: int, on: int) -> int:
    """Return the age in whole years.

    >>> years_old(day("2023-09-01"), day("2026-09-01")), years_old(day("2023-09-02"), day("2026-09-01"))
    (3, 2)

    """
    born, then = day_to_date(birth), day_to_date(on)
    return then.year - born.year - ((then.month, then.day) < (born.month, born.day))
