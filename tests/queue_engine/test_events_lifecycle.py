from __future__ import annotations

from typing import Any

import pytest

from queue_engine.events import (
    ACTIVE,
    EVENT_ORDER,
    IN_QUEUE,
    TRANSITIONS,
    Accepted,
    Archived,
    CapacitySet,
    Closed,
    ContractPrepared,
    DataCorrected,
    DayAdvanced,
    Declined,
    DocumentAdded,
    DocumentConfirmed,
    DocumentRefuted,
    Due,
    Enrolled,
    EntryFactsChanged,
    EntryValue,
    Event,
    ExceptionGranted,
    Filed,
    InterimEnded,
    InterimPlaced,
    Lapsed,
    LifeCycle,
    Moved,
    OfApplication,
    Offered,
    OfferWithdrawn,
    OrderPublished,
    ProgrammeClosed,
    ProgrammeOpened,
    Restored,
    Reviewed,
    Revoked,
    Status,
    Suspended,
    TerritoryActChanged,
    Wish,
    WishesChanged,
    Withdrawn,
    order_digest,
)
from queue_engine.events.standings import Interim
from queue_engine.events.statuses import CANNOT, PLACED, TITLES

DAY = 20697
AT: dict[str, Any] = {"at": DAY * 86_400_000, "actor": "officer"}
PARENT: dict[str, Any] = {**AT, "actor": "parent"}
TODAY = DayAdvanced(DAY, **AT)
REGISTERED: tuple[Event, ...] = (
    TODAY,
    ProgrammeOpened("p", "north", **AT),
    Filed("12", 12, 0, {}, [Wish("p"), Wish(organisation="north")], **PARENT),
    Reviewed("12", "registered", **AT),
)
OFFERED = (*REGISTERED, Offered("12", "p", DAY + 5, **AT))
CONSENT = (*OFFERED, Accepted("12", "p", **PARENT))
PAST = (DayAdvanced(DAY + 6, at=AT["at"] + 6 * 86_400_000, actor="system"),)
PATHS: dict[Status, tuple[Event, ...]] = {
    Status.RECEIVED: REGISTERED[:3],
    Status.REVIEW: (*REGISTERED[:3], Reviewed("12", "taken", **AT)),
    Status.CONFIRM_DATA: (*REGISTERED[:3], Reviewed("12", "confirm_data", **AT)),
    Status.REGISTERED: REGISTERED,
    Status.OFFERED: OFFERED,
    Status.CONSENT: CONSENT,
    Status.CONTRACT: (*CONSENT, ContractPrepared("12", "p", **AT)),
    Status.ENROLLED: (*CONSENT, Enrolled("12", "p", **AT)),
    Status.DECLINED: (*OFFERED, Declined("12", "p", **PARENT)),
    Status.UNCONFIRMED: (*OFFERED, *PAST, Lapsed("12", "suspended", **AT)),
    Status.SUSPENDED: (*REGISTERED, Suspended("12", "asked to", **AT)),
    Status.INACTIVE: (*REGISTERED[:3], Reviewed("12", "confirm_data", **AT), Lapsed("12", "suspended", **AT)),
    Status.WITHDRAWN: (*REGISTERED, Withdrawn("12", **PARENT)),
    Status.REFUSED: (*REGISTERED, Reviewed("12", "refused", "too old", **AT)),
    Status.MOVED: (*REGISTERED, Moved("12", "75752000", **AT)),
    Status.CLOSED: (*REGISTERED, Closed("12", "enrolled elsewhere", **AT)),
    Status.ARCHIVED: (*REGISTERED, Archived("12", "8 years old", **AT)),
}
STEPS: list[OfApplication] = [
    Reviewed("12", "taken", **AT),
    Reviewed("12", "confirm_data", **AT),
    Reviewed("12", "registered", **AT),
    Reviewed("12", "refused", "too old", **AT),
    DocumentAdded("12", "new", "large_family", **AT),
    DocumentConfirmed("12", "old", **AT),
    DocumentRefuted("12", "old", "void", **AT),
    WishesChanged("12", [Wish("p")], **AT),
    DataCorrected("12", {}, "misprint", "passport", **AT),
    EntryFactsChanged("12", {"sibling.attends": 1}, "p", **AT),
    Due("12", ["document_ended"], **AT),
    Restored("12", **AT),
    Offered("12", "p", DAY + 9, **AT),
    Accepted("12", "p", **AT),
    ContractPrepared("12", "p", **AT),
    Declined("12", "p", **AT),
    Lapsed("12", "suspended", **AT),
    Lapsed("12", "returned", **AT),
    Enrolled("12", "p", **AT),
    OfferWithdrawn("12", "p", "repair", "act 9", **AT),
    ExceptionGranted("12", "p", "decision", "court", "reserve", **AT),
    InterimPlaced("12", "p", "short_stay", **AT),
    InterimEnded("12", "p", **AT),
    Suspended("12", "asked to", **AT),
    Withdrawn("12", **PARENT),
    Moved("12", "75752000", **AT),
    Closed("12", "enrolled elsewhere", **AT),
    Archived("12", "8 years old", **AT),
]


