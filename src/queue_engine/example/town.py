"""The services of the example municipality, and their tables for any number of applications."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import attrs
import numpy as np

from queue_engine.example import camp, college, kindergarten, school
from queue_engine.example.assembly import Columns, Made, NumberedCase, Service
from queue_engine.facts import Vocabulary

SERVICES = (kindergarten.SERVICE, school.SERVICE, camp.SERVICE, college.SERVICE)
FEWEST_APPLICATIONS = 2
MOST_APPLICATIONS = 1_000_000
_PERCENT = {"school-grade-1": 20, "camp": 10, "college": 10}  # the rest waits for kindergartens


@attrs.frozen(eq=False)
class Written:
    """What was written for one service.

    Args:
        service: the service.
        folder: where its tables are.
        rows: the number of rows of each table.
        cases: the applicants put in on purpose.

    """

    service: Service
    folder: Path
    rows: Mapping[str, int]
    cases: tuple[NumberedCase, ...]


@attrs.frozen(eq=False)
class Town:
    """An example municipality that was written to a folder.

    Args:
        folder: where it is.
        applications: the number of applications in all services.
        seed: what it was drawn from.
        services: what was written for each.

    """

    folder: Path
    applications: int
    seed: int
    services: tuple[Written, ...]


def shares(applications: int) -> dict[str, int]:
    """Return how many of the applications each service gets.

    >>> shares(2_000)
    {'kindergarten': 1200, 'school-grade-1': 400, 'camp': 200, 'college': 200}

    """
    others = {name: applications * percent // 100 for name, percent in _PERCENT.items()}
    return {kindergarten.SERVICE.name: applications - sum(others.values()), **others}


def make_service(service: str, applications: int, seed: int) -> Made:
    """Return the tables of one service and the cases put in.

    Raises:
        ValueError: there is no such service, or too few or too many applications.

    """
    known = {each.name: each for each in SERVICES}
    if service not in known:
        message = f"no service '{service}'; the services are {', '.join(known)}"
        raise ValueError(message)
    if not FEWEST_APPLICATIONS <= applications <= MOST_APPLICATIONS:
        message = f"{applications} applications; give {FEWEST_APPLICATIONS} to {MOST_APPLICATIONS}"
        raise ValueError(message)
    return known[service].make(applications, seed)


def example_tables(
    service: str, applications: int, seed: int = 1, vocabulary: Vocabulary | None = None
) -> dict[str, Columns]:
    """Return the tables of one service as arguments of `build_tables`: columns of numpy arrays, by table and name.

    Args:
        service: kindergarten, school-grade-1, camp or college.
        applications: how many applications it has.
        seed: what everything is drawn from; equal arguments give equal tables on every machine.
        vocabulary: facts and categories it does not know are left out; None = everything is given.

    Raises:
        ValueError: there is no such service, or too few or too many applications.

    Complexity: O(n log n) in the number of applications.

    >>> tables = example_tables("college", 200)
    >>> tables["entries"]["application"][:3].tolist(), len(tables["applications"]["grade.average"])
    ([100001, 100002, 100002], 200)

    """
    tables = make_service(service, applications, seed).tables
    return dict(tables) if vocabulary is None else _known(tables, vocabulary)


def _known(tables: Mapping[str, Columns], vocabulary: Vocabulary) -> dict[str, Columns]:
    """Return the tables without facts and documents the vocabulary does not know."""
    kept = {
        name: {field: column for field, column in columns.items() if "." not in field or field in vocabulary.facts}
        for name, columns in tables.items()
    }
    rows = np.isin(kept["documents"]["category"], sorted(vocabulary.categories))
    return {**kept, "documents": {field: column[rows] for field, column in kept["documents"].items()}}
