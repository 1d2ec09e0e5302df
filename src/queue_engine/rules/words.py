"""Conditions in words, Russian and English: titles, values and a closed table of phrases, no other text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

import attrs

from queue_engine.catalogue import calendar_day, translations
from queue_engine.facts import (
    Category,
    Fact,
    FactType,
    NamedDate,
    Vocabulary,
    second_to_instant,
)
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
    Term,
)
from queue_engine.rules.model import NamedTerm

_SECONDS_A_DAY = 86_400
_UNITS = (("{n} year", "{n} years"), ("{n} month", "{n} months"), ("{n} day", "{n} days"))
_INNER_QUOTES = str.maketrans({"«": "„", "»": "“", "“": "‘", "”": "’"})
PHRASES: Mapping[str, str] = {
    "and": " and ",
    "or": " or ",
    "not": "it is not true that {}",
    "always": "always",
    "never": "never",
    "quoted": "“{}”",
    "not yes": "{} does not hold",
    "known": "{}: known",
    "not known": "{}: not known",
    "document": "there is a confirmed document {}",
    "no document": "there is no confirmed document {}",
    "age": "the age {} is {}",
    "but": "{} but {}",
    "on": "on {}",
    "one of": "{}: one of {}",
    "text ==": "{}: {}",
    "text !=": "{}: not {}",
    "highest": "the higher “{}”, the further ahead",
    "lowest": "the lower “{}”, the further ahead",
    "earliest": "the earlier “{}”, the further ahead",
    "yes_first": "first those for whom this holds: {}",
    "seats": "{} seats: {}",
    "seats %": "{}% of the seats: {}",
    "one_in": "one place in {}: {}",
    "share %": "at least {}% at every place: {}",
    "everyone else": "everyone else",
    "equals": "Equals: alike in steps 1 to {}",
    "equals in step": "Equals: alike in step 1",
    "equals all": "Equals: everybody",
    "overfill": "all of them get a place, even beyond the number of places, if one is left",
    "underfill": "if there is no place for each of them, none of them gets one, and nobody behind them",
    "number ==": "{}: exactly {}",
    "number !=": "{}: not {}",
    "number <": "{}: under {}",
    "number <=": "{}: at most {}",
    "number >": "{}: over {}",
    "number >=": "{}: at least {}",
    "day ==": "{} is {}",
    "day !=": "{} is not {}",
    "day <": "{} is before {}",
    "day <=": "{} is not after {}",
    "day >": "{} is after {}",
    "day >=": "{} is not before {}",
    "age <": "under {}",
    "age <=": "at most {}",
    "age >": "over {}",
    "age >=": "at least {}",
    "nominative": "the date {}",
    "genitive": "the date {}",
    "accusative": "the date {}",
}
"""What conditions are said with; the catalogue has the other languages, by the context `condition: KEY`."""

_Words: TypeAlias = tuple[str, str]
"""A text and what joins its parts: "and", "or", or "" when it needs no brackets anywhere."""


def in_words(
    condition: Condition, vocabulary: Vocabulary, lang: str, terms: Mapping[str, NamedTerm] | None = None
) -> str:
    """Return a condition as people read it, made of titles, values and joining words only.

    Args:
        condition: with or without named terms.
        vocabulary: whose titles are used; a name it lacks stands for itself.
        lang: "ru" or "en".
        terms: named terms to write out; others appear by name.

    Complexity: linear in the condition with its terms written out.

    >>> from queue_engine.facts import Title
    >>> family = Category("large_family", Title("ребёнок из многодетной семьи", "child of a large family"))
    >>> vocabulary = Vocabulary({}, {"large_family": family}, {})
    >>> in_words(Confirmed("large_family"), vocabulary, "en")
    'there is a confirmed document “child of a large family”'
    >>> in_words(Age(20697, ">=", 78, 0), vocabulary, "ru").replace(chr(0xa0), " ")
    'возраст на 1 сентября 2026 г. от 6 лет 6 месяцев'

    """
    conditions = {name: term.when for name, term in (terms or {}).items()}
    return _Speech(vocabulary, lang, conditions).words(condition)[0]


@attrs.frozen
class _Speech:
    """Says conditions in one language."""

    vocabulary: Vocabulary
    lang: str
    terms: Mapping[str, Condition]

    def words(self, condition: Condition) -> _Words:
        """Return the words of a condition and what joins them."""
        if isinstance(condition, All):
            return self._joined(condition, "and")
        if isinstance(condition, AnyOf):
            return self._joined(condition, "or")
        if isinstance(condition, Not):
            return self._negated(condition.condition)
        if isinstance(condition, Term) and condition.name in self.terms:
            return self.words(self.terms[condition.name])
        return self._atom(condition), ""

    def _say(self, phrase: str, *parts: str) -> str:
        return say(phrase, self.lang, *parts)

    def _quoted(self, named: Fact | Category | NamedDate | None, name: str) -> str:
        return self._say("quoted", self._title(named, name).translate(_INNER_QUOTES))

    def _title(self, named: Fact | Category | NamedDate | None, name: str) -> str:
        return name if named is None else named.title.in_language(self.lang)

    # joined conditions

    def _joined(self, whole: All | AnyOf, joint: str) -> _Words:
        parts = list(_flat(whole, type(whole), self.terms))
        if not parts:
            return self._say("always" if joint == "and" else "never"), ""
        if len(parts) == 1:
            return self.words(parts[0])
        said = [self._run(run) for run in _runs(parts, joint)]
        if len(said) == 1:
            return said[0]
        texts = [text if inner in ("", joint) else f"({text})" for text, inner in said]
        return self._say(joint).join(texts), joint

    def _run(self, run: list[Condition]) -> _Words:
        """Return conditions that are said together: documents of one day, or the two ends of an age."""
        first, last = run[0], run[-1]
        if len(run) == 1:
            return self.words(first)
        if isinstance(first, Age) and isinstance(last, Age):
            return self._say("age", self._on(first.on), self._say("but", self._bound(first), self._bound(last))), "and"
        documents = [self._category(atom) for atom in run if isinstance(atom, Confirmed)]
        listed = self._say("or").join([", ".join(documents[:-1]), documents[-1]])
        return self._document("document", listed, first.on if isinstance(first, Confirmed) else TODAY), "or"

    def _negated(self, inner: Condition) -> _Words:
        """Return the opposite of a condition: in words of its own where it has some, else in front of it."""
        if isinstance(inner, Term) and inner.name in self.terms:
            return self._negated(self.terms[inner.name])
        if isinstance(inner, All | AnyOf) and len(inner.conditions) == 1:
            return self._negated(inner.conditions[0])
        if isinstance(inner, Not):
            return self.words(inner.condition)
        if isinstance(inner, Confirmed):
            return self._document("no document", self._category(inner), inner.on), ""
        if isinstance(inner, Holds | Known):
            fact = self.vocabulary.facts.get(inner.fact)
            phrase = "not known" if isinstance(inner, Known) else "not yes"
            return self._say(phrase, self._quoted(fact, inner.fact)), ""
        text, joint = self.words(inner)
        return self._say("not", f"({text})" if joint else text), ""

    # atoms

    def _atom(self, atom: Atom) -> str:
        if isinstance(atom, Holds | Compare | OneOf | Known):
            return self._of_fact(atom)
        if isinstance(atom, Confirmed):
            return self._document("document", self._category(atom), atom.on)
        if isinstance(atom, Age):
            return self._say("age", self._on(atom.on), self._bound(atom))
        if isinstance(atom, DayCompare):
            left = self._day(atom.left, "nominative")
            return self._say(f"day {atom.operator}", left, self._after(atom.operator, atom.right))
        return self._say("quoted", atom.name)

    def _of_fact(self, atom: Holds | Compare | OneOf | Known) -> str:
        fact = self.vocabulary.facts.get(atom.fact)
        title = self._title(fact, atom.fact)
        if isinstance(atom, Holds):
            return title
        if isinstance(atom, Known):
            return self._say("known", self._quoted(fact, atom.fact))
        if isinstance(atom, OneOf):
            return self._say("one of", title, ", ".join(self._value(fact, value) for value in atom.values))
        kind = FactType.NUMBER if fact is None else fact.type
        if atom.named_date or kind is FactType.DATE:
            return self._say(f"day {atom.operator}", title, self._after(atom.operator, atom.value))
        phrase = {FactType.CHOICE: "text", FactType.INSTANT: "day"}.get(kind, "number")
        return self._say(f"{phrase} {atom.operator}", title, self._value(fact, atom.value))

    def _category(self, atom: Confirmed) -> str:
        return self._quoted(self.vocabulary.categories.get(atom.category), atom.category)

    def _document(self, phrase: str, documents: str, on: Day) -> str:
        text = self._say(phrase, documents)
        return text if on == TODAY else f"{text} {self._on(on)}"

    def _value(self, fact: Fact | None, value: int | str) -> str:
        if isinstance(value, str):
            title = fact.choices.get(value) if fact is not None else None
            return self._say("quoted", value if title is None else title.in_language(self.lang))
        if fact is None or fact.type is FactType.NUMBER:
            return str(value)
        if fact.type is FactType.DATE:
            return self._day(value, "nominative")
        if fact.type is FactType.INSTANT:
            day, second = divmod(value, _SECONDS_A_DAY)
            clock = f", {second_to_instant(value).time()}" if second else ""
            return self._day(day, "nominative") + clock
        text = fact.show(value)
        if fact.digits:
            text = text.rstrip("0").rstrip(".")
        return text.replace(".", ",") if self.lang == "ru" else text

    # days and durations

    def _day(self, day: Day, case: str) -> str:
        """Return a day of the calendar, or a named date in quotes with the word "date" in a grammatical case."""
        if isinstance(day, int):
            return calendar_day(day, self.lang)
        return self._say(case, self._quoted(self.vocabulary.dates.get(day), day))

    def _after(self, operator: str, day: Day) -> str:
        return self._day(day, "nominative" if operator in ("==", "!=") else "genitive")

    def _on(self, day: Day) -> str:
        return self._say("on", self._day(day, "accusative"))

    def _bound(self, age: Age) -> str:
        return self._say(f"age {age.operator}", duration(age.months, age.days, self.lang))


def _flat(whole: Condition, kind: type[All | AnyOf], terms: Mapping[str, Condition]) -> Iterator[Condition]:
    """Yield the parts of a condition, those of parts of the same kind (named ones too) in their place."""
    if isinstance(whole, Term) and whole.name in terms:
        yield from _flat(terms[whole.name], kind, terms)
    elif isinstance(whole, All | AnyOf) and (isinstance(whole, kind) or len(whole.conditions) == 1):
        for part in whole.conditions:
            yield from _flat(part, kind, terms)
    else:
        yield whole


def _runs(parts: Iterable[Condition], joint: str) -> list[list[Condition]]:
    """Return neighbours that are said together in lists of their own."""
    runs: list[list[Condition]] = []
    for part in parts:
        if runs and _said_together(runs[-1][-1], part, joint):
            runs[-1].append(part)
        else:
            runs.append([part])
    return runs


def _said_together(before: Condition, part: Condition, joint: str) -> bool:
    if joint == "or" and isinstance(before, Confirmed) and isinstance(part, Confirmed):
        return before.on == part.on
    if joint == "and" and isinstance(before, Age) and isinstance(part, Age):
        return before.on == part.on and before.operator[0] == ">" and part.operator[0] == "<"
    return False


def say(phrase: str, lang: str, *parts: str) -> str:
    """Return a phrase of the table with its gaps filled.

    >>> say("age >=", "ru", duration(78, 0, "ru"))
    'от 6 лет 6 месяцев'

    """
    return translations(lang).pgettext(f"condition: {phrase}", PHRASES[phrase]).format(*parts)


def duration(months: int, days: int, lang: str) -> str:
    """Return a duration in years, months and days, in the genitive in Russian.

    >>> duration(12, 21, "ru"), duration(252, 11, "ru"), duration(13, 0, "en"), duration(0, 0, "ru")
    ('1 года 21 дня', '21 года 11 дней', '1 year 1 month', '0 дней')

    """
    counts = (*divmod(months, 12), days)
    said = [_counted(count, *unit, lang) for count, unit in zip(counts, _UNITS, strict=True) if count]
    return " ".join(said) or _counted(0, *_UNITS[-1], lang)


def _counted(count: int, one: str, many: str, lang: str) -> str:
    """Return a count of units, in the genitive in Russian: 21 года, but 11 лет."""
    return translations(lang).npgettext("duration, genitive", one, many, count).format(n=count)
