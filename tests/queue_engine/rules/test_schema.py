"""Editors accept the rule files the reader accepts, and refuse a wrong shape where the reader refuses it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator

from queue_engine.cases import files as case_files
from queue_engine.errors import RuleError
from queue_engine.facts import Vocabulary
from queue_engine.rules.loading import read_rules
from queue_engine.rules.schema import (
    CASE_FILE_KEYS,
    CASE_KEYS,
    RULES_FILE,
    TESTS_FILE,
    Schema,
    case_schema,
    main,
    rule_schema,
    write_schemas,
)
from queue_engine.rules.vocabulary import load_vocabulary

RULES = Path(__file__).parents[3] / "rules"
FACTS = """\
facts:
  sibling.attends: {type: yes_no, per: entry, ru: брат уже здесь, en: a brother is here}
  child.kind: {type: choice, ru: вид, en: kind, choices: {plain: {ru: обычный, en: plain}}}
  application.submitted_on: {type: date, ru: день подачи, en: day of filing}
  application.submitted_at: {type: instant, ru: время подачи, en: time of filing}
  application.number: {type: number, ru: номер, en: number, least: 0, most: 99, unique: yes, unknown: refuse}
  grade.average: {type: decimal(2), ru: средний балл, en: average grade, least: 2, most: 5}
