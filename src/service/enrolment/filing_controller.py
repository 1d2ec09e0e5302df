"""Applications and programmes over HTTP: what families and officials do."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, QueryParameter, SkipValidation

from service.enrolment import applications, filing, places
from service.enrolment import filing_schemas as sent
from service.enrolment.applications import Reading
from service.enrolment.desk import Asked, Desk, version_in
from service.enrolment.schemas import ApplicationLine
from service.problems import documented
from service.security.audit import Audit
from service.security.rights import Right
from service.security.roles import Actor, Reach, Role

_FAMILY = {Role.PARENT: Reach.OWN, Role.LEARNER: Reach.OWN}
_OFFICE = {Role.OFFICER: Reach.MUNICIPALITY}
_DESK = {Role.MFC: Reach.MUNICIPALITY, **_OFFICE}

RIGHTS: Mapping[str, Right] = {
    "applications.file": Right({**_FAMILY, **_DESK}),
    "applications.wishes": Right({**_FAMILY, **_DESK}),
    "applications.withdraw": Right({**_FAMILY, **_DESK}),
    "applications.restore": Right({**_FAMILY, **_DESK}),
    "applications.hand-in": Right({**_FAMILY, **_DESK}),
    "applications.answer": Right({**_FAMILY, **_DESK}),
    "applications.review": Right(_OFFICE),
    "applications.suspend": Right(_OFFICE),
    "applications.correct": Right(_OFFICE),
    "applications.judge": Right(_OFFICE),
    "applications.enrol": Right({Role.HEAD: Reach.MUNICIPALITY, Role.SECRETARY: Reach.MUNICIPALITY, **_OFFICE}),
    "applications.grant": Right({Role.COMMISSION: Reach.MUNICIPALITY}),
    "programmes.change": Right(_OFFICE),
}
"""What may be done here, by whom."""

At = NamedDependency[SkipValidation[Desk]]
Who = NamedDependency[SkipValidation[Actor]]
Left = NamedDependency[SkipValidation[Audit]]
Key = Annotated[
    str | None,
    HeaderParameter(name="Idempotency-Key", max_length=64, description="the same key again is the same request again"),
]
Match = Annotated[
    str | None, HeaderParameter(name="If-Match", max_length=64, description="the ETag of what was read before")
]
_WRITTEN = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
_READ = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.SERVICE_UNAVAILABLE)
_CHANGED = (*_WRITTEN, HTTPStatus.PRECONDITION_REQUIRED)
_ONE = "/applications/{municipality:str}/{application:str}"
_OK: dict[str, Any] = {"status_code": HTTPStatus.OK, "responses": documented(*_CHANGED), "sync_to_thread": True}


def asked_for(actor: Actor, audit: Audit, key: str | None, match: str | None, data: Any) -> Asked:  # noqa: ANN401
    """Return how something is asked for."""
    return Asked(actor, audit, key or "", version_in(match), msgspec.to_builtins(data))


def _answer(receipt: sent.Receipt, status: HTTPStatus = HTTPStatus.OK) -> Response[sent.Receipt]:
    return Response(receipt, status_code=status, headers={"ETag": f'"{receipt.version}"'})


class FilingController(Controller):
    """What is done with applications."""

    path = "/api"
    tags = ("applications",)

    @get(
        "/applications",
        right="applications.read",
        summary="The applications one may see",
        responses=documented(*_READ),
        sync_to_thread=True,
    )
    def applications(
        self,
        reading: NamedDependency[SkipValidation[Reading]],
        municipality: FromQuery[str] = "",
        service: FromQuery[str] = "",
        status: FromQuery[str] = "",
        after: Annotated[int, QueryParameter(ge=-1, le=2**53)] = -1,
        size: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
    ) -> list[ApplicationLine]:
        """Return the applications one may see, by number: one's own, or those of the municipality."""
        return applications.list_applications(
            reading, municipality=municipality, service=service, status=status, after=after, size=size
        )

    @post(
        "/applications",
        right="applications.file",
        summary="File an application",
        responses=documented(*_WRITTEN),
        sync_to_thread=True,
    )
    def file(
        self, desk: At, actor: Who, audit: Left, data: JSONBody[sent.NewApplication], key: Key = None
    ) -> Response[sent.Receipt]:
        """File an application; a child has one active application for a service."""
        asked = asked_for(actor, audit, key, None, data)
        return _answer(filing.file(desk, asked, data), HTTPStatus.CREATED)

    @put(f"{_ONE}/wishes", right="applications.wishes", summary="Change the wishes", **_OK)
    def change_wishes(  # noqa: PLR0917 - what a change consists of
        self,
        desk: At,
        actor: Who,
        audit: Left,
        municipality: FromPath[str],
        application: FromPath[str],
        data: JSONBody[sent.NewWishes],
        key: Key = None,
        match: Match = None,
    ) -> Response[sent.Receipt]:
        """Change what the application wishes for; its time and number stay."""
        asked = asked_for(actor, audit, key, match, [municipality, application, data])
        return _answer(filing.change_wishes(desk, asked, municipality, application, data))

    @post(f"{_ONE}/withdraw", right="applications.withdraw", summary="Withdraw an application", **_OK)
    def withdraw(  # noqa: PLR0917 - what a change consists of
        self,
        desk: At,
        actor: Who,
        audit: Left,
        municipality: FromPath[str],
        application: FromPath[str],
        data: JSONBody[sent.Because],
        key: Key = None,
        match: Match = None,
    ) -> Response[sent.Receipt]:
        """Withdraw the application; filed anew it gets a new time and number."""
        asked = asked_for(actor, audit, key, match, [municipality, application, data])
        return _answer(filing.withdraw(desk, asked, municipality, application, data))

    @post(
        f"{_ONE}/restore", right="applications.restore", summary="Return a suspended application to its queues", **_OK
    )
    def restore(  # noqa: PLR0917 - what a change consists of
        self,
        desk: At,
        actor: Who,
        audit: Left,
        municipality: FromPath[str],
        application: FromPath[str],
        data: JSONBody[sent.Because],
        key: Key = None,
        match: Match = None,
    ) -> Response[sent.Receipt]:
        """Return an application that was set aside, with its first time and number."""
        asked = asked_for(actor, audit, key, match, [municipality, application, data])
        return _answer(filing.restore(desk, asked, municipality, application, data))

    @post(f"{_ONE}/suspend", right="applications.suspend", summary="Set an application aside", **_OK)
    def suspend(  # noqa: PLR0917 - what a change consists of
        self,
        desk: At,
        actor: Who,
        audit: Left,
        municipality: FromPath[str],
        application: FromPath[str],
        data: JSONBody[sent.Because],
        key: Key = None,
        match: Match = None,
    ) -> Response[sent.Receipt]:
        """Set an application aside until it is restored."""
        asked = asked_for(actor, audit, key, match, [municipality, application, data])
        return _answer(filing.suspend(desk, asked, municipality, application, data))

    @post(f"{_ONE}/review", right="applications.review", summary="Decide on an application that came in", **_OK)
    def review(  # noqa: PLR0917 - what a change consists of
        self,
        desk: At,
        actor: Who,
        audit: Left,
        municipality: FromPath[str],
        application: FromPath[str],
        data: JSONBody[sent.Review],
        key: Key = None,
        match: Match = None,
    ) -> Response[sent.Receipt]:
        """Take it for review, ask for papers, register or refuse it."""
        asked = asked_for(actor, audit, key, match, [municipality, application, data])
        return _answer(filing.review(desk, asked, municipality, application, data))

    @post(f"{_ONE}/corrections", right="applications.correct", summary="Put wrong facts right", **_OK)
    def correct(  # noqa: PLR0917 - what a change consists of
        self,
        desk: At,
        actor: Who,
        audit: Left,
        municipality: FromPath[str],
        application: FromPath[str],
        data: JSONBody[sent.Correction],
        key: Key = None,
        match: Match = None,
    ) -> Response[sent.Receipt]:
        """Put wrong facts right, on the paper that shows it."""
        asked = asked_for(actor, audit, key, match, [municipality, application, data])
        return _answer(filing.correct(desk, asked, municipality, application, data))

    @post(f"{_ONE}/wish-facts", right="applications.correct", summary="State facts at one wish", **_OK)
    def state_at_wish(  # noqa: PLR0917 - what a change consists of
        self,
        desk: At,
        actor: Who,
        audit: Left,
        municipality: FromPath[str],
        application: FromPath[str],
        data: JSONBody[sent.WishFacts],
        key: Key = None,
        match: Match = None,
    ) -> Response[sent.Receipt]:
        """State facts that hold at one wish: a brother or sister attends there, the address is assigned to it."""
        asked = asked_for(actor, audit, key, match, [municipality, application, data])
        return _answer(filing.state_at_wish(desk, asked, municipality, application, data))

    @post(f"{_ONE}/documents", right="applications.hand-in", summary="Hand in a document", **_OK)
    def add_document(  # noqa: PLR0917 - what a change consists of
        self,
        desk: At,
        actor: Who,
        audit: Left,
        municipality: FromPath[str],
        application: FromPath[str],
        data: JSONBody[sent.NewDocument],
        key: Key = None,
        match: Match = None,
    ) -> Response[sent.Receipt]:
        """Hand in a document that is to confirm a right; it counts once it is confirmed."""
        asked = asked_for(actor, audit, key, match, [municipality, application, data])
        return _answer(filing.add_document(desk, asked, municipality, application, data))

    @post(f"{_ONE}/answer", right="applications.answer", summary="Answer an offer", **_OK)
    def answer_offer(  # noqa: PLR0917 - what a change consists of
        self,
        desk: At,
        actor: Who,
        audit: Left,
        municipality: FromPath[str],
        application: FromPath[str],
        data: JSONBody[sent.OfferAnswer],
        key: Key = None,
        match: Match = None,
    ) -> Response[sent.Receipt]:
        """Accept or decline the place that was offered."""
        asked = asked_for(actor, audit, key, match, [municipality, application, data])
        return _answer(filing.answer_offer(desk, asked, municipality, application, data))

    @post(f"{_ONE}/enrolment", right="applications.enrol", summary="Prepare the contract, or enrol", **_OK)
    def enrol(  # noqa: PLR0917 - what a change consists of
        self,
        desk: At,
        actor: Who,
        audit: Left,
        municipality: FromPath[str],
        application: FromPath[str],
        data: JSONBody[sent.Enrolment],
        key: Key = None,
        match: Match = None,
    ) -> Response[sent.Receipt]:
        """Prepare the contract of who accepted a place, or enrol the child by an order."""
        asked = asked_for(actor, audit, key, match, [municipality, application, data])
        return _answer(filing.enrol(desk, asked, municipality, application, data))

    @post(f"{_ONE}/exceptions", right="applications.grant", summary="Give a place past the queue", **_OK)
    def grant(  # noqa: PLR0917 - what a change consists of
        self,
        desk: At,
        actor: Who,
        audit: Left,
        municipality: FromPath[str],
        application: FromPath[str],
        data: JSONBody[sent.ExceptionalPlace],
        key: Key = None,
        match: Match = None,
    ) -> Response[sent.Receipt]:
        """Give a place by the decision of a court or another authority, which the journal names."""
        asked = asked_for(actor, audit, key, match, [municipality, application, data])
        return _answer(filing.grant(desk, asked, municipality, application, data))

    @post(
        f"{_ONE}/documents/{{document:str}}/judgement", right="applications.judge", summary="Confirm or refute", **_OK
    )
    def judge_document(  # noqa: PLR0913, PLR0917 - what a change consists of
        self,
        desk: At,
        actor: Who,
        audit: Left,
        municipality: FromPath[str],
        application: FromPath[str],
        document: FromPath[str],
        data: JSONBody[sent.Judgement],
        key: Key = None,
        match: Match = None,
    ) -> Response[sent.Receipt]:
        """Confirm a document with the days that were seen, or refute it with a reason."""
        asked = asked_for(actor, audit, key, match, [municipality, application, document, data])
        return _answer(filing.judge_document(desk, asked, municipality, application, document, data))


