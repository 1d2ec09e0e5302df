"""The one place where the parts of the service meet."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

import attrs
from litestar import Litestar, Request, Response, Router
from litestar.datastructures import CacheControlHeader, MutableScopeHeaders
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException
from litestar.middleware import DefineMiddleware
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.params import SkipValidation
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.static_files import create_static_files_router
from litestar.template import TemplateConfig
from litestar.types import Message, Scope

from service.db import Database, open_database
from service.enrolment.applications import Reading
from service.enrolment.controller import RIGHTS as QUEUE_RIGHTS
from service.enrolment.controller import ApplicationController, EnrolmentController
from service.enrolment.days import DayClock
from service.enrolment.desk import Desk
from service.enrolment.filing_controller import RIGHTS as FILING_RIGHTS
from service.enrolment.filing_controller import FilingController, ProgrammeController
from service.enrolment.following import Followers
from service.enrolment.queues import Board
from service.enrolment.rounds_controller import RIGHTS as ROUND_RIGHTS
from service.enrolment.rounds_controller import RoundController
from service.enrolment.rule_controller import RIGHTS as RULE_RIGHTS
from service.enrolment.rule_controller import RuleController
from service.enrolment.rule_folder import read_vocabulary
from service.enrolment.rule_shelf import RuleShelf
from service.enrolment.writing import Ledger, Towns
from service.migrating import require_current
from service.pages import officer, parent, public, signing
from service.pages.controller import RIGHTS as PAGE_RIGHTS
from service.pages.controller import PageController
from service.pages.rendering import STATIC, TEMPLATES, show_failure
from service.problems import answer_problem
from service.security.audit import Audit, AuditLine
from service.security.bodies import LARGEST_BODY, refuse_unreadable
from service.security.controller import RIGHTS as PEOPLE_RIGHTS
from service.security.controller import PeopleController
from service.security.guards import (
    Cookies,
    Forged,
    Gate,
    csrf_config,
    guard_rights,
    provide_actor,
    provide_audit,
    unguarded,
)
from service.security.keys import key_for, read_secret
from service.security.rights import Rights
from service.security.roles import Actor
from service.security.sessions import Visitors
from service.settings import Settings

PAGES_RIGHTS = (public.RIGHTS, signing.RIGHTS, parent.RIGHTS, officer.RIGHTS)
RIGHTS = Rights.of(PEOPLE_RIGHTS, QUEUE_RIGHTS, FILING_RIGHTS, ROUND_RIGHTS, RULE_RIGHTS, PAGE_RIGHTS, *PAGES_RIGHTS)
"""Everything that may be done, by whom."""
CONTROLLERS = (
    EnrolmentController,
    ApplicationController,
    FilingController,
    ProgrammeController,
    RoundController,
    RuleController,
    PageController,
    public.PublicController,
    signing.SigningController,
    parent.ParentController,
    officer.OfficerController,
    PeopleController,
)

_A_YEAR_S = 365 * 24 * 60 * 60
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


class UnguardedError(Exception):
    """A route has no row in the table of rights; the service does not start with it."""


def create_app(settings: Settings, *, with_days: bool = False) -> Litestar:
    """Return the service over the database that `settings` name.

    Args:
        settings: what it is started with.
        with_days: whether it records each new day in the journals while it runs.

    Raises:
        QueueEngineError: the rules cannot be used.
        DatabaseAddressError: the database cannot be opened.
        MigrationError: it is not of this version, or is none of this service.
        SecretError: the secret of the installation cannot be read.
        UnguardedError: a route has no row in the table of rights.

    """
    parts = Parts.opened(settings)
    try:
        return _assembled(parts, with_days=with_days)
    except BaseException:
        parts.close()
        raise


@attrs.frozen(eq=False)
class Parts:
    """What the service is made of.

    Args:
        database: the database.
        desk: what commands are carried out with.
        board: what queues are read from.
        visitors: who is signed in.
        line: writes the record of reads.
        jar: what cookies are called.

    """

    database: Database
    desk: Desk
    board: Board
    visitors: Visitors
    line: AuditLine
    jar: Cookies

    @classmethod
    def opened(cls, settings: Settings) -> Parts:
        """Open the database, and read the rules and the secret."""
        secret = read_secret(settings.secret)
        database = open_database(settings.database)
        try:
            require_current(database)
            vocabulary, shelf = read_vocabulary(settings.rules), RuleShelf(settings.rules, database)
        except BaseException:
            database.close()
            raise
        towns = Towns(database)
        return cls(
            database,
            Desk(database, Ledger(towns), vocabulary, secret),
            Board(database, Followers(towns, shelf), settings.rules),
            Visitors(database, RIGHTS),
            AuditLine(database),
            Cookies(settings.address.startswith("https://")),
        )

    def close(self) -> None:
        """Finish what was begun; the database last."""
        self.desk.ledger.close()
        self.line.close()
        self.database.close()


def _assembled(parts: Parts, *, with_days: bool) -> Litestar:
    static = create_static_files_router(
        "/static",
        [STATIC],
        cache_control=CacheControlHeader(max_age=_A_YEAR_S, public=True, immutable=True),
        opt={"public": True},
    )
    given = {name: getattr(parts, name) for name in ("database", "desk", "board", "visitors", "jar")}
    clock = DayClock(parts.desk, parts.board)
    forged = csrf_config(key_for(parts.desk.secret, "forged requests").hex(), parts.jar)
    app = Litestar(
        [*CONTROLLERS, static],
        dependencies={
            **{name: _providing(part) for name, part in given.items()},
            "reading": Provide(provide_reading, sync_to_thread=False),
            "actor": Provide(provide_actor, sync_to_thread=False),
            "audit": Provide(provide_audit, sync_to_thread=False),
        },
        guards=[guard_rights],
        middleware=[Gate(parts.visitors, parts.line, RIGHTS, parts.jar), DefineMiddleware(Forged, config=forged)],
        exception_handlers={HTTPException: _answer, Exception: _answer},
        before_request=refuse_unreadable,
        request_max_body_size=LARGEST_BODY,
        before_send=[_add_headers],
        on_startup=[clock.start] if with_days else [],
        on_shutdown=[clock.stop, parts.close],
        openapi_config=OpenAPIConfig(
            title="Enrolment queues",
            version=_version(),
            path="/schema",
            render_plugins=[JsonRenderPlugin(path=["/", "/openapi.json"])],
            use_handler_docstrings=True,
            openapi_router=Router("/schema", route_handlers=[], include_in_schema=False, opt={"public": True}),
        ),
        template_config=TemplateConfig(directory=TEMPLATES, engine=JinjaTemplateEngine),
        logging_config=None,
    )
    left = unguarded(app, RIGHTS)
    if left:
        raise UnguardedError(f"these routes have no right: {'; '.join(left)}; name it with right=, and declare it")
    return app


def provide_reading(
    desk: NamedDependency[SkipValidation[Desk]],
    board: NamedDependency[SkipValidation[Board]],
    actor: NamedDependency[SkipValidation[Actor]],
    audit: NamedDependency[SkipValidation[Audit]],
) -> Reading:
    """Return what this request reads with."""
    return Reading(desk, board, actor, audit)


def _providing(part: object) -> Provide:
    """Return the dependency that is one part of the service."""

    def provide() -> object:
        return part

    return Provide(provide, sync_to_thread=False)


def _answer(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer what failed: a browser at no address of the API gets a page, all others a problem document."""
    programs = request.url.path.startswith(("/api/", "/schema", "/static/"))
    if programs or "text/html" not in request.headers.get("accept", ""):
        return answer_problem(request, error)
    return show_failure(request, error)


async def _add_headers(message: Message, _: Scope) -> None:
    """Add what every answer carries; only answers that say otherwise may be kept by caches."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)
        headers.setdefault("Cache-Control", "no-store")


def _version() -> str:
    try:
        return version("queue-engine")
    except PackageNotFoundError:  # run from the source tree
        return "0"
