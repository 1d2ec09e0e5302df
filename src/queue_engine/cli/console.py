"""What the commands share: kinds of arguments, printed problems, exit status, progress."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta, timezone
from errno import EPIPE
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from queue_engine.catalogue import LANGUAGES
from queue_engine.errors import NotInQueueError, Problem, QueueEngineError, errors_of
from queue_engine.facts import ValueProblem, day_to_date, parse_date

PROBLEMS_FOUND = 1
_HERE = timezone(timedelta(hours=5))
_SLOW_ROWS = 50_000


class Day(click.ParamType[date]):
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


class NamedDay(click.ParamType[tuple[str, date]]):
    """NAME=YYYY-MM-DD."""

    name = "NAME=YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, date]:  # noqa: ANN401
        """Return the name and the date, or fail with what was expected."""
        if isinstance(value, tuple):
            return value
        name, equals, day = str(value).partition("=")
        if not equals or not name.strip():
            self.fail(f"'{value}' is not NAME=YYYY-MM-DD; write it like study_start=2026-09-01", param, ctx)
        return name.strip(), Day().convert(day.strip(), param, ctx)


class Moment(click.ParamType[int | datetime]):
    """An entry of a journal, a time with its offset, or a day: its end, five hours east of UTC."""

    name = "ENTRY|TIME|DAY"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | datetime:  # noqa: ANN401
        """Return the entry or the instant, or fail with what was expected."""
        if isinstance(value, int | datetime):
            return value
        text = str(value)
        if text.isdigit():
            return int(text)
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            self.fail(
                f"'{value}' is no entry, time or day; write 120, 2026-09-01T09:00:00+05:00 or 2026-09-01", param, ctx
            )
        if len(text) == len("2026-09-01"):
            return datetime.combine(moment.date(), time.max, _HERE)
        if moment.tzinfo is None:
            self.fail(f"'{value}' has no offset; write it like 2026-09-01T09:00:00+05:00", param, ctx)
        return moment


PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
LANG = click.option(
    "--lang", type=click.Choice(LANGUAGES), default="ru", show_default=True, help="Language of the text."
)
PATH = click.Path(path_type=Path, exists=True)
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@contextmanager
def refusing() -> Iterator[None]:
    """Turn the engine's refusals into printed problems and exit status 1."""
    try:
        yield
    except QueueEngineError as error:
        print_problems(list(error.problems), err=True)  # standard output may be a file of queues
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
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
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


def print_problems(problems: list[Problem], *, err: bool = False) -> None:
    """Print problems, one a line."""
    for problem in problems:
        click.echo(problem.render(), err=err)


def exit_with(problems: list[Problem]) -> None:
    """Leave with status 1 if some problem is an error."""
    if errors_of(problems):
        sys.exit(PROBLEMS_FOUND)