def after(*events: Event) -> LifeCycle:
    """Return the life cycle after events that may all follow."""
    life = LifeCycle()
    for entry, event in enumerate(events, start=1):
        assert life.admit(event, entry) == []
    return life


def memory(life: LifeCycle) -> tuple[object, ...]:
    """Return a copy of all that a life cycle remembers."""
    tables = (life.standings, life.papers, life.programmes, life.rounds, life.drawn)
    return life.day, *(dict(table) for table in tables)


def refused(life: LifeCycle, event: Event) -> list[str]:
    """Return the codes with which an event is refused, after checking that the refusal changed nothing."""
    before = memory(life)
    problems = life.admit(event, 99)
    assert memory(life) == before
    assert all(problem.remedy and str(problem.place) == "journal:99" for problem in problems)
    return [problem.code for problem in problems]


def told(life: LifeCycle, event: Event) -> str:
    """Return what is said of an event that cannot follow."""
    return "; ".join(f"{problem.message}; {problem.remedy}" for problem in life.admit(event, 99))


def test_every_status_is_reached() -> None:
    """No status is a word only: a way leads to each, and people can read each."""
    assert {status: after(*path).standings["12"].status for status, path in PATHS.items()} == {s: s for s in Status}
    assert set(PATHS) == set(TITLES) == set(Status)


def test_every_step_is_in_the_table() -> None:
    """The table speaks of every event of an application but its filing, which begins, and its revocation."""
    steps = {event.step for event in STEPS}
    assert steps == set(TRANSITIONS)
    assert set(CANNOT) == steps - {"data_corrected"}
    kinds = {step.partition(" ")[0] for step in steps}
    assert kinds == {each.kind for each in EVENT_ORDER if issubclass(each, OfApplication)} - {"filed", "revoked"}


@pytest.mark.parametrize("event", STEPS, ids=lambda event: event.step.replace(" ", "-"))
@pytest.mark.parametrize("status", Status, ids=lambda status: status.value)
def test_a_step_follows_exactly_the_statuses_of_the_table(status: Status, event: OfApplication) -> None:
    """What the table allows is admitted and leads where it says; everything else is refused by name."""
    life = after(*PATHS[status])
    paper = DocumentAdded("12", "old", "large_family", **AT)
    if status in ACTIVE:
        assert life.admit(paper, 50) == []
    life.admit(DayAdvanced(DAY + 7, at=AT["at"] + 8 * 86_400_000, actor="system"), 51)
    if type(event) is InterimEnded:
        life.standings["12"] = life.standings["12"]._replace(given=Interim("p", "short_stay", None, 5))
    expected = TRANSITIONS[event.step].get(status)
    if expected is None:
        assert refused(life, event) == ["J040"]
        assert told(life, event).startswith(f"application 12 is {status.value}; it cannot {CANNOT[event.step]}; ")
    else:
        assert life.admit(event, 99) == []
        assert life.standings["12"].status is expected


def test_an_enrolled_application_cannot_be_offered_a_place() -> None:
    """A refusal says where the application stands, what it cannot do, and what that would need."""
    life = after(*PATHS[Status.ENROLLED])
    message = "application 12 is enrolled; it cannot be offered a place; this needs the status registered"
    assert told(life, Offered("12", "p", DAY, **AT)) == message


