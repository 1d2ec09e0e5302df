"""Stories of admission that everybody knows, held as rounds by the rule files of the region: who gets what, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest
from tests.told_rounds import Town, paper

from queue_engine import load_rules
from queue_engine.rounds import PlacesRow
from queue_engine.rounds.forms import rating_rows

REGION = Path(__file__).parent.parent / "rules" / "region-74"
BORN = {"child.birth_date": "2022-05-01"}


def gardens(folder: Path, on: str = "2026-04-15") -> Town:
    """Return a town that fills its kindergartens."""
    days = {"study_start": date(2026, 9, 1), "round_date": date(2026, 9, 1)}
    return Town(load_rules(REGION / "kindergarten.yaml"), folder, date.fromisoformat(on), days)


def schools(folder: Path, on: str) -> Town:
    """Return a town that admits to the first grade."""
    named = {
        "study_start": "2026-09-01",
        "first_phase_start": "2026-04-01",
        "first_phase_end": "2026-06-30",
        "second_phase": "2026-07-06",
        "second_phase_end": "2026-09-05",
    }
    dates = {name: date.fromisoformat(day) for name, day in named.items()}
    return Town(load_rules(REGION / "school-grade-1.yaml"), folder, date.fromisoformat(on), dates)


def colleges(folder: Path, on: str = "2026-08-16") -> Town:
    """Return a town with a college."""
    return Town(load_rules(REGION / "college.yaml"), folder, date.fromisoformat(on), {})


def pupil(*wishes: str, filed: str, near: Sequence[str] = (), **more: Any) -> dict[str, Any]:
    """Return a child who starts school."""
    child = {"child.birth_date": "2019-05-01", "application.submitted_on": filed[:10]}
    return {"wishes": wishes, "filed": filed, "at": {"address.in_territory": near}, **child, **more}


def test_a_school_that_overflows_refuses_the_last_of_its_territory(tmp_path: Path) -> None:
    """Edge 22, stage 1: the right first, then who filed earlier; whoever has no right there is in no queue at all."""
    held = schools(tmp_path, "2026-07-01").round(
        {
            "late with a right": pupil(
                "S1",
                filed="2026-06-20 10:00:00",
                papers=[paper("police_child")],
                **{"address.lives_here": "yes"},
            ),
            "first": pupil("S1", filed="2026-04-01 09:00:00", near=["S1"]),
            "second": pupil("S1", "S2", filed="2026-04-01 09:00:01", near=["S1"]),
            "elsewhere": pupil("S1", filed="2026-04-01 00:00:00"),
        },
        {"S1": 2, "S2": 5},
    )
    assert held.placed == {"late with a right": "S1", "first": "S1"}
    assert held.decided("second", "S1") == "submitted"
    assert "elsewhere" not in held.frozen.wishes, "an application of stage 1 without a right is refused, not parked"


def test_stage_two_gives_what_is_free_strictly_by_time(tmp_path: Path) -> None:
    """Neither territory nor a right counts from 6 July; places of stage 1 are withheld, by its order."""
    held = schools(tmp_path, "2026-07-10").round(
        {
            "police": pupil(
                "S1", filed="2026-07-06 09:00:02", papers=[paper("police_child")], **{"address.lives_here": "yes"}
            ),
            "near": pupil("S1", filed="2026-07-06 09:00:01", near=["S1"]),
            "quick": pupil("S1", filed="2026-07-06 09:00:00"),
            "too early": pupil("S1", filed="2026-07-03 09:00:00"),
        },
        [PlacesRow("S1", 25, 23, "order 12 of stage 1")],
    )
    assert held.placed == {"near": "S1", "quick": "S1"}
    assert held.decided("police", "S1") == "submitted"
    assert "too early" not in held.frozen.wishes


def student(*wishes: str, average: str, original: str = "yes", **more: Any) -> dict[str, Any]:
    """Return somebody who wishes to go to a college."""
    facts = {"grade.average": average, "certificate.original": original}
    return {"wishes": wishes, "filed": "2026-06-20 10:00:00", **facts, **more}


def test_one_original_is_worth_one_place_in_several_competitions(tmp_path: Path) -> None:
    """Edge 25: the best of both lists takes one, the dearer; the list of the other is not shortened, and moves up."""
    held = colleges(tmp_path).round(
        {
            "best": student("welders", "cooks", average="4.9"),
            "second": student("cooks", "welders", average="4.67"),
            "third": student("cooks", average="14/3"),
        },
        {"welders": 1, "cooks": 1},
    )
    assert held.placed == {"best": "welders", "second": "cooks"}
    assert held.decided("third", "cooks") == "grade", "14/3 is less than 4.67"
    rating = [row[:3] + row[-2:] for row in rating_rows(held.frozen, held.outcome, held.queues, "en")][1:4]
    assert rating == [
        ("cooks", "1", "best", "yes", "no"),
        ("cooks", "2", "second", "no", "yes"),
        ("cooks", "3", "third", "no", "no"),
    ]


def test_without_the_original_by_the_day_one_is_skipped_and_not_deleted(tmp_path: Path) -> None:
    """Edge 25: the programme takes who brought it; in the second wave, with it, the same application gets a place."""
    town = colleges(tmp_path)
    takes = {"programme": ["welders"], "takes": ["certificate.original"]}
    people = {
        "best": student("welders", average="5", original="no"),
        "second": student("welders", average="4.5"),
        "third": student("welders", average="4"),
    }
    first = town.round(people, {"welders": 2}, takes)
    assert first.placed == {"second": "welders", "third": "welders"}
    assert [each.application for each in first.queues.not_in_queue("best")] == ["best"]
    left = {"best": people["best"] | {"certificate.original": "yes"}}
    wave = [PlacesRow("welders", 3, 2, "order of 16 August")]
    assert attrs.evolve(town, on=date(2026, 8, 20)).round(left, wave, takes).placed == {"best": "welders"}


def test_the_target_quota_is_filled_first_and_what_is_left_of_it_flows_to_all(tmp_path: Path) -> None:
    """Groups of competitions by the names of passes: whoever fails in the quota stands in the general one."""
    contract = {"papers": [paper("target_contract")], "at": {"target.contract_here": ["quota"]}}
    rows = [
        PlacesRow("quota", 3, stage="1", flows_to="welders"),
        PlacesRow("welders", 1, stage="2"),
    ]
    takes = {"programme": ["quota", "welders"], "takes": ["confirmed(category.target_contract)", ""]}
    held = colleges(tmp_path).round(
        {
            "target": student("quota", "welders", average="3", **contract),
            "no contract": student("quota", "welders", average="4"),
            "best": student("welders", average="5"),
            "good": student("welders", average="4.5"),
            "fair": student("welders", average="3.5"),
        },
        rows,
        takes,
    )
    assert held.placed == {"target": "quota", "no contract": "welders", "best": "welders", "good": "welders"}
    cutoffs = held.outcome.cutoffs
    assert (cutoffs["quota"].given_on, cutoffs["welders"].received, cutoffs["welders"].seats) == (2, 2, 3)


def child(*wishes: str, filed: str = "2025-03-01", **more: Any) -> dict[str, Any]:
    """Return a child who wishes for a kindergarten."""
    return {"wishes": wishes, "filed": filed, **BORN, **more}


POOLS = {
    "programme": ["comp", "gen"],
    "takes": [
        "child.orientation == 'compensating' and confirmed(category.pmpk_conclusion)",
        "child.orientation == 'general' or consent.general_group",
    ],
    "programme.adapted": ["yes", "no"],
}
CONSENT = {"child.orientation": "compensating", "consent.general_group": "yes", "consent.adapted_programme": "yes"}


@pytest.mark.parametrize(
    ("last", "adapted", "places", "placed"),
    [
        ("2027-01-01", "yes", 1, "comp"),
        ("2027-01-01", "yes", 0, "gen"),
        ("2026-04-14", "yes", 1, "gen"),
        ("2027-01-01", "no", 1, "gen"),
    ],
)
def test_a_child_with_a_conclusion_stands_in_both_pools(
    tmp_path: Path, last: str, adapted: str, places: int, placed: str
) -> None:
    """Edge 14: the best wish; an expired conclusion, or no consent to an adapted group, leaves the general pool."""
    conclusion = [paper("pmpk_conclusion", "2025-06-01", last)]
    special = CONSENT | {"consent.adapted_programme": adapted}
    held = gardens(tmp_path).round(
        {
            "special": child("comp", "gen", filed="2024-01-01", papers=conclusion, **special),
            "other": child("gen", **{"child.orientation": "general"}),
        },
        {"comp": places, "gen": 1},
        POOLS,
    )
    assert held.placed.get("special") == placed
    assert ("other" in held.placed) == (placed == "comp")


def test_a_right_counts_from_the_round_after_it_is_confirmed(tmp_path: Path) -> None:
    """Edge 2: entered and not confirmed when the round is frozen, it gives nothing; on the next day it does."""

    def story(confirmed: str) -> dict[str, dict[str, Any]]:
        card = [paper("large_family", confirmed=confirmed)]
        return {"large": child("D1", filed="2025-12-01", papers=card), "earlier": child("D1", filed="2024-12-01")}

    assert gardens(tmp_path).round(story("no"), {"D1": 1}).placed == {"earlier": "D1"}
    next_day = gardens(tmp_path, "2026-04-16").round(story("yes"), {"D1": 1})
    assert next_day.placed == {"large": "D1"}
    assert next_day.decided("earlier", "D1") == "right"


def test_a_day_wished_for_later_and_earlier_again_leaves_the_place_as_it_was(tmp_path: Path) -> None:
    """Edge 17: it does not rank, it only says from when on a place is looked for; the date of filing is kept."""

    def story(day: str) -> dict[str, dict[str, Any]]:
        wished = {"child.desired_date": day}
        return {"moved": child("D1", filed="2024-01-01", **wished), "other": child("D1", filed="2024-02-01")}

    town = gardens(tmp_path)
    before, later, after = (town.round(story(day), {"D1": 1}) for day in ("2026-09-01", "2027-09-01", "2026-09-01"))
    assert before.placed == after.placed == {"moved": "D1"}
    assert later.placed == {"other": "D1"}
    assert later.frozen.programme["D1"].order == ("other",)


def test_a_transfer_has_the_rights_of_others_since_2021(tmp_path: Path) -> None:
    """Edge 13: of two without a right the earlier date wins, whether or not the child sits somewhere already."""
    seated = child("D1", "D2", filed="2024-05-01", at={"place.holds_here": ["D2"]})
    newcomer = child("D1", "D2", filed="2024-06-01")
    held = gardens(tmp_path).round({"seated": seated, "newcomer": newcomer}, {"D1": 1, "D2": 1})
    assert held.placed == {"seated": "D1", "newcomer": "D2"}
    late = gardens(tmp_path).round(
        {"seated": seated | {"filed": "2024-07-01"}, "newcomer": newcomer}, {"D1": 1, "D2": 1}
    )
    assert late.placed == {"seated": "D2", "newcomer": "D1"}
