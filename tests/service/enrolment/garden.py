"""A municipality with one kindergarten of two groups: what is sent to it, and what its accounts are."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from queue_engine.facts import date_to_day
from service.security.accounts import Post
from service.security.roles import Role

RULES = Path(__file__).parents[3] / "rules"
HERE, ELSEWHERE = "75701000", "75752000"
PASSWORD = "a password for tests"  # noqa: S105 - of accounts that live as long as a test
TODAY = date_to_day(date(2026, 9, 1))
POSTS = {
    "parent": Post(Role.PARENT),
    "neighbour": Post(Role.PARENT),
    "mfc": Post(Role.MFC, HERE),
    "officer": Post(Role.OFFICER, HERE),
    "stranger": Post(Role.OFFICER, ELSEWHERE),
    "commission": Post(Role.COMMISSION, HERE),
    "auditor": Post(Role.AUDITOR),
}
Answer: TypeAlias = Any


def body(number: str = "123456", **changed: Any) -> dict[str, Any]:
    """Return an application for a child with this number of the birth certificate."""
    name = {"last": "А", "first": "Б"}
    paper = {"kind": "birth_certificate", "series": "I-ИВ", "number": number}
    return {
        "municipality": HERE,
        "service": "kindergarten",
        "child": {"name": name, "birth_date": "2023-03-04", "paper": paper},
        "applicant": {"name": name, "phone": "8 900 123-45-67"},
        "wishes": [{"programme": "a-3"}],
        "facts": {"child.desired_date": "2026-09-01"},
        **changed,
    }


def path(receipt: Answer, rest: str) -> str:
    """Return the address of a command on an application."""
    return f"/api/applications/{receipt['municipality']}/{receipt['application']}/{rest}"


def version(receipt: Answer) -> dict[str, str]:
    """Return the header that names the version last read."""
    return {"If-Match": f'"{receipt["version"]}"'}
