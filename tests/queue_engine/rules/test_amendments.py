"""Amendments: what each verb does, how parts are named, and every clash told."""

from __future__ import annotations

from datetime import date

import pytest
from tests.queue_engine.rules.conftest import BASE, HEAD, NUMBER, RIGHT, SIBLING, TOWN, Folder

from queue_engine import RuleError, RuleSet, effective
from queue_engine.facts import date_to_day
from queue_engine.rules.amendments import addresses, regimes
from queue_engine.rules.conditions import All, AnyOf, Compare, Confirmed, Holds
from queue_engine.rules.loading import read_rules

BASIS = "    basis: [{act: Постановление № 7}]\n"
GROUND = "{id: police, title: {ru: Полиция, en: Police}, when: confirmed(category.police_child), basis: [{act: 3-ФЗ}]}"
STEP = "{id: grade, title: {ru: балл, en: grade}, highest: grade.average}"
GROUP = "{id: out_of_turn, title: {ru: Внеочередное, en: Out of turn}, grounds: [" + GROUND + "]}"
RESERVE = (
    "{id: seats, title: {ru: места, en: seats}, seats: 5, filled: before_general, unused: general, "
    "when: sibling.attends, basis: [{act: А}]}"
)
ELIGIBLE = "{id: known, title: {ru: известен, en: known}, when: known(grade.average), basis: [{act: А}]}"
OPEN = BASE.replace("    locked: yes\n", "")
DAY = date_to_day(date(2026, 4, 15))


def change(text: str, more: str = "") -> str:
    """Return a town file's text with one change."""
    return TOWN + f"  - {text}\n{BASIS}{more}"


def with_line(line: str) -> str:
    """Return the base file with one more line at its ground."""
    basis = "            basis: [{act: Указ № 63}]"
    return OPEN.replace(basis, f"{basis}\n            {line}")


def amended(folder: Folder, text: str, base: str = OPEN, day: int = DAY) -> RuleSet:
    """Return the rules of a town on a day."""
    folder.write("k.yaml", base)
    return effective(folder.rules(change(text), "town.yaml"), day)


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("repeal: sibling", "right number"),
        (f"add: {STEP}\n    after: right", "right grade sibling number"),
        (f"add: {STEP}\n    before: number", "right sibling grade number"),
        ("move: right\n    after: sibling", "sibling right number"),
        ("move: sibling\n    before: right", "sibling right number"),
        (f"replace: sibling\n    with: {STEP}", "right grade number"),
    ],
)
def test_steps_are_added_moved_replaced_and_repealed(folder: Folder, text: str, steps: str) -> None:
    """The order of the steps is what the change says."""
    assert " ".join(step.id for step in amended(folder, text).order) == steps


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (f"add: {GROUND}\n    into: right.first_turn", "right.first_turn.police"),
        (f"add: {GROUND}\n    before: large_family", "right.first_turn.police"),
        (f"replace: right.first_turn.large_family\n    with: {GROUND}", "right.first_turn.police"),
        (f"add: {GROUP}\n    into: right", "right.out_of_turn.police"),
        (f"add: {GROUP}\n    before: right.first_turn", "right.out_of_turn"),
        (f"add: {RESERVE}\n    into: reserves", "reserves.seats"),
        (f"add: {ELIGIBLE}\n    into: eligible", "eligible.known"),
        (f"add: {STEP}\n    before: number", "grade"),
    ],
)
def test_every_part_can_be_added_where_its_kind_stands(folder: Folder, text: str, address: str) -> None:
    """Grounds, groups, eligibility items, reserves and steps."""
    assert tuple(address.split(".")) in set(addresses(amended(folder, text)))


def test_the_rule_on_ties_is_replaced_for_its_days(folder: Folder) -> None:
    """The base file divides equals; a town need not, as long as its amendment is in force."""
    text = change("replace: ties\n    with: overfill", "    in_force: {to: 2026-04-15}\n")
    rules = folder.rules(text, "town.yaml")
    assert [effective(rules, day).ties.word for day in (DAY, DAY + 1)] == ["overfill", "lottery"]
    assert DAY + 1 in regimes(rules)


def test_a_group_added_to_a_step_stands_before_everyone_else(folder: Folder) -> None:
    """Or nobody could ever be in it."""
    groups = amended(folder, f"add: {GROUP}\n    into: right").steps["right"].groups
    assert [group.id for group in groups] == ["first_turn", "out_of_turn", "others"]


