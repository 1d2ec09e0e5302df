"""A sorted set in a Redis server of its own, spoken to over a unix socket: by its Python client, and without one."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import attrs

SERVER = shutil.which("redis-server")
"""The program; None = it is not installed."""
_LINE = b"line"
_BATCH = 10_000
_ASKED_MOST = 500
_BETWEEN_SECONDS = 0.02


class Client(Protocol):
    """Who changes a sorted set of names by scores."""

    def put(self, name: str, score: int) -> int:
        """Add a name, or give it another score, and return its place counted from 0."""

    def leave(self, name: str) -> int:
        """Take a name out, and return the place it had, counted from 0."""


@attrs.frozen(eq=False)
class ByItself:
    """Nothing between a program and the server; both commands of an event go in one round trip.

    Args:
        connection: to the server.
        replies: what it answers.

    """

    connection: socket.socket
    replies: BinaryIO

    def load(self, scores: Sequence[tuple[str, int]]) -> None:
        """Add names with their scores, many at a time."""
        for first in range(0, len(scores), _BATCH):
            batch = scores[first : first + _BATCH]
            words = [word for name, score in batch for word in (b"%d" % score, name.encode())]
            self.connection.sendall(_command(b"ZADD", _LINE, *words))
            added = self._number()
            assert added == len(batch), added

    def put(self, name: str, score: int) -> int:
        """Add a name, or give it another score, and return its place counted from 0."""
        member = name.encode()
        self.connection.sendall(_command(b"ZADD", _LINE, b"%d" % score, member) + _command(b"ZRANK", _LINE, member))
        self._number()
        return self._number()

    def leave(self, name: str) -> int:
        """Take a name out, and return the place it had, counted from 0."""
        member = name.encode()
        self.connection.sendall(_command(b"ZRANK", _LINE, member) + _command(b"ZREM", _LINE, member))
        rank = self._number()
        self._number()
        return rank

    def _number(self) -> int:
        reply = self.replies.readline()
        assert reply.startswith(b":"), reply
        return int(reply[1:])


@attrs.frozen(eq=False)
class ByClient:
    """The Python client of Redis, one call a command, as a program has them one after the other."""

    client: Any

    def put(self, name: str, score: int) -> int:
        """Add a name, or give it another score, and return its place counted from 0."""
        self.client.zadd(_LINE, {name: score})
        return int(self.client.zrank(_LINE, name))

    def leave(self, name: str) -> int:
        """Take a name out, and return the place it had, counted from 0."""
        rank = int(self.client.zrank(_LINE, name))
        self.client.zrem(_LINE, name)
        return rank


@contextmanager
def sorted_set(scores: Sequence[tuple[str, int]], *, by_client: bool) -> Iterator[Client]:
    """Start a server in a folder of its own, which writes nothing to disk, fill it, and end it afterwards.

    Raises:
        ImportError: the Python client is not installed.

    """
    redis = import_module("redis") if by_client else None
    assert SERVER is not None, "redis-server is not installed"
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "redis.sock")
        options = ["--port", "0", "--unixsocket", path, "--save", "", "--appendonly", "no", "--dir", folder]
        with subprocess.Popen([SERVER, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
            try:
                with _connected(path) as connection, connection.makefile("rb") as replies:
                    own = ByItself(connection, replies)
                    own.load(scores)
                    yield ByClient(redis.Redis(unix_socket_path=path)) if redis else own
            finally:
                server.terminate()


def _connected(path: str) -> socket.socket:
    """Return a connection to a server that has just been started.

    Raises:
        OSError: it does not answer in time.

    """
    asked = 0
    while True:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(path)
        except OSError:
            connection.close()
            asked += 1
            if asked == _ASKED_MOST:
                raise
            time.sleep(_BETWEEN_SECONDS)
        else:
            return connection


def _command(*words: bytes) -> bytes:
    r"""Return a command as the server reads it.

    >>> _command(b"ZRANK", b"line", b"12")
    b'*3\r\n$5\r\nZRANK\r\n$4\r\nline\r\n$2\r\n12\r\n'

    """
    return b"*%d\r\n" % len(words) + b"".join([b"$%d\r\n%b\r\n" % (len(word), word) for word in words])
