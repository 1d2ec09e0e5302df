from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_engine.canonical import JournalError
from queue_engine.errors import TableError
from queue_engine.events import (
    IN_QUEUE,
    Accepted,
    CapacitySet,
    DataCorrected,
    DayAdvanced,
    Declined,
    DocumentAdded,
    DocumentConfirmed,
    DocumentRefuted,
    EntryFactsChanged,
    EntryValue,
    Event,
    ExceptionGranted,
    Filed,
    InterimPlaced,
    Offered,
    OfferWithdrawn,
    OrderPublished,
    ProgrammeClosed,
    ProgrammeOpened,
    Restored,
    Reviewed,
    Revoked,
    RulesPublished,
    Status,
    TerritoryActChanged,
    Wish,
    WishesChanged,
    Withdrawn,
    order_digest,
)
from queue_engine.facts import date_to_day, instant_to_second
from queue_engine.journal import Journal, read_journal
from queue_engine.ordering import order
from queue_engine.replay import replay
from queue_engine.rule_documents import rules_digest
from queue_engine.rules.conditions import Holds
from queue_engine.rules.loading import read_rules
from queue_engine.rules.model import Step, StepKind
from queue_engine.state import State
from queue_engine.tables import build_tables
from queue_engine.testing import record_of
from queue_engine.testing.histories import histories
from queue_engine.testing.strategies import vocabularies

ROOT = Path(__file__).parents[2]
KINDERGARTEN = read_rules(ROOT / "rules" / "region-74" / "kindergarten.yaml")
HERE = KINDERGARTEN.vocabulary
ON = date(2026, 4, 15)
DAY = date_to_day(ON)
DATES = {"study_start": date(2026, 9, 1)}
AT: dict[str, Any] = {"at": DAY * 86_400_000, "actor": "officer"}
GARDEN = "Garden 5, age 3"
DIGEST = rules_digest(KINDERGARTEN)


def filed(name: str, submitted: str, *wishes: Wish, **facts: str) -> tuple[Event, ...]:
    """Return an application as it comes into the queue."""
    written = {"child.birth_date": "2023-05-01", "child.desired_date": "2026-04-01"}
    written |= {fact.replace("__", "."): text for fact, text in facts.items()}
    known = {fact: HERE.parse(HERE.facts[fact], text) for fact, text in written.items()}
    at = instant_to_second(datetime.fromisoformat(submitted))
    made = Filed(name, int(name), at, known, wishes or [Wish(GARDEN)], at=0, actor="parent", key=f"filed/{name}")
    return made, Reviewed(name, "registered", **AT)


TOWN: tuple[Event, ...] = (
    DayAdvanced(DAY, **AT),
    RulesPublished(DIGEST, **AT),
    ProgrammeOpened(GARDEN, "Garden 5", "Сад № 5", 20, "age(on study_start) < 5y", **AT),
    *filed("1", "2024-01-10 09:00:00"),
    *filed("2", "2025-03-01 12:30:00"),
    *filed("3", "2024-02-02 10:00:00"),
    DocumentAdded("2", "card", "large_family", date_to_day(date(2025, 9, 1)), **AT),
    DocumentConfirmed("2", "card", **AT),
)


def state_after(*events: Event) -> State:
    """Return the state after the events of the town and further ones."""
    journal = Journal("75701000")
    journal.append_many([*TOWN, *events])
    return replay(journal, {DIGEST: KINDERGARTEN})


def queue_after(*events: Event, queue: str = GARDEN) -> list[str]:
    """Return the applications of a queue after the events of the town and further ones."""
    state = state_after(*events)
    return order(state.tables(HERE), state.rule_set(), ON, DATES)[queue].applications()


def same(one: State, other: State) -> bool:
    """Return whether two states say the same."""
    names = ("municipality", "entry", "at", "day", "applications", "programmes", "rules", "orders", "rounds", "draws")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def test_a_replayed_town_is_ordered() -> None:
    """The queue of the state is the queue of the tables somebody would have written by hand."""
    assert queue_after() == ["2", "1", "3"]
    by_hand = build_tables(
        HERE,
        entries={"application": ["1", "2", "3"], "programme": [GARDEN] * 3},
        applications={
            "application": ["1", "2", "3"],
            "child.birth_date": ["2023-05-01"] * 3,
            "child.desired_date": ["2026-04-01"] * 3,
            "application.submitted_at": ["2024-01-10 09:00:00", "2025-03-01 12:30:00", "2024-02-02 10:00:00"],
            "application.active": ["yes"] * 3,
        },
        documents={"application": ["2"], "category": ["large_family"], "from": ["2025-09-01"], "confirmed": ["yes"]},
        programmes={"programme": [GARDEN], "takes": ["age(on study_start) < 5y"]},
    )
    assert order(by_hand, KINDERGARTEN, ON, DATES)[GARDEN].applications() == queue_after()


