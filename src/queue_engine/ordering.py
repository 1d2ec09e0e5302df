"""Tables × rules × day → every queue at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from queue_engine.entries import derive_entries
from queue_engine.errors import OrderError, Place, Problem, TableError
from queue_engine.facts import Per, Unknown
from queue_engine.keys import sorted_rows
from queue_engine.queue import GENERAL, TAKES, Queues, Ranking
from queue_engine.reserves import moved_by_reserves
from queue_engine.rules.compile import Component, Frame, Masks, Refusal, component, components, refusals
from queue_engine.rules.days import facts_needed, rules_on
from queue_engine.rules.model import RuleSet, StepKind
from queue_engine.tables.records import Tables

Rows = npt.NDArray[np.int64]


def order(tables: Tables, rule_set: RuleSet, on: date, dates: Mapping[str, date] | None = None) -> Queues:
    """Return every queue of a municipality: one a programme, and the general one.

    The order is that of `rules.one_by_one.rank`, the plain definition; the same
    tables give the same bytes whatever order their rows came in.

    Args:
        tables: applications, wishes, documents and programmes.
        rule_set: from `load_rules`.
        on: the day the queues are computed for.
        dates: days of named dates, by name; they go before those the rule file gives.

    Raises:
        RuleError: no rules are in force on the day.
        TableError: a programme's `takes` cannot be read.
        OrderError: a named date, or a column the rules need, is not given by anybody.

    Complexity: O(entries × (conditions + bits of the key)); nothing is compared pair by pair.
    Source: statute 2.2.5 (the order of places and the grounds of its changes).

    >>> from datetime import date
    >>> from queue_engine import build_tables, load_rules
    >>> rules = load_rules("rules/region-74/college.yaml")
    >>> wishes = {"application": [1, 2], "programme": ["welders", "welders"], "grade.average": ["14/3", "4.67"]}
    >>> filed = {"application.submitted_at": ["2026-07-01", "2026-07-02"]}
    >>> queues = order(build_tables(rules.vocabulary, wishes | filed), rules, date(2026, 8, 16))
    >>> queues["welders"].applications(), queues["welders"].decided_by()
    (['2', '1'], ['', 'grade'])

    """
    rules = rules_on(rule_set, on, dates)
    _need_own_names(tables)
    _need_columns(tables, rules)
    entries = derive_entries(tables, rule_set, on, dates)
    masks = Masks(entries.frame(tables), rules.conventions)
    of_people = masks.over(Frame(tables))
    people = _people_by_last_steps(rules, of_people)
    not_taken = () if entries.taken.all() else (Refusal(TAKES, ~entries.taken),)
    refused = (*not_taken, *refusals(rules, masks))
    by_programme = _rank(rules, masks, people, entries.programme, len(tables.programmes), refused)
    one_queue = np.zeros(len(tables.applications), np.uint8)
    general = _rank(rules, of_people, people, one_queue, 1, refusals(rules, of_people, tied=False))
    return Queues(by_programme, general, entries.untaken)


def _rank(
    rules: RuleSet,
    masks: Masks,
    people: Rows,
    queue: npt.NDArray[Any],
    queues: int,
    refused: tuple[Refusal, ...],
) -> Ranking:
    """Return rows ordered within queues, given all applications in the order of the last steps."""
    tables, application = masks.frame.tables, masks.frame.application
    if application is None:
        application = np.arange(len(tables.applications), dtype=np.int32)
    rows = people if masks.frame.application is None else _rows_of(application, people)
    found = components(rules, masks)
    codes = queue.astype(np.min_scalar_type(max(queues - 1, 0)))
    first = [component for component in found[: _last_steps(rules, masks)] if component.most]
    columns = [codes, *(component.codes for component in first)]
    most = [max(queues - 1, 0), *(component.most for component in first)]
    ordered = sorted_rows(columns, most, _inside(refused, masks.frame, rows))
    first_places = np.searchsorted(codes[ordered], np.arange(queues, dtype=codes.dtype))
    starts = np.append(first_places, len(ordered))
    moving = tuple(reserve for reserve in rules.reserves if reserve.changes_positions)
    entitled = tuple(masks.mask(reserve.when) for reserve in moving)
    if moving:
        ordered = ordered[moved_by_reserves(moving, [mask[ordered] for mask in entitled], starts)]
    return Ranking(tables, rules, masks, application, codes, found, refused, ordered, starts, moving, entitled)


def _last_steps(rules: RuleSet, masks: Masks) -> int:
    """Return the index of the first of the last steps, those after which nothing is read but the application."""
    first = len(rules.order)
    while first and masks.step_of_application_only(rules.order[first - 1]):
        first -= 1
    return first


def _people_by_last_steps(rules: RuleSet, masks: Masks) -> Rows:
    """Return all applications in the order of the last steps: time and number, and they are alike in every queue.

    Sorting stably by the steps before them is then all that is left to do in each ranking, and an application
    that stands in several queues is compared by its time once.
    """
    last = [component(step, masks) for step in rules.order[_last_steps(rules, masks) :]]
    if last and _rows_are_in_step_order(last[-1]):
        last.pop()
    everyone = np.arange(len(masks.frame), dtype=np.int64)
    return sorted_rows([each.codes for each in last], [each.most for each in last], everyone)


def _rows_of(application: npt.NDArray[np.int32], people: Rows) -> Rows:
    """Return the rows of the applications in the order of the applications.

    Args:
        application: the application of each row, never decreasing.
        people: all applications.

    """
    each = np.bincount(application, minlength=len(people))
    before = (np.cumsum(each) - each).take(people)
    each = each.take(people)
    rows = np.repeat(before - (np.cumsum(each) - each), each)
    rows += np.arange(len(rows))
    return rows


def _inside(refused: tuple[Refusal, ...], frame: Frame, rows: Rows) -> Rows:
    """Return those of the rows that nobody refuses."""
    outside = np.zeros(len(rows), np.bool_)
    people = np.zeros(len(frame.tables.applications), np.bool_)
    for refusal in refused:
        whom = outside if refusal.application is None else people
        np.logical_or(whom, refusal.refused, out=whom)
    if people.any():
        np.logical_or(outside, frame.of_application(people), out=outside)
    return rows[~outside.take(rows)] if outside.any() else rows


def _rows_are_in_step_order(last: Component) -> bool:
    """Return whether the rows already stand in the order of the last step, so that a stable sort keeps it.

    Tables keep applications in the order of their numbers, and most rules end with the smaller number.
    """
    codes = last.codes
    return last.step.kind is StepKind.LOWEST and bool((codes[1:] >= codes[:-1]).all())


def _need_own_names(tables: Tables) -> None:
    """Refuse a programme that is called as the general queue is."""
    if GENERAL in tables.programmes.ids:
        place = attrs.evolve(tables.programmes.places[tables.programmes.ids.index(GENERAL)], field="programme")
        message = f"'{GENERAL}' is the name of the municipality's general queue"
        raise TableError([Problem(place, "T061", message, remedy="give the programme another id", found=GENERAL)])


def _need_columns(tables: Tables, rules: RuleSet) -> None:
    """Refuse tables that lack a whole column the rules cannot do without."""
    holders = {
        Per.APPLICATION: tables.applications.columns,
        Per.ENTRY: tables.wishes.columns,
        Per.PROGRAMME: tables.programmes.columns,
    }
    missing = []
    for name in sorted(facts_needed(rules)):
        fact = rules.vocabulary.facts[name]
        if fact.unknown is Unknown.REFUSE and name not in holders[fact.per]:
            message = f"the rules of '{rules.id}' need a column {name} ({fact.title.en}); no table has it"
            missing.append(Problem(Place("tables"), "T070", message, remedy=f"add the column {name}", expected=name))
    if missing and len(tables.applications):
        raise OrderError(missing)
