"""An example municipality in a new database."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from queue_engine import build_tables, load_rules, read_csv, write_example
from queue_engine.example import Written
from queue_engine.tables.reading import TextTable
from service.db import open_database
from service.models import Application, Document, Programme, Record, Service, Wish

_CHUNK = 10_000


def make_example(
    path: Path, rules: Path, *, applications: int, seed: int, progress: Callable[[str], None] = lambda _: None
) -> None:
    """Make a database with an example municipality; it is there as a whole, or not at all.

    Args:
        path: the file to make.
        rules: the folder with facts.yaml and the rule files.
        applications: how many applications all services have together.
        seed: equal seeds give equal municipalities.
        progress: called with what is being done.

    Raises:
        FileExistsError: the file is there already.
        QueueEngineError: the rules or the tables cannot be used.

    """
    if path.exists():
        message = f"{path} is there already; remove it first, or name another file"
        raise FileExistsError(message)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".part")
    unfinished.unlink(missing_ok=True)
    with TemporaryDirectory() as folder:
        progress(f"making an example municipality of {applications:,} applications")
        town = write_example(Path(folder), applications=applications, seed=seed)
        database = open_database(unfinished)
        try:
            with database.writing() as session:
                Record.metadata.create_all(session.connection())
                for rank, written in enumerate(town.services, start=1):
                    progress(f"storing {written.service.name}: {written.rows['applications']:,} applications")
                    _store(session, rank, written, rules)
        finally:
            database.close()
    os.replace(unfinished, path)  # noqa: PTH105 - replaces in one step on every system


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
