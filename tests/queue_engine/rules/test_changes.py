"""An amendment says one thing, about one place, on a basis; anything else is told."""

from __future__ import annotations

import pytest
from tests.queue_engine.rules.conftest import TOWN, Folder

from queue_engine.facts import parse_date
from queue_engine.rules.loading import read_rules
from queue_engine.rules.model import Ground, Group, NamedTerm, Period, Reserve, Step

BASIS = "    basis: [{act: № 7}]\n"
NAMED = "      id: new\n      title: {ru: новое, en: new}\n"
WHEN = "      when: sibling.attends\n"
CITED = "      basis: [{act: № 7}]\n"
STEP = NAMED + "      yes_first: sibling.attends\n"
GROUND = NAMED + WHEN + CITED
GROUP = NAMED + "      everyone_else: yes\n"
RESERVE = NAMED + WHEN + CITED + "      one_in: 4\n"


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ("  - after: right\n", "Q007", "a change does exactly one of: add, replace, move, repeal"),
        ("  - repeal: sibling\n    move: sibling\n", "Q007",
         "a change does exactly one of: add, replace, move, repeal"),
        ("  - repeal: sibling\n    after: right\n", "Q005", "'repeal' has no into, after or before"),
        ("  - move: sibling\n", "Q005", "'move' needs exactly one of: after, before"),
        ("  - move: sibling\n    into: right\n", "Q005", "'move' needs exactly one of: after, before"),
        ("  - move: sibling\n    after: right\n    before: number\n", "Q005",
         "'move' needs exactly one of: after, before"),
        ("  - add:\n" + STEP, "Q005", "'add' needs exactly one of: into, after, before"),
        ("  - replace: sibling\n", "Q005", "'with' belongs to 'replace', and only to it"),
        ("  - repeal: sibling\n    with:\n" + STEP, "Q005", "'with' belongs to 'replace', and only to it"),
        ("  - add:\n" + NAMED + "    after: right\n", "Q007",
         "what is added is a step, a group, a ground, a reserve or a term; found id, title"),
        ("  - add: {}\n    after: right\n", "Q007",
         "what is added is a step, a group, a ground, a reserve or a term; found nothing"),
        ("  - add:\n      title: {ru: а, en: a}\n" + WHEN + "    into: terms\n", "Q005",
         "an added term must have 'id'"),
        ("  - repeal: sibling\n    in_force: {from: 2026-02-01, to: 2026-01-01}\n", "Q022",
         "the last day is before the first"),
        ("  - repeal: [sibling]\n", "Q003", "repeal must be one text"),
    ],
)  # fmt: skip
def test_a_change_that_says_too_little_or_too_much_is_told(
    folder: Folder, change: str, code: str, message: str
) -> None:
    """The problem names what a change of that verb has."""
    found = folder.problems(TOWN + change + BASIS, "town.yaml")
    assert (code, message) in [(each.code, each.message) for each in found]


def test_a_change_without_a_basis_is_told(folder: Folder) -> None:
    """Nobody amends the law without an act."""
    [problem] = folder.problems(TOWN + "  - repeal: sibling\n", "town.yaml")
    assert (problem.code, problem.message) == ("Q005", "a change must have 'basis'")


@pytest.mark.parametrize(
    ("item", "into", "kind"),
    [
        (STEP, "order", Step),
        (GROUP, "right", Group),
        (GROUND, "right.first_turn", Ground),
        (GROUND, "eligible", Ground),
        (RESERVE, "reserves", Reserve),
        (NAMED + WHEN, "terms", NamedTerm),
    ],
)
def test_what_is_added_is_told_by_its_keys(folder: Folder, item: str, into: str, kind: type) -> None:
    """Step, group, ground, reserve and term each show themselves by their own keys."""
    path = folder.write("town.yaml", TOWN + "  - add:\n" + item + f"    into: {into}\n" + BASIS)
    [change] = read_rules(path).changes
    assert type(change.item) is kind
    assert (change.verb, change.target, change.relation, change.anchor) == ("add", "", "into", into)


def test_a_change_keeps_its_days_or_takes_those_of_its_file(folder: Folder) -> None:
    """Days at the top of an amending file are those of every change that gives none."""
    head = TOWN.replace("changes:\n", "in_force: {from: 2026-02-01}\nchanges:\n")
    own = "  - repeal: number\n    in_force: {to: 2026-03-31}\n" + BASIS
    path = folder.write("town.yaml", head + "  - repeal: sibling\n" + BASIS + own)
    first, second = read_rules(path).changes
    assert first.in_force == Period(parse_date("2026-02-01"))
    assert second.in_force == Period(None, parse_date("2026-03-31"))


def test_a_term_added_by_a_town_serves_its_later_changes(folder: Folder) -> None:
    """Below the change that adds it the term is known; above it is not."""
    term = "  - add:\n" + NAMED + WHEN + "    into: terms\n" + BASIS
    user = (
        "  - add:\n"
        + STEP.replace("id: new", "id: own").replace("sibling.attends", "not new")
        + "    after: right\n"
        + BASIS
    )
    folder.write("town.yaml", TOWN + term + user)
    assert [change.verb for change in read_rules("rules/town.yaml").changes] == ["add", "add"]
    found = folder.problems(TOWN + user + term, "town.yaml")
    assert [(each.code, each.message) for each in found] == [("Q019", "unknown fact 'new'")]
