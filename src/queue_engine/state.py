"""What is known of a municipality after an entry of its journal: applications, programmes, offers, rules; as tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import attrs
import numpy as np

from queue_engine.canonical import JournalError
from queue_engine.errors import Place, Problem
from queue_engine.events.model import Facts, Value, Wish
from queue_engine.events.rounds import Source
from queue_engine.events.standings import Interim
from queue_engine.events.statuses import IN_QUEUE, PLACED, Status
from queue_engine.facts import Fact, FactType, Per, Vocabulary, day_to_date
from queue_engine.rules.model import RuleSet
from queue_engine.tables import build_tables
from queue_engine.tables.records import Tables

ACTIVE_FACT = "application.active"
NUMBER_FACT = "application.number"
SUBMITTED_AT_FACT = "application.submitted_at"
SUBMITTED_ON_FACT = "application.submitted_on"
WITHDRAWN_FACT = "offer.withdrawn"
_SECONDS_A_DAY = 86_400
_NEVER = np.iinfo(np.int64).min
_HOLDING = PLACED | {Status.ENROLLED}


@attrs.frozen
class Document:
    """A document: what it confirms, from when to when, and whether it waits, is confirmed or refuted."""

    id: str
    category: str
    state: str
    first: int | None = None
    last: int | None = None
    evidence: str = ""


@attrs.frozen
class Application:
    """An application as it stands.

    Args:
        id: its id.
        service: what it applies for.
        number: the number it was given.
        submitted_at: when it was made, in civil seconds.
        status: where it stands in its life.
        since: the entry that brought it there.
        facts: what is known of it, as it was filed and corrected.
        wishes: what it wishes for, in the order of preference, with what is known there.
        documents: in the order in which they came.
        offer: the programme offered last; "" = none.
        deadline: the last day of the current status, if it has one.
        exception: the basis of a place granted outside the order; "" = none was.
        interim: the place it holds for the time being; None = none, or it was enrolled or has left.
        withdrawn_offer: whether the place last offered was withdrawn by those who gave it.

    """

    id: str
    service: str
    number: int
    submitted_at: int
    status: Status
    since: int
    facts: Facts
    wishes: tuple[Wish, ...]
    documents: tuple[Document, ...] = ()
    offer: str = ""
    deadline: int | None = None
    exception: str = ""
    interim: Interim | None = None
    withdrawn_offer: bool = False

    @property
    def in_queue(self) -> bool:
        """Return whether it has a place in queues."""
        return self.status in IN_QUEUE

    @property
    def waits_for_confirmation(self) -> bool:
        """Return whether some document is neither confirmed nor refuted; until then the right does not count."""
        return any(document.state == "waits" for document in self.documents)

    def known(self) -> dict[str, Value]:
        """Return every fact known of it: those filed and corrected, and those its number, time and life give."""
        at = self.facts.get(SUBMITTED_AT_FACT, self.submitted_at)
        given: dict[str, Value] = {NUMBER_FACT: self.number, SUBMITTED_AT_FACT: at}
        given[SUBMITTED_ON_FACT] = int(at) // _SECONDS_A_DAY
        lived = {ACTIVE_FACT: int(self.in_queue), WITHDRAWN_FACT: int(self.withdrawn_offer)}
        return given | dict(self.facts) | lived


@attrs.frozen
class Programme:
    """A programme as it stands; closed ones are kept, since applications speak of them."""

    id: str
    organisation: str
    service: str
    title: str
    takes: str
    facts: Facts
    capacity: int | None
    is_open: bool


@attrs.frozen
class Published:
    """Rules that were published: their digest, by which entry, at which instant; the rules, where they were given.

    `dates` are the days that named dates have from then on.
    """

    rules: str
    entry: int
    at: int
    rule_set: RuleSet | None = None
    dates: Mapping[str, int] = attrs.field(factory=dict)


@attrs.frozen
class Round:
    """A round of allocation as it stands.

    Args:
        name: its name, which protocols of offers give.
        service: of which service.
        on: the day for which it was frozen.
        status: frozen, published or annulled.
        freeze: the digest of what was frozen.
        programmes: how many were.
        applications: how many were.
        frozen: the entry by which.
        result: the digest of what came out; "" = it was not published.
        published: the entry by which; 0 = it was not.
        annulled: the entry by which; 0 = it was not.

    """

    name: str
    service: str
    on: int
    status: str
    freeze: str
    programmes: int
    applications: int
    frozen: int
    result: str = ""
    published: int = 0
    annulled: int = 0


@attrs.frozen
class Drawn:
    """The last draw of lots of a campaign: the digests of list and rules, what it was made of, and why again."""

    list: str
    rules: str
    sources: tuple[Source, ...]
    reason: str
    entry: int


@attrs.frozen
class SeatsTaken:
    """How many applications hold a programme, by how far they have come; places for the time being stand apart.

    >>> SeatsTaken(offered=2, enrolled=1, interim=4).total
    3

    """

    offered: int = 0
    consent: int = 0
    contract: int = 0
    enrolled: int = 0
    interim: int = 0

    @property
    def total(self) -> int:
        """How many places are held for good, or are to be."""
        return self.offered + self.consent + self.contract + self.enrolled


@attrs.frozen(eq=False)
class State:
    """A municipality after an entry of its journal.

    Args:
        municipality: whose state it is.
        entry: the last entry it holds; 0 = none.
        at: when that was recorded.
        day: the day that has begun; None = no day was ever advanced.
        applications: all there are and were, by id, in the order they were filed.
        programmes: all there are and were, by id.
        rules: what was published, by service, the latest last.
        orders: by service and queue, the digest of the order published last and its entry.
        rounds: all there were, by name, in the order in which they were frozen.
        draws: the last draw of lots of each campaign.

    """

    municipality: str
    entry: int
    at: int
    day: int | None
    applications: Mapping[str, Application]
    programmes: Mapping[str, Programme]
    rules: Mapping[str, Sequence[Published]]
    orders: Mapping[tuple[str, str], tuple[str, int]]
    rounds: Mapping[str, Round] = attrs.field(factory=dict)
    draws: Mapping[str, Drawn] = attrs.field(factory=dict)

    def seats_taken(self, programme: str) -> SeatsTaken:
        """Return how many applications hold a programme; who was enrolled holds it for good.

        Complexity: one pass over all applications the first time; then constant.
        """
        return self._taken.get(programme, SeatsTaken())

    @cached_property
    def _taken(self) -> Mapping[str, SeatsTaken]:
        counts: dict[str, Counter[str]] = {}
        for each in self.applications.values():
            if each.status in _HOLDING:
                counts.setdefault(each.offer, Counter())[each.status.value] += 1
            if each.interim is not None:
                counts.setdefault(each.interim.programme, Counter())["interim"] += 1
        return {programme: SeatsTaken(**count) for programme, count in counts.items()}

    def in_queue(self, service: str = "") -> Iterator[Application]:
        """Yield the applications of a service that have a place in queues, in the order of their numbers."""
        found = [each for each in self.applications.values() if each.in_queue and each.service == service]
        yield from sorted(found, key=lambda each: (each.number, each.id))

    def open_programmes(self, service: str = "") -> Iterator[Programme]:
        """Yield the programmes of a service that are open, in the order of their ids."""
        found = [each for each in self.programmes.values() if each.is_open and each.service == service]
        yield from sorted(found, key=lambda each: each.id)

    def rule_set(self, service: str = "") -> RuleSet:
        """Return the rules of a service published last.

        Raises:
            JournalError: none were published, or their files were not given to `replay`.

        """
        published = self.rules.get(service)
        place = Place(f"journal {self.municipality}", published[-1].entry if published else 0)
        if not published:
            message = f'no rules were published for the service "{service}"'
            raise JournalError([Problem(place, "J060", message, "append RulesPublished first")])
        latest = published[-1]
        if latest.rule_set is None:
            message = f"the rules {latest.rules} are not given"
            raise JournalError([Problem(place, "J060", message, "give replay the rule files with this digest")])
        return latest.rule_set

    def dates(self, service: str = "") -> dict[str, date]:
        """Return the days of named dates that were published with the last rules of a service."""
        published = self.rules.get(service)
        return {name: day_to_date(day) for name, day in published[-1].dates.items()} if published else {}

    def tables(self, vocabulary: Vocabulary, service: str = "") -> Tables:
        """Return those who have a place in queues as the tables that `order` takes.

        Args:
            vocabulary: what the rules may speak about; a fact it does not know is a problem.
            service: of which service.

        Raises:
            TableError: what is recorded does not fit the vocabulary.

        Complexity: O(n log n).

        """
        people = list(self.in_queue(service))
        programmes = list(self.open_programmes(service))
        opened = {each.id for each in programmes}
        organisations = {each.organisation for each in programmes}
        wishes = [
            (person, preference, wish)
            for person in people
            for preference, wish in enumerate(person.wishes, start=1)
            if wish.programme in opened or (not wish.programme and wish.organisation in organisations)
        ]
        papers = [(person, each) for person in people for each in person.documents if each.state != "refuted"]
        return build_tables(
            vocabulary,
            entries={
                "application": [person.id for person, _, _ in wishes],
                "programme": [wish.programme for _, _, wish in wishes],
                "organisation": [wish.organisation for _, _, wish in wishes],
                "wish": [preference for _, preference, _ in wishes],
                **_columns(vocabulary, Per.ENTRY, [wish.facts for _, _, wish in wishes]),
            },
            applications={
                "application": [person.id for person in people],
                **_columns(vocabulary, Per.APPLICATION, [person.known() for person in people]),
            },
            documents={
                "application": [person.id for person, _ in papers],
                "category": [paper.category for _, paper in papers],
                "from": ["" if paper.first is None else day_to_date(paper.first) for _, paper in papers],
                "to": ["" if paper.last is None else day_to_date(paper.last) for _, paper in papers],
                "confirmed": ["yes" if paper.state == "confirmed" else "no" for _, paper in papers],
            },
            programmes={
                "programme": [each.id for each in programmes],
                "organisation": [each.organisation for each in programmes],
                "title": [each.title for each in programmes],
                "capacity": ["" if each.capacity is None else each.capacity for each in programmes],
                "takes": [each.takes for each in programmes],
                **_columns(vocabulary, Per.PROGRAMME, [each.facts for each in programmes]),
            },
        )


_GIVEN = (NUMBER_FACT, SUBMITTED_AT_FACT, SUBMITTED_ON_FACT, ACTIVE_FACT, WITHDRAWN_FACT)


def _columns(vocabulary: Vocabulary, per: Per, rows: Sequence[Facts]) -> dict[str, Any]:
    """Return a column for every fact somebody has, and for those of the vocabulary that are known of such rows."""
    of_vocabulary = [name for name, fact in vocabulary.facts.items() if fact.per is per]
    named = dict.fromkeys(name for row in rows for name in row)
    dropped = [name for name in _GIVEN if name not in vocabulary.facts]  # not every vocabulary asks for them
    names = [name for name in dict.fromkeys((*of_vocabulary, *named)) if name not in dropped]
    return {name: _cells(vocabulary.facts.get(name), [row.get(name) for row in rows]) for name in names}


def _cells(fact: Fact | None, values: Sequence[Value | None]) -> Any:  # noqa: ANN401 - a list or an array
    """Return values as cells that mean them exactly; what is no value of the fact stays as it is, to be refused."""
    if fact is None or fact.type is FactType.CHOICE or any(type(value) is str for value in values):
        return ["" if value is None else str(value) for value in values]
    if fact.type in (FactType.DATE, FactType.INSTANT):
        numbers = np.array([_NEVER if value is None else value for value in values], np.int64)
        return numbers.view("datetime64[D]" if fact.type is FactType.DATE else "datetime64[s]")
    if fact.type is FactType.YES_NO and any(value not in (None, 0, 1) for value in values):
        return ["" if value is None else str(value) for value in values]
    return ["" if value is None else fact.show(int(value)) for value in values]
