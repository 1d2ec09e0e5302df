from __future__ import annotations

import numpy as np

from queue_engine.example.draws import Draws
from queue_engine.example.filing import DAY_SECONDS, day, filed_at, second, with_rush

DRAWS = Draws.of_rows(1, "t", 20_000)


def test_offices_are_closed_at_the_weekend() -> None:
    """On Saturday and Sunday only the portal takes applications, so fewer come than on a Monday."""
    days = filed_at(DRAWS, day("2026-04-06"), day("2026-04-17")) // DAY_SECONDS
    counts = np.bincount(days - day("2026-04-06")).tolist()
    assert max(counts[5], counts[6]) < min(counts[:5]) // 2
    assert counts[7] > 2 * counts[8]


def test_nobody_files_outside_the_days_given() -> None:
    """Moving from a weekend to Monday never goes beyond the last day."""
    days = filed_at(DRAWS, day("2026-04-11"), day("2026-04-12")) // DAY_SECONDS
    assert set(days.tolist()) == {day("2026-04-11"), day("2026-04-12")}


def test_a_rush_puts_several_into_one_second() -> None:
    """Those who take part come in its first seconds, mostly at the beginning; the others stay."""
    takes_part = DRAWS.chance("rush", 1_000)
    usual = np.full(20_000, second("2026-05-01T12:00:00"))
    at = with_rush(DRAWS, usual, "2026-04-01T00:00:00", 600, takes_part)
    since = at[takes_part] - second("2026-04-01T00:00:00")
    assert since.min() == 0
    assert since.max() < 600
    assert int((since < 200).sum()) > int((since >= 200).sum())
    assert len(set(since.tolist())) < len(since)
    assert (at[~takes_part] == usual[~takes_part]).all()
