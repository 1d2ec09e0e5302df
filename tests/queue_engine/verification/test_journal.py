from __future__ import annotations

from pathlib import Path

import pytest
from tests.queue_engine.verification.small_files import Files, chained, dense, example

from queue_engine.verification import Finding, verify
from queue_engine.verification.findings import Report
from queue_engine.verification.journal import Heads


def bodies() -> list[bytes]:
    """Return the bodies of the first ten entries of the example, before any order."""
    return [dense(entry) for entry in example().entries[:9]]


def verified(folder: Path, lines: list[bytes]) -> list[Finding]:
    """Return what is wrong with a journal of these lines."""
    example().write(folder)
    for name in ("heads.txt", "orders/11.txt", "changes/16.jsonl"):
        (folder / name).unlink()
    (folder / "journal.txt").write_bytes(b"".join(lines))
    return verify(folder)


def test_a_changed_body_is_named(tmp_path: Path) -> None:
    """One changed body breaks the chain at its own entry, and nowhere else."""
    lines = chained(bodies())
    lines[3] = lines[3].replace(b'"family.siblings":1', b'"family.siblings":5')
    (finding,) = verified(tmp_path, lines)
    assert str(finding).startswith("journal.txt:4: V1 §3: the hash is ")


def test_a_changed_hash_is_named(tmp_path: Path) -> None:
    """A changed hash does not follow, and the next entry does not follow from it."""
    lines = chained(bodies())
    lines[3] = b"0" * 64 + lines[3][64:]
    assert [(finding.level, finding.entry) for finding in verified(tmp_path, lines)] == [("V1", 4), ("V1", 5)]


def test_a_hash_in_capitals_is_named(tmp_path: Path) -> None:
    """A hash has one form; the chain goes on from the computed one."""
    lines = chained(bodies())
    lines[3] = lines[3][:64].upper() + lines[3][64:]
    (finding,) = verified(tmp_path, lines)
    assert str(finding).startswith("journal.txt:4: V0 §3: ")


def test_a_missing_line_is_named(tmp_path: Path) -> None:
    """The line after the gap says another entry than it has to, and does not follow."""
    lines = chained(bodies())
    del lines[5]
    found = [str(finding) for finding in verified(tmp_path, lines) if finding.level == "V1"]
    assert found[0] == "journal.txt:6: V1 §3: entry is 7; in this line it has to be 6"
    assert found[1].startswith("journal.txt:6: V1 §3: the hash is ")
    assert len(found) == 2


def test_a_repeated_line_is_named(tmp_path: Path) -> None:
    """The repetition is named by its line, and the chain goes on from it."""
    lines = chained(bodies())
    lines.insert(5, lines[4])
    found = [finding for finding in verified(tmp_path, lines) if finding.level == "V1"]
    assert {finding.entry for finding in found} == {6}


def test_swapped_lines_are_named(tmp_path: Path) -> None:
    """Both lines are named, and the one after them."""
    lines = chained(bodies())
    lines[3], lines[4] = lines[4], lines[3]
    found = [finding for finding in verified(tmp_path, lines) if finding.level == "V1"]
    assert {finding.entry for finding in found} == {4, 5, 6}


def test_a_torn_line_is_named_and_not_read(tmp_path: Path) -> None:
    """The last line has to end in LF."""
    lines = chained(bodies())
    (finding,) = verified(tmp_path, [*lines[:-1], lines[-1][:-1]])
    assert str(finding) == "journal.txt:9: V0 §3: the last line is torn: it has to end in LF, and is not read"


