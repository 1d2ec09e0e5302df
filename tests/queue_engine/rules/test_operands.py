"""What may be compared with what, and what is told when types do not fit."""

from __future__ import annotations

from fractions import Fraction

import pytest

from queue_engine.facts import Fact, FactType, Title
from queue_engine.rules.conditions import NEVER, Compare, Holds
from queue_engine.rules.operands import AgeTerm, Bad, DayTerm, FactTerm, Operand, Typing, Value, kind_of
from queue_engine.rules.tokens import Token

T = Title("", "")
SIBLING = FactTerm(Fact("sibling", FactType.YES_NO, T), 0)
BORN = FactTerm(Fact("born", FactType.DATE, T), 0)
FILED = FactTerm(Fact("filed_at", FactType.INSTANT, T), 0)
NUMBER = FactTerm(Fact("number", FactType.NUMBER, T), 0)
AVERAGE = FactTerm(Fact("average", FactType.DECIMAL, T, digits=2), 0)
KIND = FactTerm(Fact("kind", FactType.CHOICE, T, choices={"general": T, "health": T}), 0)
AGE = AgeTerm("today", 0)
START = DayTerm("start", 0)
THREE = Value("number", Fraction(3), 9, 1)
HALF = Value("number", Fraction(1, 2), 9, 3)
DAY = Value("date", 20_000, 9, 10)
YEAR = Value("duration", (12, 0), 9, 2)
TEXT = Value("text", "general", 9, 9)
WRONG_TEXT = Value("text", "genral", 9, 8)

Told = list[tuple[str, int, int, str, str, str]]


def typing() -> tuple[Typing, Told]:
    """Return a typing and the list its problems go to."""
    found: Told = []
    return Typing(lambda *problem: found.append(problem)), found


@pytest.mark.parametrize(
    ("left", "operator", "right", "code", "at", "message", "remedy"),
    [
        (BORN, ">=", YEAR, "Q013", 5, "cannot compare date with duration", ""),
        (AGE, ">=", THREE, "Q013", 5, "cannot compare age with number", "an age is compared with a duration"),
        (AGE, "==", YEAR, "Q014", 5, "an age is compared with >=, >, < or <=", "write two comparisons joined by 'and'"),
        (AGE, "!=", YEAR, "Q014", 5, "an age is compared with >=, >, < or <=", "write two comparisons joined by 'and'"),
        (NUMBER, "<", AVERAGE, "Q013", 5, "two facts cannot be compared", "compare each with a value"),
        (SIBLING, "==", THREE, "Q013", 5, "cannot compare yes_no with number", "'sibling' alone, or 'not"),
        (FILED, "<", DAY, "Q013", 5, "cannot compare instant with date", "a fact that holds its day"),
        (FILED, "<", START, "Q013", 5, "cannot compare instant with date", "a fact that holds its day"),
        (NUMBER, "<", START, "Q013", 5, "cannot compare number with date", ""),
        (START, "<", THREE, "Q013", 5, "cannot compare date with number", ""),
        (START, "<", AGE, "Q013", 5, "cannot compare date with age", ""),
        (THREE, "<", THREE, "Q013", 5, "cannot compare number with number", ""),
        (Holds("sibling"), "==", THREE, "Q013", 5, "cannot compare condition with number", ""),
        (KIND, "<", TEXT, "Q013", 5, "kind is a choice: only == and != compare it", ""),
        (KIND, "==", THREE, "Q013", 5, "cannot compare choice with number", ""),
        (KIND, "==", WRONG_TEXT, "Q020", 9, "kind has no value 'genral'", "did you mean 'general'?"),
        (KIND, "==", Value("text", "xyz", 9, 5), "Q020", 9, "kind has no value 'xyz'", "known: general, health"),
        (NUMBER, "<", HALF, "Q023", 9, "number is compared with a whole number", ""),
        (AVERAGE, "<", Value("number", Fraction("4.875"), 9, 5), "Q023", 9,
         "average is compared with at most 2 digits after the point", ""),
    ],
)  # fmt: skip
def test_types_that_do_not_fit_are_told_with_what_would(  # noqa: PLR0917 - a column each
    left: Operand, operator: str, right: Operand, code: str, at: int, message: str, remedy: str
) -> None:
    """Every misfit has one problem at the operator or at the value, and is remembered."""
    types, found = typing()
    types.compared(left, Token("operator", operator, 5), right)
    [(given_code, given_at, _, given_message, given_remedy, _)] = found
    assert (given_code, given_at, given_message) == (code, at, message)
    assert remedy in given_remedy
    assert bool(remedy) == bool(given_remedy)
    assert not types.clean


