"""An officer reads the rules of a day as a table and as a page, with citations, days and places in the files."""

from __future__ import annotations

from pathlib import Path

import pytest

from queue_engine.facts import parse_date
from queue_engine.rules.loading import read_rules
from queue_engine.rules.model import RuleSet
from queue_engine.rules.readback import Row, page, rows

FACTS = """\
facts:
  sibling.attends: {type: yes_no, per: entry, ru: брат уже в ней, en: a brother attends this organisation}
  parent.works_here: {type: yes_no, per: entry, ru: родитель работает здесь, en: a parent works here}
  application.submitted_on: {type: date, ru: день подачи заявления, en: day the application was made}
  application.submitted_at: {type: instant, ru: время подачи заявления, en: time the application was made}
  application.number: {type: number, ru: номер заявления, en: application number, most: 99, least: 0, unique: yes}
  grade.average: {type: decimal(2), ru: средний балл, en: average grade, least: 2, most: 5}
categories:
  judge_child:  {ru: ребёнок судьи, en: judge's child}
  large_family: {ru: ребёнок из многодетной семьи, en: child of a large family}
dates:
  phase: {ru: начало этапа, en: start of the phase}
"""
BASE = """\
rules: 1
id: base
level: region
title: {ru: Очередь, en: Queue}
in_force: {from: 2024-09-01}
basis: [{act: Приказ № 236}]
terms:
  early:
    title: {ru: подано до этапа, en: made before the phase}
    when: application.submitted_on < phase
eligible:
  - id: graded
    title: {ru: Балл известен, en: Grade known}
    when: known(grade.average) and grade.average >= 3.50
    basis: [{act: 273-ФЗ, clause: ст. 67}]
order:
  - id: right
    title: {ru: право на место, en: right to a place}
    basis: [{act: 131-ФЗ}]
    groups:
      - id: out_of_turn
        title: {ru: Внеочередное право, en: Right out of turn}
        grounds:
          - id: judge_child
            title: {ru: Дети судей, en: Judges' children}
            when: confirmed(category.judge_child)
            basis: [{act: Закон № 3132-1, clause: п. 3 ст. 19}]
          - id: large_family
            title: {ru: Многодетные, en: Large families}
            when: early and confirmed(category.large_family)
            in_force: {from: 2026-02-01}
            basis: [{act: Указ № 63}]
          - id: old
            title: {ru: Прежняя льгота, en: Old right}
            when: sibling.attends
            in_force: {to: 2025-12-31}
            basis: [{act: Закон № 1}]
      - id: others
        title: {ru: На общих основаниях, en: General order}
        everyone_else: yes
  - id: sibling
    title: {ru: брат уже здесь, en: a brother is here}
    yes_first: sibling.attends
  - id: grade
    title: {ru: балл выше, en: higher grade}
    highest: grade.average
  - id: submitted
    title: {ru: подано раньше, en: made earlier}
    earliest: application.submitted_at
  - id: number
    title: {ru: меньший номер, en: smaller number}
    lowest: application.number
reserves:
  - id: judges
    title: {ru: 10 % мест, en: 10% of seats}
    seats: 10%
    when: confirmed(category.judge_child on phase)
    filled: before_general
    unused: general
    basis: [{act: Закон № 3132-1}]
"""
LOCAL = """\
rules: 1
id: town
level: municipality
extends: base
title: {ru: Очередь города, en: Queue of the town}
changes:
  - add:
      id: staff
      title: {ru: Дети работников, en: Children of the staff}
      when: parent.works_here
      applies_to: {submitted: {from: 2026-02-01, to: 2026-03-31}}
      basis: [{act: Постановление № 7}]
    into: right.out_of_turn
    basis: [{act: Постановление № 7}]
    in_force: {from: 2026-01-10}
  - move: sibling
    after: grade
    basis: [{act: Постановление № 7}]
    in_force: {from: 2026-02-01}
"""
JANUARY, FEBRUARY = parse_date("2026-01-15"), parse_date("2026-02-01")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Return a folder with a vocabulary, a regional file and a municipal one."""
    for name, text in (("facts", FACTS), ("base", BASE), ("town", LOCAL)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def base(files: Path) -> RuleSet:
    """Return the regional rules."""
    return read_rules(files / "base.yaml")


@pytest.fixture
def town(files: Path) -> RuleSet:
    """Return the municipal rules."""
    return read_rules(files / "town.yaml")


def row(table: list[Row], address: str) -> Row:
    """Return the one row with an address."""
    (found,) = [each for each in table if each.address == address]
    return found


@pytest.mark.parametrize(
    ("ties", "said"),
    [
        ("lottery", []),
        ("overfill", ["Если мест не хватает на всех равных", "если осталось хоть одно место, места получают все они"]),
        ("underfill", ["шаги 1–", "если мест хватает не каждому, места не получает никто из них и никто после них"]),
    ],
)
def test_the_page_says_what_becomes_of_equals(files: Path, ties: str, said: list[str]) -> None:
    """Who they are, and whether they get places beyond those there are; nothing where the order decides."""
    (files / "base.yaml").write_text(f"{BASE}ties: {ties}\n", encoding="utf-8")
    rules = read_rules(files / "base.yaml")
    text = "\n".join(page(rules, FEBRUARY, "ru"))
    assert all(part in text for part in said)
    assert ("равных" in text) == bool(said)
    found = [each for each in rows(rules, FEBRUARY) if each.part == "ties"]
    assert [(each.address, each.condition.en.split(",")[0]) for each in found] == {
        "lottery": [],
        "overfill": [("ties", "all of them get a place")],
        "underfill": [("ties", "if there is no place for each of them")],
    }[ties]


@pytest.mark.parametrize(("steps", "who"), [(0, "Equals: everybody"), (1, "alike in step 1:"), (2, "steps 1 to 2:")])
def test_the_page_says_who_equals_are(files: Path, steps: int, who: str) -> None:
    """By the numbers that its steps have."""
    grades = [f"  - {{id: g{n}, title: {{ru: балл, en: grade}}, highest: grade.average}}\n" for n in range(steps)]
    number = "  - {id: number, title: {ru: номер, en: number}, lowest: application.number}\n"
    head = "rules: 1\nid: small\nlevel: region\ntitle: {ru: Сад, en: Garden}\nties: overfill\norder:\n"
    (files / "small.yaml").write_text(head + "".join(grades) + number, encoding="utf-8")
    assert who in "\n".join(page(read_rules(files / "small.yaml"), FEBRUARY, "en"))


def test_every_part_has_one_row_and_a_number(base: RuleSet) -> None:
    """Eligibility items, grounds, the rest of a step, ordering steps and reserves follow the file."""
    assert [(each.number, each.address) for each in rows(base, JANUARY)] == [
        ("1", "eligible.graded"),
        ("1.1.1", "right.out_of_turn.judge_child"),
        ("1.1.2", "right.out_of_turn.large_family"),
        ("1.1.3", "right.out_of_turn.old"),
        ("1.2", "right.others"),
        ("2", "sibling"),
        ("3", "grade"),
        ("4", "submitted"),
        ("5", "number"),
        ("1", "reserves.judges"),
    ]


def test_a_row_shows_titles_condition_citation_and_place(base: RuleSet, files: Path) -> None:
    """A ground is read with its step, its group, its words in two languages, its act and its line."""
    found = row(rows(base, JANUARY), "right.out_of_turn.judge_child")
    titles = (found.step, found.group, found.ground)
    assert [title.ru for title in titles if title] == ["право на место", "Внеочередное право", "Дети судей"]
    assert found.condition.ru == "есть подтверждённый документ «ребёнок судьи»"
    assert found.condition.en == "there is a confirmed document “judge's child”"
    assert found.basis == ("Закон № 3132-1, п. 3 ст. 19",)
    line = BASE.splitlines().index("          - id: judge_child") + 1
    assert (found.place.file, found.place.line) == (str(files / "base.yaml"), line)


def test_a_named_term_is_written_out(base: RuleSet) -> None:
    """What a term means stands in the row, not its name."""
    found = row(rows(base, JANUARY), "right.out_of_turn.large_family")
    assert found.condition.ru.startswith("день подачи заявления раньше даты «начало этапа» и есть подтверждённый")


@pytest.mark.parametrize(
    ("day", "large_family", "old"),
    [
        ("2025-12-31", "future", "in force"),
        ("2026-01-01", "future", "ended"),
        ("2026-01-31", "future", "ended"),
        ("2026-02-01", "in force", "ended"),
    ],
)
def test_the_last_day_still_counts(base: RuleSet, day: str, large_family: str, old: str) -> None:
    """A ground is in force on its first and its last day, ended the day after, future the day before."""
    table = rows(base, parse_date(day))
    assert row(table, "right.out_of_turn.large_family").state == large_family
    assert row(table, "right.out_of_turn.old").state == old


def test_days_of_a_row_lie_inside_those_of_its_file(base: RuleSet) -> None:
    """A ground without days of its own has those of the file; one with days keeps the narrower."""
    table = rows(base, JANUARY)
    judge, old = row(table, "right.out_of_turn.judge_child"), row(table, "right.out_of_turn.old")
    assert (judge.first, judge.last) == (parse_date("2024-09-01"), None)
    assert (old.first, old.last) == (parse_date("2024-09-01"), parse_date("2025-12-31"))


def test_before_the_file_is_in_force_everything_is_future(base: RuleSet) -> None:
    """The day before the file begins every row without an end is yet to come."""
    table = rows(base, parse_date("2024-08-31"))
    assert {each.state for each in table} == {"future"}


@pytest.mark.parametrize(
    ("address", "ru", "en"),
    [
        ("right.others", "все остальные", "everyone else"),
        (
            "sibling",
            "сначала те, для кого верно: брат уже в ней",
            "first those for whom this holds: a brother attends this organisation",
        ),
        ("grade", "чем больше «средний балл», тем ближе к началу", "the higher “average grade”, the further ahead"),
        (
            "submitted",
            "чем раньше «время подачи заявления», тем ближе к началу",
            "the earlier “time the application was made”, the further ahead",
        ),
        (
            "number",
            "чем меньше «номер заявления», тем ближе к началу",
            "the lower “application number”, the further ahead",
        ),
        (
            "reserves.judges",
            "10 % мест: есть подтверждённый документ «ребёнок судьи» на дату «начало этапа»",
            "10% of the seats: there is a confirmed document “judge's child” on the date “start of the phase”",
        ),
    ],
)
def test_a_step_says_how_it_orders(base: RuleSet, address: str, ru: str, en: str) -> None:
    """Steps without grounds are words too."""
    condition = row(rows(base, JANUARY), address).condition
    assert (condition.ru, condition.en) == (ru, en)


def test_the_rest_of_a_step_has_the_citation_of_the_step(base: RuleSet) -> None:
    """Where a group has no ground its step's act is shown."""
    assert row(rows(base, JANUARY), "right.others").basis == ("131-ФЗ",)


