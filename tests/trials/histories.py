"""Random histories of all services: live queues are the ordered ones, accounts balance, public files verify."""

from __future__ import annotations

from random import Random

import attrs
from tests.trials.checks import faults
from tests.trials.lively import Past, lively
from tests.trials.scenes import SCENES, rules_of

from queue_engine.example.year import town_year
from queue_engine.rule_documents import rules_digest

_YEAR_IN = 12  # each how manieth history is the beginning of an example year
_COMPARED = 4  # each how manieth entry is compared pair by pair


@attrs.frozen
class Checked:
    """What became of one history.

    Args:
        name: which one; it can be made again by it.
        entries: how many entries it has.
        wrong: what is wrong with it, in words.

    """

    name: str
    entries: int
    wrong: tuple[str, ...]


def history(number: int) -> tuple[str, Past]:
    """Return a history by its number, and its name."""
    if number % _YEAR_IN == 0:
        luck = Random(f"year/{number}")  # noqa: S311 - repeatable on purpose
        rules = rules_of(luck.choice(("kindergarten", "magnitogorsk")))[0]
        year = town_year(
            rules,
            applications=luck.randint(20, 50),
            programmes=luck.randint(4, 8),
            days=luck.randint(30, 50),
            seed=number,
        )
        return f"year {number}", Past(year, {rules_digest(rules): rules})
    scene = list(SCENES)[number % len(SCENES)]
    return f"{scene} {number}", lively(number, scene)


def checked(number: int) -> Checked:
    """Return what is wrong with a history, by its number."""
    name, past = history(number)
    try:
        wrong = tuple(f"{who}: {what}" for who, what in faults(past, every=_COMPARED))
    except Exception as error:  # noqa: BLE001 - a history that ends the engine is told with its name
        wrong = (f"{type(error).__name__}: {error}",)
    return Checked(name, len(past.journal), wrong)
