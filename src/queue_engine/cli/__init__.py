"""The command line: rules, orders, journals, markets and rounds; `queue-engine --help` lists the commands.

Exit status 0 = done, 1 = problems were found (all of them are printed), 2 = the command was used wrongly.
"""

from __future__ import annotations

import sys
from io import TextIOWrapper
from pathlib import Path

import click

from queue_engine.cli.allocating import allocate
from queue_engine.cli.console import FILE, progress_bar, refusing
from queue_engine.cli.drawing import draw
from queue_engine.cli.explaining import explain
from queue_engine.cli.journal import journal, verify
from queue_engine.cli.rounds import hold_round
from queue_engine.cli.rules import check, show, test_rules
from queue_engine.cli.tables import order
from queue_engine.cli.whatif import whatif
from queue_engine.example import write_example
from queue_engine.example.year import town_year
from queue_engine.rules.check import load_rules


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Order enrolment queues by declared rules, and explain every place."""
    if isinstance(sys.stdout, TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(
            encoding="utf-8", newline="\n"
        )  # a redirected output is a file: the same bytes everywhere


@main.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder to write.")
@click.option("--applications", type=click.IntRange(20, 1_000_000), default=2000, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("--year", type=FILE, help="Write the journal of a year by these rules of kindergartens, not tables.")
def example(out: Path, applications: int, seed: int, year: Path | None) -> None:
    """Make an example municipality: kindergartens, schools, camps, colleges."""
    with refusing(), progress_bar() as report:
        if year is None:
            write_example(out, applications=applications, seed=seed, progress=report)
            click.echo(f"{out}: read {out / 'README.md'} for what to do with it")
            return
        out.mkdir(parents=True, exist_ok=True)
        journal_of_year = town_year(load_rules(year), applications=applications, seed=seed)
        journal_of_year.write(out / "journal.txt")
    click.echo(f"{out / 'journal.txt'}: {len(journal_of_year)} entries")


for command in (check, test_rules, show, order, explain, journal, verify, allocate, draw, hold_round, whatif):
    main.add_command(command)