@pytest.mark.parametrize(
    ("entry", "part", "value", "said"),
    [
        (2, "actor", "officer:", "2: V0 §3: actor is"),
        (2, "actor", "mayor", "2: V0 §3: actor is"),
        (2, "actor", "officer:" + "1" * 130, "2: V0 §3: actor is"),
        (2, "at", -1, "2: V0 §3: at is -1; it has to be an integer from 0"),
        (2, "at", True, "2: V0 §3: at is True"),
        (3, "at", 5, "3: V1 §3: at is 5"),
        (2, "entry", 0, "2: V0 §3: entry is 0"),
        (2, "entry", 7, "2: V1 §3: entry is 7; in this line it has to be 2"),
        (2, "key", "day 1", "2: V0 §3: key is"),
        (2, "kind", "day_passed", "2: V0 §3: kind is 'day_passed'"),
        (2, "mun", "", "2: V0 §3: mun is ''"),
        (2, "v", 2, "2: V0 §3: v is 2; it has to be 1"),
        (2, "v", True, "2: V0 §3: v is True"),
        (2, "data", [], "2: V0 §3: data is []"),
        (2, "note", "x", "2: V0 §3: 'note' is no part of an entry"),
    ],
)
def test_a_wrong_part_of_an_entry_is_named(tmp_path: Path, entry: int, part: str, value: object, said: str) -> None:
    """Every part is checked by itself, in a chain that holds."""
    entries = example().entries[:9]
    entries[entry - 1][part] = value
    found = verified(tmp_path, chained([dense(entry) for entry in entries]))
    assert any(f"journal.txt:{said}" in str(finding) for finding in found)


def test_a_missing_part_of_an_entry_is_named(tmp_path: Path) -> None:
    """An entry without a time is not read."""
    entries = example().entries[:9]
    del entries[1]["at"]
    (finding,) = [one for one in verified(tmp_path, chained([*map(dense, entries)])) if one.level == "V0"]
    assert str(finding) == "journal.txt:2: V0 §3: at is missing"


def test_another_municipality_is_named(tmp_path: Path) -> None:
    """A line of another municipality is named, and so is the return from it."""
    entries = example().entries[:9]
    entries[4]["mun"] = "city"
    found = [one for one in verified(tmp_path, chained([*map(dense, entries)])) if "mun is" in one.message]
    assert [finding.entry for finding in found] == [5, 6]


def test_a_repeated_key_is_named(tmp_path: Path) -> None:
    """Only the repetition is named, with the line that had the key first."""
    files = Files()
    for day, key in enumerate(["a", "", "b", "a", "", "a"]):
        files.add("day_advanced", day=day, key=key)
    files.write(tmp_path)
    assert [(finding.entry, finding.message) for finding in verify(tmp_path)] == [
        (4, "the key 'a' is that of line 1; it has to be another"),
        (6, "the key 'a' is that of line 1; it has to be another"),
    ]


def test_a_body_that_is_not_canonical_is_named(tmp_path: Path) -> None:
    """A space is enough; the chain over the bytes as they are holds."""
    parts = bodies()
    parts[1] = parts[1].replace(b",", b", ", 1)
    found = verified(tmp_path, chained(parts))
    assert str(found[0]).startswith("journal.txt:2: V0 §2: the body cannot be read: not the canonical form")


def test_heads_have_one_form(tmp_path: Path) -> None:
    """Each line of heads is an entry and a hash; entry 0 has the hash of nothing."""
    lines = [b"0 " + b"0" * 64, b"01 " + b"a" * 64, b"1  " + b"a" * 64, b"1 " + b"A" * 64, b"x", b"1 " + b"a" * 64]
    (tmp_path / "heads.txt").write_bytes(b"\n".join(lines))
    report = Report(10)
    heads = Heads()
    heads.load(tmp_path / "heads.txt", "heads.txt", report)
    assert [finding.entry for finding in report.findings()] == [2, 3, 4, 5, 6]
    heads.check(0, report)
    assert report.count == 5


def test_heads_that_are_asked_for_have_to_be_there(tmp_path: Path) -> None:
    """A file of heads that was named and is missing is a finding."""
    example().write(tmp_path)
    (finding,) = verify(tmp_path, heads=tmp_path / "absent.txt")
    assert finding.message == "is missing"
