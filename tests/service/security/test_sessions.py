"""Who is signed in: secrets that nobody can choose, that change with every sign-in and role, and that end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import update
from tests.service.enrolment.garden import HERE, PASSWORD, RULES

from service.app import create_app
from service.db import Address, Database
from service.models import AuditEntry, SignIn
from service.security.accounts import Post, add_account
from service.security.desk import MOST_TRIES
from service.security.guards import Cookies
from service.security.roles import Role
from service.security.sessions import IDLE_MS, LONGEST_MS
from service.settings import Settings

Browser: TypeAlias = TestClient[Litestar]


@pytest.fixture
def make(opened: str, address: Address, database: Database, tmp_path: Path) -> Iterator[Callable[[], Browser]]:
    """Return what makes browsers of the service; «both» has two roles."""
    assert opened
    with database.writing() as session:
        add_account(session, "both", PASSWORD, "both", [Post(Role.OFFICER, HERE), Post(Role.AUDITOR)])
        add_account(session, "operator", PASSWORD, "operator", [Post(Role.OPERATOR)])
    app = create_app(Settings(address, rules=RULES, secret=tmp_path / "secret.key"))
    with TestClient(app) as first:

        def made() -> Browser:
            browser = TestClient(app)
            browser.blocking_portal = first.blocking_portal
            browser.get("/api/me")
            browser.headers["x-csrf-token"] = browser.cookies["csrf"]
            return browser

        yield made


def sign_in(browser: Browser, login: str = "both", password: str = PASSWORD) -> int:
    """Sign in, and return the status of the answer."""
    return browser.post("/api/sign-in", json={"login": login, "password": password}).status_code


def test_a_secret_that_was_not_given_out_is_never_taken(make: Callable[[], Browser]) -> None:
    """Set before the sign-in by somebody else, it is worth nothing before and after."""
    browser = make()
    browser.cookies.set("session", "attacker-chosen-secret", domain="testserver.local", path="/")
    assert browser.get("/api/me").json()["account"] == 0
    assert sign_in(browser) == 200
    other = make()
    other.cookies.set("session", "attacker-chosen-secret", domain="testserver.local", path="/")
    assert other.get("/api/me").json()["account"] == 0


def test_the_secret_changes_with_every_sign_in_and_role(make: Callable[[], Browser]) -> None:
    """And the former one is worth nothing any more."""
    browser, thief = make(), make()
    seen = set()
    for step in ("first", "again", "role"):
        if step == "role":
            posts = browser.get("/api/me").json()["posts"]
            assert browser.post("/api/role", json={"post": posts[1]["id"]}).json()["acting"]["role"] == "auditor"
        else:
            assert sign_in(browser) == 200
        secret = browser.cookies["session"]
        assert secret not in seen
        for former in seen:
            thief.cookies.set("session", former, domain="testserver.local", path="/")
            assert thief.get("/api/me").json()["account"] == 0
        seen.add(secret)


def test_who_signs_out_is_out(make: Callable[[], Browser]) -> None:
    """The secret is dead, not only forgotten by the browser."""
    browser, thief = make(), make()
    sign_in(browser)
    thief.cookies.set("session", browser.cookies["session"], domain="testserver.local", path="/")
    assert thief.get("/api/me").json()["account"]
    assert browser.post("/api/sign-out").json()["account"] == 0
    assert thief.get("/api/me").json()["account"] == 0


@pytest.mark.parametrize("column", ["seen_ms", "begun_ms"])
def test_a_sign_in_ends(make: Callable[[], Browser], database: Database, column: str) -> None:
    """After half an hour without a request, and after twelve hours in any case."""
    browser = make()
    sign_in(browser)
    past = {"seen_ms": IDLE_MS, "begun_ms": LONGEST_MS}[column]
    with database.writing() as session:
        session.execute(update(SignIn).values({column: SignIn.__table__.c[column] - past - 1_000}))
    time.sleep(0.6)  # what is remembered of a visitor lasts half a second
    assert browser.get("/api/rounds").status_code == 401


def test_who_is_dismissed_is_out_within_a_second(make: Callable[[], Browser]) -> None:
    """Everywhere, and cannot come back."""
    browser, operator = make(), make()
    sign_in(browser)
    sign_in(operator, "operator")
    account = browser.get("/api/me").json()["account"]
    assert browser.get("/api/rounds").status_code == 200
    assert operator.post(f"/api/accounts/{account}/dismiss").status_code == 200
    time.sleep(0.9)
    assert browser.get("/api/rounds").status_code == 401
    assert sign_in(make()) == 401


def test_roles_of_others_cannot_be_taken(make: Callable[[], Browser]) -> None:
    """The number of somebody else's role answers as one that is not there."""
    browser, operator = make(), make()
    sign_in(browser)
    sign_in(operator, "operator")
    foreign = operator.get("/api/me").json()["posts"][0]["id"]
    assert browser.post("/api/role", json={"post": foreign}).status_code == 404
    assert browser.post("/api/role", json={"post": 999_999}).status_code == 404


def test_guessing_passwords_ends_soon(make: Callable[[], Browser], database: Database) -> None:
    """After some failed tries a login waits, wherever they came from; after ten minutes it may try again."""
    assert [sign_in(make(), "both", "wrong password") for _ in range(MOST_TRIES)] == [401] * MOST_TRIES
    browser = make()
    refused = browser.post("/api/sign-in", json={"login": "both", "password": PASSWORD})
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "600")
    assert sign_in(make(), "operator") == 200, "others are not concerned"
    with database.reading() as session:
        kept = [each.ids for each in session.query(AuditEntry).filter(AuditEntry.kind == "sign_in_try")]
    assert all("both" not in text for ids in kept for text in ids)


def test_cookies_are_for_encrypted_connections_where_there_are_any() -> None:
    """Behind https the browser sends the secret nowhere else, and no page of a neighbour can set it."""
    assert Cookies(secure=True).header("x") == "__Host-session=x; Path=/; HttpOnly; SameSite=Lax; Secure"
    assert Cookies(secure=False).header("") == "session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
