"""Camps of the example municipality, their shifts, and the families who ask for a voucher."""

from __future__ import annotations

from datetime import date

import numpy as np

from queue_engine.example.assembly import Draft, Made, Service, numbered, organisation_ids, stacked, with_cases
from queue_engine.example.camp_cases import CASES, PLAIN, PLAIN_WISH
from queue_engine.example.draws import Array, Bools, Draws, Ints
from queue_engine.example.filing import DAY_SECONDS, day, filed_at, with_rush
from queue_engine.example.papers import FAMILY_PAPERS, Paper, draw_papers, holders
from queue_engine.facts import Title

_ON = date(2026, 5, 1)
_APPLICATIONS_A_CAMP = 160
_NAMES = (
    "Берёзка",
    "Солнечный",
    "Чайка",
    "Еланчик",
    "Уральские зори",
    "Орлёнок",
    "Лесная сказка",
    "Родничок",
    "Искра",
    "Сосновый бор",
)
_SHIFTS = (
    ("s1", "1-я смена, 3–23 июня"),
    ("s2", "2-я смена, 26 июня – 16 июля"),
    ("s3", "3-я смена, 19 июля – 8 августа"),
)
_DAY_CAMP = "age(on shift_start) < 15y"
_SUPPORT_PAPERS = (
    Paper("orphan", 120, lasting=True),
    Paper("hard_situation", 500, recent=True),
    Paper("low_income", 700, recent=True),
    Paper("special_needs", 350, recent=True),
)
_PAPERS = (*FAMILY_PAPERS, *_SUPPORT_PAPERS)
_SUPPORTED = (
    "orphan",
    "hard_situation",
    "low_income",
    "special_needs",
    "disabled_child",
    "mobilised_child",
    "service_member_killed_child",
)


def make(applications: int, seed: int) -> Made:
    """Return the tables of the camp queues.

    >>> made = make(80, 1)
    >>> made.tables["programmes"]["title"].tolist()[0]
    'Лагерь «Берёзка», 1-я смена, 3–23 июня'

    """
    draws = Draws.of_rows(seed, "camp", applications)
    programmes = _programmes(seed, applications)
    held = holders(draws, _PAPERS)
    supported = np.logical_or.reduce([held[category] for category in _SUPPORTED])
    filed = filed_at(draws, day("2026-04-01"), day("2026-04-30"))
    filed = with_rush(draws, filed, "2026-04-01T00:00:00", 3_600, draws.chance("rush", 4_000))
    birth = _birth(draws)
    days = filed // DAY_SECONDS
    draft = Draft(
        _people(draws, filed, birth),
        _wishes(draws, programmes, supported),
        draw_papers(draws, held, _PAPERS, days, birth, day(_ON.isoformat())),
        programmes,
    )
    cases = CASES[: applications // 2]
    with_cases(draft, cases, PLAIN, PLAIN_WISH)
    return numbered(draft, draws, cases)


def _programmes(seed: int, applications: int) -> dict[str, Array]:
    """Return the programmes table: each camp in each shift; every third camp gives free vouchers."""
    ids = organisation_ids("camp", applications, _APPLICATIONS_A_CAMP, 3)
    count = len(ids)
    rounds = ["" if at < len(_NAMES) else f" {at // len(_NAMES) + 1}" for at in range(count)]
    titles = [f"Лагерь «{_NAMES[at % len(_NAMES)]}{rounds[at]}»" for at in range(count)]
    camp = np.repeat(np.arange(count), len(_SHIFTS))
    draws = Draws.of_rows(seed, "camp/places", count)
    by_day = draws.chance("day", 2_500) & (draws.rows > 1)
    return {
        "programme": np.array([f"{own}-{code}" for own in ids.tolist() for code, _ in _SHIFTS]),
        "organisation": ids[camp],
        "title": np.array([f"{title}, {shift}" for title in titles for _, shift in _SHIFTS]),
        "capacity": Draws.of_rows(seed, "camp/capacity", len(camp)).between("capacity", 2, 8) * 5,
        "takes": np.where(by_day[camp], _DAY_CAMP, ""),
        "programme.free_voucher": camp % 3 == 1,
        "programme.from_six_and_half": by_day[camp],
    }


def _birth(draws: Draws) -> Ints:
    """Return birth days of schoolchildren, a few of them too young."""
    first, last = day("2008-06-10"), day("2019-06-03")
    younger = draws.between("birth/younger", last + 1, last + 300)
    usual = np.maximum(draws.between("birth/a", first, last), draws.between("birth/b", first, last))
    return np.where(draws.chance("young", 250), younger, usual)


def _people(draws: Draws, filed: Ints, birth: Ints) -> dict[str, Array]:
    """Return the facts of the applications."""
    return {
        "application.submitted_at": filed.astype("datetime64[s]"),
        "application.active": ~draws.chance("withdrawn", 300),
        "child.birth_date": birth.astype("datetime64[D]"),
        "camp.vouchers_this_year": draws.weighted("vouchers", (94, 5, 1)),
        "address.in_region": ~draws.chance("other_region", 150),
        "address.lives_here": ~draws.chance("lives_elsewhere", 300),
    }


def _wishes(draws: Draws, programmes: dict[str, Array], supported: Bools) -> dict[str, Array]:
    """Return one to three shifts for each: free vouchers for most of those who are entitled and a few of the others."""
    free = programmes["programme.free_voucher"]
    chance = np.where(supported, 7_500, 250)
    wants_free = draws.chance("free", chance)
    many = draws.weighted("wishes", (50, 30, 20)) + 1
    shift = draws.between("wish/2", 1, 2)
    further = shift + draws.between("wish/3", 1, 2)
    pool, size = np.zeros((2, len(free)), np.int64), np.zeros(2, np.int64)
    for index in (0, 1):
        own = np.flatnonzero(free == bool(index))
        pool[index, : len(own)], size[index] = own, len(own)
    kind = wants_free.astype(np.int64)
    in_turn = np.where(wants_free, np.cumsum(wants_free), np.cumsum(~wants_free)) - 1
    options = []
    for k, step in enumerate((np.zeros(len(kind), np.int64), shift, further), 1):
        chosen = pool[kind, (in_turn + step) % size[kind]]
        options.append(((many >= k) & (step < size[kind]), chosen))
    person, wish, at = stacked(options)
    return {"person": person, "wish": wish, "programme": programmes["programme"][at]}


SERVICE = Service(
    name="camp",
    title=Title("Путёвка в лагерь", "Camp voucher"),
    rules="region-74/camp",
    on=_ON,
    dates={"shift_start": date(2026, 6, 3)},
    remark=Title(
        "Даты посчитаны для 1-й смены; для остальных повторите команду с --date shift_start=2026-06-26"
        " и с --date shift_start=2026-07-19.",
        "The dates are those of the first shift; for the others repeat the command with --date shift_start=2026-06-26"
        " and with --date shift_start=2026-07-19.",
    ),
    make=make,
)
"""Summer camps a month before the first shift."""
