"""Journals and rules from files, for the commands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from queue_engine.followed import Followed, known_rules
from queue_engine.journal import read_journal
from queue_engine.ledger import entry_at
from queue_engine.live_town import LiveTown


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
