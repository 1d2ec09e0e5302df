"""Wishes × programmes → entries: who stands in which programme's queue, and which wish brought him there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from queue_engine.errors import OrderError, Problem, TableError
from queue_engine.facts import Per
from queue_engine.records import Programmes, Tables
from queue_engine.rules.compile import Frame, Mask, Masks
from queue_engine.rules.conditions import ALWAYS, Condition, dates_of, facts_of, with_dates
from queue_engine.rules.days import known_days, missing_date
from queue_engine.rules.model import RuleSet
from queue_engine.rules.parsing import parse_condition

Rows = npt.NDArray[np.int32]


@attrs.frozen(eq=False)
class Entries:
    """Application × programme, sorted by application, wish and programme, each pair of the first and last once.

    Args:
        application: row of the applications, never decreasing.
        programme: index of the programme.
        wish: row of the wishes the entry comes from.
        taken: whether the programme's `takes` holds; an entry that is not taken is in no queue.
        untaken: wishes for an organisation none of whose programmes takes the applicant, in order.

    """

    application: Rows
    programme: Rows
    wish: Rows
    taken: Mask
    untaken: Rows

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self.application)

    def frame(self, tables: Tables) -> Frame:
        """Return the entries as rows to evaluate conditions on."""
        count = len(tables.wishes.application)
        same = len(self) == count and bool((self.wish == np.arange(count, dtype=np.int32)).all())
        people = len(tables.applications.ids)
        own = len(self) == people and bool((self.application == np.arange(people, dtype=np.int32)).all())
        return Frame(tables, None if own else self.application, None if same else self.wish, True, self.programme)


def derive_entries(tables: Tables, rule_set: RuleSet, on: date, dates: Mapping[str, date] | None = None) -> Entries:
    """Return the entries that the wishes give: one a programme wished for, or taking the applicant at a wished organisation.

    Args:
        tables: the tables.
        rule_set: gives the conventions of ages and the days of named dates.
        on: the day the queue is computed for.
        dates: the days of named dates.

    Raises:
        TableError: a `takes` cannot be read; carries every problem of all of them.
        OrderError: a `takes` needs a date that nobody gives.

    Complexity: O(distinct `takes` × wishes), and one sort of the entries where wishes name organisations.

    """
    conditions = takes_conditions(tables, rule_set, on, dates)
    wishes, programmes = tables.wishes, tables.programmes
    masks = Masks(Frame(tables, wishes.application, None, wishes=True), rule_set.conventions)
    pairs = [_named_programmes(tables, conditions, masks)]
    for condition in dict.fromkeys(conditions):
        mask = masks.mask(condition)
        offering = np.array([index for index, own in enumerate(conditions) if own == condition], np.int32)
        pairs.append(_at_organisations(tables, programmes, offering, mask))
    wish, programme, taken = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
    reached = np.zeros(len(wishes.application), np.bool_)
    reached[wish] = True
    untaken = np.flatnonzero(~reached).astype(np.int32)
    return _unique(tables, wish, programme, taken, untaken)


def takes_conditions(
    tables: Tables, rule_set: RuleSet, on: date, dates: Mapping[str, date] | None = None
) -> tuple[Condition, ...]:
    """Return the condition of each programme, dates filled in; see `derive_entries` for arguments and errors."""
    programmes, vocabulary = tables.programmes, tables.vocabulary
    problems: list[Problem] = []
    read: dict[str, Condition] = {"": ALWAYS}
    for text, place in zip(programmes.takes, programmes.places, strict=True):
        if text in read:
            continue

        def report(code: str, at: int, width: int, message: str, remedy: str, expected: str, where: Any = place, text: str = text) -> None:  # noqa: ANN401, PLR0913, PLR0917, E501
            found = text[at : at + width]
            told = f"{message} (character {at + 1})"
            problems.append(Problem(where, code, told, remedy, found=found, expected=expected, source="", width=width))

        condition = parse_condition(text, vocabulary, (), report)
        read[text] = ALWAYS if condition is None else condition
        for name in sorted(facts_of(read[text])):
            if vocabulary.facts[name].per is Per.PROGRAMME:
                message = f"'takes' reads {name}, a fact of the programme itself"
                problems.append(Problem(place, "T060", message, "say whom the programme takes by facts of the applicant"))
    if problems:
        raise TableError(problems)
    days = known_days(rule_set, on, dates)
    missing = sorted(set().union(*(dates_of(condition) for condition in read.values())) - days.keys())
    if missing:
        raise OrderError(missing_date(rule_set, name) for name in missing)
    settled = {text: with_dates(condition, days) for text, condition in read.items()}
    return tuple(settled[text] for text in programmes.takes)


def _named_programmes(tables: Tables, conditions: tuple[Condition, ...], masks: Masks) -> tuple[Rows, Rows, Mask]:
    """Return the wishes that name a programme, each with whether it takes the applicant."""
    named = tables.wishes.programme
    rows = np.flatnonzero(named >= 0).astype(np.int32)
    programme = named[rows]
    distinct = {condition: index for index, condition in enumerate(dict.fromkeys(conditions))}
    kind = np.array([distinct[condition] for condition in conditions], np.int32)
    taken = np.ones(len(rows), np.bool_)
    for condition, index in distinct.items():
        if condition != ALWAYS and len(rows):
            mine = kind[programme] == index
            taken[mine] = masks.mask(condition)[rows[mine]]
    return rows, programme, taken


def _at_organisations(tables: Tables, programmes: Programmes, offering: Rows, mask: Mask) -> tuple[Rows, Rows, Mask]:
    """Return, for the programmes `offering` one condition, the wishes for their organisations that it holds for."""
    organisation = tables.wishes.organisation
    rows = np.flatnonzero(mask & (organisation >= 0) & (tables.wishes.programme < 0)).astype(np.int32)
    by_organisation = np.argsort(programmes.organisation[offering], kind="stable")
    sorted_programmes = offering[by_organisation]
    counts = np.bincount(programmes.organisation[offering], minlength=len(programmes.organisations))
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    each = counts[organisation[rows]]
    wish = np.repeat(rows, each)
    first = np.repeat(np.cumsum(each) - each, each)
    offset = np.arange(len(wish)) - first
    programme = sorted_programmes[starts[organisation[wish]] + offset] if len(wish) else np.zeros(0, np.int32)
    return wish, programme.astype(np.int32), np.ones(len(wish), np.bool_)


def _unique(tables: Tables, wish: Rows, programme: Rows, taken: Mask, untaken: Rows) -> Entries:
    """Return the pairs in order of wish and programme, the earliest wish kept where two lead to one programme."""
    application = tables.wishes.application[wish]
    if (tables.wishes.organisation >= 0).any():
        width = len(tables.programmes)
        order = np.argsort(wish.astype(np.int64) * width + programme, kind="stable")
        application, programme, wish, taken = application[order], programme[order], wish[order], taken[order]
        _, first = np.unique(application.astype(np.int64) * width + programme, return_index=True)
        if len(first) < len(wish):
            kept = np.zeros(len(wish), np.bool_)
            kept[first] = True
            application, programme, wish, taken = application[kept], programme[kept], wish[kept], taken[kept]
    return Entries(application, programme, wish, taken, untaken)
