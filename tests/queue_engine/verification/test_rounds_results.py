from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.queue_engine.verification.small_rounds import Round, dense, sha256, small_round

from queue_engine.verification import verify_round


def found(folder: Path) -> str:
    """Return the findings as they are printed, one a line."""
    return "\n".join(map(str, verify_round(folder)))


def placed_otherwise(folder: Path, **places: dict[str, Any]) -> Path:
    """Change what the result says of applicants; "nothing" takes the place away."""
    path = folder / "result.jsonl"
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    for number, line in enumerate(lines):
        change = places.get(line.get("application", ""))
        if change is not None:
            kept = {"application": line["application"], "kind": "placed"} if change else {"kind": "not_placed"}
            lines[number] = {**(line if line["kind"] == "placed" and change else {}), **kept, **change}
            lines[number]["application"] = line["application"]
    path.write_bytes(b"".join(dense(line) + b"\n" for line in lines))
    return folder


def rows_edited(folder: Path, name: str, edit: Callable[[list[list[str]]], object]) -> Path:
    """Edit the rows of a list; the first are the columns."""
    with (folder / name).open(encoding="utf-8", newline="") as text:
        rows = list(csv.reader(text))
    edit(rows)
    with (folder / name).open("w", encoding="utf-8", newline="") as text:
        csv.writer(text, lineterminator="\n").writerows(rows)
    return folder


def reserved(unused: str = "keep", filled: str = "before_general", entitled: str = "cd") -> Round:
    """Return a round in which P has two seats, one of them for a group."""
    reserve = {"reserve": "low", "entitled": list(entitled), "seats": 1, "filled": filled, "unused": unused}
    return small_round({"P": (2, "abcd")}, dict.fromkeys("abcd", "P"), P={"reserves": [reserve]})


def test_a_seat_of_a_group_goes_to_the_group(tmp_path: Path) -> None:
    """Giving it to somebody ahead in the order is found, with the seat and the group."""
    folder = reserved().write(tmp_path)
    assert found(folder) == ""
    told = found(placed_otherwise(folder, b={"programme": "P", "wish": 1, "pass": "main", "seat": "low"}, c={}))
    assert "P5: application 'b' has a seat for 'low' in 'P', and is not entitled to it" in told
    assert "P6: application 'b' at position 2 of 'P' has no seat: those left are not for it" in told
    assert "P8: application 'c' asked in vain for wish 1, 'P': it is at position 3, and 'b' at 2 has a seat" in told


def test_a_group_has_no_more_than_its_seats(tmp_path: Path) -> None:
    """Two on one seat of a group are one too many."""
    folder = reserved(entitled="abcd").write(tmp_path)
    told = found(placed_otherwise(folder, b={"seat": "low"}))
    assert "P5: application 'b' has one more seat for 'low' in 'P' than the 1 there are" in told


def test_seats_are_filled_in_the_declared_order(tmp_path: Path) -> None:
    """Whose seat is the general one depends on which is filled first."""
    folder = reserved(filled="after_general", entitled="abcd").write(tmp_path)
    told = found(placed_otherwise(folder, a={"seat": "low"}, b={"seat": "general"}))
    assert "P6: application 'a': seat is 'low'; in 'P' it has to be general" in told


def test_whoever_comes_first_for_a_group_is_not_left_out(tmp_path: Path) -> None:
    """Envy is justified by the seats one is entitled to."""
    folder = reserved().write(tmp_path)
    told = found(placed_otherwise(folder, d={"programme": "P", "wish": 1, "pass": "main", "seat": "low"}, c={}))
    assert "P8: application 'c' asked in vain for wish 1, 'P': it is at position 3, and 'd' at 4 has a seat" in told


def test_seats_told_of_a_pass_are_those_before_it_gave_any_on(tmp_path: Path) -> None:
    """A group had its seat in the market, also where fewer seats leave it another one."""
    reserve = {"reserve": "low", "entitled": list("abc"), "seats": 2, "filled": "after_general", "unused": "general"}
    drawn = small_round({"P": (4, "abc"), "Q": (0, "")}, dict.fromkeys("abc", "P"), P={"reserves": [reserve]})
    drawn.header["passes"] = ["main", "late"]
    drawn.programmes["P"]["flows_to"] = "Q"
    drawn.programmes["Q"].update({"pass": "late"})
    folder = drawn.write(tmp_path)
    assert found(folder) == ""
    told = found(placed_otherwise(folder, a={"seat": "low"}))
    assert "P6: application 'a': seat is 'low'; in 'P' it has to be general" in told


