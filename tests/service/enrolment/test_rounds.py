"""Rounds over HTTP, on both databases: frozen, run, approved by a second person, published."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from click.testing import CliRunner
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import select, update
from tests.service.enrolment.garden import HERE, RULES, body, path, version

from queue_engine import read_journal, replay
from queue_engine.cli import main
from queue_engine.followed import known_rules
from queue_engine.publication import write_public_files
from queue_engine.rounds import run
from queue_engine.rounds.folder import freeze_lines, result_lines
from queue_engine.rounds.issuing import freeze_state
from service.db import Database
from service.enrolment.archive import export_journal, verify_journal
from service.enrolment.towns import Towns
from service.models import AuditEntry, Round

Browser: TypeAlias = TestClient[Litestar]
SignIn: TypeAlias = Callable[[str], Browser]
ROUNDS = f"/api/rounds/{HERE}"
NAME = "2026-09-main"
DEADLINE = {"deadline": "2026-10-01"}


def etag(answer: Response) -> dict[str, str]:
    """Return the header that names the version last read."""
    return {"If-Match": answer.headers["etag"]}


@pytest.fixture
def waiting(sign_in: SignIn) -> list[dict[str, Any]]:
    """Return five registered applications: three wish for the first group of two places, two for the second."""
    parent, officer = sign_in("parent"), sign_in("officer")
    found = []
    for number in range(5):
        wishes = [{"programme": "a-3" if number < 3 else "b-3"}]
        receipt = parent.post("/api/applications", json=body(f"10000{number}", wishes=wishes)).json()
        for outcome in ("taken", "registered"):
            receipt = officer.post(path(receipt, "review"), json={"outcome": outcome}, headers=version(receipt)).json()
        found.append(receipt)
    return found


def test_a_round_goes_from_freezing_to_offers(
    sign_in: SignIn, waiting: list[dict[str, Any]], database: Database
) -> None:
    """Whoever gets a place is offered it, answers in time, and the chain and its projections verify."""
    officer, commission = sign_in("officer"), sign_in("commission")
    frozen = officer.post(ROUNDS, json={"service": "kindergarten", "name": NAME})
    assert (frozen.status_code, frozen.json()["figures"]["seats"]) == (201, 4)
    done = officer.post(f"{ROUNDS}/{NAME}/run", headers=etag(frozen))
    assert done.json()["figures"]["placed"] == 4
    moves = officer.get(f"{ROUNDS}/{NAME}/moves").json()
    assert {each["application"] for each in moves} == {each["application"] for each in waiting} - {
        waiting[2]["application"]
    }
    review = officer.get(f"{ROUNDS}/{NAME}/review").json()
    assert [(each["seats"], each["placed"], each["waiting"]) for each in review["programmes"]] == [(2, 2, 1), (2, 2, 0)]
    approved = commission.post(f"{ROUNDS}/{NAME}/approve", json={"result": done.json()["result"]}, headers=etag(done))
    published = officer.post(f"{ROUNDS}/{NAME}/publish", json=DEADLINE, headers=etag(approved))
    assert (published.json()["offered"], published.json()["left"]) == (4, [])
    parent = sign_in("parent")
    offered = parent.get(path(waiting[0], "").rstrip("/"))
    assert (offered.json()["status"], offered.json()["offer"], offered.json()["deadline"]) == (
        "offered",
        "a-3",
        "2026-10-01",
    )
    sent = {"answer": "accept", "programme": "a-3"}
    assert parent.post(path(waiting[0], "answer"), json=sent, headers=etag(offered)).status_code == 200
    assert verify_journal(database, HERE).findings == ()


def test_the_files_are_those_of_the_engine(sign_in: SignIn, waiting: list[dict[str, Any]], database: Database) -> None:
    """What was frozen and what came out are, byte for byte, what the engine computes from the exported journal."""
    assert waiting
    officer = sign_in("officer")
    entries = Towns(database).head(HERE).entries
    frozen = officer.post(ROUNDS, json={"service": "kindergarten", "name": NAME})
    officer.post(f"{ROUNDS}/{NAME}/run", headers=etag(frozen))
    town = Towns(database).reach(HERE, entries)
    held = freeze_state(replay(town.journal, known_rules([RULES]), entries), NAME, "kindergarten")
    expected = {
        "freeze.jsonl": b"".join(freeze_lines(held.frozen)),
        "result.jsonl": b"".join(result_lines(run(held.frozen), held.frozen)),
    }
    for name, content in expected.items():
        assert officer.get(f"{ROUNDS}/{NAME}/files/{name}").content == content
    assert officer.get(f"{ROUNDS}/{NAME}/files/forms/commission.csv").text.startswith("number,date,round")
    assert officer.get(f"{ROUNDS}/{NAME}/files/none.csv").status_code == 404


def test_the_published_round_is_verified_by_the_command_line(
    sign_in: SignIn, waiting: list[dict[str, Any]], database: Database, tmp_path: Path
) -> None:
    """The stand-alone verifier finds nothing in the exported journal and the round's files as they are downloaded."""
    assert waiting
    _publish(sign_in)
    officer = sign_in("officer")
    (tmp_path / NAME).mkdir()
    for name in officer.get(f"{ROUNDS}/{NAME}").json()["files"]:
        if "/" not in name:
            (tmp_path / NAME / name).write_bytes(officer.get(f"{ROUNDS}/{NAME}/files/{name}").content)
    export_journal(database, HERE, tmp_path / "journal.jsonl")
    journal = read_journal(tmp_path / "journal.jsonl")
    write_public_files(journal, known_rules([RULES]), tmp_path / "public", rounds={NAME: tmp_path / NAME})
    told = CliRunner().invoke(main, ["verify", str(tmp_path / "public")])
    assert told.exit_code == 0, told.output


