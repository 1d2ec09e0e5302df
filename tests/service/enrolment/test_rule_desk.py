"""Rule files over HTTP: every problem with its place, the impact on today's queues, a second person's signature."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import update
from tests.service.enrolment.garden import HERE, RULES, body, path, version

from queue_engine import RuleSet
from queue_engine.followed import known_rules
from service.db import Database
from service.enrolment.archive import verify_journal
from service.enrolment.rule_shelf import RuleShelf, rules_of_text
from service.models import RuleFile

Browser: TypeAlias = TestClient[Litestar]
SignIn: TypeAlias = Callable[[str], Browser]
FILES = f"/api/rules/{HERE}"
LOCAL = """\
rules: 1
id: region-74/here/kindergarten
level: municipality
extends: region-74/kindergarten
title: {ru: Очередь в детский сад. Город, en: Kindergarten queue. Town}
changes:
  - move: territory
    after: sibling
    basis: [{act: Приказ управления образования}]
"""


def new(text: str = LOCAL) -> dict[str, str]:
    """Return what is sent to upload a file."""
    return {"service": "kindergarten", "name": "local", "text": text}


@pytest.fixture
def queued(sign_in: SignIn) -> list[str]:
    """Return two registered applications: the earlier lives in the territory, the later has a sister in the garden."""
    parent, officer = sign_in("parent"), sign_in("officer")
    names = []
    for number, fact in enumerate(("address.in_territory", "sibling.attends")):
        receipt = parent.post("/api/applications", json=body(f"20000{number}")).json()
        for outcome in ("taken", "registered"):
            receipt = officer.post(path(receipt, "review"), json={"outcome": outcome}, headers=version(receipt)).json()
        sent = {"programme": "a-3", "facts": {fact: "yes"}, "reason": "seen in the papers"}
        assert officer.post(path(receipt, "wish-facts"), json=sent, headers=version(receipt)).status_code == 200
        names.append(receipt["application"])
    return names


def order_of(client: Browser) -> list[str]:
    """Return the applications of the queue, from its head."""
    places = client.get(f"/api/queues/{HERE}/kindergarten/a-3").json()["places"]
    return [each["application"] for each in places]


def test_every_problem_is_told_with_its_place(sign_in: SignIn) -> None:
    """A file with errors is kept as a draft without a digest; each problem has line, character and remedy."""
    bad = LOCAL.replace("move: territory", "move: teritory").replace("level: municipality", "level: town")
    answer = sign_in("officer").post(FILES, json=new(bad)).json()
    assert answer["digest"] == ""
    found = {each["code"]: (each["line"], each["column"]) for each in answer["problems"]}
    assert (3, 8) in found.values()
    assert all(each["message"] for each in answer["problems"])
    assert sign_in("officer").get(f"/api/rules/{answer['id']}/impact").status_code == 409


@pytest.mark.parametrize("text", ["x", "rules: 1", "- " * 200, "&a [*a]", "id: ../../etc\nrules: 1", "id: a/b\n" * 3])
def test_nonsense_is_answered_with_problems(sign_in: SignIn, text: str) -> None:
    """Whatever is uploaded, what is wrong with it is told, and no file outside is read or written."""
    answer = sign_in("officer").post(FILES, json=new(text))
    assert answer.status_code == 201
    assert [each for each in answer.json()["problems"] if each["severity"] == "error"]


def test_the_impact_is_what_publication_then_does(sign_in: SignIn, queued: list[str], database: Database) -> None:
    """Before: who would move how far. After the second signature the queues stand so, and everything verifies."""
    officer, commission = sign_in("officer"), sign_in("commission")
    assert order_of(officer) == queued
    draft = officer.post(FILES, json=new()).json()
    impact = officer.get(f"/api/rules/{draft['id']}/impact").json()
    in_queue = {each["queue"]: each for each in impact["queues"]}["a-3"]
    assert (in_queue["forward"], in_queue["back"], in_queue["largest"], impact["moved"]) == (1, 1, 1, 2)
    assert order_of(officer) == queued, "a preview changes nothing"
    sent, version_1 = {"digest": draft["digest"]}, {"If-Match": '"1"'}
    published = commission.post(f"/api/rules/{draft['id']}/publish", json=sent, headers=version_1)
    assert (published.status_code, published.json()["state"]) == (200, "published")
    assert order_of(officer) == queued[::-1]
    told = officer.get(f"/api/applications/{HERE}/{queued[0]}/history?queue=a-3").json()
    assert told["after"] == 2
    assert verify_journal(database, HERE).findings == ()


def test_who_prepared_rules_does_not_sign_them(sign_in: SignIn, queued: list[str], database: Database) -> None:
    """Nor does anybody sign other rules than they have read, an old version, or a file twice."""
    assert queued
    officer, commission = sign_in("officer"), sign_in("commission")
    draft = officer.post(FILES, json=new()).json()
    sign = f"/api/rules/{draft['id']}/publish"
    sent, version_1 = {"digest": draft["digest"]}, {"If-Match": '"1"'}
    assert officer.post(sign, json=sent, headers=version_1).status_code == 403
    assert commission.post(sign, json=sent).status_code == 428
    assert commission.post(sign, json=sent, headers={"If-Match": '"2"'}).status_code == 409
    assert commission.post(sign, json={"digest": "0" * 64}, headers=version_1).status_code == 409
    with database.writing() as session:
        session.execute(update(RuleFile).values(prepared_by=commission.get("/api/me").json()["account"]))
    refused = commission.post(sign, json=sent, headers=version_1)
    assert (refused.status_code, refused.json()["detail"]) == (409, "who has prepared rules does not sign them")


def test_a_published_file_is_known_to_every_process(sign_in: SignIn, queued: list[str], database: Database) -> None:
    """Another process finds the rules by the digest the journal names."""
    assert queued
    draft: dict[str, Any] = sign_in("officer").post(FILES, json=new()).json()
    sent, version_1 = {"digest": draft["digest"]}, {"If-Match": '"1"'}
    sign_in("commission").post(f"/api/rules/{draft['id']}/publish", json=sent, headers=version_1)
    shelf = RuleShelf(RULES, database)
    assert draft["digest"] not in dict(known_rules([RULES]))
    expected: RuleSet = rules_of_text(RULES, LOCAL)[draft["digest"]]
    assert shelf[draft["digest"]].id == expected.id == "region-74/here/kindergarten"


def test_files_of_other_municipalities_are_absent(sign_in: SignIn) -> None:
    """An officer from elsewhere neither sees nor uploads here."""
    draft = sign_in("officer").post(FILES, json=new()).json()
    stranger = sign_in("stranger")
    assert stranger.get("/api/rules").json() == []
    assert stranger.get(f"/api/rules/{draft['id']}").status_code == 404
    assert stranger.get(f"/api/rules/{draft['id']}/impact").status_code == 404
    assert stranger.post(FILES, json=new()).status_code == 404
    shown = sign_in("officer").get(f"/api/rules/{draft['id']}").json()
    assert shown["text"] == LOCAL
    assert any("Город" in line for line in shown["in_words"])
