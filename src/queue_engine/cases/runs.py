"""One case beside a rule file, evaluated child by child and by whole tables, and in what it is not met."""

from __future__ import annotations

from collections.abc import Iterator

from queue_engine.cases.coverage import Trial, try_case
from queue_engine.cases.files import Case, CaseFile, Mark
from queue_engine.errors import OrderError, Problem, QueueEngineError, RuleError
from queue_engine.facts import Unknown, day_to_date
from queue_engine.ordering import order
from queue_engine.rules.days import facts_needed, rules_on
from queue_engine.rules.model import RuleSet
from queue_engine.rules.one_by_one import PlainQueue, first_difference, key, reserve_between
from queue_engine.spelling import nearest
from queue_engine.tables import OPEN_END, SINCE_EVER, build_tables

_PROGRAMME = "programme"
_SHOWN = 5


def run_cases(rule_set: RuleSet, case_file: CaseFile) -> list[Problem]:
    """Return in what the cases of a file are not met, each evaluated by columns and child by child.

    Args:
        rule_set: the one the file is for, as read.
        case_file: from `read_case_file`.

    Complexity: O(cases × children × conditions).

    >>> from queue_engine.facts import Title, Vocabulary
    >>> run_cases(RuleSet("k", "region", Title("", ""), Vocabulary({}, {}, {})), CaseFile("k.test.yaml", "k"))
    []

    """
    return [problem for case in case_file.cases for problem in run_case(rule_set, case)[1]]


def run_case(rule_set: RuleSet, case: Case) -> tuple[Trial | None, list[Problem]]:
    """Return one case evaluated, None when it cannot be, and in what it is not met.

    Complexity: O(children × conditions).
    """
    try:
        rules = rules_on(rule_set, case.on, case.dates)
    except RuleError as error:
        return None, [_cannot_run(case.mark("on"), problem) for problem in error.problems]
    except OrderError as error:
        return None, [_cannot_run(case.mark("dates"), problem) for problem in error.problems]
    trial = try_case(case, rules)
    unknown = list(_unknown_names(trial))
    if unknown:
        return trial, unknown
    try:
        columns = by_columns(rule_set, case)
    except QueueEngineError as error:
        return trial, [_cannot_run(case.mark(""), problem) for problem in error.problems]
    return trial, [*_unmet(trial), *disagreement(trial.queue, columns, case.mark(""))]


def _cannot_run(mark: Mark, problem: Problem) -> Problem:
    remedy = "write the date under 'dates'" if problem.code == "Q029" else problem.remedy
    return mark.problem("Q060", f"the case cannot be run: {problem.message}", remedy=remedy)


def _unknown_names(trial: Trial) -> Iterator[Problem]:
    """Yield the steps and reasons that the rules of the day do not have."""
    case, rules = trial.case, trial.rules
    day = f"on {case.on} '{rules.id}' has no"
    steps = [step.id for step in rules.order]
    steps += [reserve.id for reserve in rules.reserves if reserve.changes_positions]
    for name, step in case.decided_by.items():
        if step not in steps:
            remedy = nearest(step, steps) or f"its steps: {', '.join(steps)}"
            yield case.mark("decided_by", name).problem("Q041", f"{day} step '{step}'", remedy=remedy, found=step)
    reasons = [ground.id for ground in rules.eligible]
    reasons += [fact for fact in sorted(facts_needed(rules)) if rules.vocabulary.facts[fact].unknown is Unknown.REFUSE]
    for name, reason in case.not_in_queue.items():
        if reason and reason not in reasons:
            remedy = nearest(reason, reasons) or f"its reasons: {', '.join(reasons)}"
            message = f"{day} eligible item or needed fact '{reason}'"
            yield case.mark("not_in_queue", name).problem("Q041", message, remedy=remedy, found=reason)


def _unmet(trial: Trial) -> Iterator[Problem]:
    """Yield where the queue child by child is not what the case says."""
    case, queue = trial.case, trial.queue
    for name in case.order:
        if name in queue.refused:
            message = f"'{name}' should be in the queue, but is not because of '{queue.refused[name]}'"
            yield case.mark("order", name).problem("Q063", message, expected="in the queue", found=queue.refused[name])
    for name, reason in case.not_in_queue.items():
        found = queue.refused.get(name, "")
        if not found:
            message = f"'{name}' should not be in the queue, but stands at place {queue.order.index(name) + 1}"
        elif reason and reason != found:
            message = f"'{name}' should be refused by '{reason}', but is by '{found}'"
        else:
            continue
        yield case.mark("not_in_queue", name).problem("Q063", message, expected=reason, found=found)
    if queue.order != case.order:
        yield from _other_order(trial)
        return  # who stands behind whom is told already
    for name, step in case.decided_by.items():
        found = queue.decided_by[name]
        if found != step:
            before = case.order[case.order.index(name) - 1]
            message = f"'{name}' stands behind '{before}' by '{found}', not by '{step}'"
            yield case.mark("decided_by", name).problem("Q062", message, expected=step, found=found)


