"""Commands on tables: order, and what `explain` shares with it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from queue_engine.cli.console import FILE, PATH, Day, NamedDay, progress_bar, refusing
from queue_engine.entries import read_takes
from queue_engine.errors import Place, Problem, TableError
from queue_engine.facts import Vocabulary
from queue_engine.ordering import order as order_queues
from queue_engine.queue import Queues
from queue_engine.reports import queue_rows, refusal_rows, write_csv
from queue_engine.rules.check import load_rules
from queue_engine.tables.reading import read_csv, read_tables


def table_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that `order` and `explain` share; which of them are needed is for the command to say."""
    options = [
        click.option("--rules", "rules_file", type=PATH, required=True, help="The rule file."),
        click.option("--entries", type=FILE, help="CSV, one row a wish."),
        click.option("--applications", type=FILE, help="CSV, one row an application."),
        click.option("--documents", type=FILE, help="CSV, one row a document."),
        click.option("--programmes", type=FILE, help="CSV, one row a programme."),
        click.option("--on", type=Day(), help="The day the queue is computed for."),
        click.option(
            "--date", "dates", type=NamedDay(), multiple=True, help="The day of a named date; may be repeated."
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@table_options
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the queues here; standard output otherwise."
)
@click.option(
    "--refused",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write who is in no queue here: queue,application,reasons.",
)
def order(out: Path | None, refused: Path | None, **given: Any) -> None:
    """Order every queue: queue,position,application,decided_by."""
    with refusing():
        queues = ordered(**given)
        if out is None:
            write_csv(queue_rows(queues), sys.stdout)
        else:
            with out.open("w", encoding="utf-8", newline="") as file:
                write_csv(queue_rows(queues), file)
        if refused is not None:
            with refused.open("w", encoding="utf-8", newline="") as file:
                write_csv(refusal_rows(queues), file)
        if out is not None:
            click.echo(f"{out}: {len(queues)} queues, {len(queues.not_in_queue())} entries not in a queue", err=True)


def ordered(  # noqa: PLR0917 - the shared options
    rules_file: Path,
    entries: Path | None,
    applications: Path | None,
    documents: Path | None,
    programmes: Path | None,
    on: date | None,
    dates: tuple[tuple[str, date], ...],
) -> Queues:
    """Return the queues of tables.

    Raises:
        UsageError: an option that is needed is not given.

    """
    if entries is None or on is None:
        raise click.UsageError(f"Missing option '{'--entries' if entries is None else '--on'}'.")
    if not rules_file.is_file():
        raise click.UsageError(f"'{rules_file}' is a folder; give the rule file.")
    repeated = next((name for name, day in dates if dict(dates)[name] != day), "")
    if repeated:
        raise click.UsageError(f"--date gives '{repeated}' two different days")
    rules = load_rules(rules_file)
    with progress_bar() as report:
        try:
            tables = read_tables(
                rules.vocabulary,
                entries=entries,
                applications=applications,
                documents=documents,
                programmes=programmes,
                progress=lambda table, done: report(table, done, 0),
            )
        except TableError as error:
            raise TableError([*error.problems, *_bad_takes(rules.vocabulary, programmes)]) from None
    return order_queues(tables, rules, on, dict(dates))


def _bad_takes(vocabulary: Vocabulary, programmes: Path | None) -> list[Problem]:
    """Return what is wrong with the `takes` of a file whose other cells are refused, so that all is told at once."""
    try:
        table = read_csv(programmes) if programmes is not None else None
    except TableError:
        return []
    if table is None or "takes" not in table.header:
        return []
    places = [Place(table.name, row, field="takes") for row in table.rows]
    return read_takes(vocabulary, [text.strip() for text in table["takes"]], places)[1]
