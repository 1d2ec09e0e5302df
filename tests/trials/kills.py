"""Processes killed while they write: nothing acknowledged is lost, and what was not is written once on a retry.

On SQLite the process that writes is killed; on PostgreSQL the whole server is, while a process goes on writing.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from threading import Lock, Thread
from typing import Any

import attrs
import psutil
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from tests.databases import Server, started

from queue_engine.events import Event, Filed, Reviewed
from service.db import Address, Database, open_database
from service.enrolment.archive import verify_journal
from service.enrolment.batch import Act, Written
from service.enrolment.writing import Ledger, Town, Towns
from service.migrating import migrate
from service.models import JournalEntry

MUNICIPALITIES = ("75701000", "75752000")
_CLIENTS = 4
_PATIENCE = 60
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.trials.kills"])
_AT: dict[str, Any] = {"at": 1_788_220_800_000, "actor": "parent"}


@attrs.frozen
class Killed:
    """What was found after some kills.

    Args:
        kills: how many there were.
        acknowledged: how many requests had been acknowledged before them.
        retried: how many were sent again with their keys.
        found_again: how many of those had been written although nobody was told.
        wrong: what was not as it has to be, in words.

    """

    kills: int
    acknowledged: int
    retried: int
    found_again: int
    wrong: tuple[str, ...]


def filing(key: str) -> Act:
    """Return what files and registers an application that is named after a key."""

    def act(town: Town) -> Iterator[Event]:
        yield Filed(key, town.next_number(""), 0, {}, [], **_AT)
        yield Reviewed(key, "registered", **{**_AT, "actor": "officer"})

    return act


def write_until_killed(address: Address, life: str, told: Connection) -> None:
    """Write as several clients do, and tell of each acknowledgement; what fails is sent again with its key."""
    ledger, lock = Ledger(Towns(open_database(address))), Lock()

    def client(number: int) -> None:
        for turn in range(1_000_000):
            municipality, key = MUNICIPALITIES[turn % 2], f"{life}-{number}-{turn}"
            written = _sent(ledger, municipality, key)
            with lock:
                told.send((number, turn, written.entries[0]))

    threads = [Thread(target=client, args=(number,), daemon=True) for number in range(_CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _sent(ledger: Ledger, municipality: str, key: str) -> Written:
    """Send a request until it is answered."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return ledger.append(municipality, filing(key), key=key, children={key: key})
        except SQLAlchemyError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)


@attrs.define(eq=False)
class _Watch:
    """Everything that was acknowledged, and what it is compared with."""

    database: Database
    acknowledged: dict[tuple[str, str], int] = attrs.field(factory=dict)
    next_turn: dict[tuple[str, int], int] = attrs.field(factory=dict)
    wrong: list[str] = attrs.field(factory=list)

    def hear(self, life: str, told: Connection) -> int:
        """Take every acknowledgement that has come, and return how many."""
        count = 0
        with suppress(EOFError, OSError):
            while told.poll():
                number, turn, entry = told.recv()
                self.acknowledged[MUNICIPALITIES[turn % 2], f"{life}-{number}-{turn}"] = entry
                self.next_turn[life, number] = turn + 1
                count += 1
        return count

    def check(self, *, fully: bool) -> None:
        """Compare what is stored with what was acknowledged; fully: verify the journals and projections too."""
        with self.database.reading() as session:
            one = JournalEntry
            rows = session.execute(select(one.municipality, one.key, one.entry).where(one.key != ""))
            stored = {(municipality, key): entry for municipality, key, entry in rows}
        for (municipality, key), entry in self.acknowledged.items():
            if stored.get((municipality, key)) != entry:
                self.wrong.append(f"{municipality} {key}: acknowledged as {entry}, stored as {stored.get(key)}")
        for municipality in MUNICIPALITIES if fully else ():
            found = verify_journal(self.database, municipality)
            self.wrong.extend(f"{municipality}: {finding}" for finding in found.findings)


def killed_writers(seed: int, kills: int) -> Killed:
    """Kill the process that writes into an SQLite database, again and again."""
    luck = Random(f"kills/{seed}")  # noqa: S311 - repeatable on purpose
    retried = again = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "killed.sqlite")
        database = open_database(path)
        migrate(database)
        watch = _Watch(database)
        for number in range(kills):
            life = f"life{number}"
            told, telling = _PROCESSES.Pipe(duplex=False)
            process = _PROCESSES.Process(target=write_until_killed, args=(path, life, telling), daemon=True)
            process.start()
            telling.close()
            told.poll(_PATIENCE)
            time.sleep(luck.uniform(0, 0.15))
            assert process.pid is not None
            os.kill(process.pid, signal.SIGKILL)
            process.join()
            watch.hear(life, told)
            watch.check(fully=True)
            ledger = Ledger(Towns(database))
            for client in range(_CLIENTS):
                turn = watch.next_turn.get((life, client), 0)
                written = _sent(ledger, MUNICIPALITIES[turn % 2], f"{life}-{client}-{turn}")
                retried, again = retried + 1, again + written.repeated
            ledger.close()
            watch.check(fully=True)
        database.close()
    return Killed(kills, len(watch.acknowledged), retried, again, tuple(watch.wrong))


def killed_servers(seed: int, kills: int) -> Killed:
    """Kill every process of a PostgreSQL server, again and again, while one process goes on writing into it."""
    luck = Random(f"servers/{seed}")  # noqa: S311 - repeatable on purpose
    with started() as server:
        address = server.new_database()
        database = open_database(address)
        watch = _Watch(database)
        told, telling = _PROCESSES.Pipe(duplex=False)
        process = _PROCESSES.Process(target=write_until_killed, args=(address, "life", telling), daemon=True)
        process.start()
        for _ in range(kills):
            _wait_for_some(watch, told)
            time.sleep(luck.uniform(0, 0.3))
            kill_server(server)
            watch.hear("life", told)
            server.running.ensure_postgres_running()
            watch.check(fully=False)
        _wait_for_some(watch, told)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        watch.hear("life", told)
        watch.check(fully=True)
        database.close()
    return Killed(kills, len(watch.acknowledged), 0, 0, tuple(watch.wrong))


def _wait_for_some(watch: _Watch, told: Connection, some: int = 50) -> None:
    until, heard = time.monotonic() + _PATIENCE, 0
    while heard < some:
        assert time.monotonic() < until, "the process that writes is stuck"
        told.poll(1)
        heard += watch.hear("life", told)


def kill_server(server: Server) -> None:
    """Kill every process of a server at once, as a loss of power ends them; the disk stays as it is."""
    postmaster = psutil.Process(server.running.get_pid())
    postmaster.suspend()  # so that it starts nothing while its processes are counted
    everything = [*postmaster.children(recursive=True), postmaster]
    for process in everything:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    until = time.monotonic() + _PATIENCE
    while any(_lives(process) for process in everything):
        assert time.monotonic() < until, "a process of the server outlives SIGKILL"
        time.sleep(0.01)
    for lock in (server.running.pgdata / "postmaster.pid", *server.running.pgdata.glob(".s.PGSQL.*.lock")):
        lock.unlink(missing_ok=True)  # the process they name may be left as a zombie, and so look alive


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
