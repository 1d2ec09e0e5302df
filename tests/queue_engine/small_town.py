"""A small vocabulary, and rules and towns over it written in a line or two."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from queue_engine import Queues, RuleSet, Step, Tables, Title, build_tables, order
from queue_engine.facts import parse_date
from queue_engine.rules.conditions import Condition
from queue_engine.rules.model import Ground, Group, LegalBasis, Reserve, ReserveKind, StepKind
from queue_engine.rules.parsing import parse_condition
from queue_engine.rules.source import SourceFile
from queue_engine.rules.vocabulary import read_vocabulary

FACTS = """\
facts:
  child.birth_date:    {type: date, ru: дата рождения, en: date of birth, unknown: refuse}
  child.orientation:   {type: choice, ru: направленность, en: orientation}
  grade.average:       {type: decimal(2), ru: средний балл, en: average grade}
  sibling.attends:     {type: yes_no, per: entry, ru: брат или сестра здесь, en: a sibling attends}
  distance.metres:     {type: number, per: entry, ru: расстояние, en: distance}
  programme.boarding:  {type: yes_no, per: programme, ru: интернат, en: boarding}
  application.submitted_at: {type: instant, ru: время подачи, en: time of filing}
  application.number:  {type: number, ru: номер, en: number, least: 0, most: 9999, unique: yes, unknown: refuse}
categories:
  large_family: {ru: многодетная семья, en: large family}
  orphan:       {ru: сирота, en: orphan}
  police_child: {ru: ребёнок полицейского, en: police officer's child}
dates:
  study_start: {ru: 1 сентября, en: 1 September}
"""

VOCABULARY = read_vocabulary(SourceFile("facts.yaml", FACTS))
DAY = date(2026, 4, 15)
ON = parse_date("2026-04-15")
NUMBER = Step("number", Title("меньший номер", "smaller number"), StepKind.LOWEST, fact="application.number")


def title(name: str) -> Title:
    """Return a title that shows its name in both languages."""
    return Title(f"{name} по-русски", f"{name} in English")


def when(text: str) -> Condition:
    """Return the condition a text says."""
    made = parse_condition(text, VOCABULARY, (), print)
    assert made is not None, text
    return made


def ground(name: str, condition: str = "", *, sensitive: bool = False, act: str = "") -> Ground:
    """Return a ground; without a condition it asks for a document of its name."""
    text = condition or f"confirmed(category.{name})"
    return Ground(name, title(name), when(text), (LegalBasis(act or f"act {name}"),), sensitive=sensitive)


def groups(name: str, **members: Sequence[Ground]) -> Step:
    """Return a step of groups, ended by one for everyone else."""
    made = [Group(key, title(key), tuple(grounds)) for key, grounds in members.items()]
    others = Group("others", title("others"), everyone_else=True)
    return Step(name, title(name), StepKind.GROUPS, (*made, others), basis=(LegalBasis("273-ФЗ"),))


def yes_first(name: str, condition: str) -> Step:
    """Return a step that puts those for whom a condition holds first."""
    return Step(name, title(name), StepKind.YES_FIRST, condition=when(condition))


def by(kind: str, fact: str) -> Step:
    """Return a step that orders by a fact: highest, lowest or earliest."""
    return Step(kind, title(kind), StepKind(kind), fact=fact)


def reserve(kind: str, amount: int, condition: str, name: str = "reserve") -> Reserve:
    """Return a reserve that changes positions: one_in or share."""
    of = ReserveKind(kind)
    return Reserve(name, title(name), when(condition), of, amount, percent=of is ReserveKind.SHARE)


def rules(*steps: Step, eligible: Sequence[Ground] = (), reserves: Sequence[Reserve] = ()) -> RuleSet:
    """Return rules of these steps, ended by the smaller number."""
    return RuleSet(
        "small",
        "region",
        title("small"),
        VOCABULARY,
        basis=(LegalBasis("Порядок № 236"),),
        eligible=tuple(eligible),
        order=(*steps, NUMBER),
        reserves=tuple(reserves),
    )


def papers(*owners: str, to: str = "", confirmed: bool = True) -> dict[str, list[str]]:
    """Return documents written "application category"."""
    pairs = [owner.split() for owner in owners]
    return {
        "application": [application for application, _ in pairs],
        "category": [category for _, category in pairs],
        "from": [""] * len(pairs),
        "to": [to] * len(pairs),
        "confirmed": ["yes" if confirmed else "no"] * len(pairs),
    }


def town(
    count: int,
    documents: dict[str, list[str]] | None = None,
    *,
    entries: dict[str, list[str]] | None = None,
    programmes: dict[str, list[str]] | None = None,
    **facts: Sequence[str],
) -> Tables:
    """Return applications "1" to `count`, all wishing for programme "p" unless entries say otherwise.

    Args:
        count: how many applications.
        documents: as `papers` gives them.
        entries: the wishes.
        programmes: the programmes.
        facts: columns of the applications; `__` stands for the dot.

    """
    ids = [str(number) for number in range(1, count + 1)]
    people = {"application": ids, **{name.replace("__", "."): list(cells) for name, cells in facts.items()}}
    wished = {"application": ids, "programme": ["p"] * count} if entries is None else entries
    return build_tables(VOCABULARY, wished, people, documents, programmes)


def queues(tables: Tables, rule_set: RuleSet) -> Queues:
    """Return every queue on the day, studies starting on 1 September."""
    return order(tables, rule_set, DAY, {"study_start": date(2026, 9, 1)})


def places(tables: Tables, rule_set: RuleSet, queue: str = "p") -> str:
    """Return the applications of a queue in their order, in one word."""
    return "".join(queues(tables, rule_set)[queue])
