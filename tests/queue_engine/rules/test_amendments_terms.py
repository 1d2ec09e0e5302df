"""Terms under amendments: replaced, repealed while used, in force for a while, endless; and groups that are added."""

from __future__ import annotations

from datetime import date

from tests.queue_engine.rules.conftest import BASE, TOWN, Folder

from queue_engine import rules_on
from queue_engine.rules.conditions import All, Condition, Holds, Known, Not

TERM = """\
terms:
  near:
    title: {ru: рядом, en: near}
    when: sibling.attends
order:
"""
TERMED = BASE.replace("order:\n", TERM).replace("yes_first: sibling.attends", "yes_first: near")
BY_ACT = "    basis: [{act: № 7}]\n"
CANNOT = "cannot be written out: it is absent today, names itself, or is too long"


def _told(folder: Folder, changes: str, base: str = TERMED) -> list[str]:
    folder.write("k.yaml", base)
    found = folder.problems(TOWN + changes, "town.yaml")
    return [f"{each.place}: {each.message}" for each in found if each.code not in ("Q050", "Q052")]


def _replace(when: str) -> str:
    return (
        "  - replace: terms.near\n    with:\n      id: near\n"
        f"      title: {{ru: рядом, en: near}}\n      when: {when}\n{BY_ACT}"
    )


def _sibling_step(folder: Folder, changes: str, on: date) -> Condition | None:
    folder.write("k.yaml", TERMED)
    return rules_on(folder.rules(TOWN + changes, "town.yaml"), on).steps["sibling"].condition


def test_a_replaced_term_is_replaced_wherever_it_is_used(folder: Folder) -> None:
    """What a municipality says by the term counts in the steps of the region."""
    made = _sibling_step(folder, _replace("not sibling.attends and known(grade.average)"), date(2026, 4, 15))
    assert made == All((Not(Holds("sibling.attends")), Known("grade.average")))


def test_a_term_in_use_cannot_be_repealed(folder: Folder) -> None:
    """It is told where it is used, on any day it is missing; nothing breaks."""
    assert _told(folder, "  - repeal: terms.near\n" + BY_ACT) == [f"rules/k.yaml:26:16: the term 'near' {CANNOT}"]


def test_a_term_that_nobody_uses_can_be_repealed(folder: Folder) -> None:
    """First the step that uses it goes, then the term."""
    changes = "  - repeal: sibling\n" + BY_ACT + "  - repeal: terms.near\n" + BY_ACT
    assert _told(folder, changes) == []


def test_a_term_that_names_itself_is_told(folder: Folder) -> None:
    """A circle of terms is an error and ends."""
    assert _told(folder, _replace("near or known(grade.average)")) == [
        f"rules/k.yaml:26:16: the term 'near' {CANNOT}",
        f"rules/town.yaml:11:13: the term 'near' {CANNOT}",
    ]


def test_a_term_must_be_in_force_as_long_as_what_uses_it(folder: Folder) -> None:
    """A term added for a year does not carry a step that stays."""
    changes = (
        "  - add:\n      id: able\n      title: {ru: а, en: a}\n      when: known(grade.average)\n    into: terms\n"
        "    in_force: {to: 2026-12-31}\n" + BY_ACT + "  - add:\n      id: ability\n      title: {ru: а, en: a}\n"
        "      yes_first: able\n    before: number\n" + BY_ACT
    )
    assert _told(folder, changes) == [f"rules/town.yaml:17:18: the term 'able' {CANNOT}"]
    assert _told(folder, changes.replace("    in_force: {to: 2026-12-31}\n", "")) == []


def test_terms_that_double_each_other_are_refused_at_once(folder: Folder) -> None:
    """Forty terms, each naming the one before it twice, would write out a million million conditions."""
    doubled = "".join(
        f"  t{number}:\n    title: {{ru: а, en: a}}\n    when: t{number - 1} and not t{number - 1}\n"
        for number in range(1, 41)
    )
    base = TERMED.replace("near", "t0").replace("order:\n", doubled + "order:\n")
    found = folder.told(base)
    assert found[0] == f"50:11 Q041 the term 't13' {CANNOT}"


def test_a_ground_of_an_added_group_is_examined_from_its_first_day(folder: Folder) -> None:
    """What comes into force later than the amendment is looked at on that day."""
    base = BASE.replace("    locked: yes\n", "")
    added = """\
  - add:
      id: second
      title: {ru: Вторые, en: Second}
      grounds:
        - id: again
          title: {ru: Опять, en: Again}
          when: confirmed(category.large_family)
          in_force: {from: 2027-01-01}
          basis: [{act: № 7}]
    into: right
"""
    (told,) = _told(folder, added + BY_ACT, base)
    assert told.startswith(
        "rules/town.yaml:11:11: 'again' has no effect: every child it covers already has 'large_family'"
    )


def test_a_replacement_cannot_take_the_id_of_a_neighbour(folder: Folder) -> None:
    """Two steps of one id could not be told apart."""
    changes = (
        "  - replace: sibling\n    with:\n      id: number\n      title: {ru: а, en: a}\n"
        "      yes_first: sibling.attends\n" + BY_ACT
    )
    assert _told(folder, changes, BASE) == ["rules/town.yaml:7:14: 'number' is already there"]
