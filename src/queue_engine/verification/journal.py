"""The lines of a journal, their chain of hashes, and the heads that others keep of it (§3)."""

from __future__ import annotations

import hashlib
import re
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from .encoding import MOST_BYTES, EncodingError, read
from .events import PARTS, is_name, wrong_parts
from .files import lines, readable, texts
from .findings import Report, short

FILE = "journal.txt"
NOTHING = bytes(32)
_BODY = 65  # where the body of a line begins
_STATED = re.compile(rb"[0-9a-f]{64} ")
_HEAD = re.compile(rb"(0|[1-9][0-9]{0,15}) ([0-9a-f]{64})")
_ACTOR = re.compile(r"(parent|epgu|mfc|officer|commission|organisation|ministry|operator|court|system)(:.+)?")
_PARTS = frozenset({"actor", "at", "data", "entry", "key", "kind", "mun", "v"})


class Event(NamedTuple):
    """An entry of the journal whose body could be read."""

    line: int
    entry: int
    at: int
    actor: str
    kind: str
    data: dict[str, Any]


class Heads:
    """What others say the journal was: hashes of entries that were the last one.

    >>> heads = Heads()
    >>> heads.wanted(7), heads.count
    (False, 0)
    """

    def __init__(self) -> None:
        """Start without heads."""
        self._stated: list[tuple[str, int, int, str]] = []
        self._entries: set[int] = set()
        self._found: dict[int, str] = {0: NOTHING.hex()}

    @property
    def count(self) -> int:
        """How many heads there are."""
        return len(self._stated)

    def load(self, path: Path, name: str, report: Report) -> None:
        """Read a file of heads."""
        if not readable(path, name, report, "V1", "§3"):
            return
        for number, line in texts(path, name, report, "V1", "§3"):
            match = _HEAD.fullmatch(line)
            if match:
                entry = int(match[1])
                self._stated.append((name, number, entry, match[2].decode()))
                self._entries.add(entry)
            else:
                report.add("V1", name, number, "§3", f"{short(line)} has to be ENTRIES HASH")

    def wanted(self, entry: int) -> bool:
        """Say whether a head of an entry was stated."""
        return entry in self._entries

    def found(self, entry: int, stated: str) -> None:
        """Note the hash an entry has in the journal."""
        self._found[entry] = stated

    def check(self, entries: int, report: Report) -> None:
        """Report the heads that the journal does not have any more."""
        same = max((entry for _, _, entry, stated in self._stated if self._found.get(entry) == stated), default=0)
        for name, number, entry, stated in self._stated:
            found = self._found.get(entry)
            if found is None:
                message = f"entry {entry} is missing: entries were cut off, the journal ends after {entries}"
                report.add("V1", name, number, "§3", message)
            elif found != stated:
                anew = f"the journal was written anew after entry {same}"
                report.add("V1", name, number, "§3", f"entry {entry} has the hash {found}, has to be {stated}: {anew}")


class Keys:
    """The keys of all entries, of which no two may be the same.

    Eight bytes stand for a key, so that a million of them stay small; where two are the same, the keys are compared
    themselves in a second reading of the journal.

    >>> keys = Keys()
    >>> for key in ("a", "b", "a"):
    ...     keys.add(key)
    >>> len(keys.repeated())
    1
    """

    def __init__(self) -> None:
        """Start without keys."""
        self._marks = [array("Q") for _ in range(256)]

    def add(self, key: str) -> None:
        """Note the key of an entry."""
        mark = self.mark(key)
        self._marks[mark & 255].append(mark)

    @staticmethod
    def mark(key: str) -> int:
        """Return the number that stands for a key."""
        return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big")

    def repeated(self) -> set[int]:
        """Return the marks there are more than once."""
        twice = set()
        for marks in self._marks:
            before = -1
            for mark in sorted(marks):
                if mark == before:
                    twice.add(mark)
                before = mark
        return twice


