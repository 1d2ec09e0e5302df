"""What every event has: when it was recorded, who acted, the key that makes a repeat harmless, and its own data."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeAlias

import attrs

from queue_engine.canonical import JournalError
from queue_engine.errors import Place, Problem
from queue_engine.events.shapes import DAY, FACTS, ID, INSTANT, NAME, Shape, is_name, known

Value: TypeAlias = int | str
Facts: TypeAlias = Mapping[str, Value]

ROLES = (
    "parent",  # the family itself, in the portal of the service
    "epgu",  # the family, through the federal portal
    "mfc",  # the family, at a counter
    "officer",  # of the municipality
    "commission",  # that approves rounds
    "organisation",  # that admits
    "ministry",
    "operator",  # of the system
    "court",
    "system",  # the passing of days
)
FAMILY = frozenset({"parent", "epgu", "mfc"})
_MILLISECONDS_A_DAY = 86_400_000
_CAPITAL = re.compile(r"(?<!^)([A-Z])")


def _is_actor(value: object) -> bool:
    role, colon, who = str(value).partition(":")
    return is_name(value) and role in ROLES and bool(who) == bool(colon)


ACTOR = Shape(f"a role ({', '.join(ROLES)}), or role:whoever", _is_actor)


@attrs.frozen
class Event:
    """Something that happened.

    Args:
        at: when it was recorded, in milliseconds since 1970 UTC.
        actor: the role of who acted, and ":" with a number of the person where one is kept.
        key: a second event with the same key is the same event sent again; "" = none.
        legal_day: the day it counts from in law when that is not the day it was recorded; it says so, and decides
            nothing: documents have days of their own, and time passes by `DayAdvanced` only.

    """

    kind: ClassVar[str] = "event"

    at: int = attrs.field(kw_only=True, validator=INSTANT)
    actor: str = attrs.field(kw_only=True, validator=ACTOR)
    key: str = attrs.field(kw_only=True, default="", validator=NAME)
    legal_day: int | None = attrs.field(kw_only=True, default=None, validator=DAY)

    def __init_subclass__(cls) -> None:
        """Name the kind after the class, as journals write it."""
        cls.kind = _CAPITAL.sub(r"_\1", cls.__name__).lower()

    @property
    def step(self) -> str:
        """Return what happens in the life cycle: the kind, and the outcome where there are several."""
        return self.kind

    def civil_day(self, utc_offset_minutes: int = 300) -> int:
        """Return the day it counts from: the one it names, or the one it was recorded on in civil time."""
        if self.legal_day is not None:
            return self.legal_day
        return (self.at + utc_offset_minutes * 60_000) // _MILLISECONDS_A_DAY

    def data(self) -> dict[str, Any]:
        """Return what a journal keeps of it besides `at`, `actor` and `key`; a part with its default is left out."""
        plan = _PLANS.get(self.kind) or _plan(type(self))
        found: dict[str, Any] = plan.write(self)
        if plan.says_more(self):
            for name, dump, default in plan.optional:
                value = getattr(self, name)
                if value is not default and value != default:
                    found[name] = dump(value)
        return found


@attrs.frozen
class OfApplication(Event):
    """Something that happened to one application."""

    application: str = attrs.field(validator=ID)


@attrs.frozen
class Wish:
    """One wish of an application: a programme, or an organisation (any programme of it), and what is known there.

    >>> Wish("Garden 5, age 3", facts={"sibling.attends": 1}).target
    ('Garden 5, age 3', '')

    """

    programme: str = ""
    organisation: str = ""
    facts: Facts = attrs.field(factory=dict, converter=known, validator=FACTS)

    target: tuple[str, str] = attrs.field(init=False, repr=False, eq=False)
    written: dict[str, Any] = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        """Refuse a wish for both, or for nothing; keep what is wished for, and how a journal writes it.

        Raises:
            JournalError: not exactly one of the two is named.

        """
        if not ID.fits(self.programme or self.organisation) or (self.programme and self.organisation):
            message = "a wish names a programme, or an organisation when any of its programmes will do"
            raise JournalError([Problem(Place("wish"), "J031", message, "give one of the two")])
        named = {"programme": self.programme} if self.programme else {"organisation": self.organisation}
        object.__setattr__(self, "target", (self.programme, self.organisation))
        object.__setattr__(self, "written", {**named, "facts": dict(self.facts)} if self.facts else named)


@attrs.frozen
class EntryValue:
    """The value of a fact for one application at one programme or organisation."""

    application: str
    programme: str
    organisation: str
    value: int


def _are_wishes(value: object) -> bool:
    if type(value) is not tuple or any(type(wish) is not Wish for wish in value):
        return False
    return len({wish.target for wish in value}) == len(value)


def _are_entry_values(value: object) -> bool:
    return type(value) is tuple and all(
        type(each) is EntryValue
        and ID.fits(each.application)
        and ID.fits(each.programme or each.organisation)
        and not (each.programme and each.organisation)
        and type(each.value) is int
        for each in value
    )


def _entry_values(rows: list[dict[str, Any]]) -> tuple[EntryValue, ...]:
    return tuple(
        EntryValue(row["application"], row.get("programme", ""), row.get("organisation", ""), row["value"])
        for row in rows
    )


def _entry_data(each: EntryValue) -> dict[str, Any]:
    target = {"programme": each.programme} if each.programme else {"organisation": each.organisation}
    return {"application": each.application, "value": each.value, **target}


WISHES = Shape(
    "a tuple of wishes in the order of preference, each for something else",
    _are_wishes,
    lambda wishes: [wish.written for wish in wishes],
    lambda rows: tuple(Wish(**row) for row in rows),
)
ENTRY_VALUES = Shape(
    "a tuple of EntryValue",
    _are_entry_values,
    lambda values: [_entry_data(each) for each in values],
    _entry_values,
)


@attrs.frozen(eq=False)
class Plan:
    """How the events of a class are written.

    Args:
        write: gives the parts that are always there.
        says_more: whether any other part differs from its default.
        optional: the others, with how each is written and its default.
        shapes: the shape of every part.

    """

    write: Callable[[Event], dict[str, Any]]
    says_more: Callable[[Event], bool]
    optional: tuple[tuple[str, Callable[[Any], Any], Any], ...]
    shapes: Mapping[str, Shape]


_PLANS: dict[str, Plan] = {}


def _plan(event_class: type[Event]) -> Plan:
    header = {attribute.name for attribute in attrs.fields(Event)} - {"legal_day"}
    parts = {each.name: each for each in attrs.fields(event_class) if each.name not in header}
    shapes: dict[str, Shape] = {name: part.validator for name, part in parts.items()}
    always = [name for name, part in parts.items() if part.default is attrs.NOTHING]
    optional = [name for name in parts if name not in always]
    given = [parts[name].default for name in optional]
    defaults = [known({}) if isinstance(default, attrs.Factory) else default for default in given]  # type: ignore[arg-type]
    told = tuple((name, shapes[name].dump, default) for name, default in zip(optional, defaults, strict=True))
    # Written out as source, a dict display is three times as fast as any loop over names, and every entry needs one.
    written = (
        f"'{name}': event.{name}" if shapes[name].plain else f"'{name}': {name}(event.{name})" for name in always
    )
    dumps = {name: shapes[name].dump for name in always}
    write = eval(f"lambda event: {{{', '.join(written)}}}", dumps)  # noqa: S307 - made of the names of attributes
    more = (f"event.{name} != {name}" for name in optional)
    says_more = eval(f"lambda event: {' or '.join(more)}", dict(zip(optional, defaults, strict=True)))  # noqa: S307
    _PLANS[event_class.kind] = Plan(write, says_more, told, shapes)
    return _PLANS[event_class.kind]


def plan_of(event_class: type[Event]) -> Mapping[str, Shape]:
    """Return the shape of each part of a class of events that stands in its data."""
    return (_PLANS.get(event_class.kind) or _plan(event_class)).shapes
