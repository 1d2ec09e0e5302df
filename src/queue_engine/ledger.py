"""The account of one application along the journal: every entry that moved it, with what decided and on what ground.

Its postings sum to the change of its place, whatever happened; `difference` tells the same change between two days
at once, for everybody.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

import attrs

from queue_engine.changes import (
    Label,
    MassEffect,
    PositionChange,
    Posting,
    added_up,
    group_of,
    level_by_level,
    pair_by_pair,
)
from queue_engine.errors import NotInQueueError
from queue_engine.events import DataCorrected, ExceptionGranted, Revoked
from queue_engine.journal import Journal
from queue_engine.live_town import LiveTown
from queue_engine.movements import Moved, Recast
from queue_engine.rules.model import RuleSet, Step

EXCEPTIONS = (ExceptionGranted, DataCorrected, Revoked)
"""Events by which somebody was given or put right what the rules alone would not: whom they move sees that."""

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017 - as in `replay`


def position_change(
    journal: Journal,
    application: str,
    queue: str,
    since: int | datetime = 0,
    until: int | datetime | None = None,
    *,
    rules: Mapping[str, RuleSet],
    service: str = "",
) -> PositionChange:
    """Return every move of an application's place after one moment and up to another.

    Args:
        journal: the journal.
        application: its id.
        queue: a programme, or `GENERAL`.
        since: the last entry before the account, or an instant with its zone; 0 = the beginning.
        until: the last entry of the account, or an instant; None = all.
        rules: the rules by their digest (`rules_digest`).
        service: of which service.

    Returns:
        Postings in the order of the journal, each with its entry, kind, deciding step, group and ground.

    Raises:
        JournalError: rules are not given.
        NotInQueueError: there is no such queue, or the application was never in it.

    Complexity: that of following the journal (`LiveTown.of`); with a `LiveTown` at hand, `account` is O(entries).
    Source: statute 2.2.5 (the grounds of changes of the order of places).

    >>> from queue_engine import Fact, FactType, RuleSet, Step, Title, Vocabulary, rules_digest
    >>> from queue_engine.events import DayAdvanced, Filed, Reviewed, RulesPublished, Withdrawn
    >>> from queue_engine.rules.model import StepKind
    >>> title, number = Title("номер", "number"), "application.number"
    >>> facts = {number: Fact(number, FactType.NUMBER, title, unique=True)}
    >>> rules = RuleSet("r", "region", title, Vocabulary(facts, {}, {}), order=(Step("number", title, StepKind.LOWEST, fact=number),))
    >>> journal, told = Journal("75701000"), {"at": 1_788_220_800_000, "actor": "parent"}
    >>> _ = journal.append_many([DayAdvanced(20697, **told), RulesPublished(rules_digest(rules), **told)])
    >>> for one in (1, 2, 3):
    ...     _ = journal.append_many([Filed(str(one), one, 0, {}, [], **told), Reviewed(str(one), "registered", **told)])
    >>> _ = journal.append(Withdrawn("1", **told))
    >>> change = position_change(journal, "3", "general", since=8, rules={rules_digest(rules): rules})
    >>> change.before, change.after, change.parts
    (3, 2, (Posting(kind='left', step='number', group='', count=-1, entry=9, ground=''),))

    """  # noqa: E501 - statements of the example
    last = entry_at(journal, until)
    live = LiveTown.of(journal, rules, service, until=last)
    return account(live, journal, application, queue, entry_at(journal, since), last)


def entry_at(journal: Journal, moment: int | datetime | None) -> int:
    """Return the last entry that was recorded by a moment; an entry is itself; None = the last of all.

    >>> entry_at(Journal("75701000"), None)
    0

    """
    if moment is None:
        return len(journal)
    if isinstance(moment, int):
        return min(moment, len(journal))
    return bisect_right(journal.times, (moment - _EPOCH) // timedelta(milliseconds=1))


def account(
    live: LiveTown, journal: Journal, application: str, queue: str, since: int = 0, until: int | None = None
) -> PositionChange:
    """Return every move of an application's place between two entries; see `position_change`.

    Args:
        live: the queues, kept up at least to `until`.
        journal: the journal they were kept up with.
        application: its id.
        queue: a programme, or `GENERAL`.
        since: the last entry before the account.
        until: the last entry of the account; None = the last followed.

    Raises:
        NotInQueueError: there is no such queue, or the application was never in it.

    Complexity: O(entries that moved the queue × steps), and O(n) for each that concerned many; before that
        `LiveTown.with_records`, where the queues began at an entry.

    """
    live = live.with_records()
    last = live.entry if until is None else until
    following = _Following(application, live, journal)
    before = 0
    for record in live.records.get(queue, ()):
        if record.entry > last:
            break
        if record.entry > since and not following.telling:
            before, following.telling = following.place, True
        if isinstance(record, Moved):
            following.move(record)
        else:
            following.recast(record)
    if not following.telling:
        before = following.place
    if not following.met:
        message = f"application '{application}' was never in queue '{queue}'"
        raise NotInQueueError(message)
    return PositionChange(queue, application, before, following.place, added_up(following.parts), tuple(following.mass))


@attrs.define(eq=False)
class _Following:
    """The place of one application while records pass, and its account once that is to be told."""

    application: str
    live: LiveTown
    journal: Journal
    place: int = 0
    met: bool = False
    telling: bool = False
    parts: list[Posting] = attrs.field(factory=list)
    mass: list[MassEffect] = attrs.field(factory=list)

    def move(self, record: Moved) -> None:
        """Take an entry that moved one application."""
        shift, place = record.shift, self.place
        if shift.lo <= place <= shift.hi:
            self.place += shift.sign
            if self.telling:
                self._post(record, shift.kind, shift.step_at(place), shift.sign)
        elif shift.application == self.application:
            assert shift.before == place, "the position does not fit the events"
            self.met, self.place = True, shift.after
            if self.telling:
                self._post(record, "own", shift.changed, shift.after - place)

    def _post(self, record: Moved, kind: str, index: int, count: int) -> None:
        if not count:
            return
        step, group, ground = "", "", ""
        if index >= 0:
            rules = record.rules
            deciding = rules.order[index]
            step, ground = deciding.id, record.grounds[index]
            group = _group(deciding, record.shift.codes[index])
        if kind != "own" and isinstance(self.journal.event(record.entry), EXCEPTIONS):
            kind = "exception"
        self.parts.append(Posting(kind, step, group, count, record.entry, ground))

    def recast(self, record: Recast) -> None:
        """Take an entry that moved many."""
        before, after = record.before.line, record.after.line
        was, now = before.positions.get(self.application, 0), after.positions.get(self.application, 0)
        assert was == self.place, "the position does not fit the events"
        self.place, self.met = now, self.met or now > 0
        if not self.telling or not (was or now):
            return
        tell = level_by_level if record.by_levels else pair_by_pair
        exception = isinstance(self.journal.event(record.entry), EXCEPTIONS)
        for part in tell(before, after, "", self.application).parts:
            kind = "exception" if exception and part.kind != "own" else part.kind
            self.parts.append(attrs.evolve(part, kind=kind, entry=record.entry))
        if record.mass:
            self.mass.append(MassEffect(record.entry, was, now, *self._passed(record, was, now)))

    def _passed(self, record: Recast, was: int, now: int) -> tuple[int, int]:
        """Return how many of those in both orders came ahead, and how many fell behind."""
        if not was or not now:
            return 0, 0
        before, after = record.before.line.positions, record.after.line.positions
        both = [(place, after[name]) for name, place in before.items() if name in after]
        return sum(b > was and a < now for b, a in both), sum(b < was and a > now for b, a in both)


def _group(step: Step, code: int) -> str:
    return group_of(step, code) if code >= 0 else ""


def place_with_document(
    live: LiveTown, application: str, queue: str, document: str, *, confirmed: bool
) -> tuple[int, int]:
    """Return the place of an application now, and the place it would have if one of its documents changed.

    For the family itself, and only for documents it has handed in: nobody is invited to bring false ones.

    Args:
        live: the queues.
        application: its id.
        queue: a programme, or `GENERAL`.
        document: the id of the document.
        confirmed: whether it would be confirmed; if not, it would have ended.

    Returns:
        Two 1-based places; 0 = not in the queue.

    Raises:
        NotInQueueError: there is no such application, or it has no such document.

    Complexity: O(wishes × conditions + log n).

    """
    person = live.folding.application(application) if application in live.folding.people else None
    if person is None or all(each.id != document for each in person.documents):
        message = f"application '{application}' has no document '{document}'"
        raise NotInQueueError(message)
    state = "confirmed" if confirmed else "refuted"
    papers = tuple(attrs.evolve(each, state=state) if each.id == document else each for each in person.documents)
    places = live.if_filed(attrs.evolve(person, documents=papers))
    then = live.place_if(application, queue, places[queue]) if queue in places else 0
    return live.position_of(application, queue), then


def labels_shared(live: LiveTown, queue: str, *, left_since: int = 0) -> dict[Label, int]:
    """Return how many applications of a queue share what decides: the group at each step, or a step by a fact.

    Args:
        live: the queues.
        queue: which of them.
        left_since: those who left from this instant on count too, in milliseconds since 1970 UTC.

    Complexity: O(n × steps).

    """
    if live.rules is None:
        return {}
    steps = live.rules.order
    found: Counter[Label] = Counter()
    for each in live.snapshot(queue).placed.values():
        found.update((step.id, _shared(step, code)) for step, (_, code) in zip(steps, each.key, strict=True))
    first = bisect_right(live.times, left_since - 1) + 1
    for record in reversed(live.with_records().records.get(queue, [])):
        if record.entry < first:
            break
        if isinstance(record, Moved) and record.shift.kind == "left" and len(record.shift.codes) == len(steps):
            codes = zip(steps, record.shift.codes, strict=True)
            found.update((step.id, _shared(step, code)) for step, code in codes)
    return dict(found)


def _shared(step: Step, code: int) -> str:
    """Return the group at a step; everybody shares a step that orders by a number or a time."""
    return "" if step.fact else group_of(step, code)
