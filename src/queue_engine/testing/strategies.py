"""Hypothesis strategies: vocabularies, conditions, rule sets of every kind of step, towns, and scenes of all of it.

Values come from small pools that sit on the borders rules care about: the day
itself and its neighbours, 29 February, birthdays that are reached today, values
that are not known. Titles name what they are titles of, so that a text betrays its source.
Every choice is an index drawn from one kept strategy: making strategies anew for
each example would take ten times as long as the examples themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TypeVar

import attrs
from hypothesis import strategies as st

from queue_engine.facts import (
    Category,
    Fact,
    FactType,
    NamedDate,
    Per,
    Title,
    Unknown,
    Vocabulary,
    day_to_date,
    parse_date,
)
from queue_engine.rules.conditions import (
    BIRTH_DATE,
    TODAY,
    Age,
    All,
    AnyOf,
    Compare,
    Condition,
    Confirmed,
    Day,
    DayCompare,
    Holds,
    Known,
    Not,
    OneOf,
    Term,
)
from queue_engine.rules.model import (
    Conventions,
    GivenDate,
    Ground,
    Group,
    LegalBasis,
    NamedTerm,
    Period,
    Reserve,
    ReserveKind,
    RuleSet,
    Step,
    StepKind,
)
from queue_engine.testing.town import Scene, Town
from queue_engine.testing.writing import condition_text

T = TypeVar("T")

NUMBER = "application.number"
FILED = "application.submitted_on"
DAYS = tuple(parse_date(f"2024-{text}") for text in ("02-27", "02-28", "02-29", "03-01", "03-02"))
BIRTHS = (
    "2020-02-28",
    "2020-02-29",
    "2020-03-01",
    "2021-02-28",
    "2021-03-01",
    "2023-08-31",
    "2024-01-29",
    "2024-01-31",
)
_LENGTHS = ((1, 0), (6, 0), (36, 0), (48, 0), (48, 1), (47, 30), (0, 0))
_OPERATORS = ("==", "!=", "<", "<=", ">", ">=")
_ORDERED = ("<", "<=", ">", ">=")
_CODES = ("general", "health", "care")
_TIMES = (FactType.DATE, FactType.INSTANT)
_NUMBERS = (FactType.NUMBER, FactType.DECIMAL)
_WRITTEN = {
    FactType.YES_NO: ("yes", "no"),
    FactType.DATE: tuple(str(day_to_date(day)) for day in DAYS),
    FactType.INSTANT: ("2024-02-28 23:59:59", "2024-02-29 00:00:00", "2024-02-29 00:00:01"),
    FactType.NUMBER: ("0", "1", "2", "3"),
    FactType.DECIMAL: ("2", "2.5", "14/3", "4.6"),
    FactType.CHOICE: _CODES,
}


def _title(of: str) -> Title:
    return Title(f"о {of}", f"of {of}")


@cache
def _index(count: int) -> st.SearchStrategy[int]:
    return st.integers(0, count - 1)


def _pick(draw: st.DrawFn, options: Sequence[T]) -> T:
    return options[draw(_index(len(options)))]


def _some(draw: st.DrawFn, least: int, most: int, make: Callable[[int], T]) -> list[T]:
    """Draw between `least` and `most` things."""
    return [make(number) for number in range(least + draw(_index(most - least + 1)))]


@st.composite
def vocabularies(draw: st.DrawFn) -> Vocabulary:
    """Draw a vocabulary: a unique number, facts of several types known of several things, categories, dates."""
    birth = _pick(draw, (Unknown.LAST, Unknown.REFUSE))
    facts = [
        Fact(NUMBER, FactType.NUMBER, _title(NUMBER), least=0, most=9999, unknown=Unknown.REFUSE, unique=True),
        Fact(BIRTH_DATE, FactType.DATE, _title(BIRTH_DATE), unknown=birth),
        _pick(
            draw,
            (
                Fact(FILED, FactType.DATE, _title(FILED)),
                Fact("application.submitted_at", FactType.INSTANT, _title("application.submitted_at")),
            ),
        ),
    ]
    facts += _some(draw, 2, 6, lambda number: _fact(draw, number))
    return Vocabulary(
        {fact.name: fact for fact in facts},
        {name: Category(name, _title(name)) for name in ("large_family", "orphan")},
        {
            "study_start": NamedDate("study_start", _title("study_start"), _pick(draw, ("", TODAY))),
            "round_date": NamedDate("round_date", _title("round_date"), _pick(draw, ("", "study_start"))),
        },
    )


def _fact(draw: st.DrawFn, number: int) -> Fact:
    kind, per = _pick(draw, tuple(FactType)), _pick(draw, tuple(Per))
    policies = [Unknown.LAST, Unknown.LAST, Unknown.REFUSE]
    if kind is FactType.YES_NO:
        policies = [Unknown.NO] * 3 + policies
    name = f"{per.value}.{kind.value}_{number}"
    fact = Fact(name, kind, _title(name), per=per, unknown=_pick(draw, policies))
    if kind is FactType.DECIMAL:
        return attrs.evolve(fact, digits=1)
    if kind is FactType.CHOICE and _pick(draw, (False, True)):
        return attrs.evolve(fact, choices={code: _title(code) for code in _CODES})
    if kind is FactType.NUMBER and _pick(draw, (False, True)):
        return attrs.evolve(fact, least=0, most=3)
    return fact


@st.composite
def conditions(
    draw: st.DrawFn, vocabulary: Vocabulary, terms: Sequence[str] = (), per: Sequence[Per] = tuple(Per)
) -> Condition:
    """Draw a condition over a vocabulary that can be written and read.

    Args:
        draw: given by Hypothesis.
        vocabulary: what it may speak about.
        terms: the names of terms it may use.
        per: what the facts it reads are known of.

    """
    return _condition(draw, vocabulary, terms, per, 2)


def _condition(
    draw: st.DrawFn, vocabulary: Vocabulary, terms: Sequence[str], per: Sequence[Per], depth: int
) -> Condition:
    shape = _pick(draw, ("atom", "atom", "not", "all", "any")) if depth else "atom"
    if shape == "atom":
        return _atom(draw, vocabulary, terms, per)
    parts = _some(
        draw,
        1 if shape == "not" else 2,
        1 if shape == "not" else 3,
        lambda _: _condition(draw, vocabulary, terms, per, depth - 1),
    )
    return Not(parts[0]) if shape == "not" else (All if shape == "all" else AnyOf)(tuple(parts))


def _atom(draw: st.DrawFn, vocabulary: Vocabulary, terms: Sequence[str], per: Sequence[Per]) -> Condition:
    named = (TODAY, *vocabulary.dates)
    days: Sequence[Day] = (*named, *DAYS)
    facts = [fact for fact in vocabulary.facts.values() if fact.per in per]
    kinds = ["fact"] * 4 * bool(facts) + ["confirmed", "confirmed", "days"]
    kinds += ["age"] * 2 * (Per.APPLICATION in per) + ["term"] * 3 * bool(terms)
    kind = _pick(draw, kinds)
    if kind == "confirmed":
        return Confirmed(_pick(draw, tuple(vocabulary.categories)), _pick(draw, days))
    if kind == "days":
        return DayCompare(_pick(draw, named), _pick(draw, _OPERATORS), _pick(draw, days))
    if kind == "age":
        return Age(_pick(draw, days), _pick(draw, _ORDERED), *_pick(draw, _LENGTHS))
    if kind == "term":
        return Term(_pick(draw, terms))
    return _fact_atom(draw, _pick(draw, facts), named)


def _fact_atom(draw: st.DrawFn, fact: Fact, named: Sequence[str]) -> Condition:
    if fact.type is FactType.INSTANT or _pick(draw, (False, False, False, True)):
        return Known(fact.name)
    if fact.type is FactType.YES_NO:
        return Holds(fact.name)
    values: Sequence[int | str] = _CODES
    if fact.type is not FactType.CHOICE:
        values = [fact.parse(text) for text in _WRITTEN[fact.type] if "/" not in text]
    form = _pick(draw, ("compare", "one of", "named"))
    if form == "one of":
        return OneOf(fact.name, tuple(_some(draw, 1, 3, lambda _: _pick(draw, values))))
    if form == "named" and fact.type is FactType.DATE:
        return Compare(fact.name, _pick(draw, _OPERATORS), _pick(draw, named), named_date=True)
    operators = ("==", "!=") if fact.type is FactType.CHOICE else _OPERATORS
    return Compare(fact.name, _pick(draw, operators), _pick(draw, values))


def _basis(draw: st.DrawFn, of: str) -> tuple[LegalBasis, ...]:
    return _pick(draw, ((LegalBasis(f"act {of}", "п. 1"),), (LegalBasis("273-ФЗ"),)))


def _period(draw: st.DrawFn) -> Period:
    first, last = _pick(draw, DAYS), _pick(draw, DAYS)
    bounded = Period(min(first, last), max(first, last))
    return _pick(draw, (*[Period()] * 6, bounded, Period(first), Period(None, last)))


@st.composite
def rule_sets(draw: st.DrawFn, vocabulary: Vocabulary, *, moving: bool = True) -> RuleSet:
    """Draw a rule set: up to three steps of any kind, then the unique number.

    Args:
        draw: given by Hypothesis.
        vocabulary: what its conditions speak about.
        moving: whether reserves may change positions.

    """
    terms: dict[str, NamedTerm] = {}
    for name in ("first_phase", "lives_near")[: draw(_index(3))]:
        when = _condition(draw, vocabulary, tuple(terms), tuple(Per), 2)
        terms[name] = NamedTerm(name, _title(name), when, _basis(draw, name))
    order = _some(draw, 0, 3, lambda index: _step(draw, vocabulary, tuple(terms), f"step_{index}"))
    order.append(Step("number", _title("number"), StepKind.LOWEST, fact=NUMBER))
    eligible = _some(draw, 0, 1, lambda index: _ground(draw, vocabulary, tuple(terms), f"item_{index}"))
    dates = {"round_date": GivenDate("round_date", _pick(draw, DAYS))} if _pick(draw, (False, True)) else {}
    return RuleSet(
        "drawn",
        "region",
        _title("drawn"),
        vocabulary,
        basis=_basis(draw, "drawn"),
        conventions=Conventions(_pick(draw, ("on_birthday", "day_after")), _pick(draw, ("mar_1", "feb_28"))),
        terms=terms,
        dates=dates,
        eligible=tuple(eligible),
        order=tuple(order),
        reserves=_reserves(draw, vocabulary, tuple(terms)) if moving else (),
    )


def _ground(draw: st.DrawFn, vocabulary: Vocabulary, terms: Sequence[str], name: str) -> Ground:
    return Ground(
        name,
        _title(name),
        _condition(draw, vocabulary, terms, tuple(Per), 2),
        _basis(draw, name),
        _period(draw),
        _period(draw),
        _pick(draw, (False, False, True)),
    )


def _step(draw: st.DrawFn, vocabulary: Vocabulary, terms: Sequence[str], name: str) -> Step:
    kind = _pick(draw, (StepKind.GROUPS, StepKind.GROUPS, *StepKind))
    step = Step(name, _title(name), kind, basis=_basis(draw, name), in_force=_period(draw))
    if kind is StepKind.YES_FIRST:
        return attrs.evolve(step, condition=_condition(draw, vocabulary, terms, tuple(Per), 2))
    if kind is not StepKind.GROUPS:
        fitting = _TIMES if kind is StepKind.EARLIEST else _NUMBERS
        names = [fact.name for fact in vocabulary.facts.values() if fact.type in fitting]
        return attrs.evolve(step, fact=_pick(draw, names))

    def group(index: int) -> Group:
        own = f"{name}_group_{index}"
        grounds = _some(draw, 1, 2, lambda at: _ground(draw, vocabulary, terms, f"{own}_{at}"))
        return Group(own, _title(own), tuple(grounds))

    others = Group(f"{name}_others", _title(f"{name}_others"), everyone_else=True)
    return attrs.evolve(step, groups=(*_some(draw, 1, 2, group), others))


def _reserves(draw: st.DrawFn, vocabulary: Vocabulary, terms: Sequence[str]) -> tuple[Reserve, ...]:
    kind = _pick(draw, (None, ReserveKind.SEATS, ReserveKind.ONE_IN, ReserveKind.SHARE))

    def reserve(index: int) -> Reserve:
        name = f"reserve_{index}"
        when = _condition(draw, vocabulary, terms, tuple(Per), 1)
        made = Reserve(name, _title(name), when, kind or ReserveKind.SEATS, 2, basis=_basis(draw, name))
        if kind is ReserveKind.ONE_IN:
            return attrs.evolve(made, amount=2 + draw(_index(3)))
        made = attrs.evolve(made, amount=draw(_index(101)), percent=True)
        if kind is ReserveKind.SHARE:
            return made
        return attrs.evolve(made, filled="before_general", unused="keep", keep_until=_pick(draw, (None, *DAYS)))

    return () if kind is None else tuple(_some(draw, 1, 2 if kind is ReserveKind.SHARE else 1, reserve))


@st.composite
def towns(draw: st.DrawFn, vocabulary: Vocabulary, *, most: int = 7) -> Town:
    """Draw a town: applications, wishes for programmes and organisations, documents, what is not known.

    Args:
        draw: given by Hypothesis.
        vocabulary: whose facts are columns.
        most: how many applications at most.

    """
    ids = [str(number) for number in _shuffled(draw, range(1, draw(_index(most)) + 2))]
    programmes = _some(draw, 1, 3, lambda number: f"p{number}")
    at = [_pick(draw, ("north", "south")) for _ in programmes]
    targets = (*programmes, *sorted({*at}))
    wishes = [(owner, target) for owner in ids for target in _shuffled(draw, targets)[: draw(_index(4))]]

    def takes(_: int) -> str:
        if _pick(draw, (False, True)):
            return ""
        condition = _condition(draw, vocabulary, (), (Per.APPLICATION, Per.ENTRY), 1)
        return condition_text(condition, vocabulary.facts)

    entries = {
        "application": [owner for owner, _ in wishes],
        "programme": [target if target in programmes else "" for _, target in wishes],
        "organisation": ["" if target in programmes else target for _, target in wishes],
        "wish": [_pick(draw, ("1", "2", "3")) for _ in wishes],
        **_columns(draw, vocabulary, Per.ENTRY, len(wishes)),
    }
    offered = {
        "programme": programmes,
        "organisation": at,
        "takes": _some(draw, len(programmes), len(programmes), takes),
        **_columns(draw, vocabulary, Per.PROGRAMME, len(programmes)),
    }
    people = {"application": ids, **_columns(draw, vocabulary, Per.APPLICATION, len(ids))}
    return Town(vocabulary, entries, people, _documents(draw, vocabulary, ids), offered)


def _shuffled(draw: st.DrawFn, options: Sequence[T]) -> list[T]:
    left = list(options)
    return [left.pop(draw(_index(len(left)))) for _ in options]


def _columns(draw: st.DrawFn, vocabulary: Vocabulary, per: Per, count: int) -> dict[str, list[str]]:
    """Draw the columns of facts; one that rules can do without may be absent altogether."""
    found = {}
    for fact in vocabulary.facts.values():
        if fact.per is not per or fact.unique:
            continue
        if fact.unknown is not Unknown.REFUSE and draw(_index(10)) == 9:  # noqa: PLR2004 - one in ten
            continue
        written = BIRTHS if fact.name == BIRTH_DATE else _WRITTEN[fact.type]
        found[fact.name] = [_pick(draw, (*written, *written, "")) for _ in range(count)]
    return found


def _documents(draw: st.DrawFn, vocabulary: Vocabulary, ids: Sequence[str]) -> dict[str, list[str]]:
    days = ("", *(str(day_to_date(day)) for day in DAYS))

    def row(_: int) -> dict[str, str]:
        first, last = sorted((_pick(draw, days), _pick(draw, days)))
        return {
            "application": _pick(draw, ids),
            "category": _pick(draw, tuple(vocabulary.categories)),
            "from": first,
            "to": last,
            "confirmed": _pick(draw, ("yes", "yes", "yes", "no", "")),
        }

    rows = _some(draw, 0, 8, row)
    return {field: [each[field] for each in rows] for field in ("application", "category", "from", "to", "confirmed")}


@st.composite
def scenes(draw: st.DrawFn, *, moving: bool = True, most: int = 7) -> Scene:
    """Draw a town, rules for it, a day, and the days of named dates.

    Args:
        draw: given by Hypothesis.
        moving: whether reserves may change positions.
        most: how many applications at most.

    """
    vocabulary = draw(vocabularies())
    rule_set = draw(rule_sets(vocabulary, moving=moving))
    days = [day_to_date(day) for day in DAYS]
    given = [name for name, named in vocabulary.dates.items() if name in rule_set.dates or named.default]
    dates = {name: _pick(draw, days) for name in vocabulary.dates if name not in given or draw(_index(2))}
    return Scene(draw(towns(vocabulary, most=most)), rule_set, _pick(draw, days), dates)
