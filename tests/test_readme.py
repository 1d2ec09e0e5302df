"""The README as a new user follows it: its commands are run, and print what it shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from queue_engine.rounds.folder import FREEZE, RESULT
from queue_engine.rounds.lists import LISTS
from queue_engine.rounds.places import _COLUMNS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_commands_of_a_round_do_what_the_readme_shows(tmp_path: Path) -> None:
    """From the example town to the drawn numbers, in one shell that stops at the first error."""
    section = README.partition("## Hold a round")[2].partition("\n## ")[0]
    commands = "".join(re.findall(r"```sh\n(.*?)```", section, re.DOTALL))
    (tmp_path / "rules").symlink_to(ROOT / "rules")
    (tmp_path / "bin").mkdir()
    for name, words in (("queue-engine", "-m queue_engine.cli"), ("python", "")):
        command = tmp_path / "bin" / name
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n', encoding="utf-8")
        command.chmod(0o755)
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    shell = ["/bin/sh", "-eu"]
    done = subprocess.run(
        shell, input=commands.encode(), cwd=tmp_path, env=os.environ | {"PATH": path}, check=False, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
    printed = done.stdout.decode().splitlines()
    shown = "".join(re.findall(r"```text\n(.*?)```", section, re.DOTALL)).splitlines()
    assert len(shown) > 4
    assert [line for line in shown if line not in printed] == []
    assert {"what-if.svg", "lottery.csv", "may-2026"} <= {each.name for each in tmp_path.iterdir()}


def test_every_column_of_places_and_every_file_of_a_round_stands_in_the_readme() -> None:
    """Nobody has to read the code to write a table of places, or to know what a file is for."""
    section = README.partition("## Hold a round")[2].partition("\n## ")[0]
    columns = {name for name in _COLUMNS if f"`{name}`" not in section}
    assert columns == set()
    assert {name for name in (FREEZE, RESULT, *LISTS) if f"`{name}`" not in section} == set()
