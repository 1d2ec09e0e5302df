"""The public files of one municipality, and copies of them in which somebody has changed something."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import attrs

from queue_engine.events import Event, OrderPublished
from queue_engine.example.year import town_year
from queue_engine.journal import Journal
from queue_engine.publication import write_public_files
from queue_engine.rule_documents import rules_digest
from queue_engine.rules.loading import read_rules

Body: TypeAlias = dict[str, Any]

ROOT = Path(__file__).parents[2]
RULES = ROOT / "rules" / "region-74"
JOURNAL, HEADS = "journal.txt", "heads.txt"
_HASH = 64


def dense(value: object) -> bytes:
    """Return the canonical form of a value, written by the standard library alone."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def linked(before: bytes, body: bytes) -> bytes:
    """Return the hash of an entry, as §3 of the specification of the public files has it."""
    mun = json.loads(body)["mun"]
    return hashlib.sha256(b"\x02reg74/j1/" + mun.encode() + b"\x00" + before + body).digest()


def order_digest(queue: str, names: Sequence[str]) -> str:
    """Return the digest of a published order, as §5 has it."""
    return hashlib.sha256(b"reg74/order/1\x00" + b"".join(dense([name]) for name in (queue, *names))).hexdigest()


def _listed_apart(event: Event) -> Event:
    """Return a published order without its applications, so that they stand in a file of their own."""
    return attrs.evolve(event, applications=()) if isinstance(event, OrderPublished) else event


@attrs.frozen
class Clean:
    """Public files as they were written, read once so that many copies can be attacked.

    Args:
        folder: where they are.
        lines: the lines of the journal, without their ends.

    """

    folder: Path
    lines: tuple[bytes, ...]

    @classmethod
    def at(cls, folder: Path) -> Clean:
        """Read public files."""
        return cls(folder, tuple((folder / JOURNAL).read_bytes().splitlines()))

    @classmethod
    def written(cls, folder: Path, applications: int, days: int, programmes: int = 24) -> Clean:
        """Write the public files of an example year, and read them."""
        rules = read_rules(RULES / "kindergarten.yaml")
        year = town_year(rules, applications=applications, programmes=programmes, days=days)
        journal = Journal(year.municipality)
        journal.append_many(_listed_apart(event) if entry % 3 == 0 else event for entry, event in enumerate(year))
        problems = write_public_files(journal, {rules_digest(rules): rules}, folder)
        assert problems == [], "a year publishes the orders of its moments"
        return cls.at(folder)

    @property
    def heads(self) -> list[tuple[int, str]]:
        """The heads that were published: entries and hashes."""
        lines = (self.folder / HEADS).read_text(encoding="utf-8").splitlines()
        return [(int(entry), stated) for entry, stated in (line.split() for line in lines)]

    def body(self, entry: int) -> Body:
        """Return what an entry says."""
        found: Body = json.loads(self.lines[entry - 1][_HASH + 1 :])
        return found

    def entries(self, *kinds: str) -> list[int]:
        """Return the entries of some kinds."""
        marks = [b'"kind":"%b"' % kind.encode() for kind in kinds]
        return [entry for entry, line in enumerate(self.lines, 1) if any(mark in line for mark in marks)]

    def first_head_from(self, entry: int) -> int:
        """Return the line of the first head that knows an entry."""
        return next(number for number, (head, _) in enumerate(self.heads, 1) if head >= entry)

    def copy(self, folder: Path) -> Copy:
        """Return a copy whose files are the same ones until they are written anew."""
        shutil.copytree(self.folder, folder, copy_function=os.link)
        return Copy(self, folder)


@attrs.define(eq=False)
class Copy:
    """A copy of public files, to be changed.

    Args:
        clean: what it is a copy of.
        folder: where it is.

    """

    clean: Clean
    folder: Path

    def write(self, name: str, content: bytes) -> None:
        """Write a file anew, and leave the file it was linked with as it is."""
        path = self.folder / name
        path.unlink(missing_ok=True)
        path.write_bytes(content)

    def read(self, name: str) -> bytes:
        """Return the content of a file."""
        return (self.folder / name).read_bytes()

    def write_lines(self, lines: Sequence[bytes]) -> None:
        """Write the journal anew."""
        self.write(JOURNAL, b"".join(line + b"\n" for line in lines))

    def replaced(self, entry: int, line: bytes) -> None:
        """Write the journal with another line in place of an entry's."""
        lines = list(self.clean.lines)
        lines[entry - 1] = line
        self.write_lines(lines)

    def chained_anew(self, first: int, bodies: Sequence[bytes], *, heads: bool = True) -> None:
        """Write the journal with other bodies from an entry on, every hash right again.

        Args:
            first: the entry of the first body; those before it stay.
            bodies: all bodies from there on.
            heads: whether the heads in the folder are made to fit as well.

        """
        lines = list(self.clean.lines[: first - 1])
        last = bytes.fromhex(lines[-1][:_HASH].decode()) if lines else bytes(32)
        for body in bodies:
            last = linked(last, body)
            lines.append(last.hex().encode() + b" " + body)
        self.write_lines(lines)
        if heads:
            self.heads_of(lines)

    def heads_of(self, lines: Sequence[bytes]) -> None:
        """Make the heads in the folder fit the lines of the journal."""
        entries = dict.fromkeys(min(entry, len(lines)) for entry, _ in self.clean.heads)
        self.write(HEADS, b"".join(b"%d %b\n" % (entry, lines[entry - 1][:_HASH]) for entry in entries))

    def edited(self, entry: int, edit: Callable[[Body], None], *, heads: bool = True) -> None:
        """Change what an entry says, and make every later hash right again."""
        body = self.clean.body(entry)
        edit(body)
        later = [line[_HASH + 1 :] for line in self.clean.lines[entry:]]
        self.chained_anew(entry, [dense(body), *later], heads=heads)

    def order_of(self, entry: int) -> list[str]:
        """Return the applications of a published order."""
        listed: list[str] = self.clean.body(entry)["data"]["applications"]
        path = self.folder / "orders" / f"{entry}.txt"
        return listed or (path.read_text(encoding="utf-8").splitlines() if path.exists() else [])
