"""What parents of other towns complained of: each complaint is a history, explained to the last unit."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest

from queue_engine.change_wording import change_for_officer, change_for_parent
from queue_engine.changes import PositionChange
from queue_engine.events import (
    DataCorrected,
    DayAdvanced,
    Declined,
    DocumentAdded,
    DocumentConfirmed,
    Event,
    ExceptionGranted,
    Filed,
    Offered,
    ProgrammeOpened,
    Restored,
    Reviewed,
    RulesPublished,
    TerritoryActChanged,
    Wish,
)
from queue_engine.events.model import EntryValue
from queue_engine.facts import date_to_day
from queue_engine.journal import Journal
from queue_engine.ledger import account, labels_shared, place_with_document
from queue_engine.live_town import LiveTown
from queue_engine.ordering import order
from queue_engine.queue import GENERAL
from queue_engine.replay import replay
from queue_engine.rule_documents import rules_digest
from queue_engine.rules.loading import read_rules
from queue_engine.wording import refusal_lines

KINDERGARTEN = read_rules(Path(__file__).parents[1] / "rules" / "region-74" / "kindergarten.yaml")
DIGEST = rules_digest(KINDERGARTEN)
TODAY = date(2026, 4, 15)
DAY = date_to_day(TODAY)
DAY_MS = 86_400_000
GARDEN = "garden 5, age 3"
THREE = "age(on study_start) >= 3y and age(on study_start) < 4y"
HOUR = 3_600


@attrs.define
class Town:
    """A journal that grows, and the queues kept up with it."""

    journal: Journal = attrs.field(factory=lambda: Journal("75701000"))
    live: LiveTown = attrs.field(factory=lambda: LiveTown("75701000", {DIGEST: KINDERGARTEN}))

    def happen(self, *events: Event) -> int:
        """Record events, and return the last entry."""
        before = len(self.journal)
        self.journal.append_many(events)
        for entry in range(before + 1, len(self.journal) + 1):
            self.live.follow(self.journal.event(entry), entry)
        return len(self.journal)

    def place(self, number: int, queue: str = GARDEN) -> int:
        """Return the place of an application."""
        return self.live.position_of(str(number), queue)

    def change(self, number: int, since: int, queue: str = GARDEN) -> PositionChange:
        """Return the account of an application from an entry to now."""
        return account(self.live, self.journal, str(number), queue, since)

    def parent(self, change: PositionChange, lang: str = "ru") -> list[str]:
        """Return what the family reads."""
        rules, events = self.live.rules, dict(enumerate(self.journal, start=1))
        assert rules is not None
        return change_for_parent(change, rules, labels_shared(self.live, change.queue), lang, events=events)


def at(day: int = DAY, actor: str = "officer") -> dict[str, Any]:
    """Return when something is recorded, and by whom."""
    return {"at": day * DAY_MS, "actor": actor}


def published(study_start: date, day: int = DAY) -> RulesPublished:
    """Return the rules of kindergartens for a study year."""
    return RulesPublished(DIGEST, dates={"study_start": date_to_day(study_start)}, **at(day))


def registered(number: int, birth: str = "2023-02-01", *, hours: int | None = None, wish: str = GARDEN) -> list[Event]:
    """Return an application filed so many hours after the beginning of 2024, as it comes into the queue."""
    submitted = date_to_day(date(2024, 1, 1)) * 86_400 + (number if hours is None else hours) * HOUR
    facts = {"child.birth_date": date_to_day(date.fromisoformat(birth)), "child.desired_date": DAY - 100}
    name = str(number)
    return [
        Filed(name, number, submitted, facts, [Wish(wish)] if wish else [], **at(actor="parent")),
        Reviewed(name, "registered", **at()),
    ]


@pytest.fixture
def town() -> Town:
    """Return a town with one group of three-year-olds and its rules."""
    made = Town()
    made.happen(
        DayAdvanced(DAY, **at()),
        ProgrammeOpened(GARDEN, "garden 5", capacity=20, takes=THREE, **at()),
        published(date(2026, 9, 1)),
    )
    return made


def test_a_new_study_year_that_moves_a_number_by_hundreds_is_told_to_the_last_unit(town: Town) -> None:
    """Children who come of age enter the group, others outgrow it: every unit is counted, on the day it happened."""
    for number in range(1, 41):
        town.happen(*registered(number, "2022-10-01"))  # three on 1 September 2026, four a year later
    for number in range(41, 341):
        town.happen(*registered(number, "2023-10-01", hours=number - 400))  # three only in 2027, and filed earlier
    since = town.happen(*registered(400, "2023-08-31"))  # three in 2026, and on the first day of 2027 still three
    assert town.place(400) == 41
    last = town.happen(published(date(2027, 9, 1)))
    change = town.change(400, since)
    assert (change.before, change.after) == (41, 0)  # four years old on 1 September 2027: out of the group
    young = town.change(341 - 1, since)
    assert (young.before, young.after) == (0, 300)
    assert {part.entry for part in (*change.parts, *young.parts)} == {last}


def test_a_shift_of_age_groups_tells_who_came_and_who_went(town: Town) -> None:
    """A child who stays in the group meets three hundred others there: −40 outgrew it, +300 grew into it."""
    town.happen(published(date(2026, 8, 1)))
    for number in range(1, 41):
        town.happen(*registered(number, "2022-08-15"))
    for number in range(41, 341):
        town.happen(*registered(number, "2023-08-15", hours=number - 400))
    since = town.happen(*registered(400, "2023-07-20"))
    assert town.place(400) == 41
    town.happen(published(date(2026, 9, 1)))
    change = town.change(400, since)
    assert (change.before, change.after) == (41, 301)
    assert change.by_kind() == {"left": -40, "joined": 300}
    assert [(effect.before, effect.after) for effect in change.mass] == [(41, 301)]
    lines = town.parent(change)
    assert lines[0] == "Было 41-е место, стало 301-е: на 260 мест дальше."


def test_lists_that_are_merged_move_a_place_from_120_to_250(town: Town) -> None:
    """A hundred and thirty families with earlier dates come from another list: 120 → 250, each of them counted."""
    for number in range(1, 121):
        town.happen(*registered(number, hours=1_000 + number))
    since = len(town.journal)
    for number in range(1_001, 1_131):
        town.happen(*registered(number, hours=number - 1_000))
    change = town.change(120, since)
    assert (change.before, change.after) == (120, 250)
    assert change.merged().by_kind() == {"joined": 130}
    assert {part.step for part in change.parts} == {"submitted"}
    assert len({part.entry for part in change.parts}) == 130
    lines = town.parent(change)
    assert lines[0] == "Было 120-е место, стало 250-е: на 130 мест дальше."
    assert lines[1].startswith("+ 130: 130 заявлений")


def test_the_21st_got_a_place_because_the_20th_is_too_young_for_the_group(town: Town) -> None:
    """In the general queue the 20th stands ahead; in the queue of the group he is not, and the reason is told."""
    for number in range(1, 20):
        town.happen(*registered(number, "2024-03-01"))
    town.happen(*registered(20, "2024-02-01"), *registered(21, "2023-02-01"))
    assert (town.place(20, GENERAL), town.place(21, GENERAL)) == (20, 21)
    assert (town.place(20), town.place(21)) == (0, 1)
    state = replay(town.journal, {DIGEST: KINDERGARTEN})
    queues = order(state.tables(KINDERGARTEN.vocabulary), KINDERGARTEN, TODAY, state.dates())
    refusal = queues.why_not("20", GARDEN)
    assert refusal is not None
    assert refusal_lines(refusal, queues, "ru")[-1] == (
        "– ни одна группа здесь не подходит по возрасту, направленности или согласиям."
    )
    since = len(town.journal)
    town.happen(Offered("21", GARDEN, DAY + 30, **at(actor="commission")))
    assert town.change(20, since, GENERAL).parts == ()


def test_who_refused_by_a_click_is_restored_with_the_first_date(town: Town) -> None:
    """The place is the one it would have had all along; those behind see one application come ahead of them."""
    for number in range(1, 11):
        town.happen(*registered(number))
    since = len(town.journal)
    town.happen(Offered("3", GARDEN, DAY + 30, **at(actor="commission")), Declined("3", GARDEN, **at(actor="epgu")))
    assert (town.place(3), town.place(7)) == (0, 6)
    restored = town.happen(Restored("3", "заявление родителя", **at(actor="parent")))
    assert (town.place(3), town.place(7)) == (3, 7)
    change = town.change(7, since)
    assert [(part.kind, part.step, part.count) for part in change.parts] == [
        ("left", "submitted", -1),
        ("joined", "submitted", 1),
    ]
    assert change.parts[-1].entry == restored
    own = town.change(3, since)
    assert (own.before, own.after) == (3, 3)
    assert town.parent(town.change(3, restored - 1))[0] == "Заявление теперь в очереди: 3-е место."


def test_an_officers_correction_is_seen_by_everybody_it_moved(town: Town) -> None:
    """The reason kind is told to those it moved; the officer's sheet names the entry and the application."""
    for number in range(1, 11):
        town.happen(*registered(number))
    since = len(town.journal)
    early = {"application.submitted_at": date_to_day(date(2023, 1, 1)) * 86_400}
    town.happen(DataCorrected("9", early, "дата введена с ошибкой", "заявление на бумаге № 9", **at()))
    change = town.change(5, since)
    assert [(part.kind, part.step, part.count) for part in change.parts] == [("exception", "submitted", 1)]
    assert "исправление ошибки" in town.parent(change)[1]
    rules = town.live.rules
    assert rules is not None
    sheet = change_for_officer(change, rules, "ru", events=dict(enumerate(town.journal, start=1)))
    assert "9" in sheet[0]
    assert town.change(9, since).by_kind() == {"own": -8}


