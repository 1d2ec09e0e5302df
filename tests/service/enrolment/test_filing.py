"""Filing and changing applications over HTTP, on both databases: who may, what is refused, and what is left behind."""

from __future__ import annotations

import base64
from collections.abc import Callable

from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import select
from tests.service.enrolment.garden import HERE, TODAY, body, path, version

from queue_engine.events import Offered
from service.db import Database
from service.enrolment.archive import verify_journal
from service.enrolment.towns import Towns
from service.enrolment.writing import Ledger
from service.models import ApplicationCard, AuditEntry, Upload


def test_who_files_gets_the_next_number(sign_in: Callable[[str], TestClient[Litestar]]) -> None:
    """Numbers of a service run without gaps; the receipt names the entry of the journal."""
    parent = sign_in("parent")
    first = parent.post("/api/applications", json=body("000001"))
    second = parent.post("/api/applications", json=body("000002"))
    assert (first.status_code, first.json()["number"], second.json()["number"]) == (201, 1, 2)
    assert first.json()["status"] == "received"
    assert second.json()["entry"] == first.json()["entry"] + 1
    assert first.headers["etag"] == f'"{first.json()["version"]}"'


def test_the_same_key_files_once(sign_in: Callable[[str], TestClient[Litestar]]) -> None:
    """Sent again with its key a request is answered alike; the key with another request is refused."""
    parent, key = sign_in("parent"), {"Idempotency-Key": "one"}
    first = parent.post("/api/applications", json=body(), headers=key)
    assert parent.post("/api/applications", json=body(), headers=key).json() == first.json()
    assert parent.post("/api/applications", json=body("000009"), headers=key).status_code == 422
    neighbour = sign_in("neighbour")
    other = neighbour.post("/api/applications", json=body("000009"), headers=key)
    assert other.json()["number"] == 2, "keys of others are neither found out nor taken"


def test_a_child_has_one_active_application(sign_in: Callable[[str], TestClient[Litestar]]) -> None:
    """However the certificate is spelt and whoever files; after a withdrawal the child may apply anew."""
    parent, mfc = sign_in("parent"), sign_in("mfc")
    first = parent.post("/api/applications", json=body()).json()
    same = body()
    same["child"]["paper"]["series"] = "1 ив"
    refused = mfc.post("/api/applications", json=same)
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (409, "already-applied")
    assert first["application"] not in refused.text
    withdrawn = parent.post(path(first, "withdraw"), json={}, headers=version(first))
    assert withdrawn.json()["status"] == "withdrawn"
    assert mfc.post("/api/applications", json=same).status_code == 201


def test_every_mistake_is_told_at_once(sign_in: Callable[[str], TestClient[Litestar]]) -> None:
    """Each with the field, what was expected and what to do; nothing is stored."""
    wrong = body(wishes=[{}, {"programme": "a-3"}, {"programme": "a-3"}])
    wrong["child"] |= {"snils": "112-233-445 96", "birth_date": "2999-01-01"}
    wrong["child"]["paper"]["series"] = "IIX-Ю"
    wrong["applicant"]["phone"] = "12"
    wrong["facts"] = {"child.desired_dat": "x", "child.desired_date": "2026-13-01", "address.lives_here": "yes"}
    answer = sign_in("parent").post("/api/applications", json=wrong)
    assert answer.status_code == 400
    found = {each["field"]: each for each in answer.json()["errors"]}
    assert set(found) == {
        "child.paper",
        "child.snils",
        "child.birth_date",
        "applicant.phone",
        "facts.child.desired_dat",
        "facts.child.desired_date",
        "facts.address.lives_here",
        "wishes.0",
        "wishes.2",
    }
    assert found["facts.child.desired_dat"]["remedy"] == "did you mean child.desired_date?"
    assert all(each["message"] and each["remedy"] and each["code"] for each in found.values())


