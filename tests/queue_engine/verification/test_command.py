from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.queue_engine.verification.small_files import example

import queue_engine.verification
from queue_engine.verification.command import main

SOURCE = Path(queue_engine.verification.__file__).parent


def test_the_last_line_says_what_was_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without findings it is the only line."""
    assert main([str(example().write(tmp_path))]) == 0
    assert capsys.readouterr().out == "16 entries, 3 orders, 1 rule document: no findings\n"


def test_findings_are_printed_and_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Those beyond the most are counted too."""
    example().write(tmp_path)
    for number in range(5):
        (tmp_path / f"{number}.txt").touch()
    assert main([str(tmp_path), "--most", "2"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:] == ["V0 §8: 4 more findings are not listed", "16 entries, 3 orders, 1 rule document: 5 findings"]


def test_heads_elsewhere_are_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A head that is not that of the journal is found."""
    heads = tmp_path / "heads.txt"
    heads.write_bytes(b"3 " + b"0" * 64 + b"\n")
    assert main([str(example().write(tmp_path / "town")), "--heads", str(heads)]) == 1
    assert "entry 3 has the hash" in capsys.readouterr().out


def test_what_is_no_folder_ends_with_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing was verified, and that is neither yes nor no."""
    assert main([str(tmp_path / "absent")]) == 2
    assert "is no folder" in capsys.readouterr().err


def test_a_wrong_option_ends_with_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Findings have to be printed."""
    with pytest.raises(SystemExit) as ending:
        main([str(tmp_path), "--most", "0"])
    assert ending.value.code == 2
    assert "--most is 0" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["verification", "json", "a copy 2"])
def test_a_copy_of_the_folder_runs_by_itself(tmp_path: Path, name: str) -> None:
    """Nothing but Python is needed, neither packages nor a certain name of the folder."""
    copy = tmp_path / "elsewhere" / name
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy.parent / "queue.py").write_text("raise RuntimeError('this is not the standard library')")
    town = example().write(tmp_path / "town")
    command = [sys.executable, "-I", "-S", "-B", "-W", "error", str(copy), str(town)]
    done = subprocess.run(command, capture_output=True, check=False, text=True, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "16 entries, 3 orders, 1 rule document: no findings\n",
        "",
    )


def test_the_module_runs_as_part_of_the_engine(tmp_path: Path) -> None:
    """`python -m queue_engine.verification` is the same command."""
    (tmp_path / "journal.txt").write_bytes("торн".encode())
    command = [sys.executable, "-m", "queue_engine.verification", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "0 entries, 0 orders, 0 rule documents: 1 finding"


def test_no_module_is_named_like_one_of_the_standard_library() -> None:
    """In its own folder a module would stand before the standard library's."""
    assert {path.stem for path in SOURCE.glob("*.py")} & sys.stdlib_module_names == {
        "__main__"
    } & sys.stdlib_module_names
