"""The page where a parent reads an application's place and its reasons."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from litestar import Controller, MediaType, Request, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, SkipValidation
from litestar.response import Template

from service.enrolment.queues import Board, PublicStanding, list_services, public_standing
from service.pages.rendering import STYLE, language_of, page, show_failure
from service.pages.texts import TEXTS
from service.problems import UnknownApplicationError
from service.security.rights import EVERYBODY, Right

__all__ = ["RIGHTS", "STYLE", "PageController"]

RIGHTS = {"pages.place": Right(EVERYBODY, audited=False)}
"""What may be done here, by whom."""

_LONGEST = 16  # digits of a number


class PageController(Controller):
    """Pages for parents."""

    path = "/"
    include_in_schema = False
    exception_handlers = {Exception: show_failure}  # noqa: RUF012 - Litestar reads it from the class

    @get("/", right="pages.place", media_type=MediaType.HTML, sync_to_thread=True)
    def place(
        self,
        request: Request[Any, Any, Any],
        board: NamedDependency[SkipValidation[Board]],
        number: FromQuery[str] = "",
        service: FromQuery[str] = "",
    ) -> Template:
        """Show the form, and the places that public lists hold for the number that was entered."""
        language = language_of(request)
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
        return page(request, "place.html", status, text=TEXTS[language], **parts)
