"""Pages for everybody: queues without anything personal, programmes with free places, rules in words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from litestar import Controller, MediaType, Request, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, PathParameter, SkipValidation
from litestar.response import Template

from service.enrolment.queues import Board, list_programmes, list_queues, list_services, read_queue, rules_in_words
from service.pages.rendering import language_of, page, show_failure
from service.security.rights import EVERYBODY, Right

RIGHTS = {"pages.public": Right(EVERYBODY, audited=False)}
"""What may be done here, by whom."""
_PAGE = 50
From = NamedDependency[SkipValidation[Board]]
ProgrammeOf = Annotated[Path, PathParameter(description="the rest of the queue's id")]


class PublicController(Controller):
    """What everybody may read."""

    path = "/"
    include_in_schema = False
    exception_handlers = {Exception: show_failure}  # noqa: RUF012 - Litestar reads it from the class

    @get("/queues", right="pages.public", media_type=MediaType.HTML, sync_to_thread=True)
    def queues(self, request: Request[Any, Any, Any], board: From) -> Template:
        """Show every queue of every service."""
        return page(request, "queues.html", queues=list_queues(board))

    @get(
        "/queues/{municipality:str}/{service:str}/{programme:path}",
        right="pages.public",
        media_type=MediaType.HTML,
        sync_to_thread=True,
    )
    def queue(
        self,
        request: Request[Any, Any, Any],
        board: From,
        municipality: FromPath[str],
        service: FromPath[str],
        programme: ProgrammeOf,
        number: FromQuery[int] = 1,
    ) -> Template:
        """Show a page of a queue."""
        name = programme.as_posix().removeprefix("/")
        shown = read_queue(board, municipality, service, name, page=max(1, number), size=_PAGE)
        return page(request, "queue.html", shown=shown)

    @get("/places", right="pages.public", media_type=MediaType.HTML, sync_to_thread=True)
    def places(self, request: Request[Any, Any, Any], board: From, service: FromQuery[str] = "") -> Template:
        """Show the programmes of a service with their free places."""
        lang = language_of(request)
        titles = {f"{each.municipality}/{each.service}": getattr(each.title, lang) for each in list_services(board)}
        chosen = service if service in titles else next(iter(titles), "")
        municipality, _, name = chosen.partition("/")
        found = [each for each in list_programmes(board, municipality, name) if each.is_open] if chosen else []
        return page(request, "places.html", titles=titles, chosen=chosen, programmes=found)

    @get("/rules", right="pages.public", media_type=MediaType.HTML, sync_to_thread=True)
    def rules(self, request: Request[Any, Any, Any], board: From, service: FromQuery[str] = "") -> Template:
        """Show the rules in force, in words."""
        lang = language_of(request)
        titles = {f"{each.municipality}/{each.service}": getattr(each.title, lang) for each in list_services(board)}
        chosen = service if service in titles else next(iter(titles), "")
        municipality, _, name = chosen.partition("/")
        lines = rules_in_words(board, municipality, name, lang) if chosen else []
        return page(request, "rules.html", titles=titles, chosen=chosen, lines=lines)
