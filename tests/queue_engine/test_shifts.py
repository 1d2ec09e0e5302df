from __future__ import annotations

import pytest
from tests.queue_engine.small_queues import RULES

from queue_engine.changes import Posting
from queue_engine.live_queue import LiveQueue
from queue_engine.shifts import Shift, history

FAMILY, OTHER, NEAR, FAR = (0, 1), (0, 2), (0, 0), (0, 1)


def events() -> list[Shift]:
    """Return what six events did to a queue in which application 2 stood second of two."""
    queue = LiveQueue(RULES, {"1": (OTHER, FAR, (0, 9), (0, 1)), "2": (OTHER, FAR, (0, 9), (0, 2))})
    return [
        queue.join("3", (OTHER, NEAR, (0, 12), (0, 3))),
        queue.change("3", (FAMILY, NEAR, (0, 12), (0, 3))),
        queue.leave("1"),
        queue.change("2", (FAMILY, FAR, (0, 9), (0, 2))),
        queue.change("3", (OTHER, NEAR, (0, 12), (0, 3))),
        queue.leave("2"),
    ]


def test_a_child_is_told_all_that_moved_it() -> None:
    """Along the events each cause is a part; a change that moved nobody is none."""
    found = history(events()[:5], RULES, "2", 2, queue="p")
    assert (found.queue, found.before, found.after) == ("p", 2, 1)
    assert found.parts == (
        Posting("left", "number", "", -1),
        Posting("joined", "territory", "yes", 1),
        Posting("down", "right", "others", -1),
    )


def test_the_own_change_names_its_first_step() -> None:
    """A new group of one's own is one part, with the group."""
    shift = LiveQueue(RULES, {"1": (OTHER, FAR, (0, 9), (0, 1)), "2": (OTHER, FAR, (0, 9), (0, 2))}).change(
        "2", (FAMILY, FAR, (0, 9), (0, 2))
    )
    assert history([shift], RULES, "2", 2).parts == (Posting("own", "right", "first_turn", -1),)


def test_coming_and_going_are_parts_of_ones_own() -> None:
    """Before joining a child has no place and nothing moves it; leaving gives the place back."""
    found = history(events(), RULES, "3", 0)
    assert (found.before, found.after) == (0, 1)
    assert found.parts == (
        Posting("left", "right", "first_turn", -1),
        Posting("own", "", "", 1),
        Posting("own", "right", "others", 1),
    )
    gone = history(events(), RULES, "2", 2)
    assert gone.after == 0
    assert Posting("own", "", "", -1) in gone.parts


def test_a_place_that_is_not_the_applications_is_noticed() -> None:
    """Events and a place of somebody else cannot be told as one account."""
    with pytest.raises(AssertionError, match="does not fit"):
        history(events(), RULES, "2", 1)
