"""Who moves between what is in force and a draft, by step and group, and what it costs."""

from __future__ import annotations

from fractions import Fraction
from xml.etree import ElementTree as ET

import attrs
import pytest
from tests.queue_engine.rounds.drawn_rounds import drawn_round
from tests.queue_engine.rounds.small_rounds import CHILDREN, frozen_of, three_kindergartens, worked_example

from queue_engine.queue import Queues
from queue_engine.rounds.model import Applicant, Frozen, Outcome, Placed
from queue_engine.rounds.other_mechanisms import held_by
from queue_engine.rounds.running import run
from queue_engine.rounds.whatif import (
    COLUMNS,
    DEARER,
    GAINS,
    KINDS,
    LESS_DEAR,
    LOSES,
    STAYS,
    Move,
    WhatIf,
    compare,
    ladders_of,
)
from queue_engine.rounds.whatif_picture import picture


def both(frozen: Frozen) -> tuple[Frozen, Outcome]:
    """Return a round and what comes out."""
    return frozen, run(frozen)


def with_seats(name: str, seats: int) -> tuple[Queues, WhatIf]:
    """Return the worked example, compared with itself where a kindergarten has other seats."""
    queues, frozen = worked_example()
    programmes = tuple(
        attrs.evolve(each, declared=seats) if each.programme == name else each for each in frozen.programmes
    )
    return queues, compare(both(frozen), both(attrs.evolve(frozen, programmes=programmes)), queues)


def of_group(found: WhatIf, step: str, group: str) -> dict[str, int]:
    """Return what becomes of a group, without what becomes of nobody."""
    (counts,) = (each.counts for each in found.groups if (each.step, each.group) == (step, group))
    return {kind: count for kind, count in counts.items() if count}


def test_without_a_change_nobody_moves() -> None:
    """A round compared with itself has the same figures twice."""
    queues, frozen = worked_example()
    found = compare(both(frozen), both(frozen), queues)
    assert (found.now, found.moves, found.counts[STAYS]) == (found.then, (), len(frozen.applicants))


def test_a_seat_more_goes_to_the_next_in_the_order() -> None:
    """E has a sibling at D1 and is the next there: who gains is told by the groups of the rules in force."""
    _, found = with_seats("D1", 3)
    assert found.moves == (Move("E", GAINS, "", "D1"),)
    assert (found.now.placed, found.then.placed, found.now.empty, found.then.empty) == (4, 5, 0, 0)
    assert (found.now.first_rate, found.then.first_rate) == (Fraction(3, 7), Fraction(4, 7))
    assert of_group(found, "sibling", "preference") == {GAINS: 1}
    assert of_group(found, "territory", "yes") == {STAYS: 1}
    assert of_group(found, "right", "others") == {GAINS: 1, STAYS: 4}


def test_a_seat_less_is_lost_by_the_last_in_the_order() -> None:
    """A is the last placed at D1, where one seat is left, and has the second wish taken by D."""
    _, found = with_seats("D1", 1)
    assert found.moves == (Move("A", LOSES, "D1", ""),)
    assert of_group(found, "territory", "yes") == {LOSES: 1}


def test_a_dearer_and_a_less_dear_wish_are_told_apart() -> None:
    """With two more seats at D2 and one less at D1 A goes down, and F gains; the way back, A goes up."""
    queues, frozen = worked_example()
    seats = {"D1": 1, "D2": 3, "D3": 1}
    other = attrs.evolve(
        frozen, programmes=tuple(attrs.evolve(each, declared=seats[each.programme]) for each in frozen.programmes)
    )
    there, back = compare(both(frozen), both(other), queues), compare(both(other), both(frozen), queues)
    assert there.moves == (Move("A", LESS_DEAR, "D1", "D2"), Move("F", GAINS, "", "D2"))
    assert back.moves == (Move("A", DEARER, "D2", "D1"), Move("F", LOSES, "D2", ""))


def test_a_wish_that_one_of_the_two_refuses_keeps_its_rank() -> None:
    """The draft refuses A at D1: A gets its second wish, which is less dear and not the dearest."""
    queues, frozen = worked_example()
    programmes = tuple(
        attrs.evolve(each, order=tuple(name for name in each.order if (name, each.programme) != ("A", "D1")))
        for each in frozen_of(three_kindergartens(), {"D1": 2, "D2": 3, "D3": 1}, {"D3": ("G",)}).programmes
    )
    people = tuple(Applicant("A", ("D2",)) if each.application == "A" else each for each in frozen.applicants)
    draft = both(attrs.evolve(frozen, programmes=programmes, applicants=people))
    found = compare(both(frozen), draft, queues)
    assert ladders_of(frozen, draft[0], queues)["A"] == ("D1", "D2")
    assert Move("A", LESS_DEAR, "D1", "D2") in found.moves
    assert found.then.first == sum(each.wish == 1 for each in draft[1].placed.values()) - 1


