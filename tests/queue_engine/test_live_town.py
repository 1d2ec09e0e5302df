"""Queues that begin at an entry: what they ask for, and what they leave out."""

from __future__ import annotations

from typing import Any

import pytest

from queue_engine.canonical import JournalError
from queue_engine.events import DayAdvanced, Event, Filed, ProgrammeOpened, Reviewed, RulesPublished, Wish, Withdrawn
from queue_engine.facts import Fact, FactType, Title, Vocabulary
from queue_engine.journal import Journal
from queue_engine.ledger import account
from queue_engine.live_town import LiveTown
from queue_engine.rule_documents import rules_digest
from queue_engine.rules.model import RuleSet, Step, StepKind

TITLE, NUMBER, DAY = Title("номер", "number"), "application.number", 20_697
TOLD: dict[str, Any] = {"at": DAY * 86_400_000, "actor": "officer"}
RULES = RuleSet(
    "r",
    "region",
    TITLE,
    Vocabulary({NUMBER: Fact(NUMBER, FactType.NUMBER, TITLE, unique=True)}, {}, {}),
    order=(Step("number", TITLE, StepKind.LOWEST, fact=NUMBER),),
)
GIVEN = {rules_digest(RULES): RULES}
PUBLISHED = RulesPublished(rules_digest(RULES), **TOLD)
UNKNOWN = RulesPublished("0" * 64, **TOLD)


def journal(*events: Event) -> Journal:
    """Return a journal of a day on which a programme was opened, and of what followed."""
    made = Journal("75701000")
    made.append_many([DayAdvanced(DAY, **TOLD), ProgrammeOpened("p", "north", **TOLD), *events])
    return made


def registered(number: int, programme: str = "p", service: str = "") -> tuple[Event, Event]:
    """Return an application that was filed and registered."""
    name = str(number)
    filed = Filed(name, number, 0, {}, [Wish(programme)], service, **TOLD)
    return filed, Reviewed(name, "registered", **TOLD)


def test_queues_are_there_before_the_rules() -> None:
    """A programme that was opened has a queue, with nobody in it, until rules are published."""
    told = journal(*registered(1))
    live, whole = LiveTown.at(told, GIVEN), LiveTown.of(told, GIVEN)
    assert set(live.names()) == set(whole.names()) == {"general", "p"}
    assert (live.rules, live.size_of("p"), live.line("p")) == (None, 0, ())
    live.follow(PUBLISHED, live.entry + 1)
    assert live.line("p") == ("1",)


def test_a_service_keeps_its_own_queues() -> None:
    """Applications to another service of the municipality stand in none of them."""
    camp = ProgrammeOpened("c", "north", service="camp", **TOLD)
    told = journal(PUBLISHED, camp, *registered(1), *registered(2, "c", "camp"))
    assert LiveTown.at(told, GIVEN).line("general") == LiveTown.of(told, GIVEN).line("general") == ("1",)
    assert LiveTown.at(told, GIVEN, "camp").names() == ("general", "c")


def test_rules_that_were_replaced_are_asked_for_by_histories_only() -> None:
    """Places need the rules in force; how they came about needs those before them too."""
    told = journal(UNKNOWN, *registered(1), PUBLISHED)
    live = LiveTown.at(told, GIVEN)
    assert live.position_of("1", "p") == 1
    for _ in range(2):
        with pytest.raises(JournalError, match=r"J064.*are not given"):
            account(live, told, "1", "p")
    assert live.position_of("1", "p") == 1


def test_rules_in_force_that_are_not_given_are_asked_for() -> None:
    """No place is told by rules that nobody can read."""
    with pytest.raises(JournalError, match=r"J064.*are not given"):
        LiveTown.at(journal(PUBLISHED, UNKNOWN), GIVEN)


def test_histories_are_followed_to_the_entry_they_are_asked_at() -> None:
    """What came after the beginning is told with what came before it, each time it is asked."""
    told = journal(PUBLISHED, *registered(1), *registered(2))
    live = LiveTown.at(told, GIVEN)
    assert account(live, told, "2", "p").after == 2
    told.append(gone := Withdrawn("1", at=TOLD["at"], actor="parent"))
    live.follow(gone, live.entry + 1)
    change = account(live, told, "2", "p")
    assert (change.after, change.by_kind()) == (1, {"left": -1, "own": 2})
    assert live.with_records() is live.with_records()
    assert live.with_records().with_records() is live.with_records()