def test_who_is_offered_a_place_leaves_the_queue_and_comes_back_to_his_place() -> None:
    """A declined place costs the place in the queue until it is asked for again; the date of filing is kept."""
    offered = Offered("1", GARDEN, DAY, **AT)
    declined = Declined("1", GARDEN, at=0, actor="parent")
    assert queue_after(offered) == ["2", "3"]
    assert queue_after(offered, declined) == ["2", "3"]
    assert queue_after(offered, declined, Restored("1", at=0, actor="parent")) == ["2", "1", "3"]
    assert queue_after(offered, Revoked("1", len(TOWN) + 1, "mistake", "memo", **AT)) == ["2", "1", "3"]


def test_a_place_for_the_time_being_moves_nobody() -> None:
    """A child in a short-stay group keeps its place in the queue for a full day."""
    state = state_after(InterimPlaced("1", GARDEN, "short_stay", **AT))
    assert queue_after(InterimPlaced("1", GARDEN, "short_stay", **AT)) == queue_after()
    assert state.applications["1"].interim == (GARDEN, "short_stay", None, len(TOWN) + 1)


def test_whose_offer_was_withdrawn_may_be_put_first_by_the_rules() -> None:
    """When a building closes after offers were made, a rule file may put such families first; the fact is a column."""
    withdrawn = (Offered("3", GARDEN, DAY, **AT), OfferWithdrawn("3", GARDEN, "repair", "act 9", **AT))
    assert queue_after(*withdrawn) == ["2", "1", "3"]
    title = KINDERGARTEN.order[0].title
    back = Step("back", title, StepKind.YES_FIRST, condition=Holds("offer.withdrawn"))
    first = attrs.evolve(KINDERGARTEN, order=(back, *KINDERGARTEN.order))
    assert order(state_after(*withdrawn).tables(HERE), first, ON, DATES)[GARDEN].applications() == ["3", "2", "1"]
    again = (*withdrawn, Offered("3", GARDEN, DAY, **AT), Declined("3", GARDEN, **AT), Restored("3", **AT))
    assert order(state_after(*again).tables(HERE), first, ON, DATES)[GARDEN].applications() == ["2", "1", "3"]


def test_only_a_confirmed_document_gives_its_right() -> None:
    """An added document waits, a confirmed one counts, a refuted one no longer does; nobody loses a place."""
    added = DocumentAdded("3", "card", "large_family", **AT)
    confirmed, refuted = DocumentConfirmed("3", "card", **AT), DocumentRefuted("3", "card", "void", **AT)
    assert queue_after(added) == ["2", "1", "3"]
    assert queue_after(added, confirmed) == ["3", "2", "1"]
    assert queue_after(added, confirmed, refuted) == ["2", "1", "3"]
    assert state_after(added).applications["3"].waits_for_confirmation
    assert not state_after(added, confirmed).applications["3"].waits_for_confirmation
    ended = DocumentConfirmed("3", "card", last=DAY - 1, evidence="seen", **AT)
    assert queue_after(added, ended) == ["2", "1", "3"]
    paper = state_after(added, ended).applications["3"].documents[0]
    assert (paper.state, paper.first, paper.last, paper.evidence) == ("confirmed", None, DAY - 1, "seen")


def test_facts_of_wishes_come_one_by_one_or_by_an_act() -> None:
    """A sibling, or an act about territories, moves an application in the queues it concerns."""
    sibling = EntryFactsChanged("3", {"sibling.attends": 1}, GARDEN, **AT)
    assert queue_after(sibling) == ["2", "3", "1"]
    entries = [EntryValue("3", GARDEN, "", 1), EntryValue("1", GARDEN, "", 0)]
    act = TerritoryActChanged("act 7", "address.in_territory", entries, **AT)
    assert queue_after(act) == ["2", "3", "1"]
    gone = EntryFactsChanged("3", {}, GARDEN, forgotten=["sibling.attends"], **AT)
    assert queue_after(sibling, gone) == ["2", "1", "3"]


