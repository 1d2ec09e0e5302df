"""Commands on journals: journal append | show | replay | export, and verify."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, BinaryIO

import click

from queue_engine.canonical import JournalError
from queue_engine.cli.console import FILE, LANG, PROBLEMS_FOUND, Moment, print_problems, progress_bar, refusing
from queue_engine.errors import Place, Problem
from queue_engine.events import Event, OfApplication, event_of
from queue_engine.events.bodies import VERSION
from queue_engine.events.statuses import TITLES
from queue_engine.facts import day_to_date, second_to_instant
from queue_engine.followed import known_rules
from queue_engine.journal import Journal, read_journal
from queue_engine.ledger import entry_at
from queue_engine.publication import write_public_files
from queue_engine.replay import replay as replayed
from queue_engine.state import State
from queue_engine.verification import verify as verified

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017 - as in `replay`
_MEMBERS = ("actor", "at", "data", "key", "kind")
_RULES = click.option(
    "--rules", "rules", type=click.Path(path_type=Path, exists=True), multiple=True, help="A rule file or folder."
)
_JOURNAL = click.argument("file", type=FILE)


@click.group()
def journal() -> None:
    """Write, read and publish the journal of a municipality."""


@journal.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("events", type=click.File("rb"))
@click.option("--municipality", default="", help="Its number (oktmo); needed for a new journal.")
def append(file: Path, events: BinaryIO, municipality: str) -> None:
    """Add EVENTS to the journal FILE: one JSON object a line, with kind, actor, at, data and perhaps key.

    `at` is a time with its offset, or milliseconds since 1970 UTC. All events are added, or none. An event whose key is
    there already is not added again.
    """
    with refusing():
        read = read_journal(file, municipality) if file.exists() and file.stat().st_size else Journal(municipality)
        before = len(read)
        numbers = read.append_many(_events(events))
        _write_behind(file, read, before)
        print_problems(list(read.problems), err=True)
    again = sum(number <= before for number in numbers)
    click.echo(f"{file}: entries {before + 1} to {len(read)}" if len(read) > before else f"{file}: nothing new")
    if again:
        click.echo(f"{again} events were there already")


def _events(lines: BinaryIO) -> list[Event]:
    """Return the events of a file, or raise every problem of every line."""
    found: list[Event] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found.append(_event(line, getattr(lines, "name", "events"), number))
        except JournalError as error:
            problems.extend(error.problems)
    if problems:
        raise JournalError(problems)
    return found


def _event(line: bytes, file: str, number: int) -> Event:
    place = Place(file, number)
    try:
        given = json.loads(line)
    except (ValueError, RecursionError) as error:
        message = f"not a JSON object: {error}"
        raise JournalError([Problem(place, "J001", message, "write one object a line")]) from None
    if not isinstance(given, dict) or not set(_MEMBERS[:3]) | {"kind"} <= given.keys() <= set(_MEMBERS):
        found = ", ".join(sorted(map(str, given))) if isinstance(given, dict) else type(given).__name__
        message = f"an event has kind, actor, at, data and perhaps key; found {found}"
        raise JournalError([Problem(place, "J033", message, "add what is missing, leave out the rest")])
    body = {"key": "", **given, "entry": 1, "mun": "-", "v": VERSION, "at": _instant(given["at"], place)}
    return event_of(body, file=file, entry=number)


def _instant(at: Any, place: Place) -> Any:  # noqa: ANN401 - anything JSON may hold; what is no time is refused by the event
    if not isinstance(at, str):
        return at
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        message = f"'{at}' is not a time with its offset"
        raise JournalError([Problem(place, "J030", message, "write it like 2026-04-01T09:15:00+05:00")])
    return entry_time(moment)


def entry_time(moment: datetime) -> int:
    """Return an instant as journals keep it."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _write_behind(file: Path, read: Journal, before: int) -> None:
    """Write the new lines behind the whole ones, durably; what was torn is overwritten."""
    kept = sum(map(len, read.lines())) - sum(map(len, read.lines(before)))
    with file.open("r+b" if file.exists() else "wb") as stream:
        stream.seek(kept)
        stream.truncate()
        stream.writelines(read.lines(before))
        stream.flush()
        os.fsync(stream.fileno())


