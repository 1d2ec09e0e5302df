"""Many at once: a child applied for twice in the same moment, and thousands who each get a number of their own."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier
from typing import Any

import attrs
from sqlalchemy import Connection, func, select
from sqlalchemy import event as hooks
from sqlalchemy.exc import OperationalError
from tests.trials.kills import MUNICIPALITIES, filing

from queue_engine.events import Event, Filed
from service.db import Address, open_database
from service.enrolment.archive import verify_journal
from service.enrolment.batch import Act, Written
from service.enrolment.writing import Ledger, Town, Towns
from service.models import ApplicationStatus, JournalEntry
from service.problems import AlreadyAppliedError

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.trials.races"])
_PATIENCE = 60


@attrs.frozen
class Raced:
    """What came out of some races.

    Args:
        races: how many there were.
        wrong: what was not as it has to be, in words.

    """

    races: int
    wrong: tuple[str, ...]


def same_child(address: Address, races: int) -> Raced:
    """File for the same child twice at once: in one municipality and in two, in one process and in two."""
    databases = [open_database(address) for _ in range(2)]
    ledgers = [Ledger(Towns(database)) for database in databases]
    wrong = []
    with ThreadPoolExecutor(2) as pool:
        for race in range(races):
            together = Barrier(2)
            places = (MUNICIPALITIES[0], MUNICIPALITIES[race % 2])
            writers = (ledgers[0], ledgers[(race // 2) % 2])
            names = (f"{race}-a", f"{race}-b")
            sent = [
                pool.submit(_file_at_once, together, *each, f"child{race}")
                for each in zip(writers, places, names, strict=True)
            ]
            outcomes = sorted(future.result() for future in sent)
            if outcomes != ["AlreadyAppliedError", "Written"]:
                wrong.append(f"race {race}: {outcomes}")
    with databases[0].reading() as session:
        one = ApplicationStatus
        active = select(one.child, func.count()).where(one.active).group_by(one.child)
        wrong += [f"{child} has {number} applications" for child, number in session.execute(active) if number != 1]
        stored = session.scalar(select(func.count()).select_from(one))
    if stored != races:
        wrong.append(f"{stored} applications of {races} children")
    for ledger, database in zip(ledgers, databases, strict=True):
        ledger.close()
        wrong += [finding for name in MUNICIPALITIES for finding in verify_journal(database, name).findings]
        database.close()
    return Raced(races, tuple(wrong))


def _file_at_once(together: Barrier, ledger: Ledger, municipality: str, name: str, child: str) -> str:
    together.wait(_PATIENCE)
    try:
        return type(ledger.append(municipality, filing(name), children={name: child})).__name__
    except AlreadyAppliedError as error:
        return type(error).__name__


def filings(address: Address, number: int, processes: int = 2, clients: int = 8) -> Raced:
    """File from several processes, each with several clients, all into one journal."""
    each = number // (processes * clients)
    with _PROCESSES.Pool(processes) as pool:
        told = pool.starmap(_file_many, [(address, str(process), clients, each) for process in range(processes)])
    numbers = sorted(given for found in told for given, _ in found)
    entries = sorted(entry for found in told for _, entry in found)
    total = each * clients * processes
    wrong = [
        f"numbers {name}" for name, found in (("told", numbers), ("of entries", entries)) if found != _first(total)
    ]
    database = open_database(address)
    with database.reading() as session:
        stored = session.scalars(select(JournalEntry.entry).order_by(JournalEntry.entry)).all()
        of_rows = session.scalars(select(ApplicationStatus.number).order_by(ApplicationStatus.number)).all()
    wrong += [f"{len(found)} stored" for found in (stored, of_rows) if list(found) != _first(total)]
    wrong += verify_journal(database, MUNICIPALITIES[0]).findings
    database.close()
    return Raced(total, tuple(wrong))


def _first(total: int) -> Sequence[int]:
    return list(range(1, total + 1))


def _file_many(address: Address, process: str, clients: int, each: int) -> list[tuple[int, int]]:
    """Return the numbers and entries that the clients of one process were told."""
    database = open_database(address)
    ledger, names = Ledger(Towns(database)), count()

    def client(_: int) -> list[tuple[int, int]]:
        found = []
        for _ in range(each):
            given: list[int] = []
            written = ledger.append(MUNICIPALITIES[0], _numbered(f"{process}-{next(names)}", given))
            assert isinstance(written, Written)
            found.append((given[-1], written.entries[0]))
        return found

    with ThreadPoolExecutor(clients) as pool:
        told = [pair for found in pool.map(client, range(clients)) for pair in found]
    ledger.close()
    database.close()
    return told


def _numbered(name: str, given: list[int]) -> Act:
    """Return what files an application, and keeps the number it was given last."""

    def act(town: Town) -> Iterator[Event]:
        given.append(town.next_number(""))
        yield Filed(name, given[-1], 0, {}, [], at=1_788_220_800_000, actor="parent")

    return act


def lost_answers(address: Address, repeats: int) -> Raced:
    """Lose the answer to every commit; each request sent again with its key is found, and was written once."""
    database = open_database(address)
    ledger, wrong = Ledger(Towns(database)), []
    for repeat in range(repeats):
        key = f"lost-{repeat}"
        hooks.listen(database.engine, "commit", _lose_answer)
        try:
            ledger.append(MUNICIPALITIES[0], filing(key), key=key)
        except OperationalError:
            hooks.remove(database.engine, "commit", _lose_answer)
            again = ledger.append(MUNICIPALITIES[0], filing(key), key=key)
            if again != Written((2 * repeat + 1, 2 * repeat + 2), repeated=True):
                wrong.append(f"{key}: {again}")
        else:
            wrong.append(f"{key}: the answer was not lost")
    wrong += verify_journal(database, MUNICIPALITIES[0]).findings
    if ledger.towns.head(MUNICIPALITIES[0]).entries != 2 * repeats:
        wrong.append("something was written twice, or not at all")
    ledger.close()
    database.close()
    return Raced(repeats, tuple(wrong))


def _lose_answer(connection: Connection) -> None:
    own: Any = connection.connection.driver_connection
    own.commit()
    raise OperationalError("COMMIT", {}, Exception("the connection is lost"))
