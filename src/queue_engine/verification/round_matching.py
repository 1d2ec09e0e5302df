"""Computes a round anew: every programme chooses from scratch among all who ever asked, until nobody asks (§9.4–§9.6).

Nothing here proposes one by one. A sweep lets everybody who was refused ask the next wish, and lets each programme that
was asked choose anew out of all who have asked it since the beginning; who was refused once stays so. The sweeps end in
the fixed point that is best for the applicants, because choices only ever refuse more when more ask.

Source: Hatfield and Milgrom, Matching with contracts, American Economic Review 95 (2005); for tiers, Biró and Kiselgof,
College admissions with stable score-limits, Central European Journal of Operations Research 23 (2015).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from .round_model import OTHERS, Cutoff, Frozen, Place
from .round_seats import Seated, seated


class Ask(NamedTuple):
    """A wish as it is asked for: its number, the programme, and the position there."""

    wish: int
    programme: str
    position: int


Choice: TypeAlias = Callable[[str, list[int]], Iterable[int]]
"""choice(programme, positions rising): those it takes."""


@dataclass(frozen=True, slots=True)
class Computed:
    """What has to come out of a round: a place for everybody, and a cut-off for every programme."""

    places: dict[str, Place]
    cutoffs: dict[str, Cutoff]


def fixed_point(asks: Mapping[str, list[Ask]], orders: Mapping[str, list[str]], choice: Choice) -> dict[str, Ask]:
    """Return the asks that are granted, by applicant.

    Args:
        asks: those of every applicant, the best first.
        orders: who stands at the positions of every programme.
        choice: whom a programme takes among all who ever asked.

    Complexity: for every sweep, one choice of each programme that was asked in it.

    >>> asks = {"a": [Ask(1, "P", 2), Ask(2, "Q", 1)], "b": [Ask(1, "P", 1)]}
    >>> granted = fixed_point(asks, {"P": ["b", "a"], "Q": ["a"]}, lambda programme, asking: asking[:1])
    >>> {name: ask.programme for name, ask in granted.items()}
    {'a': 'Q', 'b': 'P'}

    """
    asked: dict[str, list[int]] = defaultdict(list)
    refused: dict[str, set[int]] = defaultdict(set)
    at = dict.fromkeys(asks, 0)
    fresh: dict[str, list[int]] = defaultdict(list)
    for own in asks.values():
        if own:
            fresh[own[0].programme].append(own[0].position)
    while fresh:
        turned_away: list[str] = []
        for name, new in fresh.items():
            everybody, out, order = asked[name], refused[name], orders[name]
            everybody.extend(new)
            everybody.sort()
            taken = choice(name, everybody)
            left = set(everybody).difference(taken, out)
            out |= left
            turned_away.extend(order[position - 1] for position in left)
        fresh = defaultdict(list)
        for applicant in turned_away:
            at[applicant] += 1
            if at[applicant] < len(asks[applicant]):
                ask = asks[applicant][at[applicant]]
                fresh[ask.programme].append(ask.position)
    return {name: own[at[name]] for name, own in asks.items() if at[name] < len(own)}


def compute(frozen: Frozen) -> Computed:
    """Return what has to come out of a frozen round whose references are all right.

    Complexity: for every run one fixed point; bundles and flows within a pass make further runs.
    """
    return _Round(frozen).computed()


class _Round:
    """A round on its way through the passes."""

    def __init__(self, frozen: Frozen) -> None:
        self._frozen = frozen
        self._number = {name: number for number, name in enumerate(frozen.passes)}
        self._orders = {name: programme.order for name, programme in frozen.programmes.items()}
        self._seats = {name: programme.seats for name, programme in frozen.programmes.items()}
        self._kept = dict.fromkeys(frozen.programmes, 0)
        self._places: dict[str, Place] = {}

    def computed(self) -> Computed:
        """Run all passes and the extra pass."""
        for turn in self._frozen.passes:
            asks = self._asks(turn)
            granted = self._together(asks)
            found = self._seated(turn, granted)
            while self._flow(turn, found):
                granted = self._together(asks)
                found = self._seated(turn, granted)
            for name, ask in granted.items():
                interim = bool(self._frozen.programmes[ask.programme].interim)
                seat = found[ask.programme].seats[ask.position]
                self._places[name] = Place(ask.programme, ask.wish, turn, seat, interim)
        cutoffs = self._cutoffs()
        extra = self._others()
        for name, ask in extra.items():
            self._places[name] = Place(ask.programme, ask.wish, OTHERS, OTHERS)
            cutoff = cutoffs[ask.programme]
            cutoffs[ask.programme] = Cutoff(cutoff.seats, cutoff.placed + 1, cutoff.last, cutoff.position)
        return Computed({name: self._places.get(name, Place()) for name in self._frozen.applicants}, cutoffs)

    def _asks(self, turn: str) -> dict[str, list[Ask]]:
        """Return what everybody who takes part in a pass asks for in it."""
        programmes, asks = self._frozen.programmes, {}
        for name, applicant in self._frozen.applicants.items():
            place, held = self._places.get(name), self._frozen.held.get(name)
            if place is not None and not place.interim:
                continue
            if held is not None and self._number[programmes[held].turn] > self._number[turn]:
                continue
            free = place is None and held is None
            own = [
                Ask(number, wish, programmes[wish].position[name])
                for number, wish in enumerate(applicant.wishes, 1)
                if programmes[wish].turn == turn and (free or not programmes[wish].interim)
            ]
            if own:
                asks[name] = own
        return asks

    def _together(self, asks: Mapping[str, list[Ask]]) -> dict[str, Ask]:
        """Run the market, and strike wishes until no bundle is parted."""
        programmes, allowed = self._frozen.programmes, dict(asks)

        def choice(name: str, asking: list[int]) -> Iterable[int]:
            return seated(programmes[name], self._seats[name], asking).seats

        while True:
            granted = fixed_point(allowed, self._orders, choice)
            parted = False
            for bundle in self._frozen.bundles:
                numbers = {granted[name].wish if name in granted else 0 for name in bundle.members}
                if len(numbers) == 1:
                    continue
                parted = True
                first = min(numbers - {0})
                for name in bundle.members:
                    if name in allowed:
                        allowed[name] = [ask for ask in allowed[name] if ask.wish != first]
            if not parted:
                return granted

    def _seated(self, turn: str, granted: Mapping[str, Ask]) -> dict[str, Seated]:
        """Return the seats of those placed in a pass, by programme."""
        placed: dict[str, list[int]] = {
            name: [] for name, programme in self._frozen.programmes.items() if programme.turn == turn
        }
        for ask in granted.values():
            placed[ask.programme].append(ask.position)
        return {
            name: seated(self._frozen.programmes[name], self._seats[name], sorted(positions))
            for name, positions in placed.items()
        }

    def _flow(self, turn: str, found: Mapping[str, Seated]) -> bool:
        """Let the empty seats of a pass flow, all at once, and say whether it has to be run anew."""
        moved = {}
        for name, taken in found.items():
            self._kept[name] = taken.kept
            if self._frozen.programmes[name].flows_to:
                moved[name] = max(0, self._seats[name] - len(taken.seats) - taken.kept)
        again = False
        for name, count in moved.items():
            target = self._frozen.programmes[name].flows_to
            self._seats[name] -= count
            self._seats[target] += count
            again = again or (count > 0 and self._frozen.programmes[target].turn == turn)
        return again

    def _cutoffs(self) -> dict[str, Cutoff]:
        """Return who is the last of those placed by the ordinary passes."""
        placed: dict[str, list[int]] = {name: [] for name in self._frozen.programmes}
        for name, place in self._places.items():
            placed[place.programme].append(self._frozen.programmes[place.programme].position[name])
        cutoffs = {}
        for name, positions in placed.items():
            position = max(positions, default=0)
            last = self._frozen.programmes[name].order[position - 1] if position else ""
            cutoffs[name] = Cutoff(self._seats[name], len(positions), last, position)
        return cutoffs

    def _others(self) -> dict[str, Ask]:
        """Run the extra pass over the seats that are still empty."""
        programmes = self._frozen.programmes
        orders = {name: programme.others for name, programme in programmes.items()}
        position = {
            name: {applicant: number for number, applicant in enumerate(order, 1)} for name, order in orders.items()
        }
        free = {name: self._seats[name] - self._kept[name] for name in programmes}
        for place in self._places.values():
            free[place.programme] -= 1
        asks = {
            name: [
                Ask(number, other, position[other][name])
                for number, other in enumerate(applicant.others, len(applicant.wishes) + 1)
                if not programmes[other].interim
            ]
            for name, applicant in self._frozen.applicants.items()
            if applicant.others and name not in self._places
        }
        return fixed_point(asks, orders, lambda name, asking: asking[: max(0, free[name])])
