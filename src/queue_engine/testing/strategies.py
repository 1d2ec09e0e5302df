"""Hypothesis strategies: vocabularies, conditions, rule sets of every kind of step, towns, and scenes of all of it.

Titles name what they are titles of, so that a text betrays its source.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
from hypothesis import strategies as st

from queue_engine.facts import (
    Category,
    Fact,
    FactType,
    NamedDate,
    Per,
    Unknown,
    Vocabulary,
    day_to_date,
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
from queue_engine.rules.written import condition_text
from queue_engine.testing.drawing import (
    BIRTHS,
    CODES,
    DAYS,
    FILED,
    LENGTHS,
    NUMBER,
    NUMBERS,
    OPERATORS,
    ORDERED,
    PERCENTS,
    TIMES,
    WRITTEN,
    below,
    pick,
    shuffled,
    some,
    title_of,
)
from queue_engine.testing.town import Scene, Town


@st.composite
def vocabularies(draw: st.DrawFn) -> Vocabulary:
    """Draw a vocabulary: a unique number, facts of several types known of several things, categories, dates."""
    birth = pick(draw, (Unknown.LAST, Unknown.REFUSE))
    facts = [
        Fact(NUMBER, FactType.NUMBER, title_of(NUMBER), least=0, most=9999, unknown=Unknown.REFUSE, unique=True),
        Fact(BIRTH_DATE, FactType.DATE, title_of(BIRTH_DATE), unknown=birth),
        pick(
            draw,
            (
                Fact(FILED, FactType.DATE, title_of(FILED)),
                Fact("application.submitted_at", FactType.INSTANT, title_of("application.submitted_at")),
            ),
        ),
    ]
    facts += some(draw, 2, 6, lambda number: _fact(draw, number))
    return Vocabulary(
        {fact.name: fact for fact in facts},
        {name: Category(name, title_of(name)) for name in ("large_family", "orphan")},
        {
            "study_start": NamedDate("study_start", title_of("study_start"), pick(draw, ("", TODAY))),
            "round_date": NamedDate("round_date", title_of("round_date"), pick(draw, ("", "study_start"))),
        },
    )


def _fact(draw: st.DrawFn, number: int) -> Fact:
    kind, per = pick(draw, tuple(FactType)), pick(draw, tuple(Per))
    policies = [Unknown.LAST, Unknown.LAST, Unknown.REFUSE]
    if kind is FactType.YES_NO:
        policies = [Unknown.NO] * 3 + policies
    name = f"{per.value}.{kind.value}_{number}"
    fact = Fact(name, kind, title_of(name), per=per, unknown=pick(draw, policies))
    if kind is FactType.DECIMAL:
        return attrs.evolve(fact, digits=1)
    if kind is FactType.CHOICE and pick(draw, (False, True)):
        return attrs.evolve(fact, choices={code: title_of(code) for code in CODES})
    if kind is FactType.NUMBER and pick(draw, (False, True)):
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
    shape = pick(draw, ("atom", "atom", "not", "all", "any")) if depth else "atom"
    if shape == "atom":
        return _atom(draw, vocabulary, terms, per)
    parts = some(
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
    kind = pick(draw, kinds)
    if kind == "confirmed":
        return Confirmed(pick(draw, tuple(vocabulary.categories)), pick(draw, days))
    if kind == "days":
        return DayCompare(pick(draw, named), pick(draw, OPERATORS), pick(draw, days))
    if kind == "age":
        return Age(pick(draw, days), pick(draw, ORDERED), *pick(draw, LENGTHS))
    if kind == "term":
        return Term(pick(draw, terms))
    return _fact_atom(draw, pick(draw, facts), named)


def _fact_atom(draw: st.DrawFn, fact: Fact, named: Sequence[str]) -> Condition:
    if fact.type is FactType.INSTANT or pick(draw, (False, False, False, True)):
        return Known(fact.name)
    if fact.type is FactType.YES_NO:
        return Holds(fact.name)
    values: Sequence[int | str] = CODES
    if fact.type is not FactType.CHOICE:
        values = [fact.parse(text) for text in WRITTEN[fact.type] if "/" not in text]
    form = pick(draw, ("compare", "one of", "named"))
    if form == "one of":
        return OneOf(fact.name, tuple(some(draw, 1, 3, lambda _: pick(draw, values))))
    if form == "named" and fact.type is FactType.DATE:
        return Compare(fact.name, pick(draw, OPERATORS), pick(draw, named), named_date=True)
    operators = ("==", "!=") if fact.type is FactType.CHOICE else OPERATORS
    return Compare(fact.name, pick(draw, operators), pick(draw, values))


def _basis(draw: st.DrawFn, of: str) -> tuple[LegalBasis, ...]:
    return pick(draw, ((LegalBasis(f"act {of}", "п. 1"),), (LegalBasis("273-ФЗ"),)))


def _period(draw: st.DrawFn) -> Period:
    first, last = pick(draw, DAYS), pick(draw, DAYS)
    bounded = Period(min(first, last), max(first, last))
    return pick(draw, (*[Period()] * 6, bounded, Period(first), Period(None, last)))


@st.composite
def rule_sets(draw: st.DrawFn, vocabulary: Vocabulary, *, moving: bool = True) -> RuleSet:
    """Draw a rule set: up to three steps of any kind, then the unique number.

    Args:
        draw: given by Hypothesis.
        vocabulary: what its conditions speak about.
        moving: whether reserves may change positions.

    """
    terms: dict[str, NamedTerm] = {}
    for name in ("first_phase", "lives_near")[: draw(below(3))]:
        when = _condition(draw, vocabulary, tuple(terms), tuple(Per), 2)
        terms[name] = NamedTerm(name, title_of(name), when, _basis(draw, name))
    order = some(draw, 0, 3, lambda index: _step(draw, vocabulary, tuple(terms), f"step_{index}"))
    order.append(Step("number", title_of("number"), StepKind.LOWEST, fact=NUMBER))
    eligible = some(draw, 0, 1, lambda index: _ground(draw, vocabulary, tuple(terms), f"item_{index}"))
    dates = {"round_date": GivenDate("round_date", pick(draw, DAYS))} if pick(draw, (False, True)) else {}
    return RuleSet(
        "drawn",
        "region",
        title_of("drawn"),
        vocabulary,
        basis=_basis(draw, "drawn"),
        conventions=Conventions(pick(draw, ("on_birthday", "day_after")), pick(draw, ("mar_1", "feb_28"))),
        terms=terms,
        dates=dates,
        eligible=tuple(eligible),
        order=tuple(order),
        reserves=_reserves(draw, vocabulary, tuple(terms)) if moving else (),
    )


def _ground(draw: st.DrawFn, vocabulary: Vocabulary, terms: Sequence[str], name: str) -> Ground:
    return Ground(
        name,
        title_of(name),
        _condition(draw, vocabulary, terms, tuple(Per), 2),
        _basis(draw, name),
        _period(draw),
        _period(draw),
        pick(draw, (False, False, True)),
    )


def _step(draw: st.DrawFn, vocabulary: Vocabulary, terms: Sequence[str], name: str) -> Step:
    kind = pick(draw, (StepKind.GROUPS, StepKind.GROUPS, *StepKind))
    step = Step(name, title_of(name), kind, basis=_basis(draw, name), in_force=_period(draw))
    if kind is StepKind.YES_FIRST:
        return attrs.evolve(step, condition=_condition(draw, vocabulary, terms, tuple(Per), 2))
    if kind is not StepKind.GROUPS:
        fitting = TIMES if kind is StepKind.EARLIEST else NUMBERS
        names = [fact.name for fact in vocabulary.facts.values() if fact.type in fitting]
        return attrs.evolve(step, fact=pick(draw, names))

    def group(index: int) -> Group:
        own = f"{name}_group_{index}"
        grounds = some(draw, 1, 2, lambda at: _ground(draw, vocabulary, terms, f"{own}_{at}"))
        return Group(own, title_of(own), tuple(grounds))

    others = Group(f"{name}_others", title_of(f"{name}_others"), everyone_else=True)
    return attrs.evolve(step, groups=(*some(draw, 1, 2, group), others))


def _reserves(draw: st.DrawFn, vocabulary: Vocabulary, terms: Sequence[str]) -> tuple[Reserve, ...]:
    kind = pick(draw, (None, ReserveKind.SEATS, ReserveKind.ONE_IN, ReserveKind.SHARE))

    def reserve(index: int) -> Reserve:
        name = f"reserve_{index}"
        when = _condition(draw, vocabulary, terms, tuple(Per), 1)
        made = Reserve(name, title_of(name), when, kind or ReserveKind.SEATS, 2, basis=_basis(draw, name))
        if kind is ReserveKind.ONE_IN:
            return attrs.evolve(made, amount=2 + draw(below(3)))
        made = attrs.evolve(made, amount=pick(draw, PERCENTS), percent=True)
        if kind is ReserveKind.SHARE:
            return made
        return attrs.evolve(made, filled="before_general", unused="keep", keep_until=pick(draw, (None, *DAYS)))

    return () if kind is None else tuple(some(draw, 1, 2 if kind is ReserveKind.SHARE else 1, reserve))


@st.composite
def towns(draw: st.DrawFn, vocabulary: Vocabulary, *, most: int = 7) -> Town:
    """Draw a town: applications, wishes for programmes and organisations, documents, what is not known.

    Args:
        draw: given by Hypothesis.
        vocabulary: whose facts are columns.
        most: how many applications at most.

    """
    ids = [str(number) for number in shuffled(draw, range(1, draw(below(most)) + 2))]
    programmes = some(draw, 1, 3, lambda number: f"p{number}")
    at = [pick(draw, ("north", "south")) for _ in programmes]
    targets = (*programmes, *sorted({*at}))
    wishes = [(owner, target) for owner in ids for target in shuffled(draw, targets)[: draw(below(4))]]

    def takes(_: int) -> str:
        if pick(draw, (False, True)):
            return ""
        condition = _condition(draw, vocabulary, (), (Per.APPLICATION, Per.ENTRY), 1)
        return condition_text(condition, vocabulary.facts)

    entries = {
        "application": [owner for owner, _ in wishes],
        "programme": [target if target in programmes else "" for _, target in wishes],
        "organisation": ["" if target in programmes else target for _, target in wishes],
        "wish": [pick(draw, ("1", "2", "3")) for _ in wishes],
        **_columns(draw, vocabulary, Per.ENTRY, len(wishes)),
    }
    offered = {
        "programme": programmes,
        "organisation": at,
        "takes": some(draw, len(programmes), len(programmes), takes),
        **_columns(draw, vocabulary, Per.PROGRAMME, len(programmes)),
    }
    people = {"application": ids, **_columns(draw, vocabulary, Per.APPLICATION, len(ids))}
    return Town(vocabulary, entries, people, _documents(draw, vocabulary, ids), offered)


def _columns(draw: st.DrawFn, vocabulary: Vocabulary, per: Per, count: int) -> dict[str, list[str]]:
    """Draw the columns of facts; one that rules can do without may be absent altogether."""
    found = {}
    for fact in vocabulary.facts.values():
        if fact.per is not per or fact.unique:
            continue
        if fact.unknown is not Unknown.REFUSE and draw(below(10)) == 9:  # noqa: PLR2004 - one in ten
            continue
        written = BIRTHS if fact.name == BIRTH_DATE else WRITTEN[fact.type]
        found[fact.name] = [pick(draw, (*written, *written, "")) for _ in range(count)]
    return found


def _documents(draw: st.DrawFn, vocabulary: Vocabulary, ids: Sequence[str]) -> dict[str, list[str]]:
    days = ("", *(str(day_to_date(day)) for day in DAYS))

    def row(_: int) -> dict[str, str]:
        first, last = sorted((pick(draw, days), pick(draw, days)))
        return {
            "application": pick(draw, ids),
            "category": pick(draw, tuple(vocabulary.categories)),
            "from": first,
            "to": last,
            "confirmed": pick(draw, ("yes", "yes", "yes", "no", "")),
        }

    rows = some(draw, 0, 8, row)
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
    dates = {name: pick(draw, days) for name in vocabulary.dates if name not in given or draw(below(2))}
    return Scene(draw(towns(vocabulary, most=most)), rule_set, pick(draw, days), dates)
