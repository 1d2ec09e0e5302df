"""Rounds drawn from a seed: small, with everything a round may have."""

from __future__ import annotations

from random import Random

import attrs

from queue_engine.allocation.bundles import together_in_order, together_in_tiers
from queue_engine.allocation.lottery import list_root
from queue_engine.rounds import Applicant, Frozen, Programme, SeatReserve

MAIN, LATER, INTERIM = "1-quota", "2-main", "3-temporary"


@attrs.frozen
class Having:
    """What a drawn round has besides wishes and seats."""

    reserves: bool = True
    transfers: bool = True
    bundles: bool = True
    flows: bool = True
    passes: bool = True
    others: bool = True
    ties: bool = True


def drawn_round(seed: int, having: Having | None = None, most: int = 14, programmes: int = 6) -> Frozen:
    """Return the round of a seed.

    Args:
        seed: any.
        having: what it may have.
        most: how many applicants at most.
        programmes: how many programmes at most.

    """
    luck, having = Random(seed), having or Having()  # noqa: S311 - drawn, not secret
    people = [f"a{number:02d}" for number in range(luck.randint(0, most))]
    names = [f"p{number:02d}" for number in range(luck.randint(1, programmes))]
    stages = {name: luck.choice((MAIN, LATER)) if having.passes else LATER for name in names}
    interim = {name for name in names if having.passes and luck.random() < 0.2}
    wishes = {name: luck.sample(names, luck.randint(1, min(4, len(names)))) for name in people}
    bundles = _bundles(luck, people, wishes) if having.bundles else ()
    orders = {name: luck.sample(people, len(people)) for name in names}
    for name in names:
        orders[name] = [each for each in orders[name] if name in wishes[each]]
    alone = {name: wished for name, wished in wishes.items() if not any(name in bundle for bundle in bundles)}
    holders = _holders(luck, alone, orders, stages, interim) if having.transfers else {}
    for held, names_there in holders.items():
        for name in names_there:
            dearer = wishes[name][: wishes[name].index(held)]
            wishes[name] = [*(wish for wish in dearer if wish not in interim), held]
    made = []
    for number, name in enumerate(names):
        held = tuple(each for each in orders[name] if each in holders.get(name, ()))
        behind = tuple(each for each in orders[name] if each not in held)
        order = held + together_in_order(behind, bundles)
        declared = max(luck.randint(0, 4), len(held))
        withheld = luck.randint(0, declared - len(held)) if luck.random() < 0.2 else 0
        programme = Programme(
            programme=name,
            organisation=f"o{number // 2}",
            stage=INTERIM if name in interim else stages[name],
            declared=declared,
            order=order,
            withheld=withheld,
            ground="decision 1" if withheld else "",
            norm=declared + luck.randint(0, 2) if luck.random() < 0.3 else None,
            holders=held,
            interim="temporary" if name in interim else "",
            until=20_900 if name in interim else None,
        )
        if having.reserves and luck.random() < 0.5:
            programme = attrs.evolve(programme, reserves=_reserves(luck, order, programme.seats))
        made.append(programme)
    if having.flows:
        made = _flowing(luck, made)
    if having.ties:
        made = [_tied(luck, each, bundles) for each in made]
    others = _others(luck, people, wishes, names, interim) if having.others else {}
    if others:
        made = [
            attrs.evolve(
                each, others=tuple(p for p in luck.sample(people, len(people)) if each.programme in others.get(p, ()))
            )
            for each in made
        ]
    taking = tuple(sorted({each.stage for each in made}))
    applicants = tuple(Applicant(name, tuple(wishes[name]), tuple(others.get(name, ()))) for name in people)
    return Frozen(f"round-{seed}", 20_600, "0" * 64, list_root(people), taking, tuple(made), applicants, bundles)


def _bundles(luck: Random, people: list[str], wishes: dict[str, list[str]]) -> tuple[tuple[str, ...], ...]:
    """Return pairs and threes, whose members wish alike from here on."""
    found = []
    left = list(people)
    while len(left) > 2 and luck.random() < 0.4:
        bundle = tuple(luck.sample(left, luck.choice((2, 2, 3)) if len(left) > 3 else 2))
        left = [name for name in left if name not in bundle]
        for name in bundle:
            wishes[name] = list(wishes[bundle[0]])
        found.append((bundle[0], *sorted(bundle[1:])))
    return tuple(sorted(found))


def _holders(
    luck: Random,
    wishes: dict[str, list[str]],
    orders: dict[str, list[str]],
    stages: dict[str, str],
    interim: set[str],
) -> dict[str, list[str]]:
    """Return who holds a place where: at some wish of theirs, all dearer ones of which are of the same pass."""
    found: dict[str, list[str]] = {}
    for name in sorted(wishes):
        held = luck.choice(wishes[name])
        before = wishes[name][: wishes[name].index(held)]
        together = all(stages[each] == stages[held] for each in before if each not in interim)
        if luck.random() < 0.25 and together and held not in interim and len(found.get(held, ())) < 2:
            found.setdefault(held, []).append(name)
    return found


def _reserves(luck: Random, order: tuple[str, ...], seats: int) -> tuple[SeatReserve, ...]:
    found = []
    for number in range(luck.randint(1, 2)):
        entitled = tuple(name for name in order if luck.random() < 0.4)
        filled = luck.choice(("before_general", "after_general"))
        unused = luck.choice(("general", "general", "keep"))
        found.append(SeatReserve(f"r{number}", entitled, luck.randint(1, max(seats, 1)), filled, unused))
    return tuple(found)


def _flowing(luck: Random, programmes: list[Programme]) -> list[Programme]:
    """Return the programmes with flows to later ones, of the same pass or of a later one, never in a circle."""
    found = []
    for number, each in enumerate(programmes):
        targets = [
            other.programme
            for other in programmes[number + 1 :]
            if other.stage >= each.stage and bool(other.interim) == bool(each.interim)
        ]
        flows = luck.choice(targets) if targets and not each.reserves and luck.random() < 0.4 else ""
        found.append(attrs.evolve(each, flows_to=flows))
    return found


def _tied(luck: Random, programme: Programme, bundles: tuple[tuple[str, ...], ...]) -> Programme:
    """Return a programme some of whose equals are not divided; who holds a place is a tier of their own."""
    if programme.reserves or programme.flows_to or not programme.order or luck.random() < 0.8:
        return programme
    held = len(programme.holders)
    tiers: list[list[str]] = []
    for name in programme.order[held:]:
        if not tiers or luck.random() < 0.5:
            tiers.append([])
        tiers[-1].append(name)
    together = together_in_tiers(tiers, bundles)
    order = (*programme.holders, *(name for tier in together for name in tier))
    ties = luck.choice(("overfill", "underfill"))
    return attrs.evolve(programme, order=order, ties=ties, tiers=(*((name,) for name in programme.holders), *together))


def _others(
    luck: Random, people: list[str], wishes: dict[str, list[str]], names: list[str], interim: set[str]
) -> dict[str, list[str]]:
    found = {}
    for name in people:
        left = [each for each in names if each not in wishes[name] and each not in interim]
        if left and luck.random() < 0.4:
            found[name] = luck.sample(left, luck.randint(1, len(left)))
    return found
