"""Kindergartens of the example municipality, their groups, and the families who wait for a place."""

from __future__ import annotations

from datetime import date

import numpy as np

from queue_engine.example.assembly import Draft, Made, Service, homes, numbered, stacked, with_cases
from queue_engine.example.draws import Array, Bools, Draws, Ints
from queue_engine.example.filing import DAY_SECONDS, day, filed_at, second, with_rush
from queue_engine.example.groups import GROUPS, STUDY_START, Groups, born, draw_groups
from queue_engine.example.kindergarten_cases import CASES, PLAIN, PLAIN_WISH
from queue_engine.example.papers import FAMILY_PAPERS, Paper, draw_papers, holders
from queue_engine.facts import Title

_ON = date(2026, 4, 15)
_EVE = day("2026-04-14")
_NEWBORN_DAYS = 10
_LONGEST_WAIT = 1_200
_PMPK = "pmpk_conclusion"
_PAPERS = (*FAMILY_PAPERS, Paper(_PMPK, 60, recent=True))
_RUSHES = (("2024-09-01T00:00:00", 14_400), ("2025-09-01T08:00:00", 7_200), ("2026-04-01T00:00:00", 600))
_DESIRED = ("2026-09-01", "2026-06-01", "2026-05-04", "2027-09-01", "2026-11-02")
_LAST_DAYS = ("", "2026-08-31", "2027-05-31", "2028-05-31")


