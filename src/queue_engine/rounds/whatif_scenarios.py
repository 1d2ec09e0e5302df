"""What a draft is compared with what is in force from: files, a day, rules, places; many of them on many processors.

A scenario can be sent to another process or machine; one is one task: a municipality, or a draw of a lottery.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from datetime import date

import attrs

from queue_engine.facts import date_to_day
from queue_engine.ordering import order
from queue_engine.queue import Queues
from queue_engine.rounds.freezing import Calling, freeze
from queue_engine.rounds.model import Frozen, Outcome
from queue_engine.rounds.other_mechanisms import IN_FORCE, held_by
from queue_engine.rounds.others import others_queues, read_others
from queue_engine.rounds.places import PlacesRow, read_places, read_together
from queue_engine.rounds.redrawing import Lottery, redrawn, tiers_of
from queue_engine.rounds.whatif import WhatIf, compare
from queue_engine.rules.check import load_rules
from queue_engine.rules.model import RuleSet
from queue_engine.tables.reading import read_tables
from queue_engine.tables.records import Tables


@attrs.frozen
class TableFiles:
    """Where the tables of a municipality are; see `tables.build_tables` for their columns."""

    entries: str
    applications: str | None = None
    documents: str | None = None
    programmes: str | None = None

    def read(self, rules: RuleSet) -> Tables:
        """Return the tables, by the vocabulary of some rules."""
        return read_tables(
            rules.vocabulary,
            entries=self.entries,
            applications=self.applications,
            documents=self.documents,
            programmes=self.programmes,
        )


@attrs.frozen
class Setting:
    """By what a round gives its places.

    Args:
        rules: the rule file, or the rules.
        places: the file of places, or its rows.
        mechanism: one of `allocation.MECHANISMS`.
        lottery: where drawn numbers decide in place of the last steps.

    """

    rules: str | RuleSet
    places: str | tuple[PlacesRow, ...]
    mechanism: str = IN_FORCE
    lottery: Lottery | None = None


@attrs.frozen
class Scenario:
    """What is in force and a draft, over the same children on the same day.

    Args:
        name: of the scenario; a municipality, a draft, a seed.
        tables: the files of the municipality, or the tables.
        on: the day of the round.
        base: what is in force.
        draft: what is thought of.
        dates: days of named dates, by name.
        together: the file of those who go together; "" = nobody does.
        others: the file of what may be offered besides wishes; "" = nothing may.

    """

    name: str
    tables: TableFiles | Tables
    on: date
    base: Setting
    draft: Setting
    dates: Mapping[str, date] = attrs.field(factory=dict)
    together: str = ""
    others: str = ""


def run_scenario(scenario: Scenario) -> WhatIf:
    """Return how the draft of a scenario differs from what is in force.

    Raises:
        QueueEngineError: files, rules, places or bundles cannot be used, or a mechanism cannot be run on them.

    Complexity: that of two rounds.

    """
    rules = _rules(scenario.base)
    drafted = rules if scenario.draft.rules == scenario.base.rules else _rules(scenario.draft)
    tables = _tables(scenario, rules)
    queues = order(tables, rules, scenario.on, scenario.dates)
    base = _held(scenario, scenario.base, rules, queues)
    beside = queues
    if drafted is not rules:
        tables = tables if drafted.vocabulary == rules.vocabulary else _tables(scenario, drafted)
        beside = order(tables, drafted, scenario.on, scenario.dates)
    draft = _held(scenario, scenario.draft, drafted, beside)
    return compare(base[:2], draft[:2], queues, name=scenario.name, left_out=draft[2])


def run_many(scenarios: Iterable[Scenario], executor: Executor) -> list[WhatIf]:
    """Return the answers of many scenarios, in their order; the same whatever runs them, and on how many processors.

    Args:
        scenarios: each a task of its own.
        executor: of processes on this machine, or of a cluster.

    Raises:
        QueueEngineError: that of the first scenario that cannot be run.

    """
    return list(executor.map(run_scenario, scenarios))


def draws(scenario: Scenario, lotteries: Iterable[Lottery]) -> list[Scenario]:
    """Return a scenario as often as a lottery is drawn for its draft; each is named after the scenario and the seed.

    >>> setting = Setting("college.yaml", "places.csv")
    >>> scenario = Scenario("town", TableFiles("entries.csv"), date(2026, 8, 16), setting, setting)
    >>> [each.name for each in draws(scenario, [Lottery("00" * 32), Lottery("01" * 32)])]
    ['town, draw 00000000', 'town, draw 01010101']

    """
    return [
        attrs.evolve(
            scenario,
            name=f"{scenario.name}, draw {lottery.seed[:8]}",
            draft=attrs.evolve(scenario.draft, lottery=lottery),
        )
        for lottery in lotteries
    ]


def _rules(setting: Setting) -> RuleSet:
    return setting.rules if isinstance(setting.rules, RuleSet) else load_rules(setting.rules)


def _tables(scenario: Scenario, rules: RuleSet) -> Tables:
    return scenario.tables if isinstance(scenario.tables, Tables) else scenario.tables.read(rules)


def _held(
    scenario: Scenario, setting: Setting, rules: RuleSet, queues: Queues
) -> tuple[Frozen, Outcome, tuple[str, ...]]:
    """Return the round of a setting, what comes out, and what of it its mechanism has no use for."""
    places = setting.places if isinstance(setting.places, tuple) else read_places(setting.places)
    together = read_together(scenario.together) if scenario.together else {}
    others = None
    if scenario.others:
        others = others_queues(queues, read_others(scenario.others), rules, scenario.on, scenario.dates)
    numbers: Mapping[str, int] = {}
    if setting.lottery is not None:
        queues, numbers = redrawn(queues, setting.lottery)
        others = None if others is None else redrawn(others, setting.lottery)[0]
    calling = Calling(scenario.name or "what-if", date_to_day(scenario.on), rules)
    frozen = freeze(queues, places, calling, bundles=together, others=others)
    return held_by(frozen, setting.mechanism, numbers, {} if setting.lottery is None else tiers_of(queues))
