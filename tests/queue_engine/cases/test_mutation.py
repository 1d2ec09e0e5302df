from __future__ import annotations

from datetime import date
from pathlib import Path

import attrs
import pytest
from tests.queue_engine.cases.small_rules import CASES, CHILD, check, told, write_folder

from queue_engine.cases.coverage import Trial, try_case
from queue_engine.cases.files import Case, read_case_file
from queue_engine.cases.mutation import as_written, mutants, unnoticed
from queue_engine.rules.days import rules_on
from queue_engine.rules.loading import read_rules
from queue_engine.rules.model import RuleSet
from queue_engine.rules.one_by_one import PlainQueue, rank
from queue_engine.rules.source import read_source

LOCAL = """rules: 1
id: town
level: municipality
extends: garden
title: {ru: Город, en: Town}
changes:
  - add:
      id: police_first
      title: {ru: полиция, en: police}
      yes_first: confirmed(category.police_child)
    before: submitted
    basis: [{act: Закон}]
  - add:
      id: sibling
      title: {ru: брат, en: sibling}
      when: sibling.attends
      basis: [{act: Закон}]
    into: right.first_turn
    basis: [{act: Закон}]
"""


def trials(folder: Path, rules: str = "garden", cases: str = "garden") -> tuple[RuleSet, list[Trial]]:
    """Return a rule set of a folder and its cases, evaluated."""
    rule_set = read_rules(folder / f"{rules}.yaml")
    case_file = read_case_file(read_source(folder / f"{cases}.test.yaml"), lambda _: rule_set)
    assert case_file is not None
    return rule_set, [try_case(case, rules_on(rule_set, case.on, case.dates)) for case in case_file.cases]


def survivors(folder: Path, **files: str) -> list[str]:
    """Return the mutants of the small rules that no case notices."""
    return [mutant.what for mutant in unnoticed(*trials(write_folder(folder, **files)))[0]]


def test_every_ground_item_and_pair_of_steps_is_changed_once(tmp_path: Path) -> None:
    """The last step, without which two children could share a place, is never swapped."""
    rule_set, (trial,) = trials(write_folder(tmp_path))
    assert [mutant.what for mutant, _ in mutants(rule_set, trial.rules)] == [
        "'eligible.age' is dropped",
        "'right.first_turn.large_family' is dropped",
        "'right.first_turn.police_child' is dropped",
        "'right' and 'territory' change places",
        "'territory' and 'submitted' change places",
    ]


def test_a_case_that_tries_everything_notices_everything(tmp_path: Path) -> None:
    """All five mutants of the small rules fail in its one case."""
    assert unnoticed(*trials(write_folder(tmp_path))) == ([], 5)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("police_child", "large_family", ["'right.first_turn.police_child' is dropped"]),
        (
            "documents: [police_child 2025-01-01..2026-12-31]",
            "documents: [police_child .., large_family ..]",
            ["'right.first_turn.police_child' is dropped"],
        ),
    ],
)
def test_what_nobody_depends_on_is_not_noticed(tmp_path: Path, old: str, new: str, expected: list[str]) -> None:
    """A ground that holds for nobody, or only beside another one, can be dropped and every case still passes."""
    assert survivors(tmp_path, garden__test=CASES.replace(old, new)) == expected


def test_steps_that_agree_everywhere_can_be_swapped_unnoticed(tmp_path: Path) -> None:
    """Whoever lives in the territory filed first: the order shows no difference, only a named step would."""
    agreeing = CASES.replace("2026-01-04, application.number: 4", "2025-12-31, application.number: 4")
    assert survivors(tmp_path, garden__test=agreeing) == []
    silent = "\n".join(line for line in agreeing.splitlines() if "decided_by" not in line)
    assert survivors(tmp_path, garden__test=silent) == ["'territory' and 'submitted' change places"]


def test_an_unnoticed_mutant_is_a_warning_at_its_ground(tmp_path: Path) -> None:
    """The ground holds for a child and fails for another, and yet no case depends on it."""
    text = CASES.replace("[police_child 2025-01-01..2026-12-31]", "[police_child .., large_family ..]")
    (problem,) = check(tmp_path, garden__test=text).problems
    assert told(problem) == (
        "23 Q067 [id: police_child] every case still passes when 'right.first_turn.police_child' is dropped"
    )
    assert problem.severity == "warning"


