"""An example municipality in a new database."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from queue_engine import RuleSet, build_tables, load_rules, read_csv, write_example
from queue_engine.example import Written
from queue_engine.example.year import FEWEST_APPLICATIONS, FEWEST_PROGRAMMES, town_year
from queue_engine.tables.reading import TextTable
from service.db import Address, Database, open_database
from service.enrolment.archive import append_journal, municipalities
from service.enrolment.writing import Ledger, Towns
from service.migrating import migrate
from service.models import Application, Document, Programme, Service, Wish

EXAMPLE_MUNICIPALITY = "75701000"
YEAR_SERVICE, YEAR_RULES = "kindergarten", "region-74/kindergarten"
_MOST_FAMILIES = 1_200  # a larger year takes minutes, and shows nothing more
_FAMILIES_A_PROGRAMME = 50
_CHUNK = 10_000


def make_example(
    address: Address, rules: Path, *, applications: int, seed: int, progress: Callable[[str], None] = lambda _: None
) -> None:
    """Make a database with an example municipality and a year of what happened there.

    A file is there as a whole, or not at all; what is made in a PostgreSQL is finished by doing it once more.

    Args:
        address: the file to make, or the address of an empty PostgreSQL.
        rules: the folder with facts.yaml and the rule files.
        applications: how many applications all services have together.
        seed: equal seeds give equal municipalities.
        progress: called with what is being done.

    Raises:
        FileExistsError: the file is there already, or the PostgreSQL has a journal.
        QueueEngineError: the rules or the tables cannot be used.

    """
    if isinstance(address, str):
        _fill(address, rules, applications, seed, progress)
        return
    if address.exists():
        message = f"{address} is there already; remove it first, or name another file"
        raise FileExistsError(message)
    address.parent.mkdir(parents=True, exist_ok=True)
    unfinished = address.with_name(address.name + ".part")
    for ending in ("", "-wal", "-shm"):
        unfinished.with_name(unfinished.name + ending).unlink(missing_ok=True)
    _fill(unfinished, rules, applications, seed, progress)
    os.replace(unfinished, address)  # noqa: PTH105 - replaces in one step on every system


def _fill(address: Address, rules: Path, applications: int, seed: int, progress: Callable[[str], None]) -> None:
    """Make the tables of a database, and store the example; its year comes last."""
    database = open_database(address)
    try:
        migrate(database)
        with database.reading() as session:
            journals, services = municipalities(session), session.scalars(select(Service.id)).all()
        if journals:
            message = f"the database has the journal of {journals[0]} already; name an empty one"
            raise FileExistsError(message)
        progress(f"making an example municipality of {applications:,} applications")
        with TemporaryDirectory() as folder, database.writing() as session:
            town = write_example(Path(folder), applications=applications, seed=seed)
            for rank, written in enumerate(town.services, start=1):
                if written.service.name not in services:
                    progress(f"storing {written.service.name}: {written.rows['applications']:,} applications")
                    _store(session, rank, written, rules)
        progress("telling a year of the kindergartens")
        _tell_year(database, load_rules(rules / f"{YEAR_RULES}.yaml"), applications, seed)
    finally:
        database.close()


def _tell_year(database: Database, rules: RuleSet, applications: int, seed: int) -> None:
    """Write a year of a kindergarten service into the journal of the example municipality."""
    families = max(FEWEST_APPLICATIONS, min(applications * 3 // 5, _MOST_FAMILIES))
    programmes = max(FEWEST_PROGRAMMES, families // _FAMILIES_A_PROGRAMME)
    year = town_year(
        rules,
        applications=families,
        programmes=programmes,
        seed=seed,
        service=YEAR_SERVICE,
        municipality=EXAMPLE_MUNICIPALITY,
    )
    ledger = Ledger(Towns(database))
    try:
        append_journal(ledger, year)
    finally:
        ledger.close()


def _store(session: Session, rank: int, written: Written, rules: Path) -> None:
    """Store the tables of one service, after the engine has accepted them."""
    service = written.service
    vocabulary = load_rules(rules / f"{service.rules}.yaml").vocabulary
    tables = {
        name: read_csv(written.folder / f"{name}.csv")
        for name in ("programmes", "applications", "entries", "documents")
    }
    build_tables(vocabulary, tables["entries"], tables["applications"], tables["documents"], tables["programmes"])
    dates = {name: day.isoformat() for name, day in service.dates.items()}
    session.add(Service(id=service.name, rank=rank, rules=service.rules, on_day=service.on, dates=dates, version=1))
    session.flush()
    for record, name, row_of in (
        (Programme, "programmes", _programme),
        (Application, "applications", _application),
        (Wish, "entries", _wish),
        (Document, "documents", _document),
    ):
        rows = ({"service": service.name, **row_of(cells)} for cells in _records(tables[name]))
        while chunk := list(islice(rows, _CHUNK)):
            session.execute(insert(record), chunk)


def _records(table: TextTable) -> Iterator[dict[str, str]]:
    names = table.keys()
    for cells in zip(*(table[name] for name in names), strict=True):
        yield dict(zip(names, map(str.strip, cells), strict=True))


def _facts(cells: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in cells.items() if "." in name and text}


def _programme(cells: Mapping[str, str]) -> dict[str, Any]:
    capacity = cells.get("capacity", "")
    return {
        "id": cells["programme"],
        "organisation": cells.get("organisation", ""),
        "title": cells.get("title", ""),
        "capacity": int(capacity) if capacity else None,
        "takes": cells.get("takes", ""),
        "facts": _facts(cells),
    }


def _application(cells: Mapping[str, str]) -> dict[str, Any]:
    return {"number": cells["application"], "facts": _facts(cells)}


def _wish(cells: Mapping[str, str]) -> dict[str, Any]:
    return {
        "application": cells["application"],
        "wish": int(cells.get("wish") or 1),
        "organisation": cells.get("organisation") or None,
        "programme": cells.get("programme") or None,
        "facts": _facts(cells),
    }


def _document(cells: Mapping[str, str]) -> dict[str, Any]:
    return {
        "application": cells["application"],
        "category": cells["category"],
        "first_day": _day(cells.get("from", "")),
        "last_day": _day(cells.get("to", "")),
        "confirmed": cells["confirmed"] == "yes",
    }


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