def test_amendments_of_the_day_are_in_the_table(town: RuleSet, files: Path) -> None:
    """An added ground stands in its group from its first day, with the days of its change and its own file."""
    before = [each.address for each in rows(town, parse_date("2026-01-09"))]
    table = rows(town, JANUARY)
    staff = row(table, "right.out_of_turn.staff")
    assert "right.out_of_turn.staff" not in before
    assert (staff.number, staff.state, staff.first) == ("1.1.4", "in force", parse_date("2026-01-10"))
    assert staff.place.file == str(files / "town.yaml")


def test_a_moved_step_is_numbered_where_it_stands(town: RuleSet) -> None:
    """From the day of the move the numbers change places."""
    assert row(rows(town, JANUARY), "sibling").number == "2"
    assert row(rows(town, FEBRUARY), "sibling").number == "3"
    assert row(rows(town, FEBRUARY), "grade").number == "2"


def test_the_days_of_filing_are_part_of_the_condition(town: RuleSet) -> None:
    """A ground for applications of some days says which, the last one included."""
    condition = row(rows(town, JANUARY), "right.out_of_turn.staff").condition
    assert condition.en == (
        "day the application was made is not before 1 February 2026 and "
        "day the application was made is not after 31 March 2026 and a parent works here"
    )


def test_days_of_filing_are_told_by_the_time_when_there_is_no_day(files: Path) -> None:
    """Without a fact for the day of filing its time is compared, and read back as a day."""
    plain = [line for line in FACTS.splitlines() if "submitted_on" not in line]
    (files / "facts.yaml").write_text("\n".join(plain), encoding="utf-8")
    whole = BASE.replace("application.submitted_on < phase", "sibling.attends")
    (files / "base.yaml").write_text(whole, encoding="utf-8")
    condition = row(rows(read_rules(files / "town.yaml"), JANUARY), "right.out_of_turn.staff").condition
    assert condition.en == (
        "time the application was made is not before 1 February 2026 and "
        "time the application was made is before 1 April 2026 and a parent works here"
    )


