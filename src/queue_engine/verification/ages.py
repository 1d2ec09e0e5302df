"""Days of the calendar, and the day on which an age is reached (§6).

Days are counted from 1970-01-01 and may lie millions of years away, where the standard library has no dates.
"""

from __future__ import annotations

from typing import NamedTuple

_CYCLE = 146_097  # days in 400 years
_EPOCH = 719_468  # days from 0000-03-01 to 1970-01-01
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FEBRUARY = 2
_LAST_OF_FEBRUARY = 28


class Conventions(NamedTuple):
    """How ages are counted: whether a day after the birthday, and whether 29 February becomes 1 March."""

    day_after: bool
    first_of_march: bool


def length(year: int, month: int) -> int:
    """Return the days of a month.

    >>> length(2024, 2), length(1900, 2)
    (29, 28)
    """
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return _LENGTHS[month - 1] + (leap and month == _FEBRUARY)


def day_of(year: int, month: int, day: int) -> int:
    """Return the day of a date, counted from 1970-01-01.

    >>> day_of(1970, 1, 1), day_of(2026, 9, 1)
    (0, 20697)
    """
    from_march = year - (month <= _FEBRUARY)
    cycle, rest = divmod(from_march, 400)
    in_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return cycle * _CYCLE + rest * 365 + rest // 4 - rest // 100 + in_year - _EPOCH


def date_of(day: int) -> tuple[int, int, int]:
    """Return year, month and day of the month.

    >>> date_of(20697)
    (2026, 9, 1)
    """
    cycle, rest = divmod(day + _EPOCH, _CYCLE)
    year = (rest - rest // 1460 + rest // 36524 - rest // 146_096) // 365
    in_year = rest - (365 * year + year // 4 - year // 100)
    from_march = (5 * in_year + 2) // 153
    month = from_march + 3 if from_march < 10 else from_march - 9  # noqa: PLR2004
    return cycle * 400 + year + (month <= _FEBRUARY), month, in_year - (153 * from_march + 2) // 5 + 1


def reached(birth: int, months: int, days: int, conventions: Conventions) -> int:
    """Return the day on which somebody reaches an age.

    Args:
        birth: the day of birth.
        months: years and months of the age, in months.
        days: its days, counted after the months.
        conventions: how ages are counted.

    >>> date_of(reached(day_of(2020, 2, 29), 12, 0, Conventions(day_after=False, first_of_march=True)))
    (2021, 3, 1)

    """
    year, month, day = date_of(birth)
    years, month0 = divmod(month - 1 + months, 12)
    new_year, new_month = year + years, month0 + 1
    last = length(new_year, new_month)
    moved = day_of(new_year, new_month, min(day, last))
    if conventions.first_of_march and (month, day) == (_FEBRUARY, 29) and (new_month, last) == (_FEBRUARY, 28):
        moved += 1
    return moved + days + conventions.day_after
