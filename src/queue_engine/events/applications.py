"""What can happen to an application, from filing to enrolment, and what may undo it.

An enrolment always follows an offer: nobody is enrolled past the queue without an event that says so.
Nothing is ever edited: a mistake is put right by `DataCorrected` or `Revoked`, which name the paper they rest on.
"""

from __future__ import annotations

import attrs

from queue_engine.events.model import WISHES, Facts, OfApplication, Wish
from queue_engine.events.shapes import (
    COUNT,
    DAY,
    ENTRY,
    FACT_NAMES,
    FACTS,
    ID,
    NAME,
    REASON,
    SECOND,
    TEXT,
    Shape,
    known,
    one_of,
    several,
)

DUE_REASONS = ("document_ended", "document_began", "age_reached", "date_reached", "rules_date")
"""Why an application's place in the order changes by itself on a day."""

INTERIM_SEATS = ("temporary", "short_stay")
"""The kinds of places that are held without being enrolled."""

_REASONS = Shape(
    f"a tuple of at least one of {', '.join(DUE_REASONS)}, in this order",
    lambda value: type(value) is tuple and value != () and value == tuple(r for r in DUE_REASONS if r in value),
    list,
    several,
)


@attrs.frozen
class Filed(OfApplication):
    """An application was made. `submitted_at`, in civil seconds, and `number` stay with it for good.

    >>> Filed("12", 12, 1_767_225_600, {"child.birth_date": 19478}, [Wish("Garden 5")], at=0, actor="mfc").step
    'filed'

    """

    number: int = attrs.field(validator=COUNT)
    submitted_at: int = attrs.field(validator=SECOND)
    facts: Facts = attrs.field(converter=known, validator=FACTS)
    wishes: tuple[Wish, ...] = attrs.field(converter=several, validator=WISHES)
    service: str = attrs.field(default="", validator=NAME)


@attrs.frozen
class Reviewed(OfApplication):
    """An officer took the application, asked for papers (until `deadline`), registered or refused it."""

    outcome: str = attrs.field(validator=one_of("taken", "confirm_data", "registered", "refused"))
    reason: str = attrs.field(default="", validator=TEXT)
    basis: str = attrs.field(default="", validator=TEXT)
    deadline: int | None = attrs.field(default=None, validator=DAY)

    @property
    def step(self) -> str:
        """Return the kind and the outcome."""
        return f"{self.kind} {self.outcome}"


@attrs.frozen
class DocumentAdded(OfApplication):
    """A document was handed in that confirms a category from `first` to `last`; it counts once confirmed."""

    document: str = attrs.field(validator=ID)
    category: str = attrs.field(validator=ID)
    first: int | None = attrs.field(default=None, validator=DAY)
    last: int | None = attrs.field(default=None, validator=DAY)
    evidence: str = attrs.field(default="", validator=TEXT)


@attrs.frozen
class DocumentConfirmed(OfApplication):
    """A document was found true; its days are those the officer saw, where he gives them."""

    document: str = attrs.field(validator=ID)
    first: int | None = attrs.field(default=None, validator=DAY)
    last: int | None = attrs.field(default=None, validator=DAY)
    evidence: str = attrs.field(default="", validator=TEXT)


@attrs.frozen
class DocumentRefuted(OfApplication):
    """A document was found wrong or void; it no longer counts."""

    document: str = attrs.field(validator=ID)
    reason: str = attrs.field(validator=REASON)


@attrs.frozen
class WishesChanged(OfApplication):
    """The family changed what it wishes for; the date of the application stays.

    What was known at a programme or organisation that is still wished for stays known, unless a wish says otherwise.
    """

    wishes: tuple[Wish, ...] = attrs.field(converter=several, validator=WISHES)


@attrs.frozen
class DataCorrected(OfApplication):
    """Facts of the application were wrong or changed: the new ones, and the names of those no longer known."""

    facts: Facts = attrs.field(converter=known, validator=FACTS)
    reason: str = attrs.field(validator=REASON)
    document: str = attrs.field(validator=REASON)
    forgotten: tuple[str, ...] = attrs.field(default=(), converter=several, validator=FACT_NAMES)


@attrs.frozen
class EntryFactsChanged(OfApplication):
    """What is known of the application at one wished programme or organisation changed: a sibling came or left."""

    facts: Facts = attrs.field(converter=known, validator=FACTS)
    programme: str = attrs.field(default="", validator=TEXT)
    organisation: str = attrs.field(default="", validator=TEXT)
    forgotten: tuple[str, ...] = attrs.field(default=(), converter=several, validator=FACT_NAMES)
    reason: str = attrs.field(default="", validator=TEXT)

    @property
    def target(self) -> tuple[str, str]:
        """Return the wish that is meant."""
        return self.programme, self.organisation


