"""Queues × places → what a round is computed from: orders, wishes, seats, frozen before anybody is placed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs
import numpy as np

from queue_engine.allocation.bundles import bundles_of, together_in_order, together_in_tiers
from queue_engine.allocation.lottery import list_root
from queue_engine.allocation.rule_reserves import reserves_of
from queue_engine.errors import Place, Problem
from queue_engine.queue import Queues, Ranking
from queue_engine.rounds.model import Applicant, Frozen, Programme, SeatReserve, refuse
from queue_engine.rounds.places import PlacesRow, flow_problems, passes_of
from queue_engine.rule_documents import rules_digest
from queue_engine.rules.model import ReserveKind, RuleSet
from queue_engine.rules.ties import tie_steps
from queue_engine.spelling import nearest

HELD_FACT = "place.holds_here"
LOTTERY = "lottery"
_OF_ROWS = frozenset({"D001", "D002", "D003", "D004"})
_HELD_ELSEWHERE = "held by {count} who take no part in the round"


@attrs.frozen
class Calling:
    """What a round is called, and for which day, service and rules.

    Args:
        round: its name.
        on: the day the queues are of.
        rule_set: the rules the queues were ordered by.
        service: of which service; "" = the only one.

    """

    round: str
    on: int
    rule_set: RuleSet
    service: str = ""


def freeze(
    queues: Queues,
    places: Sequence[PlacesRow],
    calling: Calling,
    *,
    bundles: Mapping[str, str] | None = None,
    others: Queues | None = None,
    problems: Sequence[Problem] = (),
) -> Frozen:
    """Return what a round is computed from.

    Who holds a place (`place.holds_here` at a wish) stands first there, so that nobody loses a place to seek another.
    What they wish for behind that place could only make them lose it, and is left out. Who holds one and takes no part
    keeps it: that place is withheld. A programme without a row of places gives none.

    Args:
        queues: from `order`, on the day of the round.
        places: from `read_places`.
        calling: what the round is called, and the rest of its head.
        bundles: who goes with whom or not at all: follower → leader.
        others: the queues of those who agreed to be offered other programmes, in which the wishes are those programmes.
        problems: what was wrong with places or bundles when they were read; it is told with what is found here.

    Raises:
        RoundError: places, holders or bundles cannot be used; holds every problem.

    Complexity: linear in the entries.
    Source: statute 2.2.5; domain rules of transfers: order of the Ministry of Education of 28.12.2015 No. 1527.

    """
    entries = _Entries.of(queues.entries)
    rows = _rows(places, queues)
    entries = entries.seeking(rows)
    unknown = [row for row in places if row.programme not in rows]
    found = [*problems, *_unknown_problems(unknown, rows), *flow_problems((*rows.values(), *unknown))]
    programmes = _programmes(rows, entries, queues, calling)
    found += [each for each in _holder_problems(programmes, rows, entries) if not _follows(each, found)]
    found += entries.held_problems()
    offered = {} if others is None else _wishes_of(others.entries)
    together, bundle_problems = _bundled(bundles or {}, entries.wishes)
    found += bundle_problems
    found += _stage_problems(programmes, entries, together)
    refuse(found)
    if others is not None:
        programmes = [attrs.evolve(each, others=_others_of(others, each.programme, offered)) for each in programmes]
    if together:
        programmes = [_joined(each, together) for each in programmes]
    names = [*entries.wishes, *(name for name in offered if name not in entries.wishes)]
    numbered = queues.entries.tables.applications.row_of
    applicants = tuple(
        Applicant(name, entries.wishes.get(name, ()), offered.get(name, ()))
        for name in sorted(names, key=numbered.__getitem__)
    )
    return Frozen(
        round=calling.round,
        on=calling.on,
        rules=rules_digest(calling.rule_set),
        list_root=list_root(each.application for each in applicants),
        stages=passes_of(tuple(rows.values())),
        programmes=tuple(programmes),
        applicants=applicants,
        bundles=together,
        service=calling.service,
    )


@attrs.frozen(eq=False)
class _Entries:
    """Who wishes for what, and who holds what, of those who stand in a queue.

    Args:
        wishes: of each application the programmes in whose queue it stands, the dearest first.
        orders: of each programme its queue.
        holders: of each programme who holds a place there and stands in its queue.
        absent: of each programme how many hold a place there and do not.
        unclear: who holds places at several programmes, and where.

    """

    wishes: Mapping[str, tuple[str, ...]]
    orders: Mapping[str, tuple[str, ...]]
    holders: Mapping[str, tuple[str, ...]]
    absent: Mapping[str, int]
    unclear: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, ranking: Ranking) -> _Entries:
        """Return the entries of all programmes' queues."""
        ids, names = ranking.tables.applications.ids, ranking.tables.programmes.ids
        orders = {
            names[index]: tuple(ids[ranking.application[ranking.order[start:stop]]].tolist())
            for index, (start, stop) in enumerate(zip(ranking.starts[:-1], ranking.starts[1:], strict=True))
        }
        at: dict[str, list[int]] = {}
        for row in ranking.rows_with(HELD_FACT).tolist():
            at.setdefault(str(ids[ranking.application[row]]), []).append(row)
        holders: dict[str, list[str]] = {}
        absent: dict[str, int] = {}
        unclear: dict[str, tuple[str, ...]] = {}
        organisation = ranking.tables.programmes.organisation
        organised = any(ranking.tables.programmes.organisations)
        for name, rows in at.items():
            # A wish for an organisation may lead to several of its programmes: the child is at the first that takes it.
            row = next((row for row in rows if ranking.positions[row]), rows[0])
            programme = names[ranking.queue[row]]
            if len({organisation[ranking.queue[each]] if organised else ranking.queue[each] for each in rows}) > 1:
                unclear[name] = tuple(names[ranking.queue[each]] for each in rows)
            if ranking.positions[row]:
                holders.setdefault(programme, []).append(name)
            else:
                absent[programme] = absent.get(programme, 0) + 1
        found = {programme: tuple(sorted(held, key=orders[programme].index)) for programme, held in holders.items()}
        return cls(_wishes_of(ranking), orders, found, absent, unclear)

    def seeking(self, rows: Mapping[str, PlacesRow]) -> _Entries:
        """Return the entries without what those who hold a place cannot want: less dear wishes, and interim places."""
        wishes = dict(self.wishes)
        for programme, held in self.holders.items():
            for name in held:
                if name in self.unclear:
                    continue  # that is told by `held_problems`
                dearer = wishes[name][: wishes[name].index(programme)]
                wishes[name] = (*(wish for wish in dearer if not rows[wish].interim), programme)
        return attrs.evolve(self, wishes=wishes)

    def held_problems(self) -> Iterator[Problem]:
        """Yield who holds two places, so that it cannot be told which one is left behind."""
        for name, held in sorted(self.unclear.items()):
            message = f"application {name} holds a place at {', '.join(map(repr, held))}"
            remedy = "let the wish name the one programme where the child holds a place"
            yield Problem(Place("entries", field=HELD_FACT), "D006", message, remedy)


