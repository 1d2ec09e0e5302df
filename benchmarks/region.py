"""The rounds of a whole region, all four services: from its tables to protocols and lists."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import attrs
import numpy as np

from benchmarks.timing import Row
from queue_engine import load_rules, order
from queue_engine.example import SERVICES, shares
from queue_engine.example.town import make_service
from queue_engine.facts import date_to_day
from queue_engine.rounds import Calling, PlacesRow, freeze, refuse_unsound, run, write_round
from queue_engine.rules.model import RuleSet
from queue_engine.tables import build_tables
from queue_engine.tables.records import Tables
from queue_engine.verification import verify

CHILDREN, SEED = 150_000, 1
MOST_SECONDS = 20.0
RULES = Path(__file__).parent.parent / "rules"


@attrs.frozen
class Part:
    """A service of the region: its tables and rules, and what it is called on which day."""

    name: str
    tables: Tables
    rules: RuleSet

    @classmethod
    def of(cls, service: str, applications: int) -> Part:
        """Return the made-up tables of a service."""
        declared = next(each for each in SERVICES if each.name == service)
        rules = load_rules(RULES / f"{declared.rules}.yaml")
        made = make_service(service, applications, SEED).tables
        return cls(service, build_tables(rules.vocabulary, **made), rules)

    def hold(self, folder: Path) -> int:
        """Order, freeze, match, check and write a round; return how many get a place."""
        declared = next(each for each in SERVICES if each.name == self.name)
        queues = order(self.tables, self.rules, declared.on, declared.dates)
        programmes = self.tables.programmes
        places = [
            PlacesRow(*pair) for pair in zip(programmes.ids, np.maximum(programmes.capacity, 0).tolist(), strict=True)
        ]
        frozen = freeze(queues, places, Calling(self.name, date_to_day(declared.on), self.rules))
        outcome = run(frozen)
        refuse_unsound(frozen, outcome)
        write_round(folder, frozen, outcome, queues)
        return len(outcome.placed)


def region(children: int = CHILDREN) -> list[Part]:
    """Return all services of a made-up region."""
    return [Part.of(service, count) for service, count in shares(children).items()]


def rows(children: int = CHILDREN) -> Iterator[Row]:
    """Yield how long rounds of the region take, and how long it takes anybody to compute them anew."""
    parts = region(children)
    programmes = sum(len(part.tables.programmes) for part in parts)
    what = f"rounds of a region, {children:,} children, {programmes:,} programmes, 4 services"
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        placed = sum(part.hold(Path(folder, part.name)) for part in parts)
        yield Row(f"{what}: tables to protocols", time.perf_counter() - began, goal=MOST_SECONDS)
        assert placed > children // 2
        began = time.perf_counter()
        assert not any(verify(Path(folder, part.name)) for part in parts)
        yield Row(f"{what}: verified", time.perf_counter() - began)
