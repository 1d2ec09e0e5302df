"""Pages of families: their applications, the place in each queue and its history, offers, wishes, a new application."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime
from typing import Annotated, Any

import msgspec
from litestar import Controller, MediaType, Request, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery, SkipValidation
from litestar.response import Redirect, Template

from service.enrolment import filing
from service.enrolment import filing_schemas as sent
from service.enrolment.applications import (
    MonthTold,
    Reading,
    list_applications,
    read_application,
    read_months,
    read_standing,
)
from service.enrolment.desk import Asked
from service.enrolment.queues import list_programmes, list_services
from service.enrolment.schemas import ApplicationHistory
from service.pages.paragraphs import paragraphs
from service.pages.picture import Picture, picture_of
from service.pages.rendering import checked, done, language_of, page, show_failure
from service.problems import MissingError, NotInQueueError, RequestError
from service.security.rights import Right
from service.security.roles import Reach, Role

_FAMILY = {Role.PARENT: Reach.OWN, Role.LEARNER: Reach.OWN}
RIGHTS = {
    "pages.mine": Right(_FAMILY),
    "pages.apply": Right({**_FAMILY, Role.MFC: Reach.MUNICIPALITY}, audited=False),
    "pages.file": Right({**_FAMILY, Role.MFC: Reach.MUNICIPALITY}),
    "pages.change-own": Right(_FAMILY),
}
"""What may be done here, by whom."""
_MOST_OWN = 100
_GENERAL = "general"
Asking = NamedDependency[SkipValidation[Reading]]


class Change(msgspec.Struct, frozen=True):
    """What the forms of an application hold; `what` says which of them was sent."""

    what: str = ""
    version: int = 0
    key: str = ""
    wishes: str = ""
    programme: str = ""
    category: str = ""
    first_day: str = ""
    last_day: str = ""


class NewForm(msgspec.Struct, frozen=True):
    """What the form of a new application holds."""

    service: str = ""
    key: str = ""
    last: str = ""
    first: str = ""
    middle: str = ""
    birth_date: str = ""
    series: str = ""
    number: str = ""
    applicant_last: str = ""
    applicant_first: str = ""
    applicant_middle: str = ""
    phone: str = ""
    email: str = ""
    desired_date: str = ""
    average_grade: str = ""
    wishes: str = ""


class ParentController(Controller):
    """What a family reads and does."""

    path = "/my"
    include_in_schema = False
    exception_handlers = {Exception: show_failure}  # noqa: RUF012 - Litestar reads it from the class

    @get("/", right="pages.mine", media_type=MediaType.HTML, sync_to_thread=True)
    def mine(self, request: Request[Any, Any, Any], reading: Asking) -> Template:
        """Show one's own applications."""
        found = list_applications(reading, municipality="", service="", status="", after=-1, size=_MOST_OWN)
        titles = _service_titles(request, reading)
        return page(request, "mine.html", applications=found, titles=titles)

    @get("/new", right="pages.apply", media_type=MediaType.HTML, sync_to_thread=True)
    def new(self, request: Request[Any, Any, Any], reading: Asking, service: FromQuery[str] = "") -> Template:
        """Show the form of a new application, with the programmes of the chosen service."""
        titles = _service_titles(request, reading)
        chosen = service if service in titles else ""
        municipality, _, name = chosen.partition("/")
        programmes = list_programmes(reading.board, municipality, name) if chosen else []
        parts = {"titles": titles, "chosen": chosen, "programmes": [each for each in programmes if each.is_open]}
        return page(request, "apply.html", key=secrets.token_hex(16), **parts)

    @post("/new", right="pages.file", sync_to_thread=True)
    def file(
        self,
        reading: Asking,
        data: Annotated[NewForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
    ) -> Redirect:
        """File a new application."""
        municipality, _, service = data.service.partition("/")
        facts = {"child.desired_date": data.desired_date, "grade.average": data.average_grade.replace(",", ".")}
        new = checked(
            sent.NewApplication(
                municipality=municipality,
                service=service,
                child=sent.Child(
                    name=sent.PersonName(last=data.last, first=data.first, middle=data.middle),
                    birth_date=_day(data.birth_date, "birth_date"),
                    paper=sent.ChildPaper(kind="birth_certificate", series=data.series, number=data.number),
                ),
                applicant=sent.Applicant(
                    name=sent.PersonName(
                        last=data.applicant_last, first=data.applicant_first, middle=data.applicant_middle
                    ),
                    phone=data.phone,
                    email=data.email,
                ),
                wishes=_wishes(data.wishes),
                facts={name: text.strip() for name, text in facts.items() if text.strip()},
            )
        )
        asked = Asked(reading.actor, reading.audit, data.key, None, msgspec.to_builtins(new))
        receipt = filing.file(reading.desk, asked, new)
        home = "/my" if reading.actor.role in _FAMILY else "/work"
        return done(f"{home}/{receipt.municipality}/{receipt.application}")

    @get("/{municipality:str}/{application:str}", right="pages.mine", media_type=MediaType.HTML, sync_to_thread=True)
    def one(
        self,
        request: Request[Any, Any, Any],
        reading: Asking,
        municipality: FromPath[str],
        application: FromPath[str],
        queue: FromQuery[str] = _GENERAL,
    ) -> Template:
        """Show an application: places and reasons, the picture of its history, what can be done."""
        lang = language_of(request)
        shown = read_application(reading, municipality, application)
        standing = read_standing(reading, municipality, application, lang, "parent")
        history: ApplicationHistory | None = None
        months: list[MonthTold] = []
        picture: Picture | None = None
        try:
            history, months = read_months(reading, municipality, application, queue, lang)
            picture = picture_of(history.steps, int(datetime.now(UTC).timestamp() * 1_000))
        except NotInQueueError:
            pass
        categories = reading.desk.vocabulary.categories
        return page(
            request,
            "own.html",
            shown=shown,
            standing=standing,
            paragraphs=paragraphs,
            history=history,
            months=months,
            picture=picture,
            queue=queue,
            categories={name: each.title.in_language(lang) for name, each in categories.items()},
            key=secrets.token_hex(16),
        )

    @post("/{municipality:str}/{application:str}", right="pages.change-own", sync_to_thread=True)
    def change(
        self,
        reading: Asking,
        municipality: FromPath[str],
        application: FromPath[str],
        data: Annotated[Change, Body(media_type=RequestEncodingType.URL_ENCODED)],
    ) -> Redirect:
        """Do what one of the forms asks for: answer an offer, change wishes, withdraw, restore, hand in."""
        body = [municipality, application, msgspec.to_builtins(data)]
        asked = Asked(reading.actor, reading.audit, data.key, data.version, body)
        one = (reading.desk, asked, municipality, application)
        if data.what in {"accept", "decline"}:
            answer = sent.OfferAnswer(answer="accept" if data.what == "accept" else "decline", programme=data.programme)
            filing.answer_offer(*one, checked(answer))
        elif data.what == "wishes":
            filing.change_wishes(*one, checked(sent.NewWishes(wishes=_wishes(data.wishes))))
        elif data.what == "withdraw":
            filing.withdraw(*one, sent.Because())
        elif data.what == "restore":
            filing.restore(*one, sent.Because())
        elif data.what == "document":
            first = _day(data.first_day, "first_day") if data.first_day else None
            last = _day(data.last_day, "last_day") if data.last_day else None
            paper = sent.NewDocument(category=data.category, first_day=first, last_day=last)
            filing.add_document(*one, checked(paper))
        else:
            raise MissingError("there is no such form", "open the page again")
        return done(f"/my/{municipality}/{application}")


def _service_titles(request: Request[Any, Any, Any], reading: Reading) -> dict[str, str]:
    lang = language_of(request)
    return {f"{each.municipality}/{each.service}": getattr(each.title, lang) for each in list_services(reading.board)}


def _wishes(text: str) -> list[sent.WishFor]:
    """Return the wishes of a text: one a line; a line that ends with /* means any programme of an organisation."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [
        sent.WishFor(organisation=line.removesuffix("/*")) if line.endswith("/*") else sent.WishFor(programme=line)
        for line in lines
    ]


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise RequestError("there is no such day", "write it like 2026-09-01", field) from error
