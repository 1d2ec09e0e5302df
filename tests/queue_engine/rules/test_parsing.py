"""Conditions are read as written, and every slip is named with its place, its width and a remedy."""

from __future__ import annotations

import attrs
import pytest
from tests.queue_engine.rules.conftest import FACTS

from queue_engine.facts import Vocabulary, parse_date
from queue_engine.rules.conditions import (
    Age,
    All,
    AnyOf,
    Compare,
    Condition,
    Confirmed,
    DayCompare,
    Holds,
    Known,
    Not,
    OneOf,
    Term,
)
from queue_engine.rules.parsing import parse_condition
from queue_engine.rules.source import SourceFile
from queue_engine.rules.vocabulary import read_vocabulary

VOCABULARY = read_vocabulary(SourceFile("facts.yaml", FACTS))
TERMS = ("first_phase",)
SIBLING = Holds("sibling.attends")
NEW_YEAR = parse_date("2020-01-01")


@attrs.frozen
class Slip:
    """A problem as `parse_condition` reports it, the words of its expectation left out."""

    code: str
    at: int
    width: int
    message: str
    remedy: str = ""


def _read(text: str, vocabulary: Vocabulary = VOCABULARY) -> tuple[Condition | None, list[Slip]]:
    slips: list[Slip] = []

    def report(code: str, at: int, width: int, message: str, remedy: str, expected: str) -> None:
        del expected
        slips.append(Slip(code, at, width, message, remedy))

    return parse_condition(text, vocabulary, TERMS, report, TERMS), slips


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("sibling.attends", SIBLING),
        ("  ( sibling.attends )  ", SIBLING),
        ("not sibling.attends", Not(SIBLING)),
        ("not not sibling.attends", SIBLING),
        ("not not not sibling.attends", Not(SIBLING)),
        ("known(sibling.attends)", Known("sibling.attends")),
        ("first_phase", Term("first_phase")),
        ("confirmed(category.large_family)", Confirmed("large_family", "today")),
        ("confirmed(category.large_family on study_start)", Confirmed("large_family", "study_start")),
        ("confirmed(category.large_family on 2020-01-01)", Confirmed("large_family", NEW_YEAR)),
        ("age(on today) >= 6y6m", Age("today", ">=", 78, 0)),
        ("age(on study_start) < 2m10d", Age("study_start", "<", 2, 10)),
        ("age(on 2020-01-01) > 1y", Age(NEW_YEAR, ">", 12, 0)),
        ("grade.average >= 4.5", Compare("grade.average", ">=", 450)),
        ("4.5 <= grade.average", Compare("grade.average", ">=", 450)),
        ("(grade.average) != 3", Compare("grade.average", "!=", 300)),
        ("application.number == 3", Compare("application.number", "==", 3)),
        ("child.birth_date < 2020-01-01", Compare("child.birth_date", "<", NEW_YEAR)),
        ("2020-01-01 > child.birth_date", Compare("child.birth_date", "<", NEW_YEAR)),
        ("child.birth_date <= study_start", Compare("child.birth_date", "<=", "study_start", named_date=True)),
        ("study_start >= child.birth_date", Compare("child.birth_date", "<=", "study_start", named_date=True)),
        ("study_start < today", DayCompare("study_start", "<", "today")),
        ("2020-01-01 < study_start", DayCompare("study_start", ">", NEW_YEAR)),
        ("child.orientation == 'general'", Compare("child.orientation", "==", "general")),
        ("'general' != child.orientation", Compare("child.orientation", "!=", "general")),
        ("child.orientation in ('general', 'health')", OneOf("child.orientation", ("general", "health"))),
        ("grade.average in (3, 4.5)", OneOf("grade.average", (300, 450))),
        ("child.birth_date in (2020-01-01)", OneOf("child.birth_date", (NEW_YEAR,))),
    ],
)
def test_a_condition_says_what_is_written(text: str, condition: Condition) -> None:
    """Every form of the language is read without a problem."""
    assert _read(text) == (condition, [])


def test_and_binds_closer_than_or() -> None:
    """`not` binds closest, then `and`, then `or`; brackets change that."""
    known = Known("grade.average")
    assert _read("first_phase or sibling.attends and not known(grade.average)")[0] == AnyOf(
        (Term("first_phase"), All((SIBLING, Not(known))))
    )
    assert _read("(first_phase or sibling.attends) and known(grade.average)")[0] == All(
        (AnyOf((Term("first_phase"), SIBLING)), known)
    )


