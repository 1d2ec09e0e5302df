"""The one catalogue of what people read: sentences, phrases and dates in Russian and English.

Texts stand in locale/*/LC_MESSAGES/queue_engine.po; their English wording is the key.
Titles of rules and facts are data and stand in the rule files.
"""

from __future__ import annotations

import gettext
from functools import cache
from importlib.resources import files
from io import BytesIO

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from queue_engine.facts import day_to_date

LANGUAGES = ("ru", "en")
_LOCALES = {"ru": "ru", "en": "en_GB"}


@cache
def translations(lang: str) -> gettext.NullTranslations:
    """Return the translations of a language; in English every text says itself.

    Raises:
        ValueError: not one of `LANGUAGES`.

    >>> translations("ru").ngettext("{n} application ahead", "{n} applications ahead", 22)
    '{n} заявления впереди'

    """
    if lang not in LANGUAGES:
        message = f"language '{lang}' is not known; choose one of {', '.join(LANGUAGES)}"
        raise ValueError(message)
    if lang == "en":
        return gettext.NullTranslations()
    source = files("queue_engine") / "locale" / lang / "LC_MESSAGES" / "queue_engine.po"
    compiled = BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=lang))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def calendar_day(day: int, lang: str) -> str:
    """Return a day of the calendar, in the genitive in Russian.

    >>> calendar_day(20697, "en")
    '1 September 2026'

    """
    # Few fonts have the narrow space that the locale puts before "г."; the plain non-breaking one is in all.
    return format_date(day_to_date(day), "long", locale=_LOCALES[lang]).replace("\u202f", "\xa0")
