"""What is provisional in a journal: kept as a whole, or gone as if it had never been."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.queue_engine.test_journal import AT, DAY, EVENTS, content, journal_of, same

from queue_engine.canonical import JournalError
from queue_engine.events import DayAdvanced, Event, Withdrawn
from queue_engine.journal import read_journal


def test_what_is_provisional_is_taken_back_as_a_whole() -> None:
    """Entries added one after the other are gone, their keys and effects too; what was there before stays."""

    def fail(*events: Event) -> None:
        with journal.provisional():
            for event in events:
                journal.append(event)
            raise OSError("not written")

    journal = journal_of(*EVENTS[:2])
    before = content(journal)
    with pytest.raises(OSError, match="not written"):
        fail(*EVENTS[2:], DayAdvanced(DAY + 1, at=AT["at"] + 90_000_000, actor="system"))
    assert content(journal) == before
    assert (journal.life.day, journal.life.standings, journal.life.numbers) == (DAY, {}, {})
    assert journal.append_many(EVENTS[2:]) == [3, 4, 5, 6]
    assert same(journal, journal_of(*EVENTS))


def test_a_refusal_takes_back_no_more_than_its_own(tmp_path: Path) -> None:
    """Inside what is provisional, events that cannot follow leave those added before them, which may still be kept."""
    journal = journal_of(*EVENTS[:2])
    with journal.provisional():
        journal.append_many(EVENTS[2:4])
        with pytest.raises(JournalError, match="J041"):
            journal.append_many([EVENTS[4], Withdrawn("13", **AT)])
        journal.append_many(EVENTS[4:])
    assert same(journal, journal_of(*EVENTS))
    journal.write(tmp_path / "journal.txt")
    assert same(read_journal(tmp_path / "journal.txt"), journal)
