"""facts.yaml → the vocabulary of the rules, with every problem of the file at once."""

from __future__ import annotations

import re
from pathlib import Path

import attrs

from queue_engine.errors import RuleError, errors_of
from queue_engine.facts import Category, Fact, FactType, NamedDate, Per, Title, Unknown, ValueProblem, Vocabulary
from queue_engine.rules.source import Node, SourceFile, read_source

FILE_KEYS = ("facts",), ("categories", "dates", "utc_offset")
FACT_KEYS = ("type", "ru", "en"), ("per", "least", "most", "unknown", "unique", "choices")
CATEGORY_KEYS = ("ru", "en"), ("show_as",)
DATE_KEYS = ("ru", "en"), ("default",)
FACTS_FILE = "facts.yaml"

_FACT_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*")
_DECIMAL = re.compile(r"decimal\(([1-9])\)")
_OFFSET = re.compile(r"([+-])(\d{2}):(\d{2})")
_TYPES = {kind.value: kind for kind in FactType if kind is not FactType.DECIMAL}


def find_root(path: Path) -> Path | None:
    """Return the nearest folder at or above `path` that holds facts.yaml; None when there is none."""
    folder = path.resolve()
    for candidate in (folder, *folder.parents):
        if (candidate / FACTS_FILE).is_file():
            return candidate
    return None


def load_vocabulary(path: str | Path) -> Vocabulary:
    """Return the vocabulary a facts.yaml describes.

    Args:
        path: the file.

    Raises:
        RuleError: the file has problems; carries all of them.

    >>> load_vocabulary("rules/facts.yaml").facts["sibling.attends"].per
    <Per.ENTRY: 'entry'>

    """
    source = read_source(Path(path))
    vocabulary = read_vocabulary(source)
    if errors_of(source.problems):
        raise RuleError(source.problems)
    return vocabulary


def read_vocabulary(source: SourceFile) -> Vocabulary:
    """Return what a source says, its problems kept in the source; unreadable parts are left out."""
    empty = Vocabulary({}, {}, {}, file=source.name)
    root = source.root() if not source.problems else None
    if root is None:
        return empty
    fields = source.mapping(root, "the vocabulary", required=FILE_KEYS[0], optional=FILE_KEYS[1])
    facts: dict[str, Fact] = {}
    categories: dict[str, Category] = {}
    dates: dict[str, NamedDate] = {}
    for name, key, value in _named(source, fields.get("facts"), "facts"):
        fact = _fact(source, name, key, value)
        if fact is not None:
            facts[name] = fact
    for name, _, value in _named(source, fields.get("categories"), "categories"):
        parts = source.mapping(value, "a category", required=CATEGORY_KEYS[0], optional=CATEGORY_KEYS[1])
        categories[name] = Category(name, _title(source, parts), source.scalar(parts.get("show_as"), "show_as"))
    for name, _, value in _named(source, fields.get("dates"), "dates"):
        parts = source.mapping(value, "a named date", required=DATE_KEYS[0], optional=DATE_KEYS[1])
        default = source.choice(parts.get("default"), ("today", *dates), "today or a date written above")
        dates[name] = NamedDate(name, _title(source, parts), default)
    return Vocabulary(facts, categories, dates, _offset(source, fields.get("utc_offset")), source.name)


def _named(source: SourceFile, node: Node | None, what: str) -> list[tuple[str, Node, Node]]:
    if node is None:
        return []
    named = []
    for name, (key, value) in source.pairs(node, what).items():
        if _FACT_NAME.fullmatch(name):
            named.append((name, key, value))
        else:
            source.report(
                "Q009",
                key,
                f"'{name}' is not a name",
                expected="a-z, 0-9, _ and dots",
                remedy="write it like child.birth_date",
            )
    return named


def _title(source: SourceFile, parts: dict[str, Node]) -> Title:
    return Title(
        source.scalar(parts.get("ru"), "the Russian title"), source.scalar(parts.get("en"), "the English title")
    )


