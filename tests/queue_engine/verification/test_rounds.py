from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.queue_engine.verification.small_files import example
from tests.queue_engine.verification.small_rounds import Round, dense, drawn_round, sha256, small_round

from queue_engine.verification import verify, verify_round
from queue_engine.verification.command import main

RESULT = "result.jsonl"


def found(folder: Path, **options: Any) -> list[str]:
    """Return the findings as they are printed."""
    return [str(finding) for finding in verify_round(folder, **options)]


def edited(folder: Path, name: str, edit: Callable[[list[dict[str, Any]]], None]) -> Path:
    """Edit the lines of a file."""
    lines = [json.loads(line) for line in (folder / name).read_bytes().splitlines()]
    edit(lines)
    (folder / name).write_bytes(b"".join(dense(line) + b"\n" for line in lines))
    return folder


def frozen_anew(folder: Path, edit: Callable[[list[dict[str, Any]]], None]) -> Path:
    """Edit what was frozen, and mend the digest."""
    edited(folder, "freeze.jsonl", edit)
    digest = sha256((folder / "freeze.jsonl").read_bytes())
    return edited(folder, RESULT, lambda lines: lines[0].update(freeze=digest))


def usual() -> Round:
    """Return a round: P has one seat, for a; Q one, for b; c and d stay without, and e holds R, which f would like."""
    seats = {"P": (1, "abcd"), "Q": (1, "bacd"), "R": (1, "efd")}
    wishes = {"a": "PQ", "b": "PQ", "c": "PQ", "d": "PQR", "e": "R", "f": "R"}
    return small_round(seats, wishes, R={"holders": ["e"]})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the usual round, written down."""
    return usual().write(tmp_path / "round")


def test_a_round_as_it_has_to_be_gives_no_findings(folder: Path) -> None:
    """Every file follows from what was frozen."""
    assert found(folder) == [str(finding) for finding in verify(folder)] == []


@pytest.mark.parametrize("seed", range(120))
def test_a_drawn_round_solved_by_the_definition_gives_no_findings(seed: int, tmp_path: Path) -> None:
    """Sweeps of choices from scratch come to what one proposal after another comes to, with everything a round has."""
    drawn = drawn_round(Random(seed), 14, 6)  # noqa: S311 - repeatable on purpose
    assert found(drawn.write(tmp_path)) == []


def test_a_round_of_nobody_gives_no_findings(tmp_path: Path) -> None:
    """Programmes nobody wishes for stay empty."""
    assert found(small_round({"P": (2, "")}, {}).write(tmp_path)) == []


def test_the_published_digest_tells_what_follows_from_nothing_else(folder: Path) -> None:
    """A day changes no result; with its digest mended, only those who know the digest see it."""
    published = sha256((folder / "freeze.jsonl").read_bytes())
    assert found(folder, freeze=published) == []
    frozen_anew(folder, lambda lines: lines[0].update(on=20_001))
    assert found(folder) == []
    (finding,) = found(folder, freeze=published)
    assert finding.startswith("freeze.jsonl: V5 §9.1: the digest is ")
    assert published in finding


def test_a_digest_that_is_none_is_refused(folder: Path) -> None:
    """A misprint in the digest is not a finding about the round."""
    with pytest.raises(ValueError, match="64 digits"):
        verify_round(folder, freeze="abc")


def test_what_is_no_folder_is_refused(folder: Path) -> None:
    """Nothing can be said of it."""
    with pytest.raises(NotADirectoryError, match=r"freeze\.jsonl"):
        verify_round(folder / RESULT)


@pytest.mark.parametrize(
    "name", ["freeze.jsonl", RESULT, "protocol.csv", "placed.csv", "not_placed.csv", "refusals.csv"]
)
def test_every_file_has_to_be_there(folder: Path, name: str) -> None:
    """What is missing is named."""
    (folder / name).unlink()
    assert found(folder) == [f"{name}: V5 §9.1: is missing"]


def test_any_other_file_is_a_finding(folder: Path) -> None:
    """Only names that begin with a dot are nobody's business."""
    (folder / "notes.txt").touch()
    (folder / ".note").touch()
    assert found(folder) == ["notes.txt: V5 §9.1: no such file has to be here"]


