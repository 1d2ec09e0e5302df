"""What the parts of events may be: each shape says what fits, how it is written in a journal and read back.

A shape is the validator of an attrs field, so an event that exists is one that can be written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import attrs

from queue_engine.canonical import INTEGER_MOST, JournalError, is_key
from queue_engine.errors import Place, Problem
from queue_engine.tables.cells import shown

ID_LONGEST = 100
_DAY_MOST = 2**31 - 1
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9_.:/@-]{1,128}")


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - any value
    return value


@attrs.frozen(eq=False)
class Shape:
    """What a part of an event may be.

    Args:
        expected: in words.
        fits: whether a value is one.
        dump: the value as objects, arrays, texts and integers.
        load: the opposite.
        plain: the value is written as it is.

    """

    expected: str
    fits: Callable[[Any], bool]
    dump: Callable[[Any], Any] = _as_it_is
    load: Callable[[Any], Any] = _as_it_is

    @property
    def plain(self) -> bool:
        """Return whether the value is written as it is."""
        return self.dump is _as_it_is

    def __call__(self, event: object, attribute: attrs.Attribute[Any], value: object) -> None:
        """Refuse a value that does not fit, unless it is the default of the part.

        Raises:
            JournalError: it does not fit.

        """
        if not self.fits(value) and (value is not None or attribute.default is not None):
            kind = getattr(event, "kind", type(event).__name__.lower())
            message = f"{attribute.name} is {shown(repr(value))}, not {self.expected}"
            place = Place(f"event {kind}", field=attribute.name)
            found = shown(repr(value))
            raise JournalError([Problem(place, "J030", message, "correct it", found=found, expected=self.expected)])


def is_id(value: object) -> bool:
    """Return whether a value may name an application, a programme, a document.

    >>> is_id("Garden 5, age 3"), is_id(" 5"), is_id("")
    (True, False, False)

    """
    return type(value) is str and 0 < len(value) <= ID_LONGEST and value.isprintable() and value.strip() == value


def is_name(value: object) -> bool:
    """Return whether a value may stand in a journal without quoting: an actor, a key, a municipality.

    >>> is_name("officer:1a2b"), is_name('say "no"')
    (True, False)

    """
    return type(value) is str and _NAME.fullmatch(value) is not None


def _integer(least: int, most: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and least <= value <= most


def _texts(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: type(value) is tuple and all(map(fits, value))


def are_facts(value: object) -> bool:
    """Return whether a value says what is known: integers (texts of choices) by the names of facts.

    >>> are_facts({"child.birth_date": 19478, "child.age_group": "3"}), are_facts({"n": 1.5})
    (True, False)

    """
    if not isinstance(value, Mapping):
        return False
    for name, item in value.items():
        if type(name) is not str or not is_key(name):
            return False
        if type(item) is not str and (type(item) is not int or not -INTEGER_MOST <= item <= INTEGER_MOST):
            return False
    return True


def _are_days(value: object) -> bool:
    return isinstance(value, Mapping) and all(
        type(name) is str and is_key(name) and DAY.fits(day) for name, day in value.items()
    )


def known(facts: Mapping[str, int | str]) -> Any:  # noqa: ANN401 - what is no mapping is left for the shape to refuse
    """Return the facts so that nobody can change them any more.

    >>> known({"a": 1})
    mappingproxy({'a': 1})

    """
    return MappingProxyType(dict(facts)) if hasattr(facts, "keys") else facts


def several(values: Any) -> Any:  # noqa: ANN401 - likewise
    """Return a list as a tuple.

    >>> several(["a", "b"])
    ('a', 'b')

    """
    return tuple(values) if type(values) is list else values


def one_of(*options: str) -> Shape:
    """Return the shape of a choice between words.

    >>> one_of("taken", "refused").expected
    'one of taken, refused'

    """
    return Shape(f"one of {', '.join(options)}", lambda value: type(value) is str and value in options)


ID = Shape(f"an id: 1 to {ID_LONGEST} characters that can be seen", is_id)
IDS = Shape("a tuple of ids", _texts(is_id), list, several)
NAME = Shape('1 to 128 of A-Z, a-z, 0-9 and _ . : / @ -, or ""', lambda value: value == "" or is_name(value))
TEXT = Shape("a text", lambda value: type(value) is str)
REASON = Shape("a text that says why", lambda value: type(value) is str and bool(value.strip()))
LINES = Shape("a tuple of lines", _texts(lambda value: type(value) is str), list, several)
FLAG = Shape("True or False", lambda value: type(value) is bool)
DAY = Shape("a day: days since 1970-01-01", _integer(-_DAY_MOST, _DAY_MOST))
SECOND = Shape("a time: seconds since 1970-01-01 00:00", _integer(-INTEGER_MOST, INTEGER_MOST))
INSTANT = Shape("an instant: milliseconds since 1970-01-01 00:00 UTC", _integer(0, INTEGER_MOST))
COUNT = Shape("a whole number", _integer(0, INTEGER_MOST))
ENTRY = Shape("the number of an entry", _integer(1, INTEGER_MOST))
DIGEST = Shape("64 hexadecimal digits", lambda value: type(value) is str and _DIGEST.fullmatch(value) is not None)
FACTS = Shape("integers, or texts of choices, by the names of facts", are_facts, dict)
DAYS = Shape("days since 1970-01-01 by the names of dates", _are_days, dict)
FACT = Shape("the name of a fact", lambda value: type(value) is str and is_key(value))
FACT_NAMES = Shape("a tuple of names of facts", _texts(FACT.fits), list, several)
