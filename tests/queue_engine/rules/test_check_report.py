"""The report of broken files: file, line, column, code, the line itself, carets and a hint."""

from __future__ import annotations

import pytest
from tests.queue_engine.rules.conftest import BASE, HEAD, NUMBER, RIGHT, SIBLING, TOWN, Folder

LARGE = "confirmed(category.large_family)"

REPORTS = [
    pytest.param(
        BASE.replace(
            "            basis: [{act: Указ № 63}]",
            "            in_force: {from: 2023-06-31}\n            basis: [{act: Указ № 63}]",
        ),
        """\
rules/k.yaml:16:30: error Q021: there is no such day: 2023-06-31
                in_force: {from: 2023-06-31}
                                 ^^^^^^^^^^""",
        id="a day the calendar lacks",
    ),
    pytest.param(
        BASE.replace("large_family)", "large_famly)"),
        """\
rules/k.yaml:15:38: error Q017: unknown category 'large_famly'
                when: confirmed(category.large_famly)
                                         ^^^^^^^^^^^
    hint: did you mean 'large_family'?""",
        id="a category misspelt",
    ),
    pytest.param(
        BASE.replace("sibling.attends", "sibling.atends"),
        """\
rules/k.yaml:22:16: error Q019: unknown fact 'sibling.atends'
        yes_first: sibling.atends
                   ^^^^^^^^^^^^^^
    hint: did you mean 'sibling.attends'?""",
        id="a fact misspelt",
    ),
    pytest.param(
        BASE.replace("sibling.attends", "sibling.аttends"),
        """\
rules/k.yaml:22:16: error Q019: unknown fact 'sibling.аttends'
        yes_first: sibling.аttends
                   ^^^^^^^^^^^^^^^
    hint: 'sibling.аttends' has Cyrillic letters that look Latin; write 'sibling.attends'""",
        id="a Cyrillic letter that looks Latin",
    ),
    pytest.param(
        BASE.replace("yes_first:", "yes_frist:"),
        """\
rules/k.yaml:20:5: error Q007: a step orders by exactly one of: groups, yes_first, highest, lowest, earliest
      - id: sibling
        ^
rules/k.yaml:22:5: error Q004: 'yes_frist' is not known in a step
        yes_frist: sibling.attends
        ^^^^^^^^^
    hint: did you mean 'yes_first'?""",
        id="a key misspelt",
    ),
    pytest.param(
        BASE.replace(LARGE, f"{LARGE} and age(on today) >= 3y and age(on today) < 2y"),
        """\
rules/k.yaml:15:94: error Q050: 'large_family' can never hold: its conditions exclude each other
                when: confirmed(category.large_family) and age(on today) >= 3y and age(on today) < 2y
                                                                                                 ^
    hint: correct the condition, or remove it""",
        id="a condition that excludes itself",
    ),
    pytest.param(
        HEAD + "order:\n" + RIGHT + SIBLING,
        """\
rules/k.yaml:20:5: error Q031: two children could share a position: the last step must use a unique fact
      - id: sibling
        ^
    hint: add '- id: number … lowest: application.number' as the last step""",
        id="an order that is not total",
    ),
    pytest.param(
        BASE.replace(LARGE, "age(on study_start) > = 2m"),
        """\
rules/k.yaml:15:41: error Q010: a fact, a value or '(' expected here, found '='
                when: age(on study_start) > = 2m
                                            ^""",
        id="an operator split by a blank",
    ),
    pytest.param(
        BASE.replace(LARGE, f"{LARGE} or child.birth_date >= 3y"),
        """\
rules/k.yaml:15:72: error Q013: cannot compare date with duration
                when: confirmed(category.large_family) or child.birth_date >= 3y
                                                                           ^^""",
        id="a date compared with a duration",
    ),
    pytest.param(
        BASE.replace("yes_first: sibling.attends", "yes_first: sibling.attends = yes"),
        """\
rules/k.yaml:22:32: error Q011: unexpected '='
        yes_first: sibling.attends = yes
                                   ^
    hint: one '=' compares nothing: write '=='""",
        id="one equals sign",
    ),
    pytest.param(
        BASE.replace("  - id: sibling\n    title", "  - id: sibling\n   title"),
        """\
rules/k.yaml:21:4: error Q001: did not find expected '-' indicator
       title: {ru: брат или сестра, en: sibling}
       ^
    hint: check indentation, quotes and brackets""",
        id="a line indented wrongly",
    ),
    pytest.param(
        BASE.replace("{ru: право, en: right}", "{ru: право}"),
        """\
rules/k.yaml:8:12: error Q006: the title has no 'en' text
        title: {ru: право}
               ^
    hint: add 'en: …'""",
        id="a title in one language",
    ),
    pytest.param(
        BASE.replace("  - id: sibling\n", "  - id: sibling\n    id: sibling2\n"),
        """\
rules/k.yaml:21:5: error Q002: key 'id' is written twice (first at line 20)
        id: sibling2
        ^^
    hint: keep one of the two""",
        id="a key written twice",
    ),
    pytest.param(
        BASE.replace("{ru: право, en: right}", "{ru: право, кроме переводов, en: right}"),
        """\
rules/k.yaml:8:24: error Q008: a title has only 'ru' and 'en', found 'кроме переводов'
        title: {ru: право, кроме переводов, en: right}
                           ^^^^^^^^^^^^^^^
    hint: a comma splits a {…} line: put the text in quotes or on its own line""",
        id="a comma in an unquoted title",
    ),
]


