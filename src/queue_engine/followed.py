"""A journal and the queues kept up with it: every account of a place in a period, and what is told of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import attrs

from queue_engine.change_wording import change_for_officer, change_for_parent
from queue_engine.changes import PositionChange
from queue_engine.document_wording import document_line
from queue_engine.errors import NotInQueueError, RuleError, errors_of
from queue_engine.events import Event
from queue_engine.explanation import SMALLEST_SHARED
from queue_engine.journal import Journal
from queue_engine.ledger import account, labels_shared, place_with_document
from queue_engine.live_town import LiveTown
from queue_engine.rule_documents import rules_digest
from queue_engine.rules.check import check_library
from queue_engine.rules.loading import read_library
from queue_engine.rules.model import RuleSet

_LEFT_LATELY = 30 * 86_400_000


def known_rules(paths: Sequence[Path]) -> dict[str, RuleSet]:
    """Return the rule sets of files and folders by the digest of their documents.

    Raises:
        RuleError: some of them have problems.

    """
    library = read_library(paths)
    problems = errors_of(check_library(library))
    if problems:
        raise RuleError(problems)
    asked = (library.rule_sets[name] for name in library.asked)
    return {rules_digest(rules): rules for rules in asked}


@attrs.frozen(eq=False)
class _Entries(Mapping[int, Event]):
    """The events of a journal by entry, none of them copied."""

    journal: Journal

    def __getitem__(self, entry: int) -> Event:
        if not 1 <= entry <= len(self.journal):
            raise KeyError(entry)
        return self.journal.event(entry)

    def __iter__(self) -> Iterator[int]:
        return iter(range(1, len(self.journal) + 1))

    def __len__(self) -> int:
        return len(self.journal)


@attrs.frozen(eq=False)
class Followed:
    """A journal and the queues kept up with it to the end of a period.

    Args:
        journal: the journal.
        live: the queues at the end of the period.
        since: the last entry before the period.
        until: the last entry of the period.

    """

    journal: Journal
    live: LiveTown
    since: int
    until: int

    def changes(self, application: str, queue: str | None) -> list[PositionChange]:
        """Return the accounts of an application in one queue, or in all in which it ever stood.

        Raises:
            NotInQueueError: it was in none of them.

        """
        found = []
        for name in [queue] if queue else list(self.live.records):
            try:
                found.append(account(self.live, self.journal, application, name, self.since, self.until))
            except NotInQueueError:
                if queue:
                    raise
        if not found:
            message = f"application '{application}' was in no queue by entry {self.until}"
            raise NotInQueueError(message)
        return [change for change in found if change.before or change.parts] or found

    def told(self, change: PositionChange, lang: str, reader: str, smallest: int = SMALLEST_SHARED) -> list[str]:
        """Return what a family or an officer reads of an account."""
        rules = self.live.rules
        assert rules is not None, "whoever was in a queue was there by rules"
        events = _Entries(self.journal)
        if reader == "officer":
            lines = change_for_officer(change, rules, lang, events=events)
        else:
            left_since = self.journal.event(self.until).at - _LEFT_LATELY if self.until else 0
            shared = labels_shared(self.live, change.queue, left_since=left_since)
            lines = change_for_parent(change, rules, shared, lang, events=events, smallest=smallest)
        return [f"{change.queue}:", *lines, *self._if_documents(change, rules, lang)]

    def _if_documents(self, change: PositionChange, rules: RuleSet, lang: str) -> list[str]:
        """Return what the family's own documents would change, as things stand."""
        if not change.after:
            return []
        person = self.live.folding.application(change.application)
        today = self.live.folding.life.day or 0
        lines = []
        for paper in person.documents:
            if paper.state == "refuted" or (paper.last is not None and paper.last < today):
                continue
            confirmed = paper.state != "confirmed"
            now, then = place_with_document(self.live, change.application, change.queue, paper.id, confirmed=confirmed)
            title = rules.vocabulary.categories[paper.category].title
            lines.append(document_line(title, now, then, lang, confirmed=confirmed))
        return lines