class Journal:
    """One reading of a journal, line by line.

    Args:
        path: the file.
        report: what takes the findings.
        heads: the heads to look for on the way.

    """

    def __init__(self, path: Path, report: Report, heads: Heads) -> None:
        """Start before the first line."""
        self._path = path
        self._report = report
        self._heads = heads
        self._keys = Keys()
        self._hash: bytes | None = NOTHING  # None where a line was not even read as one
        self._mun = ""
        self._entry = 0
        self._at = 0
        self.entries = 0

    def _say(self, level: str, line: int, message: str, rule: str = "§3") -> None:
        self._report.add(level, FILE, line, rule, message)

    def events(self) -> Iterator[Event]:
        """Yield the events whose bodies can be read, and report all that is wrong with the lines."""
        for line, raw in lines(self._path):
            if not raw.endswith(b"\n") and len(raw) < MOST_BYTES:
                self._say("V0", line, "the last line is torn: it has to end in LF, and is not read")
                break
            self.entries = line
            event = self._event(line, raw)
            if event is not None:
                yield event
        self._same_keys()

    def _event(self, line: int, raw: bytes) -> Event | None:
        stated = raw[:_BODY]
        body = raw[_BODY:-1]
        formed = _STATED.fullmatch(stated) is not None
        if not formed:
            self._say("V0", line, f"{short(raw[:_BODY])} has to be 64 lower-case hexadecimal digits and a space")
        if formed and self._heads.wanted(line):
            self._heads.found(line, stated[:64].decode())
        if not raw.endswith(b"\n"):
            self._say("V0", line, f"the body is longer than {MOST_BYTES} bytes", "§2")
            self._hash = bytes.fromhex(stated[:64].decode()) if formed else None
            return None
        content = self._content(line, body) if formed or stated.endswith(b" ") else None
        event = self._envelope(line, content) if content is not None else None
        self._link(line, bytes.fromhex(stated[:64].decode()) if formed else None, body)
        return event

    def _link(self, line: int, stated: bytes | None, body: bytes) -> None:
        """Compare the stated hash with the chain, and go on from it."""
        computed = None
        if self._hash is not None and self._mun:  # it is not known before the first body that can be read
            mun = self._mun.encode()
            computed = hashlib.sha256(b"\x02reg74/j1/" + mun + b"\x00" + self._hash + body).digest()
            if stated is not None and stated != computed:
                found = f"the hash is {stated.hex()}; after entry {line - 1} and with this body it has to be"
                self._say("V1", line, f"{found} {computed.hex()}")
        self._hash = stated or computed

    def _content(self, line: int, body: bytes) -> dict[str, Any] | None:
        try:
            content = read(body, thorough=False)
        except EncodingError as error:
            self._say("V0", line, f"the body cannot be read: {error}", "§2")
            return None
        if not isinstance(content, dict):
            self._say("V0", line, f"the body is {short(content)}; it has to be an object")
            return None
        return content

    def _envelope(self, line: int, content: dict[str, Any]) -> Event | None:
        if content.keys() != _PARTS:
            for name in sorted(_PARTS - content.keys()):
                self._say("V0", line, f"{name} is missing")
            for name in sorted(content.keys() - _PARTS):
                self._say("V0", line, f"{short(name)} is no part of an entry")
            return None
        wrong = _wrong_envelope(content)
        for message in wrong:
            self._say("V0", line, message)
        if wrong:
            return None
        kind: str = content["kind"]
        data: dict[str, Any] = content["data"]
        self._sequence(line, content)
        wrong = wrong_parts(kind, data)
        for message in wrong:
            self._say("V0", line, message, "§4")
        return None if wrong else Event(line, content["entry"], content["at"], content["actor"], kind, data)

    def _sequence(self, line: int, content: dict[str, Any]) -> None:
        """Check what an entry owes to the lines before it."""
        entry, at, mun, key = content["entry"], content["at"], content["mun"], content["key"]
        if entry != self._entry + 1:
            self._say("V1", line, f"entry is {entry}; in this line it has to be {self._entry + 1}")
        if at < self._at:
            self._say("V1", line, f"at is {at}; it has to be {self._at} or later, as in the line before")
        if mun != self._mun:
            if self._mun:
                self._say("V1", line, f"mun is {short(mun)}; it has to be {short(self._mun)}, as in the line before")
            self._mun = mun
        self._entry, self._at = entry, at
        if key:
            self._keys.add(key)

    def _same_keys(self) -> None:
        twice = self._keys.repeated()
        if not twice:
            return
        first: dict[str, int] = {}
        for line, raw in lines(self._path):
            key = _key(raw[_BODY:-1])
            if key and Keys.mark(key) in twice and first.setdefault(key, line) != line:
                self._say("V1", line, f"the key {short(key)} is that of line {first[key]}; it has to be another")


def _key(body: bytes) -> str:
    """Return the key of a body, or "" where it cannot be read."""
    try:
        content = read(body, thorough=False)
    except EncodingError:
        return ""
    key = content.get("key") if isinstance(content, dict) else ""
    return key if isinstance(key, str) else ""


def _wrong_envelope(content: dict[str, Any]) -> list[str]:
    """Say which parts of an entry are not what they have to be."""
    wrong = []
    for name in ("at", "entry"):
        value, least = content[name], 1 if name == "entry" else 0
        if type(value) is not int or value < least:
            wrong.append(f"{name} is {short(value)}; it has to be an integer from {least}")
    actor, kind, key = content["actor"], content["kind"], content["key"]
    if not (isinstance(actor, str) and _ACTOR.fullmatch(actor) and is_name(actor)):
        wrong.append(f"actor is {short(actor)}; it has to be a role, or role:whoever")
    if not isinstance(kind, str) or kind not in PARTS:
        wrong.append(f"kind is {short(kind)}; it has to be one of §4")
    if key != "" and not is_name(key):
        wrong.append(f'key is {short(key)}; it has to be "" or a NAME')
    if not is_name(content["mun"]):
        wrong.append(f"mun is {short(content['mun'])}; it has to be a NAME")
    if type(content["v"]) is not int or content["v"] != 1:
        wrong.append(f"v is {short(content['v'])}; it has to be 1")
    if not isinstance(content["data"], dict):
        wrong.append(f"data is {short(content['data'])}; it has to be an object")
    return wrong
