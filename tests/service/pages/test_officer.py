"""The pages from end to end, without a script: families apply and answer, officials decide."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient
from tests.service.conftest import RULES

from service.app import create_app
from service.db import open_database
from service.enrolment.archive import verify_journal
from service.enrolment.seeding import DEMO_PASSWORD, MUNICIPALITY, make_example
from service.settings import Settings

Browser = TestClient[Litestar]
SERVICE = f"{MUNICIPALITY}/kindergarten"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return the settings of an example that the tests of this file change."""
    folder = tmp_path_factory.mktemp("flows")
    settings = Settings(folder / "town.sqlite", 200, 3, rules=RULES, secret=folder / "secret.key")
    make_example(settings.database, RULES, applications=200, seed=3)
    return settings


@pytest.fixture(scope="module")
def enter(settings: Settings) -> Iterator[Callable[[str], Browser]]:
    """Return what signs an account of the example in by the form, and gives its browser."""
    app = create_app(settings)
    with TestClient(app) as first:

        def entered(login: str) -> Browser:
            browser = TestClient(app)
            browser.blocking_portal = first.blocking_portal
            browser.get("/sign-in")
            answer = post(browser, "/sign-in", login=login, password=DEMO_PASSWORD)
            assert answer.status_code == 200
            return browser

        yield entered


def post(browser: Browser, address: str, **fields: object) -> Response:
    """Send a form as a browser does, and return the page it leads to."""
    token = browser.cookies["csrf"]
    return browser.post(address, data={**{name: str(each) for name, each in fields.items()}, "_csrf_token": token})