def test_nobody_is_enrolled_without_an_offer() -> None:
    """Enrolment past the queue has no event of its own: an offer, or an exception with its basis, comes first."""
    assert {TRANSITIONS["enrolled"].get(status) for status in Status if status not in PLACED} == {None}
    ways = {
        step
        for step, rows in TRANSITIONS.items()
        for status, to in rows.items()
        if to in PLACED and status not in PLACED
    }
    assert ways == {"offered", "exception_granted"}


def test_what_has_ended_only_takes_corrections() -> None:
    """From a terminal status nothing follows but corrected data, and the revocation of what ended it."""
    ended = set(Status) - ACTIVE
    assert {step for step, rows in TRANSITIONS.items() if ended & set(rows)} == {"data_corrected"}
    for status in ended:
        life = after(*PATHS[status])
        last = len(PATHS[status])
        assert life.admit(Revoked("12", last, "mistake", "memo", **AT), 99) == []
        assert life.standings["12"].status in ACTIVE


def test_only_registered_applications_are_in_the_queue() -> None:
    """Whoever was offered a place holds it, and stands in no queue."""
    assert {Status.REGISTERED} == IN_QUEUE


def test_a_declined_application_waits_until_it_is_restored() -> None:
    """A refusal by one click is not the end: the application comes back when it is asked for."""
    life = after(*PATHS[Status.DECLINED])
    assert refused(life, Offered("12", "p", DAY, **AT)) == ["J040"]
    assert life.admit(Restored("12", **PARENT), 98) == []
    assert life.admit(Offered("12", "p", DAY, **AT), 99) == []


@pytest.mark.parametrize("day", [DAY + 4, DAY + 5])
def test_an_offer_does_not_lapse_before_its_last_day_is_over(day: int) -> None:
    """The family may answer until the end of the last day."""
    passed = DayAdvanced(day, at=AT["at"] + 9 * 86_400_000, actor="system")
    life = after(*OFFERED, passed)
    assert refused(life, Lapsed("12", "suspended", **AT)) == ["J046"]
    assert life.admit(Accepted("12", "p", **PARENT), 99) == []


def test_an_offer_does_not_lapse_while_no_day_is_known() -> None:
    """Without a day that has begun nobody can say that a deadline has passed."""
    life = after(*OFFERED[1:])
    assert refused(life, Lapsed("12", "suspended", **AT)) == ["J046"]


def test_a_deadline_in_the_past_is_refused() -> None:
    """Nobody is given a day that is over; today itself is not."""
    life = after(*REGISTERED)
    assert refused(life, Offered("12", "p", DAY - 1, **AT)) == ["J046"]
    assert refused(life, ExceptionGranted("12", "p", "decision", "court", "reserve", DAY - 1, **AT)) == ["J046"]
    assert life.admit(Offered("12", "p", DAY, **AT), 98) == []
    assert refused(life, Accepted("12", "p", DAY - 1, **AT)) == ["J046"]
    waiting = after(*REGISTERED[:3])
    assert refused(waiting, Reviewed("12", "confirm_data", deadline=DAY - 1, **AT)) == ["J046"]


def test_an_answer_names_the_offer_that_stands() -> None:
    """An answer to an earlier offer is not taken for one to the offer that replaced it."""
    other = ProgrammeOpened("q", "south", **AT)
    life = after(*OFFERED, other)
    for answer in (Accepted, Declined, Enrolled, ContractPrepared):
        assert refused(life, answer("12", "q", **PARENT))[0] in {"J040", "J044"}
    assert told(life, Accepted("12", "q", **PARENT)).startswith('application 12 was offered "p", not "q"')
    assert refused(life, OfferWithdrawn("12", "q", "repair", "act", **AT)) == ["J044"]


def test_only_what_is_wished_for_is_offered() -> None:
    """A programme is wished for by its name or by its organisation; a court may grant any that is open."""
    east = ProgrammeOpened("r", "east", **AT)
    life = after(*REGISTERED, east, ProgrammeOpened("q", "north", **AT))
    assert refused(life, Offered("12", "r", DAY, **AT)) == ["J044"]
    assert refused(life, Offered("12", "nowhere", DAY, **AT)) == ["J043", "J044"]
    assert after(*REGISTERED, ProgrammeOpened("q", "north", **AT), Offered("12", "q", DAY, **AT)).standings
    assert life.admit(ExceptionGranted("12", "r", "decision", "court", "reserve", **AT), 99) == []