def test_a_condition_remembers_where_its_atoms_stand() -> None:
    """The offset of each atom is kept for messages and does not count in comparisons."""
    made, _ = _read("sibling.attends and grade.average >= 3")
    assert made == All((SIBLING, Compare("grade.average", ">=", 300)))
    assert isinstance(made, All)
    assert [getattr(part, "at", None) for part in made.conditions] == [0, 34]


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("", Slip("Q010", 0, 1, "a fact, a value or '(' expected here, found the end")),
        ("sibling.attends and", Slip("Q010", 19, 1, "a fact, a value or '(' expected here, found the end")),
        ("and", Slip("Q010", 0, 3, "a fact, a value or '(' expected here, found 'and'")),
        ("(sibling.attends", Slip("Q010", 16, 1, "')' expected after the part in brackets, found the end")),
        ("sibling.attends)", Slip("Q010", 15, 1, "'and', 'or' or the end expected here, found ')'")),
        ("first_phase first_phase", Slip("Q010", 12, 11, "'and', 'or' or the end expected here, found 'first_phase'")),
        ("child.orientation in ()", Slip("Q010", 22, 1, "a fact, a value or '(' expected here, found ')'")),
        ("child.orientation in 'general'", Slip("Q010", 21, 9, "'(' expected after 'in', found ''general''")),
        ("child.orientation in ('general'", Slip("Q010", 31, 1, "')' expected after the values, found the end")),
        ("age(today) >= 3y", Slip("Q010", 4, 5, "'on' expected after 'age(', found 'today'")),
        ("age(on 3) >= 3y", Slip("Q010", 7, 1, "a date expected here, found '3'")),
        ("known(3)", Slip("Q010", 6, 1, "a fact expected here, found '3'")),
        ("known()", Slip("Q010", 6, 1, "a fact expected here, found ')'")),
        ("confirmed()", Slip("Q010", 10, 1, "a category expected here, found ')'")),
        ("confirmed(category.large_family", Slip("Q010", 31, 1, "')' expected after 'confirmed(…', found the end")),
    ],
)
def test_what_the_grammar_wants_is_said_where_it_is_missing(text: str, slip: Slip) -> None:
    """Q010 names what is expected, and what stands there instead."""
    assert _read(text) == (None, [slip])


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("grade.average = 3", Slip("Q011", 14, 1, "unexpected '='", "one '=' compares nothing: write '=='")),
        ("first_phase & first_phase", Slip("Q011", 12, 1, "unexpected '&'", "write the words 'and', 'or', 'not'")),
        ("!first_phase", Slip("Q011", 0, 1, "unexpected '!'", "write the words 'and', 'or', 'not'")),
        ("child.orientation == 'x", Slip("Q011", 21, 1, "unexpected '''", "close the text with another '")),
        ('child.orientation == "x"', Slip("Q011", 21, 1, "unexpected '\"'", "write texts between ' and '")),
        (
            "12abc",
            Slip("Q011", 0, 5, "'12abc' is not a number, a date or a duration", "write 12, 4.87, 2026-09-01 or 6y6m"),
        ),
        ("first_phase $", Slip("Q011", 12, 1, "unexpected '$'")),
    ],
)
def test_a_character_that_begins_nothing_is_named(text: str, slip: Slip) -> None:
    """Q011 stands at the character, with the way it is written here."""
    assert _read(text) == (None, [slip])


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("grade.average >= 3y", Slip("Q013", 14, 2, "cannot compare decimal with duration")),
        ("grade.average == 'x'", Slip("Q013", 14, 2, "cannot compare decimal with text")),
        (
            "sibling.attends == 1",
            Slip(
                "Q013",
                16,
                2,
                "cannot compare yes_no with number",
                "write 'sibling.attends' alone, or 'not sibling.attends'",
            ),
        ),
        (
            "age(on today) >= 3",
            Slip("Q013", 14, 2, "cannot compare age with number", "an age is compared with a duration, like 6y6m"),
        ),
        (
            "child.birth_date == application.submitted_on",
            Slip("Q013", 17, 2, "two facts cannot be compared", "compare each with a value"),
        ),
        (
            "child.orientation < 'general'",
            Slip("Q013", 18, 1, "child.orientation is a choice: only == and != compare it"),
        ),
        ("3 in (3)", Slip("Q013", 2, 2, "'in' compares a fact with values; number found before it")),
        ("grade.average in (3, 'x')", Slip("Q013", 21, 1, "cannot compare decimal with text")),
        (
            "age(on today) == 3y",
            Slip("Q014", 14, 2, "an age is compared with >=, >, < or <=", "write two comparisons joined by 'and'"),
        ),
        (
            "grade.average",
            Slip("Q015", 0, 13, "grade.average is a decimal, not a yes or no", "compare it with a value"),
        ),
        ("not age(on today)", Slip("Q015", 4, 1, "an age alone is not a condition", "compare it with something")),
        (
            "sibling.attends == yes",
            Slip("Q015", 19, 3, "'yes' is not used in conditions", "write the fact alone, or 'not' before it"),
        ),
        ("known(study_start)", Slip("Q015", 0, 5, "known(…) takes a fact")),
        (
            "child.orientation == 'helth'",
            Slip("Q020", 21, 7, "child.orientation has no value 'helth'", "did you mean 'health'?"),
        ),
        ("age(on 2026-02-30) >= 3y", Slip("Q021", 7, 10, "there is no such day: 2026-02-30")),
        ("child.birth_date < 2026-02-30", Slip("Q021", 19, 10, "there is no such day: 2026-02-30")),
        ("age(on today) >= 151y", Slip("Q023", 17, 4, "151y is longer than a life")),
        (
            "grade.average == 3.123",
            Slip("Q023", 17, 5, "grade.average is compared with at most 2 digits after the point"),
        ),
        ("application.number > 3.5", Slip("Q023", 21, 3, "application.number is compared with a whole number")),
    ],
)
def test_what_does_not_fit_is_refused(text: str, slip: Slip) -> None:
    """Types, values and days that do not fit each other are named at the operator or the value."""
    assert _read(text) == (None, [slip])


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("konwn(sibling.attends)", Slip("Q016", 0, 5, "unknown function 'konwn'", "did you mean 'known'?")),
        (
            "upper(sibling.attends)",
            Slip("Q016", 0, 5, "unknown function 'upper'", "known: confirmed(…), age(on …), known(…)"),
        ),
        (
            "confirmed(large_family)",
            Slip(
                "Q017",
                10,
                12,
                "confirmed(…) takes a category, like category.large_family",
                "did you mean 'category.large_family'?",
            ),
        ),
        (
            "confirmed(category.large_famly)",
            Slip("Q017", 19, 11, "unknown category 'large_famly'", "did you mean 'large_family'?"),
        ),
        ("age(on study_strt) >= 1y", Slip("Q018", 7, 10, "unknown date 'study_strt'", "did you mean 'study_start'?")),
        ("Sibling.attends", Slip("Q019", 0, 15, "unknown fact 'Sibling.attends'", "did you mean 'sibling.attends'?")),
        ("first_fase", Slip("Q019", 0, 10, "unknown fact 'first_fase'", "did you mean 'first_phase'?")),
        (
            "category.large_family",
            Slip(
                "Q019",
                0,
                21,
                "a category is not a condition: 'category.large_family'",
                "write confirmed(category.large_family)",
            ),
        ),
        (
            "child.orientation == general",
            Slip("Q019", 21, 7, "unknown fact 'general'", "a text stands in quotes: write 'general'"),
        ),
    ],
)
def test_an_unknown_name_comes_with_the_nearest_known(text: str, slip: Slip) -> None:
    """Facts, terms, categories, dates and functions are never guessed, and never silently false."""
    assert _read(text) == (None, [slip])


def test_all_slips_of_a_condition_are_told_at_once() -> None:
    """A misspelt name does not hide the next one."""
    made, slips = _read("sibling.atends and confirmed(category.larg_family) or grade.average")
    assert made is None
    assert [(slip.code, slip.at) for slip in slips] == [("Q019", 0), ("Q017", 38), ("Q015", 54)]


def test_brackets_may_be_deep_but_not_endless() -> None:
    """A condition nested too deeply is refused before it could exhaust the stack."""
    assert _read("(" * 39 + "first_phase" + ")" * 39) == (Term("first_phase"), [])
    _, slips = _read("(" * 5000 + "first_phase" + ")" * 5000)
    assert [slip.message for slip in slips] == ["the condition is nested too deeply"]


def test_an_age_needs_the_date_of_birth_in_the_vocabulary() -> None:
    """Where facts.yaml has no date of birth, no condition may ask for an age."""
    bare = Vocabulary({}, {}, {})
    assert _read("age(on today) >= 1y", bare)[1] == [
        Slip("Q019", 0, 3, "age(…) needs the fact 'child.birth_date', which facts.yaml lacks")
    ]
