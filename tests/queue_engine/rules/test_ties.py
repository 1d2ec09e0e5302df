from __future__ import annotations

import pytest
from tests.queue_engine.rules.conftest import BASE, FACTS, NUMBER, RIGHT, SIBLING, Folder

from queue_engine.rules.loading import read_rules
from queue_engine.rules.ties import tie_steps

LOTTERY = """\
  lottery.number:      {type: number, ru: жребий, en: lot, least: 0, most: 9007199254740991}
  lottery.number_here: {type: number, per: entry, ru: жребий здесь, en: lot here, least: 0, most: 9007199254740991}
categories:
"""
DRAWN = """\
  - id: drawn
    title: {ru: жребий, en: lot}
    lowest: lottery.number
"""
RESERVE = """\
reserves:
  - id: staff_seats
    title: {ru: места, en: seats}
    seats: 2
    when: sibling.attends
    filled: before_general
    unused: general
    basis: [{act: Акт}]
"""
HEAD = BASE[: BASE.index("order:")]


def file_of(steps: str, more: str = "") -> str:
    """Return a rule file of some steps."""
    return f"{HEAD}order:\n{steps}{more}"


@pytest.mark.parametrize(
    ("steps", "count"),
    [
        (NUMBER, 0),
        (RIGHT + NUMBER, 1),
        (RIGHT + SIBLING + NUMBER, 2),
        (RIGHT + SIBLING + DRAWN + NUMBER, 2),
        (RIGHT + DRAWN + SIBLING + NUMBER, 1),
        (RIGHT + DRAWN.replace("lottery.number", "lottery.number_here") + NUMBER, 1),
        (RIGHT, 1),
    ],
)
def test_equals_are_those_whom_neither_lot_nor_number_tell_apart(folder: Folder, steps: str, count: int) -> None:
    """Whatever stands behind the first of these makes nobody better; without any, all steps count."""
    folder.write("facts.yaml", FACTS.replace("categories:\n", LOTTERY))
    assert tie_steps(read_rules(folder.write("k.yaml", file_of(steps)))) == count


@pytest.mark.parametrize("word", ["overfill", "underfill"])
def test_equals_who_are_not_divided_stand_beside_no_reserve(folder: Folder, word: str) -> None:
    """Reserved seats would divide them; a lottery does anyway."""
    assert folder.told(file_of(NUMBER, f"ties: {word}\n{RESERVE}"))[0].startswith("11:5 Q056 'staff_seats' sets places")
    assert folder.told(file_of(NUMBER, f"ties: {word}\n")) == []
    assert folder.told(file_of(NUMBER, f"ties: lottery\n{RESERVE}")) == []


def test_a_file_that_says_nothing_of_ties_divides_equals(folder: Folder) -> None:
    """As one that says so; a word that is none is refused with its place."""
    assert folder.rules(file_of(NUMBER)).ties == folder.rules(file_of(NUMBER, "ties: lottery\n")).ties
    assert folder.told(file_of(NUMBER, "ties: dice\n"))[0].startswith("9:7 Q025 'dice' is not a rule on ties")
