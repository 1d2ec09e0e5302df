from __future__ import annotations

import pytest
from tests.queue_engine.small_queues import ONE_IN_TWO, RULES, Child, queues_of

from queue_engine.changes import Line
from queue_engine.errors import NotInQueueError, OrderError
from queue_engine.live_queue import LiveQueue
from queue_engine.queue import GENERAL
from queue_engine.shifts import Shift

JUDGE, FAMILY, OTHER = (0, 0), (0, 1), (0, 2)
NEAR, FAR = (0, 0), (0, 1)


def filed(hour: int) -> tuple[int, int]:
    """Return what stands in a key for an hour of filing."""
    return 0, hour


def number(value: int) -> tuple[int, int]:
    """Return what stands in a key for a number."""
    return 0, value


def five() -> LiveQueue:
    """Return a queue of five: a family, two that live near, two others."""
    keys = {
        "1": (FAMILY, FAR, filed(9), number(1)),
        "2": (OTHER, NEAR, filed(9), number(2)),
        "3": (OTHER, NEAR, filed(10), number(3)),
        "4": (OTHER, FAR, filed(8), number(4)),
        "5": (OTHER, FAR, filed(9), number(5)),
    }
    return LiveQueue(RULES, keys, name="p")


def deciding(shift: Shift) -> dict[int, str]:
    """Return the step that decides at each place the shift moves."""
    return {place: RULES.order[shift.step_at(place)].id for place in range(shift.lo, shift.hi + 1)}


def test_a_joiner_pushes_back_everybody_behind_it() -> None:
    """Places from the joiner's on move back by one, each by the first step at which the two differ."""
    shift = five().join("6", (OTHER, NEAR, filed(9), number(1)))
    assert (shift.kind, shift.before, shift.after, shift.sign) == ("joined", 0, 2, 1)
    assert deciding(shift) == {2: "number", 3: "submitted", 4: "territory", 5: "territory"}
    assert [shift.codes[shift.step_at(place)] for place in (4, 3)] == [0, -1]


def test_a_leaver_brings_forward_everybody_behind_it() -> None:
    """Places behind the leaver's move forward by one; the last moves nobody."""
    queue = five()
    assert deciding(queue.leave("1")) == {2: "right", 3: "right", 4: "right", 5: "right"}
    last = queue.leave("5")
    assert (last.before, last.after) == (4, 0)
    assert last.lo > last.hi


def test_a_better_key_pushes_back_those_it_overtakes() -> None:
    """Only the places between the new one and the former one move, by the step that decides now."""
    shift = five().change("5", (FAMILY, FAR, filed(9), number(5)))
    assert (shift.kind, shift.before, shift.after, shift.sign) == ("up", 5, 2, 1)
    assert deciding(shift) == {2: "right", 3: "right", 4: "right"}
    assert RULES.order[shift.changed].id == "right"


def test_a_worse_key_brings_forward_those_it_falls_behind() -> None:
    """Again only the places between move, each by the step at which it is ahead now."""
    shift = five().change("1", (OTHER, FAR, filed(9), number(6)))
    assert (shift.kind, shift.before, shift.after, shift.sign) == ("down", 1, 5, -1)
    assert deciding(shift) == {2: "territory", 3: "territory", 4: "submitted", 5: "number"}


def test_a_key_given_again_moves_nobody() -> None:
    """The same key is no change, and another key at the same place moves its owner alone in nothing."""
    queue = five()
    for key in (queue.key_of("5"), (OTHER, FAR, filed(11), number(5))):
        shift = queue.change("5", key)
        assert (shift.before, shift.after) == (5, 5)
        assert shift.lo > shift.hi
    assert queue.key_of("5") == key


def test_what_is_not_known_stands_behind_all_that_is() -> None:
    """An unknown value comes last at its step, behind the greatest there is."""
    queue = five()
    queue.join("6", (OTHER, FAR, (0, 2**63 - 1), number(6)))
    queue.join("7", (OTHER, FAR, (1, 0), number(0)))
    queue.join("8", (OTHER, FAR, (0, -(2**63)), number(8)))
    assert list(queue) == ["1", "2", "3", "8", "4", "5", "6", "7"]
    assert queue.key_of("7") == (OTHER, FAR, (1, 0), number(0))
    queue._check()


def test_a_queue_of_the_engine_goes_on_live() -> None:
    """A live queue made of an ordered one has its applications, places and keys."""
    children = [Child(1), Child(2, papers=("large_family",)), Child(3, 8, near=("p",)), Child(4, 7)]
    queues = queues_of(children)
    for name in ("p", GENERAL):
        live, line = LiveQueue.of(queues[name]), Line.of(queues, name)
        live._check()
        assert tuple(live) == line.order
        assert {one: live.key_of(one) for one in live} == line.keys
        assert [live.position_of(one) for one in line.order] == [1, 2, 3, 4]
        assert len(live) == 4
        assert "1" in live
        assert "9" not in live


def test_a_thousand_events_keep_the_order() -> None:
    """After many comings, goings and changes the line is what sorting the keys gives."""
    queue, keys = LiveQueue(RULES), {}
    for event in range(3000):
        name = str(event * 7919 % 400)
        key = ((0, event * 31 % 3), (0, event * 17 % 2), filed(event * 13 % 5), number(int(name)))
        if name not in keys:
            queue.join(name, key)
            keys[name] = key
        elif event % 3:
            queue.change(name, key)
            keys[name] = key
        else:
            queue.leave(name)
            del keys[name]
    queue._check()
    assert len(keys) > 100
    assert list(queue) == sorted(keys, key=keys.__getitem__)


def test_a_key_of_another_application_is_refused() -> None:
    """Two equal keys would leave open who is ahead; the queue stays as it was."""
    queue = five()
    for attempt in (queue.change, queue.join):
        name = "4" if attempt == queue.change else "6"
        with pytest.raises(OrderError, match=rf"T075.*'{name}' and '5' have equal keys in queue 'p'"):
            attempt(name, queue.key_of("5"))
    queue._check()
    assert list(queue) == ["1", "2", "3", "4", "5"]


def test_equal_keys_are_refused_from_the_start() -> None:
    """A queue cannot be made of applications that nothing tells apart."""
    key = (OTHER, FAR, filed(9), number(1))
    with pytest.raises(OrderError, match=r"T075"):
        LiveQueue(RULES, {"1": key, "2": key})


def test_nobody_joins_twice() -> None:
    """Who is in the queue already gets another key by a change."""
    with pytest.raises(OrderError, match=r"T074.*application '1' is in queue 'p' already; change its key instead"):
        five().join("1", (OTHER, FAR, filed(1), number(1)))


def test_who_is_not_in_the_queue_is_refused_by_name() -> None:
    """Leaving, changing, places and keys all need somebody who is there."""
    queue = five()
    for attempt in (queue.leave, queue.position_of, queue.key_of, lambda one: queue.change(one, queue.key_of("1"))):
        with pytest.raises(NotInQueueError, match="application '9' is not in queue 'p'"):
            attempt("9")
    for position in (0, 6):
        with pytest.raises(NotInQueueError, match=f"queue 'p' has 5 places; there is no place {position}"):
            queue.at(position)
    assert queue.at(5) == "5"


def test_reserves_that_change_positions_are_refused() -> None:
    """One event may move everybody there, so that such a queue is ordered anew."""
    with pytest.raises(OrderError, match=r"T073.*reserve 'big_families' of 'small' changes positions"):
        LiveQueue(ONE_IN_TWO)
