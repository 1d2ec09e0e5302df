"""The command draw: numbers of a lottery from its published seed record, for anybody who wants to draw again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from queue_engine.allocation.lottery import NUMBER_BITS, Draw, LotteryError, SeedRecord, short_number
from queue_engine.allocation.lottery import draw as drawn
from queue_engine.cli.console import FILE, refusing
from queue_engine.errors import Place, Problem
from queue_engine.reports import write_csv

_HEX_DIGITS = NUMBER_BITS // 4


@click.command()
@click.argument("record", type=FILE)
@click.argument("applications", type=FILE)
@click.option("--campaign", required=True, help="What is drawn for, as it was announced.")
@click.option("--programme", default="", help="Where each programme draws anew: which one.")
@click.option("--some", is_flag=True, help="APPLICATIONS is a part of the closed list; no places are told.")
@click.option(
    "--short", is_flag=True, help="Print a column for the tables: lottery.number, or lottery.number_here of PROGRAMME."
)
def draw(record: Path, applications: Path, campaign: str, programme: str, *, some: bool, short: bool) -> None:
    """Draw the numbers of APPLICATIONS, one a line, from the seed RECORD: application,number,place.

    A number is 32 hexadecimal digits, the smaller ahead; place 1 is the first. The list has to be the one that was
    closed, in any order; the numbers of some of it are the same. A short number is the whole number that the first 53
    bits of it make.
    """
    with refusing():
        read = SeedRecord.from_json(record.read_bytes(), file=str(record))
        names = _names(applications)
        if not some:
            read.refuse_other_list(names, file=str(applications))
        found = drawn(read.seed(), campaign, names, programme, file=str(applications))
        told = _short(found, programme) if short else _whole(found, places=not some)
        write_csv(told, sys.stdout)
    click.echo(f"seed {read.seed().hex()}", err=True)


def _whole(found: Draw, *, places: bool) -> Iterator[tuple[str, ...]]:
    """Yield the header and every number as it was drawn."""
    yield "application", "number", "place"
    for place, name in enumerate(found.order, start=1):
        yield name, f"{found.numbers[name]:0{_HEX_DIGITS}x}", str(place) if places else ""


def _short(found: Draw, programme: str) -> Iterator[tuple[str, ...]]:
    """Yield the header and every number as tables take it: of applications, or of entries to a programme."""
    yield ("application", "programme", "lottery.number_here") if programme else ("application", "lottery.number")
    for name in found.order:
        number = str(short_number(found.numbers[name]))
        yield (name, programme, number) if programme else (name, number)


def _names(path: Path) -> list[str]:
    """Return the lines of a file of applications.

    Raises:
        LotteryError: the file is not in UTF-8.

    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        message = f"the byte {error.object[error.start]:#04x} is not UTF-8"
        raise LotteryError([Problem(Place(str(path), line), "L007", message, "save the list as UTF-8")]) from None
    return text.removesuffix("\n").split("\n") if text else []
