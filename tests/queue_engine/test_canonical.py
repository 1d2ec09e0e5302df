from __future__ import annotations

import json
import sys
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_engine.canonical import (
    BODY_MOST,
    CODES,
    DEPTH_MOST,
    FAST,
    INTEGER_MOST,
    STANDARD,
    Codec,
    JournalError,
    decode,
    encode,
    has_sound_texts,
)
from queue_engine.errors import Problem

KEYS = st.from_regex(r"[a-z0-9_.]{1,8}", fullmatch=True)
UNSEEN = [
    *map(chr, range(32)),
    "\u061c",
    "\u200b",
    "\u200d",
    "\u200e",
    "\u202e",
    "\u2060",
    "\u2066",
    "\ufeff",
    "\ud800",
]
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf"]), max_size=12).map(
    lambda text: unicodedata.normalize("NFC", text)
)
LEAVES = st.one_of(
    st.booleans(), st.integers(-INTEGER_MOST, INTEGER_MOST), TEXTS, st.sampled_from(['"', "\\", "\\u", "/", "\x7f"])
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)
CODECS = [pytest.param(STANDARD, id="json"), pytest.param(FAST, id="msgspec")]


def nested(depth: int) -> list[Any]:
    """Return an empty array inside arrays, `depth` in all."""
    value: list[Any] = []
    for _ in range(depth - 1):
        value = [value]
    return value


def codes_of(error: JournalError) -> list[str]:
    """Return the codes of what is wrong."""
    return [problem.code for problem in error.problems]


def test_msgspec_is_what_is_compared_with_the_standard_library() -> None:
    """The development environment has msgspec, or the comparison below would compare json with itself."""
    assert FAST is not STANDARD


@given(VALUES)
def test_msgspec_and_the_standard_library_write_the_same_bytes(value: object) -> None:
    """Two encoders that share nothing agree on every value that has a canonical form."""
    assert encode(value, codec=FAST) == encode(value, codec=STANDARD)


@given(VALUES)
def test_a_value_comes_back_from_its_bytes(value: object) -> None:
    """Nothing is lost and nothing changes its kind."""
    for codec in (STANDARD, FAST):
        body = encode(value, codec=codec)
        read = decode(body, codec=codec)
        assert (read, encode(read)) == (value, body)
        assert json.dumps(read) == json.dumps(json.loads(body))


def test_keys_are_sorted_and_nothing_is_spaced() -> None:
    """The form is that of RFC 8785: sorted keys, no spaces, two escapes, everything else as it is."""
    value = {"b": 1, "a.b": [True, "ё/\x7f"], "a_b": '"\\', "a": {}}
    assert encode(value).decode() == '{"a":{},"a.b":[true,"ё/\x7f"],"a_b":"\\"\\\\","b":1}'


def test_tuples_are_written_as_arrays() -> None:
    """A tuple is a list that does not change."""
    assert encode({"a": (1, ("b",))}) == b'{"a":[1,["b"]]}'


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"A": 1}, "J004"),
        ({"": 1}, "J004"),
        ({"a" * 65: 1}, "J004"),
        ({"ё": 1}, "J004"),
        ({"a\n": 1}, "J004"),
        ({1: 1}, "J004"),
        ({"a": None}, "J006"),
        ({"a": 1.0}, "J007"),
        ({"a": float("nan")}, "J007"),
        ({"a": INTEGER_MOST + 1}, "J008"),
        ({"a": -INTEGER_MOST - 1}, "J008"),
        ({"a": 10**5000}, "J008"),
        ({"a": b"x"}, "J009"),
        ({"a": {1}}, "J009"),
        ([type("Text", (str,), {})("x")], "J009"),
        ([type("Number", (int,), {})(1)], "J009"),
        ("e\u0301", "J010"),
        ({"a": "\u212b"}, "J010"),
        (nested(DEPTH_MOST + 1), "J003"),
        ("x" * BODY_MOST, "J002"),
    ],
)
def test_what_has_no_canonical_form_is_refused(value: object, code: str, codec: Codec) -> None:
    """Whatever two encoders might write differently has no canonical form, whichever encoder is there."""
    with pytest.raises(JournalError) as refused:
        encode(value, codec=codec)
    assert codes_of(refused.value) == [code]


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("character", UNSEEN)
def test_a_character_that_cannot_be_seen_is_refused(character: str, codec: Codec) -> None:
    """Two texts that look alike are the same text."""
    for text in (character, f"a{character}b", f'ё"{character}'):
        with pytest.raises(JournalError) as refused:
            encode([text], codec=codec)
        assert codes_of(refused.value) == ["J011"]
        with pytest.raises(JournalError) as refused:
            decode(json.dumps([text]).encode(), codec=codec)
        assert codes_of(refused.value) == ["J011"]


