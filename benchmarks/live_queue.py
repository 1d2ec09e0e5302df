"""One queue of a million under single events, beside Redis; and the account of one child along many events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from time import perf_counter

import attrs

from benchmarks import redis_queue, town
from benchmarks.timing import REPEATS, Row, medians
from queue_engine.live_queue import Key, LiveQueue
from queue_engine.rules.days import rules_on
from queue_engine.rules.model import RuleSet
from queue_engine.shifts import Shift, history

PLACES = 1_000_000
EVENTS = 60_000
RECORDS = 100_000
REDIS_CLIENT = "Redis ZADD, ZRANK over a unix socket, redis-py"
REDIS = "Redis ZADD, ZRANK over a unix socket, no client, one round trip"
_CODES = tuple((0, code) for code in range(3))
_SEASON = 1_700_000_000
_SECONDS = 86_400_000
_BITS = (2, 1, 1, _SECONDS.bit_length(), (PLACES + EVENTS).bit_length())


@attrs.frozen
class Happening:
    """An application joins (no former key), leaves (no key) or changes."""

    application: str
    key: Key | None
    former: Key | None


def rows(repeats: int = REPEATS) -> Iterator[Row]:
    """Yield how long an event takes at its median and at its 99th percentile, and how long one account takes."""
    rules = rules_on(town.rules(), town.ON, town.DATES)
    before, happenings = drawn()
    shifts, seconds = timed_events(rules, before, happenings)
    median, slow = _percentiles(seconds)
    what = f"1,000 events in a live queue of {PLACES:,}, each as the {{}} of {EVENTS:,}"
    yield Row(what.format("median"), median, goal=0.03)
    yield Row(what.format("99th percentile"), slow, goal=0.1)
    for by_client, peer, goal in ((True, REDIS_CLIENT, 0.2), (False, REDIS, None)):
        seconds, note = _in_redis(before, happenings, shifts, by_client=by_client)
        theirs = _percentiles(seconds)[0] if seconds else None
        yield Row(what.format("median"), median, "s", peer, theirs, goal, note)
    records = (shifts * (RECORDS // len(shifts) + 1))[:RECORDS]
    place = PLACES // 2

    def account() -> None:
        history(records, rules, "nobody", place)

    yield Row(f"the account of one child along {RECORDS:,} events", medians({"": account}, repeats)[""], goal=0.05)


def _in_redis(
    before: Mapping[str, Key], happenings: Sequence[Happening], shifts: Sequence[Shift], *, by_client: bool
) -> tuple[list[float], str]:
    """Return how long each event takes in Redis, and why it cannot be said."""
    if redis_queue.SERVER is None:
        return [], "redis-server is not installed: apt-get install redis-server"
    try:
        return timed_in_redis(before, happenings, shifts, by_client=by_client), ""
    except ImportError as error:
        return [], f"{error.name} is not installed: pip install {error.name}"


def _percentiles(seconds: Sequence[float]) -> tuple[float, float]:
    """Return the median and the 99th percentile, of a thousand events each."""
    ordered = sorted(seconds)
    return 1000 * ordered[len(ordered) // 2], 1000 * ordered[len(ordered) * 99 // 100]


def timed_events(
    rules: RuleSet, before: Mapping[str, Key], happenings: Sequence[Happening]
) -> tuple[list[Shift], list[float]]:
    """Return what events did to the queue, and how long each took."""
    queue = LiveQueue(rules, before)
    shifts, seconds = [], []
    for each in happenings:
        name, key = each.application, each.key
        if key is None:
            start = perf_counter()
            shift = queue.leave(name)
        elif each.former is None:
            start = perf_counter()
            shift = queue.join(name, key)
        else:
            start = perf_counter()
            shift = queue.change(name, key)
        seconds.append(perf_counter() - start)
        shifts.append(shift)
    now = dict(before) | {each.application: each.key for each in happenings}
    expected = sorted((key, name) for name, key in now.items() if key is not None)
    assert list(queue) == [name for _, name in expected]
    return shifts, seconds


def timed_in_redis(
    before: Mapping[str, Key], happenings: Sequence[Happening], shifts: Sequence[Shift], *, by_client: bool
) -> list[float]:
    """Return how long each event takes in Redis, after checking that it tells the place the engine told.

    Raises:
        ImportError: its Python client is asked for and not installed.

    """
    scores = [(name, score(key)) for name, key in before.items()]
    with redis_queue.sorted_set(scores, by_client=by_client) as line:
        seconds = []
        for each, shift in zip(happenings, shifts, strict=True):
            start = perf_counter()
            name, key = each.application, each.key
            rank = line.leave(name) if key is None else line.put(name, score(key))
            seconds.append(perf_counter() - start)
            assert rank + 1 == (shift.after or shift.before), each
    return seconds


def score(key: Key) -> int:
    """Return a key as one number of at most 53 bits, which the floating-point scores of Redis hold exactly.

    >>> score(((0, 1), (0, 2), (0, 1), (0, 0), (0, _SEASON), (0, 5))) < 2**53
    True

    """
    _, right, territory, sibling, filed, number = (value for _, value in key)
    packed = 0
    for value, bits in zip((right, territory, sibling, filed - _SEASON, number), _BITS, strict=True):
        packed = packed << bits | value
    return packed


def drawn() -> tuple[dict[str, Key], list[Happening]]:
    """Return the queue before, and what happens: a third each of joining, leaving and changing."""
    keys = drawn_keys(PLACES + EVENTS // 3)
    names = list(map(str, range(len(keys))))
    before = dict(zip(names[:PLACES], keys[:PLACES], strict=True))
    there = town.shuffled("events", PLACES).tolist()
    happenings = []
    for turn in range(EVENTS // 3):
        happenings.append(Happening(names[PLACES + turn], keys[PLACES + turn], None))
        gone, changed = there[turn], there[-1 - turn]
        happenings.append(Happening(names[gone], None, keys[gone]))
        happenings.append(Happening(names[changed], _changed(keys[changed], turn), keys[changed]))
    return before, happenings


def _changed(key: Key, turn: int) -> Key:
    """Return the key after the right was lost or gained, or the territory."""
    held, right, territory, *rest = key
    if turn % 2:
        return (held, right, _CODES[1 - territory[1]], *rest)
    return (held, _CODES[2 if right[1] == 1 else 1], territory, *rest)


def drawn_keys(count: int) -> list[Key]:
    """Return keys of the kindergarten rules: held, right, territory, sibling, time of filing, number."""
    right = town.below("right", count, 1000).tolist()
    territory, sibling = (town.chance(what, count, often).tolist() for what, often in (("near", 300), ("kin", 80)))
    filed = (_SEASON + town.below("filed", count, _SECONDS)).tolist()
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
