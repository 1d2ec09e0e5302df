"""From drafts of a service's tables to the tables themselves: particular cases put in, applications numbered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeAlias

import attrs
import numpy as np

from queue_engine.example.draws import Array, Bools, Draws, Ints
from queue_engine.facts import Title

Columns: TypeAlias = Mapping[str, Array]
Value: TypeAlias = str | int | bool

FIRST_NUMBER = 100_001
_ORGANISATIONS_MOST = 999  # ids have three digits
_LATE = 150
_LATEST = 3 * 86_400
_FILED_AT = "application.submitted_at"


@attrs.frozen
class Case:
    """An applicant put in on purpose.

    Args:
        name: what it is called in tests.
        title: what it shows, for people.
        facts: what differs from the plain applicant of the service.
        wishes: the columns of each wish, "" of them the plain one.
        documents: category, first day, last day ("" = open) and whether confirmed.

    """

    name: str
    title: Title
    facts: Mapping[str, Value] = attrs.field(factory=dict)
    wishes: tuple[Mapping[str, Value], ...] = ({},)
    documents: tuple[tuple[str, str, str, bool], ...] = ()


@attrs.frozen
class NumberedCase:
    """A case and the number its application got."""

    case: Case
    application: int


@attrs.define(eq=False)
class Draft:
    """The tables of one service while they are made; applicants are rows, in no particular order.

    Args:
        people: facts of the applications, among them `application.submitted_at`.
        wishes: `person`, `wish`, `organisation` or `programme`, and facts of the entries.
        papers: `person`, `category`, `from`, `to`, `confirmed`.
        programmes: the programmes, complete.

    """

    people: dict[str, Array]
    wishes: dict[str, Array]
    papers: dict[str, Array]
    programmes: dict[str, Array]


@attrs.frozen(eq=False)
class Made:
    """The finished tables of one service: arguments of `build_tables`, and the cases put in."""

    tables: Mapping[str, Columns]
    cases: tuple[NumberedCase, ...]


@attrs.frozen(eq=False)
class Service:
    """One of the queues of a municipality.

    Args:
        name: also the name of its folder.
        title: what people read.
        rules: the rule file, below the rules folder, without its ending.
        on: the day of the queue.
        dates: the named dates the rules need.
        remark: what else the reader of the example should know; "" = nothing.
        make: makes its tables for a number of applications and a seed.

    """

    name: str
    title: Title
    rules: str
    on: date
    dates: Mapping[str, date]
    remark: Title
    make: Callable[[int, int], Made]


def organisation_ids(prefix: str, applications: int, each: int, least: int) -> Array:
    """Return the ids of as many organisations as the applications need, `each` of them for one.

    >>> organisation_ids("ds", 360, 120, 2).tolist()
    ['ds-001', 'ds-002', 'ds-003']

    """
    count = min(max(least, applications // each), _ORGANISATIONS_MOST)
    return np.array([f"{prefix}-{number:03d}" for number in range(1, count + 1)])


def stacked(choices: list[tuple[Bools, Ints]]) -> tuple[Ints, Ints, Ints]:
    """Return person, wish and what is wished, from the k-th choices of everybody and whether he has one.

    >>> yes, no = np.array([True, True]), np.array([True, False])
    >>> [column.tolist() for column in stacked([(yes, np.array([5, 6])), (no, np.array([7, 8]))])]
    [[0, 1, 0], [1, 1, 2], [5, 6, 7]]

    """
    person = np.concatenate([np.flatnonzero(has) for has, _ in choices])
    wish = np.concatenate([np.full(int(has.sum()), k) for k, (has, _) in enumerate(choices, 1)])
    return person, wish, np.concatenate([chosen[has] for has, chosen in choices])


def homes(draws: Draws, weights: Ints) -> Ints:
    """Return a first choice for each row: a quarter of them in turn, so that none is left out, the others by weight.

    >>> np.bincount(homes(Draws.of_rows(1, "t", 100), np.array([1, 1, 8]))).tolist()
    [12, 21, 67]

    """
    by_weight = draws.weighted("home/weighted", weights.tolist())
    return np.where(draws.chance("home/how", 7_500), by_weight, draws.rows % len(weights))


def with_cases(draft: Draft, cases: tuple[Case, ...], facts: Mapping[str, Value], wish: Mapping[str, Value]) -> None:
    """Turn the first rows of a draft into the given cases.

    Args:
        draft: is changed.
        cases: row 0 becomes the first of them, and so on.
        facts: the facts of the plain applicant; what they leave out stays as it was drawn.
        wish: the columns of the plain wish; facts it leaves out are not known.

    """
    rows = np.arange(len(cases))
    for field, value in facts.items():
        draft.people[field][rows] = value
    for row, case in enumerate(cases):
        for field, value in case.facts.items():
            draft.people[field][row] = value
    wishes: list[Mapping[str, Value]] = []
    papers: list[Mapping[str, Value]] = []
    for row, case in enumerate(cases):
        wishes += [{"person": row, "wish": k, **wish, **given} for k, given in enumerate(case.wishes, 1)]
        for category, first, last, confirmed in case.documents:
            papers.append({"person": row, "category": category, "from": first, "to": last, "confirmed": confirmed})
    draft.wishes = _replaced(draft.wishes, len(cases), wishes)
    draft.papers = _replaced(draft.papers, len(cases), papers)


def _replaced(columns: Columns, count: int, rows: list[Mapping[str, Value]]) -> dict[str, Array]:
    """Return the columns without what persons below `count` had, and with the given rows."""
    kept = columns["person"] >= count
    made = {}
    for field, column in columns.items():
        absent: Value = {"b": False, "i": 0}.get(column.dtype.kind, "")
        values = [row.get(field, absent) for row in rows]
        dtype = None if column.dtype.kind == "U" else column.dtype
        made[field] = np.concatenate([np.array(values, dtype), column[kept]]) if values else column[kept]
    return made


def numbered(draft: Draft, draws: Draws, cases: tuple[Case, ...]) -> Made:
    """Return the tables, applications numbered as they were registered; a few came by post and were registered late.

    Complexity: O(n log n) in the number of rows.
    """
    filed = draft.people[_FILED_AT]
    late = draws.chance("late", _LATE) & (draws.rows >= len(cases))
    registered = filed.astype(np.int64) + np.where(late, draws.below("late/seconds", _LATEST), 0)
    order = np.argsort(registered, kind="stable")
    number = np.empty(len(order), np.int64)
    number[order] = np.arange(FIRST_NUMBER, FIRST_NUMBER + len(order))
    applications = {
        "application": number[order],
        "application.number": number[order],
        "application.submitted_on": filed[order].astype("datetime64[D]"),
    }
    applications |= {field: column[order] for field, column in draft.people.items()}
    tables = {
        "programmes": draft.programmes,
        "applications": applications,
        "entries": _entries(draft.wishes, number),
        "documents": _documents(draft.papers, number),
    }
    return Made(tables, tuple(NumberedCase(case, int(number[row])) for row, case in enumerate(cases)))


def _entries(wishes: Columns, number: Ints) -> dict[str, Array]:
    """Return the entries by application and wish, the wishes of each counted from 1 without gaps."""
    application = number[wishes["person"]]
    order = np.lexsort((wishes["wish"], application))
    application = application[order]
    first = np.flatnonzero(np.concatenate([[True], application[1:] != application[:-1]]))
    many = np.diff(np.concatenate([first, [len(application)]]))
    counted = np.arange(1, len(application) + 1) - np.repeat(first, many)
    facts = {field: column[order] for field, column in wishes.items() if field not in {"person", "wish"}}
    return {"application": application, "wish": counted, **facts}


def _documents(papers: Columns, number: Ints) -> dict[str, Array]:
    """Return the documents by application and first day; those of one day stay in the order of their categories."""
    application = number[papers["person"]]
    order = np.lexsort((papers["from"].astype(np.int64), application))
    return {"application": application[order]} | {
        field: column[order] for field, column in papers.items() if field != "person"
    }
