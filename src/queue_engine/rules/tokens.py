"""Text of a condition → tokens."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

import attrs

Report: TypeAlias = Callable[[str, int, int, str, str, str], None]
"""report(code, offset, width, message, remedy, expected)."""

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<date>\d{4}-\d{2}-\d{2})
    | (?P<duration>(?=\d+[ymd])(?:\d+y)?(?:\d+m)?(?:\d+d)?(?!\w))
    | (?P<number>\d+(?:\.\d+)?(?!\w))
    | (?P<text>'[^']*')
    | (?P<name>[^\W\d][\w.]*)
    | (?P<operator>==|!=|<=|>=|<|>)
    | (?P<mark>[(),])
    | (?P<bad>=)
    )""",
    re.VERBOSE,
)


@attrs.frozen
class Token:
    """A piece of a condition.

    Args:
        kind: date, duration, number, text, name, operator, mark, bad or end.
        text: as written.
        at: offset in the condition.

    """

    kind: str
    text: str
    at: int

    @property
    def shown(self) -> str:
        """What messages call it."""
        return f"'{self.text}'" if self.text else "the end"


class SyntaxStopError(Exception):
    """The text cannot be read any further; its problem is reported."""


def tokenise(text: str, report: Report) -> list[Token]:
    """Return the tokens of a condition, the last of kind "end".

    A lone `=` becomes a token of kind "bad": what to say of it depends on where it stands.

    Raises:
        SyntaxStopError: a character begins no token; it is reported.

    >>> [token.text for token in tokenise("age(on today) >= 6y6m", print)]
    ['age', '(', 'on', 'today', ')', '>=', '6y6m', '']

    """
    tokens: list[Token] = []
    position = 0
    while True:
        match = _TOKEN.match(text, position)
        if match is None:
            break
        kind = str(match.lastgroup)
        tokens.append(Token(kind, match[kind], match.start(kind)))
        position = match.end()
    rest = text[position:].lstrip()
    if rest:
        _refuse(rest, len(text) - len(rest), report)
    tokens.append(Token("end", "", len(text.rstrip())))
    return tokens


def _refuse(rest: str, at: int, report: Report) -> None:
    word, first = rest.split(maxsplit=1)[0], rest[0]
    if first.isdigit():
        message = f"'{word}' is not a number, a date or a duration"
        report("Q011", at, len(word), message, "write 12, 4.87, 2026-09-01 or 6y6m", "")
    else:
        remedy = {"'": "close the text with another '", '"': "write texts between ' and '"}.get(first, "")
        if first in "&|!":
            remedy = "write the words 'and', 'or', 'not'"
        report("Q011", at, 1, f"unexpected '{first}'", remedy, "")
    raise SyntaxStopError