def test_what_is_wished_for_is_open_and_of_the_service() -> None:
    """A wish for what is not there is refused when it is made."""
    school = ProgrammeOpened("class 1", "school 3", service="school", **AT)
    life = after(*REGISTERED, school)
    for wish in (Wish("class 1"), Wish("nowhere"), Wish(organisation="school 3")):
        assert refused(life, WishesChanged("12", [wish], **AT)) == ["J043"]
        assert refused(life, Filed("13", 13, 0, {}, [wish], **AT)) == ["J043"]
    assert life.admit(Filed("13", 13, 0, {}, [Wish("class 1")], "school", **AT), 98) == []
    assert life.admit(ProgrammeClosed("p", "repair", **AT), 99) == []
    for wish in (Wish("p"), Wish(organisation="north")):
        assert refused(life, WishesChanged("12", [wish], **AT)) == ["J043"]
    assert refused(life, Offered("12", "p", DAY, **AT)) == ["J043"]


def test_a_programme_opens_once_and_can_open_again() -> None:
    """A programme has one service for good, and is open or closed."""
    life = after(*REGISTERED)
    assert refused(life, ProgrammeOpened("p", "north", **AT)) == ["J043"]
    assert refused(life, ProgrammeClosed("q", "repair", **AT)) == ["J043"]
    assert refused(life, CapacitySet("q", 5, "rooms", **AT)) == ["J043"]
    assert life.admit(CapacitySet("p", 5, "rooms", **AT), 97) == []
    assert life.admit(ProgrammeClosed("p", "repair", **AT), 98) == []
    assert refused(life, ProgrammeClosed("p", "repair", **AT)) == ["J043"]
    assert refused(life, CapacitySet("p", 5, "rooms", **AT)) == ["J043"]
    assert refused(life, ProgrammeOpened("p", "north", service="school", **AT)) == ["J043"]
    assert life.admit(ProgrammeOpened("p", "south", **AT), 99) == []
    assert refused(life, WishesChanged("12", [Wish(organisation="north")], **AT)) == ["J043"]
    assert life.admit(WishesChanged("12", [Wish(organisation="south")], **AT), 100) == []


def test_an_application_is_filed_once_with_a_number_of_its_own() -> None:
    """Ids are unique, numbers are unique within a service, and the number is no fact that could be corrected."""
    life = after(*REGISTERED)
    assert refused(life, Filed("12", 13, 0, {}, [], **AT)) == ["J042"]
    assert refused(life, Filed("13", 12, 0, {}, [], **AT)) == ["J042"]
    assert refused(life, Filed("13", 13, 0, {"application.number": 1}, [], **AT)) == ["J049"]
    assert refused(life, DataCorrected("12", {"application.number": 1}, "misprint", "passport", **AT)) == ["J049"]
    forgotten = DataCorrected("12", {}, "misprint", "passport", ["application.number"], **AT)
    assert refused(life, forgotten) == ["J049"]
    assert life.admit(Filed("13", 12, 0, {}, [], "school", **AT), 99) == []


@pytest.mark.parametrize("event", STEPS, ids=lambda event: event.step.replace(" ", "-"))
def test_nothing_happens_to_an_application_that_was_never_filed(event: OfApplication) -> None:
    """An unknown id is refused whatever the event."""
    life = after(*REGISTERED[:2])
    assert refused(life, event) == ["J041"]
    assert refused(life, Revoked("12", 1, "mistake", "memo", **AT)) == ["J041"]


def test_a_document_is_added_once_and_judged_when_something_changes() -> None:
    """A judgement that says nothing new is refused, a changed mind is not; days never run backwards."""
    life = after(*REGISTERED, DocumentAdded("12", "d", "large_family", 100, 200, **AT))
    assert refused(life, DocumentAdded("12", "d", "orphan", **AT)) == ["J045"]
    assert refused(life, DocumentAdded("12", "e", "orphan", 200, 100, **AT)) == ["J045"]
    assert refused(life, DocumentConfirmed("12", "e", **AT)) == ["J045"]
    assert refused(life, DocumentConfirmed("12", "d", last=99, **AT)) == ["J045"]
    assert life.admit(DocumentConfirmed("12", "d", last=150, **AT), 97) == []
    assert life.papers["12", "d"] == ("confirmed", 100, 150)
    assert refused(life, DocumentConfirmed("12", "d", **AT)) == ["J045"]
    assert life.admit(DocumentRefuted("12", "d", "void", **AT), 98) == []
    assert refused(life, DocumentRefuted("12", "d", "void", **AT)) == ["J045"]
    assert life.admit(DocumentConfirmed("12", "d", **AT), 99) == []


