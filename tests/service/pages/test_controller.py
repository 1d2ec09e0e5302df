"""The page for parents: the place and its reasons in two languages, and nobody else."""

from __future__ import annotations

import html
import re

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import text
from tests.service.conftest import Town

from queue_engine import refusal_lines, standing, standing_for_parent
from queue_engine.catalogue import LANGUAGES
from service.db import Database
from service.models import Application, Service
from service.pages.texts import TEXTS

Client = TestClient[Litestar]


def _page(client: Client, **asked: str) -> str:
    return client.get("/", params=asked).text


def _read(page: str) -> str:
    """Return what people read of a page: no tags, every gap one space."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("service", ["kindergarten", "school-grade-1", "camp", "college"])
def test_the_page_says_what_the_engine_says(client: Client, town: Town, service: str, lang: str) -> None:
    """For every application each sentence about its places and refusals stands on its page."""
    queues = town.ordered[service]
    for number in queues.entries.tables.applications.ids.tolist():
        read = _read(_page(client, number=number, service=service, lang=lang))
        told = [standing_for_parent(standing(queue, number), lang) for queue in queues.of_application(number)]
        told += [refusal_lines(refusal, queues, lang) for refusal in queues.not_in_queue(number)]
        assert told
        for sentence in (sentence for sentences in told for sentence in sentences):
            assert " ".join(sentence.removeprefix("– ").split()) in read


def test_a_page_names_no_other_application(client: Client, town: Town) -> None:
    """Of all the numbers of all services, the page of an application has its own only."""
    every = {number for queues in town.ordered.values() for number in queues.entries.tables.applications.ids.tolist()}
    for service, queues in town.ordered.items():
        for number in queues.entries.tables.applications.ids.tolist():
            page = _page(client, number=number, service=service)
            assert set(re.findall(r"\d{6,}", page)) & every == {number}


def test_the_empty_form_names_nobody(client: Client) -> None:
    """Without a number there is a form and no place."""
    answer = client.get("/")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "<form" in answer.text
    assert "<article" not in answer.text
    assert 'role="alert"' not in answer.text


def test_the_form_needs_no_script(client: Client) -> None:
    """It is sent by the browser itself, each field has a label, and nothing comes from elsewhere."""
    page = _page(client)
    fields = re.findall(r'<(?:input|select) id="(\w+)"', page)
    assert fields == ["number", "service"]
    assert all(f'<label for="{field}">' in page for field in fields)
    assert re.search(r'<form action="/" method="get">', page)
    assert re.search(r'aria-describedby="number-hint"', page)
    assert not re.search(r"<script|javascript:|\son\w+=|style=", page)
    assert not re.search(r'(?:src|href)="(?!/|#|data:,)', page)
    assert 'name="viewport"' in page


def test_the_language_is_switched_in_place(client: Client) -> None:
    """The other language shows the same number and service, and the page says which language it is in."""
    page = _page(client, number="100001", service="camp", lang="en")
    assert '<html lang="en">' in page
    (switch,) = re.findall(r'<a href="([^"]+)" lang="ru"', page)
    russian = client.get(html.unescape(switch)).text
    assert '<html lang="ru">' in russian
    assert russian == _page(client, number="100001", service="camp", lang="ru")
    assert TEXTS["ru"].heading in russian


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_unknown_number_is_told_kindly(client: Client, lang: str) -> None:
    """The page is a 404 that says what to check, keeps what was entered and marks the field."""
    answer = client.get("/", params={"number": "777", "lang": lang})
    assert answer.status_code == 404
    assert TEXTS[lang].unknown in answer.text
    assert TEXTS[lang].unknown_advice in _read(answer.text)
    assert 'value="777"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert 'aria-describedby="number-hint unknown"' in answer.text


def test_a_number_of_several_services_shows_none_of_them(client: Client) -> None:
    """Other children may have the same number elsewhere, so the service is asked for first."""
    page = _page(client, number="100001")
    assert "<article" not in page
    links = [html.unescape(link) for link in re.findall(r'<li><a href="([^"]+)"', page)]
    assert len(links) == 4
    for link in links:
        assert "<article" in client.get(link).text


def test_a_number_of_one_service_needs_no_choice(client: Client, town: Town) -> None:
    """The largest kindergarten number is in no other service."""
    number = max(town.ordered["kindergarten"].entries.tables.applications.ids.tolist())
    assert "<article" in _page(client, number=f"  {number} ")


@pytest.mark.parametrize("entered", ['"><script>alert(1)</script>', "&lang=en", "<b>", "{{ 7 * 7 }}", "'", "1" * 5_000])
def test_what_is_entered_stays_text(client: Client, entered: str) -> None:
    """Whatever is typed comes back as the value of the field, never as a part of the page."""
    answer = client.get("/", params={"number": entered, "service": entered, "lang": entered})
    assert answer.status_code == 404
    assert '<html lang="ru">' in answer.text
    assert "<script" not in answer.text
    assert "<b>" not in answer.text
    (value,) = re.findall(r'name="number" type="text" value="([^"]*)"', answer.text)
    assert html.unescape(value) == entered


@pytest.mark.parametrize("query", ["number=%ff%fe", "lang=%c3%28", "number=1&number=2", "number=%00", "%ff"])
def test_broken_queries_get_a_page(client: Client, query: str) -> None:
    """Bytes that are no text, and fields sent twice, are answered with a page that says what to do."""
    answer = client.get("/?" + query)
    assert answer.status_code in (200, 400, 404)
    assert answer.headers["content-type"].startswith("text/html")


def test_a_correction_is_seen_at_once(college: Database, college_client: Client) -> None:
    """After a write the next page shows the new place."""
    assert "<strong>3</strong>" in _page(college_client, number="1")
    with college.writing() as session:
        application = session.get_one(Application, ("college", "1"))
        application.facts = {**application.facts, "grade.average": "5.00"}
        session.get_one(Service, "college").version += 1
    assert "<strong>1</strong>" in _page(college_client, number="1")


def test_a_failure_is_a_page_too(college: Database, college_client: Client) -> None:
    """When the stored data cannot be ordered, a parent reads that the place does not change by it."""
    with college.writing() as session:
        session.execute(text("UPDATE applications SET facts = '{\"grade.average\":\"good\"}' WHERE number = '1'"))
        session.get_one(Service, "college").version += 1
    answer = college_client.get("/?number=1&lang=en")
    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("text/html")
    assert TEXTS["en"].failed_advice in _read(answer.text)
    assert "good" not in answer.text
    assert college_client.get("/api/queues").status_code == 503
