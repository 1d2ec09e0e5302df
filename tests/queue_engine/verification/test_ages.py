from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_engine.verification.ages import Conventions, date_of, day_of, reached

_EPOCH = dt.date(1970, 1, 1)


@given(date=st.dates())
def test_days_are_those_of_the_calendar(date: dt.date) -> None:
    """The standard library agrees wherever it has dates."""
    day = (date - _EPOCH).days
    assert day_of(date.year, date.month, date.day) == day
    assert date_of(day) == (date.year, date.month, date.day)


@given(day=st.integers(-(2**31), 2**31))
def test_days_far_away_are_days_too(day: int) -> None:
    """There and back leads to the same day, and the days after it have later dates."""
    assert day_of(*date_of(day)) == day
    assert date_of(day) < date_of(day + 1)


@pytest.mark.parametrize(
    ("birth", "months", "days", "day_after", "first_of_march", "needed"),
    [
        ((2020, 3, 15), 78, 0, False, True, (2026, 9, 15)),
        ((2020, 3, 15), 78, 0, True, True, (2026, 9, 16)),
        ((2020, 8, 31), 6, 0, False, True, (2021, 2, 28)),
        ((2020, 8, 31), 1, 0, False, False, (2020, 9, 30)),
        ((2020, 2, 29), 12, 0, False, True, (2021, 3, 1)),
        ((2020, 2, 29), 12, 0, False, False, (2021, 2, 28)),
        ((2020, 2, 29), 12, 0, True, False, (2021, 3, 1)),
        ((2020, 2, 29), 12, 0, True, True, (2021, 3, 2)),
        ((2020, 2, 29), 48, 0, False, True, (2024, 2, 29)),
        ((2020, 2, 29), 1, 0, False, True, (2020, 3, 29)),
        ((2020, 1, 30), 13, 0, False, True, (2021, 2, 28)),
        ((2020, 12, 31), 2, 10, False, True, (2021, 3, 10)),
        ((2020, 12, 31), 0, 10, False, True, (2021, 1, 10)),
        ((2020, 12, 5), 12, 0, False, True, (2021, 12, 5)),
    ],
)
def test_an_age_is_reached_on_its_day(
    birth: tuple[int, int, int],
    months: int,
    days: int,
    day_after: bool,  # noqa: FBT001
    first_of_march: bool,  # noqa: FBT001
    needed: tuple[int, int, int],
) -> None:
    """Months first, the last day where a month is too short, then days, then the day after."""
    found = reached(day_of(*birth), months, days, Conventions(day_after, first_of_march))
    assert date_of(found) == needed
