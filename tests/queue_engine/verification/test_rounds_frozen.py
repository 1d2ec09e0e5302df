from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.queue_engine.verification.small_rounds import Round, dense, merkle, small_round

from queue_engine.verification import verify_round
from queue_engine.verification.round_ledger import list_root

FREEZE = "freeze.jsonl"
RESERVE = {"reserve": "low", "entitled": ["a"], "seats": 1, "filled": "before_general", "unused": "general"}


def found(drawn: Round, folder: Path) -> list[str]:
    """Return the findings about what was frozen; the rest may be anything."""
    folder.mkdir()
    (folder / FREEZE).write_bytes(drawn.freeze())
    return [str(finding) for finding in verify_round(folder) if finding.file == FREEZE]


def usual() -> Round:
    """Return a round of four applicants, two of them together, and three programmes."""
    seats = {"P": (2, "abcd"), "Q": (2, "badc"), "R": (1, "ac")}
    return small_round(
        seats, {"a": "PQ", "b": "PQ", "c": "PR", "d": "QP"}, "ab", R={"others": ["b"]}, b={"others": ["R"]}
    )


def test_the_usual_round_is_as_it_has_to_be(tmp_path: Path) -> None:
    """What the other tests break is whole."""
    assert found(usual(), tmp_path / "round") == []


def _programme(name: str, **parts: Any) -> Callable[[Round], object]:
    return lambda drawn: drawn.programmes[name].update(parts)


def _applicant(name: str, **parts: Any) -> Callable[[Round], object]:
    return lambda drawn: drawn.applicants[name].update(parts)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (_programme("P", seats=3), "2: V5 §9.2: programme 'P': declared is 2, withheld 0, seats 3; seats have to be 2"),
        (_programme("P", norm=1), "2: V5 §9.2: programme 'P': declared is 2; the norm is 1, and may not be passed"),
        (_programme("P", declared=3, withheld=1), "2: V5 §9.2: programme 'P': 1 seats are withheld; there has to be"),
        (_programme("P", order=list("abcda")), "2: V5 §9.2: programme 'P': order has 'a' more than once"),
        (_programme("P", order=list("abcdx")), "2: V5 §9.2: programme 'P': order has 'x', which has no line"),
        (_programme("P", order=list("abc")), "8: V5 §9.2: application 'd': wishes 'P', whose order does not have it"),
        (_programme("P", order=list("acbd")), "2: V5 §9.2: programme 'P': order parts 'b' from its bundle of line 9"),
        (_programme("R", others=["x"]), "4: V5 §9.2: programme 'R': others has 'x'"),
        (_programme("R", others=[]), "6: V5 §9.2: application 'b': others have 'R', whose others do not have it"),
        (_programme("R", interim="temporary"), "6: V5 §9.2: application 'b': others have 'R', which is interim"),
        (_programme("P", **{"pass": "late"}), "2: V5 §9.2: programme 'P': pass is 'late'; it has to be one of passes"),
        (_programme("P", flows_to="X"), "2: V5 §9.2: programme 'P': flows_to 'X' is no programme"),
        (_programme("P", flows_to="P"), "2: V5 §9.2: programme 'P': flows_to leads in a circle, 'P' to 'P'"),
        (_programme("P", reserves=[RESERVE, RESERVE]), "2: V5 §9.2: programme 'P': reserve 'low' has to have a name"),
        (_programme("P", reserves=[{**RESERVE, "reserve": "held"}]), "2: V5 §9.2: programme 'P': reserve 'held' has"),
        (
            _programme("P", reserves=[{**RESERVE, "entitled": ["x"]}]),
            "2: V5 §9.2: programme 'P': entitled of 'low' has",
        ),
        (_programme("P", reserves=[{"reserve": "low"}]), "2: V5 §9.2: programme 'P': reserves is [{"),
        (_programme("P", ties="overfill"), "2: V5 §9.2: programme 'P': ties and tiers have to be given together"),
        (_programme("P", ties="both"), "2: V5 §9.2: programme 'P': ties is 'both'; it has to be overfill or underfill"),
        (
            _programme("P", ties="overfill", tiers=[["a", "c"], ["b", "d"]]),
            "2: V5 §9.2: programme 'P': tier 1 has to be those at 1 to 2 of order",
        ),
        (
            _programme("P", ties="overfill", tiers=[["b", "a"]]),
            "2: V5 §9.2: programme 'P': the tiers have 2 applications; they have to have the 4 of order",
        ),
        (
            _programme("P", ties="overfill", tiers=[list("abcd")], reserves=[RESERVE]),
            "2: V5 §9.2: programme 'P': a programme with ties has no reserves",
        ),
        (_programme("R", holders=["c"]), "4: V5 §9.2: programme 'R': the first 1 of order have to be the holders"),
        (_programme("R", holders=["a", "c"]), "4: V5 §9.2: programme 'R': 2 hold a seat, and there are 1"),
        (_programme("R", holders=["a"]), "4: V5 §9.2: programme 'R': holder 'a' has to have it among the wishes"),
        (_programme("R", holders=["x"]), "4: V5 §9.2: programme 'R': holders has 'x', which has no line"),
        (_programme("P", holders=["a"], interim="temporary"), "2: V5 §9.2: programme 'P': an interim programme has"),
        (_programme("P", order=1), "2: V5 §9.2: programme 'P': order is 1; it has to be a list of IDs"),
        (_programme("P", colour="red"), "2: V5 §9.2: programme 'P': 'colour' is no part of it"),
        (_programme("P", declared=True), "2: V5 §9.2: programme 'P': declared is True; it has to be an integer from 0"),
        (_applicant("a", wishes=["P", "P"]), "5: V5 §9.2: application 'a': wishes has 'P' more than once"),
        (_applicant("a", wishes=["P", "X"]), "5: V5 §9.2: application 'a': wishes has 'X', which has no line"),
        (_applicant("a", wishes=["P"]), "9: V5 §9.2: members ['a', 'b']: they have [1, 2] wishes"),
        (_applicant("b", others=["P"]), "6: V5 §9.2: application 'b': 'P' is a wish, and may not be in others"),
        (_applicant("d", others=["R"]), "8: V5 §9.2: application 'd': others have 'R', whose others do not have it"),
        (
            lambda drawn: drawn.bundles.append(["b", "c"]),
            "10: V5 §9.2: members ['b', 'c']: 'b' is in the bundle of line 9",
        ),
        (lambda drawn: drawn.bundles.append(["c"]), "10: V5 §9.2: members ['c']: there have to be two or more"),
        (lambda drawn: drawn.bundles.append(["c", "x"]), "10: V5 §9.2: members ['c', 'x'] has 'x', which has no line"),
        (lambda drawn: drawn.header.update(passes=[]), "1: V5 §9.2: round 'r-1': passes is []; it has to be a list"),
        (lambda drawn: drawn.header.update(v=2), "1: V5 §9.2: round 'r-1': v is 2; it has to be 1"),
        (lambda drawn: drawn.header.update(service=1), "1: V5 §9.2: round 'r-1': service is 1; it has to be a NAME or"),
    ],
)
def test_what_does_not_agree_is_named(tmp_path: Path, edit: Callable[[Round], object], said: str) -> None:
    """The finding has the line, the id and what it has to be."""
    drawn = usual()
    edit(drawn)
    told = found(drawn, tmp_path / "round")
    assert any(each.startswith(f"{FREEZE}:{said}") for each in told), told


