"""Rule sets as values: periods, citations, and the list of every basis."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_engine import load_rules
from queue_engine.rules.model import LegalBasis, Period

DAYS = st.none() | st.integers(0, 30)


def days_of(period: Period) -> set[int]:
    """Return the days of a small window that lie in a period."""
    return {day for day in range(-1, 32) if day in period}


@given(DAYS, DAYS, DAYS, DAYS)
def test_periods_include_both_ends_and_meet_where_they_share_a_day(
    a: int | None, b: int | None, c: int | None, d: int | None
) -> None:
    """Overlap and intersection are those of the sets of days."""
    one, other = (Period(*sorted_or_open(*pair)) for pair in ((a, b), (c, d)))
    shared = days_of(one) & days_of(other)
    assert one.overlaps(other) == bool(shared)
    if shared:
        assert days_of(one & other) == shared
    assert bool(one) == (one.first is not None or one.last is not None)


def sorted_or_open(first: int | None, last: int | None) -> tuple[int | None, int | None]:
    """Return two bounds in order, open ones left open."""
    return (first, last) if first is None or last is None else (min(first, last), max(first, last))


@pytest.mark.parametrize(
    ("basis", "text"),
    [
        (LegalBasis("273-ФЗ"), "273-ФЗ"),
        (LegalBasis("273-ФЗ", "ст. 67", edition="в ред. 544-ФЗ"), "273-ФЗ, ст. 67, в ред. 544-ФЗ"),
    ],
)
def test_a_basis_is_cited_as_people_cite_it(basis: LegalBasis, text: str) -> None:
    """Act, clause and edition, whichever there are."""
    assert str(basis) == text


def test_every_basis_of_a_rule_set_is_listed_with_what_it_supports() -> None:
    """The file itself, eligibility, terms, steps, grounds, reserves and amendments."""
    town = load_rules("rules/region-74/zlatoust/camp.yaml")
    addresses = {address for address, _ in town.bases()}
    assert {"region-74/zlatoust/camp", "eligible.age", "changes.1"} <= addresses
    assert any(address.startswith("reserves.") for address in addresses)
    assert any(address.count(".") == 2 for address in addresses)
    school = load_rules("rules/region-74/school-grade-1.yaml")
    with_terms = attrs.evolve(
        school, terms={name: attrs.evolve(term, basis=school.basis) for name, term in school.terms.items()}
    )
    assert any(address.startswith("terms.") for address, _ in with_terms.bases())
