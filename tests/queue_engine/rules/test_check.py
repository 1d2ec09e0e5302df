"""Gaps, ties, dead parts and clashing reserves are told, on the days they exist and no others."""

from __future__ import annotations

import pytest
from tests.queue_engine.rules.conftest import BASE, FACTS, HEAD, NUMBER, RIGHT, SIBLING, TOWN, Folder

from queue_engine import check_library, read_library
from queue_engine.errors import RuleError
from queue_engine.facts import Title, Vocabulary
from queue_engine.rules.check import check_rules, load_rules, unchecked_bases
from queue_engine.rules.loading import read_rules
from queue_engine.rules.model import RuleSet

LARGE = "confirmed(category.large_family)"
ELIGIBLE = """\
eligible:
  - id: age
    title: {{ru: возраст, en: age}}
    when: {when}
    basis: [{{act: 273-ФЗ}}]
"""
OTHERS = """\
      - id: others
        title: {ru: Остальные, en: Others}
        everyone_else: yes
"""
SECOND = """\
          - id: second
            title: {{ru: второе, en: second}}
            when: {when}
            {extra}
            basis: [{{act: № 2}}]
"""
RESERVE = """\
  - id: {id}
    title: {{ru: места, en: seats}}
    {kind}
    when: confirmed(category.{category})
    basis: [{{act: № 900}}]
"""
SEATS = "seats: {}\n    filled: before_general\n    unused: general"
SHARE = "share: {}\n    at: every_position"


def told(folder: Folder, text: str, name: str = "k.yaml") -> list[tuple[str, str, str]]:
    """Return severity, code and message of everything wrong with a file."""
    return [(each.severity, each.code, each.message) for each in folder.problems(text, name)]


def with_second(when: str, extra: str = "sensitive: no") -> str:
    """Return the base file with a second ground in the group of the first."""
    return BASE.replace("      - id: others\n", SECOND.format(when=when, extra=extra) + "      - id: others\n")


def reserves(*kinds: tuple[str, str]) -> str:
    """Return the base file with reserves of the given kinds, each for a category."""
    parts = [RESERVE.format(id=f"r{at}", kind=kind, category=name) for at, (kind, name) in enumerate(kinds)]
    return BASE + "reserves:\n" + "".join(parts)


def test_sound_rules_have_no_problem(folder: Folder) -> None:
    """The base file of these tests is itself beyond reproach."""
    assert told(folder, BASE) == []
    assert check_rules(read_rules("rules/k.yaml")) == []


def test_rules_that_are_not_sound_do_not_load(folder: Folder) -> None:
    """What is read without a slip, but orders nobody for sure, is refused with its source line."""
    path = folder.write("k.yaml", HEAD + "order:\n" + RIGHT + SIBLING)
    assert read_rules(path).id == "k"
    with pytest.raises(RuleError) as refused:
        load_rules(path)
    [problem] = refused.value.problems
    assert (problem.code, problem.source) == ("Q031", "  - id: sibling")


def test_rules_with_a_slip_are_not_examined_further(folder: Folder) -> None:
    """Half of what a check would say of unreadable rules would be guesses."""
    text = HEAD + "order:\n" + RIGHT + SIBLING.replace("sibling.attends", "sibling.atends")
    assert [code for _, code, _ in told(folder, text)] == ["Q019"]


def test_a_slip_of_the_vocabulary_stops_the_examination_of_its_rules(folder: Folder) -> None:
    """Rules are examined against the words they use."""
    folder.write("facts.yaml", FACTS + "colours: {}\n")
    assert [code for _, code, _ in told(folder, HEAD + "order:\n" + RIGHT + SIBLING)] == ["Q004"]


def test_without_a_unique_fact_the_vocabulary_is_to_be_changed(folder: Folder) -> None:
    """The remedy names a step that can be written, or else the fact that is missing."""
    folder.write("facts.yaml", FACTS.replace(", unique: yes", ""))
    [problem] = folder.problems(BASE)
    assert (problem.code, problem.remedy) == (
        "Q031", "add 'a fact marked 'unique: yes' in facts.yaml' as the last step",
    )  # fmt: skip


