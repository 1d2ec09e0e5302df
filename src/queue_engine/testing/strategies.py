"""Hypothesis strategies: vocabularies, conditions, rule sets of every kind of step, towns, and scenes of all of it.

Values come from small pools that sit on the borders rules care about: the day
itself and its neighbours, 29 February, birthdays that are reached today, values
that are not known. Titles name what they are titles of, so that a text betrays its source.
"""

from __future__ import annotations

from collections.abc import Sequence
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
_LARGE_FAMILY = "large_family"
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


@st.composite
def vocabularies(draw: st.DrawFn) -> Vocabulary:
    """Draw a vocabulary: a unique number, facts of several types known of several things, categories, dates."""
    facts = [
        Fact(NUMBER, FactType.NUMBER, _title(NUMBER), least=0, most=9999, unknown=Unknown.REFUSE, unique=True),
        Fact(
            BIRTH_DATE, FactType.DATE, _title(BIRTH_DATE), unknown=draw(st.sampled_from((Unknown.LAST, Unknown.REFUSE)))
        ),
    ]
    if draw(st.booleans()):
        facts.append(Fact(FILED, FactType.DATE, _title(FILED)))
    else:
        facts.append(Fact("application.submitted_at", FactType.INSTANT, _title("application.submitted_at")))
    kinds = st.tuples(st.sampled_from(list(FactType)), st.sampled_from(list(Per)))
    for kind, per in draw(st.lists(kinds, min_size=2, max_size=6)):
        facts.append(draw(_facts(f"{per.value}.{kind.value}_{len(facts)}", kind, per)))
    names = (_LARGE_FAMILY, "orphan")
    return Vocabulary(
        {fact.name: fact for fact in facts},
        {name: Category(name, _title(name)) for name in names},
        {name: NamedDate(name, _title(name)) for name in ("study_start", "round_date")},
    )


@st.composite
def _facts(draw: st.DrawFn, name: str, kind: FactType, per: Per) -> Fact:
    policies = [Unknown.LAST, Unknown.LAST, Unknown.REFUSE]
    if kind is FactType.YES_NO:
        policies += [Unknown.NO] * 3
    fact = Fact(name, kind, _title(name), per=per, unknown=draw(st.sampled_from(policies)))
    if kind is FactType.DECIMAL:
        return attrs.evolve(fact, digits=1)
    if kind is FactType.CHOICE and draw(st.booleans()):
        return attrs.evolve(fact, choices={code: _title(code) for code in _CODES})
    if kind is FactType.NUMBER and draw(st.booleans()):
        return attrs.evolve(fact, least=0, most=3)
    return fact


