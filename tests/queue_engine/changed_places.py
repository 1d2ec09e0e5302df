"""Accounts of a place by the rules of kindergartens, and what a family reads of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from queue_engine import load_rules
from queue_engine.change_wording import change_for_parent
from queue_engine.changes import Label, MassEffect, PositionChange, Posting
from queue_engine.events import Event

RULES = load_rules("rules/region-74/kindergarten.yaml")
SHARED: Mapping[Label, int] = {
    ("right", "out_of_turn"): 2,
    ("right", "first_turn"): 12,
    ("right", "others"): 86,
    ("territory", "yes"): 40,
    ("territory", "no"): 60,
}


def at(civil: str) -> int:
    """Return the milliseconds of a civil time in the region."""
    local = datetime.fromisoformat(civil).replace(tzinfo=UTC)
    return int(local.timestamp()) * 1000 - RULES.vocabulary.utc_offset_minutes * 60_000


def account(*parts: Posting, before: int = 30, mass: tuple[MassEffect, ...] = ()) -> PositionChange:
    """Return an account of these postings from a place on."""
    return PositionChange("p", "17", before, before + sum(part.count for part in parts), parts, mass)


def told(
    change: PositionChange, lang: str = "ru", events: Mapping[int, Event] | None = None, smallest: int = 5
) -> list[str]:
    """Return what the family reads."""
    return change_for_parent(change, RULES, SHARED, lang, events=events or {}, smallest=smallest)


def own(event: Event, step: str = "right", group: str = "others", ground: str = "", lang: str = "ru") -> str:
    """Return the line on what moved the application itself."""
    return told(account(Posting("own", step, group, 9, 5, ground)), lang, {5: event})[1]


def leading_number(line: str) -> int:
    """Return the places a line begins with."""
    found = re.match(r"([+−] )?(\d+): ", line)
    assert found, line
    return int(found[2]) * (-1 if found[1] == "− " else 1)


DAY = at("2026-05-05 10:00:00")
"""A morning on which something happened."""
