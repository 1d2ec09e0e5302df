"""Bodies that nothing can read are the sender's fault, told as such, and never ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.service.enrolment.garden import PASSWORD, RULES

from service.app import create_app
from service.db import Address
from service.settings import Settings

BODIES = {
    "no UTF-8": (b'{"municipality":"\xff\xfe"}', 400),
    "a deep list": (b"[" * 100_000, 400),
    "a deep object": (b'{"a":' * 50_000, 400),
    "not a number": (b'{"municipality":NaN}', 400),
    "half a character": (b'{"municipality":"\\ud800"}', 400),
    "a huge number": (b'{"municipality":1e400}', 400),
    "a character zero": (b'{"municipality":"a\\u0000b"}', 400),
    "another character zero": (b'{"municipality":"a\x00b"}', 400),
    "nothing": (b"", 400),
    "a list": (b"[]", 400),
    "too much": (b'"' + b"a" * 17_000_000 + b'"', 413),
    "an unknown field": (b'{"municipality":"a","nothing":1}', 400),
}


@pytest.fixture
def officer(opened: str, address: Address, tmp_path: Path) -> Iterator[TestClient[Litestar]]:
    """Return the browser of an officer."""
    assert opened
    app = create_app(Settings(address, rules=RULES, secret=tmp_path / "secret.key"))
    with TestClient(app, raise_server_exceptions=False) as client:
        client.get("/api/me")
        client.headers["x-csrf-token"] = client.cookies["csrf"]
        client.post("/api/sign-in", json={"login": "officer", "password": PASSWORD})
        yield client


def test_what_cannot_be_read_is_told_as_the_senders_fault(officer: TestClient[Litestar]) -> None:
    """Each with a remedy, and without a word of what was sent."""
    for name, (body, status) in BODIES.items():
        answer = officer.post("/api/applications", content=body, headers={"content-type": "application/json"})
        assert answer.status_code == status, name
        assert answer.json()["remedy"], name
        assert "aaaa" not in answer.text, name


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", ""])
def test_only_json_is_taken_for_json(officer: TestClient[Litestar], kind: str) -> None:
    """A page of another site can send plain text without being asked first."""
    answer = officer.post("/api/applications", content=b'{"a":1}', headers={"content-type": kind})
    assert answer.status_code == 415


@pytest.mark.parametrize("where", ["/api/queues?service=%00", "/?number=%00", "/api/queues/%00/x/y"])
def test_a_character_zero_in_an_address_is_refused(officer: TestClient[Litestar], where: str) -> None:
    """No database would find it, and one of them fails on it."""
    assert officer.get(where).status_code == 400


@pytest.mark.parametrize("header", [b"session=\xff\xfe", b"session=" + b"a" * 5_000, b"=;;=;session", b"csrf=\x80"])
def test_broken_cookies_are_nobodys(officer: TestClient[Litestar], header: bytes) -> None:
    """Whatever a browser sends for a cookie, it signs nobody in and breaks nothing."""
    officer.cookies.clear()
    answer = officer.get("/api/me", headers=[(b"cookie", header)])
    assert (answer.status_code, answer.json()["account"]) == (200, 0)
