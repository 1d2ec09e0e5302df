"""What each role may do, and how far: tables of rights that read as sentences, and the question they answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from service.problems import MissingError, NotAllowedError, NotSignedInError
from service.security.roles import Actor, Reach, Role, Subject, reaches

EVERYBODY: Mapping[Role, Reach] = dict.fromkeys(Role, Reach.EVERYWHERE)
"""Signed in or not."""
SIGNED_IN: Mapping[Role, Reach] = {role: Reach.OWN for role in Role if role is not Role.NOBODY}
"""Whoever is signed in, each for themselves."""


@attrs.frozen
class Right:
    """One thing that may be done, by whom.

    Args:
        roles: how far it reaches for each role; a role that is not named may not do it at all.
        audited: whether doing it leaves an entry in the audit: it writes, or its answer holds personal data.

    """

    roles: Mapping[Role, Reach]
    audited: bool = True


@attrs.frozen(eq=False)
class Rights:
    """Every right there is, by name.

    >>> rights = Rights.of({"queues.read": Right(EVERYBODY, audited=False)})
    >>> rights.of_role(Role.NOBODY)
    {'queues.read': <Reach.EVERYWHERE: 5>}

    """

    table: Mapping[str, Right]
    _by_role: dict[Role, dict[str, Reach]] = attrs.field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        """Turn the table: by role."""
        for name, right in self.table.items():
            for role, reach in right.roles.items():
                self._by_role.setdefault(role, {})[name] = reach

    @classmethod
    def of(cls, *tables: Mapping[str, Right]) -> Rights:
        """Put tables together.

        Raises:
            ValueError: two of them name the same right.

        """
        whole: dict[str, Right] = {}
        for table in tables:
            twice = whole.keys() & table.keys()
            if twice:
                message = f"these rights are declared twice: {', '.join(sorted(twice))}"
                raise ValueError(message)
            whole |= table
        return cls(whole)

    def of_role(self, role: Role) -> Mapping[str, Reach]:
        """Return what a role may do, and how far."""
        return self._by_role.get(role, {})

    def missing(self, named: Iterable[str]) -> list[str]:
        """Return the names that no right has."""
        return sorted(set(named) - self.table.keys())


def reach_of(actor: Actor, right: str) -> Reach | None:
    """Return how far a right of somebody reaches; None = they may not do it at all."""
    return actor.rights.get(right)


def may(actor: Actor, right: str, subject: Subject) -> bool:
    """Return whether somebody may do this to something."""
    reach = actor.rights.get(right)
    return reach is not None and reaches(actor, reach, subject)


def require_role(actor: Actor, right: str) -> Reach:
    """Return how far a right of somebody reaches.

    Raises:
        NotSignedInError: nobody is signed in, and this needs somebody.
        NotAllowedError: the role may not do it to anything.

    """
    reach = actor.rights.get(right)
    if reach is not None:
        return reach
    if actor.role is Role.NOBODY:
        raise NotSignedInError("this needs somebody who is signed in", "sign in, and ask again")
    raise NotAllowedError(f"the role {actor.role} may not do this", "act in another of your roles, or ask the operator")


def require(actor: Actor, right: str, subject: Subject | None) -> None:
    """Go on only if somebody may do this to something.

    Args:
        actor: who asks.
        right: what is to be done.
        subject: whose it is; None = there is no such thing.

    Raises:
        MissingError: it is not there, or is out of reach: both are answered alike.
        NotSignedInError: nobody is signed in, and this needs somebody.
        NotAllowedError: the role may not do it to anything.

    """
    reach = require_role(actor, right)
    if subject is None or not reaches(actor, reach, subject):
        raise MissingError("there is nothing of this id that you may see", "check the id, and the role you act in")
