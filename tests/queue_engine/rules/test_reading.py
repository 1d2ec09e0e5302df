"""Every part of a rule file is read, and every slip in one is told at its words."""

from __future__ import annotations

import pytest
from tests.queue_engine.rules.conftest import BASE, FACTS, HEAD, NUMBER, RIGHT, SIBLING, Folder

from queue_engine.facts import parse_date
from queue_engine.rules.loading import read_rules
from queue_engine.rules.model import Conventions, Period, ReserveKind

SEATS = """\
reserves:
  - id: kept
    title: {ru: места, en: seats}
    seats: 30%
    when: confirmed(category.large_family)
    filled: before_general
    unused: keep until 2026-08-31
    basis: [{act: № 900}]
"""
SHARE = """\
reserves:
  - id: kept
    title: {ru: доля, en: share}
    share: 30%
    at: every_position
    when: confirmed(category.large_family)
    basis: [{act: № 900}]
"""
ONE_IN = SHARE.replace("share: 30%", "one_in: 4").replace("    at: every_position\n", "")
GROUND = "            basis: [{act: Указ № 63}]\n"


def told(folder: Folder, text: str) -> list[tuple[str, str, str]]:
    """Return code, underlined text and message of everything wrong with a base file."""
    return [
        (each.code, each.source[each.place.column - 1 : each.place.column - 1 + each.width], each.message)
        for each in folder.problems(text)
    ]


def with_ground(line: str) -> str:
    """Return the base file with a line more in its only ground."""
    return BASE.replace(GROUND, f"            {line}\n{GROUND}")


