"""Named dates: who gives them, who goes first, and what happens when nobody does."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from queue_engine import OrderError, RuleError, RuleSet, load_rules, rules_on
from queue_engine.facts import date_to_day
from queue_engine.rules.conditions import dates_of
from queue_engine.rules.days import conditions_of, facts_needed, known_days

FACTS = """\
facts:
  child.birth_date:    {type: date, ru: рождение, en: birth, unknown: refuse}
  application.number:  {type: number, ru: номер, en: number, unique: yes, unknown: refuse, least: 0, most: 99}
categories: {}
dates:
  study_start: {ru: начало, en: start}
  round_date:  {ru: расчёт, en: round, default: study_start}
  due:         {ru: срок, en: due, default: today}
"""
RULES = """\
rules: 1
id: k
level: region
title: {ru: Сад, en: Kindergarten}
in_force: {from: 2026-01-01, to: 2026-12-31}
DATES
eligible:
  - id: age
    title: {ru: возраст, en: age}
    when: age(on study_start) >= 3y and child.birth_date < round_date and child.birth_date < due
    basis: [{act: 273-ФЗ}]
order:
  - id: number
    title: {ru: номер, en: number}
    lowest: application.number
"""
ON = date(2026, 4, 15)


def rules(folder: Path, dates: str = "") -> RuleSet:
    """Return a rule set whose file gives some dates."""
    (folder / "facts.yaml").write_text(FACTS, encoding="utf-8")
    (folder / "k.yaml").write_text(RULES.replace("DATES\n", dates), encoding="utf-8")
    return load_rules(folder / "k.yaml")


def test_a_date_nobody_gives_is_asked_for_by_name(tmp_path: Path) -> None:
    """The remedy is the option to write."""
    with pytest.raises(OrderError) as caught:
        rules_on(rules(tmp_path), ON)
    first = caught.value.problems[0]
    assert (first.code, first.message) == ("Q029", "the rules need the date 'round_date' (round)")
    assert "--date round_date=YYYY-MM-DD" in first.remedy
    assert [problem.message for problem in caught.value.problems][1:] == [
        "the rules need the date 'study_start' (start)"
    ]


def test_the_caller_goes_before_the_file_and_the_file_before_the_default(tmp_path: Path) -> None:
    """A default names another date or today."""
    read = rules(tmp_path, "dates: {study_start: 2026-09-01, due: {date: 2026-05-01, basis: [{act: Приказ}]}}\n")
    day = {name: date_to_day(date(2026, *month_day)) for name, month_day in
           {"today": (4, 15), "study_start": (9, 1), "round_date": (9, 1), "due": (5, 1)}.items()}  # fmt: skip
    assert known_days(read, ON) == day
    given = known_days(read, ON, {"study_start": date(2026, 9, 2)})
    assert given["study_start"] == given["round_date"] == day["study_start"] + 1
    assert known_days(rules(tmp_path), ON)["due"] == day["today"]


def test_a_date_nobody_knows_is_refused(tmp_path: Path) -> None:
    """The known ones are named."""
    with pytest.raises(OrderError, match="unknown date 'start'; known dates: study_start, round_date, due"):
        known_days(rules(tmp_path), ON, {"start": ON})


def test_settled_rules_have_no_named_date_left(tmp_path: Path) -> None:
    """Every condition compares with days."""
    settled = rules_on(rules(tmp_path), ON, {"study_start": date(2026, 9, 1)})
    assert [dates_of(condition) for condition in conditions_of(settled)] == [frozenset()]
    assert facts_needed(settled) == {"application.number", "child.birth_date"}


def test_both_ends_of_the_period_in_force_are_included(tmp_path: Path) -> None:
    """The last day is the last, and the day after has no rules."""
    read = rules(tmp_path, "dates: {study_start: 2026-09-01}\n")
    for on in (date(2026, 1, 1), date(2026, 12, 31)):
        assert rules_on(read, on).on == date_to_day(on)
    for on in (date(2025, 12, 31), date(2027, 1, 1)):
        with pytest.raises(RuleError, match="is not in force on"):
            rules_on(read, on)
