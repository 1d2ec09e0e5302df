from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.queue_engine.verification.small_files import dense

from queue_engine.verification.encoding import EncodingError, canonical, read

_TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_categories=["Mn", "Cs"]), max_size=5)
_VALUES = st.recursive(
    st.one_of(_TEXTS, st.booleans(), st.integers(-(2**53) + 1, 2**53 - 1)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.from_regex(r"\A[a-z0-9_.]{1,5}\Z"), inner)),
    max_leaves=6,
)


@given(value=_VALUES)
def test_what_is_written_canonically_is_read(value: object) -> None:
    """Writing and reading are inverse, and agree with the plain writer of the tests."""
    assert canonical(value) == dense(value)
    try:
        assert read(dense(value)) == value
    except EncodingError as error:
        assert "inside each other" in str(error)  # noqa: PT017


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"a": 1}', "not the canonical form"),
        (b'{"b":1,"a":2}', "not the canonical form"),
        (b'{"a":1,"a":1}', "not the canonical form"),
        (b"[1]\n", "not the canonical form"),
        (b" [1]", "not the canonical form"),
        (b"[-0]", "not the canonical form"),
        (b"[01]", "not JSON"),
        (b"[1.0]", "floating-point"),
        (b"[1e3]", "floating-point"),
        (b"[NaN]", "floating-point"),
        (b"[Infinity]", "floating-point"),
        (b"[null]", "null"),
        (b"[9007199254740992]", "more than 53 bits"),
        (b"[-9007199254740992]", "more than 53 bits"),
        (b'{"A":1}', "does not match"),
        (b'{"":1}', "does not match"),
        (b'{"' + b"a" * 65 + b'":1}', "does not match"),
        (b"[" * 9 + b"]" * 9, "inside each other"),
        (b"[" * 100_000, "inside each other"),
        (b"9" * 5_000, "not JSON"),
        (b'["\\u0041"]', "may be escaped"),
        (b'["\\n"]', "may be escaped"),
        (b'["\\u0001"]', "may be escaped"),
        (b'["\\/"]', "may be escaped"),
        (b'["\\\\n\\n"]', "may be escaped"),
        (b'["\x01"]', "not JSON"),
        ('["\u200b"]'.encode(), "U+200B"),
        ('["\u202e"]'.encode(), "U+202E"),
        ('["\u061c"]'.encode(), "U+061C"),
        ('["\ufeff"]'.encode(), "U+FEFF"),
        ('["\u2064"]'.encode(), "U+2064"),
        ('["\u2069"]'.encode(), "U+2069"),
        ('["e\u0301"]'.encode(), "not composed"),
        (b'["\xed\xa0\x80"]', "not UTF-8"),
        (b"\xff", "not UTF-8"),
        (b"", "not JSON"),
        (b'"' + b"a" * (1 << 20) + b'"', "more than 1048576 bytes"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_another_form_is_refused(data: bytes, said: str) -> None:
    """Each rule of the canonical form is broken by itself."""
    with pytest.raises(EncodingError) as error:
        read(data)
    assert said in str(error.value)


@pytest.mark.parametrize(
    "data", [b'["\\\\n"]', b'["\\"\\\\"]', b'["/"]', '["\u2028\u205f\x7f"]'.encode(), b"[9007199254740991]"]
)
def test_what_is_rare_and_allowed_is_read(data: bytes) -> None:
    """Escapes of the two letters, rare spaces and the largest integer pass."""
    assert canonical(read(data)) == data
