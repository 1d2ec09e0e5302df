"""Rounds over HTTP: freeze, run, review, approve by a second person, publish."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, PathParameter, SkipValidation

from service.enrolment import rounds, rounds_reading
from service.enrolment import rounds_schemas as sent
from service.enrolment.applications import Reading
from service.enrolment.desk import Desk
from service.enrolment.filing_controller import Key, Match, asked_for
from service.enrolment.queues import Board
from service.problems import documented
from service.security.audit import Audit
from service.security.rights import Right
from service.security.roles import Actor, Reach, Role

_OFFICE = {Role.OFFICER: Reach.MUNICIPALITY}
_COMMISSION = {Role.COMMISSION: Reach.MUNICIPALITY}
_READERS = {**_OFFICE, **_COMMISSION, Role.MINISTRY: Reach.EVERYWHERE, Role.AUDITOR: Reach.EVERYWHERE}
RIGHTS = {
    "rounds.list": Right(_READERS, audited=False),
    "rounds.read": Right(_READERS),
    "rounds.prepare": Right(_OFFICE),
    "rounds.approve": Right(_COMMISSION),
    "rounds.publish": Right({**_OFFICE, **_COMMISSION}),
    "rounds.annul": Right(_COMMISSION),
}
"""What may be done here, by whom; that the second person is another one is checked beside it."""

From = NamedDependency[SkipValidation[Board]]
At = NamedDependency[SkipValidation[Desk]]
Who = NamedDependency[SkipValidation[Actor]]
Left = NamedDependency[SkipValidation[Audit]]
Asking = NamedDependency[SkipValidation[Reading]]
FileName = Annotated[Path, PathParameter(description="a name from `files` of the round; slashes stay as they are")]
_READ = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
_WRITTEN = (*_READ, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.PRECONDITION_REQUIRED)
_OK: dict[str, Any] = {"status_code": HTTPStatus.OK, "responses": documented(*_WRITTEN), "sync_to_thread": True}
_ONE = "/{municipality:str}/{name:str}"
_MEDIA = {".csv": "text/csv; charset=utf-8", ".jsonl": "application/x-ndjson"}


def _answer(found: sent.RoundSummary, status: HTTPStatus = HTTPStatus.OK) -> Response[sent.RoundSummary]:
    return Response(found, status_code=status, headers={"ETag": f'"{found.version}"'})


class RoundController(Controller):
    """Rounds, from what is frozen to what is offered."""

    path = "/api/rounds"
    tags = ("rounds",)

    @get("/", right="rounds.list", summary="Every round", responses=documented(*_READ), sync_to_thread=True)
    def rounds(self, reading: Asking, municipality: FromQuery[str] = "") -> list[sent.RoundSummary]:
        """Return the rounds one may see, the newest first."""
        return rounds_reading.list_rounds(reading, municipality)

    @get(_ONE, right="rounds.list", summary="A round", responses=documented(*_READ), sync_to_thread=True)
    def read(self, reading: Asking, municipality: FromPath[str], name: FromPath[str]) -> Response[sent.RoundSummary]:
        """Return a round and how far it is; its ETag is named in If-Match by the next step."""
        return _answer(rounds_reading.read_round(reading, municipality, name))

    @get(
        f"{_ONE}/review",
        right="rounds.read",
        summary="What the commission looks at",
        responses=documented(*_READ),
        sync_to_thread=True,
    )
    def review(
        self, desk: At, board: From, reading: Asking, municipality: FromPath[str], name: FromPath[str]
    ) -> sent.RoundReview:
        """Return places beside those who wish for them, and what needs a look before it is approved."""
        entry = rounds_reading.read_round(reading, municipality, name).entry
        state = rounds.state_at(desk, board, municipality, entry)
        return rounds_reading.review(reading, municipality, name, state)

    @get(
        f"{_ONE}/moves",
        right="rounds.read",
        summary="Who gets what",
        responses=documented(*_READ),
        sync_to_thread=True,
    )
    def moves(self, reading: Asking, municipality: FromPath[str], name: FromPath[str]) -> list[sent.RoundMove]:
        """Return who gets what, in the order of the applicants."""
        return rounds_reading.read_moves(reading, municipality, name)

    @get(
        f"{_ONE}/files/{{file:path}}",
        right="rounds.read",
        summary="A file of a round",
        responses=documented(*_READ),
        sync_to_thread=True,
    )
    def file(
        self, reading: Asking, municipality: FromPath[str], name: FromPath[str], file: FileName
    ) -> Response[bytes]:
        """Return a file as the command line writes it: what was frozen, what came out, lists, forms."""
        wanted = file.as_posix().removeprefix("/")
        content = rounds_reading.read_file(reading, municipality, name, wanted)
        media_type = _MEDIA.get(PurePosixPath(wanted).suffix, "application/octet-stream")
        return Response(content, media_type=media_type)

    @post(
        "/{municipality:str}",
        right="rounds.prepare",
        summary="Freeze a round",
        responses=documented(*_WRITTEN),
        sync_to_thread=True,
    )
    def freeze(  # noqa: PLR0917 - what a change consists of
        self,
        desk: At,
        board: From,
        actor: Who,
        audit: Left,
        municipality: FromPath[str],
        data: JSONBody[sent.NewRound],
        key: Key = None,
    ) -> Response[sent.RoundSummary]:
        """Freeze a round: from here on nobody can change what it is computed from."""
        asked = asked_for(actor, audit, key, None, [municipality, data])
        return _answer(rounds.freeze(desk, board, asked, municipality, data), HTTPStatus.CREATED)

    @post(f"{_ONE}/run", right="rounds.prepare", summary="Run a round", **_OK)
    def run(  # noqa: PLR0917 - what a change consists of
        self,
        desk: At,
        board: From,
        actor: Who,
        audit: Left,
        municipality: FromPath[str],
        name: FromPath[str],
        match: Match = None,
    ) -> Response[sent.RoundSummary]:
        """Run a round and check everything it must have; nothing is offered yet."""
        asked = asked_for(actor, audit, None, match, [municipality, name])
        return _answer(rounds.run_round(desk, board, asked, municipality, name))

    @post(f"{_ONE}/approve", right="rounds.approve", summary="Approve a result", **_OK)
    def approve(  # noqa: PLR0917 - what a change consists of
        self,
        desk: At,
        actor: Who,
        audit: Left,
        municipality: FromPath[str],
        name: FromPath[str],
        data: JSONBody[sent.Approval],
        match: Match = None,
    ) -> Response[sent.RoundSummary]:
        """Approve the result one has read; who prepared the round may not."""
        asked = asked_for(actor, audit, None, match, [municipality, name, data])
        return _answer(rounds.approve(desk, asked, municipality, name, data))

    @post(f"{_ONE}/publish", right="rounds.publish", summary="Publish a round", **_OK)
    def publish(  # noqa: PLR0917 - what a change consists of
        self,
        desk: At,
        board: From,
        actor: Who,
        audit: Left,
        municipality: FromPath[str],
        name: FromPath[str],
        data: JSONBody[sent.Publication],
        match: Match = None,
    ) -> sent.Offers:
        """Publish an approved round: digests and offers go into the journal together, or nothing does."""
        asked = asked_for(actor, audit, None, match, [municipality, name, data])
        return rounds.publish(desk, board, asked, municipality, name, data)

    @post(f"{_ONE}/annul", right="rounds.annul", summary="Annul a round", **_OK)
    def annul(  # noqa: PLR0917 - what a change consists of
        self,
        desk: At,
        actor: Who,
        audit: Left,
        municipality: FromPath[str],
        name: FromPath[str],
        data: JSONBody[sent.Annulment],
        match: Match = None,
    ) -> Response[sent.RoundSummary]:
        """Annul a round that is not published; the journal keeps why."""
        asked = asked_for(actor, audit, None, match, [municipality, name, data])
        return _answer(rounds.annul(desk, asked, municipality, name, data))
