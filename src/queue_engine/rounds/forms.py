"""The forms a round is printed and exported in, as rows of text: protocol, lists, reserve lists, ratings.

Rows have no names of people: an application is its number. What the tables do not know stays empty. A right is told by
the title of its group; the ground, which may be sensitive, stands in no form.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import attrs

from queue_engine.facts import day_to_date
from queue_engine.portal_counters import TIERS
from queue_engine.queue import Queue, Queues
from queue_engine.rounds.deciding import refused_wishes
from queue_engine.rounds.lists import Row, not_placed_rows
from queue_engine.rounds.model import OTHERS, Frozen, Outcome, Programme
from queue_engine.rules.model import Step, StepKind

NO_RIGHT = "—"
"""What stands in a form for whoever has no right."""

_HEAD = ("number", "date", "round", "rules", "rules_digest", "as_of")
DIRECTED_COLUMNS = (
    "application", "registered_at", "right", "age_category", "orientation", "stay_mode", "programme", "language",
)  # fmt: skip
"""The columns of the list of those directed, as the federal portal asks for them."""
WAITING_COLUMNS = ("application", "age_category", "wishes", "reason")
CAMP_COLUMNS = ("programme", "list", "place", "application", "seat")
ORDER_COLUMNS = ("programme", "place", "application", "right", "seat")
RATING_COLUMNS = (
    "programme", "place", "application", "first_right", "average", "original", "placed_at_dearer_wish", "admitted",
)  # fmt: skip
MAIN, RESERVE = "main", "reserve"

_REGISTERED = ("application.submitted_at", "application.submitted_on")
_CATEGORY, _ORIENTATION, _MODE = "child.age_group", "child.orientation", "child.stay_mode"
_LANGUAGE, _AVERAGE, _ORIGINAL = "child.language", "grade.average", "certificate.original"


@attrs.frozen
class Protocol:
    """What heads the protocol of a commission.

    Args:
        number: of the protocol.
        day: of the meeting.

    """

    number: str
    day: int


def commission_rows(protocol: Protocol, frozen: Frozen, outcome: Outcome, queues: Queues) -> Iterator[Row]:
    """Yield the header and one row a programme: places, who applied, by tier, who was directed, what is left.

    A tier is a group of the first step of the rules that has groups; its column is named after it. `left` are places
    nobody got, those kept for a group included; `waiting` are those who applied here and have no place anywhere.

    Complexity: linear in the wishes.
    Source: statute 2.2.5; domain forms 5.1 (protocol of the commission).
    """
    step = _first_groups(queues)
    tiers = [] if step is None else [group.id for group in step.groups]
    columns = ("programme", "organisation", "places", "applied", *(f"tier.{name}" for name in tiers))
    yield (*_HEAD, *columns, "directed", "left", "waiting")
    rules = queues.rules
    days = (day_to_date(protocol.day).isoformat(), day_to_date(frozen.on).isoformat())
    head = (protocol.number, days[0], frozen.round, rules.id, frozen.rules, days[1])
    applied: dict[str, list[str]] = {}
    for applicant in frozen.applicants:
        for wish in applicant.wishes:
            applied.setdefault(wish, []).append(applicant.application)
    for each in frozen.programmes:
        there = applied.get(each.programme, [])
        cutoff = outcome.cutoffs[each.programme]
        counts = Counter(_tiers(queues[each.programme], step, there))
        waiting = sum(name not in outcome.placed or outcome.placed[name].interim for name in there)
        numbers = (len(there), *(counts[name] for name in tiers), cutoff.placed, cutoff.free, waiting)
        yield (*head, each.programme, each.organisation, str(cutoff.seats), *map(str, numbers))


def directed_rows(frozen: Frozen, outcome: Outcome, queues: Queues, lang: str = "ru") -> Iterator[Row]:
    """Yield the header and one row for everybody directed, without a name, in the columns the federal portal asks for.

    Whoever waits on with a temporary or short-stay place is not on the list.

    Args:
        frozen: what the round was computed from.
        outcome: what came out.
        queues: those of the round.
        lang: of titles, "ru" or "en".

    Complexity: linear in those directed, times the grounds of the rules.

    """
    yield DIRECTED_COLUMNS
    written = _Written(queues, lang)
    for applicant in frozen.applicants:
        placed = outcome.placed.get(applicant.application)
        if placed is None or placed.interim:
            continue
        name = placed.application
        yield (
            name,
            next((text for fact in _REGISTERED if (text := written.cell(fact, name))), ""),
            written.right(placed.programme, name),
            *(written.cell(fact, name) for fact in (_CATEGORY, _ORIENTATION, _MODE)),
            written.title(placed.programme),
            written.cell(_LANGUAGE, name),
        )


def waiting_rows(frozen: Frozen, outcome: Outcome, queues: Queues, lang: str = "ru") -> Iterator[Row]:
    """Yield the header and one row for everybody without a place: age category, wishes by title, code of the reason.

    For the codes see `lists.not_placed_rows`; wishes of those who stand in no queue are not told by title.
    """
    yield WAITING_COLUMNS
    written = _Written(queues, lang)
    rows = not_placed_rows(frozen, outcome, queues)
    next(rows)
    for name, _, reason in rows:
        wishes = "; ".join(written.title(wish) for wish in frozen.wishes.get(name, ()))
        yield name, written.cell(_CATEGORY, name), wishes, reason


def camp_rows(frozen: Frozen, outcome: Outcome) -> Iterator[Row]:
    """Yield the header, and of every shift the main list and the reserve, each with its own places from 1.

    On the reserve stand those who were refused there, in the order of the shift: whoever has a place they wished for
    more is not on it. The first of the reserve is next when a place falls free.

    Complexity: linear in the orders.
    Source: statute of camps 469-П; domain forms 5.1 (main and reserve list).

    >>> from queue_engine.rounds.model import Applicant
    >>> from queue_engine.rounds.running import run
    >>> shift = Programme("July", "", "main", 1, ("b", "a"))
    >>> people = (Applicant("a", ("July",)), Applicant("b", ("July",)))
    >>> frozen = Frozen("camp", 20600, "0" * 64, "0" * 64, ("main",), (shift,), people)
    >>> list(camp_rows(frozen, run(frozen)))[1:]
    [('July', 'main', '1', 'b', 'general'), ('July', 'reserve', '1', 'a', '')]

    """
    yield CAMP_COLUMNS
    refused: dict[str, set[str]] = {}
    for applicant in frozen.applicants:
        for _, wish in refused_wishes(frozen, outcome, applicant):
            refused.setdefault(wish, set()).add(applicant.application)
    there = _admitted(frozen, outcome)
    for each in frozen.programmes:
        for place, name in enumerate(there[each.programme], start=1):
            yield each.programme, MAIN, str(place), name, outcome.placed[name].seat
        behind = (name for name in each.order if name in refused.get(each.programme, ()))
        for place, name in enumerate(behind, start=1):
            yield each.programme, RESERVE, str(place), name, ""


def order_rows(frozen: Frozen, outcome: Outcome, queues: Queues, lang: str = "ru") -> Iterator[Row]:
    """Yield the header and the list of every order of admission: who is admitted where, in the order of the programme.

    Source: domain forms 5.1 (school: order of admission with its list).
    """
    yield ORDER_COLUMNS
    written = _Written(queues, lang)
    for programme, names in _admitted(frozen, outcome).items():
        for place, name in enumerate(names, start=1):
            yield programme, str(place), name, written.right(programme, name), outcome.placed[name].seat


def rating_rows(frozen: Frozen, outcome: Outcome, queues: Queues, lang: str = "ru") -> Iterator[Row]:
    """Yield the header and the rating list of every programme of a college, everybody in its order.

    Whoever is placed at a wish dearer than this one competes here no more, and stands in the list all the same.

    Complexity: linear in the orders.
    Source: order of 02.09.2020 No. 457, p. 43; domain forms 5.1 (rating list).
    """
    yield RATING_COLUMNS
    written = _Written(queues, lang)
    step = _first_groups(queues)
    for each in frozen.programmes:
        tiers = dict(zip(each.order, _tiers(queues[each.programme], step, each.order), strict=True)) if step else {}
        others = "" if step is None else next((group.id for group in step.groups if group.everyone_else), "")
        for place, name in enumerate(each.order, start=1):
            yield (
                each.programme,
                str(place),
                name,
                written.yes_no(tiers.get(name, others) != others),
                written.cell(_AVERAGE, name),
                written.cell(_ORIGINAL, name),
                written.yes_no(_is_placed_dearer(frozen, outcome, each, name)),
                written.yes_no(name in outcome.placed and outcome.placed[name].programme == each.programme),
            )


def _is_placed_dearer(frozen: Frozen, outcome: Outcome, programme: Programme, application: str) -> bool:
    """Return whether somebody got a place wished for more than one at a programme."""
    got, wishes = outcome.placed.get(application), frozen.wishes.get(application, ())
    if got is None or got.seat == OTHERS or got.interim or programme.programme not in wishes:
        return False
    return got.wish < wishes.index(programme.programme) + 1


def _admitted(frozen: Frozen, outcome: Outcome) -> Mapping[str, Sequence[str]]:
    """Return who got a place at each programme, in its order; those offered it beyond their wishes last."""
    found: dict[str, list[str]] = {each.programme: [] for each in frozen.programmes}
    for name, placed in outcome.placed.items():
        found[placed.programme].append(name)
    for programme, names in found.items():
        position = frozen.programme[programme].position
        beyond = {name: place for place, name in enumerate(frozen.programme[programme].others, start=len(position) + 1)}
        names.sort(key=lambda name: position.get(name) or beyond[name])
    return found


def _first_groups(queues: Queues) -> Step | None:
    """Return the first step of the rules that has groups."""
    return next((step for step in queues.rules.order if step.kind is StepKind.GROUPS), None)


def _tiers(queue: Queue, step: Step | None, applications: Sequence[str]) -> list[str]:
    """Return the group of a step that each application of a queue is in."""
    if step is None:
        return []
    component = next(each for each in queue.ranking.components if each.step.id == step.id)
    codes = dict(zip(queue.applications(), component.codes[queue.rows].tolist(), strict=True))
    return [step.groups[codes[name]].id for name in applications]


class _Written:
    """Facts and rights of applications as forms tell them in one language."""

    def __init__(self, queues: Queues, lang: str) -> None:
        """Take the queues; columns are looked up when they are asked for."""
        self._queues, self._lang = queues, lang
        self._rows: dict[str, dict[str, int]] = {}

    def title(self, programme: str) -> str:
        """Return what people read for a programme."""
        return self._queues[programme].title.in_language(self._lang)

    def yes_no(self, value: bool) -> str:  # noqa: FBT001 - it is the value that is written
        """Return yes or no."""
        words = ("да", "нет") if self._lang == "ru" else ("yes", "no")
        return words[0] if value else words[1]

    def cell(self, fact: str, application: str) -> str:
        """Return a fact of an application; "" where it is not known."""
        applications = self._queues.entries.tables.applications
        column = applications.columns.get(fact)
        if column is None:
            return ""
        row = applications.row_of[application]
        if column.known is not None and not column.known[row]:
            return ""
        value = int(column.values[row])
        if not column.labels:
            return column.fact.show(value, self._lang)
        label = column.labels[value]
        choice = column.fact.choices.get(label)
        return label if choice is None else choice.in_language(self._lang)

    def right(self, programme: str, application: str) -> str:
        """Return the first right of an application at a programme by the title of its group; `NO_RIGHT` = none."""
        queue = self._queues[programme]
        row = self._row(queue, application)
        for component in queue.ranking.components if row is not None else ():
            step, code = component.step, int(component.codes[row])
            if step.kind is StepKind.GROUPS and step.groups[code].id in TIERS:
                return step.groups[code].title.in_language(self._lang)
            if step.kind is StepKind.YES_FIRST and step.id in TIERS and code == 0:
                return step.title.in_language(self._lang)
        return NO_RIGHT

    def _row(self, queue: Queue, application: str) -> int | None:
        """Return the row of an application in a queue; None = it was offered the programme beyond its wishes."""
        if queue.id not in self._rows:
            self._rows[queue.id] = dict(zip(queue.applications(), queue.rows.tolist(), strict=True))
        return self._rows[queue.id].get(application)