@pytest.mark.parametrize(
    ("text", "code", "marked", "message"),
    [
        (BASE.replace("{ru: Сад, en: Kindergarten}", "Сад"), "Q006", "Сад", "a title has a 'ru' and an 'en' text"),
        (BASE.replace("{ru: Сад, en: Kindergarten}", "{en: K}"), "Q006", "{", "the title has no 'ru' text"),
        (BASE.replace("id: sibling", "id: Sibling"), "Q009", "Sibling", "'Sibling' is not an id"),
        (BASE.replace("id: sibling", "id: 2nd"), "Q009", "2nd", "'2nd' is not an id"),
        (BASE.replace("id: sibling", "id: eligible"), "Q009", "eligible", "'eligible' is the name of a section"),
        (BASE.replace("id: others", "id: first_turn"), "Q009", "i",
         "'first_turn' stands twice among the groups of this step (first at line 10)"),
        (BASE.replace("[{act: Указ № 63}]", "[]"), "Q005", "[", "a basis names at least one act"),
        (BASE.replace("[{act: Указ № 63}]", "[{clause: п. 1}]"), "Q005", "{", "a basis must have 'act'"),
        (BASE.replace("[{act: Указ № 63}]", "Указ"), "Q003", "Указ", "basis is a list: every item starts with '- '"),
        (with_ground("in_force: {from: 2026-02-01, to: 2026-01-31}"), "Q022", "2026-01-31",
         "the last day is before the first"),
        (with_ground("in_force: {until: 2026-02-01}"), "Q004", "until", "'until' is not known in a period"),
        (with_ground("sensitive: maybe"), "Q025", "maybe", "'maybe' is not yes or no"),
        (with_ground("applies_to: {filed: x}"), "Q004", "filed", "'filed' is not known in applies_to"),
        (with_ground("applies_to: {submitted: {from: 2026-13-01}}"), "Q021", "2026-13-01",
         "there is no such day: 2026-13-01"),
        (BASE.replace("when: confirmed(category.large_family)", "when:"), "Q003", "", "a condition is empty"),
        (BASE.replace("when: confirmed(category.large_family)", "when: [a]"), "Q003", "[",
         "a condition must be one text"),
        (BASE.replace("confirmed(category.large_family)", "sibling.attends and\n              sibling.attends"),
         "Q003", "s", "a condition stands on one line"),
        (BASE.replace("yes_first: sibling.attends", 'yes_first: "sibling.atends"'), "Q019", "sibling.atends",
         "unknown fact 'sibling.atends'"),
        (BASE.replace("lowest: application.number", "lowest: application.numer"), "Q019", "application.numer",
         "unknown fact 'application.numer'"),
        (BASE.replace("lowest: application.number", "lowest: sibling.attends"), "Q013", "sibling.attends",
         "'lowest' orders by a number or decimal; sibling.attends is a yes_no"),
        (BASE.replace("lowest: application.number", "highest: child.birth_date"), "Q013", "child.birth_date",
         "'highest' orders by a number or decimal; child.birth_date is a date"),
        (BASE.replace("lowest: application.number", "earliest: grade.average"), "Q013", "grade.average",
         "'earliest' orders by an instant or date; grade.average is a decimal"),
        (BASE.replace("    yes_first: sibling.attends\n", "    yes_first: sibling.attends\n    lowest: a.b\n"),
         "Q007", "i", "a step orders by exactly one of: groups, yes_first, highest, lowest, earliest"),
        (BASE.replace("everyone_else: yes", "everyone_else: no"), "Q005", "i",
         "a group has either 'grounds' or 'everyone_else: yes'"),
        (BASE + "terms:\n  grade.average:\n    title: {ru: а, en: a}\n    when: sibling.attends\n", "Q009",
         "grade.average", "'grade.average' is not an id"),
        (BASE + "terms:\n  today:\n    title: {ru: а, en: a}\n    when: sibling.attends\n", "Q009", "today",
         "'today' is already a fact or a date"),
        (BASE + "dates: {studystart: 2026-09-01}\n", "Q018", "studystart", "unknown date 'studystart'"),
        (BASE + "dates: {today: 2026-09-01}\n", "Q018", "today", "'today' is the day the queue is computed for"),
        (BASE + "dates: {study_start: {day: 2026-09-01}}\n", "Q004", "day", "'day' is not known in a date"),
        (BASE + "conventions: {age_reached: next_day}\n", "Q025", "next_day",
         "'next_day' is not a way to set age_reached"),
        (BASE.replace("id: k\n", "id: K!\n"), "Q009", "K!", "'K!' is not a file id"),
        (BASE.replace("level: region", "level: town"), "Q025", "town", "'town' is not a level"),
        (BASE + SEATS.replace("30%", "101%"), "Q024", "101%",
         "'101%' is not a number of seats or a share, like 12 or 30%"),
        (BASE + SEATS.replace("30%", "-1"), "Q024", "-1", "'-1' is not a number of seats or a share, like 12 or 30%"),
        (BASE + ONE_IN.replace("4", "1"), "Q024", "1", "'1' is not a number from 2, like 4"),
        (BASE + ONE_IN.replace(": 4", ": 30%"), "Q024", "30%", "'30%' is not a number from 2, like 4"),
        (BASE + SHARE.replace("30%", "30"), "Q024", "30", "'30' is not a share from 0% to 100%"),
        (BASE + SHARE.replace("30%", ""), "Q003", " ", "'share' is empty"),
        (BASE + SHARE.replace("every_position", "the_end"), "Q025", "the_end",
         "'the_end' is not where a share is held"),
        (BASE + SEATS.replace("before_general", "before"), "Q025", "before", "'before' is not an order of filling"),
        (BASE + SEATS.replace("keep until 2026-08-31", "burn"), "Q025", "burn",
         "'burn' is not what becomes of unused seats"),
        (BASE + SEATS.replace("2026-08-31", "2026-08-32"), "Q021", "keep until 2026-08-32",
         "there is no such day: 2026-08-32"),
        (BASE + SEATS.replace("    filled: before_general\n", ""), "Q005", "i",
         "a reserve of 'seats' must have 'filled'"),
        (BASE + SEATS.replace("    seats: 30%\n", "    seats: 30%\n    one_in: 4\n"), "Q007", "i",
         "a reserve sets aside exactly one of: seats, one_in, share"),
    ],
)  # fmt: skip
def test_a_slip_in_a_part_is_told_at_its_words(folder: Folder, text: str, code: str, marked: str, message: str) -> None:
    """The code, the underlined words and the message are those of the slip."""
    assert (code, marked, message) in told(folder, text)


