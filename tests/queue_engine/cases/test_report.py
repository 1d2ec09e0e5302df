from __future__ import annotations

from pathlib import Path

import pytest
from tests.queue_engine.cases.small_rules import CASES, CHILD, RULES, check, told, write_folder

from queue_engine.cases.files import Mark
from queue_engine.cases.report import CODES, RuleSetTried, check_cases, percent, read_case_file, run_cases
from queue_engine.cases.runs import by_columns, disagreement
from queue_engine.errors import Place
from queue_engine.rules.loading import read_library, read_rules
from queue_engine.rules.one_by_one import PlainQueue
from queue_engine.rules.source import read_source

ONE_IN = """
reserves:
  - id: every_second
    title: {ru: каждое второе, en: every second}
    one_in: 2
    when: address.in_territory
    basis: [{act: Закон}]
"""


def found(folder: Path, **files: str) -> list[str]:
    """Return what the tests beside the small rules find."""
    return [told(problem) for problem in check(folder, **files).problems]


def test_cases_that_try_everything_leave_nothing_to_say(tmp_path: Path) -> None:
    """The small rules and their case give no problem; every condition and every mutant is counted."""
    report = check(tmp_path)
    assert report.problems == ()
    assert report.rule_sets == (RuleSetTried("garden", 1, 0, conditions=4, covered=4, mutants=5, noticed=5),)
    assert (report.cases, report.failed, report.covered, report.noticed) == (1, 0, (4, 4), (5, 5))


def test_whole_tables_give_the_queue_of_the_case(tmp_path: Path) -> None:
    """The path of real queues gives the order, the deciding steps and the first reason of each refusal."""
    rule_set = read_rules(write_folder(tmp_path) / "garden.yaml")
    case_file = read_case_file(read_source(tmp_path / "garden.test.yaml"), lambda _: rule_set)
    assert case_file is not None
    (case,) = case_file.cases
    queue = by_columns(rule_set, case)
    assert queue.order == case.order
    assert queue.decided_by == case.decided_by
    assert queue.refused == case.not_in_queue
    assert run_cases(rule_set, case_file) == []


def test_another_order_is_told_with_the_step_that_decides(tmp_path: Path) -> None:
    """The first child who stands elsewhere is marked, both orders are shown, and the step between the two is named."""
    text = CASES.replace("order: [Боря, Вера, Гена, Аня, Дима]", "order: [Боря, Вера, Аня, Гена, Дима]")
    assert found(tmp_path, garden__test=text)[0] == (
        "16 Q061 [Аня] expected Боря, Вера, Аня, Гена, Дима, found Боря, Вера, Гена, Аня, Дима: "
        "'territory' puts 'Гена' before 'Аня'"
    )


def test_a_long_order_is_shown_around_the_difference(tmp_path: Path) -> None:
    """Five names are enough to see what changed places."""
    children = "".join(f"      К{n}: {{{CHILD}1, application.number: {n}}}\n" for n in range(1, 10))
    start, end = CASES.index("      Аня"), CASES.index("    order")
    text = (
        CASES[:start]
        + children
        + CASES[end:].split("    order")[0]
        + "    order: [К1, К2, К3, К4, К6, К5, К7, К8, К9]\n"
    )
    message = found(tmp_path, garden__test=text)[0]
    assert message.endswith(
        "expected … К4, К6, К5, К7, К8 …, found … К4, К5, К6, К7, К8 …: 'number' puts 'К5' before 'К6'"
    )


def test_a_reserve_that_moved_a_child_is_named(tmp_path: Path) -> None:
    """Where a reserve puts a child ahead against the keys, the reserve decides, not a step."""
    text = f"""tests: 1
for: garden
cases:
  - name: every second place is for the territory
    on: 2026-04-15
    dates: {{study_start: 2026-09-01}}
    children:
      Аня: {{{CHILD}1, application.number: 1, documents: [large_family ..]}}
      Боря: {{{CHILD}2, application.number: 2, address.in_territory: yes}}
    order: [Аня, Боря]
"""
    (wrong,) = [line for line in found(tmp_path, garden=RULES + ONE_IN, garden__test=text) if "Q06" in line]
    assert wrong.endswith("'every_second' puts 'Боря' before 'Аня'")
    right = text.replace("[Аня, Боря]", "[Боря, Аня]\n    decided_by: {Аня: every_second}")
    assert check(tmp_path, garden=RULES + ONE_IN, garden__test=right).failed == 0


def test_another_deciding_step_is_told(tmp_path: Path) -> None:
    """Who stands behind whom by which step is a part of what a case claims."""
    text = CASES.replace("Аня: territory", "Аня: submitted")
    assert found(tmp_path, garden__test=text) == [
        "17 Q062 [submitted] 'Аня' stands behind 'Гена' by 'territory', not by 'submitted'"
    ]


