"""The pages in a real browser: nothing is broken for those who do not see, or use a phone, a keyboard, the dark."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.service.conftest import RULES
from tests.service.live import listening

from service.app import create_app
from service.enrolment.seeding import DEMO_PASSWORD, MUNICIPALITY, make_example
from service.pages.words import WORDS
from service.settings import Settings

CHROMIUM = shutil.which("chromium") or ""
PAGES = Path(__file__).parents[3] / "src" / "service" / "pages"
SERVICE = f"{MUNICIPALITY}/kindergarten"
ADDRESSES = {
    "": ["/", "/?number=777", "/queues", f"/queues/{SERVICE}/general", "/places", "/rules", "/sign-in", "/none"],
    "parent": ["/my", "OWN", "/my/new", f"/my/new?service={SERVICE}", "/sign-in"],
    "officer": ["/work", "APPLICATION", "/work/rounds", "ROUND", "/work/rules", "RULES"],
    "commission": ["ROUND", "/work/rules"],
}
_QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Return the Chromium of the machine; where tests are run for everybody it has to be there."""
    if not CHROMIUM:
        if os.environ.get("CI"):
            pytest.fail("there is no chromium; install it with apt-get install chromium")
        pytest.skip("there is no chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return where a service over an example listens, started as it is for people."""
    folder = tmp_path_factory.mktemp("browser")
    settings = Settings(folder / "town.sqlite", 200, 5, rules=RULES, secret=folder / "secret.key")
    make_example(settings.database, RULES, applications=200, seed=5)
    with listening(create_app(settings)) as found:
        yield found


def enter(context: BrowserContext, address: str, login: str) -> Page:
    """Return a page of somebody who has signed in by the form; its faults are gathered in `faults`."""
    page = context.new_page()
    if login:
        page.goto(f"{address}/sign-in")
        page.fill("#login", login)
        page.fill("#password", DEMO_PASSWORD)
        page.click("main button[type=submit]")
    return page


def found(page: Page, address: str, wanted: str) -> str:
    """Return the address of a page that is found by following a link; a round and a rule file are made first."""
    if wanted == "ROUND":
        page.goto(f"{address}/work/rounds")
    elif wanted == "RULES":
        page.goto(f"{address}/work/rules")
        page.fill("#name", "local")
        page.fill("#text", "rules: 1\nid: a/b\nlevel: town\n")
        page.click("main form button[type=submit]")
        return page.url
    elif wanted in {"OWN", "APPLICATION"}:
        page.goto(f"{address}/my" if wanted == "OWN" else f"{address}/work?status=")
    else:
        return f"{address}{wanted}"
    return f"{address}{page.locator('main li a, main tbody a').first.get_attribute('href')}"


@pytest.mark.parametrize(
    ("scheme", "width", "lang"),
    [("light", 1280, "ru"), ("dark", 390, "en"), ("dark", 1280, "ru"), ("light", 390, "ru")],
)
@pytest.mark.parametrize("login", list(ADDRESSES))
def test_nothing_stands_in_anybodys_way(
    chromium: Browser, address: str, login: str, scheme: Literal["light", "dark"], width: int, lang: str
) -> None:
    """No fault that axe knows, no message on the console, no request elsewhere, nothing wider than the screen."""
    context = chromium.new_context(
        locale="ru-RU", color_scheme=scheme, viewport={"width": width, "height": 900}, reduced_motion="reduce"
    )
    faults: list[str] = []
    context.on("console", lambda message: faults.append(message.text) if "404" not in message.text else None)
    context.on(
        "request", lambda request: None if request.url.startswith((address, "data:")) else faults.append(request.url)
    )
    page = enter(context, address, login)
    for wanted in ADDRESSES[login]:
        place = found(page, address, wanted)
        page.goto(f"{place}{'&' if '?' in place else '?'}lang={lang}")
        results = Axe().run(page)
        assert results.violations_count == 0, f"{wanted}: {results.generate_report()}"
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{wanted} is {wide} wide"
        assert page.get_attribute("html", "lang") == lang
    context.close()
    assert faults == []


def test_a_keyboard_is_enough(chromium: Browser, address: str) -> None:
    """The first key leads past the menu; a form is filled and sent without a mouse."""
    context = chromium.new_context(locale="ru-RU")
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    page.keyboard.type("parent")
    page.keyboard.press("Tab")
    page.keyboard.type(DEMO_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/my")
    context.close()


def test_every_word_is_in_the_catalogue_and_every_word_there_is_said() -> None:
    """Templates use no word that is missing in a language, and none is kept that nobody says."""
    templates = "\n".join(path.read_text(encoding="utf-8") for path in sorted((PAGES / "templates").glob("*.html")))
    code = "\n".join(path.read_text(encoding="utf-8") for path in sorted(PAGES.glob("*.py")) if path.stem != "words")
    used = set(re.findall(r"\bw\.(\w+)", templates)) | set(re.findall(r'\bw\["([\w.-]+)"\]', templates))
    families = {each.rstrip(".") for each in re.findall(r'w\["(\w+\.)" ~', templates)} | {"error"}
    for words in WORDS.values():
        assert used - words.keys() == set()
        said = {name for name in words if name.partition(".")[0] in families and "." in name}
        said |= {name for name in words if f'"{name}"' in code}
        assert set(words) - used - said == set()
        assert all(text.strip() for text in words.values())
