"""One hash of all that a small municipality is told: queues, accounts and sentences in both languages.

`python -m tests.trials.fingerprint ROWS PROCESSES [SEED]` prints it; ROWS is in which order the rows of tables come,
SEED which municipality it is.
"""

from __future__ import annotations

import hashlib
import locale
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from random import Random

import numpy as np
from tests.trials.lively import Past, lively
from tests.trials.public_files import ROOT

from queue_engine import build_tables
from queue_engine.change_wording import change_for_parent
from queue_engine.changes import Label
from queue_engine.events import Event
from queue_engine.example import SERVICES, example_tables
from queue_engine.explanation import standing
from queue_engine.ledger import account
from queue_engine.live_town import LiveTown
from queue_engine.ordering import order
from queue_engine.queue import GENERAL
from queue_engine.rules.loading import read_rules
from queue_engine.wording import standing_for_parent

LANGUAGES = ("ru", "en")
_APPLICATIONS = 45
_TOLD = 12
_SCENES = ("magnitogorsk", "college")


def of_service(rows: int, index: int, seed: int) -> str:
    """Return the hash of the queues of a service and of what families are told of their places.

    Args:
        rows: in which order the rows of the tables come.
        index: which service.
        seed: of which municipality.

    """
    service = SERVICES[index]
    rules = read_rules(ROOT / "rules" / f"{service.rules}.yaml")
    tables = {}
    for name, columns in example_tables(service.name, _APPLICATIONS, seed, rules.vocabulary).items():
        numbers = list(range(len(next(iter(columns.values())))))
        if rows:
            Random(f"{rows}/{name}").shuffle(numbers)  # noqa: S311 - repeatable on purpose
        tables[name] = {field: np.asarray(column)[numbers] for field, column in columns.items()}
    queues = order(build_tables(rules.vocabulary, **tables), rules, service.on, dict(service.dates))
    said = []
    for name in (GENERAL, *queues):
        queue = queues[name]
        said += [name, *queue, *queue.decided_by()]
    general = queues[GENERAL]
    for application in list(general)[:: max(len(general) // _TOLD, 1)]:
        for lang in LANGUAGES:
            said += standing_for_parent(standing(general, application), lang)
    return _hash(said)


def of_history(index: int, seed: int) -> str:
    """Return the hash of a journal, of the queues kept up with it, of every account and of what families are told."""
    past = lively(seed, _SCENES[index])
    live = LiveTown.of(past.journal, past.rules, past.service)
    said = [past.journal.head.hex()]
    for queue in live.names():
        said += [queue, *live.line(queue)]
    said += _accounts(past, live)
    return _hash(said)


def _accounts(past: Past, live: LiveTown) -> Iterator[str]:
    """Yield the account of everybody who stands in a queue, and what the family is told of it."""
    assert live.rules is not None
    events: dict[int, Event] = dict(enumerate(past.journal, start=1))
    shared: dict[Label, int] = {(step.id, ""): _APPLICATIONS for step in live.rules.order}
    for queue in live.names():
        for application in live.line(queue):
            change = account(live, past.journal, application, queue)
            yield repr(change)
            for lang in LANGUAGES:
                yield from change_for_parent(change, live.rules, shared, lang, events=events)


def _hash(said: list[str]) -> str:
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _call(part: Callable[[], str]) -> str:
    return part()


def fingerprint(rows: int, processes: int, seed: int = 1) -> str:
    """Return the hash of a municipality.

    Args:
        rows: in which order the rows of the tables come; 0 = as they are made.
        processes: how many make it.
        seed: which municipality.

    """
    parts = [partial(of_service, rows, index, seed) for index in range(len(SERVICES))]
    parts += [partial(of_history, index, seed) for index in range(len(_SCENES))]
    if processes == 1:
        return _hash([part() for part in parts])
    with ProcessPoolExecutor(processes) as pool:
        return _hash(list(pool.map(_call, parts)))


def main() -> None:
    """Print the hash."""
    locale.setlocale(locale.LC_ALL, "")  # as a program of this machine would
    print(fingerprint(*map(int, sys.argv[1:])))  # noqa: T201 - read by the process that asked


if __name__ == "__main__":
    main()
