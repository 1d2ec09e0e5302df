"""Nobody gets a better place by another list: every applicant of small markets hands in every list there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import permutations

import attrs
from tests.trials.markets import Scene, scene, with_held

from queue_engine.allocation.deferred_acceptance import deferred_acceptance
from queue_engine.allocation.market import Market, Matching
from queue_engine.allocation.serial_dictatorship import serial_dictatorship
from queue_engine.allocation.top_trading_cycles import top_trading_cycles

Run = Callable[[Market], Matching]


@attrs.frozen
class Lie:
    """A list that got its applicant a better place than the true one.

    Args:
        applicant: who.
        wishes: what they wish, the dearest first.
        told: what they handed in.
        honest: the place that the true list gets; None = none.
        got: the place that the other list gets.

    """

    applicant: str
    wishes: tuple[str, ...]
    told: tuple[str, ...]
    honest: str | None
    got: str


@attrs.frozen
class Checked:
    """What became of one market.

    Args:
        name: which one; it can be drawn again by it.
        lists: how many lists were handed in.
        wrong: which of them got somebody more than the truth, in words.

    """

    name: str
    lists: int
    wrong: tuple[str, ...]


def every_list(names: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return every list of some programmes: 65 for four of them."""
    return [told for size in range(len(names) + 1) for told in permutations(names, size)]


def lies_that_pay(market: Market, run: Run, held: Mapping[str, str] | None = None) -> Iterator[Lie]:
    """Yield the lists that beat the truth, whatever the truth of an applicant is.

    The others hand in what the market says. What each list gets is computed once; then each list is taken for the
    true one, and compared with what all lists get.

    Args:
        market: who wishes what.
        run: the mechanism.
        held: what a holder has; it ends every list of theirs.

    """
    lists = every_list(tuple(market.programmes))
    for one in market.wishes:
        asked = {with_held(told, held.get(one) if held else None) for told in lists}
        gets = {
            told: run(Market(market.programmes, {**market.wishes, one: told})).placed[one] for told in sorted(asked)
        }
        for wishes, honest in gets.items():
            better = wishes if honest is None else wishes[: wishes.index(honest)]
            for told, got in gets.items():
                if got is not None and got in better:
                    yield Lie(one, wishes, told, honest, got)


def mechanisms(given: Scene) -> dict[str, Run]:
    """Return the mechanisms that are to be run on a market: those of plain capacities on plain ones only."""
    found: dict[str, Run] = {"deferred acceptance": deferred_acceptance}
    if given.kind == "plain":
        order = tuple(given.market.wishes)
        found["serial dictatorship"] = lambda market: serial_dictatorship(market, order)
        found["top trading cycles"] = top_trading_cycles
    return found


def checked(number: int) -> Checked:
    """Return which lists beat the truth on a market, by its number."""
    given = scene(number)
    runs = mechanisms(given)
    wrong = tuple(
        f"{name}: {lie}" for name, run in runs.items() for lie in lies_that_pay(given.market, run, given.held)
    )
    asked = len(given.market.wishes) * len(every_list(tuple(given.market.programmes))) * len(runs)
    return Checked(given.name, asked, wrong)
