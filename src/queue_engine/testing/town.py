"""A town as somebody would write it down, and the rules and days it is ordered by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from queue_engine.facts import Vocabulary
from queue_engine.ordering import order
from queue_engine.queue import Queues
from queue_engine.rules.days import rules_on
from queue_engine.rules.model import RuleSet
from queue_engine.tables import build_tables
from queue_engine.tables.records import Tables

Written = Mapping[str, Sequence[str]]
"""A table: texts by column."""


@attrs.frozen(eq=False)
class Town:
    """Four tables of texts.

    >>> town = Town(Vocabulary({}, {}, {}), {"application": ["2", "1"], "programme": ["p", "p"]}, None, None, None)
    >>> town.permuted("entries", [1, 0]).entries
    {'application': ['1', '2'], 'programme': ['p', 'p']}

    """

    vocabulary: Vocabulary
    entries: Written
    applications: Written | None
    documents: Written | None
    programmes: Written | None

    def tables(self) -> Tables:
        """Return the town as the engine takes it."""
        return build_tables(self.vocabulary, self.entries, self.applications, self.documents, self.programmes)

    def permuted(self, name: str, rows: Sequence[int]) -> Town:
        """Return the town with the rows of one table in another order (or with some of them left out)."""
        table: Written | None = getattr(self, name)
        if table is None:
            return self
        moved = {field: [cells[row] for row in rows] for field, cells in table.items()}
        changes: dict[str, Any] = {name: moved}
        return attrs.evolve(self, **changes)

    def size(self, name: str) -> int:
        """Return how many rows a table has."""
        table: Written | None = getattr(self, name)
        return 0 if table is None else len(next(iter(table.values())))


@attrs.frozen(eq=False)
class Scene:
    """A town, the rules it is ordered by, the day, and the days of named dates."""

    town: Town
    rule_set: RuleSet
    on: date
    dates: Mapping[str, date]

    def queues(self) -> Queues:
        """Return every queue."""
        return order(self.town.tables(), self.rule_set, self.on, self.dates)

    def rules(self) -> RuleSet:
        """Return the rules of the day, dates filled in."""
        return rules_on(self.rule_set, self.on, self.dates)

    def with_town(self, town: Town) -> Scene:
        """Return the scene with another town."""
        return attrs.evolve(self, town=town)