def test_a_term_added_by_a_town_is_used_in_its_later_changes(folder: Folder) -> None:
    """Terms are written out in the rules of the day."""
    term = "{id: poor, title: {ru: балл ниже 3, en: grade under 3}, when: grade.average < 3}"
    later = "  - {add: {id: poor_first, title: {ru: а, en: a}, yes_first: poor}, before: number, basis: [{act: А}]}\n"
    folder.write("k.yaml", OPEN)
    rules = effective(folder.rules(change(f"add: {term}\n    into: terms", later), "town.yaml"), DAY)
    assert rules.steps["poor_first"].condition == Compare("grade.average", "<", 300)
    assert rules.terms == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("repeal: siblings", "7:13 Q041 'town' has no step 'siblings'"),
        ("repeal: right.last_turn", "7:13 Q041 'town' has no part 'right.last_turn'"),
        ("move: sibling\n    after: right", "7:11 Q044 this move changes nothing"),
        (f"add: {GROUND}\n    after: right", "8:12 Q047 a ground cannot stand after 'right'"),
        (f"add: {STEP}\n    into: right", "8:11 Q047 a step cannot stand inside 'right'"),
        (f"add: {STEP}\n    into: right.first_turn.large_family", "Q047 a step cannot stand inside"),
        (f"replace: sibling\n    with: {GROUND}", "7:14 Q047 a ground cannot stand in place of 'sibling'"),
        ("move: sibling\n    after: sibling", "Q047 'sibling' cannot be moved after 'sibling'"),
        ("repeal: ties", "7:13 Q047 'ties' can only be replaced"),
        ("move: ties\n    after: sibling", "7:11 Q047 'ties' can only be replaced"),
        (f"add: {GROUP}\n    into: ties", "8:11 Q047 a group cannot stand inside 'ties'"),
        (f"add: {STEP}\n    after: ties", "8:12 Q047 a step cannot stand after 'ties'"),
        ("replace: ties\n    with: lottery", "Q044 this replace changes nothing"),
        ("replace: ties\n    with: overfil", "8:11 Q025 'overfil' is not a rule on ties"),
        ("move: large_family\n    after: sibling", "Q047 'large_family' cannot be moved after 'sibling'"),
        ("move: sibling\n    after: brother", "Q041 'town' has no step 'brother'"),
        (
            "add: {id: sibling, title: {ru: а, en: a}, yes_first: sibling.attends}\n    after: right",
            "Q009 'sibling' is already there",
        ),
    ],
)
def test_a_change_that_cannot_be_made_is_told(folder: Folder, text: str, told: str) -> None:
    """Unknown targets, wrong kinds, twins, and changes without effect."""
    folder.write("k.yaml", OPEN)
    found = folder.told(change(text), "town.yaml")
    assert len(found) == 1, found
    assert told in found[0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("repeal: right", "step 'right' is set by region law and is locked; a municipality file may not repeal it"),
        (f"add: {GROUND}\n    into: right.first_turn", "locked; a municipality file may not add it"),
        ("repeal: large_family", "locked; a municipality file may not repeal it"),
        (f"add: {STEP}\n    before: right", "step 'grade' would rank above 'right', which region law sets and locks"),
        (
            "move: sibling\n    before: right",
            "step 'sibling' would rank above 'right', which region law sets and locks",
        ),
    ],
)
def test_a_locked_step_can_neither_be_changed_nor_outranked_from_below(folder: Folder, text: str, told: str) -> None:
    """Nor may anything be put into it."""
    found = folder.told(change(text), "town.yaml")
    assert [told in each and "Q042" in each for each in found] == [True]


def test_steps_may_be_added_after_a_locked_one(folder: Folder) -> None:
    """The lock guards its own rank only."""
    folder.write("k.yaml", BASE)
    rules = effective(folder.rules(change(f"add: {STEP}\n    after: right"), "town.yaml"), DAY)
    assert [step.id for step in rules.order] == ["right", "grade", "sibling", "number"]


def test_two_changes_of_one_target_on_one_day_are_an_error_with_both_places(folder: Folder) -> None:
    """Never "the last one wins"; on different days both may be made."""
    folder.write("k.yaml", OPEN)
    second = "  - {repeal: sibling, basis: [{act: А}]}\n"
    text = change("move: sibling\n    before: right", second)
    told = folder.told(text, "town.yaml")
    assert [each.split(" ", 1)[1] for each in told] == [
        "Q043 'sibling' is changed twice on one day (also at rules/town.yaml:7:11)"
    ]
    apart = text.replace(BASIS, BASIS + "    in_force: {to: 2026-04-15}\n").replace(
        "{repeal: sibling,", "{repeal: sibling, in_force: {from: 2026-04-16},"
    )
    assert folder.told(apart, "town.yaml") == []
    town = folder.rules(apart, "town.yaml")
    assert [[step.id for step in effective(town, day).order] for day in (DAY, DAY + 1)] == [
        ["sibling", "right", "number"],
        ["right", "number"],
    ]


