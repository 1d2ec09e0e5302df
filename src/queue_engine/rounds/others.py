"""Programmes a family did not wish for and agreed to be offered: the queues in which it stands there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from os import PathLike

import attrs
import numpy as np

from queue_engine.errors import Place, Problem
from queue_engine.ordering import order
from queue_engine.queue import Queues
from queue_engine.rounds.model import refuse
from queue_engine.rules.model import RuleSet
from queue_engine.spelling import nearest
from queue_engine.tables.reading import read_csv
from queue_engine.tables.records import Tables, Wishes

CONSENT_FACT = "consent.other_programmes"
_COLUMNS = ("programme", "other", "order")


@attrs.frozen
class Neighbour:
    """A programme that may be offered to those whose dearest wish is another one.

    Args:
        programme: the dearest wish.
        other: what may be offered instead.
        order: the smaller is offered first.
        place: where it was written, for messages.

    """

    programme: str
    other: str
    order: int
    place: Place = attrs.field(default=Place("others"), eq=False)


def read_others(path: str | PathLike[str]) -> tuple[Neighbour, ...]:
    r"""Return the rows of a file of neighbours: programme, other, order.

    Raises:
        TableError: the file is no table.
        RoundError: cells cannot be used; holds every problem.

    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "others.csv")
    ...     _ = path.write_text("programme,other,order\nD1,D7,2\nD1,D3,1\n")
    ...     [row.other for row in read_others(path)]
    ['D3', 'D7']

    """
    table = read_csv(path)
    missing = [name for name in _COLUMNS if name not in table.header]
    refuse(
        Problem(Place(table.name, 1, field=name), "D001", f"the column {name} is missing", "add it") for name in missing
    )
    rows, problems, seen = [], [], set()
    for index, line in enumerate(table.rows):
        programme, other, rank = (table[name][index].strip() for name in _COLUMNS)
        place = Place(table.name, line, field="order")
        if not (rank.isascii() and rank.isdigit()):
            problems.append(Problem(place, "D001", f'"{rank}" is not a whole number', "write 1 for the nearest"))
        elif (programme, rank) in seen:
            message = f"two programmes are {rank} for '{programme}'"
            problems.append(Problem(place, "D001", message, "give each a number of its own"))
        else:
            seen.add((programme, rank))
            rows.append(Neighbour(programme, other, int(rank), attrs.evolve(place, field="other")))
    refuse(problems)
    return tuple(sorted(rows, key=lambda row: (row.programme, row.order)))


def others_queues(
    queues: Queues,
    neighbours: Iterable[Neighbour],
    rule_set: RuleSet,
    on: date,
    dates: Mapping[str, date] | None = None,
) -> Queues | None:
    """Return the queues of neighbouring programmes: those stand there who agreed to them, with what is known of them.

    Whoever does not wish for a programme has no sibling, territory or place there: facts of the entry are not known.

    Args:
        queues: of the wishes.
        neighbours: from `read_others`.
        rule_set: the rules `queues` were ordered by, as read.
        on: the day of `queues`.
        dates: the named dates of `queues`.

    Returns:
        None when nobody agreed to anything.

    Raises:
        RoundError: a row names a programme nobody knows.

    Complexity: that of ordering the pairs of those who agreed and their neighbours.

    """
    ranking = queues.entries
    tables = ranking.tables
    index = {name: number for number, name in enumerate(tables.programmes.ids)}
    near: dict[int, list[int]] = {}
    problems = []
    for row in neighbours:
        unknown = [name for name in (row.programme, row.other) if name not in index]
        problems += [
            Problem(row.place, "D002", f"there is no programme '{name}'", nearest(name, index) or "correct the id")
            for name in unknown
        ]
        if not unknown:
            near.setdefault(index[row.programme], []).append(index[row.other])
    refuse(problems)
    agreed = ranking.rows_with(CONSENT_FACT)
    wished: dict[int, list[int]] = {}
    standing = agreed[ranking.positions[agreed] > 0]
    for application, programme in zip(
        ranking.application[standing].tolist(), ranking.queue[standing].tolist(), strict=True
    ):
        wished.setdefault(application, []).append(programme)
    pairs = [
        (application, number, programme)
        for application, programmes in sorted(wished.items())
        for number, programme in enumerate(near.get(programmes[0], ()), start=1)
        if programme not in programmes
    ]
    return order(_with_wishes(tables, pairs), rule_set, on, dates) if pairs else None


def _with_wishes(tables: Tables, pairs: list[tuple[int, int, int]]) -> Tables:
    """Return the tables with other wishes: application, number, programme; sorted."""
    application, wish, programme = (np.array(column, np.int32) for column in zip(*pairs, strict=True))
    nowhere = np.full(len(pairs), -1, np.int32)
    return attrs.evolve(tables, wishes=Wishes(application, wish, nowhere, programme, {}))