def test_an_order_without_steps_is_told_at_the_file(folder: Folder) -> None:
    """An empty order ranks nobody."""
    [problem] = folder.problems(HEAD + "order: []\n")
    assert (problem.code, str(problem.place)) == ("Q031", "rules/k.yaml")
    bare = check_rules(RuleSet("k", "region", Title("", ""), Vocabulary({}, {}, {})))
    assert [(each.code, str(each.place)) for each in bare] == [("Q031", "k")]


def test_a_step_after_the_unique_one_never_decides(folder: Folder) -> None:
    """Nobody is equal any more where no two share a value."""
    found = told(folder, HEAD + "order:\n" + NUMBER + RIGHT + SIBLING)
    message = "'{}' never decides: it stands after a step no two children share"
    assert found == [("warning", "Q034", message.format("right")), ("warning", "Q034", message.format("sibling"))]


@pytest.mark.parametrize(
    "text",
    [
        BASE.replace(OTHERS, ""),
        BASE.replace("      - id: first_turn\n", OTHERS.replace("others", "all") + "      - id: first_turn\n"),
    ],
)
def test_groups_end_with_everyone_else_and_only_there(folder: Folder, text: str) -> None:
    """A child in no group, or in the first whatever he has, is a gap."""
    message = "step 'right' leaves a gap: its last group, and only that, must be for everyone else"
    assert ("error", "Q030", message) in told(folder, text)


@pytest.mark.parametrize(
    ("text", "name", "marked"),
    [
        (BASE.replace(LARGE, f"{LARGE} and not {LARGE}"), "large_family", "c"),
        (BASE.replace("yes_first: sibling.attends", "yes_first: sibling.attends and not sibling.attends"),
         "sibling", "s"),
        (BASE + ELIGIBLE.format(when="age(on today) >= 3y and age(on today) < 2y"), "age", "<"),
        (BASE + ELIGIBLE.format(when="age(on today) >= 3y and age(on today) < 2y and sibling.attends"), "age", "<"),
        (reserves(("one_in: 4", "large_family and grade.average > 5")).replace("large_family and", "large_family) and")
         .replace("> 5)", "> 5"), "r0", ">"),
    ],
)  # fmt: skip
def test_a_condition_that_never_holds_is_told_at_the_part_that_excludes_all(
    folder: Folder, text: str, name: str, marked: str
) -> None:
    """The caret stands at the first of the joined parts that leaves nobody."""
    [problem] = [each for each in folder.problems(text) if each.code == "Q050"]
    assert problem.message == f"'{name}' can never hold: its conditions exclude each other"
    assert problem.source[problem.place.column - 1] == marked


def test_carets_of_a_term_stand_where_it_is_named(folder: Folder) -> None:
    """What a term says is elsewhere; the condition that cannot hold is here."""
    term = "terms:\n  old:\n    title: {ru: а, en: a}\n    when: age(on today) >= 3y\n"
    text = HEAD + term + "order:\n" + RIGHT.replace(LARGE, "age(on today) < 2y and old") + NUMBER
    [problem] = folder.problems(text)
    assert (problem.code, problem.source[problem.place.column - 1 :]) == ("Q050", "old")


def test_what_is_dead_on_some_days_only_is_no_problem(folder: Folder) -> None:
    """A ground without effect until another ends is a rule with a future."""
    dead = with_second(LARGE)
    assert [each[:2] for each in told(folder, dead)] == [("warning", "Q051")]
    earlier = dead.replace(
        "            basis: [{act: Указ № 63}]",
        "            in_force: {to: 2026-03-31}\n            basis: [{act: Указ № 63}]",
    )
    assert told(folder, earlier) == []


