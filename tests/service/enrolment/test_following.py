"""Positions, standings and histories from the followed journal are those the engine gives for the exported one."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event as Signal

import pytest
from tests.service.conftest import RULES
from tests.trials.lively import Past, lively
from tests.trials.scenes import SCENES

from queue_engine import (
    Journal,
    JournalError,
    NotInQueueError,
    RuleSet,
    order,
    position_change,
    read_journal,
    replay,
    standing,
)
from queue_engine.events import Filed, Reviewed
from queue_engine.facts import day_to_date
from queue_engine.followed import known_rules
from service.db import Database
from service.enrolment.archive import export_journal
from service.enrolment.following import Follower, Followers
from service.enrolment.writing import Act, Ledger, Town, Towns


def followed(database: Database, past: Past) -> Follower:
    """Return the queues of a history, followed by a process that has written nothing."""
    return Followers(Towns(database), past.rules).of(past.journal.municipality, past.service)


@pytest.mark.parametrize("scene", SCENES)
def test_what_is_answered_is_what_the_engine_says_of_the_export(
    ledger: Ledger, database: Database, tmp_path: Path, scene: str
) -> None:
    """For every application and queue, on the way and in the end: one place, one standing, one history."""
    past = lively(3, scene)
    follower, events = followed(database, past), list(past.journal)
    for upto in (len(events) // 2, len(events)):
        ledger.append(past.journal.municipality, events[len(ledger.towns[past.journal.municipality].journal) : upto])
        export_journal(database, past.journal.municipality, tmp_path / "journal")
        _compare(follower, read_journal(tmp_path / "journal"), past)


def _compare(follower: Follower, journal: Journal, past: Past) -> None:
    state = replay(journal, past.rules)
    rules = state.rule_set(past.service)
    assert state.day is not None
    tables = state.tables(rules.vocabulary, past.service)
    queues = order(tables, rules, day_to_date(state.day), state.dates(past.service))
    for name in (*queues, "general"):
        line = queues[name].applications()
        for application in state.applications:
            found = follower.position(application, name)
            place = line.index(application) + 1 if application in line else 0
            assert (found.entry, found.position, found.total) == (len(journal), place, len(line))
            if place:
                told, expected = follower.standing(application, name).standing, standing(queues[name], application)
                assert (told.position, told.ahead, told.own) == (expected.position, expected.ahead, expected.own)
                change = follower.history(application, name).change
                expected_change = position_change(journal, application, name, rules=past.rules, service=past.service)
                assert change == expected_change


def test_what_is_in_no_queue_is_told(ledger: Ledger, database: Database) -> None:
    """A place is 0; a standing and a history there are none."""
    past = lively(3, next(iter(SCENES)))
    ledger.append(past.journal.municipality, list(past.journal))
    follower = followed(database, past)
    assert follower.position("nobody", "general").position == 0
    assert follower.position("nobody", "no queue").total == 0
    for ask in (follower.standing, follower.history):
        with pytest.raises(NotInQueueError):
            ask("nobody", "general")
    assert follower.position("nobody", "general").entry == len(past.journal)


def test_a_municipality_without_a_journal_has_empty_queues(database: Database) -> None:
    """Nothing was written, so the last entry is 0."""
    found = Followers(Towns(database), {}).of("75752000", "camp").position("1", "general")
    assert (found.entry, found.position, found.total) == (0, 0, 0)


def test_rules_that_are_not_given_are_told_each_time(ledger: Ledger, database: Database) -> None:
    """Queues that cannot be kept are not answered from half-way; once the rules are there, they are."""
    past = lively(3, next(iter(SCENES)))
    ledger.append(past.journal.municipality, list(past.journal))
    rules: dict[str, RuleSet] = {}
    follower = Followers(Towns(database), rules).of(past.journal.municipality, past.service)
    for _ in range(2):
        with pytest.raises(JournalError, match="J064"):
            follower.position("1", "general")
    rules.update(past.rules)
    assert follower.position("1", "general").entry == len(past.journal)


def test_a_read_sees_every_write_that_was_acknowledged_before(ledger: Ledger, database: Database) -> None:
    """Whoever was told an entry and asks then, asks a state that holds it, whichever process answers."""
    past = lively(3, next(iter(SCENES)))
    municipality = past.journal.municipality
    ledger.append(municipality, list(past.journal))
    followers = [followed(database, past), Followers(ledger.towns, past.rules).of(municipality, past.service)]
    stop = Signal()

    def read(follower: Follower) -> int:
        seen = 0
        while not stop.is_set():
            entry = follower.position("1", "general").entry
            assert entry >= seen
            seen = entry
        return seen

    with ThreadPoolExecutor(2) as pool:
        reading = [pool.submit(read, follower) for follower in followers]
        try:
            for number in range(60):
                entries = ledger.append(municipality, _filing(f"new-{number}", past.service)).entries
                assert all(each.position("1", "general").entry >= entries[-1] for each in followers)
        finally:
            stop.set()
        assert all(future.result() > len(past.journal) for future in reading)


def _filing(name: str, service: str) -> Act:
    def act(town: Town) -> Iterator[Filed | Reviewed]:
        at = town.journal.event(len(town.journal)).at
        yield Filed(name, town.next_number(service), 0, {}, [], service, at=at, actor="parent")
        yield Reviewed(name, "registered", at=at, actor="officer")

    return act


def test_the_rules_of_a_folder_are_known_by_their_digests() -> None:
    """Those of the region and of its municipalities."""
    ids = {rules.id for rules in known_rules([RULES]).values()}
    assert len(ids) >= 4
