"""The command line: check | order | explain | test-rules | show | example.

Exit status 0 = done, 1 = problems were found (all of them are printed), 2 = the command was used wrongly.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from errno import EPIPE
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from queue_engine.cases.report import CaseReport, check_cases
from queue_engine.catalogue import LANGUAGES
from queue_engine.entries import read_takes
from queue_engine.errors import NotInQueueError, Place, Problem, QueueEngineError, TableError, errors_of
from queue_engine.example import write_example
from queue_engine.explanation import SMALLEST_SHARED, standing
from queue_engine.facts import ValueProblem, Vocabulary, date_to_day, day_to_date, parse_date
from queue_engine.ordering import order as order_queues
from queue_engine.queue import Queues
from queue_engine.reports import queue_rows, refusal_rows, write_csv
from queue_engine.rules.check import check_library, load_rules, unchecked_bases
from queue_engine.rules.loading import RuleLibrary, read_library
from queue_engine.rules.readback import page
from queue_engine.tables.reading import read_csv, read_tables
from queue_engine.wording import refusal_lines, standing_for_officer, standing_for_parent

PROBLEMS_FOUND = 1
_SLOW_ROWS = 50_000


class _Day(click.ParamType[date]):
    """A day YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ANN401
        """Return the date, or fail with what was expected."""
        if isinstance(value, date):
            return value
        try:
            return day_to_date(parse_date(str(value)))
        except ValueProblem as problem:
            self.fail(f"'{value}' is not {problem.expected}; {problem.remedy}", param, ctx)


class _NamedDay(click.ParamType[tuple[str, date]]):
    """NAME=YYYY-MM-DD."""

    name = "NAME=YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, date]:  # noqa: ANN401
        """Return the name and the date, or fail with what was expected."""
        if isinstance(value, tuple):
            return value
        name, equals, day = str(value).partition("=")
        if not equals or not name.strip():
            self.fail(f"'{value}' is not NAME=YYYY-MM-DD; write it like study_start=2026-09-01", param, ctx)
        return name.strip(), _Day().convert(day.strip(), param, ctx)


_PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
_LANG = click.option(
    "--lang", type=click.Choice(LANGUAGES), default="ru", show_default=True, help="Language of the text."
)
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


