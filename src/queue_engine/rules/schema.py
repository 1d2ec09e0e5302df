"""JSON Schemas of rule files and of the test files beside them, for editors: completion, hover, first errors.

They are made from the key tables the reader uses and from a vocabulary, so that
an editor offers the facts, categories and dates there are. The engine never
reads them; its own checker says more, and where.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from queue_engine.errors import QueueEngineError
from queue_engine.facts import Fact, FactType, Title, Vocabulary
from queue_engine.rules.conditions import TODAY
from queue_engine.rules.model import LEVELS, StepKind
from queue_engine.rules.shape import (
    APPLIES_KEYS,
    BASE_KEYS,
    BASIS_KEYS,
    CHANGE_KEYS,
    CONVENTION_KEYS,
    CONVENTIONS,
    DATE_KEYS,
    FILLED,
    GROUND_KEYS,
    GROUP_KEYS,
    LOCAL_KEYS,
    PERIOD_KEYS,
    RELATIONS,
    RESERVE_KEYS,
    RESERVED_IDS,
    STEP_KEYS,
    STEP_KINDS,
    TERM_KEYS,
    TIES,
    TITLE_KEYS,
    UNUSED,
    VERBS,
    Keys,
)
from queue_engine.rules.vocabulary import FACTS_FILE, find_root, load_vocabulary

Schema: TypeAlias = dict[str, object]

RULES_FILE = "queue-rules.schema.json"
TESTS_FILE = "queue-tests.schema.json"
CASE_FILE_KEYS: Keys = ("tests", "for", "cases"), ()
CASE_KEYS: Keys = ("name", "on", "order"), ("dates", "like", "children", "decided_by", "not_in_queue")
"""The keys of a test file; its reader stands above the rules and must have the same."""

_DRAFT = "http://json-schema.org/draft-07/schema#"
_DAY = r"\d{4}-\d{2}-\d{2}"
_ID = r"[a-z][a-z0-9_]*"
_FILE_ID = r"[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*)*"
_LANGUAGE = (
    "Facts compared with values by == != < <= > >= or 'in (…)', joined by 'and', 'or', 'not'; "
    "confirmed(category.… on date), age(on date) compared with a duration like 6y6m, known(fact)."
)
_YES_NO_TEXTS = ("yes", "no", "да", "нет")


def rule_schema(vocabulary: Vocabulary) -> Schema:
    """Return the schema of rule files, those that extend another included.

    Args:
        vocabulary: the facts, categories and dates that conditions may name.

    Complexity: linear in the vocabulary.

    >>> from queue_engine.facts import Vocabulary
    >>> schema = rule_schema(Vocabulary({}, {}, {}))
    >>> schema["then"], schema["else"]
    ({'$ref': '#/definitions/local_file'}, {'$ref': '#/definitions/base_file'})

    """
    return {
        "$schema": _DRAFT,
        "title": "Rules of an enrolment queue",
        "type": "object",
        "if": {"anyOf": [{"required": ["extends"]}, {"required": ["changes"]}]},
        "then": _ref("local_file"),
        "else": _ref("base_file"),
        "definitions": {**_texts(vocabulary), **_parts(vocabulary), **_files(vocabulary)},
    }


def case_schema(vocabulary: Vocabulary) -> Schema:
    """Return the schema of the test files that stand beside rules.

    Args:
        vocabulary: the facts a child may have, with their types and choices.

    Complexity: linear in the vocabulary.

    >>> from queue_engine.facts import Vocabulary
    >>> case_schema(Vocabulary({}, {}, {}))["required"]
    ['tests', 'for', 'cases']

    """
    children = {"type": "object", "minProperties": 1, "additionalProperties": _ref("child")}
    names = {"type": "array", "items": _ref("text"), "uniqueItems": True}
    reasons = {"type": "object", "additionalProperties": _text(r"[a-z][a-z0-9_.]*")}
    shapes: dict[str, Schema] = {
        "name": _ref("text"),
        "on": _ref("day"),
        "order": names,
        "dates": _dates(vocabulary, _ref("day")),
        "like": _ref("text"),
        "children": children,
        "decided_by": {"type": "object", "additionalProperties": _text(_ID)},
        "not_in_queue": {"anyOf": [names, reasons]},
    }
    return {
        "$schema": _DRAFT,
        "title": "Cases that an enrolment queue's rules must decide",
        **_mapping(CASE_FILE_KEYS, {"tests": _version(), "for": _text(_FILE_ID), "cases": _list("case")}),
        "definitions": {
            "text": _texts(vocabulary)["text"],
            "day": _texts(vocabulary)["day"],
            "child": _child(vocabulary),
            "case": _mapping(CASE_KEYS, shapes),
        },
    }


def write_schemas(folder: Path, vocabulary: Vocabulary) -> list[Path]:
    """Write both schemas into a folder, made when it is not there; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {RULES_FILE: rule_schema(vocabulary), TESTS_FILE: case_schema(vocabulary)}
    for name, schema in made.items():
        (folder / name).write_text(json.dumps(schema, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return [folder / name for name in made]


def main(arguments: Sequence[str]) -> int:
    """Write the schemas for the vocabulary at or above a folder: `python -m queue_engine.rules.schema FOLDER`."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m queue_engine.rules.schema FOLDER\n")
        return 2
    folder = Path(arguments[0])
    root = find_root(folder)
    if root is None:
        sys.stderr.write(f"{folder}: no {FACTS_FILE} in this folder or above it; put the vocabulary there\n")
        return 1
    try:
        vocabulary = load_vocabulary(root / FACTS_FILE)
    except QueueEngineError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    write_schemas(folder, vocabulary)
    return 0


# building blocks


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def _text(pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^({pattern})$"}


def _list(name: str) -> Schema:
    return {"type": "array", "minItems": 1, "items": _ref(name)}


def _version() -> Schema:
    return {"enum": [1, "1"]}


def _mapping(keys: Keys, shapes: Mapping[str, Schema]) -> Schema:
    """Return a mapping with the keys of a table; each must have a shape, so no key can be forgotten here."""
    required, optional = keys
    made: Schema = {"type": "object", "properties": {key: shapes[key] for key in (*required, *optional)}}
    if required:
        made["required"] = list(required)
    return {**made, "additionalProperties": False}


def _one_of(keys: Iterable[str]) -> Schema:
    """Return that exactly one of the keys is there."""
    return {"oneOf": [{"required": [key]} for key in keys]}


def _none_of(keys: Iterable[str]) -> Schema:
    return {"not": {"anyOf": [{"required": [key]} for key in keys]}}


def _dates(vocabulary: Vocabulary, value: Schema) -> Schema:
    """Return a mapping of named dates; `today` is never given by name."""
    names = [name for name in vocabulary.dates if name != TODAY]
    titles = {name: vocabulary.dates[name].title for name in names}
    properties = {name: {"allOf": [value], **_described(titles[name])} for name in names}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _described(title: Title) -> Schema:
    return {"description": f"{title.ru} / {title.en}"}


# rule files


def _texts(vocabulary: Vocabulary) -> dict[str, Schema]:
    """Return the shapes of single values."""
    yes_no = [name for name, fact in vocabulary.facts.items() if fact.type is FactType.YES_NO]
    documents = [f"confirmed(category.{name})" for name in vocabulary.categories]
    return {
        "text": {"type": ["string", "number"]},
        "day": {**_text(_DAY), "description": "YYYY-MM-DD"},
        "yes_no": {"enum": ["yes", "no"]},
        "id": {**_text(_ID), "not": {"enum": list(RESERVED_IDS)}},
        "file_id": _text(_FILE_ID),
        "address": _text(rf"{_ID}(\.{_ID}){{0,2}}"),
        "condition": {"type": "string", "description": _LANGUAGE, "examples": [*yes_no, *documents]},
        "share": _text(r"\d{1,3}\s*%"),
        "count": {"anyOf": [{"type": "integer", "minimum": 0}, _text(r"\d{1,7}")]},
        "title": _mapping(TITLE_KEYS, {"ru": _ref("text"), "en": _ref("text")}),
        "period": {
            **_mapping(PERIOD_KEYS, {"from": _ref("day"), "to": _ref("day")}),
            "description": "Both days are included.",
        },
        "basis": _mapping(
            BASIS_KEYS,
            {**{key: _ref("text") for key in ("act", "clause", "url", "edition")}, "checked": _ref("day")},
        ),
    }


def _parts(vocabulary: Vocabulary) -> dict[str, Schema]:
    """Return the shapes of grounds, groups, steps and reserves."""
    shapes: dict[str, Schema] = {
        "id": _ref("id"),
        "title": _ref("title"),
        "when": _ref("condition"),
        "basis": _list("basis"),
        "in_force": _ref("period"),
        "applies_to": _mapping(APPLIES_KEYS, {"submitted": _ref("period")}),
        "sensitive": _ref("yes_no"),
        "locked": _ref("yes_no"),
        "everyone_else": {"const": "yes"},
        "grounds": _list("ground"),
        "groups": _list("group"),
        "yes_first": _ref("condition"),
        "highest": _facts(vocabulary, (FactType.NUMBER, FactType.DECIMAL)),
        "lowest": _facts(vocabulary, (FactType.NUMBER, FactType.DECIMAL)),
        "earliest": _facts(vocabulary, (FactType.INSTANT, FactType.DATE)),
        "seats": {"anyOf": [_ref("count"), _ref("share")]},
        "one_in": {"anyOf": [{"type": "integer", "minimum": 2}, _text(r"\d{1,7}")]},
        "share": _ref("share"),
        "at": {"const": "every_position"},
        "filled": {"enum": list(FILLED)},
        "unused": {"anyOf": [{"enum": list(UNUSED)}, _text(rf"keep until {_DAY}")]},
    }
    parts = {f"reserve_{kind}": _mapping(keys, shapes) for kind, keys in RESERVE_KEYS.items()}
    parts["reserve"] = _chosen_by({kind: f"reserve_{kind}" for kind in RESERVE_KEYS})
    parts["ground"] = _mapping(GROUND_KEYS, shapes)
    parts["group"] = {**_mapping(GROUP_KEYS, shapes), **_one_of(("grounds", "everyone_else"))}
    parts["step"] = {**_mapping(STEP_KEYS, shapes), **_one_of(STEP_KINDS)}
    parts["term"] = _mapping(TERM_KEYS, shapes)
    parts["added_term"] = _mapping((("id", *TERM_KEYS[0]), TERM_KEYS[1]), shapes)
    steps = dict.fromkeys((kind.value for kind in StepKind), "step")
    groups = dict.fromkeys(("grounds", "everyone_else"), "group")
    marks = {**{kind: f"reserve_{kind}" for kind in RESERVE_KEYS}, **steps, **groups}
    parts["item"] = _chosen_by(marks, {"anyOf": [_ref("ground"), _ref("added_term")]})
    return parts


def _chosen_by(marks: Mapping[str, str], otherwise: Schema | None = None) -> Schema:
    """Return a shape told by the first key that is there, so that an editor shows the errors of that shape alone."""
    chosen: Schema = _one_of(marks) if otherwise is None else otherwise
    for mark, name in reversed(list(marks.items())):
        chosen = {"if": {"required": [mark]}, "then": _ref(name), "else": chosen}
    return {"type": "object", **chosen}


def _facts(vocabulary: Vocabulary, types: tuple[FactType, ...]) -> Schema:
    """Return the names of the facts of some types, with their titles for hovering."""
    fitting = [fact for fact in vocabulary.facts.values() if fact.type in types]
    return {"anyOf": [{"const": fact.name, **_described(fact.title)} for fact in fitting] or [False]}


def _files(vocabulary: Vocabulary) -> dict[str, Schema]:
    """Return the shapes of whole files and of changes."""
    dated = _mapping(DATE_KEYS, {"date": _ref("day"), "basis": _list("basis")})
    shapes: dict[str, Schema] = {
        "rules": _version(),
        "id": _ref("file_id"),
        "level": {"enum": list(LEVELS)},
        "title": _ref("title"),
        "extends": _ref("file_id"),
        "in_force": _ref("period"),
        "basis": _list("basis"),
        "conventions": _mapping(CONVENTION_KEYS, {key: {"enum": list(words)} for key, words in CONVENTIONS.items()}),
        "terms": {"type": "object", "propertyNames": _text(_ID), "additionalProperties": _ref("term")},
        "dates": _dates(vocabulary, {"anyOf": [_ref("day"), dated]}),
        "eligible": {"type": "array", "items": _ref("ground")},
        "order": _list("step"),
        "reserves": {"type": "array", "items": _ref("reserve")},
        "ties": {"enum": list(TIES)},
        "changes": {"type": "array", "items": _ref("change")},
    }
    return {"change": _change(), "base_file": _mapping(BASE_KEYS, shapes), "local_file": _mapping(LOCAL_KEYS, shapes)}


def _change() -> Schema:
    """Return the shape of an amendment: one verb, with the keys that belong to it and no others."""
    addresses = {key: _ref("address") for key in ("replace", "move", "repeal", *RELATIONS)}
    items: dict[str, Schema] = {"add": _ref("item"), "with": {"anyOf": [{"enum": list(TIES)}, _ref("item")]}}
    fits: dict[str, list[Schema]] = {
        "add": [_one_of(RELATIONS), _none_of(["with"])],
        "replace": [{"required": ["with"]}, _none_of(RELATIONS)],
        "move": [_one_of(("after", "before")), _none_of(["into", "with"])],
        "repeal": [_none_of([*RELATIONS, "with"])],
    }
    by_verb: list[Schema] = [{"if": {"required": [verb]}, "then": {"allOf": fits[verb]}} for verb in VERBS]
    of_ties: Schema = {"properties": {"replace": {"const": "ties"}}, "required": ["replace"]}
    word, part = ({"properties": {"with": {"type": kind}}} for kind in ("string", "object"))
    by_verb.append({"if": of_ties, "then": word, "else": part})
    shapes: dict[str, Schema] = {**addresses, **items, "basis": _list("basis"), "in_force": _ref("period")}
    return {**_mapping(CHANGE_KEYS, shapes), **_one_of(VERBS), "allOf": by_verb}


# test files


def _child(vocabulary: Vocabulary) -> Schema:
    """Return the shape of what a case knows of a child."""
    categories = "|".join(vocabulary.categories) or "[a-z]+"
    document = _text(rf"({categories}) ({_DAY})?\.\.({_DAY})?( unconfirmed)?")
    facts = {name: {**_value(fact), **_described(fact.title)} for name, fact in vocabulary.facts.items()}
    documents: Schema = {"type": "array", "items": document, "description": "category from..to"}
    return {"type": "object", "properties": {**facts, "documents": documents}, "additionalProperties": False}


def _value(fact: Fact) -> Schema:
    """Return how a value of a fact may be written in a test file."""
    if fact.type is FactType.CHOICE:
        return {"enum": list(fact.choices)} if fact.choices else {"type": ["string", "number"]}
    written: dict[FactType, Schema] = {
        FactType.YES_NO: {"enum": list(_YES_NO_TEXTS)},
        FactType.DATE: {"allOf": [_ref("day")]},
        FactType.INSTANT: _text(rf"{_DAY}([T ]\d{{2}}:\d{{2}}(:\d{{2}})?(Z|[+-]\d{{2}}:\d{{2}})?)?"),
        FactType.NUMBER: {"anyOf": [{"type": "integer", "minimum": 0}, _text(r"\d+")]},
        FactType.DECIMAL: {"anyOf": [{"type": "number", "minimum": 0}, _text(r"\d+([.,]\d+)?|\d+/\d+")]},
    }
    return written[fact.type]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