def test_a_holder_holds_one_seat(tmp_path: Path) -> None:
    """The second programme is named."""
    drawn = usual()
    for name in ("P", "R"):
        drawn.programmes[name]["holders"] = ["a"]
    drawn.applicants["a"]["wishes"], drawn.applicants["b"]["wishes"] = ["P", "R"], ["P", "Q"]
    assert any("programme 'R': holder 'a' holds 'P' too" in each for each in found(drawn, tmp_path / "round"))


def test_what_a_holder_rather_has_is_of_the_same_pass(tmp_path: Path) -> None:
    """Otherwise the seat could be left for one that is given out later."""
    drawn = usual()
    drawn.header["passes"] = ["main", "late"]
    drawn.programmes["P"].update({"pass": "late"})
    drawn.programmes["R"].update(order=["c", "a"], holders=["c"])
    told = found(drawn, tmp_path / "round")
    assert any("programme 'R': holder 'c' rather has 'P', which is of another pass" in each for each in told)


def test_seats_do_not_flow_to_an_earlier_pass(tmp_path: Path) -> None:
    """It has been run already."""
    drawn = usual()
    drawn.header["passes"] = ["main", "late"]
    drawn.programmes["P"].update({"pass": "late", "flows_to": "Q"})
    assert any("flows_to 'Q', which is of the earlier pass 'main'" in each for each in found(drawn, tmp_path / "round"))


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda lines: lines.pop(0), f"{FREEZE}:1: V5 §9.2: a line of kind programme may not stand here"),
        (lambda lines: lines.clear(), f"{FREEZE}: V5 §9.2: there is no header; it has to be the first line"),
        (lambda lines: lines.append(lines[0]), f"{FREEZE}:10: V5 §9.2: a line of kind round may not stand here"),
        (lambda lines: lines.append(lines.pop(1)), f"{FREEZE}:9: V5 §9.2: a line of kind programme may not stand here"),
        (lambda lines: lines.insert(1, lines.pop(2)), f"{FREEZE}:3: V5 §9.2: programme 'P' comes after 'Q'"),
        (lambda lines: lines.insert(5, lines[4]), f"{FREEZE}:6: V5 §9.2: application 'a' has a line before"),
        (lambda lines: lines.append({"kind": 3}), f"{FREEZE}:10: V5 §9.2: kind is 3; it has to be round or programme"),
        (lambda lines: lines.append([1]), f"{FREEZE}:10: V5 §9.2: kind is None; it has to be round"),
        (
            lambda lines: lines[0].update(list="a" * 64),
            f"{FREEZE}:1: V5 §9.2: list is {'a' * 64}; of these 4 applications",
        ),
    ],
)
def test_lines_stand_in_their_order(tmp_path: Path, edit: Callable[[list[Any]], object], said: str) -> None:
    """Header, programmes by id, applicants, bundles."""
    lines = [json.loads(line) for line in usual().freeze().splitlines()]
    edit(lines)
    (tmp_path / FREEZE).write_bytes(b"".join(dense(line) + b"\n" for line in lines))
    told = [str(finding) for finding in verify_round(tmp_path)]
    assert any(each.startswith(said) for each in told), told


def test_an_order_may_be_longer_than_a_line_of_a_journal(tmp_path: Path) -> None:
    """Every child of a city may stand in one order: more than 1 MiB in a line."""
    drawn = small_round({"P": (1, "a")}, {"a": "P"})
    people = [f"application-{number:080}" for number in range(12_000)]
    drawn.programmes["P"]["order"] = ["a", *people]
    drawn.applicants |= {one: {"kind": "applicant", "application": one, "wishes": []} for one in people}
    assert len(dense(drawn.programmes["P"])) > 1 << 20
    assert found(drawn, tmp_path / "round") == []


@pytest.mark.parametrize("count", range(10))
def test_the_root_of_a_list_is_that_of_its_tree(count: int) -> None:
    """Splitting at powers of two and joining layer by layer give one tree."""
    names = [f"а-{number}" for number in range(count)]
    assert list_root(names) == merkle(names)