def test_the_limits_themselves_pass() -> None:
    """A value at the border has a canonical form; one step further it has none."""
    for value in (nested(DEPTH_MOST), "x" * (BODY_MOST - 2), {"a" * 64: INTEGER_MOST}, [-INTEGER_MOST]):
        assert decode(encode(value)) == value


def test_every_problem_is_told_with_its_path() -> None:
    """One refusal names everything that is wrong, and where in the value it is."""
    value = {"facts": {"price": 1.5, "Name": "a"}, "wishes": [{"at": None}], "note": "\u200b"}
    with pytest.raises(JournalError) as refused:
        encode(value, file="journal 75701000", entry=7)
    told = sorted(str(problem) for problem in refused.value.problems)
    assert [line.partition("; ")[0] for line in told] == [
        'journal 75701000:7: error J004: facts: "Name" is no key: 1 to 64 of a-z, 0-9, _ and .',
        "journal 75701000:7: error J006: wishes[0].at: there is no null",
        "journal 75701000:7: error J007: facts.price: 1.5 is a floating-point number",
        "journal 75701000:7: error J011: note: the text holds the character U+200B, which cannot be seen",
    ]
    assert all(problem.remedy for problem in refused.value.problems)


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"b":1,"a":1}', "J012"),
        (b'{"a": 1}', "J012"),
        (b'{"a":1} ', "J012"),
        (b'{"a":01}', "J001"),
        (b'{"a":-0}', "J012"),
        (b'{"a":"\\u0430"}', "J012"),
        (b'{"a":"\\/"}', "J012"),
        (b'{"a":1e2}', "J007"),
        (b'{"a":1.0}', "J007"),
        (b'{"a":NaN}', "J007"),
        (b'{"a":null}', "J006"),
        (b'{"a":1,"a":1}', "J005"),
        (b'{"a":1,"a":2}', "J005"),
        (b'{"a":9007199254740992}', "J008"),
        (b'{"a":' + b"9" * 400 + b"}", "J008"),
        (b'{"a":' + b"9" * 5000 + b"}", "J001"),
        (b'{"a":"\xff"}', "J001"),
        (b'\xef\xbb\xbf{"a":1}', "J001"),
        (b"", "J001"),
        (b"{", "J001"),
        (b'{"a":1}{"a":1}', "J001"),
        (b"[" * 50_000, "J003"),
        (b"[" * 9 + b"]" * 9, "J003"),
        (b'"' + b"x" * BODY_MOST + b'"', "J002"),
        ('"e\u0301"'.encode(), "J010"),
    ],
)
def test_bytes_in_any_other_form_are_refused(body: bytes, code: str, codec: Codec) -> None:
    """A value has one written form; another one is told by what differs."""
    with pytest.raises(JournalError) as refused:
        decode(body, codec=codec)
    assert codes_of(refused.value) == [code]


def test_the_first_byte_that_differs_is_shown() -> None:
    """Who wrote the bytes sees where they leave the canonical form."""
    with pytest.raises(JournalError, match="""from byte 3 on: found 'b":1,"a":2}', expected 'a":2,"b":1}'"""):
        decode(b'{"b":1,"a":2}')


@given(st.binary(max_size=40) | VALUES.map(encode).flatmap(lambda body: st.just(body) | mutated(body)))
def test_bytes_are_either_the_canonical_form_or_refused_with_a_reason(body: bytes) -> None:
    """No bytes are taken for something they are not, and no refusal is silent about why."""
    problems: tuple[Problem, ...]
    try:
        value = decode(body)
        problems = ()
    except JournalError as refused:
        value, problems = None, refused.problems
    if not problems:
        assert encode(value, codec=STANDARD) == body
    assert {problem.severity for problem in problems} <= {"error"}
    assert {problem.code for problem in problems} <= CODES.keys()


def mutated(body: bytes) -> st.SearchStrategy[bytes]:
    """Return a strategy for bytes with one byte changed."""
    return st.builds(
        lambda at, byte: body[:at] + bytes([byte]) + body[at + 1 :], st.integers(0, len(body) - 1), st.integers(0, 255)
    )


def test_a_quotation_mark_composes_with_nothing() -> None:
    """So a whole encoded text is composed exactly when each text in it is."""
    for character in map(chr, range(32, sys.maxunicode + 1)):
        if not "\ud800" <= character <= "\udfff" and unicodedata.is_normalized("NFC", character):
            assert unicodedata.is_normalized("NFC", f'"{character}"')


def test_texts_are_looked_at_behind_their_escapes() -> None:
    """An escaped backslash before a letter is no escape of a control character."""
    assert has_sound_texts(rb'["\\n\\\\u0000\""]')
    assert not has_sound_texts(rb'["\\\n"]')


def test_the_codes_are_those_that_are_used() -> None:
    """Every code has a meaning that is told, and is its own."""
    assert list(CODES) == [f"J{number:03d}" for number in range(1, 13)]
