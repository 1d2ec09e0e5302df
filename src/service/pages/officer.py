"""Pages of officials: the work list, one application with its papers, the round desk, rule files."""

from __future__ import annotations

import secrets
from datetime import date
from functools import partial
from typing import Annotated, Any

import msgspec
from litestar import Controller, MediaType, Request, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery, PathParameter, SkipValidation
from litestar.response import Redirect, Template

from service.enrolment import filing, rounds, rounds_reading, rule_desk
from service.enrolment import filing_schemas as sent
from service.enrolment import rounds_schemas as of_rounds
from service.enrolment.applications import (
    Reading,
    facts_in_words,
    list_applications,
    read_application,
    read_standing,
)
from service.enrolment.desk import Asked
from service.enrolment.queues import list_services
from service.enrolment.rule_schemas import NewRuleFile, Signature
from service.pages.paragraphs import paragraphs
from service.pages.rendering import checked, done, language_of, page, show_failure
from service.problems import MissingError, RequestError
from service.security.rights import Right, may
from service.security.roles import Reach, Role, Subject

_OFFICE = {Role.OFFICER: Reach.MUNICIPALITY}
_BOTH = {**_OFFICE, Role.COMMISSION: Reach.MUNICIPALITY}
_READERS = {**_BOTH, Role.MINISTRY: Reach.EVERYWHERE, Role.AUDITOR: Reach.EVERYWHERE}
_DESK = {**_READERS, Role.MFC: Reach.MUNICIPALITY}
RIGHTS = {
    "pages.work": Right(_DESK),
    "pages.decide": Right(_OFFICE),
    "pages.rounds": Right(_READERS, audited=False),
    "pages.round": Right(_READERS),
    "pages.hold-round": Right(_BOTH),
    "pages.rules": Right(_READERS, audited=False),
    "pages.change-rules": Right(_BOTH),
}
"""What may be done here, by whom; each form asks once more for the right of the command it sends."""
_PAGE = 50
_STATUSES = (
    "received",
    "review",
    "confirm_data",
    "registered",
    "offered",
    "consent",
    "contract",
    "declined",
    "unconfirmed",
    "suspended",
    "enrolled",
    "withdrawn",
)
_FORM = RequestEncodingType.URL_ENCODED
Asking = NamedDependency[SkipValidation[Reading]]
Number = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]


class Decision(msgspec.Struct, frozen=True):
    """What the forms of an application hold."""

    what: str = ""
    version: int = 0
    key: str = ""
    document: str = ""
    reason: str = ""
    basis: str = ""


class RoundForm(msgspec.Struct, frozen=True):
    """What the forms of a round hold."""

    what: str = ""
    version: int = 0
    key: str = ""
    service: str = ""
    name: str = ""
    result: str = ""
    deadline: str = ""


class RuleForm(msgspec.Struct, frozen=True):
    """What the forms of rule files hold."""

    version: int = 0
    key: str = ""
    service: str = ""
    name: str = ""
    text: str = ""
    digest: str = ""


