"""Every request: who asks, whether the role may do it, against forged requests, and that a record was left."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import attrs
from anyio import to_thread
from litestar import Litestar, Request
from litestar.config.csrf import CSRFConfig
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.middleware.csrf import CSRFMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from service.problems import NotSignedInError
from service.security.audit import Audit, AuditLine
from service.security.rights import Rights, require_role
from service.security.roles import Actor
from service.security.sessions import Visitors

BROWSER, PROGRAM = "browser", "program"
_BEARER = "Bearer "
_FREE = "public"
"""What a handler that needs no right is marked with: files that are the same for everybody."""
CSRF_HEADER = "x-csrf-token"


@attrs.frozen
class Cookies:
    """What the cookies are called: with a prefix that browsers honour where the address is https.

    >>> Cookies(secure=True).session, Cookies(secure=False).session
    ('__Host-session', 'session')

    """

    secure: bool

    @property
    def session(self) -> str:
        """Return the name of the cookie with the secret of who is signed in."""
        return "__Host-session" if self.secure else "session"

    @property
    def csrf(self) -> str:
        """Return the name of the cookie against forged requests; pages read it, and send it in a header."""
        return "__Host-csrf" if self.secure else "csrf"

    def header(self, secret: str, *, for_s: int = 0) -> str:
        """Return the cookie that gives a browser its secret, or takes it away when it is empty."""
        life = f"; Max-Age={for_s}" if secret == "" or for_s else ""
        secure = "; Secure" if self.secure else ""
        return f"{self.session}={secret}; Path=/; HttpOnly; SameSite=Lax{life}{secure}"


class Forged(CSRFMiddleware):
    """Refuses forged requests of browsers; a program's secret in a header cannot be sent by another site."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let programs pass, and ask browsers for the token."""
        names = {name for name, _ in scope["headers"]}
        if b"authorization" in names and b"cookie" not in names:
            await self.app(scope, receive, send)
            return
        await super().__call__(scope, receive, send)


def csrf_config(secret: str, cookies: Cookies) -> CSRFConfig:
    """Return how forged requests are told from others."""
    return CSRFConfig(
        secret=secret,
        cookie_name=cookies.csrf,
        header_name=CSRF_HEADER,
        cookie_secure=cookies.secure,
        cookie_samesite="lax",
        cookie_httponly=False,
        exclude_from_csrf_key=_FREE,
    )


@attrs.define(eq=False)
class Gate(ASGIMiddleware):
    """Finds out who asks, and keeps back an answer that should have left a record and did not.

    Args:
        visitors: who is signed in.
        line: writes the record.
        rights: what roles may do.
        cookies: what they are called.

    """

    visitors: Visitors
    line: AuditLine
    rights: Rights
    cookies: Cookies
    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Put who asks into the request."""
        name = str(scope["route_handler"].opt.get("right", ""))
        actor, secret = await self._actor(scope)
        audit = Audit(self.line, actor, name)
        scope["user"], scope["auth"] = actor, secret
        scope["state"]["audit"] = audit
        right = self.rights.table.get(name)
        audited = right is not None and right.audited

        async def checked(message: Message) -> None:
            given = message["type"] == "http.response.start" and message["status"] < HTTPStatus.MULTIPLE_CHOICES
            if given and audited and not audit.left:
                raise UnrecordedError(name)
            await send(message)

        await next_app(scope, receive, checked)

    async def _actor(self, scope: Scope) -> tuple[Actor, str]:
        request: Request[Any, Any, Any] = Request(scope)
        bearer = request.headers.get("authorization", "")
        if bearer:
            secret, kind = bearer.removeprefix(_BEARER) if bearer.startswith(_BEARER) else "", PROGRAM
        else:
            secret, kind = request.cookies.get(self.cookies.session, ""), BROWSER
        found = await to_thread.run_sync(self.visitors.of, secret, kind) if secret else None
        if found is None and kind == PROGRAM:
            scope["state"]["refused"] = True
        return (found, secret) if found is not None else (self.visitors.nobody(), "")


class UnrecordedError(Exception):
    """An answer that should have left a record left none; it is a fault of ours, and is not given."""


def guard_rights(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let a request through only if the role may use the handler's right at all.

    Raises:
        NotSignedInError: it needs somebody who is signed in, or the secret of a program is not known.
        NotAllowedError: the role may not do it to anything.

    """
    if connection.scope["state"].get("refused"):
        raise NotSignedInError("the secret is not known, or no longer", "ask the operator for a new one")
    if not handler.opt.get(_FREE):
        require_role(connection.scope["user"], str(handler.opt["right"]))


def unguarded(app: Litestar, rights: Rights) -> list[str]:
    """Name every handler whose right is in no table."""
    found = []
    for route in app.routes:
        handlers: Iterable[Any] = getattr(route, "route_handlers", None) or [getattr(route, "route_handler", None)]
        for handler in handlers:
            if isinstance(handler, HTTPRouteHandler) and handler.http_methods == {"OPTIONS"}:
                continue
            opt = getattr(handler, "opt", {})
            if not opt.get(_FREE) and rights.missing([str(opt.get("right", ""))]):
                found.append(f"{route.path} {getattr(handler, 'handler_name', '')}: {opt.get('right', 'no right')}")
    return sorted(set(found))


def provide_actor(request: Request[Any, Any, Any]) -> Actor:
    """Return who asks."""
    actor: Actor = request.scope["user"]
    return actor


def provide_audit(request: Request[Any, Any, Any]) -> Audit:
    """Return the record this request leaves."""
    audit: Audit = request.scope["state"]["audit"]
    return audit
