"""What may be known of an application: facts with types, categories of documents, named dates.

Every value a fact can take is one integer inside the engine (days, seconds,
scaled decimals, codes), so that keys are exact and equal on every processor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from enum import Enum
from fractions import Fraction
from functools import cached_property

import attrs

EPOCH = date(1970, 1, 1)
TOO_LARGE = 10**18
"""No value reaches it, so every one fits a signed word with room for one more code."""

_EPOCH_INSTANT = datetime(1970, 1, 1)  # noqa: DTZ001 - local civil time of the municipality, no zone on purpose
_YES = frozenset({"yes", "true", "1", "да"})
_NO = frozenset({"no", "false", "0", "нет"})
_DECIMAL = re.compile(r"(\d+)(?:[.,](\d+))?")
_RATIO = re.compile(r"(\d{1,12})/(\d{1,9})")
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?)?")


class FactType(Enum):
    """The kinds of value a fact may have."""

    YES_NO = "yes_no"
    DATE = "date"
    INSTANT = "instant"
    NUMBER = "number"
    DECIMAL = "decimal"
    CHOICE = "choice"


class Unknown(Enum):
    """What it means that a fact is not known of an application."""

    NO = "no"  # counts as "no"; only for yes_no
    LAST = "last"  # ranks after every known value; a comparison with it does not hold
    REFUSE = "refuse"  # the application is not complete and is not ranked


class Per(Enum):
    """What a fact is known of."""

    APPLICATION = "application"
    ENTRY = "entry"  # of the application at one organisation: sibling attends, address in territory
    PROGRAMME = "programme"  # of the programme itself: boarding school


class ValueProblem(ValueError):  # noqa: N818 - it names a problem with a value, caught and turned into a Problem
    """A text is not a value of the fact: what was expected, and what to write instead."""

    def __init__(self, expected: str, remedy: str) -> None:
        """Keep the two parts for the `Problem` the caller makes."""
        super().__init__(f"{expected}; {remedy}")
        self.expected = expected
        self.remedy = remedy


@attrs.frozen
class Title:
    """A text people read, in Russian and in English."""

    ru: str
    en: str

    def in_language(self, lang: str) -> str:
        """Return the text in `lang`, "ru" or "en"."""
        return self.ru if lang == "ru" else self.en


@attrs.frozen
class Fact:
    """One thing rules may speak about, with its type, range and the meaning of "not known".

    Args:
        name: dotted ASCII name, as rules and table columns write it.
        type: the kind of value.
        title: what people read.
        per: what it is known of.
        least: smallest value, as the engine's integer (scaled for decimals); None = not bounded.
        most: largest value, likewise.
        digits: digits after the point of a decimal; 0 for other types.
        unknown: what an absent value means.
        unique: no two applications share a value, so it may end an order.
        choices: the codes a choice may take and their titles; empty = any text.

    """

    name: str
    type: FactType
    title: Title
    per: Per = Per.APPLICATION
    least: int | None = None
    most: int | None = None
    digits: int = 0
    unknown: Unknown = Unknown.LAST
    unique: bool = False
    choices: Mapping[str, Title] = attrs.field(factory=dict)

    def parse(self, text: str) -> int:
        """Return the integer that stands for a written value; never for a choice, whose codes the table keeps.

        Raises:
            ValueProblem: the text is not a value of this fact; says what is expected and what to write.

        >>> average = Fact("grade.average", FactType.DECIMAL, Title("балл", "grade"), digits=4)
        >>> average.parse("14/3"), average.parse("4.67"), average.parse("4,67")
        (46666, 46700, 46700)

        """
        value = _PARSERS[self.type](self, text.strip())
        if value >= TOO_LARGE:
            raise ValueProblem("a number of at most 18 digits", "write a smaller number")
        if (self.least is not None and value < self.least) or (self.most is not None and value > self.most):
            low = "" if self.least is None else self.show(self.least)
            high = "" if self.most is None else self.show(self.most)
            expected = (
                f"a value from {low} to {high}" if low and high else f"at {'least' if low else 'most'} {low or high}"
            )
            raise ValueProblem(expected, "check the number, or the range of this fact in facts.yaml")
        return value

    def show(self, value: int, lang: str = "en") -> str:
        """Return the written form of an integer value.

        >>> Fact("grade.average", FactType.DECIMAL, Title("балл", "grade"), digits=2).show(467)
        '4.67'

        """
        if self.type is FactType.YES_NO:
            return ("да" if value else "нет") if lang == "ru" else ("yes" if value else "no")
        if self.type is FactType.DATE:
            return day_to_date(value).isoformat()
        if self.type is FactType.INSTANT:
            return second_to_instant(value).isoformat(sep=" ")
        if self.type is FactType.DECIMAL and self.digits:
            whole, rest = divmod(value, 10**self.digits)
            return f"{whole}.{rest:0{self.digits}d}"
        return str(value)


@attrs.frozen
class Category:
    """A right that a document confirms: large family, police officer's child, …."""

    name: str
    title: Title
    show_as: str = ""


@attrs.frozen
class NamedDate:
    """A day that rules name and the caller (or the rule file) gives: study_start, shift_start, ….

    A date nobody gives is that of `default`: another named date, or today; "" = it must be given.
    """

    name: str
    title: Title
    default: str = ""


