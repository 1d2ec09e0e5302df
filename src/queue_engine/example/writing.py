"""The example municipality as files: CSV tables of each service, and a README with the commands to try."""

from __future__ import annotations

import csv
import shlex
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from queue_engine.example.assembly import Columns, NumberedCase
from queue_engine.example.draws import Array
from queue_engine.example.town import SERVICES, Town, Written, make_service, shares

Progress: TypeAlias = Callable[[str, int, int], None]

FEWEST_APPLICATIONS = 20
_ROWS_AT_ONCE = 65_536
_TABLES = ("programmes", "applications", "entries", "documents")
_SPACE_AT = 10


def write_example(out: Path, *, applications: int = 2_000, seed: int = 1, progress: Progress | None = None) -> Town:
    """Write an example municipality: a folder of tables for each service, and README.md.

    Equal arguments give equal bytes on every machine.

    Args:
        out: the folder; it is made when absent, and files of the same names are overwritten.
        applications: how many applications all services have together, from 20 to 1,000,000.
        seed: what everything is drawn from.
        progress: told what is written, how many rows are, and how many there will be.

    Raises:
        ValueError: too few or too many applications.
        OSError: a file cannot be written.

    Complexity: O(n log n) in the number of applications.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     town = write_example(Path(folder), applications=100)
    ...     print((town.services[0].folder / "entries.csv").read_text(encoding="utf-8")[:44])
    application,wish,organisation,address.in_ter

    """
    if applications < FEWEST_APPLICATIONS:
        message = f"{applications} applications; give at least {FEWEST_APPLICATIONS}"
        raise ValueError(message)
    many = shares(applications)
    written = []
    for service in SERVICES:
        made = make_service(service.name, many[service.name], seed)
        folder = out / service.name
        folder.mkdir(parents=True, exist_ok=True)
        rows = {}
        for table in _TABLES:
            columns = made.tables[table]
            told = f"{service.name}/{table}.csv"
            rows[table] = _write_table(folder / f"{table}.csv", columns, told, progress or _silent)
        written.append(Written(service, folder, rows, made.cases))
    town = Town(out, applications, seed, tuple(written))
    with (out / "README.md").open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in _readme(town))
    return town


def _silent(_: str, __: int, ___: int) -> None:
    pass


def _write_table(path: Path, columns: Columns, told: str, progress: Progress) -> int:
    """Write columns as CSV; return the number of rows."""
    total = len(next(iter(columns.values())))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for start in range(0, total, _ROWS_AT_ONCE):
            part = slice(start, start + _ROWS_AT_ONCE)
            writer.writerows(zip(*(cells(column[part]) for column in columns.values()), strict=True))
            progress(told, min(start + _ROWS_AT_ONCE, total), total)
    return total


def cells(column: Array) -> Iterable[Any]:
    """Return a column as cells of a CSV file: yes and no, days, times with a space, digits; empty where not known.

    >>> cells(np.array([True, False])), cells(np.array(["2026-04-01T09:00:00"], "datetime64[s]"))
    (['yes', 'no'], ['2026-04-01 09:00:00'])
    >>> cells(np.array(["2026-04-01", "NaT"], "datetime64[D]"))
    ['2026-04-01', '']

    """
    kind = column.dtype.kind
    if kind == "b":
        column = np.where(column, "yes", "no")
    elif kind == "M":
        known = ~np.isnat(column)
        texts = np.datetime_as_string(column)
        if np.datetime_data(column.dtype)[0] == "s":
            texts.view("U1").reshape(len(texts), -1)[:, _SPACE_AT] = " "
        column = np.where(known, texts, "")
    listed: list[Any] = column.tolist()
    return listed


def _readme(town: Town) -> Iterator[str]:
    """Yield the lines of README.md."""
    yield "# Пример муниципалитета · An example municipality"
    yield ""
    yield f"Заявлений: {town.applications}, seed {town.seed}. Всё вымышлено; имён нет."
    yield "Одинаковые параметры дают одинаковые файлы."
    yield ""
    yield f"{town.applications} applications, seed {town.seed}. All of it is made up; there are no names."
    yield "Equal arguments give equal files."
    yield ""
    yield "Команды запускают из папки проекта. · Run the commands in the project's folder."
    for written in town.services:
        yield ""
        yield from _service_lines(written)


def _service_lines(written: Written) -> Iterator[str]:
    """Yield the lines of README.md about one service."""
    service, rows = written.service, written.rows
    yield f"## {service.title.ru} · {service.title.en}"
    yield ""
    yield (
        f"`{service.name}/`: {rows['programmes']} programmes, {rows['applications']} applications,"
        f" {rows['entries']} entries, {rows['documents']} documents; {service.on.isoformat()}."
    )
    if service.remark.ru:
        yield f"{service.remark.ru} · {service.remark.en}"
    yield ""
    yield "```sh"
    yield order_command(written)
    yield explain_command(written, written.cases[0].application)
    yield "```"
    yield ""
    yield "| № | Что показывает | What it shows |"
    yield "|---|---|---|"
    yield from (_case_line(numbered) for numbered in written.cases)


def _case_line(numbered: NumberedCase) -> str:
    title = numbered.case.title
    return f"| {numbered.application} | {title.ru} | {title.en} |"


def order_command(written: Written) -> str:
    """Return the command that orders the queues of a service, over several lines."""
    return " \\\n  ".join(["queue-engine order", *_arguments(written)])


def explain_command(written: Written, application: int) -> str:
    """Return the command that explains the places of an application, over several lines."""
    arguments = _arguments(written)
    return " \\\n  ".join([f"queue-engine explain --application {application}", *arguments])


def _arguments(written: Written) -> list[str]:
    """Return the options that both commands share, some to a line."""
    service, folder = written.service, written.folder.as_posix()
    tables = [f"--{table} {shlex.quote(f'{folder}/{table}.csv')}" for table in sorted(_TABLES)]
    dates = [f"--on {service.on.isoformat()}", *(f"--date {name}={day}" for name, day in service.dates.items())]
    return [f"--rules rules/{service.rules}.yaml", " ".join(tables[:2]), " ".join(tables[2:]), " ".join(dates)]
