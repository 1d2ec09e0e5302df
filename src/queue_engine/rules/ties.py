"""Who are equals: those whom the steps before a draw, or before a fact nobody shares, do not tell apart."""

from __future__ import annotations

from queue_engine.rules.model import RuleSet

LOTTERY_FACTS = ("lottery.number", "lottery.number_here")
"""What was drawn once for all programmes, and what each programme drew anew."""


def tie_steps(rules: RuleSet) -> int:
    """Return how many steps, from the first one on, make a tier: those equal in all of them are equals.

    A step that orders by a drawn number, or by a fact that is unique, tells apart by chance or by no merit; it and
    whatever stands after it is left out.

    Args:
        rules: those of a day, from `effective`.

    Complexity: linear in the steps.

    >>> from queue_engine.rules.check import load_rules
    >>> camp = load_rules("rules/region-74/camp.yaml")
    >>> [step.id for step in camp.order[tie_steps(camp) :]]
    ['number']

    """
    facts = rules.vocabulary.facts
    for count, step in enumerate(rules.order):
        if step.fact in LOTTERY_FACTS or (step.fact in facts and facts[step.fact].unique):
            return count
    return len(rules.order)