def test_what_the_journal_refuses_is_a_conflict(sign_in: Callable[[str], TestClient[Litestar]]) -> None:
    """A programme that is not there cannot be wished for; nothing of the request is stored."""
    answer = sign_in("parent").post("/api/applications", json=body(wishes=[{"programme": "none"}]))
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "J043")
    unknown = sign_in("parent").post("/api/applications", json=body(service="none"))
    assert unknown.status_code == 404


def test_a_foreign_application_answers_as_an_absent_one(sign_in: Callable[[str], TestClient[Litestar]]) -> None:
    """Another family and an officer of another municipality learn nothing, not even that it is there."""
    receipt = sign_in("parent").post("/api/applications", json=body()).json()
    absent = {**receipt, "application": "kindergarten-999"}
    for login, rest, sent in (
        ("neighbour", "withdraw", {}),
        ("neighbour", "wishes", {"wishes": [{"programme": "b-3"}]}),
        ("stranger", "review", {"outcome": "taken"}),
    ):
        client = sign_in(login)
        method = client.put if rest == "wishes" else client.post
        foreign = method(path(receipt, rest), json=sent, headers=version(receipt))
        nothing = method(path(absent, rest), json=sent, headers=version(receipt))
        assert foreign.status_code == nothing.status_code == 404
        assert {**foreign.json(), "instance": ""} == {**nothing.json(), "instance": ""}


def test_what_a_role_may_not_do_it_is_told(sign_in: Callable[[str], TestClient[Litestar]]) -> None:
    """A parent registers nothing, an auditor changes nothing, nobody files without signing in."""
    parent = sign_in("parent")
    receipt = parent.post("/api/applications", json=body()).json()
    assert parent.post(path(receipt, "review"), json={"outcome": "registered"}).status_code == 403
    assert sign_in("auditor").post(path(receipt, "withdraw"), json={}).status_code == 403
    parent.cookies.delete("session")
    assert parent.post("/api/applications", json=body("000003")).status_code == 401


def test_a_change_names_the_version_it_changes(sign_in: Callable[[str], TestClient[Litestar]]) -> None:
    """Without one it is refused, and on an old one nothing is lost."""
    parent, officer = sign_in("parent"), sign_in("officer")
    receipt = parent.post("/api/applications", json=body()).json()
    assert parent.post(path(receipt, "withdraw"), json={}).status_code == 428
    taken = officer.post(path(receipt, "review"), json={"outcome": "taken"}, headers=version(receipt))
    assert taken.json()["status"] == "review"
    assert parent.post(path(receipt, "withdraw"), json={}, headers=version(receipt)).status_code == 409
    sent = {"wishes": [{"programme": "b-3"}, {"organisation": "a"}]}
    changed = parent.put(path(receipt, "wishes"), json=sent, headers=version(taken.json()))
    assert changed.status_code == 200


def test_a_document_with_its_file_is_kept_and_judged(
    sign_in: Callable[[str], TestClient[Litestar]], database: Database
) -> None:
    """The file is told by its content; what is no PDF, JPEG or PNG is refused."""
    parent, officer = sign_in("parent"), sign_in("officer")
    receipt = parent.post("/api/applications", json=body()).json()
    content = base64.b64encode(b"%PDF-1.7 ...").decode()
    sent = {"category": "large_family", "first_day": "2026-01-01", "content": content, "file_name": "a.pdf"}
    added = parent.post(path(receipt, "documents"), json=sent, headers=version(receipt))
    assert added.status_code == 200
    with database.reading() as session:
        upload = session.scalars(select(Upload)).one()
    assert (upload.content, upload.media_type) == (b"%PDF-1.7 ...", "application/pdf")
    judged = path(receipt, f"documents/{upload.document}/judgement")
    assert officer.post(judged, json={"outcome": "confirmed"}, headers=version(added.json())).status_code == 200
    bad = {"category": "large_famly", "content": base64.b64encode(b"MZ").decode()}
    refused = parent.post(path(receipt, "documents"), json=bad, headers=version(added.json()))
    assert {each["field"] for each in refused.json()["errors"]} == {"category", "content"}


