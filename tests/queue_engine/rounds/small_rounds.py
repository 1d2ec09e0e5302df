"""Small rounds by hand, and the worked example of three kindergartens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import attrs

from queue_engine import Queues, RuleSet, build_tables, load_rules, order
from queue_engine.rounds.model import Applicant, Frozen, Programme

ROOT = Path(__file__).parents[3]
DAY = date(2026, 4, 15)
DATES = {"study_start": date(2026, 9, 1)}
NOBODY = "0" * 64

CHILDREN: Mapping[str, tuple[str, ...]] = {
    "A": ("D1", "D2"),
    "B": ("D1", "D3"),
    "C": ("D1",),
    "D": ("D2", "D1"),
    "E": ("D1", "D2"),
    "F": ("D2",),
    "G": ("D1", "D3"),
}
FILED = {
    "A": "2024-01-10",
    "B": "2024-01-09",
    "C": "2025-03-01",
    "D": "2025-06-15",
    "E": "2025-02-02",
    "F": "2023-12-01",
    "G": "2024-05-05",
}


def market(
    programmes: Sequence[Programme],
    wishes: Mapping[str, Sequence[str]],
    *,
    stages: Sequence[str] = ("main",),
    bundles: tuple[tuple[str, ...], ...] = (),
) -> Frozen:
    """Return a round of these programmes and wishes."""
    people = tuple(Applicant(name, tuple(wished)) for name, wished in wishes.items())
    return Frozen("spring", 20558, NOBODY, NOBODY, tuple(stages), tuple(programmes), people, bundles)


def kindergarten_rules() -> RuleSet:
    """Return the rules of the region for kindergartens."""
    return load_rules(ROOT / "rules" / "region-74" / "kindergarten.yaml")


def three_kindergartens(children: Mapping[str, tuple[str, ...]] = CHILDREN, **programmes: Sequence[Any]) -> Queues:
    """Return the queues of the worked example: A lives near D1, E has a sibling there, G holds a place at D3.

    Args:
        children: who wishes for what; those named beyond the example filed on one day and have no right.
        programmes: columns of the table of programmes.

    """
    wishes = [(child, wish) for child, wished in children.items() for wish in wished]
    rules = kindergarten_rules()
    entries = {
        "application": [child for child, _ in wishes],
        "programme": [wish for _, wish in wishes],
        "wish": [children[child].index(wish) + 1 for child, wish in wishes],
        "sibling.attends": [wish == ("E", "D1") for wish in wishes],
        "address.in_territory": [wish == ("A", "D1") for wish in wishes],
        "place.holds_here": [wish == ("G", "D3") for wish in wishes],
    }
    applications = {
        "application": list(children),
        "application.number": list(range(1, len(children) + 1)),
        "application.submitted_at": [FILED.get(child, "2025-12-01") for child in children],
        "child.birth_date": ["2022-05-01"] * len(children),
    }
    documents = {
        "application": ["C", "D"],
        "category": ["large_family", "prosecutor_child"],
        "from": ["2025-01-01", "2025-01-01"],
        "to": ["2027-01-01", "2027-01-01"],
        "confirmed": ["yes", "yes"],
    }
    tables = build_tables(rules.vocabulary, entries, applications, documents, dict(programmes) or None)
    return order(tables, rules, DAY, DATES)


def frozen_of(queues: Queues, seats: Mapping[str, int], holders: Mapping[str, tuple[str, ...]]) -> Frozen:
    """Return the round of some queues with these seats; who holds a place stands first there."""
    programmes = []
    for name, queue in queues.items():
        there = holders.get(name, ())
        rest = [each for each in queue.applications() if each not in there]
        programmes.append(Programme(name, f"at {name}", "main", seats.get(name, 0), (*there, *rest), holders=there))
    wishes: dict[str, list[str]] = {}
    ranking = queues.entries
    for row, name in enumerate(ranking.tables.applications.ids[ranking.application].tolist()):
        if ranking.positions[row]:
            wishes.setdefault(name, []).append(ranking.tables.programmes.ids[ranking.queue[row]])
    return attrs.evolve(market(programmes, wishes), on=20558)


def worked_example() -> tuple[Queues, Frozen]:
    """Return the queues and the round of the worked example: two places at D1, one at D2, one at D3, which G holds."""
    queues = three_kindergartens()
    return queues, frozen_of(queues, {"D1": 2, "D2": 1, "D3": 1}, {"D3": ("G",)})
