"""Published orders come out of rule files written for them, row for row."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from queue_engine import build_tables, load_rules, order, standing

HERE = Path(__file__).parent
DAY = date(2025, 8, 2)
SUBJECTS = 5
CALLS = """\
rules: 1
id: calling-order
level: federal
title: {{ru: Порядок приглашения, en: Calling order}}
order:
  - id: jury
    title: {{ru: место у жюри, en: rank of the jury}}
    lowest: application.number
reserves:
  - id: scholarship
    title: {{ru: доля стипендиатов, en: share of scholarship holders}}
    share: {scholarship}%
    at: every_position
    when: jury.scholarship
    basis: [{{act: Parcoursup}}]
  - id: sector
    title: {{ru: доля своего сектора, en: share of the sector}}
    share: {sector}%
    at: every_position
    when: jury.sector
    basis: [{{act: Parcoursup}}]
"""


def test_fifty_official_ranked_lists_come_out_in_their_published_order(shared_data: Path) -> None:
    """6,444 rows of 50 lists: the total, then the subjects in their order; full ties by the record's number."""
    lists = json.loads((shared_data / "ru_ranked_lists_four_faculties_2025.json").read_text(encoding="utf-8"))["lists"]
    rules = load_rules(HERE / "rules_of_lists" / "ranked-list.yaml")
    rows = 0
    for ranked in lists:
        shuffled = sorted(ranked["rows"], key=lambda row: row[1])  # by the person's random id
        entries: dict[str, list[Any]] = {
            "application": [row[1] for row in shuffled],
            "programme": [ranked["id"]] * len(shuffled),
            "application.number": [row[0] for row in shuffled],
            "points.total": [row[7] for row in shuffled],
        }
        for subject in range(SUBJECTS):
            scores = [row[10][subject] if subject < len(row[10]) else None for row in shuffled]
            entries[f"points.subject_{subject + 1}"] = scores
        queue = order(build_tables(rules.vocabulary, entries), rules, DAY)[ranked["id"]]
        published = [row[1] for row in sorted(ranked["rows"], key=lambda row: row[0])]
        assert queue.applications() == published, ranked["id"]
        rows += len(queue)
    assert (len(lists), rows) == (50, 6444)


def test_the_number_of_the_record_decides_only_full_ties_of_the_official_lists(shared_data: Path) -> None:
    """The published place itself is never what orders two people whose points differ."""
    lists = json.loads((shared_data / "ru_ranked_lists_four_faculties_2025.json").read_text(encoding="utf-8"))["lists"]
    for ranked in lists:
        rows = sorted(ranked["rows"], key=lambda row: row[0])
        keys = [(-row[7], *(-score for score in row[10])) for row in rows]
        assert keys == sorted(keys), ranked["id"]


def test_calling_orders_hold_both_minimum_rates_at_every_position(shared_data: Path, tmp_path: Path) -> None:
    """All 216 cases: official examples, acceptance tests, and random rankings run through the official code."""
    oracle = json.loads((shared_data / "oracle_parcoursup_calling_order_share.json").read_text(encoding="utf-8"))
    cases = [
        (case["min_rate_scholarship_pct"], case["min_rate_sector_pct"], case["ranking"], case["expected"])
        for case in oracle["cases"]
    ]
    for case in oracle["random_run_through_official_2024_code"]:
        ranking = [f"{kind}{rank}" for rank, kind in enumerate(case["types_by_rank"], start=1)]
        expected = [ranking[rank - 1] for rank in case["expected_ranks_in_calling_order"]]
        cases.append((case["min_rate_scholarship_pct"], case["min_rate_sector_pct"], ranking, expected))
    assert len(cases) == 216
    for number, (scholarship, sector, ranking, expected) in enumerate(cases):
        assert _called(tmp_path / str(number), scholarship, sector, ranking) == expected, (number, scholarship, sector)


def _called(folder: Path, scholarship: int, sector: int, ranking: list[str]) -> list[str]:
    folder.mkdir()
    vocabulary = (HERE / "rules_of_calls" / "facts.yaml").read_text(encoding="utf-8")
    (folder / "facts.yaml").write_text(vocabulary, encoding="utf-8")
    file = folder / "calling-order.yaml"
    file.write_text(CALLS.format(scholarship=scholarship, sector=sector), encoding="utf-8")
    rules = load_rules(file)
    entries = {
        "application": ranking,
        "programme": ["class"] * len(ranking),
        "application.number": list(range(1, len(ranking) + 1)),
        "jury.scholarship": [name[0] in "BT" for name in ranking],
        "jury.sector": [name[0] in "RT" for name in ranking],
    }
    return order(build_tables(rules.vocabulary, entries), rules, DAY)["class"].applications()


WISHES = [
    ("1", "D1"), ("1", "D2"), ("2", "D1"), ("2", "D3"), ("3", "D1"), ("4", "D2"), ("4", "D1"), ("5", "D1"),
    ("5", "D2"), ("6", "D2"), ("7", "D1"), ("7", "D3"),
]  # fmt: skip
LETTERS = dict(zip("1234567", "ABCDEFG", strict=True))


def _town() -> dict[str, dict[str, list[Any]]]:
    filed = ["2024-01-10", "2024-01-09", "2025-03-01", "2025-06-15", "2025-02-02", "2023-12-01", "2024-05-05"]
    return {
        "entries": {
            "application": [application for application, _ in WISHES],
            "programme": [programme for _, programme in WISHES],
            "sibling.attends": [wish == ("5", "D1") for wish in WISHES],
            "address.in_territory": [wish == ("1", "D1") for wish in WISHES],
            "place.holds_here": [wish == ("7", "D3") for wish in WISHES],
        },
        "applications": {
            "application": list(LETTERS),
            "application.submitted_at": filed,
            "child.birth_date": ["2022-05-01"] * len(LETTERS),
        },
        "documents": {
            "application": ["3", "4"],
            "category": ["large_family", "prosecutor_child"],
            "from": ["2025-01-01", "2025-01-01"],
            "to": ["2027-01-01", "2027-01-01"],
            "confirmed": ["yes", "yes"],
        },
    }


def test_three_kindergartens_give_the_three_orders_of_the_worked_example() -> None:
    """D1: D C A E B G · D2: D F A E · D3: G B, where G already holds the seat."""
    rules = load_rules(HERE.parent / "rules" / "region-74" / "kindergarten.yaml")
    queues = order(
        build_tables(rules.vocabulary, **_town()), rules, date(2026, 4, 15), {"study_start": date(2026, 9, 1)}
    )
    told = {name: "".join(LETTERS[each] for each in queue) for name, queue in queues.items()}
    assert told == {"D1": "DCAEBG", "D2": "DFAE", "D3": "GB"}
    place = standing(queues["D1"], "2")
    assert (place.position, place.total, place.decided_by) == (5, 6, "sibling")
    assert [(part.step, part.group, part.count) for part in place.ahead] == [
        ("right", "out_of_turn", 1),
        ("right", "first_turn", 1),
        ("territory", "yes", 1),
        ("sibling", "preference", 1),
    ]
