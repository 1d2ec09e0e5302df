"""Rounds of children told one by one: held, checked by their properties, and verified from their files alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import attrs

from queue_engine import Queues, RuleSet, build_tables, order
from queue_engine.facts import date_to_day
from queue_engine.rounds import Calling, Frozen, Outcome, PlacesRow, check_round, freeze, run, write_round
from queue_engine.rounds.lists import refusal_rows
from queue_engine.verification import verify_round


@attrs.frozen
class Held:
    """A round that was held, checked by its properties and by the stand-alone verifier."""

    queues: Queues
    frozen: Frozen
    outcome: Outcome

    @property
    def placed(self) -> dict[str, str]:
        """Return who got a place, and where."""
        return {name: each.programme for name, each in self.outcome.placed.items()}

    def decided(self, application: str, programme: str) -> str:
        """Return what refused a wish."""
        rows = list(refusal_rows(self.frozen, self.outcome, self.queues))[1:]
        return next(row[-1] for row in rows if (row[0], row[2]) == (application, programme))


@attrs.frozen
class Town:
    """Rules, a day and a folder: rounds of tables are held in it.

    A child is told as its wishes, the moment it was filed at, and further facts; `at` are facts of one wish, by its
    programme; `papers` are confirmed documents.
    """

    rules: RuleSet
    folder: Path
    on: date
    dates: Mapping[str, date]

    def ordered(self, children: Mapping[str, Mapping[str, Any]], programmes: Mapping[str, Any] | None = None) -> Queues:
        """Return the queues of some children."""
        wishes = [(name, wish) for name, child in children.items() for wish in child["wishes"]]
        entries: dict[str, list[Any]] = {
            "application": [name for name, _ in wishes],
            "programme": [wish for _, wish in wishes],
            "wish": [list(children[name]["wishes"]).index(wish) + 1 for name, wish in wishes],
        }
        for fact in sorted({fact for child in children.values() for fact in child.get("at", {})}):
            known = {name: child.get("at", {}).get(fact, ()) for name, child in children.items()}
            entries[fact] = ["yes" if wish in known[name] else "no" for name, wish in wishes]
        applications: dict[str, list[Any]] = {
            "application": list(children),
            "application.number": list(range(1, len(children) + 1)),
            "application.submitted_at": [child["filed"] for child in children.values()],
        }
        facts = {fact for child in children.values() for fact in child if "." in fact}
        for fact in sorted(facts):
            applications[fact] = [child.get(fact, "") for child in children.values()]
        papers = [(name, *paper) for name, child in children.items() for paper in child.get("papers", ())]
        columns = ("application", "category", "from", "to", "confirmed")
        documents = {column: [paper[index] for paper in papers] for index, column in enumerate(columns)}
        tables = build_tables(self.rules.vocabulary, entries, applications, documents, programmes)
        return order(tables, self.rules, self.on, self.dates)

    def round(
        self,
        children: Mapping[str, Mapping[str, Any]],
        places: Sequence[PlacesRow] | Mapping[str, int],
        programmes: Mapping[str, Any] | None = None,
    ) -> Held:
        """Hold a round, and have it verified by the program that shares no line with the engine."""
        queues = self.ordered(children, programmes)
        rows = [PlacesRow(*each) for each in places.items()] if isinstance(places, Mapping) else places
        frozen = freeze(queues, rows, Calling("story", date_to_day(self.on), self.rules))
        held = Held(queues, frozen, run(frozen))
        assert check_round(frozen, held.outcome) == []
        write_round(self.folder, frozen, held.outcome, queues)
        assert verify_round(self.folder) == []
        return held


def paper(category: str, first: str = "2024-01-01", last: str = "", *, confirmed: str = "yes") -> tuple[str, ...]:
    """Return a document."""
    return category, first, last, confirmed
