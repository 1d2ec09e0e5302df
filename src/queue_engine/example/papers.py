"""The documents families hold: which, from when, until when, and whether anybody has confirmed them."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np

from queue_engine.example.draws import Array, Bools, Draws, Ints

_LONGEST_HELD = 700
_CONFIRMED = 9_200
_RENEWED = 1_200
_YEAR = 365
_SHORTEST = 30
_ENDS = (60, 4, 3, 3, 8, 22)  # ends later, the day before the queue, on it, the day after, long before; has no end


@attrs.frozen
class Paper:
    """A category of documents.

    Args:
        category: as the vocabulary names it.
        of_10_000: how many of 10,000 applicants hold one.
        lasting: it has no end.
        recent: it was issued in the year before the queue, and never earlier than the applicant's own first day.

    """

    category: str
    of_10_000: int
    lasting: bool = False
    recent: bool = False


FAMILY_PAPERS = (
    Paper("prosecutor_child", 6),
    Paper("judge_child", 4),
    Paper("investigator_child", 6),
    Paper("chernobyl", 5, lasting=True),
    Paper("special_risk", 1, lasting=True),
    Paper("mayak", 20, lasting=True),
    Paper("service_member_killed_child", 15, lasting=True),
    Paper("rosgvardia_killed_child", 2, lasting=True),
    Paper("caucasus", 3, lasting=True),
    Paper("large_family", 1_200),
    Paper("disabled_child", 200, recent=True),
    Paper("disabled_parent", 120),
    Paper("military_child", 200),
    Paper("volunteer_child", 30),
    Paper("mobilised_child", 100),
    Paper("military_retired_child", 20, lasting=True),
    Paper("police_child", 150),
    Paper("police_killed_child", 2, lasting=True),
    Paper("police_died_child", 2, lasting=True),
    Paper("police_injured_child", 3, lasting=True),
    Paper("police_died_after_child", 1, lasting=True),
    Paper("police_dependant", 3),
    Paper("interior_staff_child", 10),
    Paper("rosgvardia_child", 40),
    Paper("federal_service_child", 60),
    Paper("enforcement_child", 20),
    Paper("federal_service_killed_child", 2, lasting=True),
    Paper("federal_service_died_child", 1, lasting=True),
    Paper("federal_service_injured_child", 2, lasting=True),
    Paper("federal_service_died_after_child", 1, lasting=True),
    Paper("federal_service_dependant", 2),
    Paper("single_parent_child", 300),
    Paper("orphan_parent_child", 5),
    Paper("education_worker", 100),
)
"""The rights a family may have, as often as in a large city."""


def holders(draws: Draws, papers: tuple[Paper, ...]) -> dict[str, Bools]:
    """Return who holds a document of each category.

    >>> held = holders(Draws.of_rows(1, "t", 10_000), FAMILY_PAPERS)
    >>> 1_100 < int(held["large_family"].sum()) < 1_300
    True

    """
    return {paper.category: draws.chance(f"paper/{paper.category}", paper.of_10_000) for paper in papers}


def draw_papers(
    draws: Draws, held: Mapping[str, Bools], papers: tuple[Paper, ...], filed: Ints, not_before: Ints, on: int
) -> dict[str, Array]:
    """Return the documents, with the row of their holder in `person`.

    Many end around the day of the queue: the day before, on it, the day after. Some holders have an earlier one too.

    Args:
        draws: for the applicants.
        held: who holds a document of each category.
        papers: the categories.
        filed: the day each applicant filed.
        not_before: the first day a recent document may have.
        on: the day of the queue.

    """
    parts = []
    for paper in papers:
        rows = np.flatnonzero(held[paper.category])
        own = draws.at(rows)
        name = paper.category
        first, last, open_end = _spans(own, paper, filed[rows], not_before[rows], on)
        confirmed = own.chance(f"paper-confirmed/{name}", _CONFIRMED)
        parts.append(_part(rows, name, first, last, open_end, confirmed))
        if not (paper.lasting or paper.recent):
            again = own.chance(f"paper-renewed/{name}", _RENEWED)
            ended = first[again] - 1
            closed = np.zeros(len(ended), np.bool_)
            parts.append(_part(rows[again], name, ended - _YEAR, ended, closed, ~closed))
    return {field: np.concatenate([part[field] for part in parts]) for field in parts[0]}


def _part(rows: Ints, category: str, first: Ints, last: Ints, open_end: Bools, confirmed: Bools) -> dict[str, Array]:
    """Return documents of one category as columns."""
    ends = last.astype("datetime64[D]")
    ends[open_end] = np.datetime64("NaT")
    return {
        "person": rows,
        "category": np.full(len(rows), category),
        "from": first.astype("datetime64[D]"),
        "to": ends,
        "confirmed": confirmed,
    }


def _spans(own: Draws, paper: Paper, filed: Ints, not_before: Ints, on: int) -> tuple[Ints, Ints, Bools]:
    """Return the first and the last day of documents of one category, and which have no last day."""
    name = paper.category
    later = own.between(f"paper-later/{name}", on + 2, on + 800)
    earlier = on - own.between(f"paper-earlier/{name}", 2, 300)
    before, same, after = (np.full(len(filed), on + shift) for shift in (-1, 0, 1))
    kind = own.weighted(f"paper-end/{name}", _ENDS)
    last = np.choose(kind, (later, before, same, after, earlier, later))
    open_end = np.full(len(filed), fill_value=True) if paper.lasting else kind == len(_ENDS) - 1
    if paper.recent:
        first = np.maximum(on - own.between(f"paper-from/{name}", 30, _YEAR), not_before)
    else:
        first = filed - own.below(f"paper-from/{name}", _LONGEST_HELD)
        first = np.where(open_end, first, np.minimum(first, last - _SHORTEST))
    return first, np.maximum(first, last), open_end
