"""The queues in memory: those of the engine, anew after each write, and nobody recognisable in what is told."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.service.conftest import HARD_IDS, RULES, Town

from queue_engine import standing, standing_for_parent
from queue_engine.explanation import SMALLEST_SHARED
from service.db import Database, open_database
from service.enrolment.handlers import QueueBoard, find_queue, list_queues, read_queue, read_standing, told_deciders
from service.enrolment.schemas import PublicPlace
from service.models import Application, Service
from service.problems import RequestError, UnknownApplicationError, UnknownQueueError


@pytest.fixture(scope="module")
def board(town: Town) -> QueueBoard:
    """Return the queues of the small municipality."""
    return QueueBoard(open_database(town.settings.database), RULES)


def test_every_place_is_the_place_of_the_engine(board: QueueBoard, town: Town) -> None:
    """For every application of every service, position, total and sentences are the engine's from the files."""
    compared = 0
    for name, queues in town.ordered.items():
        for number in queues.entries.tables.applications.ids.tolist():
            told = read_standing(board, number, "ru", name)
            places = [standing(queue, number) for queue in queues.of_application(number)]
            assert [(each.queue.id, each.position, each.total) for each in told.places] == [
                (f"{name}/{place.queue.id}", place.position, place.total) for place in places
            ]
            assert [each.sentences for each in told.places] == [standing_for_parent(place, "ru") for place in places]
            refused = queues.not_in_queue(number)
            assert [(each.queue, tuple(each.reasons)) for each in told.not_in_queue] == [
                (refusal.queue, refusal.reasons) for refusal in refused
            ]
            assert told.places or told.not_in_queue
            compared += len(places)
    assert compared > 200


def test_those_ahead_sum_to_the_place(board: QueueBoard, town: Town) -> None:
    """Counts by step sum to position − 1, each step stands once."""
    for name, queues in town.ordered.items():
        for number in queues.entries.tables.applications.ids.tolist():
            for place in read_standing(board, number, "en", name).places:
                assert sum(part.count for part in place.ahead_by_step) == place.position - 1
                steps = [part.step for part in place.ahead_by_step]
                assert len(steps) == len(set(steps))


def test_a_number_of_several_services_is_told_for_each_of_them(board: QueueBoard) -> None:
    """Services number their applications independently; a filter leaves one."""
    every = read_standing(board, "100001", "ru")
    assert every.services == ["kindergarten", "school-grade-1", "camp", "college"]
    one = read_standing(board, "100001", "ru", "camp")
    assert one.services == ["camp"]
    assert {place.queue.service for place in one.places} == {"camp"}
    assert [place for place in every.places if place.queue.service == "camp"] == one.places


def test_the_list_has_every_queue_with_its_size(board: QueueBoard, town: Town) -> None:
    """Every programme of every service is there, and the general queue of each."""
    sizes = {each.id: each.size for each in list_queues(board)}
    assert sizes == {
        f"{name}/{queue.id}": len(queue)
        for name, queues in town.ordered.items()
        for queue in (*queues.values(), queues.general)
    }


def test_pages_show_every_place_once(board: QueueBoard, town: Town) -> None:
    """Whatever the page size, the pages together are the engine's order."""
    queue = town.ordered["kindergarten"].general
    for size in (1, 7, len(queue), 200):
        first = read_queue(board, "kindergarten", "general", page=1, size=size)
        pages = [
            read_queue(board, "kindergarten", "general", page=page, size=size) for page in range(1, first.pages + 1)
        ]
        places = [place for page in pages for place in page.places]
        assert [place.application for place in places] == queue.applications()
        assert [place.position for place in places] == list(range(1, len(queue) + 1))


def test_a_public_list_names_only_what_enough_share(board: QueueBoard, town: Town) -> None:
    """A rule few applications of a queue are concerned by is told as the rules of admission."""
    hidden = named = 0
    for name, queues in town.ordered.items():
        for queue in queues.values():
            told = told_deciders(queue)
            places = read_queue(board, name, queue.id, page=1, size=200).places
            assert all(place.decided_by is None for place in places[:1])
            for place, decider in zip(places[1:], queue.decided_by()[1:200], strict=True):
                assert place.decided_by is not None
                assert place.decided_by.step == (decider if decider in told else "")
                hidden += decider not in told
                named += decider in told
    assert hidden
    assert named