def _wishes_of(ranking: Ranking) -> dict[str, tuple[str, ...]]:
    """Return the programmes in whose queue each application stands; rows come by application and wish already."""
    standing = np.flatnonzero(ranking.positions)
    names, ids = ranking.tables.programmes.ids, ranking.tables.applications.ids
    found: dict[str, list[str]] = {}
    applications = ids[ranking.application[standing]].tolist()
    for application, programme in zip(applications, ranking.queue[standing].tolist(), strict=True):
        found.setdefault(application, []).append(names[programme])
    return {application: tuple(wishes) for application, wishes in found.items()}


def _rows(places: Sequence[PlacesRow], queues: Queues) -> dict[str, PlacesRow]:
    """Return a row for every programme, sorted by id; programmes without one give no places."""
    given = {row.programme: row for row in places}
    stage = min((row.stage for row in places if not row.interim), default="main")
    known = sorted(queues.entries.tables.programmes.ids)
    return {name: given.get(name) or PlacesRow(name, 0, stage=stage) for name in known}


def _unknown_problems(unknown: Iterable[PlacesRow], known: Iterable[str]) -> Iterator[Problem]:
    """Yield the rows that name a programme nobody knows; a row that names none was told when it was read."""
    for row in unknown:
        if row.programme:
            remedy = nearest(row.programme, known) or "correct the id, or leave the row out"
            yield Problem(row.place, "D002", f"there is no programme '{row.programme}'", remedy)


