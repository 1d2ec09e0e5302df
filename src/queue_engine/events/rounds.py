"""What can happen to rounds of allocation and to draws of lots, known by digests that anybody can make again."""

from __future__ import annotations

from typing import Any

import attrs

from queue_engine.events.model import Event
from queue_engine.events.shapes import COUNT, DAY, DIGEST, NAME, REASON, TEXT, Shape, is_name, several

ROUND = Shape("1 to 128 of A-Z, a-z, 0-9 and _ . : / @ -", is_name)


@attrs.frozen
class Source:
    """A value that nobody could know when the list was closed: its name, and what was published."""

    name: str
    value: str


def _are_sources(value: object) -> bool:
    return (
        type(value) is tuple
        and value != ()
        and all(type(each) is Source and type(each.name) is str and type(each.value) is str for each in value)
    )


def _written(sources: tuple[Source, ...]) -> list[dict[str, str]]:
    return [{"name": each.name, "value": each.value} for each in sources]


def _read(rows: list[dict[str, Any]]) -> tuple[Source, ...]:
    return tuple(Source(**row) for row in rows)


SOURCES = Shape("a tuple of at least one Source", _are_sources, _written, _read)


@attrs.frozen
class RoundFrozen(Event):
    """Programmes and applications were frozen for a round: from here on it is computed from what was frozen alone.

    >>> RoundFrozen("2026-may", 20697, "0f" * 32, 120, 4500, at=0, actor="officer").data()["programmes"]
    120

    """

    round: str = attrs.field(validator=ROUND)
    on: int = attrs.field(validator=DAY)
    freeze: str = attrs.field(validator=DIGEST)
    programmes: int = attrs.field(validator=COUNT)
    applications: int = attrs.field(validator=COUNT)
    service: str = attrs.field(default="", validator=NAME)


@attrs.frozen
class RoundPublished(Event):
    """The commission approved what came out of a round; places are offered by it from here on."""

    round: str = attrs.field(validator=ROUND)
    freeze: str = attrs.field(validator=DIGEST)
    result: str = attrs.field(validator=DIGEST)
    service: str = attrs.field(default="", validator=NAME)


@attrs.frozen
class RoundAnnulled(Event):
    """A round counts no more, published or not; what was offered by it is withdrawn by events of its own."""

    round: str = attrs.field(validator=ROUND)
    reason: str = attrs.field(validator=REASON)
    basis: str = attrs.field(validator=REASON)


@attrs.frozen
class LotteryDrawn(Event):
    """Lots were drawn for the closed list of a campaign; whoever draws again says why.

    `list` and `rules` are the digests of the closed list and of the rules, `sources` what the seed was made of.

    >>> drawn = LotteryDrawn("school/2026", "0f" * 32, "f0" * 32, [Source("dice", "0491")], at=0, actor="commission")
    >>> drawn.data()["sources"]
    [{'name': 'dice', 'value': '0491'}]

    """

    campaign: str = attrs.field(validator=ROUND)
    list: str = attrs.field(validator=DIGEST)
    rules: str = attrs.field(validator=DIGEST)
    sources: tuple[Source, ...] = attrs.field(converter=several, validator=SOURCES)
    reason: str = attrs.field(default="", validator=TEXT)
