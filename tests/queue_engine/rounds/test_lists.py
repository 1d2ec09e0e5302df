"""The lists of a round, row for row."""

from __future__ import annotations

from io import BytesIO

import pytest
from tests.queue_engine.rounds.small_rounds import (
    CHILDREN,
    frozen_of,
    kindergarten_rules,
    market,
    three_kindergartens,
    worked_example,
)

from queue_engine.canonical import JournalError
from queue_engine.rounds.deciding import decisions
from queue_engine.rounds.freezing import Calling, freeze
from queue_engine.rounds.lists import (
    LISTS,
    as_objects,
    not_placed_rows,
    placed_rows,
    protocol_rows,
    refusal_rows,
    write_json_lines,
)
from queue_engine.rounds.model import Programme, SeatReserve
from queue_engine.rounds.places import PlacesRow
from queue_engine.rounds.running import run


def test_the_worked_example_places_whom_the_design_says() -> None:
    """C and A get D1, D gets D2, G stays at D3, and B, E and F wait."""
    queues, frozen = worked_example()
    outcome = run(frozen)
    assert list(placed_rows(frozen, outcome, queues))[1:] == [
        ("A", "D1", "1", "main", "general"),
        ("C", "D1", "1", "main", "general"),
        ("D", "D2", "1", "main", "general"),
        ("G", "D3", "2", "main", "held"),
    ]
    assert list(not_placed_rows(frozen, outcome, queues))[1:] == [
        ("B", "2", "no_places"),
        ("E", "2", "no_places"),
        ("F", "1", "no_places"),
    ]


def test_what_is_frozen_from_places_and_queues_gives_the_same_lists() -> None:
    """The worked example by hand is the one that is frozen: G, who holds a place, is found by the fact of the wish."""
    queues, by_hand = worked_example()
    places = [PlacesRow("D1", 2), PlacesRow("D2", 1), PlacesRow("D3", 1)]
    frozen = freeze(queues, places, Calling("spring", by_hand.on, kindergarten_rules()))
    for name in ("placed.csv", "not_placed.csv", "refusals.csv"):
        rows = LISTS[name]
        assert list(rows(frozen, run(frozen), queues)) == list(rows(by_hand, run(by_hand), queues))


def test_every_wish_better_than_what_was_got_has_a_row_with_its_cut_off() -> None:
    """B at D1 stands fifth, the cut-off is A, and the territory decides; G, who keeps a place, was refused at D1."""
    queues, frozen = worked_example()
    assert list(refusal_rows(frozen, run(frozen), queues)) == [
        ("application", "wish", "programme", "position", "seats", "last", "last_position", "decided_by"),
        ("B", "1", "D1", "5", "2", "A", "3", "territory"),
        ("B", "2", "D3", "2", "1", "G", "1", "held"),
        ("E", "1", "D1", "4", "2", "A", "3", "territory"),
        ("E", "2", "D2", "4", "1", "D", "1", "right"),
        ("F", "1", "D2", "2", "1", "D", "1", "right"),
        ("G", "1", "D1", "6", "2", "A", "3", "territory"),
    ]


def test_without_queues_all_but_the_step_is_told() -> None:
    """What follows from the files alone is the same; of the step it is known that the order decided."""
    queues, frozen = worked_example()
    outcome = run(frozen)
    with_steps, without = list(refusal_rows(frozen, outcome, queues)), list(refusal_rows(frozen, outcome))
    assert [row[:-1] for row in without] == [row[:-1] for row in with_steps]
    assert [row[-1] for row in without[1:]] == ["order", "held", "order", "order", "order", "order"]


def test_a_refused_adapted_group_is_told_as_standing_in_no_queue() -> None:
    """Who may stand in no queue takes no part, and is listed among those without a place in the order of numbers."""
    queues = three_kindergartens(
        {**CHILDREN, "H": ("D4", "D5")},
        programme=["D1", "D2", "D3", "D4", "D5"],
        **{"programme.adapted": [False, False, False, True, True]},
    )
    frozen = frozen_of(queues, {"D1": 2, "D2": 1, "D3": 1}, {"D3": ("G",)})
    outcome = run(frozen)
    assert [each.application for each in frozen.applicants] == list("ABCDEFG")
    assert list(not_placed_rows(frozen, outcome, queues))[1:] == [
        ("B", "2", "no_places"),
        ("E", "2", "no_places"),
        ("F", "1", "no_places"),
        ("H", "2", "in_no_queue"),
    ]
    assert [row[0] for row in not_placed_rows(frozen, outcome)] == ["application", "B", "E", "F"]


