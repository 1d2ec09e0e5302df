"""Rule sets as public documents: what a program without this engine needs to check an order, and people to read it.

A document says for every day which conditions and steps are in force, amendments made. Its form is specified with the
stand-alone verifier. Journals know rules by the SHA-256 of their document.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from queue_engine.canonical import encode
from queue_engine.facts import Fact, FactType, NamedDate, Title, Vocabulary
from queue_engine.rules.amendments import effective, regimes
from queue_engine.rules.conditions import Condition
from queue_engine.rules.model import Ground, LegalBasis, Reserve, RuleSet, Step, StepKind, TieRule
from queue_engine.rules.written import condition_text


def rule_document(rule_set: RuleSet) -> bytes:
    """Return the public document of a rule set, in canonical form.

    Args:
        rule_set: as read, amendments included.

    Raises:
        RuleError: an amendment cannot be made on some day.
        JournalError: a text of the rules has no canonical form, or the document is longer than 1 MiB.

    Complexity: linear in the size of the rules times the number of days on which they change.

    >>> from queue_engine import load_rules
    >>> rule_document(load_rules("rules/region-74/camp.yaml"))[:27]
    b'{"categories":["prosecutor_'

    """
    vocabulary = rule_set.vocabulary
    document: dict[str, Any] = {
        "categories": list(vocabulary.categories),
        "dates": {
            name: {"default": named.default} if named.default else {} for name, named in vocabulary.dates.items()
        },
        "facts": {fact.name: _fact(fact) for fact in vocabulary.facts.values()},
        "given": {name: given.day for name, given in rule_set.dates.items()},
        "id": rule_set.id,
        "level": rule_set.level,
        "title": _title(rule_set.title),
        "utc_offset": vocabulary.utc_offset_minutes,
        "versions": list(_versions(rule_set)),
    }
    return encode(document, file=rule_set.id)


def rules_digest(rule_set: RuleSet) -> str:
    """Return the SHA-256 of the document of a rule set, by which journals know it.

    >>> from queue_engine import load_rules
    >>> camp = load_rules("rules/region-74/camp.yaml")
    >>> rules_digest(camp) == hashlib.sha256(rule_document(camp)).hexdigest()
    True

    """
    return hashlib.sha256(rule_document(rule_set)).hexdigest()


def _versions(rule_set: RuleSet) -> Iterable[dict[str, Any]]:
    """Yield the rules of every span of days within which they do not change."""
    days = regimes(rule_set)
    for index, day in enumerate(days):
        rules = effective(rule_set, day)
        version: dict[str, Any] = {
            "conventions": {
                "age_reached": rules.conventions.age_reached,
                "born_29_feb": rules.conventions.born_29_feb,
            },
            "eligible": [_ground(item, rules.vocabulary) for item in rules.eligible],
            "order": [_step(step, rules.vocabulary) for step in rules.order],
            "reserves": [_reserve(reserve, rules.vocabulary) for reserve in rules.reserves],
        }
        if rules.ties != TieRule():
            version["ties"] = rules.ties.word
        if index or rule_set.in_force.first is not None:
            version["first"] = day
        last = days[index + 1] - 1 if index + 1 < len(days) else rule_set.in_force.last
        if last is not None:
            version["last"] = last
        yield version


def _named_date(named: NamedDate) -> dict[str, str]:
    return {"default": named.default} if named.default else {}


def _fact(fact: Fact) -> dict[str, Any]:
    found: dict[str, Any] = {"per": fact.per.value, "type": fact.type.value, "unknown": fact.unknown.value}
    if fact.type is FactType.DECIMAL:
        found["digits"] = fact.digits
    return found


def _step(step: Step, vocabulary: Vocabulary) -> dict[str, Any]:
    found = {"id": step.id, "kind": step.kind.value, "title": _title(step.title), **_basis(step.basis)}
    if step.kind is StepKind.GROUPS:
        groups = [
            {"id": group.id, "title": _title(group.title), **({"everyone_else": True} if group.everyone_else else {})}
            for group in step.groups
        ]
        grounds = [{**_ground(ground, vocabulary), "group": group.id} for group, ground in step.grounds()]
        return {**found, "groups": groups, "grounds": grounds}
    if step.condition is not None:
        return {**found, "when": _when(step.condition, vocabulary)}
    return {**found, "fact": step.fact}


def _ground(ground: Ground, vocabulary: Vocabulary) -> dict[str, Any]:
    found = {"id": ground.id, "title": _title(ground.title), "when": _when(ground.when, vocabulary)}
    return {**found, **_basis(ground.basis), **({"sensitive": True} if ground.sensitive else {})}


def _reserve(reserve: Reserve, vocabulary: Vocabulary) -> dict[str, Any]:
    found: dict[str, Any] = {
        "amount": reserve.amount,
        "id": reserve.id,
        "kind": reserve.kind.value,
        "title": _title(reserve.title),
        "when": _when(reserve.when, vocabulary),
        **_basis(reserve.basis),
    }
    if reserve.percent:
        found["percent"] = True
    named = {"filled": reserve.filled, "unused": reserve.unused, "keep_until": reserve.keep_until}
    return found | {name: value for name, value in named.items() if value not in ("", None)}


def _when(condition: Condition, vocabulary: Vocabulary) -> str:
    return condition_text(condition, vocabulary.facts)


def _title(title: Title) -> dict[str, str]:
    return {"en": title.en, "ru": title.ru}


def _basis(basis: Iterable[LegalBasis]) -> dict[str, list[str]]:
    cited = [str(each) for each in basis]
    return {"basis": cited} if cited else {}
