"""The fast path equals the plain definition: every condition, every queue, every reason."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from queue_engine.facts import Per
from queue_engine.queue import GENERAL
from queue_engine.rules.compile import Frame, Masks
from queue_engine.rules.conditions import dates_of, with_dates
from queue_engine.rules.days import known_days
from queue_engine.rules.one_by_one import holds
from queue_engine.testing import Scene, conditions, rank_one_by_one, record_of, scenes


@given(scenes(), st.data())
def test_a_condition_holds_by_columns_where_it_holds_one_by_one(scene: Scene, data: st.DataObject) -> None:
    """Masks over all wishes say of each what the plain evaluator says of it alone."""
    tables = scene.town.tables()
    condition = data.draw(conditions(scene.town.vocabulary, per=(Per.APPLICATION, Per.ENTRY)))
    days = known_days(scene.rule_set, scene.on, {name: scene.on for name in dates_of(condition) if name != "today"})
    settled = with_dates(condition, days)
    conventions = scene.rule_set.conventions
    wishes = tables.wishes
    masks = Masks(Frame(tables, wishes.application, None, wishes=True), conventions)
    found = masks.mask(settled).tolist()
    for wish, application in enumerate(wishes.application.tolist()):
        assert found[wish] == holds(settled, record_of(tables, application, wish), conventions)


@given(scenes())
def test_every_queue_is_the_one_found_one_by_one(scene: Scene) -> None:
    """Order, deciding steps and first reasons of refusal agree in every programme's queue and in the general one."""
    tables = scene.town.tables()
    expected = rank_one_by_one(tables, scene.rule_set, scene.on, scene.dates)
    queues = scene.queues()
    for name in (*queues, GENERAL):
        queue = queues[name]
        assert tuple(queue) == expected[name].order, name
        decided = {place: step for place, step in zip(queue, queue.decided_by(), strict=True) if step}
        assert decided == expected[name].decided_by, name
    refused = {(each.application, each.queue): each.reasons[0] for each in queues.not_in_queue()}
    for name, plain in expected.items():
        assert {owner: reason for (owner, queue), reason in refused.items() if queue == name} == plain.refused, name