def test_several_grounds_together_may_cover_one(folder: Folder) -> None:
    """A ground may be dead although no single other covers it."""
    first = BASE.replace(LARGE, f"{LARGE} and sibling.attends")
    parts = SECOND.format(when=f"{LARGE} and not sibling.attends", extra="sensitive: no") + SECOND.format(
        when=LARGE, extra="sensitive: no"
    ).replace("id: second", "id: third")
    [problem] = folder.problems(first.replace("      - id: others\n", parts + "      - id: others\n"))
    assert (problem.code, problem.severity) == ("Q051", "warning")
    assert problem.message == (
        "'third' has no effect: every child it covers already has one of the grounds before it, "
        "in force at the same time"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BASE + ELIGIBLE.format(when=f"{LARGE} or not {LARGE}"), "'age' excludes nobody: it always holds"),
        (BASE.replace("yes_first: sibling.attends", "yes_first: sibling.attends or not sibling.attends"),
         "'sibling' never decides: it holds for everybody"),
    ],
)  # fmt: skip
def test_what_holds_for_everybody_is_a_warning(folder: Folder, text: str, message: str) -> None:
    """Such a rule does no harm and no good."""
    assert told(folder, text) == [("warning", "Q052", message)]


GUESTS = "".join(f"  guest{guest}: {{ru: гость, en: guest}}\n" for guest in range(8))


def puzzle() -> str:
    """Return a condition that eight guests sleep in seven rooms, each alone: impossible, but too long to prove."""
    rooms = [f"2026-01-0{room}" for room in range(1, 8)]
    beds = [[f"confirmed(category.guest{guest} on {room})" for room in rooms] for guest in range(8)]
    seated = [f"({' or '.join(bed)})" for bed in beds]
    pairs = [(first, second) for second in range(8) for first in range(second)]
    alone = [f"not ({beds[one][at]} and {beds[two][at]})" for at in range(7) for one, two in pairs]
    return " and ".join(seated + alone)


def test_a_condition_too_complex_to_examine_is_told_and_not_guessed(folder: Folder) -> None:
    """Where the exact answer would take too long, there is a warning and no verdict."""
    folder.write("facts.yaml", FACTS.replace("categories:\n", "categories:\n" + GUESTS))
    found = told(folder, BASE.replace("yes_first: sibling.attends", f"yes_first: {puzzle()}"))
    assert found == [("warning", "Q054", "'sibling' is too complex to examine")]


def test_what_only_a_puzzle_could_tell_is_not_told(folder: Folder) -> None:
    """Whether `not puzzle` holds for everybody, or covers a ground, is as hard as the puzzle: nothing is said."""
    folder.write("facts.yaml", FACTS.replace("categories:\n", "categories:\n" + GUESTS))
    hard = f"not ({puzzle()})"
    text = with_second("confirmed(category.police_child)").replace(LARGE, hard) + ELIGIBLE.format(when=hard)
    assert told(folder, text) == []


def test_a_plain_contradiction_after_a_puzzle_is_still_told(folder: Folder) -> None:
    """That a beginning is too complex does not hide, or stop, what the whole makes plain."""
    folder.write("facts.yaml", FACTS.replace("categories:\n", "categories:\n" + GUESTS))
    twice = f"{puzzle()} and sibling.attends and not sibling.attends"
    assert [code for _, code, _ in told(folder, with_second(twice))] == ["Q050"]


@pytest.mark.parametrize(
    ("kinds", "codes"),
    [
        ([(SEATS.format("60%"), "large_family"), (SEATS.format("40%"), "police_child")], []),
        ([(SEATS.format("60%"), "large_family"), (SEATS.format("41%"), "police_child")], ["Q053"]),
        ([(SEATS.format("60"), "large_family"), (SEATS.format("60"), "police_child")], []),
        ([(SHARE.format("60%"), "large_family"), (SHARE.format("60%"), "police_child")], []),
        ([("one_in: 4", "large_family")], []),
        ([("one_in: 4", "large_family"), (SEATS.format("60%"), "police_child")], []),
        ([("one_in: 4", "large_family"), ("one_in: 3", "police_child")], ["Q055"]),
        ([(SHARE.format("60%"), "large_family"), ("one_in: 3", "police_child")], ["Q055"]),
    ],
)
def test_reserves_set_aside_no_more_than_there_is(
    folder: Folder, kinds: list[tuple[str, str]], codes: list[str]
) -> None:
    """Shares of the seats end at 100 %, and one rule at most weaves places one by one."""
    assert [code for _, code, _ in told(folder, reserves(*kinds))] == codes


