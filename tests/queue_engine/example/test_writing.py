from __future__ import annotations

import csv
import hashlib
import os
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from tests.queue_engine.example.conftest import ROOT

from queue_engine.cli import main
from queue_engine.example import SERVICES, Service, explain_command, order_command, write_example
from queue_engine.rules.loading import read_rules
from queue_engine.tables import build_tables
from queue_engine.tables.reading import read_tables

SMALL = 300
HASH = "fc7114bf2cfc3dc423556622e47a0abd4d9c52f59c711bfaa4e2e7598da88841"


def digest(folder: Path) -> str:
    """Return one hash of the names and bytes of all files below a folder."""
    sha = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        sha.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return sha.hexdigest()


def test_the_bytes_of_a_small_town_are_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever changes what is drawn, or how it is written, changes this constant knowingly."""
    monkeypatch.chdir(tmp_path)
    write_example(Path("town"), applications=SMALL, seed=1)
    assert digest(tmp_path / "town") == HASH


def test_another_process_writes_the_same_bytes(tmp_path: Path) -> None:
    """Neither the hash seed of Python nor the time zone nor the locale matters."""
    script = (
        "from pathlib import Path; from queue_engine.example import write_example;"
        f" write_example(Path('town'), applications={SMALL})"
    )
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "7",
        "PYTHONPATH": str(ROOT / "src"),
        "TZ": "Asia/Kamchatka",
        "LC_ALL": "C",
    }
    subprocess.run([sys.executable, "-c", script], check=True, cwd=tmp_path, env=environment)
    assert digest(tmp_path / "town") == HASH


def test_another_seed_writes_another_town(tmp_path: Path) -> None:
    """The seed decides."""
    for seed in (1, 2):
        write_example(tmp_path / str(seed), applications=SMALL, seed=seed)
    first, second = (digest(tmp_path / str(seed) / "camp") for seed in (1, 2))
    assert first != second


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_files_say_what_the_arrays_say(tmp_path: Path, service: Service) -> None:
    """Reading the CSV files gives the tables that the arrays give."""
    town = write_example(tmp_path, applications=SMALL)
    written = next(each for each in town.services if each.service is service)
    vocabulary = read_rules(ROOT / "rules" / f"{written.service.rules}.yaml").vocabulary
    names = ("applications", "entries", "documents", "programmes")
    read = read_tables(vocabulary, **{name: written.folder / f"{name}.csv" for name in names})
    made = written.service.make(written.rows["applications"], 1)
    built = build_tables(vocabulary, **made.tables)
    for columns, expected in (
        (read.applications, built.applications),
        (read.wishes, built.wishes),
        (read.programmes, built.programmes),
    ):
        assert columns.columns.keys() == expected.columns.keys()
        for name, column in expected.columns.items():
            assert (columns.columns[name].values == column.values).all(), name
            assert np.array_equal(columns.columns[name].known, column.known), name
    assert read.applications.ids.tolist() == built.applications.ids.tolist()
    assert read.programmes.takes == built.programmes.takes
    for field in ("application", "category", "first", "last", "confirmed"):
        assert (getattr(read.documents, field) == getattr(built.documents, field)).all()


def test_the_commands_of_the_readme_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each service can be ordered, and each of its cases explained, by what README.md prints."""
    monkeypatch.chdir(ROOT)
    town = write_example(tmp_path / "a town", applications=SMALL)
    readme = (tmp_path / "a town" / "README.md").read_text(encoding="utf-8")
    for written in town.services:
        command = order_command(written)
        assert command in readme
        result = CliRunner().invoke(main, shlex.split(command.replace("\\\n", ""))[1:])
        assert result.exit_code == 0, result.output
        assert result.output.startswith("queue,position,application,decided_by\n")
        assert explain_command(written, written.cases[0].application) in readme
        for case in written.cases:
            assert f"| {case.application} | {case.case.title.ru} |" in readme
        command = explain_command(written, written.cases[-1].application)
        result = CliRunner().invoke(main, shlex.split(command.replace("\\\n", ""))[1:])
        assert (result.exit_code, str(written.cases[-1].application) in result.output) == (0, True), result.output


def test_no_cell_is_padded_or_written_as_not_a_time(tmp_path: Path) -> None:
    """Cells hold what they say and nothing else; what is not known is empty."""
    write_example(tmp_path, applications=SMALL)
    for path in sorted(tmp_path.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            cells = {cell for row in csv.reader(file) for cell in row}
        assert not {cell for cell in cells if cell != cell.strip()}
        assert not cells & {"NaT", "nan", "None", "True", "False"}


def test_progress_ends_at_the_number_of_rows(tmp_path: Path) -> None:
    """Every file is told about, and the last number told is its number of rows."""
    told: dict[str, tuple[int, int]] = {}
    town = write_example(
        tmp_path, applications=SMALL, progress=lambda what, done, total: told.update({what: (done, total)})
    )
    rows = {f"{each.service.name}/{name}.csv": count for each in town.services for name, count in each.rows.items()}
    assert told == {name: (count, count) for name, count in rows.items()}


def test_too_few_applications_are_refused(tmp_path: Path) -> None:
    """Below twenty a service would be left with one."""
    with pytest.raises(ValueError, match="give at least 20"):
        write_example(tmp_path, applications=19)
    assert len(write_example(tmp_path, applications=20).services) == 4
