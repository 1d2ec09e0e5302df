"""A round: what was frozen before it, and what came out of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

import attrs

from queue_engine.errors import Problem, QueueEngineError

HELD, GENERAL, OTHERS = "held", "general", "others"
"""What seat somebody got: one held before, a general one, one that was offered beyond the wishes; else a reserve's."""

CODES: Mapping[str, str] = {
    "D001": "a cell of the places is not what it has to be, or is missing",
    "D002": "a programme has two rows of places, or is not known",
    "D003": "more places are offered than the norm allows, or more withheld than declared",
    "D004": "places are withheld without a ground",
    "D005": "children who hold a place are more than the places",
    "D006": "a child holds two places, or it cannot be told which",
    "D007": "unused places cannot flow there: in a circle, to an earlier pass, or out of seats of groups or held ones",
    "D008": "temporary places have no last day, or stand in one pass with others",
    "D009": "a held place is of another pass than a wish before it",
    "D010": "a bundle names somebody who takes no part, or twice, or goes round in a circle",
    "D011": "members of a bundle have different numbers of wishes",
    "D012": "a round cannot be read: its form, its digest or its order is wrong",
    "D013": "a round does not have a property it must have",
    "D014": "a name cannot stand in a round",
    "D015": "equals that are not divided stand beside seats of groups, or beside places that flow on",
    "D016": "the folder for the files of a round is not empty",
}


class RoundError(QueueEngineError):
    """A round cannot be frozen, read or published; `problems` says who, where and what to do."""


@attrs.frozen
class SeatReserve:
    """Seats of a programme set aside for a group.

    Args:
        reserve: the id of the reserve in the rules.
        entitled: whose seats they are, in the order of the programme.
        seats: how many.
        filled: "before_general" or "after_general".
        unused: "general" = empty ones are given to all; "keep" = they stay empty.

    """

    reserve: str
    entitled: tuple[str, ...]
    seats: int
    filled: str = "before_general"
    unused: str = "general"


@attrs.frozen(slots=False)
class Programme:
    """A programme of a round: the ledger of its seats, and whom it accepts.

    Args:
        programme: its id.
        organisation: where it is; "" = not said.
        stage: the pass it takes part in.
        declared: how many places the organisation declared, those that transfers hold now included.
        order: whom it accepts, the first the best; those who hold a place there stand first.
        withheld: how many of the places declared are not given in the round.
        ground: why they are withheld.
        norm: how many places area and group norms allow; None = not said.
        reserves: seats set aside, as the rules declare them.
        holders: applicants who hold a place there now.
        flows_to: the programme that gets the seats nobody takes; "" = none.
        interim: "temporary" or "short_stay" where such a place leaves the child in the queue; "" = an ordinary one.
        until: the last day of temporary places.
        ties: "overfill" or "underfill" where equals are treated alike; "" = ties are broken.
        tiers: the same applicants as `order`, equals together; () = nobody ties.
        others: who may be offered a place there without having wished for it, the first the best.

    >>> Programme("D1", "", "main", 3, ("a",), withheld=1, ground="court decision").seats
    2

    """

    programme: str
    organisation: str
    stage: str
    declared: int
    order: tuple[str, ...]
    withheld: int = 0
    ground: str = ""
    norm: int | None = None
    reserves: tuple[SeatReserve, ...] = ()
    holders: tuple[str, ...] = ()
    flows_to: str = ""
    interim: str = ""
    until: int | None = None
    ties: str = ""
    tiers: tuple[tuple[str, ...], ...] = ()
    others: tuple[str, ...] = ()

    @property
    def seats(self) -> int:
        """Return how many seats are given in the round."""
        return self.declared - self.withheld

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Return the 1-based place of everybody it accepts."""
        return {name: place for place, name in enumerate(self.order, start=1)}


@attrs.frozen
class Applicant:
    """Who takes part: wishes, the dearest first, and what may be offered when none is free, the nearest first."""

    application: str
    wishes: tuple[str, ...]
    others: tuple[str, ...] = ()


@attrs.frozen(slots=False)
class Frozen:
    """Everything a round is computed from.

    Args:
        round: its name.
        on: the day the orders are of.
        rules: the digest of the rules.
        list_root: of all applicants, `allocation.lottery.list_root`.
        stages: the passes, in the order in which they run.
        programmes: sorted by id.
        applicants: in the order of their numbers.
        bundles: who goes together or not at all, the leader first.
        service: of which service; "" = the only one.

    """

    round: str
    on: int
    rules: str
    list_root: str
    stages: tuple[str, ...]
    programmes: tuple[Programme, ...]
    applicants: tuple[Applicant, ...]
    bundles: tuple[tuple[str, ...], ...] = ()
    service: str = ""

    @cached_property
    def programme(self) -> Mapping[str, Programme]:
        """Return the programmes by id."""
        return {each.programme: each for each in self.programmes}

    @cached_property
    def wishes(self) -> Mapping[str, tuple[str, ...]]:
        """Return the wishes of each applicant."""
        return {each.application: each.wishes for each in self.applicants}

    @cached_property
    def bundled(self) -> frozenset[str]:
        """Return all who are in a bundle."""
        return frozenset(name for bundle in self.bundles for name in bundle)

    @cached_property
    def held(self) -> Mapping[str, str]:
        """Return the programme at which applicants hold a place now."""
        return {name: each.programme for each in self.programmes for name in each.holders}


@attrs.frozen
class Placed:
    """A place somebody gets.

    Args:
        application: who.
        programme: where.
        wish: which wish it was, from 1; behind the wishes stand the others that may be offered.
        stage: the pass in which it was given.
        seat: `GENERAL`, `HELD`, `OTHERS`, or the id of a reserve.
        interim: whether the applicant stays in the queue with it.

    """

    application: str
    programme: str
    wish: int
    stage: str
    seat: str = GENERAL
    interim: bool = False


@attrs.frozen
class CutOff:
    """How far a programme came in its order.

    Args:
        programme: which.
        seats: how many it had after unused seats had flowed.
        placed: how many got one, those offered beyond their wishes included.
        last: who of those placed by their wishes stands last in the order; "" = nobody was placed so.
        position: their place in it, from 1; 0 = nobody.
        kept: seats that stay empty for a group.
        received: seats that flowed in.
        given_on: seats that flowed out.

    """

    programme: str
    seats: int
    placed: int
    last: str = ""
    position: int = 0
    kept: int = 0
    received: int = 0
    given_on: int = 0

    @property
    def free(self) -> int:
        """Return how many seats are empty, those kept included."""
        return max(self.seats - self.placed, 0)


@attrs.frozen(slots=False)
class Outcome:
    """What came out of a round.

    Args:
        round: its name.
        placed: who got what, in the order of the applicants.
        cutoffs: one a programme, by id.
        struck: for each applicant in a bundle, the wishes given up since not all of it could have them.
        runs: how many markets were matched.

    """

    round: str
    placed: Mapping[str, Placed]
    cutoffs: Mapping[str, CutOff]
    struck: Mapping[str, frozenset[str]] = attrs.field(factory=dict)
    runs: int = 1

    def at(self, programme: str) -> tuple[str, ...]:
        """Return who got a place at a programme, in the order of the applicants."""
        return tuple(name for name, each in self.placed.items() if each.programme == programme)


def refuse(problems: Iterable[Problem]) -> None:
    """Raise all problems together, if there are any.

    Raises:
        RoundError: there are some.

    """
    found = list(problems)
    if found:
        raise RoundError(found)
