from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_engine import canonical, events
from queue_engine.canonical import JournalError, decode, encode
from queue_engine.events import (
    DUE_REASONS,
    EVENT_ORDER,
    KINDS,
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
    LotteryDrawn,
    Moved,
    Offered,
    OfferWithdrawn,
    OrderPublished,
    ProgrammeClosed,
    ProgrammeOpened,
    Restored,
    Reviewed,
    Revoked,
    RoundAnnulled,
    RoundFrozen,
    RoundPublished,
    RulesPublished,
    Source,
    Suspended,
    TerritoryActChanged,
    Wish,
    WishesChanged,
    Withdrawn,
    body_of,
    event_of,
    in_event_order,
    order_digest,
)
from queue_engine.journal import body_bytes as bytes_in_journal

AT = {"at": 1_788_220_800_000, "actor": "officer:1a2b"}
FACTS = {"child.birth_date": 19478, "child.age_group": "3"}
WISHES = [Wish("Garden 5, age 3", facts={"sibling.attends": 1}), Wish(organisation="Garden 7")]
DIGEST = "0f" * 32
SAMPLES: list[Event] = [
    Accepted("12", "Garden 5", 20727, **AT),
    Accepted("12", "Garden 5", **AT),
    Archived("12", "8 years old", **AT),
    CapacitySet("Garden 5", 25, "second group", "act 7", **AT),
    Closed("12", "enrolled elsewhere", **AT),
    ContractPrepared("12", "Garden 5", **AT),
    DataCorrected("12", FACTS, "misprint", "passport", ("child.language",), **AT),
    DataCorrected("12", {}, "misprint", "passport", **AT),
    DayAdvanced(20697, **AT, key="day/2026-09-01"),
    Declined("12", "Garden 5", "too far", **AT),
    DocumentAdded("12", "large family card", "large_family", 20000, 21000, "scan 3", **AT),
    DocumentAdded("12", "d", "large_family", last=-1, **AT),
    DocumentConfirmed("12", "d", 20000, **AT),
    DocumentRefuted("12", "d", "void", **AT),
    Due("12", ["document_ended", "age_reached"], **AT),
    Enrolled("12", "Garden 5", "order 118", **AT, legal_day=20690),
    EntryFactsChanged("12", {"sibling.attends": 0}, "Garden 5", **AT),
    EntryFactsChanged("12", {}, organisation="Garden 7", forgotten=["sibling.attends"], **AT),
    ExceptionGranted("12", "Garden 5", "decision 2-117", "court", "reserve", 20727, **AT),
    Filed("12", 12, 1_767_225_600, FACTS, WISHES, "kindergarten", **AT, key="epgu:77/12"),
    Filed("ребёнок 7", 0, -5, {}, [], **AT),
    InterimEnded("12", "Garden 5", **AT),
    InterimEnded("12", "Garden 5", "moved away", **AT),
    InterimPlaced("12", "Garden 5", "temporary", 20727, "protocol 9", **AT),
    InterimPlaced("12", "Garden 5", "short_stay", **AT),
    Lapsed("12", "returned", **AT),
    LotteryDrawn("school/2026", DIGEST, DIGEST, [Source("dice, 20 throws", "04913857"), Source("", "")], **AT),
    LotteryDrawn("school/2026", DIGEST, DIGEST, (Source("dice", "6"),), "a torn list", **AT),
    Moved("12", "75752000", **AT),
    Offered("12", "Garden 5", 20727, "protocol 9", **AT),
    OfferWithdrawn("12", "Garden 5", "repair", "act 9", **AT),
    OrderPublished("Garden 5", ("12", "7"), order_digest("Garden 5", ("12", "7")), **AT),
    OrderPublished("Garden 5", (), DIGEST, **AT),
    ProgrammeClosed("Garden 5", "repair", **AT),
    ProgrammeOpened("Garden 5", "Garden", "Сад № 5", 25, "age(on today) >= 3y", {"programme.boarding": 0}, "k", **AT),
    ProgrammeOpened("Garden 5", **AT),
    Restored("12", **AT),
    Reviewed("12", "confirm_data", "no passport", deadline=20727, **AT),
    Revoked("12", 7, "wrong child", "memo 3", **AT),
    RoundAnnulled("2026-may", "a wrong list", "memo 5", **AT),
    RoundFrozen("2026-may", 20697, DIGEST, 120, 4500, "kindergarten", **AT),
    RoundFrozen("2026-may", 20697, DIGEST, 0, 0, **AT),
    RoundPublished("2026-may", DIGEST, DIGEST, "kindergarten", **AT),
    RulesPublished(DIGEST, "kindergarten", ["rules: 1", "id: k"], **AT),
    Suspended("12", "asked to", **AT),
    TerritoryActChanged("act 7", "address.in_territory", [EntryValue("12", "", "Garden 7", 1)], **AT),
    WishesChanged("12", WISHES, **AT),
    Withdrawn("12", **AT),
]

NAMED = [pytest.param(event, id=f"{number}-{event.kind}") for number, event in enumerate(SAMPLES)]


