"""Drawn numbers that decide ties: from a published seed, so that anybody can draw again and get the same.

A number depends on the seed, the campaign, the programme where each draws anew, and the application: not on where it
stands in a file, nor on who else stands there. Somebody who withdraws moves nobody's number.

The seed is made of what was closed before (the list of applications, the rules) and of what nobody knew then (dice
thrown in public, a beacon's later value), so that whoever closes the list cannot choose it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from queue_engine.canonical import JournalError, decode, encode
from queue_engine.errors import Place, Problem, QueueEngineError
from queue_engine.tables.cells import shown

CODES: Mapping[str, str] = {
    "L001": "an application stands twice in the list",
    "L002": "an application, a campaign or a source has no name, or no value",
    "L003": "a seed record lacks a member, has one too many, or one of the wrong kind",
    "L004": "a digest is not 64 digits 0-9 a-f, or a seed not 32 bytes",
    "L005": "a seed record names no source, or one source twice",
    "L006": "the list is not the one that was closed",
    "L007": "the list is not in UTF-8",
}

NUMBER_BITS = 128
SHORT_BITS = 53
"""What a journal takes of an integer, and a rule file of the fact `lottery.number`."""
VERSION = 1
_SEED = b"reg74/lot/1"
_NUMBER = "n"
_DIGEST_BYTES = 32
_NUMBER_BYTES = NUMBER_BITS // 8
_LEAF, _NODE = b"\x00", b"\x01"
_RECORD = Place("seed record")
_MEMBERS = {"list": str, "rules": str, "sources": list, "v": int}
_SOURCE_RECORD = Place("seed record")
_SOURCE_MEMBERS = {"name": str, "value": str}


class LotteryError(QueueEngineError):
    """A list, a seed record or a draw cannot be used; `problems` says what is wrong, where, and what to do."""


@attrs.frozen
class Source:
    """What nobody could know when the list was closed.

    Args:
        name: which value it is and when it came to be, as it was announced before.
        value: the value itself, written as it was published.

    """

    name: str
    value: str


@attrs.frozen
class SeedRecord:
    """What a seed is made of; published whole, so that anybody can make it again.

    Args:
        list_root: of the closed list of applications, from `list_root`.
        rules: the digest of the rules in force, 64 hexadecimal digits.
        sources: in the order in which they came to be.

    >>> record = SeedRecord("0" * 64, "f" * 64, (Source("dice, 20 throws, 2026-05-20 10:00", "04913857"),))
    >>> record.seed().hex()[:16], SeedRecord.from_json(record.to_json()) == record
    ('d8853bf82d16a012', True)

    """

    list_root: str
    rules: str
    sources: tuple[Source, ...]

    def __attrs_post_init__(self) -> None:
        """Check that a seed can be made of the record."""
        _raise(_record_problems(self, _RECORD))
        self.to_json()

    def to_json(self) -> bytes:
        """Return the canonical bytes: what is published, and what is hashed."""
        sources = [{"name": source.name, "value": source.value} for source in self.sources]
        return _written({"list": self.list_root, "rules": self.rules, "sources": sources, "v": VERSION}, _RECORD)

    @classmethod
    def from_json(cls, body: bytes, *, file: str = "seed record") -> SeedRecord:
        """Return the record of canonical bytes, perhaps with an end of line behind them.

        Raises:
            LotteryError: the bytes are not the canonical form of a value, or the value is not a seed record.

        """
        place = Place(file)
        try:
            value = decode(body.removesuffix(b"\n").removesuffix(b"\r"), file=file)
        except JournalError as error:
            raise LotteryError(error.problems) from None
        _raise(_member_problems(value, _MEMBERS, "the seed record", place))
        _raise(
            problem
            for number, source in enumerate(value["sources"], start=1)
            for problem in _member_problems(source, _SOURCE_MEMBERS, f"source {number}", place)
        )
        if value["v"] != VERSION:
            message = f"the seed record is of version {value['v']}, and {VERSION} is known"
            raise LotteryError([Problem(place, "L003", message, "take the program of that version")])
        sources = tuple(Source(source["name"], source["value"]) for source in value["sources"])
        try:
            return cls(value["list"], value["rules"], sources)
        except LotteryError as error:
            raise LotteryError(attrs.evolve(problem, place=place) for problem in error.problems) from None

    def seed(self) -> bytes:
        """Return the 32 bytes everything is drawn from: SHA-256 of `reg74/lot/1` and the canonical record."""
        return hashlib.sha256(_SEED + self.to_json()).digest()

    def refuse_other_list(self, applications: Iterable[str], *, file: str = "applications") -> None:
        """Pass when these are the applications that were closed, in whatever order.

        Raises:
            LotteryError: they are not, or the list itself cannot be used.

        """
        found = list_root(applications, file=file)
        if found != self.list_root:
            message = f"the list has the root {found}, and the one that was closed {self.list_root}"
            remedy = "draw from the whole list as it was published"
            raise LotteryError([Problem(Place(file), "L006", message, remedy, found=found, expected=self.list_root)])


@attrs.frozen(eq=False)
class Draw:
    """The numbers of some applications.

    Args:
        numbers: by application, in the order they were given; the smaller is ahead.
        order: the applications, those ahead first.

    """

    numbers: Mapping[str, int]
    order: tuple[str, ...]


def draw(
    seed: bytes, campaign: str, applications: Iterable[str], programme: str = "", *, file: str = "applications"
) -> Draw:
    """Return the numbers of applications, and the order they make.

    A number is the first 128 bits of HMAC-SHA-256, keyed with the seed, of the canonical JSON array
    `["n",campaign,application]`, or `["n",campaign,programme,application]`: written like that, parts never run into one
    another. What `openssl dgst -sha256 -mac HMAC -macopt hexkey:SEED` gives of it begins with the number. Equal numbers
    do not occur in practice; the application's name would decide between them.

    Args:
        seed: 32 bytes, from `SeedRecord.seed`.
        campaign: what is drawn for; another campaign has other numbers from the same seed.
        applications: each once.
        programme: for rules by which each programme draws anew; "" = one draw for the campaign.
        file: where the applications stand, named in problems.

    Raises:
        LotteryError: an application stands twice, something has no name or one without a canonical form, or the seed
            has not 32 bytes.

    Complexity: O(applications · log applications), about 5 µs each.
    Source: RFC 2104 (HMAC); RFC 3797 for drawing in public.

    >>> drawn = draw(bytes(32), "2026", ["a-1", "a-2", "a-3"])
    >>> drawn.order, draw(bytes(32), "2026", ["a-3", "a-1"]).order
    (('a-1', 'a-2', 'a-3'), ('a-1', 'a-3'))

    """
    problems = [] if campaign else [_nameless("the campaign", Place("draw"))]
    if len(seed) != _DIGEST_BYTES:
        message = f"the seed has {len(seed)} bytes, not {_DIGEST_BYTES}"
        problems.append(Problem(Place("draw"), "L004", message, "take SeedRecord.seed()"))
    _raise(problems)
    begin = _written([_NUMBER, campaign, *([programme] if programme else [])], Place("draw")).removesuffix(b"]") + b","
    numbers = {
        name: _number(seed, begin + written + b"]") for name, written in _all_written(applications, file).items()
    }
    return Draw(numbers, tuple(sorted(sorted(numbers), key=numbers.__getitem__)))


def short_number(number: int) -> int:
    """Return the first 53 of the 128 bits of a drawn number: what tables, journals and rule files take.

    It keeps the order that was drawn. Two of 300,000 applications share one about five times in a million draws; the
    step after it decides then, as it does for everybody without a number.

    Args:
        number: from `draw`.

    >>> short_number((1 << 128) - 1) == 2**53 - 1, short_number((1 << 75) - 1)
    (True, 0)

    """
    return number >> (NUMBER_BITS - SHORT_BITS)


def list_root(applications: Iterable[str], *, file: str = "applications") -> str:
    """Return the root of a list of applications as 64 hexadecimal digits, whatever their order.

    It is the Merkle tree hash of RFC 9162 over their names, each as a canonical JSON text, sorted by these bytes: that
    a name is on the list can be proved with some twenty hashes and without the others.

    Raises:
        LotteryError: an application stands there twice, has no name, or one without a canonical form.

    Complexity: O(applications · log applications).
    Source: RFC 9162, section 2.1.1.

    >>> list_root(["a-2", "a-1"]) == list_root(["a-1", "a-2"]), list_root([])[:16]
    (True, 'e3b0c44298fc1c14')

    """
    leaves = sorted(_all_written(applications, file).values())
    if not leaves:
        return hashlib.sha256().hexdigest()
    level = [hashlib.sha256(_LEAF + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        # A node without a partner moves up as it is, which gives the tree of RFC 9162.
        odd = level[-1:] if len(level) % 2 else []
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [hashlib.sha256(_NODE + left + right).digest() for left, right in pairs] + odd
    return level[0].hex()


def _number(seed: bytes, message: bytes) -> int:
    return int.from_bytes(hmac.digest(seed, message, "sha256")[:_NUMBER_BYTES], "big")


def _all_written(applications: Iterable[str], file: str) -> dict[str, bytes]:
    """Return the canonical text of each application, or raise all that is wrong with the list."""
    written: dict[str, bytes] = {}
    first: dict[str, int] = {}
    problems: list[Problem] = []
    for line, name in enumerate(applications, start=1):
        place = Place(file, line)
        if not name:
            problems.append(_nameless("the application", place))
        elif first.setdefault(name, line) != line:
            message = f'"{shown(name)}" stands in line {first[name]} already'
            problems.append(Problem(place, "L001", message, "leave one of them out", found=name))
        else:
            try:
                written[name] = encode(name, file=file, entry=line)
            except JournalError as error:
                problems.extend(error.problems)
    _raise(problems)
    return written


def _written(value: object, place: Place) -> bytes:
    """Return the canonical bytes of a value."""
    try:
        return encode(value, file=place.file)
    except JournalError as error:
        raise LotteryError(error.problems) from None


def _record_problems(record: SeedRecord, place: Place) -> Iterator[Problem]:
    for what, digest in (("list", record.list_root), ("rules", record.rules)):
        if len(digest) != 2 * _DIGEST_BYTES or not set(digest) <= set("0123456789abcdef"):
            message = f'{what}: "{shown(digest)}" is not a digest'
            yield Problem(place, "L004", message, "write its 64 digits 0-9 a-f", found=digest)
    if not record.sources:
        yield Problem(place, "L005", "there is no source", "name what nobody knew when the list was closed")
    names = [source.name for source in record.sources]
    for number, source in enumerate(record.sources, start=1):
        if not source.name:
            yield _nameless(f"source {number}", place)
        elif source.name in names[: number - 1]:
            yield Problem(place, "L005", f'source {number}: "{shown(source.name)}" stands twice', "leave one out")
        if not source.value:
            yield Problem(place, "L002", f"source {number} has no value", "write it as it was published")


def _member_problems(value: Any, members: Mapping[str, type], what: str, place: Place) -> Iterator[Problem]:  # noqa: ANN401 - JSON
    """Yield how a value differs from an object of these members."""
    wanted = ", ".join(members)
    if not isinstance(value, dict) or set(value) != set(members):
        found = ", ".join(sorted(value)) if isinstance(value, dict) else type(value).__name__
        message = f"{what} has {wanted}; found {found}"
        yield Problem(place, "L003", message, "add what is missing, leave out the rest", found=found, expected=wanted)
        return
    for name, kind in members.items():
        if type(value[name]) is not kind:
            message = f"{what}: {name} is of the kind {type(value[name]).__name__}"
            yield Problem(place, "L003", message, f"write a value of the kind {kind.__name__}")


def _nameless(what: str, place: Place) -> Problem:
    return Problem(place, "L002", f"{what} has no name", "give it one")


def _raise(problems: Iterable[Problem]) -> None:
    """Raise all problems together, if there are any."""
    found = list(problems)
    if found:
        raise LotteryError(found)
