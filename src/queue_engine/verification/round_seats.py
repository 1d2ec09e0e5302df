"""Whom a programme takes among those who ask, and which seats went where (§9.3, §9.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .round_model import GENERAL, HELD, Frozen, Programme

_MOST_TRIED = 10_000  # seats that a programme gave to a later pass


class Seated(NamedTuple):
    """Positions with the seats they have, and how many seats stay empty for a group."""

    seats: dict[int, str]
    kept: int


def is_plain(programme: Programme) -> bool:
    """Say whether a programme takes the first who ask, and nothing else has to be known."""
    return not (programme.ties or programme.reserves or programme.holders)


def seated(programme: Programme, seats: int, asking: Sequence[int]) -> Seated:
    """Return whom a programme takes, from scratch.

    Args:
        programme: its order, reserves, holders and tiers.
        seats: how many there are after flows.
        asking: positions in its order, rising.

    >>> seated(Programme(2, "P", "main", 2, 2, ["a", "b", "c"], {"a": 1, "b": 2, "c": 3}), 2, [1, 3])
    Seated(seats={1: 'general', 3: 'general'}, kept=0)

    """
    if programme.ties:
        return _by_tiers(programme, seats, asking)
    if is_plain(programme):
        return Seated(dict.fromkeys(asking[:seats], GENERAL), 0)
    held = min(len(programme.holders), seats)
    taken: dict[int, str] = dict.fromkeys([place for place in asking if place <= len(programme.holders)][:held], HELD)
    waiting = [place for place in asking if place not in taken]
    freed, kept = held - len(taken), 0
    before, general, after = shares(programme, seats)
    for name, count in (*before, (GENERAL, general), *after):
        if name == GENERAL:
            here, freed = waiting[: count + freed], 0
        else:
            reserve = next(each for each in programme.reserves if each.name == name)
            here = [place for place in waiting if place in reserve.entitled][:count]
            if reserve.keep:
                kept += count - len(here)
            else:
                freed += count - len(here)
        taken |= dict.fromkeys(here, name)
        waiting = [place for place in waiting if place not in taken]
    return Seated(taken | dict.fromkeys(waiting[:freed], GENERAL), kept)


def shares(programme: Programme, seats: int) -> tuple[list[tuple[str, int]], int, list[tuple[str, int]]]:
    """Return the seats of groups filled before the general ones, the general ones, and those of groups after them."""
    left = seats - min(len(programme.holders), seats)
    before: list[tuple[str, int]] = []
    after: list[tuple[str, int]] = []
    for reserve in programme.reserves:
        count = min(reserve.seats, left)
        left -= count
        (after if reserve.after_general else before).append((reserve.name, count))
    return before, left, after


def _by_tiers(programme: Programme, seats: int, asking: Sequence[int]) -> Seated:
    """Take whole tiers: until the seats are reached or passed, or as long as they fit."""
    taken: list[int] = []
    start = 0
    for end in programme.ends:
        stop = start
        while stop < len(asking) and asking[stop] <= end:
            stop += 1
        if len(taken) >= seats or (programme.ties == "underfill" and stop > seats):
            break
        taken.extend(asking[start:stop])
        start = stop
    count = len(programme.holders)
    return Seated({place: HELD if place <= count else GENERAL for place in taken}, 0)


def market_seats(frozen: Frozen, name: str, flow: Flow, placed: Sequence[int], told: Mapping[int, str]) -> int:
    """Return how many seats a programme had in its last market, before it gave some to a later pass.

    These are not on record, but had to leave nothing empty afterwards that is not kept. Where several do, they are
    those by which the seats are as told.

    Args:
        frozen: where seats flow.
        name: the programme.
        flow: what it received and gave on.
        placed: positions of those placed there by ordinary passes, rising.
        told: the seats they are said to have, by position.

    """
    programme = frozen.programmes[name]
    after = programme.seats + flow.received - flow.given
    target = frozen.programmes.get(programme.flows_to)
    if flow.given <= 0 or not programme.reserves or target is None or target.turn == programme.turn:
        return after
    enough = len(programme.holders) + len(placed) + sum(reserve.seats for reserve in programme.reserves)
    fitting = after
    for seats in range(min(after + flow.given, enough, after + _MOST_TRIED), after - 1, -1):
        found = seated(programme, seats, placed)
        if found.kept == after - len(placed):
            if found.seats == told:
                return seats
            fitting = seats
    return fitting


class Flow(NamedTuple):
    """Seats that came to a programme, and seats it gave on, over all runs."""

    received: int
    given: int


def flows(frozen: Frozen, after: Mapping[str, int]) -> dict[str, Flow]:
    """Return what was received and given, from the seats before and after: the way of every seat is declared.

    Args:
        frozen: seats before, and where they flow.
        after: seats after flows, by programme.

    """
    sources: dict[str, int] = dict.fromkeys(frozen.programmes, 0)
    for programme in frozen.programmes.values():
        if programme.flows_to:
            sources[programme.flows_to] += 1
    received: dict[str, int] = dict.fromkeys(frozen.programmes, 0)
    found: dict[str, Flow] = {}
    ready = [name for name, count in sources.items() if not count]
    while ready:
        name = ready.pop()
        programme = frozen.programmes[name]
        given = programme.seats + received[name] - after[name]
        found[name] = Flow(received[name], given)
        if programme.flows_to:
            received[programme.flows_to] += given
            sources[programme.flows_to] -= 1
            if not sources[programme.flows_to]:
                ready.append(programme.flows_to)
    return found
