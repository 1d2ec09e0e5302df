"""The queue API over HTTP."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Annotated

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, PathParameter, QueryParameter, SkipValidation

from service.enrolment.handlers import QueueBoard, list_queues, read_queue, read_standing
from service.enrolment.schemas import ApplicationStanding, Language, QueuePage, QueueSummary
from service.problems import documented
from service.security.rights import EVERYBODY, Right

RIGHTS = {"queues.read": Right(EVERYBODY, audited=False)}
"""What may be done here, by whom."""
MOST_PLACES = 200
_ANY_FAULT = (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND)

Board = NamedDependency[SkipValidation[QueueBoard]]
PageNumber = Annotated[int, QueryParameter(ge=1, le=10_000_000, description="which page of the queue")]
PageSize = Annotated[int, QueryParameter(ge=1, le=MOST_PLACES, description="places a page")]
ProgrammeOf = Annotated[
    Path, PathParameter(description="the rest of the queue's id, percent-encoded; slashes may stay as they are")
]


class EnrolmentController(Controller):
    """Queues, their places, and one application's standing in them."""

    path = "/api"
    tags = ("queues",)

    @get("/queues", right="queues.read", summary="Every queue", sync_to_thread=True)
    def queues(self, board: Board) -> list[QueueSummary]:
        """Return every queue of every service, the general one of a service last."""
        return list_queues(board)

    @get(
        "/queues/{service:str}/{programme:path}",
        right="queues.read",
        summary="Places of a queue",
        responses=documented(*_ANY_FAULT),
        sync_to_thread=True,
    )
    def places(
        self, board: Board, service: FromPath[str], programme: ProgrammeOf, page: PageNumber = 1, size: PageSize = 50
    ) -> QueuePage:
        """Return some places of a queue: position, application, and the rule that puts it behind the one before."""
        return read_queue(board, service, programme.as_posix().removeprefix("/"), page=page, size=size)

    @get(
        "/applications/{number:str}/standing",
        right="queues.read",
        summary="An application's places and their reasons",
        responses=documented(*_ANY_FAULT),
        sync_to_thread=True,
    )
    def standing(
        self,
        board: Board,
        number: FromPath[str],
        lang: FromQuery[Language] = "ru",
        service: Annotated[str | None, QueryParameter(description="only of this service")] = None,
    ) -> ApplicationStanding:
        """Return the place in every queue of the application, why it is that, and why it is not in other queues."""
        return read_standing(board, number, lang, service)
