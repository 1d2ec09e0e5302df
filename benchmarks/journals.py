"""Writing a journal, and verifying one of a million events in a process of its own, as its public command does."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any

from benchmarks import town
from benchmarks.memory import STATUS
from benchmarks.timing import REPEATS, Contest, Row, medians
from queue_engine.events import DayAdvanced, Event, ProgrammeOpened, RulesPublished
from queue_engine.facts import date_to_day
from queue_engine.journal import START, Journal, body_bytes, chained, read_journal
from queue_engine.rule_documents import rule_document, rules_digest

MUNICIPALITY = "75701000"
ENTRIES = 1_000_000
APPENDED = 90_000
PER_SECOND = 300_000
VERIFICATION = Path(__file__).parent.parent / "src" / "queue_engine" / "verification"
HASHES = "SHA-256 of the same bodies, written already"
_FIRST_DAY = date_to_day(town.ON)
_PROGRAMMES = 300
_EVENTS_A_DAY = 2_740
_MILLISECONDS_A_DAY = 86_400_000
_MILLISECONDS_AN_EVENT = 32_000
_ASKS_FOR = 30
_MOST_SECONDS, _MOST_MB = 60.0, 300.0

_LAUNCHER = """
import runpy, sys, time
start = time.perf_counter()
sys.argv[:] = sys.argv[1:]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
except SystemExit as end:
    status = end.code
