"""The services of seeded histories: their rules, the days on which these change, and what decides in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import attrs
from tests.trials.public_files import RULES

from queue_engine.facts import Fact, FactType, Per, Title, parse_date
from queue_engine.rules.amendments import effective
from queue_engine.rules.conditions import Confirmed, Holds
from queue_engine.rules.days import facts_needed
from queue_engine.rules.loading import read_rules
from queue_engine.rules.model import Reserve, ReserveKind, RuleSet, Step, StepKind

Value = int | str
WITHDRAWN = "offer.withdrawn"
GIVEN = ("application.number", "application.submitted_at", "application.submitted_on", "application.active", WITHDRAWN)
_DAY_SECONDS = 86_400


@attrs.frozen
class Scene:
    """What is particular about a service.

    Args:
        file: its rules.
        first: the first day of histories, shortly before something changes.
        dates: days of named dates.
        births: birth dates beside the ages that rules ask for.
        filed: when applications are made, with few values, so that numbers decide.
        takes: whom programmes take; "" = everybody.
        categories: those of documents, the ones that decide differently.
        mostly: facts that nearly everybody has, since without them nobody is in a queue.
        values: a few values of other facts.

    """

    file: str
    first: str
    dates: Mapping[str, str]
    births: tuple[str, ...]
    filed: tuple[str, ...]
    takes: tuple[str, ...]
    categories: tuple[str, ...]
    mostly: Mapping[str, Value] = attrs.field(factory=dict)
    values: Mapping[str, tuple[Value, ...]] = attrs.field(factory=dict)

    @property
    def first_day(self) -> int:
        """The first day, as a number."""
        return parse_date(self.first)

    def days_of_dates(self) -> dict[str, int]:
        """Return the days of named dates, as numbers."""
        return {name: parse_date(day) for name, day in self.dates.items()}

    def seconds(self) -> tuple[int, ...]:
        """Return when applications are made, as numbers: two times of each day."""
        return tuple(parse_date(day) * _DAY_SECONDS + at for day in self.filed for at in (0, _DAY_SECONDS - 1))

    def values_of(self, fact: Fact) -> Sequence[Value]:
        """Return a few values of a fact, on the borders rules care about."""
        if fact.name in self.values:
            return self.values[fact.name]
        if fact.name == "child.birth_date":
            return tuple(map(parse_date, self.births))
        if fact.type is FactType.CHOICE:
            return tuple(fact.choices) or ("one", "two")
        if fact.type is FactType.DATE:
            days = (self.first_day + 1, self.first_day + 3, *self.days_of_dates().values())
            return tuple(sorted({day + by for day in days for by in (-1, 0)}))
        return (0, 1)


_GRADES = (40_500, 45_000, 46_666, 46_667, 46_700, 50_000)

SCENES: Mapping[str, Scene] = {
    "kindergarten": Scene(
        "kindergarten.yaml",
        "2026-02-26",
        {"study_start": "2026-09-01"},
        ("2023-02-28", "2023-03-01", "2022-09-01", "2022-09-02", "2024-02-29", "2024-02-29", "2018-09-01"),
        ("2024-12-31", "2026-02-01", "2026-02-02"),
        (
            "",
            "age(on today) >= 2y",
            "age(on today) >= 2y",
            "age(on today) >= 3y",
            "age(on study_start) >= 3y and age(on study_start) < 4y",
            "consent.full_day",
        ),
        ("judge_child", "large_family", "military_child", "service_member_killed_child", "pmpk_conclusion"),
        {"address.lives_here": 1},
    ),
    "magnitogorsk": Scene(
        "magnitogorsk/kindergarten.yaml",
        "2026-01-29",
        {"study_start": "2026-09-01"},
        ("2023-01-30", "2023-01-31", "2023-02-01", "2022-09-01", "2024-02-29"),
        ("2025-01-15", "2026-01-31", "2026-02-01"),
        ("", "", "age(on today) >= 36m", "not child.foreign"),
        ("chernobyl", "large_family", "police_child"),
        {"address.lives_here": 1},
    ),
    "school": Scene(
        "school-grade-1.yaml",
        "2026-06-28",
        {
            "study_start": "2026-09-01",
            "first_phase_start": "2026-04-01",
            "first_phase_end": "2026-06-30",
            "second_phase": "2026-07-06",
            "second_phase_end": "2026-09-05",
        },
        ("2019-12-31", "2020-02-29", "2020-03-01", "2020-03-02", "2018-09-01", "2018-08-31"),
        ("2026-04-01", "2026-06-30", "2026-07-06"),
        ("", "", "child.language == 'one'", "age(on today) >= 6y4m"),
        ("prosecutor_child", "military_child", "service_member_killed_child", "police_child"),
        {"address.lives_here": 1, "address.in_territory": 1},
    ),
    "camp": Scene(
        "camp.yaml",
        "2026-04-28",
        {"shift_start": "2026-06-03"},
        ("2019-06-03", "2019-06-04", "2019-12-03", "2008-06-03", "2012-02-29", "2014-04-30"),
        ("2026-04-15", "2026-04-28"),
        ("", "", "age(on today) >= 12y", "confirmed(category.hard_situation)"),
        ("judge_child", "large_family", "hard_situation", "mobilised_child", "education_worker"),
        {"address.in_region": 1, "camp.vouchers_this_year": 0, "address.lives_here": 1},
        {"camp.vouchers_this_year": (0, 0, 0, 1)},
    ),
    "zlatoust": Scene(
        "zlatoust/camp.yaml",
        "2026-04-28",
        {"shift_start": "2026-06-03"},
        ("2019-06-03", "2019-06-04", "2008-06-03", "2012-02-29", "2014-04-30"),
        ("2026-04-15", "2026-04-28"),
        ("", "age(on today) >= 12y"),
        ("judge_child", "large_family", "hard_situation", "education_worker"),
        {"address.in_region": 1, "camp.vouchers_this_year": 0, "address.lives_here": 1},
        {"camp.vouchers_this_year": (0, 0, 0, 1)},
    ),
    "college": Scene(
        "college.yaml",
        "2026-02-26",
        {},
        ("2010-01-01",),
        ("2026-02-15", "2026-02-28"),
        ("", "", "grade.average >= 4.6667", "not child.foreign"),
        ("hero", "service_participant", "target_contract", "preferential_71_7"),
        {"grade.average": 46_667, "entrance_test.passed": 1},
        {"grade.average": _GRADES, "grade.profile_average": _GRADES, "achievements.points": (0, 1, 31)},
    ),
}
"""The services by name; two of them are those of a municipality, with amendments that begin on a day."""


@cache
def rules_of(name: str) -> tuple[RuleSet, ...]:
    """Return the rules of a scene: as they are, with other steps first, and with reserves that move places.

    Some put those first whose offer was withdrawn.
    """
    scene = SCENES[name]
    plain = read_rules(RULES / scene.file)
    first, second = (Confirmed(category) for category in scene.categories[:2])
    title = Title("доля", "share")
    one_in = Reserve("one_in_three", title, first, ReserveKind.ONE_IN, 3)
    shares = (
        Reserve("half", title, second, ReserveKind.SHARE, 50),
        Reserve("third", title, first, ReserveKind.SHARE, 34),
    )
    back = Step("withdrawn", Title("место отозвано", "offer withdrawn"), StepKind.YES_FIRST, condition=Holds(WITHDRAWN))
    made = [
        plain,
        attrs.evolve(plain, id=f"{plain.id}/withdrawn", order=(back, *plain.order)),
        attrs.evolve(plain, id=f"{plain.id}/one_in", reserves=(*plain.reserves, one_in)),
        attrs.evolve(plain, id=f"{plain.id}/shares", reserves=(*plain.reserves, *shares)),
    ]
    if not plain.changes and len(plain.order) >= 4:
        *ahead, one, other, submitted, number = plain.order
        made.append(attrs.evolve(plain, id=f"{plain.id}/other", order=(*ahead, other, one, submitted, number)))
    return tuple(made)


@cache
def facts_of_scene(name: str, per: Per) -> tuple[Fact, ...]:
    """Return the facts that decide in a scene, on its first days or later, and those that programmes ask for."""
    scene, plain = SCENES[name], rules_of(name)[0]
    needed = set()
    for day in (scene.first_day, scene.first_day + 7):
        needed |= facts_needed(effective(plain, day))
    asked = " ".join(scene.takes)
    facts = plain.vocabulary.facts.values()
    wanted = [fact for fact in facts if fact.name in needed or fact.name in asked]
    return tuple(fact for fact in wanted if fact.per is per and fact.name not in GIVEN)
