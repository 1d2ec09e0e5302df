"""Queues, programmes, and one application's places over HTTP: what is read."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Annotated

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, PathParameter, QueryParameter, SkipValidation

from service.enrolment import applications, queues
from service.enrolment.applications import Reading
from service.enrolment.queues import Board
from service.enrolment.schemas import (
    ApplicationHistory,
    ApplicationStanding,
    Language,
    QueuePage,
    QueuePosition,
    QueueSummary,
    Reader,
    ServiceSummary,
    ShownApplication,
    ShownProgramme,
)
from service.problems import NotAllowedError, documented
from service.security.rights import EVERYBODY, Right
from service.security.roles import Actor, Reach, Role

_FAMILY = {Role.PARENT: Reach.OWN, Role.LEARNER: Reach.OWN}
_OFFICIALS = {
    Role.MFC: Reach.MUNICIPALITY,
    Role.OFFICER: Reach.MUNICIPALITY,
    Role.COMMISSION: Reach.MUNICIPALITY,
    Role.MINISTRY: Reach.EVERYWHERE,
    Role.AUDITOR: Reach.EVERYWHERE,
}
RIGHTS = {
    "queues.read": Right(EVERYBODY, audited=False),
    "applications.read": Right({**_FAMILY, **_OFFICIALS}),
    "applications.position": Right({**_FAMILY, **_OFFICIALS}, audited=False),  # a number of a public list
    "applications.standing": Right({**_FAMILY, **_OFFICIALS}),
    "applications.history": Right({**_FAMILY, **_OFFICIALS}),
}
"""What may be done here, by whom."""
MOST_PLACES = 200
_FAMILIES = frozenset({Role.PARENT, Role.LEARNER})
_ANY_FAULT = (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND)
_OWN_FAULT = (*_ANY_FAULT, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.SERVICE_UNAVAILABLE)

From = NamedDependency[SkipValidation[Board]]
Asking = NamedDependency[SkipValidation[Reading]]
PageNumber = Annotated[int, QueryParameter(ge=1, le=10_000_000, description="which page of the queue")]
PageSize = Annotated[int, QueryParameter(ge=1, le=MOST_PLACES, description="places a page")]
ProgrammeOf = Annotated[
    Path, PathParameter(description="the rest of the queue's id, percent-encoded; slashes may stay as they are")
]
QueueName = Annotated[str, QueryParameter(min_length=1, max_length=120, description="a programme, or general")]
Since = Annotated[int, QueryParameter(ge=0, le=2**53, description="the last entry before the account")]


class EnrolmentController(Controller):
    """Queues, programmes and their places."""

    path = "/api"
    tags = ("queues",)

    @get("/services", right="queues.read", summary="Every service of every municipality", sync_to_thread=True)
    def services(self, board: From) -> list[ServiceSummary]:
        """Return every service that rules are in force for."""
        return queues.list_services(board)

    @get(
        "/queues",
        right="queues.read",
        summary="Every queue",
        responses=documented(HTTPStatus.BAD_REQUEST),
        sync_to_thread=True,
    )
    def queues(
        self, board: From, municipality: FromQuery[str] = "", service: FromQuery[str] = ""
    ) -> list[QueueSummary]:
        """Return every queue, the general one of a service last."""
        return queues.list_queues(board, municipality, service)

    @get(
        "/queues/{municipality:str}/{service:str}/{programme:path}",
        right="queues.read",
        summary="Places of a queue",
        responses=documented(*_ANY_FAULT),
        sync_to_thread=True,
    )
    def places(
        self,
        board: From,
        municipality: FromPath[str],
        service: FromPath[str],
        programme: ProgrammeOf,
        page: PageNumber = 1,
        size: PageSize = 50,
    ) -> QueuePage:
        """Return some places of a queue: position, application, and the rule that puts it behind the one before."""
        name = programme.as_posix().removeprefix("/")
        return queues.read_queue(board, municipality, service, name, page=page, size=size)

    @get(
        "/programmes/{municipality:str}/{service:str}",
        right="queues.read",
        summary="Programmes and their places",
        responses=documented(*_ANY_FAULT),
        sync_to_thread=True,
    )
    def programmes(self, board: From, municipality: FromPath[str], service: FromPath[str]) -> list[ShownProgramme]:
        """Return the programmes of a service with their places, those taken and those free."""
        return queues.list_programmes(board, municipality, service)


class ApplicationController(Controller):
    """One application: its data, its places and their reasons."""

    path = "/api/applications"
    tags = ("applications",)

    @get(
        "/{municipality:str}/{application:str}",
        right="applications.read",
        summary="An application",
        responses=documented(*_OWN_FAULT),
        sync_to_thread=True,
    )
    def read(
        self, reading: Asking, municipality: FromPath[str], application: FromPath[str]
    ) -> Response[ShownApplication]:
        """Return an application with its wishes and documents; its ETag is named in If-Match by a change."""
        found = applications.read_application(reading, municipality, application)
        return Response(found, headers={"ETag": f'"{found.version}"'})

    @get(
        "/{municipality:str}/{application:str}/position",
        right="applications.position",
        summary="The place in one queue",
        responses=documented(*_OWN_FAULT),
        sync_to_thread=True,
    )
    def position(
        self,
        reading: Asking,
        municipality: FromPath[str],
        application: FromPath[str],
        queue: QueueName,
    ) -> Response[QueuePosition]:
        """Return the place in one queue, in short, and the entry of the journal it follows from."""
        found = applications.read_position(reading, municipality, application, queue)
        return Response(found, headers={"ETag": f'"{found.entry}"'})

    @get(
        "/{municipality:str}/{application:str}/standing",
        right="applications.standing",
        summary="Every place and its reasons",
        responses=documented(*_OWN_FAULT),
        sync_to_thread=True,
    )
    def standing(
        self,
        reading: Asking,
        municipality: FromPath[str],
        application: FromPath[str],
        lang: FromQuery[Language] = "ru",
        view: FromQuery[Reader] = "parent",
    ) -> Response[ApplicationStanding]:
        """Return the place in every queue, why it is that, and why it is not in other queues."""
        _require_view(reading.actor, view)
        found = applications.read_standing(reading, municipality, application, lang, view)
        return Response(found, headers={"ETag": f'"{found.entry}"'})

    @get(
        "/{municipality:str}/{application:str}/history",
        right="applications.history",
        summary="How a place has changed, and why",
        responses=documented(*_OWN_FAULT),
        sync_to_thread=True,
    )
    def history(  # noqa: PLR0917 - whose, of what, and for whom
        self,
        reading: Asking,
        municipality: FromPath[str],
        application: FromPath[str],
        queue: QueueName,
        since: Since = 0,
        lang: FromQuery[Language] = "ru",
        view: FromQuery[Reader] = "parent",
    ) -> Response[ApplicationHistory]:
        """Return every move of the place since an entry, and its reasons; the steps sum to the change."""
        _require_view(reading.actor, view)
        found = applications.read_history(
            reading, municipality, application, queue, since=since, lang=lang, reader=view
        )
        return Response(found, headers={"ETag": f'"{found.entry}"'})


def _require_view(actor: Actor, view: Reader) -> None:
    """Refuse a family the officer's view, which names rights of others."""
    if view == "officer" and actor.role in _FAMILIES:
        raise NotAllowedError("the officer's view names the rights of other families", "ask for view=parent")
