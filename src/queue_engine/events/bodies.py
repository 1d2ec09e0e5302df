"""Event ↔ body: what a journal keeps of an event, and the event back from it, both with nothing left over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from queue_engine.canonical import JournalError
from queue_engine.errors import Place, Problem
from queue_engine.events.model import Event, plan_of
from queue_engine.events.order import KINDS
from queue_engine.spelling import nearest
from queue_engine.tables.cells import shown

VERSION = 1
MEMBERS = ("actor", "at", "data", "entry", "key", "kind", "mun", "v")
"""What every body has, in its order in the canonical form."""


def body_of(event: Event, municipality: str, entry: int) -> dict[str, Any]:
    """Return what a journal keeps of an event.

    >>> from queue_engine.events import DayAdvanced
    >>> body = body_of(DayAdvanced(20697, at=0, actor="system"), "75701000", 1)
    >>> body["kind"], body["data"], event_of(body) == DayAdvanced(20697, at=0, actor="system")
    ('day_advanced', {'day': 20697}, True)

    """
    return {
        "actor": event.actor,
        "at": event.at,
        "data": event.data(),
        "entry": entry,
        "key": event.key,
        "kind": event.kind,
        "mun": municipality,
        "v": VERSION,
    }


def event_of(body: Mapping[str, Any], *, file: str = "journal", entry: int = 0) -> Event:
    """Return the event of a body.

    Args:
        body: from `canonical.decode`.
        file: named in problems.
        entry: the number of the entry, named in problems.

    Raises:
        JournalError: the body is not that of an event; holds every problem found.

    """
    place = Place(file, entry)
    event_class = KINDS.get(body.get("kind", "")) if _has_members(body) else None
    if event_class is None:
        raise JournalError(_not_a_body(body, place))
    data = body["data"]
    shapes = plan_of(event_class)
    try:
        parts = {name: item if shapes[name].plain else shapes[name].load(item) for name, item in data.items()}
        event = event_class(**parts, at=body["at"], actor=body["actor"], key=body["key"])
    except JournalError as error:
        raise JournalError(attrs.evolve(each, place=place) for each in error.problems) from None
    except (KeyError, TypeError, AttributeError):
        raise JournalError(_wrong_parts(event_class, data, place)) from None
    if event.data() != data:
        message = f"{event.kind}: a part is written out although it says nothing"
        raise JournalError([Problem(place, "J036", message, "leave out parts that have their default")])
    return event


def _has_members(body: Mapping[str, Any]) -> bool:
    return (
        type(body) is dict and body.keys() == set(MEMBERS) and type(body["kind"]) is str and type(body["data"]) is dict
    )


def _not_a_body(body: Mapping[str, Any], place: Place) -> Iterator[Problem]:
    """Yield why something is not the body of an event: its members, or its kind."""
    if type(body) is not dict or sorted(body) != list(MEMBERS):
        found = ", ".join(sorted(body)) if type(body) is dict else shown(repr(body))
        message = f"an entry has {', '.join(MEMBERS)}; this one is {shown(found)}"
        yield Problem(place, "J033", message, "restore the line from a copy", found=shown(found))
    elif type(body["data"]) is not dict or type(body["kind"]) is not str:
        yield Problem(place, "J033", "data is an object and kind a text", "restore the line from a copy")
    else:
        kind = body["kind"]
        remedy = nearest(kind, KINDS) or "was it written by a newer version?"
        yield Problem(place, "J034", f'"{shown(kind)}" is no kind of event', remedy, found=kind)


def _wrong_parts(event_class: type[Event], data: Mapping[str, Any], place: Place) -> Iterator[Problem]:
    """Yield what is wrong with the parts of an event's data; at least one problem."""
    shapes = plan_of(event_class)
    needed = {each.name for each in attrs.fields(event_class) if each.default is attrs.NOTHING} & shapes.keys()
    found = False
    for name in sorted(data.keys() - shapes.keys()):
        found = True
        remedy = nearest(name, shapes) or f"known parts: {', '.join(shapes)}"
        yield Problem(place, "J035", f'{event_class.kind} has no part "{shown(name)}"', remedy, found=name)
    for name in sorted(needed - data.keys()):
        found = True
        message = f'{event_class.kind} lacks the part "{name}"'
        yield Problem(place, "J035", message, "add it", expected=shapes[name].expected)
    if not found:
        message = f"{event_class.kind}: a part is not of the right form"
        expected = "; ".join(f"{name}: {shapes[name].expected}" for name in data)
        yield Problem(place, "J035", message, "correct it", expected=expected)
