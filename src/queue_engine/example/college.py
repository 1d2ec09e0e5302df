"""Colleges of the example municipality and the applicants who compete by their certificates."""

from __future__ import annotations

from datetime import date

import attrs
import numpy as np

from queue_engine.example.assembly import Draft, Made, Service, homes, numbered, organisation_ids, stacked, with_cases
from queue_engine.example.college_cases import CASES, PLAIN, PLAIN_WISH
from queue_engine.example.draws import Array, Draws, Ints
from queue_engine.example.filing import DAY_SECONDS, day, filed_at, with_rush
from queue_engine.example.papers import Paper, draw_papers, holders
from queue_engine.facts import Title

_ON = date(2026, 8, 16)
_APPLICATIONS_A_COLLEGE = 120
_MOST_WISHES = 5
_FEWEST, _MOST = 3, 7
_TARGET = "target_contract"
_PAPERS = (
    Paper("hero", 1, lasting=True),
    Paper("service_participant", 250, lasting=True),
    Paper(_TARGET, 450),
    Paper("preferential_71_7", 600),
)


@attrs.frozen
class Specialty:
    """A specialty of secondary vocational education, and whether it has an entrance test."""

    code: str
    title: str
    entrance_test: bool = False


SPECIALTIES = (
    Specialty("09.02.07", "Информационные системы и программирование"),
    Specialty("34.02.01", "Сестринское дело", entrance_test=True),
    Specialty("38.02.01", "Экономика и бухгалтерский учёт"),
    Specialty("44.02.02", "Преподавание в начальных классах"),
    Specialty("08.02.01", "Строительство и эксплуатация зданий и сооружений"),
    Specialty("15.02.16", "Технология машиностроения"),
    Specialty("54.02.01", "Дизайн", entrance_test=True),
    Specialty("43.02.15", "Поварское и кондитерское дело"),
    Specialty("23.02.01", "Организация перевозок и управление на транспорте"),
)
"""What the example's colleges teach."""


def make(applications: int, seed: int) -> Made:
    """Return the tables of the college contests.

    >>> made = make(120, 1)
    >>> made.tables["programmes"]["title"].tolist()[0]
    'Колледж № 1, 09.02.07 Информационные системы и программирование, 9 классов, бюджет'

    """
    draws = Draws.of_rows(seed, "college", applications)
    programmes = _programmes(seed, applications)
    tests = programmes["programme.entrance_test"]
    filed = filed_at(draws, day("2026-06-15"), day("2026-08-14"))
    filed = with_rush(draws, filed, "2026-06-15T09:00:00", 3_600, draws.chance("rush", 1_500))
    held = holders(draws, _PAPERS)
    days = filed // DAY_SECONDS
    draft = Draft(
        _people(draws, filed),
        _wishes(draws, programmes["programme"], tests, held[_TARGET]),
        draw_papers(draws, held, _PAPERS, days, days, day(_ON.isoformat())),
        programmes,
    )
    cases = CASES[: applications // 2]
    with_cases(draft, cases, PLAIN, PLAIN_WISH)
    return numbered(draft, draws, cases)


def _programmes(seed: int, applications: int) -> dict[str, Array]:
    """Return the programmes table: three to seven specialties a college, one contest each."""
    colleges = organisation_ids("college", applications, _APPLICATIONS_A_COLLEGE, 2)
    draws = Draws.of_rows(seed, "college/contests", len(colleges))
    many = draws.between("many", _FEWEST, _MOST)
    start = np.where(draws.rows == 0, 0, draws.below("start", len(SPECIALTIES)))
    contests = [
        (number, SPECIALTIES[(first + step) % len(SPECIALTIES)])
        for number, (first, size) in enumerate(zip(start.tolist(), many.tolist(), strict=True), 1)
        for step in range(size)
    ]
    places = Draws.of_rows(seed, "college/capacity", len(contests))
    paid = places.chance("paid", 1_200) & (places.rows > 1)
    funding = np.where(paid, "paid", "budget").tolist()
    words = {"paid": "платно", "budget": "бюджет"}
    ids = [str(colleges[number - 1]) for number, _ in contests]
    return {
        "programme": np.array(
            [f"{at}-{own.code}-9-{by}" for at, (_, own), by in zip(ids, contests, funding, strict=True)]
        ),
        "organisation": np.array(ids),
        "title": np.array(
            [
                f"Колледж № {number}, {own.code} {own.title}, 9 классов, {words[by]}"
                for (number, own), by in zip(contests, funding, strict=True)
            ]
        ),
        "capacity": places.between("capacity", 1, 2) * 25,
        "programme.entrance_test": np.array([own.entrance_test for _, own in contests]),
    }


def _people(draws: Draws, filed: Ints) -> dict[str, Array]:
    """Return the facts of the applications; averages are exact fractions of marks."""
    subjects = draws.between("subjects", 14, 20)
    average = _average(draws, "marks", subjects)
    average[draws.chance("no_certificate", 60)] = ""
    profile = _average(draws, "profile", draws.between("profile/subjects", 2, 4))
    profile[draws.chance("no_profile", 500)] = ""
    points = draws.between("achievements/points", 1, 10)
    return {
        "application.submitted_at": filed.astype("datetime64[s]"),
        "application.active": ~draws.chance("withdrawn", 400),
        "grade.average": average,
        "grade.profile_average": profile,
        "achievements.points": np.where(draws.chance("achievements", 1_800), points, 0),
        "certificate.original": draws.chance("original", 6_500),
    }


def _average(draws: Draws, field: str, subjects: Ints) -> Array:
    """Return average marks from 3 to 5 as texts like 61/14: the sum of the marks and how many there are."""
    above = draws.between(f"{field}/a", 0, subjects) + draws.between(f"{field}/b", 0, subjects)
    texts = {(total, count): f"{total}/{count}" for count in range(2, 21) for total in range(3 * count, 5 * count + 1)}
    longest = max(map(len, texts.values()))
    table = np.zeros((101, 21), f"U{longest}")
    for place, text in texts.items():
        table[place] = text
    return table[3 * subjects + above, subjects]


def _wishes(draws: Draws, ids: Array, tests: Array, contracted: Array) -> dict[str, Array]:
    """Return the contests each takes part in; a target contract is nearly always for the first of them."""
    count = len(ids)
    home = homes(draws, np.where(tests, 15, 10))
    many = draws.weighted("wishes", (30, 25, 20, 15, 10)) + 1
    place = np.zeros(len(home), np.int64)
    options = []
    for k in range(1, _MOST_WISHES + 1):
        options.append(((many >= k) & (place < count), (home + place) % count))
        place = place + draws.between(f"wish/{k}", 1, 3)
    person, wish, at = stacked(options)
    passed = tests[at] & draws.at(person * _MOST_WISHES + wish).chance("test", 8_500)
    own_specialty = draws.chance("target/first", 9_000)
    return {
        "person": person,
        "wish": wish,
        "programme": ids[at],
        "target.contract_here": (contracted & own_specialty)[person] & (wish == 1),
        "entrance_test.passed": passed,
    }


SERVICE = Service(
    name="college",
    title=Title("Конкурс аттестатов в колледж", "College admission by certificate"),
    rules="region-74/college",
    on=_ON,
    dates={},
    remark=Title("", ""),
    make=make,
)
"""The contests of certificates on the day after the last day of filing."""
