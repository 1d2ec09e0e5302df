"""What is called impossible never holds; what is possible holds for somebody, wherever every date is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_engine.facts import Category, Fact, FactType, NamedDate, Title, Unknown, Vocabulary, parse_date
from queue_engine.rules.ages import latest_birth
from queue_engine.rules.conditions import (
    ALWAYS,
    NEVER,
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
    facts_of,
    with_dates,
)
from queue_engine.rules.contradictions import Domains, TooComplex, always, covered, impossible
from queue_engine.rules.model import Conventions
from queue_engine.rules.one_by_one import Paper, Record, Value, holds
from queue_engine.rules.parsing import parse_condition

T = Title("", "")
DAY = parse_date("2026-03-01")
FACTS = [
    Fact("sibling", FactType.YES_NO, T, unknown=Unknown.NO),
    Fact("lives_here", FactType.YES_NO, T, unknown=Unknown.LAST),
    Fact("vouchers", FactType.NUMBER, T, least=0, most=3),
    Fact("stage", FactType.NUMBER, T, least=1, most=3, unknown=Unknown.REFUSE),
    Fact("average", FactType.DECIMAL, T, least=0, most=4, digits=1),
    Fact("orientation", FactType.CHOICE, T, choices={"general": T, "health": T}),
    Fact("language", FactType.CHOICE, T),
    Fact("child.birth_date", FactType.DATE, T),
    Fact("submitted_on", FactType.DATE, T),
]
VOCABULARY = Vocabulary(
    {fact.name: fact for fact in FACTS},
    {name: Category(name, T) for name in ("large_family", "orphan")},
    {name: NamedDate(name, T) for name in ("start", "finish")},
)
FREE = Domains(VOCABULARY, Conventions())
GIVEN = Domains(VOCABULARY, Conventions(), {"start": DAY, "finish": DAY + 1, "today": DAY})
VALUES: Mapping[str, tuple[Value, ...]] = {
    "sibling": (0, 1),
    "lives_here": (0, 1),
    "vouchers": (0, 1, 2, 3),
    "stage": (1, 2, 3),
    "average": (0, 1, 2, 3, 4),
    "orientation": ("general", "health"),
    "language": ("ru", "tt", "kk"),
    "child.birth_date": tuple(range(DAY - 100, DAY + 6)),
    "submitted_on": tuple(range(DAY - 3, DAY + 4)),
}
OPERATORS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
SAMENESS = st.sampled_from(["==", "!="])
AGE_OPERATORS = st.sampled_from([">=", ">", "<", "<="])
DAYS = st.integers(DAY - 2, DAY + 2)
NAMES = st.sampled_from(["start", "finish"])
PLAIN_ATOMS = st.one_of(
    st.builds(Holds, st.sampled_from(["sibling", "lives_here"])),
    st.builds(Known, st.sampled_from(["sibling", "lives_here", "vouchers", "stage", "language"])),
    st.builds(Compare, st.sampled_from(["vouchers", "stage", "average"]), OPERATORS, st.integers(-1, 5)),
    st.builds(Compare, st.just("orientation"), SAMENESS, st.sampled_from(["general", "health"])),
    st.builds(Compare, st.just("language"), SAMENESS, st.sampled_from(["ru", "tt"])),
    st.builds(lambda values: OneOf("vouchers", tuple(values)), st.lists(st.integers(0, 4), min_size=1, max_size=3)),
    st.builds(lambda values: OneOf("language", tuple(values)), st.lists(st.sampled_from(["ru", "tt"]), min_size=1)),
    st.builds(Confirmed, st.sampled_from(["large_family", "orphan"]), st.sampled_from([DAY, DAY + 1])),
)
DATE_ATOMS = st.one_of(
    st.builds(Age, st.sampled_from([DAY, DAY + 1]), AGE_OPERATORS, st.integers(0, 2), st.integers(0, 2)),
    st.builds(Compare, st.just("child.birth_date"), OPERATORS, st.integers(DAY - 70, DAY + 2)),
    st.builds(Compare, st.just("submitted_on"), OPERATORS, DAYS),
    st.builds(Known, st.sampled_from(["child.birth_date", "submitted_on"])),
    st.builds(Compare, st.just("submitted_on"), OPERATORS, NAMES, st.just(value=True)),
    st.builds(DayCompare, NAMES, OPERATORS, DAYS),
    st.builds(DayCompare, NAMES, OPERATORS, NAMES),
    st.builds(Age, NAMES, AGE_OPERATORS, st.integers(0, 2), st.integers(0, 2)),
    st.builds(Confirmed, st.just("orphan"), NAMES),
)


def conditions(leaves: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    """Return conditions of every shape over the given atoms."""
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(Not, inner),
            st.builds(lambda parts: All(tuple(parts)), st.lists(inner, max_size=3)),
            st.builds(lambda parts: AnyOf(tuple(parts)), st.lists(inner, max_size=3)),
        ),
        max_leaves=8,
    )


PLAIN = conditions(PLAIN_ATOMS)
DATED = conditions(DATE_ATOMS)


def records(condition: Condition) -> Iterator[Record]:
    """Yield every record that differs from the others in what the condition reads."""
    names = sorted(facts_of(condition))
    points = [
        [*VALUES[name], *([None] if VOCABULARY.facts[name].unknown is not Unknown.REFUSE else [])] for name in names
    ]
    papers = sorted({(atom.category, atom.on) for atom in atoms(condition) if isinstance(atom, Confirmed)})
    for facts in product(*points):
        known = {name: value for name, value in zip(names, facts, strict=True) if value is not None}
        for held in product((False, True), repeat=len(papers)):
            documents = [
                Paper(category, int(on), int(on)) for (category, on), has in zip(papers, held, strict=True) if has
            ]
            yield Record(known, tuple(documents))


def holds_for_somebody(condition: Condition, conventions: Conventions = FREE.conventions) -> bool:
    """Return whether some record satisfies a condition whose dates are given."""
    return any(holds(condition, record, conventions) for record in records(condition))


def condition(text: str) -> Condition:
    """Return the condition a text says."""
    made = parse_condition(text, VOCABULARY, (), lambda *problem: pytest.fail(str(problem)))
    assert made is not None
    return made


@given(PLAIN)
def test_impossible_is_exactly_what_holds_for_nobody(given_condition: Condition) -> None:
    """Trying every value of every fact gives the same answer, in both directions."""
    assert impossible(given_condition, FREE) == (not holds_for_somebody(given_condition))


@given(DATED, st.sampled_from(["on_birthday", "day_after"]), st.sampled_from(["feb_28", "mar_1"]))
def test_with_given_dates_the_answer_is_exact(given_condition: Condition, reached: str, leap: str) -> None:
    """Ages and dates are decided exactly once every named date has its day."""
    context = Domains(VOCABULARY, Conventions(reached, leap), GIVEN.dates)
    dated = with_dates(given_condition, GIVEN.dates)
    assert impossible(given_condition, context) == (not holds_for_somebody(dated, context.conventions))


@given(DATED, st.integers(-2, 2), st.integers(-2, 2))
def test_free_dates_never_give_a_false_alarm(given_condition: Condition, start: int, finish: int) -> None:
    """What is impossible whatever the dates holds for nobody on any of them."""
    if impossible(given_condition, FREE):
        dated = with_dates(given_condition, {"start": DAY + start, "finish": DAY + finish})
        assert not holds_for_somebody(dated)


@given(PLAIN, st.lists(PLAIN, max_size=3))
def test_covered_means_nobody_has_it_alone(given_condition: Condition, others: list[Condition]) -> None:
    """A condition is covered exactly when everyone it holds for has one of the others."""
    alone = All((given_condition, *(Not(other) for other in others)))
    assert covered(given_condition, others, FREE) == (not holds_for_somebody(alone))


@given(conditions(PLAIN_ATOMS | DATE_ATOMS))
def test_a_condition_or_its_opposite_always_holds(given_condition: Condition) -> None:
    """`x or not x` is certain and `x and not x` impossible, whatever x speaks of."""
    opposite = Not(given_condition)
    assert always(AnyOf((given_condition, opposite)), FREE)
    assert impossible(All((given_condition, opposite)), FREE)
    assert covered(given_condition, [given_condition], FREE)


@pytest.mark.parametrize(
    "text",
    [
        "age(on start) >= 3y and age(on start) < 2y",
        "age(on start) > 2y and age(on start) <= 2y",
        "age(on start) >= 10d and age(on start) < 9d",
        "age(on start) >= 1m3d and age(on start) < 1m3d",
        "submitted_on < start and submitted_on >= start",
        "start < finish and finish <= start",
        "start < start",
        "start > 2026-03-01 and start < 2026-03-02",
        "known(submitted_on) and not submitted_on < start and not submitted_on >= start",
        "submitted_on > 2026-01-01 and not known(submitted_on)",
        "submitted_on < start and not known(submitted_on)",
        "age(on start) < 8y and not known(child.birth_date)",
        "confirmed(category.orphan on start) and not confirmed(category.orphan on start)",
        "vouchers > 3",
        "not known(stage)",
        "language in ('ru', 'tt') and language == 'kk'",
        "not (orientation == 'general') and orientation != 'health'",
    ],
)
def test_a_contradiction_is_found_without_any_given_date(text: str) -> None:
    """Bounds that exclude each other are found although nobody said when the dates are."""
    assert impossible(condition(text), FREE)


@pytest.mark.parametrize(
    "text",
    [
        "age(on start) >= 2y and age(on start) <= 2y",
        "age(on start) >= 2y and age(on finish) < 2y",
        "age(on start) >= 1m and age(on start) < 40d",
        "confirmed(category.orphan on start) and not confirmed(category.orphan on 2026-03-01)",
        "not (vouchers < 3) and not (vouchers >= 3)",
        "not sibling and not known(sibling)",
        "not sibling and known(sibling)",
        "language != 'ru' and language != 'tt'",
        "orientation == 'general' or sibling and not sibling",
    ],
)
def test_what_somebody_may_have_is_no_contradiction(text: str) -> None:
    """Unknown values, free dates and other texts leave room."""
    assert not impossible(condition(text), FREE)


def test_given_dates_turn_ages_into_birthdays() -> None:
    """Six and a half on the day the study starts excludes a birth a day too late, and nothing more."""
    latest = latest_birth(DAY, 78, 0, Conventions())
    old = Age("start", ">=", 78, 0)
    assert impossible(All((old, Compare("child.birth_date", ">", latest))), GIVEN)
    assert not impossible(All((old, Compare("child.birth_date", ">=", latest))), GIVEN)
    assert not impossible(All((old, Compare("child.birth_date", ">", latest))), FREE)


def test_a_given_date_makes_the_same_day_the_same_document() -> None:
    """A document valid on a day is valid on every name of that day."""
    apart = All((Confirmed("orphan", "start"), Not(Confirmed("orphan", DAY))))
    assert impossible(apart, GIVEN)
    assert not impossible(apart, FREE)


def test_several_grounds_cover_one_together() -> None:
    """A ground may be covered by two others although neither covers it alone."""
    large, sibling = Confirmed("large_family"), Compare("vouchers", "<", 2)
    others = [All((large, sibling)), All((large, Not(sibling)))]
    assert covered(large, others, FREE)
    assert not covered(large, others[:1], FREE)
    assert not covered(large, others[1:], FREE)


def test_nothing_covers_unless_it_must() -> None:
    """Without others only the impossible is covered."""
    assert not covered(ALWAYS, [], FREE)
    assert covered(NEVER, [], FREE)
    assert always(ALWAYS, FREE)
    assert not always(NEVER, FREE)


def test_names_the_vocabulary_lacks_are_taken_as_possible() -> None:
    """Unknown facts and terms not written out never raise a false alarm, but still contradict themselves."""
    for atom in (Holds("nobody.knows"), Term("first_phase"), Compare("nobody.knows", "==", "text")):
        assert not impossible(atom, FREE)
        assert not always(atom, FREE)
        assert impossible(All((atom, Not(atom))), FREE)


def test_twenty_five_grounds_are_decided_at_once() -> None:
    """Many grounds with the same second condition need no search, also when the last one decides."""
    here = Holds("lives_here")
    grounds = [All((Confirmed(f"c{number}"), here)) for number in range(25)]
    assert not covered(All((Confirmed("other"), here)), grounds, FREE)
    assert covered(grounds[24], [*grounds[:24], AnyOf((grounds[24], Confirmed("other")))], FREE)


def test_a_puzzle_is_given_up_instead_of_guessed() -> None:
    """Eight guests in seven rooms is impossible, but too long to prove: neither yes nor no is said."""
    seats = [[Confirmed(f"guest{guest}", room) for room in range(7)] for guest in range(8)]
    seated = [AnyOf(tuple(rooms)) for rooms in seats]
    alone = [
        Not(All((seats[first][room], seats[second][room])))
        for room in range(7)
        for first in range(8)
        for second in range(first)
    ]
    with pytest.raises(TooComplex):
        impossible(All((*seated, *alone)), FREE)
