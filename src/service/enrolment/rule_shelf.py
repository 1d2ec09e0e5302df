"""Every rule set a journal may name, by its digest: those of the folder, and those kept in the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

import attrs
from sqlalchemy import select

from queue_engine import RuleSet
from queue_engine.followed import known_rules
from service.db import Database
from service.models.rounds import RuleFile

PUBLISHED = "published"
LOCAL = "region-74"
"""The folder beside whose files an uploaded file is read, so that it may extend them."""


@attrs.define(eq=False)
class RuleShelf(Mapping[str, RuleSet]):
    """The rule sets by digest; one that is not known is looked for in the database.

    Args:
        folder: the folder with facts.yaml and the rule files.
        database: where rule files are kept.

    """

    folder: Path
    database: Database
    _known: dict[str, RuleSet] = attrs.field(init=False)
    _lock: Lock = attrs.field(factory=Lock, init=False)

    def __attrs_post_init__(self) -> None:
        """Read the folder.

        Raises:
            RuleError: some of its files have problems.

        """
        self._known = known_rules([self.folder])

    def __getitem__(self, digest: str) -> RuleSet:
        if digest not in self._known:
            self._look_for(digest)
        return self._known[digest]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def _look_for(self, digest: str) -> None:
        wanted = select(RuleFile.municipality, RuleFile.text).where(RuleFile.digest == digest)
        with self.database.asking() as session:
            found = session.execute(wanted).first()
        if found is not None:
            with self._lock:
                self._known |= rules_of_text(self.folder, found.municipality, found.text)


def rules_of_text(folder: Path, municipality: str, text: str) -> dict[str, RuleSet]:
    """Return the rule sets of the text of a file, by digest, as if it stood in the folder of its municipality.

    Raises:
        RuleError: it has problems.

    """
    with placed(folder, municipality, text) as path:
        return known_rules([path])


class placed:  # noqa: N801 - read as a verb: with placed(…) as path
    """A rule file put among those it may extend, for as long as it is read."""

    def __init__(self, folder: Path, municipality: str, text: str, name: str = "uploaded") -> None:
        """Keep what to write, and where."""
        self._folder, self._place, self._text, self._name = folder, municipality, text, name
        self._made = TemporaryDirectory()

    def __enter__(self) -> Path:
        """Return the path of the file."""
        root = Path(self._made.name)
        for path in sorted(self._folder.rglob("*.yaml")):
            if not path.name.endswith(".test.yaml"):
                copy = root / path.relative_to(self._folder)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
        own = root / LOCAL / self._place / f"{self._name}.yaml"
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(self._text, encoding="utf-8")
        return own

    def __exit__(self, *_: object) -> None:
        """Remove it."""
        self._made.cleanup()
