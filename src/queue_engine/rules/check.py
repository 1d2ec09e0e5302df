"""What is wrong with rules before anyone is ordered by them.

Gaps, an order that is not total, conditions that can never hold, grounds
without effect, amendments that clash. Each is decided exactly, for every day on
which the rules differ, and never suspected: a problem told here is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import attrs

from queue_engine.errors import Place, Problem, RuleError, errors_of
from queue_engine.rules.amendments import amend, in_force_on, regimes
from queue_engine.rules.conditions import All, Condition, atoms
from queue_engine.rules.contradictions import Domains, TooComplex, always, covered, impossible
from queue_engine.rules.loading import RuleLibrary
from queue_engine.rules.model import Change, Ground, LegalBasis, Reserve, ReserveKind, RuleSet, Step, StepKind, TieRule
from queue_engine.rules.source import SourceFile

_PER_CENT = 100
_OF_A_NAME = ("Q041", "Q042", "Q045", "Q047")
_NAMED = re.compile(r"[\w.]+")


def check_library(library: RuleLibrary) -> list[Problem]:
    """Return every problem of the files read: those of reading, and those of what the rules say together.

    Rules with errors of reading are not examined further: half of them would be guesses.

    Complexity: O(days on which rules change × conditions), each condition at most 4,096 conjunctions.

    >>> from queue_engine.rules.loading import read_library
    >>> check_library(read_library(["rules"]))
    []

    """
    broken = {problem.place.file for problem in library.problems if problem.severity == "error"}
    found = list(library.problems)
    known: list[Domains] = []
    for rule_set in library.rule_sets.values():
        if not broken & {*rule_set.files, rule_set.vocabulary.file}:
            found.extend(_Examination(rule_set, _domains(rule_set, known)).problems())
    with_source = [_with_source(problem, library.sources) for problem in found]
    return sorted(set(with_source))


def load_rules(path: str | Path) -> RuleSet:
    """Return the rule set of a file, read with all it extends and examined; rules with errors do not load.

    Args:
        path: a rule file; facts.yaml stands in its folder or in one above it.

    Raises:
        RuleError: something is wrong in any of the files; carries every problem, with its source line.

    Complexity: that of `check_library` for the files involved.

    >>> load_rules("rules/region-74/camp.yaml").title.en
    'Camp voucher'

    """
    library = RuleLibrary()
    made = library.add(Path(path))
    problems = check_library(library)
    if errors_of(problems) or made is None:
        raise RuleError(problems)
    return made


def check_rules(rule_set: RuleSet) -> list[Problem]:
    """Return what is wrong with one rule set on any day, each problem once.

    >>> check_rules(load_rules("rules/region-74/camp.yaml"))
    []

    """
    return sorted(set(_Examination(rule_set, _domains(rule_set, [])).problems()))


def _domains(rule_set: RuleSet, known: list[Domains]) -> Domains:
    """Return what is granted for a rule set: that of an earlier one, with all found there, when nothing differs."""
    dates = {name: given.day for name, given in rule_set.dates.items()}
    fresh = Domains(rule_set.vocabulary, rule_set.conventions, dates)
    if fresh not in known:
        known.append(fresh)
    return known[known.index(fresh)]


def unchecked_bases(rule_sets: Iterable[RuleSet]) -> Iterator[tuple[str, str, LegalBasis]]:
    """Yield (rule set, address, citation) of every basis nobody has compared with the official text, each once."""
    seen: set[tuple[Place, LegalBasis]] = set()
    for rule_set in rule_sets:
        for address, basis in rule_set.bases():
            if basis.checked is None and (basis.place, basis) not in seen:
                seen.add((basis.place, basis))
                yield rule_set.id, address, basis


@attrs.define
class _Finding:
    """What holds of one place on some of the days on which it is in force."""

    days: int = 0
    found: int = 0
    problem: Problem | None = None


class _Examination:
    """One rule set looked at on every day on which it differs from the day before."""

    def __init__(self, rule_set: RuleSet, domains: Domains) -> None:
        self._rule_set = rule_set
        self._domains = domains
        self._problems: list[Problem] = []
        self._always: dict[tuple[str, Place], _Finding] = {}

    def problems(self) -> list[Problem]:
        days = regimes(self._rule_set) or [0]
        for day in days:
            self._on(day)
        self._never_in_force(days)
        whole = [each.problem for each in self._always.values() if each.days == each.found and each.problem is not None]
        return [*self._problems, *whole]

    def _report(self, code: str, place: Place, message: str, remedy: str = "", severity: str = "error") -> None:
        self._problems.append(Problem(place, code, message, remedy, severity))

    def _on_every_day(self, code: str, place: Place, problem: Problem | None) -> None:
        """Count a finding that is a problem only when it holds on every day its place is in force."""
        finding = self._always.setdefault((code, place), _Finding())
        finding.days += 1
        finding.found += problem is not None
        finding.problem = problem or finding.problem

    def _on(self, day: int) -> None:
        idle: dict[Place, Problem] = {}

        def report(code: str, place: Place, message: str, remedy: str) -> None:
            if code == "Q044":
                idle[place] = Problem(place, code, message, remedy)
            else:
                self._report(code, place, message, remedy)

        amended = amend(self._rule_set, day, report)
        for change in self._rule_set.changes:
            if day in change.in_force:
                self._on_every_day("Q044", change.place, idle.get(change.place))
        rules = in_force_on(amended, day)
        self._total(rules)
        self._reserves(rules)
        for step in rules.order:
            self._step(step)
        for item in rules.eligible:
            self._possible(item.when, item.id, item.when_place)
            self._on_every_day("Q052", item.when_place, self._excludes_nobody(item))
        for reserve in rules.reserves:
            self._possible(reserve.when, reserve.id, reserve.when_place)

    # the order

    def _total(self, rules: RuleSet) -> None:
        place = rules.order[-1].place if rules.order else Place(rules.files[-1] if rules.files else rules.id)
        facts = rules.vocabulary.facts
        unique = [index for index, step in enumerate(rules.order) if step.fact and facts[step.fact].unique]
        if not unique:
            names = [name for name, fact in facts.items() if fact.unique]
            example = f"- id: number … lowest: {names[0]}" if names else "a fact marked 'unique: yes' in facts.yaml"
            self._report(
                "Q031",
                place,
                "two children could share a position: the last step must use a unique fact",
                f"add '{example}' as the last step",
            )
        for step in rules.order[unique[0] + 1 :] if unique else ():
            self._report(
                "Q034",
                step.place,
                f"'{step.id}' never decides: it stands after a step no two children share",
                "move it up, or remove it",
                "warning",
            )

    def _step(self, step: Step) -> None:
        if step.kind is StepKind.YES_FIRST and step.condition is not None:
            self._possible(step.condition, step.id, step.when_place)
            self._on_every_day("Q052", step.when_place, self._holds_for_all(step))
        if step.kind is not StepKind.GROUPS:
            return
        open_ended = [index for index, group in enumerate(step.groups) if group.everyone_else]
        if open_ended != [len(step.groups) - 1]:
            self._report(
                "Q030",
                step.place,
                f"step '{step.id}' leaves a gap: its last group, and only that, must be for everyone else",
                "end the groups with {id: others, title: …, everyone_else: yes}",
            )
        earlier: list[tuple[Ground, str]] = []
        for group, ground in step.grounds():
            possible = self._possible(ground.when, ground.id, ground.when_place)
            self._on_every_day("Q051", ground.place, self._no_effect(ground, group.id, earlier) if possible else None)
            earlier.append((ground, group.id))

    # conditions

    def _possible(self, when: Condition, name: str, place: Place) -> bool:
        try:
            never = impossible(when, self._domains)
        except TooComplex:
            self._report(
                "Q054",
                place,
                f"'{name}' is too complex to examine",
                "write several simpler conditions instead",
                "warning",
            )
            return False
        message = f"'{name}' can never hold: its conditions exclude each other"
        there = attrs.evolve(place, column=place.column + self._excluding(when)) if never and place.column else place
        problem = Problem(there, "Q050", message, "correct the condition, or remove it") if never else None
        self._on_every_day("Q050", place, problem)
        return not never

    def _excluding(self, when: Condition) -> int:
        """Return the offset of the first of the parts joined by `and` that leaves nobody."""
        *before, last = _joined(when)
        with suppress(TooComplex):  # the whole was decided; a beginning of it need not be
            for count, part in enumerate(before, start=1):
                if impossible(All(tuple(before[:count])), self._domains):
                    last = part
                    break
        return next((atom.at for atom in atoms(last)), 0)

    def _excludes_nobody(self, item: Ground) -> Problem | None:
        return self._when_always(item.when, item.when_place, f"'{item.id}' excludes nobody: it always holds")

    def _holds_for_all(self, step: Step) -> Problem | None:
        assert step.condition is not None
        return self._when_always(step.condition, step.when_place, f"'{step.id}' never decides: it holds for everybody")

    def _when_always(self, when: Condition, place: Place, message: str) -> Problem | None:
        try:
            if always(when, self._domains):
                return Problem(place, "Q052", message, "correct the condition, or remove it", "warning")
        except TooComplex:
            pass  # told by _possible
        return None

    def _no_effect(self, ground: Ground, group: str, earlier: list[tuple[Ground, str]]) -> Problem | None:
        """Return the problem that everyone a ground covers has an earlier ground of the step."""
        try:
            for other, other_group in earlier:
                if covered(ground.when, (other.when,), self._domains):
                    return _covered_by(
                        ground, f"'{other.id}' ({other_group}, line {other.place.line})", other_group == group
                    )
            if len(earlier) > 1 and covered(ground.when, tuple(other.when for other, _ in earlier), self._domains):
                return _covered_by(ground, "one of the grounds before it", all(g == group for _, g in earlier))
        except TooComplex:
            pass  # told by _possible
        return None

    # reserves and periods

    def _reserves(self, rules: RuleSet) -> None:
        for kind in (ReserveKind.SEATS, ReserveKind.SHARE):
            shares = [reserve for reserve in rules.reserves if reserve.kind is kind and reserve.percent]
            total = sum(reserve.amount for reserve in shares)
            if total > _PER_CENT and kind is ReserveKind.SEATS:
                message = f"reserves set aside {total} % of the seats"
                self._report("Q053", shares[-1].place, message, "lower the shares to 100 % together")
        if rules.ties != TieRule() and rules.reserves:
            first = rules.reserves[0]
            message = f"'{first.id}' sets places aside, and equals are placed together or not at all ('ties')"
            self._report("Q056", first.place, message, "write 'ties: lottery', or leave out the reserve")
        moving = [reserve for reserve in rules.reserves if reserve.changes_positions]
        if len(moving) > 1 and any(reserve.kind is ReserveKind.ONE_IN for reserve in moving):
            message = f"'{moving[-1].id}' and '{moving[0].id}' both change positions, one of them by one_in"
            self._report("Q055", moving[-1].place, message, "keep one of them: the law orders a place once")

    def _never_in_force(self, days: list[int]) -> None:
        rules = self._rule_set
        members: list[Ground | Step | Reserve | Change] = [*rules.eligible, *rules.order, *rules.reserves]
        members.extend(rules.changes)
        members.extend(ground for step in rules.order for _, ground in step.grounds())
        for member in members:
            if member.in_force and not any(day in member.in_force for day in days):
                name = getattr(member, "id", "this change")
                self._report(
                    "Q026",
                    member.place,
                    f"'{name}' is never in force: its days lie outside those of the file",
                    "correct 'in_force', here or at the top",
                )


def _covered_by(ground: Ground, by: str, same_group: bool) -> Problem:  # noqa: FBT001
    message = f"'{ground.id}' has no effect: every child it covers already has {by}, in force at the same time"
    severity = "warning" if same_group else "error"
    remedy = "it still names the reason in explanations" if same_group else "remove it, or correct its condition"
    return Problem(ground.place, "Q051", message, remedy, severity)


def _joined(when: Condition) -> tuple[Condition, ...]:
    return tuple(part for each in when.conditions for part in _joined(each)) if isinstance(when, All) else (when,)


def _with_source(problem: Problem, sources: dict[str, SourceFile]) -> Problem:
    """Return the problem with its source line, for the caret display."""
    source = sources.get(problem.place.file)
    if problem.source or source is None or not problem.place.line:
        return problem
    line = source.line_text(problem.place.line)
    named = _NAMED.match(line, problem.place.column - 1) if problem.code in _OF_A_NAME else None
    return attrs.evolve(problem, source=line, width=len(named[0]) if named else problem.width)
