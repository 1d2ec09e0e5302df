"""The journal of a municipality: events, numbered without gaps, each bound to all before it by a hash.

In a file one event is one line: the hash of the chain in 64 hexadecimal digits, a space, the canonical body.

    h_N = SHA-256(0x02 ‖ "reg74/j1/" municipality ‖ 0x00 ‖ h_{N-1} ‖ body_N),   h_0 = 32 zero bytes

A change of any byte is found and named. What a chain cannot show by itself is that its end was cut off, or all
of it written anew: for that somebody else keeps `head` (see `Journal.head`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import attrs

from queue_engine.canonical import BODY_MOST, FAST, JournalError, decode, encode, has_sound_texts
from queue_engine.errors import Place, Problem, errors_of
from queue_engine.events import Event, LifeCycle
from queue_engine.events.bodies import MEMBERS, VERSION, body_of, event_of
from queue_engine.events.shapes import is_name
from queue_engine.tables.cells import shown

CODES: Mapping[str, str] = {
    "J020": "the name of a municipality cannot stand in a journal",
    "J021": "a key was used for another event",
    "J022": "the file cannot be read, or is empty",
    "J023": "the last line is torn: it was not written to its end",
    "J024": "a line has not the form of an entry",
    "J025": "the hash of an entry is not that of its body and all before it",
    "J026": "entries are not numbered one after the other",
    "J027": "an entry is of another municipality, or of another version of the format",
    "J028": "an entry was recorded before the one above it",
    "J029": "lines do not end as they were written",
}

START = bytes(32)
"""The hash before the first entry."""
_LINE = re.compile(rb"([0-9a-f]{64}) (\{.*\})", re.DOTALL)


@attrs.define(eq=False)
class Journal:
    """Events of one municipality in the order in which they were recorded; more can be added, none changed.

    Args:
        municipality: its number (oktmo) or short name; part of every hash.

    >>> from queue_engine.events import DayAdvanced, ProgrammeOpened
    >>> journal = Journal("75701000")
    >>> journal.append(DayAdvanced(20697, at=1_788_220_800_000, actor="system"))
    1
    >>> journal.append_many([ProgrammeOpened("Garden 5, age 3", at=0, actor="officer", key="import-1")] * 2)
    [2, 2]
    >>> journal.event(2).at, len(journal), journal.head.hex()[:8]
    (1788220800000, 2, '9c580c74')

    """

    municipality: str
    problems: tuple[Problem, ...] = attrs.field(default=(), kw_only=True)
    _events: list[Event] = attrs.field(factory=list, init=False)
    _bodies: list[bytes] = attrs.field(factory=list, init=False)
    _hashes: list[bytes] = attrs.field(factory=list, init=False)
    _keys: dict[str, int] = attrs.field(factory=dict, init=False)
    life: LifeCycle = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Refuse a name that cannot stand in a journal.

        Raises:
            JournalError: the name is empty or has other signs than letters, digits and `_ . : / @ -`.

        """
        if not is_name(self.municipality):
            message = f'"{self.municipality}" cannot be the name of a municipality in a journal'
            raise JournalError([Problem(Place("journal"), "J020", message, "give its number, like 75701000")])
        self.life = LifeCycle(f"journal {self.municipality}")

    def __len__(self) -> int:
        """Return the number of entries, which is the number of the last one."""
        return len(self._events)

    def __iter__(self) -> Iterator[Event]:
        """Yield the events from the first."""
        return iter(self._events)

    @property
    def events(self) -> Sequence[Event]:
        """Return the events; entry N is `events[N - 1]`.  Complexity: O(n); `event` is for single ones."""
        return tuple(self._events)

    @property
    def times(self) -> Sequence[int]:
        """Return when each entry was recorded, in milliseconds since 1970 UTC; never falling.  Complexity: O(n)."""
        return [event.at for event in self._events]

    def event(self, entry: int) -> Event:
        """Return the event of an entry.

        Raises:
            IndexError: there is no such entry.

        """
        if not 1 <= entry <= len(self._events):
            raise IndexError(f"there is no entry {entry}; the last one is {len(self._events)}")
        return self._events[entry - 1]

    @property
    def head(self) -> bytes:
        """Return the hash of the last entry: whoever keeps it, and the number of entries, finds any later change."""
        return self._hashes[-1] if self._hashes else START

    def hash_of(self, entry: int) -> bytes:
        """Return the hash of an entry; entry 0 is the start."""
        return self._hashes[entry - 1] if entry else START

    def append(self, event: Event) -> int:
        """Add an event and return the number of its entry; an event sent again gets the number it has.

        An event recorded earlier than the last one gets its time: time never runs back.

        Raises:
            JournalError: the event cannot follow those before it, or its key was used for another one.

        Complexity: that of writing the event.

        """
        return self.append_many((event,))[0]

    def append_many(self, events: Iterable[Event]) -> list[int]:
        """Add events and return their numbers; either all are added, or none.

        Raises:
            JournalError: some cannot follow; holds the problems of all of them.

        Complexity: that of writing the events.

        """
        problems: list[Problem] = []
        with self.provisional():
            numbers = [self._add(event, problems) for event in events]
            if problems:
                raise JournalError(problems)
        return numbers

    @contextmanager
    def provisional(self) -> Iterator[None]:
        """Take back what is added inside if that ends in an exception; for whoever has to write it elsewhere too."""
        before = len(self._events)
        self.life.begin()
        try:
            yield
        except BaseException:
            self._drop(before)
            raise
        self.life.keep()

    def lines(self, after: int = 0) -> Iterator[bytes]:
        """Yield the lines of the entries after an entry, as they stand in a file."""
        for line_hash, body in zip(self._hashes[after:], self._bodies[after:], strict=True):
            yield b"%b %b\n" % (line_hash.hex().encode(), body)

    def write(self, path: str | Path) -> None:
        """Write the whole journal to a file."""
        with Path(path).open("wb") as file:
            file.writelines(self.lines())

    def _add(self, event: Event, problems: list[Problem]) -> int:
        """Return the number of an event's entry, after adding it or finding it; 0 after adding to the problems."""
        if event.key and event.key in self._keys:
            return self._found_again(event, problems)
        last = self._events[-1].at if self._events else 0
        if event.at < last:
            event = attrs.evolve(event, at=last)
        entry = len(self._events) + 1
        found = self.life.admit(event, entry)
        if found:
            problems.extend(found)
            return 0
        try:
            body = body_bytes(event, self.municipality, entry)
        except JournalError as error:
            problems.extend(error.problems)
            return 0
        self._keep(event, body, chained(self.municipality, self.head, body))
        return entry

    def _found_again(self, event: Event, problems: list[Problem]) -> int:
        entry = self._keys[event.key]
        if attrs.evolve(self._events[entry - 1], at=event.at) == event:
            return entry
        message = f'the key "{event.key}" is that of entry {entry}, which says something else'
        place = Place(f"journal {self.municipality}", len(self._events) + 1)
        problems.append(Problem(place, "J021", message, "give a new event a new key", found=event.key))
        return 0

    def _keep(self, event: Event, body: bytes, hashed: bytes) -> None:
        self._hashes.append(hashed)
        self._bodies.append(body)
        self._events.append(event)
        if event.key:
            self._keys[event.key] = len(self._events)

    def _drop(self, length: int) -> None:
        """Forget the entries after an entry."""
        for event in self._events[length:]:
            self._keys.pop(event.key, None)
        del self._events[length:], self._bodies[length:], self._hashes[length:]
        self.life.take_back()


