"""The command allocate, as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from queue_engine.cli import main

MARKET = {
    "capacities": {"D1": 1, "D2": 1},
    "priorities": {"D1": ["a", "b", "c"], "D2": ["b", "a"]},
    "prefs": {"a": ["D2", "D1"], "b": ["D1", "D2"], "c": ["D1"]},
}


def answer(tmp_path: Path, market: object, *words: str) -> tuple[int, str]:
    """Return the exit status and what was printed."""
    file = tmp_path / "market.json"
    file.write_text(json.dumps(market), encoding="utf-8")
    done = CliRunner().invoke(main, ["allocate", str(file), *words])
    return done.exit_code, done.output


@pytest.mark.parametrize(
    ("words", "placed"),
    [
        ((), {"a": "D2", "b": "D1", "c": None}),
        (("--proposing", "programmes"), {"a": "D1", "b": "D2", "c": None}),
        (("--mechanism", "immediate-acceptance"), {"a": "D2", "b": "D1", "c": None}),
        (("--mechanism", "top-trading-cycles"), {"a": "D2", "b": "D1", "c": None}),
        (("--mechanism", "efficiency-adjusted"), {"a": "D2", "b": "D1", "c": None}),
        (("--mechanism", "stable-improvement-cycles"), {"a": "D2", "b": "D1", "c": None}),
    ],
)
def test_a_mechanism_places_everybody(tmp_path: Path, words: tuple[str, ...], placed: dict[str, str | None]) -> None:
    """One market gives one matching, of every applicant."""
    status, printed = answer(tmp_path, MARKET, *words)
    assert (status, json.loads(printed)) == (0, {"matching": placed})


def test_several_markets_give_a_list_in_their_order(tmp_path: Path) -> None:
    """The same file form as the instances it came from; with --out nothing is printed."""
    other = {**MARKET, "prefs": {"c": ["D1"]}, "priorities": {"D1": ["c"], "D2": []}}
    status, printed = answer(tmp_path, {"instances": [MARKET, other]}, "--out", str(tmp_path / "m.json"))
    assert (status, printed) == (0, "")
    matchings = json.loads((tmp_path / "m.json").read_text(encoding="utf-8"))
    assert [each["matching"]["c"] for each in matchings] == [None, "D1"]


def test_serial_dictatorship_needs_a_common_order(tmp_path: Path) -> None:
    """Programmes that contradict each other are named as the problem; with one order everybody is placed."""
    status, printed = answer(tmp_path, MARKET, "--mechanism", "serial-dictatorship")
    assert status == 1
    assert "A040" in printed
    same = {**MARKET, "priorities": {"D1": ["a", "b", "c"], "D2": ["a", "b"]}}
    status, printed = answer(tmp_path, same, "--mechanism", "serial-dictatorship")
    assert json.loads(printed)["matching"] == {"a": "D2", "b": "D1", "c": None}


def test_every_problem_of_a_bad_market_is_told_at_once(tmp_path: Path) -> None:
    """A negative capacity, unknown names, doubled names: all of them, and exit status 1."""
    bad = {
        "capacities": {"D1": -1, "D2": "two"},
        "priorities": {"D1": ["a", "a"], "D3": ["b"]},
        "prefs": {"a": ["D1", "D1"], "b": ["D9"]},
    }
    status, printed = answer(tmp_path, bad)
    assert status == 1
    assert printed.count(": error A0") >= 6


def test_who_ties_needs_a_drawn_number(tmp_path: Path) -> None:
    """Nothing decides between two in one tier but the number that was drawn."""
    tied = {
        "capacities": {"D1": 1},
        "priorities_with_ties": {"D1": [["a", "b"]]},
        "lottery_number_lower_is_better": {"a": 2},
        "prefs": {"a": ["D1"], "b": ["D1"]},
    }
    status, printed = answer(tmp_path, tied)
    assert (status, "'b' shares a tier with others" in printed) == (1, True)
    drawn = {**tied, "lottery_number_lower_is_better": {"a": 2, "b": 1}}
    assert json.loads(answer(tmp_path, drawn)[1])["matching"] == {"a": None, "b": "D1"}
    assert answer(tmp_path, MARKET, "--mechanism", "top-trading-cycles", "--proposing", "programmes")[0] == 2