def conditions(
    vocabulary: Vocabulary, terms: Sequence[str] = (), per: Sequence[Per] = tuple(Per)
) -> st.SearchStrategy[Condition]:
    """Return a strategy of conditions over a vocabulary, each of which can be written and read.

    Args:
        vocabulary: what they may speak about.
        terms: the names of terms they may use.
        per: what the facts they read are known of.

    """
    days = st.sampled_from(DAYS)
    names = st.sampled_from((TODAY, *vocabulary.dates))
    atoms: list[st.SearchStrategy[Condition]] = [
        st.builds(Confirmed, st.sampled_from(tuple(vocabulary.categories)), days | names),
        st.builds(DayCompare, names, st.sampled_from(_OPERATORS), days | names),
    ]
    if Per.APPLICATION in per:
        lengths = st.sampled_from(_LENGTHS)
        made = st.builds(
            lambda on, sign, length: Age(on, sign, *length), days | names, st.sampled_from(_ORDERED), lengths
        )
        atoms += [made, made]
    for fact in vocabulary.facts.values():
        if fact.per in per:
            atoms += _fact_atoms(fact, names)
    if terms:
        atoms += [st.builds(Term, st.sampled_from(tuple(terms)))] * 3

    def joined(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        several = st.lists(parts, min_size=2, max_size=3).map(tuple)
        return st.builds(Not, parts) | st.builds(All, several) | st.builds(AnyOf, several)

    return st.recursive(st.one_of(atoms), joined, max_leaves=4)


def _fact_atoms(fact: Fact, names: st.SearchStrategy[str]) -> list[st.SearchStrategy[Condition]]:
    name = st.just(fact.name)
    found: list[st.SearchStrategy[Condition]] = [st.builds(Known, name)]
    if fact.type is FactType.YES_NO:
        return [*found, st.builds(Holds, name)]
    if fact.type is FactType.INSTANT:
        return found
    values: st.SearchStrategy[int | str]
    if fact.type is FactType.CHOICE:
        values = st.sampled_from(_CODES)
    else:
        exact = [text for text in _WRITTEN[fact.type] if "/" not in text]
        values = st.sampled_from([fact.parse(text) for text in exact])
    operators = st.sampled_from(("==", "!=") if fact.type is FactType.CHOICE else _OPERATORS)
    found.append(st.builds(Compare, name, operators, values))
    found.append(st.builds(OneOf, name, st.lists(values, min_size=1, max_size=3).map(tuple)))
    if fact.type is FactType.DATE:
        found.append(st.builds(Compare, name, operators, names, st.just(True)))  # noqa: FBT003 - a value it is drawn with
    return found


def _bases(of: str) -> st.SearchStrategy[tuple[LegalBasis, ...]]:
    """Return a strategy of one act of its own, or one that others rest on as well."""
    return st.sampled_from(((LegalBasis(f"act {of}", "п. 1"),), (LegalBasis("273-ФЗ"),)))


def periods() -> st.SearchStrategy[Period]:
    """Return a strategy of periods, most of them without bounds."""
    bounded = st.builds(lambda a, b: Period(min(a, b), max(a, b)), st.sampled_from(DAYS), st.sampled_from(DAYS))
    half = st.builds(Period, st.sampled_from(DAYS)) | st.builds(Period, st.none(), st.sampled_from(DAYS))
    return st.one_of([st.just(Period())] * 5 + [bounded, half])


@st.composite
def rule_sets(draw: st.DrawFn, vocabulary: Vocabulary, *, moving: bool = True) -> RuleSet:
    """Draw a rule set: one to four steps of any kind, then the unique number.

    Args:
        draw: given by Hypothesis.
        vocabulary: what its conditions speak about.
        moving: whether reserves may change positions.

    """
    terms: dict[str, NamedTerm] = {}
    for name in ("first_phase", "lives_near")[: draw(st.integers(0, 2))]:
        when = draw(conditions(vocabulary, tuple(terms)))
        terms[name] = NamedTerm(name, _title(name), when, draw(_bases(name)))
    order = [draw(_steps(vocabulary, tuple(terms), f"step_{index}")) for index in range(draw(st.integers(0, 3)))]
    order.append(Step("number", _title("number"), StepKind.LOWEST, fact=NUMBER))
    eligible = [draw(_grounds(vocabulary, tuple(terms), f"item_{index}")) for index in range(draw(st.integers(0, 1)))]
    dates = {"round_date": GivenDate("round_date", draw(st.sampled_from(DAYS)))} if draw(st.booleans()) else {}
    return RuleSet(
        "drawn",
        "region",
        _title("drawn"),
        vocabulary,
        basis=draw(_bases("drawn")),
        conventions=Conventions(
            draw(st.sampled_from(("on_birthday", "day_after"))), draw(st.sampled_from(("feb_28", "mar_1")))
        ),
        terms=terms,
        dates=dates,
        eligible=tuple(eligible),
        order=tuple(order),
        reserves=draw(_reserves(vocabulary, tuple(terms))) if moving else (),
    )


@st.composite
def _grounds(draw: st.DrawFn, vocabulary: Vocabulary, terms: Sequence[str], name: str) -> Ground:
    return Ground(
        name,
        _title(name),
        draw(conditions(vocabulary, terms)),
        draw(_bases(name)),
        draw(periods()),
        draw(periods()),
        draw(st.sampled_from((False, False, True))),
    )


@st.composite
def _steps(draw: st.DrawFn, vocabulary: Vocabulary, terms: Sequence[str], name: str) -> Step:
    numbers = [fact.name for fact in vocabulary.facts.values() if fact.type in (FactType.NUMBER, FactType.DECIMAL)]
    times = [fact.name for fact in vocabulary.facts.values() if fact.type in (FactType.DATE, FactType.INSTANT)]
    kind = draw(st.sampled_from((StepKind.GROUPS, StepKind.GROUPS, *StepKind)))
    step = Step(name, _title(name), kind, basis=draw(_bases(name)), in_force=draw(periods()))
    if kind is StepKind.YES_FIRST:
        return attrs.evolve(step, condition=draw(conditions(vocabulary, terms)))
    if kind is not StepKind.GROUPS:
        return attrs.evolve(step, fact=draw(st.sampled_from(times if kind is StepKind.EARLIEST else numbers)))
    groups = []
    for index in range(draw(st.integers(1, 2))):
        own = f"{name}_group_{index}"
        grounds = [draw(_grounds(vocabulary, terms, f"{own}_{at}")) for at in range(draw(st.integers(1, 2)))]
        groups.append(Group(own, _title(own), tuple(grounds)))
    others = Group(f"{name}_others", _title(f"{name}_others"), everyone_else=True)
    return attrs.evolve(step, groups=(*groups, others))


@st.composite
def _reserves(draw: st.DrawFn, vocabulary: Vocabulary, terms: Sequence[str]) -> tuple[Reserve, ...]:
    kind = draw(st.sampled_from((None, None, ReserveKind.SEATS, ReserveKind.ONE_IN, ReserveKind.SHARE)))
    found = []
    for index in range(0 if kind is None else 2 if kind is ReserveKind.SHARE else 1):
        name = f"reserve_{index}"
        reserve = Reserve(
            name,
            _title(name),
            draw(conditions(vocabulary, terms)),
            kind or ReserveKind.SEATS,
            0,
            basis=draw(_bases(name)),
        )
        if kind is ReserveKind.ONE_IN:
            reserve = attrs.evolve(reserve, amount=draw(st.integers(2, 4)))
        else:
            reserve = attrs.evolve(reserve, amount=draw(st.integers(0, 100)), percent=True)
        if kind is ReserveKind.SEATS:
            reserve = attrs.evolve(
                reserve, filled="before_general", unused="keep", keep_until=draw(st.sampled_from(DAYS))
            )
        found.append(reserve)
    return tuple(found)


@st.composite
def towns(draw: st.DrawFn, vocabulary: Vocabulary, *, most: int = 7) -> Town:
    """Draw a town: applications, wishes for programmes and organisations, documents, what is not known.

    Args:
        draw: given by Hypothesis.
        vocabulary: whose facts are columns.
        most: how many applications at most.

    """
    count = draw(st.integers(1, most))
    ids = [str(number) for number in draw(st.permutations(range(1, count + 1)))]
    programmes = [f"p{number}" for number in range(draw(st.integers(1, 3)))]
    at = [draw(st.sampled_from(("north", "south"))) for _ in programmes]
    wishes = [
        (owner, target)
        for owner in ids
        for target in draw(st.lists(st.sampled_from((*programmes, *sorted(set(at)))), max_size=3, unique=True))
    ]
    entries = {
        "application": [owner for owner, _ in wishes],
        "programme": [target if target in programmes else "" for _, target in wishes],
        "organisation": ["" if target in programmes else target for _, target in wishes],
        "wish": [draw(st.sampled_from(("1", "2", "3"))) for _ in wishes],
        **draw(_columns(vocabulary, Per.ENTRY, len(wishes))),
    }
    takers = conditions(vocabulary, per=(Per.APPLICATION, Per.ENTRY))
    texts = st.just("") | takers.map(lambda condition: condition_text(condition, vocabulary.facts))
    offered = {
        "programme": programmes,
        "organisation": at,
        "takes": [draw(texts) for _ in programmes],
        **draw(_columns(vocabulary, Per.PROGRAMME, len(programmes))),
    }
    people = {"application": ids, **draw(_columns(vocabulary, Per.APPLICATION, count))}
    return Town(vocabulary, entries, people, draw(_documents(vocabulary, ids)), offered)


@st.composite
def _columns(draw: st.DrawFn, vocabulary: Vocabulary, per: Per, count: int) -> dict[str, list[str]]:
    """Draw the columns of facts; one that rules can do without may be absent altogether."""
    found = {}
    for fact in vocabulary.facts.values():
        if fact.per is not per or fact.unique:
            continue
        if fact.unknown is not Unknown.REFUSE and draw(st.integers(0, 9)) == 0:
            continue
        written = BIRTHS if fact.name == BIRTH_DATE else _WRITTEN[fact.type]
        cells = st.sampled_from((*written, *written, ""))
        found[fact.name] = draw(st.lists(cells, min_size=count, max_size=count))
    return found


@st.composite
def _documents(draw: st.DrawFn, vocabulary: Vocabulary, ids: Sequence[str]) -> dict[str, list[str]]:
    days = st.sampled_from(("", *(str(day_to_date(day)) for day in DAYS)))
    row = st.tuples(
        st.sampled_from(tuple(ids)),
        st.sampled_from(tuple(vocabulary.categories)),
        st.tuples(days, days).filter(lambda pair: "" in pair or pair[0] <= pair[1]),
        st.sampled_from(("yes", "yes", "yes", "no", "")),
    )
    rows = draw(st.lists(row, max_size=8))
    return {
        "application": [owner for owner, _, _, _ in rows],
        "category": [category for _, category, _, _ in rows],
        "from": [first for _, _, (first, _), _ in rows],
        "to": [last for _, _, (_, last), _ in rows],
        "confirmed": [confirmed for _, _, _, confirmed in rows],
    }


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
    days = st.sampled_from([day_to_date(day) for day in DAYS])
    dates = {name: draw(days) for name in vocabulary.dates if name not in rule_set.dates or draw(st.booleans())}
    return Scene(draw(towns(vocabulary, most=most)), rule_set, draw(days), dates)
