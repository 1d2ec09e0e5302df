"""Small queues by hand-made rules: right, territory, time of filing, number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import attrs

from queue_engine.facts import Category, Fact, FactType, Per, Title, Unknown, Vocabulary
from queue_engine.ordering import order
from queue_engine.queue import Queues
from queue_engine.rules.conditions import Confirmed, Holds
from queue_engine.rules.model import Ground, Group, Reserve, ReserveKind, RuleSet, Step, StepKind
from queue_engine.tables import build_tables

ON = date(2026, 4, 15)
TITLE = Title("правило", "a rule")
NUMBER = Fact("application.number", FactType.NUMBER, TITLE, least=0, most=2**62, unknown=Unknown.REFUSE, unique=True)
FILED = Fact("application.submitted_at", FactType.INSTANT, TITLE)
NEAR = Fact("address.in_territory", FactType.YES_NO, TITLE, per=Per.ENTRY, unknown=Unknown.NO)
VOCABULARY = Vocabulary(
    {fact.name: fact for fact in (NUMBER, FILED, NEAR)},
    {name: Category(name, TITLE) for name in ("judge_child", "large_family")},
    {},
)
GROUPS = (
    Group("out_of_turn", TITLE, (Ground("judge_child", TITLE, Confirmed("judge_child", "today")),)),
    Group("first_turn", TITLE, (Ground("large_family", TITLE, Confirmed("large_family", "today")),)),
    Group("others", TITLE, everyone_else=True),
)
STEPS = (
    Step("right", TITLE, StepKind.GROUPS, groups=GROUPS),
    Step("territory", TITLE, StepKind.YES_FIRST, condition=Holds(NEAR.name)),
    Step("submitted", TITLE, StepKind.EARLIEST, fact=FILED.name),
    Step("number", TITLE, StepKind.LOWEST, fact=NUMBER.name),
)
RULES = RuleSet("small", "region", TITLE, VOCABULARY, order=STEPS)
ONE_IN_TWO = attrs.evolve(
    RULES, reserves=(Reserve("big_families", TITLE, Confirmed("large_family", "today"), ReserveKind.ONE_IN, 2),)
)


@attrs.frozen
class Child:
    """An application and its wishes.

    Args:
        number: the application's id and number.
        filed: the hour of the day it was filed at; None = not known.
        papers: categories it has a confirmed document of.
        near: the programmes in whose territory it lives.
        wishes: the programmes it wishes for.

    """

    number: int
    filed: int | None = 9
    papers: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    wishes: tuple[str, ...] = ("p",)


def queues_of(children: Sequence[Child], rules: RuleSet = RULES, numbers: Mapping[int, int] | None = None) -> Queues:
    """Return the queues of some children; `numbers` gives applications other numbers than their ids."""
    wishes = [(child, wish) for child in children for wish in child.wishes]
    papers = [(child.number, paper) for child in children for paper in child.papers]
    entries = {
        "application": [str(child.number) for child, _ in wishes],
        "programme": [wish for _, wish in wishes],
        NEAR.name: ["yes" if wish in child.near else "no" for child, wish in wishes],
    }
    applications = {
        "application": [str(child.number) for child in children],
        NUMBER.name: [str((numbers or {}).get(child.number, child.number)) for child in children],
        FILED.name: ["" if child.filed is None else f"2026-02-01 {child.filed:02}:00:00" for child in children],
    }
    documents = {
        "application": [str(number) for number, _ in papers],
        "category": [paper for _, paper in papers],
        "from": [""] * len(papers),
        "to": [""] * len(papers),
        "confirmed": ["yes"] * len(papers),
    }
    return order(build_tables(VOCABULARY, entries, applications, documents), rules, ON)
