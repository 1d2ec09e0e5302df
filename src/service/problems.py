"""Every exception -> one problem document (RFC 9457) that says what to do.

A `type` is a stable name for programs; `title` and `detail` are for their developers, in English.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from msgspec import Meta, Struct, field
from msgspec import ValidationError as MsgspecError
from sqlalchemy.exc import OperationalError

from queue_engine import NotInQueueError, Problem, QueueEngineError

__all__ = [
    "MEDIA_TYPE",
    "AlreadyAppliedError",
    "ClosedError",
    "ConflictError",
    "FieldProblem",
    "MissingError",
    "NotAllowedError",
    "NotInQueueError",
    "NotPossibleError",
    "NotSignedInError",
    "ProblemDocument",
    "QueueEngineError",
    "RequestError",
    "ReusedKeyError",
    "StaleError",
    "TooManyError",
    "UnconditionalError",
    "UnknownApplicationError",
    "UnknownQueueError",
    "UnusableError",
    "answer_problem",
    "documented",
    "problem_of",
]

MEDIA_TYPE = "application/problem+json"
_TYPE = "urn:problem-type:queue-service:"
_LOG = logging.getLogger("service")


class FieldProblem(Struct, frozen=True, omit_defaults=True):
    """What is wrong with one field of the request."""

    field: Annotated[str, Meta(description="the parameter's name", min_length=1)]
    message: Annotated[str, Meta(description="what was expected")]
    code: Annotated[str, Meta(description="a stable code of what the rules of the journal refuse")] = ""
    remedy: Annotated[str, Meta(description="what to do about this one")] = ""


class ProblemDocument(Struct, frozen=True, kw_only=True):
    """A problem as RFC 9457 describes it, with what to do about it."""

    type: Annotated[str, Meta(description="a stable name of the kind of problem", min_length=1)]
    title: Annotated[str, Meta(description="the kind of problem, in words")]
    status: Annotated[int, Meta(ge=400, le=599)]
    detail: Annotated[str, Meta(description="what is wrong with this request")]
    remedy: Annotated[str, Meta(description="what to do")]
    instance: Annotated[str, Meta(description="the path that was asked for")]
    errors: Annotated[list[FieldProblem], Meta(description="fields that were refused")] = field(default_factory=list)


class RequestError(Exception):
    """A request that cannot be answered as it is.

    Args:
        detail: what is wrong, naming what was given.
        remedy: what to do.
        field: the parameter that is wrong; "" = none of them.

    """

    status = HTTPStatus.BAD_REQUEST
    kind = "bad-value"
    title = "A value cannot be used"

    def __init__(self, detail: str, remedy: str, field: str = "") -> None:
        """Keep the parts for the problem document."""
        super().__init__(f"{detail}; {remedy}")
        self.detail = detail
        self.remedy = remedy
        self.field = field


class UnknownQueueError(RequestError):
    """There is no such queue."""

    status = HTTPStatus.NOT_FOUND
    kind = "unknown-queue"
    title = "There is no such queue"


class UnknownApplicationError(RequestError):
    """There is no such application."""

    status = HTTPStatus.NOT_FOUND
    kind = "unknown-application"
    title = "There is no such application"


class MissingError(RequestError):
    """There is no such thing, or whoever asks may not see it: the two are answered alike."""

    status = HTTPStatus.NOT_FOUND
    kind = "missing"
    title = "There is no such thing"


class NotSignedInError(RequestError):
    """Somebody has to be signed in for this."""

    status = HTTPStatus.UNAUTHORIZED
    kind = "not-signed-in"
    title = "Nobody is signed in"


class NotAllowedError(RequestError):
    """The role may not do this to anything."""

    status = HTTPStatus.FORBIDDEN
    kind = "not-allowed"
    title = "This role may not do this"


class UnconditionalError(RequestError):
    """A change does not say which version it changes."""

    status = HTTPStatus.PRECONDITION_REQUIRED
    kind = "unconditional"
    title = "The version is not named"


class StaleError(RequestError):
    """What was to be changed has changed since it was read."""

    status = HTTPStatus.CONFLICT
    kind = "stale"
    title = "It has changed since it was read"


class ConflictError(RequestError):
    """What is asked for does not fit what there is."""

    status = HTTPStatus.CONFLICT
    kind = "conflict"
    title = "This does not fit what there is"


class AlreadyAppliedError(RequestError):
    """A child would have two active applications for one service; nothing is told about the other one."""

    status = HTTPStatus.CONFLICT
    kind = "already-applied"
    title = "There is an active application already"


class ReusedKeyError(RequestError):
    """The key of a request was sent with another request before."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    kind = "reused-key"
    title = "The key was used for another request"


class NotPossibleError(RequestError):
    """Something cannot follow what has happened so far.

    Args:
        problems: all that stands against it.

    """

    status = HTTPStatus.CONFLICT
    kind = "not-possible"
    title = "This cannot follow what has happened"

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems for the document."""
        super().__init__("; ".join(each.message for each in problems), "change what `errors` names, or leave it out")
        self.problems = tuple(problems)


class UnusableError(NotPossibleError):
    """Several values of a request cannot be used.

    Args:
        problems: all of them.

    """

    status = HTTPStatus.BAD_REQUEST
    kind = "bad-value"
    title = "Values cannot be used"


class TooManyError(RequestError):
    """The same was tried too often."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    kind = "too-many"
    title = "It was tried too often"
    again_after_s = 600


