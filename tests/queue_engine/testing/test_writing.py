"""Rules are written as an officer would: the round trip through files is a property, tried elsewhere."""

from __future__ import annotations

import attrs
import pytest
from tests.queue_engine.small_town import NUMBER, VOCABULARY, ground, groups, reserve, rules, when

from queue_engine.facts import parse_date
from queue_engine.rules.conditions import ALWAYS, NEVER, Condition
from queue_engine.rules.model import Period
from queue_engine.testing import condition_text, rules_text, vocabulary_text


def test_rules_are_written_with_the_most_important_first() -> None:
    """Every key stands where the format wants it."""
    step = attrs.evolve(groups("right", first=[ground("orphan", sensitive=True)]), locked=True)
    written = rules_text(attrs.evolve(rules(step, reserves=[reserve("one_in", 4, "sibling.attends")]), basis=()))
    assert written.splitlines()[3:] == [
        'title: {ru: "small по-русски", en: "small in English"}',
        "conventions: {age_reached: on_birthday, born_29_feb: mar_1}",
        "order:",
        "  - id: right",
        '    title: {ru: "right по-русски", en: "right in English"}',
        '    basis: [{act: "273-ФЗ"}]',
        "    locked: yes",
        "    groups:",
        "      - id: first",
        '        title: {ru: "first по-русски", en: "first in English"}',
        "        grounds:",
        "          - id: orphan",
        '            title: {ru: "orphan по-русски", en: "orphan in English"}',
        '            when: "confirmed(category.orphan on today)"',
        '            basis: [{act: "act orphan"}]',
        "            sensitive: yes",
        "      - id: others",
        '        title: {ru: "others по-русски", en: "others in English"}',
        "        everyone_else: yes",
        "  - id: number",
        '    title: {ru: "меньший номер", en: "smaller number"}',
        "    lowest: application.number",
        "reserves:",
        "  - id: reserve",
        '    title: {ru: "reserve по-русски", en: "reserve in English"}',
        '    when: "sibling.attends"',
        "    one_in: 4",
    ]


def test_days_are_written_as_dates() -> None:
    """A period has the bounds it has."""
    bounded = attrs.evolve(NUMBER, in_force=Period(parse_date("2026-01-01"), parse_date("2026-12-31")))
    assert "    in_force: {from: 2026-01-01, to: 2026-12-31}" in rules_text(attrs.evolve(rules(), order=(bounded,)))


def test_a_vocabulary_is_written_with_its_offset() -> None:
    """East of Greenwich with a plus, west of it with a minus."""
    assert vocabulary_text(VOCABULARY).splitlines()[0] == 'utc_offset: "+05:00"'
    west = attrs.evolve(VOCABULARY, utc_offset_minutes=-210)
    assert vocabulary_text(west).splitlines()[0] == 'utc_offset: "-03:30"'


def test_what_is_no_condition_cannot_be_written() -> None:
    """Only conditions of the language have a text."""
    not_an_atom: Condition = object()  # type: ignore[assignment]
    with pytest.raises(TypeError, match="is no atom"):
        condition_text(not_an_atom, VOCABULARY.facts)
    assert condition_text(when("grade.average in (2, 2.5)"), VOCABULARY.facts) == "grade.average in (2.00, 2.50)"
    assert condition_text(ALWAYS, VOCABULARY.facts) == "today == today"
    assert condition_text(NEVER, VOCABULARY.facts) == "today != today"
