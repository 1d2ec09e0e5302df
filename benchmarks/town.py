"""The municipality that is measured: columns made by a counter-based generator, the same on every machine.

Everything is drawn by splitmix64 of (what is drawn, row): no state, no seed of the day, integers only.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from queue_engine.rules.check import load_rules
from queue_engine.rules.model import RuleSet
from queue_engine.tables import build_tables
from queue_engine.tables.records import Tables

RULES_FOLDER = Path(__file__).parent.parent / "rules"
RULES_FILE = RULES_FOLDER / "region-74" / "kindergarten.yaml"
ON = date(2026, 4, 15)
DATES = {"study_start": date(2026, 9, 1), "round_date": date(2026, 9, 1)}

ENTRIES = 1_000_000
PROGRAMMES = 3_000
ORGANISATIONS = 600
CATEGORIES = (
    "chernobyl",
    "disabled_child",
    "disabled_parent",
    "investigator_child",
    "judge_child",
    "large_family",
    "mayak",
    "military_child",
    "mobilised_child",
    "orphan_parent_child",
    "police_child",
    "prosecutor_child",
    "single_parent_child",
)
KINDS = 20

_MASK = (1 << 64) - 1
_SECOND = np.dtype("datetime64[s]")
_DAY = np.dtype("datetime64[D]")

Words = npt.NDArray[np.uint64]
Columns = Mapping[str, npt.NDArray[Any]]


@attrs.frozen(eq=False)
class Town:
    """The columns of one municipality, as a caller would hand them over."""

    entries: Columns
    applications: Columns
    documents: Columns
    programmes: Mapping[str, Any]

    def tables(self, rules: RuleSet) -> Tables:
        """Return the tables that the engine orders."""
        return build_tables(rules.vocabulary, self.entries, self.applications, self.documents, self.programmes)


def words(what: str, count: int) -> Words:
    """Return `count` random words named by what they decide.

    >>> words("birth", 2).tolist() == words("birth", 3).tolist()[:2]
    True

    """
    name = int.from_bytes(what.encode()[:8].ljust(8, b"\0"), "little")
    start = (name * 0x9E3779B97F4A7C15 + len(what)) & _MASK
    mixed = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(start)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    drawn: Words = mixed ^ (mixed >> np.uint64(31))
    return drawn


def below(what: str, count: int, bound: int) -> npt.NDArray[np.int64]:
    """Return `count` numbers from 0 to `bound` - 1; the bound is at most 2**32."""
    return ((words(what, count) >> np.uint64(32)) * np.uint64(bound) >> np.uint64(32)).astype(np.int64)


def chance(what: str, count: int, per_mille: int) -> npt.NDArray[np.bool_]:
    """Return for each of `count` rows whether it is one of so many in a thousand."""
    return below(what, count, 1000) < per_mille


def shuffled(what: str, count: int) -> npt.NDArray[np.int64]:
    """Return the rows 0 to `count` - 1 in a drawn order."""
    return np.argsort(words(what, count), kind="stable")


class Kind(Enum):
    """What applications wish for, and whom programmes take."""

    NAMED = "wishes name programmes, which take everybody"
    BANDS = "wishes name programmes, each of which takes one of 20 kinds of children"
    ORGANISATIONS = "wishes name organisations; of five programmes of each, one a year of age, one takes the child"


def make_town(kind: Kind = Kind.NAMED, entries: int = ENTRIES) -> Town:
    """Return a municipality of so many wishes, a multiple of 10; 1, 2, 3 and 4 are equally frequent."""
    people = entries * 2 // 5
    wishes = _entries(people, entries, kind)
    return Town(wishes, _applications(people), _documents(people), _programmes(kind))


def _entries(people: int, count: int, kind: Kind) -> Columns:
    field, offered = ("organisation", ORGANISATIONS) if kind is Kind.ORGANISATIONS else ("programme", PROGRAMMES)
    wishes = 1 + shuffled("wishes", people) % 4
    owner = np.repeat(np.arange(people), wishes)
    wish = np.arange(count) - np.repeat(np.cumsum(wishes) - wishes, wishes) + 1
    # A start and a stride below a quarter of what is offered: four wishes never meet.
    start, stride = below("start", people, offered), 1 + below("stride", people, offered // 4 - 1)
    wished = (start[owner] + stride[owner] * wish) % offered
    sibling = chance("sibling", count, 80)
    last_day = np.datetime64("2026-05-31", "D") + 366 * below("lastday", count, 4)
    last_day[~sibling | chance("openend", count, 500)] = np.datetime64("NaT")
    order = shuffled("rows", count)
    columns = {
        "application": _numbers(people)[owner],
        "wish": wish,
        field: wished,
        "place.holds_here": chance("holds", count, 5),
        "address.in_territory": chance("territory", count, 300),
        "sibling.attends": sibling,
        "sibling.last_day": last_day,
        "sibling.raised_together": chance("together", count, 2),
    }
    return {name: values[order] for name, values in columns.items()}


def _numbers(people: int) -> npt.NDArray[np.int64]:
    """Return the application numbers: rising, with gaps."""
    return np.cumsum(1 + below("gap", people, 30)) + 1_000_000


def _applications(people: int) -> Columns:
    days = np.sort(below("filed", people, 1000))
    second = 8 * 3600 + below("second", people, 12 * 3600)
    rush = chance("rush", people, 300)  # everyone at midnight of the day the filing opens: ties in one second
    days[rush] = days[rush] // 250 * 250
    second[rush] = below("rushsec", people, 600)[rush]
    filed = np.datetime64("2023-04-01", "s") + days * 86400 + second
    columns = {
        "application": _numbers(people),
        "application.submitted_at": filed.astype(_SECOND),
        "application.active": chance("active", people, 980),
        "address.lives_here": chance("lives", people, 970),
        "child.birth_date": (np.datetime64("2019-01-01", "D") + below("birth", people, 2500)).astype(_DAY),
        "child.desired_date": (np.datetime64("2024-09-01", "D") + below("desired", people, 760)).astype(_DAY),
        "child.foreign": chance("foreign", people, 20),
        "child.stay_lawful": chance("lawful", people, 900),
        "consent.adapted_programme": chance("consent", people, 50),
    }
    order = shuffled("people", people)
    return {name: values[order] for name, values in columns.items()}


def _documents(people: int) -> Columns:
    """Return papers of 3 % of the applications in each category; 5 % of them expired, 3 % not confirmed."""
    names = [*CATEGORIES, "pmpk_conclusion"]
    holders = [np.flatnonzero(chance(f"holds{index}", people, 30)) for index in range(len(names))]
    count = sum(map(len, holders))
    begins = np.datetime64("2022-01-01", "D") + below("begins", count, 1200)
    ends = np.where(chance("expired", count, 50), np.datetime64("2026-04-14", "D"), np.datetime64("2028-12-31", "D"))
    order = shuffled("papers", count)
    columns: dict[str, npt.NDArray[Any]] = {
        "application": _numbers(people)[np.concatenate(holders)],
        "category": np.repeat(np.array(names), [len(rows) for rows in holders]),
        "from": begins,
        "to": ends,
        "confirmed": chance("proved", count, 970),
    }
    return {name: values[order] for name, values in columns.items()}


def _programmes(kind: Kind) -> Mapping[str, Any]:
    columns: dict[str, Any] = {
        "programme": np.arange(PROGRAMMES),
        "organisation": np.arange(PROGRAMMES) % ORGANISATIONS,
        "capacity": 20 + below("seats", PROGRAMMES, 15),
        "programme.adapted": chance("adapted", PROGRAMMES, 50),
    }
    if kind is Kind.BANDS:
        takes = [_aged(6 + 3 * each, 30 + 3 * each) for each in range(KINDS)]
        columns["takes"] = [takes[each] for each in below("band", PROGRAMMES, KINDS).tolist()]
    if kind is Kind.ORGANISATIONS:
        years = [_aged(12 * year, 12 * year + 12) for year in range(2, 7)]
        columns["takes"] = [years[number // ORGANISATIONS] for number in range(PROGRAMMES)]
    return columns


def _aged(least: int, below_months: int) -> str:
    """Return the condition that a child has reached so many months on the first day of study, and not so many more."""
    return f"age(on study_start) >= {least}m and age(on study_start) < {below_months}m"


@cache
def rules() -> RuleSet:
    """Return the kindergarten rules."""
    return load_rules(RULES_FILE)


@cache
def tables(kind: Kind = Kind.NAMED) -> Tables:
    """Return the tables of a municipality, made once a run."""
    return make_town(kind).tables(rules())