def test_a_place_by_court_order_is_not_hidden(town: Town) -> None:
    """Those who stood behind move forward by an exception, and are told so."""
    for number in range(1, 6):
        town.happen(*registered(number))
    since = len(town.journal)
    town.happen(ExceptionGranted("2", GARDEN, "решение 2-117", "ГПК", "резерв", **at(actor="court")))
    assert town.change(4, since).by_kind() == {"exception": -1}
    assert "вне общего порядка" in town.parent(town.change(4, since))[1]


def test_a_territory_act_is_one_effect_with_overtakers_and_overtaken(town: Town) -> None:
    """A new act moves many at once: the net effect, how many came ahead and how many fell behind."""
    for number in range(1, 11):
        town.happen(*registered(number))
    since = len(town.journal)
    here = [EntryValue(str(number), GARDEN, "", 1) for number in (7, 8, 9)]
    town.happen(TerritoryActChanged("Постановление № 7", "address.in_territory", here, **at()))
    change = town.change(5, since)
    assert (change.before, change.after) == (5, 8)
    assert [(each.overtakers, each.overtaken) for each in change.mass] == [(3, 0)]
    assert change.by_kind() == {"up": 3}
    ahead = town.change(8, since)
    assert (ahead.before, ahead.after) == (8, 2)
    assert sum(part.count for part in ahead.parts) == -6


def test_a_paper_of_the_family_changes_its_place_as_it_was_told_it_would(town: Town) -> None:
    """What would change is what does change, once the paper is confirmed."""
    for number in range(1, 11):
        town.happen(*registered(number))
    town.happen(DocumentAdded("9", "card", "large_family", DAY - 10, DAY + 300, **at(actor="parent")))
    now, then = place_with_document(town.live, "9", GARDEN, "card", confirmed=True)
    assert (now, then) == (9, 1)
    since = town.happen(DocumentConfirmed("9", "card", **at()))
    assert town.place(9) == then
    assert place_with_document(town.live, "9", GARDEN, "card", confirmed=False) == (1, 9)
    seen = town.change(4, since - 1)
    assert [(part.kind, part.step, part.group, part.ground) for part in seen.parts] == [
        ("up", "right", "first_turn", "large_family")
    ]
