"""Reserves that change places in the queue itself: one place in N, and shares held at every position."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
import numpy.typing as npt

from queue_engine.rules.model import Reserve, ReserveKind

Index = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def moved_by_reserves(reserves: tuple[Reserve, ...], entitled: list[Mask], starts: Index) -> Index:
    """Return the order of rows after reserves, as indices into the order by keys alone.

    Args:
        reserves: those that change positions, in the order of the file.
        entitled: for each reserve, who is entitled, in the order by keys.
        starts: where each queue starts in that order, and its end.

    Complexity: O(n log n) for one place in N; O(n · 2^reserves) for shares.
    Source of the shares: the calling order of Parcoursup (published algorithms, 2018).

    """
    if reserves[0].kind is ReserveKind.ONE_IN:
        return _one_in(reserves[0].amount, entitled[0], starts)
    moved = np.arange(starts[-1])
    for start, stop in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        held = [mask[start:stop].tolist() for mask in entitled]
        moved[start:stop] = start + np.array(share_order(held, [reserve.amount for reserve in reserves]), np.int64)
    return moved


def _one_in(every: int, entitled: Mask, starts: Index) -> Index:
    """Return the order in which the k-th entitled of a queue takes slot N·k and the others fill the rest."""
    count = len(entitled)
    sizes = np.diff(starts)
    before = np.repeat(starts[:-1], sizes)
    so_far: Index = np.cumsum(entitled) - entitled
    rank_entitled: Index = so_far - so_far[np.minimum(before, max(count - 1, 0))] if count else so_far
    rank_other = np.arange(count) - before - rank_entitled
    others_slot = rank_other // (every - 1) * every + 1 + rank_other % (every - 1)
    slot = np.where(entitled, rank_entitled * every, others_slot)
    queue = np.repeat(np.arange(len(sizes)), sizes)
    # A slot is at most N times the size of its queue, so queue and slot fit one word.
    return np.argsort(queue * np.int64(every * (count + 1)) + slot, kind="stable")


def share_order(entitled: list[list[bool]], shares: list[int]) -> list[int]:
    """Return one queue's order in which each share, in per cent, is held at every position.

    Position k goes to the first of those left who is entitled to every share
    that falls short (`called · 100 < share · k`) and still has somebody left;
    when nobody is entitled to all of them, the later shares give way.

    Args:
        entitled: for each share, who is entitled, in the order by keys.
        shares: per cent, 0 to 100.

    >>> share_order([[False, False, True, False]], [20])
    [2, 0, 1, 3]

    """
    count = len(entitled[0])
    kinds = [sum(held[row] << bit for bit, held in enumerate(entitled)) for row in range(count)]
    waiting: dict[int, deque[int]] = {}
    for row, kind in enumerate(kinds):
        waiting.setdefault(kind, deque()).append(row)
    called = [0] * len(shares)
    order: list[int] = []
    for position in range(1, count + 1):
        wanted = 0
        for bit, share in enumerate(shares):
            asked = wanted | 1 << bit
            if called[bit] * 100 < share * position and any(kind & asked == asked for kind in waiting):
                wanted = asked
        kind = min((kind for kind in waiting if kind & wanted == wanted), key=lambda each: waiting[each][0])
        row = waiting[kind].popleft()
        if not waiting[kind]:
            del waiting[kind]
        order.append(row)
        for bit in range(len(shares)):
            called[bit] += kind >> bit & 1
    return order


def first_reserve(entitled: list[Mask], ahead: Any, behind: Any) -> npt.NDArray[np.int64]:  # noqa: ANN401 - indices or slices
    """Return the index of the first reserve that those ahead are entitled to and those behind are not; 0 = none."""
    found = np.zeros(len(entitled[0][ahead]), np.int64)
    for index in reversed(range(len(entitled))):
        found[entitled[index][ahead] & ~entitled[index][behind]] = index
    return found