def _other_order(trial: Trial) -> Iterator[Problem]:
    """Yield the first place at which those who are in both orders stand differently."""
    case, queue = trial.case, trial.queue
    expected = [name for name in case.order if name not in queue.refused]
    found = [name for name in queue.order if name in expected]
    at = next((at for at, pair in enumerate(zip(expected, found, strict=True)) if pair[0] != pair[1]), None)
    if at is None:
        return
    step = _between(found[at], expected[at], trial)
    message = (
        f"expected {_shown(expected, at)}, found {_shown(found, at)}: "
        f"'{step}' puts '{found[at]}' before '{expected[at]}'"
    )
    mark = case.mark("order", expected[at])
    yield mark.problem("Q061", message, expected=", ".join(expected), found=", ".join(found))


def _shown(names: list[str], at: int) -> str:
    """Return the names around the place where two orders part."""
    first = max(0, min(at - 1, len(names) - _SHOWN))
    shown = ", ".join(names[first : first + _SHOWN])
    return f"{'… ' if first else ''}{shown}{' …' if first + _SHOWN < len(names) else ''}"


def _between(ahead: str, behind: str, trial: Trial) -> str:
    """Return the step or reserve that puts one child before another."""
    rules, records = trial.rules, trial.records
    own, other = key(records[ahead], rules), key(records[behind], rules)
    if own < other:
        return rules.order[first_difference(own, other)].id
    moving = [reserve for reserve in rules.reserves if reserve.changes_positions]
    entitled = {
        part.address.removeprefix("reserves."): set(names)
        for part, names in trial.holding.items()
        if part.address.startswith("reserves.")
    }
    return reserve_between(ahead, behind, moving, entitled)


def disagreement(plain: PlainQueue, columns: PlainQueue, mark: Mark) -> Iterator[Problem]:
    """Yield that whole tables give another queue than the definition, which must never be.

    Args:
        plain: the queue child by child.
        columns: the queue by whole tables.
        mark: where the case stands.

    >>> from queue_engine.errors import Place
    >>> one, other = PlainQueue(("a", "b"), {"b": "number"}, {}), PlainQueue(("b", "a"), {"a": "number"}, {})
    >>> next(disagreement(one, other, Mark(Place("k.test.yaml", 4)))).message
    "'order' is a, b child by child and b, a by whole tables"

    """
    remedy = "this is a fault of the engine, not of the rules: report it with this case"
    for what in ("order", "decided_by", "refused"):
        mine, other = getattr(plain, what), getattr(columns, what)
        if mine != other:
            message = f"'{what}' is {_told(mine)} child by child and {_told(other)} by whole tables"
            yield mark.problem("Q064", message, remedy=remedy)
            return


def _told(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {text}" for name, text in sorted(value.items())) or "nothing"
    return ", ".join(map(str, value)) if isinstance(value, tuple) and value else "nothing"


def by_columns(rule_set: RuleSet, case: Case) -> PlainQueue:
    """Return the queue of a case as `ordering.order` gives it for tables with one programme.

    Args:
        rule_set: as read.
        case: its children become applications.

    Raises:
        TableError: the tables of the case cannot be used.
        OrderError: a date is not given.

    Complexity: that of `ordering.order`.

    """
    vocabulary = rule_set.vocabulary
    names = list(case.children)
    # Every fact that some child lacks and the rules cannot do without needs its column, or nothing would be ordered.
    written = {fact for child in case.children.values() for fact in child.facts}
    facts = [name for name, fact in vocabulary.facts.items() if name in written or fact.unknown is Unknown.REFUSE]
    columns = {fact: [child.facts.get(fact, "") for child in case.children.values()] for fact in facts}
    ids = [str(number) for number in range(1, len(names) + 1)]
    entries = {"application": ids, "programme": [_PROGRAMME] * len(ids), **columns}
    tables = build_tables(vocabulary, entries, documents=_documents(case))
    queues = order(tables, rule_set, case.on, case.dates)
    queue = queues[_PROGRAMME]
    name_of = dict(zip(ids, names, strict=True))
    placed = [name_of[application] for application in queue]
    decided = {name: step for name, step in zip(placed, queue.decided_by(), strict=True) if step}
    refused = {
        name_of[outside.application]: outside.reasons[0]
        for outside in queues.not_in_queue()
        if outside.queue == _PROGRAMME
    }
    return PlainQueue(tuple(placed), decided, refused)


def _documents(case: Case) -> dict[str, list[str]] | None:
    """Return the documents table of a case; None when nobody has one."""
    rows = [(number, paper) for number, child in enumerate(case.children.values(), 1) for paper in child.documents]
    if not rows:
        return None
    return {
        "application": [str(number) for number, _ in rows],
        "category": [paper.category for _, paper in rows],
        "from": ["" if paper.first == SINCE_EVER else str(day_to_date(paper.first)) for _, paper in rows],
        "to": ["" if paper.last == OPEN_END else str(day_to_date(paper.last)) for _, paper in rows],
        "confirmed": ["yes" if paper.confirmed else "no" for _, paper in rows],
    }