def _follows(problem: Problem, found: Iterable[Problem]) -> bool:
    """Return whether a problem may come of another one of the same row, or of a row that could not be told."""
    at = problem.place.file, problem.place.line
    same = (each for each in found if not at[1] or (each.code in _OF_ROWS and (each.place.file, each.place.line) == at))
    return any(same)


def _programmes(rows: Mapping[str, PlacesRow], entries: _Entries, queues: Queues, calling: Calling) -> list[Programme]:
    """Return the programmes with their orders, holders and reserves."""
    tables = queues.entries.tables
    at = dict(zip(tables.programmes.ids, tables.programmes.organisation.tolist(), strict=True))
    reserved = any(each.kind is ReserveKind.SEATS for each in queues.rules.reserves)
    undivided = queues.rules.ties.word != LOTTERY
    found = []
    for name, row in rows.items():
        holders = entries.holders.get(name, ())
        first = set(holders)
        order = entries.orders[name]
        if holders:
            order = (*holders, *(each for each in order if each not in first))
        away = min(entries.absent.get(name, 0), row.declared - row.withheld)
        grounds = [row.ground] if row.ground else []
        grounds += [_HELD_ELSEWHERE.format(count=away)] if away else []
        programme = Programme(
            programme=name,
            organisation=tables.programmes.organisations[at[name]],
            stage=row.stage,
            declared=row.declared,
            order=order,
            withheld=row.withheld + away,
            ground="; ".join(grounds),
            norm=row.norm,
            holders=holders,
            flows_to=row.flows_to,
            interim=row.interim,
            until=row.until,
        )
        programme = _with_reserves(programme, queues, calling) if reserved else programme
        found.append(_with_tiers(programme, queues) if undivided and programme.order else programme)
    return found


def _with_reserves(programme: Programme, queues: Queues, calling: Calling) -> Programme:
    """Return a programme with the seats that the rules set aside."""
    queue = queues[programme.programme]
    masks = queues.entries.masks
    ids = np.array(queue.applications(), dtype=object)
    entitled = {
        each.id: tuple(ids[masks.held_by(each.when, queue.rows)].tolist())
        for each in queues.rules.reserves
        if each.kind is ReserveKind.SEATS
    }
    found = reserves_of(
        queues.rules, programme.seats, calling.on, {name: frozenset(people) for name, people in entitled.items()}
    )
    reserves = tuple(
        SeatReserve(
            each.group,
            entitled[each.group],
            each.count,
            "after_general" if each.after_general else "before_general",
            each.unused.value,
        )
        for each in found
        if each.count
    )
    return attrs.evolve(programme, reserves=reserves)


def _with_tiers(programme: Programme, queues: Queues) -> Programme:
    """Return a programme whose equals are treated alike: those whom the steps before a draw do not tell apart."""
    first = frozenset(programme.holders)
    queued = queues[programme.programme].tiers(tie_steps(queues.rules))
    tiers = filter(None, (tuple(name for name in tier if name not in first) for tier in queued))
    # Each of those who hold a place there is a tier of their own, so that no equal can keep them from it.
    held = tuple((name,) for name in programme.holders)
    return attrs.evolve(programme, ties=queues.rules.ties.word, tiers=(*held, *tiers))


def _holder_problems(
    programmes: Iterable[Programme], rows: Mapping[str, PlacesRow], entries: _Entries
) -> Iterator[Problem]:
    """Yield where more hold a place than there are."""
    for each in programmes:
        holding = len(each.holders) + entries.absent.get(each.programme, 0)
        given = rows[each.programme].declared - rows[each.programme].withheld
        if holding > given:
            message = f"{holding} hold a place at '{each.programme}', which gives {given} in the round"
            remedy = "count the places that transfers hold among the places of the programme"
            yield Problem(rows[each.programme].place, "D005", message, remedy)