took = time.perf_counter() - start
peak = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM:")]
print(status, took, *peak)
"""


def rows(repeats: int = REPEATS) -> Iterator[Row]:
    """Yield how long events take to be written and chained, to be appended, and to be verified."""
    events = read_events(APPENDED)
    for row in contest(events).rows(repeats):
        yield Row(row.what, row.value, goal=APPENDED / PER_SECOND)
        yield row
    append = f"append {APPENDED:,} events, checking what may follow"
    yield Row(append, medians({"": lambda: Journal(MUNICIPALITY).append_many(events)}, repeats)[""])
    yield from verification()


def contest(events: list[Event]) -> Contest:
    """Return encoding and chaining beside the hashes alone, which no journal can do without."""
    bodies = [body_bytes(event, MUNICIPALITY, entry) for entry, event in enumerate(events, start=1)]
    assert encoded(events) == hashed(bodies)
    sides: dict[str, Callable[[], Any]] = {"encode": lambda: encoded(events), HASHES: lambda: hashed(bodies)}
    return Contest(f"encode and chain {len(events):,} events", "encode", sides, {HASHES: None})


def encoded(events: list[Event]) -> bytes:
    """Return the last hash of events, each written as it stands in a journal."""
    head = START
    for entry, event in enumerate(events, start=1):
        head = chained(MUNICIPALITY, head, body_bytes(event, MUNICIPALITY, entry))
    return head


def hashed(bodies: list[bytes]) -> bytes:
    """Return the last hash of bodies."""
    head = START
    for body in bodies:
        head = chained(MUNICIPALITY, head, body)
    return head


def read_events(entries: int) -> list[Event]:
    """Return the first events of the plain journal; reading them checks that it is canonical and legal."""
    with tempfile.TemporaryDirectory() as folder:
        write_plain(Path(folder), entries)
        return list(read_journal(Path(folder) / "journal.txt", MUNICIPALITY).events)


def verification() -> Iterator[Row]:
    """Yield the time and the peak of memory that verifying a plain journal takes."""
    what = f"verify a journal of {ENTRIES:,} events"
    if not (VERIFICATION / "__main__.py").exists() or not STATUS.exists():
        yield Row(what, 0.0, note="measured on Linux only, where the verification is")
        return
    with tempfile.TemporaryDirectory() as folder:
        write_plain(Path(folder), ENTRIES)
        command = [sys.executable, "-c", _LAUNCHER, str(VERIFICATION), folder]
        answer = subprocess.run(command, capture_output=True, check=True, text=True)
    status, took, peak_kb = answer.stdout.splitlines()[-1].split()
    assert status == "0", answer.stdout
    yield Row(what, float(took), goal=_MOST_SECONDS)
    yield Row(f"{what}: peak memory of the process", float(peak_kb) / 1024, "MB", goal=_MOST_MB)


def write_plain(folder: Path, entries: int) -> None:
    """Write a journal of a few kinds of events, and the rules it names, as they are published.

    Families file and are registered; one in three has a document confirmed; one in two is offered a place, and
    enrolled. Days pass. Texts are put together by hand, because a million events made one by one take a minute.
    """
    (folder / "rules").mkdir()
    (folder / "rules" / f"{rules_digest(town.rules())}.json").write_bytes(rule_document(town.rules()))
    begins = Journal(MUNICIPALITY)
    begins.append_many(_beginning())
    head, salt = begins.head, b"\x02reg74/j1/" + MUNICIPALITY.encode() + b"\x00"
    with (folder / "journal.txt").open("wb") as file:
        file.writelines(islice(begins.lines(), entries))
        for body in islice(_bodies(len(begins)), entries - len(begins)):
            head = hashlib.sha256(salt + head + body).digest()
            file.write(b"%b %b\n" % (head.hex().encode(), body))


def _beginning() -> Iterator[Event]:
    """Yield the first day, the rules, and the programmes."""
    at = _FIRST_DAY * _MILLISECONDS_A_DAY
    yield DayAdvanced(_FIRST_DAY, at=at, actor="system")
    dates = {name: date_to_day(day) for name, day in town.DATES.items()}
    yield RulesPublished(rules_digest(town.rules()), dates=dates, at=at, actor="ministry:1")
    for number in range(_PROGRAMMES):
        yield ProgrammeOpened(f"p{number}", f"g{number // 4}", capacity=900, at=at, actor="officer:1")


def _bodies(entry: int) -> Iterator[bytes]:
    """Yield canonical bodies without end.

    Args:
        entry: the last entry before them.

    """
    day, next_day = _FIRST_DAY, entry + _EVENTS_A_DAY
    for number in count(1):
        for kind, actor, data in _life(number, day + _ASKS_FOR):
            entry += 1
            at = _FIRST_DAY * _MILLISECONDS_A_DAY + entry * _MILLISECONDS_AN_EVENT
            yield (
                f'{{"actor":"{actor}","at":{at},"data":{data},"entry":{entry},"key":"{kind}/{number}",'
                f'"kind":"{kind}","mun":"{MUNICIPALITY}","v":1}}'
            ).encode()
        if entry >= next_day:
            day, next_day, entry = day + 1, next_day + _EVENTS_A_DAY, entry + 1
            at = _FIRST_DAY * _MILLISECONDS_A_DAY + entry * _MILLISECONDS_AN_EVENT
            yield (
                f'{{"actor":"system","at":{at},"data":{{"day":{day}}},"entry":{entry},"key":"day/{day}",'
                f'"kind":"day_advanced","mun":"{MUNICIPALITY}","v":1}}'
            ).encode()


def _life(number: int, deadline: int) -> Iterator[tuple[str, str, str]]:
    """Yield kind, actor and data of all that happens to an application."""
    name, programme = f'"application":"{number}"', f'"programme":"p{number * 7 % _PROGRAMMES}"'
    facts = f'"address.lives_here":1,"child.birth_date":{_FIRST_DAY - 400 - number % 1_800}'
    near = f'"facts":{{"address.in_territory":{number % 2}}}'
    second = _FIRST_DAY * 86_400 + number * 60
    filed = f'"number":{number},"submitted_at":{second},"wishes":[{{{near},{programme}}}]'
    yield "filed", "epgu", f'{{{name},"facts":{{{facts}}},{filed}}}'
    yield "reviewed", "officer:1", f'{{{name},"outcome":"registered"}}'
    if number % 3 == 0:
        days = f'"first":{_FIRST_DAY - number % 300},"last":{_FIRST_DAY + 400 + number % 300}'
        yield "document_added", "mfc", f'{{{name},"category":"large_family","document":"d1",{days}}}'
        yield "document_confirmed", "officer:2", f'{{{name},"document":"d1"}}'
    if number % 2 == 0:
        yield "offered", "commission:1", f'{{{name},"deadline":{deadline},{programme}}}'
        yield "accepted", "epgu", f"{{{name},{programme}}}"
        yield "contract_prepared", "organisation:1", f"{{{name},{programme}}}"
        yield "enrolled", "organisation:1", f"{{{name},{programme}}}"