@journal.command()
@_JOURNAL
@click.option("--application", help="Only the events of this application.")
@click.option("--since", type=click.IntRange(1), default=1, show_default=True, help="The first entry to show.")
@click.option("--until", type=click.IntRange(1), help="The last.")
@click.option("--offset", default=300, show_default=True, help="Minutes of civil time east of UTC.")
def show(file: Path, application: str | None, since: int, until: int | None, offset: int) -> None:
    """Print entries: number, civil time, kind, actor, what happened."""
    with refusing():
        read = read_journal(file)
        print_problems(list(read.problems), err=True)
        for entry in range(since, min(until or len(read), len(read)) + 1):
            event = read.event(entry)
            data = event.data()
            if application is None or application in _concerned(event):
                at = second_to_instant(event.at // 1000 + offset * 60).isoformat(sep=" ")
                written = json.dumps(data, ensure_ascii=False, sort_keys=True)
                click.echo(f"{entry}\t{at}\t{event.kind}\t{event.actor}\t{written}")


def _concerned(event: Event) -> tuple[str, ...]:
    if isinstance(event, OfApplication):
        return (event.application,)
    return tuple(each.application for each in getattr(event, "entries", ()))


@journal.command()
@_JOURNAL
@click.option("--until", type=Moment(), help="An entry, or a time with its offset; all otherwise.")
@click.option("--application", help="Only this application, in full.")
@LANG
def replay(file: Path, until: int | datetime | None, application: str | None, lang: str) -> None:
    """Tell what is known of the municipality after an entry, or at an instant."""
    with refusing():
        read = read_journal(file)
        state = replayed(read, until=entry_at(read, until))
        if application is None:
            for line in _summary(read, state, lang):
                click.echo(line)
            return
        one = state.applications.get(application)
        if one is None:
            click.echo(f"error: there is no application '{application}' by then", err=True)
            sys.exit(PROBLEMS_FOUND)
        facts: Mapping[str, Any] = one.known()
        click.echo(f"{one.id}: {TITLES[one.status].in_language(lang)}, entry {one.since}")
        for name in sorted(facts):
            click.echo(f"  {name} = {facts[name]}")
        for wish in one.wishes:
            click.echo(f"  wish: {wish.programme or wish.organisation} {dict(wish.facts) or ''}".rstrip())
        for paper in one.documents:
            days = [("…" if day is None else str(day_to_date(day))) for day in (paper.first, paper.last)]
            click.echo(f"  document {paper.id}: {paper.category}, {paper.state}, {' – '.join(days)}")


def _summary(read: Journal, state: State, lang: str) -> Iterator[str]:
    yield f"municipality {state.municipality}: entry {state.entry} of {len(read)}"
    yield f"hash {read.hash_of(state.entry).hex()}"
    yield f"day {'unknown' if state.day is None else day_to_date(state.day)}"
    counts = Counter((each.service, each.status) for each in state.applications.values())
    for (service, status), count in sorted(counts.items(), key=lambda pair: (pair[0][0], pair[0][1].value)):
        yield f"{service or 'applications'}: {TITLES[status].in_language(lang)}: {count}"
    for service in sorted({each.service for each in state.programmes.values()}):
        open_now = sum(1 for _ in state.open_programmes(service))
        yield f"{service or 'programmes'}: {open_now} programmes are open"
    for service, published in sorted(state.rules.items()):
        yield f"{service or 'rules'}: {published[-1].rules}, entry {published[-1].entry}"


@journal.command()
@_JOURNAL
@_RULES
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="A new folder.")
def export(file: Path, rules: tuple[Path, ...], out: Path) -> None:
    """Write the public files, by which anybody can check every order and every change of a place."""
    with refusing(), progress_bar() as report:
        read = read_journal(file)
        problems = write_public_files(read, known_rules(rules), out, progress=report)
    print_problems(problems, err=True)
    click.echo(f"{out}: {len(read)} entries; check them with: queue-engine verify {out}")
    if problems:
        sys.exit(PROBLEMS_FOUND)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--heads", type=FILE, help="Lines 'ENTRIES HASH' that somebody else kept.")
def verify(folder: Path, heads: Path | None) -> None:
    """Check the public files of a municipality by themselves, without the engine that wrote them."""
    findings = verified(folder, heads=heads)
    for finding in findings:
        click.echo(str(finding))
    click.echo(f"{folder}: {len(findings)} findings" if findings else f"{folder}: no findings")
    if findings:
        sys.exit(PROBLEMS_FOUND)
