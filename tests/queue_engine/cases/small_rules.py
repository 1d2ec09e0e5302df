"""A small rules folder for tests of what stands beside rules: a queue by right, territory, time and number."""

from __future__ import annotations

from pathlib import Path

from queue_engine.cases.report import CaseReport, check_cases
from queue_engine.errors import Problem
from queue_engine.rules.loading import read_library

FACTS = """
facts:
  child.birth_date:         {type: date, ru: рождение, en: birth, unknown: refuse}
  child.orientation:        {type: choice, ru: группа, en: group, choices: {general: {ru: общая, en: general}}}
  sibling.attends:          {type: yes_no, per: entry, ru: брат, en: sibling}
  address.in_territory:     {type: yes_no, per: entry, ru: адрес, en: address}
  programme.boarding:       {type: yes_no, per: programme, ru: интернат, en: boarding}
  application.submitted_at: {type: instant, ru: подано, en: submitted, unknown: refuse}
  application.number:       {type: number, ru: номер, en: number, unique: yes, unknown: refuse}
categories:
  large_family:   {ru: многодетные, en: large family}
  police_child:   {ru: полиция, en: police}
dates:
  today:       {ru: сегодня, en: today}
  study_start: {ru: начало, en: start}
"""

RULES = """
rules: 1
id: garden
level: region
title: {ru: Сад, en: Garden}
in_force: {from: 2025-01-01}
eligible:
  - id: age
    title: {ru: от 3 лет, en: from 3 years}
    when: age(on study_start) >= 3y
    basis: [{act: Закон}]
order:
  - id: right
    title: {ru: право, en: right}
    groups:
      - id: first_turn
        title: {ru: первая очередь, en: first turn}
        grounds:
          - id: large_family
            title: {ru: многодетные, en: large family}
            when: confirmed(category.large_family)
            basis: [{act: Закон}]
          - id: police_child
            title: {ru: полиция, en: police}
            when: confirmed(category.police_child)
            basis: [{act: Закон}]
      - id: others
        title: {ru: остальные, en: others}
        everyone_else: yes
  - id: territory
    title: {ru: адрес, en: address}
    yes_first: address.in_territory
  - id: submitted
    title: {ru: раньше, en: earlier}
    earliest: application.submitted_at
  - id: number
    title: {ru: номер, en: number}
    lowest: application.number
"""

CHILD = "child.birth_date: 2022-01-01, application.submitted_at: 2026-01-0"

CASES = f"""
tests: 1
for: garden
cases:
  - name: everything decides once
    on: 2026-04-15
    dates: {{study_start: 2026-09-01}}
    children:
      Аня:  {{{CHILD}1, application.number: 1}}
      Боря: {{{CHILD}2, application.number: 3, documents: [large_family 2025-01-01..]}}
      Вера: {{{CHILD}3, application.number: 2, documents: [police_child 2025-01-01..2026-12-31]}}
      Гена: {{{CHILD}4, application.number: 4, address.in_territory: yes}}
      Дима: {{{CHILD}1, application.number: 5}}
      Ева:  {{child.birth_date: 2024-01-01, application.submitted_at: 2026-01-01, application.number: 6}}
      Женя: {{application.submitted_at: 2026-01-01, application.number: 7}}
    order: [Боря, Вера, Гена, Аня, Дима]
    decided_by: {{Вера: submitted, Гена: right, Аня: territory, Дима: number}}
    not_in_queue: {{Ева: age, Женя: child.birth_date}}
"""


def write_folder(folder: Path, **files: str) -> Path:
    """Write the small rules and their cases to a folder, with other texts where they are given.

    Args:
        folder: an empty folder.
        files: texts by name without ".yaml", "__" standing for a dot (`garden__test`); "" leaves a file out.

    """
    texts = {"facts": FACTS, "garden": RULES, "garden__test": CASES} | files
    for name, text in texts.items():
        if text:
            (folder / f"{name.replace('__', '.')}.yaml").write_text(text, encoding="utf-8")
    return folder


def check(folder: Path, **files: str) -> CaseReport:
    """Return what the tests beside the small rules find, some files being replaced."""
    return check_cases(read_library([write_folder(folder, **files)]))


def told(problem: Problem) -> str:
    """Return a problem with the text its carets underline instead of the file."""
    start = problem.place.column - 1
    return f"{problem.place.line} {problem.code} [{problem.source[start : start + problem.width]}] {problem.message}"
