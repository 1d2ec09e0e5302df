"""What strategies draw from: small pools of values on the borders rules care about, and the drawing itself.

Every choice is an index drawn from one kept strategy: making strategies anew for
each example would take ten times as long as the examples themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TypeVar

from hypothesis import strategies as st

from queue_engine.facts import FactType, Title, day_to_date, parse_date

T = TypeVar("T")

NUMBER = "application.number"
FILED = "application.submitted_on"
DAYS = tuple(parse_date(f"2024-{text}") for text in ("02-27", "02-28", "02-29", "03-01", "03-02"))
BIRTHS = (
    "2020-02-28",
    "2020-02-29",
    "2020-03-01",
    "2021-02-28",
    "2021-03-01",
    "2023-08-31",
    "2024-01-29",
    "2024-01-31",
)
LENGTHS = ((1, 0), (6, 0), (36, 0), (48, 0), (48, 1), (47, 30), (0, 0))
OPERATORS = ("==", "!=", "<", "<=", ">", ">=")
ORDERED = ("<", "<=", ">", ">=")
PERCENTS = (0, 20, 25, 33, 34, 50, 75, 100)  # where a whole number of places falls exactly on the share, and beside
CODES = ("general", "health", "care")
TIMES = (FactType.DATE, FactType.INSTANT)
NUMBERS = (FactType.NUMBER, FactType.DECIMAL)
WRITTEN = {
    FactType.YES_NO: ("yes", "no"),
    FactType.DATE: tuple(str(day_to_date(day)) for day in DAYS),
    FactType.INSTANT: ("2024-02-28 23:59:59", "2024-02-29 00:00:00", "2024-02-29 00:00:01"),
    FactType.NUMBER: ("0", "1", "2", "3"),
    FactType.DECIMAL: ("2", "2.5", "14/3", "4.6"),
    FactType.CHOICE: CODES,
}


def title_of(of: str) -> Title:
    """Return a title that names what it is the title of."""
    return Title(f"о {of}", f"of {of}")


@cache
def below(count: int) -> st.SearchStrategy[int]:
    """Return the strategy of the numbers below `count`, the first the simplest."""
    return st.integers(0, count - 1)


def pick(draw: st.DrawFn, options: Sequence[T]) -> T:
    """Draw one of the options."""
    return options[draw(below(len(options)))]


def some(draw: st.DrawFn, least: int, most: int, make: Callable[[int], T]) -> list[T]:
    """Draw between `least` and `most` things."""
    return [make(number) for number in range(least + draw(below(most - least + 1)))]


def shuffled(draw: st.DrawFn, options: Sequence[T]) -> list[T]:
    """Draw an order of the options."""
    left = list(options)
    return [left.pop(draw(below(len(left)))) for _ in options]
