"""Rounds, draws of lots and places for the time being: what may follow what, and what is taken back."""

from __future__ import annotations

from tests.queue_engine.test_events_lifecycle import (
    AT,
    CONSENT,
    DAY,
    OFFERED,
    PATHS,
    REGISTERED,
    after,
    memory,
    refused,
    told,
)

from queue_engine.events import (
    DayAdvanced,
    DocumentAdded,
    DocumentConfirmed,
    Enrolled,
    ExceptionGranted,
    Filed,
    InterimEnded,
    InterimPlaced,
    LotteryDrawn,
    Offered,
    OfferWithdrawn,
    ProgrammeClosed,
    ProgrammeOpened,
    Restored,
    Revoked,
    RoundAnnulled,
    RoundFrozen,
    RoundPublished,
    Source,
    Status,
    Suspended,
    Wish,
    WishesChanged,
)

FREEZE, RESULT = "0f" * 32, "f0" * 32
DICE = (Source("dice, 8 throws", "04913857"),)
FROZEN = RoundFrozen("may", DAY, FREEZE, 1, 1, **AT)
PUBLISHED = RoundPublished("may", FREEZE, RESULT, **AT)
ANNULLED = RoundAnnulled("may", "a wrong list", "memo 5", **AT)
WITHDRAWN = OfferWithdrawn("12", "p", "repair", "act 9", **AT)
SHORT = InterimPlaced("12", "p", "short_stay", **AT)
ENDED = InterimEnded("12", "p", **AT)


def test_a_round_is_frozen_once_then_published_or_annulled() -> None:
    """Each name is given once, and what is published is what was frozen."""
    life = after(FROZEN)
    assert told(life, FROZEN) == 'there was a round "may": it is frozen; give the round another name'
    assert refused(life, RoundPublished("may", RESULT, RESULT, **AT)) == ["J051"]
    assert refused(life, RoundPublished("may", FREEZE, RESULT, "school", **AT)) == ["J051"]
    assert refused(life, RoundPublished("june", FREEZE, RESULT, **AT)) == ["J051"]
    assert refused(life, RoundAnnulled("june", "a wrong list", "memo 5", **AT)) == ["J051"]
    assert life.admit(PUBLISHED, 2) == []
    assert refused(life, PUBLISHED) == refused(life, FROZEN) == ["J051"]
    assert life.admit(ANNULLED, 3) == []
    assert refused(life, PUBLISHED) == refused(life, FROZEN) == refused(life, ANNULLED) == ["J051"]
    assert refused(after(FROZEN, ANNULLED), PUBLISHED) == ["J051"]


def test_only_a_published_round_places() -> None:
    """A protocol that is no round's name is a text like any other."""
    offered = Offered("12", "p", DAY, "may", **AT)
    interim = InterimPlaced("12", "p", "short_stay", protocol="may", **AT)
    for way in (offered, interim):
        assert after(*REGISTERED, way).standings["12"]
        life = after(*REGISTERED, FROZEN)
        assert refused(life, way) == ["J051"]
        assert told(life, way).startswith('round "may" is frozen: no place can be given by it')
        assert refused(after(*REGISTERED, FROZEN, PUBLISHED, ANNULLED), way) == ["J051"]
        assert after(*REGISTERED, FROZEN, PUBLISHED, way).standings["12"]


def test_an_annulled_round_leaves_its_offers_to_be_withdrawn() -> None:
    """Each family is told by an event of its own."""
    life = after(*REGISTERED, FROZEN, PUBLISHED, Offered("12", "p", DAY, "may", **AT), ANNULLED)
    assert life.standings["12"].status is Status.OFFERED
    assert life.admit(WITHDRAWN, 99) == []


def test_lots_are_drawn_again_only_with_a_reason() -> None:
    """Each campaign has its own draws."""
    life = after(LotteryDrawn("may", FREEZE, RESULT, DICE, **AT))
    for reason in ("", " "):
        assert refused(life, LotteryDrawn("may", FREEZE, RESULT, DICE, reason, **AT)) == ["J048"]
    assert life.admit(LotteryDrawn("june", FREEZE, RESULT, DICE, **AT), 2) == []
    assert life.admit(LotteryDrawn("may", FREEZE, RESULT, DICE, "a torn list", **AT), 3) == []


def test_an_interim_place_keeps_the_application_registered() -> None:
    """It is held beside everything else, until it is ended."""
    life = after(*REGISTERED, SHORT)
    standing = life.standings["12"]
    assert (standing.status, standing.interim) == (Status.REGISTERED, ("p", "short_stay", None, len(REGISTERED) + 1))
    assert refused(life, SHORT) == ["J050"]
    assert refused(life, InterimEnded("12", "q", **AT)) == ["J050"]
    assert life.admit(ENDED, 98) == []
    assert life.standings["12"].interim is None
    assert refused(life, ENDED) == ["J050"]
    assert life.admit(SHORT, 99) == []


