"""Signing in, roles, accounts and the audit over HTTP."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody, PathParameter, QueryParameter, SkipValidation

from service.db import Database
from service.problems import documented
from service.security import desk, sessions
from service.security.audit import Audit
from service.security.guards import Cookies
from service.security.rights import EVERYBODY, SIGNED_IN, Right, require_role
from service.security.roles import Actor, Reach, Role
from service.security.schemas import (
    AccountSummary,
    AuditLineShown,
    Credentials,
    Me,
    NewAccount,
    NewPost,
    ProgramSecret,
    RoleChoice,
)
from service.security.sessions import Visitors

RIGHTS = {
    "people.sign-in": Right(EVERYBODY, audited=False),  # leaves its own entry
    "people.me": Right(EVERYBODY, audited=False),
    "people.choose-role": Right(SIGNED_IN, audited=False),
    "people.program": Right({Role.OPERATOR: Reach.EVERYWHERE}),
    "accounts.read": Right({Role.OPERATOR: Reach.EVERYWHERE, Role.AUDITOR: Reach.EVERYWHERE}),
    "accounts.change": Right({Role.OPERATOR: Reach.EVERYWHERE}),
    "audit.read": Right({Role.AUDITOR: Reach.EVERYWHERE, Role.OFFICER: Reach.MUNICIPALITY}, audited=False),
}
"""What may be done here, by whom."""

Data = NamedDependency[SkipValidation[Database]]
Who = NamedDependency[SkipValidation[Actor]]
Left = NamedDependency[SkipValidation[Audit]]
Number = Annotated[int, PathParameter(ge=1, le=2**31 - 1, description="the number of an account")]
_REFUSED = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


class PeopleController(Controller):
    """Who is asking, and who may."""

    path = "/api"
    tags = ("people",)

    @post(
        "/sign-in",
        right="people.sign-in",
        summary="Sign in with a local account",
        status_code=HTTPStatus.OK,
        responses=documented(*_REFUSED, HTTPStatus.TOO_MANY_REQUESTS),
        sync_to_thread=True,
    )
    def sign_in(
        self,
        request: Request[Any, Any, Any],
        database: Data,
        jar: NamedDependency[SkipValidation[Cookies]],
        data: JSONBody[Credentials],
    ) -> Response[Me]:
        """Sign in; the answer's cookie is the browser's secret, a new one each time."""
        former = request.cookies.get(jar.session, "")
        address = request.client.host if request.client else ""
        secret = desk.sign_in(database, data.login, data.password, former, address)
        return Response(desk.read_me(database, secret), headers={"Set-Cookie": jar.header(secret)})

    @post(
        "/sign-out",
        right="people.me",
        summary="Sign out",
        status_code=HTTPStatus.OK,
        responses=documented(*_REFUSED),
        sync_to_thread=True,
    )
    def sign_out(
        self,
        request: Request[Any, Any, Any],
        database: Data,
        visitors: NamedDependency[SkipValidation[Visitors]],
        jar: NamedDependency[SkipValidation[Cookies]],
    ) -> Response[Me]:
        """Make the secret worth nothing, and return who is asking then: nobody."""
        secret = str(request.scope["auth"])
        with database.writing() as session:
            sessions.end(session, secret)
        visitors.forget(secret)
        return Response(desk.read_me(database, ""), headers={"Set-Cookie": jar.header("")})

    @get("/me", right="people.me", summary="Who is asking", responses=documented(*_REFUSED), sync_to_thread=True)
    def me(self, request: Request[Any, Any, Any], database: Data) -> Me:
        """Return who is asking, and in which roles they may act."""
        return desk.read_me(database, str(request.scope["auth"]))

    @post(
        "/role",
        right="people.choose-role",
        summary="Act in another role",
        status_code=HTTPStatus.OK,
        responses=documented(*_REFUSED, HTTPStatus.NOT_FOUND),
        sync_to_thread=True,
    )
    def choose_role(
        self,
        request: Request[Any, Any, Any],
        database: Data,
        visitors: NamedDependency[SkipValidation[Visitors]],
        jar: NamedDependency[SkipValidation[Cookies]],
        data: JSONBody[RoleChoice],
    ) -> Response[Me]:
        """Act in another of one's roles from now on, with a new secret."""
        secret = str(request.scope["auth"])
        with database.writing() as session:
            renewed = sessions.change_role(session, secret, data.post)
        visitors.forget(secret)
        return Response(desk.read_me(database, renewed), headers={"Set-Cookie": jar.header(renewed)})

    @post(
        "/accounts/{account:int}/programs",
        right="people.program",
        summary="Give a program its secret",
        responses=documented(*_REFUSED, HTTPStatus.NOT_FOUND),
        sync_to_thread=True,
    )
    def give_program(self, database: Data, audit: Left, account: Number) -> ProgramSecret:
        """Return the secret by which a program acts in the usual role of an account; it is shown once."""
        return ProgramSecret(desk.give_program(database, audit, account))

    @get(
        "/accounts",
        right="accounts.read",
        summary="Every account",
        responses=documented(*_REFUSED),
        sync_to_thread=True,
    )
    def accounts(self, database: Data, audit: Left) -> list[AccountSummary]:
        """Return every account with its roles."""
        found = desk.list_accounts(database)
        audit.read("account", [str(each.id) for each in found])
        return found

    @post(
        "/accounts",
        right="accounts.change",
        summary="Make an account",
        responses=documented(*_REFUSED, HTTPStatus.CONFLICT),
        sync_to_thread=True,
    )
    def make_account(self, database: Data, audit: Left, data: JSONBody[NewAccount]) -> AccountSummary:
        """Make a local account with its roles."""
        return desk.make_account(database, audit, data)

    @post(
        "/accounts/{account:int}/posts",
        right="accounts.change",
        summary="Give a role",
        responses=documented(*_REFUSED, HTTPStatus.NOT_FOUND),
        sync_to_thread=True,
    )
    def give_post(self, database: Data, audit: Left, account: Number, data: JSONBody[NewPost]) -> AccountSummary:
        """Give an account one more role."""
        return desk.give_post(database, audit, account, data)

    @post(
        "/accounts/{account:int}/dismiss",
        right="accounts.change",
        summary="Close an account",
        status_code=HTTPStatus.OK,
        responses=documented(*_REFUSED, HTTPStatus.NOT_FOUND),
        sync_to_thread=True,
    )
    def dismiss(self, database: Data, audit: Left, account: Number) -> AccountSummary:
        """Close an account, and sign it out everywhere within a second."""
        return desk.dismiss(database, audit, account)

    @get("/audit", right="audit.read", summary="What was done", responses=documented(*_REFUSED), sync_to_thread=True)
    def audit_entries(
        self,
        database: Data,
        actor: Who,
        kind: FromQuery[str] = "",
        subject: FromQuery[str] = "",
        before: Annotated[int | None, QueryParameter(ge=1, le=2**53)] = None,
        size: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
    ) -> list[AuditLineShown]:
        """Return what was done and read, the newest first."""
        reach = require_role(actor, "audit.read")
        return desk.read_audit(database, actor, reach, kind=kind, subject=subject, before=before, size=size)
