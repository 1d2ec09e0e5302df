"""What a round is to the mechanisms: its programmes with their seats in the order of filling, as parts of a market."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from queue_engine.allocation import Market, Reserve, Ties, Unused, seats_in_order
from queue_engine.allocation import Programme as MarketProgramme
from queue_engine.rounds.model import HELD, Frozen, Programme


def seated(programme: Programme, seats: int, among: Container[str]) -> MarketProgramme:
    """Return a programme of a market: seats held are filled first, then reserves, general seats, and later reserves.

    Args:
        programme: of the round.
        seats: how many it has by now.
        among: who takes part; everybody else is out of the order.

    Complexity: linear in the order.

    >>> seated(Programme("D1", "", "main", 2, ("a", "b", "c")), 1, {"a", "c"}).order
    ('a', 'c')

    """
    name, order = programme.programme, tuple(each for each in programme.order if each in among)
    if programme.ties:
        tiers = (tuple(each for each in tier if each in among) for tier in programme.tiers)
        return MarketProgramme(name, seats, order, tuple(filter(None, tiers)), ties=Ties(programme.ties))
    held = frozenset(each for each in programme.holders if each in among)
    reserves = [Reserve(HELD, held, len(held))] if held and programme.reserves else []
    for each in programme.reserves:
        entitled, unused = frozenset(each.entitled), Unused(each.unused)
        reserves.append(Reserve(each.reserve, entitled, each.seats, each.filled == "after_general", unused))
    return MarketProgramme(name, seats, order, seats=seats_in_order(seats, reserves))


def beyond_wishes(frozen: Frozen, free: Mapping[str, int], seeking: Mapping[str, Sequence[str]]) -> Market:
    """Return the market of the seats that are still free, for those who agreed to other programmes.

    Args:
        frozen: what the round is computed from.
        free: how many seats of each programme nobody has and nobody is to keep.
        seeking: what may be offered to whom, the nearest first; interim places are not.

    Complexity: linear in the orders and lists.

    """
    offering = [each for each in frozen.programmes if not each.interim]
    known = {each.programme for each in offering}
    programmes = [
        MarketProgramme(each.programme, free[each.programme], tuple(name for name in each.others if name in seeking))
        for each in offering
    ]
    return Market.of(programmes, {name: [each for each in near if each in known] for name, near in seeking.items()})