class OfficerController(Controller):
    """What officials read and do."""

    path = "/work"
    include_in_schema = False
    exception_handlers = {Exception: show_failure}  # noqa: RUF012 - Litestar reads it from the class

    @get("/", right="pages.work", media_type=MediaType.HTML, sync_to_thread=True)
    def work(
        self,
        request: Request[Any, Any, Any],
        reading: Asking,
        service: FromQuery[str] = "",
        status: FromQuery[str] = "received",
        after: FromQuery[int] = -1,
    ) -> Template:
        """Show the applications of the municipality, those first that came in and wait."""
        municipality, _, name = service.partition("/")
        found = list_applications(
            reading, municipality=municipality, service=name, status=status, after=after, size=_PAGE + 1
        )
        return page(
            request,
            "work.html",
            applications=found[:_PAGE],
            more=found[_PAGE - 1].number if len(found) > _PAGE else None,
            titles=_titles(request, reading),
            statuses=_STATUSES,
            service=service,
            status=status,
        )

    @get("/{municipality:str}/{application:str}", right="pages.work", media_type=MediaType.HTML, sync_to_thread=True)
    def one(
        self,
        request: Request[Any, Any, Any],
        reading: Asking,
        municipality: FromPath[str],
        application: FromPath[str],
    ) -> Template:
        """Show an application with its papers, places and every reason."""
        lang = language_of(request)
        shown = read_application(reading, municipality, application)
        standing = read_standing(reading, municipality, application, lang, "officer")
        return page(
            request,
            "application.html",
            shown=shown,
            standing=standing,
            paragraphs=paragraphs,
            said=partial(facts_in_words, reading.desk.vocabulary, lang=lang),
            decides=may(reading.actor, "pages.decide", Subject(municipality)),
            key=secrets.token_hex(16),
        )

    @post("/{municipality:str}/{application:str}", right="pages.decide", sync_to_thread=True)
    def decide(
        self,
        reading: Asking,
        municipality: FromPath[str],
        application: FromPath[str],
        data: Annotated[Decision, Body(media_type=_FORM)],
    ) -> Redirect:
        """Take, register or refuse an application, confirm or refute a document."""
        asked = Asked(reading.actor, reading.audit, data.key, data.version, [application, msgspec.to_builtins(data)])
        one = (reading.desk, asked, municipality, application)
        if data.what in {"taken", "registered", "refused"}:
            outcome: Any = data.what
            filing.review(*one, checked(sent.Review(outcome=outcome, reason=data.reason, basis=data.basis)))
        elif data.what in {"confirmed", "refuted"}:
            judged: Any = data.what
            found = sent.Judgement(outcome=judged, reason=data.reason, evidence=data.basis)
            filing.judge_document(*one, data.document, checked(found))
        else:
            raise MissingError("there is no such form", "open the page again")
        return done(f"/work/{municipality}/{application}")

    @get("/rounds", right="pages.rounds", media_type=MediaType.HTML, sync_to_thread=True)
    def rounds(self, request: Request[Any, Any, Any], reading: Asking) -> Template:
        """Show the rounds, and to whom prepares them the form of a new one."""
        found = rounds_reading.list_rounds(reading)
        parts = {"rounds": found, "titles": _titles(request, reading), "key": secrets.token_hex(16)}
        own = Subject(reading.actor.municipality)
        return page(request, "rounds.html", prepares=may(reading.actor, "rounds.prepare", own), **parts)

    @post("/rounds", right="pages.hold-round", sync_to_thread=True)
    def freeze(self, reading: Asking, data: Annotated[RoundForm, Body(media_type=_FORM)]) -> Redirect:
        """Freeze a new round."""
        municipality, _, service = data.service.partition("/")
        new = checked(of_rounds.NewRound(service=service, name=data.name.strip()))
        asked = _using(reading, "rounds.prepare", data, municipality)
        made = rounds.freeze(reading.desk, reading.board, asked, municipality, new)
        return done(f"/work/rounds/{made.municipality}/{made.name}")

    @get("/rounds/{municipality:str}/{name:str}", right="pages.round", media_type=MediaType.HTML, sync_to_thread=True)
    def round(
        self, request: Request[Any, Any, Any], reading: Asking, municipality: FromPath[str], name: FromPath[str]
    ) -> Template:
        """Show the desk of a round: places beside those who wait, who gets what, what to look at, the next step."""
        entry = rounds_reading.read_round(reading, municipality, name).entry
        state = rounds.state_at(reading.desk, reading.board, municipality, entry)
        review = rounds_reading.review(reading, municipality, name, state)
        moves = rounds_reading.read_moves(reading, municipality, name) if "placed.csv" in review.round.files else []
        whose = Subject(municipality)
        rights = {each: may(reading.actor, f"rounds.{each}", whose) for each in ("prepare", "approve", "publish")}
        parts = {"review": review, "moves": moves, "rights": rights, "key": secrets.token_hex(16)}
        return page(request, "round.html", **parts)

    @post("/rounds/{municipality:str}/{name:str}", right="pages.hold-round", sync_to_thread=True)
    def step(
        self,
        reading: Asking,
        municipality: FromPath[str],
        name: FromPath[str],
        data: Annotated[RoundForm, Body(media_type=_FORM)],
    ) -> Redirect:
        """Run, approve or publish a round."""
        desk, board = reading.desk, reading.board
        if data.what == "run":
            rounds.run_round(desk, board, _using(reading, "rounds.prepare", data, municipality), municipality, name)
        elif data.what == "approve":
            approval = checked(of_rounds.Approval(result=data.result))
            rounds.approve(desk, _using(reading, "rounds.approve", data, municipality), municipality, name, approval)
        elif data.what == "publish":
            asked = _using(reading, "rounds.publish", data, municipality)
            publication = of_rounds.Publication(deadline=_day(data.deadline))
            rounds.publish(desk, board, asked, municipality, name, publication)
        else:
            raise MissingError("there is no such form", "open the page again")
        return done(f"/work/rounds/{municipality}/{name}")

    @get("/rules", right="pages.rules", media_type=MediaType.HTML, sync_to_thread=True)
    def rules(self, request: Request[Any, Any, Any], reading: Asking) -> Template:
        """Show the rule files, and to whom prepares them the form of a new one."""
        found = rule_desk.list_files(reading)
        own = Subject(reading.actor.municipality)
        parts = {
            "files": found,
            "titles": _titles(request, reading),
            "prepares": may(reading.actor, "rules.prepare", own),
        }
        return page(request, "rule_files.html", **parts)

    @post("/rules", right="pages.change-rules", sync_to_thread=True)
    def upload(self, reading: Asking, data: Annotated[RuleForm, Body(media_type=_FORM)]) -> Redirect:
        """Check a rule file and keep it as a draft."""
        municipality, _, service = data.service.partition("/")
        asked = _using(reading, "rules.prepare", data, municipality)
        text = data.text.replace("\r\n", "\n")
        new = checked(NewRuleFile(service=service, name=data.name.strip(), text=text))
        made = rule_desk.upload(reading.desk, reading.board, asked, municipality, new)
        return done(f"/work/rules/{made.id}")

    @get("/rules/{number:int}", right="pages.rules", media_type=MediaType.HTML, sync_to_thread=True)
    def rule(self, request: Request[Any, Any, Any], reading: Asking, number: Number) -> Template:
        """Show a rule file: problems at their lines, the rules in words, what it would change."""
        found = rule_desk.read_file(reading, number)
        impact = rule_desk.preview(reading, number) if found.file.digest and found.file.state == "draft" else None
        by_line: dict[int, list[Any]] = {}
        for problem in found.file.problems:
            by_line.setdefault(problem.line, []).append(problem)
        signs = may(reading.actor, "rules.publish", Subject(found.file.municipality))
        parts = {"found": found, "impact": impact, "by_line": by_line, "signs": signs, "key": secrets.token_hex(16)}
        return page(request, "rule_file.html", **parts)

    @post("/rules/{number:int}", right="pages.change-rules", sync_to_thread=True)
    def sign(self, reading: Asking, number: Number, data: Annotated[RuleForm, Body(media_type=_FORM)]) -> Redirect:
        """Sign and publish a rule file as a second person."""
        asked = _using(reading, "rules.publish", data, reading.actor.municipality)
        rule_desk.publish(reading.desk, reading.board, asked, number, checked(Signature(digest=data.digest)))
        return done(f"/work/rules/{number}")


def _using(reading: Reading, right: str, data: RoundForm | RuleForm, municipality: str) -> Asked:
    """Return how a form asks: with the right of its command, which is recorded."""
    reading.audit.right = right
    body = [municipality, msgspec.to_builtins(data)]
    return Asked(reading.actor, reading.audit, data.key, data.version, body)


def _titles(request: Request[Any, Any, Any], reading: Reading) -> dict[str, str]:
    lang = language_of(request)
    own = reading.actor.municipality
    return {
        f"{each.municipality}/{each.service}": getattr(each.title, lang)
        for each in list_services(reading.board)
        if own in {"", each.municipality}
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise RequestError("there is no such day", "write it like 2026-09-01", "deadline") from error
