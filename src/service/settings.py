"""What the service is started with: environment variables -> frozen settings, every mistake at once."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

PREFIX = "QUEUE_SERVICE_"


class SettingsError(ValueError):
    """Environment variables that cannot be used; the message names every one of them and the remedy."""


@attrs.frozen
class Settings:
    """What the service is started with.

    Args:
        database: the SQLite file, made with an example municipality when it is not there; or the address of a
            PostgreSQL, postgresql+psycopg://user@host/database.
        applications: how many applications the example municipality has.
        seed: what the example municipality is drawn from.
        host: the address to listen at.
        port: the port to listen at; 0 = any free one.
        rules: the folder with facts.yaml and the rule files.
        address: how people reach it, with https:// in front of a proxy that encrypts; "" = as it listens. Cookies
            then are for encrypted connections only.
        secret: the file with the secret of this installation; made when it is not there. It stays outside the
            database, and its copies are kept apart from those of the database.

    """

    database: Path | str = Path("var/example.sqlite")
    applications: int = 2_000
    seed: int = 1
    host: str = "127.0.0.1"
    port: int = 8_000
    rules: Path = Path("rules")
    address: str = ""
    secret: Path = Path("var/secret.key")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Return the settings that variables named QUEUE_SERVICE_… give; the others keep their defaults.

        Raises:
            SettingsError: a variable is not known, or its value cannot be used.

        >>> Settings.from_environment({"QUEUE_SERVICE_PORT": "9000", "HOME": "/"}).port
        9000

        """
        known = [field.name for field in attrs.fields(cls)]
        problems: list[str] = []
        given: dict[str, Any] = {}
        for variable, text in sorted(environment.items()):
            if not variable.startswith(PREFIX):
                continue
            name = variable.removeprefix(PREFIX).lower()
            if name not in known:
                problems.append(_unknown(variable, known))
            elif name in _RANGES:
                _read_number(variable, text, _RANGES[name], given, problems)
            elif not text.strip():
                problems.append(f"{variable} is empty; give a value or unset it")
            else:
                is_text = name in _TEXTS or (name == "database" and "://" in text)
                given[name] = text.strip() if is_text else Path(text.strip())
        if problems:
            raise SettingsError("\n".join(problems))
        return cls(**given)


_TEXTS = ("host", "address")
_RANGES = {"applications": (100, 1_000_000), "seed": (0, 2**63 - 1), "port": (0, 65_535)}


def _read_number(variable: str, text: str, bounds: tuple[int, int], given: dict[str, Any], problems: list[str]) -> None:
    least, most = bounds
    digits = text.strip()
    if digits.isascii() and digits.isdigit() and len(digits) < 20 and least <= int(digits) <= most:  # noqa: PLR2004 - what 63 bits may need
        given[variable.removeprefix(PREFIX).lower()] = int(digits)
    else:
        problems.append(f'{variable}: "{text}" is not a whole number from {least} to {most}; write it like {least}')


def _unknown(variable: str, known: list[str]) -> str:
    near = difflib.get_close_matches(variable.removeprefix(PREFIX).lower(), known, 1)
    variables = [PREFIX + name.upper() for name in near or known]
    remedy = f"did you mean {variables[0]}?" if near else f"the variables are {', '.join(variables)}"
    return f"{variable} is not a variable of this service; {remedy}"
