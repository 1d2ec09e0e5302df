"""A round as another mechanism would have given its places: for comparison only, none of it may be published.

Other mechanisms than deferred acceptance know seats and orders, and nothing else: seats set aside are given to all,
bundles come apart, unused seats stay where they are, nothing is offered beyond the wishes, and most of them do not
promise that a place somebody holds is kept. What a round has of that is told beside the outcome.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

import attrs

from queue_engine.allocation import MECHANISMS, Market, Matching, allocate
from queue_engine.allocation import Programme as MarketProgramme
from queue_engine.rounds.model import CutOff, Frozen, Outcome, Placed, Programme
from queue_engine.rounds.running import run

IN_FORCE = "deferred-acceptance"

Tiers = Mapping[str, Sequence[Sequence[str]]]


def held_by(
    frozen: Frozen, mechanism: str, lottery: Mapping[str, int] | None = None, tiers: Tiers | None = None
) -> tuple[Frozen, Outcome, tuple[str, ...]]:
    """Return a round as a mechanism knows it, what comes out, and what of the round it has no use for.

    Args:
        frozen: from `freezing.freeze`.
        mechanism: one of `allocation.MECHANISMS`.
        lottery: drawn numbers of all applicants, which some mechanisms need; the lower is the better.
        tiers: of each programme, who is equal there but for the drawn numbers; absent = nobody is.

    Raises:
        MarketError: the mechanism cannot be run on it.

    Complexity: that of the mechanism, once a pass.

    >>> from queue_engine.rounds.model import Applicant
    >>> gardens = (Programme("D1", "", "main", 1, ("b", "a")), Programme("D2", "", "main", 1, ("a", "b")))
    >>> people = (Applicant("a", ("D1", "D2")), Applicant("b", ("D2", "D1")))
    >>> frozen = Frozen("spring", 20600, "0" * 64, "0" * 64, ("main",), gardens, people)
    >>> [held_by(frozen, name)[1].at("D1") for name in ("deferred-acceptance", "top-trading-cycles")]
    [('a',), ('a',)]

    """
    if mechanism == IN_FORCE:
        return frozen, run(frozen), ()
    plain, left_out = as_plain(frozen)
    equals = {name: _equals(frozen.programme[name], each) for name, each in (tiers or {}).items()}
    placed: dict[str, Placed] = {}
    for stage in plain.stages:
        here = {each.programme: each for each in plain.programmes if each.stage == stage}
        matching = _matching(plain, here, placed, mechanism, lottery or {}, equals)
        for name, programme in matching.placed.items():
            if programme is not None:
                wish = plain.wishes[name].index(programme) + 1
                placed[name] = Placed(name, programme, wish, stage, interim=bool(here[programme].interim))
    return plain, _outcome(plain, placed), left_out


def as_plain(frozen: Frozen) -> tuple[Frozen, tuple[str, ...]]:
    """Return a round with nothing but seats, orders and wishes, and what of it was left out.

    >>> garden = Programme("D1", "", "main", 1, ("a",), holders=("a",), flows_to="D2")
    >>> frozen = Frozen("spring", 20600, "0" * 64, "0" * 64, ("main",), (garden,), ())
    >>> as_plain(frozen)[1]
    ('flows', 'transfers')

    """
    present = {
        "reserves": any(each.reserves for each in frozen.programmes),
        "bundles": bool(frozen.bundles),
        "flows": any(each.flows_to for each in frozen.programmes),
        "others": any(each.others for each in frozen.applicants),
        "transfers": any(each.holders for each in frozen.programmes),
        "tiers": any(each.ties for each in frozen.programmes),
    }
    programmes = tuple(
        attrs.evolve(each, reserves=(), flows_to="", others=(), holders=(), ties="", tiers=())
        for each in frozen.programmes
    )
    applicants = tuple(attrs.evolve(each, others=()) for each in frozen.applicants)
    plain = attrs.evolve(frozen, programmes=programmes, applicants=applicants, bundles=())
    return plain, tuple(name for name, found in present.items() if found)


def _equals(programme: Programme, tiers: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Return tiers along the order of a round, in which holders and bundles stand elsewhere than by their priority."""
    tier_of: dict[str, object] = {name: number for number, tier in enumerate(tiers) for name in tier}
    tier_of |= {name: (name,) for name in programme.holders}
    return tuple(tuple(names) for _, names in groupby(programme.order, key=tier_of.__getitem__))


def _matching(
    frozen: Frozen,
    here: Mapping[str, Programme],
    placed: Mapping[str, Placed],
    mechanism: str,
    lottery: Mapping[str, int],
    tiers: Tiers,
) -> Matching:
    """Return who gets what in one pass."""
    wishes = {
        each.application: [wish for wish in each.wishes if wish in here]
        for each in frozen.applicants
        if each.application not in placed
    }
    wishes = {name: wished for name, wished in wishes.items() if wished}
    programmes = []
    for name, each in here.items():
        order = tuple(one for one in each.order if one in wishes)
        equals = (tuple(one for one in tier if one in wishes) for tier in tiers.get(name, ()))
        programmes.append(MarketProgramme(name, each.seats, order, tuple(filter(None, equals))))
    numbers = {name: number for name, number in lottery.items() if name in wishes}
    return allocate(Market.of(programmes, wishes, numbers), MECHANISMS[mechanism], f"round {frozen.round}")


def _outcome(frozen: Frozen, placed: Mapping[str, Placed]) -> Outcome:
    """Return what came out, in the order of the applicants and of the programmes."""
    there: dict[str, list[str]] = {}
    for name, each in placed.items():
        there.setdefault(each.programme, []).append(name)
    cutoffs = {}
    for programme in frozen.programmes:
        names = there.get(programme.programme, [])
        last = max(names, key=programme.position.__getitem__, default="")
        position = programme.position[last] if last else 0
        cutoffs[programme.programme] = CutOff(programme.programme, programme.seats, len(names), last, position)
    ordered = {name: placed[name] for name in frozen.wishes if name in placed}
    return Outcome(frozen.round, ordered, cutoffs, runs=len(frozen.stages))
