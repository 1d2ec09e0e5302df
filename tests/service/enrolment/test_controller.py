"""The queue API over HTTP: every place is the engine's, and every refusal says what to do."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.service.conftest import HARD_IDS, Town

from queue_engine import standing, standing_for_parent

Client = TestClient[Litestar]


def test_every_position_of_the_api_is_the_position_of_the_engine(client: Client, town: Town) -> None:
    """Walking every page of every queue gives the engine's order of the files, place by place."""
    listed = client.get("/api/queues").json()
    assert {each["id"] for each in listed} == {
        f"{name}/{queue}" for name, queues in town.ordered.items() for queue in (*queues, "general")
    }
    for each in listed:
        name, _, programme = each["id"].partition("/")
        queues = town.ordered[name]
        queue = queues.general if programme == "general" else queues[programme]
        places = []
        for page in range(1, -(-len(queue) // 40) + 1):
            answer = client.get(each["url"], params={"page": page, "size": 40}).json()
            assert answer["total"] == each["size"] == len(queue)
            places += answer["places"]
        assert [(place["position"], place["application"]) for place in places] == list(enumerate(queue, start=1))


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_a_standing_is_told_as_the_engine_tells_families(client: Client, town: Town, lang: str) -> None:
    """Sentences, position, total and counts are the engine's, in the language asked for."""
    queues = town.ordered["school-grade-1"]
    for number in queues.entries.tables.applications.ids.tolist():
        address = f"/api/applications/{number}/standing"
        answer = client.get(address, params={"lang": lang, "service": "school-grade-1"}).json()
        places = [standing(queue, number) for queue in queues.of_application(number)]
        assert [each["sentences"] for each in answer["places"]] == [standing_for_parent(each, lang) for each in places]
        assert [(each["position"], each["total"]) for each in answer["places"]] == [
            (each.position, each.total) for each in places
        ]
        for each in answer["places"]:
            assert sum(part["count"] for part in each["ahead_by_step"]) == each["position"] - 1


def test_russian_is_spoken_where_nothing_is_asked(client: Client) -> None:
    """The language of the law is the default."""
    answer = client.get("/api/applications/100001/standing").json()
    assert answer["lang"] == "ru"
    assert answer["places"][0]["sentences"][0].startswith("Очередь «")


@pytest.mark.parametrize("programme", HARD_IDS)
def test_every_id_has_an_address(college_client: Client, programme: str) -> None:
    """Slashes, spaces, percent signs, question marks and Cyrillic letters in an id are found by the listed address."""
    listed = {each["id"]: each["url"] for each in college_client.get("/api/queues").json()}
    answer = college_client.get(listed[f"college/{programme}"])
    assert answer.status_code == 200
    assert answer.json()["queue"]["id"] == f"college/{programme}"
    assert [place["application"] for place in answer.json()["places"]] == ["3", "2", "1"]
    assert college_client.get("/api/queues/college/" + quote(programme, safe="")).json() == answer.json()


def test_a_queue_names_nothing_but_numbers_and_rules(client: Client) -> None:
    """A place of the public list has a position, a number and the rule; nothing else of the child."""
    answer = client.get("/api/queues/kindergarten/general", params={"size": 200}).json()
    assert {key for place in answer["places"] for key in place} == {"position", "application", "decided_by"}
    assert answer["places"][0]["decided_by"] is None
    assert {key for place in answer["places"][1:] for key in place["decided_by"]} == {"step", "title"}


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/api/queues/none/general", "unknown-queue"),
        ("/api/queues/camp/none", "unknown-queue"),
        ("/api/applications/7/standing", "unknown-application"),
        ("/api/applications/100001%20/standing", "unknown-application"),
        ("/api/nothing", "no-such-page"),
        ("/api/queues/camp", "no-such-page"),
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
        ("/api/queues/camp/general?page=0", ["page"]),
        ("/api/queues/camp/general?page=-1&size=201", ["page", "size"]),
        ("/api/queues/camp/general?page=two", ["page"]),
        ("/api/queues/camp/general?page=1.5", ["page"]),
        ("/api/queues/camp/general?page=", ["page"]),
        ("/api/queues/camp/general?page=9999999", ["page"]),
        ("/api/queues/camp/general?page=" + "9" * 30, ["page"]),
        ("/api/queues/camp/general?size=0", ["size"]),
        ("/api/queues/camp/general?page=%ff%fe", ["page"]),
        ("/api/applications/100001/standing?lang=de", ["lang"]),
        ("/api/applications/100001/standing?lang=%c3%28", ["lang"]),
        ("/api/applications/100001/standing?service=none", ["service"]),
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
        f"/api/queues/camp/{bytes_in_address}",
        f"/api/queues/{bytes_in_address}/general",
        f"/api/applications/{bytes_in_address}/standing",
        f"/api/applications/100001/standing?service={bytes_in_address}",
        f"/api/queues?{bytes_in_address}={bytes_in_address}",
        f"/{bytes_in_address}",
    ):
        assert client.get(address).status_code in (200, 400, 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_written_yet(client: Client, method: str) -> None:
    """Methods that would change something are refused, with those that are allowed."""
    answer = client.request(method, "/api/queues", json={})
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
    assert answer.json()["remedy"]