def test_ladders_keep_the_order_that_was_asked_for() -> None:
    """One round admits the first and third wish, the other the second: the ladder is that of the child."""
    queues = three_kindergartens({**CHILDREN, "A": ("D1", "D2", "D3")})
    frozen = frozen_of(queues, {}, {})
    one, other = (attrs.evolve(frozen, applicants=(Applicant("A", wishes),)) for wishes in (("D1", "D3"), ("D2",)))
    assert ladders_of(one, other, queues) == {"A": ("D1", "D2", "D3")}


def test_a_temporary_place_is_dearer_than_none_and_less_dear_than_any_other() -> None:
    """C loses D1 for a temporary place, and gains one from none."""
    queues, frozen = worked_example()
    outcome = run(frozen)
    kept = {name: each for name, each in outcome.placed.items() if name != "C"}
    without = attrs.evolve(outcome, placed=kept)
    interim = attrs.evolve(outcome, placed=kept | {"C": Placed("C", "D1", 1, "main", interim=True)})
    moves = [
        compare((frozen, now), (frozen, then), queues).moves[0].kind
        for now, then in ((outcome, interim), (without, interim), (interim, outcome))
    ]
    assert moves == [LESS_DEAR, GAINS, DEARER]
    assert compare((frozen, outcome), (frozen, interim), queues).then.interim == 1


def test_another_mechanism_says_what_it_has_no_use_for() -> None:
    """Immediate acceptance: G is not promised its place, and whoever is passed over is counted."""
    queues, frozen = worked_example()
    *draft, left_out = held_by(frozen, "immediate-acceptance")
    found = compare(both(frozen), (draft[0], draft[1]), queues, left_out=left_out)
    assert found.left_out == ("transfers",)
    assert found.as_json()["left_out"] == ["transfers"]


@pytest.mark.parametrize("seed", range(60))
def test_figures_and_moves_balance(seed: int) -> None:
    """Gains less losses is the change of those placed; every applicant is counted once."""
    queues, frozen = worked_example()[0], drawn_round(seed)
    *draft, _ = held_by(frozen, "top-trading-cycles")
    found = compare(both(frozen), (draft[0], draft[1]), queues)
    change = found.then.placed + found.then.interim - found.now.placed - found.now.interim
    assert found.counts[GAINS] - found.counts[LOSES] == change
    assert sum(found.counts.values()) == len(frozen.applicants)
    assert found.now.envy == 0
    assert found.then.envy == sum(then for _, then in found.envy.values())
    told = [row for row in found.rows() if row[0] == "envy" and row[3]]
    assert [(row[3], int(row[5])) for row in told] == [(name, then) for name, (_, then) in found.envy.items()]


def test_rows_are_whole_numbers_and_fractions() -> None:
    """One width, no decimal point, and every group with every kind."""
    _, found = with_seats("D1", 3)
    rows = list(found.rows())
    assert rows[0] == COLUMNS
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert ("first_rate", "", "", "", "3/7", "4/7", "1/7") in rows
    assert sum(row[1:3] == ("sibling", "preference") for row in rows) == len(KINDS)
    assert not any("." in cell for row in rows[1:] for cell in row)


@pytest.mark.parametrize(("lang", "said"), [("ru", "получают место"), ("en", "get a place")])
def test_the_picture_is_xml_and_says_each_figure(lang: str, said: str) -> None:
    """The same text each time; a name with letters that XML keeps for itself is written as it is."""
    _, found = with_seats("D1", 3)
    named = attrs.evolve(found, name="D1 < 3 & more")
    drawn = picture(named, lang)
    root = ET.fromstring(drawn)  # noqa: S314 - the project's own text
    texts = [each.text for each in root.iter() if each.text]
    assert any("D1 < 3 & more" in text for text in texts)
    assert {said, "4", "5"} <= set(texts)
    assert drawn == picture(named, lang)


def test_no_bar_leaves_the_picture() -> None:
    """Whatever is compared, bars start and end inside."""
    for seed in range(40):
        frozen = drawn_round(seed)
        *draft, _ = held_by(frozen, "immediate-acceptance")
        drawn = picture(compare(both(frozen), (draft[0], draft[1]), worked_example()[0]), "ru")
        root = ET.fromstring(drawn)  # noqa: S314 - the project's own text
        bars = [each for each in root.iter() if each.tag.endswith("rect") and each.get("x")]
        ends = [(int(bar.get("x", "")), int(bar.get("width", ""))) for bar in bars]
        assert all(left >= 0 and width >= 0 and left + width <= int(root.get("width", "")) for left, width in ends)
