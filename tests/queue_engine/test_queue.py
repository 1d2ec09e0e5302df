"""Who stands where, who is not in a queue and why, asked in every way."""

from __future__ import annotations

import pytest
from tests.queue_engine.small_town import ground, groups, papers, queues, rules, town, yes_first

from queue_engine import NotInQueue, NotInQueueError, Queue, Queues, TableError
from queue_engine.queue import GENERAL, TAKES

WISHES = {
    "application": ["1", "1", "2", "3", "3"],
    "programme": ["b", "a", "a", "a", ""],
    "organisation": ["", "", "", "", "north"],
    "wish": ["1", "2", "1", "1", "2"],
}
OFFERED = {
    "programme": ["a", "b", "c"],
    "organisation": ["south", "south", "north"],
    "title": ["Группа А", "", ""],
    "takes": ["", "", "confirmed(category.orphan)"],
}


@pytest.fixture
def found() -> Queues:
    """Return queues in which 3 is first by right, and its second wish is in vain."""
    step = groups("right", first=[ground("large_family")])
    return queues(town(3, papers("3 large_family"), entries=WISHES, programmes=OFFERED), rules(step))


@pytest.fixture
def queue(found: Queues) -> Queue:
    """Return the queue of programme a."""
    return found["a"]


def test_a_queue_is_a_sequence_of_places_from_one(queue: Queue) -> None:
    """Places begin with 1; length, iteration and positions agree."""
    assert (list(queue), len(queue)) == (["3", "1", "2"], 3)
    assert [queue.at(position) for position in (1, 2, 3)] == ["3", "1", "2"]
    assert [queue.position_of(application) for application in queue] == [1, 2, 3]
    assert queue.decided_by() == ["", "right", "number"]


def test_part_of_a_queue_can_be_asked_for(queue: Queue) -> None:
    """Both ends are included; what lies outside is left out."""
    assert queue.applications(2, 3) == ["1", "2"]
    assert queue.applications(last=1) == ["3"]
    assert queue.applications(3, 99) == ["2"]
    assert queue.applications(4) == []
    assert queue.applications(0, 1) == ["3"]


@pytest.mark.parametrize("position", [0, 4, -1])
def test_a_place_that_is_not_there_is_an_error(queue: Queue, position: int) -> None:
    """The message says how many places there are."""
    with pytest.raises(NotInQueueError, match=f"queue 'a' has 3 places; there is no place {position}"):
        queue.at(position)


def test_an_application_that_is_not_there_is_an_error(found: Queues) -> None:
    """Nobody known, and somebody known who is elsewhere, are told apart."""
    with pytest.raises(NotInQueueError, match="there is no application '9'"):
        found["a"].position_of("9")
    with pytest.raises(NotInQueueError, match="application '2' is not in queue 'b'"):
        found["b"].position_of("2")
    with pytest.raises(NotInQueueError, match="there is no application '9'"):
        found.of_application("9")


def test_queues_are_a_mapping_of_programmes(found: Queues) -> None:
    """Every programme has a queue, the empty ones too; the general queue stands beside them."""
    assert (list(found), len(found)) == (["a", "b", "c"], 3)
    assert ("a" in found, "d" in found) == (True, False)
    assert found.get("d") is None
    with pytest.raises(NotInQueueError, match="there is no queue 'd'"):
        found["d"]
    assert list(found[GENERAL]) == list(found.general) == ["3", "1", "2"]
    assert found.rules.id == "small"


def test_a_queue_is_called_by_its_title(found: Queues) -> None:
    """A programme without a title is called by its id."""
    assert (found["a"].title.ru, found["b"].title.en) == ("Группа А", "b")
    assert found.general.title.ru == "общая очередь муниципалитета"


def test_no_programme_may_be_called_as_the_general_queue_is() -> None:
    """Two queues of one name could not be told apart."""
    wishes = {"application": ["2"], "programme": [GENERAL]}
    with pytest.raises(TableError, match="column programme: error T061: 'general' is the name of"):
        queues(town(2, entries=wishes), rules())


def test_the_queues_of_an_application_come_by_wish(found: Queues) -> None:
    """The first wish comes first, the general queue last."""
    assert [queue.id for queue in found.of_application("1")] == ["b", "a", GENERAL]
    assert [queue.id for queue in found.of_application("3")] == ["a", GENERAL]


def test_a_wish_in_vain_is_told(found: Queues) -> None:
    """An organisation none of whose programmes takes the applicant is named, with that reason."""
    vain = NotInQueue("3", "north", (TAKES,))
    assert found.not_in_queue() == [vain]
    assert found.not_in_queue("3") == [vain]
    assert found.not_in_queue("1") == found.not_in_queue("nobody") == []


def test_every_reason_is_told_in_the_order_of_the_rules() -> None:
    """What the programme does not take comes first, then facts that are not known, then eligibility items."""
    offered = {"programme": ["p"], "takes": ["sibling.attends"]}
    rule_set = rules(
        yes_first("old", "age(on today) >= 7y"),
        eligible=[ground("orphan"), ground("near", "distance.metres < 500")],
    )
    found = queues(town(1, programmes=offered, child__birth_date=[""]), rule_set)
    assert found.not_in_queue("1") == [
        NotInQueue("1", "p", (TAKES, "child.birth_date", "orphan", "near")),
        NotInQueue("1", GENERAL, ("child.birth_date", "orphan")),
    ]
    assert found.of_application("1") == []
