"""Writing into journals: all or nothing, numbered without gaps, once for each key, and acknowledged when committed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy import event as hooks
from sqlalchemy.exc import OperationalError

from queue_engine.events import DayAdvanced, Event, Filed, Offered, ProgrammeOpened, Reviewed, Revoked, Wish, Withdrawn
from queue_engine.journal import Journal
from service.db import Database
from service.enrolment.archive import verify_journal
from service.enrolment.writing import Ledger, Request, Town, Towns
from service.models import ApplicationStatus, JournalEntry, JournalHead
from service.problems import (
    AlreadyAppliedError,
    ClosedError,
    NotPossibleError,
    RequestError,
    ReusedKeyError,
    StaleError,
    problem_of,
)

MUNICIPALITY = "75701000"
AT: dict[str, Any] = {"at": 20697 * 86_400_000, "actor": "officer"}
OPENED = ProgrammeOpened("p", "north", **AT)


def filing(name: str, service: str = "") -> Callable[[Town], Iterator[Event]]:
    """Return what files an application with the next number."""

    def act(town: Town) -> Iterator[Event]:
        yield Filed(name, town.next_number(service), 0, {}, [], service, **AT)

    return act


def stored(database: Database, municipality: str = MUNICIPALITY) -> tuple[int, int, int]:
    """Return how many entries the head tells, how many there are, and how many applications."""
    with database.reading() as session:
        head = session.get(JournalHead, municipality)
        entries, statuses = (
            session.scalar(select(func.count()).select_from(table).where(table.municipality == municipality)) or 0
            for table in (JournalEntry, ApplicationStatus)
        )
        return (head.entries if head else 0), entries, statuses


def statuses(database: Database) -> dict[str, tuple[int, str, bool, int]]:
    """Return the number, status, activity and version of each application."""
    with database.reading() as session:
        rows = session.scalars(select(ApplicationStatus))
        return {row.id: (row.number, row.status, row.active, row.version) for row in rows}


def test_events_are_numbered_and_their_projection_follows(ledger: Ledger, database: Database) -> None:
    """The entries are those of an engine's journal, and each application stands where its last event put it."""
    assert ledger.append(MUNICIPALITY, [OPENED]).entries == (1,)
    assert ledger.append(MUNICIPALITY, filing("a")).entries == (2,)
    reviewed = [Reviewed("a", "registered", **AT), Offered("a", "p", 20_700, **AT)]
    with pytest.raises(NotPossibleError):
        ledger.append(MUNICIPALITY, reviewed)
    assert ledger.append(MUNICIPALITY, reviewed[:1]).entries == (3,)
    assert ledger.append(MUNICIPALITY, filing("b")).entries == (4,)
    assert ledger.append(MUNICIPALITY, [Withdrawn("b", at=AT["at"], actor="parent")]).entries == (5,)
    assert statuses(database) == {"a": (1, "registered", True, 3), "b": (2, "withdrawn", False, 5)}
    assert verify_journal(database, MUNICIPALITY).findings == ()


def test_all_that_stands_against_events_is_told_and_nothing_is_stored(ledger: Ledger, database: Database) -> None:
    """One refusal names every problem with its code and remedy; the journal in memory is as before."""
    ledger.append(MUNICIPALITY, [OPENED])
    with pytest.raises(NotPossibleError) as refused:
        ledger.append(MUNICIPALITY, [Filed("a", 1, 0, {}, [Wish("q")], **AT), OPENED, Withdrawn("x", **AT)])
    problem = problem_of(refused.value, "/api")
    assert (problem.status, problem.type.rpartition(":")[2]) == (409, "not-possible")
    assert [each.code for each in problem.errors] == ["J041", "J043", "J043"]
    assert all(each.remedy and each.message for each in problem.errors)
    assert stored(database) == (1, 1, 0)
    assert ledger.append(MUNICIPALITY, [Filed("a", 1, 0, {}, [Wish("p")], **AT)]).entries == (2,)


def test_an_act_that_fails_leaves_the_others(ledger: Ledger, database: Database) -> None:
    """What one request raises is told to that one; those written with it are not concerned."""

    def broken(_: Town) -> Iterator[Event]:
        yield OPENED
        raise RequestError("no", "ask for something else")

    futures = [ledger.submit(Request(MUNICIPALITY, act)) for act in (filing("a"), broken, filing("b"))]
    assert isinstance(futures[1].exception(), RequestError)
    assert [futures[0].result().entries, futures[2].result().entries] == [(1,), (2,)]
    assert stored(database) == (2, 2, 2)


def test_an_expected_entry_that_is_not_the_last_is_stale(ledger: Ledger, database: Database) -> None:
    """Whoever decided on an older state is told, and nothing is written."""
    assert ledger.append(MUNICIPALITY, [OPENED], expected_entry=0).entries == (1,)
    for expected in (0, 2):
        with pytest.raises(StaleError, match="the last is 1"):
            ledger.append(MUNICIPALITY, filing("a"), expected_entry=expected)
    assert ledger.append(MUNICIPALITY, filing("a"), expected_entry=1).entries == (2,)
    assert stored(database) == (2, 2, 1)


