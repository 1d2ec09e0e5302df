"""Bundles: applicants who are placed at the same wish of their lists or, all together, at the next one.

Members of a bundle have lists of one length; their first wishes belong together, their second ones, and so on. A
market is matched as if everybody came alone. Where a bundle comes apart, the first wish that any of it got is struck
for all of it and never asked for again, and the market is matched anew, until no bundle is parted. In every order the
members stand side by side at the worst placed of them, so that none is placed before strangers for another's sake.

Where some come together, a matching that nobody has reason to complain of need not exist. This one always does, and it
is stable as to the wishes that were not struck.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import attrs

from queue_engine.allocation.market import Market, Matching

Bundles = Iterable[Sequence[str]]


@attrs.frozen
class Together:
    """What comes out where no bundle is parted.

    Args:
        matching: who is placed where.
        market: without the wishes that were struck; the matching has the properties the mechanism promises on it.
        runs: how often the market was matched.

    """

    matching: Matching
    market: Market
    runs: int


def bundles_of(leaders: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """Return bundles, the leader first and then the others by name; who follows a follower is in one bundle with both.

    Args:
        leaders: by follower.

    Raises:
        ValueError: somebody leads in a circle, or follows themself.

    Complexity: O(n log n).

    >>> bundles_of({"a": "b", "b": "c", "e": "d"})
    (('c', 'a', 'b'), ('d', 'e'))

    """
    first: dict[str, str] = {}
    for follower in sorted(leaders):
        path = dict.fromkeys([follower])
        last = leaders[follower]
        while last in leaders and last not in first:
            if last in path:
                raise ValueError(f"'{last}' follows themself: {' → '.join([*path, last])}")
            path[last] = None
            last = leaders[last]
        first |= dict.fromkeys(path, first.get(last, last))
    members: dict[str, list[str]] = {}
    for follower, leader in first.items():
        members.setdefault(leader, []).append(follower)
    return tuple((leader, *sorted(members[leader])) for leader in sorted(members))


def together_in_order(order: Sequence[str], bundles: Bundles) -> tuple[str, ...]:
    """Return an order in which the members of each bundle stand directly at the worst placed of them.

    They keep their order among themselves; members whom the order does not name count for nothing.

    Args:
        order: each once, the best first.
        bundles: each member in one of them.

    Complexity: linear.

    >>> together_in_order(["a", "x", "b", "y", "c"], [("c", "a"), ("y", "z")])
    ('x', 'b', 'y', 'a', 'c')

    """
    bundle_of = _bundle_of(bundles)
    waiting: dict[int, list[str]] = {}
    left: dict[int, int] = {}
    for name in order:
        if name in bundle_of:
            left[bundle_of[name]] = left.get(bundle_of[name], 0) + 1
    found: list[str] = []
    for name in order:
        bundle = bundle_of.get(name)
        if bundle is None:
            found.append(name)
            continue
        waiting.setdefault(bundle, []).append(name)
        left[bundle] -= 1
        if not left[bundle]:
            found += waiting[bundle]
    return tuple(found)


def together_in_tiers(tiers: Iterable[Sequence[str]], bundles: Bundles) -> tuple[tuple[str, ...], ...]:
    """Return tiers in which the members of each bundle are in the worst tier that any of them is in.

    Args:
        tiers: each once, the best tier first.
        bundles: each member in one of them.

    Complexity: linear.

    >>> together_in_tiers([("a",), ("x", "b"), ("c",)], [("b", "a")])
    (('x', 'a', 'b'), ('c',))

    """
    best_first = tuple(tiers)
    own = {name: number for number, tier in enumerate(best_first) for name in tier}
    bundle_of = _bundle_of(bundles)
    worst = {bundle_of[name]: number for name, number in own.items() if name in bundle_of}
    found: list[list[str]] = [[] for _ in best_first]
    for name in together_in_order(list(own), bundles):
        found[worst[bundle_of[name]] if name in bundle_of else own[name]].append(name)
    return tuple(tuple(tier) for tier in found if tier)


def match_together(market: Market, bundles: Bundles, mechanism_run: Callable[[Market], Matching]) -> Together:
    """Return a matching in which all members of a bundle are placed at the same wish of their lists, or none of them.

    Where members come out with different wishes (no place comes after the last), the first of these is struck for all
    of them; all bundles at once. Deterministic, and no matter in which order bundles and members are named.

    Stable: yes, as to the wishes that were not struck, if the mechanism is. Strategy-proof: no.
    Efficient: no.
    Source: for what cannot be had, Roth, The evolution of the labor market for medical interns and residents, Journal
    of Political Economy 92 (1984); for a mechanism that goes on anyhow, Roth and Peranson, The redesign of the matching
    market for American physicians, American Economic Review 89 (1999).

    Args:
        market: its orders as they are; `together_in_order` puts members side by side.
        bundles: members wish the same number of programmes, whose order names them or not.
        mechanism_run: the mechanism.

    Complexity: one run of the mechanism, and at most one more for every wish of every bundle.

    >>> from queue_engine.allocation.deferred_acceptance import deferred_acceptance
    >>> from queue_engine.allocation.market import Programme
    >>> market = Market.of([Programme("D1", 1, ("a", "b")), Programme("D2", 2, ("a", "b"))],
    ...                    {"a": ["D1", "D2"], "b": ["D1", "D2"]})
    >>> together = match_together(market, [("a", "b")], deferred_acceptance)
    >>> together.matching.placed, together.runs
    ({'a': 'D2', 'b': 'D2'}, 2)

    """
    groups = [tuple(bundle) for bundle in bundles]
    struck: list[set[int]] = [set() for _ in groups]
    most = 1 + sum(len(market.wishes[bundle[0]]) for bundle in groups)
    runs = 0
    while True:
        runs += 1
        assert runs <= most, "every run that parts a bundle strikes a wish of it"
        left = _without(market, groups, struck)
        matching = mechanism_run(left)
        first = dict(parted(market, groups, matching))
        if not first:
            return Together(matching, left, runs)
        for number, wish in first.items():
            struck[number].add(wish)


def parted(market: Market, bundles: Bundles, matching: Matching) -> Iterator[tuple[int, int]]:
    """Yield the number of each bundle that is parted, and of the first wish that any of its members got, both from 0.

    Complexity: linear in the lists of the members.

    >>> from queue_engine.allocation.market import Programme
    >>> market = Market.of([Programme("D1", 1, ("a", "b"))], {"a": ["D1"], "b": ["D1"]})
    >>> list(parted(market, [("a", "b")], Matching({"a": "D1", "b": None})))
    [(0, 0)]

    """
    for number, bundle in enumerate(bundles):
        got = {_wish(market.wishes[member], matching.placed[member]) for member in bundle}
        if len(got) > 1:
            yield number, min(got)


def _without(market: Market, bundles: Sequence[Sequence[str]], struck: Sequence[set[int]]) -> Market:
    """Return the market without the wishes that were struck."""
    left = {
        member: tuple(wish for number, wish in enumerate(market.wishes[member]) if number not in numbers)
        for bundle, numbers in zip(bundles, struck, strict=True)
        if numbers
        for member in bundle
    }
    return attrs.evolve(market, wishes={**market.wishes, **left}) if left else market


def _wish(wishes: Sequence[str], place: str | None) -> int:
    return len(wishes) if place is None else wishes.index(place)


def _bundle_of(bundles: Bundles) -> dict[str, int]:
    return {member: number for number, bundle in enumerate(bundles) for member in bundle}
