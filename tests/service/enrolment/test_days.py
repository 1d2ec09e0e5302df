"""A new day is recorded once, with what it makes due, whoever looks at the clock."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.service.enrolment.garden import HERE, RULES, TODAY, body, path, version

from queue_engine.events import Offered
from queue_engine.facts import day_to_date
from queue_engine.rules.vocabulary import load_vocabulary
from service.db import Database
from service.enrolment.archive import verify_journal
from service.enrolment.days import DayClock, advance
from service.enrolment.desk import Desk
from service.enrolment.following import Followers
from service.enrolment.queues import Board
from service.enrolment.rule_shelf import RuleShelf
from service.enrolment.writing import Ledger

SignIn: TypeAlias = Callable[[str], TestClient[Litestar]]
FIRST = day_to_date(TODAY)


@pytest.fixture
def desk(database: Database, ledger: Ledger) -> Desk:
    """Return what commands are carried out with."""
    return Desk(database, ledger, load_vocabulary(RULES / "facts.yaml"), b"secret")


@pytest.fixture
def board(desk: Desk) -> Board:
    """Return what queues are read from."""
    followers = Followers(desk.ledger.towns, RuleShelf(RULES, desk.database))
    return Board(desk.database, followers, RULES)


def test_a_day_begins_once(opened: str, desk: Desk, board: Board) -> None:
    """Told again, or of an earlier day, nothing is written."""
    assert opened
    assert advance(desk, board, HERE, FIRST + timedelta(days=1)) == 1
    assert advance(desk, board, HERE, FIRST + timedelta(days=1)) == 0
    assert advance(desk, board, HERE, FIRST) == 0


def test_what_is_overdue_lapses(sign_in: SignIn, desk: Desk, board: Board, database: Database) -> None:
    """An offer nobody answered sets the application aside on the day after its last, however long nothing ran."""
    parent, officer = sign_in("parent"), sign_in("officer")
    receipt = parent.post("/api/applications", json=body()).json()
    for outcome in ("taken", "registered"):
        receipt = officer.post(path(receipt, "review"), json={"outcome": outcome}, headers=version(receipt)).json()
    told = {"at": 4_000_000_000_000, "actor": "commission:1"}
    desk.ledger.append(HERE, [Offered(receipt["application"], "a-3", TODAY + 10, "1", **told)])
    address = path(receipt, "").rstrip("/")
    advance(desk, board, HERE, FIRST + timedelta(days=10))
    assert parent.get(address).json()["status"] == "offered"
    advance(desk, board, HERE, FIRST + timedelta(days=40))
    assert parent.get(address).json()["status"] == "unconfirmed"
    assert verify_journal(database, HERE).findings == ()


def test_many_clocks_record_a_day_once(opened: str, desk: Desk, board: Board) -> None:
    """Processes that look at the same moment do not get into each other's way."""
    assert opened
    clocks = [DayClock(desk, board, lambda: datetime(2026, 9, 2, 3, tzinfo=UTC)) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda clock: clock.tick()[HERE], clocks))
    assert sorted(found) == [0, 0, 0, 1]


def test_a_day_begins_at_midnight_of_the_municipality(desk: Desk, board: Board) -> None:
    """Five hours before it begins in UTC."""
    assert DayClock(desk, board, lambda: datetime(2026, 9, 1, 18, 59, tzinfo=UTC)).today().day == 1
    assert DayClock(desk, board, lambda: datetime(2026, 9, 1, 19, 0, tzinfo=UTC)).today().day == 2
