"""The service's trials in full: processes and servers killed, answers lost, races, and histories of many clients."""

from __future__ import annotations

import multiprocessing
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.databases import server
from tests.trials.clients import observed
from tests.trials.kills import killed_servers, killed_writers
from tests.trials.linearizable import faults_of
from tests.trials.races import Raced, filings, lost_answers, same_child
from tests.trials.results import Advance, Result, each_done

from service.db import Address, open_database
from service.migrating import migrate

KILLS, KILLS_AT_ONCE, SERVER_KILLS = 400, 20, 20
RACES, FILINGS, REPEATS, HISTORIES = 500, 20_000, 1_000, 100


@contextmanager
def databases() -> Iterator[dict[str, Callable[[], Address]]]:
    """Give what makes a new database of each kind."""
    with tempfile.TemporaryDirectory() as folder, server() as postgres:

        def sqlite() -> Address:
            path = Path(tempfile.mkdtemp(dir=folder), "trial.sqlite")
            database = open_database(path)
            migrate(database)
            database.close()
            return path

        yield {"sqlite": sqlite, "postgresql": postgres.new_database}


def killing(workers: int, advance: Advance) -> Result:
    """Kill the process that writes into an SQLite database: nothing acknowledged is lost, a repeat is written once."""
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        jobs = [partial(killed_writers, seed, KILLS_AT_ONCE) for seed in range(KILLS // KILLS_AT_ONCE)]
        outcomes = list(each_done(pool, jobs, advance))
    wrong = tuple(text for each in outcomes for text in each.wrong)
    figures = {
        "acknowledged": sum(each.acknowledged for each in outcomes),
        "retried": sum(each.retried for each in outcomes),
    }
    kills = sum(each.kills for each in outcomes)
    return Result("kills", kills, kills - min(kills, len(wrong)), figures, wrong)


def stopping(workers: int, advance: Advance) -> Result:
    """Kill every process of a PostgreSQL server while somebody writes into it."""
    found = killed_servers(1, SERVER_KILLS)
    advance(1)
    figures = {"acknowledged": found.acknowledged}
    return Result("server kills", found.kills, found.kills - min(found.kills, len(found.wrong)), figures, found.wrong)


def racing(workers: int, advance: Advance) -> Result:
    """File for one child twice at once, file 20,000 times at once, lose answers; on each database."""
    told: list[str] = []
    counts: dict[str, int] = {}
    with databases() as made:
        runs: dict[str, Callable[[Address], Raced]] = {
            "same_child": lambda address: same_child(address, RACES),
            "filings": lambda address: filings(address, FILINGS),
            "lost_answers": lambda address: lost_answers(address, REPEATS),
        }
        for name, run in runs.items():
            for kind, new in made.items():
                found = run(new())
                counts[f"{name}_{kind}"] = found.races
                told += [f"{name} {kind}: {text}" for text in found.wrong]
                advance(len(runs) * len(made))
    total = sum(counts.values())
    return Result("races", total, total - min(total, len(told)), counts, tuple(told))


def lining_up(workers: int, advance: Advance) -> Result:
    """Let eight clients work at once: each history fits one order of the engine's model."""
    told: list[str] = []
    with databases() as made:
        for kind, new in made.items():
            address = new()
            for seed in range(HISTORIES):
                faults = faults_of(observed(address, f"m{seed}", seed))
                told += [f"{kind} {seed}: {faults[0]}"] if faults else []
                advance(HISTORIES * len(made))
        total = HISTORIES * len(made)
    return Result("linearizable", total, total - len(told), {"clients": 8}, tuple(told))


SERVICE_TRIALS: dict[str, Callable[[int, Advance], Result]] = {
    "kills": killing,
    "server-kills": stopping,
    "races": racing,
    "linearizable": lining_up,
}
"""The trials by name."""
