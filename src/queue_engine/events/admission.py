"""What each event of an application needs besides the right status: days, documents, places, reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from queue_engine.events import applications as on
from queue_engine.events.model import FAMILY, OfApplication
from queue_engine.events.standings import Complaint, Paper, Remembered, Standing, not_wished
from queue_engine.facts import day_to_date

NUMBER_FACT = "application.number"


def number_given() -> Complaint:
    """Return the complaint about a fact that only the number of the application gives.

    >>> number_given()[0]
    'J049'

    """
    return "J049", f"{NUMBER_FACT} is given once, by the number of the application", "leave the fact out"


def _reviewed(known: Remembered, event: on.Reviewed, _: Standing) -> Iterator[Complaint]:
    yield from known.past(event.deadline)
    if event.outcome == "refused" and not event.reason.strip():
        yield "J048", f"application {event.application} is refused without a reason", "give the reason"


def _added(known: Remembered, event: on.DocumentAdded, _: Standing) -> Iterator[Complaint]:
    key = (event.application, event.document)
    if key in known.papers:
        yield "J045", f"application {event.application} has document {event.document} already", "give it another id"
    elif _backwards(event.first, event.last):
        yield "J045", f"document {event.document} ends before it begins", "correct its days"
    else:
        known.put(known.papers, key, Paper("waits", event.first, event.last))


def _judged(known: Remembered, event: Any, _: Standing) -> Iterator[Complaint]:  # noqa: ANN401 - confirmed or refuted
    key, state = (event.application, event.document), event.kind.removeprefix("document_")
    paper = known.papers.get(key)
    if paper is None:
        yield "J045", f"application {event.application} has no document {event.document}", "add it first"
        return
    first, last = getattr(event, "first", None), getattr(event, "last", None)
    seen = Paper(state, paper.first if first is None else first, paper.last if last is None else last)
    if seen == paper:
        yield "J045", f"document {event.document} is {state} already", "leave this out"
    elif _backwards(seen.first, seen.last):
        yield "J045", f"document {event.document} ends before it begins", "correct its days"
    else:
        known.put(known.papers, key, seen)


def _backwards(first: int | None, last: int | None) -> bool:
    return first is not None and last is not None and last < first


def _rewished(known: Remembered, event: on.WishesChanged, standing: Standing) -> Iterator[Complaint]:
    for wish in event.wishes:
        yield from known.not_open(wish.target, standing.service)


def _corrected(_: Remembered, event: on.DataCorrected, __: Standing) -> Iterator[Complaint]:
    if NUMBER_FACT in event.facts or NUMBER_FACT in event.forgotten:
        yield number_given()


def _at_wish(_: Remembered, event: on.EntryFactsChanged, standing: Standing) -> Iterator[Complaint]:
    if event.target not in standing.targets:
        yield not_wished(event.application, event.programme or event.organisation)


def _given(known: Remembered, event: Any, standing: Standing) -> Iterator[Complaint]:  # noqa: ANN401 - a place
    yield from known.not_open((event.programme, ""), standing.service)
    if not known.wishes_for(standing, event.programme):
        yield not_wished(event.application, event.programme)
    of_round = known.rounds.get(event.protocol)
    if of_round is not None and of_round.status != "published":
        message = f'round "{event.protocol}" is {of_round.status}: no place can be given by it'
        yield "J051", message, "publish the round first, or name the right protocol"


def _offered(known: Remembered, event: on.Offered, standing: Standing) -> Iterator[Complaint]:
    yield from _given(known, event, standing)
    yield from known.past(event.deadline)


def _granted(known: Remembered, event: on.ExceptionGranted, standing: Standing) -> Iterator[Complaint]:
    yield from known.not_open((event.programme, ""), standing.service)
    yield from known.past(event.deadline)


def _interim_placed(known: Remembered, event: on.InterimPlaced, standing: Standing) -> Iterator[Complaint]:
    yield from _given(known, event, standing)
    yield from known.past(event.until)
    if event.seat == "temporary" and event.until is None:
        yield "J050", "a temporary place has a last day", "give it as `until`"
    if standing.interim is not None:
        message = f'application {event.application} has an interim place at "{standing.interim.programme}" already'
        yield "J050", message, "end that one first"


def _interim_ended(_: Remembered, event: on.InterimEnded, standing: Standing) -> Iterator[Complaint]:
    interim = standing.interim
    if interim is None:
        yield "J050", f"application {event.application} has no interim place", "leave this out"
    elif interim.programme != event.programme:
        message = f'application {event.application} has its interim place at "{interim.programme}"'
        yield "J050", f'{message}, not at "{event.programme}"', "correct the name"


def _answered(known: Remembered, event: Any, standing: Standing) -> Iterator[Complaint]:  # noqa: ANN401 - of a place
    if event.programme != standing.programme:
        message = f'application {event.application} was offered "{standing.programme}", not "{event.programme}"'
        yield "J044", message, "answer the offer that stands"
    yield from known.past(getattr(event, "deadline", None))


def _lapsed(known: Remembered, event: on.Lapsed, standing: Standing) -> Iterator[Complaint]:
    if standing.deadline is not None and (known.day is None or known.day <= standing.deadline):
        today = "unknown" if known.day is None else str(day_to_date(known.day))
        deadline = day_to_date(standing.deadline)
        message = f"application {event.application} may answer until the end of {deadline}; the day is {today}"
        yield "J046", message, "wait until the day has advanced past it"


def _withdrawn(_: Remembered, event: on.Withdrawn, __: Standing) -> Iterator[Complaint]:
    role = event.actor.partition(":")[0]
    if role not in FAMILY and not (event.reason.strip() and event.basis.strip()):
        message = f"application {event.application} is withdrawn by {role}, not by the family, without reason and basis"
        yield "J048", message, "give both"


Check: TypeAlias = Callable[[Remembered, Any, Standing], Iterator[Complaint]]

CHECKS: Mapping[type[OfApplication], Check] = {
    on.Reviewed: _reviewed,
    on.DocumentAdded: _added,
    on.DocumentConfirmed: _judged,
    on.DocumentRefuted: _judged,
    on.WishesChanged: _rewished,
    on.DataCorrected: _corrected,
    on.EntryFactsChanged: _at_wish,
    on.Offered: _offered,
    on.Accepted: _answered,
    on.ContractPrepared: _answered,
    on.Declined: _answered,
    on.Enrolled: _answered,
    on.OfferWithdrawn: _answered,
    on.ExceptionGranted: _granted,
    on.InterimPlaced: _interim_placed,
    on.InterimEnded: _interim_ended,
    on.Lapsed: _lapsed,
    on.Withdrawn: _withdrawn,
}
"""What is asked of the events of an application whose status is right; others ask for nothing more."""
