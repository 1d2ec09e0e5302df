"""Rules read back in words, Russian and English: conditions from titles only, and the table of a whole rule set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import attrs
from babel.dates import format_date, format_datetime

from queue_engine.errors import Place
from queue_engine.facts import Fact, FactType, Title, Vocabulary, day_to_date, second_to_instant
from queue_engine.rules.amendments import amend
from queue_engine.rules.conditions import (
    TODAY,
    Age,
    All,
    AnyOf,
    Atom,
    Compare,
    Condition,
    Confirmed,
    Day,
    DayCompare,
    Holds,
    Known,
    Not,
    OneOf,
    inline_terms,
)
from queue_engine.rules.model import Change, Ground, LegalBasis, NamedTerm, Period, Reserve, RuleSet, Step, StepKind

_SECONDS_A_DAY = 86_400
_LOCALES = {"ru": "ru", "en": "en_GB"}
_MANY_FROM, _MANY_TO = 11, 14

_PHRASES: Mapping[str, Mapping[str, str]] = {
    "ru": {
        "and": " и ",
        "or": " или ",
        "not": "неверно, что {}",
        "always": "всегда",
        "never": "никогда",
        "quoted": "«{}»",
        "no": "нет признака {}",
        "known": "{} — известно",
        "not known": "{} — неизвестно",
        "document": "есть подтверждённый документ {}",
        "no document": "нет подтверждённого документа {}",
        "age": "возраст {} {}",
        "but": "{}, но {}",
        "on": "на {}",
        "named date": "дату {}",
        "day": "дата {} {}",
        "one of": "{} — одно из значений: {}",
        "text ==": "{} — {}",
        "text !=": "{} — любое другое значение, кроме {}",
        "higher first": "чем больше {}, тем ближе к началу",
        "lower first": "чем меньше {}, тем ближе к началу",
        "earlier first": "чем раньше {}, тем ближе к началу",
        "yes first": "сначала те, у кого {}",
        "everyone else": "все остальные",
    },
    "en": {
        "and": " and ",
        "or": " or ",
        "not": "it is not true that {}",
        "always": "always",
        "never": "never",
        "quoted": "“{}”",
        "no": "{} does not hold",
        "known": "{} is known",
        "not known": "{} is not known",
        "document": "there is a confirmed document {}",
        "no document": "there is no confirmed document {}",
        "age": "the age {} is {}",
        "but": "{} but {}",
        "on": "on {}",
        "named date": "the date {}",
        "day": "the date {} is {}",
        "one of": "{} is one of: {}",
        "text ==": "{} is {}",
        "text !=": "{} is any other value than {}",
        "higher first": "the higher {}, the further ahead",
        "lower first": "the lower {}, the further ahead",
        "earlier first": "the earlier {}, the further ahead",
        "yes first": "first those for whom {}",
        "everyone else": "everyone else",
    },
}
_BOUNDS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "ru": {
        "number": {"==": "— ровно {}", "!=": "— не {}", "<": "меньше {}", "<=": "не больше {}", ">": "больше {}", ">=": "не меньше {}"},
        "day": {"==": "— {}", "!=": "— не {}", "<": "раньше {}", "<=": "не позже {}", ">": "позже {}", ">=": "не раньше {}"},
        "age": {"<": "меньше {}", "<=": "не больше {}", ">": "больше {}", ">=": "от {}"},
    },
    "en": {
        "number": {"==": "is exactly {}", "!=": "is not {}", "<": "is under {}", "<=": "is at most {}", ">": "is over {}", ">=": "is at least {}"},
        "day": {"==": "is {}", "!=": "is not {}", "<": "is before {}", "<=": "is not after {}", ">": "is after {}", ">=": "is not before {}"},
        "age": {"<": "under {}", "<=": "at most {}", ">": "over {}", ">=": "at least {}"},
    },
}
_UNITS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "ru": (("года", "лет"), ("месяца", "месяцев"), ("дня", "дней")),  # genitive: of one, of several
    "en": (("year", "years"), ("month", "months"), ("day", "days")),
}
