"""Conditions are walked, rebuilt and filled with days without losing a part."""

from __future__ import annotations

import pytest

from queue_engine.rules.conditions import (
    ALWAYS,
    NEVER,
    TODAY,
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
    atoms,
    compare,
    dates_of,
    facts_of,
    inline_terms,
    with_dates,
)

HOLDS = Holds("sibling")
NUMBER = Compare("number", ">", 3)
BEFORE = Compare("filed", "<", "phase", named_date=True)
WHOLE: Condition = AnyOf(
    (
        All((HOLDS, Not(Confirmed("large_family", "shift")))),
        Age("start", ">=", 36, 0),
        DayCompare(TODAY, "<", "phase"),
        DayCompare("start", "<", 20_000),
        BEFORE,
        NUMBER,
        OneOf("kind", ("a", "b")),
        Known("average"),
    )
)


def test_atoms_come_from_left_to_right_with_those_under_not() -> None:
    """Every atom of a nested condition is yielded once, in writing order."""
    assert [type(atom).__name__ for atom in atoms(WHOLE)] == [
        "Holds", "Confirmed", "Age", "DayCompare", "DayCompare", "Compare", "Compare", "OneOf", "Known",
    ]  # fmt: skip
    assert list(atoms(ALWAYS)) == list(atoms(NEVER)) == []


def test_the_facts_of_a_condition_include_the_birth_date_of_an_age() -> None:
    """Documents and days are no facts; an age is reckoned from one."""
    assert facts_of(WHOLE) == {"sibling", "child.birth_date", "filed", "number", "kind", "average"}


def test_the_dates_of_a_condition_are_all_that_it_names() -> None:
    """Days written as days need nobody to give them."""
    assert dates_of(WHOLE) == {"shift", "start", TODAY, "phase"}


def test_given_dates_take_the_place_of_their_names_and_others_stay() -> None:
    """A date that is not given keeps its name, so that it can be asked for."""
    given = with_dates(WHOLE, {"phase": 7, "start": 5})
    assert dates_of(given) == {"shift", TODAY}
    assert Compare("filed", "<", 7) in list(atoms(given))
    assert DayCompare(TODAY, "<", 7) in list(atoms(given))
    assert Age(5, ">=", 36, 0) in list(atoms(given))
    assert dates_of(with_dates(WHOLE, {})) == dates_of(WHOLE)


def test_terms_are_written_out_also_inside_each_other() -> None:
    """A term that names a term leaves no name behind."""
    terms: dict[str, Condition] = {"inner": HOLDS, "outer": Not(Term("inner"))}
    made = inline_terms(All((Term("outer"), NUMBER)), terms)
    assert made == All((Not(HOLDS), NUMBER))


def test_what_a_term_says_stands_where_it_is_named() -> None:
    """Carets for a written-out term must point into the condition that names it, not into its own text."""
    terms: dict[str, Condition] = {"inner": Holds("sibling", at=40), "outer": Term("inner", at=33)}
    [atom] = atoms(inline_terms(Term("outer", at=5), terms))
    assert atom.at == 5


def test_the_place_of_an_atom_is_no_part_of_what_it_says() -> None:
    """Two files that say the same are equal."""
    assert Holds("sibling", at=1) == Holds("sibling", at=9)


@pytest.mark.parametrize(
    ("operator", "holding"),
    [
        ("==", (False, True, False)),
        ("!=", (True, False, True)),
        ("<", (True, False, False)),
        ("<=", (True, True, False)),
        (">", (False, False, True)),
        (">=", (False, True, True)),
    ],
)
def test_integers_compare_as_written(operator: str, holding: tuple[bool, bool, bool]) -> None:
    """Each operator at 1, 2 and 3 against 2."""
    assert tuple(compare(left, operator, 2) for left in (1, 2, 3)) == holding