def _table_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that `order` and `explain` share."""
    options = [
        click.option("--rules", "rules_file", type=_FILE, required=True, help="The rule file."),
        click.option("--entries", type=_FILE, required=True, help="CSV, one row a wish."),
        click.option("--applications", type=_FILE, help="CSV, one row an application."),
        click.option("--documents", type=_FILE, help="CSV, one row a document."),
        click.option("--programmes", type=_FILE, help="CSV, one row a programme."),
        click.option("--on", type=_Day(), required=True, help="The day the queue is computed for."),
        click.option(
            "--date", "dates", type=_NamedDay(), multiple=True, help="The day of a named date; may be repeated."
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Order enrolment queues by declared rules, and explain every place."""
    if isinstance(sys.stdout, TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(
            encoding="utf-8", newline="\n"
        )  # a redirected output is a file: the same bytes everywhere


@main.command()
@_PATHS
@click.option("--json", "as_json", is_flag=True, help="Print the problems as a JSON list.")
@click.option("--bases", is_flag=True, help="List the legal bases nobody has compared with the official text yet.")
def check(paths: tuple[Path, ...], as_json: bool, bases: bool) -> None:  # noqa: FBT001
    """Report every problem of rule files and folders."""
    with _refusing():
        _check(paths, as_json=as_json, bases=bases)


def _check(paths: tuple[Path, ...], *, as_json: bool, bases: bool) -> None:
    library = read_library(paths)
    problems = check_library(library)
    unread = [
        {"rules": name, "address": address, "basis": str(basis), "file": basis.place.file, "line": basis.place.line}
        for name, address, basis in (unchecked_bases(library.rule_sets.values()) if bases else ())
    ]
    if as_json:
        found: Any = [problem.as_json() for problem in problems]
        click.echo(json.dumps({"problems": found, "bases": unread} if bases else found, ensure_ascii=False, indent=1))
    else:
        _print_problems(problems)
        for row in unread:
            click.echo(f"{row['file']}:{row['line']}: {row['rules']} {row['address']}: {row['basis']}: not checked")
        if bases:
            click.echo(f"{len(unread)} legal bases nobody has compared with the official text")
        click.echo(_count(library, problems))
    _exit_with(problems)


@main.command("test-rules")
@_PATHS
def test_rules(paths: tuple[Path, ...]) -> None:
    """Run the tests that stand beside rules, with coverage and mutation."""
    library = read_library(paths)
    problems = check_library(library)
    if not errors_of(problems):
        report = check_cases(library)
        problems = sorted({*problems, *report.problems})
        _print_problems(problems)
        click.echo(_tried(report))
    else:
        _print_problems(problems)
    _exit_with(problems)


@main.command()
@_table_options
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
    with _refusing():
        queues = _ordered(**given)
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


@main.command()
@_table_options
@click.option("--application", required=True, help="Its id, as the tables name it.")
@click.option("--queue", help="A programme, or 'general'; all of the application's queues otherwise.")
@_LANG
@click.option("--for", "reader", type=click.Choice(["parent", "officer"]), default="parent", show_default=True)
@click.option(
    "--smallest",
    type=click.IntRange(1),
    default=SMALLEST_SHARED,
    show_default=True,
    help="K: fewer than this are never told apart.",
)
def explain(application: str, queue: str | None, lang: str, reader: str, smallest: int, **given: Any) -> None:
    """Tell an application's place, and the rules that decide it."""
    with _refusing():
        queues = _ordered(**given)
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
        told += [refusal_lines(refusal, queues, lang) for refusal in refusals]
        click.echo("\n\n".join("\n".join(lines) for lines in told))


@main.command()
@click.argument("file", type=_FILE)
@click.option("--on", type=_Day(), required=True, help="The day.")
@_LANG
def show(file: Path, on: date, lang: str) -> None:
    """Read the rules in force on a day back in words: the page an officer signs."""
    with _refusing():
        click.echo("\n".join(page(load_rules(file), date_to_day(on), lang)))


@main.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder to write.")
@click.option("--applications", type=click.IntRange(20, 1_000_000), default=2000, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
def example(out: Path, applications: int, seed: int) -> None:
    """Make an example municipality: kindergartens, schools, camps, colleges."""
    with _refusing(), _progress() as report:
        write_example(out, applications=applications, seed=seed, progress=report)
    click.echo(f"{out}: read {out / 'README.md'} for what to do with it")


def _ordered(  # noqa: PLR0917 - the shared options
    rules_file: Path,
    entries: Path,
    applications: Path | None,
    documents: Path | None,
    programmes: Path | None,
    on: date,
    dates: tuple[tuple[str, date], ...],
) -> Queues:
    repeated = next((name for name, day in dates if dict(dates)[name] != day), "")
    if repeated:
        raise click.UsageError(f"--date gives '{repeated}' two different days")
    rules = load_rules(rules_file)
    with _progress() as report:
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


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn the engine's refusals into printed problems and exit status 1."""
    try:
        yield
    except QueueEngineError as error:
        _print_problems(list(error.problems), err=True)  # standard output may be a file of queues
        sys.exit(PROBLEMS_FOUND)
    except NotInQueueError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(PROBLEMS_FOUND)
    except OSError as error:
        if error.errno == EPIPE:
            raise  # whoever reads has seen enough; click ends quietly
        click.echo(f"error: {error.filename or 'the output'}: {error.strerror}", err=True)
        sys.exit(PROBLEMS_FOUND)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """Yield a report(what, done, total; 0 = not known) that draws a bar when a person watches and the work is long."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks: dict[str, Any] = {}

        def report(what: str, done: int, total: int) -> None:
            if max(done, total) < _SLOW_ROWS:
                return
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total or None)
            bar.update(tasks[what], completed=done)

        yield report


def _print_problems(problems: list[Problem], *, err: bool = False) -> None:
    for problem in problems:
        click.echo(problem.render(), err=err)


def _count(library: RuleLibrary, problems: list[Problem]) -> str:
    errors = len(errors_of(problems))
    files = len(library.sources)
    return (
        f"{files} files: {errors} errors, {len(problems) - errors} warnings"
        if problems
        else f"{files} files: no problems"
    )


def _tried(report: CaseReport) -> str:
    covered, conditions = report.covered
    noticed, mutants = report.noticed
    return (
        f"{report.cases} cases, {report.failed} failed; "
        f"{covered} of {conditions} conditions seen both to hold and to fail; "
        f"{noticed} of {mutants} changed rules noticed"
    )


def _exit_with(problems: list[Problem]) -> None:
    if errors_of(problems):
        sys.exit(PROBLEMS_FOUND)


if __name__ == "__main__":
    main()
