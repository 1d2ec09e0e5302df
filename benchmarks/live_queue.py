"""One queue of a million under single events, and the account of one child along a hundred thousand of them."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

from benchmarks import town
from benchmarks.timing import REPEATS, Row, medians
from queue_engine.live_queue import Key, LiveQueue
from queue_engine.rules.days import rules_on
from queue_engine.rules.model import RuleSet
from queue_engine.shifts import Shift, history

PLACES = 1_000_000
EVENTS = 60_000
RECORDS = 100_000
_CODES = tuple((0, code) for code in range(3))
_SEASON = 1_700_000_000


def rows(repeats: int = REPEATS) -> Iterator[Row]:
    """Yield how long an event takes at its median and at its 99th percentile, and how long one account takes."""
    rules = rules_on(town.rules(), town.ON, town.DATES)
    shifts, seconds = timed_events(rules)
    seconds.sort()
    what = f"1,000 events in a live queue of {PLACES:,}, each as the {{}} of {EVENTS:,}"
    yield Row(what.format("median"), 1000 * seconds[len(seconds) // 2], goal=0.03)
    yield Row(what.format("99th percentile"), 1000 * seconds[len(seconds) * 99 // 100], goal=0.1)
    records = (shifts * (RECORDS // len(shifts) + 1))[:RECORDS]
    place = PLACES // 2

    def account() -> None:
        history(records, rules, "nobody", place)

    yield Row(f"the account of one child along {RECORDS:,} events", medians({"": account}, repeats)[""], goal=0.05)


def timed_events(rules: RuleSet) -> tuple[list[Shift], list[float]]:
    """Return what drawn events did, a third each of joining, leaving and changing, and how long each took."""
    keys = drawn_keys(PLACES + EVENTS // 3)
    names = list(map(str, range(len(keys))))
    queue = LiveQueue(rules, dict(zip(names[:PLACES], keys[:PLACES], strict=True)))
    there = town.shuffled("events", PLACES).tolist()
    shifts, seconds = [], []
    for event in range(EVENTS):
        turn, kind = divmod(event, 3)
        if kind == 0:
            start = perf_counter()
            shift = queue.join(names[PLACES + turn], keys[PLACES + turn])
        elif kind == 1:
            start = perf_counter()
            shift = queue.leave(names[there[turn]])
        else:
            changed = there[-1 - turn]
            right, territory = keys[changed][1:3]
            step = turn % 2  # the right is lost or gained, or the territory
            other = _CODES[2 if right[1] == 1 else 1], _CODES[1 - territory[1]]
            keys[changed] = (
                keys[changed][0],
                right if step else other[0],
                other[1] if step else territory,
                *keys[changed][3:],
            )
            start = perf_counter()
            shift = queue.change(names[changed], keys[changed])
        seconds.append(perf_counter() - start)
        shifts.append(shift)
    gone = {names[row] for row in there[: EVENTS // 3]}
    expected = sorted((key, name) for key, name in zip(keys, names, strict=True) if name not in gone)
    assert list(queue) == [name for _, name in expected]
    return shifts, seconds


def drawn_keys(count: int) -> list[Key]:
    """Return keys of the kindergarten rules: held, right, territory, sibling, time of filing, number."""
    right = town.below("right", count, 1000).tolist()
    territory, sibling = (town.chance(what, count, often).tolist() for what, often in (("near", 300), ("kin", 80)))
    filed = (_SEASON + town.below("filed", count, 86_400_000)).tolist()
    return [
        (
            _CODES[1],
            _CODES[0 if drawn < 10 else 1 if drawn < 150 else 2],
            _CODES[not near],
            _CODES[not kin],
            (0, at),
            (0, number),
        )
        for number, (drawn, near, kin, at) in enumerate(zip(right, territory, sibling, filed, strict=True))
    ]