def _fact(source: SourceFile, name: str, key: Node, node: Node) -> Fact | None:
    parts = source.mapping(node, "a fact", required=FACT_KEYS[0], optional=FACT_KEYS[1])
    kind_text = source.scalar(parts.get("type"), "a type").strip()
    decimal = _DECIMAL.fullmatch(kind_text)
    if decimal is None and "type" in parts and kind_text and kind_text not in _TYPES:
        known = ", ".join([*_TYPES, "decimal(2)"])
        source.report(
            "Q025", parts["type"], f"'{kind_text}' is not a type", remedy=f"write one of: {known}", expected=known
        )
    kind = FactType.DECIMAL if decimal else _TYPES.get(kind_text)
    if kind is None:
        return None
    default = "no" if kind is FactType.YES_NO else "last"
    unknown = source.choice(parts.get("unknown"), [policy.value for policy in Unknown], "a policy for unknown values")
    if unknown == "no" and kind is not FactType.YES_NO:
        source.report("Q025", parts["unknown"], "'unknown: no' is only for yes_no facts", remedy="write last or refuse")
        unknown = ""
    per = source.choice(parts.get("per"), [level.value for level in Per], "what a fact is known of")
    fact = Fact(
        name,
        kind,
        _title(source, parts),
        per=Per(per or "application"),
        digits=int(decimal[1]) if decimal else 0,
        unknown=Unknown(unknown or default),
        unique=source.yes_no(parts.get("unique")),
        choices=_choices(source, parts.get("choices"), kind),
    )
    least, most = (_bound(source, fact, parts.get(side)) for side in ("least", "most"))
    if least is not None and most is not None and most < least:
        source.report("Q023", key, f"{name}: 'most' is below 'least'", remedy="swap the two")
        return None
    bounded = attrs.evolve(fact, least=least, most=most)
    if bounded.unique and (kind is not FactType.NUMBER or bounded.per is not Per.APPLICATION):
        source.report("Q025", key, f"{name}: only a number of the application can be unique", remedy="remove 'unique'")
    return bounded


def _bound(source: SourceFile, fact: Fact, node: Node | None) -> int | None:
    if node is None:
        return None
    if fact.type in (FactType.YES_NO, FactType.CHOICE):
        source.report("Q004", node, f"a {fact.type.value} has no range", remedy="remove least and most")
        return None
    text = source.scalar(node, "a bound").strip()
    if not text:
        return None
    if fact.type is FactType.INSTANT and text.isdigit():
        return int(text)  # seconds since 1970 count as well
    try:
        return fact.parse(text)
    except ValueProblem as problem:
        source.report(
            "Q023", node, f"'{text}' is not {problem.expected}", remedy=problem.remedy, expected=problem.expected
        )
        return None


def _choices(source: SourceFile, node: Node | None, kind: FactType) -> dict[str, Title]:
    if node is None:
        return {}
    if kind is not FactType.CHOICE:
        source.report("Q004", node, "only a choice lists its choices", remedy="remove 'choices'")
        return {}
    return {
        name: _title(source, source.mapping(value, "a choice", required=("ru", "en")))
        for name, (_, value) in source.pairs(node, "choices").items()
    }


def _offset(source: SourceFile, node: Node | None) -> int:
    default = 300  # Asia/Yekaterinburg, the time of Chelyabinsk region
    if node is None:
        return default
    match = _OFFSET.fullmatch(source.scalar(node, "an offset").strip())
    if match is None or int(match[2]) > 14 or int(match[3]) > 59:  # noqa: PLR2004 - the world's offsets
        source.report("Q025", node, "an offset from UTC is written like '+05:00'", expected="+HH:MM")
        return default
    minutes = 60 * int(match[2]) + int(match[3])
    return -minutes if match[1] == "-" else minutes
