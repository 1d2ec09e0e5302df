"""Justified envy in what came out of a round: how many pairs there are, counted without looking at each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

import attrs

from queue_engine.rounds.checking import check_round
from queue_engine.rounds.model import GENERAL, HELD, OTHERS, Frozen, Outcome, Placed, Programme

_EXAMPLES = 10


@attrs.frozen
class Envy:
    """Pairs of justified envy of one round.

    Args:
        pairs: by programme, those that have some.
        enviers: how many children are in a pair.

    """

    pairs: Mapping[str, int]
    enviers: int = 0

    @property
    def count(self) -> int:
        """Return how many pairs there are."""
        return sum(self.pairs.values())


def envy_of(frozen: Frozen, outcome: Outcome) -> Envy:
    """Return the pairs of justified envy: a child refused, and one placed behind it on a seat it could have had.

    Envy is justified within a pass: whoever got a place in an earlier one has left. Wishes that a bundle gave up, and
    seats offered beyond the wishes, give none.

    Complexity: O(n log n) in the wishes.
    Source: Abdulkadiroğlu and Sönmez, School choice: a mechanism design approach, American Economic Review 93 (2003).

    >>> from queue_engine.rounds.model import Applicant, CutOff
    >>> garden = Programme("D1", "", "main", 2, ("a", "b", "c", "d"))
    >>> people = tuple(Applicant(name, ("D1",)) for name in "abcd")
    >>> frozen = Frozen("spring", 20600, "0" * 64, "0" * 64, ("main",), (garden,), people)
    >>> placed = {name: Placed(name, "D1", 1, "main") for name in "bd"}
    >>> envy_of(frozen, Outcome("spring", placed, {"D1": CutOff("D1", 2, 2, "d", 4)}))
    Envy(pairs={'D1': 3}, enviers=2)

    """
    wanting = _wanting(frozen, outcome)
    there: dict[str, list[Placed]] = {}
    for each in outcome.placed.values():
        if each.seat != OTHERS:
            there.setdefault(each.programme, []).append(each)
    pairs: dict[str, int] = {}
    enviers: set[str] = set()
    for name, placed in sorted(there.items()):
        count = 0
        for envious, behind in _pairs(frozen.programme[name], placed, wanting.get(name, ())):
            count += behind
            enviers.add(envious)
        if count:
            pairs[name] = count
    return Envy(pairs, len(enviers))


def envy_examples(frozen: Frozen, outcome: Outcome) -> tuple[tuple[str, str, str], ...]:
    """Return some pairs of justified envy: programme, who was refused, who is placed there behind them.

    They are those that the check of every round finds, which shares nothing with the count.
    """
    found = (each for each in check_round(frozen, outcome) if each.property == "P8")
    return tuple((each.programme, each.applicant, each.other) for each in islice(found, _EXAMPLES))


def _wanting(frozen: Frozen, outcome: Outcome) -> dict[str, list[str]]:
    """Return who wishes for each programme more than for what they got, and might have got it in its pass."""
    order = {stage: number for number, stage in enumerate((*frozen.stages, OTHERS))}
    found: dict[str, list[str]] = {}
    for each in frozen.applicants:
        got = outcome.placed.get(each.application)
        struck = outcome.struck.get(each.application, frozenset())
        for wish in each.wishes if got is None else each.wishes[: got.wish - 1]:
            programme = frozen.programme[wish]
            gone = got is not None and order[got.stage] < order[programme.stage]
            settled = programme.interim and (each.application in frozen.held or (got is not None and not got.interim))
            if wish not in struck and not gone and not settled:
                found.setdefault(wish, []).append(each.application)
    return found


def _pairs(programme: Programme, placed: Iterable[Placed], wanting: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Yield who envies somebody at a programme, and how many stand there behind them; one by one for each group."""
    undivided = bool(programme.ties)
    place: Mapping[str, int] = programme.position
    if undivided:
        place = {name: number for number, tier in enumerate(programme.tiers) for name in tier}
    entitled: dict[str, frozenset[str] | None] = {GENERAL: None, HELD: frozenset(programme.holders)}
    entitled |= {each.reserve: frozenset(each.entitled) for each in programme.reserves}
    seats: dict[str, list[int]] = {}
    for each in placed:
        seats.setdefault(each.seat, []).append(place[each.application])
    # Where equals are treated alike, whoever is refused envies equals too.
    first_behind = bisect_left if undivided else bisect_right
    for seat, places in seats.items():
        places.sort()
        group = entitled[seat]
        for name in wanting:
            behind = len(places) - first_behind(places, place[name]) if group is None or name in group else 0
            if behind:
                yield name, behind
