from __future__ import annotations

from pathlib import Path

from queue_engine.verification.files import lines, names, readable, texts
from queue_engine.verification.findings import Report


def test_a_line_is_never_held_whole_when_it_is_endless(tmp_path: Path) -> None:
    """The rest of a long line is passed over, and the next line keeps its number."""
    path = tmp_path / "long.txt"
    path.write_bytes(b"a\n" + b"x" * (5 << 20) + b"\nb\n")
    assert [(number, len(raw)) for number, raw in lines(path)] == [(1, 2), (2, (1 << 20) + 66), (3, 2)]


def test_a_torn_line_is_reported_and_not_yielded(tmp_path: Path) -> None:
    """What does not end in LF may be half of something else."""
    (tmp_path / "a.txt").write_bytes(b"one\ntw")
    report = Report(9)
    assert list(texts(tmp_path / "a.txt", "a.txt", report, "V0", "§1")) == [(1, b"one")]
    assert [finding.entry for finding in report.findings()] == [2]


def test_a_broken_link_is_missing(tmp_path: Path) -> None:
    """A name that leads nowhere is no file."""
    (tmp_path / "a.txt").symlink_to(tmp_path / "nowhere")
    report = Report(9)
    assert not readable(tmp_path / "a.txt", "a.txt", report, "V0", "§1")
    assert [finding.message for finding in report.findings()] == ["is missing"]


def test_names_are_sorted_and_without_hidden_ones(tmp_path: Path) -> None:
    """Findings come in the same order on every machine."""
    for name in ("b", "a", ".c"):
        (tmp_path / name).touch()
    assert names(tmp_path, "", Report(1)) == ["a", "b"]
    assert names(tmp_path / "absent", "absent", Report(1)) == []
