"""All that can happen, and what comes first of what happens at one instant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from queue_engine.events.applications import (
    Accepted,
    Archived,
    Closed,
    ContractPrepared,
    DataCorrected,
    Declined,
    DocumentAdded,
    DocumentConfirmed,
    DocumentRefuted,
    Due,
    Enrolled,
    EntryFactsChanged,
    ExceptionGranted,
    Filed,
    InterimEnded,
    InterimPlaced,
    Lapsed,
    Moved,
    Offered,
    OfferWithdrawn,
    Restored,
    Reviewed,
    Revoked,
    Suspended,
    WishesChanged,
    Withdrawn,
)
from queue_engine.events.model import Event
from queue_engine.events.municipality import (
    CapacitySet,
    DayAdvanced,
    OrderPublished,
    ProgrammeClosed,
    ProgrammeOpened,
    RulesPublished,
    TerritoryActChanged,
)
from queue_engine.events.rounds import LotteryDrawn, RoundAnnulled, RoundFrozen, RoundPublished

EVENT_ORDER: tuple[type[Event], ...] = (
    # The day and the law of the instant come first: everything else that is recorded at it happens under them.
    DayAdvanced,
    RulesPublished,
    # What can be wished for stands before anybody wishes for it.
    ProgrammeOpened,
    CapacitySet,
    # An application is filed before anything is known of it.
    Filed,
    # A mistake is undone before anything is built on what it leaves.
    Revoked,
    # Lots are drawn for a list that is closed, and before the numbers become known of anybody.
    LotteryDrawn,
    # Then everything that is known: in the family's favour, what was confirmed at the instant counts at the instant.
    DataCorrected,
    WishesChanged,
    DocumentAdded,
    DocumentConfirmed,
    DocumentRefuted,
    EntryFactsChanged,
    TerritoryActChanged,
    # What the day itself changed is told after what people changed: it is computed from all of it.
    Due,
    Reviewed,
    # The family's answers come before anything that lapses: an answer at the last instant is in time.
    Accepted,
    Declined,
    Withdrawn,
    ContractPrepared,
    Enrolled,
    Lapsed,
    # A round is annulled before what it offered is withdrawn.
    RoundAnnulled,
    # Places and applications that are gone leave before anybody comes back or is offered what they leave.
    OfferWithdrawn,
    InterimEnded,
    Suspended,
    Moved,
    Closed,
    Archived,
    ProgrammeClosed,
    # Whoever comes back is in the order that is published, and may be offered a place.
    Restored,
    # The order is published before offers are made by it; an exception is shown after the order it departs from.
    OrderPublished,
    # A round freezes the order that was published; it is frozen before it is published, and published before it places.
    RoundFrozen,
    RoundPublished,
    ExceptionGranted,
    # Whoever gets a place for the time being is in the queue; whoever is offered one leaves it.
    InterimPlaced,
    Offered,
)
"""Every kind of event, in the order in which events of one instant are recorded.

The order matters in law where two events of one instant touch each other: an answer and the lapse of the
offer, a confirmed document and the order it counts in. It is the order of `in_event_order`, which sorts what is to be
appended together; a journal keeps the order in which it was given events.
"""

KINDS: Mapping[str, type[Event]] = {event_class.kind: event_class for event_class in EVENT_ORDER}
"""The classes of events by their kind, as journals name it."""

_RANK: Mapping[type[Event], int] = {event_class: rank for rank, event_class in enumerate(EVENT_ORDER)}


def in_event_order(events: Iterable[Event]) -> list[Event]:
    """Return events by instant, those of one instant by `EVENT_ORDER`, those of one kind as they were given.

    Complexity: O(n log n).

    >>> lapsed = Lapsed("12", "suspended", at=5, actor="system")
    >>> accepted = Accepted("12", "Garden 5", at=5, actor="parent")
    >>> [event.kind for event in in_event_order([lapsed, accepted])]
    ['accepted', 'lapsed']

    """
    return sorted(events, key=lambda event: (event.at, _RANK[type(event)]))
