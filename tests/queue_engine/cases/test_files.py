from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.queue_engine.cases.small_rules import CASES, CHILD, check, told, write_folder

from queue_engine.cases.files import CaseFile, read_case_file
from queue_engine.facts import date_to_day
from queue_engine.rules.loading import read_rules
from queue_engine.rules.one_by_one import Paper
from queue_engine.rules.source import SourceFile
from queue_engine.tables import OPEN_END, SINCE_EVER

HEAD = """tests: 1
for: garden
cases:
"""
ONE = f"""{HEAD}  - name: one
    on: 2026-04-15
    children:
      Аня: {{{CHILD}1, application.number: 1}}
      Боря: {{{CHILD}2, application.number: 2}}
    order: [Аня, Боря]
"""


def read(folder: Path, text: str) -> CaseFile:
    """Return a test file without problems."""
    rule_set = read_rules(write_folder(folder) / "garden.yaml")
    source = SourceFile("garden.test.yaml", text)
    case_file = read_case_file(source, lambda name: rule_set if name == "garden" else None)
    assert source.problems == []
    assert case_file is not None
    return case_file


def problems(folder: Path, text: str) -> list[str]:
    """Return the problems of a test file."""
    rule_set = read_rules(write_folder(folder) / "garden.yaml")
    source = SourceFile("garden.test.yaml", text)
    read_case_file(source, lambda _: rule_set)
    return [told(problem) for problem in sorted(source.problems)]


def test_a_case_keeps_what_is_written(tmp_path: Path) -> None:
    """Days, facts, documents and expectations come back as they stand in the file."""
    (case,) = read(tmp_path, CASES).cases
    assert (case.on, case.dates) == (date(2026, 4, 15), {"study_start": date(2026, 9, 1)})
    assert case.children["Гена"].facts["address.in_territory"] == "yes"
    assert case.order == ("Боря", "Вера", "Гена", "Аня", "Дима")
    assert case.decided_by["Гена"] == "right"
    assert case.not_in_queue == {"Ева": "age", "Женя": "child.birth_date"}


@pytest.mark.parametrize(
    ("text", "first", "last", "confirmed"),
    [
        ("2025-01-01..2026-12-31", date(2025, 1, 1), date(2026, 12, 31), True),
        ("2025-01-01..", date(2025, 1, 1), None, True),
        ("..2026-12-31 unconfirmed", None, date(2026, 12, 31), False),
        (".. unconfirmed", None, None, False),
    ],
)
def test_a_document_may_be_open_and_unconfirmed(
    tmp_path: Path, text: str, first: date | None, last: date | None, *, confirmed: bool
) -> None:
    """A missing day leaves that side open; the last word says that nobody confirmed it."""
    written = ONE.replace("number: 2}", f"number: 2, documents: [large_family {text}]}}")
    (paper,) = read(tmp_path, written).cases[0].children["Боря"].documents
    begins = SINCE_EVER if first is None else date_to_day(first)
    assert paper == Paper("large_family", begins, OPEN_END if last is None else date_to_day(last), confirmed)


def test_like_takes_the_children_and_their_facts_are_merged(tmp_path: Path) -> None:
    """A case like another keeps its children, changes one fact of one, adds one, and keeps the documents."""
    first = ONE.replace("number: 2}", "number: 2, documents: [large_family ..]}")
    text = f"""{first}  - name: two
    on: 2026-04-16
    like: one
    children:
      Боря: {{application.submitted_at: 2025-12-31}}
      Вера: {{application.number: 3}}
    order: [Боря, Аня]
    not_in_queue: [Вера]
"""
    one, two = read(tmp_path, text).cases
    assert two.children["Аня"] == one.children["Аня"]
    assert two.children["Боря"].facts == one.children["Боря"].facts | {"application.submitted_at": "2025-12-31"}
    assert two.children["Боря"].documents == one.children["Боря"].documents
    assert two.children["Вера"].facts == {"application.number": "3"}
    assert two.not_in_queue == {"Вера": ""}


