"""The numbers that the federal portal asks for, from a standing and from an account.

The names are those of its messages.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from queue_engine.changes import PositionChange
from queue_engine.events import Event, ExceptionGranted, Offered
from queue_engine.explanation import Standing
from queue_engine.queue import Queue
from queue_engine.rules.compile import Mask
from queue_engine.rules.model import StepKind

TIERS = {"out_of_turn": "WithoutQueue", "first_turn": "FirstQueue", "preference": "AdvantageQueue"}
"""The portal's name of a tier by the id of a group, or of a step that puts those first for whom it holds."""


def portal_standing(place: Standing) -> dict[str, int]:
    """Return the place, the length of the queue, and how many in the whole queue are in each tier.

    Whoever has two rights, such as a first turn and a sibling here, counts in both tiers; a tier
    that the rules do not have has nobody.

    Complexity: O(applications in the queue × steps).

    >>> from datetime import date
    >>> from queue_engine import build_tables, load_rules, order, standing
    >>> rules = load_rules("rules/region-74/college.yaml")
    >>> wishes = {"application": [1, 2], "programme": ["welders", "welders"], "grade.average": ["14/3", "4.67"]}
    >>> filed = {"application.submitted_at": ["2026-07-01", "2026-07-02"]}
    >>> queues = order(build_tables(rules.vocabulary, wishes | filed), rules, date(2026, 8, 16))
    >>> portal_standing(standing(queues["welders"], "1"))
    {'Position': 2, 'Total': 2, 'WithoutQueue': 0, 'FirstQueue': 0, 'AdvantageQueue': 0}

    """
    tiers = {name: int(_members(place.queue, own).sum()) for own, name in TIERS.items()}
    return {"Position": place.position, "Total": place.total, **tiers}


def portal_changes(change: PositionChange, events: Mapping[int, Event]) -> dict[str, int]:
    """Return how many came ahead, were given a place, or went ahead by a right, over the period of an account.

    The three do not add up to the change of the place: who withdrew, fell behind or was
    moved by the rules, and the application's own changes, are in none of them. The postings of the account do.

    Args:
        change: the account along the journal, whose postings name their entries.
        events: what the journal holds of the entries; a place was given by an offer or an exception.

    >>> from queue_engine.changes import Posting
    >>> parts = (Posting("left", "submitted", "", -1, 5), Posting("left", "submitted", "", -1, 6), Posting("up", "right", "first_turn", 1, 7))
    >>> offered = Offered("9", "Garden 5, age 3", 20727, at=1_788_200_000_000, actor="commission")
    >>> portal_changes(PositionChange("Garden 5, age 3", "17", 9, 8, parts), {5: offered})
    {'IncreaseQueue': 0, 'GotAPlace': 1, 'IncreaseBenefits': 1}

    """  # noqa: E501 - one statement of the example
    kinds = change.by_kind()
    placed = [
        part.count
        for part in change.parts
        if part.kind in ("left", "exception") and isinstance(events.get(part.entry), Offered | ExceptionGranted)
    ]
    return {
        "IncreaseQueue": kinds.get("joined", 0),
        "GotAPlace": -sum(placed),
        "IncreaseBenefits": kinds.get("up", 0),
    }


def _members(queue: Queue, own: str) -> Mask:
    """Return who of a queue is in the groups of an id, or first by the step of that id."""
    found = np.zeros(len(queue), np.bool_)
    for component in queue.ranking.components:
        step, codes = component.step, component.codes[queue.rows]
        if step.kind is StepKind.GROUPS:
            for code, group in enumerate(step.groups):
                if group.id == own:
                    found |= codes == code
        elif step.kind is StepKind.YES_FIRST and step.id == own:
            found |= codes == 0
    return found
