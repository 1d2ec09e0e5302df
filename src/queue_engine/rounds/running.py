"""Frozen → outcome: passes one after the other, bundles together or next wish, unused seats flowing as declared.

Termination. A market is matched by deferred acceptance, which ends. It is matched anew for one of two reasons. A bundle
came apart: then a wish of it is struck for good, so that this happens at most as often as bundles have wishes. Or a
seat nobody took flowed to a programme of the same pass: flows go in no circle, so that one flows at most as often as
there are programmes. Both bounds are asserted while it runs.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

import attrs

from queue_engine.allocation import Market, Matching, Unused, deferred_acceptance
from queue_engine.allocation import Programme as MarketProgramme
from queue_engine.allocation.bundles import Together, match_together
from queue_engine.allocation.seating import held_seats
from queue_engine.rounds.markets import beyond_wishes, seated
from queue_engine.rounds.model import GENERAL, HELD, OTHERS, CutOff, Frozen, Outcome, Placed, Programme


def run(frozen: Frozen) -> Outcome:
    """Return what comes out of a round.

    Args:
        frozen: from `freezing.freeze`, or read from its file.

    Complexity: that of deferred acceptance for each market that is matched (`Outcome.runs`): one a pass, one for each
    time that bundles came apart, one for each time that seats flowed inside a pass.
    Source: Gale and Shapley 1962; seats of groups as Kominers and Sönmez 2016; flowing seats and runs anew as Baswana
    and others, Centralized admissions for engineering colleges in India, INFORMS Journal on Applied Analytics 49
    (2019).

    >>> garden = Programme("D1", "", "main", 1, ("b", "a"))
    >>> from queue_engine.rounds.model import Applicant
    >>> people = (Applicant("a", ("D1",)), Applicant("b", ("D1",)))
    >>> outcome = run(Frozen("spring", 20600, "0" * 64, "0" * 64, ("main",), (garden,), people))
    >>> outcome.at("D1"), outcome.cutoffs["D1"].last
    (('b',), 'b')

    """
    running = _Running(frozen)
    for stage in frozen.stages:
        running.take(stage)
    running.offer_others()
    return running.outcome()


@attrs.define(eq=False)
class _Running:
    """A round while its passes run."""

    frozen: Frozen
    seats: dict[str, int] = attrs.field(init=False)
    received: dict[str, int] = attrs.field(factory=dict)
    given_on: dict[str, int] = attrs.field(factory=dict)
    placed: dict[str, Placed] = attrs.field(factory=dict)
    kept: dict[str, int] = attrs.field(factory=dict)
    struck: dict[str, frozenset[str]] = attrs.field(factory=dict)
    runs: int = 0

    def __attrs_post_init__(self) -> None:
        """Begin with the seats that were frozen."""
        self.seats = {each.programme: each.seats for each in self.frozen.programmes}

    def take(self, stage: str) -> None:
        """Run one pass, and anew as long as seats flow inside it."""
        programmes = [each for each in self.frozen.programmes if each.stage == stage]
        most = 1 + sum(self.seats.values()) * len(self.seats)
        while True:
            together = self._together(programmes)
            most -= 1
            assert most >= 0, "every run anew moves a seat along a chain without a circle"
            if not self._flow(programmes, together.matching, together.market):
                break
        here = {each.programme for each in programmes}
        for name in self.frozen.bundled & together.market.wishes.keys():
            asked = set(together.market.wishes[name])
            struck = frozenset(wish for wish in self._wishes_of(name, here) if wish not in asked)
            self.struck[name] = self.struck.get(name, frozenset()) | struck
        self._keep(stage, programmes, together.matching, together.market)

    def _together(self, programmes: list[Programme]) -> Together:
        """Return the matching of a pass in which no bundle is parted."""
        wishes = self._wishes_in(programmes)
        bundles = [bundle for bundle in self.frozen.bundles if all(name in wishes for name in bundle)]
        found = match_together(self._market(programmes, wishes), bundles, deferred_acceptance)
        self.runs += found.runs
        return found

    def _wishes_in(self, programmes: Iterable[Programme]) -> dict[str, list[str]]:
        """Return what those who still seek wish for in a pass; nothing where they wish for nothing in it."""
        here = {each.programme: each for each in programmes}
        found = {}
        for each in self.frozen.applicants:
            if each.application in self.placed:
                continue
            wished = self._wishes_of(each.application, here)
            if wished and not (here[wished[0]].interim and each.application in self.frozen.held):
                found[each.application] = wished
        return found

    def _wishes_of(self, name: str, here: Container[str]) -> list[str]:
        """Return what somebody wishes for among some programmes."""
        return [wish for wish in self.frozen.wishes[name] if wish in here]

    def _market(self, programmes: Iterable[Programme], wishes: Mapping[str, list[str]]) -> Market:
        """Return the market of a pass; those placed before are out of every order."""
        return Market.of([seated(each, self.seats[each.programme], wishes) for each in programmes], wishes)

    def _flow(self, programmes: Iterable[Programme], matching: Matching, market: Market) -> bool:
        """Let seats nobody took flow on; return whether some came to a programme of the same pass."""
        there = matching.by_programme()
        again = False
        for each in programmes:
            if not each.flows_to:
                continue
            # What flowed in just now is first of all for those who wish for this programme: they are asked anew.
            programme, admitted = market.programmes[each.programme], there.get(each.programme, ())
            empty = programme.capacity - len(admitted) - _kept(programme, _groups(programme, admitted))
            if empty > 0:
                self.seats[each.programme] -= empty
                self.seats[each.flows_to] += empty
                self.given_on[each.programme] = self.given_on.get(each.programme, 0) + empty
                self.received[each.flows_to] = self.received.get(each.flows_to, 0) + empty
                again = again or self.frozen.programme[each.flows_to].stage == each.stage
        return again

    def _keep(self, stage: str, programmes: Iterable[Programme], matching: Matching, market: Market) -> None:
        """Write down what a pass gave."""
        there = matching.by_programme()
        for each in programmes:
            programme, admitted = market.programmes[each.programme], there.get(each.programme, ())
            groups = _groups(programme, admitted)
            self.kept[each.programme] = _kept(programme, groups)
            for name in admitted:
                seat = HELD if self.frozen.held.get(name) == each.programme else groups.get(name, GENERAL)
                wish = self.frozen.wishes[name].index(each.programme) + 1
                self.placed[name] = Placed(name, each.programme, wish, stage, seat, interim=bool(each.interim))

    def offer_others(self) -> None:
        """Offer seats that are still free to those without a place who agreed to other programmes."""
        seeking = {
            each.application: each.others
            for each in self.frozen.applicants
            if each.others and each.application not in self.placed
        }
        if not seeking:
            return
        taken: dict[str, int] = {}
        for placed in self.placed.values():
            taken[placed.programme] = taken.get(placed.programme, 0) + 1
        free = {name: max(seats - taken.get(name, 0) - self.kept[name], 0) for name, seats in self.seats.items()}
        matching = deferred_acceptance(beyond_wishes(self.frozen, free, seeking))
        self.runs += 1
        for name, programme in matching.placed.items():
            if programme is not None:
                wish = len(self.frozen.wishes[name]) + seeking[name].index(programme) + 1
                self.placed[name] = Placed(name, programme, wish, OTHERS, OTHERS)

    def outcome(self) -> Outcome:
        """Return what was written down, in the order of the applicants and of the programmes."""
        numbered = {each.application: number for number, each in enumerate(self.frozen.applicants)}
        placed = {name: self.placed[name] for name in sorted(self.placed, key=numbered.__getitem__)}
        there: dict[str, list[Placed]] = {}
        for each in placed.values():
            there.setdefault(each.programme, []).append(each)
        cutoffs = {each.programme: self._cutoff(each, there.get(each.programme, ())) for each in self.frozen.programmes}
        return Outcome(self.frozen.round, placed, cutoffs, self.struck, self.runs)

    def _cutoff(self, programme: Programme, there: Iterable[Placed]) -> CutOff:
        """Return how far a programme came."""
        there = tuple(there)
        positions = {programme.position[each.application]: each.application for each in there if each.seat != OTHERS}
        last = max(positions, default=0)
        name = programme.programme
        return CutOff(
            name,
            self.seats[name],
            len(there),
            positions.get(last, ""),
            last,
            self.kept.get(name, 0),
            self.received.get(name, 0),
            self.given_on.get(name, 0),
        )


def _groups(programme: MarketProgramme, admitted: Iterable[str]) -> dict[str, str]:
    """Return whose seats people hold who hold a seat of a group."""
    if programme.is_plain:
        return {}
    ranked = sorted(admitted, key=programme.rank.__getitem__)
    return {
        seat.holder: seat.favoured[0][0]
        for seat in held_seats(programme, ranked)
        if seat.holder is not None and seat.favoured
    }


def _kept(programme: MarketProgramme, groups: Mapping[str, str]) -> int:
    """Return how many seats stay empty since they are kept for a group, given whose seats people hold."""
    kept = {seats.group: seats.count for seats in programme.seats if seats.unused is Unused.KEEP}
    return sum(kept.values()) - sum(group in kept for group in groups.values())
