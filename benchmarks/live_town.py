"""Every queue of a town kept up with its journal: beginning at an entry, and following one event after another."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from time import perf_counter

from benchmarks import town
from benchmarks.timing import REPEATS, Contest, Row, seconds_of
from queue_engine.casting import Casting
from queue_engine.errors import Place
from queue_engine.events import (
    DayAdvanced,
    DocumentAdded,
    DocumentConfirmed,
    DocumentRefuted,
    Event,
    Filed,
    ProgrammeOpened,
    Reviewed,
    RulesPublished,
    Wish,
    Withdrawn,
)
from queue_engine.facts import date_to_day
from queue_engine.journal import Journal
from queue_engine.live_town import LiveTown
from queue_engine.placing import Moment, Placed, knowing, whom_taken, with_days
from queue_engine.rule_documents import rules_digest
from queue_engine.rules.days import known_days, rules_on
from queue_engine.state import Application

MUNICIPALITY = "75701000"
APPLICATIONS = 200_000
PROGRAMMES = 600
WISHES = 3
FOLLOWED = 4_000
PLACED = 2_000
DEFINITION = "condition by condition, as the definition says it"
_DAY = date_to_day(town.ON)
_AT = _DAY * 86_400_000


def rows(repeats: int = REPEATS, applications: int = APPLICATIONS) -> Iterator[Row]:
    """Yield how long a town takes to begin, to follow events of one application, and to place everybody anew."""
    given = {rules_digest(town.rules()): town.rules()}
    journal = filed(applications)
    what = f"{applications:,} applications, {WISHES} wishes each, {PROGRAMMES} queues"
    start = perf_counter()  # garbage is collected meanwhile, as it is where places are served
    live = LiveTown.at(journal, given)
    yield Row(f"{what}: begin after {len(journal):,} entries", perf_counter() - start, goal=15.0)
    yield from contest(live).rows(repeats)
    for kind, seconds in followed(live, applications).items():
        yield Row(f"{what}: follow 1,000 `{kind}`", 1000 * sorted(seconds)[len(seconds) // 2], goal=0.1)
    again = _rules_published()
    yield Row(f"{what}: rules published again", seconds_of(lambda: live.follow(again, live.entry + 1)), goal=15.0)


def contest(live: LiveTown) -> Contest:
    """Return placing applications by compiled rules beside asking the rules condition by condition."""
    programmes = list(live.folding.programmes.values())
    vocabulary, dates = town.rules().vocabulary, town.DATES
    takes = whom_taken(programmes, vocabulary, Place(MUNICIPALITY))
    days = known_days(town.rules(), town.ON, dates)
    moment = Moment(rules_on(town.rules(), town.ON, dates), with_days(takes, days, town.rules()))
    know, casting = knowing(programmes, vocabulary), Casting(moment, programmes)
    people = [live.folding.application(name) for name in list(live.folding.people)[:PLACED]]

    def compiled(each: Application) -> dict[str, Placed]:
        return casting.places_of(each)

    def plain(each: Application) -> dict[str, Placed]:
        return moment.places_of(know(each))

    assert all(compiled(each) == plain(each) for each in people)
    sides = {"compiled": lambda: [*map(compiled, people)], DEFINITION: lambda: [*map(plain, people)]}
    return Contest(f"place {len(people):,} applications in their queues", "compiled", sides, {DEFINITION: 0.1})


def followed(live: LiveTown, applications: int) -> dict[str, list[float]]:
    """Return by kind how long each event of one application takes."""
    seconds: dict[str, list[float]] = {}
    gc.collect()
    for number in range(applications, applications + FOLLOWED):
        other = number * 7_919 % applications
        for event in (*_life(number, ends=True), *([_leaves(other)] if number % 2 and other % 2 else [])):
            start = perf_counter()
            live.follow(event, live.entry + 1)
            took = perf_counter() - start
            seconds.setdefault(event.kind, []).append(took)
    return seconds


def filed(applications: int) -> Journal:
    """Return the journal of a town whose applications were filed and registered; one in five has a confirmed right."""
    journal = Journal(MUNICIPALITY)
    journal.append_many(_beginning())
    journal.append_many(event for number in range(applications) for event in _life(number))
    return journal


def _beginning() -> Iterator[Event]:
    yield DayAdvanced(_DAY, at=_AT, actor="system")
    yield _rules_published()
    for number in range(PROGRAMMES):
        years = 2 + number % 5
        takes = f"age(on study_start) >= {years}y and age(on study_start) < {years + 2}y" if number % 3 else ""
        yield ProgrammeOpened(f"p{number}", f"g{number // 5}", takes=takes, at=_AT, actor="officer:1")


def _rules_published() -> RulesPublished:
    dates = {name: date_to_day(day) for name, day in town.DATES.items()}
    return RulesPublished(rules_digest(town.rules()), dates=dates, at=_AT, actor="ministry:1")


def _life(number: int, *, ends: bool = False) -> Iterator[Event]:
    """Yield what happens to an application; `ends` also has its right refuted."""
    name = str(number)
    facts = {"address.lives_here": 1, "child.birth_date": _DAY - 700 - number * 37 % 1_900}
    wishes = [
        Wish(f"p{(number * 13 + each * 101) % PROGRAMMES}", facts=_at_wish(number + each)) for each in range(WISHES)
    ]
    yield Filed(name, number, _DAY * 86_400 + number, facts, wishes, at=_AT, actor="epgu")
    yield Reviewed(name, "registered", at=_AT, actor="officer:1")
    if number % 5 == 0:
        category = town.CATEGORIES[number // 5 % len(town.CATEGORIES)]
        yield DocumentAdded(name, "d", category, first=_DAY - 90, last=_DAY + 900, at=_AT, actor="mfc")
        yield DocumentConfirmed(name, "d", at=_AT, actor="officer:2")
        if ends:
            yield DocumentRefuted(name, "d", "not the child's", at=_AT, actor="officer:2")


def _at_wish(number: int) -> dict[str, int]:
    return {"address.in_territory": int(number % 3 == 0), **({"sibling.attends": 1} if number % 11 == 0 else {})}


def _leaves(number: int) -> Event:
    return Withdrawn(str(number), at=_AT, actor="epgu")
