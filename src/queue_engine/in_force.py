"""The rules in force after an entry of a journal, compiled, and what applications have by them as things stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from queue_engine.canonical import JournalError
from queue_engine.casting import Casting
from queue_engine.errors import Place, Problem
from queue_engine.events.statuses import IN_QUEUE
from queue_engine.facts import day_to_date
from queue_engine.placing import Moment, Placed, whom_taken, with_days
from queue_engine.replay import Folding
from queue_engine.rules.days import known_days, rules_on
from queue_engine.state import Programme

CODES: Mapping[str, str] = {
    "J064": "queues cannot be kept: no day was advanced, or rules were published whose files were not given",
}


def casting_of(folding: Folding, service: str) -> Casting | None:
    """Return what places the applications of a service; None before there are rules and a day.

    Raises:
        JournalError: the rules in force were not given, or whom a programme takes cannot be read.

    >>> casting_of(Folding.start("75701000"), "") is None
    True

    """
    published, day = folding.rules.get(service), folding.life.day
    if not published or day is None:
        return None
    latest, journal = published[-1], f"journal {folding.municipality}"
    if latest.rule_set is None:
        message = f"the rules {latest.rules} are not given"
        remedy = "give the rule files with this digest"
        raise JournalError([Problem(Place(journal, latest.entry), "J064", message, remedy)])
    today = day_to_date(day)
    dates = {name: day_to_date(each) for name, each in latest.dates.items()}
    programmes = list(open_programmes(folding, service))
    takes = whom_taken(programmes, latest.rule_set.vocabulary, Place(journal, folding.entry))
    days = known_days(latest.rule_set, today, dates)
    moment = Moment(rules_on(latest.rule_set, today, dates), with_days(takes, days, latest.rule_set))
    return Casting(moment, programmes)


def open_programmes(folding: Folding, service: str) -> Iterator[Programme]:
    """Yield the programmes of a service that are open, in the order in which they were opened first."""
    for each in folding.programmes.values():
        if each.is_open and each.service == service:
            yield each


def places_now(casting: Casting, folding: Folding, service: str, application: str) -> dict[str, Placed]:
    """Return the queues of a service in which an application stands, with what it has in each.

    Complexity: that of `Casting.places`.
    """
    person = folding.people[application]
    if folding.life.standings[application].status not in IN_QUEUE or person.filed.service != service:
        return {}
    return casting.places(folding.known(application), person.documents.values(), person.wishes)
