"""Rounds in a journal: frozen, published, answered, held again on what is free; the stand-alone verifier agrees."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import attrs
import pytest

from queue_engine import Journal, load_rules, replay, rules_digest, write_public_files
from queue_engine.canonical import JournalError
from queue_engine.deadlines import AnswerPolicy, overdue
from queue_engine.events import (
    Accepted,
    CapacitySet,
    DayAdvanced,
    Declined,
    Enrolled,
    ExceptionGranted,
    Filed,
    Offered,
    ProgrammeOpened,
    Restored,
    Reviewed,
    RoundPublished,
    RulesPublished,
    Status,
    Wish,
    Withdrawn,
)
from queue_engine.facts import date_to_day
from queue_engine.rounds import Outcome, PlacesRow, RoundError, freeze_digest, result_digest, run, write_round
from queue_engine.rounds.issuing import (
    FrozenState,
    Issued,
    close_programme,
    freeze_state,
    places_left,
    publish,
    record_frozen,
)
from queue_engine.rounds.others import Neighbour
from queue_engine.state import State
from queue_engine.verification import verify

RULES = load_rules("rules/region-74/kindergarten.yaml")
DAY = date_to_day(date(2026, 5, 20))
START = DAY * 86_400_000
OFFICE, FAMILY = {"actor": "officer"}, {"actor": "parent"}
DATES = {"study_start": date_to_day(date(2026, 9, 1)), "round_date": date_to_day(date(2026, 9, 1))}


@attrs.define
class Town:
    """A municipality with a journal, whose clock moves on by a second with every act."""

    journal: Journal = attrs.field(factory=lambda: Journal("75701000"))
    at: int = START

    def __attrs_post_init__(self) -> None:
        """Begin with rules and a day."""
        self.act(DayAdvanced(DAY, at=self.now(), actor="system"))
        self.act(RulesPublished(rules_digest(RULES), dates=DATES, at=self.now(), actor="officer"))

    def now(self) -> int:
        """Return the time, a second later than before."""
        self.at += 1000
        return self.at

    def act(self, *events: object) -> None:
        """Record events together."""
        self.journal.append_many(events)  # type: ignore[arg-type]

    def programme(self, name: str, capacity: int) -> None:
        """Open a programme."""
        self.act(ProgrammeOpened(name, name, name, capacity, at=self.now(), **OFFICE))

    def child(self, number: int, *wishes: str, holds: str = "", **facts: int | str) -> str:
        """File an application and register it; earlier numbers were filed earlier."""
        name = f"c{number}"
        known = {"child.birth_date": date_to_day(date(2022, 5, 1)), **facts}
        wished = [Wish(each, facts={"place.holds_here": 1} if each == holds else {}) for each in wishes]
        self.act(Filed(name, number, START // 1000 + number, known, wished, at=self.now(), **FAMILY))
        self.act(Reviewed(name, "registered", at=self.now(), **OFFICE))
        return name

    @property
    def state(self) -> State:
        """The state now."""
        return replay(self.journal, {rules_digest(RULES): RULES})

    def frozen(
        self, name: str, places: tuple[PlacesRow, ...] | None = None, near: tuple[Neighbour, ...] = ()
    ) -> FrozenState:
        """Freeze a round."""
        frozen = freeze_state(self.state, name, places=places, neighbours=near)
        record_frozen(self.journal, frozen.frozen, at=self.now(), actor="commission:4")
        return frozen

    def published(self, frozen: FrozenState, outcome: Outcome | None = None) -> Issued:
        """Publish a round as it comes out, or as somebody says it does."""
        found = outcome or run(frozen.frozen)
        by = {"deadline": DAY + 30, "at": self.now(), "actor": "commission:4"}
        return publish(self.journal, self.state, frozen.frozen, found, **by)  # type: ignore[arg-type]

    def round(self, name: str, places: tuple[PlacesRow, ...] | None = None) -> Issued:
        """Freeze a round and publish it."""
        return self.published(self.frozen(name, places))

    def offers(self) -> dict[str, str]:
        """Return who has an offer, of what."""
        found = self.state.applications.values()
        return {each.id: each.offer for each in found if each.status is Status.OFFERED}


def small() -> Town:
    """Return two kindergartens of one place, and four children."""
    town = Town()
    town.programme("D1", 1)
    town.programme("D2", 1)
    for number, wishes in enumerate((("D1",), ("D1", "D2"), ("D1",), ("D2",)), start=1):
        town.child(number, *wishes)
    return town


def test_a_round_becomes_offers_with_a_deadline() -> None:
    """By the order of the queues, in one act of the commission."""
    town = small()
    issued = town.round("may")
    assert town.offers() == {"c1": "D1", "c2": "D2"}
    assert {town.state.applications[name].deadline for name in ("c1", "c2")} == {DAY + 30}
    assert len(issued.entries) == 3
    assert not issued.left


def test_the_next_round_gives_what_is_free() -> None:
    """Who declined waits until they are restored, with their date; who accepted keeps the place; the rest move up."""
    town = small()
    town.round("may")
    town.act(Accepted("c2", "D2", at=town.now(), **FAMILY), Declined("c1", "D1", at=town.now(), **FAMILY))
    assert [(row.programme, row.declared - row.withheld) for row in places_left(town.state)] == [("D1", 1), ("D2", 0)]
    town.round("june")
    assert town.offers() == {"c3": "D1"}
    town.act(Restored("c1", "asked to", at=town.now(), **OFFICE))
    assert [each.id for each in town.state.in_queue()] == ["c1", "c4"]


@pytest.mark.parametrize(("policy", "queue"), [("suspended", ["c3", "c4"]), ("returned", ["c1", "c2", "c3", "c4"])])
def test_who_does_not_answer_is_set_aside_or_returns(policy: str, queue: list[str]) -> None:
    """As the town has it; the place is free again either way, on the day after the deadline and not before."""
    town = small()
    town.round("may")
    for day, late in ((DAY + 30, 0), (DAY + 31, 2)):
        town.at = max(town.at, day * 86_400_000)
        town.act(DayAdvanced(day, at=town.now(), actor="system"))
        assert len(overdue(town.state, AnswerPolicy(lapsed=policy))) == late
    town.act(*overdue(town.state, AnswerPolicy(lapsed=policy)))
    assert [each.id for each in town.state.in_queue()] == queue
    assert [row.withheld for row in places_left(town.state)] == [0, 0]


def test_a_round_is_published_whole_or_not_at_all() -> None:
    """A result with an error, or of another freeze, leaves the journal as it was."""
    town = small()
    frozen = town.frozen("may")
    outcome = run(frozen.frozen)
    before = len(town.journal)
    wrong = attrs.evolve(outcome, placed={})
    with pytest.raises(RoundError, match="P10"):
        town.published(frozen, wrong)
    other = attrs.evolve(frozen, frozen=attrs.evolve(frozen.frozen, on=frozen.frozen.on + 1))
    with pytest.raises(JournalError, match="J0"):
        town.published(other)
    assert len(town.journal) == before
    town.published(frozen)
    length = len(town.journal)
    town.published(frozen)
    assert len(town.journal) == length, "a round that is sent again is not published again"


def test_who_left_since_the_freeze_is_named_and_offered_nothing() -> None:
    """The others get their offers."""
    town = small()
    frozen = town.frozen("may")
    town.act(Withdrawn("c1", at=town.now(), **FAMILY))
    issued = town.published(frozen)
    assert issued.left == ("c1",)
    assert town.offers() == {"c2": "D2"}


def test_a_transfer_frees_its_place_in_the_same_round_and_counts_after_it() -> None:
    """The chain of edge case 12: the one who waits gets the place that is left behind."""
    town = Town()
    town.programme("D1", 1)
    town.programme("D2", 1)
    town.child(1, "D1", "D2", holds="D2")
    town.child(2, "D2")
    town.round("may")
    assert town.offers() == {"c1": "D1", "c2": "D2"}
    town.act(*(Accepted(name, at, at=town.now(), **FAMILY) for name, at in town.offers().items()))
    assert [row.declared - row.withheld for row in places_left(town.state)] == [0, 0]


def test_who_keeps_the_place_they_hold_is_offered_nothing() -> None:
    """They stay where they are, and in the queue for what they seek."""
    town = Town()
    town.programme("D1", 1)
    town.programme("D2", 1)
    town.child(1, "D1")
    town.child(2, "D1", "D2", holds="D2")
    town.round("may")
    assert town.offers() == {"c1": "D1"}
    assert town.state.applications["c2"].status is Status.REGISTERED


def test_a_closed_programme_gives_its_children_back_with_their_date() -> None:
    """Edge case 21: offers are withdrawn with the act, nobody is held to have declined, the next round is theirs."""
    town = small()
    town.round("may")
    town.act(*close_programme(town.state, "D1", reason="repair", basis="act 12", at=town.now(), actor="officer"))
    assert town.state.applications["c1"].status is Status.REGISTERED
    assert town.state.applications["c1"].withdrawn_offer
    assert [row.programme for row in places_left(town.state)] == ["D2"]


def test_a_court_decision_takes_a_seat_that_is_told() -> None:
    """Edge case 20: an event with its document; the next round counts the seat as taken."""
    town = small()
    ground = {"document": "decision 2-118/2026", "basis": "273-FZ", "seat": "operative reserve"}
    town.act(ExceptionGranted("c3", "D1", **ground, at=town.now(), actor="officer"))
    (row, _) = places_left(town.state)
    assert (row.withheld, bool(row.ground)) == (1, True)
    town.round("may")
    assert town.offers() == {"c3": "D1", "c2": "D2"}


def test_temporary_places_leave_the_child_in_the_queue() -> None:
    """Edge cases 15 and 16: marked, dated, and no enrolment."""
    town = small()
    rows = (PlacesRow("D1", 1), PlacesRow("D2", 2, interim="temporary", until=DAY + 90, stage="temporary"))
    town.round("may", rows)
    placed = town.state.applications["c2"].interim
    assert placed is not None
    assert (placed.programme, placed.until) == ("D2", DAY + 90)
    assert town.state.applications["c2"].in_queue
    assert town.offers() == {"c1": "D1"}


def test_other_programmes_are_offered_by_the_list_of_neighbours() -> None:
    """Who agreed is offered the nearest free place; the wish is recorded with the offer."""
    town = small()
    town.programme("D3", 1)
    town.child(5, "D1", **{"consent.other_programmes": 1})
    frozen = town.frozen("may", near=(Neighbour("D1", "D3", 1),))
    town.published(frozen)
    assert town.offers() == {"c1": "D1", "c2": "D2", "c5": "D3"}
    assert town.state.applications["c5"].wishes[-1] == Wish("D3")


def test_a_later_enrolment_keeps_the_seat_taken() -> None:
    """From the offer to the order of enrolment, a seat is taken once."""
    town = small()
    town.round("may")
    town.act(CapacitySet("D1", 2, "a bed more", at=town.now(), **OFFICE))
    town.act(Accepted("c1", "D1", at=town.now(), **FAMILY), Enrolled("c1", "D1", at=town.now(), actor="organisation"))
    town.round("june")
    assert town.offers() == {"c2": "D2", "c3": "D1"}


def with_public_files(folder: Path) -> Path:
    """Return the public files of a town that held two rounds."""
    town = small()
    rounds = {}
    for name in ("may", "june"):
        frozen = town.frozen(name)
        outcome = run(frozen.frozen)
        town.published(frozen, outcome)
        rounds[name] = folder / name
        write_round(rounds[name], frozen.frozen, outcome, frozen.queues)
        town.act(Declined("c1", "D1", at=town.now(), **FAMILY)) if name == "may" else None
    public = folder / "public"
    assert not write_public_files(town.journal, {rules_digest(RULES): RULES}, public, rounds=rounds)
    return public


def test_the_verifier_finds_nothing_in_a_journal_with_rounds(tmp_path: Path) -> None:
    """Rounds beside the journal are computed anew, and are what was frozen, published and offered."""
    assert verify(with_public_files(tmp_path)) == []


def test_another_round_in_the_place_of_the_published_one_is_found(tmp_path: Path) -> None:
    """A round that is sound by itself and is not the one that the journal froze, published and offered."""
    public = with_public_files(tmp_path)
    shutil.rmtree(public / "rounds" / "may")
    shutil.copytree(public / "rounds" / "june", public / "rounds" / "may")
    told = [str(finding) for finding in verify(public)]
    assert any("this is not what was frozen" in each for each in told)
    assert any("this is not what was published" in each for each in told)
    assert any("application 'c1' is given 'D1' by round 'may'" in each for each in told)
    shutil.move(public / "rounds" / "may", public / "rounds" / "july")
    assert any("no round of this name" in str(finding) for finding in verify(public))


def test_a_place_that_was_never_offered_is_found(tmp_path: Path) -> None:
    """A journal whose offers are not those of the round."""
    town = small()
    frozen = town.frozen("may")
    outcome = run(frozen.frozen)
    town.act(
        RoundPublished(
            "may", freeze_digest(frozen.frozen), result_digest(outcome, frozen.frozen), at=town.now(), **OFFICE
        )
    )
    town.act(Offered("c3", "D1", DAY + 30, "may", at=town.now(), **OFFICE))
    write_round(tmp_path / "may", frozen.frozen, outcome)
    write_public_files(
        town.journal, {rules_digest(RULES): RULES}, tmp_path / "public", rounds={"may": tmp_path / "may"}
    )
    told = sorted(finding.message for finding in verify(tmp_path / "public"))
    assert told == [
        "application 'c1' has 'D1' and was offered nothing",
        "application 'c2' has 'D2' and was offered nothing",
        "application 'c3' is given 'D1' by round 'may', where it has no place",
    ]


def test_held_places_do_not_flow_away_while_some_go_together() -> None:
    """Whoever left one for a dearer place could not come back when a bundle does better in the run anew."""
    town = Town()
    for name, capacity in (("X", 1), ("P", 1), ("Q", 0)):
        town.programme(name, capacity)
    town.child(1, "X")
    town.child(2, "Q")
    town.child(3, "X", "P", holds="P")
    rows = (PlacesRow("X", 1), PlacesRow("P", 1, flows_to="Q"), PlacesRow("Q", 0))
    with pytest.raises(RoundError, match="D007"):
        freeze_state(town.state, "may", places=rows, bundles={"c2": "c1"})
    alone = freeze_state(town.state, "may", places=rows)
    assert run(alone.frozen).placed["c3"].programme == "P"
