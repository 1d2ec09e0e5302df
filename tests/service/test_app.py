"""The service as a whole: what every answer carries, and how it starts."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.service.conftest import Town

from queue_engine import RuleError
from service.app import create_app
from service.migrating import MigrationError
from service.pages.controller import STYLE
from service.settings import Settings

Client = TestClient[Litestar]
ADDRESSES = [
    "/",
    "/?number=7",
    "/?number=100001&service=75701000/camp",
    "/api/queues",
    "/api/nothing",
    "/schema",
    STYLE,
]


@pytest.mark.parametrize("address", [*ADDRESSES, "/api/queues/75701000/camp/general?page=0", "/static/none.css"])
def test_every_answer_is_guarded(client: Client, address: str) -> None:
    """Pages, answers, problems and files load nothing from elsewhere; the only cookie tells nobody apart."""
    headers = client.get(address).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers.get("set-cookie", "csrf=").startswith("csrf=")


def test_only_the_stylesheet_may_be_kept(client: Client) -> None:
    """Positions change, so nobody keeps them; the stylesheet's address changes with its content."""
    for address in ADDRESSES:
        kept = "immutable" in client.get(address).headers["cache-control"]
        assert kept == (address == STYLE)
        assert kept or client.get(address).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("address", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static/"])
def test_nothing_beside_the_static_files_is_served(client: Client, address: str) -> None:
    """A path that leaves the folder finds nothing."""
    assert client.get(address).status_code == 404


def test_a_database_that_is_none_of_ours_is_refused_at_the_start(tmp_path: Path) -> None:
    """The service does not start over a file it cannot read, nor without its rules."""
    (tmp_path / "a.sqlite").write_text("x" * 1_000, encoding="utf-8")
    with pytest.raises(MigrationError):
        create_app(Settings(tmp_path / "a.sqlite", secret=tmp_path / "secret.key"))


def test_missing_rules_are_refused_at_the_start(town: Town, tmp_path: Path) -> None:
    """The mistake shows before the first request."""
    with pytest.raises(RuleError, match=r"facts\.yaml"):
        create_app(attrs.evolve(town.settings, rules=tmp_path))