def _stage_problems(
    programmes: Iterable[Programme], entries: _Entries, bundles: Sequence[tuple[str, ...]]
) -> Iterator[Problem]:
    """Yield held places and bundles that passes would tear apart."""
    named = {each.programme: each for each in programmes}
    for each in named.values():
        if each.ties and (each.reserves or each.flows_to):
            message = f"equals are not divided at '{each.programme}', which has seats of groups, or lets places flow on"
            yield Problem(Place("places"), "D015", message, "let lots decide between equals, or give up the other")
        if each.flows_to and each.holders and bundles:
            # Whoever left for a dearer place may have to come back when a bundle does better in the run anew.
            message = f"places at '{each.programme}' are held, and flow to '{each.flows_to}', while some go together"
            remedy = "leave out flows_to there, or hold the round without bundles"
            yield Problem(Place("places", field="flows_to"), "D007", message, remedy)
        if each.flows_to and each.reserves:
            # How many seats a group has depends on how many there are, so that none may leave once they were given.
            message = f"'{each.programme}' has seats of groups, and lets unused places flow to '{each.flows_to}'"
            remedy = "make a programme of its own of each group, or leave out flows_to"
            yield Problem(Place("places", field="flows_to"), "D007", message, remedy)
        for name in each.holders:
            wishes = entries.wishes[name]
            before = [named[wish] for wish in wishes[: wishes.index(each.programme)]]
            other = next((wish for wish in before if wish.stage != each.stage), None)
            if other is not None or each.interim:
                where = f"'{other.programme}' is of another pass" if other else "that is no ordinary place"
                message = f"application {name} holds a place at '{each.programme}'; {where}"
                remedy = "put both programmes into one pass"
                yield Problem(Place("places", field="stage"), "D009", message, remedy)
    held = {name for each in named.values() for name in each.holders}
    for bundle in bundles:
        for name in sorted(held.intersection(bundle)):
            message = f"application {name} holds a place, which it could lose by going with others"
            yield Problem(
                Place("bundles"), "D010", message, "leave it out of the bundle; the others have its sibling there"
            )
        passes = [tuple(named[wish].stage for wish in entries.wishes[name]) for name in bundle]
        if any(each != passes[0] for each in passes):
            message = f"wishes of {', '.join(bundle)}, who go together, are of different passes or numbers"
            yield Problem(Place("bundles"), "D011", message, "let them wish for the same organisations in one order")


def _bundled(
    bundles: Mapping[str, str], wishes: Mapping[str, Sequence[str]]
) -> tuple[tuple[tuple[str, ...], ...], list[Problem]]:
    """Return who goes together, the leader first, then the others by name; and what is wrong with it."""
    place = Place("bundles")
    problems = [
        Problem(place, "D010", f"application {name} goes with others and takes no part in the round", "leave it out")
        for name in sorted({*bundles, *bundles.values()} - wishes.keys())
    ]
    for name in sorted(bundles):
        leader, seen = bundles[name], {name}
        while leader in bundles and leader not in seen:
            seen.add(leader)
            leader = bundles[leader]
        if leader == name:
            message = f"application {name} goes with others in a circle"
            problems.append(Problem(place, "D010", message, "let one of them lead, who goes with nobody"))
    return () if problems else bundles_of(bundles), problems


def _joined(programme: Programme, bundles: tuple[tuple[str, ...], ...]) -> Programme:
    """Return a programme in whose order those who go together stand side by side, at the last of them."""
    held = len(programme.holders)
    order = programme.order[:held] + together_in_order(programme.order[held:], bundles)
    tiers = programme.tiers[:held] + together_in_tiers(programme.tiers[held:], bundles)
    return attrs.evolve(programme, order=order, tiers=tiers)


def _others_of(others: Queues, programme: str, offered: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return who may be offered a programme beyond their wishes, in its order."""
    return tuple(name for name in others[programme].applications() if programme in offered.get(name, ()))
