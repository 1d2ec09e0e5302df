"""Every rule set a journal may name, by its digest: those of the folder, and those kept in the database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

import attrs
from sqlalchemy import select

from queue_engine import RuleSet
from queue_engine.followed import known_rules
from service.db import Database
from service.models.rounds import RuleFile

_ID = re.compile(r"^id:[ \t]*([A-Za-z0-9][A-Za-z0-9_-]*(?:/[A-Za-z0-9][A-Za-z0-9_-]*)*)[ \t]*(?:#.*)?$", re.MULTILINE)
_NAMELESS = "region-74/uploaded"


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
        with self.database.asking() as session:
            text = session.scalar(select(RuleFile.text).where(RuleFile.digest == digest))
        if text is not None:
            with self._lock:
                self._known |= rules_of_text(self.folder, text)


def rules_of_text(folder: Path, text: str) -> dict[str, RuleSet]:
    """Return the rule set of the text of a file, by digest, as if it stood in the folder.

    Raises:
        RuleError: it has problems.

    """
    with placed(folder, text) as path:
        return known_rules([path])


@contextmanager
def placed(folder: Path, text: str) -> Iterator[Path]:
    """Give the path of a rule file put among those it may extend, for as long as it is read.

    It stands where its id says; a file of the folder with the same id is the one it would replace.
    """
    match = _ID.search(text)
    name = match[1] if match else _NAMELESS
    with TemporaryDirectory() as made:
        root = Path(made)
        for path in sorted(folder.rglob("*.yaml")):
            if not path.name.endswith(".test.yaml"):
                copy = root / path.relative_to(folder)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
        own = root / f"{name}.yaml"
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(text, encoding="utf-8")
        yield own
