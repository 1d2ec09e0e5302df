"""Journals and rules from files, and the account of a place along a journal, for the commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import attrs

from queue_engine.change_wording import change_for_officer, change_for_parent
from queue_engine.changes import PositionChange
from queue_engine.document_wording import document_line
from queue_engine.errors import NotInQueueError, RuleError, errors_of
from queue_engine.events import Event
from queue_engine.explanation import SMALLEST_SHARED
from queue_engine.journal import Journal, read_journal
from queue_engine.ledger import account, entry_at, labels_shared, place_with_document
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
        events: Mapping[int, Event] = dict(enumerate(self.journal, start=1))
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


def followed(
    file: Path,
    rules: Sequence[Path],
    service: str,
    since: int | datetime | None,
    until: int | datetime | None,
) -> Followed:
    """Return the journal of a file and its queues, kept up to the end of a period.

    Raises:
        JournalError: the journal cannot be read.
        RuleError: the rules have problems.

    """
    journal = read_journal(file)
    last = entry_at(journal, until)
    live = LiveTown.of(journal, known_rules(rules), service, until=last)
    return Followed(journal, live, 0 if since is None else entry_at(journal, since), last)
