"""The tests that stand beside rules: every case run by both evaluators, and what no case tries.

They stand here and not among the rules because they run whole tables through
`ordering`, the path that real queues take.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import attrs

from queue_engine.cases.coverage import ELIGIBLE, Coverage, Part, Trial, measure
from queue_engine.cases.files import Case, CaseFile, read_case_file
from queue_engine.cases.mutation import Mutant, unnoticed
from queue_engine.cases.runs import run_case, run_cases
from queue_engine.errors import Place, Problem, errors_of
from queue_engine.rules.loading import TEST_SUFFIX, RuleLibrary
from queue_engine.rules.model import RuleSet
from queue_engine.rules.source import SourceFile, read_source
from queue_engine.rules.vocabulary import FACTS_FILE, find_root
from queue_engine.spelling import nearest

__all__ = ["CODES", "CaseFile", "CaseReport", "RuleSetTried", "check_cases", "percent", "read_case_file", "run_cases"]

CODES = {
    "Q060": "a case cannot be read or run: its shape, a child nobody knows, a child nobody lists",
    "Q061": "the order is not the one the case expects",
    "Q062": "another step than the case says puts a child behind the one before",
    "Q063": "a child is in the queue, or is not, or is not for the reason the case says",
    "Q064": "the two evaluators give different queues: a fault of the engine, not of the rules",
    "Q065": "a condition that holds in no case",
    "Q066": "a condition that fails in no case",
    "Q067": "a ground or item can be dropped, or two steps swapped, and every case still passes",
    "Q068": "a step that decides in no case",
    "Q069": "a rule file without a test file",
}
"""What each problem of the tests beside rules means."""

_WIDEST = 40


@attrs.frozen
class RuleSetTried:
    """How far the cases of one rule set try it.

    Args:
        id: the rule set.
        cases: how many cases were run.
        failed: how many of them did not give what they expect.
        conditions: grounds, eligible items, conditions of steps and reserves that its own file writes.
        covered: those of them seen both to hold and to fail.
        mutants: the ways in which one thing was changed; 0 when a case fails.
        noticed: those that some case noticed.

    """

    id: str
    cases: int
    failed: int
    conditions: int = 0
    covered: int = 0
    mutants: int = 0
    noticed: int = 0


@attrs.frozen
class CaseReport:
    """What running the tests beside rules found.

    Args:
        problems: of the test files and of what they leave untried, sorted by place.
        rule_sets: the figures of each rule set that has cases, by id.

    >>> report = CaseReport((), (RuleSetTried("garden", cases=3, failed=0, conditions=4, covered=4),))
    >>> report.cases, report.covered
    (3, (4, 4))

    """

    problems: tuple[Problem, ...]
    rule_sets: tuple[RuleSetTried, ...]

    @property
    def cases(self) -> int:
        """The number of cases that were run."""
        return sum(tried.cases for tried in self.rule_sets)

    @property
    def failed(self) -> int:
        """The number of cases that did not give what they expect."""
        return sum(tried.failed for tried in self.rule_sets)

    @property
    def covered(self) -> tuple[int, int]:
        """How many conditions were seen both to hold and to fail, of how many."""
        return sum(tried.covered for tried in self.rule_sets), sum(tried.conditions for tried in self.rule_sets)

    @property
    def noticed(self) -> tuple[int, int]:
        """How many mutants some case noticed, of how many."""
        return sum(tried.noticed for tried in self.rule_sets), sum(tried.mutants for tried in self.rule_sets)


def percent(part: int, whole: int) -> int:
    """Return a share in whole per cent, rounded down; 100 of nothing.

    >>> percent(2, 3), percent(0, 0)
    (66, 100)

    """
    return part * 100 // whole if whole else 100


def check_cases(library: RuleLibrary) -> CaseReport:
    """Return what the test files of a library find; rule files that only they name are read into it.

    Cases of rule files that have errors themselves are not run.

    Args:
        library: from `rules.loading.read_library`; `tests` are the files to run.

    Complexity: O(cases × children × conditions) for the cases, times the mutants at most.

    >>> check_cases(RuleLibrary()).cases
    0

    """
    problems: list[Problem] = []
    tried: dict[str, list[Case]] = {}
    by_id: dict[str, RuleSet] = {}
    tested: set[str] = set()
    for path in dict.fromkeys(library.tests):
        source = read_source(path)
        library.sources.setdefault(source.name, source)
        name, cases = _read(library, path, source, by_id)
        problems += source.problems
        tested |= {name, by_id[name].id} if name in by_id else {name}
        if name in by_id:
            tried.setdefault(name, []).extend(cases)
    rule_sets = []
    for name, cases in sorted(tried.items()):
        found, figures = _try_rule_set(by_id[name], cases, library)
        problems += found
        rule_sets.append(figures)
    problems += _without_tests(library, tested)
    return CaseReport(tuple(sorted(set(problems))), tuple(rule_sets))


def _read(library: RuleLibrary, path: Path, source: SourceFile, by_id: dict[str, RuleSet]) -> tuple[str, list[Case]]:
    """Return what a test file tries, a rule set's id or else the file's own path, and its cases.

    The rule set goes to `by_id` when it has no errors.
    """
    absent: list[str] = []

    def find(name: str) -> RuleSet | None:
        file = _rule_file(path, name)
        if file is None:
            absent.append(name)
            return None
        found = library.add(file)
        if found is None or _broken(library, found):
            return None
        by_id[name] = found
        return found

    case_file = read_case_file(source, find)
    if case_file is None or not case_file.for_id:
        return str(path), []
    for name in absent:
        remedy = nearest(name, library.rule_sets) or "write its path below the rules folder, without .yaml"
        message = f"there is no rule file '{name}'"
        source.problems.append(case_file.mark.problem("Q040", message, remedy=remedy, found=name))
    return str(path) if absent else case_file.for_id, list(case_file.cases)


def _rule_file(path: Path, name: str) -> Path | None:
    """Return the rule file of an id that the test file at `path` names; None when there is none."""
    root = find_root(path.parent)
    if root is None:
        return None
    target = root / f"{name}.yaml"
    if target.name == FACTS_FILE or not target.is_file():
        return None
    beside = path.with_name(f"{path.name.removesuffix(TEST_SUFFIX)}.yaml")
    return beside if beside.is_file() and beside.resolve() == target.resolve() else target


def _broken(library: RuleLibrary, rule_set: RuleSet) -> bool:
    """Return whether a rule set, or the vocabulary under it, could not be read without errors."""
    files = {*rule_set.files, rule_set.vocabulary.file}
    return any(problem.place.file in files for problem in errors_of(library.problems))


def _try_rule_set(rule_set: RuleSet, cases: list[Case], library: RuleLibrary) -> tuple[list[Problem], RuleSetTried]:
    """Return what the cases of one rule set find, and how far they try it."""
    problems: list[Problem] = []
    passed: list[Trial] = []
    for case in cases:
        trial, found = run_case(rule_set, case)
        problems += found
        if trial is not None and not found:
            passed.append(trial)
    failed = len(cases) - len(passed)
    coverage = measure(rule_set, passed)
    figures = RuleSetTried(rule_set.id, len(cases), failed, len(coverage.conditions), coverage.covered)
    if failed:
        return problems, figures  # what is tried shows only when every case passes
    survivors, mutants = unnoticed(rule_set, passed)
    told = list(_untried(coverage))
    already = {part.address for part, *_ in told}
    told += [
        (Part("mutant", mutant.what, mutant.place), *_survivor(mutant))
        for mutant in survivors
        if already.isdisjoint(mutant.parts)
    ]
    problems += [_warning(library, part, code, message, remedy) for part, code, message, remedy in told]
    return problems, attrs.evolve(figures, mutants=mutants, noticed=mutants - len(survivors))


def _untried(coverage: Coverage) -> Iterator[tuple[Part, str, str, str]]:
    """Yield the parts that no case tries: part, code, message, remedy."""
    for part in coverage.conditions:
        if part not in coverage.held:
            yield part, "Q065", f"in no case does '{part.address}' hold", "add a child for whom it holds"
        elif part not in coverage.failed:
            what = "is not eligible" if part.kind == ELIGIBLE else "is without it"
            yield part, "Q066", f"in no case does '{part.address}' fail", f"add a child who {what}"
    for part in coverage.deciders:
        if part not in coverage.decided:
            remedy = "add two children who differ in nothing more important"
            yield part, "Q068", f"in no case does '{part.address}' decide who is before whom", remedy


def _survivor(mutant: Mutant) -> tuple[str, str, str]:
    dropped = len(mutant.parts) == 1
    swapped = "add two children whom the two steps order differently"
    remedy = "add a child who depends on it alone" if dropped else swapped
    return "Q067", f"every case still passes when {mutant.what}", remedy


def _warning(library: RuleLibrary, part: Part, code: str, message: str, remedy: str) -> Problem:
    """Return a warning at a part of a rule file."""
    place = part.place
    source = library.sources.get(place.file)
    line = source.line_text(place.line) if source is not None else ""
    width = max(1, min(len(line) - place.column + 1, _WIDEST)) if place.column else 1
    return Problem(place, code, message, remedy, "warning", found=part.address, source=line, width=width)


def _without_tests(library: RuleLibrary, tested: set[str]) -> Iterator[Problem]:
    """Yield the rule files asked for that have no test file."""
    for name in library.asked:
        rule_set = library.rule_sets[name]
        file = rule_set.files[-1] if rule_set.files else name
        beside = f"{file.removesuffix('.yaml')}{TEST_SUFFIX}"
        if name not in tested and beside not in tested:
            remedy = f"write {beside}"
            yield Problem(Place(file), "Q069", f"no test file tries '{name}'", remedy, "warning", expected=beside)
