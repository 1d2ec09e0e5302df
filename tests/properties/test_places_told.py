"""What is told of a place sums up to it, is counted by the plain definition, and betrays no other family."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_engine.explanation import RULES, public_parts, standing
from queue_engine.facts import Category, Fact, FactType, Title, Unknown, Vocabulary
from queue_engine.ordering import order
from queue_engine.queue import GENERAL, Queue, Queues
from queue_engine.rules.conditions import Confirmed
from queue_engine.rules.days import known_days
from queue_engine.rules.model import Ground, Group, LegalBasis, RuleSet, Step, StepKind
from queue_engine.rules.one_by_one import Record, component, first_difference, holds, key, reserve_between
from queue_engine.tables import build_tables
from queue_engine.testing import Scene, record_of, records_of, scenes
from queue_engine.wording import standing_for_officer, standing_for_parent


def _known(scene: Scene, queues: Queues) -> dict[str, dict[str, Record]]:
    """Return what is known of everybody in each queue."""
    tables = scene.town.tables()
    ids = tables.applications.ids.tolist()
    records = records_of(tables, known_days(scene.rule_set, scene.on, scene.dates), scene.rule_set)
    found = {
        name: {place: records[ids.index(place), index][0] for place in queues[name]}
        for index, name in enumerate(queues)
    }
    return found | {GENERAL: {place: record_of(tables, ids.index(place)) for place in queues[GENERAL]}}


def _counted_one_by_one(records: dict[str, Record], places: list[str], rules: RuleSet) -> dict[tuple[str, str], int]:
    """Return how many stand ahead of the last place, by what decides between the two and the group of the other."""
    *ahead, mine = places
    moving = [reserve for reserve in rules.reserves if reserve.changes_positions]
    entitled = {
        reserve.id: {one for one in records if holds(reserve.when, records[one], rules.conventions)}
        for reserve in moving
    }
    found: Counter[tuple[str, str]] = Counter()
    own = key(records[mine], rules)
    for other in ahead:
        his = key(records[other], rules)
        step = rules.order[first_difference(his, own)]
        if his > own:
            found[reserve_between(other, mine, moving, entitled), ""] += 1
        elif step.kind is StepKind.GROUPS:
            found[step.id, step.groups[component(step, records[other], rules)[1]].id] += 1
        else:
            found[step.id, "yes" if step.kind is StepKind.YES_FIRST else ""] += 1
    return dict(found)


@given(scenes())
def test_those_ahead_are_counted_by_what_decides_between_each_of_them_and_the_place(scene: Scene) -> None:
    """Counts by step and group are those of comparing one by one; by step they sum to the position less one."""
    queues, rules = scene.queues(), scene.rules()
    for name, records in _known(scene, queues).items():
        places = list(queues[name])
        for position, mine in enumerate(places, start=1):
            place = standing(queues[name], mine)
            counted = {(part.step, part.group): part.count for part in place.ahead}
            assert counted == _counted_one_by_one(records, places[:position], rules)
            assert sum(place.ahead_by_step().values()) == position - 1 == place.position - 1
            assert place.nearest == ("" if position == 1 else places[position - 2])


def _holders(records: dict[str, Record], rules: RuleSet) -> Counter[str]:
    """Return how many of a queue each label covers, by its English title."""
    found: Counter[str] = Counter()
    for record in records.values():
        for step in rules.order:
            what = component(step, record, rules)
            if step.kind is StepKind.GROUPS and not step.groups[what[1]].everyone_else:
                held = next(ground for _, ground in step.grounds() if holds(ground.when, record, rules.conventions))
                found.update((step.title.en, step.groups[what[1]].title.en, held.title.en))
            elif step.fact or (step.kind is StepKind.YES_FIRST and what == (0, 0)):
                found[step.title.en] += 1
        found.update(reserve.title.en for reserve in rules.reserves if holds(reserve.when, record, rules.conventions))
    return found


@given(scenes(), st.integers(1, 5))
def test_parents_are_told_sums_under_labels_that_enough_share(scene: Scene, smallest: int) -> None:
    """Parts sum to the position less one; a label covers K of the queue, the widest aside, and is not sensitive."""
    queues, rules = scene.queues(), scene.rules()
    sensitive = {ground.title for step in rules.order for _, ground in step.grounds() if ground.sensitive}
    for name, records in _known(scene, queues).items():
        holders = _holders(records, rules)
        for mine in records:
            place = standing(queues[name], mine)
            parts = public_parts(place, smallest)
            assert sum(part.count for part in parts) == place.position - 1
            assert [part.count for part in parts] == sorted((part.count for part in parts), reverse=True)
            for part in parts:
                assert part.count > 0
                assert part.title not in sensitive
                assert part.title == RULES or holders[part.title.en] >= smallest


@given(scenes(), st.integers(1, 3), st.sampled_from(("ru", "en")))
def test_every_place_can_be_told(scene: Scene, smallest: int, lang: str) -> None:
    """Every place has sentences for parents and for officers, and no sensitive ground in those for parents."""
    queues, rules = scene.queues(), scene.rules()
    sensitive = [
        ground.title.in_language(lang) for step in rules.order for _, ground in step.grounds() if ground.sensitive
    ]
    for queue in (*queues.values(), queues.general):
        for mine in queue:
            place = standing(queue, mine)
            told = standing_for_parent(place, lang, smallest)
            assert all(told) and all(standing_for_officer(place, lang))  # noqa: PT018 - both of every place
            assert not [
                title for title in sensitive if any(line.endswith(title) or f"{title} " in line for line in told)
            ]


# A queue of one step with two groups of three grounds each, and the number.
K = 3
SENSITIVE = ("right_0", "right_3")
GROUNDS = tuple(f"right_{number}" for number in range(6))
NUMBER = Fact(
    "application.number", FactType.NUMBER, Title("н", "n"), least=0, most=99, unknown=Unknown.REFUSE, unique=True
)
VOCABULARY = Vocabulary({NUMBER.name: NUMBER}, {name: Category(name, Title(name, name)) for name in GROUNDS}, {})


def _ground(name: str) -> Ground:
    return Ground(
        name, Title(name, name), Confirmed(name), (LegalBasis(name),), sensitive=name in ("right_0", "right_3")
    )


RIGHT = Step(
    "right",
    Title("право", "right"),
    StepKind.GROUPS,
    (
        Group("first", Title("первые", "first"), tuple(map(_ground, GROUNDS[:3]))),
        Group("second", Title("вторые", "second"), tuple(map(_ground, GROUNDS[3:]))),
        Group("others", Title("другие", "others"), everyone_else=True),
    ),
)
RULE_SET = RuleSet(
    "one_step",
    "region",
    Title("один шаг", "one step"),
    VOCABULARY,
    order=(RIGHT, Step("number", Title("номер", "number"), StepKind.LOWEST, fact=NUMBER.name)),
)


def _queue(rights: list[str]) -> Queue:
    """Return the queue of applications numbered from 1, each with one right or none."""
    ids = [str(number) for number in range(1, len(rights) + 1)]
    holders = [(one, right) for one, right in zip(ids, rights, strict=True) if right]
    documents = {
        "application": [one for one, _ in holders],
        "category": [right for _, right in holders],
        "confirmed": ["yes" for _ in holders],
    }
    tables = build_tables(VOCABULARY, {"application": ids, "programme": ["p"] * len(ids)}, None, documents)
    return order(tables, RULE_SET, date(2026, 4, 15))["p"]


def _group(right: str) -> int:
    return 2 if not right else int(GROUNDS.index(right) >= len(GROUNDS) // 2)


@given(st.lists(st.sampled_from((*GROUNDS, "right_1", "right_1", "right_2", "")), min_size=3, max_size=14), st.data())
def test_which_right_of_a_group_another_family_has_is_not_told(rights: list[str], data: st.DataObject) -> None:
    """Two others of one group exchange their rights: parents read the same, unless each is told apart by K holders."""
    one, other = data.draw(st.permutations(range(len(rights))))[:2]
    if _group(rights[one]) != _group(rights[other]):
        return
    exchanged = list(rights)
    exchanged[one], exchanged[other] = rights[other], rights[one]
    before, after = _queue(rights), _queue(exchanged)
    assert list(before) == list(after)
    for mine in set(before) - {str(one + 1), str(other + 1)}:
        texts = [standing_for_parent(standing(queue, mine), "ru", K) for queue in (before, after)]
        position = before.position_of(mine)
        same_side = (before.position_of(str(one + 1)) < position) == (before.position_of(str(other + 1)) < position)
        untold = max(rights.count(rights[one]), rights.count(rights[other])) < K
        if same_side or untold:
            assert texts[0] == texts[1]


@given(st.lists(st.sampled_from((*GROUNDS, *SENSITIVE, "")), min_size=1, max_size=14), st.integers(1, 3))
def test_a_sensitive_right_is_not_named_however_many_have_it(rights: list[str], smallest: int) -> None:
    """Neither to others nor to those who have it."""
    queue = _queue(rights)
    for mine in queue:
        told = "\n".join(standing_for_parent(standing(queue, mine), "en", smallest))
        assert not [name for name in SENSITIVE if name in told]


@pytest.mark.parametrize("smallest", [2, 3, 4])
def test_a_rare_right_is_not_found_by_subtraction(smallest: int) -> None:
    """One holder of a rare right among those of a common one: only the group they share is told."""
    queue = _queue(["right_1"] * smallest + ["right_0"] + [""])
    (part,) = public_parts(standing(queue, str(smallest + 2)), smallest)
    assert (part.title.en, part.count) == ("first", smallest + 1)