def test_a_child_expected_in_the_queue_who_is_not_is_told(tmp_path: Path) -> None:
    """The reason of the refusal is named."""
    text = CASES.replace("Аня, Дима]", "Аня, Дима, Ева]").replace("Ева: age, ", "")
    assert found(tmp_path, garden__test=text) == [
        "16 Q063 [Ева] 'Ева' should be in the queue, but is not because of 'age'"
    ]


def test_a_child_expected_outside_who_is_in_the_queue_is_told(tmp_path: Path) -> None:
    """The place is named; the order of the others is right and not told."""
    text = CASES.replace("Аня, Дима]", "Аня]").replace(", Дима: number", "").replace("{Ева", "{Дима: age, Ева")
    assert found(tmp_path, garden__test=text) == [
        "18 Q063 [age] 'Дима' should not be in the queue, but stands at place 5"
    ]


def test_another_reason_is_told_only_where_a_case_names_one(tmp_path: Path) -> None:
    """A list of children claims that they are not in the queue, a mapping also why."""
    text = CASES.replace("Женя: child.birth_date", "Женя: age")
    assert found(tmp_path, garden__test=text) == [
        "18 Q063 [age] 'Женя' should be refused by 'age', but is by 'child.birth_date'"
    ]
    listed = CASES.replace("{Ева: age, Женя: child.birth_date}", "[Ева, Женя]")
    assert found(tmp_path, garden__test=listed) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Гена: right", "Гена: wright", "17 Q041 [wright] on 2026-04-15 'garden' has no step 'wright'"),
        ("Ева: age", "Ева: ages", "18 Q041 [ages] on 2026-04-15 'garden' has no eligible item or needed fact 'ages'"),
        (
            "on: 2026-04-15",
            "on: 2024-12-31",
            (
                "6 Q060 [2024-12-31] the case cannot be run: 'garden' is not in force on 2024-12-31; "
                "it is in force from 2025-01-01 (both days included)"
            ),
        ),
        (
            "    dates: {study_start: 2026-09-01}\n",
            "",
            "5 Q060 [everything decides once] the case cannot be run: the rules need the date 'study_start' (start)",
        ),
        ("for: garden", "for: gardn", "3 Q040 [gardn] there is no rule file 'gardn'"),
        ("for: garden", "for: facts", "3 Q040 [facts] there is no rule file 'facts'"),
    ],
)
def test_what_the_rules_do_not_have_is_told(tmp_path: Path, old: str, new: str, expected: str) -> None:
    """Unknown steps, reasons and rule files, and days without rules, are told at their place."""
    assert expected in found(tmp_path, garden__test=CASES.replace(old, new))


def test_tables_that_cannot_be_used_stop_the_case(tmp_path: Path) -> None:
    """What only whole tables refuse, a text nobody can see, is told at the case."""
    facts = "{child.orientation: {type: choice, ru: группа, en: group}, child.birth_date: {type: date, ru: д, en: b}, "
    facts += "application.number: {type: number, ru: н, en: n, unique: yes, unknown: refuse}}"
    rules = RULES[: RULES.index("eligible")] + "order:\n" + RULES[RULES.index("  - id: number") :]
    child = '{child.orientation: "a\\u200bb", application.number: 1}'
    case = f"{{name: a, on: 2026-01-01, children: {{Аня: {child}}}, order: [Аня]}}"
    text = f"tests: 1\nfor: garden\ncases:\n  - {case}\n"
    problems = found(tmp_path, facts=f"facts: {facts}\ncategories: {{}}\ndates: {{}}", garden=rules, garden__test=text)
    assert problems[-1].startswith("4 Q060 [a] the case cannot be run: ")


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (PlainQueue(("b", "a"), {}, {}), "'order' is a, b child by child and b, a by whole tables"),
        (PlainQueue(("a", "b"), {}, {}), "'decided_by' is b: right child by child and nothing by whole tables"),
        (
            PlainQueue(("a", "b"), {"b": "right"}, {"c": "age"}),
            "'refused' is nothing child by child and c: age by whole tables",
        ),
    ],
)
def test_evaluators_that_disagree_are_told(columns: PlainQueue, message: str) -> None:
    """Any difference between the definition and whole tables is an error of its own code."""
    plain = PlainQueue(("a", "b"), {"b": "right"}, {})
    (problem,) = disagreement(plain, columns, Mark(Place("k.test.yaml", 4)))
    assert (problem.code, problem.severity, problem.message) == ("Q064", "error", message)
    assert list(disagreement(plain, plain, Mark(Place("k.test.yaml", 4)))) == []


def test_a_condition_that_never_holds_is_a_warning(tmp_path: Path) -> None:
    """Once: that nobody notices the ground dropped is the same news; the figures say both."""
    report = check(tmp_path, garden__test=CASES.replace("police_child", "large_family"))
    (problem,) = report.problems
    assert told(problem) == "23 Q065 [id: police_child] in no case does 'right.first_turn.police_child' hold"
    assert (problem.severity, problem.place.file) == ("warning", str(tmp_path / "garden.yaml"))
    assert (report.covered, report.noticed) == ((3, 4), (4, 5))


