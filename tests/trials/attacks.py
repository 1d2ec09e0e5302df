"""What somebody who can write the public files may do with them, class by class, and where it has to be found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any, TypeAlias

import attrs
from tests.trials.public_files import HEADS, JOURNAL, Body, Clean, Copy, dense, linked, order_digest

WITNESS = "the heads kept elsewhere"
_HASH = 64
_PRINTED = range(0x20, 0x7F)


@attrs.frozen
class Trace:
    """Where an attack has to be found: a file of the folder, or `WITNESS`, and the line; 0 = the file as a whole."""

    file: str
    line: int


Attack: TypeAlias = Callable[[Copy, Random], Trace]


def _any_entry(clean: Clean, luck: Random, *, last: bool = False) -> int:
    """Draw an entry; the last one only if asked for."""
    return luck.randint(1, len(clean.lines) - (not last))


def _witness(clean: Clean, entry: int) -> Trace:
    return Trace(WITNESS, clean.first_head_from(entry))


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - JSON
    """Yield the ways to the integers and texts of a value."""
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(part, (*path, key))
    elif not isinstance(value, bool):
        yield path


def _alter(body: Body, luck: Random) -> None:
    """Change one integer or text of what happened, or when, or who acted."""
    *way, last = luck.choice([path for path in _leaves(body) if path[0] in ("data", "at", "actor")])
    holder: Any = body
    for key in way:
        holder = holder[key]
    value = holder[last]
    if isinstance(value, int):
        holder[last] = value + luck.choice((-86_400, -1, 1, 86_400))
    else:
        at = luck.randrange(len(value) + 1)
        holder[last] = value[:at] + luck.choice("0123456789") + value[at:]


def changed_byte(copy: Copy, luck: Random) -> Trace:
    """Change one byte of a body."""
    entry = _any_entry(copy.clean, luck, last=True)
    line = bytearray(copy.clean.lines[entry - 1])
    at = luck.randrange(_HASH + 1, len(line))
    line[at] = luck.choice([byte for byte in _PRINTED if byte != line[at]])
    copy.replaced(entry, bytes(line))
    return Trace(JOURNAL, entry)


def changed_hash(copy: Copy, luck: Random) -> Trace:
    """Change one digit of a hash."""
    entry = _any_entry(copy.clean, luck, last=True)
    line = bytearray(copy.clean.lines[entry - 1])
    at = luck.randrange(_HASH)
    line[at] = luck.choice([digit for digit in b"0123456789abcdef" if digit != line[at]])
    copy.replaced(entry, bytes(line))
    return Trace(JOURNAL, entry)


def changed_value_and_hash(copy: Copy, luck: Random) -> Trace:
    """Change what an entry says, and give it the right hash; the one after it no longer rests on it."""
    entry = _any_entry(copy.clean, luck)
    body = copy.clean.body(entry)
    _alter(body, luck)
    before = bytes.fromhex(copy.clean.lines[entry - 2][:_HASH].decode()) if entry > 1 else bytes(32)
    written = dense(body)
    copy.replaced(entry, linked(before, written).hex().encode() + b" " + written)
    return Trace(JOURNAL, entry + 1)


def deleted(copy: Copy, luck: Random) -> Trace:
    """Take a line out; the next one stands where it stood."""
    entry = _any_entry(copy.clean, luck)
    copy.write_lines([*copy.clean.lines[: entry - 1], *copy.clean.lines[entry:]])
    return Trace(JOURNAL, entry)


def inserted(copy: Copy, luck: Random) -> Trace:
    """Put a line in that rests on the one before it; the next one has the same number."""
    clean = copy.clean
    entry = _any_entry(clean, luck)
    body = {**clean.body(entry), "entry": entry + 1, "key": ""}
    _alter(body, luck)
    written = dense(body)
    hashed = linked(bytes.fromhex(clean.lines[entry - 1][:_HASH].decode()), written)
    made = hashed.hex().encode() + b" " + written
    copy.write_lines([*clean.lines[:entry], made, *clean.lines[entry:]])
    return Trace(JOURNAL, entry + 2)


def swapped(copy: Copy, luck: Random) -> Trace:
    """Swap two lines."""
    lines = list(copy.clean.lines)
    first, second = sorted(luck.sample(range(len(lines)), 2))
    lines[first], lines[second] = lines[second], lines[first]
    copy.write_lines(lines)
    return Trace(JOURNAL, first + 1)


def duplicated(copy: Copy, luck: Random) -> Trace:
    """Write a line twice."""
    entry = _any_entry(copy.clean, luck, last=True)
    copy.write_lines([*copy.clean.lines[:entry], *copy.clean.lines[entry - 1 :]])
    return Trace(JOURNAL, entry + 1)


def truncated(copy: Copy, luck: Random) -> Trace:
    """Cut off the last entries, and the files of orders that go with them."""
    left = len(copy.clean.lines) - luck.choice((1, 2, 5, luck.randint(1, len(copy.clean.lines) - 1)))
    _cut(copy, left)
    return Trace(HEADS, copy.clean.first_head_from(left + 1))


def truncated_with_heads(copy: Copy, luck: Random) -> Trace:
    """Cut off the last entries, and the heads in the folder with them."""
    left = luck.randint(1, len(copy.clean.lines) - 1)
    _cut(copy, left)
    copy.heads_of(copy.clean.lines[:left])
    return _witness(copy.clean, left + 1)


def _cut(copy: Copy, left: int) -> None:
    copy.write_lines(copy.clean.lines[:left])
    for folder in ("orders", "changes"):
        for path in (copy.folder / folder).iterdir():
            if int(path.stem) > left:
                path.unlink()


def torn(copy: Copy, luck: Random) -> Trace:
    """Cut the last line in the middle."""
    *lines, last = copy.clean.lines
    copy.write(JOURNAL, b"".join(line + b"\n" for line in lines) + last[: luck.randrange(1, len(last))])
    return Trace(JOURNAL, len(copy.clean.lines))


def chained_anew(copy: Copy, luck: Random) -> Trace:
    """Change what an entry says, and make every later hash right again; the heads in the folder stay."""
    entry = _any_entry(copy.clean, luck, last=True)
    copy.edited(entry, lambda body: _alter(body, luck), heads=False)
    return Trace(HEADS, copy.clean.first_head_from(entry))


def chained_anew_with_heads(copy: Copy, luck: Random) -> Trace:
    """Do the same, and make the heads in the folder fit: only those kept elsewhere tell."""
    entry = _any_entry(copy.clean, luck, last=True)
    copy.edited(entry, lambda body: _alter(body, luck))
    return _witness(copy.clean, entry)


def back_dated(copy: Copy, luck: Random) -> Trace:
    """Make a family have filed earlier, with every hash and head made to fit."""
    entry = luck.choice(copy.clean.entries("filed"))
    days = luck.randint(1, 400)

    def earlier(body: Body) -> None:
        body["data"]["submitted_at"] -= days * 86_400

    copy.edited(entry, earlier)
    return _witness(copy.clean, entry)


def hidden(copy: Copy, luck: Random) -> Trace:
    """Leave an event out, and number, name and chain all after it anew, the heads too."""
    clean = copy.clean
    gone = luck.choice(clean.entries("data_corrected", "document_confirmed", "withdrawn", "capacity_set", "due"))

    def moved(entry: int) -> int:
        return entry - (entry > gone)

    bodies = []
    for number in range(gone + 1, len(clean.lines) + 1):
        body = {**clean.body(number), "entry": number - 1}
        if body["kind"] == "revoked":
            body["data"]["decision"] = moved(body["data"]["decision"])
        bodies.append(dense(body))
    for folder in ("orders", "changes"):
        for path in sorted((copy.folder / folder).iterdir(), key=lambda each: int(each.stem)):
            content, entry = path.read_bytes(), int(path.stem)
            if folder == "changes":
                head, _, rest = content.partition(b"\n")
                told = json.loads(head)
                content = dense({**told, "entry": moved(entry), "since": moved(told["since"])}) + b"\n" + rest
            path.unlink()
            copy.write(f"{folder}/{moved(entry)}{path.suffix}", content)
    copy.chained_anew(gone, bodies)
    return _witness(clean, gone)


def rules_changed(copy: Copy, luck: Random) -> Trace:
    """Change one byte of a file of rules."""
    path = luck.choice(sorted((copy.folder / "rules").iterdir()))
    content = bytearray(path.read_bytes())
    at = luck.randrange(len(content))
    content[at] = luck.choice([byte for byte in _PRINTED if byte != content[at]])
    copy.write(f"rules/{path.name}", bytes(content))
    return Trace(f"rules/{path.name}", 0)


def rules_replaced(copy: Copy, luck: Random) -> Trace:
    """Put other rules in the place of those in force, with their digest, every hash and every head made to fit."""
    clean = copy.clean
    entry = clean.entries("rules_published")[0]
    digest = clean.body(entry)["data"]["rules"]
    document = json.loads(copy.read(f"rules/{digest}.json"))
    steps = luck.choice(document["versions"])["order"]
    first, second = luck.sample(range(len(steps)), 2)
    steps[first], steps[second] = steps[second], steps[first]
    content = dense(document)
    anew = hashlib.sha256(content).hexdigest()
    (copy.folder / "rules" / f"{digest}.json").unlink()
    copy.write(f"rules/{anew}.json", content)
    bodies = [line[_HASH + 1 :].replace(digest.encode(), anew.encode()) for line in clean.lines[entry - 1 :]]
    copy.chained_anew(entry, bodies)
    return _witness(clean, entry)


def _orders(copy: Copy, *, listed: bool) -> list[int]:
    """Return the orders of two or more applications that stand in the journal, or in files of their own."""
    found = []
    for entry in copy.clean.entries("order_published"):
        inside = bool(copy.clean.body(entry)["data"]["applications"])
        if inside is listed and len(copy.order_of(entry)) > 1:
            found.append(entry)
    return found


def _favour(names: list[str], luck: Random) -> list[str]:
    """Put somebody further ahead, or leave somebody out."""
    at = luck.randrange(1, len(names))
    left = [*names[:at], *names[at + 1 :]]
    if luck.random() < 0.7:
        left.insert(luck.randrange(at), names[at])
    return left


def order_file_changed(copy: Copy, luck: Random) -> Trace:
    """Change the file of a published order: somebody stands further ahead, or is missing."""
    entry = luck.choice(_orders(copy, listed=False))
    names = _favour(copy.order_of(entry), luck)
    copy.write(f"orders/{entry}.txt", "".join(f"{name}\n" for name in names).encode())
    return Trace(JOURNAL, entry)


def order_changed(copy: Copy, luck: Random) -> Trace:
    """Change a published order, in the journal or its file, with its digest, every hash and every head made to fit."""
    entry = luck.choice(_orders(copy, listed=luck.random() < 0.7))
    names = _favour(copy.order_of(entry), luck)

    def another(body: Body) -> None:
        data = body["data"]
        data["digest"] = order_digest(data["queue"], names)
        if data["applications"]:
            data["applications"] = names
        else:
            copy.write(f"orders/{entry}.txt", "".join(f"{name}\n" for name in names).encode())

    copy.edited(entry, another)
    return Trace(JOURNAL, entry)


def change_retold(copy: Copy, luck: Random) -> Trace:
    """Tell otherwise why somebody's place changed: another count, kind, step or group, or nothing."""
    told = []
    while not told:
        name = f"changes/{luck.choice(sorted((copy.folder / 'changes').iterdir())).name}"
        lines = copy.read(name).splitlines()
        told = [number for number, line in enumerate(lines) if number and b'"parts":[[' in line]
    number = luck.choice(told)
    row = json.loads(lines[number])
    part = luck.choice(row["parts"])
    how = luck.randrange(5)
    if how == 0:
        row["parts"].remove(part)
    elif how == 1:
        part[0] = luck.choice([kind for kind in ("left", "joined", "up", "down", "own", "rules") if kind != part[0]])
    elif how == 2:
        part[3] += luck.choice((-1, 1))
    else:
        part[how - 2] += "x"
    lines[number] = dense(row)
    copy.write(name, b"".join(line + b"\n" for line in lines))
    return Trace(name, number + 1)


def change_left_out(copy: Copy, luck: Random) -> Trace:
    """Leave out the account of one application."""
    lines: list[bytes] = []
    while len(lines) < 3:
        name = f"changes/{luck.choice(sorted((copy.folder / 'changes').iterdir())).name}"
        lines = copy.read(name).splitlines()
    number = luck.randrange(1, len(lines))
    del lines[number]
    copy.write(name, b"".join(line + b"\n" for line in lines))
    return Trace(name, number + 1)


ATTACKS: Mapping[str, Attack] = {
    attack.__name__: attack
    for attack in (
        changed_byte,
        changed_hash,
        changed_value_and_hash,
        deleted,
        inserted,
        swapped,
        duplicated,
        truncated,
        truncated_with_heads,
        torn,
        chained_anew,
        chained_anew_with_heads,
        back_dated,
        hidden,
        rules_changed,
        rules_replaced,
        order_file_changed,
        order_changed,
        change_retold,
        change_left_out,
    )
}
"""The classes of attacks by name."""
