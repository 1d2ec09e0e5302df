"""What holds of every order: rows in any order, one key – one place, better keys never lose, others never move."""

from __future__ import annotations

import io

import attrs
from hypothesis import given
from hypothesis import strategies as st

from queue_engine.facts import Category, Title
from queue_engine.queue import GENERAL, Queues
from queue_engine.reports import queue_rows, write_csv
from queue_engine.rules.conditions import Confirmed
from queue_engine.rules.days import known_days
from queue_engine.rules.model import Ground, Group, Step, StepKind
from queue_engine.rules.one_by_one import key
from queue_engine.testing import Scene, records_of, scenes

TABLES = ("entries", "applications", "documents", "programmes")


def _bytes(queues: Queues) -> bytes:
    text = io.StringIO()
    write_csv(queue_rows(queues), text)
    refused = "\n".join(f"{each.application} {each.queue} {each.reasons}" for each in queues.not_in_queue())
    return (text.getvalue() + refused).encode()


@given(scenes(), st.data())
def test_rows_in_any_order_give_the_same_bytes(scene: Scene, data: st.DataObject) -> None:
    """The rows of all four tables may come in any order: every place, reason and byte stays."""
    shuffled = scene.town
    for name in TABLES:
        rows = data.draw(st.permutations(range(scene.town.size(name))))
        shuffled = shuffled.permuted(name, rows)
    assert _bytes(scene.with_town(shuffled).queues()) == _bytes(scene.queues())


@given(scenes())
def test_an_order_is_total(scene: Scene) -> None:
    """Everybody stands once or is refused with a reason, and no two places of a queue have one key."""
    tables = scene.town.tables()
    queues, rules = scene.queues(), scene.rules()
    days = known_days(scene.rule_set, scene.on, scene.dates)
    records = records_of(tables, days, scene.rule_set)
    ids = tables.applications.ids.tolist()
    for index, name in enumerate(queues):
        places = list(queues[name])
        outside = [each.application for each in queues.not_in_queue() if each.queue == name]
        wished = [ids[application] for application, programme in records if programme == index]
        assert sorted(places + outside) == sorted(wished)
        keys = [key(records[ids.index(place), index][0], rules) for place in places]
        assert len(set(keys)) == len(keys)
        assert [queues[name].position_of(place) for place in places] == list(range(1, len(places) + 1))
    general = [*queues[GENERAL], *(each.application for each in queues.not_in_queue() if each.queue == GENERAL)]
    assert sorted(general) == sorted(ids)


def _without_one(scene: Scene, data: st.DataObject) -> tuple[str, Scene]:
    """Return an application and the scene in which it was never made."""
    people = scene.town.applications
    assert people is not None
    gone = data.draw(st.sampled_from(sorted(people["application"])))
    left = scene.town
    for name in ("entries", "applications", "documents"):
        table = getattr(left, name)
        left = left.permuted(name, [row for row, owner in enumerate(table["application"]) if owner != gone])
    return gone, scene.with_town(left)


@given(scenes(moving=False).filter(lambda scene: scene.town.size("applications") > 1), st.data())
def test_an_application_more_moves_only_those_behind_it(scene: Scene, data: st.DataObject) -> None:
    """Whoever stands ahead of a new application keeps the place; whoever stands behind goes back by one."""
    new, before = _without_one(scene, data)
    old, now = before.queues(), scene.queues()
    for name in (*now, GENERAL):
        places = list(now[name])
        cut = places.index(new) if new in places else len(places)
        assert list(old[name]) == [*places[:cut], *places[cut + 1 :]]


def _with_privilege(scene: Scene, at: int, holders: list[str]) -> Scene:
    """Return the scene with one more step, whose first group is for those with a document nothing else asks for."""
    vocabulary = attrs.evolve(
        scene.town.vocabulary,
        categories={**scene.town.vocabulary.categories, "privileged": Category("privileged", Title("", ""))},
    )
    title = scene.rule_set.title
    ground = Ground("privileged", title, Confirmed("privileged"))
    groups = (Group("first", title, (ground,)), Group("others", title, everyone_else=True))
    steps = scene.rule_set.order
    order = (*steps[:at], Step("privilege", title, StepKind.GROUPS, groups), *steps[at:])
    row = {"application": holders, "category": ["privileged"] * len(holders), "confirmed": ["yes"] * len(holders)}
    documents = scene.town.documents
    assert documents is not None
    more = {field: [*cells, *row.get(field, [""] * len(holders))] for field, cells in documents.items()}
    town = attrs.evolve(scene.town, vocabulary=vocabulary, documents=more)
    return attrs.evolve(scene, town=town, rule_set=attrs.evolve(scene.rule_set, vocabulary=vocabulary, order=order))


def _places(scene: Scene) -> dict[tuple[str, str], int]:
    queues = scene.queues()
    return {(name, one): place for name in (*queues, GENERAL) for place, one in enumerate(queues[name], start=1)}


@given(scenes(), st.data())
def test_a_better_group_never_worsens_a_place(scene: Scene, data: st.DataObject) -> None:
    """A right confirmed at any step, with or without reserves, sets its holder back in no queue."""
    people = scene.town.applications
    assert people is not None
    at = data.draw(st.integers(0, len(scene.rule_set.order) - 1))
    holders = data.draw(st.lists(st.sampled_from(sorted(people["application"])), min_size=1, unique=True))
    before, after = (_places(_with_privilege(scene, at, given)) for given in (holders[1:], holders))
    assert before.keys() == after.keys()
    assert all(after[queue, one] <= before[queue, one] for queue, one in before if one == holders[0])


@given(scenes(moving=False), st.data())
def test_a_right_of_one_improves_the_place_of_nobody_else(scene: Scene, data: st.DataObject) -> None:
    """Without reserves, a right confirmed for one applicant moves another back by one place or not at all."""
    people = scene.town.applications
    assert people is not None
    at = data.draw(st.integers(0, len(scene.rule_set.order) - 1))
    holders = data.draw(st.lists(st.sampled_from(sorted(people["application"])), min_size=1, unique=True))
    before, after = (_places(_with_privilege(scene, at, given)) for given in (holders[1:], holders))
    assert {after[place] - before[place] for place in before if place[1] != holders[0]} <= {0, 1}