def make(applications: int, seed: int) -> Made:
    """Return the tables of the kindergarten queue; see `service` for the days it is made for.

    >>> made = make(120, 1)
    >>> len(made.tables["applications"]["application"]), made.cases[0].case.name
    (120, 'born_1_september')

    """
    draws = Draws.of_rows(seed, "kindergarten", applications)
    groups = draw_groups(seed, applications)
    home = homes(draws, np.array([GROUPS[kind].weight for kind in groups.kind], np.int64))
    kind = groups.kind[home]
    birth = _birth(draws, kind)
    filed = _filed(draws, birth)
    held = holders(draws, _PAPERS)
    adapted = np.array([group.adapted for group in GROUPS])[kind]
    held[_PMPK] = held[_PMPK] | (adapted & draws.chance("pmpk", 9_300))
    people = _people(draws, kind, birth, filed, adapted)
    choices = _choices(draws, groups, home, people["application.transfer"])
    draft = Draft(
        people,
        _wishes(draws, choices, groups.ids, people["address.lives_here"]),
        draw_papers(draws, held, _PAPERS, filed // DAY_SECONDS, birth + _NEWBORN_DAYS, day(_ON.isoformat())),
        groups.table | {"capacity": groups.table["capacity"] + _held_places(groups, home, *choices[-1])},
    )
    cases = CASES[: applications // 2]
    with_cases(draft, cases, PLAIN, PLAIN_WISH)
    return numbered(draft, draws, cases)


def _birth(draws: Draws, kind: Ints) -> Ints:
    """Return a birth day at which the child is of the group's age when studies start."""
    spans = [born(group.from_months, group.to_months) for group in GROUPS]
    first, last = (np.array(days, np.int64)[kind] for days in zip(*spans, strict=True))
    return draws.between("birth", first, np.minimum(last, _EVE - _NEWBORN_DAYS - 5))


def _filed(draws: Draws, birth: Ints) -> Ints:
    """Return the second of filing: since soon after the birth, with rushes on 1 September and 1 April."""
    at = filed_at(draws, np.maximum(birth + _NEWBORN_DAYS, _EVE - _LONGEST_WAIT), _EVE)
    rush = draws.weighted("rush", (80, 6, 7, 7))
    for which, (start, seconds) in enumerate(_RUSHES, 1):
        old_enough = (birth + _NEWBORN_DAYS) * DAY_SECONDS < second(start)
        at = with_rush(draws, at, start, seconds, (rush == which) & old_enough)
    return at


def _people(draws: Draws, kind: Ints, birth: Ints, filed: Ints, adapted: Bools) -> dict[str, Array]:
    """Return the facts of the applications."""
    foreign = draws.chance("foreign", 300)
    whole_day = np.array([group.stay_mode == "full_day" for group in GROUPS])[kind]
    shorter = whole_day & draws.chance("short_day", 600)
    mode = np.where(shorter, "short_day", np.array([group.stay_mode for group in GROUPS])[kind])
    desired = np.array(_DESIRED, "datetime64[D]")[draws.weighted("desired", (82, 8, 5, 4, 1))]
    return {
        "application.submitted_at": filed.astype("datetime64[s]"),
        "application.active": ~draws.chance("withdrawn", 300),
        "application.transfer": draws.chance("transfer", 500),
        "child.birth_date": birth.astype("datetime64[D]"),
        "child.desired_date": desired,
        "child.orientation": np.array([group.orientation for group in GROUPS])[kind],
        "child.stay_mode": mode,
        "child.foreign": foreign,
        "child.stay_lawful": foreign & draws.chance("lawful", 8_500),
        "child.short_stay_place": draws.chance("short_stay_place", 400),
        "consent.general_group": draws.chance("consent/general", 5_500),
        "consent.care_group": draws.chance("consent/care", 1_000),
        "consent.adapted_programme": adapted & draws.chance("consent/adapted", 9_200),
        "consent.full_day": shorter | draws.chance("consent/full_day", 4_000),
        "consent.other_day": draws.chance("consent/other_day", 1_200),
        "address.lives_here": ~draws.chance("moved_out", 300),
    }


def _choices(draws: Draws, groups: Groups, home: Ints, transfer: Bools) -> list[tuple[Bools, Ints]]:
    """Return the first, second and third kindergarten of each child, and last the one a transfer comes from."""
    many = draws.weighted("wishes", (35, 30, 35)) + 1
    shift = draws.between("wish/2", 1, 4)
    further = shift + draws.between("wish/3", 1, 4)
    first = groups.organisation[home]
    second_one, has_second = groups.neighbour(home, shift)
    third_one, has_third = groups.neighbour(home, further)
    held, has_held = groups.neighbour(home, further + draws.between("held", 1, 4))
    anywhere = draws.chance("wish/anywhere", 2_000)
    third_one = np.where(anywhere, draws.below("wish/any", groups.organisations), third_one)
    has_second &= many > 1
    has_third = (has_third | anywhere) & (many > 1 + has_second) & (third_one != first)
    has_third &= ~(has_second & (third_one == second_one))
    has_held &= transfer & (held != first) & (held != second_one) & (held != third_one)
    return [(np.ones(len(home), np.bool_), first), (has_second, second_one), (has_third, third_one), (has_held, held)]


def _held_places(groups: Groups, home: Ints, has_held: Bools, held: Ints) -> Ints:
    """Return how many places of each group transfers hold: they are among the places a round gives."""
    kinds = len(GROUPS)
    here = held[has_held] * kinds + groups.kind[home][has_held]
    counted = np.bincount(here, minlength=groups.organisations * kinds)
    found: Ints = counted[groups.organisation * kinds + groups.kind].astype(np.int64)
    return found


def _wishes(draws: Draws, choices: list[tuple[Bools, Ints]], ids: Array, lives_here: Bools) -> dict[str, Array]:
    """Return the wishes and what is known of each: territory, brothers and sisters, the place held already."""
    person, wish, at = stacked(choices)
    first, second_one = choices[0][1], choices[1][1]
    territory = np.choose(draws.weighted("territory", (75, 15, 10)), (first, second_one, np.full(len(first), -1)))
    territory = np.where(lives_here, territory, -1)
    sibling_at = np.where(draws.chance("sibling", 1_500), draws.weighted("sibling/wish", (80, 14, 6)) + 1, 0)
    attends = sibling_at[person] == wish
    together = draws.chance("together", 30)[person] & (wish == 1)
    last_day = np.array(_LAST_DAYS, "datetime64[D]")[draws.weighted("sibling/last", (40, 25, 20, 15))][person]
    last_day[~(attends | together)] = np.datetime64("NaT")
    return {
        "person": person,
        "wish": wish,
        "organisation": ids[at],
        "address.in_territory": territory[person] == at,
        "sibling.attends": attends,
        "sibling.last_day": last_day,
        "sibling.raised_together": together,
        "parent.works_here": draws.chance("works_here", 100)[person] & (wish == 1),
        "place.holds_here": wish == len(choices),
    }


SERVICE = Service(
    name="kindergarten",
    title=Title("Очередь в детский сад", "Kindergarten queue"),
    rules="region-74/kindergarten",
    on=_ON,
    dates={"study_start": date.fromisoformat(STUDY_START), "round_date": date.fromisoformat(STUDY_START)},
    remark=Title("", ""),
    make=make,
)
"""The kindergarten queue on the eve of the mass round."""
