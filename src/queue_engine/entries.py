"""Wishes × programmes → entries: who stands in which programme's queue, and which wish brought him there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from queue_engine.errors import OrderError, Place, Problem, TableError
from queue_engine.facts import Per, Vocabulary
from queue_engine.rules.compile import Frame, Mask, Masks
from queue_engine.rules.conditions import ALWAYS, Condition, dates_of, facts_of, with_dates
from queue_engine.rules.days import known_days, missing_date
from queue_engine.rules.model import RuleSet
from queue_engine.rules.parsing import parse_condition
from queue_engine.rules.tokens import Report
from queue_engine.tables.records import Tables

Rows = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]


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
        return Frame(
            tables,
            None if own else self.application,
            None if same else self.wish,
            wishes=True,
            programme=self.programme,
        )


def derive_entries(tables: Tables, rule_set: RuleSet, on: date, dates: Mapping[str, date] | None = None) -> Entries:
    """Return the entries of the wishes: the programme one names, or those of an organisation that take the applicant.

    Args:
        tables: the tables.
        rule_set: gives the conventions of ages and the days of named dates.
        on: the day the queue is computed for.
        dates: the days of named dates.

    Raises:
        TableError: a `takes` cannot be read; carries every problem of all of them.
        OrderError: a `takes` needs a date that nobody gives.

    Complexity: O(distinct `takes` × wishes), and one sort of the entries where wishes name organisations.

    >>> from datetime import date
    >>> from queue_engine import build_tables, load_rules
    >>> rules = load_rules("rules/region-74/college.yaml")
    >>> wishes = {"application": [1, 2], "programme": ["welders", "welders"], "grade.average": ["14/3", "4.67"]}
    >>> filed = {"application.submitted_at": ["2026-07-01", "2026-07-02"]}
    >>> tables = build_tables(rules.vocabulary, wishes | filed)
    >>> derive_entries(tables, rules, date(2026, 8, 16)).application.tolist()
    [0, 1]

    """
    offers = takes_conditions(tables, rule_set, on, dates)
    wishes = tables.wishes
    masks = Masks(Frame(tables, wishes.application, None, wishes=True), rule_set.conventions)
    named = np.flatnonzero(wishes.programme >= 0).astype(np.int32)
    programme = wishes.programme if len(named) == len(wishes) else wishes.programme[named]
    pairs = [(named, programme, _taken(offers, masks, named, programme))]
    untaken = np.zeros(0, np.int32)
    if len(named) < len(wishes):
        elsewhere = np.flatnonzero(wishes.programme < 0).astype(np.int32)
        for index, condition in enumerate(offers.conditions):
            taking = elsewhere[masks.held_by(condition, elsewhere)]
            pairs.append(_at_organisations(tables, np.flatnonzero(offers.kind == index), taking))
        reached = np.zeros(len(wishes), np.bool_)
        for wish, _, _ in pairs:
            reached[wish] = True
        untaken = np.flatnonzero(~reached).astype(np.int32)
    return _in_order(tables, pairs, untaken)


@attrs.frozen(eq=False)
class Offers:
    """Whom the programmes take: the distinct conditions, dates filled in, and which of them is each programme's."""

    conditions: tuple[Condition, ...]
    kind: npt.NDArray[Any]


def takes_conditions(tables: Tables, rule_set: RuleSet, on: date, dates: Mapping[str, date] | None = None) -> Offers:
    """Return whom each programme takes; see `derive_entries` for arguments and errors."""
    programmes = tables.programmes
    read, problems = read_takes(tables.vocabulary, programmes.takes, programmes.places)
    if problems:
        raise TableError(problems)
    days = known_days(rule_set, on, dates)
    missing = sorted(set().union(*(dates_of(condition) for condition in read.values())) - days.keys())
    if missing:
        raise OrderError(missing_date(rule_set, name) for name in missing)
    settled = {text: with_dates(read[text], days) for text in dict.fromkeys(programmes.takes)}
    distinct = {condition: index for index, condition in enumerate(dict.fromkeys(settled.values()))}
    kind_of = {text: distinct[condition] for text, condition in settled.items()}
    kind = np.array([kind_of[text] for text in programmes.takes], np.min_scalar_type(len(distinct)))
    return Offers(tuple(distinct), kind)


