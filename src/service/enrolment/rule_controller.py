"""Rule files over HTTP: upload with every problem, impact on today's queues, publication by a second person."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, PathParameter, SkipValidation

from service.enrolment import rule_desk
from service.enrolment.applications import Reading
from service.enrolment.desk import Desk
from service.enrolment.filing_controller import Key, Match, asked_for
from service.enrolment.queues import Board
from service.enrolment.rule_schemas import Impact, NewRuleFile, RuleFileSummary, RuleFileText, Signature
from service.problems import documented
from service.security.audit import Audit
from service.security.rights import Right
from service.security.roles import Actor, Reach, Role

_OFFICE = {Role.OFFICER: Reach.MUNICIPALITY}
_COMMISSION = {Role.COMMISSION: Reach.MUNICIPALITY}
_READERS = {**_OFFICE, **_COMMISSION, Role.MINISTRY: Reach.EVERYWHERE, Role.AUDITOR: Reach.EVERYWHERE}
RIGHTS = {
    "rules.read": Right(_READERS, audited=False),
    "rules.prepare": Right(_OFFICE),
    "rules.publish": Right(_COMMISSION),
}
"""What may be done here, by whom; that the second person is another one is checked beside it."""

From = NamedDependency[SkipValidation[Board]]
At = NamedDependency[SkipValidation[Desk]]
Who = NamedDependency[SkipValidation[Actor]]
Left = NamedDependency[SkipValidation[Audit]]
Asking = NamedDependency[SkipValidation[Reading]]
Number = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
_READ = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
_WRITTEN = (*_READ, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.PRECONDITION_REQUIRED)


class RuleController(Controller):
    """Rule files, from draft to publication."""

    path = "/api/rules"
    tags = ("rules",)

    @get("/", right="rules.read", summary="Every rule file", responses=documented(*_READ), sync_to_thread=True)
    def files(self, reading: Asking, municipality: FromQuery[str] = "") -> list[RuleFileSummary]:
        """Return the rule files one may see, the newest first, each with its problems."""
        return rule_desk.list_files(reading, municipality)

    @get(
        "/{number:int}",
        right="rules.read",
        summary="A rule file",
        responses=documented(*_READ),
        sync_to_thread=True,
    )
    def read(self, reading: Asking, number: Number) -> Response[RuleFileText]:
        """Return a rule file with its text and its rules in words; its ETag is named by who signs it."""
        found = rule_desk.read_file(reading, number)
        return Response(found, headers={"ETag": f'"{found.file.version}"'})

    @get(
        "/{number:int}/impact",
        right="rules.read",
        summary="What it would change",
        responses=documented(*_READ),
        sync_to_thread=True,
    )
    def impact(self, reading: Asking, number: Number) -> Impact:
        """Return what the file would change in today's queues."""
        return rule_desk.preview(reading, number)

    @post(
        "/{municipality:str}",
        right="rules.prepare",
        summary="Upload and check a rule file",
        responses=documented(*_WRITTEN),
        sync_to_thread=True,
    )
    def upload(
        self,
        desk: At,
        board: From,
        actor: Who,
        audit: Left,
        municipality: FromPath[str],
        data: JSONBody[NewRuleFile],
    ) -> RuleFileSummary:
        """Keep a rule file as a draft, with all its problems: line, character, what was expected, what to do."""
        asked = asked_for(actor, audit, None, None, [municipality, data])
        return rule_desk.upload(desk, board, asked, municipality, data)

    @post(
        "/{number:int}/publish",
        right="rules.publish",
        summary="Sign and publish rules",
        status_code=HTTPStatus.OK,
        responses=documented(*_WRITTEN),
        sync_to_thread=True,
    )
    def publish(  # noqa: PLR0917 - what a change consists of
        self,
        desk: At,
        board: From,
        actor: Who,
        audit: Left,
        number: Number,
        data: JSONBody[Signature],
        key: Key = None,
        match: Match = None,
    ) -> Response[RuleFileSummary]:
        """Sign the rules one has read, as a second person, and publish them."""
        asked = asked_for(actor, audit, key, match, [number, data])
        found = rule_desk.publish(desk, board, asked, number, data)
        return Response(found, headers={"ETag": f'"{found.version}"'})