categories:
  judge_child: {ru: ребёнок судьи, en: judge's child}
dates:
  phase: {ru: начало этапа, en: start of the phase}
"""
BASE = """\
rules: 1
id: base
level: region
title: {ru: Очередь, en: Queue}
in_force: {from: 2024-09-01}
basis: [{act: Приказ, clause: 7, url: "https://doi.org/10", edition: 2024}]
conventions: {age_reached: day_after, born_29_feb: feb_28}
ties: lottery
dates: {phase: 2026-07-06}
terms:
  early:
    title: {ru: рано, en: early}
    when: application.submitted_on < phase
eligible:
  - id: graded
    title: {ru: Балл известен, en: Grade known}
    when: known(grade.average)
    basis: [{act: 273-ФЗ}]
    applies_to: {submitted: {from: 2026-02-01}}
order:
  - id: right
    locked: yes
    title: {ru: право, en: right}
    groups:
      - id: first
        title: {ru: Первые, en: First}
        grounds:
          - id: judge_child
            title: {ru: Дети судей, en: Judges' children}
            when: early and confirmed(category.judge_child)
            sensitive: yes
            basis: [{act: Закон}]
      - id: others
        title: {ru: Остальные, en: Others}
        everyone_else: yes
  - id: grade
    title: {ru: балл выше, en: higher grade}
    highest: grade.average
  - id: submitted
    title: {ru: раньше, en: earlier}
    earliest: application.submitted_at
  - id: number
    title: {ru: номер, en: number}
    lowest: application.number
reserves:
  - id: judges
    title: {ru: 10 % мест, en: 10% of seats}
    seats: 10%
    when: confirmed(category.judge_child)
    filled: before_general
    unused: keep until 2026-12-31
    basis: [{act: Закон}]
"""
LOCAL = """\
rules: 1
id: town
level: municipality
extends: base
title: {ru: Город, en: Town}
changes:
  - move: submitted
    before: grade
    basis: [{act: Постановление}]
    in_force: {from: 2026-02-01}
  - add:
      id: sibling
      title: {ru: брат, en: brother}
      yes_first: sibling.attends
    after: right
    basis: [{act: Постановление}]
  - replace: reserves.judges
    with:
      id: judges
      title: {ru: каждый четвёртый, en: one in four}
      one_in: 4
      when: confirmed(category.judge_child)
      basis: [{act: Закон}]
    basis: [{act: Постановление}]
  - add:
      id: late
      title: {ru: поздно, en: late}
      when: not early
    into: terms
    basis: [{act: Постановление}]
  - repeal: eligible.graded
    basis: [{act: Постановление}]
  - replace: ties
    with: underfill
    basis: [{act: Постановление}]
"""
CASES = """\
tests: 1
for: base
cases:
  - name: первый
    on: 2026-04-15
    dates: {phase: 2026-07-06}
    children:
      Аня: {application.number: 1, grade.average: 4.5, sibling.attends: yes, child.kind: plain}
      Боря: {application.number: 2, grade.average: 14/3, application.submitted_at: 2026-01-10 10:00:00}
      Вера: {application.submitted_on: 2026-01-10, documents: [judge_child 2026-01-01..2027-01-01, judge_child ..]}
    order: [Аня, Боря]
    decided_by: {Боря: grade}
    not_in_queue: {Вера: application.number}
  - name: второй
    on: 2026-04-16
    like: первый
    children: {Аня: {documents: [judge_child 2026-01-01.. unconfirmed]}}
    order: [Аня, Боря]
    not_in_queue: [Вера]
"""


def as_editors_read(text: str) -> object:
    """Return YAML 1.2 data: only numbers, true and false are more than text."""

    def data(node: yaml.Node) -> object:
        if isinstance(node, yaml.MappingNode):
            return {str(key.value): data(value) for key, value in node.value}
        if isinstance(node, yaml.SequenceNode):
            return [data(item) for item in node.value]
        if node.style is None and node.value in ("true", "false"):
            return node.value == "true"
        if node.style is None and re.fullmatch(r"\d+", node.value):
            return int(node.value)
        if node.style is None and re.fullmatch(r"\d+\.\d+", node.value):
            return float(node.value)
        return node.value

    root = yaml.compose(text, Loader=yaml.BaseLoader)
    assert root is not None
    return data(root)


def complaints(schema: Schema, text: str) -> list[str]:
    """Return what a schema finds wrong with a file."""
    return [error.message for error in Draft7Validator(schema).iter_errors(as_editors_read(text))]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a rules folder with a vocabulary, a base file and a local one."""
    for name, text in (("facts.yaml", FACTS), ("base.yaml", BASE), ("town.yaml", LOCAL), ("base.test.yaml", CASES)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def vocabulary(folder: Path) -> Vocabulary:
    """Return the vocabulary of the folder."""
    return load_vocabulary(folder / "facts.yaml")


def read(folder: Path, name: str) -> list[str]:
    """Return the codes of what the reader finds wrong with a file."""
    try:
        read_rules(folder / f"{name}.yaml")
    except RuleError as error:
        return [problem.code for problem in error.problems]
    return []


@pytest.mark.parametrize("name", [RULES_FILE, TESTS_FILE])
def test_the_committed_schemas_are_those_of_the_vocabulary(name: str, tmp_path: Path) -> None:
    """`python -m queue_engine.rules.schema rules/schema` was run after the last change of vocabulary or shape."""
    write_schemas(tmp_path, load_vocabulary(RULES / "facts.yaml"))
    assert (RULES / "schema" / name).read_text(encoding="utf-8") == (tmp_path / name).read_text(encoding="utf-8")


def test_both_schemas_are_schemas(vocabulary: Vocabulary) -> None:
    """They are valid draft-07, for a full vocabulary and for an empty one."""
    for known in (vocabulary, Vocabulary({}, {}, {})):
        Draft7Validator.check_schema(rule_schema(known))
        Draft7Validator.check_schema(case_schema(known))


@pytest.mark.parametrize(
    "path", sorted(RULES.glob("region-*/**/*.yaml")), ids=lambda path: path.relative_to(RULES).as_posix()
)
def test_every_file_of_the_project_is_accepted(path: Path) -> None:
    """Rule files and test files of the region raise no error in an editor."""
    known = load_vocabulary(RULES / "facts.yaml")
    schema = case_schema(known) if path.name.endswith(".test.yaml") else rule_schema(known)
    assert complaints(schema, path.read_text(encoding="utf-8")) == []


def test_every_part_of_the_format_is_accepted(folder: Path, vocabulary: Vocabulary) -> None:
    """A base file, a local file and a test file that use all there is are right for reader and editor."""
    assert (read(folder, "base"), read(folder, "town")) == ([], [])
    assert complaints(rule_schema(vocabulary), BASE) == []
    assert complaints(rule_schema(vocabulary), LOCAL) == []
    assert complaints(case_schema(vocabulary), CASES) == []


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("base", "level: region", "level: county"),
        ("base", "level: region\n", ""),
        ("base", "rules: 1", "rules: 2"),
        ("base", "id: base", "id: Base"),
        ("base", "title: {ru: Очередь, en: Queue}", "title: {ru: Очередь}"),
        ("base", "title: {ru: Очередь, en: Queue}", "title: {ru: Очередь, en: Queue, de: Schlange}"),
        ("base", "in_force: {from: 2024-09-01}", "in_force: {since: 2024-09-01}"),
        ("base", "in_force: {from: 2024-09-01}", "in_force: {from: 1 September}"),
        ("base", "{act: Приказ, clause", "{clause"),
        ("base", "age_reached: day_after", "age_reached: later"),
        ("base", "dates: {phase: 2026-07-06}", "dates: {faze: 2026-07-06}"),
        ("base", "submitted: {from: 2026-02-01}", "filed: {from: 2026-02-01}"),
        ("base", "    locked: yes", "    locked: maybe"),
        ("base", "    locked: yes", "    looked: yes"),
        ("base", "            title: {ru: Дети судей, en: Judges' children}\n", ""),
        ("base", "            basis: [{act: Закон}]\n", ""),
        ("base", "            basis: [{act: Закон}]", "            basis: []"),
        ("base", "        everyone_else: yes\n", ""),
        ("base", "    highest: grade.average", "    highest: grade.averege"),
        ("base", "    highest: grade.average", "    highest: application.submitted_at"),
        ("base", "    earliest: application.submitted_at", "    earlyest: application.submitted_at"),
        ("base", "    lowest: application.number", "    lowest: application.number\n    highest: grade.average"),
        ("base", "    seats: 10%", "    seats: ten"),
        ("base", "    seats: 10%", "    one_in: 1"),
        ("base", "    filled: before_general\n", ""),
        ("base", "unused: keep until 2026-12-31", "unused: keep until winter"),
        ("base", "id: right", "id: reserves"),
        ("town", "extends: base\n", ""),
        ("town", "    before: grade\n", ""),
        ("town", "    before: grade\n", "    before: grade\n    after: number\n"),
        ("town", "    before: grade\n", "    into: grade\n"),
        ("town", "    basis: [{act: Постановление}]\n    in_force: {from: 2026-02-01}\n", ""),
        ("town", "  - repeal: eligible.graded", "  - repeal: eligible.graded\n    move: right"),
        ("town", "  - repeal: eligible.graded", "  - repeal: eligible.graded\n    after: right"),
        ("town", "  - repeal: eligible.graded", "  - drop: eligible.graded"),
        ("town", "    with:\n", "    by:\n"),
        ("base", "ties: lottery", "ties: dice"),
        ("base", "ties: lottery", "ties: {by: lottery}"),
        ("town", "    with: underfill", "    with: under"),
        ("town", "    with: underfill", "    with: {rule: underfill}"),
        ("town", "  - replace: ties", "  - replace: ties\n    after: number"),
        (
            "town",
            "  - replace: reserves.judges\n    with:\n",
            "  - replace: reserves.judges\n    with: underfill\n    by:\n",
        ),
        ("town", "      yes_first: sibling.attends\n", ""),
        ("town", "      one_in: 4\n", "      one_in: 4\n      seats: 5\n"),
    ],
)
def test_a_wrong_shape_is_refused_by_editor_and_reader(
    folder: Path, vocabulary: Vocabulary, file: str, old: str, new: str
) -> None:
    """What the schema refuses the reader refuses too: unknown and missing keys, wrong words, days and names."""
    text = {"base": BASE, "town": LOCAL}[file]
    assert text.count(old) >= 1
    wrong = text.replace(old, new, 1)
    (folder / f"{file}.yaml").write_text(wrong, encoding="utf-8")
    assert read(folder, file) != []
    assert complaints(rule_schema(vocabulary), wrong) != []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tests: 1", "tests: 2"),
        ("for: base\n", ""),
        ("on: 2026-04-15", "on: spring"),
        ("order: [Аня, Боря]", "order: [Аня, Аня]"),
        ("    order: [Аня, Боря]\n", ""),
        ("dates: {phase", "dates: {faze"),
        ("like: первый", "as: первый"),
        ("sibling.attends: yes", "sibling.attends: perhaps"),
        ("sibling.attends: yes", "sibling.atends: yes"),
        ("child.kind: plain", "child.kind: fancy"),
        ("grade.average: 14/3", "grade.average: four"),
        ("application.number: 2", "application.number: two"),
        ("application.submitted_on: 2026-01-10", "application.submitted_on: 10.01.2026"),
        ("2026-01-10 10:00:00", "2026-01-10 at ten"),
        ("judge_child 2026-01-01..2027-01-01", "judge_child 2026-01-01"),
        ("judge_child 2026-01-01..", "juge_child 2026-01-01.."),
        ("judge_child ..]", "judge_child .. doubtful]"),
    ],
)
def test_a_wrong_case_is_refused(vocabulary: Vocabulary, old: str, new: str) -> None:
    """A test file with an unknown key, fact, category or value is refused."""
    assert old in CASES
    assert complaints(case_schema(vocabulary), CASES.replace(old, new, 1)) != []


