"""The kinds of events and their parts (§4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from .findings import short

_NAME = re.compile(r"[A-Za-z0-9_.:/@-]{1,128}")
_FACT = re.compile(r"[a-z0-9_.]{1,64}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_DAYS = 1 << 31
_ID_LENGTH = 100
_SUBJECT = frozenset({"programme", "organisation"})
_DUE = ("document_ended", "document_began", "age_reached", "date_reached", "rules_date")


def is_id(value: object) -> bool:
    """Say whether a value is an ID.

    >>> is_id("A-1"), is_id(" A-1"), is_id("")
    (True, False, False)
    """
    return isinstance(value, str) and 0 < len(value) <= _ID_LENGTH and value.isprintable() and value == value.strip(" ")


def is_name(value: object) -> bool:
    """Say whether a value is a NAME.

    >>> is_name("officer:12"), is_name("Магнитогорск")
    (True, False)
    """
    return isinstance(value, str) and _NAME.fullmatch(value) is not None


def is_day(value: object) -> bool:
    """Say whether a value is a DAY.

    >>> is_day(-1), is_day(2**31), is_day(True)
    (True, False, False)
    """
    return type(value) is int and -_DAYS < value < _DAYS


def is_digest(value: object) -> bool:
    """Say whether a value is a DIGEST.

    >>> is_digest("ab" * 32), is_digest("AB" * 32)
    (True, False)
    """
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def is_fact(value: object) -> bool:
    """Say whether a value is a FACT.

    >>> is_fact("child.birth_date"), is_fact("Child")
    (True, False)
    """
    return isinstance(value, str) and _FACT.fullmatch(value) is not None


def is_facts(value: object) -> bool:
    """Say whether a value is FACTS.

    >>> is_facts({"siblings": 2}), is_facts({"siblings": True})
    (True, False)
    """
    return isinstance(value, dict) and all(
        (type(item) is int or type(item) is str) and _FACT.fullmatch(name) for name, item in value.items()
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_reason(value: object) -> bool:
    return isinstance(value, str) and not (not value or value.isspace())


def _is_integer(value: object) -> bool:
    return type(value) is int


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0


def _is_entry(value: object) -> bool:
    return type(value) is int and value >= 1


def _is_subject(value: dict[str, Any]) -> bool:
    """Say whether an object names exactly one programme or organisation."""
    found = _SUBJECT & value.keys()
    return len(found) == 1 and all(is_id(value[name]) for name in found)


def _is_wishes(value: object) -> bool:
    if not isinstance(value, list):
        return False
    seen: set[tuple[object, object]] = set()
    for wish in value:
        if not isinstance(wish, dict) or not _is_subject(wish) or not wish.keys() <= _SUBJECT | {"facts"}:
            return False
        if "facts" in wish and not (wish["facts"] and is_facts(wish["facts"])):
            return False
        seen.add((wish.get("programme"), wish.get("organisation")))
    return len(seen) == len(value)


def _is_values(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, dict)
        and _is_subject(item)
        and item.keys() - _SUBJECT == {"application", "value"}
        and is_id(item["application"])
        and type(item["value"]) is int
        for item in value
    )


def _is_days(value: object) -> bool:
    return isinstance(value, dict) and all(_FACT.fullmatch(name) and is_day(day) for name, day in value.items())


def _is_sources(value: object) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(
            isinstance(item, dict) and item.keys() == {"name", "value"} and all(map(_is_text, item.values()))
            for item in value
        )
    )


def _is_list_of(check: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list) and all(map(check, value))


def _is_due(value: object) -> bool:
    return isinstance(value, list) and bool(value) and [reason for reason in _DUE if reason in value] == value


def _is_one_of(*words: str) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and value in words


TYPES: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "ID": (is_id, "1-100 printable characters without space at either end"),
    "NAME": (is_name, "1-128 of A-Z a-z 0-9 and _.:/@-"),
    "TEXT": (_is_text, "a text"),
    "REASON": (_is_reason, "a text that is not blank"),
    "DAY": (is_day, "a day, an integer between -2**31 and 2**31"),
    "SECOND": (_is_integer, "an integer"),
    "COUNT": (_is_count, "an integer from 0"),
    "ENTRY": (_is_entry, "an integer from 1"),
    "DIGEST": (is_digest, "64 lower-case hexadecimal digits"),
    "FACT": (is_fact, "the name of a fact"),
    "FACTS": (is_facts, "an object of integers and texts by the names of facts"),
    "WISHES": (_is_wishes, "a list of different wishes, each for exactly one programme or organisation"),
    "VALUES": (_is_values, "a list of integers, each at one programme or organisation of an application"),
    "DAYS": (_is_days, "an object of days by name"),
    "IDS": (_is_list_of(is_id), "a list of ids"),
    "FACT_NAMES": (_is_list_of(is_fact), "a list of names of facts"),
    "TEXTS": (_is_list_of(_is_text), "a list of texts"),
    "DUE": (_is_due, "at least one of " + " ".join(_DUE) + ", each once, in this order"),
    "OUTCOME": (_is_one_of("taken", "confirm_data", "registered", "refused"), "one of taken confirm_data ..."),
    "SOURCES": (_is_sources, "at least one object of two texts, name and value"),
    "SEAT": (_is_one_of("temporary", "short_stay"), "temporary or short_stay"),
    "LAPSE": (_is_one_of("suspended", "returned"), "suspended or returned"),
}

PARTS: Mapping[str, str] = {
    "day_advanced": "day:DAY",
    "rules_published": "rules:DIGEST service?:NAME dates?:DAYS text?:TEXTS",
    "programme_opened": "programme:ID organisation?:TEXT title?:TEXT capacity?:COUNT takes?:TEXT facts?:FACTS"
    " service?:NAME",
    "programme_closed": "programme:ID reason:REASON basis?:TEXT",
    "capacity_set": "programme:ID capacity:COUNT reason:REASON basis?:TEXT",
    "territory_act_changed": "basis:REASON fact:FACT entries:VALUES",
    "order_published": "queue:ID applications:IDS digest:DIGEST service?:NAME",
    "round_frozen": "round:NAME on:DAY freeze:DIGEST programmes:COUNT applications:COUNT service?:NAME",
    "round_published": "round:NAME freeze:DIGEST result:DIGEST service?:NAME",
    "round_annulled": "round:NAME reason:REASON basis:REASON",
    "lottery_drawn": "campaign:NAME list:DIGEST rules:DIGEST sources:SOURCES reason?:TEXT",
    "filed": "application:ID number:COUNT submitted_at:SECOND facts:FACTS wishes:WISHES service?:NAME",
    "reviewed": "application:ID outcome:OUTCOME reason?:TEXT basis?:TEXT deadline?:DAY",
    "document_added": "application:ID document:ID category:ID first?:DAY last?:DAY evidence?:TEXT",
    "document_confirmed": "application:ID document:ID first?:DAY last?:DAY evidence?:TEXT",
    "document_refuted": "application:ID document:ID reason:REASON",
    "wishes_changed": "application:ID wishes:WISHES",
    "data_corrected": "application:ID facts:FACTS reason:REASON document:REASON forgotten?:FACT_NAMES",
    "entry_facts_changed": "application:ID facts:FACTS programme?:TEXT organisation?:TEXT forgotten?:FACT_NAMES"
    " reason?:TEXT",
    "due": "application:ID reasons:DUE",
    "restored": "application:ID reason?:TEXT",
    "offered": "application:ID programme:ID deadline:DAY protocol?:TEXT",
    "exception_granted": "application:ID programme:ID document:REASON basis:REASON seat:REASON deadline?:DAY",
    "accepted": "application:ID programme:ID deadline?:DAY",
    "contract_prepared": "application:ID programme:ID deadline?:DAY",
    "declined": "application:ID programme:ID reason?:TEXT",
    "lapsed": "application:ID outcome:LAPSE reason?:TEXT",
    "enrolled": "application:ID programme:ID basis?:TEXT",
    "offer_withdrawn": "application:ID programme:ID reason:REASON basis:REASON",
    "interim_placed": "application:ID programme:ID seat:SEAT until?:DAY protocol?:TEXT",
    "interim_ended": "application:ID programme:ID reason?:TEXT",
    "suspended": "application:ID reason:REASON basis?:TEXT",
    "withdrawn": "application:ID reason?:TEXT basis?:TEXT",
    "moved": "application:ID municipality:ID basis?:TEXT",
    "closed": "application:ID reason:REASON basis?:TEXT",
    "archived": "application:ID reason:REASON",
    "revoked": "application:ID decision:ENTRY reason:REASON document:REASON",
}


def _table(parts: str) -> tuple[frozenset[str], dict[str, tuple[Callable[[object], bool], str, bool]]]:
    """Return the parts always there, and for each its check, what it has to be, and whether it may be absent."""
    table = {}
    for part in [*parts.split(), "legal_day?:DAY"]:
        name, kind = part.split(":")
        table[name.removesuffix("?")] = (*TYPES[kind], name.endswith("?"))
    return frozenset(name for name, (_, _, optional) in table.items() if not optional), table


_TABLES = {kind: _table(parts) for kind, parts in PARTS.items()}
_DEFAULTS: tuple[object, ...] = ("", {}, [])


def wrong_parts(kind: str, data: dict[str, Any]) -> list[str]:
    """Say what is wrong with the parts of an event of a known kind.

    >>> wrong_parts("restored", {"application": "A-1", "reason": ""})
    ["restored.reason is '', its default: it has to be left out"]
    >>> wrong_parts("day_advanced", {"day": 20000})
    []
    """
    needed, table = _TABLES[kind]
    wrong = []
    for name, value in data.items():
        row = table.get(name)
        if row is None:
            wrong.append(f"{kind} has no part {short(name)}")
        elif row[2] and value in _DEFAULTS:
            wrong.append(f"{kind}.{name} is {short(value)}, its default: it has to be left out")
        elif not row[0](value):
            wrong.append(f"{kind}.{name} is {short(value)}; it has to be {row[1]}")
    if not needed <= data.keys():
        wrong += [f"{kind}.{name} is missing" for name in sorted(needed - data.keys())]
    return wrong
