"""The day an age is reached, and the latest birth that has reached it: exact calendar arithmetic on day numbers."""

from __future__ import annotations

from datetime import date

from queue_engine.facts import date_to_day, day_to_date
from queue_engine.rules.model import Conventions

_CYCLE_DAYS = 146_097
_CYCLE_MONTHS = 4_800
_FEBRUARY = 2


def add_months(day: int, months: int, conventions: Conventions) -> int:
    """Return the day `months` later (earlier when negative), every year and month being those of the calendar.

    A day that the target month lacks becomes its last day; only 29 February in
    a common year may become 1 March instead, as the conventions say.

    Args:
        day: days since 1970-01-01; any integer.
        months: how many months to move.
        conventions: `born_29_feb` is read.

    Complexity: constant.

    >>> born = date_to_day(date(2020, 2, 29))
    >>> str(day_to_date(add_months(born, 12, Conventions()))), str(day_to_date(add_months(born, 48, Conventions())))
    ('2021-03-01', '2024-02-29')
    >>> str(day_to_date(add_months(date_to_day(date(2026, 1, 31)), 1, Conventions())))
    '2026-02-28'

    """
    first, position = _month_of(day)
    target = first + months
    length = _length(target)
    if position <= length:
        return _first_day(target) + position - 1
    leap_day = _length(first) == position and (first - 1) % 12 == 0
    if leap_day and conventions.born_29_feb == "mar_1":
        return _first_day(target) + length
    return _first_day(target) + length - 1


def reached(birth_day: int, months: int, days: int, conventions: Conventions) -> int:
    """Return the first day on which someone born on `birth_day` has the age of `months` and `days`.

    Months are added first, then days; `age_reached: day_after` adds one more.
    The result never decreases when the birth is later: within a month
    `add_months` keeps the order of days, the next month's first day comes after
    every one of them, and 29 February becomes 1 March at most, which is what 1 March becomes.

    >>> str(day_to_date(reached(date_to_day(date(2019, 12, 30)), 78, 0, Conventions())))
    '2026-06-30'
    >>> str(day_to_date(reached(date_to_day(date(2019, 12, 30)), 78, 0, Conventions(age_reached="day_after"))))
    '2026-07-01'

    """
    return add_months(birth_day, months, conventions) + days + (conventions.age_reached == "day_after")


def latest_birth(on: int, months: int, days: int, conventions: Conventions, *, strictly: bool = False) -> int:
    """Return the latest birth whose age of `months` and `days` is reached on the day `on`, or before it.

    Since `reached` never decreases, `age(on …) >= duration` is exactly
    `birth <= latest_birth(…)`, and `>` is the same with `strictly`.

    Let `last` be the day that the months must bring a birth to at the latest.
    Births a whole month earlier than the month of `last` stay before `last`,
    those a month later pass it. Inside the month between, the first day that
    passes `last` follows day d of `last`, or does not exist when `last` ends its
    month and every later day is cut to it; 29 February alone may pass it as 1 March.

    Args:
        on: the day on which the age is asked for.
        months: whole months of the duration.
        days: further days of the duration.
        conventions: how ages are reckoned.
        strictly: reached before the day `on`, not on it.

    Complexity: constant.

    >>> str(day_to_date(latest_birth(date_to_day(date(2026, 9, 1)), 78, 0, Conventions())))
    '2020-03-01'
    >>> str(day_to_date(latest_birth(date_to_day(date(2025, 2, 28)), 12, 0, Conventions())))
    '2024-02-28'

    """
    last = on - strictly - days - (conventions.age_reached == "day_after")
    month, position = _month_of(last)
    births = month - months
    length = _length(births)
    if position < _length(month):
        return _first_day(births) + min(position, length) - 1
    if conventions.born_29_feb == "mar_1" and position < length and (births - 1) % 12 == 0:
        return _first_day(births) + position - 1
    return _first_day(births) + length - 1


def _month_of(day: int) -> tuple[int, int]:
    """Return the month (counted from January 1970 = 0) of a day, and its 1-based day in that month."""
    cycle, rest = divmod(day, _CYCLE_DAYS)
    calendar = day_to_date(rest)
    return cycle * _CYCLE_MONTHS + (calendar.year - 1970) * 12 + calendar.month - 1, calendar.day


def _first_day(month: int) -> int:
    """Return the day number of the first day of a month counted from January 1970 = 0."""
    cycle, rest = divmod(month, _CYCLE_MONTHS)
    return cycle * _CYCLE_DAYS + date_to_day(date(1970 + rest // 12, rest % 12 + 1, 1))


def _length(month: int) -> int:
    """Return how many days a month counted from January 1970 = 0 has."""
    return _first_day(month + 1) - _first_day(month)
