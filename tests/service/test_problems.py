"""Every exception becomes a problem document that tells what to do and nothing that is not to be told."""

from __future__ import annotations

import logging

import pytest
from litestar import Litestar, get
from litestar.exceptions import HTTPException, NotAuthorizedException, ValidationException
from litestar.testing import TestClient
from sqlalchemy.exc import OperationalError

from queue_engine import NotInQueueError, Place, Problem, TableError
from service.problems import (
    AlreadyAppliedError,
    ClosedError,
    NotPossibleError,
    RequestError,
    ReusedKeyError,
    StaleError,
    answer_problem,
    problem_of,
)

INSIDE = "applications row 3, column grade.average"
TABLE = TableError([Problem(Place("applications", 3, field="grade.average"), "T020", "no value")])
LOCKED = OperationalError("SELECT 1", {}, Exception("database is locked"))


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (RequestError("a is wrong", "write b", "field"), 400, "bad-value"),
        (StaleError("it is at 3", "read it again"), 409, "stale"),
        (AlreadyAppliedError("there is one", "withdraw it", "child"), 409, "already-applied"),
        (ReusedKeyError("another request", "send a new key"), 422, "reused-key"),
        (ClosedError("closing", "come back"), 503, "closing"),
        (NotPossibleError([Problem(Place("journal", 3), "J040", "it is received", "wait")]), 409, "not-possible"),
        (ValidationException("no", extra=[{"key": "page", "message": "too small"}]), 400, "bad-value"),
        (NotInQueueError("no queue 'a'"), 404, "not-in-queue"),
        (NotAuthorizedException("who are you"), 401, "refused"),
        (TABLE, 503, "not-ordered"),
        (LOCKED, 503, "database-busy"),
        (HTTPException(INSIDE), 500, "refused"),
        (RuntimeError(INSIDE), 500, "internal"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, INSIDE), 500, "internal"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_each_kind_of_exception_has_its_problem(error: Exception, status: int, kind: str) -> None:
    """Status, kind and remedy are there; what went wrong inside stays inside."""
    problem = problem_of(error, "/x")
    assert (problem.status, problem.type.rpartition(":")[2], problem.instance) == (status, kind, "/x")
    assert problem.remedy
    assert problem.title
    assert INSIDE not in f"{problem}"


def test_refused_fields_are_named() -> None:
    """The parameter is named with what was expected."""
    error = ValidationException("no", extra=[{"key": "page", "message": "Expected `int` >= 1", "source": "query"}])
    problem = problem_of(error, "/x")
    assert [(each.field, each.message) for each in problem.errors] == [("page", "Expected `int` >= 1")]
    assert problem.detail == "these fields cannot be used: page"


def test_every_problem_of_a_refused_act_is_named() -> None:
    """Each with its code and what to do; the field where there is one."""
    problems = [Problem(Place("journal", 3), "J040", "it is received", "wait"), TABLE.problems[0]]
    told = problem_of(NotPossibleError(problems), "/x").errors
    assert [(each.field, each.code, each.remedy) for each in told] == [
        ("events", "J040", "wait"),
        ("grade.average", "T020", ""),
    ]


def test_a_refusal_without_fields_says_what_the_framework_says() -> None:
    """Where no field is named, the detail is kept."""
    assert problem_of(ValidationException("the body is cut off"), "/x").detail == "the body is cut off"


def test_a_failure_is_answered_without_and_logged_with_its_cause(caplog: pytest.LogCaptureFixture) -> None:
    """Whoever asks gets no details, whoever operates the service gets all of them."""

    @get("/fails", sync_to_thread=False)
    def fails() -> str:
        raise RuntimeError(INSIDE)

    app = Litestar([fails], exception_handlers={Exception: answer_problem}, logging_config=None, openapi_config=None)
    with TestClient(app) as client, caplog.at_level(logging.ERROR, "service"):
        answer = client.get("/fails")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert INSIDE not in answer.text
    assert INSIDE in caplog.text
