"""The command line: it starts from nothing, and says in a sentence what keeps it from starting."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from tests.databases import KINDS, Server
from tests.service.conftest import RULES

from queue_engine import read_journal
from service.cli import main
from service.db import open_database


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return variables for a service of its own: a new database, a small example, any free port."""
    return {
        "QUEUE_SERVICE_DATABASE": str(tmp_path / "deep" / "a.sqlite"),
        "QUEUE_SERVICE_RULES": str(RULES),
        "QUEUE_SERVICE_APPLICATIONS": "100",
        "QUEUE_SERVICE_PORT": "0",
    }


@pytest.fixture
def server(environment: dict[str, str], tmp_path: Path) -> Iterator[tuple[list[str], subprocess.Popen[str]]]:
    """Start the service in a process of its own; give what it said until it served, and the process."""
    command = [sys.executable, "-c", "from service.cli import main; main()", "serve"]
    process = subprocess.Popen(
        command, env=os.environ | environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if "serving" in line:
            break
    yield said, process
    process.terminate()
    process.wait(30)
    process.stdout.close()


def test_serve_starts_from_nothing_and_answers(server: tuple[list[str], subprocess.Popen[str]]) -> None:
    """Without a database it makes the example, tells its address, and answers there over HTTP."""
    said, process = server
    assert any("storing a journal" in line for line in said), said
    address = said[-1].split()[1]
    with urlopen(address + "api/queues") as answer:  # noqa: S310 - this machine
        queues = json.load(answer)
    assert {queue["service"] for queue in queues} == {"kindergarten", "school-grade-1", "camp", "college"}
    with urlopen(address) as answer:  # noqa: S310 - likewise
        assert "Номер заявления" in answer.read().decode()
    process.terminate()
    assert process.wait(30) in (0, -15)


def test_seed_makes_the_example_once(environment: dict[str, str]) -> None:
    """The second time it refuses, and says what to do."""
    first = CliRunner().invoke(main, ["seed"], env=environment)
    second = CliRunner().invoke(main, ["seed"], env=environment)
    assert first.exit_code == 0, first.output
    assert Path(environment["QUEUE_SERVICE_DATABASE"]).is_file()
    assert second.exit_code == 1
    assert "remove it first" in second.output


def test_a_taken_port_is_told_before_anything_is_made(environment: dict[str, str]) -> None:
    """The message names the port and the variable that changes it."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        told = CliRunner().invoke(main, ["serve"], env=environment | {"QUEUE_SERVICE_PORT": port})
    assert told.exit_code == 1
    assert f"port {port}" in told.output
    assert "QUEUE_SERVICE_PORT" in told.output
    assert not Path(environment["QUEUE_SERVICE_DATABASE"]).exists()


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("QUEUE_SERVICE_PORT", "http", "is not a whole number"),
        ("QUEUE_SERVICE_RULES", "nowhere", "Q0"),
        ("QUEUE_SERVICE_HOST", "256.0.0.1", "cannot listen at 256.0.0.1"),
        ("QUEUE_SERVICE_DATABASE", "/dev/null/a.sqlite", "/dev/null"),
    ],
)
def test_what_the_user_can_mend_is_told_without_a_traceback(
    environment: dict[str, str], variable: str, value: str, message: str
) -> None:
    """One sentence with the value, and exit status 1."""
    told = CliRunner().invoke(main, ["serve"], env=environment | {variable: value})
    assert told.exit_code == 1
    assert isinstance(told.exception, SystemExit)
    assert message in told.output
    assert "Traceback" not in told.output


@pytest.fixture(params=KINDS)
def seeded(request: pytest.FixtureRequest, tmp_path: Path, environment: dict[str, str]) -> dict[str, str]:
    """Return variables for a database of each kind with an example municipality."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        environment |= {"QUEUE_SERVICE_DATABASE": server.empty_database()}
    made = CliRunner().invoke(main, ["seed"], env=environment)
    assert made.exit_code == 0, made.output
    return environment


def _run(environment: dict[str, str], *arguments: str, status: int = 0) -> str:
    told = CliRunner().invoke(main, list(arguments), env=environment)
    assert told.exit_code == status, told.output
    assert told.exception is None or isinstance(told.exception, SystemExit)
    return told.output


def test_a_year_of_the_example_is_exported_and_verified(seeded: dict[str, str], tmp_path: Path) -> None:
    """What the seed wrote is a journal that the engine reads, imports anew and verifies."""
    path = tmp_path / "journal"
    told = _run(seeded, "export", str(path))
    journal = read_journal(path)
    assert f"{len(journal)} entries of {journal.municipality}" in told
    assert len(journal) > 500
    head = journal.head.hex()
    assert f"{journal.municipality}: {len(journal)} entries, no findings, hash {head}" in _run(seeded, "verify")
    assert ": 0 entries written" in _run(seeded, "import", str(path))
    copy = seeded | {"QUEUE_SERVICE_DATABASE": str(tmp_path / "copy.sqlite")}
    _run(copy, "migrate")
    assert f": {len(journal)} entries written" in _run(copy, "import", str(path))
    assert head in _run(copy, "verify", "--municipality", journal.municipality)
    assert "already" in _run(seeded, "seed", status=1)


def test_a_database_that_was_not_migrated_is_told(environment: dict[str, str], tmp_path: Path) -> None:
    """Nothing is made by asking; an empty file has to be migrated first."""
    assert "queue-service seed, or migrate" in _run(environment, "verify", status=1)
    assert not Path(environment["QUEUE_SERVICE_DATABASE"]).exists()
    (tmp_path / "empty.sqlite").touch()
    environment |= {"QUEUE_SERVICE_DATABASE": str(tmp_path / "empty.sqlite")}
    assert "run: queue-service migrate" in _run(environment, "verify", status=1)
    assert "of this version" in _run(environment, "migrate")
    assert _run(environment, "verify") == ""
    assert "journals of nobody" in _run(environment, "export", str(tmp_path / "journal"), status=1)


def test_a_finding_is_the_exit_status(seeded: dict[str, str]) -> None:
    """Whoever runs the verification from a script learns that something is wrong."""
    address = seeded["QUEUE_SERVICE_DATABASE"]
    database = open_database(address if "://" in address else Path(address))
    with database.writing() as session:
        session.execute(text("UPDATE application_status SET version = version + 1"))
    database.close()
    assert "stored kindergarten" in _run(seeded, "verify", status=1)


def test_a_server_that_is_not_there_is_told(environment: dict[str, str]) -> None:
    """No traceback, and no password."""
    address = "postgresql+psycopg://u:secret@127.0.0.1:1/d"
    for command in ("verify", "migrate", "seed", "serve"):
        told = _run(environment | {"QUEUE_SERVICE_DATABASE": address}, command, status=1)
        assert "secret" not in told
