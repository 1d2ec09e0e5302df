"""The command explain: a place on a day from tables, or the changes of a place along a journal."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from queue_engine.cli.console import FILE, LANG, Moment, refusing
from queue_engine.cli.journal_files import followed
from queue_engine.cli.tables import ordered, table_options
from queue_engine.explanation import SMALLEST_SHARED, standing
from queue_engine.wording import refusal_lines, standing_for_officer, standing_for_parent


@click.command()
@table_options
@click.option("--journal", type=FILE, help="Tell the changes along this journal, instead of tables.")
@click.option("--since", type=Moment(), help="The last entry before the changes, or a time, or the end of a day.")
@click.option("--until", type=Moment(), help="The last entry of the changes, likewise; all otherwise.")
@click.option("--service", default="", help="Of which service, where the journal holds several.")
@click.option("--application", required=True, help="Its id, as the tables or the journal name it.")
@click.option("--queue", help="A programme, or 'general'; all of the application's queues otherwise.")
@LANG
@click.option("--for", "reader", type=click.Choice(["parent", "officer"]), default="parent", show_default=True)
@click.option(
    "--smallest",
    type=click.IntRange(1),
    default=SMALLEST_SHARED,
    show_default=True,
    help="K: fewer than this are never told apart.",
)
def explain(  # noqa: PLR0913, PLR0917 - the options of the command
    journal: Path | None,
    since: int | datetime | None,
    until: int | datetime | None,
    service: str,
    application: str,
    queue: str | None,
    lang: str,
    reader: str,
    smallest: int,
    **given: Any,
) -> None:
    """Tell an application's place and the rules that decide it, or with --journal every change of it."""
    if journal is None and (since is not None or until is not None):
        raise click.UsageError("--since and --until tell changes; give the --journal they are in.")
    if journal is not None and any(given[name] for name in given if name != "rules_file"):
        raise click.UsageError("With --journal there are no tables, days or dates: the journal holds them.")
    with refusing():
        if journal is None:
            told = _standings(application, queue, lang, reader, smallest, **given)
        else:
            period = followed(journal, [given["rules_file"]], service, since, until)
            accounts = period.changes(application, queue)
            told = [period.told(change, lang, reader, smallest) for change in accounts]
        click.echo("\n\n".join("\n".join(lines) for lines in told))


def _standings(
    application: str, queue: str | None, lang: str, reader: str, smallest: int, **given: Any
) -> list[list[str]]:
    queues = ordered(**given)
    one = queues.why_not(application, queue) if queue else None
    refusals = [one] if one else [] if queue else queues.not_in_queue(application)
    found = [] if one else [queues[queue]] if queue else queues.of_application(application)
    told = []
    for each in found:
        if queue and any(refusal.queue == queue for refusal in refusals):
            continue
        place = standing(each, application)
        told.append(
            standing_for_officer(place, lang) if reader == "officer" else standing_for_parent(place, lang, smallest)
        )
    return told + [refusal_lines(refusal, queues, lang) for refusal in refusals]
