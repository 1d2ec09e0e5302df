"""The command line: serve | seed. Settings come from environment variables named QUEUE_SERVICE_…."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import click
import uvicorn

from service.app import create_app
from service.enrolment.seeding import make_example
from service.enrolment.store import StoreError
from service.problems import QueueEngineError
from service.settings import Settings, SettingsError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Serve the queues of a municipality over HTTP.

    \b
    QUEUE_SERVICE_DATABASE      the SQLite file       (var/example.sqlite)
    QUEUE_SERVICE_RULES         the rules folder      (rules)
    QUEUE_SERVICE_HOST          where to listen       (127.0.0.1)
    QUEUE_SERVICE_PORT          the port              (8000; 0 = any free one)
    QUEUE_SERVICE_APPLICATIONS  size of the example   (2000)
    QUEUE_SERVICE_SEED          which example         (1)
    """  # noqa: D301 - click reads the backslash


@main.command()
def serve() -> None:
    """Start the service; without a database, make an example municipality first."""
    with _refusing():
        settings = Settings.from_environment(os.environ)
        listening = _listen(settings)
        with listening:
            if not settings.database.exists():
                _seed(settings)
            app = create_app(settings)
            listening.listen()  # so that nobody who reads the next line is turned away
            host, port = listening.getsockname()[:2]
            click.echo(f"serving http://{host}:{port}/ and http://{host}:{port}/schema; Ctrl-C ends it")
            server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, server_header=False))
            server.run(sockets=[listening])


@main.command()
def seed() -> None:
    """Make a database with an example municipality."""
    with _refusing():
        _seed(Settings.from_environment(os.environ))


def _seed(settings: Settings) -> None:
    make_example(
        settings.database,
        settings.rules,
        applications=settings.applications,
        seed=settings.seed,
        progress=click.echo,
    )
    click.echo(f"made {settings.database}")


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


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn what the user can mend into a message without a traceback."""
    try:
        yield
    except (SettingsError, StoreError, QueueEngineError, OSError) as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
