"""The shape of rule files: which keys each part must and may have.

The reader and the editor schema are made from these tables.
"""

from __future__ import annotations

from queue_engine.rules.model import StepKind

Keys = tuple[tuple[str, ...], tuple[str, ...]]
"""Required and optional keys of a mapping."""

BASE_KEYS: Keys = (
    ("rules", "id", "level", "title", "order"),
    ("in_force", "basis", "conventions", "terms", "dates", "eligible", "reserves", "ties"),
)
LOCAL_KEYS: Keys = ("rules", "id", "level", "title", "extends", "changes"), ("in_force", "basis")
TITLE_KEYS: Keys = ("ru", "en"), ()
BASIS_KEYS: Keys = ("act",), ("clause", "url", "edition", "checked")
PERIOD_KEYS: Keys = (), ("from", "to")
APPLIES_KEYS: Keys = ("submitted",), ()
CONVENTION_KEYS: Keys = (), ("age_reached", "born_29_feb")
TERM_KEYS: Keys = ("title", "when"), ("basis",)
DATE_KEYS: Keys = ("date",), ("basis",)
GROUND_KEYS: Keys = ("id", "title", "when", "basis"), ("in_force", "applies_to", "sensitive")
GROUP_KEYS: Keys = ("id", "title"), ("grounds", "everyone_else")
STEP_KINDS = tuple(kind.value for kind in StepKind)
STEP_KEYS: Keys = ("id", "title"), (*STEP_KINDS, "basis", "locked", "in_force")
SEATS_KEYS: Keys = ("id", "title", "seats", "when", "filled", "unused", "basis"), ("in_force",)
ONE_IN_KEYS: Keys = ("id", "title", "one_in", "when", "basis"), ("in_force",)
SHARE_KEYS: Keys = ("id", "title", "share", "at", "when", "basis"), ("in_force",)
RESERVE_KEYS = {"seats": SEATS_KEYS, "one_in": ONE_IN_KEYS, "share": SHARE_KEYS}
VERBS = ("add", "replace", "move", "repeal")
RELATIONS = ("into", "after", "before")
CHANGE_KEYS: Keys = ("basis",), (*VERBS, *RELATIONS, "with", "in_force")
CONVENTIONS = {"age_reached": ("on_birthday", "day_after"), "born_29_feb": ("feb_28", "mar_1")}
FILLED = ("before_general", "after_general")
UNUSED = ("general", "keep")
TIES = ("lottery", "overfill", "underfill")

SECTIONS = ("eligible", "reserves", "terms")
RESERVED_IDS = (*SECTIONS, "order", "ties")
"""Words that begin the address of an amendment, so no step may be called so."""
