"""The command line: serve | migrate | seed | import | export | verify. Settings come from environment variables."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import uvicorn
from sqlalchemy.exc import DBAPIError

from service.app import create_app
from service.db import Database, DatabaseAddressError, open_database
from service.enrolment.archive import ArchiveError, export_journal, import_journal, municipalities, verify_journal
from service.enrolment.seeding import demo_accounts, make_example
from service.enrolment.writing import Ledger, Towns
from service.migrating import MigrationError, migrate, require_current
from service.problems import QueueEngineError, RequestError
from service.security.keys import SecretError
from service.settings import Settings, SettingsError

_MUNICIPALITY = click.option("--municipality", help="Its number (oktmo); the only one there is, if not given.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Serve the queues of a municipality over HTTP.

    \b
    QUEUE_SERVICE_DATABASE      an SQLite file        (var/example.sqlite)
                                or a PostgreSQL       postgresql+psycopg://user@host/database
    QUEUE_SERVICE_RULES         the rules folder      (rules)
    QUEUE_SERVICE_HOST          where to listen       (127.0.0.1)
    QUEUE_SERVICE_PORT          the port              (8000; 0 = any free one)
    QUEUE_SERVICE_ADDRESS       how people reach it   (as it listens); https://… makes cookies for https only
    QUEUE_SERVICE_SECRET        the file of its key   (var/secret.key)
    QUEUE_SERVICE_APPLICATIONS  size of the example   (2000)
    QUEUE_SERVICE_SEED          which example         (1)
    """  # noqa: D301 - click reads the backslash


@main.command()
def serve() -> None:
    """Start the service; without a database file, make an example municipality first."""
    with _refusing():
        settings = Settings.from_environment(os.environ)
        listening = _listen(settings)
        with listening:
            if isinstance(settings.database, Path) and not settings.database.exists():
                _seed(settings)
            app = create_app(settings, with_days=True)
            listening.listen()  # so that nobody who reads the next line is turned away
            host, port = listening.getsockname()[:2]
            click.echo(f"serving http://{host}:{port}/ and http://{host}:{port}/schema; Ctrl-C ends it")
            for line in demo_accounts(settings.database):
                click.echo(line)
            server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, server_header=False))
            server.run(sockets=[listening])


@main.command("migrate")
def migrate_database() -> None:
    """Bring the database to the tables of this version; all at once, or not at all."""
    with _refusing(), _opened(current=False) as database:
        migrate(database)
        click.echo("the database is of this version")


@main.command()
def seed() -> None:
    """Make a database with an example municipality and a year of what happened there."""
    with _refusing():
        _seed(Settings.from_environment(os.environ))


@main.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def import_file(file: Path) -> None:
    """Write the entries of the journal FILE that are not in the database yet."""
    with _refusing(), _opened() as database:
        ledger = Ledger(Towns(database))
        try:
            municipality, count = import_journal(ledger, file)
        finally:
            ledger.close()
        click.echo(f"{municipality}: {count} entries written")


@main.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_MUNICIPALITY
def export_file(file: Path, municipality: str | None) -> None:
    """Write a journal to FILE, as `queue-engine` reads it."""
    with _refusing(), _opened() as database:
        chosen = municipality or _the_only_one(database)
        click.echo(f"{file}: {export_journal(database, chosen, file)} entries of {chosen}")


@main.command()
@_MUNICIPALITY
def verify(municipality: str | None) -> None:
    """Check journals from their first entries on, and that what is kept beside them follows from them."""
    with _refusing(), _opened() as database:
        with database.reading() as session:
            chosen = [municipality] if municipality else municipalities(session)
        results = [verify_journal(database, each) for each in chosen]
    for result in results:
        for finding in result.findings:
            click.echo(f"{result.municipality}: {finding}")
        told = f"{len(result.findings)} findings" if result.findings else f"no findings, hash {result.head}"
        click.echo(f"{result.municipality}: {result.entries} entries, {told}")
    if any(result.findings for result in results):
        sys.exit(1)


def _seed(settings: Settings) -> None:
    make_example(
        settings.database,
        settings.rules,
        applications=settings.applications,
        seed=settings.seed,
        progress=click.echo,
    )
    made = settings.database if isinstance(settings.database, Path) else "the example"
    click.echo(f"made {made}")


@contextmanager
def _opened(*, current: bool = True) -> Iterator[Database]:
    """Give the database of the settings; a file that is not there is not made by asking for it.

    Raises:
        MigrationError: it is not of this version.
        FileNotFoundError: there is no such file.

    """
    settings = Settings.from_environment(os.environ)
    if current and isinstance(settings.database, Path) and not settings.database.exists():
        message = f"there is no database {settings.database}; make one with: queue-service seed, or migrate"
        raise FileNotFoundError(message)
    database = open_database(settings.database)
    try:
        if current:
            require_current(database)
        yield database
    finally:
        database.close()


def _the_only_one(database: Database) -> str:
    with database.reading() as session:
        found = municipalities(session)
    if len(found) != 1:
        message = f"there are journals of {', '.join(found) or 'nobody'}; name one with --municipality"
        raise ArchiveError(message)
    return found[0]


def _listen(settings: Settings) -> socket.socket:
    """Return a socket that listens, so that a taken port is told before anything else is done."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        why = error.strerror or str(error)
        message = f"cannot listen at {settings.host} port {settings.port}: {why}; set QUEUE_SERVICE_PORT to another one"
        raise click.ClickException(message) from error
    return listening


_MENDABLE = (
    ArchiveError,
    DatabaseAddressError,
    MigrationError,
    OSError,
    QueueEngineError,
    RequestError,
    SecretError,
    SettingsError,
)


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn what the user can mend into a message without a traceback."""
    try:
        yield
    except _MENDABLE as error:
        raise click.ClickException(str(error)) from error
    except DBAPIError as error:
        message = f"the database does not answer as it should: {error.orig}"
        raise click.ClickException(message) from error


if __name__ == "__main__":
    main()