def test_an_edit_of_what_was_frozen_is_found_by_its_digest(folder: Path) -> None:
    """The result names the bytes it was computed from."""
    edited(folder, "freeze.jsonl", lambda lines: lines[0].update(on=20_001))
    (finding,) = found(folder)
    assert finding.startswith("result.jsonl:1: V5 §9.7: freeze is ")


def test_another_mechanism_cannot_be_computed_anew(folder: Path) -> None:
    """What cannot be checked is a finding, not a silence."""
    frozen_anew(folder, lambda lines: lines[0].update(mechanism="serial-dictatorship"))
    (finding,) = found(folder)
    assert finding.startswith("freeze.jsonl:1: V7 §9.7: mechanism is serial-dictatorship")


def test_two_who_are_swapped_are_both_named(folder: Path) -> None:
    """Each of them has what the other has to have, by the properties and by recomputation."""

    def swap(lines: list[dict[str, Any]]) -> None:
        lines[4]["programme"], lines[5]["programme"] = lines[5]["programme"], lines[4]["programme"]
        lines[4]["wish"], lines[5]["wish"] = lines[5]["wish"], lines[4]["wish"]

    told = "\n".join(found(edited(folder, RESULT, swap)))
    assert "result.jsonl:5: V6 §9.9 P8: application 'a' asked in vain for wish 1, 'P'" in told
    assert "application 'a': wish 2, 'Q', pass 'main', seat 'general'; computed anew it is wish 1, 'P'" in told
    assert "result.jsonl:6: V7 §9.7: application 'b'" in told


@pytest.mark.parametrize(
    ("line", "change", "said"),
    [
        (1, {"seats": 2}, "result.jsonl:2: V6 §9.9 P12: programme 'P': seats are 2"),
        (1, {"seats": 2}, "result.jsonl: V6 §9.9 P10: there are 4 seats after flows"),
        (1, {"placed": 2}, "result.jsonl:2: V6 §9.7: programme 'P': placed is 2"),
        (1, {"last": "b"}, "result.jsonl:2: V6 §9.7: programme 'P': last is 'b'"),
        (1, {"position": 2}, "result.jsonl:2: V7 §9.7: programme 'P': position is 2; computed anew it is 1"),
        (4, {"programme": "R"}, "result.jsonl:5: V6 §9.9 P2: application 'a' is placed at 'R'"),
        (4, {"wish": 2}, "result.jsonl:5: V6 §9.9 P2: application 'a': wish is 2; for 'P' it has to be 1"),
        (4, {"pass": "late"}, "result.jsonl:5: V6 §9.9 P2: application 'a': pass is 'late'; it has to be 'main'"),
        (4, {"interim": True}, "result.jsonl:5: V6 §9.9 P2: application 'a': interim is true"),
        (4, {"seat": "low"}, "result.jsonl:5: V6 §9.9 P5: application 'a': seat is 'low'; 'P' has no such seats"),
        (4, {"seat": "held"}, "result.jsonl:5: V6 §9.9 P5: application 'a' has a seat for 'held' in 'P'"),
        (8, {"seat": "general"}, "result.jsonl:9: V6 §9.9 P6: application 'e': seat is 'general'"),
        (0, {"round": "r-2"}, "result.jsonl:1: V5 §9.7: round is 'r-2'; with this freeze.jsonl it has to be 'r-1'"),
    ],
)
def test_a_changed_part_of_the_result_is_named(folder: Path, line: int, change: dict[str, Any], said: str) -> None:
    """Whatever is said otherwise is found in its line."""
    told = found(edited(folder, RESULT, lambda lines: lines[line].update(change)))
    assert any(each.startswith(said) for each in told), told


def test_a_holder_may_not_lose_the_seat(folder: Path) -> None:
    """P9 says it even where nobody else got it."""

    def taken(lines: list[dict[str, Any]]) -> None:
        lines[8] = {"kind": "not_placed", "application": "e"}

    told = "\n".join(found(edited(folder, RESULT, taken)))
    assert "result.jsonl:9: V6 §9.9 P9: application 'e' held a seat in 'R' and got nothing" in told
    assert "P7: application 'e' asked in vain for wish 1, 'R': a seat there is empty" in told


