"""Canonical JSON: the one sequence of bytes that stands for a value (§2)."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import NoReturn

MOST_BYTES = 1 << 20
MOST_DEPTH = 8
INTEGERS = 1 << 53
_KEY = re.compile(r"[a-z0-9_.]{1,64}")
_FORBIDDEN = re.compile("[\u0000-\u001f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ud800-\udfff]")
_ESCAPED = re.compile(rb'(?:[^\\]|\\["\\])*')
_LONG_NUMBER = re.compile(rb"[0-9]{16}")


class EncodingError(ValueError):
    """Bytes that are not the canonical form of a value."""


def _no_fraction(text: str) -> NoReturn:
    raise EncodingError(f"{text[:40]} is a floating-point number; numbers have to be integers")


_decode = json.JSONDecoder(parse_float=_no_fraction, parse_constant=_no_fraction).decode
_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def canonical(value: object) -> bytes:
    r"""Return the canonical bytes of a value that has them.

    >>> canonical({"b": [1, True], "a": 'x"y'}).decode()
    '{"a":"x\\"y","b":[1,true]}'
    """
    return _encode(value).encode()


def _walk(value: object, depth: int) -> None:
    """Refuse what JSON has and the canonical form has not."""
    if isinstance(value, dict | list):
        if depth == MOST_DEPTH:
            raise EncodingError(f"more than {MOST_DEPTH} objects and arrays inside each other")
        if isinstance(value, dict):
            for key in value:
                if not _KEY.fullmatch(key):
                    raise EncodingError(f"the key {key[:70]!r} does not match [a-z0-9_.]{{1,64}}")
        for item in value.values() if isinstance(value, dict) else value:
            _walk(item, depth + 1)
    elif value is None:
        raise EncodingError("null is not a value here")
    elif isinstance(value, int) and not -INTEGERS < value < INTEGERS:
        raise EncodingError("an integer of more than 53 bits")


def _check_characters(data: bytes, text: str) -> None:
    if not data.isascii():
        found = _FORBIDDEN.search(text)
        if found:
            raise EncodingError(f"the character U+{ord(found.group()):04X} is not allowed")
        if not unicodedata.is_normalized("NFC", text):
            raise EncodingError("a text is not composed (NFC)")
    if b"\\" in data and not _ESCAPED.fullmatch(data):
        raise EncodingError('only \\" and \\\\ may be escaped')


def read(data: bytes, *, thorough: bool = True, most: int = MOST_BYTES) -> object:
    r"""Return the value of canonical bytes.

    Args:
        data: the bytes of one value.
        thorough: whether keys are checked here; False where the caller checks every key itself.
        most: how many bytes they may be.

    Raises:
        EncodingError: the bytes are not the canonical form of what they say.

    >>> read(b'{"a":[1,"x"]}')
    {'a': [1, 'x']}
    >>> read(b"[1.5]")
    Traceback (most recent call last):
    ...
    queue_engine.verification.encoding.EncodingError: 1.5 is a floating-point number; numbers have to be integers

    """
    if len(data) > most:
        raise EncodingError(f"more than {most} bytes")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise EncodingError(f"not UTF-8 from byte {error.start}") from None
    _check_characters(data, text)
    try:
        value: object = _decode(text)
        suspicious = data.count(b"{") + data.count(b"[") > MOST_DEPTH or b"null" in data or _LONG_NUMBER.search(data)
        if thorough or suspicious:
            _walk(value, 0)
        form = canonical(value)
    except EncodingError:
        raise
    except RecursionError:
        raise EncodingError(f"more than {MOST_DEPTH} objects and arrays inside each other") from None
    except ValueError as error:
        raise EncodingError(f"not JSON: {str(error)[:100]}") from None
    if form != data:
        same = next((at for at, pair in enumerate(zip(form, data, strict=False)) if pair[0] != pair[1]), len(form))
        rest = form[same : same + 30].decode(errors="replace")
        raise EncodingError(f"not the canonical form of what it says; from byte {same} it has to be {rest!r}")
    return value