def test_a_ground_that_holds_for_nobody_in_the_queue_is_not_tried(tmp_path: Path) -> None:
    """A right of a child who is not in the queue shows nothing about the order."""
    text = CASES.replace("documents: [police_child 2025-01-01..2026-12-31]", "documents: [large_family ..]")
    text = text.replace("application.number: 6", "application.number: 6, documents: [police_child ..]")
    assert found(tmp_path, garden__test=text) == [
        "23 Q065 [id: police_child] in no case does 'right.first_turn.police_child' hold"
    ]


def test_a_condition_that_never_fails_is_a_warning(tmp_path: Path) -> None:
    """An eligible item that refuses nobody in any case could be left out unseen."""
    lines = [line for line in CASES.splitlines() if "Женя" not in line and "Ева" not in line]
    assert found(tmp_path, garden__test="\n".join(lines)) == ["8 Q066 [id: age] in no case does 'eligible.age' fail"]


def test_a_step_that_never_decides_is_a_warning(tmp_path: Path) -> None:
    """Without two children who differ in nothing but the number, the number decides nowhere."""
    text = CASES.replace("1, application.number: 5", "5, application.number: 5").replace(
        "Дима: number", "Дима: submitted"
    )
    assert found(tmp_path, garden__test=text) == [
        "36 Q068 [id: number] in no case does 'number' decide who is before whom"
    ]


def test_nothing_untried_is_told_while_a_case_fails(tmp_path: Path) -> None:
    """First the case is mended; what is left untried would only be noise."""
    text = CASES.replace("police_child", "large_family").replace("Гена: right", "Гена: number")
    report = check(tmp_path, garden__test=text)
    assert [problem.code for problem in report.problems] == ["Q062"]
    assert report.rule_sets[0].mutants == 0


def test_a_rule_file_without_a_test_file_is_a_warning(tmp_path: Path) -> None:
    """The file that should stand beside it is named; the rules of another file's cases do not count."""
    (problem,) = check(tmp_path, other=RULES.replace("id: garden", "id: other")).problems
    assert str(problem).endswith(f"warning Q069: no test file tries 'other'; write {tmp_path / 'other.test.yaml'}")


def test_a_test_file_that_cannot_be_read_is_a_test_file(tmp_path: Path) -> None:
    """What is wrong with it is told, not that it is missing."""
    codes = {problem.code for problem in check(tmp_path, garden__test="tests: 1\n").problems}
    assert codes == {"Q005"}


def test_cases_of_broken_rules_are_not_run(tmp_path: Path) -> None:
    """The errors of the rule file are enough."""
    report = check(tmp_path, garden=RULES.replace("earliest:", "earlyest:"))
    assert (report.problems, report.cases) == ((), 0)


def test_a_test_file_asked_for_alone_brings_its_rules(tmp_path: Path) -> None:
    """The rule file that the cases are for is read when nobody asked for it."""
    folder = write_folder(tmp_path)
    assert check_cases(read_library([folder / "garden.test.yaml"])).cases == 1


def test_a_test_file_outside_a_rules_folder_has_no_rules(tmp_path: Path) -> None:
    """Without facts.yaml above it no id means anything."""
    (tmp_path / "garden.test.yaml").write_text(CASES, encoding="utf-8")
    report = check_cases(read_library([tmp_path / "garden.test.yaml"]))
    assert [problem.code for problem in report.problems] == ["Q040"]


def test_days_whose_amendments_cannot_be_made_are_left_to_the_check_of_rules(tmp_path: Path) -> None:
    """A case on a sound day is still run, and what is in force on the other days is not missed twice."""
    local = """rules: 1
id: town
level: municipality
extends: garden
title: {ru: Город, en: Town}
changes:
  - repeal: nothing
    basis: [{act: Закон}]
    in_force: {from: 2027-01-01}
"""
    report = check(tmp_path, town=local, town__test=CASES.replace("for: garden", "for: town"))
    assert report.problems == ()
    assert (report.cases, report.failed) == (2, 0)


def test_two_test_files_try_one_rule_file_together(tmp_path: Path) -> None:
    """What one of them leaves untried the other may try."""
    text = CASES.replace("police_child", "large_family")
    report = check(tmp_path, garden__test=text, more__test=CASES)
    assert report.problems == ()
    assert report.rule_sets[0].cases == 2


@pytest.mark.parametrize(("part", "whole", "expected"), [(0, 0, 100), (0, 3, 0), (199, 200, 99), (5, 5, 100)])
def test_only_all_is_a_hundred_per_cent(part: int, whole: int, expected: int) -> None:
    """A share is rounded down, and nothing of nothing is all of it."""
    assert percent(part, whole) == expected


def test_every_code_has_its_line() -> None:
    """The documentation lists the codes of this part from Q060 to Q069, each in one line."""
    assert list(CODES) == [f"Q06{digit}" for digit in range(10)]
    assert all("\n" not in text for text in CODES.values())
