"""The page where a parent reads an application's place and its reasons."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from pathlib import Path
from typing import Any

from litestar import Controller, MediaType, Request, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, SkipValidation
from litestar.response import Template

from service.enrolment.queues import Board, PublicStanding, list_services, public_standing
from service.enrolment.schemas import Language
from service.pages.texts import TEXTS
from service.problems import UnknownApplicationError, answer_problem
from service.security.rights import EVERYBODY, Right

RIGHTS = {"pages.place": Right(EVERYBODY, audited=False)}
"""What may be done here, by whom."""

_LONGEST = 16  # digits of a number
HERE = Path(__file__).parent
STATIC = HERE / "static"
TEMPLATES = HERE / "templates"
_STYLE_VERSION = hashlib.sha256((STATIC / "page.css").read_bytes()).hexdigest()[:12]
STYLE = f"/static/page.css?v={_STYLE_VERSION}"
"""The address of the stylesheet; it changes with its content, so that browsers may keep it for good."""


def show_failure(request: Request[Any, Any, Any], error: Exception) -> Template:
    """Answer a page that failed with a page that says what to do; the log gets what the API would tell."""
    status = answer_problem(request, error).status_code
    lang = _language(request.query_params.get("lang", ""))
    return _page("failure.html", lang, HTTPStatus(status or HTTPStatus.INTERNAL_SERVER_ERROR), {"number": ""})


class PageController(Controller):
    """Pages for parents."""

    path = "/"
    include_in_schema = False
    exception_handlers = {Exception: show_failure}  # noqa: RUF012 - Litestar reads it from the class

    @get("/", right="pages.place", media_type=MediaType.HTML, sync_to_thread=True)
    def place(
        self,
        board: NamedDependency[SkipValidation[Board]],
        number: FromQuery[str] = "",
        service: FromQuery[str] = "",
        lang: FromQuery[str] = "",
    ) -> Template:
        """Show the form, and the places that public lists hold for the number that was entered."""
        language = _language(lang)
        number = number.strip()
        titles = {f"{each.municipality}/{each.service}": getattr(each.title, language) for each in list_services(board)}
        chosen = service if service in titles else next(iter(titles), "")
        found: PublicStanding | None = None
        status = HTTPStatus.OK
        if number:
            municipality, _, name = chosen.partition("/")
            try:
                known = int(number) if number.isascii() and number.isdigit() and len(number) < _LONGEST else -1
                found = public_standing(board, municipality, name, known)
            except UnknownApplicationError as error:
                status = error.status
        parts = {
            "titles": titles,
            "number": number,
            "service": chosen,
            "unknown": status is HTTPStatus.NOT_FOUND,
            "standing": found,
        }
        return _page("place.html", language, status, parts)


def _page(template: str, lang: Language, status: HTTPStatus, parts: dict[str, Any]) -> Template:
    context = {"lang": lang, "text": TEXTS[lang], "style": STYLE, **parts}
    return Template(template, context=context, status_code=status.value, media_type=MediaType.HTML)


def _language(lang: str) -> Language:
    return "en" if lang == "en" else "ru"
