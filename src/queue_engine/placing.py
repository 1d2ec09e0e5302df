"""One application × rules × programmes → the queues it stands in, and all that is known of it in each.

Slow and plain, for one application at a time, and the definition: `entries` and `rules.compile` do the same for whole
columns, `casting` for one application after another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TypeAlias

import attrs

from queue_engine.canonical import JournalError
from queue_engine.errors import OrderError, Place, Problem
from queue_engine.events.lifecycle import GENERAL_QUEUE
from queue_engine.facts import Per, Unknown, Vocabulary
from queue_engine.rules.conditions import ALWAYS, Condition, dates_of, facts_of, with_dates
from queue_engine.rules.days import conditions_of, facts_needed, missing_date
from queue_engine.rules.model import RuleSet, Step
from queue_engine.rules.one_by_one import Component, Paper, Record, facts_refused_without, holds, key, refusal
from queue_engine.rules.parsing import parse_condition
from queue_engine.state import Application, Programme
from queue_engine.tables.assembly import OPEN_END, SINCE_EVER

CODES: Mapping[str, str] = {
    "J063": "whom a programme takes cannot be read",
}

Key: TypeAlias = tuple[Component, ...]
"""A priority key as `one_by_one.key` gives it."""


@attrs.frozen
class Placed:
    """What an application has in one queue.

    Args:
        key: its priority key.
        grounds: the ground that puts it into its group at each step; "" where there is none.
        entitled: whether it is entitled to each reserve that changes positions.

    """

    key: Key
    grounds: tuple[str, ...]
    entitled: tuple[bool, ...] = ()


@attrs.frozen(eq=False)
class Known:
    """All that is known of an application: by itself, at each wish, and at each programme a wish leads to.

    Args:
        alone: what the general queue knows.
        wishes: for each wish the programme it names ("" = any of an organisation), what is known there, and the
            programmes it leads to with what is known at each.

    """

    alone: Record
    wishes: tuple[tuple[str, Record, tuple[tuple[str, Record], ...]], ...]

    def records(self) -> Iterator[Record]:
        """Yield every record."""
        yield self.alone
        for _, there, programmes in self.wishes:
            yield there
            yield from (record for _, record in programmes)


@attrs.frozen(eq=False, slots=False)
class Moment:
    """The rules of a day with every date filled in, and whom programmes take.

    Args:
        rules: from `rules_on`.
        takes: whom each open programme takes, dates filled in.

    """

    rules: RuleSet
    takes: Mapping[str, Condition]

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """The facts without which an entry is not ranked."""
        return facts_refused_without(self.rules)

    @cached_property
    def needed_anywhere(self) -> tuple[str, ...]:
        """Those of them that are tied to no organisation: the ones the general queue needs."""
        facts = self.rules.vocabulary.facts
        untied = [facts[name] for name in sorted(facts_needed(self.rules)) if facts[name].per is Per.APPLICATION]
        return tuple(fact.name for fact in untied if fact.unknown is Unknown.REFUSE)

    @cached_property
    def general(self) -> RuleSet:
        """The rules of the general queue: items that speak of an organisation refuse nobody there."""
        facts = self.rules.vocabulary.facts
        items = (
            item
            for item in self.rules.eligible
            if all(facts[name].per is Per.APPLICATION for name in facts_of(item.when))
        )
        return attrs.evolve(self.rules, eligible=tuple(items))

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition that decides something, in an order that depends on the rules alone."""
        return (*conditions_of(self.rules), *self.takes.values())

    def queues_of(self, known: Known) -> dict[str, Record]:
        """Return the queues an application stands in, with what is known of it in each; the general one is first.

        Of several wishes that lead to one programme the first counts.

        Complexity: O(wishes × conditions).
        """
        found: dict[str, Record] = {}
        if not refusal(known.alone, self.general, self.needed_anywhere):
            found[GENERAL_QUEUE] = known.alone
        met = set()
        for named, there, programmes in known.wishes:
            for programme, record in programmes:
                if programme in met:
                    continue
                taken = holds(self.takes[programme], there, self.rules.conventions)
                if taken or programme == named:
                    met.add(programme)
                if taken and not refusal(record, self.rules, self.needed):
                    found[programme] = record
        return found

    def places_of(self, known: Known) -> dict[str, Placed]:
        """Return the queues an application stands in, with what it has in each."""
        return {queue: self._placed(record) for queue, record in self.queues_of(known).items()}

    def _placed(self, record: Record) -> Placed:
        rules = self.rules
        priority = key(record, rules)
        grounds = tuple(_ground(step, record, rules) if step.groups else "" for step in rules.order)
        moving = (reserve for reserve in rules.reserves if reserve.changes_positions)
        return Placed(priority, grounds, tuple(holds(each.when, record, rules.conventions) for each in moving))