def test_who_prepared_a_round_does_not_approve_it(
    sign_in: SignIn, waiting: list[dict[str, Any]], database: Database
) -> None:
    """Even in the role of the commission: another person has to read it."""
    assert waiting
    officer, commission = sign_in("officer"), sign_in("commission")
    frozen = officer.post(ROUNDS, json={"service": "kindergarten", "name": NAME})
    assert officer.post(f"{ROUNDS}/{NAME}/approve", json={"result": "0" * 64}, headers=etag(frozen)).status_code == 403
    done = officer.post(f"{ROUNDS}/{NAME}/run", headers=etag(frozen))
    with database.writing() as session:
        session.execute(update(Round).values(prepared_by=commission.get("/api/me").json()["account"]))
    sent = {"result": done.json()["result"]}
    refused = commission.post(f"{ROUNDS}/{NAME}/approve", json=sent, headers=etag(done))
    assert (refused.status_code, "another member" in refused.json()["remedy"]) == (409, True)


def test_steps_come_in_their_order(sign_in: SignIn, waiting: list[dict[str, Any]]) -> None:
    """Nothing is approved before it was run, published before it was approved, or published twice."""
    assert waiting
    officer, commission = sign_in("officer"), sign_in("commission")
    frozen = officer.post(ROUNDS, json={"service": "kindergarten", "name": NAME})
    assert officer.post(ROUNDS, json={"service": "kindergarten", "name": NAME}).status_code == 409
    assert (
        commission.post(f"{ROUNDS}/{NAME}/approve", json={"result": "0" * 64}, headers=etag(frozen)).status_code == 409
    )
    assert officer.post(f"{ROUNDS}/{NAME}/publish", json=DEADLINE, headers=etag(frozen)).status_code == 409
    assert officer.post(f"{ROUNDS}/{NAME}/run").status_code == 428
    done = officer.post(f"{ROUNDS}/{NAME}/run", headers=etag(frozen))
    assert officer.post(f"{ROUNDS}/{NAME}/run", headers=etag(frozen)).status_code == 409, "an old version"
    wrong = commission.post(f"{ROUNDS}/{NAME}/approve", json={"result": "0" * 64}, headers=etag(done))
    assert wrong.json()["errors"][0]["field"] == "result"


