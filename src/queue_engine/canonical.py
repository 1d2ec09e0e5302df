"""The one way to write a value as bytes, so that equal values have equal hashes in every program that checks them.

It is RFC 8785 (JSON canonicalisation) restricted to what all encoders write alike:
keys of `a-z 0-9 _ .`, sorted; objects, arrays, texts, true, false and integers of at
most 53 bits; no null, no floating-point numbers; texts composed (NFC), without
control, bidirectional and zero-width characters or surrogates; nested at most 8 deep;
at most 1 MiB.

The standard library is the reference. msgspec writes the same bytes faster and is used where
it is installed; the tests compare the two.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import attrs

from queue_engine.errors import Place, Problem, QueueEngineError
from queue_engine.tables.cells import shown

CODES: Mapping[str, str] = {
    "J001": "the bytes are not JSON in UTF-8",
    "J002": "the value takes more than 1 MiB",
    "J003": "objects and arrays are nested more than 8 deep",
    "J004": "a key is not made of a-z, 0-9, _ and ., or has more than 64 of them",
    "J005": "a key stands twice in one object",
    "J006": "there is a null",
    "J007": "there is a floating-point number",
    "J008": "an integer does not fit 53 bits",
    "J009": "a value is of a kind that has no canonical form",
    "J010": "a text is not composed (NFC)",
    "J011": "a text holds a control, bidirectional or zero-width character, or half of a surrogate pair",
    "J012": "the bytes are JSON, but not in the canonical form",
}

INTEGER_MOST = 2**53 - 1
DEPTH_MOST = 8
BODY_MOST = 2**20
_KEY = re.compile(r"[a-z0-9_.]{1,64}")
_UNSEEN = re.compile("[\x00-\x1f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ud800-\udfff]")
_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_ALLOWED_ESCAPES = frozenset({b'\\"', b"\\\\"})


class JournalError(QueueEngineError):
    """Events, or a journal of them, cannot be used; `problems` says what is wrong, where, and what to do."""


@attrs.frozen(eq=False)
class Codec:
    """A JSON encoder that sorts keys and writes no spaces, and its decoder; both know nothing of the restrictions."""

    dump: Callable[[Any], bytes]
    load: Callable[[bytes], Any]


def _standard_codec() -> Codec:
    encoder = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Codec(lambda value: encoder.encode(value).encode(), json.loads)


def _fast_codec() -> Codec | None:
    try:
        import msgspec
    except ImportError:  # pragma: no cover - the engine runs without it; `_standard_codec` is tested by itself
        return None
    return Codec(msgspec.json.Encoder(order="deterministic").encode, msgspec.json.Decoder().decode)


STANDARD = _standard_codec()
FAST = _fast_codec() or STANDARD


def encode(value: object, *, file: str = "event", entry: int = 0, codec: Codec = FAST) -> bytes:
    """Return the canonical bytes of a value: dicts, lists (or tuples), texts, integers and booleans.

    Args:
        value: what to write.
        file: named in problems.
        entry: the number of the entry, named in problems.
        codec: which encoder writes.

    Raises:
        JournalError: something in it has no canonical form; holds every such thing.

    Complexity: linear in the size of the value.
    Source: RFC 8785.

    >>> encode({"b": [1, True], "a.b": "ё"}).decode()
    '{"a.b":"ё","b":[1,true]}'
    >>> encode({"price": 1.5}, entry=7)
    Traceback (most recent call last):
    queue_engine.canonical.JournalError: event:7: error J007: price: 1.5 is a floating-point number; ...

    """
    if _is_sound(value, DEPTH_MOST):
        try:
            body = codec.dump(value)
        except UnicodeEncodeError:
            body = b""
        if body and len(body) <= BODY_MOST and has_sound_texts(body):
            return body
    place = Place(file, entry)
    raise JournalError([*_faults(value, place, "", DEPTH_MOST), *_too_long(value, place)])


def decode(body: bytes, *, file: str = "event", entry: int = 0, codec: Codec = FAST) -> Any:  # noqa: ANN401 - any value
    """Return the value of canonical bytes; it is written again, and bytes that differ are refused.

    Args:
        body: what `encode` returned.
        file: named in problems.
        entry: the number of the entry, named in problems.
        codec: which decoder reads.

    Raises:
        JournalError: the bytes are not the canonical form of a value.

    Complexity: linear in the size of the bytes.

    >>> decode(b'{"a":1}')
    {'a': 1}
    >>> decode(b'{"a":1,"a":2}')
    Traceback (most recent call last):
    queue_engine.canonical.JournalError: event: error J005: the key "a" stands twice in one object; keep one of them

    """
    if len(body) <= BODY_MOST:
        try:
            value = codec.load(body)
        except (ValueError, RecursionError):  # msgspec's DecodeError is a ValueError
            value = None
        if _is_sound(value, DEPTH_MOST) and has_sound_texts(body) and codec.dump(value) == body:
            return value
    raise JournalError(_why_not(body, Place(file, entry)))


def has_sound_texts(body: bytes) -> bool:
    r"""Return whether every text in encoded JSON is composed and free of characters that cannot be seen.

    The bytes are looked at as a whole: control characters are written as escapes, and a text stands
    between quotation marks, which compose with nothing.

    >>> has_sound_texts('{"a":"ё"}'.encode()), has_sound_texts('{"a":"е\u0308"}'.encode())
    (True, False)

    """
    if b"\\" in body and not _ALLOWED_ESCAPES.issuperset(_ESCAPE.findall(body)):
        return False
    if body.isascii():
        return True
    text = body.decode()
    return _UNSEEN.search(text) is None and unicodedata.is_normalized("NFC", text)


@lru_cache(maxsize=4096)
def is_key(text: str) -> bool:
    """Return whether a text may be the key of an object.

    >>> is_key("child.birth_date"), is_key("Child")
    (True, False)

    """
    return _KEY.fullmatch(text) is not None


def _is_sound(value: Any, depth: int) -> bool:  # noqa: ANN401 - any value
    """Return whether a value has a canonical form as far as one can tell without looking into its texts."""
    kind = type(value)
    if kind is str or kind is bool:
        return True
    if kind is int:
        return bool(-INTEGER_MOST <= value <= INTEGER_MOST)
    if depth and kind is dict:
        for key, item in value.items():
            if type(key) is not str or not is_key(key) or not _is_sound(item, depth - 1):
                return False
        return True
    return depth > 0 and kind in (list, tuple) and all(_is_sound(item, depth - 1) for item in value)


def _faults(value: object, place: Place, path: str, depth: int) -> Iterator[Problem]:
    """Yield everything in a value that has no canonical form."""
    at = f"{path}: " if path else ""
    kind = type(value)
    if kind not in (dict, list, tuple):
        yield from _text_faults(str(value), place, at) if kind is str else _plain_faults(value, place, at)
    elif depth == 0:
        remedy = "keep what belongs together in one object, and lists of plain values"
        yield Problem(place, "J003", f"{at}nested more than {DEPTH_MOST} deep", remedy)
    else:
        for key, item in _items(value):
            if type(key) is str and is_key(key):
                inside = f"{path}.{key}" if path else key
            elif type(key) is int and kind is not dict:
                inside = f"{path}[{key}]"
            else:
                inside = f"{path}.?"
                message = f'{at}"{shown(str(key))}" is no key: 1 to 64 of a-z, 0-9, _ and .'
                yield Problem(place, "J004", message, "rename it", found=str(key), expected=_KEY.pattern)
            yield from _faults(item, place, inside, depth - 1)


def _plain_faults(value: object, place: Place, at: str) -> Iterator[Problem]:
    """Yield why what is neither text, object nor array has no canonical form."""
    if value is None:
        yield Problem(place, "J006", f"{at}there is no null", "leave out what is not known")
    elif type(value) is float:
        message, remedy = f"{at}{value} is a floating-point number", "write an integer, scaled if need be"
        yield Problem(place, "J007", message, remedy, found=str(value))
    elif type(value) is int:
        if not -INTEGER_MOST <= value <= INTEGER_MOST:
            message = f"{at}the integer has more than 53 bits"
            yield Problem(place, "J008", message, "write it as text", expected=f"at most {INTEGER_MOST}")
    elif type(value) is not bool:
        name = type(value).__name__
        message = f"{at}{name} is not a kind of value that has a canonical form"
        yield Problem(place, "J009", message, "give a dict, list, str, int or bool", found=name)


def _items(value: Any) -> Iterator[tuple[object, object]]:  # noqa: ANN401 - a dict, a list or a tuple
    return iter(value.items()) if type(value) is dict else enumerate(value)


def _text_faults(text: str, place: Place, at: str) -> Iterator[Problem]:
    unseen = _UNSEEN.search(text)
    if unseen is not None:
        message = f"{at}the text holds the character U+{ord(unseen[0]):04X}, which cannot be seen"
        yield Problem(place, "J011", message, "remove it", found=shown(text))
    elif not unicodedata.is_normalized("NFC", text):
        message = f'{at}"{shown(text)}" is not composed'
        remedy = 'write unicodedata.normalize("NFC", text)'
        yield Problem(place, "J010", message, remedy, found=shown(text), expected=unicodedata.normalize("NFC", text))


def _too_long(value: object, place: Place) -> Iterator[Problem]:
    """Yield the problem that the written form is too long, if it is."""
    if not _is_sound(value, DEPTH_MOST):
        return
    try:
        length = len(STANDARD.dump(value))
    except UnicodeEncodeError:
        return
    if length > BODY_MOST:
        yield _long(length, place)


def _long(length: int, place: Place) -> Problem:
    message = f"the value takes {length} bytes, more than {BODY_MOST}"
    remedy, expected = "divide it into several events", f"at most {BODY_MOST}"
    return Problem(place, "J002", message, remedy, found=str(length), expected=expected)


def _why_not(body: bytes, place: Place) -> Iterator[Problem]:
    """Yield why bytes are not the canonical form of a value; at least one problem."""
    if len(body) > BODY_MOST:
        yield _long(len(body), place)
        return
    repeated: list[str] = []

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        made = dict(pairs)
        if len(made) < len(pairs):
            names = [name for name, _ in pairs]
            repeated.extend(name for name in made if names.count(name) > 1)
        return made

    try:
        value = json.loads(body.decode(), object_pairs_hook=once, strict=False)
    except UnicodeDecodeError as error:
        yield Problem(place, "J001", f"byte {error.start + 1} is not UTF-8", "write the text in UTF-8")
        return
    except RecursionError:
        yield Problem(place, "J003", f"nested more than {DEPTH_MOST} deep", "write plain values")
        return
    except ValueError as error:
        yield Problem(place, "J001", f"not JSON: {error}", "restore the line from a copy", found=shown(repr(body)))
        return
    found = list(_faults(value, place, "", DEPTH_MOST))
    for name in repeated:
        message = f'the key "{shown(name)}" stands twice in one object'
        found.append(Problem(place, "J005", message, "keep one of them", found=name))
    if not found:
        found.append(_otherwise_written(body, STANDARD.dump(value), place))
    yield from found


def _otherwise_written(body: bytes, expected: bytes, place: Place) -> Problem:
    pairs = zip(body, expected, strict=False)
    at = next((index for index, (left, right) in enumerate(pairs) if left != right), min(len(body), len(expected)))
    here, there = (shown(part[at : at + 12].decode(errors="replace")) for part in (body, expected))
    message = f"not in canonical form from byte {at + 1} on: found '{here}', expected '{there}'"
    return Problem(
        place, "J012", message, "write sorted keys, no spaces, no needless escapes", found=here, expected=there
    )
