"""The queues in memory, ordered once for each version of what is stored, and the answers given from them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from urllib.parse import quote

import attrs
import numpy as np

from queue_engine import (
    Queue,
    Queues,
    Title,
    load_rules,
    order,
    public_parts,
    refusal_lines,
    standing,
    standing_for_parent,
)
from queue_engine.explanation import RULES, SMALLEST_SHARED, step_or_reserve
from queue_engine.rules.model import StepKind
from service.db import Database
from service.enrolment.schemas import (
    AheadByStep,
    ApplicationStanding,
    DecidingRule,
    Language,
    Place,
    PublicPlace,
    QueuePage,
    QueueSummary,
    Refusal,
    Text,
)
from service.enrolment.store import StoredService, read_services, read_tables
from service.problems import RequestError, UnknownApplicationError, UnknownQueueError


@attrs.frozen(eq=False)
class OrderedService:
    """Every queue of one service, as one version of its rows gives them; never changed.

    Args:
        stored: what it was ordered from.
        queues: the order.

    """

    stored: StoredService
    queues: Queues

    @property
    def title(self) -> Title:
        """What people read."""
        return self.queues.rules.title

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers of its applications."""
        return frozenset(self.queues.entries.tables.applications.ids.tolist())

    def summary(self, queue: Queue) -> QueueSummary:
        """Describe one of its queues."""
        name = f"{self.stored.id}/{queue.id}"
        return QueueSummary(
            id=name,
            url=f"/api/queues/{quote(name)}",
            title=_text(queue.title),
            service=self.stored.id,
            service_title=_text(self.title),
            on=self.stored.on,
            size=len(queue),
        )


class QueueBoard:
    """The queues of every service, in memory; asked for, it first looks whether what is stored has changed."""

    def __init__(self, database: Database, rules: Path) -> None:
        """Keep where to read from; nothing is read yet."""
        self._database = database
        self._rules = rules
        self._ordering = Lock()
        self._ordered: Mapping[str, OrderedService] = MappingProxyType({})

    def services(self) -> Mapping[str, OrderedService]:
        """Return the services in the order they are shown in, each ordered from the rows stored now.

        Raises:
            StoreError: the database cannot be used.
            QueueEngineError: the rules or the rows cannot be used.

        Complexity: one query of a few rows; an order for each service that changed.

        """
        with self._database.reading() as session:
            stored = read_services(session)
        known = self._ordered
        if tuple(each.stored for each in known.values()) == stored:
            return known
        with self._ordering:
            return self._order_anew()

    def _order_anew(self) -> Mapping[str, OrderedService]:
        known = self._ordered
        ordered = {}
        with self._database.reading() as session:
            for stored in read_services(session):
                kept = known.get(stored.id)
                if kept is None or kept.stored != stored:
                    rules = load_rules(self._rules / f"{stored.rules}.yaml")
                    tables = read_tables(session, stored.id, rules.vocabulary)
                    kept = OrderedService(stored, order(tables, rules, stored.on, stored.dates))
                ordered[stored.id] = kept
        self._ordered = MappingProxyType(ordered)
        return self._ordered


def list_queues(board: QueueBoard) -> list[QueueSummary]:
    """Return every queue of every service, the general one of a service last."""
    return [
        service.summary(queue)
        for service in board.services().values()
        for queue in (*service.queues.values(), service.queues.general)
    ]


def read_queue(board: QueueBoard, service: str, programme: str, *, page: int, size: int) -> QueuePage:
    """Return some places of a queue.

    Raises:
        UnknownQueueError: there is no such service, or no such queue in it.
        RequestError: there is no such page.

    """
    ordered = board.services().get(service)
    queue = None if ordered is None else find_queue(ordered.queues, programme)
    if ordered is None or queue is None:
        raise UnknownQueueError(f"there is no queue '{service}/{programme}'", "take an id from /api/queues")
    total = len(queue)
    pages = max(1, -(-total // size))
    if page > pages:
        detail = f"page {page} of {pages}: the queue has {total} places, {size} a page"
        raise RequestError(detail, f"ask for page 1 to {pages}", "page")
    first = (page - 1) * size + 1
    last = min(total, page * size)
    return QueuePage(
        queue=ordered.summary(queue),
        page=page,
        pages=pages,
        size=size,
        total=total,
        places=_public_places(queue, first, last),
    )


def find_queue(queues: Queues, name: str) -> Queue | None:
    """Return a programme's queue, or the general one; None when there is none of that name."""
    if name in queues:
        return queues[name]
    return queues.general if name == queues.general.id else None


def read_standing(board: QueueBoard, number: str, lang: Language, service: str | None = None) -> ApplicationStanding:
    """Return every place of the applications of a number, and why they are not in the queues they are not in.

    Args:
        board: the queues.
        number: the application's number.
        lang: the language of the sentences.
        service: only the application of this service; None = of every service that has one of this number.

    Raises:
        UnknownApplicationError: no service asked for has an application of this number.
        RequestError: there is no such service.

    """
    services = board.services()
    if service is not None and service not in services:
        raise RequestError(f"there is no service '{service}'", f"name one of {', '.join(services)}", "service")
    asked = [each for each in services.values() if service in (None, each.stored.id)]
    having = [each for each in asked if number in each.numbers]
    if not having:
        remedy = "check the number; it stands in the notice that the application is registered"
        raise UnknownApplicationError(f"there is no application '{number}'", remedy)
    return ApplicationStanding(
        application=number,
        lang=lang,
        services=[each.stored.id for each in having],
        places=[_place(each, queue, number, lang) for each in having for queue in each.queues.of_application(number)],
        not_in_queue=[refusal for each in having for refusal in _refusals(each, number, lang)],
    )


def service_titles(board: QueueBoard) -> Mapping[str, Text]:
    """Return the title of each service by its id."""
    return {name: _text(each.title) for name, each in board.services().items()}


def _public_places(queue: Queue, first: int, last: int) -> list[PublicPlace]:
    told = told_deciders(queue)
    deciders = queue.decided_by()[first - 1 : last]
    applications = queue.applications(first, last)
    return [
        PublicPlace(
            position=position, application=application, decided_by=_decider(queue, decider, told) if decider else None
        )
        for position, (application, decider) in enumerate(zip(applications, deciders, strict=True), start=first)
    ]


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


def _decider(queue: Queue, name: str, told: frozenset[str]) -> DecidingRule:
    if name not in told:
        return DecidingRule(step="", title=_text(RULES))
    return DecidingRule(step=name, title=_text(step_or_reserve(queue, name).title))


def _place(service: OrderedService, queue: Queue, number: str, lang: Language) -> Place:
    found = standing(queue, number)
    counts: dict[str, int] = {}
    for part in public_parts(found):
        counts[part.step] = counts.get(part.step, 0) + part.count
    return Place(
        queue=service.summary(queue),
        position=found.position,
        total=found.total,
        ahead_by_step=[
            AheadByStep(step=step, title=_text(step_or_reserve(queue, step).title if step else RULES), count=count)
            for step, count in counts.items()
        ],
        sentences=standing_for_parent(found, lang),
    )


def _refusals(service: OrderedService, number: str, lang: Language) -> list[Refusal]:
    return [
        Refusal(
            service=service.stored.id,
            service_title=_text(service.title),
            queue=refusal.queue,
            reasons=list(refusal.reasons),
            sentences=refusal_lines(refusal, service.queues, lang),
        )
        for refusal in service.queues.not_in_queue(number)
    ]


def _text(title: Title) -> Text:
    return Text(title.ru, title.en)
