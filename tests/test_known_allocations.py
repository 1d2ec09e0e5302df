"""Markets whose answers are known: from papers, from other programs, and from trying every matching."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from queue_engine.allocation.deferred_acceptance import (
    deferred_acceptance,
    deferred_acceptance_by_choice,
    programme_proposing_deferred_acceptance,
)
from queue_engine.allocation.efficiency_adjusted import efficiency_adjusted
from queue_engine.allocation.immediate_acceptance import immediate_acceptance
from queue_engine.allocation.market import Market, Matching
from queue_engine.allocation.reading import read_market
from queue_engine.allocation.stable_improvement_cycles import stable_improvement_cycles
from queue_engine.allocation.top_trading_cycles import top_trading_cycles

MARKET_PARTS = ("capacities", "priorities", "priorities_with_ties", "prefs", "types", "rules")
LOTTERY = "lottery_number_lower_is_better"

MECHANISMS: dict[str, Callable[[Market], Matching]] = {
    "student_optimal_DA": deferred_acceptance,
    "school_optimal_DA": programme_proposing_deferred_acceptance,
    "school_proposing_DA": programme_proposing_deferred_acceptance,
    "DA_single_lottery": deferred_acceptance,
    "boston": immediate_acceptance,
    "TTC": top_trading_cycles,
    "EADAM_all_consent": efficiency_adjusted,
}


def instances(folder: Path, name: str) -> list[dict[str, Any]]:
    """Return the markets of a file."""
    read = json.loads((folder / f"oracle_{name}.json").read_text(encoding="utf-8"))
    return list(read.get("instances", [read]))


def market_of(instance: dict[str, Any], **more: object) -> Market:
    """Return the market of an instance, without its answers."""
    parts = {part: instance[part] for part in (*MARKET_PARTS, LOTTERY) if part in instance}
    return read_market({**parts, **more})


def differences(instance: dict[str, Any]) -> Iterator[str]:
    """Yield the mechanisms that give another answer than the known one."""
    market = market_of(instance)
    for name, mechanism in MECHANISMS.items():
        if name in instance["expected"] and dict(mechanism(market).placed) != instance["expected"][name]:
            yield f"{instance.get('name', instance.get('id'))}: {name}"


@pytest.mark.parametrize(
    ("file", "answers"),
    [
        ("published_small_share", 30),
        ("random_strict_share", 597),
        ("random_reserves_share", 120),
        ("random_ties_share", 30),
    ],
)
def test_every_known_answer_is_given(shared_data: Path, file: str, answers: int) -> None:
    """Deferred acceptance from both sides, Boston, top trading cycles, EADAM, with and without rules on seats."""
    found = instances(shared_data, file)
    assert sum(name in each["expected"] for each in found for name in MECHANISMS) == answers
    assert [text for each in found for text in differences(each)] == []


def test_without_its_rules_a_market_has_the_plain_answer(shared_data: Path) -> None:
    """The same lists with ordinary seats only."""
    for each in instances(shared_data, "random_reserves_share"):
        plain = {part: each[part] for part in ("capacities", "priorities", "prefs")}
        assert dict(deferred_acceptance(read_market(plain)).placed) == each["expected"]["DA_without_rules"]


def test_improvement_cycles_end_among_the_best_stable_matchings(shared_data: Path) -> None:
    """From the answer of deferred acceptance to one that no weakly stable matching improves for all."""
    for each in instances(shared_data, "random_ties_share"):
        improved = dict(stable_improvement_cycles(market_of(each)).placed)
        assert improved in each["expected"]["constrained_efficient_that_weakly_dominate_DA"], each["id"]


def test_four_thousand_residents_are_placed_as_three_programs_place_them(shared_data: Path) -> None:
    """The residents market: everybody's place, who is unmatched, how many posts stay free."""
    (each,) = instances(shared_data, "csi2120_4000")
    market = market_of(each)
    matching = deferred_acceptance(market)
    expected = each["expected"]
    placed = list(matching.placed.values())
    wanted = expected["student_optimal_DA"]
    assert (list(wanted.values()) if isinstance(wanted, dict) else wanted) == placed
    assert len(matching.unplaced()) == expected["unmatched"]
    assert (
        sum(market.programmes[name].capacity for name in market.programmes) - sum(place is not None for place in placed)
        == expected["free_posts"]
    )


def test_the_definition_gives_the_same_answers(shared_data: Path) -> None:
    """Choosing anew from all who ever proposed is slow, and the same."""
    for file in ("random_strict_share", "random_reserves_share"):
        for each in instances(shared_data, file):
            market = market_of(each)
            assert deferred_acceptance_by_choice(market) == deferred_acceptance(market)


def test_the_worked_example_of_the_region(shared_data: Path) -> None:
    """A transfer keeps its seat as the last wish; whoever has the first right takes the first wish."""
    assert shared_data.is_dir()
    market = read_market(
        {
            "capacities": {"D1": 2, "D2": 1, "D3": 1},
            "priorities": {
                "D1": ["D", "C", "A", "E", "B", "G"],
                "D2": ["D", "F", "A", "E"],
                "D3": ["G", "B"],
            },
            "prefs": {
                "A": ["D1", "D2"],
                "B": ["D1", "D3"],
                "C": ["D1"],
                "D": ["D2", "D1"],
                "E": ["D1", "D2"],
                "F": ["D2"],
                "G": ["D1", "D3"],
            },
        }
    )
    expected = {"A": "D1", "B": None, "C": "D1", "D": "D2", "E": None, "F": None, "G": "D3"}
    assert dict(deferred_acceptance(market).placed) == expected
