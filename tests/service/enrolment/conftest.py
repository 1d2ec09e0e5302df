"""The service over a municipality with one kindergarten of two groups, and an account for each role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.service.enrolment.garden import HERE, PASSWORD, POSTS, RULES, TODAY

from queue_engine import load_rules, rules_digest
from queue_engine.events import DayAdvanced, ProgrammeOpened, RulesPublished
from service.app import create_app
from service.db import Address, Database
from service.enrolment.writing import Ledger
from service.security.accounts import add_account
from service.settings import Settings


@pytest.fixture
def opened(database: Database, ledger: Ledger) -> str:
    """Return a municipality with one kindergarten of two groups, and an account for each role."""
    rules = load_rules(RULES / "region-74" / "kindergarten.yaml")
    at = {"at": 1_788_220_800_000, "actor": "operator:1"}
    ledger.append(
        HERE,
        [
            DayAdvanced(TODAY, **at),
            RulesPublished(rules_digest(rules), "kindergarten", dates={"study_start": TODAY}, **at),
            ProgrammeOpened("a-3", "a", "Group of three", 2, "", {}, "kindergarten", **at),
            ProgrammeOpened("b-3", "b", "Group of three", 2, "", {}, "kindergarten", **at),
        ],
    )
    with database.writing() as session:
        for login, post in POSTS.items():
            add_account(session, login, PASSWORD, login, [post])
    return HERE


@pytest.fixture
def garden(opened: str, address: Address, tmp_path: Path) -> Litestar:
    """Return the service over the municipality."""
    assert opened
    return create_app(Settings(address, rules=RULES, secret=tmp_path / "secret.key"))


@pytest.fixture
def sign_in(garden: Litestar) -> Iterator[Callable[[str], TestClient[Litestar]]]:
    """Return what signs somebody in and gives their browser."""
    with TestClient(garden) as first:

        def signed_in(login: str) -> TestClient[Litestar]:
            client = TestClient(garden)
            client.blocking_portal = first.blocking_portal
            client.get("/api/me")
            client.headers["x-csrf-token"] = client.cookies["csrf"]
            assert client.post("/api/sign-in", json={"login": login, "password": PASSWORD}).status_code == 200
            return client

        yield signed_in
