"""When applications are filed: in office hours, in the evening through the portal, all at once when filing opens."""

from __future__ import annotations

import numpy as np

from queue_engine.example.draws import Bools, Draws, Ints
from queue_engine.facts import parse_date

DAY_SECONDS = 86_400
_HOUR = 3_600
_WEEK = 7
_SATURDAY = 5
_THURSDAY = 3  # the weekday of 1970-01-01, Monday being 0
_IN_OFFICE = 6_000
_PORTAL_HOURS = (6, 4, 2, 1, 1, 2, 5, 12, 25, 40, 45, 40, 40, 40, 38, 36, 36, 38, 42, 50, 60, 62, 45, 20)


def filed_at(draws: Draws, first_day: int | Ints, last_day: int | Ints) -> Ints:
    """Return a second of filing for each row, from its first to its last day.

    >>> at = filed_at(Draws.of_rows(1, "t", 400), day("2026-04-06"), day("2026-04-10"))
    >>> bool((at // DAY_SECONDS >= day("2026-04-06")).all() and (at // DAY_SECONDS <= day("2026-04-10")).all())
    True

    """
    chosen = draws.between("filed/day", first_day, last_day)
    in_office = draws.chance("filed/channel", _IN_OFFICE)
    weekday = (chosen + _THURSDAY) % _WEEK
    monday = chosen + _WEEK - weekday
    moved = in_office & (weekday >= _SATURDAY) & (monday <= last_day)
    office = draws.between("filed/office", 8 * _HOUR, 18 * _HOUR - 1)
    portal = draws.weighted("filed/hour", _PORTAL_HOURS) * _HOUR + draws.below("filed/second", _HOUR)
    return np.where(moved, monday, chosen) * DAY_SECONDS + np.where(in_office, office, portal)


def with_rush(draws: Draws, at: Ints, start: str, seconds: int, takes_part: Bools) -> Ints:
    """Return the seconds `at`, those who take part in a rush moved to the first `seconds` after its start.

    Args:
        draws: for the rows.
        at: when they filed otherwise.
        start: when filing opens, as YYYY-MM-DDTHH:MM:SS.
        seconds: how long the rush lasts; most come at its beginning, several in one second.
        takes_part: who does.

    """
    width = draws.below(f"rush/{start}/width", seconds) + 1
    return np.where(takes_part, second(start) + draws.below(f"rush/{start}", width), at)


def day(text: str) -> int:
    """Return the day number of a date.

    >>> day("2026-09-01")
    20697

    """
    return parse_date(text)


def second(text: str) -> int:
    """Return the second of a civil time written YYYY-MM-DDTHH:MM:SS.

    >>> second("1970-01-02T00:00:01")
    86401

    """
    return int(np.datetime64(text, "s").astype(np.int64))


def months_before(start: str, months: int) -> int:
    """Return the day number of the first of the month that many months before the month of `start`.

    >>> months_before("2026-09-01", 36) == day("2023-09-01")
    True

    """
    month = np.datetime64(start, "M") - np.timedelta64(months, "M")
    return int(month.astype("datetime64[D]").astype(np.int64))
