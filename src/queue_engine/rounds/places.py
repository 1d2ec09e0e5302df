"""The places of a round: a row a programme, what was declared and what is given, with the ground of the difference."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from os import PathLike
from typing import TypeVar

import attrs

from queue_engine.errors import Place, Problem, TableError
from queue_engine.facts import ValueProblem, parse_date
from queue_engine.rounds.model import refuse
from queue_engine.spelling import nearest
from queue_engine.tables.reading import read_csv
from queue_engine.tables.sheets import TextTable

MAIN, INTERIM = "main", "temporary"
"""The pass of ordinary places, and of those that leave a child in the queue, where the file names none."""
KINDS = ("", "ordinary", "temporary", "short_stay")
DECLARED = ("places", "capacity", "declared")
_COLUMNS = ("programme", *DECLARED, "norm", "withheld", "ground", "stage", "flows_to", "kind", "until")
_MOST = 1_000_000

T = TypeVar("T")


@attrs.frozen
class PlacesRow:
    """The places of one programme in a round.

    Args:
        programme: its id.
        declared: all places, those that transfers hold now included.
        withheld: how many of them are not given.
        ground: why.
        norm: how many the norms of area and group allow; None = not said.
        stage: the pass the programme takes part in.
        flows_to: the programme that gets places nobody takes; "" = none.
        interim: "temporary" or "short_stay"; "" = an ordinary place.
        until: the last day of temporary places.
        place: where the row stands, for messages.

    """

    programme: str
    declared: int
    withheld: int = 0
    ground: str = ""
    norm: int | None = None
    stage: str = MAIN
    flows_to: str = ""
    interim: str = ""
    until: int | None = None
    place: Place = attrs.field(default=Place("places"), eq=False)


def read_places(path: str | PathLike[str]) -> tuple[PlacesRow, ...]:
    r"""Return the rows of a file of places, sorted by programme.

    Columns: `programme` and `places` (or `capacity`, `declared`) are needed. `withheld` says how many of them are not
    given, `ground` why; `norm` how many the norms allow; `stage` the pass a programme takes part in (passes run in the
    order of their names); `flows_to` who gets what nobody takes; `kind` is ordinary, temporary or short_stay; `until`
    is the last day of temporary places.

    Raises:
        TableError: the file is no table.
        RoundError: cells cannot be used; holds every problem.

    Complexity: linear in the rows.

    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "places.csv")
    ...     _ = path.write_text("programme,places,withheld,ground\nD2,3,1,court decision 2-118\nD1,2,,\n")
    ...     [(row.programme, row.declared, row.withheld) for row in read_places(path)]
    [('D1', 2, 0), ('D2', 3, 1)]

    """
    return places_of(read_csv(path))


def tried_places(path: str | PathLike[str]) -> tuple[tuple[PlacesRow, ...], list[Problem]]:
    r"""Return the rows of a file of places as far as they can be read, and all that is wrong with the file.

    `freeze` takes both, so that somebody who has to mend a file is told everything at once.

    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "places.csv")
    ...     _ = path.write_text("programme,places,withheld\nD1,two,\nD2,3,1\n")
    ...     rows, problems = tried_places(path)
    >>> [row.programme for row in rows], [problem.code for problem in problems]
    (['D1', 'D2'], ['D001', 'D004'])

    """
    try:
        reading = _Reading(read_csv(path))
    except TableError as error:
        return (), list(error.problems)
    return reading.rows(), reading.problems


def places_of(table: TextTable) -> tuple[PlacesRow, ...]:
    """Return the rows of a table of places, sorted by programme; see `read_places`."""
    reading = _Reading(table)
    rows = reading.rows()
    refuse(reading.problems)
    return rows


@attrs.define(eq=False)
class _Reading:
    """A table of places while it is read."""

    table: TextTable
    problems: list[Problem] = attrs.field(factory=list)

    def rows(self) -> tuple[PlacesRow, ...]:
        """Return the rows, every problem noted."""
        header = self.table.header
        for name in header:
            if name not in _COLUMNS:
                remedy = nearest(name, _COLUMNS) or f"leave it out; the columns are {', '.join(_COLUMNS)}"
                self._say(0, name, "D001", f"a table of places has no column {name}", remedy)
        declared = [name for name in DECLARED if name in header]
        if "programme" not in header:
            self._say(0, "programme", "D001", "the column programme is missing", "add it: a row a programme")
        if len(declared) != 1:
            found = " and ".join(declared) or "none"
            message = f"the number of places has to stand in one column, {' or '.join(DECLARED)}; found {found}"
            self._say(0, declared[0] if declared else DECLARED[0], "D001", message, f"keep one column {DECLARED[0]}")
        if not len(self.table):
            self._say(0, "programme", "D001", "no programme has places", "write a row for each that gives some")
        if self.problems:
            return ()
        found_rows = [self._row(index, declared[0]) for index in range(len(self.table))]
        self.problems += _repeated(found_rows)
        return tuple(sorted(found_rows, key=lambda row: row.programme))

    def _row(self, index: int, declared_in: str) -> PlacesRow:
        def cell(name: str) -> str:
            return self.table[name][index].strip() if name in self.table.header else ""

        kind = cell("kind")
        if kind not in KINDS:
            self._say(index + 1, "kind", "D001", f'"{kind}" is no kind of places', f"write {', '.join(KINDS[1:])}")
        interim = kind if kind in KINDS[2:] else ""
        row = PlacesRow(
            programme=cell("programme"),
            declared=self._count(index, declared_in, cell(declared_in), needed=True) or 0,
            withheld=self._count(index, "withheld", cell("withheld")) or 0,
            ground=cell("ground"),
            norm=self._count(index, "norm", cell("norm")),
            stage=cell("stage") or (INTERIM if interim else MAIN),
            flows_to=cell("flows_to"),
            interim=interim,
            until=self._parsed(index, "until", cell("until"), parse_date),
            place=Place(self.table.name, self.table.rows[index], field="programme"),
        )
        self.problems += complaints(row)
        return row

    def _count(self, index: int, name: str, text: str, *, needed: bool = False) -> int | None:
        if not text and not needed:
            return None
        if text.isascii() and text.isdigit() and int(text) <= _MOST:
            return int(text)
        remedy = f"write a whole number from 0 to {_MOST}"
        self._say(index + 1, name, "D001", f'"{text}" is not a number of places', remedy)
        return None

    def _parsed(self, index: int, name: str, text: str, parse: Callable[[str], T]) -> T | None:
        if not text:
            return None
        try:
            return parse(text)
        except ValueProblem as problem:
            self._say(index + 1, name, "D001", f'"{text}" is not {problem.expected}', problem.remedy)
            return None

    def _say(self, record: int, column: str, code: str, message: str, remedy: str) -> None:
        row = self.table.rows[record - 1] if record else 1
        self.problems.append(Problem(Place(self.table.name, row, field=column), code, message, remedy))


def complaints(row: PlacesRow) -> Iterator[Problem]:
    """Yield what is wrong with one row by itself."""

    def problem(code: str, column: str, message: str, remedy: str) -> Problem:
        return Problem(attrs.evolve(row.place, field=column), code, message, remedy)

    name = row.programme
    if not name:
        yield problem("D001", "programme", "the programme has no id", "write its id, as in the table of programmes")
    if row.withheld > row.declared:
        message = f"{row.withheld} of {row.declared} places of '{name}' are withheld"
        yield problem("D003", "withheld", message, "withhold no more than there are")
    if row.norm is not None and row.declared > row.norm:
        message = f"'{name}' declares {row.declared} places; the norm allows {row.norm}"
        yield problem("D003", "norm", message, "declare no more than the norm allows, or correct the norm")
    if row.withheld and not row.ground:
        message = f"{row.withheld} places of '{name}' are withheld without a ground"
        yield problem("D004", "ground", message, "name the decision they are withheld by")
    if row.interim == "temporary" and row.until is None:
        message = f"temporary places of '{name}' have no last day"
        yield problem("D008", "until", message, "write the day, like 2026-12-31")


def _repeated(rows: list[PlacesRow]) -> Iterator[Problem]:
    first: dict[str, PlacesRow] = {}
    for row in rows:
        before = first.setdefault(row.programme, row)
        if before is not row and row.programme:
            message = f"programme '{row.programme}' has places in row {before.place.line} already"
            yield Problem(row.place, "D002", message, "keep one of the rows")


def passes_of(rows: tuple[PlacesRow, ...]) -> tuple[str, ...]:
    """Return the passes in the order in which they run: by name, those of interim places after all others.

    >>> passes_of((PlacesRow("a", 1, stage="2"), PlacesRow("b", 1, stage="1"), PlacesRow("c", 1, interim="short_stay")))
    ('1', '2', 'main')

    """
    ordinary = sorted({row.stage for row in rows if not row.interim})
    interim = sorted({row.stage for row in rows if row.interim} - set(ordinary))
    return (*ordinary, *interim)


def flow_problems(rows: tuple[PlacesRow, ...]) -> Iterator[Problem]:
    """Yield where unused places would flow nowhere, back, or in a circle, and where passes mix kinds of places."""
    named = {row.programme: row for row in rows}
    order = {stage: number for number, stage in enumerate(passes_of(rows))}
    ordinary = {row.stage for row in rows if not row.interim}
    for row in rows:
        if row.interim and row.stage in ordinary:
            message = f"pass '{row.stage}' has ordinary places and, at '{row.programme}', {row.interim} ones"
            yield Problem(attrs.evolve(row.place, field="stage"), "D008", message, "give them a pass of their own")
        if not row.flows_to:
            continue
        place, target = attrs.evolve(row.place, field="flows_to"), named.get(row.flows_to)
        if target is None:
            message = f"'{row.programme}' flows to '{row.flows_to}', which has no row"
            yield Problem(place, "D007", message, nearest(row.flows_to, named) or "give it a row, with 0 places")
        elif order[target.stage] < order[row.stage]:
            message = f"'{row.programme}' flows to '{target.programme}', whose pass has been run by then"
            yield Problem(place, "D007", message, "let places flow to the same pass or a later one")
        elif bool(target.interim) != bool(row.interim):
            message = f"'{row.programme}' flows to '{target.programme}', whose places are of another kind"
            yield Problem(place, "D007", message, "let places flow to places of the same kind")
        elif _circles(row, named):
            message = f"places of '{row.programme}' flow in a circle"
            yield Problem(place, "D007", message, "leave out one of the flows of the circle")


def read_together(path: str | PathLike[str]) -> dict[str, str]:
    r"""Return who goes with whom or to the next wish, from a file with the columns application and with.

    Raises:
        TableError: the file is no table.
        RoundError: a cell is empty, or an application stands twice.

    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "together.csv")
    ...     _ = path.write_text("application,with\n8,7\n")
    ...     read_together(path)
    {'8': '7'}

    """
    table = read_csv(path)
    columns = ("application", "with")
    refuse(
        Problem(Place(table.name, 1, field=name), "D001", f"the column {name} is missing", "add it")
        for name in columns
        if name not in table.header
    )
    found: dict[str, str] = {}
    problems = []
    for index, line in enumerate(table.rows):
        follower, leader = (table[name][index].strip() for name in columns)
        place = Place(table.name, line, field="application")
        if not follower or not leader:
            problems.append(Problem(place, "D001", "a cell is empty", "write both applications"))
        elif follower in found:
            problems.append(Problem(place, "D010", f"application {follower} stands twice", "keep one of the rows"))
        else:
            found[follower] = leader
    refuse(problems)
    return found


def _circles(row: PlacesRow, named: Mapping[str, PlacesRow]) -> bool:
    """Return whether flows from a programme lead back to it."""
    at, steps = row.flows_to, 0
    while at in named and steps <= len(named):
        if at == row.programme:
            return True
        at, steps = named[at].flows_to, steps + 1
    return False
