"""Why every place differs between two days, for everybody at once, beside one bare sort of words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import attrs
import numpy as np

from benchmarks import town
from benchmarks.timing import Contest
from queue_engine.changes import pairwise_difference
from queue_engine.difference import difference
from queue_engine.ordering import order
from queue_engine.queue import Queues

ARGSORT = "numpy.argsort of 1,000,000 uint64"
WISHES = 1_220_000
"""So many that 1,000,000 entries have an account: some applicants are not eligible, and one in twenty comes or goes."""


def contests() -> Iterator[Contest]:
    """Yield the account of a million entries, few and many keys changed, and of the general queue."""
    words = town.words("argsort", 1_000_000)
    bare: dict[str, Callable[[], Any]] = {ARGSORT: lambda: np.argsort(words)}
    what = "why 1,000,000 places differ, 5 % joined, 5 % left, {} keys changed"
    for told, per_mille, goal in (("1 % of", 10, 30.0), ("33 % of", 330, 40.0)):
        old, new = queues("joined", 0), queues("left", per_mille)
        check(old, new)

        def account(old: Queues = old, new: Queues = new) -> None:
            difference(old, new).table()

        yield Contest(what.format(told), "difference", {"difference": account, **bare}, {ARGSORT: goal})


@cache
def queues(without: str, changed_per_mille: int) -> Queues:
    """Return the queues of the town without one wish in twenty, and with some of them in another territory.

    Args:
        without: names the draw of those left out.
        changed_per_mille: how many in a thousand have another key.

    """
    whole = town.make_town(entries=WISHES)
    moved = whole.entries["address.in_territory"] ^ town.chance("moved", WISHES, changed_per_mille)
    kept = ~town.chance(without, WISHES, 50)
    entries = {name: values[kept] for name, values in {**whole.entries, "address.in_territory": moved}.items()}
    tables = attrs.evolve(whole, entries=entries).tables(town.rules())
    return order(tables, town.rules(), town.ON, town.DATES)


def check(old: Queues, new: Queues) -> None:
    """Check that a million accounts are made and that some, drawn, are those counted pair by pair."""
    made = difference(old, new)
    table = made.table()
    assert len(table) >= 1_000_000, f"only {len(table)} entries have an account"
    for row in town.below("checked", 30, len(table)).tolist():
        queue, application = table.queues[table.queue[row]], str(table.applications[row])
        assert table.of(queue, application) == pairwise_difference(old, new, queue, application)
