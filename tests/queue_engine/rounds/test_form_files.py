"""The forms of a round as files say the same in both formats, for every service."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from queue_engine import Queues, load_rules, order
from queue_engine.example import SERVICES
from queue_engine.example.town import make_service
from queue_engine.facts import date_to_day
from queue_engine.rounds import Calling, Frozen, Outcome, PlacesRow, freeze, run
from queue_engine.rounds.form_files import write_forms
from queue_engine.rounds.forms import Protocol
from queue_engine.tables import build_tables


def held(service: str) -> tuple[Queues, Frozen, Outcome]:
    """Return a round of a service of the example town."""
    declared = next(each for each in SERVICES if each.name == service)
    rules = load_rules(f"rules/{declared.rules}.yaml")
    tables = build_tables(rules.vocabulary, **make_service(service, 200, 1).tables)
    queues = order(tables, rules, declared.on, declared.dates)
    pairs = zip(tables.programmes.ids, np.maximum(tables.programmes.capacity, 0).tolist(), strict=True)
    frozen = freeze(queues, [PlacesRow(*pair) for pair in pairs], Calling("r", date_to_day(declared.on), rules))
    return queues, frozen, run(frozen)


@pytest.mark.parametrize("service", [each.name for each in SERVICES])
def test_every_form_is_written_twice_and_says_the_same(service: str, tmp_path: Path) -> None:
    """A row of CSV is an object of JSON; empty cells are left out."""
    queues, frozen, outcome = held(service)
    files = write_forms(tmp_path, Protocol("4", frozen.on), frozen, outcome, queues)
    assert sorted(path.name for path in files) == sorted(path.name for path in tmp_path.iterdir())
    for path in files[::2]:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [{name: cell for name, cell in row.items() if cell} for row in csv.DictReader(file)]
        lines = path.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()
        assert [json.loads(line) for line in lines] == rows
        assert rows, path.name


def test_forms_and_round_agree_on_who_was_placed(tmp_path: Path) -> None:
    """Everybody directed is placed, everybody else is waiting or in no queue."""
    queues, frozen, outcome = held("kindergarten")
    write_forms(tmp_path, Protocol("4", frozen.on), frozen, outcome, queues)
    named = {}
    for name in ("directed", "waiting", "in_no_queue"):
        with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            named[name] = {row["application"] for row in csv.DictReader(file)}
    stay = {name for name, at in frozen.held.items() if outcome.placed[name].programme == at}
    assert named["directed"] | stay >= outcome.placed.keys()
    assert not named["directed"] & named["waiting"]
    everybody = set(queues.entries.tables.applications.ids.tolist())
    assert named["directed"] | named["waiting"] | named["in_no_queue"] | stay == everybody
