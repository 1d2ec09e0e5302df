"""The table of rights, cell by cell: every route x role, and every command on an application x role x whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from litestar import Litestar, get
from litestar.testing import TestClient
from tests.service.enrolment.garden import ELSEWHERE, HERE, PASSWORD, RULES, body

import service.app
from service.app import RIGHTS, UnguardedError, create_app
from service.db import Address, Database
from service.security.accounts import Post, add_account
from service.security.guards import guard_rights
from service.security.rights import EVERYBODY, Right, Rights
from service.security.roles import Actor, Role, Subject, reaches
from service.settings import Settings

Browser: TypeAlias = TestClient[Litestar]
ROLES = [role for role in Role if role is not Role.NOBODY]
COMMANDS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "applications.read": ("GET", "", {}),
    "applications.standing": ("GET", "/standing", {}),
    "applications.position": ("GET", "/position?queue=general", {}),
    "applications.wishes": ("PUT", "/wishes", {"wishes": [{"programme": "b-3"}]}),
    "applications.withdraw": ("POST", "/withdraw", {}),
    "applications.restore": ("POST", "/restore", {}),
    "applications.hand-in": ("POST", "/documents", {"category": "large_family"}),
    "applications.answer": ("POST", "/answer", {"answer": "accept", "programme": "a-3"}),
    "applications.review": ("POST", "/review", {"outcome": "taken"}),
    "applications.suspend": ("POST", "/suspend", {"reason": "r"}),
    "applications.correct": ("POST", "/corrections", {"reason": "r", "document": "d"}),
    "applications.judge": ("POST", "/documents/d/judgement", {"outcome": "confirmed"}),
    "applications.enrol": ("POST", "/enrolment", {"step": "contract", "programme": "a-3"}),
    "applications.grant": ("POST", "/exceptions", {"programme": "a-3", "document": "d", "basis": "b", "seat": "s"}),
}
"""What is sent to use each right on an application."""


@pytest.fixture
def app(opened: str, address: Address, database: Database, tmp_path: Path) -> Litestar:
    """Return the service with an account of each role, here and in another municipality."""
    assert opened
    with database.writing() as session:
        for role in ROLES:
            for where in (HERE, ELSEWHERE):
                add_account(session, f"{role}-{where}", PASSWORD, role, [Post(role, where, "a")])
    return create_app(Settings(address, rules=RULES, secret=tmp_path / "secret.key"))


@pytest.fixture
def nobody(app: Litestar) -> Iterator[Browser]:
    """Return a browser that is not signed in."""
    with TestClient(app) as client:
        client.get("/api/me")
        client.headers["x-csrf-token"] = client.cookies["csrf"]
        yield client


def enter(app: Litestar, first: Browser, login: str) -> Browser:
    """Return the browser of an account."""
    client = TestClient(app)
    client.blocking_portal = first.blocking_portal
    client.get("/api/me")
    client.headers["x-csrf-token"] = client.cookies["csrf"]
    assert client.post("/api/sign-in", json={"login": login, "password": PASSWORD}).status_code == 200
    return client


def routes(app: Litestar) -> Iterator[tuple[str, str, str]]:
    """Yield the method, an address and the right of every route that needs one."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            right = handler.opt.get("right")
            for method in sorted(handler.http_methods - {"OPTIONS", "HEAD"}):
                if right:
                    path = re.sub(r"\{\w+:int\}", "1", re.sub(r"\{\w+:(?:str|path)\}", "x", route.path))
                    yield method, path, right


def test_every_route_answers_each_role_as_the_table_says(app: Litestar, nobody: Browser) -> None:
    """A role without the right gets 403 and nobody 401, whatever they send; a role with it gets another answer."""
    browsers = {Role.NOBODY: nobody} | {role: enter(app, nobody, f"{role}-{HERE}") for role in ROLES}
    told, cells = {"people.sign-in", "pages.sign-in", "people.me", "pages.role"}, 0
    for method, path, right in routes(app):
        for role, browser in browsers.items():
            if right in told:
                continue  # who signs out here could not ask the next question
            answer = browser.request(method, path, json={} if method != "GET" else None, follow_redirects=False)
            allowed = role in RIGHTS.table[right].roles
            refused = answer.status_code in {401, 403} or answer.headers.get("location") == "/sign-in"
            assert refused is not allowed, f"{role} {method} {path}: {answer.status_code}"
            cells += 1
    assert cells > 700


