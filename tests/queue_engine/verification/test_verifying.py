from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.queue_engine.verification.small_files import BY_SIBLINGS, DAY, Files, chained, dense, example

from queue_engine.verification import Finding, verify

_SAME_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def text(findings: list[Finding]) -> str:
    """Return findings as they are printed."""
    return "\n".join(map(str, findings))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the example, written down."""
    return example().write(tmp_path / "town")


def test_a_clean_folder_gives_no_findings(folder: Path) -> None:
    """Every file as the specification says: nothing to report."""
    assert verify(folder) == []


def test_an_empty_journal_gives_no_findings(tmp_path: Path) -> None:
    """A municipality that has recorded nothing has done nothing wrong."""
    (tmp_path / "journal.txt").write_bytes(b"")
    assert verify(tmp_path) == []


def test_hidden_files_are_nobodys_business(folder: Path) -> None:
    """A name that begins with a dot is allowed everywhere."""
    for name in (".note", "rules/.note", "orders/.note", "changes/.note"):
        (folder / name).write_bytes(b"\xff")
    assert verify(folder) == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("notes.txt", "notes.txt: V0 §1: no such file"),
        ("rules/notes.json", "rules/notes.json: V0 §1: no other file"),
        ("orders/10.txt", "orders/10.txt: V0 §1: the journal has no order for it"),
        ("orders/011.txt", "orders/011.txt: V0 §1"),
        ("changes/10.jsonl", "changes/10.jsonl: V0 §1: the journal has no order for it"),
    ],
)
def test_any_other_file_is_a_finding(folder: Path, name: str, said: str) -> None:
    """A file the specification does not know is named, wherever it is."""
    (folder / name).write_bytes(b"A\n")
    (finding,) = verify(folder)
    assert said in str(finding)


def test_a_missing_journal_is_a_finding(folder: Path) -> None:
    """Without a journal nothing else can be checked, and that is said."""
    (folder / "journal.txt").unlink()
    assert "journal.txt: V0 §1: is missing" in text(verify(folder))


def test_a_missing_rule_document_is_named_once(folder: Path) -> None:
    """Orders by rules that are not there cannot be checked; one finding names the rules."""
    (name,) = (folder / "rules").iterdir()
    name.unlink()
    (finding,) = verify(folder)
    assert (finding.level, finding.file, finding.rule) == ("V0", f"rules/{name.name}", "§1")


def test_a_changed_rule_document_is_named(folder: Path) -> None:
    """A document under another's name is not read."""
    (name,) = (folder / "rules").iterdir()
    name.write_bytes(name.read_bytes() + b"\n")
    (finding,) = verify(folder)
    assert hashlib.sha256(name.read_bytes()).hexdigest() in finding.message


@pytest.mark.parametrize("name", ["journal.txt", "heads.txt", "orders/11.txt", "changes/16.jsonl"])
def test_a_folder_in_place_of_a_file_is_a_finding(folder: Path, name: str) -> None:
    """A folder is no file; nothing crashes over it."""
    (folder / name).unlink()
    (folder / name).mkdir()
    assert f"{name}: " in text(verify(folder))
    assert "is not a file" in text(verify(folder))


@pytest.mark.parametrize("name", ["rules", "orders", "changes"])
def test_a_file_in_place_of_a_folder_is_a_finding(tmp_path: Path, name: str) -> None:
    """A file is no folder; nothing crashes over it."""
    (tmp_path / name).write_bytes(b"")
    (tmp_path / "journal.txt").write_bytes(b"")
    (finding,) = verify(tmp_path)
    assert "has to be a folder" in str(finding)


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    """There is nothing to verify where there is no folder."""
    with pytest.raises(NotADirectoryError, match="is no folder"):
        verify(tmp_path / "absent")


def test_heads_kept_elsewhere_find_what_was_cut_off(folder: Path, tmp_path: Path) -> None:
    """Whoever kept a head notices that the last entries are gone."""
    heads = (folder / "heads.txt").rename(tmp_path / "mine.txt")
    lines = (folder / "journal.txt").read_bytes().splitlines(keepends=True)
    (folder / "journal.txt").write_bytes(b"".join(lines[:-1]))
    (folder / "changes" / "16.jsonl").unlink()
    assert verify(folder) == []
    (finding,) = verify(folder, heads=heads)
    assert "entry 16 is missing: entries were cut off, the journal ends after 15" in str(finding)


def test_no_more_findings_are_returned_than_asked_for(folder: Path) -> None:
    """The last finding says how many are not listed."""
    for number in range(10):
        (folder / f"{number}.txt").touch()
    found = verify(folder, most=4)
    assert len(found) == 4
    assert found[-1].message == "7 more findings are not listed"


def test_every_line_of_an_unreadable_journal_is_named(tmp_path: Path) -> None:
    """Reading goes on after a line that is no line."""
    (tmp_path / "journal.txt").write_bytes(b"\x00\n\xff\xfe\n\n" + b"x" * 200 + b"\n")
    assert {finding.entry for finding in verify(tmp_path)} == {1, 2, 3, 4}


HOSTILE: list[object] = [
    None,
    True,
    -1,
    2**60,
    10**400,
    1.5,
    "",
    "\u202e",
    "x" * 300,
    [],
    [[]],
    {},
    {"a": None},
    [1, "a"],
]
NOWHERE: list[object] = [None, 2**60, 10**400, 1.5, "\u202e", [[]], {"a": None}]  # what no part of any event may be