def test_a_step_is_told_from_the_fifth_holder_on(town: Town) -> None:
    """The holders counted here one by one are enough exactly where a step is told."""
    for queue in town.ordered["kindergarten"].values():
        own = [standing(queue, number).own for number in queue]
        holders = sum(each.group not in ("", "others", "no") for row in own for each in row if each.step == "right")
        assert ("right" in told_deciders(queue)) == (holders >= SMALLEST_SHARED)


def test_a_write_is_seen_by_the_next_answer(college: Database, college_board: QueueBoard) -> None:
    """When a service's version grows its queues are ordered anew; before, and without a write, they stay."""
    before = college_board.services()
    assert college_board.services() is before
    assert [place.application for place in _first_page(college_board)] == ["3", "2", "1"]
    with college.writing() as session:
        application = session.get_one(Application, ("college", "1"))
        application.facts = {**application.facts, "grade.average": "5.00"}
        session.get_one(Service, "college").version += 1
    assert [place.application for place in _first_page(college_board)] == ["1", "3", "2"]
    assert before["college"].queues[HARD_IDS[0]].applications() == ["3", "2", "1"]


def test_a_service_that_did_not_change_is_not_ordered_again(town: Town, board: QueueBoard) -> None:
    """Many requests at once get the same queues."""
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: board.services(), range(40)))
    assert all(each is found[0] for each in found)


@pytest.mark.parametrize(("service", "programme"), [("camp", "none"), ("none", "general"), ("", "")])
def test_an_unknown_queue_is_told(board: QueueBoard, service: str, programme: str) -> None:
    """A service or a programme that is not there is not found, and the remedy says where ids are."""
    with pytest.raises(UnknownQueueError, match="/api/queues"):
        read_queue(board, service, programme, page=1, size=10)


def test_a_page_behind_the_last_is_told(board: QueueBoard) -> None:
    """The refusal names the field and the last page."""
    with pytest.raises(RequestError, match="ask for page 1 to") as raised:
        read_queue(board, "camp", "general", page=1_000, size=10)
    assert raised.value.field == "page"


def test_an_unknown_number_or_service_is_told(board: QueueBoard) -> None:
    """A number nobody has is not found; a service that is not there is a wrong value."""
    with pytest.raises(UnknownApplicationError, match="no application '7'"):
        read_standing(board, "7", "ru")
    with pytest.raises(RequestError, match="name one of kindergarten") as raised:
        read_standing(board, "100001", "ru", "none")
    assert raised.value.field == "service"


def test_the_general_queue_is_found_beside_the_programmes(college_board: QueueBoard) -> None:
    """Every id of the list is found, hard ones too; others are not."""
    queues = college_board.services()["college"].queues
    assert [find_queue(queues, name) is not None for name in (*HARD_IDS, "general", "none")] == [True] * 6 + [False]


def _first_page(board: QueueBoard) -> list[PublicPlace]:
    return read_queue(board, "college", HARD_IDS[0], page=1, size=10).places


def test_a_reserve_is_named_from_the_fifth_entitled_on(college: Database, tmp_path: Path) -> None:
    """Three entitled of three applicants are too few to say that a reserve put one of them ahead."""
    shutil.copytree(RULES, tmp_path / "rules")
    (tmp_path / "rules" / "region-74" / "town.yaml").write_text(_RESERVE, encoding="utf-8")
    with college.writing() as session:
        session.get_one(Service, "college").rules = "region-74/town"
    queue = QueueBoard(college, tmp_path / "rules").services()["college"].queues[HARD_IDS[0]]
    assert "certificates" in told_deciders(queue, smallest=3)
    assert "certificates" not in told_deciders(queue)


_RESERVE = """\
rules: 1
id: region-74/town
level: municipality
extends: region-74/college
title: {ru: Город, en: Town}
changes:
  - into: reserves
    basis: [{act: Приказ № 1}]
    add:
      id: certificates
      title: {ru: каждый второй — с баллом, en: every second one has an average}
      when: grade.average >= 4.00
      basis: [{act: Приказ № 1}]
      one_in: 2
"""
