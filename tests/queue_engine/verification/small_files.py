"""Writes small folders of public files by hand, from what the specification says and from nothing else."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

DAY = 20_000  # 2024-10-04, the first day of most examples
MIDNIGHT = DAY * 86_400_000


def dense(value: object) -> bytes:
    """Write a value in its canonical form."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def order_digest(queue: str, applications: list[str]) -> str:
    """Compute the digest of a published order."""
    return hashlib.sha256(b"reg74/order/1\0" + b"".join(dense([name]) for name in [queue, *applications])).hexdigest()


def chained(bodies: list[bytes], mun: str = "town") -> list[bytes]:
    """Put the hash of the chain before every body."""
    last, lines = bytes(32), []
    for body in bodies:
        last = hashlib.sha256(b"\x02reg74/j1/" + mun.encode() + b"\0" + last + body).digest()
        lines.append(last.hex().encode() + b" " + body + b"\n")
    return lines


def when(text: str, name: str = "e1") -> dict[str, Any]:
    """Write an item of a rule document that is only a condition."""
    return {"id": name, "when": text}


def fact(kind: str = "number", per: str = "application", unknown: str = "no", **more: Any) -> dict[str, Any]:
    """Write what a rule document says of a fact."""
    return {"per": per, "type": kind, "unknown": unknown, **more}


def document(**parts: Any) -> dict[str, Any]:
    """Write a rule document with one version; parts named like those of a version go there."""
    version = {
        "conventions": {"age_reached": "on_birthday", "born_29_feb": "mar_1"},
        "eligible": [],
        "order": [{"id": "s1", "kind": "earliest", "fact": "application.number"}],
        "reserves": [],
    }
    version.update({name: parts.pop(name) for name in (*version, "first", "last", "ties") if name in parts})
    whole = {
        "categories": ["benefit"],
        "dates": {},
        "facts": {"application.number": fact()},
        "given": {},
        "id": "rules",
        "versions": [version],
    }
    whole["facts"] |= parts.pop("facts", {})
    return {**whole, **parts}


class Files:
    """A municipality that is written down event by event."""

    def __init__(self) -> None:
        """Start before the first event."""
        self.entries: list[dict[str, Any]] = []
        self.rules: dict[str, bytes] = {}
        self.orders: dict[int, bytes] = {}
        self.changes: dict[int, list[dict[str, Any]]] = {}
        self.heads = True

    def add(self, kind: str, *, actor: str = "operator:1", key: str = "", **data: Any) -> int:
        """Write an event with exactly these parts, and return its entry."""
        entry = len(self.entries) + 1
        at = MIDNIGHT + entry
        body = {"actor": actor, "at": at, "data": data, "entry": entry, "key": key, "kind": kind, "mun": "town", "v": 1}
        self.entries.append(body)
        return entry

    def publish(self, rules: dict[str, Any], **more: Any) -> str:
        """Put a rule document into force, and return its digest."""
        data = dense(rules)
        digest = hashlib.sha256(data).hexdigest()
        self.rules[digest] = data
        self.add("rules_published", rules=digest, **more)
        return digest

    def file(self, name: str, number: int, wishes: list[dict[str, Any]] | None = None, **facts: Any) -> None:
        """File an application and register it; the first `_` in the name of a fact stands for a dot."""
        facts = {key.replace("_", ".", 1): value for key, value in facts.items()}
        at = DAY * 86_400 + number
        self.add("filed", application=name, number=number, submitted_at=at, facts=facts, wishes=wishes or [])
        self.add("reviewed", application=name, outcome="registered")

    def order(self, queue: str, *applications: str, apart: bool = False, **more: Any) -> int:
        """Publish an order, with its applications in a file of their own if apart."""
        names = list(applications)
        digest = order_digest(queue, names)
        listed = [] if apart else names
        entry = self.add("order_published", queue=queue, applications=listed, digest=digest, **more)
        if apart:
            self.orders[entry] = b"".join(name.encode() + b"\n" for name in names)
        return entry

    def explain(self, entry: int, since: int, moves: list[tuple[Any, ...]], queue: str = "general") -> None:
        """Write the changes of an order: application, place before, place after, and the parts."""
        head = {"entry": entry, "queue": queue, "service": "", "since": since}
        rows = [
            {"after": after, "application": name, "before": before, "parts": list(parts)}
            for name, before, after, *parts in moves
        ]
        self.changes[entry] = [head, *rows]

    def lines(self) -> list[bytes]:
        """Return the lines of the journal."""
        return chained([dense(entry) for entry in self.entries])

    def write(self, folder: Path) -> Path:
        """Write the folder, and return it."""
        for name in ("rules", "orders", "changes"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        lines = self.lines()
        (folder / "journal.txt").write_bytes(b"".join(lines))
        for digest, data in self.rules.items():
            (folder / "rules" / f"{digest}.json").write_bytes(data)
        for entry, data in self.orders.items():
            (folder / "orders" / f"{entry}.txt").write_bytes(data)
        for entry, rows in self.changes.items():
            (folder / "changes" / f"{entry}.jsonl").write_bytes(b"".join(dense(row) + b"\n" for row in rows))
        if self.heads and lines:
            (folder / "heads.txt").write_bytes(b"%d %s\n" % (len(lines), lines[-1][:64]))
        return folder


BY_SIBLINGS = document(
    facts={"family.siblings": fact()},
    order=[
        {"id": "s1", "kind": "highest", "fact": "family.siblings"},
        {"id": "s2", "kind": "earliest", "fact": "application.number"},
    ],
)


def example() -> Files:
    """Tell of four children: two orders of the general queue, one of a programme, and what came between them."""
    files = Files()
    files.publish(BY_SIBLINGS)
    files.add("day_advanced", day=DAY, key="day/1")
    files.add("programme_opened", programme="P-1", organisation="O-1", title="Ёлочка «5»")
    files.file("A", 1, [{"programme": "P-1"}], family_siblings=1)
    files.file("B", 2, [{"organisation": "O-1"}], family_siblings=0)
    files.file("C", 3, family_siblings=2)
    since = files.order("general", "C", "A", "B")
    files.order("P-1", "A", "B", apart=True)
    files.add("withdrawn", application="A", actor="parent", key="withdrawn/A")
    files.file("D", 4, [{"programme": "P-1"}], family_siblings=2)
    corrected = {"family.siblings": 3}
    files.add("data_corrected", application="B", facts=corrected, reason="a misprint", document="passport")
    files.explain(
        files.order("general", "B", "C", "D"),
        since,
        [
            ("B", 3, 1, ["left", "s1", "", -1], ["own", "s1", "", -1]),
            ("C", 1, 2, ["up", "s1", "", 1]),
            ("D", 0, 3, ["own", "", "", 1], ["own", "s1", "", 1], ["own", "s2", "", 1]),
            ("A", 2, 0, ["own", "", "", -1], ["own", "s1", "", -1]),
        ],
    )
    return files