def test_every_command_reaches_as_far_as_the_table_says(app: Litestar, nobody: Browser) -> None:
    """Out of reach everything answers as if it were not there; within reach it never does."""
    owner = enter(app, nobody, f"parent-{HERE}")
    receipt = owner.post("/api/applications", json=body()).json()
    account = owner.get("/api/me").json()["account"]
    whose = Subject(HERE, account=account)
    one = f"/api/applications/{HERE}/{receipt['application']}"
    for role in ROLES:
        for where in (HERE, ELSEWHERE):
            browser = enter(app, nobody, f"{role}-{where}")
            actor = Actor(browser.get("/api/me").json()["account"], role, where, "a")
            for right, (method, rest, sent) in COMMANDS.items():
                reach = RIGHTS.table[right].roles.get(role)
                if reach is None:
                    continue
                # A version that is not there: nothing changes, and 409 says that it was within reach.
                headers = {"If-Match": '"999999"'}
                answer = browser.request(method, one + rest, json=sent if method != "GET" else None, headers=headers)
                within = reaches(actor, reach, whose)
                expected = ({200} if method == "GET" else {409}) if within else {404}
                assert answer.status_code in expected, f"{role} of {where} {right}: {answer.text}"
                if not within:
                    absent = browser.request(
                        method,
                        f"/api/applications/{HERE}/none{rest}",
                        json=sent if method != "GET" else None,
                        headers=headers,
                    )
                    assert {**absent.json(), "instance": ""} == {**answer.json(), "instance": ""}


def test_a_change_without_the_token_of_a_page_is_refused(app: Litestar, nobody: Browser) -> None:
    """Each route that changes something, whoever is signed in; a program's secret in a header needs no token."""
    operator = enter(app, nobody, f"operator-{HERE}")
    del operator.headers["x-csrf-token"]
    for method, path, _ in routes(app):
        if method != "GET":
            assert operator.request(method, path, json={}).status_code == 403, path
    operator.headers["x-csrf-token"] = operator.cookies["csrf"]
    secret = operator.post("/api/accounts/1/programs").json()["secret"]
    program = TestClient(app)
    program.headers["authorization"] = f"Bearer {secret}"
    program.blocking_portal = nobody.blocking_portal
    assert program.get("/api/me").json()["account"] == 1
    assert program.post("/api/applications", json={}).status_code in {400, 403}
    wrong = TestClient(app)
    wrong.headers["authorization"] = "Bearer none"
    wrong.blocking_portal = nobody.blocking_portal
    assert wrong.get("/api/queues").status_code == 401


@pytest.mark.parametrize("removed", sorted(RIGHTS.table)[:: max(1, len(RIGHTS.table) // 24)])
def test_a_right_taken_out_of_the_table_is_noticed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, opened: str, address: Address, removed: str
) -> None:
    """The service does not start with a route whose right no table declares."""
    assert opened
    table = {name: right for name, right in RIGHTS.table.items() if name != removed}
    monkeypatch.setattr(service.app, "RIGHTS", Rights(table))
    with pytest.raises(UnguardedError, match=re.escape(removed)):
        create_app(Settings(address, rules=RULES, secret=tmp_path / "secret.key"))


def test_a_guard_that_lets_everybody_pass_is_noticed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, opened: str, address: Address, database: Database
) -> None:
    """Were the guard gone, the first table above would fail: a role gets what it has no right to."""
    assert opened
    with database.writing() as session:
        add_account(session, "auditor-x", PASSWORD, "a", [Post(Role.AUDITOR)])
    monkeypatch.setattr(service.app, "guard_rights", lambda *_: None)
    app = create_app(Settings(address, rules=RULES, secret=tmp_path / "secret.key"))
    with TestClient(app) as client:
        browser = enter(app, client, "auditor-x")
        assert browser.post("/api/applications", json={}).status_code not in {401, 403}
    assert guard_rights is not service.app.guard_rights


def test_an_answer_that_left_no_record_is_not_given(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, opened: str, address: Address
) -> None:
    """A handler of an audited right that forgets the audit fails, and nothing of what it read goes out."""
    assert opened

    @get("/api/forgetful", right="forgetful", sync_to_thread=False)
    def forgetful() -> str:
        return "a child's data"

    monkeypatch.setattr(service.app, "RIGHTS", Rights({**RIGHTS.table, "forgetful": Right(EVERYBODY)}))
    monkeypatch.setattr(service.app, "CONTROLLERS", (*service.app.CONTROLLERS, forgetful))
    settings = Settings(address, rules=RULES, secret=tmp_path / "secret.key")
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        answer = client.get("/api/forgetful")
    assert answer.status_code == 500
    assert "child" not in answer.text
