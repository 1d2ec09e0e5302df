"""Who wishes what, and who accepts whom: programmes with their seats, applicants with their lists, and a matching."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from functools import cached_property
from itertools import pairwise

import attrs

from queue_engine.errors import QueueEngineError


class MarketError(QueueEngineError):
    """A market cannot be used, or a mechanism cannot be run on it."""


class Unused(Enum):
    """What becomes of seats of a group that nobody of the group takes."""

    BEST = "best"  # the best of all who are left takes the seat in its turn
    GENERAL = "general"  # the seat joins the general ones: the next that are filled, or the last of all
    KEEP = "keep"  # the seat stays empty


class Ties(Enum):
    """What becomes of a tier for which there is no room as a whole.

    Source: Biró and Kiselgof, College admissions with stable score-limits, Central European Journal of Operations
    Research 23 (2015); Fleiner and Jankó, Choice function-based two-sided markets, Algorithms 7 (2014).
    """

    LOTTERY = "lottery"  # the order of the programme decides within it, as drawn numbers made it
    OVERFILL = "overfill"  # all of it are placed, on more seats than there are, if the last seat was still free
    UNDERFILL = "underfill"  # none of it is placed, nor anybody behind it, and seats stay free


@attrs.frozen
class Seats:
    """Some seats of a programme that are filled in one turn.

    Args:
        count: how many.
        group: whose seats they are; "" = general seats, open to all.
        entitled: who is in the group.
        unused: what becomes of those that the group leaves free.

    >>> Seats(2).is_general, Seats(1, "police", frozenset({"i7"})).is_general
    (True, False)

    """

    count: int
    group: str = ""
    entitled: frozenset[str] = frozenset()
    unused: Unused = Unused.GENERAL

    @property
    def is_general(self) -> bool:
        """Return whether the seats are open to all."""
        return not self.group


@attrs.frozen
class Ceiling:
    """A hard ceiling: no more than so many of a group are placed, even if seats stay free."""

    group: str
    members: frozenset[str]
    at_most: int


@attrs.frozen
class Share:
    """A share of a group, in per cent, held at every position of those who are placed."""

    group: str
    members: frozenset[str]
    percent: int


@attrs.frozen(slots=False)
class Programme:
    """What may be wished: its seats, and whom it accepts, the best first.

    Args:
        name: its name in the market.
        capacity: how many seats.
        order: whom it accepts, by priority; all ties are broken.
        tiers: the same applicants, those of equal priority together; () = nobody ties.
        seats: the seats in the order in which they are filled; () = all of them general.
        ceilings: hard ceilings.
        shares: shares held at every position; a later one gives way to those before it.
        ties: whether tiers are divided; where they are not, nothing but them and the capacity decides.

    Raises:
        ValueError: the parts contradict each other.

    >>> garden = Programme("D1", 2, ("d", "c", "a"), tiers=(("d",), ("a", "c")))
    >>> garden.rank["c"], garden.tier["c"], garden.is_plain
    (1, 1, True)

    """

    name: str
    capacity: int
    order: tuple[str, ...]
    tiers: tuple[tuple[str, ...], ...] = ()
    seats: tuple[Seats, ...] = ()
    ceilings: tuple[Ceiling, ...] = ()
    shares: tuple[Share, ...] = ()
    ties: Ties = Ties.LOTTERY

    def __attrs_post_init__(self) -> None:
        """Refuse parts that contradict each other."""
        if self.capacity < 0:
            raise ValueError(f"programme '{self.name}' has {self.capacity} seats; the capacity is 0 or more")
        if len(self.rank) != len(self.order):
            raise ValueError(f"programme '{self.name}' names an applicant twice in its order")
        if self.tiers and sorted(name for tier in self.tiers for name in tier) != sorted(self.order):
            raise ValueError(f"programme '{self.name}' has other applicants in its tiers than in its order")
        if self.seats and sum(seats.count for seats in self.seats) != self.capacity:
            described = sum(seats.count for seats in self.seats)
            raise ValueError(f"programme '{self.name}' describes {described} seats; its capacity is {self.capacity}")
        if self.seats and self.shares:
            raise ValueError(f"programme '{self.name}' has both seats of groups and shares; give one of them")
        if self.keeps_tiers and (self.seats or self.ceilings or self.shares):
            raise ValueError(f"programme '{self.name}' has rules on its seats, and tiers that are not divided")
        if self.keeps_tiers and any(self.tier[one] > self.tier[next_] for one, next_ in pairwise(self.order)):
            raise ValueError(f"programme '{self.name}' has an order that is not that of its tiers")

    @cached_property
    def rank(self) -> Mapping[str, int]:
        """Return where each accepted applicant stands, from 0."""
        return {name: rank for rank, name in enumerate(self.order)}

    @cached_property
    def tier(self) -> Mapping[str, int]:
        """Return in which tier each accepted applicant is, from 0; equal tiers are equal priority."""
        tiers = self.tiers or tuple((name,) for name in self.order)
        return {name: tier for tier, names in enumerate(tiers) for name in names}

    @property
    def keeps_tiers(self) -> bool:
        """Return whether a tier is placed as a whole or not at all."""
        return self.ties is not Ties.LOTTERY

    @property
    def is_plain(self) -> bool:
        """Return whether nothing but capacity and order decides."""
        ruled = self.ceilings or self.shares or self.keeps_tiers
        return not ruled and all(seats.is_general for seats in self.seats)


@attrs.frozen(slots=False)
class Market:
    """Programmes, and the lists of what applicants wish, the most wished first.

    Args:
        programmes: by name.
        wishes: for each applicant the names of programmes.
        lottery: drawn numbers of applicants, where they were given; the lower is the better.
        bundles: who is placed together or at the next wish, the leader first; `bundles.match_together` does it.

    Raises:
        ValueError: a wish names no programme of the market, or a bundle cannot be kept together.

    >>> market = Market.of([Programme("D1", 1, ("b",)), Programme("D2", 1, ("a", "b"))], {"a": ["D1", "D2"], "b": []})
    >>> market.mutual
    {'a': ('D2',), 'b': ()}

    """

    programmes: Mapping[str, Programme]
    wishes: Mapping[str, tuple[str, ...]]
    lottery: Mapping[str, int] = attrs.field(factory=dict)
    bundles: tuple[tuple[str, ...], ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse wishes for programmes that are not there, and bundles that cannot be kept together."""
        for applicant, wishes in self.wishes.items():
            for name in wishes:
                if name not in self.programmes:
                    raise ValueError(f"applicant '{applicant}' wishes '{name}', which is no programme of the market")
        bundled = [member for bundle in self.bundles for member in bundle]
        if len(bundled) > len(set(bundled)) or not self.wishes.keys() >= set(bundled):
            raise ValueError("a bundle names somebody who is in another one, or is no applicant of the market")
        for bundle in self.bundles:
            if len({len(self.wishes[member]) for member in bundle}) > 1:
                raise ValueError(f"the bundle of '{bundle[0]}' has members who wish different numbers of programmes")

    @classmethod
    def of(
        cls,
        programmes: Iterable[Programme],
        wishes: Mapping[str, Iterable[str]],
        lottery: Mapping[str, int] | None = None,
        bundles: Iterable[tuple[str, ...]] = (),
    ) -> Market:
        """Return the market of some programmes and lists.

        >>> list(Market.of([Programme("D1", 0, ())], {}).programmes)
        ['D1']

        """
        named = {programme.name: programme for programme in programmes}
        return cls(named, {name: tuple(wished) for name, wished in wishes.items()}, dict(lottery or {}), tuple(bundles))

    @cached_property
    def mutual(self) -> Mapping[str, tuple[str, ...]]:
        """Return for each applicant the wishes for programmes that accept them.

        A wish for a programme that does not accept the applicant can never come true;
        mechanisms that count rounds must not count it.
        """
        accepted = {name: programme.rank for name, programme in self.programmes.items()}
        return {
            applicant: tuple(wish for wish in wishes if applicant in accepted[wish])
            for applicant, wishes in self.wishes.items()
        }

    @property
    def is_plain(self) -> bool:
        """Return whether no programme has seats of groups, ceilings, shares or tiers that are not divided."""
        return all(programme.is_plain for programme in self.programmes.values())


@attrs.frozen
class Matching:
    """Who is placed where; an applicant without a place is placed at None.

    >>> matching = Matching({"a": "D1", "b": None, "c": "D1"})
    >>> matching.at("D1"), matching.unplaced(), matching.placed["b"]
    (('a', 'c'), ('b',), None)
    >>> matching == Matching({"c": "D1", "b": None, "a": "D1"})
    True

    """

    placed: Mapping[str, str | None]

    def at(self, programme: str) -> tuple[str, ...]:
        """Return who is placed at a programme, in the order of the matching."""
        return tuple(applicant for applicant, place in self.placed.items() if place == programme)

    def by_programme(self) -> dict[str, tuple[str, ...]]:
        """Return who is placed at each programme that has somebody.

        >>> Matching({"a": "D1", "b": None}).by_programme()
        {'D1': ('a',)}

        """
        found: dict[str, list[str]] = {}
        for applicant, programme in self.placed.items():
            if programme is not None:
                found.setdefault(programme, []).append(applicant)
        return {programme: tuple(applicants) for programme, applicants in found.items()}

    def unplaced(self) -> tuple[str, ...]:
        """Return who has no place, in the order of the matching."""
        return tuple(applicant for applicant, place in self.placed.items() if place is None)