def test_a_reserve_of_no_kind_is_told(folder: Folder) -> None:
    """Without seats, one_in or share there is nothing to set aside."""
    found = folder.problems(BASE + SEATS.replace("    seats: 30%\n", ""))
    assert [(each.code, each.found) for each in found if each.code == "Q007"] == [("Q007", "none of them")]


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        (BASE.replace("lowest: application.number", "lowest: sibling.attends"), "write 'yes_first: …'"),
        (BASE.replace("lowest: application.number", "highest: child.birth_date"), "write 'earliest: …'"),
        (BASE.replace("lowest: application.number", "highest: child.orientation"), ""),
    ],
)
def test_a_fact_of_another_type_names_the_step_that_takes_it(folder: Folder, text: str, remedy: str) -> None:
    """A yes_no belongs to yes_first and a day to earliest; a choice orders nothing."""
    assert [each.remedy for each in folder.problems(text) if each.code == "Q013"] == [remedy]


def test_applies_to_needs_a_fact_of_filing(folder: Folder) -> None:
    """Without a day or a time of filing nobody can tell which applications are meant."""
    lines = [line for line in FACTS.splitlines() if "submitted_on" not in line]
    folder.write("facts.yaml", "\n".join(lines) + "\n")
    found = told(folder, with_ground("applies_to: {submitted: {from: 2026-01-01}}"))
    message = "applies_to needs the fact application.submitted_on or application.submitted_at"
    assert found == [("Q019", "{", message)]


def test_reserves_keep_what_they_say(folder: Folder) -> None:
    """A share of seats with a last day, a share of positions, and one in so many."""
    [seats] = folder.rules(BASE + SEATS).reserves
    assert (seats.kind, seats.amount, seats.percent, seats.filled) == (ReserveKind.SEATS, 30, True, "before_general")
    assert (seats.unused, seats.keep_until) == ("keep", parse_date("2026-08-31"))
    [seats] = folder.rules(BASE + SEATS.replace("30%", "12").replace("keep until 2026-08-31", "general")).reserves
    assert (seats.amount, seats.percent, seats.unused, seats.keep_until) == (12, False, "general", None)
    [share] = folder.rules(BASE + SHARE).reserves
    assert (share.kind, share.amount, share.percent) == (ReserveKind.SHARE, 30, True)
    [one_in] = folder.rules(BASE + ONE_IN).reserves
    assert (one_in.kind, one_in.amount, one_in.percent) == (ReserveKind.ONE_IN, 4, False)


def test_dates_conventions_and_citations_keep_what_they_say(folder: Folder) -> None:
    """A date may stand alone or with its basis; conventions not written have their defaults."""
    made = folder.rules(
        BASE
        + "dates: {study_start: {date: 2026-09-01, basis: [{act: № 5, clause: п. 2, edition: ред., url: u}]}}\n"
        + "conventions: {born_29_feb: feb_28}\n"
        + "basis: [{act: № 1, checked: 2026-01-31}]\n"
        + "in_force: {to: 2026-12-31}\n"
    )
    given = made.dates["study_start"]
    assert (given.day, str(given.basis[0])) == (parse_date("2026-09-01"), "№ 5, п. 2, ред.")
    assert made.conventions == Conventions("on_birthday", "feb_28")
    assert (made.basis[0].checked, made.in_force) == (parse_date("2026-01-31"), Period(None, parse_date("2026-12-31")))


def test_a_term_may_use_those_above_it_and_no_other(folder: Folder) -> None:
    """Terms are read from top to bottom, so none can come back to itself."""
    term = "  {name}:\n    title: {{ru: а, en: a}}\n    when: {when}\n"
    first, second = term.format(name="one", when="sibling.attends"), term.format(name="two", when="not one")
    order = "order:\n" + RIGHT + SIBLING.replace("yes_first: sibling.attends", "yes_first: two") + NUMBER
    assert told(folder, HEAD + "terms:\n" + first + second + order) == []
    assert list(read_rules("rules/k.yaml").terms) == ["one", "two"]
    found = told(folder, HEAD + "terms:\n" + second + first + order)
    assert ("Q019", "one", "unknown fact 'one'") in found