def test_cases_have_the_keys_their_reader_has() -> None:
    """The reader of test files stands above the rules, so its keys are written twice and compared here."""
    assert CASE_FILE_KEYS[0] == case_files.FILE_KEYS
    assert CASE_KEYS == case_files.CASE_KEYS


def test_editors_offer_facts_categories_and_their_titles(vocabulary: Vocabulary) -> None:
    """A vocabulary's names are examples of conditions, its titles what an editor shows."""
    text = str(rule_schema(vocabulary))
    assert "confirmed(category.judge_child)" in text
    assert "средний балл / average grade" in text
    assert "вид / kind" in str(case_schema(vocabulary))


def test_the_command_writes_both_files_for_the_vocabulary_above(folder: Path) -> None:
    """The folder is made, and the nearest facts.yaml at or above it is used."""
    out = folder / "schema"
    assert main([str(out)]) == 0
    assert sorted(path.name for path in out.iterdir()) == [RULES_FILE, TESTS_FILE]


def test_the_command_says_what_it_lacks(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a folder, without a vocabulary, and with a broken one it writes nothing."""
    (folder / "facts.yaml").write_text("facts: {a: {type: colour, ru: а, en: a}}", encoding="utf-8")
    assert (main([]), main([str(folder / "schema")])) == (2, 1)
    (folder / "facts.yaml").unlink()
    assert main([str(folder / "schema")]) == 1
    told = capsys.readouterr().err
    assert "usage: " in told
    assert "'colour' is not a type" in told
    assert "no facts.yaml" in told
    assert not (tmp_path / "schema").exists()
