"""Ten conditions of the kindergarten rules on a million entries: compiled from the rule file, and written by hand.

The hand-written side is what somebody who knows the rules, the columns and numpy would write for this
one set of rules: no memory for what was computed, no language, no checks.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks import town
from benchmarks.timing import Contest
from queue_engine.entries import Entries, derive_entries
from queue_engine.facts import date_to_day
from queue_engine.rules.compile import Masks
from queue_engine.rules.conditions import AnyOf, Condition
from queue_engine.rules.days import rules_on
from queue_engine.tables.records import Tables

Mask = npt.NDArray[np.bool_]

# Who has a right wherever the family lives, and who only in this municipality.
OUT_OF_TURN = (
    ("prosecutor_child", "judge_child", "investigator_child", "chernobyl", "special_risk", "mayak", "caucasus"),
    ("service_member_killed_child", "rosgvardia_killed_child"),
)
FIRST_TURN = (
    (
        *("large_family", "disabled_child", "disabled_parent", "single_parent_child", "orphan_parent_child"),
        *("federal_service_child", "federal_service_killed_child", "federal_service_died_child", "enforcement_child"),
        *("federal_service_died_after_child", "federal_service_injured_child", "federal_service_dependant"),
    ),
    (
        *("military_child", "volunteer_child", "mobilised_child", "military_retired_child", "rosgvardia_child"),
        *("police_child", "police_killed_child", "police_died_child", "police_died_after_child"),
        *("police_injured_child", "police_dependant", "interior_staff_child"),
    ),
)
CONCLUSION = (("pmpk_conclusion",), ())

ON_DAY = date_to_day(town.ON)
BORN_BY = date_to_day(date(2026, 7, 1))  # two months old on 1 September
BORN_AFTER = date_to_day(date(2018, 9, 1))  # and not yet eight years
STUDY_START = date_to_day(town.DATES["study_start"])
ROUND_DATE = date_to_day(town.DATES["round_date"])


def conditions() -> dict[str, Condition]:
    """Return the ten conditions, their dates filled in, by the id of the rule."""
    rules = rules_on(town.rules(), town.ON, town.DATES)
    found: dict[str, Condition] = {ground.id: ground.when for ground in rules.eligible}
    for group in rules.steps["right"].groups[:-1]:
        found[group.id] = AnyOf(tuple(ground.when for ground in group.grounds))
    territory = rules.steps["territory"].condition
    assert territory is not None
    found["territory"] = territory
    found.update({ground.id: ground.when for _, ground in rules.steps["sibling"].grounds()})
    return found


def compiled(tables: Tables, entries: Entries, wanted: Mapping[str, Condition]) -> dict[str, Mask]:
    """Return on which entries each condition holds, as the engine evaluates them."""
    masks = Masks(entries.frame(tables), town.rules().conventions)
    return {name: masks.mask(condition) for name, condition in wanted.items()}


def by_hand(tables: Tables, entries: Entries) -> dict[str, Mask]:
    """Return the same in plain numpy, written for these ten conditions."""
    of = {name: column.values for name, column in tables.applications.columns.items()}
    here = {name: column.values for name, column in tables.wishes.columns.items()}
    owner = entries.application.astype(np.intp)
    out_of_turn, first_turn, conclusion = _rights_by_hand(tables, of["address.lives_here"])
    birth = of["child.birth_date"]
    last_day = tables.wishes.columns["sibling.last_day"]
    assert last_day.known is not None
    stays = ~last_day.known | (last_day.values >= STUDY_START)
    adapted = tables.programmes.columns["programme.adapted"].values
    may_be_adapted = (conclusion & of["consent.adapted_programme"]).take(owner)
    return {
        "active": of["application.active"].take(owner),
        "age": ((birth <= BORN_BY) & (birth > BORN_AFTER)).take(owner),
        "desired_date": (of["child.desired_date"] <= ROUND_DATE).take(owner),
        "adapted_programme": ~adapted[entries.programme] | may_be_adapted,
        "foreign_citizen": (~of["child.foreign"] | of["child.stay_lawful"]).take(owner),
        "out_of_turn": out_of_turn.take(owner),
        "first_turn": first_turn.take(owner),
        "territory": here["address.in_territory"],
        "brother_or_sister": here["sibling.attends"] & stays,
        "raised_together": here["sibling.raised_together"] & stays,
    }


def _rights_by_hand(tables: Tables, lives_here: Mask) -> tuple[Mask, Mask, Mask]:
    """Return which applications have a right out of turn, one of first turn, and a commission's conclusion."""
    documents, codes = tables.documents, tables.vocabulary.category_codes
    valid = documents.confirmed & (documents.first <= ON_DAY) & (documents.last >= ON_DAY)
    holder, category = documents.application[valid], documents.category[valid]
    found = []
    for anywhere, here in (OUT_OF_TURN, FIRST_TURN, CONCLUSION):
        gives, gives_here = np.zeros(len(codes), np.bool_), np.zeros(len(codes), np.bool_)
        gives[[codes[name] for name in anywhere]] = True
        gives_here[[codes[name] for name in here]] = True
        mask = np.zeros(len(lives_here), np.bool_)
        mask[holder[gives[category] | (gives_here[category] & lives_here[holder])]] = True
        found.append(mask)
    return found[0], found[1], found[2]


def contest() -> Contest:
    """Return the two sides, after checking that they agree on every entry."""
    tables, wanted = town.tables(), conditions()
    entries = derive_entries(tables, town.rules(), town.ON, town.DATES)
    ours, theirs = compiled(tables, entries, wanted), by_hand(tables, entries)
    assert ours.keys() == theirs.keys()
    for name, mask in theirs.items():
        assert np.array_equal(ours[name], mask), name
    sides: dict[str, Any] = {
        "compiled": lambda: compiled(tables, entries, wanted),
        "by hand": lambda: by_hand(tables, entries),
    }
    return Contest("ten conditions on 1,000,000 entries", "compiled", sides, {"by hand": 1.5})
