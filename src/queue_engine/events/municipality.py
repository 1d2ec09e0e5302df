"""What can happen to programmes, territories, rules and the calendar: everything that concerns many applications."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import attrs

from queue_engine.canonical import JournalError, encode
from queue_engine.errors import Place, Problem
from queue_engine.events.model import ENTRY_VALUES, EntryValue, Event, Facts
from queue_engine.events.shapes import (
    COUNT,
    DAY,
    DAYS,
    DIGEST,
    FACT,
    FACTS,
    ID,
    IDS,
    LINES,
    NAME,
    REASON,
    TEXT,
    known,
    several,
)


@attrs.frozen
class ProgrammeOpened(Event):
    """A programme may be wished for: a group, a class, a shift, a competition; or it is open again."""

    programme: str = attrs.field(validator=ID)
    organisation: str = attrs.field(default="", validator=TEXT)
    title: str = attrs.field(default="", validator=TEXT)
    capacity: int | None = attrs.field(default=None, validator=COUNT)
    takes: str = attrs.field(default="", validator=TEXT)
    facts: Facts = attrs.field(factory=dict, converter=known, validator=FACTS)
    service: str = attrs.field(default="", validator=NAME)


@attrs.frozen
class ProgrammeClosed(Event):
    """A programme can no longer be wished for, and nobody stands in its queue."""

    programme: str = attrs.field(validator=ID)
    reason: str = attrs.field(validator=REASON)
    basis: str = attrs.field(default="", validator=TEXT)


@attrs.frozen
class CapacitySet(Event):
    """The number of places of a programme was declared."""

    programme: str = attrs.field(validator=ID)
    capacity: int = attrs.field(validator=COUNT)
    reason: str = attrs.field(validator=REASON)
    basis: str = attrs.field(default="", validator=TEXT)


@attrs.frozen
class TerritoryActChanged(Event):
    """An act changed which addresses belong to which organisation: one fact of many entries at once."""

    basis: str = attrs.field(validator=REASON)
    fact: str = attrs.field(validator=FACT)
    entries: tuple[EntryValue, ...] = attrs.field(converter=several, validator=ENTRY_VALUES)


@attrs.frozen
class RulesPublished(Event):
    """Rules were published, known by the digest of their document, with the days of their named dates from now on.

    The same rules are published anew when a campaign ends: with the day of the next study year.
    """

    rules: str = attrs.field(validator=DIGEST)
    service: str = attrs.field(default="", validator=NAME)
    text: tuple[str, ...] = attrs.field(default=(), converter=several, validator=LINES)
    dates: Mapping[str, int] = attrs.field(factory=dict, converter=known, validator=DAYS)


@attrs.frozen
class DayAdvanced(Event):
    """A new day began; what the day alone changes follows as `Due`."""

    day: int = attrs.field(validator=DAY)


@attrs.frozen
class OrderPublished(Event):
    """The order of a queue was published: the applications in it, or only their digest when they are too many.

    >>> order_digest("Garden 5", ["12", "7"])[:16]
    '31824b5aa54a8790'

    """

    queue: str = attrs.field(validator=ID)
    applications: tuple[str, ...] = attrs.field(converter=several, validator=IDS)
    digest: str = attrs.field(validator=DIGEST)
    service: str = attrs.field(default="", validator=NAME)

    def __attrs_post_init__(self) -> None:
        """Refuse a digest that is not that of the applications given.

        Raises:
            JournalError: it is not.

        """
        if self.applications and self.digest != order_digest(self.queue, self.applications):
            message = f'the digest is not that of the {len(self.applications)} applications of "{self.queue}"'
            place = Place("event order_published", field="digest")
            raise JournalError([Problem(place, "J032", message, "make it with order_digest")])


def order_digest(queue: str, applications: Sequence[str]) -> str:
    """Return the SHA-256 of the order of a queue, as 64 hexadecimal digits.

    Complexity: linear in the number of applications; each is hashed by itself, so that any number of them will do.

    >>> order_digest("q", []) == order_digest("q", ["1"])
    False

    """
    total = hashlib.sha256(b"reg74/order/1\x00" + encode([queue]))
    for application in applications:
        total.update(encode([application]))
    return total.hexdigest()
