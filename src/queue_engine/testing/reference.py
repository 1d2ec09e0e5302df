"""Every queue of a municipality by the plain definition: one applicant, one programme, one comparison at a time.

Slow on purpose. It shares with the fast path the tables, the text of conditions and `rules.one_by_one`, nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import attrs

from queue_engine.facts import FactType, Per, Unknown
from queue_engine.queue import GENERAL, TAKES
from queue_engine.rules.conditions import ALWAYS, Condition, facts_of, with_dates
from queue_engine.rules.days import facts_needed, known_days, rules_on
from queue_engine.rules.model import RuleSet
from queue_engine.rules.one_by_one import Paper, PlainQueue, Record, Value, holds, rank
from queue_engine.rules.parsing import parse_condition
from queue_engine.tables.columns import Column
from queue_engine.tables.records import Tables


def order_one_by_one(
    tables: Tables, rule_set: RuleSet, on: date, dates: Mapping[str, date] | None = None
) -> dict[str, list[str]]:
    """Return the applications of every queue in their order, the general queue under its own name.

    Arguments and meaning are those of `ordering.order`.

    Complexity: O(entries²) comparisons of keys, and far from fast.
    """
    return {name: list(queue.order) for name, queue in rank_one_by_one(tables, rule_set, on, dates).items()}


def rank_one_by_one(
    tables: Tables, rule_set: RuleSet, on: date, dates: Mapping[str, date] | None = None
) -> dict[str, PlainQueue]:
    """Return every queue with what decides each place and the first reason why somebody is not in it."""
    rules = rules_on(rule_set, on, dates)
    days = known_days(rule_set, on, dates)
    records = records_of(tables, days, rule_set)
    found: dict[str, PlainQueue] = {}
    for index, name in enumerate(tables.programmes.ids):
        mine = {application: record for (application, programme), record in records.items() if programme == index}
        inside = {application: record for application, (record, taken) in mine.items() if taken}
        outside = {application: TAKES for application in mine if application not in inside}
        found[name] = _named(tables, rank(_labelled(inside), rules), outside)
    found[GENERAL] = _general(tables, rules)
    return found


def records_of(
    tables: Tables, days: Mapping[str, int], rule_set: RuleSet
) -> dict[tuple[int, int], tuple[Record, bool]]:
    """Return what is known of each application at each programme it wishes for, and whether it is taken there.

    A wish for an organisation stands for each of its programmes that takes the
    applicant; of two wishes that lead to one programme the first counts.

    Args:
        tables: the tables.
        days: the day of every named date.
        rule_set: gives the conventions of ages.

    """
    wishes = tables.wishes
    found: dict[tuple[int, int], tuple[Record, bool]] = {}
    for wish, application in enumerate(wishes.application.tolist()):
        of_wish = record_of(tables, application, wish)
        named = int(wishes.programme[wish])
        for programme in _offered(tables, wish):
            taken = holds(_takes(tables, programme, days), of_wish, rule_set.conventions)
            if (taken or programme == named) and (application, programme) not in found:
                found[application, programme] = record_of(tables, application, wish, programme), taken
    return found


def _offered(tables: Tables, wish: int) -> Iterator[int]:
    """Yield the programme a wish names, or all of the organisation it names."""
    named, organisation = int(tables.wishes.programme[wish]), int(tables.wishes.organisation[wish])
    for programme, at in enumerate(tables.programmes.organisation.tolist()):
        if programme == named or (named < 0 and at == organisation):
            yield programme


def _takes(tables: Tables, programme: int, days: Mapping[str, int]) -> Condition:
    text = tables.programmes.takes[programme]
    made = parse_condition(text, tables.vocabulary, (), lambda *_: None) if text else ALWAYS
    if made is None:
        message = f"the condition of programme '{tables.programmes.ids[programme]}' cannot be read"
        raise ValueError(message)
    return with_dates(made, days)


def record_of(tables: Tables, application: int, wish: int | None = None, programme: int | None = None) -> Record:
    """Return what is known of an application, at the organisation of a wish, at a programme, by their rows."""
    sources = [(tables.applications.columns, application), (tables.wishes.columns, wish)]
    sources.append((tables.programmes.columns, programme))
    facts: dict[str, Value] = {}
    for columns, row in sources:
        if row is not None:
            facts.update({name: value for name, column in columns.items() for value in _value(column, row)})
    documents = tables.documents
    names = list(tables.vocabulary.categories)
    papers = [
        Paper(
            names[documents.category[row]],
            int(documents.first[row]),
            int(documents.last[row]),
            bool(documents.confirmed[row]),
        )
        for row, owner in enumerate(documents.application.tolist())
        if owner == application
    ]
    return Record(facts, tuple(papers))


def _value(column: Column, row: int) -> Iterator[Value]:
    """Yield the value of a row, or nothing when it is not known."""
    if column.known is None or column.known[row]:
        value = int(column.values[row])
        yield column.labels[value] if column.fact.type is FactType.CHOICE else value


def _general(tables: Tables, rules: RuleSet) -> PlainQueue:
    """Return the general queue: nothing tied to an organisation is known in it, and nobody is refused for that."""
    facts = rules.vocabulary.facts
    needed = [name for name in sorted(facts_needed(rules)) if facts[name].per is Per.APPLICATION]
    refusing = [name for name in needed if facts[name].unknown is Unknown.REFUSE]
    untied = {
        name: fact if fact.per is Per.APPLICATION else attrs.evolve(fact, unknown=Unknown.LAST)
        for name, fact in facts.items()
    }
    items = (item for item in rules.eligible if all(facts[name].per is Per.APPLICATION for name in facts_of(item.when)))
    loosened = attrs.evolve(rules, vocabulary=attrs.evolve(rules.vocabulary, facts=untied), eligible=tuple(items))
    inside: dict[int, Record] = {}
    outside: dict[int, str] = {}
    for application in range(len(tables.applications)):
        record = record_of(tables, application)
        absent = [name for name in refusing if name not in record.facts]
        if absent:
            outside[application] = absent[0]
        else:
            inside[application] = record
    return _named(tables, rank(_labelled(inside), loosened), outside)


def _labelled(records: Mapping[int, Record]) -> dict[str, Record]:
    """Return records by labels whose order as texts is that of the applications, so that full ties keep it."""
    return {f"{application:09d}": record for application, record in records.items()}


def _named(tables: Tables, plain: PlainQueue, outside: Mapping[int, str]) -> PlainQueue:
    ids = tables.applications.ids
    refused = {str(ids[application]): reason for application, reason in outside.items()}
    return PlainQueue(
        tuple(str(ids[int(label)]) for label in plain.order),
        {str(ids[int(label)]): step for label, step in plain.decided_by.items()},
        refused | {str(ids[int(label)]): reason for label, reason in plain.refused.items()},
    )