def test_a_version_that_is_not_the_last_is_stale(ledger: Ledger) -> None:
    """Only what concerns the application itself makes a change of it stale."""
    ledger.append(MUNICIPALITY, filing("a"))
    ledger.append(MUNICIPALITY, filing("b"))
    assert ledger.append(MUNICIPALITY, [Reviewed("a", "taken", **AT)], versions={"a": 1}).entries == (3,)
    with pytest.raises(StaleError, match="application a was expected at version 1; it is at 3"):
        ledger.append(MUNICIPALITY, [Reviewed("a", "registered", **AT)], versions={"a": 1})
    with pytest.raises(StaleError, match="it is at 0"):
        ledger.append(MUNICIPALITY, filing("c"), versions={"c": 1})


def test_the_same_key_twice_is_written_once(ledger: Ledger, database: Database) -> None:
    """The second time the first entries are returned, by this process and by another; another request is refused."""
    events = [Filed("a", 1, 0, {}, [], **AT), Reviewed("a", "taken", **AT), Reviewed("a", "registered", **AT)]
    first = ledger.append(MUNICIPALITY, events, key="k", asked=b"1")
    other = Ledger(Towns(database))
    for each in (ledger, other):
        again = each.append(MUNICIPALITY, filing("another"), key="k", asked=b"1")
        assert (again.entries, again.repeated, first.repeated) == (first.entries, True, False)
        with pytest.raises(ReusedKeyError):
            each.append(MUNICIPALITY, events, key="k", asked=b"2")
    assert first.entries == (1, 2, 3)
    assert ledger.append("75752000", filing("a"), key="k").entries == (1,)
    other.close()
    assert stored(database) == (3, 3, 1)


def test_one_key_sent_by_many_at_once_is_written_once(ledger: Ledger, database: Database) -> None:
    """Retries that overlap the first request find it, in the same transaction too."""
    others = [ledger, Ledger(Towns(database)), Ledger(Towns(database))]
    futures = [each.submit(Request(MUNICIPALITY, filing("a"), f"k{key}")) for key in range(5) for each in others * 4]
    entries = {future.result().entries for future in futures if future.exception() is None}
    refused = [future.exception() for future in futures if future.exception() is not None]
    for each in others[1:]:
        each.close()
    assert entries == {(1,)}
    assert all(isinstance(each, NotPossibleError) for each in refused)  # the same application with another key
    assert stored(database) == (1, 1, 1)


@pytest.mark.parametrize("key", ["", "a b", "k" * 121, "ё"])
def test_a_key_that_cannot_stand_in_a_journal_is_refused(ledger: Ledger, key: str) -> None:
    """The message says what a key is made of; no key at all is no repeat."""
    if key:
        with pytest.raises(RequestError, match="send a UUID"):
            ledger.append(MUNICIPALITY, filing("a"), key=key)
    else:
        assert ledger.append(MUNICIPALITY, filing("a")).entries == (1,)
        assert ledger.append(MUNICIPALITY, filing("b")).entries == (2,)


def test_a_child_has_one_active_application_for_a_service(ledger: Ledger, database: Database) -> None:
    """Not two in one municipality, nor in two; another service, and one filed after the withdrawal, are free."""
    ledger.append(MUNICIPALITY, filing("a"), children={"a": "child"})
    for municipality in (MUNICIPALITY, "75752000"):
        with pytest.raises(AlreadyAppliedError) as refused:
            ledger.append(municipality, filing("b"), children={"b": "child"})
        assert "75701000" not in str(refused.value)
        ledger.append(municipality, filing("c"), children={"c": "another"} if municipality == MUNICIPALITY else {})
    ledger.append("75752000", filing("d", "camp"), children={"d": "child"})
    withdrawn = Withdrawn("a", at=AT["at"], actor="parent")
    refiled = [withdrawn, Filed("e", 3, 0, {}, [], **AT)]
    assert ledger.append(MUNICIPALITY, refiled, children={"e": "child"}).entries == (3, 4)
    assert stored(database) == (4, 4, 3)
    assert verify_journal(database, MUNICIPALITY).findings == ()


def test_an_application_that_comes_back_does_not_make_a_second_one(ledger: Ledger, database: Database) -> None:
    """A withdrawal cannot be revoked once the child has applied anew; what was written with it is not lost."""
    ledger.append(MUNICIPALITY, filing("a"), children={"a": "child"})
    withdrawn = ledger.append(MUNICIPALITY, [Withdrawn("a", at=AT["at"], actor="parent")]).entries[0]
    ledger.append("75752000", filing("b"), children={"b": "child"})
    revoked = Revoked("a", withdrawn, "a mistake", "memo", **AT)
    acts: list[Callable[[Town], Any]] = [filing("c"), lambda _: [revoked], filing("d")]
    futures = [ledger.submit(Request(MUNICIPALITY, act)) for act in acts]
    assert isinstance(futures[1].exception(), AlreadyAppliedError)
    assert [futures[0].result().entries, futures[2].result().entries] == [(3,), (4,)]
    assert stored(database) == (4, 4, 3)
    assert verify_journal(database, MUNICIPALITY).findings == ()