def body_bytes(event: Event, municipality: str, entry: int) -> bytes:
    """Return the canonical bytes of `events.body_of`; of its members only the data need an encoder.

    Raises:
        JournalError: a text of the event has no canonical form, or the event is too long.

    >>> from queue_engine.events import DayAdvanced
    >>> body_bytes(DayAdvanced(20697, at=5, actor="system"), "75701000", 1).decode()
    '{"actor":"system","at":5,"data":{"day":20697},"entry":1,"key":"","kind":"day_advanced","mun":"75701000","v":1}'

    """
    data = event.data()
    try:
        written = FAST.dump(data).decode()
    except UnicodeEncodeError:
        written = encode(data, file=f"journal {municipality}", entry=entry).decode()  # names the text, and raises
    body = (
        f'{{"actor":"{event.actor}","at":{event.at},"data":{written},"entry":{entry},"key":"{event.key}",'
        f'"kind":"{event.kind}","mun":"{municipality}","v":{VERSION}}}'
    ).encode()
    if len(body) > BODY_MOST or not has_sound_texts(body):
        encode(body_of(event, municipality, entry), file=f"journal {municipality}", entry=entry)  # likewise
    return body


def chained(municipality: str, before: bytes, body: bytes) -> bytes:
    """Return the hash of an entry from the hash before it and its body.

    >>> chained("75701000", START, b"{}").hex()[:16]
    'e84e2223d17d674e'

    """
    return hashlib.sha256(_salt(municipality) + before + body).digest()


@lru_cache(maxsize=256)
def _salt(municipality: str) -> bytes:
    return b"\x02reg74/j1/" + municipality.encode() + b"\x00"


def read_journal(path: str | Path, municipality: str = "") -> Journal:
    """Return the journal of a file; a torn last line is left out and told in `Journal.problems`.

    Args:
        path: the file.
        municipality: whose journal it is; "" = as its entries say.

    Raises:
        JournalError: anything else is wrong; holds every problem with its line.

    Complexity: linear in the size of the file.

    >>> import tempfile
    >>> journal = Journal("75701000")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     journal.write(Path(folder, "journal.txt"))
    ...     len(read_journal(Path(folder, "journal.txt"), "75701000"))
    0

    """
    file = str(path)
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        message = f"the file cannot be read: {error.strerror}"
        raise JournalError([Problem(Place(file), "J022", message, "check the name and the rights")]) from None
    return _Reading(file, municipality, content).journal()


