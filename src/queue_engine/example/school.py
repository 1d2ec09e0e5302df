"""Schools of the example municipality and the families who apply to their first grades in both phases."""

from __future__ import annotations

from datetime import date

import numpy as np

from queue_engine.example.assembly import Draft, Made, Service, homes, numbered, organisation_ids, stacked, with_cases
from queue_engine.example.draws import Array, Bools, Draws, Ints
from queue_engine.example.filing import DAY_SECONDS, day, filed_at, with_rush
from queue_engine.example.papers import FAMILY_PAPERS, Paper, draw_papers, holders
from queue_engine.example.school_cases import CASES, PLAIN, PLAIN_WISH
from queue_engine.facts import Title

_ON = date(2026, 7, 10)
_LAST_DAY = day("2026-07-09")
_APPLICATIONS_A_SCHOOL = 80
_SECOND_PHASE_OF_100 = 25
_PMPK = "pmpk_conclusion"
_PAPERS = (*FAMILY_PAPERS, Paper(_PMPK, 40, recent=True))
_ADAPTED = "confirmed(category.pmpk_conclusion) and consent.adapted_programme"
_LAST_DAYS = ("", "2026-08-31", "2028-05-31", "2031-05-31")


def make(applications: int, seed: int) -> Made:
    """Return the tables of the first-grade queues.

    >>> made = make(80, 1)
    >>> made.tables["programmes"]["title"][:2].tolist()
    ['Школа № 1, 1 класс', 'Школа-интернат № 2, 1 класс']

    """
    draws = Draws.of_rows(seed, "school", applications)
    programmes, school, adapted = _programmes(seed, applications)
    home = homes(draws, np.where(adapted, 1, 20))
    second_phase = draws.weighted("phase", (100 - _SECOND_PHASE_OF_100, _SECOND_PHASE_OF_100)) == 1
    filed = _filed(draws, second_phase)
    birth = _birth(draws)
    held = holders(draws, _PAPERS)
    held[_PMPK] = held[_PMPK] | (adapted[home] & draws.chance("pmpk", 9_500))
    people = _people(draws, filed, birth, adapted[home])
    ids = programmes["programme"]
    days = filed // DAY_SECONDS
    draft = Draft(
        people,
        _wishes(draws, ids, school, home, second_phase, people["address.lives_here"]),
        draw_papers(draws, held, _PAPERS, days, birth, day(_ON.isoformat())),
        programmes,
    )
    cases = CASES[: applications // 2]
    with_cases(draft, cases, PLAIN, PLAIN_WISH)
    return numbered(draft, draws, cases)


def _programmes(seed: int, applications: int) -> tuple[dict[str, Array], Ints, Bools]:
    """Return the programmes table, the school of each programme, and which are adapted; these come last."""
    ids = organisation_ids("school", applications, _APPLICATIONS_A_SCHOOL, 3)
    count = len(ids)
    draws = Draws.of_rows(seed, "school/places", count)
    boarding = draws.chance("boarding", 600)
    boarding[0], boarding[1] = False, True
    special = (draws.chance("adapted", 2_000) & (draws.rows > 1)) | (draws.rows == 2)  # noqa: PLR2004 - the third, always
    school = np.concatenate([np.arange(count), np.flatnonzero(special)])
    adapted = np.arange(len(school)) >= count
    names = [f"Школа{'-интернат' if at else ''} № {number}, 1 класс" for number, at in enumerate(boarding.tolist(), 1)]
    places = np.where(adapted, 12, draws.between("capacity", 2, 5)[school] * 25)
    table = {
        "programme": np.array(
            [f"{ids[at]}-1{'-adapted' if own else ''}" for at, own in zip(school, adapted, strict=True)]
        ),
        "organisation": ids[school],
        "title": np.array(
            [names[at] + (", адаптированная программа" if own else "") for at, own in zip(school, adapted, strict=True)]
        ),
        "capacity": places,
        "takes": np.where(adapted, _ADAPTED, ""),
        "programme.adapted": adapted,
        "programme.boarding": boarding[school],
    }
    return table, school.astype(np.int64), adapted


def _filed(draws: Draws, second_phase: Bools) -> Ints:
    """Return the second of filing: in the first phase or the second, most on the first night of each."""
    first = filed_at(draws, day("2026-04-01"), day("2026-06-30"))
    rush = draws.chance("rush", 5_500)
    first = with_rush(draws, first, "2026-04-01T00:00:00", 1_800, rush)
    later = filed_at(draws.at(draws.rows + len(draws.rows)), day("2026-07-06"), _LAST_DAY)
    later = with_rush(draws, later, "2026-07-06T00:00:00", 600, rush)
    return np.where(second_phase, later, first)


def _birth(draws: Draws) -> Ints:
    """Return birth days: most children are seven on 1 September, some six and a half, a few nearly eight."""
    spans = (
        ("2019-02-01", "2019-12-31"),
        ("2018-09-02", "2019-01-31"),
        ("2020-01-01", "2020-03-01"),
        ("2020-03-02", "2020-08-31"),
    )
    which = draws.weighted("birth/span", (84, 9, 6, 1))
    first, last = (np.array([day(text) for text in ends])[which] for ends in zip(*spans, strict=True))
    return draws.between("birth", first, last)


def _people(draws: Draws, filed: Ints, birth: Ints, adapted: Bools) -> dict[str, Array]:
    """Return the facts of the applications."""
    foreign = draws.chance("foreign", 350)
    lawful = foreign & draws.chance("lawful", 9_000)
    return {
        "application.submitted_at": filed.astype("datetime64[s]"),
        "application.active": ~draws.chance("withdrawn", 200),
        "child.birth_date": birth.astype("datetime64[D]"),
        "child.foreign": foreign,
        "child.stay_lawful": lawful,
        "child.russian_test_passed": lawful & draws.chance("test", 6_000),
        "school.age_permit": (birth > day("2020-03-01")) & draws.chance("permit", 7_000),
        "consent.adapted_programme": adapted & draws.chance("consent/adapted", 9_300),
        "address.lives_here": ~draws.chance("lives_elsewhere", 250),
    }


def _wishes(
    draws: Draws, ids: Array, school: Ints, home: Ints, second_phase: Bools, lives_here: Bools
) -> dict[str, Array]:
    """Return the wishes: the school of the territory in the first phase, up to three schools in the second."""
    in_first, in_second = draws.weighted("wishes/first", (94, 6)), draws.weighted("wishes/second", (45, 30, 25))
    many = np.where(second_phase, in_second, in_first) + 1
    shift = draws.between("wish/2", 1, 4)
    further = shift + draws.between("wish/3", 1, 4)
    count = int(school.max()) + 1
    options = [(np.ones(len(home), np.bool_), home)]
    for k, step in enumerate((shift, further), 2):
        options.append(((many >= k) & (step < count), (school[home] + step) % count))
    person, wish, at = stacked(options)
    first, own = school[home], school[at]
    resident = np.where(second_phase, draws.chance("territory/second", 2_000), draws.chance("territory/first", 9_300))
    territory = np.where(lives_here & resident, first, -1)
    attends = (draws.chance("sibling", 1_700)[person]) & (own == first[person])
    together = draws.chance("together", 30)[person] & (wish == 1)
    last_day = np.array(_LAST_DAYS, "datetime64[D]")[draws.weighted("sibling/last", (50, 8, 22, 20))][person]
    last_day[~(attends | together)] = np.datetime64("NaT")
    return {
        "person": person,
        "wish": wish,
        "programme": ids[at],
        "address.in_territory": territory[person] == own,
        "sibling.attends": attends,
        "sibling.last_day": last_day,
        "sibling.raised_together": together,
    }


SERVICE = Service(
    name="school-grade-1",
    title=Title("Приём в первый класс", "Admission to grade 1"),
    rules="region-74/school-grade-1",
    on=_ON,
    dates={
        "study_start": date(2026, 9, 1),
        "first_phase_start": date(2026, 4, 1),
        "first_phase_end": date(2026, 6, 30),
        "second_phase": date(2026, 7, 6),
        "second_phase_end": date(2026, 9, 5),
    },
    remark=Title("", ""),
    make=make,
)
"""Admission to grade 1 in the first days of the second phase."""
