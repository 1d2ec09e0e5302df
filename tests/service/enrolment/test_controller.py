"""The queue API over HTTP: every place is the engine's, and every refusal says what to do."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.service.conftest import HARD_IDS, RULES, Town

from queue_engine import (
    LiveTown,
    position_change,
    replay,
    standing,
    standing_for_officer,
    standing_for_parent,
)
from queue_engine.followed import Followed, known_rules
from service.enrolment.seeding import DEMO_PASSWORD, MUNICIPALITY

Client = TestClient[Litestar]
QUEUES = f"/api/queues/{MUNICIPALITY}"


@pytest.fixture(scope="module")
def sign_in(app: Litestar, client: Client) -> Callable[[str], Client]:
    """Return what signs an account of the example in and gives its browser."""

    def signed_in(login: str) -> Client:
        browser = TestClient(app)
        browser.blocking_portal = client.blocking_portal
        browser.get("/api/me")
        browser.headers["x-csrf-token"] = browser.cookies["csrf"]
        assert browser.post("/api/sign-in", json={"login": login, "password": DEMO_PASSWORD}).status_code == 200
        return browser

    return signed_in


@pytest.fixture(scope="module")
def officer(sign_in: Callable[[str], Client]) -> Client:
    """Return the browser of an officer of the municipality."""
    return sign_in("officer")


def test_every_position_of_the_api_is_the_position_of_the_engine(client: Client, town: Town) -> None:
    """Walking every page of every queue gives the engine's order of the exported journal, place by place."""
    listed = client.get("/api/queues").json()
    assert {each["id"] for each in listed} == {
        f"{MUNICIPALITY}/{name}/{queue}" for name, queues in town.ordered.items() for queue in (*queues, "general")
    }
    for each in listed:
        _, name, programme = each["id"].split("/", 2)
        queues = town.ordered[name]
        queue = queues.general if programme == "general" else queues[programme]
        places = []
        for page in range(1, -(-len(queue) // 40) + 1):
            answer = client.get(each["url"], params={"page": page, "size": 40}).json()
            assert answer["total"] == each["size"] == len(queue)
            assert answer["queue"]["entry"] == len(town.journal)
            places += answer["places"]
        assert [(place["position"], place["application"]) for place in places] == list(enumerate(queue, start=1))


@pytest.mark.parametrize("lang", ["ru", "en"])
@pytest.mark.parametrize("view", ["parent", "officer"])
def test_a_standing_is_told_as_the_engine_tells_it(officer: Client, town: Town, lang: str, view: str) -> None:
    """Sentences, position, total and counts are the engine's, in the language and for the reader asked for."""
    queues = town.ordered["school-grade-1"]
    told = standing_for_officer if view == "officer" else standing_for_parent
    for number in queues.entries.tables.applications.ids.tolist():
        address = f"/api/applications/{MUNICIPALITY}/{number}/standing"
        answer = officer.get(address, params={"lang": lang, "view": view}).json()
        places = {each.queue.id: each for each in (standing(queue, number) for queue in queues.of_application(number))}
        assert len(answer["places"]) == len(places)
        for shown in answer["places"]:
            place = places[shown["queue"]["id"].split("/", 2)[2]]
            assert shown["sentences"] == told(place, lang)
            assert (shown["position"], shown["total"]) == (place.position, place.total)
            assert sum(part["count"] for part in shown["ahead_by_step"]) == place.position - 1
        refusals = queues.not_in_queue(number)
        assert [each["queue"] for each in answer["not_in_queue"]] == [each.queue for each in refusals]


def test_a_history_is_told_as_the_engine_tells_it(officer: Client, town: Town) -> None:
    """The steps sum to the change, the last position is that of the queue, the sentences are the command line's."""
    rules = known_rules([RULES])
    live = LiveTown.of(town.journal, rules, "kindergarten")
    followed = Followed(town.journal, live, 0, len(town.journal))
    for number in list(town.ordered["kindergarten"].general)[:30]:
        address = f"/api/applications/{MUNICIPALITY}/{number}/history"
        for view in ("parent", "officer"):
            answer = officer.get(address, params={"queue": "general", "view": view}).json()
            change = position_change(town.journal, number, "general", rules=rules, service="kindergarten")
            assert (answer["before"], answer["after"]) == (change.before, change.after)
            assert answer["before"] + sum(step["change"] for step in answer["steps"]) == answer["after"]
            assert answer["steps"][-1]["position"] == answer["after"]
            assert answer["sentences"] == followed.told(change, "ru", view)[1:]


def test_families_see_their_own_and_officials_their_municipality(sign_in: Callable[[str], Client], town: Town) -> None:
    """A parent lists their own applications and finds no other; the officer's view is not for families."""
    parent, officer = sign_in("parent"), sign_in("officer")
    own = parent.get("/api/applications").json()
    assert 1 <= len(own) <= 4
    everything = officer.get("/api/applications", params={"size": 200}).json()
    assert {each["application"] for each in own} < {each["application"] for each in everything}
    other = next(each for each in everything if each not in own)
    for rest in ("", "/standing", "/history?queue=general", "/position?queue=general"):
        address = f"/api/applications/{MUNICIPALITY}/"
        foreign, absent = parent.get(f"{address}{other['application']}{rest}"), parent.get(f"{address}none{rest}")
        assert foreign.status_code == absent.status_code == 404
        assert {**foreign.json(), "instance": ""} == {**absent.json(), "instance": ""}
    mine = f"/api/applications/{MUNICIPALITY}/{own[0]['application']}"
    assert parent.get(f"{mine}/standing?view=officer").status_code == 403
    shown = parent.get(mine)
    assert shown.headers["etag"] == f'"{shown.json()["version"]}"'
    assert shown.json()["child_name"]


def test_programmes_show_their_free_places(client: Client, town: Town) -> None:
    """What is taken is what the engine counts as offered, enrolled or held for the time being."""
    state = replay(town.journal, known_rules([RULES]))
    for service in town.ordered:
        for shown in client.get(f"/api/programmes/{MUNICIPALITY}/{service}").json():
            assert shown["taken"] == state.seats_taken(shown["programme"]).total
            if shown["capacity"] is not None:
                assert shown["free"] == max(0, shown["capacity"] - shown["taken"])


@pytest.mark.parametrize("programme", HARD_IDS)
def test_every_id_has_an_address(college: Client, programme: str) -> None:
    """Slashes, spaces, percent signs, question marks and Cyrillic letters in an id are found by the listed address."""
    listed = {each["id"]: each["url"] for each in college.get("/api/queues").json()}
    answer = college.get(listed[f"{MUNICIPALITY}/college/{programme}"])
    assert answer.status_code == 200
    assert answer.json()["queue"]["id"] == f"{MUNICIPALITY}/college/{programme}"
    assert [place["application"] for place in answer.json()["places"]] == ["3", "2", "1"]
    assert college.get(f"/api/queues/{MUNICIPALITY}/college/" + quote(programme, safe="")).json() == answer.json()


def test_a_queue_names_nothing_but_numbers_and_rules(client: Client) -> None:
    """A place of the public list has a position, a number and the rule; nothing else of the child."""
    answer = client.get(f"/api/queues/{MUNICIPALITY}/kindergarten/general", params={"size": 200}).json()
    assert {key for place in answer["places"] for key in place} == {"position", "application", "decided_by"}
    assert answer["places"][0]["decided_by"] is None
    assert {key for place in answer["places"][1:] for key in place["decided_by"]} == {"step", "title"}


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        (f"{QUEUES}/none/general", "unknown-queue"),
        (f"{QUEUES}/camp/none", "unknown-queue"),
        ("/api/queues/75752000/camp/general", "unknown-queue"),
        ("/api/nothing", "no-such-page"),
        (f"{QUEUES}/camp", "no-such-page"),
    ],
)
def test_what_is_not_there_is_404_with_a_remedy(client: Client, address: str, kind: str) -> None:
    """The problem names its kind, what was asked for and what to do."""
    answer = client.get(address)
    problem = answer.json()
    assert answer.status_code == problem["status"] == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"].endswith(":" + kind)
    assert problem["remedy"]
    assert problem["detail"]


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        (f"{QUEUES}/camp/general?page=0", ["page"]),
        (f"{QUEUES}/camp/general?page=-1&size=201", ["page", "size"]),
        (f"{QUEUES}/camp/general?page=two", ["page"]),
        (f"{QUEUES}/camp/general?page=1.5", ["page"]),
        (f"{QUEUES}/camp/general?page=", ["page"]),
        (f"{QUEUES}/camp/general?page=9999999", ["page"]),
        (f"{QUEUES}/camp/general?page=" + "9" * 30, ["page"]),
        (f"{QUEUES}/camp/general?size=0", ["size"]),
        (f"{QUEUES}/camp/general?page=%ff%fe", ["page"]),
    ],
)
def test_a_wrong_value_is_400_with_the_field_named(client: Client, address: str, fields: list[str]) -> None:
    """Every field that cannot be used is named with what was expected."""
    answer = client.get(address)
    problem = answer.json()
    assert answer.status_code == problem["status"] == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert [each["field"] for each in problem["errors"]] == fields
    assert all(each["message"] for each in problem["errors"])
    assert problem["remedy"]


@pytest.mark.parametrize("bytes_in_address", ["%ff", "%c3%28", "%ed%a0%80", "%00", "%f8%88%80%80%80"])
def test_broken_text_in_an_address_is_never_our_fault(client: Client, bytes_in_address: str) -> None:
    """Bytes that are no UTF-8 are answered as what is not there or cannot be used, never as a failure."""
    for address in (
        f"{QUEUES}/camp/{bytes_in_address}",
        f"{QUEUES}/{bytes_in_address}/general",
        f"/api/queues?service={bytes_in_address}",
        f"/api/queues?{bytes_in_address}={bytes_in_address}",
        f"/{bytes_in_address}",
    ):
        assert client.get(address).status_code in (200, 400, 404)