@pytest.mark.parametrize(("text", "report"), REPORTS)
def test_a_slip_is_shown_where_it_stands(folder: Folder, text: str, report: str) -> None:
    """Each slip gives its place, code, line, carets and hint, and nothing else."""
    assert folder.rendered(text) == report


def test_a_ground_without_effect_names_what_covers_it(folder: Folder) -> None:
    """A ground of a later group that an earlier one covers is an error; in the same group it is a warning."""
    again = """\
      - id: second
        title: {ru: Вторые, en: Second}
        grounds:
          - id: police_child
            title: {ru: Полиция, en: Police}
            when: confirmed(category.police_child) and confirmed(category.large_family)
            basis: [{act: 3-ФЗ}]
      - id: others
"""
    assert folder.rendered(BASE.replace("      - id: others\n", again)) == (
        "rules/k.yaml:20:13: error Q051: 'police_child' has no effect: every child it covers already has "
        "'large_family' (first_turn, line 13), in force at the same time\n"
        "              - id: police_child\n"
        "                ^\n"
        "    hint: remove it, or correct its condition"
    )


def test_a_locked_step_is_defended(folder: Folder) -> None:
    """A municipality is told at the change that region law locks the step."""
    changes = "  - repeal: right\n    basis: [{act: Постановление № 7}]\n"
    assert folder.rendered(TOWN + changes, "town.yaml") == (
        "rules/town.yaml:7:13: error Q042: step 'right' is set by region law and is locked; "
        "a municipality file may not repeal it\n"
        "      - repeal: right\n"
        "                ^^^^^\n"
        "    hint: remove this change"
    )


def test_an_amendment_of_nothing_names_the_nearest_step(folder: Folder) -> None:
    """A misspelt target is shown with the step that was probably meant."""
    changes = "  - move: number\n    after: siblings\n    basis: [{act: Постановление № 7}]\n"
    assert folder.rendered(TOWN + changes, "town.yaml") == (
        "rules/town.yaml:8:12: error Q041: 'town' has no step 'siblings'\n"
        "        after: siblings\n"
        "               ^^^^^^^^\n"
        "    hint: did you mean 'sibling'?"
    )


def test_all_problems_of_all_files_come_at_once(folder: Folder) -> None:
    """Slips of the vocabulary, of the base and of an amendment are reported in one go, sorted by place."""
    folder.write("facts.yaml", folder.root.joinpath("facts.yaml").read_text(encoding="utf-8") + "colours: {}\n")
    folder.write("k.yaml", BASE.replace("sibling.attends", "sibling.atends") + NUMBER)
    found = folder.problems(TOWN + "  - repel: right\n    basis: [{act: № 7}]\n", "town.yaml")
    assert [(str(each.place), each.code) for each in found] == [
        ("rules/facts.yaml:19:1", "Q004"),
        ("rules/k.yaml:22:16", "Q019"),
        ("rules/k.yaml:26:5", "Q009"),
        ("rules/town.yaml:7:5", "Q004"),
        ("rules/town.yaml:7:5", "Q007"),
    ]
