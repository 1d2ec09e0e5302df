"""The lists of a round as rows of text, without layout: protocol, who is placed, who is not, what was refused and why.

All but `decided_by` and those who stand in no queue follow from what was frozen and what came out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import BinaryIO, TypeAlias

from queue_engine.canonical import encode
from queue_engine.queue import Queues
from queue_engine.rounds.deciding import KEPT, Deciding, decisions
from queue_engine.rounds.model import Frozen, Outcome

Row: TypeAlias = tuple[str, ...]

PROTOCOL_COLUMNS = (
    "programme", "organisation", "norm", "declared", "withheld", "ground", "seats", "received", "given_on", "wishing",
    "placed", "free", "kept", "last", "position",
)  # fmt: skip
PLACED_COLUMNS = ("application", "programme", "wish", "pass", "seat")
NOT_PLACED_COLUMNS = ("application", "wishes", "reason")
REFUSED_COLUMNS = ("application", "wish", "programme", "position", "seats", "last", "last_position", "decided_by")
NUMBERS = frozenset(PROTOCOL_COLUMNS) - {"programme", "organisation", "ground", "last"} | {
    "wish", "wishes", "last_position",
}  # fmt: skip
"""The columns whose cells are whole numbers."""

NO_PLACES, IN_NO_QUEUE, SEATS_KEPT = "no_places", "in_no_queue", "seats_kept"
"""Why somebody has no place: the wishes are full; no queue holds the application; a seat is empty that would have been
theirs if it were not kept for a group."""


def protocol_rows(frozen: Frozen, outcome: Outcome, queues: Queues | None = None) -> Iterator[Row]:  # noqa: ARG001 - one form for all lists
    """Yield the header and one row a programme, by id: the ledger of its seats and the cut-off.

    `seats` are those frozen; with `received` more and `given_on` fewer they are those that were given. `free` are those
    nobody got, `kept` those of them that stay empty for a group. `last` stands at `position` of the order.

    Complexity: linear in the wishes.
    """
    yield PROTOCOL_COLUMNS
    wishing = Counter(wish for each in frozen.applicants for wish in each.wishes)
    for each in frozen.programmes:
        cutoff = outcome.cutoffs[each.programme]
        counts = (each.declared, each.withheld)
        given = (each.seats, cutoff.received, cutoff.given_on, wishing[each.programme])
        yield (
            each.programme,
            each.organisation,
            "" if each.norm is None else str(each.norm),
            *map(str, counts),
            each.ground,
            *map(str, given),
            *map(str, (cutoff.placed, cutoff.free, cutoff.kept)),
            cutoff.last,
            str(cutoff.position) if cutoff.last else "",
        )


def placed_rows(frozen: Frozen, outcome: Outcome, queues: Queues | None = None) -> Iterator[Row]:  # noqa: ARG001 - one form for all lists
    """Yield the header and one row for everybody who got a place, in the order of the applicants.

    >>> from queue_engine.rounds.model import Applicant, Programme
    >>> from queue_engine.rounds.running import run
    >>> garden = Programme("D1", "", "main", 1, ("b", "a"))
    >>> people = (Applicant("a", ("D1",)), Applicant("b", ("D1",)))
    >>> frozen = Frozen("spring", 20600, "0" * 64, "0" * 64, ("main",), (garden,), people)
    >>> list(placed_rows(frozen, run(frozen)))
    [('application', 'programme', 'wish', 'pass', 'seat'), ('b', 'D1', '1', 'main', 'general')]

    """
    yield PLACED_COLUMNS
    for applicant in frozen.applicants:
        each = outcome.placed.get(applicant.application)
        if each is not None:
            yield each.application, each.programme, str(each.wish), each.stage, each.seat


def not_placed_rows(frozen: Frozen, outcome: Outcome, queues: Queues | None = None) -> Iterator[Row]:
    """Yield the header and one row for everybody without a place: how many wishes, and why none came true.

    Who stands in no queue takes no part in a round and is known from the queues only. For them the wishes are those of
    the application; for others those in whose queue they stand.

    Complexity: linear in the wishes.
    """
    yield NOT_PLACED_COLUMNS
    deciding = Deciding(frozen, outcome)
    people = {each.application: each for each in frozen.applicants}
    for name, wishes in _everybody(frozen, queues).items():
        applicant = people.get(name)
        if applicant is None:
            yield name, str(wishes), IN_NO_QUEUE
        elif name not in outcome.placed:
            kept = any(outcome.cutoffs[wish].kept for wish in applicant.wishes)
            kept = kept and any(each.cause == KEPT for each in deciding.of(applicant))
            yield name, str(len(applicant.wishes)), SEATS_KEPT if kept else NO_PLACES


def _everybody(frozen: Frozen, queues: Queues | None) -> dict[str, int]:
    """Return everybody known in the order of the applicants, with the number of wishes of the application."""
    if queues is None:
        return {each.application: len(each.wishes) for each in frozen.applicants}
    tables = queues.entries.tables
    counts = Counter(tables.wishes.application.tolist())
    found = {name: counts[row] for row, name in enumerate(tables.applications.ids.tolist())}
    assert all(each.application in found for each in frozen.applicants), "the queues are those of the round"
    return found


def refusal_rows(frozen: Frozen, outcome: Outcome, queues: Queues | None = None) -> Iterator[Row]:
    """Yield the header and one row for every wish before the one that came true, by applicant and wish.

    `decided_by` is the step that puts the wish behind the last one placed, "order" where the queues are not given; or
    the reserve whose seat decided; or what else did, by the names of `deciding`.

    Complexity: linear in the wishes, times the steps.
    """
    yield REFUSED_COLUMNS
    for each in decisions(frozen, outcome, queues):
        got = outcome.placed.get(each.application)
        if got is not None and each.wish >= got.wish:
            continue  # an ordinary wish behind a temporary place: told to the family, and no better by its number
        cutoff = outcome.cutoffs[each.programme]
        yield (
            each.application,
            str(each.wish),
            each.programme,
            str(each.position),
            str(cutoff.seats),
            cutoff.last,
            str(cutoff.position) if cutoff.last else "",
            each.decided_by,
        )


LISTS: Mapping[str, Callable[[Frozen, Outcome, Queues | None], Iterator[Row]]] = {
    "protocol.csv": protocol_rows,
    "placed.csv": placed_rows,
    "not_placed.csv": not_placed_rows,
    "refusals.csv": refusal_rows,
}
"""The lists beside the files of a round, by the names of their files."""


def as_objects(rows: Iterable[Row], numbers: frozenset[str] = NUMBERS) -> Iterator[dict[str, str | int]]:
    """Yield rows as objects by the names of the header; empty cells are left out, numbers are numbers.

    Args:
        rows: the header first.
        numbers: the columns whose cells are whole numbers.

    >>> list(as_objects([("application", "wish", "last"), ("17", "2", "")]))
    [{'application': '17', 'wish': 2}]

    """
    body = iter(rows)
    header = next(body)
    for row in body:
        cells = zip(header, row, strict=True)
        yield {name: int(cell) if name in numbers else cell for name, cell in cells if cell}


def write_json_lines(rows: Iterable[Row], file: BinaryIO, numbers: frozenset[str] = NUMBERS) -> None:
    r"""Write rows as canonical JSON, an object a line.

    Raises:
        JournalError: a text has no canonical form.

    >>> from io import BytesIO
    >>> file = BytesIO()
    >>> write_json_lines([("application", "wish"), ("17", "2")], file)
    >>> file.getvalue()
    b'{"application":"17","wish":2}\n'

    """
    objects = enumerate(as_objects(rows, numbers), start=1)
    file.writelines(encode(value, file="list", entry=line) + b"\n" for line, value in objects)