def test_an_offer_is_answered_and_the_child_enrolled(
    sign_in: Callable[[str], TestClient[Litestar]], ledger: Ledger
) -> None:
    """From filing to enrolment through the API; an offer to somebody else cannot be accepted."""
    parent, officer = sign_in("parent"), sign_in("officer")
    receipt = parent.post("/api/applications", json=body()).json()
    for outcome in ("taken", "registered"):
        sent = {"outcome": outcome}
        receipt = officer.post(path(receipt, "review"), json=sent, headers=version(receipt)).json()
    at = {"at": 4_000_000_000_000, "actor": "commission:1"}
    ledger.append(HERE, [Offered(receipt["application"], "a-3", TODAY + 30, "1", **at)])
    wrong = parent.post(
        path(receipt, "answer"), json={"answer": "accept", "programme": "b-3"}, headers=version(receipt)
    )
    assert wrong.status_code == 409
    now = {**receipt, "version": receipt["version"] + 1}
    accepted = parent.post(path(now, "answer"), json={"answer": "accept", "programme": "a-3"}, headers=version(now))
    assert accepted.status_code == 200, accepted.text
    enrolled = accepted.json()
    for step in ("contract", "enrolled"):
        sent = {"step": step, "programme": "a-3", "basis": "order 1"}
        enrolled = officer.post(path(enrolled, "enrolment"), json=sent, headers=version(enrolled)).json()
    assert enrolled["status"] == "enrolled"


def test_programmes_are_opened_changed_and_closed(sign_in: Callable[[str], TestClient[Litestar]]) -> None:
    """With a condition on who is taken that can be read; a capacity needs a reason and a paper."""
    officer = sign_in("officer")
    new = {"service": "kindergarten", "programme": "c-3", "organisation": "c", "takes": "age(on study_start) > "}
    refused = officer.post(f"/api/programmes/{HERE}", json=new)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "takes")
    new["takes"] = "age(on study_start) >= 3y"
    assert officer.post(f"/api/programmes/{HERE}", json=new).status_code == 201
    sent = {"capacity": 5, "reason": "a room was repaired", "basis": "order 2"}
    assert officer.put(f"/api/programmes/{HERE}/c-3/capacity", json=sent).status_code == 200
    assert officer.put(f"/api/programmes/{HERE}/none/capacity", json=sent).status_code == 404
    assert sign_in("stranger").put(f"/api/programmes/{HERE}/c-3/capacity", json=sent).status_code == 404
    assert officer.post(f"/api/programmes/{HERE}/c-3/close", json={"reason": "merged"}).status_code == 200


def test_what_is_written_leaves_a_record_and_names_nobody(
    sign_in: Callable[[str], TestClient[Litestar]], database: Database
) -> None:
    """Each command has its entry in the audit; the journal holds no name and no paper; the chain verifies."""
    parent = sign_in("parent")
    receipt = parent.post("/api/applications", json=body("654321")).json()
    parent.post(path(receipt, "withdraw"), json={"reason": "moved"}, headers=version(receipt))
    with database.reading() as session:
        left = session.scalars(select(AuditEntry).where(AuditEntry.kind == "application").order_by(AuditEntry.id)).all()
        card = session.scalars(select(ApplicationCard)).one()
    assert [each.right for each in left] == ["applications.file", "applications.withdraw"]
    assert {each.subject for each in left} == {receipt["application"]}
    assert (card.child_name, card.phone, card.account) == ("А Б", "+79001234567", left[0].account)
    towns = Towns(database)
    lines = b"".join(towns.reach(HERE, towns.head(HERE).entries).journal.lines())
    assert b"654321" not in lines
    assert verify_journal(database, HERE).findings == ()
