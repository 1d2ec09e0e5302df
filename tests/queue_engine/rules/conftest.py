"""A folder of small rule files, and what is wrong with them as people read it."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from queue_engine import Problem, RuleSet, check_library, load_rules, read_library

FACTS = """\
facts:
  child.birth_date:         {type: date, ru: дата рождения, en: date of birth, unknown: refuse}
  sibling.attends:          {type: yes_no, per: entry, ru: брат или сестра здесь, en: a sibling attends}
  application.submitted_on: {type: date, ru: день подачи, en: day of filing}
  application.number:       {type: number, ru: номер, en: number, least: 0, most: 999, unique: yes, unknown: refuse}
  grade.average:            {type: decimal(2), ru: средний балл, en: average grade, least: 2, most: 5}
  child.orientation:
    type: choice
    ru: направленность
    en: orientation
    choices:
      general: {ru: общая, en: general}
      health: {ru: оздоровительная, en: health}
categories:
  large_family: {ru: многодетная семья, en: large family}
  police_child: {ru: ребёнок полицейского, en: police officer's child}
dates:
  study_start: {ru: 1 сентября, en: 1 September}
"""

HEAD = """\
rules: 1
id: k
level: region
title: {ru: Сад, en: Kindergarten}
"""

NUMBER = """\
  - id: number
    title: {ru: меньший номер, en: smaller number}
    lowest: application.number
"""

RIGHT = """\
  - id: right
    locked: yes
    title: {ru: право, en: right}
    groups:
      - id: first_turn
        title: {ru: Первоочередное, en: First turn}
        grounds:
          - id: large_family
            title: {ru: Многодетные, en: Large families}
            when: confirmed(category.large_family)
            basis: [{act: Указ № 63}]
      - id: others
        title: {ru: Остальные, en: Others}
        everyone_else: yes
"""

SIBLING = """\
  - id: sibling
    title: {ru: брат или сестра, en: sibling}
    yes_first: sibling.attends
"""

BASE = HEAD + "order:\n" + RIGHT + SIBLING + NUMBER

TOWN = """\
rules: 1
id: town
level: municipality
extends: k
title: {ru: Город, en: Town}
changes:
"""


@attrs.frozen
class Folder:
    """A rules folder that stands in the current directory, so that messages show short paths."""

    root: Path

    def write(self, name: str, text: str) -> Path:
        """Write a file and return its path as a user would type it."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def rules(self, text: str, name: str = "k.yaml") -> RuleSet:
        """Return the rule set of a text."""
        return load_rules(self.write(name, text))

    def problems(self, text: str, name: str = "k.yaml") -> list[Problem]:
        """Return everything wrong with a text as a rule file, warnings included."""
        return check_library(read_library([self.write(name, text)]))

    def rendered(self, text: str, name: str = "k.yaml") -> str:
        """Return what is wrong with a text, as the command line prints it."""
        return "\n".join(problem.render() for problem in self.problems(text, name))

    def told(self, text: str, name: str = "k.yaml") -> list[str]:
        """Return line, column, code and message of all that is wrong with a text."""
        found = self.problems(text, name)
        return [f"{each.place.line}:{each.place.column} {each.code} {each.message}" for each in found]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """Return a rules folder with a vocabulary and a base file `k.yaml`."""
    monkeypatch.chdir(tmp_path)
    made = Folder(Path("rules"))
    made.write("facts.yaml", FACTS)
    made.write("k.yaml", BASE)
    return made
