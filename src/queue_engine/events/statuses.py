"""The statuses of an application and the table of what may follow what, for all four services.

The services name their statuses differently; the table is one. School: PLACED is an offer that the order of
admission enrols. Camp: MAIN is an offer, DOCS_WAIT the consent, a paid voucher the contract, NO_SHOW a lapse. College:
IN_COMPETITION is registered, RECOMMENDED an offer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from queue_engine.facts import Title


class Status(Enum):
    """Where an application stands in its life."""

    RECEIVED = "received"
    REVIEW = "review"
    CONFIRM_DATA = "confirm_data"
    REGISTERED = "registered"
    OFFERED = "offered"
    CONSENT = "consent"
    CONTRACT = "contract"
    ENROLLED = "enrolled"
    DECLINED = "declined"
    UNCONFIRMED = "unconfirmed"
    SUSPENDED = "suspended"
    INACTIVE = "inactive"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    MOVED = "moved"
    CLOSED = "closed"
    ARCHIVED = "archived"


IN_QUEUE = frozenset({Status.REGISTERED})
"""The statuses in which an application has a place in queues.

An application one of whose documents waits to be confirmed, or whose wishes were just changed, stays registered: it
keeps its place, without the right the document would give. An offered one holds a place and is in no queue.
"""

PLACED = frozenset({Status.OFFERED, Status.CONSENT, Status.CONTRACT})
"""The statuses in which an application holds a place that is not yet final."""

ACTIVE = frozenset(Status) - {
    Status.ENROLLED,
    Status.WITHDRAWN,
    Status.REFUSED,
    Status.MOVED,
    Status.CLOSED,
    Status.ARCHIVED,
}
"""The statuses from which something may still come; the others end the application."""

TITLES: Mapping[Status, Title] = {
    Status.RECEIVED: Title("заявление получено", "received"),
    Status.REVIEW: Title("начато рассмотрение", "under review"),
    Status.CONFIRM_DATA: Title("требуется подтверждение данных", "waiting for papers"),
    Status.REGISTERED: Title("в очереди", "registered"),
    Status.OFFERED: Title("место предоставлено", "offered a place"),
    Status.CONSENT: Title("согласие направлено", "agreed to the place"),
    Status.CONTRACT: Title("ожидание заключения договора", "waiting for the contract"),
    Status.ENROLLED: Title("зачислен", "enrolled"),
    Status.DECLINED: Title("заявитель отказался от места", "set aside: the place was declined"),
    Status.UNCONFIRMED: Title("потребность не подтверждена", "set aside: nobody answered in time"),
    Status.SUSPENDED: Title("действие приостановлено", "suspended"),
    Status.INACTIVE: Title("данные не подтверждены в срок", "set aside: papers were not shown in time"),
    Status.WITHDRAWN: Title("заявление отозвано", "withdrawn"),
    Status.REFUSED: Title("отказано в услуге", "refused"),
    Status.MOVED: Title("передано в другой муниципалитет", "moved to another municipality"),
    Status.CLOSED: Title("закрыто", "closed"),
    Status.ARCHIVED: Title("в архиве", "archived"),
}
"""What people read for a status."""


def _staying(statuses: Iterable[Status]) -> Mapping[Status, Status]:
    within = frozenset(statuses)
    return {status: status for status in Status if status in within}


def _all(statuses: frozenset[Status], to: Status) -> Mapping[Status, Status]:
    return {status: to for status in Status if status in statuses}


_BEFORE = frozenset({Status.RECEIVED, Status.REVIEW, Status.CONFIRM_DATA})
_ASIDE = frozenset({Status.DECLINED, Status.UNCONFIRMED, Status.SUSPENDED})

TRANSITIONS: Mapping[str, Mapping[Status, Status]] = {
    "reviewed taken": {Status.RECEIVED: Status.REVIEW},
    "reviewed confirm_data": {Status.RECEIVED: Status.CONFIRM_DATA, Status.REVIEW: Status.CONFIRM_DATA},
    "reviewed registered": _all(_BEFORE, Status.REGISTERED),
    "reviewed refused": _all(_BEFORE | IN_QUEUE, Status.REFUSED),
    "document_added": _staying(ACTIVE),
    "document_confirmed": _staying(ACTIVE),
    "document_refuted": _staying(ACTIVE),
    # Who holds a place answers for it first.
    "wishes_changed": _staying(ACTIVE - PLACED),
    # Data of an application that has ended are corrected too: papers about it are still written.
    "data_corrected": _staying(Status),
    "entry_facts_changed": _staying(ACTIVE),
    "due": _staying(ACTIVE),
    "restored": {**_all(_ASIDE, Status.REGISTERED), Status.INACTIVE: Status.CONFIRM_DATA},
    "offered": _all(IN_QUEUE, Status.OFFERED),
    "accepted": {Status.OFFERED: Status.CONSENT},
    "contract_prepared": {Status.CONSENT: Status.CONTRACT},
    "declined": _all(PLACED, Status.DECLINED),
    "lapsed suspended": {**_all(PLACED, Status.UNCONFIRMED), Status.CONFIRM_DATA: Status.INACTIVE},
    "lapsed returned": _all(PLACED, Status.REGISTERED),
    "enrolled": _all(PLACED, Status.ENROLLED),
    "offer_withdrawn": _all(PLACED, Status.REGISTERED),
    "exception_granted": _all(IN_QUEUE | _ASIDE, Status.OFFERED),
    # A place for the time being takes nobody from the queue.
    "interim_placed": _staying(IN_QUEUE),
    "interim_ended": _staying(ACTIVE),
    "suspended": _all(IN_QUEUE, Status.SUSPENDED),
    "withdrawn": _all(ACTIVE, Status.WITHDRAWN),
    "moved": _all(ACTIVE, Status.MOVED),
    "closed": _all(ACTIVE, Status.CLOSED),
    "archived": _all(ACTIVE, Status.ARCHIVED),
}
"""What may follow what: for each step of the life cycle, the statuses it may come in and the status after it.

`filed` begins with `RECEIVED`; `revoked` returns to the status before the revoked decision. Sources: domain statuses
110–250 of the federal portal; an application set aside comes back with its first date.
"""

CANNOT: Mapping[str, str] = {
    "reviewed taken": "be taken for review",
    "reviewed confirm_data": "be asked for papers",
    "reviewed registered": "be registered",
    "reviewed refused": "be refused",
    "document_added": "get a document",
    "document_confirmed": "have a document confirmed",
    "document_refuted": "have a document refuted",
    "wishes_changed": "change its wishes",
    "entry_facts_changed": "have facts of its wishes changed",
    "due": "be due",
    "restored": "be restored",
    "offered": "be offered a place",
    "accepted": "accept a place",
    "contract_prepared": "get a contract",
    "declined": "decline a place",
    "lapsed suspended": "lapse",
    "lapsed returned": "lapse",
    "enrolled": "be enrolled",
    "offer_withdrawn": "lose an offer",
    "exception_granted": "be granted a place by exception",
    "interim_placed": "get an interim place",
    "interim_ended": "lose an interim place",
    "suspended": "be suspended",
    "withdrawn": "be withdrawn",
    "moved": "be moved",
    "closed": "be closed",
    "archived": "be archived",
}
"""How messages name what a step would have done; of the steps of `TRANSITIONS` all that can be refused."""