def test_seats_kept_for_a_group_are_the_reason_of_those_who_would_have_had_them() -> None:
    """One seat is kept empty: the first of those refused would have got it, the second would not."""
    reserve = SeatReserve("police", (), 1, unused="keep")
    garden = Programme("D1", "", "main", 2, ("a", "b", "c"), reserves=(reserve,))
    frozen = market([garden], {name: ["D1"] for name in "abc"})
    outcome = run(frozen)
    assert list(not_placed_rows(frozen, outcome))[1:] == [("b", "1", "seats_kept"), ("c", "1", "no_places")]
    assert [row[-1] for row in refusal_rows(frozen, outcome)][1:] == ["police", "order"]
    assert list(protocol_rows(frozen, outcome))[1][6:] == ("2", "0", "0", "3", "1", "1", "1", "a", "1")


def test_the_protocol_is_a_ledger_of_seats() -> None:
    """Declared less withheld are the seats; with what flowed in and out they are those placed and those free."""
    near = Programme("D1", "Garden 1", "1", 5, ("a",), withheld=2, ground="court decision", norm=6, flows_to="D2")
    far = Programme("D2", "Garden 2", "2", 1, ("b", "c"))
    frozen = market([near, far], {"a": ["D1"], "b": ["D2"], "c": ["D2"]}, stages=("1", "2"))
    rows = list(protocol_rows(frozen, run(frozen)))
    assert rows[1] == (
        "D1", "Garden 1", "6", "5", "2", "court decision", "3", "0", "2", "1", "1", "0", "0", "a", "1",
    )  # fmt: skip
    assert rows[2] == ("D2", "Garden 2", "", "1", "0", "", "1", "2", "0", "2", "2", "1", "0", "c", "2")
    for row in as_objects(rows):
        assert int(row["declared"]) - int(row["withheld"]) == row["seats"]
        assert int(row["seats"]) + int(row["received"]) - int(row["given_on"]) == int(row["placed"]) + int(
            row["free"]
        ) + int(row["kept"])


def test_a_programme_that_places_nobody_has_no_cut_off() -> None:
    """There is no last one and no position."""
    frozen = market([Programme("D1", "", "main", 1, ())], {})
    assert list(protocol_rows(frozen, run(frozen)))[1][-2:] == ("", "")


def test_a_temporary_place_is_no_want_of_a_place_and_ends_the_list_of_wishes_before_it() -> None:
    """Whoever waits on with a temporary place is not without one; the wish before it is listed, the one behind not."""
    temporary = Programme("T", "", "late", 1, ("b",), interim="temporary")
    gardens = [Programme("D1", "", "main", 1, ("a", "b")), Programme("D2", "", "main", 1, ("c", "b"))]
    wishes = {"a": ["D1"], "b": ["D1", "T", "D2"], "c": ["D2"]}
    frozen = market([*gardens, temporary], wishes, stages=("main", "late"))
    outcome = run(frozen)
    assert outcome.placed["b"].interim
    assert list(refusal_rows(frozen, outcome))[1:] == [("b", "1", "D1", "2", "1", "a", "1", "order")]
    assert [each.wish for each in decisions(frozen, outcome)] == [1, 3]
    assert list(not_placed_rows(frozen, outcome))[1:] == []


def test_the_same_rows_are_written_as_canonical_json() -> None:
    """An object a row by the names of the header: numbers as numbers, empty cells left out."""
    queues, frozen = worked_example()
    file = BytesIO()
    write_json_lines(refusal_rows(frozen, run(frozen), queues), file)
    first = b'{"application":"B","decided_by":"territory","last":"A","last_position":3,"position":5,"programme":"D1"'
    assert file.getvalue().splitlines()[0] == first + b',"seats":2,"wish":1}'
    with pytest.raises(JournalError, match="cannot be seen"):
        write_json_lines([("application",), ("a\x07",)], BytesIO())


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_the_same_each_time(name: str) -> None:
    """Two rounds frozen from the same queues give the same rows, every row as wide as its header."""
    queues, frozen = worked_example()
    rows = list(LISTS[name](frozen, run(frozen), queues))
    again, same = worked_example()
    assert rows == list(LISTS[name](same, run(same), again))
    assert {len(row) for row in rows} == {len(rows[0])}
