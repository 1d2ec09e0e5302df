"""What can happen in a municipality: a closed list of frozen events, their order at one instant, what may follow what.

An event says what happened, when it was recorded, who acted and on what ground. It never holds what can be
computed from others, save decisions: an offer is recorded, not computed anew.

>>> event = Offered("12", "Garden 5, age 3", 20727, at=1_788_200_000_000, actor="commission:4", key="round-7/12")
>>> event.data()
{'application': '12', 'programme': 'Garden 5, age 3', 'deadline': 20727}

"""

from queue_engine.events.applications import (
    DUE_REASONS,
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
from queue_engine.events.bodies import body_of, event_of
from queue_engine.events.lifecycle import LifeCycle
from queue_engine.events.model import FAMILY, ROLES, EntryValue, Event, Facts, OfApplication, Wish
from queue_engine.events.municipality import (
    CapacitySet,
    DayAdvanced,
    OrderPublished,
    ProgrammeClosed,
    ProgrammeOpened,
    RulesPublished,
    TerritoryActChanged,
    order_digest,
)
from queue_engine.events.order import EVENT_ORDER, KINDS, in_event_order
from queue_engine.events.statuses import ACTIVE, IN_QUEUE, TRANSITIONS, Status

CODES = {
    "J030": "a part of an event is not what it has to be",
    "J031": "a wish names nothing, or both a programme and an organisation",
    "J032": "the digest of a published order is not that of its applications",
    "J033": "an entry of a journal has not the members every entry has",
    "J034": "a kind of event is not known",
    "J035": "an event lacks a part, or has one too many",
    "J036": "a part of an event is written out although it says nothing",
    "J040": "what happened cannot follow the status of the application",
    "J041": "there is no such application",
    "J042": "an application, or its number, is there already",
    "J043": "there is no such programme or organisation, or it is closed",
    "J044": "the application does not wish for it, or was not offered it",
    "J045": "there is no such document, it is there already, or was judged so already",
    "J046": "time does not fit: a day that has been or is not yet, a deadline that has not passed",
    "J047": "what was to be revoked is not the last decision on the application",
    "J048": "a reason or basis that the law needs is not given",
    "J049": "the number of an application cannot be corrected",
}

__all__ = [
    "ACTIVE",
    "CODES",
    "DUE_REASONS",
    "EVENT_ORDER",
    "FAMILY",
    "IN_QUEUE",
    "KINDS",
    "ROLES",
    "TRANSITIONS",
    "Accepted",
    "Archived",
    "CapacitySet",
    "Closed",
    "ContractPrepared",
    "DataCorrected",
    "DayAdvanced",
    "Declined",
    "DocumentAdded",
    "DocumentConfirmed",
    "DocumentRefuted",
    "Due",
    "Enrolled",
    "EntryFactsChanged",
    "EntryValue",
    "Event",
    "ExceptionGranted",
    "Facts",
    "Filed",
    "Lapsed",
    "LifeCycle",
    "Moved",
    "OfApplication",
    "OfferWithdrawn",
    "Offered",
    "OrderPublished",
    "ProgrammeClosed",
    "ProgrammeOpened",
    "Restored",
    "Reviewed",
    "Revoked",
    "RulesPublished",
    "Status",
    "Suspended",
    "TerritoryActChanged",
    "Wish",
    "WishesChanged",
    "Withdrawn",
    "body_of",
    "event_of",
    "in_event_order",
    "order_digest",
]