def body_bytes(event: Event) -> bytes:
    """Return the body of an event as entry 3 of a journal."""
    return encode(body_of(event, "75701000", 3))


def refused_codes(body: dict[str, Any]) -> list[str]:
    """Return the codes with which a body is refused."""
    with pytest.raises(JournalError) as refused:
        event_of(body, file="j.txt", entry=3)
    assert {(str(problem.place), problem.severity) for problem in refused.value.problems} == {("j.txt:3", "error")}
    return [problem.code for problem in refused.value.problems]


def test_every_kind_of_event_has_a_sample_here() -> None:
    """The list of kinds is closed, and each of them is tried below."""
    assert {type(sample) for sample in SAMPLES} == set(EVENT_ORDER)
    assert len(set(EVENT_ORDER)) == len(EVENT_ORDER) == len(KINDS)


@pytest.mark.parametrize("event", NAMED)
def test_an_event_comes_back_from_its_bytes(event: Event) -> None:
    """What a journal keeps of an event is all of it."""
    body = body_bytes(event)
    assert event_of(decode(body)) == event
    assert bytes_in_journal(event, "75701000", 3) == body


@pytest.mark.parametrize("event", NAMED)
def test_a_body_with_something_lacking_or_left_over_is_refused(event: Event) -> None:
    """Nothing is added in silence, and nothing is dropped."""
    body = body_of(event, "75701000", 3)
    for name in body:
        assert refused_codes({key: value for key, value in body.items() if key != name}) == ["J033"]
    assert refused_codes({**body, "more": 1}) == ["J033"]
    assert refused_codes({**body, "data": []}) == refused_codes({**body, "kind": 5}) == ["J033"]
    assert refused_codes({**body, "data": {**body["data"], "remarks": "x"}}) == ["J035"]
    needed = [each.name for each in attrs.fields(type(event)) if each.default is attrs.NOTHING]
    for name in needed:
        if name in body["data"]:
            lacking = {key: value for key, value in body["data"].items() if key != name}
            assert refused_codes({**body, "data": lacking}) == ["J035"]


@pytest.mark.parametrize("event", NAMED)
@pytest.mark.parametrize(
    "wrong", [None, 1.5, "", " ", [], {}, -1, True, ["x", 5], {"a": None}, [{}], "x" * 101], ids=repr
)
def test_a_part_of_a_wrong_kind_is_refused_or_fits(event: Event, wrong: object) -> None:
    """Whatever stands in a part, the event is either written back the same or refused with a known code."""
    body = body_of(event, "75701000", 3)
    for name in body["data"]:
        changed = {**body, "data": {**body["data"], name: wrong}}
        try:
            read = event_of(changed)
        except JournalError as error:
            codes = {problem.code for problem in error.problems}
        else:
            codes = {"J030"}
            assert body_of(read, "75701000", 3) == changed
        assert codes <= {"J030", "J031", "J032", "J035", "J036"}


def test_an_event_has_one_written_form() -> None:
    """A default that is written out would be a second form of the same event."""
    body = body_of(Withdrawn("12", **AT), "75701000", 3)
    assert refused_codes({**body, "data": {"application": "12", "reason": ""}}) == ["J036"]


def test_an_unknown_kind_is_refused_with_a_suggestion() -> None:
    """A misspelt kind is told with the kind that was probably meant."""
    body = body_of(Withdrawn("12", **AT), "75701000", 3)
    with pytest.raises(JournalError, match=r'"withdrawm" is no kind of event; did you mean .withdrawn.'):
        event_of({**body, "kind": "withdrawm"})
    with pytest.raises(JournalError, match=r'withdrawn has no part "aplication"; did you mean .application.'):
        event_of({**body, "data": {"aplication": "12"}})


