"""One application as whoever may see it sees it: its data, its places and their reasons, its history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import attrs
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_engine import Standing, Vocabulary
from queue_engine.events.model import Facts
from queue_engine.explanation import RULES as RULES_TITLE
from queue_engine.explanation import public_parts, step_or_reserve
from queue_engine.facts import FactType, day_to_date, second_to_instant
from queue_engine.wording import refusal_lines, standing_for_officer, standing_for_parent
from service.enrolment.desk import Desk, subject_of
from service.enrolment.following import History, Whole
from service.enrolment.queues import Board, summary_of, text
from service.enrolment.schemas import (
    AheadByStep,
    ApplicationHistory,
    ApplicationLine,
    ApplicationStanding,
    HistoryStep,
    Language,
    Place,
    QueuePosition,
    Reader,
    Refusal,
    ShownApplication,
    ShownDocument,
    ShownWish,
)
from service.models import ApplicationCard, ApplicationStatus, Upload
from service.problems import MissingError
from service.security.audit import Audit
from service.security.rights import require, require_role
from service.security.roles import Actor, Reach

_STATES: Mapping[str, Literal["waits", "confirmed", "refuted"]] = {
    "waits": "waits",
    "confirmed": "confirmed",
    "refuted": "refuted",
}
_ABSENT = ("there is nothing of this id that you may see", "check the id, and the role you act in")


@attrs.frozen
class MonthTold:
    """A month that moved a place: the place before and after it, and what a family is told of it."""

    month: date
    before: int
    after: int
    sentences: tuple[str, ...]


@attrs.frozen(eq=False)
class Reading:
    """What somebody reads with.

    Args:
        desk: where cards and files are stored.
        board: the queues.
        actor: who asks.
        audit: the record of it.

    """

    desk: Desk
    board: Board
    actor: Actor
    audit: Audit

    def require(self, municipality: str, name: str) -> None:
        """Go on only if the application may be seen.

        Raises:
            MissingError: it is not there, or out of reach.

        """
        with self.desk.database.asking() as session:
            require(self.actor, self.audit.right, subject_of(session, municipality, name))

    def whole(self, municipality: str, name: str) -> Whole:
        """Return everything of an application.

        Raises:
            MissingError: there is none of that id.

        """
        service = self.service_of(municipality, name)
        found = None if service is None else self.board.follower(municipality, service).whole(name)
        if found is None:
            raise MissingError(*_ABSENT)
        return found

    def service_of(self, municipality: str, name: str) -> str | None:
        """Return what an application is for; None = there is none of that id."""
        one = ApplicationStatus
        wanted = select(one.service).where(one.municipality == municipality, one.id == name)
        with self.desk.database.asking() as session:
            return session.scalar(wanted)


def list_applications(
    reading: Reading, *, municipality: str, service: str, status: str, after: int, size: int
) -> list[ApplicationLine]:
    """Return the applications somebody may see, by number.

    Args:
        reading: who reads.
        municipality: only of this one; "" = of all one may see.
        service: only of this one; "" = of all.
        status: only in this status; "" = in any.
        after: only with a larger number than this.
        size: how many at most.

    """
    actor, audit = reading.actor, reading.audit
    reach = require_role(actor, audit.right)
    one, card = ApplicationStatus, ApplicationCard
    wanted = (
        select(one, card.child_name)
        .outerjoin(card, (card.municipality == one.municipality) & (card.application == one.id))
        .where(one.number > after)
        .order_by(one.municipality, one.service, one.number)
        .limit(size)
    )
    if reach is Reach.OWN:
        wanted = wanted.where(card.account == actor.account)
    elif reach is not Reach.EVERYWHERE:
        wanted = wanted.where(one.municipality == actor.municipality)
    for column, value in ((one.municipality, municipality), (one.service, service), (one.status, status)):
        if value:
            wanted = wanted.where(column == value)
    with reading.desk.database.asking() as session:
        found = [
            ApplicationLine(
                municipality=row.municipality,
                application=row.id,
                service=row.service,
                number=row.number,
                status=row.status,
                child_name=name or "",
                version=row.version,
            )
            for row, name in session.execute(wanted)
        ]
    audit.read("application", [each.application for each in found], municipality=municipality)
    return found


def read_application(reading: Reading, municipality: str, name: str) -> ShownApplication:
    """Return an application with its card, wishes and documents.

    Raises:
        MissingError: it is not there, or out of reach.

    """
    reading.require(municipality, name)
    with reading.desk.database.reading() as session:
        card = session.get(ApplicationCard, (municipality, name))
        files = _files(session, municipality, name)
    whole = reading.whole(municipality, name)
    reading.audit.read("application", [name], [card.child] if card and card.child else [], municipality)
    person, vocabulary = whole.application, reading.desk.vocabulary
    programmes = whole.programmes
    return ShownApplication(
        municipality=municipality,
        application=name,
        service=person.service,
        number=person.number,
        status=person.status.value,
        submitted_at=second_to_instant(person.submitted_at).isoformat(sep=" "),
        child_name=card.child_name if card else "",
        birth_date=card.birth_date if card else None,
        applicant_name=card.applicant_name if card else "",
        phone=card.phone if card else "",
        email=card.email if card else "",
        address=card.address if card else "",
        channel=card.channel if card else "",
        facts=_shown_facts(person.facts, vocabulary),
        wishes=[
            ShownWish(
                programme=wish.programme,
                organisation=wish.organisation,
                title=programmes.get(wish.programme, wish.organisation or wish.programme),
                facts=_shown_facts(wish.facts, vocabulary),
            )
            for wish in person.wishes
        ],
        documents=[
            ShownDocument(
                document=paper.id,
                category=paper.category,
                title=text(vocabulary.categories[paper.category].title),
                state=_STATES[paper.state],
                first_day=None if paper.first is None else day_to_date(paper.first),
                last_day=None if paper.last is None else day_to_date(paper.last),
                files=files.get(paper.id, []),
            )
            for paper in person.documents
        ],
        offer=person.offer,
        deadline=None if person.deadline is None else day_to_date(person.deadline),
        version=whole.version,
        entry=whole.entry,
    )


def read_position(reading: Reading, municipality: str, name: str, queue: str) -> QueuePosition:
    """Return the place of an application in one queue, in short; nothing personal is in it.

    Raises:
        MissingError: it is not there, or out of reach.

    """
    reading.require(municipality, name)
    service = reading.service_of(municipality, name) or ""
    found = reading.board.followers.of(municipality, service).position(name, queue)
    return QueuePosition(queue=queue, position=found.position, total=found.total, entry=found.entry)


def read_standing(
    reading: Reading, municipality: str, name: str, lang: Language, reader: Reader
) -> ApplicationStanding:
    """Return every place of an application and its reasons, and why it is in no other queue.

    Raises:
        MissingError: it is not there, or out of reach.

    """
    reading.require(municipality, name)
    whole = reading.whole(municipality, name)
    follower = reading.board.follower(municipality, whole.application.service)
    reading.audit.read("application", [name], municipality=municipality)
    with follower.following() as (live, _):
        return ApplicationStanding(
            municipality=municipality,
            application=name,
            service=whole.application.service,
            lang=lang,
            entry=whole.entry,
            status=whole.application.status.value,
            places=[
                Place(
                    queue=summary_of(live, each.queue.id, each.queue.title, each.total),
                    position=each.position,
                    total=each.total,
                    ahead_by_step=_ahead(each),
                    sentences=standing_for_officer(each, lang)
                    if reader == "officer"
                    else standing_for_parent(each, lang),
                )
                for each in whole.standings
            ],
            not_in_queue=[
                Refusal(
                    queue=each.queue,
                    reasons=list(each.reasons),
                    sentences=refusal_lines(each, whole.queues, lang),
                )
                for each in whole.refusals
            ],
        )


def read_history(
    reading: Reading, municipality: str, name: str, queue: str, *, since: int, lang: Language, reader: Reader
) -> ApplicationHistory:
    """Return how a place has changed since an entry, step by step, and what is told of it.

    Raises:
        MissingError: it is not there, or out of reach.
        NotInQueueError: it never was in such a queue.

    """
    reading.require(municipality, name)
    whole = reading.whole(municipality, name)
    follower = reading.board.follower(municipality, whole.application.service)
    history, sentences = follower.told(name, queue, lang, reader, since)
    reading.audit.read("application", [name], municipality=municipality)
    town = reading.board.followers.towns.reach(municipality, history.entry)
    return ApplicationHistory(
        municipality=municipality,
        application=name,
        queue=queue,
        since=since,
        entry=history.entry,
        before=history.change.before,
        after=history.change.after,
        steps=list(_steps(history, list(town.journal.times))),
        sentences=sentences,
    )


def read_months(
    reading: Reading, municipality: str, name: str, queue: str, lang: Language
) -> tuple[ApplicationHistory, list[MonthTold]]:
    """Return how a place has changed from its beginning on, and for each month that moved it what is told of it.

    Raises:
        MissingError: it is not there, or out of reach.
        NotInQueueError: it never was in such a queue.

    Complexity: that of an account for each month.

    """
    history = read_history(reading, municipality, name, queue, since=0, lang=lang, reader="parent")
    follower = reading.board.follower(municipality, reading.service_of(municipality, name) or "")
    offset = timedelta(minutes=reading.desk.vocabulary.utc_offset_minutes)
    by_month: dict[tuple[int, int], list[HistoryStep]] = {}
    for step in history.steps:
        at = datetime.fromtimestamp(step.at_ms / 1_000, UTC) + offset
        by_month.setdefault((at.year, at.month), []).append(step)
    found = []
    for (year, month), steps in by_month.items():
        change, sentences = follower.told(name, queue, lang, "parent", steps[0].entry - 1, steps[-1].entry)
        found.append(MonthTold(date(year, month, 1), change.change.before, change.change.after, tuple(sentences)))
    return history, found[::-1]


def _files(session: Session, municipality: str, name: str) -> dict[str, list[str]]:
    wanted = select(Upload.document, Upload.id).where(Upload.municipality == municipality, Upload.application == name)
    found: dict[str, list[str]] = {}
    for document, file in session.execute(wanted):
        found.setdefault(document, []).append(file)
    return found


def _shown_facts(facts: Facts, vocabulary: Vocabulary) -> dict[str, str]:
    """Return facts as rule files write them."""
    found = {}
    for name, value in sorted(facts.items()):
        fact = vocabulary.facts.get(name)
        plain = fact is None or fact.type is FactType.CHOICE or isinstance(value, str)
        found[name] = str(value) if plain or fact is None else fact.show(int(value), "en")
    return found


def facts_in_words(vocabulary: Vocabulary, facts: Mapping[str, str], lang: Language) -> list[tuple[str, str]]:
    """Return facts as people read them: the title of each and its value, in their language."""
    found = []
    for name, written in facts.items():
        fact = vocabulary.facts.get(name)
        if fact is None:
            found.append((name, written))
        elif fact.type is FactType.CHOICE:
            title = fact.choices.get(written)
            found.append((fact.title.in_language(lang), title.in_language(lang) if title else written))
        else:
            found.append((fact.title.in_language(lang), fact.show(vocabulary.parse(fact, written), lang)))
    return found


def _ahead(place: Standing) -> list[AheadByStep]:
    counts: dict[str, int] = {}
    for part in public_parts(place):
        counts[part.step] = counts.get(part.step, 0) + part.count
    return [
        AheadByStep(
            step=step, title=text(step_or_reserve(place.queue, step).title if step else RULES_TITLE), count=count
        )
        for step, count in counts.items()
    ]


def _steps(history: History, times: list[int]) -> Iterator[HistoryStep]:
    """Yield the entries that moved a place, with the place after each."""
    moved: dict[int, int] = {}
    for part in history.change.parts:
        moved[part.entry] = moved.get(part.entry, 0) + part.count
    position = history.change.before
    for entry in sorted(moved):
        position += moved[entry]
        at = times[entry - 1] if 0 < entry <= len(times) else 0
        yield HistoryStep(entry=max(entry, 1), at_ms=at, change=moved[entry], position=position)
