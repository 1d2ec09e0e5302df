"""Whether a round did what it must: numbered properties, looked at in what came out, by code that places nobody.

P1 to P8 are those of `allocation.stability`, of every pass with the seats it had in the end:
P1 everyone has one outcome; P2 a place is wished for; P3 the programme accepts the child; P4 no more than the seats;
P5 no ceiling is passed; P6 seats of a group go to the group, in the order in which seats are filled; P7 no seat is free
that somebody entitled to it wants; P8 nobody is placed where somebody with a better priority was refused.
P9 nobody who held a place has lost it: they keep it, or have one they wished for more.
P10 the ledger of seats: norm ≥ declared = withheld + given; what flowed in has flowed out elsewhere; the cut-off is
   that of those who were placed.
P11 those who go together got the same wish, or none.
P12 unused seats flowed where they were declared to flow, and none that had to flow is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from queue_engine.allocation import Market, Matching, Violation, check_matching
from queue_engine.errors import Place, Problem
from queue_engine.rounds.markets import beyond_wishes, seated
from queue_engine.rounds.model import GENERAL, HELD, OTHERS, Frozen, Outcome, Placed, Programme, refuse


def check_round(frozen: Frozen, outcome: Outcome) -> list[Violation]:
    """Return every property that a round does not have; [] = it may be published.

    Args:
        frozen: what it was computed from.
        outcome: what came out.

    Complexity: O(n log n) in the wishes; O(capacity · applicants) for programmes with seats of groups.

    >>> from queue_engine.rounds.model import Applicant, CutOff
    >>> from queue_engine.rounds.running import run
    >>> garden = Programme("D1", "", "main", 1, ("b", "a"))
    >>> people = (Applicant("a", ("D1",)), Applicant("b", ("D1",)))
    >>> frozen = Frozen("spring", 20600, "0" * 64, "0" * 64, ("main",), (garden,), people)
    >>> check_round(frozen, run(frozen))
    []
    >>> favour = Outcome("spring", {"a": Placed("a", "D1", 1, "main")}, {"D1": CutOff("D1", 1, 1, "a", 2)})
    >>> print(*check_round(frozen, favour), sep="; ")
    P8: 'b' wishes 'D1' more than no place and is before 'a', who is placed there

    """
    found = [*_misplaced(frozen, outcome), *_ledger(frozen, outcome)]
    if found:
        return sorted(found)
    for stage in frozen.stages:
        found += _in_stage(frozen, outcome, stage)
    found += [*_beyond_wishes(frozen, outcome), *_lost(frozen, outcome), *_parted(frozen, outcome)]
    found += _not_flowed(frozen, outcome)
    return sorted(found)


def refuse_unsound(frozen: Frozen, outcome: Outcome) -> None:
    """Pass when a round has every property it must have.

    Raises:
        RoundError: it has not; says which property, where, and who is wronged for whom.

    """
    place = Place(f"round {frozen.round}")
    remedy = "publish nothing of this round; what it was frozen from is kept to find the mistake"
    refuse(Problem(place, "D013", str(each), remedy) for each in check_round(frozen, outcome))


def _misplaced(frozen: Frozen, outcome: Outcome) -> Iterator[Violation]:
    """Yield places of nobody, of nowhere, or told as another wish than they are: P1 and P2."""
    people = {each.application: each for each in frozen.applicants}
    for name, placed in outcome.placed.items():
        person, programme = people.get(name), frozen.programme.get(placed.programme)
        if person is None or placed.application != name:
            yield Violation("P1", placed.programme, name, "", f"'{name}' is no applicant of the round")
        elif programme is None:
            yield Violation("P1", placed.programme, name, "", f"'{placed.programme}' is no programme of the round")
        else:
            named = (*person.wishes, *person.others)
            if not 1 <= placed.wish <= len(named) or named[placed.wish - 1] != placed.programme:
                message = f"'{name}' is placed at '{placed.programme}', which is not wish {placed.wish}"
                yield Violation("P2", placed.programme, name, "", message)
            beyond = placed.wish > len(person.wishes)
            if beyond != (placed.seat == OTHERS) or placed.stage != (OTHERS if beyond else programme.stage):
                message = f"'{name}' is placed in the pass '{placed.stage}' on a seat '{placed.seat}'"
                yield Violation("P1", placed.programme, name, "", message)


def _ledger(frozen: Frozen, outcome: Outcome) -> Iterator[Violation]:
    """Yield where seats do not add up: P10."""
    if outcome.cutoffs.keys() != frozen.programme.keys():
        for name in outcome.cutoffs.keys() ^ frozen.programme.keys():
            yield Violation("P10", name, "", "", f"'{name}' has a cut-off or a row of places, not both")
        return
    there: dict[str, list[Placed]] = {name: [] for name in frozen.programme}
    for placed in outcome.placed.values():
        there.get(placed.programme, []).append(placed)
    for name, each in frozen.programme.items():
        cutoff = outcome.cutoffs[name]
        if each.norm is not None and each.declared > each.norm:
            yield Violation("P10", name, "", "", f"'{name}' declares {each.declared} places, the norm is {each.norm}")
        if not 0 <= each.withheld <= each.declared:
            yield Violation("P10", name, "", "", f"'{name}' withholds {each.withheld} of {each.declared} places")
        given = each.seats + cutoff.received - cutoff.given_on
        if cutoff.seats != given or cutoff.placed != len(there[name]):
            count = len(there[name])
            message = f"'{name}' tells {cutoff.placed} placed on {cutoff.seats} seats; it is {count} on {given}"
            yield Violation("P10", name, "", "", message)
        told = (cutoff.last, cutoff.position)
        found = _last(each, there[name])
        if told != found:
            yield Violation("P10", name, cutoff.last, found[0], f"'{name}' tells the cut-off {told}; it is {found}")


def _last(programme: Programme, there: Iterable[Placed]) -> tuple[str, int]:
    """Return who of those placed by their wishes stands last in the order, and where."""
    placed = {programme.position.get(each.application, 0): each.application for each in there if each.seat != OTHERS}
    last = max(placed, default=0)
    return placed.get(last, ""), last


def _in_stage(frozen: Frozen, outcome: Outcome, stage: str) -> list[Violation]:
    """Return what is wrong with one pass, with the seats it had in the end: P1 to P8."""
    order = {name: number for number, name in enumerate(frozen.stages)}
    here = [each for each in frozen.programmes if each.stage == stage]
    names = {each.programme: each.interim for each in here}
    wishes: dict[str, list[str]] = {}
    placed: dict[str, str | None] = {}
    for each in frozen.applicants:
        got = outcome.placed.get(each.application)
        before = got is not None and got.seat != OTHERS and order[got.stage] < order[stage]
        wished = [wish for wish in each.wishes if wish in names]
        if before or not wished or (names[wished[0]] and each.application in frozen.held):
            continue
        struck = outcome.struck.get(each.application, frozenset())
        wishes[each.application] = [wish for wish in wished if wish not in struck]
        placed[each.application] = got.programme if got is not None and got.stage == stage else None
    market = Market.of([seated(each, outcome.cutoffs[each.programme].seats, wishes) for each in here], wishes)
    return check_matching(market, Matching(placed))


def _beyond_wishes(frozen: Frozen, outcome: Outcome) -> list[Violation]:
    """Return what is wrong with places offered beyond the wishes: the same properties, over the seats left."""
    seeking: dict[str, tuple[str, ...]] = {}
    placed: dict[str, str | None] = {}
    taken = dict.fromkeys(frozen.programme, 0)
    for each in frozen.applicants:
        got = outcome.placed.get(each.application)
        if got is not None and got.seat != OTHERS:
            taken[got.programme] += 1
        elif each.others:
            seeking[each.application] = each.others
            placed[each.application] = None if got is None else got.programme
    free = {name: max(each.seats - taken[name] - each.kept, 0) for name, each in outcome.cutoffs.items()}
    return check_matching(beyond_wishes(frozen, free, seeking), Matching(placed))


def _lost(frozen: Frozen, outcome: Outcome) -> Iterator[Violation]:
    """Yield who held a place and has none that is as dear: P9."""
    for name, programme in frozen.held.items():
        got = outcome.placed.get(name)
        if got is None or got.seat == OTHERS or got.wish > frozen.wishes[name].index(programme) + 1:
            now = "no place" if got is None else f"'{got.programme}'"
            message = f"'{name}' held a place at '{programme}' and has {now}"
            yield Violation("P9", programme, name, "", message)
        elif got.programme == programme and got.seat not in {HELD, GENERAL}:
            message = f"'{name}' keeps a place held at '{programme}' on the seat '{got.seat}'"
            yield Violation("P9", programme, name, "", message)


def _parted(frozen: Frozen, outcome: Outcome) -> Iterator[Violation]:
    """Yield those who go together and got different wishes: P11."""
    for bundle in frozen.bundles:
        got = {
            name: each.wish for name in bundle if (each := outcome.placed.get(name)) is not None and each.seat != OTHERS
        }
        if len({got.get(name, 0) for name in bundle}) > 1:
            told = ", ".join(f"'{name}' wish {got[name]}" if name in got else f"'{name}' none" for name in bundle)
            yield Violation("P11", "", bundle[0], bundle[1], f"who goes together got {told}")


def _not_flowed(frozen: Frozen, outcome: Outcome) -> Iterator[Violation]:
    """Yield seats that flowed otherwise than declared, or did not: P12."""
    arrived = dict.fromkeys(frozen.programme, 0)
    for name, each in frozen.programme.items():
        cutoff = outcome.cutoffs[name]
        if each.flows_to:
            arrived[each.flows_to] += cutoff.given_on
        elif cutoff.given_on:
            message = f"{cutoff.given_on} seats flowed out of '{name}', which declares no flow"
            yield Violation("P12", name, "", "", message)
    for name, count in arrived.items():
        cutoff = outcome.cutoffs[name]
        if cutoff.received != count:
            yield Violation("P12", name, "", "", f"'{name}' received {cutoff.received} seats; {count} flowed to it")
        if frozen.programme[name].flows_to and cutoff.free > cutoff.kept:
            message = f"{cutoff.free} seats of '{name}' are free and did not flow on"
            yield Violation("P12", name, "", "", message)