def test_what_is_known_at_a_programme_outlives_a_change_of_wishes() -> None:
    """Changing the order of wishes, or adding one, does not make a family prove its sibling again."""
    other = ProgrammeOpened("Garden 7, age 3", "Garden 7", **AT)
    sibling = EntryFactsChanged("3", {"sibling.attends": 1, "address.in_territory": 1}, GARDEN, **AT)
    wishes = [Wish("Garden 7, age 3"), Wish(GARDEN, facts={"address.in_territory": 0})]
    changed = state_after(other, sibling, WishesChanged("3", wishes, at=0, actor="parent")).applications["3"]
    assert [dict(wish.facts) for wish in changed.wishes] == [{}, {"sibling.attends": 1, "address.in_territory": 0}]
    only = state_after(other, sibling, WishesChanged("3", wishes[:1], **AT), WishesChanged("3", [Wish(GARDEN)], **AT))
    assert dict(only.applications["3"].wishes[0].facts) == {}


def test_a_correction_changes_what_was_wrong_and_nothing_else() -> None:
    """A corrected time of filing moves the application; a fact that is no longer known is no longer known."""
    earlier = {"application.submitted_at": instant_to_second(datetime(2023, 1, 1, 9))}  # noqa: DTZ001 - civil time
    assert queue_after(DataCorrected("3", earlier, "register book", "page 7", **AT)) == ["2", "3", "1"]
    known = state_after(DataCorrected("3", earlier, "register book", "page 7", **AT)).applications["3"].known()
    assert (known["application.submitted_on"], known["application.number"]) == (date_to_day(date(2023, 1, 1)), 3)
    forgotten = DataCorrected("3", {}, "void", "memo", ["child.birth_date"], **AT)
    assert queue_after(forgotten) == ["2", "1"]


def test_closed_programmes_have_no_queue() -> None:
    """A programme that closes leaves the queues; who wished for it stays in the general one."""
    closed = ProgrammeClosed(GARDEN, "repair", **AT)
    state = state_after(closed)
    queues = order(state.tables(HERE), state.rule_set(), ON, DATES)
    assert (list(queues), queues.general.applications()) == ([], ["2", "1", "3"])
    assert not state.programmes[GARDEN].is_open
    assert queue_after(closed, ProgrammeOpened(GARDEN, "Garden 5", **AT)) == ["2", "1", "3"]


def test_services_of_one_town_do_not_mix() -> None:
    """A journal may hold several services; each has its own applications, programmes and rules."""
    school = ProgrammeOpened("Class 1", "School 3", service="school", **AT)
    pupil = Filed("4", 1, 0, {"child.birth_date": 18000}, [Wish("Class 1")], "school", **AT)
    state = state_after(school, pupil, Reviewed("4", "registered", **AT))
    assert [each.id for each in state.in_queue()] == ["1", "2", "3"]
    assert [each.id for each in state.in_queue("school")] == ["4"]
    assert state.tables(HERE, "school").programmes.ids == ("Class 1",)
    with pytest.raises(JournalError, match='J060: no rules were published for the service "school"'):
        state.rule_set("school")


def test_rules_are_known_by_their_digest() -> None:
    """The state names the rules published last; their files are given by whoever needs them."""
    journal = Journal("75701000")
    journal.append_many(TOWN)
    assert replay(journal, {DIGEST: KINDERGARTEN}).rule_set() is KINDERGARTEN
    with pytest.raises(JournalError, match=f"journal 75701000:2: error J060: the rules {DIGEST} are not given"):
        replay(journal).rule_set()


def test_decisions_are_kept_as_they_were_recorded() -> None:
    """A published order, a capacity, an exception: the state holds what was decided, whatever the rules say now."""
    digest = order_digest(GARDEN, ["3", "1", "2"])
    events = [
        OrderPublished(GARDEN, ["3", "1", "2"], digest, **AT),
        CapacitySet(GARDEN, 7, "rooms", **AT),
        ExceptionGranted("3", GARDEN, "decision 2-117", "court", "reserve", DAY + 9, **AT),
    ]
    state = state_after(*events)
    assert state.orders[("", GARDEN)] == (digest, len(TOWN) + 1)
    assert state.programmes[GARDEN].capacity == 7
    third = state.applications["3"]
    assert (third.status, third.offer, third.deadline, third.exception) == (Status.OFFERED, GARDEN, DAY + 9, "court")
    assert (third.since, third.number, third.in_queue) == (len(TOWN) + 3, 3, False)
    accepted = state_after(*events, Accepted("3", GARDEN, at=0, actor="parent")).applications["3"]
    assert (accepted.status, accepted.offer, accepted.deadline) == (Status.CONSENT, GARDEN, None)