class ProgrammeController(Controller):
    """What is done with programmes and their places."""

    path = "/api/programmes/{municipality:str}"
    tags = ("programmes",)

    @post(
        "/",
        right="programmes.change",
        summary="Open a programme",
        responses=documented(*_WRITTEN),
        sync_to_thread=True,
    )
    def open(  # noqa: PLR0917 - what a change consists of
        self,
        desk: At,
        actor: Who,
        audit: Left,
        municipality: FromPath[str],
        data: JSONBody[sent.NewProgramme],
        key: Key = None,
        match: Match = None,
    ) -> sent.ProgrammeReceipt:
        """Open a programme, or open it anew."""
        asked = asked_for(actor, audit, key, match, [municipality, data])
        return places.open_programme(desk, asked, municipality, data)

    @put(
        "/{programme:str}/capacity",
        right="programmes.change",
        summary="Say how many places there are",
        responses=documented(*_WRITTEN),
        sync_to_thread=True,
    )
    def set_capacity(  # noqa: PLR0917 - what a change consists of
        self,
        desk: At,
        actor: Who,
        audit: Left,
        municipality: FromPath[str],
        programme: FromPath[str],
        data: JSONBody[sent.NewCapacity],
        key: Key = None,
        match: Match = None,
    ) -> sent.ProgrammeReceipt:
        """Say how many places a programme has from now on, with the reason and the paper it rests on."""
        asked = asked_for(actor, audit, key, match, [municipality, programme, data])
        return places.set_capacity(desk, asked, municipality, programme, data)

    @post(
        "/{programme:str}/close",
        right="programmes.change",
        summary="Close a programme",
        status_code=HTTPStatus.OK,
        responses=documented(*_WRITTEN),
        sync_to_thread=True,
    )
    def close(  # noqa: PLR0917 - what a change consists of
        self,
        desk: At,
        actor: Who,
        audit: Left,
        municipality: FromPath[str],
        programme: FromPath[str],
        data: JSONBody[sent.Closing],
        key: Key = None,
        match: Match = None,
    ) -> sent.ProgrammeReceipt:
        """Close a programme: nobody can wish for it any more."""
        asked = asked_for(actor, audit, key, match, [municipality, programme, data])
        return places.close_programme(desk, asked, municipality, programme, data)