def test_an_interim_place_is_asked_for_as_an_offer_is() -> None:
    """Open, of the service and wished for; a temporary one has a last day, which is not over."""
    east = ProgrammeOpened("r", "east", **AT)
    school = ProgrammeOpened("class 1", "school 3", service="school", **AT)
    life = after(*REGISTERED, east, school)
    assert refused(life, InterimPlaced("12", "r", "short_stay", **AT)) == ["J044"]
    assert refused(life, InterimPlaced("12", "class 1", "short_stay", **AT)) == ["J043", "J044"]
    assert refused(life, InterimPlaced("12", "p", "temporary", **AT)) == ["J050"]
    assert refused(life, InterimPlaced("12", "p", "temporary", DAY - 1, **AT)) == ["J046"]
    assert life.admit(InterimPlaced("12", "p", "temporary", DAY, **AT), 99) == []


def test_an_interim_place_ends_with_the_application_and_comes_back_with_it() -> None:
    """Whoever is enrolled holds one place; a mistaken enrolment costs nobody the other."""
    life = after(*REGISTERED, SHORT, *CONSENT[len(REGISTERED) :])
    assert life.standings["12"].interim is not None
    assert life.admit(Enrolled("12", "p", **AT), 50) == []
    assert life.standings["12"].interim is None
    assert refused(life, ENDED) == ["J040"]
    assert life.admit(Revoked("12", 50, "wrong child", "memo", **AT), 51) == []
    assert life.standings["12"].interim is not None
    assert life.admit(ENDED, 52) == []


def test_what_happened_to_an_interim_place_is_not_undone_with_a_decision() -> None:
    """A revocation concerns the decision alone."""
    life = after(*REGISTERED, SHORT, Offered("12", "p", DAY, **AT), ENDED)
    assert life.admit(Revoked("12", len(REGISTERED) + 2, "wrong child", "memo", **AT), 50) == []
    assert (life.standings["12"].status, life.standings["12"].interim) == (Status.REGISTERED, None)


def test_a_withdrawn_offer_is_known_until_the_next_one() -> None:
    """Only the giver's act counts, it outlasts suspensions, and revocations bring back what was."""
    decided = len(OFFERED) + 1
    life = after(*OFFERED, WITHDRAWN)
    assert life.standings["12"].withdrawn
    again = after(*OFFERED, WITHDRAWN, Suspended("12", "asked to", **AT), Restored("12", **AT))
    assert again.standings["12"].withdrawn
    assert not after(*OFFERED, WITHDRAWN, Offered("12", "p", DAY, **AT)).standings["12"].withdrawn
    granted = ExceptionGranted("12", "p", "decision", "court", "reserve", **AT)
    assert not after(*OFFERED, WITHDRAWN, granted).standings["12"].withdrawn
    assert not after(*PATHS[Status.DECLINED], Restored("12", **AT)).standings["12"].withdrawn
    assert life.admit(Revoked("12", decided, "no repair", "memo", **AT), 50) == []
    assert (life.standings["12"].status, life.standings["12"].withdrawn) == (Status.OFFERED, False)
    offered = after(*OFFERED, WITHDRAWN, Offered("12", "p", DAY, **AT))
    assert offered.admit(Revoked("12", decided + 1, "wrong child", "memo", **AT), 50) == []
    assert offered.standings["12"].withdrawn


def test_what_was_admitted_can_be_taken_back() -> None:
    """After taking back, the life cycle is as it was, and the same events may follow again."""
    life = after(*REGISTERED, FROZEN)
    before = memory(life)
    tomorrow = DayAdvanced(DAY + 1, at=AT["at"] + 86_400_000, actor="system")
    more = [
        tomorrow,
        ProgrammeOpened("q", "south", **AT),
        SHORT,
        ProgrammeClosed("p", "repair", **AT),
        Filed("13", 13, 0, {}, [Wish("q")], **AT),
        DocumentAdded("13", "d", "orphan", **AT),
        DocumentConfirmed("13", "d", **AT),
        RoundFrozen("june", DAY, FREEZE, 1, 1, **AT),
        RoundPublished("may", FREEZE, RESULT, **AT),
        LotteryDrawn("may", FREEZE, RESULT, DICE, **AT),
        Suspended("12", "asked to", **AT),
    ]
    for _ in range(2):
        life.begin()
        assert [life.admit(event, 50) for event in more] == [[]] * len(more)
        life.take_back()
        assert memory(life) == before
    assert refused(life, WishesChanged("12", [Wish("q")], **AT)) == ["J043"]
    assert life.admit(Filed("14", 13, 0, {}, [Wish("p")], **AT), 99) == []