WRONG: list[tuple[Callable[[], object], str]] = [
    (lambda: Filed("", 1, 0, {}, [], **AT), "event filed column application"),
    (lambda: Filed("12", -1, 0, {}, [], **AT), "event filed column number"),
    (lambda: Filed("12", True, 0, {}, [], **AT), "event filed column number"),  # noqa: FBT003 - the wrong kind
    (lambda: Filed("12", 1, 0.0, {}, [], **AT), "event filed column submitted_at"),
    (lambda: Filed("12", 1, 0, {"n": 1.5}, [], **AT), "event filed column facts"),
    (lambda: Filed("12", 1, 0, {"N": 1}, [], **AT), "event filed column facts"),
    (lambda: Filed("12", 1, 0, {"n": True}, [], **AT), "event filed column facts"),
    (lambda: Filed("12", 1, 0, 5, [], **AT), "event filed column facts"),
    (lambda: Filed("12", 1, 0, {}, [Wish("a"), Wish("a")], **AT), "event filed column wishes"),
    (lambda: Filed("12", 1, 0, {}, ["a"], **AT), "event filed column wishes"),
    (lambda: TerritoryActChanged("act", "n", ["12"], **AT), "event territory_act_changed column entries"),
    (lambda: Filed("12", 1, 0, {}, [], at=-1, actor="parent"), "event filed column at"),
    (lambda: Filed("12", 1, 0, {}, [], at=0, actor="nobody"), "event filed column actor"),
    (lambda: Filed("12", 1, 0, {}, [], at=0, actor='parent:"7"'), "event filed column actor"),
    (lambda: Filed("12", 1, 0, {}, [], at=0, actor="parent", key="é"), "event filed column key"),
    (lambda: DocumentRefuted("12", "d", " ", **AT), "event document_refuted column reason"),
    (lambda: Reviewed("12", "approved", **AT), "event reviewed column outcome"),
    (lambda: Offered("12", "p", None, **AT), "event offered column deadline"),
    (lambda: RulesPublished("0F" * 32, **AT), "event rules_published column rules"),
    (lambda: OrderPublished("q", ["1"], DIGEST, **AT), "event order_published column digest"),
    (lambda: Due("12", [], **AT), "event due column reasons"),
    (lambda: InterimPlaced("12", "p", "permanent", **AT), "event interim_placed column seat"),
    (lambda: RoundFrozen("", 5, DIGEST, 1, 1, **AT), "event round_frozen column round"),
    (lambda: RoundPublished("май", DIGEST, DIGEST, **AT), "event round_published column round"),
    (lambda: RoundAnnulled("may", "so", " ", **AT), "event round_annulled column basis"),
    (lambda: LotteryDrawn("may", DIGEST, DIGEST, [], **AT), "event lottery_drawn column sources"),
    (lambda: LotteryDrawn("may", DIGEST, DIGEST, [Source("dice", 6)], **AT), "event lottery_drawn column sources"),
    (lambda: LotteryDrawn("may", DIGEST, DIGEST, ["dice"], **AT), "event lottery_drawn column sources"),
    (lambda: Due("12", ["age_reached", "document_ended"], **AT), "event due column reasons"),
    (Wish, "wish"),
    (lambda: Wish("a", "b"), "wish"),
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_an_event_that_could_not_be_written_cannot_be_made(number: int) -> None:
    """What is wrong with a part is told when the event is made, by kind and part."""
    make, told = WRONG[number]
    with pytest.raises(JournalError) as refused:
        make()
    assert str(refused.value.problems[0].place) == told


def test_facts_cannot_be_changed_after_the_event() -> None:
    """An event keeps what it was given, whatever happens to the dict it was given."""
    facts = {"n": 1}
    event = Filed("12", 1, 0, facts, [Wish("a", facts=facts)], **AT)
    facts["n"] = 2
    assert (event.facts, event.wishes[0].facts) == ({"n": 1}, {"n": 1})
    with pytest.raises(TypeError):
        event.facts["n"] = 3  # type: ignore[index]


def test_events_of_one_instant_have_an_order() -> None:
    """An answer at the last instant comes before the lapse; a new day before all, offers after all."""
    events_at = [Offered("9", "p", 9, **AT), Lapsed("12", "suspended", **AT), Accepted("12", "p", **AT)]
    day = DayAdvanced(20697, **AT)
    earlier = attrs.evolve(events_at[0], at=5)
    assert in_event_order([*events_at, day, earlier]) == [earlier, day, events_at[2], events_at[1], events_at[0]]


def test_a_round_is_published_before_it_places_and_annulled_before_offers_are_withdrawn() -> None:
    """At one instant, whoever is offered a place leaves the queue last."""
    order = ("round_annulled", "offer_withdrawn", "restored", "order_published", "round_frozen", "round_published")
    order = (*order, "interim_placed", "offered")
    assert tuple(each.kind for each in EVENT_ORDER if each.kind in order) == order


@given(st.permutations(SAMPLES))
def test_the_order_of_one_instant_does_not_depend_on_how_events_were_given(shuffled: list[Event]) -> None:
    """Only events of one kind keep the order they were given in."""
    assert [event.kind for event in in_event_order(shuffled)] == [event.kind for event in in_event_order(SAMPLES)]


def test_a_day_is_the_one_named_or_the_civil_one() -> None:
    """At 19:30 UTC it is the next day in Yekaterinburg; an event that names its day has that day."""
    evening = 20696 * 86_400_000 + 70_200_000
    event = Withdrawn("12", at=evening, actor="parent")
    assert (event.civil_day(), event.civil_day(0)) == (20697, 20696)
    assert attrs.evolve(event, legal_day=20000).civil_day() == 20000


def test_digests_tell_orders_apart() -> None:
    """Another order, another queue, nobody at all: another digest."""
    orders = [("q", ("1", "2")), ("q", ("2", "1")), ("q", ("12",)), ("r", ("1", "2")), ("q", ())]
    assert len({order_digest(*each) for each in orders}) == len(orders)


def test_codes_are_told_once() -> None:
    """No code has two meanings, and every code that stands in the source has one."""
    names = ("due", "in_force", "journal", "placing", "publication", "replay")
    tables = [canonical.CODES, events.CODES, *(import_module(f"queue_engine.{name}").CODES for name in names)]
    codes = [code for table in tables for code in table]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"J0\d\d", code) for code in codes)


def test_the_reasons_of_a_day_are_five() -> None:
    """The list of what a day can do is closed."""
    assert DUE_REASONS == ("document_ended", "document_began", "age_reached", "date_reached", "rules_date")
