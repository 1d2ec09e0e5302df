"""The pages say the same in both languages."""

from __future__ import annotations

import re

import attrs

from queue_engine.catalogue import LANGUAGES
from service.pages.texts import ENGLISH, RUSSIAN, TEXTS


def test_every_language_of_the_engine_has_its_texts() -> None:
    """Whatever the engine explains in, the page around it speaks."""
    assert set(TEXTS) == set(LANGUAGES)


def test_no_text_is_empty_or_left_in_the_other_language() -> None:
    """Russian texts are in Cyrillic letters, English ones in Latin letters."""
    assert all(re.search("[а-яё]", text) for text in attrs.astuple(RUSSIAN))
    assert all(text and text.isascii() for text in attrs.astuple(ENGLISH))
