"""Derives the lists of a round from what was frozen and what came out, and compares those published (§9.8)."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from .files import readable, texts
from .findings import short
from .round_files import first_stray
from .round_forms import LONGEST
from .round_model import OTHERS, Folder, Frozen, Place, Result
from .round_seats import flows, market_seats, seated

PROTOCOL, PLACED, NOT_PLACED, REFUSALS = "protocol.csv", "placed.csv", "not_placed.csv", "refusals.csv"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    PROTOCOL: (
        *("programme", "organisation", "norm", "declared", "withheld", "ground", "seats", "received", "given_on"),
        *("wishing", "placed", "free", "kept", "last", "position"),
    ),
    PLACED: ("application", "programme", "wish", "pass", "seat"),
    NOT_PLACED: ("application", "wishes", "reason"),
    REFUSALS: ("application", "wish", "programme", "position", "seats", "last", "last_position", "decided_by"),
}
"""The columns of every list."""
KEYS: Mapping[str, int] = {PROTOCOL: 1, PLACED: 1, NOT_PLACED: 1, REFUSALS: 3}
"""How many columns, from the left, tell the rows of a list apart."""
TOLD = "\0"
"""Stands for a cell that is told in words: it may not be blank."""
ANYTHING = "\x01"
"""Stands for a cell that is told in words, where there is something to tell."""
Rows: TypeAlias = Iterator[tuple[str, ...]]


def check_lists(folder: Folder, frozen: Frozen, result: Result) -> None:
    """Report where a list is not the one that follows; every programme and applicant has its line."""
    for file, rows in (
        (PROTOCOL, _protocol(frozen, result)),
        (PLACED, _placed(frozen, result)),
        (NOT_PLACED, _not_placed(frozen, result)),
        (REFUSALS, _refusals(frozen, result)),
    ):
        if readable(folder.root / file, folder.prefix + file, folder.report, "V5", "§9.1"):
            _List(folder, file, {row[: KEYS[file]]: row for row in rows}).compare()


def _protocol(frozen: Frozen, result: Result) -> Rows:
    wishing: Counter[str] = Counter()
    for applicant in frozen.applicants.values():
        wishing.update(applicant.wishes)
    placed: dict[str, list[int]] = {name: [] for name in frozen.programmes}
    for name, place in result.places.items():
        ordinary = place.programme in placed and place.turn != OTHERS
        position = frozen.programmes[place.programme].position.get(name) if ordinary else None
        if position is not None:
            placed[place.programme].append(position)
    flowed = flows(frozen, {name: cutoff.seats for name, cutoff in result.cutoffs.items()})
    for name, programme in frozen.programmes.items():
        cutoff, flow = result.cutoffs[name], flowed[name]
        seats = market_seats(frozen, name, flow, sorted(placed[name]), {})
        kept = seated(programme, seats, sorted(placed[name])).kept
        free = max(0, cutoff.seats - cutoff.placed)
        yield (
            *(name, programme.organisation, "" if programme.norm is None else str(programme.norm)),
            *(str(programme.declared), str(programme.withheld), programme.ground, str(programme.seats)),
            *(str(flow.received), str(flow.given), str(wishing[name]), str(cutoff.placed), str(free), str(kept)),
            *(cutoff.last, str(cutoff.position or "")),
        )


def _placed(frozen: Frozen, result: Result) -> Rows:
    for name in frozen.applicants:
        place = result.places[name]
        if place.programme:
            yield name, place.programme, str(place.wish), place.turn, place.seat


def _not_placed(frozen: Frozen, result: Result) -> Rows:
    for name, applicant in frozen.applicants.items():
        if not result.places[name].programme:
            yield name, str(len(applicant.wishes)), TOLD


def _refusals(frozen: Frozen, result: Result) -> Rows:
    for name, applicant in frozen.applicants.items():
        for number, wish in enumerate(_better(applicant.wishes, result.places[name]), 1):
            cutoff = result.cutoffs[wish]
            position = frozen.programmes[wish].position[name]
            told = (str(position), str(cutoff.seats), cutoff.last, str(cutoff.position or ""))
            yield name, str(number), wish, *told, ANYTHING


def _better(wishes: Sequence[str], place: Place) -> Sequence[str]:
    """Return the wishes better than what was got."""
    return wishes[: place.wish - 1] if place.programme else wishes


def _cells(line: str) -> list[str]:
    if '"' not in line:
        return line.split(",")
    try:
        (cells,) = csv.reader([line], strict=True)
    except csv.Error:
        return [line]
    return cells


class _List:
    """A published list, compared row by row with those expected, by what tells them apart."""

    def __init__(self, folder: Folder, file: str, expected: Mapping[tuple[str, ...], tuple[str, ...]]) -> None:
        self._folder, self._file, self._expected = folder, file, expected
        self._columns = COLUMNS[file]
        self._seen: dict[tuple[str, ...], int] = {}

    def _say(self, line: int, message: str, key: Sequence[str] = ()) -> None:
        named = " ".join(f"{column} {short(cell)}" for column, cell in zip(self._columns, key, strict=False))
        self._folder.say("V5", self._file, line, "§9.8", f"{named}: {message}" if named else message)

    def compare(self) -> None:
        """Read the list, and report its rows and those that are missing."""
        path, name = self._folder.root / self._file, self._folder.prefix + self._file
        head = ",".join(self._columns)
        line = 0
        for line, raw in texts(path, name, self._folder.report, "V5", "§9.8", LONGEST):
            text = raw.decode(errors="surrogateescape")
            if line > 1:
                self._row(line, _cells(text))
            elif text != head:
                self._say(line, f"{short(text)} has to be the columns {head}")
        if not line:
            self._say(0, f"the first line has to be the columns {head}")
        for key in self._expected:
            if key not in self._seen:
                self._say(0, "the row is missing", key)
        stray = first_stray(self._seen, self._expected)
        if stray:
            found, wanted = stray
            self._say(
                self._seen[found], f"the row stands where {short(wanted[0])} has to; rows are in another order", found
            )

    def _row(self, line: int, cells: Sequence[str]) -> None:
        key = tuple(cells[: KEYS[self._file]])
        row = self._expected.get(key)
        if row is None:
            self._say(line, "no such row has to be here", key)
            return
        if key in self._seen:
            self._say(line, "the row is there more than once", key)
            return
        self._seen[key] = line
        if len(cells) != len(row):
            self._say(line, f"the row has {len(cells)} cells; it has to have {len(row)}", key)
            return
        for column, cell, value in zip(self._columns, cells, row, strict=True):
            if value not in (cell, ANYTHING) and not (value == TOLD and cell.strip()):
                wanted = "a text that is not blank" if value == TOLD else short(value)
                self._say(line, f"{column} is {short(cell)}; it has to be {wanted}", key)