@attrs.define(eq=False)
class _Reading:
    """Reads the lines of a journal one after the other; `before` are the hashes the next line may rest on."""

    file: str
    municipality: str
    content: bytes
    problems: list[Problem] = attrs.field(factory=list)
    illegal: list[Problem] = attrs.field(factory=list)
    before: tuple[bytes, ...] = (START,)
    last_at: int = 0
    due: int = 1

    def journal(self) -> Journal:
        """Return the journal, or raise every problem."""
        *lines, torn = self.content.split(b"\n")
        made: Journal | None = None
        self.municipality = self.municipality or next(filter(is_name, map(_municipality_of, lines)), "")
        if not self.municipality:
            message = "no whole entry says whose journal it is"
            self._report(0, "J022", message, "name the municipality, or give the right file")
        elif lines and all(line.endswith(b"\r") for line in lines):
            remedy = "restore it byte for byte; was it copied as a text of Windows?"
            self._report(0, "J029", "every line ends in CR LF instead of LF", remedy)
        else:
            made = Journal(self.municipality)
            made.life.file = self.file
            for number, line in enumerate(lines, start=1):
                self._line(number, line, made)
        self.problems.extend(self.illegal)
        if torn:
            message = f"the last line is torn: {len(torn)} bytes without an end of line are left out"
            remedy = "what it recorded was never confirmed to anybody: send it again"
            self.problems.append(Problem(Place(self.file, len(lines) + 1), "J023", message, remedy, severity="warning"))
        if made is None or errors_of(self.problems):
            raise JournalError(self.problems)
        made.problems = tuple(self.problems)
        return made

    def _report(self, number: int, code: str, message: str, remedy: str) -> None:
        self.problems.append(Problem(Place(self.file, number), code, message, remedy))

    def _line(self, number: int, line: bytes, made: Journal) -> None:
        """Add one line to the journal, or report what is wrong with it."""
        match = _LINE.fullmatch(line)
        if match is None:
            found = shown(line[:80].decode(errors="replace"))
            message = f"not an entry: 64 hexadecimal digits, a space and an object; found '{found}'"
            self._report(number, "J024", message, "restore the line from a copy")
            self.before, self.due = (), 0
            return
        stated, body = bytes.fromhex(match[1].decode()), match[2]
        derived = [chained(self.municipality, before, body) for before in self.before]
        rests = stated in derived or not derived
        event, in_turn = self._event(number, body)
        if not rests and in_turn:
            message = f"the hash of entry {number} is not that of its body and of the entries above it"
            remedy = "the line was changed after it was written: restore it from a copy; corrections are new entries"
            self._report(number, "J025", message, remedy)
        self.before = tuple({stated: 0, **dict.fromkeys(derived[:1])})
        if event is not None and in_turn and rests:
            self._keep(number, event, body, stated, made)

    def _event(self, number: int, body: bytes) -> tuple[Event | None, bool]:
        """Return the event of a body, None after reporting why there is none, and whether its number is the due one."""
        due, self.due = self.due, self.due + 1 if self.due else 0
        in_turn = True
        try:
            read = decode(body, file=self.file, entry=number)
            in_turn = tuple(read) != MEMBERS or self._in_turn(number, read, due)
            return event_of(read, file=self.file, entry=number), in_turn
        except JournalError as error:
            self.problems.extend(error.problems)
            return None, in_turn

    def _in_turn(self, number: int, body: Mapping[str, Any], due: int) -> bool:
        """Return whether an entry has the number that is due, after reporting what its head says wrongly."""
        entry = body["entry"]
        self.due = entry + 1 if type(entry) is int else 0
        if (body["mun"], body["v"]) != (self.municipality, VERSION) or type(body["v"]) is not int:
            found = f'"{shown(str(body["mun"]))}", version {shown(str(body["v"]))}'
            message = f'an entry of {found}, in the journal of "{self.municipality}", version {VERSION}'
            self._report(number, "J027", message, "give the file of the right municipality")
        if type(entry) is not int or (due and entry != due):
            message = f"entry {shown(str(entry))} stands where entry {due} is due"
            self._report(number, "J026", message, "entries were lost, doubled or moved: restore the file from a copy")
            return False
        return True

    def _keep(self, number: int, event: Event, body: bytes, hashed: bytes, made: Journal) -> None:
        if event.at < self.last_at:
            message = f"entry {number} was recorded at {event.at}, before the one above it at {self.last_at}"
            self._report(number, "J028", message, "restore the line from a copy")
        self.last_at = max(self.last_at, event.at)
        if event.key and event.key in made._keys:  # noqa: SLF001 - one module
            message = f'the key "{event.key}" is that of entry {made._keys[event.key]} already'  # noqa: SLF001
            self._report(number, "J021", message, "one of the two was not written by this program")
        if not self.problems:  # what may follow what can be told only where nothing is missing
            self.illegal.extend(made.life.admit(event, number))
        made._keep(event, body, hashed)  # noqa: SLF001 - one module


def _municipality_of(line: bytes) -> str:
    """Return whose entry a line says it is; "" when it cannot be told."""
    match = _LINE.fullmatch(line)
    try:
        body = decode(match[2]) if match else {}
    except JournalError:
        return ""
    return str(body.get("mun", "")) if type(body) is dict else ""