def test_facts_of_an_entry_need_the_wish() -> None:
    """What is known at a programme is known of a wish for it, one by one or by an act for many at once."""
    life = after(*REGISTERED)
    assert refused(life, EntryFactsChanged("12", {"sibling.attends": 1}, "q", **AT)) == ["J044"]
    assert life.admit(EntryFactsChanged("12", {"sibling.attends": 1}, organisation="north", **AT), 97) == []
    entries = [EntryValue("12", "q", "", 1), EntryValue("13", "p", "", 1), EntryValue("12", "p", "", 1)]
    act = TerritoryActChanged("act 7", "address.in_territory", entries, **AT)
    assert refused(life, act) == ["J044", "J041"]
    assert life.admit(TerritoryActChanged("act 7", "address.in_territory", entries[2:], **AT), 98) == []


def test_an_order_is_published_of_a_queue_and_applications_that_are_there() -> None:
    """A published order names no queue and no application that nobody knows; the general queue is always there."""
    life = after(*REGISTERED)
    for queue, names, codes in (("p", ["12"], []), ("general", ["12"], []), ("q", ["13"], ["J041", "J043"])):
        assert refused(life, OrderPublished(queue, names, order_digest(queue, names), **AT)) == codes


def test_days_come_one_after_the_other_and_never_early() -> None:
    """A day that has been does not come again; a day that has begun nowhere on Earth is a misprint."""
    life = after(*REGISTERED)
    assert refused(life, DayAdvanced(DAY, **AT)) == ["J046"]
    assert refused(life, DayAdvanced(DAY - 1, **AT)) == ["J046"]
    assert refused(life, DayAdvanced(DAY + 1, **AT)) == ["J046"]
    begun = (DAY + 1) * 86_400_000 - 14 * 3_600_000
    assert refused(life, DayAdvanced(DAY + 1, at=begun - 1, actor="system")) == ["J046"]
    assert life.admit(DayAdvanced(DAY + 1, at=begun, actor="system"), 99) == []


def test_the_law_wants_reasons() -> None:
    """A refusal has a reason; a withdrawal that is not the family's own act has a reason and a basis."""
    life = after(*REGISTERED)
    assert refused(life, Reviewed("12", "refused", **AT)) == ["J048"]
    for reason, basis in (("", ""), ("did not answer", ""), ("", "letter"), (" ", " ")):
        assert refused(life, Withdrawn("12", reason, basis, **AT)) == ["J048"]
    for event in (Withdrawn("12", "letter of the mother", "letter 5", **AT), Withdrawn("12", at=0, actor="mfc:7")):
        assert after(*REGISTERED, event).standings["12"].status is Status.WITHDRAWN


def test_only_the_last_decision_is_revoked_and_all_of_it() -> None:
    """Revoking a refused offer brings back the offer with its programme and deadline; a filing is not revoked."""
    life = after(*PATHS[Status.DECLINED])
    declined = len(PATHS[Status.DECLINED])
    for entry in (declined - 1, declined + 1, 1):
        assert refused(life, Revoked("12", entry, "mistake", "memo", **AT)) == ["J047"]
    assert life.admit(DataCorrected("12", {}, "misprint", "passport", **AT), 50) == []
    assert life.admit(Revoked("12", declined, "wrong child", "memo", **AT), 51) == []
    offered = after(*OFFERED).standings["12"]
    now = life.standings["12"]
    assert (now.status, now.programme, now.deadline) == (offered.status, offered.programme, offered.deadline)
    assert life.admit(Revoked("12", 51, "it was right", "memo", **AT), 52) == []
    assert life.standings["12"].status is Status.DECLINED
    filed = after(*REGISTERED[:3])
    assert refused(filed, Revoked("12", 3, "mistake", "memo", **AT)) == ["J047"]
