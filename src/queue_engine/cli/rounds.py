"""The command `round`: tables and places → who is offered what, checked, with everything anybody needs to check it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.table import Table

from queue_engine.cli.console import FILE, LANG, progress_bar, refusing
from queue_engine.cli.tables import ordered, table_options
from queue_engine.errors import NotInQueueError, Place, Problem, QueueEngineError
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
    refuse_unsound,
    run,
    write_round,
)
from queue_engine.rounds.form_files import write_forms
from queue_engine.rounds.forms import Protocol
from queue_engine.rounds.lists import placed_rows
from queue_engine.rounds.others import Neighbour, others_queues, read_others
from queue_engine.rounds.places import read_together, tried_places
from queue_engine.rounds.refusals import Takes, why_not
from queue_engine.rounds.round_wording import refusal_for_officer, refusal_for_parent
from queue_engine.rules.check import load_rules
from queue_engine.wording import refusal_lines

T = TypeVar("T")


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
@click.option("--forms", type=click.Path(path_type=Path, file_okay=False), help="Write protocol, lists, ratings here.")
@click.option("--protocol", default="1", show_default=True, help="With --forms: the number of the protocol.")
@click.option("--why-not", metavar="APPLICATION", help="Write nothing; tell why its wishes did not come true.")
@LANG
@click.option("--for", "reader", type=click.Choice(["parent", "officer"]), default="parent", show_default=True)
def hold_round(
    *, out: Path | None, forms: Path | None, protocol: str, why_not: str | None, lang: str, reader: str, **given: Any
) -> None:
    """Hold an allocation round: application,programme,wish,pass,seat of everybody who gets a place.

    With --out the folder holds what was frozen, what came out, protocol and lists; `queue-engine verify` checks it.
    With --forms another one holds the commission's protocol, the lists to publish, reserve lists and ratings.
    """
    if why_not is not None and (out is not None or forms is not None):
        raise click.UsageError("--why-not writes no files; leave out --out and --forms")
    with refusing():
        if out is not None and out.exists() and any(out.iterdir()):
            remedy = "give a new folder, or an empty one"
            raise RoundError([Problem(Place(str(out)), "D016", "the folder is not empty", remedy)])
        queues, frozen = frozen_of(**given)
        with progress_bar() as report:
            report("matching", 0, len(frozen.applicants))
            outcome = run(frozen)
            report("matching", len(frozen.applicants), len(frozen.applicants))
        refuse_unsound(frozen, outcome)
        if why_not is not None:
            takes = Takes.of(queues, load_rules(given["rules_file"]), given["on"], dict(given["dates"]))
            told = _refused(frozen, outcome, queues, why_not, takes, lang, reader)
            click.echo("\n\n".join("\n".join(lines) for lines in told), nl=bool(told))
            return
        if forms is not None:
            write_forms(forms, Protocol(protocol, frozen.on), frozen, outcome, queues, lang)
        if out is not None:
            write_round(out, frozen, outcome, queues)
        elif forms is None:
            write_csv(placed_rows(frozen, outcome), sys.stdout)
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
        QueueEngineError: tables, places or bundles cannot be used; holds every problem of all of them.

    """
    on: date | None = given["on"]
    rows, problems = ((), []) if places is None else tried_places(places)
    bundles: Mapping[str, str] = {} if together is None else _tried(lambda: read_together(together), {}, problems)
    near: tuple[Neighbour, ...] = () if others is None else _tried(lambda: read_others(others), (), problems)
    try:
        queues = ordered(**given)
    except QueueEngineError as error:
        raise RoundError([*error.problems, *problems]) from None
    assert on is not None, "queues have a day"
    dates: Mapping[str, date] = dict(given["dates"])
    rule_set = load_rules(given["rules_file"])
    beside = _tried(lambda: others_queues(queues, near, rule_set, on, dates), None, problems) if near else None
    if places is None:
        rows = _places_of(queues)
    calling = Calling(name, date_to_day(on), rule_set, service)
    return queues, freeze(queues, rows, calling, bundles=bundles, others=beside, problems=problems)


def _tried(read: Callable[[], T], otherwise: T, problems: list[Problem]) -> T:
    """Return what is read; where it cannot be, note why, so that it is told with everything else."""
    try:
        return read()
    except QueueEngineError as error:
        problems += error.problems
        return otherwise


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


def _refused(  # noqa: PLR0917 - the round, and who asks
    frozen: Frozen, outcome: Outcome, queues: Queues, application: str, takes: Takes, lang: str, reader: str
) -> list[list[str]]:
    """Return what is told of each wish that did not come true; nothing for whoever got the dearest one.

    Raises:
        NotInQueueError: nobody knows the application.

    """
    if application not in queues.entries.tables.applications.row_of:
        raise NotInQueueError(f"there is no application '{application}'")
    told = refusal_for_officer if reader == "officer" else refusal_for_parent
    found = [told(each, queues, lang) for each in why_not(frozen, outcome, queues, application, takes)]
    return found + [refusal_lines(each, queues, lang) for each in queues.not_in_queue(application)]


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
