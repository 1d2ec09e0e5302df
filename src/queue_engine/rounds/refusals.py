"""Why not: everything known of a wish that did not come true, and what remains free.

`deciding` finds what refused the wishes of all; here one application is told with exact values, for officers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import attrs
import numpy as np
import numpy.typing as npt

from queue_engine.entries import takes_conditions
from queue_engine.explanation import Own, standing
from queue_engine.queue import Queue, Queues
from queue_engine.rounds.deciding import Deciding, Decision, with_steps
from queue_engine.rounds.model import Frozen, Outcome
from queue_engine.rules.compile import Frame, Masks
from queue_engine.rules.model import RuleSet


@attrs.frozen
class Free:
    """Free places of one programme after a round."""

    programme: str
    places: int


@attrs.frozen
class Refusal:
    """Why one wish did not come true, with exact values: for officers; `round_wording` tells families less.

    Args:
        application: whose wish it is.
        wish: which one, from 1.
        programme: what was wished for.
        position: the place in the order of the programme, from 1.
        among: how many stand in that order.
        seats: how many seats the programme had in the end.
        placed: how many got one.
        held: how many of them hold a place there already and keep it.
        last: who of those placed stands last; "" = nobody was placed.
        last_position: where.
        cause: what refused the wish.
        against: whom the step is found against: the last, or the last of those who stand before.
        step: the first step that differs between the two; "" = not known.
        own: what the application has there; None = not known.
        theirs: what the other has there.
        key: what the application has at every step.
        last_key: what the last has at every step.
        shared: how many of the queue have at the step what the other has.
        reserve: whose seats decided; "" = no reserve.
        kept: how many seats stay empty for a group.
        free: where places are free after the round.
        takes_known: whether `free` holds only what takes the child; otherwise every programme with free places.

    """

    application: str
    wish: int
    programme: str
    position: int
    among: int
    seats: int
    placed: int
    held: int
    last: str
    last_position: int
    cause: str
    against: str = ""
    step: str = ""
    own: Own | None = None
    theirs: Own | None = None
    key: tuple[Own, ...] = ()
    last_key: tuple[Own, ...] = ()
    shared: int = 0
    reserve: str = ""
    kept: int = 0
    free: tuple[Free, ...] = ()
    takes_known: bool = False

    @property
    def free_places(self) -> int:
        """Return how many places are free in all."""
        return sum(each.places for each in self.free)


@attrs.frozen(eq=False)
class Takes:
    """Which programmes take which applications, by the `takes` of the programmes alone.

    Args:
        kind: of each programme, the number of its condition.
        masks: for each condition, the applications for which it holds.
        row_of: the row of each application.

    """

    kind: Mapping[str, int]
    masks: tuple[npt.NDArray[np.bool_], ...]
    row_of: Mapping[str, int]

    @classmethod
    def of(cls, queues: Queues, rule_set: RuleSet, on: date, dates: Mapping[str, date] | None = None) -> Takes:
        """Return who is taken where.

        Args:
            queues: of the round; they keep no named dates, so these are given again.
            rule_set: the rules the queues were ordered by, as read.
            on: their day.
            dates: their named dates.

        Complexity: one evaluation on all applications a distinct condition.

        """
        tables = queues.entries.tables
        offers = takes_conditions(tables, rule_set, on, dates)
        masks = Masks(Frame(tables), rule_set.conventions)
        kind = dict(zip(tables.programmes.ids, offers.kind.tolist(), strict=True))
        return cls(kind, tuple(masks.mask(each) for each in offers.conditions), tables.applications.row_of)

    def __call__(self, application: str, programme: str) -> bool:
        """Return whether a programme takes an application."""
        return bool(self.masks[self.kind[programme]][self.row_of[application]])


def why_not(
    frozen: Frozen,
    outcome: Outcome,
    queues: Queues | None,
    application: str,
    takes: Takes | None = None,
) -> tuple[Refusal, ...]:
    """Return why each wish of an application that it wished for more than what it got did not come true.

    Args:
        frozen: what the round was computed from.
        outcome: what came out.
        queues: those it was frozen from; None = nothing is known of steps and keys.
        application: whose wishes.
        takes: who is taken where, so that only free places the child could have are counted.

    Returns:
        () for whoever got the first wish, or takes no part.

    Complexity: O(entries of the programmes refused × steps).
    Source: 236 order of 15.05.2020, p. 8 (the sequence of places and the grounds of decisions are told to parents).

    >>> from queue_engine.rounds.model import Applicant, Programme
    >>> from queue_engine.rounds.running import run
    >>> garden = Programme("D1", "", "main", 1, ("b", "a"))
    >>> people = (Applicant("a", ("D1",)), Applicant("b", ("D1",)))
    >>> frozen = Frozen("spring", 20600, "0" * 64, "0" * 64, ("main",), (garden,), people)
    >>> [(each.programme, each.position, each.last, each.cause) for each in why_not(frozen, run(frozen), None, "a")]
    [('D1', 2, 'b', 'order')]

    """
    applicant = next((each for each in frozen.applicants if each.application == application), None)
    if applicant is None:
        return ()
    free = _free(frozen, outcome, application, takes)
    deciding = Deciding(frozen, outcome)
    decisions = with_steps(deciding, list(deciding.of(applicant)), queues)
    return tuple(_told(deciding, each, queues, free, takes) for each in decisions)


def _free(frozen: Frozen, outcome: Outcome, application: str, takes: Takes | None) -> tuple[Free, ...]:
    """Return the programmes with free places after the round, those that do not take an application left out."""
    found = []
    for each in frozen.programmes:
        cutoff = outcome.cutoffs[each.programme]
        if each.interim or cutoff.free <= cutoff.kept:
            continue
        if takes is None or takes(application, each.programme):
            found.append(Free(each.programme, cutoff.free - cutoff.kept))
    return tuple(found)


def _told(
    deciding: Deciding, decision: Decision, queues: Queues | None, free: tuple[Free, ...], takes: Takes | None
) -> Refusal:
    """Return a decision with everything that is known of it."""
    frozen, outcome = deciding.frozen, deciding.outcome
    programme, cutoff = frozen.programme[decision.programme], outcome.cutoffs[decision.programme]
    refusal = Refusal(
        application=decision.application,
        wish=decision.wish,
        programme=decision.programme,
        position=decision.position,
        among=len(programme.order),
        seats=cutoff.seats,
        placed=cutoff.placed,
        held=sum(_keeps(outcome, name, programme.programme) for name in programme.holders),
        last=cutoff.last,
        last_position=cutoff.position,
        cause=decision.cause,
        against=decision.against,
        step=decision.step,
        reserve=decision.reserve,
        kept=cutoff.kept,
        free=free,
        takes_known=takes is not None,
    )
    if queues is None:
        return refusal
    queue = queues[decision.programme]
    key = standing(queue, decision.application).own
    against = standing(queue, decision.against).own if decision.against else ()
    last = against if cutoff.last == decision.against else standing(queue, cutoff.last).own if cutoff.last else ()
    return attrs.evolve(
        refusal,
        key=key,
        last_key=last,
        own=next((each for each in key if each.step == decision.step), None),
        theirs=next((each for each in against if each.step == decision.step), None),
        shared=_shared(queue, decision),
    )


def _keeps(outcome: Outcome, application: str, programme: str) -> bool:
    """Return whether somebody who held a place at a programme got it."""
    got = outcome.placed.get(application)
    return got is not None and got.programme == programme


def _shared(queue: Queue, decision: Decision) -> int:
    """Return how many of a queue have at the deciding step what the one compared with has."""
    component = next((each for each in queue.ranking.components if each.step.id == decision.step), None)
    if component is None:
        return 0
    codes = component.codes[queue.rows]
    return int((codes == component.codes[queue.row_of(decision.against)]).sum())
