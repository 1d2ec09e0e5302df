"""Small markets drawn by number: plain ones, with reserves, ceilings and shares, and with transfers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random

import attrs

from queue_engine.allocation.choice import Reserve, choose, seats_in_order
from queue_engine.allocation.market import Ceiling, Market, Matching, Programme, Share, Unused
from queue_engine.allocation.seat_rules import overlaps

APPLICANTS = tuple("abcdefghijkl")
PROGRAMMES = tuple("PQRSTU")
KINDS = ("plain", "reserves", "ceilings", "shares", "transfers", "reserves and transfers")
FAMILIES = ("independent", "common", "rotated", "tiers", "few accepted", "opposed")
_UNUSED = (Unused.GENERAL, Unused.KEEP)


@attrs.frozen
class Scene:
    """A market and who sits where before it.

    Args:
        name: which one; it can be drawn again by the number in it.
        kind: of `KINDS`.
        market: holders stand at the head of the order of their programme, which is their last wish.
        held: the programme that each holder has.

    """

    name: str
    kind: str
    market: Market
    held: Mapping[str, str]


def scene(number: int, *, most: tuple[int, int] = (5, 4), seats: int = 2) -> Scene:
    """Return the scene of a number.

    Args:
        number: kinds and families of priorities follow each other, the rest is drawn.
        most: the most applicants and programmes.
        seats: the most seats of a programme.

    """
    luck = Random(f"market/{number}")  # noqa: S311 - repeatable on purpose
    kind = KINDS[number % len(KINDS)]
    family = FAMILIES[number // len(KINDS) % len(FAMILIES)]
    people = APPLICANTS[: max(luck.randint(1, most[0]), luck.randint(1, most[0]))]
    names = PROGRAMMES[: max(luck.randint(1, most[1]), luck.randint(1, most[1]))]
    capacities = {name: luck.randint(0, seats) for name in names}
    held = _holders(luck, people, capacities) if "transfers" in kind else {}
    orders = dict(zip(names, _orders(luck, family, people, len(names)), strict=True))
    programmes = []
    for name in names:
        holders = sorted(one for one, place in held.items() if place == name)
        order = (*holders, *(one for one in orders[name] if one not in holders))
        programmes.append(_programme(luck, kind, Programme(name, capacities[name], order), frozenset(holders)))
    lists = {one: luck.sample(names, luck.randint(0 if luck.random() < 0.1 else 1, len(names))) for one in people}
    wishes = {one: with_held(told, held.get(one)) for one, told in lists.items()}
    return Scene(f"market {number}, {kind}, {family}", kind, Market.of(programmes, wishes), held)


def with_held(told: list[str] | tuple[str, ...], held: str | None) -> tuple[str, ...]:
    """Return a list as it is asked for: a holder's ends with what he has."""
    if held is None:
        return tuple(told)
    return (*told[: told.index(held)], held) if held in told else (*told, held)


def one_proposal_at_a_time(market: Market, luck: Random) -> Matching:
    """Return the matching by the definition: somebody free proposes, a programme chooses among those it holds and him.

    Args:
        market: any.
        luck: who of the free is the next.

    """
    ahead = {one: list(wishes) for one, wishes in market.mutual.items()}
    held: dict[str, set[str]] = {name: set() for name in market.programmes}
    free = list(ahead)
    while free:
        one = free.pop(luck.randrange(len(free)))
        if ahead[one]:
            programme = market.programmes[ahead[one].pop(0)]
            asking = sorted({*held[programme.name], one}, key=programme.order.index)
            held[programme.name] = set(choose(programme, asking))
            free += sorted({*asking} - held[programme.name])
    places = {one: name for name, ones in held.items() for one in ones}
    return Matching({one: places.get(one) for one in market.wishes})


def _holders(luck: Random, people: tuple[str, ...], capacities: Mapping[str, int]) -> dict[str, str]:
    """Return who has which programme, nowhere more than there are seats."""
    places = [name for name, capacity in capacities.items() for _ in range(capacity)]
    luck.shuffle(places)
    sitting = luck.sample(people, luck.randint(0, min(len(people), len(places))))
    return dict(zip(sitting, places, strict=False))


def _orders(luck: Random, family: str, people: tuple[str, ...], count: int) -> Iterator[list[str]]:
    """Yield for each programme whom it accepts, the best first."""
    common = luck.sample(people, len(people))
    for number in range(count):
        if family == "common":
            yield common
        elif family == "rotated":
            turn = number % len(people)
            yield common[turn:] + common[:turn]
        elif family == "opposed":
            yield common[::-1] if number % 2 else common
        elif family == "tiers":
            tier = {one: luck.randint(0, 1) for one in people}
            yield sorted(common, key=tier.__getitem__)
        elif family == "few accepted":
            yield luck.sample(people, luck.randint(0, len(people)))
        else:
            yield luck.sample(people, len(people))


def _programme(luck: Random, kind: str, bare: Programme, holders: frozenset[str]) -> Programme:
    """Return a programme with rules on its seats, such that the order of asking is of no account."""
    people = bare.order
    while True:
        groups = [frozenset(luck.sample(people, luck.randint(0, len(people)))) for _ in range(3)]
        programme = bare
        reserves = [Reserve("held", holders, len(holders))] if holders and "reserves" in kind else []
        if "reserves" in kind or (kind == "ceilings" and luck.random() < 0.5):
            reserves += [
                Reserve(f"r{index}", group, luck.randint(0, 2), luck.random() < 0.5, luck.choice(_UNUSED))
                for index, group in enumerate(groups[: luck.randint(0, 2)])
            ]
        if reserves:
            programme = attrs.evolve(programme, seats=seats_in_order(bare.capacity, reserves))
        if kind == "ceilings":
            groups = [luck.choice(groups) for _ in range(2)] if luck.random() < 0.5 else groups[1:]
            ceilings = [Ceiling(f"c{index}", group, luck.randint(0, 2)) for index, group in enumerate(groups)]
            programme = attrs.evolve(programme, ceilings=tuple(ceilings[: luck.randint(1, 2)]))
        if kind == "shares":
            shares = [Share(f"s{index}", group, luck.randint(0, 100)) for index, group in enumerate(groups[:2])]
            programme = attrs.evolve(programme, shares=tuple(shares))
        if not any(overlaps(programme)):
            return programme