@pytest.mark.parametrize("value", HOSTILE, ids=repr)
def test_wrong_values_anywhere_in_a_body_never_crash(tmp_path: Path, value: object) -> None:
    """Every part of every event is replaced in turn, and what may stand nowhere is found each time."""
    whole = example()
    parts = [(entry, name) for entry in range(len(whole.entries)) for name in whole.entries[entry]]
    parts += [(entry, f"data.{name}") for entry in range(len(whole.entries)) for name in whole.entries[entry]["data"]]
    for entry, name in parts:
        files = example()
        holder = files.entries[entry]["data"] if name.startswith("data.") else files.entries[entry]
        part = name.removeprefix("data.")
        if holder[part] == value:
            continue
        holder[part] = value
        files.heads = False
        files.write(tmp_path)
        found = verify(tmp_path)
        assert all(str(finding).isprintable() for finding in found)
        assert found or value not in NOWHERE, (entry, name)


def test_deep_nesting_and_huge_numbers_are_findings(tmp_path: Path) -> None:
    """What would exhaust a careless reader is only refused."""
    bodies = [b"[" * 200_000, b'{"a":' * 50_000, b"9" * 10_000, b"[" * 9 + b"]" * 9, b'"' + b"a" * (1 << 20) + b'"']
    (tmp_path / "journal.txt").write_bytes(b"".join(chained(bodies)))
    found = verify(tmp_path)
    assert [finding.entry for finding in found if finding.level == "V0"] == [1, 2, 3, 4, 5]


def test_a_line_longer_than_a_body_may_be_is_passed_over(tmp_path: Path) -> None:
    """The line after an endless one is read again."""
    files = example()
    lines = files.lines()
    lines[1] = b"0" * 64 + b" " + b"x" * (3 << 20) + b"\n"
    (tmp_path / "journal.txt").write_bytes(b"".join(lines))
    assert "journal.txt:2: V0 §2: the body is longer" in text(verify(tmp_path))
    assert "journal.txt:4: " not in text(verify(tmp_path))


def damaged(data: st.DataObject, content: bytes) -> bytes:
    """Return bytes with a few of them changed, inserted or removed."""
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, max(len(changed) - 1, 0)))
        until = at + data.draw(st.integers(0, 3))
        changed[at:until] = data.draw(st.binary(max_size=3))
    return bytes(changed)


def swapped(data: st.DataObject, content: bytes) -> bytes:
    """Return the lines with one removed, repeated or moved."""
    lines = content.splitlines(keepends=True)
    at, to = data.draw(st.integers(0, len(lines) - 1)), data.draw(st.integers(0, len(lines) - 1))
    line = lines[at] if data.draw(st.booleans()) else lines.pop(at)
    lines.insert(to, line) if data.draw(st.booleans()) else None
    return b"".join(lines)


@_SAME_FOLDER
@given(data=st.data(), harm=st.sampled_from([damaged, swapped]))
def test_any_change_of_the_journal_is_found(
    tmp_path: Path, data: st.DataObject, harm: Callable[[st.DataObject, bytes], bytes]
) -> None:
    """With a head kept by somebody, no other journal passes for this one."""
    folder = example().write(tmp_path)
    content = (folder / "journal.txt").read_bytes()
    changed = harm(data, content)
    (folder / "journal.txt").write_bytes(changed)
    assert bool(verify(folder)) is (changed != content)


@_SAME_FOLDER
@given(data=st.data(), name=st.sampled_from(["heads.txt", "orders/11.txt", "changes/16.jsonl", "rules"]))
def test_any_change_of_another_file_is_found(tmp_path: Path, data: st.DataObject, name: str) -> None:
    """Random bytes never crash the verification, and never pass for the right ones."""
    folder = example().write(tmp_path)
    path = next((folder / "rules").iterdir()) if name == "rules" else folder / name
    content = path.read_bytes()
    changed = damaged(data, content)
    path.write_bytes(changed)
    empty = name == "heads.txt" and not changed
    assert bool(verify(folder)) is (changed != content and not empty)


@_SAME_FOLDER
@given(data=st.data())
def test_a_rule_document_of_any_shape_never_crashes(tmp_path: Path, data: st.DataObject) -> None:
    """Any value in any place of a document, published with its right digest, is at most a finding."""
    document = {**BY_SIBLINGS, "versions": [dict(BY_SIBLINGS["versions"][0])]}
    values = st.one_of(
        st.sampled_from(HOSTILE), st.sampled_from([[{}], [{"id": "a"}], {"a": {}}, {"id": [], "when": 1}])
    )
    holder = data.draw(st.sampled_from([document, document["versions"][0]]))
    holder[data.draw(st.sampled_from(sorted(holder)))] = data.draw(values)
    files = Files()
    digest = files.publish(document)
    files.add("day_advanced", day=DAY)
    files.file("A", 1)
    files.order("general", "A")
    files.write(tmp_path)
    for finding in verify(tmp_path):
        assert str(finding)
    (tmp_path / "rules" / f"{digest}.json").unlink()


def test_a_journal_written_anew_is_found_by_its_head(folder: Path) -> None:
    """Whoever recomputes the whole chain still meets the heads that others kept."""
    files = example()
    old = files.lines()
    files.entries[5]["at"] += 0
    files.entries[11]["actor"] = "mfc"
    (folder / "journal.txt").write_bytes(b"".join(chained([dense(entry) for entry in files.entries])))
    (folder / "heads.txt").write_bytes(b"".join(b"%d %s\n" % (entry, old[entry - 1][:64]) for entry in (3, 11, 14)))
    (finding,) = verify(folder)
    assert (finding.level, finding.file, finding.entry) == ("V1", "heads.txt", 3)
    assert "written anew after entry 11" in finding.message
