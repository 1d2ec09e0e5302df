"""Ages are reckoned by the calendar, whatever the month's length and however 29 February is read."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from queue_engine.facts import date_to_day, day_to_date
from queue_engine.rules.ages import add_months, latest_birth, reached
from queue_engine.rules.model import Conventions

DAYS = st.integers(date_to_day(date(1895, 1, 1)), date_to_day(date(2110, 12, 31)))
LEAP_TIMES = st.builds(
    lambda year, shift: date_to_day(date(year, 3, 1)) + shift, st.integers(1895, 2105), st.integers(-33, 33)
)
MONTHS = st.integers(0, 230) | st.integers(0, 1800)
EXTRA_DAYS = st.just(0) | st.integers(0, 400)
CONVENTIONS = st.builds(
    Conventions, st.sampled_from(["on_birthday", "day_after"]), st.sampled_from(["feb_28", "mar_1"])
)


def day(text: str) -> int:
    """Return the day number of a date."""
    return date_to_day(date.fromisoformat(text))


def slow_add_months(start: date, months: int, leap_births: str) -> date:
    """Return the same as `add_months`, walking down from day 31 through `date` alone."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    for position in range(start.day, 27, -1):
        try:
            return date(year, month + 1, position)
        except ValueError:
            if (start.month, start.day) == (2, 29) and leap_births == "mar_1":
                return date(year, 3, 1)
    return date(year, month + 1, start.day)


@pytest.mark.parametrize(
    ("start", "months", "leap_births", "expected"),
    [
        ("2020-03-01", 78, "mar_1", "2026-09-01"),
        ("2020-03-02", 78, "mar_1", "2026-09-02"),
        ("2026-08-31", 1, "mar_1", "2026-09-30"),
        ("2026-01-29", 1, "mar_1", "2026-02-28"),
        ("2020-02-29", 12, "mar_1", "2021-03-01"),
        ("2020-02-29", 12, "feb_28", "2021-02-28"),
        ("2020-02-29", 48, "feb_28", "2024-02-29"),
        ("2020-02-29", 1, "mar_1", "2020-03-29"),
        ("2026-03-31", -1, "mar_1", "2026-02-28"),
        ("1896-02-29", 48, "mar_1", "1900-03-01"),
    ],
)
def test_months_are_added_by_the_calendar(start: str, months: int, leap_births: str, expected: str) -> None:
    """A day the month lacks becomes its last day, 29 February as the convention says."""
    found = add_months(day(start), months, Conventions(born_29_feb=leap_births))
    assert str(day_to_date(found)) == expected


@given(DAYS | LEAP_TIMES, MONTHS, CONVENTIONS)
def test_months_agree_with_the_plain_calendar(start: int, months: int, conventions: Conventions) -> None:
    """Arithmetic on day numbers gives what dates give."""
    expected = slow_add_months(day_to_date(start), months, conventions.born_29_feb)
    assert day_to_date(add_months(start, months, conventions)) == expected


@given(DAYS | LEAP_TIMES, st.integers(-3, 3), MONTHS, CONVENTIONS)
def test_the_calendar_repeats_after_400_years(start: int, cycles: int, months: int, conventions: Conventions) -> None:
    """No day number is too early or too late to be reckoned."""
    moved = add_months(start + cycles * 146_097, months, conventions)
    assert moved == add_months(start, months, conventions) + cycles * 146_097


@given(DAYS | LEAP_TIMES, MONTHS, EXTRA_DAYS, CONVENTIONS)
def test_a_later_birth_never_reaches_an_age_earlier(
    birth: int, months: int, days: int, conventions: Conventions
) -> None:
    """The day an age is reached does not decrease with the day of birth."""
    assert reached(birth, months, days, conventions) <= reached(birth + 1, months, days, conventions)


@example(on=day("2025-02-28"), months=12, days=0, conventions=Conventions(), strictly=False)
@example(on=day("2025-03-01"), months=12, days=0, conventions=Conventions(), strictly=False)
@example(on=day("2025-02-28"), months=12, days=0, conventions=Conventions(born_29_feb="feb_28"), strictly=False)
@example(on=day("2025-03-01"), months=12, days=0, conventions=Conventions(), strictly=True)
@example(on=day("2026-02-28"), months=1, days=0, conventions=Conventions(), strictly=False)
@given(on=DAYS | LEAP_TIMES, months=MONTHS, days=EXTRA_DAYS, conventions=CONVENTIONS, strictly=st.booleans())
def test_the_latest_birth_is_the_last_that_reached_the_age(
    on: int, months: int, days: int, conventions: Conventions, *, strictly: bool
) -> None:
    """Trying every birth near gives the same last one, and all before it reached the age too."""
    limit = on - strictly
    latest = latest_birth(on, months, days, conventions, strictly=strictly)
    near = range(latest - 35, latest + 36)
    assert [birth for birth in near if reached(birth, months, days, conventions) <= limit] == list(
        range(latest - 35, latest + 1)
    )


def test_the_day_after_the_birthday_is_one_day_later() -> None:
    """Where an age is reached the day after the birthday, births must be a day earlier."""
    on, later = day("2026-09-01"), Conventions(age_reached="day_after")
    assert reached(day("2020-03-01"), 78, 0, later) == on + 1
    assert str(day_to_date(latest_birth(on, 78, 0, later))) == "2020-02-29"


def test_days_are_added_after_the_months() -> None:
    """Born on 31 January, a month and a day end on the day after the last of February."""
    assert str(day_to_date(reached(day("2026-01-31"), 1, 1, Conventions()))) == "2026-03-01"
