"""The picture of a history: a step line over time, drawn here so that it needs no script."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from service.enrolment.schemas import HistoryStep

WIDTH, HEIGHT = 640, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 8, 12, 24


@attrs.frozen
class Picture:
    """A step line: its path, and the places written beside it.

    Args:
        path: of the line, as SVG writes it.
        marks: height and text of the places written at the left.

    """

    path: str
    marks: tuple[tuple[int, int], ...]


def picture_of(steps: Sequence[HistoryStep], until_ms: int) -> Picture | None:
    """Return the picture of a place that was ever in the queue; None = there is nothing to draw.

    Args:
        steps: what moved the place, in order.
        until_ms: the end of the time shown.

    Complexity: linear.

    >>> step = HistoryStep(entry=1, at_ms=0, change=3, position=3)
    >>> picture_of([step], 1_000).path
    'M48 94H632'

    """
    shown = [(step.at_ms, step.position) for step in steps]
    places = [position for _, position in shown if position]
    if not places:
        return None
    first, last = shown[0][0], max(until_ms, shown[-1][0] + 1)
    nearest, furthest = min(places), max(places)

    def across(at: int) -> int:
        return _LEFT + (at - first) * (WIDTH - _LEFT - _RIGHT) // (last - first)

    def down(position: int) -> int:
        room = HEIGHT - _TOP - _BOTTOM
        return _TOP + ((position - nearest) * room // (furthest - nearest) if furthest > nearest else room // 2)

    parts: list[str] = []
    drawing = False
    for at, position in shown:
        if not position:
            parts += [f"H{across(at)}"] if drawing else []
            drawing = False
        elif drawing:
            parts.append(f"H{across(at)}V{down(position)}")
        else:
            parts.append(f"M{across(at)} {down(position)}")
            drawing = True
    if drawing:
        parts.append(f"H{across(last)}")
    marks = {nearest: down(nearest), furthest: down(furthest)}
    return Picture("".join(parts), tuple((height, position) for position, height in sorted(marks.items())))
