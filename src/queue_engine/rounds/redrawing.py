"""Queues in which drawn numbers decide from a step on: for comparison of a lottery with what the rules say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs
import numpy as np

from queue_engine.allocation.lottery import LotteryError, draw
from queue_engine.errors import Place, Problem
from queue_engine.facts import Title
from queue_engine.keys import sorted_rows
from queue_engine.queue import Queues, Ranking
from queue_engine.reserves import moved_by_reserves
from queue_engine.rounds.model import RoundError
from queue_engine.rules.compile import Component
from queue_engine.rules.model import Step, StepKind
from queue_engine.spelling import nearest

DRAW = Step("draw", Title("жребий", "the draw"), StepKind.LOWEST)


@attrs.frozen
class Lottery:
    """A draw for one campaign.

    Args:
        seed: 64 hexadecimal digits, as of `allocation.lottery.SeedRecord.seed`.
        instead_of: the step from which on drawn numbers decide; "" = the last one.
        campaign: what is drawn for.

    """

    seed: str
    instead_of: str = ""
    campaign: str = "what-if"


def redrawn(queues: Queues, lottery: Lottery) -> tuple[Queues, dict[str, int]]:
    """Return the programmes' queues with drawn numbers in place of the last steps, and the numbers of all applications.

    Reserves that change positions change them anew. The general queue stays as it is.

    Raises:
        RoundError: there is no such step.
        LotteryError: the seed is not 64 hexadecimal digits.

    Complexity: O(applications · log applications) and the sort of the entries.

    """
    ranking = queues.entries
    kept = _steps_kept(ranking, lottery.instead_of)
    drawn = draw(_seed(lottery), lottery.campaign, ranking.tables.applications.ids.tolist())
    row_of = ranking.tables.applications.row_of
    places = np.zeros(len(row_of), np.uint32)
    places[[row_of[name] for name in drawn.order]] = np.arange(len(row_of), dtype=np.uint32)
    most = max(len(row_of) - 1, 0)
    components = (*ranking.components[:kept], Component(DRAW, places[ranking.application], most))
    columns = [ranking.queue, *(each.codes for each in components)]
    largest = [max(len(ranking.starts) - 2, 0), *(each.most for each in components)]
    ordered = sorted_rows(columns, largest, ranking.order)
    if ranking.reserves:
        held = [mask[ordered] for mask in ranking.entitled]
        ordered = ordered[moved_by_reserves(ranking.reserves, held, ranking.starts)]
    rules = attrs.evolve(ranking.rules, order=(*ranking.rules.order[:kept], DRAW))
    entries = attrs.evolve(ranking, rules=rules, components=components, order=ordered)
    return attrs.evolve(queues, entries=entries), dict(drawn.numbers)


def tiers_of(queues: Queues) -> Mapping[str, Sequence[Sequence[str]]]:
    """Return for each programme those that nothing but the last step parts, in the order of its queue.

    Where reserves change positions, nobody is told to be equal.

    Complexity: O(entries × steps).
    """
    ranking = queues.entries
    if ranking.reserves:
        return {}
    return {name: queue.tiers(len(ranking.components) - 1) for name, queue in queues.items()}


def _steps_kept(ranking: Ranking, instead_of: str) -> int:
    """Return how many steps stand before the draw."""
    steps = [step.id for step in ranking.rules.order]
    if not instead_of:
        return max(len(steps) - 1, 0)
    if instead_of not in steps:
        remedy = nearest(instead_of, steps) or f"name one of {', '.join(steps)}"
        raise RoundError([Problem(Place("draw"), "D014", f"the rules have no step '{instead_of}'", remedy)])
    return steps.index(instead_of)


def _seed(lottery: Lottery) -> bytes:
    try:
        return bytes.fromhex(lottery.seed)
    except ValueError:
        message = f"'{lottery.seed}' is no seed"
        raise LotteryError([Problem(Place("draw"), "L004", message, "write 64 digits 0-9 a-f")]) from None
