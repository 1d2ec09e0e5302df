"""What refused each wish of a round: who was before, and by which step; for a whole region at once.

A wish is compared with the cut-off: the one who stands last in the order of the programme among those it placed. Where
that one stands behind, a reserve put them there; then the step is found against the last of those who stand before.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from queue_engine.queue import Queues
from queue_engine.reserves import first_reserve
from queue_engine.rounds.model import HELD, OTHERS, Applicant, CutOff, Frozen, Outcome, Placed, Programme

ORDER, RESERVE, KEPT = "order", "reserve", "kept"
TOGETHER, EARLIER, EQUALS, NO_SEATS = "together", "earlier_pass", "equals", "no_seats"
"""What refused a wish, besides `HELD`: the order; a seat set aside that somebody worse placed got; seats kept empty;
those who go together, who could not all have it; a place had in an earlier pass; equals for whom there was no room
together; a programme without seats. `HELD`: everybody placed there is there already and keeps the place."""

_CHUNK = 65_536

Index = npt.NDArray[np.int64]


class Decision(NamedTuple):
    """What refused one wish, in short.

    `against` is whom it was compared with, "" = nobody; `step` is the first step (or reserve of the queue) that
    differs between the two, "" = not known; `reserve` is the one that decided, "" = none.
    """

    application: str
    wish: int
    programme: str
    position: int
    cause: str
    against: str
    step: str = ""
    reserve: str = ""

    @property
    def decided_by(self) -> str:
        """Return the id of the step or reserve that decided, else what did: "order" where no step is known."""
        if self.cause == ORDER:
            return self.step or ORDER
        return self.reserve or self.cause


def decisions(frozen: Frozen, outcome: Outcome, queues: Queues | None = None) -> Iterator[Decision]:
    """Yield what refused every wish that was wished for more than what was got, by applicant and wish.

    Args:
        frozen: what the round was computed from.
        outcome: what came out.
        queues: those it was frozen from; None = no step is found.

    Complexity: linear in the wishes, times the steps; nothing is compared one by one.

    """
    deciding = Deciding(frozen, outcome)
    found = (decision for applicant in frozen.applicants for decision in deciding.of(applicant))
    while chunk := list(islice(found, _CHUNK)):
        yield from with_steps(deciding, chunk, queues)


def refused_wishes(frozen: Frozen, outcome: Outcome, applicant: Applicant) -> Iterator[tuple[int, str]]:
    """Yield the number and programme of every wish an applicant wished for more than what was got.

    A place that leaves the child in the queue is less than any ordinary place, wherever it stands among the wishes.
    """
    got = outcome.placed.get(applicant.application)
    for number, wish in enumerate(applicant.wishes, start=1):
        interim = bool(frozen.programme[wish].interim)
        if got is None or got.seat == OTHERS or number < got.wish or (got.interim and not interim):
            yield number, wish


class Deciding:
    """A round while it is asked what refused wishes."""

    def __init__(self, frozen: Frozen, outcome: Outcome) -> None:
        """Take the round; nothing is looked up yet."""
        self.frozen, self.outcome = frozen, outcome
        self._passes = {name: number for number, name in enumerate(frozen.stages)}
        self._kept_for: dict[str, frozenset[str]] = {}

    @cached_property
    def positions(self) -> Mapping[str, list[int]]:
        """Of each programme the positions of those it placed by their wishes, rising."""
        found: dict[str, list[int]] = {}
        for each in self.outcome.placed.values():
            if each.seat != OTHERS:
                position = self.frozen.programme[each.programme].position[each.application]
                found.setdefault(each.programme, []).append(position)
        return {name: sorted(positions) for name, positions in found.items()}

    def of(self, applicant: Applicant) -> Iterator[Decision]:
        """Yield what refused the wishes of an applicant; steps are found afterwards, for many together."""
        got = self.outcome.placed.get(applicant.application)
        for wish, name in refused_wishes(self.frozen, self.outcome, applicant):
            programme, cutoff = self.frozen.programme[name], self.outcome.cutoffs[name]
            position = programme.position[applicant.application]
            against = cutoff.last if position > cutoff.position else self._before(name, position)
            cause, reserve = self._cause(applicant.application, got, programme, cutoff)
            yield Decision(applicant.application, wish, name, position, cause, against, reserve=reserve)

    def _before(self, programme: str, position: int) -> str:
        """Return who of those placed stands last before a position; "" = nobody does."""
        there = self.positions.get(programme, [])
        index = bisect_left(there, position)
        return self.frozen.programme[programme].order[there[index - 1] - 1] if index else ""

    def _cause(self, name: str, got: Placed | None, programme: Programme, cutoff: CutOff) -> tuple[str, str]:
        """Return what refused a wish, and the reserve that did."""
        if programme.programme in self.outcome.struck.get(name, ()):
            return TOGETHER, ""
        if self._had_a_place(name, got, programme):
            return EARLIER, ""
        if not cutoff.seats:
            return NO_SEATS, ""
        if cutoff.kept and (not cutoff.last or name in self.kept_for(programme)):
            return KEPT, _kept_reserve(programme, name)
        return self._cause_by_last(name, programme, cutoff)

    def _cause_by_last(self, name: str, programme: Programme, cutoff: CutOff) -> tuple[str, str]:
        """Return what refused a wish for a seat that somebody else got, and the reserve that did."""
        if not cutoff.last or (programme.ties == "underfill" and cutoff.free > cutoff.kept):
            return EQUALS, ""
        seat = self.outcome.placed[cutoff.last].seat
        if programme.position[name] < cutoff.position and any(seat == each.reserve for each in programme.reserves):
            return RESERVE, seat
        return (HELD if seat == HELD else ORDER), ""

    def _had_a_place(self, name: str, got: Placed | None, programme: Programme) -> bool:
        """Return whether an applicant had an ordinary place before the pass of a programme was run."""
        if programme.interim and name in self.frozen.held:
            return True
        if got is None or got.interim or got.seat == OTHERS:
            return False
        return self._passes[got.stage] < self._passes[programme.stage]

    def kept_for(self, programme: Programme) -> frozenset[str]:
        """Return who would have got the seats kept empty: as many of those refused there, by the order.

        Complexity: O(order), once a programme.
        """
        name = programme.programme
        if name not in self._kept_for:
            refused = (each for each in programme.order if self._is_refused(each, programme))
            self._kept_for[name] = frozenset(islice(refused, self.outcome.cutoffs[name].kept))
        return self._kept_for[name]

    def _is_refused(self, application: str, programme: Programme) -> bool:
        """Return whether an applicant took part in the pass of a programme and was refused there for want of seats."""
        got, name = self.outcome.placed.get(application), programme.programme
        wishes = self.frozen.wishes.get(application, ())
        struck = self.outcome.struck.get(application, ())
        if name not in wishes or name in struck or self._had_a_place(application, got, programme):
            return False
        if got is None or got.seat == OTHERS or (got.interim and not programme.interim):
            return True
        return wishes.index(name) + 1 < got.wish


def _kept_reserve(programme: Programme, application: str) -> str:
    """Return the first reserve whose empty seats are kept and not for an applicant; "" if none is."""
    kept = (each for each in programme.reserves if each.unused == "keep")
    return next((each.reserve for each in kept if application not in each.entitled), "")


def with_steps(deciding: Deciding, found: Sequence[Decision], queues: Queues | None) -> Iterable[Decision]:
    """Return decisions with the first step that differs between each and whom it is compared with."""
    if queues is None or not found:
        return found
    steps, against_key = _first_steps(found, queues)
    made = []
    for each, step, inverted in zip(found, steps, against_key, strict=True):
        # Only a bundle puts somebody behind those with a worse key: at the worst placed of those they go with.
        if inverted and each.cause == ORDER and each.application in deciding.frozen.bundled:
            made.append(each._replace(cause=TOGETHER))
        else:
            made.append(each._replace(step="" if inverted else step))
    return made


def _first_steps(found: Sequence[Decision], queues: Queues) -> tuple[list[str], list[bool]]:
    """Return for each the step (or reserve of the queue) that put it behind, and whether nothing in the queue did."""
    ranking = queues.entries
    row_of = ranking.tables.applications.row_of
    index = {name: number for number, name in enumerate(ranking.tables.programmes.ids)}
    compared = np.array([number for number, each in enumerate(found) if each.against], np.int64)
    pairs = [found[number] for number in compared.tolist()]
    programmes = np.array([index[each.programme] for each in pairs], np.int64)
    own = _rows(queues, np.array([row_of[each.application] for each in pairs], np.int64), programmes)
    theirs = _rows(queues, np.array([row_of[each.against] for each in pairs], np.int64), programmes)
    ids = [step.id for step in ranking.rules.order] + [each.id for each in ranking.reserves] + [""]
    decider = np.full(len(pairs), len(ids) - 1, np.int64)
    inverted = np.zeros(len(pairs), np.bool_)
    left = np.arange(len(pairs))
    for number, component in enumerate(ranking.components):
        mine, other = component.codes[own[left]], component.codes[theirs[left]]
        differs = mine != other
        decider[left[differs]] = number
        inverted[left[differs]] = (mine < other)[differs]
        left = left[~differs]
    if ranking.reserves and inverted.any():
        moved = np.flatnonzero(inverted)
        by_reserve = first_reserve(list(ranking.entitled), theirs[moved], own[moved])
        put_before = np.array([mask[theirs[moved]] & ~mask[own[moved]] for mask in ranking.entitled]).any(axis=0)
        decider[moved[put_before]] = len(ranking.components) + by_reserve[put_before]
        inverted[moved[put_before]] = False
    steps, against_key = [""] * len(found), [False] * len(found)
    for number, code, worse in zip(compared.tolist(), decider.tolist(), inverted.tolist(), strict=True):
        steps[number], against_key[number] = ids[code], worse
    return steps, against_key


def _rows(queues: Queues, applications: Index, programmes: Index) -> Index:
    """Return the row of the ranking of each application at each programme.

    Complexity: O(pairs · (log rows + entries of one application)).
    """
    ranking = queues.entries
    kind: Any = ranking.application.dtype
    start = np.searchsorted(ranking.application, applications.astype(kind))
    stop = np.searchsorted(ranking.application, applications.astype(kind), side="right")
    found = np.full(len(applications), -1, np.int64)
    for offset in range(int((stop - start).max(initial=0))):
        row = np.minimum(start + offset, stop - 1)
        found[ranking.queue[row] == programmes] = row[ranking.queue[row] == programmes]
    assert (found >= 0).all(), "who is compared stands in the queue"
    return found
