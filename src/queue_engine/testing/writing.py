"""Conditions, rules and vocabularies → the text of their files, so that what is drawn can be read back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from queue_engine.facts import Fact, FactType, Title, Vocabulary, day_to_date
from queue_engine.rules.conditions import Condition
from queue_engine.rules.model import (
    Ground,
    Group,
    LegalBasis,
    Period,
    Reserve,
    ReserveKind,
    RuleSet,
    Step,
    StepKind,
)
from queue_engine.rules.written import condition_text


def vocabulary_text(vocabulary: Vocabulary) -> str:
    """Return the facts.yaml of a vocabulary."""
    sign = "-" if vocabulary.utc_offset_minutes < 0 else "+"
    hours, minutes = divmod(abs(vocabulary.utc_offset_minutes), 60)
    lines = [f'utc_offset: "{sign}{hours:02d}:{minutes:02d}"', "facts:"]
    lines += [f"  {fact.name}: {{{', '.join(_fact_parts(fact))}}}" for fact in vocabulary.facts.values()]
    lines.append("categories:" if vocabulary.categories else "categories: {}")
    for category in vocabulary.categories.values():
        shown = f", show_as: {category.show_as}" if category.show_as else ""
        lines.append(f"  {category.name}: {_title(category.title)[:-1]}{shown}}}")
    lines.append("dates:" if vocabulary.dates else "dates: {}")
    for name, named in vocabulary.dates.items():
        default = f", default: {named.default}" if named.default else ""
        lines.append(f"  {name}: {_title(named.title)[:-1]}{default}}}")
    return "\n".join(lines) + "\n"


def _fact_parts(fact: Fact) -> Iterator[str]:
    kind = f"decimal({fact.digits})" if fact.type is FactType.DECIMAL else fact.type.value
    yield f"type: {kind}"
    yield f"ru: {_quoted(fact.title.ru)}"
    yield f"en: {_quoted(fact.title.en)}"
    yield f"per: {fact.per.value}"
    yield f"unknown: {fact.unknown.value}"
    for side, bound in (("least", fact.least), ("most", fact.most)):
        if bound is not None:
            yield f"{side}: {_quoted(fact.show(bound))}"
    if fact.unique:
        yield "unique: yes"
    if fact.choices:
        yield f"choices: {{{', '.join(f'{code}: {_title(title)}' for code, title in fact.choices.items())}}}"


def rules_text(rule_set: RuleSet) -> str:
    """Return the file of a rule set without amendments; reading it gives the same rule set, places aside."""
    facts = rule_set.vocabulary.facts
    lines = ["rules: 1", f"id: {rule_set.id}", f"level: {rule_set.level}", f"title: {_title(rule_set.title)}"]
    lines += _period(rule_set.in_force)
    if rule_set.basis:
        lines.append(f"basis: {_bases(rule_set.basis)}")
    conventions = rule_set.conventions
    lines.append(f"conventions: {{age_reached: {conventions.age_reached}, born_29_feb: {conventions.born_29_feb}}}")
    if rule_set.terms:
        lines.append("terms:")
        for term in rule_set.terms.values():
            lines.append(f"  {term.id}:")
            lines += _indented(_titled(term.title, _when(term.when, facts), term.basis), 4)
    if rule_set.dates:
        lines.append("dates:")
        for given in rule_set.dates.values():
            basis = f", basis: {_bases(given.basis)}" if given.basis else ""
            lines.append(f"  {given.name}: {{date: {day_to_date(given.day)}{basis}}}")
    for section, members in (
        ("eligible", rule_set.eligible),
        ("order", rule_set.order),
        ("reserves", rule_set.reserves),
    ):
        if members:
            lines.append(f"{section}:")
            for member in members:
                lines += _item(_member_lines(member, facts), 2)
    return "\n".join(lines) + "\n"


def _member_lines(member: Ground | Step | Reserve, facts: Mapping[str, Fact]) -> list[str]:
    if isinstance(member, Step):
        return _step_lines(member, facts)
    return _reserve_lines(member, facts) if isinstance(member, Reserve) else _ground_lines(member, facts)


def _ground_lines(ground: Ground, facts: Mapping[str, Fact]) -> list[str]:
    lines = [f"id: {ground.id}", *_titled(ground.title, _when(ground.when, facts), ground.basis)]
    lines += _period(ground.in_force)
    lines += [f"applies_to: {{submitted: {_days(ground.applies_to)}}}"] if ground.applies_to else []
    return [*lines, "sensitive: yes"] if ground.sensitive else lines


def _group_lines(group: Group, facts: Mapping[str, Fact]) -> list[str]:
    lines = [f"id: {group.id}", f"title: {_title(group.title)}"]
    if group.everyone_else:
        return [*lines, "everyone_else: yes"]
    lines.append("grounds:")
    for ground in group.grounds:
        lines += _item(_ground_lines(ground, facts), 2)
    return lines


def _step_lines(step: Step, facts: Mapping[str, Fact]) -> list[str]:
    lines = [f"id: {step.id}", f"title: {_title(step.title)}", *_period(step.in_force)]
    lines += [f"basis: {_bases(step.basis)}"] if step.basis else []
    lines += ["locked: yes"] if step.locked else []
    if step.kind is StepKind.GROUPS:
        lines.append("groups:")
        for group in step.groups:
            lines += _item(_group_lines(group, facts), 2)
    elif step.condition is not None:
        lines.append(f"yes_first: {_quoted(condition_text(step.condition, facts))}")
    else:
        lines.append(f"{step.kind.value}: {step.fact}")
    return lines


def _reserve_lines(reserve: Reserve, facts: Mapping[str, Fact]) -> list[str]:
    lines = [f"id: {reserve.id}", *_titled(reserve.title, _when(reserve.when, facts), reserve.basis)]
    lines += _period(reserve.in_force)
    lines.append(f"{reserve.kind.value}: {reserve.amount}{'%' if reserve.percent else ''}")
    if reserve.kind is ReserveKind.SHARE:
        lines.append("at: every_position")
    if reserve.kind is ReserveKind.SEATS:
        until = "" if reserve.keep_until is None else f" until {day_to_date(reserve.keep_until)}"
        lines += [f"filled: {reserve.filled}", f"unused: {reserve.unused}{until}"]
    return lines


def _titled(title: Title, when: str, basis: Iterable[LegalBasis]) -> list[str]:
    bases = tuple(basis)
    return [f"title: {_title(title)}", when, *([f"basis: {_bases(bases)}"] if bases else [])]


def _when(condition: Condition, facts: Mapping[str, Fact]) -> str:
    return f"when: {_quoted(condition_text(condition, facts))}"


def _period(period: Period) -> list[str]:
    return [f"in_force: {_days(period)}"] if period else []


def _days(period: Period) -> str:
    bounds = (("from", period.first), ("to", period.last))
    return "{" + ", ".join(f"{word}: {day_to_date(day)}" for word, day in bounds if day is not None) + "}"


def _bases(bases: Iterable[LegalBasis]) -> str:
    written = []
    for basis in bases:
        parts = {"act": basis.act, "clause": basis.clause, "url": basis.url, "edition": basis.edition}
        told = [f"{key}: {_quoted(text)}" for key, text in parts.items() if text]
        told += [] if basis.checked is None else [f"checked: {day_to_date(basis.checked)}"]
        written.append("{" + ", ".join(told) + "}")
    return f"[{', '.join(written)}]"


def _title(title: Title) -> str:
    return f"{{ru: {_quoted(title.ru)}, en: {_quoted(title.en)}}}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _item(lines: list[str], depth: int) -> list[str]:
    """Return lines as an item of a list."""
    first, *rest = lines
    return [f"{' ' * depth}- {first}", *_indented(rest, depth + 2)]


def _indented(lines: Iterable[str], depth: int) -> list[str]:
    return [" " * depth + line for line in lines]