def read_takes(
    vocabulary: Vocabulary, texts: Sequence[str], places: Sequence[Place]
) -> tuple[dict[str, Condition], list[Problem]]:
    """Return the condition of each distinct text, and every problem of all of them.

    Args:
        vocabulary: what they may name.
        texts: as written; "" takes everyone.
        places: where each stands.

    """
    problems: list[Problem] = []
    read: dict[str, Condition] = {"": ALWAYS}
    for text, place in zip(texts, places, strict=True):
        if text in read:
            continue
        condition = parse_condition(text, vocabulary, (), _reporting(problems, place, text))
        read[text] = ALWAYS if condition is None else condition
        for name in sorted(facts_of(read[text])):
            if vocabulary.facts[name].per is Per.PROGRAMME:
                message = f"'takes' reads {name}, a fact of the programme itself"
                remedy = "say whom the programme takes by facts of the applicant"
                problems.append(Problem(place, "T060", message, remedy))
    return read, problems


def _reporting(problems: list[Problem], place: Place, text: str) -> Report:
    """Return what adds a problem with part of a `takes` text to the others."""

    def report(code: str, at: int, width: int, message: str, remedy: str, expected: str) -> None:
        found, told = text[at : at + width], f"{message} (character {at + 1})"
        problems.append(Problem(place, code, told, remedy, found=found, expected=expected, width=width))

    return report


def _taken(offers: Offers, masks: Masks, wish: Rows, programme: Rows) -> Mask:
    """Return for wishes that name a programme whether it takes the applicant.

    Complexity: O(wishes), and one evaluation on the applications for each distinct condition.
    """
    if all(condition == ALWAYS for condition in offers.conditions):
        return np.ones(len(wish), np.bool_)
    kind = offers.kind[programme]
    by_kind = np.argsort(kind, kind="stable")
    starts = np.searchsorted(kind[by_kind], np.arange(len(offers.conditions) + 1, dtype=kind.dtype))
    taken = np.ones(len(wish), np.bool_)
    for index, condition in enumerate(offers.conditions):
        mine = by_kind[starts[index] : starts[index + 1]]
        if condition != ALWAYS and len(mine):
            taken[mine] = masks.held_by(condition, wish[mine])
    return taken


def _at_organisations(tables: Tables, offering: Ints, wishing: Rows) -> tuple[Rows, Rows, Mask]:
    """Return what wishes for organisations lead to among the programmes `offering` one condition, which holds for all.

    Args:
        tables: the tables.
        offering: indices of programmes, rising.
        wishing: wishes that name an organisation.

    """
    at = tables.programmes.organisation[offering]
    sorted_programmes = offering[np.argsort(at, kind="stable")].astype(np.int32)
    counts = np.bincount(at, minlength=len(tables.programmes.organisations))
    starts = np.cumsum(counts) - counts
    organisation = tables.wishes.organisation[wishing]
    each = counts[organisation]
    wish = np.repeat(wishing, each)
    first = np.repeat(np.cumsum(each) - each - starts[organisation], each)
    return wish, sorted_programmes[np.arange(len(wish)) - first], np.ones(len(wish), np.bool_)


def _in_order(tables: Tables, pairs: list[tuple[Rows, Rows, Mask]], untaken: Rows) -> Entries:
    """Return the pairs in order of wish and programme, the earliest wish kept where two lead to one programme."""
    wish, programme, taken = pairs[0]
    if len(pairs) > 1:
        wish, programme, taken = _sorted_pairs(*(np.concatenate(parts) for parts in zip(*pairs, strict=True)))
    application = tables.wishes.application[wish] if len(pairs) > 1 else tables.wishes.application
    # Tables hold each wish of an application once, so only a programme and its organisation can lead to one queue.
    if len(pairs) > 1 and len(pairs[0][0]):
        pair = application.astype(np.int64) * len(tables.programmes) + programme
        first = np.sort(np.unique(pair, return_index=True)[1], kind="stable")
        application, programme, wish, taken = application[first], programme[first], wish[first], taken[first]
    return Entries(application, programme, wish, taken, untaken)


def _sorted_pairs(wish: Rows, programme: Rows, taken: Mask) -> tuple[Rows, Rows, Mask]:
    """Return the pairs by wish and programme; both are below 2**31, so one word holds a pair and a bit more."""
    words = (wish.astype(np.int64) << 32) | (programme.astype(np.int64) << 1) | taken
    words.sort(kind="stable")  # quick where a few rising runs were put together, as here
    return (words >> 32).astype(np.int32), ((words >> 1) & (2**31 - 1)).astype(np.int32), (words & 1).astype(np.bool_)
