"""The journal of referrals from the events of a municipality."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from queue_engine.events import (
    Accepted,
    ContractPrepared,
    DayAdvanced,
    Declined,
    Enrolled,
    Event,
    ExceptionGranted,
    Filed,
    Lapsed,
    Offered,
    OfferWithdrawn,
    ProgrammeOpened,
    Restored,
    Reviewed,
    Revoked,
    Wish,
    Withdrawn,
)
from queue_engine.journal import Journal
from queue_engine.replay import replay
from queue_engine.rounds.referrals import referral_rows

DAY = 20_697
AT: dict[str, Any] = {"at": DAY * 86_400_000, "actor": "officer"}
LATER: dict[str, Any] = {"at": (DAY + 1) * 86_400_000, "actor": "officer"}
MUCH_LATER: dict[str, Any] = {"at": (DAY + 6) * 86_400_000, "actor": "system"}
BEGIN: tuple[Event, ...] = (
    DayAdvanced(DAY, **AT),
    ProgrammeOpened("p", "Garden 5", **AT),
    Filed("12", 12, 0, {}, [Wish("p")], **AT),
    Reviewed("12", "registered", **AT),
    Offered("12", "p", DAY + 5, protocol="round-1", **AT),
)
HEAD = ("5", "2026-09-01", "12", "p", "Garden 5", "round-1")


def _rows(events: Sequence[Event], protocol: str = "", offset: int = 0) -> list[tuple[str, ...]]:
    journal = Journal("75701000")
    journal.append_many(events)
    return list(referral_rows(journal, replay(journal), offset, protocol))[1:]


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ((), ("", "", "", "")),
        ((Accepted("12", "p", **LATER),), ("accepted", "2026-09-02", "", "")),
        ((Declined("12", "p", **LATER),), ("declined", "2026-09-02", "", "")),
        ((OfferWithdrawn("12", "p", "repair", "order 7", **LATER),), ("offer_withdrawn", "2026-09-02", "", "")),
        ((Withdrawn("12", at=LATER["at"], actor="parent"),), ("application_withdrawn", "2026-09-02", "", "")),
        (
            (DayAdvanced(DAY + 6, **MUCH_LATER), Lapsed("12", "returned", **MUCH_LATER)),
            ("lapsed", "2026-09-07", "", ""),
        ),
        (
            (
                Accepted("12", "p", **AT),
                ContractPrepared("12", "p", **LATER),
                Enrolled("12", "p", basis="order 118", **LATER),
            ),
            ("accepted", "2026-09-01", "2026-09-02", "2026-09-02, order 118"),
        ),
        (
            (Declined("12", "p", **AT), Withdrawn("12", at=LATER["at"], actor="parent")),
            ("declined", "2026-09-01", "", ""),
        ),
    ],
)
def test_a_referral_tells_how_it_was_answered(answers: tuple[Event, ...], told: tuple[str, ...]) -> None:
    """Answer, its day, the day of the contract, and the order with its basis; the first final answer stays."""
    assert _rows((*BEGIN, *answers)) == [(*HEAD, *told)]


def test_a_revoked_answer_is_none_and_a_revoked_offer_is_told() -> None:
    """Taken back by mistake: the answer is open again; the offer itself was a mistake: it is told as revoked."""
    declined = (*BEGIN, Declined("12", "p", **AT))
    assert _rows((*declined, Revoked("12", 6, "wrong button", "memo 3", **LATER))) == [(*HEAD, "", "", "", "")]
    revoked = (*BEGIN, Revoked("12", 5, "wrong child", "memo 4", **LATER))
    assert _rows(revoked) == [(*HEAD, "revoked", "2026-09-02", "", "")]


def test_every_offer_has_a_row_of_its_own_with_its_ground() -> None:
    """Declined, restored, and a place by a court's decision: two rows; a protocol shows its own only."""
    events = (
        *BEGIN,
        Declined("12", "p", **AT),
        Restored("12", **AT),
        ExceptionGranted("12", "p", "decision 2-118", "court", "operative reserve", **LATER),
        Enrolled("12", "p", **LATER),
    )
    first, second = _rows(events)
    assert first == (*HEAD, "declined", "2026-09-01", "", "")
    assert second == ("8", "2026-09-02", "12", "p", "Garden 5", "decision 2-118", "", "", "", "2026-09-02")
    assert _rows(events, "round-1") == [first]


def test_days_are_those_of_the_municipality() -> None:
    """Late in the evening in Greenwich it is the next day in Chelyabinsk."""
    evening: dict[str, Any] = {"at": AT["at"] + 20 * 3_600_000, "actor": "parent"}
    assert _rows((*BEGIN, Accepted("12", "p", **evening)), offset=300)[0][6:8] == ("accepted", "2026-09-02")