def test_seats_kept_are_those_of_the_last_market(tmp_path: Path) -> None:
    """What is given to a later pass afterwards takes nothing from a group listed late."""
    reserves = [
        {"reserve": "low", "entitled": [], "seats": 2, "filled": "before_general", "unused": "general"},
        {"reserve": "far", "entitled": [], "seats": 1, "filled": "before_general", "unused": "keep"},
    ]
    drawn = small_round({"P": (4, "a"), "Q": (0, "")}, {"a": "P"}, P={"reserves": reserves, "flows_to": "Q"})
    drawn.header["passes"] = ["main", "late"]
    drawn.programmes["Q"].update({"pass": "late"})
    assert found(drawn.write(tmp_path)) == ""
    assert "P,,,4,0,,4,0,2,1,1,1,1,a,1" in (tmp_path / "protocol.csv").read_text(encoding="utf-8")


def test_a_bundle_is_not_parted(tmp_path: Path) -> None:
    """P11 names the members and their wishes."""
    folder = small_round({"P": (1, "ab"), "Q": (2, "ab")}, {"a": "PQ", "b": "PQ"}, "ab").write(tmp_path)
    assert found(folder) == ""
    told = found(placed_otherwise(folder, a={"programme": "P", "wish": 1}))
    assert "result.jsonl:5: V6 §9.9 P11: the bundle of freeze.jsonl:6 is parted; wishes 'a' 1, 'b' 2" in told


def test_a_whole_tier_passes_the_seats_or_stays_out(tmp_path: Path) -> None:
    """Overfill takes the last tier, underfill does not; either way nobody may be added or left out."""
    tiers = {"tiers": [["a"], ["b", "c"], ["d"]]}
    passed, parted = "at position 4 of 'P' has no seat", "is placed at 'P': with all who asked, its tier or one before"
    for ties, added, said in (("overfill", "d", passed), ("underfill", "b", parted)):
        drawn = small_round({"P": (2, "abcd")}, dict.fromkeys("abcd", "P"), P={"ties": ties, **tiers})
        folder = drawn.write(tmp_path / ties)
        assert found(folder) == ""
        place = {"programme": "P", "wish": 1, "pass": "main", "seat": "general"}
        told = found(placed_otherwise(folder, **{added: place}))
        assert f"P4: application '{added}' {said}" in told


def further() -> Round:
    """Return a round after which b is offered Q, and c nothing."""
    drawn = small_round({"P": (1, "abc"), "Q": (1, "")}, dict.fromkeys("abc", "P"), Q={"others": ["b", "c"]})
    for name in "bc":
        drawn.applicants[name]["others"] = ["Q"]
    return drawn


def test_the_extra_pass_takes_the_best_of_those_who_agreed(tmp_path: Path) -> None:
    """Both the empty seat and the one given past somebody are found."""
    folder = further().write(tmp_path / "round")
    assert found(folder) == ""
    told = found(placed_otherwise(folder, b={}))
    assert "P7: application 'b' would rather be offered 'Q': a seat there is empty" in told
    place = {"programme": "Q", "wish": 2, "pass": "others", "seat": "others"}
    told = found(placed_otherwise(folder, c=place))
    assert "P8: application 'b' would rather be offered 'Q': somebody behind it was placed there" in told
    told = found(placed_otherwise(folder, b=place, c={**place, "seat": "general"}))
    assert "P4: programme 'Q': 2 are placed by the extra pass, and 1 seats were empty" in told
    assert "P6: application 'c': seat is 'general'; it has to be others" in told


def test_somebody_in_the_wrong_order_is_not_accepted(tmp_path: Path) -> None:
    """A programme that is only wished for in another pass is not that of the extra pass."""
    folder = further().write(tmp_path)
    told = found(placed_otherwise(folder, b={"pass": "main"}))
    assert "P2: application 'b': pass is 'main'; it has to be 'others'" in told


def test_empty_seats_flow_where_they_have_to(tmp_path: Path) -> None:
    """A seat held back is empty, and named."""
    drawn = small_round({"P": (2, "a"), "Q": (1, "bc")}, {"a": "P", "b": "Q", "c": "Q"}, P={"flows_to": "Q"})
    folder = drawn.write(tmp_path)
    assert found(folder) == ""
    held_back = [("seats", 2), ("seats", 1)]
    path = folder / "result.jsonl"
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    for line, (part, value) in zip(lines[1:3], held_back, strict=True):
        line[part] = value
    path.write_bytes(b"".join(dense(line) + b"\n" for line in lines))
    assert "P12: programme 'P': 1 seats are empty; they have to flow to 'Q'" in found(folder)
    lines[1]["seats"] = 3
    path.write_bytes(b"".join(dense(line) + b"\n" for line in lines))
    assert "P12: programme 'P': seats are 3; frozen are 2, 0 were received" in found(folder)