def _ground(step: Step, record: Record, rules: RuleSet) -> str:
    return next((each.id for _, each in step.grounds() if holds(each.when, record, rules.conventions)), "")


def knowing(programmes: Iterable[Programme], vocabulary: Vocabulary) -> Callable[[Application], Known]:
    """Return the function that gathers what is known of an application.

    Args:
        programmes: those that are open.
        vocabulary: what rules may speak about; anything else is not known.

    Complexity: linear in the programmes, once; then linear in the wishes of the application.

    """
    by_id: dict[str, list[Programme]] = {}
    at: dict[str, list[Programme]] = {}
    for each in programmes:
        by_id[each.id] = [each]
        at.setdefault(each.organisation, []).append(each)
    facts = vocabulary.facts

    def know(application: Application) -> Known:
        papers = tuple(
            Paper(
                each.category,
                SINCE_EVER if each.first is None else each.first,
                OPEN_END if each.last is None else each.last,
                each.state == "confirmed",
            )
            for each in application.documents
        )
        own = {name: value for name, value in application.known().items() if name in facts}
        wishes = []
        for wish in application.wishes:
            there = own | dict(wish.facts)
            offered = by_id.get(wish.programme, []) if wish.programme else at.get(wish.organisation, [])
            records = tuple((each.id, Record(there | dict(each.facts), papers)) for each in offered)
            wishes.append((wish.programme, Record(there, papers), records))
        return Known(Record(own, papers), tuple(wishes))

    return know


def whom_taken(programmes: Iterable[Programme], vocabulary: Vocabulary, place: Place) -> dict[str, Condition]:
    """Return whom each programme takes, dates not yet filled in.

    Args:
        programmes: those that are open.
        vocabulary: what conditions may name.
        place: named in problems.

    Raises:
        JournalError: a `takes` cannot be read; holds every problem of all of them.

    """
    problems: list[Problem] = []
    read: dict[str, Condition | None] = {"": ALWAYS}
    found: dict[str, Condition] = {}
    for programme in programmes:
        if programme.takes not in read:

            def report(code: str, at: int, _: int, message: str, remedy: str, __: str, of: str = programme.id) -> None:
                told = f'whom "{of}" takes cannot be read: {message} (character {at + 1}, {code})'
                problems.append(Problem(place, "J063", told, remedy))

            read[programme.takes] = parse_condition(programme.takes, vocabulary, (), report)
        found[programme.id] = read[programme.takes] or ALWAYS
    if problems:
        raise JournalError(problems)
    return found


def with_days(takes: Mapping[str, Condition], days: Mapping[str, int], rules: RuleSet) -> dict[str, Condition]:
    """Return whom programmes take, dates filled in.

    Args:
        takes: from `whom_taken`.
        days: from `known_days`.
        rules: named in the error.

    Raises:
        OrderError: a date is given by nobody.

    """
    needed = {name for when in takes.values() for name in dates_of(when)}
    missing = sorted(needed - days.keys())
    if missing:
        raise OrderError(missing_date(rules, name) for name in missing)
    return {name: with_dates(when, days) for name, when in takes.items()}
