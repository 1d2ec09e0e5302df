"""What the papers of the service say, before they are laid out."""

from __future__ import annotations

from datetime import date

import attrs


@attrs.frozen
class Person:
    """Somebody who signs: the office and the name."""

    role: str
    name: str


@attrs.frozen
class ProtocolRow:
    """One application the commission looked at.

    Args:
        application: its number; names do not stand in the protocol.
        position: its place in the queue before the decision.
        ground: why it stands there, in words.
        decision: what was decided.

    """

    application: str
    position: int
    ground: str
    decision: str


@attrs.frozen
class ProtocolPart:
    """What was decided about one programme.

    Args:
        programme: the programme and its organisation, in words.
        free: places that were free.
        sent: applications that got a place.
        rows: the applications.

    """

    programme: str
    free: int
    sent: int
    rows: tuple[ProtocolRow, ...]


@attrs.frozen
class Protocol:
    """The protocol of a session of the commission.

    Args:
        authority: the body the commission belongs to.
        number: of the protocol.
        day: of the session; the creation date of the file too.
        service: the service in words.
        programmes: what was decided, by programme.
        members: those present, who sign.
        decided: resolutions at the end.
        rules: the rules the order follows: name, edition, digest.
        entry: number and digest of the journal's entry the order was computed at.

    """

    authority: str
    number: str
    day: date
    service: str
    programmes: tuple[ProtocolPart, ...]
    members: tuple[Person, ...] = ()
    decided: tuple[str, ...] = ()
    rules: str = ""
    entry: str = ""


@attrs.frozen
class Registration:
    """The notice that an application is registered.

    Args:
        authority: who registered it.
        application: its number.
        day: of the notice.
        submitted: when it was filed, in words.
        service: the service in words.
        wishes: the programmes, the most wanted first.
        documents: each document and its state, in words.
        desired: the desired date of enrolment, in words.
        address: where the application can be followed.

    """

    authority: str
    application: str
    day: date
    submitted: str
    service: str
    wishes: tuple[str, ...]
    documents: tuple[tuple[str, str], ...] = ()
    desired: str = ""
    address: str = ""


@attrs.frozen
class Referral:
    """A referral (направление) to an organisation.

    Args:
        authority: who refers.
        number: of the referral.
        day: of the referral.
        application: its number.
        organisation: where the child is referred to.
        programme: the group or class.
        ground: why, in words.
        until: the last day to come, in words.
        signed_by: who signs it.

    """

    authority: str
    number: str
    day: date
    application: str
    organisation: str
    programme: str
    ground: str
    until: str
    signed_by: Person | None = None


@attrs.frozen
class Change:
    """One change of a place: when, from which place to which («—» = none), and why, in words."""

    when: str
    was: str
    now: str
    reason: str


@attrs.frozen
class Extract:
    """An extract of the place of an application in one queue, with the grounds of its changes.

    Args:
        authority: who gives it.
        application: its number.
        day: the day the place is of.
        programme: the queue, in words.
        position: the place, from 1.
        length: of the queue.
        grounds: what decides the order, and the application's value, in words.
        changes: the history, in order.
        rules: the rules the order follows: name, edition, digest.
        entry: number and digest of the journal's entry the place was computed at.

    """

    authority: str
    application: str
    day: date
    programme: str
    position: int
    length: int
    grounds: tuple[tuple[str, str], ...]
    changes: tuple[Change, ...] = ()
    rules: str = ""
    entry: str = ""
