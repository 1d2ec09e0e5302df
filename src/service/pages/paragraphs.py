"""Sentences -> paragraphs with their lists, so that a page shows what belongs together as one."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

_DASH = "– "


@attrs.frozen
class Paragraph:
    """A sentence, and the items of the list it opens; none when it opens no list."""

    text: str
    items: tuple[str, ...] = ()


def paragraphs(sentences: Iterable[str]) -> list[Paragraph]:
    """Return sentences in their order, a list under the sentence that opens it with a colon.

    >>> told = paragraphs(["Two ahead:", "one by a;", "one by b.", "Own:", "– date: 1", "Rules."])
    >>> [(each.text, each.items) for each in told]
    [('Two ahead:', ('one by a;', 'one by b.')), ('Own:', ('date: 1',)), ('Rules.', ())]

    """
    found: list[Paragraph] = []
    for sentence in sentences:
        if found and _goes_on(found[-1], sentence):
            items = (*found[-1].items, sentence.removeprefix(_DASH))
            found[-1] = attrs.evolve(found[-1], items=items)
        else:
            found.append(Paragraph(sentence))
    return found


def _goes_on(open_list: Paragraph, sentence: str) -> bool:
    """Return whether a sentence is the next item of a list."""
    if not open_list.text.endswith(":"):
        return False
    return not open_list.items or sentence.startswith(_DASH) or open_list.items[-1].endswith(";")