@attrs.frozen
class Vocabulary:
    """Everything rules may speak about: facts, categories of documents, named dates.

    Args:
        facts: by name.
        categories: by name, without the `category.` prefix.
        dates: by name; `today`, the day the queue is computed for, is always there.
        utc_offset_minutes: the municipality's civil time; instants written with an offset are moved to it.
        file: where it was read from, for messages.

    """

    facts: Mapping[str, Fact]
    categories: Mapping[str, Category]
    dates: Mapping[str, NamedDate]
    utc_offset_minutes: int = 300
    file: str = "facts.yaml"

    @cached_property
    def category_codes(self) -> Mapping[str, int]:
        """The number of each category in the documents table, in the vocabulary's order."""
        return {name: code for code, name in enumerate(self.categories)}

    def parse(self, fact: Fact, text: str) -> int:
        """Return the integer of a written value, moving instants that carry an offset to civil time here.

        >>> at = Fact("at", FactType.INSTANT, Title("", ""))
        >>> here = Vocabulary({"at": at}, {}, {})
        >>> here.parse(at, "2026-01-01T00:00:00Z") - here.parse(at, "2026-01-01 00:00:00")
        18000

        """
        if fact.type is FactType.INSTANT:
            text = _civil(text.strip(), self.utc_offset_minutes)
        return fact.parse(text)


def date_to_day(day: date) -> int:
    """Return days since 1970-01-01.

    >>> date_to_day(date(2026, 9, 1))
    20697

    """
    return (day - EPOCH).days


def day_to_date(day: int) -> date:
    """Return the date of a day number; the inverse of `date_to_day`."""
    return EPOCH + timedelta(days=day)


def instant_to_second(instant: datetime) -> int:
    """Return seconds since 1970-01-01 00:00 of a civil (zone-less) time."""
    return (instant - _EPOCH_INSTANT) // timedelta(seconds=1)


def second_to_instant(second: int) -> datetime:
    """Return the civil time of a second; the inverse of `instant_to_second`."""
    return _EPOCH_INSTANT + timedelta(seconds=second)


def parse_date(text: str) -> int:
    """Return the day number of a date written YYYY-MM-DD.

    Raises:
        ValueProblem: not of that form, or there is no such day.

    """
    match = _DATE.fullmatch(text) if text.isascii() else None
    if match is None:
        raise ValueProblem("a date YYYY-MM-DD", "write it like 2026-09-01")
    try:
        return date_to_day(date(int(match[1]), int(match[2]), int(match[3])))
    except ValueError:
        raise ValueProblem("a day of the calendar", f"there is no such day: {text}") from None


def _civil(text: str, offset_minutes: int) -> str:
    """Return an instant's text without its offset, moved to the civil time `offset_minutes` east of UTC."""
    if not _INSTANT.fullmatch(text) or not re.search(r"(?:Z|[+-]\d{2}:\d{2})$", text[10:]):
        return text
    try:
        moved = datetime.fromisoformat(text).astimezone(timezone(timedelta(minutes=offset_minutes)))
    except (ValueError, OverflowError):
        return text  # the parser reports it with what it expects
    return moved.replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")


def _parse_yes_no(_: Fact, text: str) -> int:
    folded = text.casefold()
    if folded in _YES:
        return 1
    if folded in _NO:
        return 0
    raise ValueProblem("yes or no", "write yes or no (да or нет)")


def _parse_date_fact(_: Fact, text: str) -> int:
    return parse_date(text)


def _parse_instant(_: Fact, text: str) -> int:
    if _INSTANT.fullmatch(text) and text.isascii():
        try:
            return instant_to_second(datetime.fromisoformat(text))
        except (ValueError, TypeError):
            pass
    raise ValueProblem("a time YYYY-MM-DD HH:MM:SS", "write it like 2026-04-01 09:15:00")


def _parse_number(_: Fact, text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 18:  # noqa: PLR2004 - what fits in 63 bits
        return int(text)
    raise ValueProblem("a whole number", "write digits only, like 1200")


def _parse_decimal(fact: Fact, text: str) -> int:
    scale: int = 10**fact.digits
    ratio = _RATIO.fullmatch(text) if text.isascii() else None
    if ratio is not None and int(ratio[2]):
        # The floor keeps both order and equality of averages of up to 99 marks: they differ by at least 1/(99·98).
        return int(Fraction(int(ratio[1]), int(ratio[2])) * scale // 1)
    match = _DECIMAL.fullmatch(text) if text.isascii() else None
    if match is None or len(match[1]) > 12:  # noqa: PLR2004 - keeps the scaled value inside 63 bits
        raise ValueProblem(
            f"a number with up to {fact.digits} digits after the point", "write it like 4.67, or exactly like 14/3"
        )
    rest = match[2] or ""
    if len(rest.rstrip("0")) > fact.digits:
        raise ValueProblem(
            f"at most {fact.digits} digits after the point", "give the exact fraction, like 14/3, or cut the digits"
        )
    scaled: int = int(match[1]) * scale + int(rest[: fact.digits].ljust(fact.digits, "0") or "0")
    return scaled


def _parse_choice(fact: Fact, _: str) -> int:
    message = f"{fact.name} is a choice: its codes are kept by the table that holds it"
    raise TypeError(message)


_PARSERS = {
    FactType.YES_NO: _parse_yes_no,
    FactType.DATE: _parse_date_fact,
    FactType.INSTANT: _parse_instant,
    FactType.NUMBER: _parse_number,
    FactType.DECIMAL: _parse_decimal,
    FactType.CHOICE: _parse_choice,
}
