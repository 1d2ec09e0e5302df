from __future__ import annotations

from typing import Any

import pytest
from tests.queue_engine.verification.small_files import example

from queue_engine.verification.events import PARTS, wrong_parts

_VALID: dict[str, Any] = {
    "ID": "A-1",
    "NAME": "school",
    "TEXT": "words",
    "REASON": "because",
    "DAY": 20_000,
    "SECOND": -5,
    "COUNT": 0,
    "ENTRY": 1,
    "DIGEST": "ab" * 32,
    "FACT": "family.siblings",
    "FACTS": {"a": 1, "b": "x"},
    "WISHES": [{"programme": "P"}, {"organisation": "P", "facts": {"a": 1}}],
    "VALUES": [{"application": "A", "programme": "P", "value": -1}],
    "DAYS": {"start": 20_000},
    "IDS": ["A", "B"],
    "FACT_NAMES": ["a"],
    "TEXTS": ["words"],
    "DUE": ["document_ended", "rules_date"],
    "OUTCOME": "taken",
    "LAPSE": "returned",
    "SOURCES": [{"name": "dice", "value": ""}],
    "SEAT": "temporary",
}
_INVALID: dict[str, list[Any]] = {
    "ID": ["", " A", "A ", "A\u00a0B", "x" * 101, 1, None],
    "NAME": ["", "Имя", "a b", "x" * 129, 1],
    "TEXT": [1, None, ["x"]],
    "REASON": ["", "  ", "\u00a0", 1],
    "DAY": [2**31, -(2**31), True, "1", 1.0],
    "SECOND": [True, "1"],
    "COUNT": [-1, True],
    "ENTRY": [0, True],
    "DIGEST": ["ab" * 31, "AB" * 32, 1],
    "FACT": ["", "A", "x" * 65, 1],
    "FACTS": [{"A": 1}, {"a": True}, {"a": []}, [], 1],
    "WISHES": [
        [{}],
        [{"programme": "P", "organisation": "O"}],
        [{"programme": "P"}, {"programme": "P", "facts": {"a": 1}}],
        [{"programme": "P", "facts": {}}],
        [{"programme": "P", "note": 1}],
        [{"programme": 1}],
        ["P"],
        {},
    ],
    "VALUES": [
        [{"application": "A", "programme": "P"}],
        [{"application": "A", "value": 1}],
        [{"application": "A", "programme": "P", "value": "1"}],
        [{"application": "A", "programme": "P", "value": 1, "x": 1}],
        ["A"],
        {},
    ],
    "DAYS": [{"start": "x"}, {"Start": 1}, [1]],
    "IDS": [[1], "A", [""]],
    "FACT_NAMES": [["A"], "a"],
    "TEXTS": [[1], "x"],
    "DUE": [[], ["rules_date", "document_ended"], ["rules_date", "rules_date"], ["never"], "rules_date", [[]]],
    "OUTCOME": ["suspended", "", [], 1],
    "LAPSE": ["taken", ["suspended"]],
    "SOURCES": [
        [],
        {},
        ["dice"],
        [{"name": "dice"}],
        [{"name": "dice", "value": 1}],
        [{"name": "dice", "value": "4", "at": "noon"}],
    ],
    "SEAT": ["permanent", "", ["temporary"]],
}
_ALL = [(kind, *part.split(":")) for kind, parts in PARTS.items() for part in parts.split()]


def full(kind: str) -> dict[str, Any]:
    """Return an event of a kind with every part it may have."""
    parts = {part.split(":")[0].removesuffix("?"): _VALID[part.split(":")[1]] for part in PARTS[kind].split()}
    return {**parts, "legal_day": 20_000}


@pytest.mark.parametrize("kind", PARTS)
def test_an_event_with_all_its_parts_is_right(kind: str) -> None:
    """Every kind is accepted with everything it may say, and with only what it has to say."""
    assert wrong_parts(kind, full(kind)) == []
    needed = {part.split(":")[0] for part in PARTS[kind].split() if "?" not in part}
    assert wrong_parts(kind, {name: value for name, value in full(kind).items() if name in needed}) == []


@pytest.mark.parametrize(("kind", "name", "sort"), _ALL)
def test_every_part_is_checked(kind: str, name: str, sort: str) -> None:
    """A value of another type is named with the part."""
    part = name.removesuffix("?")
    for value in _INVALID[sort]:
        (wrong,) = wrong_parts(kind, full(kind) | {part: value})
        assert wrong.startswith(f"{kind}.{part} is ")


@pytest.mark.parametrize(("kind", "name", "sort"), _ALL)
def test_a_part_is_there_unless_it_may_be_left_out(kind: str, name: str, sort: str) -> None:
    """What is missing is named; what may be left out may not be written with its default."""
    part, data = name.removesuffix("?"), full(kind)
    del data[part]
    optional = name.endswith("?")
    assert wrong_parts(kind, data) == ([] if optional else [f"{kind}.{part} is missing"])
    default = {"TEXT": "", "NAME": "", "FACTS": {}, "DAYS": {}, "TEXTS": [], "FACT_NAMES": []}.get(sort)
    if optional and default is not None:
        assert "its default" in wrong_parts(kind, data | {part: default})[0]


@pytest.mark.parametrize("kind", PARTS)
def test_no_other_part_is_allowed(kind: str) -> None:
    """A part that the kind does not have is named."""
    assert wrong_parts(kind, full(kind) | {"colour": 1}) == [f"{kind} has no part 'colour'"]


def test_all_that_is_wrong_is_said() -> None:
    """One event can break several rules."""
    assert len(wrong_parts("offered", {"application": "", "programme": 1, "x": 1})) == 4


def test_the_kinds_of_the_example_are_known() -> None:
    """The example of the other tests keeps to the table."""
    assert all(wrong_parts(entry["kind"], entry["data"]) == [] for entry in example().entries)
