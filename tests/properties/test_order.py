"""What holds of every order: rows in any order, one key – one place, better keys never lose, others never move."""

from __future__ import annotations

import io

import attrs
from hypothesis import assume, given
from hypothesis import strategies as st

from queue_engine.facts import Unknown
from queue_engine.queue import GENERAL, Queues
from queue_engine.reports import queue_rows, write_csv
from queue_engine.rules.model import Ground, Group, ReserveKind, RuleSet, Step, StepKind
from queue_engine.rules.one_by_one import Record, component, key, rank, refusal
from queue_engine.testing import Scene, Town, conditions, records_of, scenes
from queue_engine.rules.conditions import Confirmed
from queue_engine.rules.days import known_days

TABLES = ("entries", "applications", "documents", "programmes")
NUMBERED = "application.number"


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


def _entry_records(scene: Scene) -> dict[tuple[int, int], Record]:
    days = known_days(scene.rule_set, scene.on, scene.dates)
    return {pair: record for pair, (record, taken) in records_of(scene.town.tables(), days, scene.rule_set).items() if taken}


def _entitlements(record: Record, rules: RuleSet) -> list[bool]:
    moving = [reserve for reserve in rules.reserves if reserve.changes_positions]
    step = Step("one", rules.title, StepKind.YES_FIRST)
    return [
        component(attrs.evolve(step, condition=reserve.when), record, rules) == (0, 0) for reserve in moving
    ]


@given(scenes(), scenes(), st.data())
def test_a_better_key_never_worsens_a_place(scene: Scene, other: Scene, data: st.DataObject) -> None:
    """Whoever gets a better key, with the same reserves, does not go back in any queue.

    The better key comes from facts and documents of another applicant, put in place of his own.
    """
    del other
    rules = scene.rules()
    records = _entry_records(scene)
    for programme in {programme for _, programme in records}:
        inside = {f"{one}": record for (one, at), record in records.items() if at == programme}
        ranked = rank(inside, rules)
        assume(len(ranked.order) > 1)
        mine, his = (data.draw(st.sampled_from(ranked.order)) for _ in range(2))
        given_facts = {**inside[his].facts, NUMBERED: inside[mine].facts[NUMBERED]}
        changed = Record(given_facts, inside[his].documents)
        same = _entitlements(changed, rules) == _entitlements(inside[mine], rules)
        if refusal(changed, rules) or not same or key(changed, rules) > key(inside[mine], rules):
            continue
        after = rank(inside | {mine: changed}, rules)
        assert after.order.index(mine) <= ranked.order.index(mine)