def test_an_operand_already_reported_is_not_reported_again() -> None:
    """A term that could not be read makes no second problem in what it stands in."""
    types, found = typing()
    equals = Token("operator", "==", 5)
    assert types.compared(Bad(1), equals, THREE) == Bad(5)
    assert types.compared(NUMBER, equals, Bad(9)) == Bad(5)
    assert types.one_of(Bad(1), Token("name", "in", 5), [THREE]) == Bad(5)
    assert types.one_of(NUMBER, Token("name", "in", 5), [THREE, Bad(9)]) == Bad(5)
    assert types.condition(Bad(1)) == NEVER
    assert found == []


@pytest.mark.parametrize(
    ("left", "values", "at", "message"),
    [
        (SIBLING, [THREE], 5, "'in' compares a fact with values; yes_no found before it"),
        (FILED, [DAY], 5, "'in' compares a fact with values; instant found before it"),
        (AGE, [YEAR], 5, "'in' compares a fact with values; age found before it"),
        (START, [DAY], 5, "'in' compares a fact with values; date found before it"),
        (NUMBER, [THREE, TEXT], 9, "cannot compare number with text"),
        (NUMBER, [AVERAGE], 5, "cannot compare number with decimal"),
        (BORN, [START], 5, "cannot compare date with date"),
    ],
)
def test_a_list_of_values_fits_the_fact_before_it(left: Operand, values: list[Operand], at: int, message: str) -> None:
    """`in` takes a fact and constants of its type, and nothing else."""
    types, found = typing()
    assert types.one_of(left, Token("name", "in", 5), values) == Bad(5)
    assert [(problem[0], problem[1], problem[3]) for problem in found] == [("Q013", at, message)]


@pytest.mark.parametrize(
    ("operand", "message", "remedy"),
    [
        (NUMBER, "number is a number, not a yes or no", "compare it with a value"),
        (FILED, "filed_at is an instant, not a yes or no", "compare it with a value"),
        (AGE, "an age alone is not a condition", "compare it with something"),
        (START, "a date alone is not a condition", "compare it with something"),
        (TEXT, "a text alone is not a condition", "compare it with something"),
    ],
)
def test_what_is_no_condition_is_told_so(operand: Operand, message: str, remedy: str) -> None:
    """Only a yes_no fact may stand alone."""
    types, found = typing()
    assert types.condition(operand) == NEVER
    assert [(code, text, hint) for code, _, _, text, hint, _ in found] == [("Q015", message, remedy)]


def test_values_are_kept_as_the_fact_stores_them() -> None:
    """A decimal is scaled by its digits, exactly."""
    types, found = typing()
    equals = Token("operator", "==", 5)
    assert types.compared(AVERAGE, equals, HALF) == Compare("average", "==", 50)
    assert types.compared(HALF, Token("operator", "<", 5), AVERAGE) == Compare("average", ">", 50)
    assert (found, types.clean) == ([], True)


def test_messages_name_the_kind_of_every_operand() -> None:
    """The word is the one the rule author knows."""
    assert [kind_of(each) for each in (SIBLING, YEAR, AGE, START, Holds("x"))] == [
        "yes_no", "duration", "age", "date", "condition",
    ]  # fmt: skip
