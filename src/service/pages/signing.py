"""Signing in and out with a browser, and choosing a role."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from litestar import Controller, MediaType, Request, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, SkipValidation
from litestar.response import Redirect, Template

from service.db import Database
from service.pages.rendering import page, show_failure
from service.problems import NotSignedInError
from service.security import desk, sessions
from service.security.guards import Cookies
from service.security.rights import EVERYBODY, SIGNED_IN, Right
from service.security.sessions import Visitors

RIGHTS = {
    "pages.sign-in": Right(EVERYBODY, audited=False),  # leaves its own entry
    "pages.role": Right(SIGNED_IN, audited=False),
}
"""What may be done here, by whom."""
_FAMILY_ROLES = frozenset({"parent", "learner"})
Data = NamedDependency[SkipValidation[Database]]


class Entered(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """What the form of signing in holds."""

    login: Annotated[str, msgspec.Meta(max_length=128)] = ""
    password: Annotated[str, msgspec.Meta(max_length=200)] = ""


class Chosen(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """What the form of roles holds."""

    post: int = 0


class SigningController(Controller):
    """Signing in and out."""

    path = "/"
    include_in_schema = False
    exception_handlers = {Exception: show_failure}  # noqa: RUF012 - Litestar reads it from the class

    @get("/sign-in", right="pages.sign-in", media_type=MediaType.HTML, sync_to_thread=True)
    def form(self, request: Request[Any, Any, Any], database: Data) -> Template:
        """Show the form, and to whom is signed in, their roles."""
        me = desk.read_me(database, str(request.scope["auth"]))
        return page(request, "sign_in.html", me=me, failed=False)

    @post("/sign-in", right="pages.sign-in", media_type=MediaType.HTML, sync_to_thread=True)
    def enter(
        self,
        request: Request[Any, Any, Any],
        database: Data,
        jar: NamedDependency[SkipValidation[Cookies]],
        data: Annotated[Entered, Body(media_type=RequestEncodingType.URL_ENCODED)],
    ) -> Template | Redirect:
        """Sign in, and go to where the role begins its work."""
        former = request.cookies.get(jar.session, "")
        try:
            address = request.client.host if request.client else ""
            secret = desk.sign_in(database, data.login, data.password, former, address)
        except NotSignedInError:
            me = desk.read_me(database, "")
            return page(request, "sign_in.html", HTTPStatus.UNAUTHORIZED, me=me, failed=True)
        me = desk.read_me(database, secret)
        home = "/my" if me.acting is None or me.acting.role in _FAMILY_ROLES else "/work"
        return Redirect(home, status_code=HTTPStatus.SEE_OTHER.value, headers={"Set-Cookie": jar.header(secret)})

    @post("/sign-out", right="pages.sign-in", sync_to_thread=True)
    def leave(
        self,
        request: Request[Any, Any, Any],
        database: Data,
        visitors: NamedDependency[SkipValidation[Visitors]],
        jar: NamedDependency[SkipValidation[Cookies]],
    ) -> Redirect:
        """Make the browser's secret worth nothing."""
        secret = str(request.scope["auth"])
        with database.writing() as session:
            sessions.end(session, secret)
        visitors.forget(secret)
        return Redirect("/", status_code=HTTPStatus.SEE_OTHER.value, headers={"Set-Cookie": jar.header("")})

    @post("/role", right="pages.role", sync_to_thread=True)
    def choose(
        self,
        request: Request[Any, Any, Any],
        database: Data,
        visitors: NamedDependency[SkipValidation[Visitors]],
        jar: NamedDependency[SkipValidation[Cookies]],
        data: Annotated[Chosen, Body(media_type=RequestEncodingType.URL_ENCODED)],
    ) -> Redirect:
        """Act in another of one's roles, with a new secret."""
        secret = str(request.scope["auth"])
        with database.writing() as session:
            renewed = sessions.change_role(session, secret, data.post)
        visitors.forget(secret)
        return Redirect("/sign-in", status_code=HTTPStatus.SEE_OTHER.value, headers={"Set-Cookie": jar.header(renewed)})