def test_a_name_that_several_parts_share_must_be_written_in_full(folder: Folder) -> None:
    """The shallowest part with the name is meant; two of one depth are ambiguous."""
    twin = RIGHT.replace("id: right", "id: other_right").replace("    locked: yes\n", "")
    folder.write("k.yaml", HEAD + "order:\n" + RIGHT.replace("    locked: yes\n", "") + twin + SIBLING + NUMBER)
    told = folder.told(change("repeal: large_family"), "town.yaml")
    assert [each.split(" ", 1)[1] for each in told] == ["Q045 'large_family' names several parts"]
    assert folder.told(change("repeal: other_right.first_turn.large_family"), "town.yaml") == []


def test_the_days_of_a_local_file_are_those_of_its_changes(folder: Folder) -> None:
    """Outside them the rules of the region apply again."""
    folder.write("k.yaml", OPEN)
    text = change("repeal: sibling").replace("changes:", "in_force: {from: 2026-04-15, to: 2026-04-16}\nchanges:")
    town = folder.rules(text, "town.yaml")
    steps = [len(effective(town, DAY + day).order) for day in (-1, 0, 1, 2)]
    assert steps == [3, 2, 2, 3]
    assert regimes(town) == [DAY - 1, DAY, DAY + 2]


def test_three_levels_change_in_turn_and_the_weaker_sees_what_the_stronger_made(folder: Folder) -> None:
    """Federal, region, municipality."""
    folder.write("k.yaml", OPEN.replace("level: region", "level: federal"))
    middle = change(f"add: {STEP}\n    after: right").replace("level: municipality", "level: region")
    folder.write("town.yaml", middle)
    village = change("move: grade\n    after: sibling").replace("id: town", "id: village")
    rules = effective(folder.rules(village.replace("extends: k", "extends: town"), "village.yaml"), DAY)
    assert [step.id for step in rules.order] == ["right", "sibling", "grade", "number"]


def test_an_amendment_that_cannot_be_made_refuses_the_day(folder: Folder) -> None:
    """Rules that were read but not examined are still not applied in part."""
    folder.write("k.yaml", OPEN)
    town = read_rules(folder.write("town.yaml", change("repeal: siblings")))
    with pytest.raises(RuleError, match="has no step 'siblings'"):
        effective(town, DAY)


@pytest.mark.parametrize("by_time", [True, False])
def test_applies_to_governs_only_what_was_filed_within_its_days(folder: Folder, by_time: bool) -> None:  # noqa: FBT001
    """By the time of filing where there is one, else by its day; both ends included."""
    if by_time:
        facts = (folder.root / "facts.yaml").read_text(encoding="utf-8")
        at = "  application.submitted_at: {type: instant, ru: время, en: time}\n"
        folder.write("facts.yaml", facts.replace("  application.number:", at + "  application.number:"))
    text = with_line("applies_to: {submitted: {from: 2026-04-01, to: 2026-04-15}}")
    ground = next(ground for _, ground in effective(folder.rules(text), DAY).steps["right"].grounds())
    name, scale = ("application.submitted_at", 86_400) if by_time else ("application.submitted_on", 1)
    within = All((Compare(name, ">=", (DAY - 14) * scale), Compare(name, "<", (DAY + 1) * scale)))
    assert ground.when == All((within, Confirmed("large_family")))


def test_grounds_and_steps_outside_their_days_are_left_out(folder: Folder) -> None:
    """The first and the last day are included."""
    text = with_line("in_force: {from: 2026-04-15, to: 2026-04-15}")
    rules = folder.rules(text)
    counts = [len(list(effective(rules, DAY + day).steps["right"].grounds())) for day in (-1, 0, 1)]
    assert counts == [0, 1, 0]


def test_terms_are_written_out_even_inside_terms(folder: Folder) -> None:
    """Rules of a day name facts and documents only."""
    terms = """\
terms:
  here: {title: {ru: а, en: a}, when: sibling.attends}
  close: {title: {ru: б, en: b}, when: here or confirmed(category.large_family)}
"""
    rules = effective(
        folder.rules(HEAD + terms + "order:\n" + SIBLING.replace(": sibling.attends", ": close") + NUMBER),
        DAY,
    )
    assert rules.order[0].condition == AnyOf((Holds("sibling.attends"), Confirmed("large_family")))