@attrs.frozen
class Due(OfApplication):
    """The day itself changed what the application has in the order: a document ended, an age was reached, …."""

    reasons: tuple[str, ...] = attrs.field(converter=several, validator=_REASONS)


@attrs.frozen
class Restored(OfApplication):
    """An application that was set aside is in the queue again, with its first date."""

    reason: str = attrs.field(default="", validator=TEXT)


@attrs.frozen
class Offered(OfApplication):
    """A place was offered; the family answers until the end of the day `deadline`."""

    programme: str = attrs.field(validator=ID)
    deadline: int = attrs.field(validator=DAY)
    protocol: str = attrs.field(default="", validator=TEXT)


@attrs.frozen
class Accepted(OfApplication):
    """The family agreed to the place; papers are handed in until the end of the day `deadline`."""

    programme: str = attrs.field(validator=ID)
    deadline: int | None = attrs.field(default=None, validator=DAY)


@attrs.frozen
class ContractPrepared(OfApplication):
    """The organisation accepted the papers; the contract is signed until the end of the day `deadline`."""

    programme: str = attrs.field(validator=ID)
    deadline: int | None = attrs.field(default=None, validator=DAY)


@attrs.frozen
class Declined(OfApplication):
    """The family refused the place; the application is set aside until it asks for it again."""

    programme: str = attrs.field(validator=ID)
    reason: str = attrs.field(default="", validator=TEXT)


@attrs.frozen
class Lapsed(OfApplication):
    """Nobody answered in time: the application is set aside, or is back in the queue where the town has it so."""

    outcome: str = attrs.field(validator=one_of("suspended", "returned"))
    reason: str = attrs.field(default="", validator=TEXT)

    @property
    def step(self) -> str:
        """Return the kind and the outcome."""
        return f"{self.kind} {self.outcome}"


@attrs.frozen
class Enrolled(OfApplication):
    """The child was enrolled by an order."""

    programme: str = attrs.field(validator=ID)
    basis: str = attrs.field(default="", validator=TEXT)


@attrs.frozen
class OfferWithdrawn(OfApplication):
    """The place that was offered is not there: a building closed, a protocol annulled. The date is kept."""

    programme: str = attrs.field(validator=ID)
    reason: str = attrs.field(validator=REASON)
    basis: str = attrs.field(validator=REASON)


@attrs.frozen
class ExceptionGranted(OfApplication):
    """A place outside the order: a court's decision, a prosecutor's demand. `seat` says where the place comes from."""

    programme: str = attrs.field(validator=ID)
    document: str = attrs.field(validator=REASON)
    basis: str = attrs.field(validator=REASON)
    seat: str = attrs.field(validator=REASON)
    deadline: int | None = attrs.field(default=None, validator=DAY)


@attrs.frozen
class InterimPlaced(OfApplication):
    """A place for the time being: for a set time (temporary), or in a short-stay group.

    It is no enrolment: the application stays registered and keeps its place in every queue.
    """

    programme: str = attrs.field(validator=ID)
    seat: str = attrs.field(validator=one_of(*INTERIM_SEATS))
    until: int | None = attrs.field(default=None, validator=DAY)
    protocol: str = attrs.field(default="", validator=TEXT)


@attrs.frozen
class InterimEnded(OfApplication):
    """The interim place is no longer held; nothing else changes."""

    programme: str = attrs.field(validator=ID)
    reason: str = attrs.field(default="", validator=TEXT)


@attrs.frozen
class Suspended(OfApplication):
    """The application was set aside on a ground of its own; the date is kept."""

    reason: str = attrs.field(validator=REASON)
    basis: str = attrs.field(default="", validator=TEXT)


@attrs.frozen
class Withdrawn(OfApplication):
    """The application was taken back, by the family or, with reason and basis, by somebody else."""

    reason: str = attrs.field(default="", validator=TEXT)
    basis: str = attrs.field(default="", validator=TEXT)


@attrs.frozen
class Moved(OfApplication):
    """The application was handed over to another municipality."""

    municipality: str = attrs.field(validator=ID)
    basis: str = attrs.field(default="", validator=TEXT)


@attrs.frozen
class Closed(OfApplication):
    """The application lost its object: the child is enrolled elsewhere, the college competition is over."""

    reason: str = attrs.field(validator=REASON)
    basis: str = attrs.field(default="", validator=TEXT)


@attrs.frozen
class Archived(OfApplication):
    """The child is past the age of the service."""

    reason: str = attrs.field(validator=REASON)


@attrs.frozen
class Revoked(OfApplication):
    """The last decision on the application, recorded as entry `decision`, was a mistake; its status is as before it."""

    decision: int = attrs.field(validator=ENTRY)
    reason: str = attrs.field(validator=REASON)
    document: str = attrs.field(validator=REASON)