@pytest.mark.parametrize(
    ("days", "codes"),
    [
        ("{to: 2025-12-31}", ["Q026"]),
        ("{to: 2026-01-01}", []),
        ("{from: 2026-12-31}", []),
        ("{from: 2027-01-01}", ["Q026"]),
    ],
)
def test_what_is_never_in_force_is_told(folder: Folder, days: str, codes: list[str]) -> None:
    """The first and the last day of the file belong to it."""
    text = with_second("confirmed(category.police_child)", f"in_force: {days}")
    text = text.replace("order:\n", "in_force: {from: 2026-01-01, to: 2026-12-31}\norder:\n", 1)
    assert [code for _, code, _ in told(folder, text)] == codes


def test_a_change_outside_the_days_of_its_rules_is_told(folder: Folder) -> None:
    """An amendment that can never be made is more likely a slip."""
    folder.write("k.yaml", BASE.replace("order:\n", "in_force: {to: 2026-12-31}\norder:\n", 1))
    late = "  - repeal: sibling\n    basis: [{act: № 7}]\n    in_force: {from: 2027-01-01}\n"
    message = "'this change' is never in force: its days lie outside those of the file"
    assert told(folder, TOWN + late, "town.yaml") == [("error", "Q026", message)]


def test_a_change_that_never_changes_anything_is_told(folder: Folder) -> None:
    """Moving a step to where it stands does nothing on any day."""
    idle = "  - move: sibling\n    after: right\n    basis: [{act: № 7}]\n"
    assert told(folder, TOWN + idle, "town.yaml") == [("error", "Q044", "this move changes nothing")]


def test_a_change_that_is_idle_on_some_days_is_none(folder: Folder) -> None:
    """It restores the order once an earlier change has ended or begun."""
    swap = "  - move: number\n    before: sibling\n    basis: [{act: № 7}]\n    in_force: {from: 2026-02-01}\n"
    back = "  - move: sibling\n    before: number\n    basis: [{act: № 8}]\n"
    assert "Q044" not in [code for _, code, _ in told(folder, TOWN + swap + back, "town.yaml")]


def test_two_changes_of_one_target_on_one_day_are_told_with_both_places(folder: Folder) -> None:
    """The second change names where the first stands; days that do not meet are no clash."""
    one = "  - repeal: sibling\n    basis: [{act: № 7}]\n    in_force: {to: 2026-03-31}\n"
    two = (
        "  - replace: sibling\n    with:\n      id: sibling\n      title: {ru: а, en: a}\n"
        "      yes_first: not sibling.attends\n    basis: [{act: № 8}]\n    in_force: {from: 2026-04-01}\n"
    )
    assert told(folder, TOWN + one + two, "town.yaml") == []
    move = "  - move: sibling\n    before: number\n    basis: [{act: № 9}]\n    in_force: {from: 2026-04-01}\n"
    found = folder.problems(TOWN + two + move, "town.yaml")
    clash = [each for each in found if each.code == "Q043"]
    assert [(each.message, each.source) for each in clash] == [
        ("'sibling' is changed twice on one day (also at rules/town.yaml:7:14)", "  - move: sibling"),
    ]


def test_problems_of_several_rule_sets_are_told_once(folder: Folder) -> None:
    """What is wrong above is not told again for every town below."""
    folder.write("k.yaml", HEAD + "order:\n" + RIGHT + SIBLING)
    folder.write("town.yaml", TOWN + "  - move: sibling\n    after: right\n    basis: [{act: № 7}]\n")
    found = check_library(read_library(["rules"]))
    assert [(each.place.file, each.code) for each in found] == [("rules/k.yaml", "Q031"), ("rules/town.yaml", "Q044")]


def test_citations_nobody_compared_are_listed_once(folder: Folder) -> None:
    """A citation shared by base and town is one; a compared one is none."""
    folder.write("k.yaml", BASE.replace("{act: Указ № 63}", "{act: Указ № 63}, {act: № 64, checked: 2026-01-31}"))
    folder.write("town.yaml", TOWN + "  - repeal: sibling\n    basis: [{act: № 7}]\n")
    library = read_library(["rules"])
    assert [(name, address, basis.act) for name, address, basis in unchecked_bases(library.rule_sets.values())] == [
        ("k", "right.first_turn.large_family", "Указ № 63"),
        ("town", "changes.1", "№ 7"),
    ]
