"""Journal → state: events are folded, decisions are taken as they were recorded, and nothing is computed anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, TypeAlias

import attrs

from queue_engine.canonical import JournalError
from queue_engine.errors import Place, Problem
from queue_engine.events import LifeCycle
from queue_engine.events import applications as on
from queue_engine.events import municipality as town
from queue_engine.events import rounds as allocation
from queue_engine.events.model import Event, Value, Wish
from queue_engine.events.statuses import IN_QUEUE
from queue_engine.journal import Journal
from queue_engine.rules.model import RuleSet
from queue_engine.state import (
    ACTIVE_FACT,
    NUMBER_FACT,
    SUBMITTED_AT_FACT,
    SUBMITTED_ON_FACT,
    WITHDRAWN_FACT,
    Application,
    Document,
    Drawn,
    Programme,
    Published,
    Round,
    State,
)

CODES: Mapping[str, str] = {
    "J060": "rules are asked for that were not published, or whose files were not given",
    "J061": "the instant up to which to replay has no time zone, or the entry is not there",
}

_SECONDS_A_DAY = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017 - one name for what `until` is compared in


def replay(journal: Journal, rules: Mapping[str, RuleSet] | None = None, until: int | datetime | None = None) -> State:
    """Return the state of a municipality after an entry of its journal.

    Args:
        journal: the journal.
        rules: the rules by their digest (`rule_documents.rules_digest`), as far as they will be asked for.
        until: the last entry to take, or the last instant (with its zone) at which something was known; None = all.

    Raises:
        JournalError: an event cannot follow those before it; or there is no such entry.

    Complexity: linear in the number of entries.

    >>> from queue_engine.events import DayAdvanced
    >>> journal = Journal("75701000")
    >>> _ = journal.append(DayAdvanced(20697, at=1_788_220_800_000, actor="system"))
    >>> replay(journal).day, replay(journal, until=0).day
    (20697, None)

    """
    last = _last_entry(journal, until)
    folding = Folding.start(journal.municipality, rules)
    for entry, event in enumerate(journal, start=1):
        if entry > last:
            break
        folding.fold(event, entry)
    return folding.state()


def _last_entry(journal: Journal, until: int | datetime | None) -> int:
    if until is None:
        return len(journal)
    place = Place(f"journal {journal.municipality}")
    if isinstance(until, datetime):
        if until.tzinfo is None:
            message = f"{until} has no time zone"
            raise JournalError([Problem(place, "J061", message, "write it with its offset, like +05:00")])
        instant = (until - _EPOCH) // timedelta(milliseconds=1)
        return sum(event.at <= instant for event in journal)
    if not 0 <= until <= len(journal):
        message = f"there is no entry {until}; the last one is {len(journal)}"
        raise JournalError([Problem(place, "J061", message, "give an entry that is there")])
    return until


@attrs.define(eq=False)
class _Person:
    """An application while events are folded into it."""

    filed: on.Filed
    facts: dict[str, Value]
    wishes: tuple[Wish, ...]
    documents: dict[str, Document] = attrs.field(factory=dict)
    exception: str = ""


@attrs.define(eq=False)
class Folding:
    """A state while events are folded into it; `life` refuses what cannot be, and knows statuses and offers.

    Args:
        municipality: whose state it is.
        life: admits the events.
        given: the rules by their digest, as far as they will be asked for.

    """

    municipality: str
    life: LifeCycle
    given: Mapping[str, RuleSet]
    people: dict[str, _Person] = attrs.field(factory=dict)
    programmes: dict[str, Programme] = attrs.field(factory=dict)
    rules: dict[str, list[Published]] = attrs.field(factory=dict)
    orders: dict[tuple[str, str], tuple[str, int]] = attrs.field(factory=dict)
    rounds: dict[str, Round] = attrs.field(factory=dict)
    draws: dict[str, Drawn] = attrs.field(factory=dict)
    entry: int = 0
    at: int = 0

    @classmethod
    def start(cls, municipality: str, rules: Mapping[str, RuleSet] | None = None) -> Folding:
        """Return the state before the first event of a municipality."""
        return cls(municipality, LifeCycle(f"journal {municipality}"), rules or {})

    def fold(self, event: Event, entry: int) -> None:
        """Take one event.

        Raises:
            JournalError: it cannot follow those before it.

        """
        problems = self.life.admit(event, entry)
        if problems:
            raise JournalError(problems)
        self.entry, self.at = entry, event.at
        change = _CHANGES.get(type(event))
        if change is not None:
            change(self, event, entry)

    def state(self) -> State:
        """Return what was folded, frozen."""
        return State(
            self.municipality,
            self.entry,
            self.at,
            self.life.day,
            {name: self.application(name) for name in self.people},
            dict(self.programmes),
            {service: tuple(published) for service, published in self.rules.items()},
            dict(self.orders),
            dict(self.rounds),
            dict(self.draws),
        )

    def known(self, name: str) -> dict[str, Value]:
        """Return every fact known of an application: what `application` says of it, without making one."""
        person, standing = self.people[name], self.life.standings[name]
        facts, filed = person.facts, person.filed
        at = facts.get(SUBMITTED_AT_FACT, filed.submitted_at)
        return {
            NUMBER_FACT: filed.number,
            SUBMITTED_AT_FACT: at,
            SUBMITTED_ON_FACT: int(at) // _SECONDS_A_DAY,
            **facts,
            ACTIVE_FACT: int(standing.status in IN_QUEUE),
            WITHDRAWN_FACT: int(standing.withdrawn),
        }

    def application(self, name: str) -> Application:
        """Return an application as it stands."""
        person = self.people[name]
        standing, filed = self.life.standings[name], person.filed
        return Application(
            name,
            filed.service,
            filed.number,
            filed.submitted_at,
            standing.status,
            standing.changed,
            person.facts,
            person.wishes,
            tuple(person.documents.values()),
            standing.programme,
            standing.deadline,
            person.exception,
            standing.interim,
            standing.withdrawn,
        )

    def _wish_facts(self, name: str, target: tuple[str, str], facts: Mapping[str, Value], forgotten: object) -> None:
        person = self.people[name]
        person.wishes = tuple(
            attrs.evolve(wish, facts=_corrected(wish.facts, facts, forgotten)) if wish.target == target else wish
            for wish in person.wishes
        )


def _corrected(before: Mapping[str, Value], facts: Mapping[str, Value], forgotten: Any) -> dict[str, Value]:  # noqa: ANN401
    return {name: value for name, value in {**before, **facts}.items() if name not in forgotten}


def _filed(folding: Folding, event: on.Filed, _: int) -> None:
    folding.people[event.application] = _Person(event, dict(event.facts), event.wishes)


def _added(folding: Folding, event: on.DocumentAdded, _: int) -> None:
    made = Document(event.document, event.category, "waits", event.first, event.last, event.evidence)
    folding.people[event.application].documents[event.document] = made


def _judged(folding: Folding, event: Any, _: int) -> None:  # noqa: ANN401 - confirmed or refuted
    documents = folding.people[event.application].documents
    paper = folding.life.papers[event.application, event.document]
    evidence = getattr(event, "evidence", "") or documents[event.document].evidence
    documents[event.document] = attrs.evolve(
        documents[event.document], state=paper.state, first=paper.first, last=paper.last, evidence=evidence
    )


def _rewished(folding: Folding, event: on.WishesChanged, _: int) -> None:
    person = folding.people[event.application]
    known = {wish.target: wish.facts for wish in person.wishes}
    person.wishes = tuple(
        attrs.evolve(wish, facts={**known.get(wish.target, {}), **wish.facts}) for wish in event.wishes
    )


def _data_corrected(folding: Folding, event: on.DataCorrected, _: int) -> None:
    person = folding.people[event.application]
    person.facts = _corrected(person.facts, event.facts, event.forgotten)


def _at_wish(folding: Folding, event: on.EntryFactsChanged, _: int) -> None:
    folding._wish_facts(event.application, event.target, event.facts, event.forgotten)  # noqa: SLF001 - one module


def _territory(folding: Folding, event: town.TerritoryActChanged, _: int) -> None:
    for each in event.entries:
        target = (each.programme, each.organisation)
        folding._wish_facts(each.application, target, {event.fact: each.value}, ())  # noqa: SLF001 - one module


def _granted(folding: Folding, event: on.ExceptionGranted, _: int) -> None:
    folding.people[event.application].exception = event.basis


def _opened(folding: Folding, event: town.ProgrammeOpened, _: int) -> None:
    folding.programmes[event.programme] = Programme(
        event.programme,
        event.organisation,
        event.service,
        event.title,
        event.takes,
        event.facts,
        event.capacity,
        is_open=True,
    )


def _closed(folding: Folding, event: town.ProgrammeClosed, _: int) -> None:
    folding.programmes[event.programme] = attrs.evolve(folding.programmes[event.programme], is_open=False)


def _capacity(folding: Folding, event: town.CapacitySet, _: int) -> None:
    changed = attrs.evolve(folding.programmes[event.programme], capacity=event.capacity)
    folding.programmes[event.programme] = changed


def _published(folding: Folding, event: town.RulesPublished, entry: int) -> None:
    made = Published(event.rules, entry, event.at, folding.given.get(event.rules), event.dates)
    folding.rules.setdefault(event.service, []).append(made)


def _ordered(folding: Folding, event: town.OrderPublished, entry: int) -> None:
    folding.orders[event.service, event.queue] = (event.digest, entry)


def _round_frozen(folding: Folding, event: allocation.RoundFrozen, entry: int) -> None:
    folding.rounds[event.round] = Round(
        event.round,
        event.service,
        event.on,
        "frozen",
        event.freeze,
        event.programmes,
        event.applications,
        entry,
    )


def _round_published(folding: Folding, event: allocation.RoundPublished, entry: int) -> None:
    frozen = folding.rounds[event.round]
    folding.rounds[event.round] = attrs.evolve(frozen, status="published", result=event.result, published=entry)


def _round_annulled(folding: Folding, event: allocation.RoundAnnulled, entry: int) -> None:
    folding.rounds[event.round] = attrs.evolve(folding.rounds[event.round], status="annulled", annulled=entry)


def _drawn(folding: Folding, event: allocation.LotteryDrawn, entry: int) -> None:
    folding.draws[event.campaign] = Drawn(event.list, event.rules, event.sources, event.reason, entry)


_Change: TypeAlias = Callable[[Folding, Any, int], None]

_CHANGES: dict[type[Event], _Change] = {
    on.Filed: _filed,
    on.DocumentAdded: _added,
    on.DocumentConfirmed: _judged,
    on.DocumentRefuted: _judged,
    on.WishesChanged: _rewished,
    on.DataCorrected: _data_corrected,
    on.EntryFactsChanged: _at_wish,
    on.ExceptionGranted: _granted,
    town.TerritoryActChanged: _territory,
    town.ProgrammeOpened: _opened,
    town.ProgrammeClosed: _closed,
    town.CapacitySet: _capacity,
    town.RulesPublished: _published,
    town.OrderPublished: _ordered,
    allocation.RoundFrozen: _round_frozen,
    allocation.RoundPublished: _round_published,
    allocation.RoundAnnulled: _round_annulled,
    allocation.LotteryDrawn: _drawn,
}
"""What each kind of event changes besides the status, which the life cycle keeps."""