def test_the_page_reads_from_the_most_important_step_down(base: RuleSet) -> None:
    """A page has the title, the day, the acts, and every part under its heading, each step and group once."""
    family = "there is a confirmed document “child of a large family”"
    judges = "10% of the seats: there is a confirmed document “judge's child” on the date"
    early, phase = "day the application was made is before the date “start of the phase”", "“start of the phase”"
    assert page(base, FEBRUARY, "en") == [
        "Queue",
        "By the rules of 1 February 2026",
        "  Приказ № 236",
        "  from 1 September 2024",
        "",
        "Who stands in the queue",
        "  1. Grade known: “average grade”: known and average grade: at least 3.5 (273-ФЗ, ст. 67)",
        "",
        "The order, the most important first",
        "  1. right to a place",
        "    1.1. Right out of turn",
        "      1.1.1. Judges' children: there is a confirmed document “judge's child” (Закон № 3132-1, п. 3 ст. 19)",
        f"      1.1.2. Large families: {early} and {family} (Указ № 63) [from 1 February 2026]",
        "      1.1.3. Old right: a brother attends this organisation (Закон № 1) [not in force after 31 December 2025]",
        "    1.2. General order: everyone else (131-ФЗ)",
        "  2. a brother is here: first those for whom this holds: a brother attends this organisation",
        "  3. higher grade: the higher “average grade”, the further ahead",
        "  4. made earlier: the earlier “time the application was made”, the further ahead",
        "  5. smaller number: the lower “application number”, the further ahead",
        "",
        "Reserves",
        f"  1. 10% of seats: {judges} {phase} (Закон № 3132-1)",
    ]


def test_the_russian_page_says_when_a_ground_begins(base: RuleSet) -> None:
    """What is yet to come into force says from which day."""
    text = "\n".join(page(base, JANUARY, "ru")).replace("\xa0", " ")
    assert "По правилам на 15 января 2026 г." in text
    assert "(Указ № 63) [вступит в силу 1 февраля 2026 г.]" in text
    assert "Отдельные места\n  1. 10 % мест: " in text


def test_every_rule_file_of_the_project_can_be_read(request: pytest.FixtureRequest) -> None:
    """Each line of each page is words: no name of a fact, a category or an operator is left in it."""
    for path in sorted((request.config.rootpath / "rules").glob("region-*/**/*.yaml")):
        if path.name.endswith(".test.yaml"):
            continue
        rule_set = read_rules(path)
        names = [*rule_set.vocabulary.facts, "category.", "confirmed(", ">=", "=="]
        for lang in ("ru", "en"):
            text = "\n".join(page(rule_set, parse_date("2026-06-15"), lang))
            assert [name for name in names if name in text] == []
