"""Published orders: their digests, whether they are right, and the files that explain them (§5, §6, §7)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from .changes import KINDS, Order, Part, explained
from .documents import RuleDocument
from .encoding import EncodingError, canonical, read
from .events import is_id
from .files import readable, texts
from .findings import Report, short
from .journal import FILE, Event
from .ordering import GENERAL, Member, Rules, arranged, members
from .state import State

_PART_LENGTH = 4


class _Published(NamedTuple):
    """The last order of a queue; `order` is None where it is not right, or cannot be checked."""

    entry: int
    names: list[str]
    order: Order | None


class Orders:
    """Checks every `order_published`, and remembers the last order of every queue.

    Args:
        folder: the folder of the files.
        documents: the rule documents by digest, None for one that cannot be used.
        report: what takes the findings.

    """

    def __init__(self, folder: Path, documents: Mapping[str, RuleDocument | None], report: Report) -> None:
        """Start before the first order."""
        self._folder = folder
        self._documents = documents
        self._report = report
        self._last: dict[tuple[str, str], _Published] = {}
        self.count = 0
        self.files: set[str] = set()  # what may stand in the folders of orders and changes

    def check(self, state: State, event: Event) -> None:
        """Check an order, and the file of its changes if the queue was published before."""
        self.count += 1
        service, queue = event.data.get("service", ""), event.data["queue"]
        names = event.data["applications"] or self._from_file(event)
        self._may_follow(state, event, names)
        order = self._right(state, event, names)
        before = self._last.get((service, queue))
        now = _Published(event.entry, names, order)
        if before is not None:
            self._changes(event, before, now)
        self._last[service, queue] = now

    def _from_file(self, event: Event) -> list[str]:
        name = f"orders/{event.entry}.txt"
        self.files.add(name)
        path = self._folder / name
        found: list[str] = []
        if event.data["digest"] == order_digest(event.data["queue"], []) and not path.exists():
            return found
        if readable(path, name, self._report, "V0", "§1"):
            for number, line in texts(path, name, self._report, "V0", "§1"):
                text = line.decode(errors="surrogateescape")
                if is_id(text):
                    found.append(text)
                else:
                    self._report.add("V0", name, number, "§1", f"{short(text)} has to be the id of an application")
        return found

    def _may_follow(self, state: State, event: Event, names: list[str]) -> None:
        queue = event.data["queue"]
        if queue != GENERAL and queue not in state.programmes:
            self._say("V3", event, "§5", f"the queue is {short(queue)}; it has to be general or a programme")
        for name in names:
            if name not in state.applications:
                self._say("V3", event, "§5", f"application {short(name)} was not filed; in an order it has to be")
        digest = order_digest(queue, names)
        if digest != event.data["digest"]:
            found = f"the digest is {event.data['digest']}"
            self._say("V3", event, "§5", f"{found}; of these {len(names)} applications it has to be {digest}")

    def _say(self, level: str, event: Event, rule: str, message: str) -> None:
        self._report.add(level, FILE, event.line, rule, message)

    def _rules(self, state: State, event: Event) -> Rules | None:
        service = event.data.get("service", "")
        published = state.rules.get(service)
        if published is None or state.day is None:
            missing = "rules of the service" if published is None else "day"
            self._say("V4", event, "§6", f"no {missing} before the order; it has to be there")
            return None
        document = self._documents.get(published.digest)
        if document is None:
            return None  # reported where the document is, or where the journal names it
        rules = Rules.on(document, state.day, published.dates)
        if rules is None:
            self._say("V4", event, "§6", f"no version of rules/{published.digest}.json is in force on {state.day}")
        elif rules.missing_dates():
            self._say(
                "V4", event, "§6", f"nothing gives a day to {' '.join(rules.missing_dates())}; it has to be given"
            )
            return None
        return rules

    def _right(self, state: State, event: Event, names: list[str]) -> Order | None:
        """Return the order if it is right, and report what is wrong with it otherwise."""
        rules = self._rules(state, event)
        if rules is None:
            return None
        service, queue = event.data.get("service", ""), event.data["queue"]
        before = self._report.count
        found = members(state, service, queue, rules, lambda message: self._say("V4", event, "§6", message))
        for name, count in Counter(names).items():
            if count > 1:
                self._say("V4", event, "§6", f"application {short(name)} is listed {count} times; it has to be once")
        for name in names:
            if name not in found:
                self._say("V4", event, "§6", f"application {short(name)} is listed and not in the queue")
        listed = set(names)
        for name in sorted(found.keys() - listed):
            self._say("V4", event, "§6", f"application {short(name)} is in the queue and not listed")
        self._keys(event, names, found, rules)
        return Order(names, found, rules.version) if self._report.count == before else None

    def _keys(self, event: Event, names: list[str], found: Mapping[str, Member], rules: Rules) -> None:
        """Compare the order with that of the keys and reserves."""
        place = {name: number for number, name in enumerate(names)}
        by_key = sorted(found, key=lambda name: (found[name].key, place.get(name, -1)))
        for one, other in pairwise(by_key):
            if found[one].key == found[other].key:
                self._say("V4", event, "§6", f"applications {short(one)} and {short(other)} have equal keys")
        if place.keys() != found.keys() or len(place) != len(names):
            return
        needed = arranged(by_key, found, rules.version.reserves)
        wrong = [number for number, pair in enumerate(zip(names, needed, strict=True)) if pair[0] != pair[1]]
        if wrong:
            at = wrong[0]
            first = f"place {at + 1} has {short(names[at])}; it has to have {short(needed[at])}"
            self._say("V4", event, "§6", f"{first} ({len(wrong)} places differ)")

    def _changes(self, event: Event, before: _Published, now: _Published) -> None:
        name = f"changes/{event.entry}.jsonl"
        self.files.add(name)
        if not readable(self._folder / name, name, self._report, "V4", "§7"):
            return
        service, queue = event.data.get("service", ""), event.data["queue"]
        header = {"entry": event.entry, "queue": queue, "service": service, "since": before.entry}
        needed = _needed(before, now)
        found = texts(self._folder / name, name, self._report, "V0", "§1")
        try:
            self._header(name, next(found, (1, b"")), header)
        except EncodingError as error:
            self._report.add("V0", name, 1, "§2", f"cannot be read: {error}")
        number = 1
        for line, row in zip_longest(found, needed):
            number = line[0] if line is not None else number + 1
            if line is None or row is None:
                has = f"the line of {short(row['application'])} is missing" if row else "no more line has to follow"
                self._report.add("V4", name, number, "§7", has)
                break
            if "parts" in row and line[1] == canonical(row):
                continue
            problem = _wrong_line(line[1], row)
            if problem is not None:
                self._report.add(*problem[:1], name, number, *problem[1:])

    def _header(self, name: str, line: tuple[int, bytes], header: dict[str, Any]) -> None:
        if line[1] != canonical(header):
            found = read(line[1])
            self._report.add("V4", name, 1, "§7", f"the first line is {short(found)}; it has to be {header}")


def order_digest(queue: str, names: list[str]) -> str:
    """Return the digest of an order.

    >>> order_digest("general", [])[:16]
    '352d6ccdbbf023ff'
    """
    digest = hashlib.sha256(b"reg74/order/1\x00")
    for name in (queue, *names):
        digest.update(canonical([name]))
    return digest.hexdigest()


def _needed(before: _Published, now: _Published) -> Iterator[dict[str, Any]]:
    """Yield the lines that have to be there, without parts where one of the orders is not known to be right."""
    old = {name: number for number, name in reversed([*enumerate(before.names, 1)])}
    new = {name: number for number, name in reversed([*enumerate(now.names, 1)])}
    rows: Iterator[tuple[str, list[Part] | None]]
    if before.order is not None and now.order is not None:
        rows = iter(explained(before.order, now.order))
    else:
        names = dict.fromkeys([*now.names, *(name for name in before.names if name not in new)])
        rows = iter([(name, None) for name in names])
    for name, parts in rows:
        row: dict[str, Any] = {"after": new.get(name, 0), "application": name, "before": old.get(name, 0)}
        if parts is not None:
            row["parts"] = parts
        yield row


def _wrong_line(data: bytes, row: dict[str, Any]) -> tuple[str, str, str] | None:
    """Return level, paragraph and message of what is wrong with a line of changes."""
    try:
        found = read(data)
    except EncodingError as error:
        return "V0", "§2", f"cannot be read: {error}"
    if not isinstance(found, dict) or found.keys() != {"after", "application", "before", "parts"}:
        return "V4", "§7", f"{short(found)} has to have after, application, before and parts"
    for name, value in row.items():
        if canonical(found[name]) != canonical(value):
            at = f"{name} of {short(row['application'])}"
            return "V4", "§7", f"{at} is {short(found[name])}; it has to be {canonical(value).decode()}"
    parts = found["parts"]
    if not _are_parts(parts):
        return "V4", "§7", f"parts of {short(row['application'])} are {short(parts)}; they have to be sorted parts"
    total = row["before"] + sum(part[3] for part in parts)
    if total != row["after"]:
        return "V4", "§7", f"before and the parts of {short(row['application'])} make {total}; they have to make after"
    return None


def _are_parts(parts: object) -> bool:
    if not isinstance(parts, list):
        return False
    keys = []
    for part in parts:
        if not isinstance(part, list) or len(part) != _PART_LENGTH:
            return False
        kind, step, group, count = part
        if kind not in KINDS or not isinstance(step, str) or not isinstance(group, str):
            return False
        if type(count) is not int or count == 0:
            return False
        keys.append((KINDS.index(kind), step, group))
    return keys == sorted(set(keys))
