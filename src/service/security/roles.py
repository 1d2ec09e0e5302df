"""Roles, and how far a right reaches: one's own, one's group, organisation, municipality, or everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum

import attrs


class Role(StrEnum):
    """What somebody is in the system; one account may have several, and acts in one of them at a time."""

    NOBODY = "nobody"
    """Not signed in: the public."""
    PARENT = "parent"
    LEARNER = "learner"
    TEACHER = "teacher"
    """Teachers, curators and educators: their own groups."""
    METHODIST = "methodist"
    SECRETARY = "secretary"
    PERSONNEL = "personnel"
    HEAD = "head"
    """The head of an organisation."""
    MFC = "mfc"
    """The desk of a multifunctional centre: files on paper, decides nothing."""
    OFFICER = "officer"
    """An education officer of a municipality."""
    COMMISSION = "commission"
    """A member of the commission, who approves what an officer has prepared."""
    SECTOR = "sector"
    """Another ministry (sport, culture, social protection, health): its own organisations."""
    MINISTRY = "ministry"
    """The owner: reads everywhere, decides on regulations and statistics."""
    OPERATOR = "operator"
    """The regional operator: accounts, regulations, support; changes no queue."""
    AUDITOR = "auditor"


class Reach(IntEnum):
    """How far a right reaches; a wider one contains the narrower ones."""

    OWN = 1
    """What is one's own, or of a child one represents."""
    GROUP = 2
    """The groups one leads."""
    ORGANISATION = 3
    MUNICIPALITY = 4
    EVERYWHERE = 5


@attrs.frozen
class Actor:
    """Who is asking, in the one role of the session.

    Args:
        account: the number of the account; 0 = nobody is signed in.
        role: the role acted in.
        municipality: the municipality of the role; "" = none.
        organisation: the organisation of the role; "" = none.
        person: the id of the person in the registry; "" = not linked.
        own: ids of the persons whose rows are one's own: oneself and the children one represents.
        groups: ids of the groups one leads.
        rights: what the role may do, and how far.

    >>> Actor(7, Role.OFFICER, "75701000").name
    'officer:7'

    """

    account: int = 0
    role: Role = Role.NOBODY
    municipality: str = ""
    organisation: str = ""
    person: str = ""
    own: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    rights: Mapping[str, Reach] = attrs.field(factory=dict, eq=False, repr=False)

    @property
    def name(self) -> str:
        """Return how journals and audits name the actor: never a person's name."""
        return f"{self.role}:{self.account}" if self.account else str(self.role)


NOBODY = Actor()


@attrs.frozen
class Subject:
    """Whose something is: all that rights are decided by.

    Args:
        municipality: where it belongs; "" = to no municipality.
        organisation: whose it is; "" = of no organisation.
        group: the group of children it is about.
        persons: ids of the persons it is about.
        account: the account that owns it; 0 = none.

    """

    municipality: str = ""
    organisation: str = ""
    group: str = ""
    persons: frozenset[str] = frozenset()
    account: int = 0


def reaches(actor: Actor, reach: Reach, subject: Subject) -> bool:
    """Return whether a right of that reach extends to something.

    >>> officer = Actor(7, Role.OFFICER, "75701000")
    >>> reaches(officer, Reach.MUNICIPALITY, Subject("75701000", "ds-1")), reaches(officer, Reach.EVERYWHERE, Subject())
    (True, True)
    >>> reaches(officer, Reach.MUNICIPALITY, Subject("75752000"))
    False

    """
    if reach is Reach.EVERYWHERE:
        return True
    there = actor.municipality != "" and actor.municipality == subject.municipality
    if reach is Reach.MUNICIPALITY:
        return there
    if reach is Reach.ORGANISATION:
        return there and actor.organisation != "" and actor.organisation == subject.organisation
    if reach is Reach.GROUP and subject.group in actor.groups:
        return True
    owned = actor.account != 0 and actor.account == subject.account
    return owned or bool(actor.own & subject.persons)