def test_a_fact_that_only_a_dropped_item_needs_is_noticed(tmp_path: Path) -> None:
    """Without the item on age nobody needs the birth date, and a child without one comes into the queue."""
    text = CASES.replace("      Ева:  {child.birth_date: 2024-01-01, ", "      Ева:  {").replace(
        "Ева: age", "Ева: child.birth_date"
    )
    rule_set, (trial,) = trials(write_folder(tmp_path, garden__test=text))
    dropped = next(mutant for mutant, part in mutants(rule_set, trial.rules) if part is not None)
    assert "Ева" in trial.queue.refused
    assert "Ева" in rank(trial.records, dropped.rules).order
    assert dropped not in unnoticed(rule_set, [trial])[0]


def test_a_local_file_answers_for_its_own_changes_only(tmp_path: Path) -> None:
    """Its cases are asked about the ground and the step it adds, not about what the file above says."""
    folder = write_folder(tmp_path, town=LOCAL, town__test=CASES.replace("for: garden", "for: town"))
    rule_set, (trial,) = trials(folder, "town", "town")
    assert [mutant.what for mutant, _ in mutants(rule_set, trial.rules)] == [
        "'right.first_turn.sibling' is dropped",
        "'territory' and 'police_first' change places",
        "'police_first' and 'submitted' change places",
    ]


def test_a_moved_step_belongs_to_the_file_that_moves_it(tmp_path: Path) -> None:
    """On the days of the move its pairs are asked about; before that nothing is."""
    change = "  - move: territory\n    after: submitted\n    basis: [{act: Закон}]\n    in_force: {from: 2026-02-01}\n"
    folder = write_folder(tmp_path, town=LOCAL[: LOCAL.index("  - add")] + change)
    rule_set = read_rules(folder / "town.yaml")
    dates = {"study_start": date(2026, 9, 1)}
    before, after = (rules_on(rule_set, day, dates) for day in (date(2026, 1, 31), date(2026, 2, 1)))
    assert list(mutants(rule_set, before)) == []
    ((mutant, _),) = mutants(rule_set, after)
    assert mutant.what == "'submitted' and 'territory' change places"
    assert mutant.place.file == str(folder / "town.yaml")


def test_one_mutant_is_noticed_by_any_case(tmp_path: Path) -> None:
    """A mutant is the same in every case; one that fails is enough."""
    rule_set, (full,) = trials(write_folder(tmp_path))
    blind = CASES.replace("police_child", "large_family")
    _, (poor,) = trials(write_folder(tmp_path, garden__test=blind))
    assert len(unnoticed(rule_set, [poor])[0]) == 1
    assert unnoticed(rule_set, [poor, full]) == unnoticed(rule_set, [full, poor]) == ([], 5)


def test_cases_that_a_mutant_cannot_touch_are_passed_over_rightly(tmp_path: Path) -> None:
    """What is passed over would have passed: the answer is that of running every case under every mutant."""
    extra = f"""  - name: nobody has a right
    on: 2026-04-15
    dates: {{study_start: 2026-09-01}}
    children:
      Аня: {{{CHILD}1, application.number: 1}}
      Боря: {{application.number: 2, documents: [police_child ..]}}
    order: [Аня]
    not_in_queue: [Боря]
"""
    rule_set, tried = trials(write_folder(tmp_path, garden__test=CASES.replace("police_child", "large_family") + extra))
    seen = {}
    for trial in tried:
        for mutant, _ in mutants(rule_set, trial.rules):
            fails = not as_written(trial.case, rank(trial.records, mutant.rules))
            seen[mutant] = seen.get(mutant, False) or fails
    assert unnoticed(rule_set, tried) == ([mutant for mutant, noticed in seen.items() if not noticed], len(seen))


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, True),
        ({"order": ("a", "b")}, False),
        ({"decided_by": {"a": "number"}}, False),
        ({"refused": {}}, False),
        ({"refused": {"c": "active"}}, False),
        ({"refused": {"c": "age", "d": "age"}}, False),
    ],
)
def test_a_case_fails_by_order_step_or_reason(changed: dict[str, object], *, expected: bool) -> None:
    """Each of the three things that a case says can make it fail."""
    case = Case("a", date(2026, 9, 1), {}, {}, ("b", "a"), {"a": "right"}, {"c": "age"})
    queue = PlainQueue(("b", "a"), {"a": "right"}, {"c": "age"})
    assert as_written(case, attrs.evolve(queue, **changed)) is expected