def test_two_processes_number_without_gaps(ledger: Ledger, database: Database) -> None:
    """Ledgers that know nothing of each other give each number once, in both of two journals."""
    others = [ledger, Ledger(Towns(database)), Ledger(Towns(database))]
    names = count()

    def write(each: Ledger) -> list[int]:
        municipalities = (MUNICIPALITY, "75752000")
        return [each.append(municipalities[turn % 2], filing(f"n{next(names)}")).entries[0] for turn in range(40)]

    with ThreadPoolExecutor(6) as pool:
        entries = [entry for found in pool.map(write, others * 2) for entry in found]
    for each in others[1:]:
        each.close()
    assert sorted(entries) == sorted([*range(1, 121)] * 2)
    assert {row[0] for row in statuses(database).values()} == set(range(1, 121))
    for municipality in (MUNICIPALITY, "75752000"):
        assert stored(database, municipality) == (120, 120, 120)
        assert verify_journal(database, municipality).findings == ()


def test_nothing_is_acknowledged_whose_commit_fails(ledger: Ledger, database: Database) -> None:
    """Whoever waits is told, nothing is stored, and the journal in memory is as before."""
    ledger.append(MUNICIPALITY, [OPENED])

    def fail(_: object) -> None:
        raise OperationalError("COMMIT", {}, Exception("the disk is full"))

    hooks.listen(database.engine, "commit", fail)
    futures = [ledger.submit(Request(MUNICIPALITY, filing(name))) for name in "abc"]
    assert all(isinstance(future.exception(), OperationalError) for future in futures)
    hooks.remove(database.engine, "commit", fail)
    assert stored(database) == (1, 1, 0)
    assert (len(ledger.towns[MUNICIPALITY].journal), ledger.towns[MUNICIPALITY].versions) == (1, {})
    assert ledger.append(MUNICIPALITY, filing("b")).entries == (2,)
    assert statuses(database) == {"b": (1, "received", True, 2)}
    assert verify_journal(database, MUNICIPALITY).findings == ()


def test_what_was_committed_without_anybody_hearing_is_found_again(ledger: Ledger, database: Database) -> None:
    """The answer to a commit is lost: it looks like a failure, and the same key finds what was written."""

    def lose_answer(connection: Connection) -> None:
        own: Any = connection.connection.driver_connection
        own.commit()
        raise OperationalError("COMMIT", {}, Exception("the connection is lost"))

    ledger.append(MUNICIPALITY, [OPENED])
    hooks.listen(database.engine, "commit", lose_answer)
    with pytest.raises(OperationalError):
        ledger.append(MUNICIPALITY, filing("a"), key="lost")
    hooks.remove(database.engine, "commit", lose_answer)
    assert ledger.towns[MUNICIPALITY].settled == 1
    assert ledger.append(MUNICIPALITY, filing("b")).entries == (3,)
    again = ledger.append(MUNICIPALITY, filing("a"), key="lost")
    assert (again.entries, again.repeated) == ((2,), True)
    assert stored(database) == (3, 3, 2)
    assert verify_journal(database, MUNICIPALITY).findings == ()


def test_a_town_that_follows_has_the_journal_of_the_one_that_wrote(ledger: Ledger, database: Database) -> None:
    """Another process reads the same entries with the same hashes, and goes on from there."""
    ledger.append(MUNICIPALITY, [OPENED, DayAdvanced(20697, at=AT["at"], actor="system")])
    other = Towns(database)
    town = other.reach(MUNICIPALITY, 2)
    assert list(town.journal.lines()) == list(ledger.towns[MUNICIPALITY].journal.lines())
    plain = Journal(MUNICIPALITY)
    plain.append_many([OPENED, DayAdvanced(20697, at=AT["at"], actor="system")])
    assert town.journal.head == plain.head


def test_a_closed_ledger_writes_what_waits_and_takes_nothing_more(ledger: Ledger, database: Database) -> None:
    """Nobody who was taken in is forgotten, and whoever comes later is told to come back."""
    futures = [ledger.submit(Request(MUNICIPALITY, filing(f"n{number}"))) for number in range(300)]
    ledger.close()
    assert [future.result(0).entries for future in futures] == [(number,) for number in range(1, 301)]
    with pytest.raises(ClosedError, match="with the same key"):
        ledger.append(MUNICIPALITY, filing("late"))
    assert stored(database) == (300, 300, 300)


def test_a_journal_changed_behind_the_back_is_not_written_to(ledger: Ledger, database: Database) -> None:
    """A head that does not fit its entries ends every request, and says what to do."""
    ledger.append(MUNICIPALITY, [OPENED])
    with database.writing() as session:
        session.execute(text("UPDATE journal_head SET entries = 2"))
    with pytest.raises(Exception, match="run: queue-service verify"):
        ledger.append(MUNICIPALITY, filing("a"))
    findings = verify_journal(database, MUNICIPALITY).findings
    assert len(findings) == 1
    assert findings[0].startswith("the journal ends with entry 1")
