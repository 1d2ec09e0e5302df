"""The page for parents: the place and its reasons in two languages, and nobody else."""

from __future__ import annotations

import html
import re

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.service.conftest import Town

from queue_engine.catalogue import LANGUAGES
from service.enrolment.seeding import MUNICIPALITY
from service.pages.texts import TEXTS

Client = TestClient[Litestar]


def _page(client: Client, **asked: str) -> str:
    return client.get("/", params=asked).text


def _digits(application: str) -> str:
    """Return the number of an application, which ends its id."""
    return application.rpartition("-")[2]


def _read(page: str) -> str:
    """Return what people read of a page: no tags, every gap one space."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("service", ["kindergarten", "school-grade-1", "camp", "college"])
def test_the_page_says_what_the_public_lists_hold(client: Client, town: Town, service: str, lang: str) -> None:
    """For each application its place in every queue, and no word of why beyond the rule that a list may name."""
    queues = town.ordered[service]
    for number in list(queues.general)[:40]:
        read = _read(_page(client, number=_digits(number), service=f"{MUNICIPALITY}/{service}", lang=lang))
        for queue in queues.of_application(number):
            assert f"{TEXTS[lang].place} {queue.position_of(number)} {TEXTS[lang].out_of} {len(queue)}" in read


def test_a_page_names_no_other_application(client: Client, town: Town) -> None:
    """Of all the numbers of all services, the page of an application has its own only."""
    every = {_digits(name) for queues in town.ordered.values() for name in queues.general}
    for service, queues in town.ordered.items():
        for number in list(queues.general)[:40]:
            page = _page(client, number=_digits(number), service=f"{MUNICIPALITY}/{service}")
            assert set(re.findall(r"\d{6,}", page)) & every == {_digits(number)}


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
    page = _page(client, number="100001", service=f"{MUNICIPALITY}/camp", lang="en")
    assert '<html lang="en">' in page
    (switch,) = re.findall(r'<a href="([^"]+)" lang="ru"', page)
    russian = client.get(html.unescape(switch)).text
    assert '<html lang="ru">' in russian
    assert russian == _page(client, number="100001", service=f"{MUNICIPALITY}/camp", lang="ru")
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
