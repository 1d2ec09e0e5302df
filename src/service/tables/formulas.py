"""Cells a spreadsheet would run as formulas: how they are written as plain text, and read back as they were."""

from __future__ import annotations

import re

_STARTS = re.compile("'*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")


def escaped(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe stands before what could begin one.

    >>> escaped("=1+1"), escaped("-5"), escaped("'=x"), escaped("Анна")
    ("'=1+1", '-5', "''=x", 'Анна')

    """
    return f"'{text}" if _STARTS.match(text) and not _NUMBER.fullmatch(text) else text


def unescaped(text: str) -> str:
    """Return the text that was escaped.

    >>> unescaped("'=1+1"), unescaped("''=x"), unescaped("'s")
    ('=1+1', "'=x", "'s")

    """
    return text[1:] if text.startswith("'") and _STARTS.match(text) else text