def test_more_than_the_seats_are_not_placed(folder: Path) -> None:
    """P4 names the one too many."""

    def squeezed(lines: list[dict[str, Any]]) -> None:
        lines[6] = {**lines[4], "application": "c"}

    told = "\n".join(found(edited(folder, RESULT, squeezed)))
    assert "result.jsonl:7: V6 §9.9 P4: application 'c' at position 3 of 'P' has no seat: 2 are placed" in told


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda lines: lines.pop(4), "result.jsonl: V5 §9.7: P1: application 'a' has no line"),
        (lambda lines: lines.pop(1), "result.jsonl: V5 §9.7: P1: programme 'P' has no line"),
        (lambda lines: lines.insert(5, lines[4]), "result.jsonl:6: V5 §9.7: P1: application 'a' has a line before"),
        (
            lambda lines: lines.append({"kind": "not_placed", "application": "x"}),
            "result.jsonl:11: V5 §9.7: application 'x' is not in freeze.jsonl",
        ),
        (lambda lines: lines.insert(4, lines.pop(5)), "result.jsonl:5: V5 §9.7: application 'b' stands where 'a' has"),
        (lambda lines: lines.insert(1, lines.pop(2)), "result.jsonl:2: V5 §9.7: programme 'Q' stands where 'P' has"),
        (lambda lines: lines.append(lines.pop(1)), "result.jsonl:10: V5 §9.7: programme 'P' comes after applications"),
        (lambda lines: lines.append(lines[0]), "result.jsonl:11: V5 §9.7: a line of kind result may not stand here"),
        (lambda lines: lines.pop(0), "result.jsonl:1: V5 §9.7: a line of kind cutoff may not stand here"),
        (lambda lines: lines[1].pop("last"), "result.jsonl:2: V5 §9.7: programme 'P' has one of last and position"),
        (lambda lines: lines[4].pop("wish"), "result.jsonl:5: V5 §9.7: application 'a': wish is missing"),
        (lambda lines: lines[4].update(kind="got"), "result.jsonl:5: V5 §9.7: kind is 'got'; it has to be result or"),
    ],
)
def test_lines_of_the_result_stand_where_they_have_to(
    folder: Path, edit: Callable[[list[dict[str, Any]]], None], said: str
) -> None:
    """One line for everybody, in the order of what was frozen."""
    told = found(edited(folder, RESULT, edit))
    assert any(each.startswith(said) for each in told), told


def test_an_empty_result_says_nothing_about_anybody(folder: Path) -> None:
    """The file is there, and has no line."""
    (folder / RESULT).write_bytes(b"")
    assert found(folder) == ["result.jsonl: V5 §9.7: there is no line; the first has to be the header"]


def test_a_line_that_is_not_canonical_is_not_read(folder: Path) -> None:
    """The bytes decide, not what they could mean."""
    content = (folder / RESULT).read_bytes()
    (folder / RESULT).write_bytes(content.replace(b'{"application":"a"', b'{"application": "a"'))
    assert "result.jsonl:5: V5 §2: the line cannot be read: not the canonical form" in "\n".join(found(folder))


def test_rounds_beside_a_journal_are_verified_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Findings name the file below the folder of everything."""
    town = example().write(tmp_path / "town")
    usual().write(town / "rounds" / "r-1")
    (town / "rounds" / "r-1" / "placed.csv").unlink()
    assert "rounds/r-1/placed.csv: V5 §9.1: is missing" in map(str, verify(town))
    assert main([str(town)]) == 1
    assert ", 1 round, 3 programmes, 6 applicants: " in capsys.readouterr().out


def test_the_command_verifies_a_round_by_itself(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder with freeze.jsonl is a round; its digest may be given."""
    assert main([str(folder)]) == 0
    assert capsys.readouterr().out == "1 round, 3 programmes, 6 applicants: no findings\n"
    assert main([str(folder), "--freeze", "0" * 64]) == 1
    assert "the one published is 0000" in capsys.readouterr().out


def test_the_command_refuses_what_is_no_digest(folder: Path) -> None:
    """A misprint ends with two, before anything is read."""
    with pytest.raises(SystemExit) as ending:
        main([str(folder), "--freeze", "12"])
    assert ending.value.code == 2