def test_a_state_is_that_of_an_entry_or_of_an_instant() -> None:
    """What was known at an instant is what had been recorded by then."""
    journal = Journal("75701000")
    journal.append_many(TOWN)
    later = journal.append(Withdrawn("1", at=AT["at"] + 1000, actor="parent"))
    instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=AT["at"] + 999)
    for until in (later - 1, instant, instant.astimezone(timezone(timedelta(hours=5)))):
        assert replay(journal, until=until).applications["1"].status is Status.REGISTERED
    for until in (later, instant + timedelta(milliseconds=1), None):
        assert replay(journal, until=until).applications["1"].status is Status.WITHDRAWN
    assert replay(journal, until=0).applications == {}


def test_an_instant_has_a_zone_and_an_entry_is_there() -> None:
    """A time without a zone is five hours wrong half of the time; an entry of the future holds nothing."""
    journal = Journal("75701000")
    journal.append_many(TOWN)
    with pytest.raises(JournalError, match="J061: 2026-04-15 00:00:00 has no time zone"):
        replay(journal, until=datetime(2026, 4, 15))  # noqa: DTZ001 - that is the mistake
    for entry in (-1, len(TOWN) + 1):
        with pytest.raises(JournalError, match=f"J061: there is no entry {entry}"):
            replay(journal, until=entry)


def test_what_may_follow_what_is_checked_again() -> None:
    """A journal that was changed in memory, past its own checks, is not replayed."""
    journal = Journal("75701000")
    journal.append_many(TOWN)
    journal._events.append(Restored("1", **AT))
    with pytest.raises(JournalError, match="application 1 is registered; it cannot be restored"):
        replay(journal)


@pytest.mark.parametrize(
    ("facts", "code"),
    [({"child.birthdate": 1}, "T010"), ({"sibling.attends": 1}, "T011"), ({"address.lives_here": 2}, "T020")],
)
def test_what_the_vocabulary_does_not_know_is_told(facts: dict[str, int], code: str) -> None:
    """A misspelt fact in the journal is no fact that is not known: it is a problem when the town is ordered."""
    state = state_after(DataCorrected("3", facts, "misprint", "passport", **AT))
    with pytest.raises(TableError) as refused:
        state.tables(HERE)
    assert [problem.code for problem in refused.value.problems] == [code]


@given(st.data())
def test_a_state_is_the_same_at_every_entry_however_it_is_reached(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Replaying a journal, its file, or a journal of only the first events gives one state."""
    journal = data.draw(histories(data.draw(vocabularies())))
    path = tmp_path_factory.mktemp("replays") / "journal.txt"
    journal.write(path)
    read = read_journal(path)
    entry = data.draw(st.integers(0, len(journal)))
    shorter = Journal(journal.municipality)
    shorter.append_many(journal.events[:entry])
    assert same(replay(read, until=entry), replay(shorter))
    assert same(replay(journal), replay(read))


@given(st.data())
def test_the_tables_hold_all_that_is_known_of_those_in_the_queue(data: st.DataObject) -> None:
    """Every fact, wish and document of a registered application is in the tables, and nobody else is."""
    vocabulary = data.draw(vocabularies())
    state = replay(data.draw(histories(vocabulary)))
    tables = state.tables(vocabulary)
    people = [each for each in state.applications.values() if each.status in IN_QUEUE]
    assert tables.applications.ids.tolist() == [each.id for each in sorted(people, key=lambda each: each.number)]
    for row, name in enumerate(tables.applications.ids.tolist()):
        application = state.applications[name]
        record = record_of(tables, row)
        expected = {fact: value for fact, value in application.known().items() if fact in vocabulary.facts}
        assert record.facts == expected
        confirmed = [paper.category for paper in application.documents if paper.state == "confirmed"]
        assert sorted(paper.category for paper in record.documents if paper.confirmed) == sorted(confirmed)
        rows = [index for index, owner in enumerate(tables.wishes.application.tolist()) if owner == row]
        there = [record_of(tables, row, wish).facts for wish in rows]
        opened = {each.id for each in state.open_programmes()} | {""}
        places = {each.organisation for each in state.open_programmes()} | {""}
        kept = [wish for wish in application.wishes if wish.programme in opened and wish.organisation in places]
        assert there == [expected | dict(wish.facts) for wish in kept]


@given(st.data())
def test_a_number_and_a_date_of_filing_stay_for_good(data: st.DataObject) -> None:
    """Whatever happens, an application keeps the number and time it was filed with."""
    journal = data.draw(histories(data.draw(vocabularies())))
    filings = {event.application: event for event in journal if isinstance(event, Filed)}
    found = replay(journal).applications
    assert {name: (each.number, each.submitted_at) for name, each in found.items()} == {
        name: (event.number, event.submitted_at) for name, event in filings.items()
    }
