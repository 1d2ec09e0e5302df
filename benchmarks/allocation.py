"""Deferred acceptance over arrays, from key columns to seats: beside one bare sort, a loop, C and two packages."""

from __future__ import annotations

import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import allocation_peers as peers
from benchmarks.memory import FORGET_PEAK, STATUS
from benchmarks.timing import REPEATS, Contest, Row, medians, seconds_of
from benchmarks.town import words
from benchmarks.wishes import Market, market
from queue_engine.allocation.array_check import check_arrays
from queue_engine.allocation.arrays import Seats, match_arrays
from queue_engine.allocation.packed_order import Ranks

MANY, SOME, FEW = 1_000_000, 100_000, 10_000
ARGSORT = "numpy.argsort of 5,000,000 uint64"
C = "the same procedure in C, ranks ready"
PLAIN = "heapq loop in plain Python, ranks ready"
MATCHING = "matching, ranks ready"
ALGMATCH = "algmatch, ranks ready"
MOST_MB = 1500
MOST_REPEATS = 5
_KEYS = "match_arrays(), keys"
_RANKS = "match_arrays(), ranks"
_CHECK = "check_arrays()"
_NO_PEER = "skipped: {} is not installed; pip install {} in an environment of its own"
_NO_COMPILER = "skipped: there is no cc; apt-get install gcc"
_KB_A_MB = 1024


def rows(repeats: int = REPEATS) -> Iterator[Row]:
    """Yield a row a peer; a million applicants take a second, so that five turns have to do."""
    repeats = min(repeats, MOST_REPEATS)
    for contest in (_million(), _million_ready(), *_checks(), _hundred_thousand()):
        yield from contest.rows(repeats)
    yield from _packages(repeats)
    yield _memory()


def matched(given: Market) -> Seats:
    """Match a market from its key columns."""
    return match_arrays(given.wishes, given.keys, given.capacities)


def _what(count: int) -> str:
    return f"match {count:,} applicants × 5 wishes × {count // 50:,} programmes"


def _with_c(sides: dict[str, Callable[[], Any]], given: Market, ranks: Ranks, expected: Seats) -> dict[str, str]:
    """Add the side in C to others, and return why it is absent, if it is."""
    try:
        sides[C] = peers.in_c(given, ranks)
    except FileNotFoundError:
        return {C: _NO_COMPILER}
    assert np.array_equal(sides[C](), expected)
    return {}


def _million() -> Contest:
    """Return a million applicants from key columns, the goals of which are one sort of as many words, and C."""
    given = market(MANY)
    drawn = words("argsort", len(given.wishes.programme))
    sides: dict[str, Callable[[], Any]] = {_KEYS: lambda: matched(given), ARGSORT: lambda: np.argsort(drawn)}
    absent = _with_c(sides, given, given.ranks(), matched(given))
    return Contest(f"{_what(MANY)}, key columns to seats", _KEYS, sides, {ARGSORT: 3.0, C: 8.0}, absent)


def _million_ready() -> Contest:
    """Return a million applicants given ready ranks, as the side in C is."""
    given = market(MANY)
    ranks = given.ranks()
    sides: dict[str, Callable[[], Any]] = {_RANKS: lambda: match_arrays(given.wishes, ranks, given.capacities)}
    absent = _with_c(sides, given, ranks, sides[_RANKS]())
    return Contest(f"{_what(MANY)}, ready ranks to seats", _RANKS, sides, {C: None}, absent)


def _checks() -> Iterator[Contest]:
    """Yield the check of a million seats beside the matching it checks, from key columns and from ready ranks."""
    given = market(MANY)
    seats = matched(given)
    wishes, capacities = given.wishes, given.capacities
    for name, goal, priorities in ((_KEYS, 0.25, given.keys), (_RANKS, None, given.ranks())):
        sides: dict[str, Callable[[], Any]] = {
            _CHECK: partial(check_arrays, wishes, priorities, capacities, seats),
            name: partial(match_arrays, wishes, priorities, capacities),
        }
        assert sides[_CHECK]() == []
        assert np.array_equal(sides[name](), seats)
        yield Contest(f"check the matching of {MANY:,} applicants × 5 wishes", _CHECK, sides, {name: goal})


def _hundred_thousand() -> Contest:
    """Return a hundred thousand applicants beside a loop in plain Python, whose lists are made before."""
    given = market(SOME)
    lists = peers.as_lists(given, given.ranks())
    sides: dict[str, Callable[[], Any]] = {
        _KEYS: lambda: matched(given),
        PLAIN: lambda: peers.plain_loop(*lists),
    }
    assert sides[PLAIN]() == matched(given).tolist()
    return Contest(f"{_what(SOME)}, key columns to seats", _KEYS, sides, {PLAIN: 0.3})


def _packages(repeats: int) -> Iterator[Row]:
    """Yield ten thousand applicants beside two packages, each run once, since it takes seconds."""
    given = market(FEW)
    ranks, expected = given.ranks(), matched(given)
    what = f"{_what(FEW)}, key columns to seats"
    ours = medians({_KEYS: lambda: matched(given)}, repeats)[_KEYS]
    for name, package, make in (
        (MATCHING, "matching", peers.with_matching),
        (ALGMATCH, "algmatch", peers.with_algmatch),
    ):
        try:
            run = make(given, ranks)
        except ImportError:
            yield Row(what, ours, "s", name, None, 1 / 300, _NO_PEER.format(package, package))
            continue
        found: list[Seats] = []
        took = seconds_of(lambda run=run, found=found: found.append(run()))  # type: ignore[misc]
        assert np.array_equal(found[0], expected)
        yield Row(what, ours, "s", name, took, 1 / 300, "one run")


def _memory() -> Row:
    """Return the most memory of a process that is handed a million applicants and matches them."""
    what = f"{_what(MANY)}: peak memory of the process"
    if not FORGET_PEAK.exists():
        return Row(what, 0.0, "MB", note="measured on Linux only")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "market.pickle"
        file.write_bytes(pickle.dumps(market(MANY), protocol=5))
        command = [sys.executable, "-m", "benchmarks.allocation", str(file)]
        answer = subprocess.run(command, capture_output=True, check=True, text=True, cwd=Path(__file__).parent.parent)
    return Row(what, float(answer.stdout), "MB", goal=MOST_MB)


def main() -> None:
    """Match the market of a file, and print the peak of this process in megabytes."""
    with Path(sys.argv[1]).open("rb") as stream:
        given = pickle.load(stream)  # noqa: S301 - written by this program a moment ago
    FORGET_PEAK.write_text("5", encoding="ascii")
    matched(given)
    lines = STATUS.read_text(encoding="ascii", errors="replace").splitlines()
    print(next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / _KB_A_MB)


if __name__ == "__main__":
    main()
