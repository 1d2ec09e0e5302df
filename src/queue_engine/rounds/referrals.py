"""The journal of referrals: every place that was offered, by what, and how it was answered; as rows of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

import attrs

from queue_engine.events import (
    Accepted,
    ContractPrepared,
    Declined,
    Enrolled,
    Event,
    ExceptionGranted,
    Lapsed,
    OfApplication,
    Offered,
    OfferWithdrawn,
    Revoked,
    Withdrawn,
)
from queue_engine.facts import day_to_date
from queue_engine.state import State

Row: TypeAlias = tuple[str, ...]

REFERRAL_COLUMNS = (
    "number", "date", "application", "programme", "organisation", "ground", "answer", "answered_on", "contract",
    "order",
)  # fmt: skip
REVOKED = "revoked"
ANSWERS: Mapping[type[Event], str] = {
    Accepted: "accepted",
    Declined: "declined",
    Lapsed: "lapsed",
    OfferWithdrawn: "offer_withdrawn",
    Withdrawn: "application_withdrawn",
}
"""What a form calls the end of an offer; until there is one, the cell is empty."""
_MAY_CHANGE = frozenset({"", ANSWERS[Accepted]})

_SECONDS_A_DAY = 86_400


@attrs.define
class _Referral:
    """A place that was offered, as far as it has come."""

    number: int
    day: str
    application: str
    programme: str
    ground: str
    answer: str = ""
    answered_on: str = ""
    contract: str = ""
    order: str = ""
    before: list[tuple[int, tuple[str, str, str, str]]] = attrs.field(factory=list)

    def keep(self, entry: int) -> None:
        """Remember what was known before an entry that changes it."""
        self.before.append((entry, (self.answer, self.answered_on, self.contract, self.order)))

    def revoke(self, entry: int) -> bool:
        """Take back what an entry changed; return whether it changed anything here."""
        if not self.before or self.before[-1][0] != entry:
            return False
        self.answer, self.answered_on, self.contract, self.order = self.before.pop()[1]
        return True


def referral_rows(events: Iterable[Event], state: State, offset_minutes: int, protocol: str = "") -> Iterator[Row]:
    """Yield the header and one row a place offered, in the order of the journal.

    `number` is that of the entry which offered the place; `ground` is the protocol, or the document of a place outside
    the order; `contract` and `order` are the days on which they were written, `order` with its basis.

    Args:
        events: all of a journal, from its first entry.
        state: what the journal comes to: programmes and where they are.
        offset_minutes: the municipality's civil time, east of UTC.
        protocol: only what was offered by it; "" = all.

    Complexity: linear in the events.
    Source: domain forms 5.1 (journal of referrals).

    """
    yield REFERRAL_COLUMNS
    found: list[_Referral] = []
    latest: dict[str, _Referral] = {}
    for entry, event in enumerate(events, start=1):
        if not isinstance(event, OfApplication):
            continue
        day = day_to_date((event.at // 1000 + offset_minutes * 60) // _SECONDS_A_DAY).isoformat()
        if isinstance(event, Offered | ExceptionGranted):
            ground = event.protocol if isinstance(event, Offered) else event.document
            latest[event.application] = _Referral(entry, day, event.application, event.programme, ground)
            found.append(latest[event.application])
        elif event.application in latest:
            _follow(latest[event.application], event, entry, day)
    for each in found:
        if not protocol or each.ground == protocol:
            at = state.programmes[each.programme].organisation if each.programme in state.programmes else ""
            told = (each.application, each.programme, at, each.ground)
            yield str(each.number), each.day, *told, each.answer, each.answered_on, each.contract, each.order


def _follow(referral: _Referral, event: OfApplication, entry: int, day: str) -> None:
    """Take what happened to an application after a place was offered."""
    if isinstance(event, Revoked):
        if not referral.revoke(event.decision) and event.decision == referral.number:
            referral.keep(entry)
            referral.answer, referral.answered_on = REVOKED, day
    elif type(event) in ANSWERS and referral.answer in _MAY_CHANGE:
        referral.keep(entry)
        referral.answer, referral.answered_on = ANSWERS[type(event)], day
    elif isinstance(event, ContractPrepared):
        referral.keep(entry)
        referral.contract = day
    elif isinstance(event, Enrolled):
        referral.keep(entry)
        referral.order = f"{day}, {event.basis}" if event.basis else day
