"""The wishes that are matched: local, with some programmes far more popular than others; drawn as in `town`."""

from __future__ import annotations

from functools import cache
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from benchmarks.town import below, chance
from queue_engine.allocation.arrays import Wishes
from queue_engine.allocation.packed_order import Keys, Ranks

WISHES = 5
APPLICANTS_A_PROGRAMME = 50
_PROGRAMMES_A_DISTRICT = 50
_SEASON_SECONDS = 1000 * 86_400
_EVEN = 1 << 16
_RIGHTS = 3


@attrs.frozen(eq=False)
class Market:
    """Who wishes for what, who is ahead, and how many seats there are, as arrays.

    Args:
        wishes: of each applicant, `WISHES` of them.
        keys: right, no sibling there, second of filing, number.
        capacities: of the programmes; nine seats for ten applicants.

    """

    wishes: Wishes
    keys: Keys
    capacities: npt.NDArray[np.int64]

    def ranks(self) -> Ranks:
        """Return the priorities as ready ranks of 32 bits, sorted by numpy's own `lexsort`."""
        programme = self.wishes.programme
        order = np.lexsort([*self.keys.columns[::-1], programme])
        starts = np.concatenate([[0], np.cumsum(np.bincount(programme, minlength=len(self.capacities)))])
        ranks = np.empty(len(order), np.int32)
        ranks[order] = np.arange(len(order)) - starts[programme[order]]
        return Ranks(ranks)


@cache
def market(applicants: int) -> Market:
    """Return a market of so many applicants and a fiftieth as many programmes, made once a run."""
    programmes = applicants // APPLICANTS_A_PROGRAMME
    wishes = Wishes.of_table(_wishes(applicants, programmes))
    capacities = 20 + below("seats", programmes, 50)
    return Market(wishes, _keys(applicants), capacities)


def _wishes(applicants: int, programmes: int) -> npt.NDArray[np.int32]:
    """Return for each applicant different programmes, mostly of his district, and of these mostly the popular ones.

    Some districts are crowded. Of the programmes of a district one in a hundred wishes is for the least popular, one in
    seven for the most.
    """
    districts = programmes // _PROGRAMMES_A_DISTRICT
    home = _mostly_low("home", applicants, districts)
    table = np.empty((applicants, WISHES), np.int32)
    for wish in range(WISHES):
        away = chance(f"away{wish}", applicants, 150)
        district = np.where(away, below(f"where{wish}", applicants, districts), home)
        wished = district * _PROGRAMMES_A_DISTRICT + _mostly_low(f"wish{wish}", applicants, _PROGRAMMES_A_DISTRICT)
        repeated = np.ones(applicants, np.bool_)
        while repeated.any():
            repeated = (table[:, :wish] == wished[:, None]).any(axis=1)
            wished[repeated] = (wished[repeated] + 1) % programmes
        table[:, wish] = wished
    return table


def _mostly_low(what: str, count: int, bound: int) -> npt.NDArray[np.int64]:
    """Return numbers below a bound, the lower the more frequent: the square of an even one."""
    even = below(what, count, _EVEN)
    return (even * even >> 16) * bound >> 16


def _keys(applicants: int) -> Keys:
    """Return key columns: 11 % have a right, 8 % of wishes a sibling there, 30 % filed in the same ten minutes."""
    drawn = below("right", applicants, 100)
    right = np.select([drawn < 1, drawn < 12], [0, 1], _RIGHTS - 1)
    filed = below("filed", applicants, _SEASON_SECONDS)
    rush = chance("rush", applicants, 300)
    filed[rush] = below("rushsec", applicants, 600)[rush]
    number = np.empty(applicants, np.int64)
    number[np.argsort(filed, kind="stable")] = np.arange(applicants)
    no_sibling = ~chance("sibling", applicants * WISHES, 80)
    columns: list[npt.NDArray[Any]] = [
        np.repeat(right.astype(np.uint8), WISHES),
        no_sibling.astype(np.uint8),
        np.repeat(filed.astype(np.uint32), WISHES),
        np.repeat(number.astype(np.uint32), WISHES),
    ]
    return Keys(columns, [_RIGHTS - 1, 1, _SEASON_SECONDS - 1, applicants - 1])
