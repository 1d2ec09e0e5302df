"""The trials of the service in small numbers; `make trials` runs them in full."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from tests.databases import KINDS, Server, server
from tests.trials.clients import observed
from tests.trials.kills import killed_servers, killed_writers
from tests.trials.linearizable import FAULTS, faults_of
from tests.trials.races import filings, lost_answers, same_child

from service.db import Address, open_database
from service.migrating import migrate

HISTORIES = 4


@pytest.fixture(scope="module")
def postgres() -> Iterator[Server]:
    """Return a PostgreSQL; without one the tests fail, they are not left out."""
    with server() as found:
        yield found


@pytest.fixture(params=KINDS)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Address:
    """Return the address of a new database of each kind."""
    if request.param == "postgresql":
        found: Server = request.getfixturevalue("postgres")
        return found.new_database()
    database = open_database(tmp_path / "new.sqlite")
    migrate(database)
    database.close()
    return tmp_path / "new.sqlite"


def test_nothing_acknowledged_is_lost_when_the_writer_is_killed() -> None:
    """Six kills: every acknowledged entry is there, journals verify, and a retry writes once."""
    found = killed_writers(1, 6)
    assert found.wrong == ()
    assert found.acknowledged > 20
    assert found.retried == 24


def test_nothing_acknowledged_is_lost_when_the_server_is_killed() -> None:
    """One kill of every process of the server: the writer goes on by itself, and nothing is missing."""
    found = killed_servers(1, 1)
    assert found.wrong == ()
    assert found.acknowledged > 50


def test_a_child_applied_for_twice_at_once_has_one_application(address: Address) -> None:
    """In one municipality and in two, through one process and through two: one is written, one refused."""
    assert same_child(address, 40).wrong == ()


def test_everybody_who_files_at_once_gets_a_number_of_their_own(address: Address) -> None:
    """No number is missing, and none is given twice."""
    found = filings(address, 1_600)
    assert (found.races, found.wrong) == (1_600, ())


def test_a_request_whose_answer_was_lost_is_written_once(address: Address) -> None:
    """Sent again with its key it is found."""
    assert lost_answers(address, 20).wrong == ()


def test_what_clients_are_told_fits_one_order(address: Address) -> None:
    """Eight clients, two processes: every history is linearizable against the engine's model."""
    for seed in range(HISTORIES):
        assert faults_of(observed(address, f"m{seed}", seed)) == [], seed


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_a_history_is_noticed(fault: str, tmp_path: Path) -> None:
    """A history with one thing planted in it is not linearizable."""
    path = tmp_path / "new.sqlite"
    database = open_database(path)
    migrate(database)
    database.close()
    planted = 0
    for seed in range(HISTORIES):
        wrong = FAULTS[fault](observed(path, f"m{seed}", seed), Random(seed))  # noqa: S311 - repeatable on purpose
        if wrong is not None:
            planted += 1
            assert faults_of(wrong), seed
    assert planted
