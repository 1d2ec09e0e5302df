"""The secret of an installation, kept outside its database, and the keys that are made from it."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

_BYTES = 32


class SecretError(ValueError):
    """The file of the secret cannot be used; the message says what to do and holds nothing of it."""


def read_secret(path: Path) -> bytes:
    """Return the secret of an installation; it is made when there is none yet, for its owner's eyes only.

    Raises:
        SecretError: there is another thing in the file.

    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_BYTES))
            file.flush()
            os.fsync(file.fileno())
    try:
        found = bytes.fromhex(path.read_text("ascii").strip())
    except ValueError:
        found = b""
    if len(found) != _BYTES:
        message = f"{path} does not hold {2 * _BYTES} hexadecimal digits; restore it from a copy: another secret would "
        raise SecretError(message + "no longer know the children of this database again")
    return found


def key_for(secret: bytes, purpose: str) -> bytes:
    """Return the key for one purpose; whoever has it learns nothing of the others.

    >>> key_for(b"secret", "child") != key_for(b"secret", "forged requests")
    True

    """
    return hmac.new(secret, purpose.encode(), hashlib.sha256).digest()


def reference(secret: bytes, purpose: str, text: str) -> str:
    """Return a keyed hash by which a text is known again without being kept.

    >>> len(reference(b"secret", "child", "112-233-445 95"))
    64

    """
    return hmac.new(key_for(secret, purpose), text.encode(), hashlib.sha256).hexdigest()
