"""Names in messages: what a misspelt one was probably meant to be, and the article before one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_LOOK_ALIKE = str.maketrans("АВЕКМНОРСТХаеорсухкмтвніѕј", "ABEKMHOPCTXaeopcyxkmtbhisj")
_LONGEST = 100  # of what is compared: a longer word is no misspelt name


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a hint with the known name that was probably meant, or "" when none is near.

    Args:
        word: as written.
        known: the names that would have been right.

    Complexity: O(known × length²).

    >>> nearest("large_famly", ["large_family", "police_child"])
    "did you mean 'large_family'?"
    >>> nearest("sibling.аttends", ["sibling.attends"])
    "'sibling.аttends' has Cyrillic letters that look Latin; write 'sibling.attends'"

    """
    names = list(known)
    latin = word.translate(_LOOK_ALIKE)
    if latin != word and latin in names:
        return f"'{word}' has Cyrillic letters that look Latin; write '{latin}'"
    close = difflib.get_close_matches(latin[:_LONGEST], names, 1)
    return f"did you mean '{close[0]}'?" if close else ""


def with_article(word: str) -> str:
    """Return a word after "a" or "an".

    >>> with_article("instant"), with_article("yes_no"), with_article("number or decimal")
    ('an instant', 'a yes_no', 'a number or decimal')

    """
    return f"{'an' if word[:1] in 'aeiou' else 'a'} {word}"
