"""The command `round`: tables and places → who is offered what, checked, with everything anybody needs to check it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from queue_engine.cli.console import FILE, progress_bar, refusing
from queue_engine.cli.tables import ordered, table_options
from queue_engine.errors import Place, Problem
from queue_engine.facts import date_to_day
from queue_engine.queue import Queues
from queue_engine.reports import write_csv
from queue_engine.rounds import (
    Calling,
    Frozen,
    Outcome,
    PlacesRow,
    RoundError,
    freeze,
    freeze_digest,
    read_places,
    refuse_unsound,
    run,
    write_round,
)
from queue_engine.rounds.lists import placed_rows
from queue_engine.rounds.others import others_queues, read_others
from queue_engine.rounds.places import read_together
from queue_engine.rules.check import load_rules


def round_options(command: Any) -> Any:  # noqa: ANN401 - click's decorators
    """Add the options of a round to those of tables."""
    options = [
        click.option("--places", type=FILE, help="CSV, one row a programme: programme, places; see the README."),
        click.option("--together", type=FILE, help="CSV, application, with: who goes together or to the next wish."),
        click.option("--others", type=FILE, help="CSV, programme, other, order: what may be offered besides wishes."),
        click.option("--name", default="round-1", show_default=True, help="What the round is called."),
        click.option("--service", default="", help="Of which service."),
    ]
    for option in reversed(options):
        command = option(command)
    return table_options(command)


@click.command(name="round")
@round_options
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Write the files of the round here.")
def hold_round(out: Path | None, **given: Any) -> None:
    """Hold an allocation round: application,programme,wish,pass,seat of everybody who gets a place.

    With --out the folder holds what was frozen, what came out, protocol and lists; `queue-engine verify` checks it.
    """
    with refusing():
        queues, frozen = frozen_of(**given)
        with progress_bar() as report:
            report("matching", 0, len(frozen.applicants))
            outcome = run(frozen)
            report("matching", len(frozen.applicants), len(frozen.applicants))
        refuse_unsound(frozen, outcome)
        if out is None:
            write_csv(placed_rows(frozen, outcome), sys.stdout)
        else:
            if out.exists() and any(out.iterdir()):
                remedy = "give a new folder, or an empty one"
                raise RoundError([Problem(Place(str(out)), "D014", "the folder is not empty", remedy)])
            write_round(out, frozen, outcome, queues)
    _tell(frozen, outcome, out)


def frozen_of(
    places: Path | None,
    together: Path | None,
    others: Path | None,
    name: str,
    service: str,
    **given: Any,
) -> tuple[Queues, Frozen]:
    """Return the queues of tables, and the round frozen from them.

    Raises:
        UsageError: an option that is needed is not given.
        QueueEngineError: tables, places or bundles cannot be used.

    """
    on: date | None = given["on"]
    queues = ordered(**given)
    assert on is not None, "queues have a day"
    dates: Mapping[str, date] = dict(given["dates"])
    rule_set = load_rules(given["rules_file"])
    beside = None if others is None else others_queues(queues, read_others(others), rule_set, on, dates)
    rows = _places_of(queues) if places is None else read_places(places)
    calling = Calling(name, date_to_day(on), rule_set, service)
    bundles = {} if together is None else read_together(together)
    return queues, freeze(queues, rows, calling, bundles=bundles, others=beside)


def _places_of(queues: Queues) -> tuple[PlacesRow, ...]:
    """Return the places that the table of programmes gives.

    Raises:
        UsageError: it gives none.

    """
    programmes = queues.entries.tables.programmes
    given = zip(programmes.ids, programmes.capacity.tolist(), strict=True)
    rows = tuple(PlacesRow(name, capacity) for name, capacity in given if capacity >= 0)
    if not rows:
        raise click.UsageError("Missing option '--places': the table of programmes has no column capacity.")
    return rows


def _tell(frozen: Frozen, outcome: Outcome, out: Path | None) -> None:
    """Print what came out, for people."""
    console = Console(stderr=True)
    table = Table(title=f"{frozen.round}: {len(frozen.applicants)} applicants, {len(frozen.programmes)} programmes")
    for column in ("", "count"):
        table.add_column(column, justify="right" if column else "left")
    first = sum(each.wish == 1 for each in outcome.placed.values())
    rows = {
        "get a place": len(outcome.placed),
        "of them at their first wish": first,
        "get none": len(frozen.applicants) - len(outcome.placed),
        "seats given": sum(each.seats for each in frozen.programmes),
        "seats left free": sum(each.free for each in outcome.cutoffs.values()),
        "markets matched": outcome.runs,
    }
    for what, count in rows.items():
        table.add_row(what, f"{count:,}")
    console.print(table)
    console.print(f"frozen: {freeze_digest(frozen)}", highlight=False, soft_wrap=True)
    if out is not None:
        console.print(f"{out}: protocol.csv, placed.csv, not_placed.csv, refusals.csv", highlight=False, soft_wrap=True)
