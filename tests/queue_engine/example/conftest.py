"""The example's queues, ordered once for all tests of the example."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import attrs
import pytest

from queue_engine.example import SERVICES, Service, shares
from queue_engine.example.assembly import Made
from queue_engine.explanation import standing
from queue_engine.ordering import order
from queue_engine.queue import GENERAL, Queues
from queue_engine.rules.loading import read_rules
from queue_engine.tables import build_tables

ROOT = Path(__file__).parents[3]
APPLICATIONS = 2_000


@attrs.frozen(eq=False)
class Ordered:
    """The queues of one service of the example, and how to ask about its cases."""

    service: Service
    made: Made
    queues: Queues

    def number(self, case: str) -> str:
        """Return the number of the application that was put in for a case."""
        return next(str(each.application) for each in self.made.cases if each.case.name == case)

    def places(self, case: str) -> dict[str, int]:
        """Return the place of a case in each of its queues, the general one left out."""
        number = self.number(case)
        found = self.queues.of_application(number)
        return {queue.id: queue.position_of(number) for queue in found if queue.id != GENERAL}

    def reasons(self, case: str) -> dict[str, tuple[str, ...]]:
        """Return why a case is not in a queue, by queue, the general one left out."""
        found = self.queues.not_in_queue(self.number(case))
        return {refusal.queue: refusal.reasons for refusal in found if refusal.queue != GENERAL}

    def group(self, case: str, queue: str, step: str) -> str:
        """Return the group of a case at a step; "yes" or "no" where the step asks a question."""
        own = standing(self.queues[queue], self.number(case)).own
        return next(each.group for each in own if each.step == step)

    def neighbours(self, earlier: str, later: str, queue: str) -> list[str]:
        """Return the steps that decide between two cases: those that put each place behind the one before."""
        first, last = self.places(earlier)[queue], self.places(later)[queue]
        return self.queues[queue].decided_by()[first:last]


@pytest.fixture(scope="session")
def ordered() -> Callable[[str], Ordered]:
    """Return a function that gives the ordered queues of a service in a town of 2,000 applications."""

    @cache
    def get(name: str) -> Ordered:
        service = next(each for each in SERVICES if each.name == name)
        rules = read_rules(ROOT / "rules" / f"{service.rules}.yaml")
        made = service.make(shares(APPLICATIONS)[name], 1)
        tables = build_tables(rules.vocabulary, **made.tables)
        return Ordered(service, made, order(tables, rules, service.on, service.dates))

    return get
