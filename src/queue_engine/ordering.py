"""Tables × rules × day → every queue at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from queue_engine.entries import derive_entries
from queue_engine.errors import OrderError, Place, Problem
from queue_engine.facts import Per, Unknown
from queue_engine.keys import sorted_rows
from queue_engine.queue import TAKES, Queues, Ranking
from queue_engine.reserves import moved_by_reserves
from queue_engine.rules.compile import Component, Frame, Mask, Masks, components, refusals
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

    Complexity: O(entries × conditions) and one sort of 64-bit words.
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
    _need_columns(tables, rules)
    entries = derive_entries(tables, rule_set, on, dates)
    masks = Masks(entries.frame(tables), rules.conventions)
    not_taken = () if entries.taken.all() else ((TAKES, ~entries.taken),)
    by_programme = _rank(
        tables, rules, masks, entries.application, entries.programme, len(tables.programmes), not_taken
    )
    people = np.arange(len(tables.applications), dtype=np.int32)
    one_queue = np.zeros(len(people), np.uint8)
    general = _rank(tables, rules, masks.over(Frame(tables)), people, one_queue, 1, None)
    return Queues(by_programme, general, entries.untaken)


def _rank(  # noqa: PLR0917 - the parts of one ranking, called twice
    tables: Tables,
    rules: RuleSet,
    masks: Masks,
    application: npt.NDArray[Any],
    queue: npt.NDArray[Any],
    queues: int,
    not_taken: tuple[tuple[str, Mask], ...] | None,
) -> Ranking:
    """Return rows ordered within queues; `not_taken` is None for rows that are tied to no organisation."""
    refused = (*(not_taken or ()), *refusals(rules, masks, tied=not_taken is not None))
    found = components(rules, masks)
    inside = _inside(refused, len(application))
    codes = queue.astype(np.min_scalar_type(max(queues - 1, 0)))
    ordered = _sorted(found, codes, inside)
    queue_in_order = codes[ordered]
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.bincount(queue_in_order, minlength=queues))])
    moving = tuple(reserve for reserve in rules.reserves if reserve.changes_positions)
    entitled = tuple(masks.mask(reserve.when) for reserve in moving)
    if moving:
        ordered = ordered[moved_by_reserves(moving, [mask[ordered] for mask in entitled], starts)]
    return Ranking(tables, rules, masks, application, codes, found, refused, ordered, starts, moving, entitled)


def _inside(refused: tuple[tuple[str, Mask], ...], count: int) -> Rows | None:
    """Return the rows nobody refuses, or None when that is all of them."""
    outside = np.zeros(count, np.bool_)
    for _, mask in refused:
        np.logical_or(outside, mask, out=outside)
    return np.flatnonzero(~outside) if outside.any() else None


def _sorted(found: tuple[Component, ...], queue: npt.NDArray[Any], inside: Rows | None) -> Rows:
    """Return the rows that are in a queue, by queue and key."""
    used = found[:-1] if _rows_are_in_step_order(found[-1]) else found
    columns = [queue, *(component.codes for component in used)]
    most = [int(queue.max()) if len(queue) else 0, *(component.most for component in used)]
    return sorted_rows(columns, most, inside)


def _rows_are_in_step_order(last: Component) -> bool:
    """Return whether the rows already stand in the order of the last step, so that a stable sort keeps it.

    Tables keep applications in the order of their numbers, and most rules end with the smaller number.
    """
    codes = last.codes
    return last.step.kind is StepKind.LOWEST and bool((codes[1:] >= codes[:-1]).all())


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