class ClosedError(RequestError):
    """The service is being stopped."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    kind = "closing"
    title = "The service is being stopped"


def problem_of(error: Exception, instance: str) -> ProblemDocument:
    """Return the problem document of an exception.

    >>> problem_of(UnknownQueueError("no queue 'a/b'", "see /api/queues"), "/api/queues/a/b").status
    404

    """
    if isinstance(error, RequestError):
        fields = [FieldProblem(error.field, error.detail)] if error.field else []
        if isinstance(error, NotPossibleError):
            fields = [_field_of(each) for each in error.problems]
        return _document(error.status, error.kind, error.detail, error.remedy, instance, error.title, fields)
    outside = _from_outside(error, instance)
    if outside is not None:
        return outside
    if isinstance(error, NotInQueueError):
        remedy = "see /api/queues for what there is"
        return _document(HTTPStatus.NOT_FOUND, "not-in-queue", str(error), remedy, instance)
    status, kind, detail, remedy = next((told for kinds, told in _FAULTS if isinstance(error, kinds)), _UNKNOWN_FAULT)
    return _document(status, kind, detail, remedy, instance)


_LATER = "try again later; the operator finds what happened in the log"
_FAULTS = (
    (
        QueueEngineError,
        (HTTPStatus.SERVICE_UNAVAILABLE, "not-ordered", "the queues cannot be ordered now", _LATER),
    ),
    (
        OperationalError,
        (HTTPStatus.SERVICE_UNAVAILABLE, "database-busy", "the database does not answer", _LATER),
    ),
)
_UNKNOWN_FAULT = (
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "internal",
    "the service failed on this request",
    "tell the operator the time and the address; the log has the rest",
)


def answer_problem(request: Request[Any, Any, Any], error: Exception) -> Response[ProblemDocument]:
    """Answer a request that raised an exception with its problem document; what is our fault goes to the log."""
    problem = problem_of(error, request.url.path)
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _LOG.error("%s %s: %s", request.method, problem.instance, problem.detail, exc_info=error)
    headers = error.headers if isinstance(error, HTTPException) else None
    if isinstance(error, TooManyError):
        headers = {"Retry-After": str(error.again_after_s)}
    return Response(problem, status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)


def documented(*statuses: HTTPStatus) -> dict[int, ResponseSpec]:
    """Return what an operation's description says of the problems it may answer with."""
    return {
        status.value: ResponseSpec(
            ProblemDocument, description=status.phrase, media_type=MEDIA_TYPE, generate_examples=False
        )
        for status in statuses
    }


def _field_of(problem: Problem) -> FieldProblem:
    return FieldProblem(problem.place.field or "events", problem.message, problem.code, problem.remedy)


def _document(  # noqa: PLR0917 - the members of the document
    status: HTTPStatus,
    kind: str,
    detail: str,
    remedy: str,
    instance: str,
    title: str = "",
    errors: list[FieldProblem] | None = None,
) -> ProblemDocument:
    return ProblemDocument(
        type=_TYPE + kind,
        title=title or status.phrase,
        status=status.value,
        detail=detail,
        remedy=remedy,
        instance=instance,
        errors=errors or [],
    )


def _refused_values(error: ValidationException, instance: str) -> ProblemDocument:
    """Return the document of parameters that are of the wrong kind or out of their bounds."""
    extra = error.extra if isinstance(error.extra, list) else []
    found = [FieldProblem(str(each.get("key", "")), str(each.get("message", ""))) for each in extra if "key" in each]
    named = ", ".join(each.field for each in found)
    return _document(
        HTTPStatus.BAD_REQUEST,
        RequestError.kind,
        f"these fields cannot be used: {named}" if named else error.detail,
        "change what `errors` names, or leave it out to get its default; /schema/openapi.json has the bounds",
        instance,
        RequestError.title,
        found,
    )


def _from_outside(error: Exception, instance: str) -> ProblemDocument | None:
    """Return the document of what a library refused in a request; None = it is something else."""
    if isinstance(error, ValidationException):
        return _refused_values(error, instance)
    if isinstance(error, MsgspecError):
        return _unfit(error, instance)
    if isinstance(error, UnicodeDecodeError | RecursionError) and _while_reading(error):
        return _document(HTTPStatus.BAD_REQUEST, RequestError.kind, *_UNREADABLE, instance, RequestError.title)
    return _http(error, instance) if isinstance(error, HTTPException) else None


_UNREADABLE = ("the body cannot be read: it is no UTF-8, or too deep", "send JSON in UTF-8 of a few levels")


def _while_reading(error: BaseException) -> bool:
    """Return whether an exception came from what reads bodies, and not from ourselves."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and "litestar" in trace.tb_frame.f_code.co_filename


def _unfit(error: MsgspecError, instance: str) -> ProblemDocument:
    """Return the document of a value that does not fit the shape it must have."""
    message, _, place = str(error).partition(" - at `$")
    field = place.strip("`").strip(".")
    return _document(
        HTTPStatus.BAD_REQUEST,
        RequestError.kind,
        f"this field cannot be used: {field}" if field else message,
        "change what `errors` names; /schema/openapi.json has the bounds",
        instance,
        RequestError.title,
        [FieldProblem(field, message)] if field else [],
    )


_REMEDIES = {
    HTTPStatus.NOT_FOUND: ("no-such-page", "nothing is at this address", "see /schema/openapi.json for what there is"),
    HTTPStatus.FORBIDDEN: (
        "forged",
        "the request does not show that a page of this service sent it",
        "send the value of the cookie csrf (or __Host-csrf) in the header x-csrf-token, or in the field _csrf_token",
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: ("method", "this address does not take this method", "use one that `Allow` names"),
}


def _http(error: HTTPException, instance: str) -> ProblemDocument:
    status = HTTPStatus(error.status_code)
    ours = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    detail = "the service failed on this request" if ours else error.detail
    kind, detail, remedy = _REMEDIES.get(
        status, ("refused", detail, "see /schema/openapi.json for what may be asked, and how")
    )
    return _document(status, kind, detail, remedy, instance)
