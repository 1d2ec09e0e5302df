"""Deferred acceptance elsewhere: a loop in plain Python, the same procedure in C, and two packages from PyPI."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable
from heapq import heappush, heappushpop
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from benchmarks.wishes import Market
from queue_engine.allocation.arrays import NO_SEAT, Seats
from queue_engine.allocation.packed_order import Ranks

SOURCE = Path(__file__).with_name("deferred_acceptance.c")
COMPILER = shutil.which("cc") or shutil.which("gcc")
"""The program; None = it is not installed."""
_STACK = 512 << 20
_RECURSION = 1_000_000

Lists: TypeAlias = dict[int, list[int]]


def plain_loop(programmes: list[list[int]], ranks: list[list[int]], capacities: list[int]) -> list[int]:
    """Return who gets what: one proposal after another, each programme with a heap of whom it holds.

    Args:
        programmes: what each applicant wishes for.
        ranks: his rank there, 0 = the first.
        capacities: of the programmes.

    """
    heaps: list[list[tuple[int, int]]] = [[] for _ in capacities]
    at = [0] * len(programmes)
    got = [NO_SEAT] * len(programmes)
    for first in range(len(programmes)):
        who = first
        while at[who] < len(programmes[who]):
            programme = programmes[who][at[who]]
            heap, capacity = heaps[programme], capacities[programme]
            mine = (-ranks[who][at[who]], who)
            got[who] = programme
            if len(heap) < capacity:
                heappush(heap, mine)
                break
            if capacity:
                _, who = heappushpop(heap, mine)
            got[who] = NO_SEAT
            at[who] += 1
    return got


def as_lists(market: Market, ranks: Ranks) -> tuple[list[list[int]], list[list[int]], list[int]]:
    """Return a market as the plain loop takes it."""
    starts = market.wishes.starts[1:-1]
    parts = [np.split(column, starts) for column in (market.wishes.programme, ranks.ranks)]
    programmes, given = ([part.tolist() for part in each] for each in parts)
    return programmes, given, market.capacities.tolist()


def in_c(market: Market, ranks: Ranks) -> Callable[[], Seats]:
    """Compile the procedure for this processor, and return what runs it.

    Raises:
        FileNotFoundError: there is no compiler.

    """
    if COMPILER is None:
        raise FileNotFoundError("cc")
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "deferred_acceptance.so"
        flags = ["-O3", "-march=native", "-shared", "-fPIC"]
        subprocess.run([COMPILER, *flags, "-o", library, SOURCE], check=True)
        function = ctypes.CDLL(str(library)).deferred_acceptance
    starts = np.ascontiguousarray(market.wishes.starts, np.int64)
    programme, given = (np.ascontiguousarray(each, np.int32) for each in (market.wishes.programme, ranks.ranks))
    seats = np.concatenate([[0], np.cumsum(market.capacities)])
    applicants = len(market.wishes)

    def run() -> Seats:
        at, ends = starts[:-1].copy(), starts[1:]
        count, heap, holders = (np.zeros(size, np.int32) for size in (len(seats), seats[-1], seats[-1]))
        arrays: list[npt.NDArray[Any]] = [ends, programme, given, seats, count, heap, holders, at]
        function(ctypes.c_int64(applicants), *(ctypes.c_void_p(array.ctypes.data) for array in arrays))
        placed = at < ends
        got = np.full(applicants, NO_SEAT)
        got[placed] = programme[at[placed]]
        return got

    return run


def _both_sides(market: Market, ranks: Ranks) -> tuple[Lists, Lists, dict[int, int]]:
    """Return the lists of applicants, those of the programmes somebody wishes for, and their seats; all from 1."""
    programme = market.wishes.programme
    order = ranks.rows_in_order(programme, len(market.capacities))
    owner = market.wishes.owners()
    wished = np.bincount(programme, minlength=len(market.capacities))
    ranked = np.split(owner[order] + 1, np.cumsum(wished)[:-1])
    lists = np.split(programme + 1, market.wishes.starts[1:-1])
    applicants = {number: each.tolist() for number, each in enumerate(lists, start=1)}
    programmes = {number: each.tolist() for number, each in enumerate(ranked, start=1) if len(each)}
    capacities = {number: int(market.capacities[number - 1]) for number in programmes}
    return applicants, programmes, capacities


def with_matching(market: Market, ranks: Ranks) -> Callable[[], Seats]:
    """Return what runs the package `matching`.

    Raises:
        ImportError: it is not installed.

    """
    game_of = import_module("matching.games").HospitalResident.create_from_dictionaries
    applicants, programmes, capacities = _both_sides(market, ranks)

    def run() -> Seats:
        game = game_of(applicants, programmes, capacities)
        got = np.full(len(applicants), NO_SEAT)
        for programme, holders in game.solve(optimal="resident").items():
            got[[holder.name - 1 for holder in holders]] = programme.name - 1
        return got

    return lambda: _in_deep_stack(run)


def with_algmatch(market: Market, ranks: Ranks) -> Callable[[], Seats]:
    """Return what runs the package `algmatch`.

    Raises:
        ImportError: it is not installed.

    """
    problem_of = import_module("algmatch").HospitalResidentsProblem
    applicants, programmes, capacities = _both_sides(market, ranks)
    hospitals = {
        number: {"capacity": capacities[number], "preferences": list(ranked)} for number, ranked in programmes.items()
    }

    def run() -> Seats:
        problem = problem_of(dictionary={"residents": applicants, "hospitals": hospitals})
        found = problem.get_stable_matching()
        got = np.full(len(applicants), NO_SEAT)
        for resident, hospital in found["resident_sided"].items():
            got[int(resident.removeprefix("r")) - 1] = int(hospital.removeprefix("h")) - 1 if hospital else NO_SEAT
        return got

    return run


def _in_deep_stack(run: Callable[[], Seats]) -> Seats:
    """Run what copies a web of objects by recursion."""
    found: list[Seats] = []

    def target() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found.append(run())

    before, limit = threading.stack_size(_STACK), sys.getrecursionlimit()
    sys.setrecursionlimit(_RECURSION)
    try:
        thread = threading.Thread(target=target)
        thread.start()
        thread.join()
    finally:
        sys.setrecursionlimit(limit)
        threading.stack_size(before)
    return found[0]
