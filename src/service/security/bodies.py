"""What is refused of a request before anything reads it: characters no database keeps, bodies of another kind."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from litestar import Request

from service.problems import RequestError

LARGEST_BODY = 16_000_000
"""In bytes; a file of 10 MB written in base64 fits."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_ZEROS = (b"\x00", b"\\u0000", b"%00")


class WrongKindError(RequestError):
    """The body is of another kind than the API takes."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    kind = "wrong-kind"
    title = "The body is of another kind"


async def refuse_unreadable(request: Request[Any, Any, Any]) -> None:
    """Let a request pass whose texts can be kept and whose body is of the kind the address takes.

    Raises:
        RequestError: there is a character zero in it, which PostgreSQL does not keep.
        WrongKindError: a program sends something else than JSON.

    """
    where = [request.scope.get("raw_path", b""), request.scope["query_string"]]
    if request.method not in _SAFE:
        body = await request.body()
        where.append(body)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if body and request.url.path.startswith("/api/") and kind != "application/json":
            raise WrongKindError("the body is not application/json", "send JSON, and say so in Content-Type")
    if any(zero in part for part in where for zero in _ZEROS):
        raise RequestError("there is a character zero in it", "leave it out")
