"""Facts: every written value is one exact integer, or is refused with what was expected."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_engine.facts import (
    Fact,
    FactType,
    Title,
    Unknown,
    ValueProblem,
    Vocabulary,
    date_to_day,
    day_to_date,
    instant_to_second,
    parse_date,
    second_to_instant,
)

T = Title("название", "title")


def fact(kind: FactType, **more: object) -> Fact:
    """Return a fact of a kind."""
    return Fact("some.fact", kind, T, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (FactType.YES_NO, "да", 1),
        (FactType.YES_NO, " NO ", 0),
        (FactType.DATE, "1970-01-02", 1),
        (FactType.INSTANT, "1970-01-01T00:01", 60),
        (FactType.INSTANT, "1970-01-02", 86_400),
        (FactType.NUMBER, "007", 7),
    ],
)
def test_a_written_value_is_one_integer(kind: FactType, text: str, value: int) -> None:
    """Each type has one written form and one integer for it."""
    assert fact(kind).parse(text) == value


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (FactType.YES_NO, "maybe", "yes or no"),
        (FactType.DATE, "2026-02-30", "a day of the calendar"),
        (FactType.DATE, "30.02.2026", "a date YYYY-MM-DD"),
        (FactType.DATE, "２０２６-01-01", "a date YYYY-MM-DD"),
        (FactType.INSTANT, "2026-01-01 25:00:00", "a time YYYY-MM-DD HH:MM:SS"),
        (FactType.INSTANT, "yesterday", "a time YYYY-MM-DD HH:MM:SS"),
        (FactType.NUMBER, "1,2", "a whole number"),
        (FactType.NUMBER, "-1", "a whole number"),
        (FactType.NUMBER, "1" * 19, "a whole number"),
    ],
)
def test_any_other_text_is_refused_with_what_was_expected(kind: FactType, text: str, expected: str) -> None:
    """The problem names the expectation, and the remedy is not empty."""
    with pytest.raises(ValueProblem) as caught:
        fact(kind).parse(text)
    assert caught.value.expected == expected
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("bounds", "text", "expected"),
    [
        ({"least": 2, "most": 5}, "6", "a value from 2 to 5"),
        ({"least": 2}, "1", "at least 2"),
        ({"most": 5}, "6", "at most 5"),
    ],
)
def test_a_value_out_of_range_is_refused_with_the_range(bounds: dict[str, int], text: str, expected: str) -> None:
    """Whichever bounds the vocabulary gives are told."""
    with pytest.raises(ValueProblem) as caught:
        fact(FactType.NUMBER, **bounds).parse(text)
    assert caught.value.expected == expected


def test_a_decimal_keeps_its_digits_and_refuses_more() -> None:
    """4.8700 is 4.87; a fifth digit is refused and an exact fraction is offered instead."""
    average = fact(FactType.DECIMAL, digits=2)
    assert [average.parse(text) for text in ("4.8700", "4,87", "4", "0.5")] == [487, 487, 400, 50]
    assert average.show(487) == "4.87"
    with pytest.raises(ValueProblem, match="14/3"):
        average.parse("4.875")
    for text in ("4.", ".5", "abc", "1" * 13, "1/0"):
        with pytest.raises(ValueProblem):
            average.parse(text)


def test_no_value_is_too_large_for_a_word() -> None:
    """A decimal whose scaled value passes 18 digits is refused."""
    with pytest.raises(ValueProblem, match="18 digits"):
        fact(FactType.DECIMAL, digits=9).parse("999999999999/1")


@given(
    st.fractions(min_value=2, max_value=5, max_denominator=99),
    st.fractions(min_value=2, max_value=5, max_denominator=99),
)
def test_four_digits_keep_the_order_and_the_equality_of_averages(one: Fraction, other: Fraction) -> None:
    """Averages of up to 99 marks differ by more than a ten-thousandth, so the floor loses nothing."""
    average = fact(FactType.DECIMAL, digits=4)
    left, right = (average.parse(f"{each.numerator}/{each.denominator}") for each in (one, other))
    assert (left < right, left == right) == (one < other, one == other)


@given(st.integers(-700_000, 2_900_000))
def test_days_and_dates_are_the_same_thing(day: int) -> None:
    """A day number, its date and its written form go round without loss."""
    assert date_to_day(day_to_date(day)) == day
    assert parse_date(day_to_date(day).isoformat()) == day
    assert fact(FactType.DATE).show(day) == day_to_date(day).isoformat()


@given(st.integers(0, 2**31 - 1))
def test_seconds_and_times_are_the_same_thing(second: int) -> None:
    """A second and its civil time go round without loss."""
    assert instant_to_second(second_to_instant(second)) == second
    at = fact(FactType.INSTANT)
    assert at.parse(at.show(second)) == second


def test_values_are_shown_as_people_write_them() -> None:
    """Yes and no are said in the language; numbers are digits."""
    assert (fact(FactType.YES_NO).show(1, "ru"), fact(FactType.YES_NO).show(0)) == ("да", "no")
    assert fact(FactType.NUMBER).show(12) == "12"
    assert fact(FactType.DECIMAL).show(12) == "12"
    assert (T.in_language("ru"), T.in_language("en")) == ("название", "title")


def test_a_time_with_an_offset_is_moved_to_civil_time_here() -> None:
    """Midnight in Greenwich is five in the morning in Chelyabinsk; nonsense stays for the parser to refuse."""
    at = fact(FactType.INSTANT)
    here = Vocabulary({at.name: at}, {}, {}, utc_offset_minutes=300)
    assert here.parse(at, "2026-01-01T05:00:00") == here.parse(at, "2026-01-01T00:00:00Z")
    assert here.parse(at, "2026-01-01T05:00:00") == here.parse(at, "2026-01-01T03:00:00+03:00")
    for text in ("0001-01-01T00:00:00+14:00", "2026-13-01T00:00:00Z", "2026-01-01T00:00:00+99:00"):
        with pytest.raises(ValueProblem):
            here.parse(at, text)


def test_a_choice_is_kept_by_the_table_that_holds_it() -> None:
    """A choice has no integer of its own."""
    with pytest.raises(TypeError, match="choice"):
        fact(FactType.CHOICE, unknown=Unknown.LAST).parse("general")
