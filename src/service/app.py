"""The one place where the parts of the service meet."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from litestar import Litestar
from litestar.datastructures import CacheControlHeader, MutableScopeHeaders
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.static_files import create_static_files_router
from litestar.template import TemplateConfig
from litestar.types import Message, Scope

from service.db import open_database
from service.enrolment.controller import EnrolmentController
from service.enrolment.handlers import QueueBoard
from service.pages.controller import STATIC, TEMPLATES, PageController
from service.problems import answer_problem
from service.settings import Settings

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


def create_app(settings: Settings) -> Litestar:
    """Return the service over the database that `settings` name, its queues already ordered.

    Raises:
        StoreError: the file is no database of this service.
        QueueEngineError: the rules or what is stored cannot be used.

    """
    database = open_database(settings.database)
    board = QueueBoard(database, settings.rules)
    try:
        board.services()
    except BaseException:
        database.close()
        raise

    def provide_board() -> QueueBoard:
        return board

    static = create_static_files_router(
        "/static", [STATIC], cache_control=CacheControlHeader(max_age=_A_YEAR_S, public=True, immutable=True)
    )
    return Litestar(
        [EnrolmentController, PageController, static],
        dependencies={"board": Provide(provide_board, sync_to_thread=False)},
        exception_handlers={HTTPException: answer_problem, Exception: answer_problem},
        before_send=[_add_headers],
        on_shutdown=[database.close],
        openapi_config=OpenAPIConfig(
            title="Enrolment queues",
            version=_version(),
            path="/schema",
            render_plugins=[JsonRenderPlugin(path=["/", "/openapi.json"])],
            use_handler_docstrings=True,
        ),
        template_config=TemplateConfig(directory=TEMPLATES, engine=JinjaTemplateEngine),
        logging_config=None,
    )


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
