from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from queue_engine.allocation import MECHANISMS
from queue_engine.cli.allocating import allocate

PLAIN = {"capacities": {"D1": 1}, "priorities": {"D1": ["b", "a"]}, "prefs": {"a": ["D1"], "b": ["D1"]}}
RESERVED = {**PLAIN, "types": {"a": "m"}, "rules": {"D1": {"type": "m", "reserved": 1}}}


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_every_mechanism_is_run_by_its_name(tmp_path: Path, mechanism: str) -> None:
    """One seat, and b before a: the answer of all of them, letters as they are and keys in the order of the file."""
    file = tmp_path / "market.json"
    file.write_text(json.dumps({**PLAIN, "id": "r1"}), encoding="utf-8")
    done = CliRunner().invoke(allocate, [str(file), "--mechanism", mechanism])
    assert done.exit_code == 0
    assert done.output == '{\n "matching": {\n  "a": null,\n  "b": "D1"\n }\n}\n'


def test_a_reserve_is_kept_whoever_proposes(tmp_path: Path) -> None:
    """The seat of a's type goes to a."""
    file = tmp_path / "market.json"
    file.write_text(json.dumps(RESERVED), encoding="utf-8")
    for side in ("applicants", "programmes"):
        done = CliRunner().invoke(allocate, [str(file), "--proposing", side])
        assert json.loads(done.output) == {"matching": {"a": "D1", "b": None}}


def test_every_market_a_mechanism_cannot_be_run_on_is_told(tmp_path: Path) -> None:
    """Two of three markets have rules on seats: both are named, and nothing is written."""
    file, out = tmp_path / "markets.json", tmp_path / "answer.json"
    file.write_text(json.dumps({"instances": [RESERVED, PLAIN, RESERVED]}), encoding="utf-8")
    done = CliRunner().invoke(allocate, [str(file), "--mechanism", "top-trading-cycles", "--out", str(out)])
    assert done.exit_code == 1
    assert [f"instances[{index}]: error A041" in done.output for index in range(3)] == [True, False, True]
    assert not out.exists()
