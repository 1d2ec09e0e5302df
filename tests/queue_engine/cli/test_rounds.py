"""The command `round`: what a commission prints and publishes."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from queue_engine.cli import main
from queue_engine.example import write_example

DAYS = ("--on", "2026-05-01", "--date", "shift_start=2026-06-03")


def arguments(folder: Path) -> list[str]:
    """Return a round of the camps of a small town."""
    write_example(folder, applications=200)
    tables = [
        f"--{name}={folder / 'camp' / f'{name}.csv'}" for name in ("entries", "applications", "documents", "programmes")
    ]
    return ["round", "--rules", "rules/region-74/camp.yaml", *tables, *DAYS]


def test_forms_are_written_beside_the_round(tmp_path: Path) -> None:
    """The protocol has its number; main and reserve list have everybody in order."""
    given = [*arguments(tmp_path / "town"), "--forms", str(tmp_path / "forms"), "--protocol", "17"]
    result = CliRunner().invoke(main, given)
    assert result.exit_code == 0, result.output
    assert not result.stdout
    assert (
        (tmp_path / "forms" / "commission.csv").read_text(encoding="utf-8").splitlines()[1].startswith("17,2026-05-01,")
    )
    assert (tmp_path / "forms" / "main_and_reserve.jsonl").is_file()


def test_why_not_writes_no_forms(tmp_path: Path) -> None:
    """One or the other."""
    result = CliRunner().invoke(main, [*arguments(tmp_path / "town"), "--forms", str(tmp_path / "f"), "--why-not", "1"])
    assert result.exit_code == 2
    assert not (tmp_path / "f").exists()
