"""No text of ours runs as a formula, and no text is changed by the way there and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.tables.formulas import escaped, unescaped


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\uff1d1", "'=1"])
def test_what_could_begin_a_formula_gets_an_apostrophe(text: str) -> None:
    """Also the wide forms of the signs, and what looks escaped already."""
    assert escaped(text) == "'" + text


@pytest.mark.parametrize("text", ["-5", "+7", "-3.14", "-3,14", "Анна", "", "'s", "a=b"])
def test_numbers_and_plain_texts_stay(text: str) -> None:
    """A negative number is no formula."""
    assert escaped(text) == text


@given(st.text(alphabet="'=+-@\t5a", max_size=6))
def test_what_was_escaped_reads_back(text: str) -> None:
    """Escaping loses nothing."""
    assert unescaped(escaped(text)) == text