def test_a_round_changed_in_the_database_is_not_published(
    sign_in: SignIn, waiting: list[dict[str, Any]], database: Database
) -> None:
    """What is published is computed from the journal; a digest that was edited is noticed, and nothing is offered."""
    assert waiting
    officer, commission = sign_in("officer"), sign_in("commission")
    frozen = officer.post(ROUNDS, json={"service": "kindergarten", "name": NAME})
    done = officer.post(f"{ROUNDS}/{NAME}/run", headers=etag(frozen))
    sent = {"result": done.json()["result"]}
    approved = commission.post(f"{ROUNDS}/{NAME}/approve", json=sent, headers=etag(done))
    with database.writing() as session:
        session.execute(update(Round).values(result="f" * 64))
    before = Towns(database).head(HERE)
    refused = officer.post(f"{ROUNDS}/{NAME}/publish", json=DEADLINE, headers=etag(approved))
    assert (refused.status_code, "not the one that was kept" in refused.json()["detail"]) == (409, True)
    assert Towns(database).head(HERE) == before


def test_a_round_is_annulled_with_a_reason_and_on_a_paper(sign_in: SignIn, waiting: list[dict[str, Any]]) -> None:
    """The commission annuls what is not published; a published round stays."""
    assert waiting
    officer, commission = sign_in("officer"), sign_in("commission")
    why = {"reason": "a capacity was wrong", "basis": "order 7"}
    frozen = officer.post(ROUNDS, json={"service": "kindergarten", "name": NAME})
    annulled = commission.post(f"{ROUNDS}/{NAME}/annul", json=why, headers=etag(frozen))
    assert annulled.json()["state"] == "annulled"
    _publish(sign_in, "2026-09-second")
    published = officer.get(f"{ROUNDS}/2026-09-second")
    refused = commission.post(f"{ROUNDS}/2026-09-second/annul", json=why, headers=etag(published))
    assert refused.status_code == 409


def test_rounds_of_other_municipalities_are_absent(sign_in: SignIn, waiting: list[dict[str, Any]]) -> None:
    """An officer from elsewhere sees none, and can neither read nor freeze one."""
    assert waiting
    frozen = sign_in("officer").post(ROUNDS, json={"service": "kindergarten", "name": NAME})
    stranger = sign_in("stranger")
    assert stranger.get("/api/rounds").json() == []
    for rest in ("", "/moves", "/review", "/files/freeze.jsonl"):
        assert stranger.get(f"{ROUNDS}/{NAME}{rest}").status_code == 404
    assert stranger.post(ROUNDS, json={"service": "kindergarten", "name": "x"}).status_code == 404
    assert stranger.post(f"{ROUNDS}/{NAME}/run", headers=etag(frozen)).status_code == 404


def test_every_step_leaves_a_record(sign_in: SignIn, waiting: list[dict[str, Any]], database: Database) -> None:
    """Who froze, ran, approved and published it stands in the audit."""
    assert waiting
    _publish(sign_in)
    with database.reading() as session:
        left = session.scalars(select(AuditEntry).where(AuditEntry.kind == "round").order_by(AuditEntry.id)).all()
    assert [(each.right, each.role) for each in left] == [
        ("rounds.prepare", "officer"),
        ("rounds.prepare", "officer"),
        ("rounds.approve", "commission"),
        ("rounds.publish", "officer"),
    ]
    assert all(json.dumps(each.after) for each in left)


def _publish(sign_in: SignIn, name: str = NAME) -> None:
    """Hold a round from freezing to offers."""
    officer, commission = sign_in("officer"), sign_in("commission")
    frozen = officer.post(ROUNDS, json={"service": "kindergarten", "name": name})
    done = officer.post(f"{ROUNDS}/{name}/run", headers=etag(frozen))
    sent = {"result": done.json()["result"]}
    approved = commission.post(f"{ROUNDS}/{name}/approve", json=sent, headers=etag(done))
    assert officer.post(f"{ROUNDS}/{name}/publish", json=DEADLINE, headers=etag(approved)).status_code == 200