def test_documents_of_a_case_like_another_replace_its_documents(tmp_path: Path) -> None:
    """An empty list of documents takes them away."""
    first = ONE.replace("number: 2}", "number: 2, documents: [large_family ..]}")
    second = "{name: two, on: 2026-04-16, like: one, children: {Боря: {documents: []}}, order: [Аня, Боря]}"
    text = f"{first}  - {second}\n"
    assert read(tmp_path, text).cases[1].children["Боря"].documents == ()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("tests: 1", "tests: 2", "1 Q060 [2] format 2 is not known"),
        ("for: garden", "for: Сад", "2 Q009 [Сад] 'Сад' is not a file id"),
        ("on: 2026-04-15", "on: 2026-06-31", "5 Q021 [2026-06-31] there is no such day: 2026-06-31"),
        ("    order", "    likes: one\n    order", "9 Q004 [likes] 'likes' is not known in a case"),
        ("    on: 2026-04-15\n", "", "4 Q005 [n] a case must have 'on'"),
        (
            "    order",
            "    dates: {study_stat: 2026-09-01}\n    order",
            "9 Q018 [study_stat] unknown date 'study_stat'",
        ),
        ("    order", "    dates: {today: 2026-09-01}\n    order", "9 Q018 [today] unknown date 'today'"),
        (
            "application.number: 2",
            "aplication.number: 2",
            "8 Q019 [aplication.number] unknown fact 'aplication.number'",
        ),
        (
            "application.number: 2",
            "application.number: two",
            "8 Q023 [two] 'two' is not a whole number, which application.number needs",
        ),
        (
            "application.number: 2",
            "child.orientation: genral",
            "8 Q023 [genral] 'genral' is not one of general, which child.orientation needs",
        ),
        (
            "application.number: 2",
            "application.number: 01",
            "8 Q060 [Боря] 'Аня' and 'Боря' have the same application.number",
        ),
        (
            "application.number: 2",
            "programme.boarding: yes",
            "8 Q060 [Боря] programme.boarding differs for 'Аня' and 'Боря', who wait for one programme",
        ),
        ("number: 2}", "number: 2, documents: [big_family ..]}", "8 Q017 [big_family] unknown category 'big_family'"),
        (
            "number: 2}",
            'number: 2, documents: ["large_family 2025-02-30.."]}',
            "8 Q021 [2025-02-30] there is no such day: 2025-02-30",
        ),
        (
            "number: 2}",
            "number: 2, documents: [large_family ..2026]}",
            "8 Q021 [2026] '2026' is not a date YYYY-MM-DD",
        ),
        (
            "number: 2}",
            "number: 2, documents: [large_family 2026-02-01..2026-01-01]}",
            "8 Q022 [2026-01-01] the last day is before the first",
        ),
        ("number: 2}", 'number: 2, documents: [""]}', '8 Q003 ["] a document is empty'),
        (
            "number: 2}",
            "number: 2, documents: [large_family]}",
            "8 Q060 [large_family] 'large_family' is not a document with its days",
        ),
        (
            "number: 2}",
            "number: 2, documents: [large_family .. confirmd]}",
            "8 Q060 [large_family .. confirmd] 'large_family .. confirmd' is not a document with its days",
        ),
        ("Боря]", "Брря]", "9 Q060 [Брря] there is no child 'Брря' in this case"),
        ("Аня, Боря]", "Аня, Боря, Аня]", "9 Q060 [Аня] 'Аня' stands in 'order' twice"),
        ("Аня, Боря]", "Аня]", "8 Q060 [Боря] 'Боря' stands neither in 'order' nor in 'not_in_queue'"),
        (
            "Боря]",
            "Боря]\n    not_in_queue: [Боря]",
            "10 Q060 [Боря] 'Боря' stands in 'order' and in 'not_in_queue'",
        ),
        (
            "Боря]",
            "Боря]\n    decided_by: {Аня: submitted}",
            "10 Q060 [submitted] no step decides about 'Аня', who stands first",
        ),
        (
            "Боря]",
            "]\n    not_in_queue: [Боря]\n    decided_by: {Боря: submitted}",
            "11 Q060 [submitted] no step decides about 'Боря', who is not in the queue",
        ),
        ("    children:\n", "    like: none\n    children:\n", "6 Q060 [none] no case 'none' stands above"),
    ],
)
def test_a_mistake_is_told_at_its_place(tmp_path: Path, old: str, new: str, expected: str) -> None:
    """Each mistake gives a problem that names its code, its text and its line."""
    assert ONE.count(old) == 1
    assert problems(tmp_path, ONE.replace(old, new))[0] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cases: []", ["1 Q005 [c] a test file must have 'for'", "1 Q005 [c] a test file must have 'tests'"]),
        ("tests: 1\nfor: garden\ncases: []", ["3 Q060 [[] a test file has at least one case"]),
        (f"{HEAD}  - {{name: a, on: 2026-04-15, order: []}}", ["4 Q060 [{] a case has children"]),
    ],
)
def test_a_file_without_cases_is_told(tmp_path: Path, text: str, expected: list[str]) -> None:
    """What is missing is named at the place where it would stand."""
    assert problems(tmp_path, text) == expected


def test_a_file_that_is_no_yaml_is_told_once(tmp_path: Path) -> None:
    """Nothing is read into a text that cannot be taken apart."""
    (problem,) = problems(tmp_path, "tests: [")
    assert "Q001" in problem


def test_two_cases_of_one_name_are_told(tmp_path: Path) -> None:
    """`like` could mean either of them."""
    again = ONE.removeprefix(HEAD)
    assert problems(tmp_path, ONE + again) == ["10 Q060 [one] there is already a case 'one'"]


def test_every_problem_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    """A mistake does not hide those after it, and a sound case beside it is still run."""
    sound = ONE.replace("    children", "    dates: {study_start: 2026-09-01}\n    children")
    broken = sound.removeprefix(HEAD).replace("one", "two")
    text = sound + broken.replace("2026-04-15", "tomorrow").replace("application.number: 2", "n: 2")
    report = check(tmp_path, garden__test=text)
    assert [problem.code for problem in report.problems if problem.severity == "error"][:2] == ["Q021", "Q019"]
    assert report.cases == 1
