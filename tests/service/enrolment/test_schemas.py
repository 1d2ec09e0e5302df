"""What is answered is what is described."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from litestar import Litestar
from litestar.testing import TestClient

from service.enrolment.seeding import MUNICIPALITY

Client = TestClient[Litestar]
QUEUE = "/api/queues/{municipality}/{service}/{programme}"
QUEUES = f"/api/queues/{MUNICIPALITY}"
ONE = "/api/applications/{municipality}/{application}"


@pytest.fixture(scope="module")
def description(client: Client) -> dict[str, Any]:
    """Return the description of the API."""
    found: dict[str, Any] = client.get("/schema").json()
    return found


def _schema(description: dict[str, Any], path: str, status: int, media_type: str) -> Draft202012Validator:
    content = description["paths"][path]["get"]["responses"][str(status)]["content"]
    return Draft202012Validator({**content[media_type]["schema"], "components": description["components"]})


@pytest.mark.parametrize(
    ("path", "address", "status"),
    [
        ("/api/queues", "/api/queues", 200),
        ("/api/services", "/api/services", 200),
        (QUEUE, f"{QUEUES}/camp/general?size=3", 200),
        (QUEUE, f"{QUEUES}/camp/none", 404),
        (QUEUE, f"{QUEUES}/camp/general?page=0", 400),
        ("/api/programmes/{municipality}/{service}", f"/api/programmes/{MUNICIPALITY}/camp", 200),
        (f"{ONE}/standing", f"/api/applications/{MUNICIPALITY}/100001/standing", 401),
    ],
)
def test_an_answer_fits_its_description(
    client: Client, description: dict[str, Any], path: str, address: str, status: int
) -> None:
    """Each kind of answer is valid by the schema that the description gives for it."""
    answer = client.get(address)
    media_type = "application/json" if status == 200 else "application/problem+json"
    assert answer.status_code == status
    _schema(description, path, status, media_type).validate(answer.json())


def test_the_description_is_exact(description: dict[str, Any]) -> None:
    """A place zero, an absent title and a page of 201 places would not fit."""
    schema = _schema(description, QUEUE, 200, "application/json")
    text = {"ru": "а", "en": "a"}
    queue = {
        "id": "a/b",
        "url": "/",
        "municipality": "m",
        "entry": 1,
        "title": text,
        "service": "a",
        "service_title": text,
        "on": "2026-01-01",
        "size": 1,
    }
    place = {"position": 1, "application": "7", "decided_by": None}
    page = {"queue": queue, "page": 1, "pages": 1, "size": 50, "total": 1, "places": [place]}
    assert schema.is_valid(page)
    assert not schema.is_valid({**page, "places": [{**place, "position": 0}]})
    assert not schema.is_valid({**page, "size": 201})
    assert not schema.is_valid({**page, "queue": {**queue, "title": {"ru": "а"}}})
    assert not schema.is_valid({**page, "places": [{**place, "decided_by": {"step": "right"}}]})


def test_the_description_has_no_invented_examples(client: Client, description: dict[str, Any]) -> None:
    """It is the same in every start, and is given at both addresses."""
    assert "examples" not in str(description)
    assert client.get("/schema/openapi.json").json() == description