def hidden(page: Response, name: str) -> str:
    """Return the value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found is not None
    return html.unescape(found[1])


def links(page: Response, pattern: str) -> list[str]:
    """Return the addresses of a page that match."""
    return [html.unescape(each) for each in re.findall(rf'href="({pattern})"', page.text)]


def new_child(number: str, wishes: str = "ds-001-3y") -> dict[str, str]:
    """Return the filled form of an application."""
    return {
        "service": SERVICE,
        "key": f"key-{number}",
        "last": "А",
        "first": "Б",
        "birth_date": "2023-05-05",
        "series": "I-ИВ",
        "number": number,
        "applicant_last": "А",
        "applicant_first": "В",
        "wishes": wishes,
    }


def test_a_family_applies_an_official_registers_and_the_place_is_explained(enter: Callable[[str], Browser]) -> None:
    """By forms alone: filed, taken, registered; the family then reads its place, its reasons and its history."""
    parent, officer = enter("parent"), enter("officer")
    filed = post(parent, "/my/new", **new_child("700001"))
    assert filed.url.path.startswith(f"/my/{MUNICIPALITY}/kindergarten-")
    name = filed.url.path.rpartition("/")[2]
    assert name in officer.get(f"/work?service={SERVICE}&status=received").text.replace("/work/", "")
    address = f"/work/{MUNICIPALITY}/{name}"
    for outcome in ("taken", "registered"):
        shown = officer.get(address)
        shown = post(officer, address, what=outcome, version=hidden(shown, "version"), key=f"{outcome}-1")
        assert shown.status_code == 200
    mine = parent.get(filed.url.path)
    assert 'class="picture"' in mine.text
    assert "в очереди" in mine.text
    assert mine.text.count("<article") >= 1


def test_a_round_is_held_by_two_people_and_a_family_accepts(
    enter: Callable[[str], Browser], settings: Settings
) -> None:
    """The officer freezes and runs, the commission approves, the officer publishes, a family reads and accepts."""
    officer, commission, parent = enter("officer"), enter("commission"), enter("parent")
    desk = f"/work/rounds/{MUNICIPALITY}/2026-11-main"
    frozen = post(officer, "/work/rounds", service=SERVICE, name="2026-11-main", key="1")
    assert frozen.url.path == desk
    done = post(officer, desk, what="run", version=hidden(frozen, "version"), key="2")
    assert 'name="result"' not in done.text, "who prepared it is not asked to approve"
    seen = commission.get(desk)
    approved = post(
        commission, desk, what="approve", version=hidden(seen, "version"), key="3", result=hidden(seen, "result")
    )
    shown = officer.get(desk)
    published = post(officer, desk, what="publish", version=hidden(shown, "version"), key="4", deadline="2026-12-20")
    assert (approved.status_code, published.status_code) == (200, 200)
    assert "опубликовано" in published.text
    own = links(parent.get("/my"), r"/my/\d[^\"]+")
    offered = [page for page in map(parent.get, own) if 'value="accept"' in page.text]
    for page in offered:
        fields = {name: hidden(page, name) for name in ("version", "programme")}
        answered = post(parent, page.url.path, what="accept", key=page.url.path, **fields)
        assert "согласие дано" in answered.text
    database = open_database(settings.database)
    assert verify_journal(database, MUNICIPALITY).findings == ()
    database.close()


def test_a_mistake_in_a_rule_file_is_shown_at_its_line(enter: Callable[[str], Browser]) -> None:
    """The problem stands at the line it is about; without mistakes the impact is shown, and a second person signs."""
    officer, commission = enter("officer"), enter("commission")
    text = (RULES / "region-74" / "magnitogorsk" / "kindergarten.yaml").read_text(encoding="utf-8")
    text = text.replace("magnitogorsk/kindergarten", "chelyabinsk/kindergarten")
    wrong = text.replace("move: territory", "move: teritory")
    line = next(number for number, each in enumerate(wrong.splitlines(), start=1) if "teritory" in each)
    shown = post(officer, "/work/rules", service=SERVICE, name="wrong", text=wrong)
    assert re.search(rf'<li id="line-{line}" class="marked">', shown.text)
    assert "territory" in shown.text
    right = post(officer, "/work/rules", service=SERVICE, name="right", text=text)
    assert 'name="digest"' not in right.text, "who prepared it is not asked to sign"
    seen = commission.get(right.url.path)
    fields = {name: hidden(seen, name) for name in ("version", "digest")}
    assert "опубликовано" in post(commission, right.url.path, key="s", **fields).text


@pytest.mark.parametrize("lang", ["ru", "en"])
@pytest.mark.parametrize(
    ("login", "addresses"),
    [
        ("", ["/", "/queues", "/places", "/rules", "/sign-in"]),
        ("parent", ["/my", "/my/new", f"/my/new?service={SERVICE}", "/sign-in"]),
        ("officer", ["/work", "/work?status=", "/work/rounds", "/work/rules"]),
        ("auditor", ["/work", "/work/rounds", "/work/rules"]),
    ],
)
def test_every_page_opens_in_both_languages(
    enter: Callable[[str], Browser], login: str, addresses: list[str], lang: str
) -> None:
    """Each has one heading, a title, a way past the menu, and no word that is not in the catalogue."""
    browser = enter(login) if login else enter("parent")
    if not login:
        post(browser, "/sign-out")
    for address in addresses:
        page = browser.get(address, params={"lang": lang} if "?" not in address else None)
        assert page.status_code == 200
        assert page.text.count("<h1>") == 1
        assert 'class="skip"' in page.text
        assert not re.search(r"<script|javascript:|\son\w+=|style=", page.text)
        assert browser.get(f"{address.partition('?')[0]}?lang={lang}").status_code == 200


def test_pages_of_others_are_not_there(enter: Callable[[str], Browser]) -> None:
    """A family sees no desk, an official no family's page; who is not signed in is asked to sign in."""
    parent, officer = enter("parent"), enter("officer")
    assert parent.get("/work").status_code == 403
    assert officer.get("/my").status_code == 403
    foreign = links(officer.get(f"/work?service={SERVICE}&status=registered"), rf"/work/{MUNICIPALITY}/[^\"]+")
    own = {link.rpartition("/")[2] for link in links(parent.get("/my"), r"/my/\d[^\"]+")}
    other = next(link for link in foreign if link.rpartition("/")[2] not in own)
    assert parent.get(other.replace("/work/", "/my/")).status_code == 404
    post(parent, "/sign-out")
    assert parent.get("/my").url.path == "/sign-in"


def test_a_form_without_its_token_does_nothing(enter: Callable[[str], Browser]) -> None:
    """Another site cannot make a browser withdraw an application."""
    parent = enter("parent")
    own = links(parent.get("/my"), r"/my/\d[^\"]+")[0]
    shown = parent.get(own)
    sent = {"what": "withdraw", "version": hidden(shown, "version"), "key": "w"}
    assert parent.post(own, data=sent).status_code == 403
    assert parent.get(own).text.count("отозвано") == 0


def test_a_stale_page_changes_nothing_and_says_so(enter: Callable[[str], Browser]) -> None:
    """What was changed in the meantime has to be read first."""
    parent = enter("parent")
    own = links(parent.get("/my"), r"/my/\d[^\"]+")[-1]
    answer = post(parent, own, what="withdraw", version="1", key="v")
    assert answer.status_code == 409
    assert "Прочитайте её ещё раз" in answer.text
