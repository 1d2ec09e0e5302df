"""The order of a municipality: rules and columns to positions, beside sorts that are given the keys ready made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from benchmarks import town
from benchmarks.timing import Contest
from queue_engine.keys import KeyLayout
from queue_engine.ordering import order
from queue_engine.queue import Queues, Ranking
from queue_engine.tables.records import Tables

ARGSORT = "numpy.argsort of 1,000,000 uint64"
SORTED = "sorted() of tuples, keys ready"
POLARS = "polars sort, three key columns ready"
DUCKDB = "DuckDB row_number(), three key columns ready"
DUCKDB_ALL = DUCKDB + ", every processor"
GOALS = {ARGSORT: 2.5, SORTED: 0.1, POLARS: 1.0, DUCKDB: 1.0, DUCKDB_ALL: None}
"""The most the engine's time may be, as a share of each peer's; None = no goal, for knowledge only."""


def positions(tables: Tables) -> Queues:
    """Order every programme's queue and the general one, up to the position of every row."""
    queues = order(tables, town.rules(), town.ON, town.DATES)
    assert queues.entries.positions is not None
    assert queues.by_application.positions is not None
    return queues


@attrs.frozen(eq=False)
class ReadyKeys:
    """What the peers are given: the rows that are in a queue, and their keys without a rule left to apply.

    Args:
        rows: the entries that are in a queue, as they stand in the tables.
        components: queue, then one column a step.
        queue: the first of them.
        key: all steps but the last as one word.
        number: the last step.
        expected: the position of each row.

    """

    rows: npt.NDArray[np.int64]
    components: list[npt.NDArray[Any]]
    queue: npt.NDArray[Any]
    key: npt.NDArray[np.uint64]
    number: npt.NDArray[Any]
    expected: npt.NDArray[np.int32]

    @classmethod
    def of(cls, ranking: Ranking) -> ReadyKeys:
        """Return the keys of a ranking."""
        rows = np.flatnonzero(ranking.positions)
        steps = [component.codes[rows] for component in ranking.components]
        layout = KeyLayout.of([component.most for component in ranking.components[:-1]])
        queue = ranking.queue[rows]
        key = layout.pack(steps[:-1], 0)
        return cls(rows, [queue, *steps], queue, key, steps[-1], ranking.positions[rows])

    def positions_in(self, order: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.int32]:
        """Return the position of each row when they stand in this order, queue after queue."""
        starts = np.concatenate([[0], np.cumsum(np.bincount(self.queue))])
        found = np.empty(len(order), np.int32)
        found[order] = np.arange(1, len(order) + 1) - starts[self.queue[order]]
        return found


def contest() -> Contest:
    """Return the engine beside one bare sort of words, and beside sorts of ready keys."""
    tables = town.tables()
    keys = ReadyKeys.of(positions(tables).entries)
    words = town.words("argsort", 1_000_000)
    sides: dict[str, Callable[[], Any]] = {
        "order()": lambda: positions(tables),
        ARGSORT: lambda: np.argsort(words),
        SORTED: _python(keys),
    }
    absent = {}
    for name, make in (
        (POLARS, _polars),
        (DUCKDB, lambda keys: _duckdb(keys, 1)),
        (DUCKDB_ALL, lambda keys: _duckdb(keys, None)),
    ):
        try:
            sides[name] = make(keys)
        except ImportError as error:
            absent[name] = f"{error.name} is not installed: pip install 'queue-engine[bench]'"
    return Contest("order 1,000,000 entries, columns to positions", "order()", sides, GOALS, absent)


def other_inputs() -> list[Contest]:
    """Return the engine on towns that need more work, each beside the bare sort; no goal is set for them."""
    words = town.words("argsort", 1_000_000)
    contests = []
    for kind, what in (
        (town.Kind.BANDS, "the same, programmes take 20 kinds of children"),
        (town.Kind.ORGANISATIONS, "the same, programmes of wished organisations by age"),
    ):
        tables = town.tables(kind)
        sides: dict[str, Callable[[], Any]] = {"order()": lambda tables=tables: positions(tables)}  # type: ignore[misc]
        contests.append(Contest(what, "order()", sides | {ARGSORT: lambda: np.argsort(words)}, {ARGSORT: None}))
    return contests


def _python(keys: ReadyKeys) -> Callable[[], Any]:
    """Return what sorts tuples of ready integers; making the tuples is not timed."""
    tuples = list(zip(*(column.tolist() for column in keys.components), range(len(keys.rows)), strict=True))
    found = np.fromiter((each[-1] for each in sorted(tuples)), np.int64, len(tuples))
    assert np.array_equal(keys.positions_in(found), keys.expected)
    return lambda: sorted(tuples)


def _polars(keys: ReadyKeys) -> Callable[[], Any]:
    """Return what sorts a data frame of three ready columns, with the rows they are of."""
    import polars as pl

    frame = pl.DataFrame(
        {"queue": keys.queue, "key": keys.key, "number": keys.number, "row": np.arange(len(keys.rows))}
    )

    def run() -> Any:  # noqa: ANN401 - a data frame of a peer that need not be installed
        return frame.sort("queue", "key", "number")

    assert np.array_equal(keys.positions_in(run()["row"].to_numpy()), keys.expected)
    return run


def _duckdb(keys: ReadyKeys, threads: int | None) -> Callable[[], Any]:
    """Return what numbers the rows of a table in memory by three ready columns; threads None = one a processor."""
    import duckdb

    connection = duckdb.connect(config={} if threads is None else {"threads": threads})
    columns = {"queue": keys.queue, "key": keys.key, "number": keys.number, "row": np.arange(len(keys.rows))}
    connection.register("given", columns)
    connection.execute("create table ready as select * from given")
    query = 'select "row", row_number() over (partition by queue order by key, number) as position from ready'

    def run() -> Any:  # noqa: ANN401 - as above
        return connection.execute(query).fetchnumpy()

    found = run()
    assert np.array_equal(found["position"][np.argsort(found["row"], kind="stable")], keys.expected)
    return run