def test_a_holder_who_lost_a_seat_to_a_flow_and_a_bundle_is_named(tmp_path: Path) -> None:
    """What §9.5 gives can break P9; the holder learns of it."""
    drawn = small_round(
        {"P": (1, "h"), "Q": (0, "b"), "X": (1, "ah")},
        {"a": "X", "b": "Q", "h": "XP"},
        "ab",
        P={"holders": ["h"], "flows_to": "Q"},
    )
    told = found(drawn.write(tmp_path))
    assert told == "result.jsonl:7: V6 §9.9 P9: application 'h' held a seat in 'P' and got nothing; it may not lose it"


@pytest.mark.parametrize(
    ("name", "edit", "said"),
    [
        (
            "protocol.csv",
            lambda rows: rows[1].__setitem__(6, "1"),
            "protocol.csv:2: V5 §9.8: programme 'P': seats is '1'",
        ),
        ("protocol.csv", lambda rows: rows[1].__setitem__(12, "0"), "protocol.csv:2: V5 §9.8: programme 'P': kept is"),
        ("protocol.csv", lambda rows: rows.pop(1), "protocol.csv: V5 §9.8: programme 'P': the row is missing"),
        ("protocol.csv", lambda rows: rows.clear(), "protocol.csv: V5 §9.8: the first line has to be the columns"),
        ("protocol.csv", lambda rows: rows.pop(0), "protocol.csv:1: V5 §9.8: 'P,"),
        ("placed.csv", lambda rows: rows[1].__setitem__(2, "2"), "placed.csv:2: V5 §9.8: application 'a': wish is '2'"),
        (
            "placed.csv",
            lambda rows: rows.append(rows[1]),
            "placed.csv:3: V5 §9.8: application 'a': the row is there more",
        ),
        ("placed.csv", lambda rows: rows[1].append(""), "placed.csv:2: V5 §9.8: application 'a': the row has 6 cells"),
        ("placed.csv", lambda rows: rows.append(["x"]), "placed.csv:3: V5 §9.8: application 'x': no such row"),
        ("placed.csv", lambda rows: rows.append(['x"y']), "placed.csv:3: V5 §9.8: application 'x\"y': no such row"),
        (
            "not_placed.csv",
            lambda rows: rows[1].__setitem__(2, " "),
            "not_placed.csv:2: V5 §9.8: application 'b': reason",
        ),
        (
            "not_placed.csv",
            lambda rows: rows.insert(1, rows.pop(2)),
            "not_placed.csv:2: V5 §9.8: application 'c': the row stands where 'b' has to",
        ),
        (
            "refusals.csv",
            lambda rows: rows[1].__setitem__(3, "1"),
            "refusals.csv:2: V5 §9.8: application 'b' wish '1' programme 'P': position is '1'; it has to be '2'",
        ),
    ],
)
def test_a_list_that_does_not_follow_is_named(
    tmp_path: Path, name: str, edit: Callable[[list[list[str]]], object], said: str
) -> None:
    """File, row, column, what is there and what has to be."""
    folder = rows_edited(reserved(entitled="").write(tmp_path), name, edit)
    told = found(folder)
    assert any(each.startswith(said) for each in told.splitlines()), told


def test_words_of_the_writer_are_not_compared(tmp_path: Path) -> None:
    """Why somebody was refused is told by the writer."""
    folder = reserved().write(tmp_path)
    for name in ("not_placed.csv", "refusals.csv"):
        rows_edited(folder, name, lambda rows: [row.__setitem__(-1, 'another, "reason"') for row in rows[1:]])
    assert found(folder) == ""


def test_quotes_that_do_not_close_are_no_cells(tmp_path: Path) -> None:
    """The line is named as it is."""
    folder = reserved().write(tmp_path)
    with (folder / "placed.csv").open("a", encoding="utf-8") as text:
        text.write('"x,P\n')
    assert "placed.csv:4: V5 §9.8: application '\"x,P': no such row has to be here" in found(folder)


def test_what_was_frozen_decides_and_not_what_was_written_first(tmp_path: Path) -> None:
    """A wish struck from what was frozen, with its digest mended, is found in the result that still has it."""
    drawn = reserved()
    folder = drawn.write(tmp_path)
    drawn.applicants["a"]["wishes"] = []
    content = drawn.freeze()
    result = (folder / "result.jsonl").read_bytes()
    before = sha256((folder / "freeze.jsonl").read_bytes())
    (folder / "freeze.jsonl").write_bytes(content)
    (folder / "result.jsonl").write_bytes(result.replace(before.encode(), sha256(content).encode()))
    told = found(folder)
    assert "P2: application 'a' is placed at 'P', which it neither wished for nor agreed to" in told
    assert "V7 §9.7: application 'b': no place; computed anew it is wish 1, 'P'" in told
