"""Queues as everybody may see them: lists without anything personal, programmes and their free places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

import attrs
import numpy as np
from sqlalchemy import select

from queue_engine import Queue
from queue_engine.events.statuses import PLACED, Status
from queue_engine.explanation import RULES, SMALLEST_SHARED, step_or_reserve
from queue_engine.facts import Title, day_to_date
from queue_engine.live_town import LiveTown
from queue_engine.queue import GENERAL, GENERAL_TITLE
from queue_engine.rules.model import StepKind
from queue_engine.rules.readback import page
from service.db import Database
from service.enrolment.archive import municipalities
from service.enrolment.following import Follower, Followers
from service.enrolment.schemas import (
    DecidingRule,
    PublicPlace,
    QueuePage,
    QueueSummary,
    ServiceSummary,
    ShownProgramme,
    Text,
)
from service.models import ApplicationStatus
from service.problems import RequestError, UnknownApplicationError, UnknownQueueError

_SEATED = PLACED | {Status.ENROLLED}


@attrs.frozen(eq=False)
class Board:
    """What queues are read from.

    Args:
        database: where journals are stored.
        followers: the queues that follow them.
        rules_folder: the folder with facts.yaml and the rule files.

    """

    database: Database
    followers: Followers
    rules_folder: Path

    def municipalities(self) -> list[str]:
        """Return the municipalities that have a journal."""
        with self.database.asking() as session:
            return municipalities(session)

    def services(self, municipality: str) -> list[str]:
        """Return the services of a municipality that have programmes, in alphabetical order."""
        towns = self.followers.towns
        head = towns.head(municipality)
        if not head.entries:
            return []
        town = towns.reach(municipality, head.entries)
        with town.lock:
            return sorted({each.service for each in town.journal.life.programmes.values()})

    def follower(self, municipality: str, service: str) -> Follower:
        """Return the queues of a service.

        Raises:
            UnknownQueueError: there is no such service of this municipality.

        """
        if service not in self.services(municipality):
            raise UnknownQueueError(f"there is no service '{municipality}/{service}'", "take one from /api/services")
        return self.followers.of(municipality, service)


@attrs.frozen
class PublicPlaceIn:
    """A place in one queue, as its public list shows it."""

    title: Title
    position: int
    total: int
    shown: PublicPlace


@attrs.frozen
class PublicStanding:
    """The places of one application, as public lists show them."""

    application: str
    places: tuple[PublicPlaceIn, ...]


def list_services(board: Board) -> list[ServiceSummary]:
    """Return every service of every municipality that rules are in force for."""
    found = []
    for municipality in board.municipalities():
        for service in board.services(municipality):
            with board.follower(municipality, service).following() as (live, _):
                if live.rules is None:
                    continue
                found.append(
                    ServiceSummary(
                        municipality=municipality,
                        service=service,
                        title=text(live.rules.title),
                        rules=live.folding.rules[service][-1].rules,
                        on=day_to_date(live.folding.life.day or 0),
                        entry=live.entry,
                    )
                )
    return found


def list_queues(board: Board, municipality: str = "", service: str = "") -> list[QueueSummary]:
    """Return every queue, the general one of a service last.

    Args:
        board: the queues.
        municipality: only of this one; "" = of all.
        service: only of this one; "" = of all.

    """
    found: list[QueueSummary] = []
    for town in board.municipalities():
        for name in board.services(town) if municipality in {"", town} else []:
            if service in {"", name}:
                with board.follower(town, name).following() as (live, _):
                    found += _summaries(live)
    return found


def read_queue(board: Board, municipality: str, service: str, programme: str, *, page: int, size: int) -> QueuePage:
    """Return some places of a queue.

    Raises:
        UnknownQueueError: there is no such service, or no such queue in it.
        RequestError: there is no such page.

    """
    follower = board.follower(municipality, service)
    _, queue = follower.queue(programme)
    if queue is None:
        raise UnknownQueueError(
            f"there is no queue '{municipality}/{service}/{programme}'", "take one from /api/queues"
        )
    total = len(queue)
    pages = max(1, -(-total // size))
    if page > pages:
        detail = f"page {page} of {pages}: the queue has {total} places, {size} a page"
        raise RequestError(detail, f"ask for page 1 to {pages}", "page")
    first = (page - 1) * size + 1
    last = min(total, page * size)
    with follower.following() as (live, _):
        summary = summary_of(live, queue.id, queue.title, total)
    return QueuePage(
        queue=summary,
        page=page,
        pages=pages,
        size=size,
        total=total,
        places=_public_places(queue, first, last),
    )


def list_programmes(board: Board, municipality: str, service: str) -> list[ShownProgramme]:
    """Return the programmes of a service with their places, those taken and those free.

    Raises:
        UnknownQueueError: there is no such service.

    """
    with board.follower(municipality, service).following() as (live, town):
        taken: dict[str, int] = {}
        for standing in town.journal.life.standings.values():
            if standing.service == service:
                here = standing.programme if standing.status in _SEATED else ""
                for name in {here, standing.interim.programme if standing.interim else ""} - {""}:
                    taken[name] = taken.get(name, 0) + 1
        return [
            ShownProgramme(
                municipality=municipality,
                service=service,
                programme=each.id,
                organisation=each.organisation,
                title=each.title,
                takes=each.takes,
                is_open=each.is_open,
                capacity=each.capacity,
                taken=taken.get(each.id, 0),
                free=None if each.capacity is None else max(0, each.capacity - taken.get(each.id, 0)),
                waiting=live.size_of(each.id),
                entry=live.entry,
            )
            for each in live.folding.programmes.values()
            if each.service == service
        ]


def public_standing(board: Board, municipality: str, service: str, number: int) -> PublicStanding:
    """Return what public lists hold of the application of a number: its place in each queue, nothing personal.

    Raises:
        UnknownApplicationError: no list holds it.

    """
    one = ApplicationStatus
    wanted = select(one.id).where(one.municipality == municipality, one.service == service, one.number == number)
    with board.database.asking() as session:
        name = session.scalar(wanted)
    found = []
    if name is not None:
        follower = board.follower(municipality, service)
        with follower.following() as (live, _):
            names = [queue for queue in live.names() if live.position_of(name, queue)]
        for each in names:
            _, queue = follower.queue(each)
            if queue is not None:
                position = queue.position_of(name)
                found.append(
                    PublicPlaceIn(queue.title, position, len(queue), _public_places(queue, position, position)[0])
                )
    if name is None or not found:
        remedy = "check the number; it stands in the notice that the application is registered"
        raise UnknownApplicationError(f"no queue of '{municipality}/{service}' holds number {number}", remedy)
    return PublicStanding(name, tuple(found))


def summary_of(live: LiveTown, queue: str, title: Title, size: int) -> QueueSummary:
    """Describe a queue."""
    name = f"{live.municipality}/{live.service}/{queue}"
    assert live.rules is not None, "queues are made by rules"
    return QueueSummary(
        id=name,
        url=f"/api/queues/{quote(name)}",
        title=text(title),
        municipality=live.municipality,
        service=live.service,
        service_title=text(live.rules.title),
        on=day_to_date(live.folding.life.day or 0),
        size=size,
        entry=live.entry,
    )


def text(title: Title) -> Text:
    """Return what people read."""
    return Text(title.ru, title.en)


def told_deciders(queue: Queue, smallest: int = SMALLEST_SHARED) -> frozenset[str]:
    """Return the steps and reserves that a public list may name: enough applications of the queue share them.

    Whoever stands before the last of a few with a right would else be known to have it.
    """
    ranking, rows = queue.ranking, queue.rows
    shared: dict[str, int] = {}
    for component in ranking.components:
        step, codes = component.step, component.codes[rows]
        if step.kind is StepKind.GROUPS:
            others = [code for code, group in enumerate(step.groups) if group.everyone_else]
            shared[step.id] = int((~np.isin(codes, others)).sum())
        else:
            shared[step.id] = int((codes == 0).sum()) if step.kind is StepKind.YES_FIRST else len(rows)
    for reserve, entitled in zip(ranking.reserves, ranking.entitled, strict=True):
        shared[reserve.id] = int(entitled[rows].sum())
    return frozenset(name for name, count in shared.items() if count >= smallest)


def _summaries(live: LiveTown) -> Iterator[QueueSummary]:
    if live.rules is None:
        return
    names: Sequence[str] = sorted(name for name in live.names() if name in live.folding.programmes)
    for name in names:
        title = live.folding.programmes[name].title or name
        yield summary_of(live, name, Title(title, title), live.size_of(name))
    yield summary_of(live, GENERAL, GENERAL_TITLE, live.size_of(GENERAL))


def _public_places(queue: Queue, first: int, last: int) -> list[PublicPlace]:
    told = told_deciders(queue)
    deciders = queue.decided_by()[first - 1 : last]
    applications: Iterable[str] = queue.applications(first, last)
    return [
        PublicPlace(
            position=position, application=application, decided_by=_decider(queue, decider, told) if decider else None
        )
        for position, (application, decider) in enumerate(zip(applications, deciders, strict=True), start=first)
    ]


def _decider(queue: Queue, name: str, told: frozenset[str]) -> DecidingRule:
    if name not in told:
        return DecidingRule(step="", title=text(RULES))
    return DecidingRule(step=name, title=text(step_or_reserve(queue, name).title))


def rules_in_words(board: Board, municipality: str, service: str, lang: str) -> list[str]:
    """Return the rules in force, as a page that people read.

    Raises:
        UnknownQueueError: there is no such service.

    """
    with board.follower(municipality, service).following() as (live, _):
        rules = live.folding.state().rule_set(service) if live.rules is not None else None
        day = live.folding.life.day or 0
    return [] if rules is None else page(rules, day, lang)
