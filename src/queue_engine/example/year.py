"""A year of a kindergarten service as a journal: what families, officers and commissions did, day after day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import attrs

from queue_engine.due import due_events
from queue_engine.events import CapacitySet, DayAdvanced, DocumentConfirmed, Due, RulesPublished, Status
from queue_engine.example.filing import DAY_SECONDS, day
from queue_engine.example.year_acts import Acts
from queue_engine.example.year_calendar import Calendar
from queue_engine.example.year_families import Families, day_of, groups_of, row_of, year_of
from queue_engine.example.year_incidents import Incidents
from queue_engine.example.year_places import Places
from queue_engine.facts import date_to_day, day_to_date
from queue_engine.journal import Journal
from queue_engine.replay import Folding
from queue_engine.rule_documents import rules_digest
from queue_engine.rules.amendments import effective, regimes
from queue_engine.rules.conditions import Confirmed, atoms, dates_of
from queue_engine.rules.days import conditions_of, known_days
from queue_engine.rules.model import RuleSet

START = day("2025-09-01")
"""The first day of the year."""
FEWEST_APPLICATIONS, FEWEST_PROGRAMMES, FEWEST_DAYS = 20, 4, 30
_CAMPAIGN = (3, 1)  # the day on which applications begin to be for the next September
_AUTUMN_PERCENT, _SPRING_PERCENT = 10, 38
_IMPORT, _CAMPAIGN_BEGINS, _ROUND = 300, 600, 9 * 3_600


def town_year(
    rules: RuleSet,
    *,
    applications: int = 1_200,
    programmes: int = 24,
    seed: int = 1,
    service: str = "",
    days: int = 365,
    municipality: str = "75701000",
    progress: Callable[[int, int], None] | None = None,
) -> Journal:
    """Return the journal of a believable year of a kindergarten service, from 1 September 2025.

    Days are advanced one by one, with what each of them makes due. On the first day of a month the order of
    every queue is published, and the commission offers free places by it. On 1 March the rules are published anew for
    the next study year, so that children change groups. With the default size every kind of event occurs, save those
    of rounds and of draws of lots: they name files that are no part of a journal.

    Args:
        rules: of kindergartens; they name the date `study_start`.
        applications: how many families apply, about half of them before the year.
        programmes: groups, four ages to a garden.
        seed: what everything is drawn from; equal arguments give the same bytes on every machine.
        service: the service the events are of.
        days: how many days are told.
        municipality: whose journal it is.
        progress: called after each day with the number of days told, and of all.

    Raises:
        ValueError: too few applications, programmes or days.

    Complexity: O(events + days × applications).

    >>> from queue_engine import load_rules
    >>> journal = town_year(load_rules("rules/region-74/kindergarten.yaml"), applications=20, programmes=4, days=40)
    >>> [journal.event(entry).kind for entry in (1, 2, 3, 7)]
    ['day_advanced', 'rules_published', 'programme_opened', 'filed']

    """
    for name, given, fewest in (
        ("applications", applications, FEWEST_APPLICATIONS),
        ("programmes", programmes, FEWEST_PROGRAMMES),
        ("days", days, FEWEST_DAYS),
    ):
        if given < fewest:
            message = f"{given} {name}; give at least {fewest}"
            raise ValueError(message)
    groups = groups_of(programmes)
    families = Families.drawn(seed, applications, groups, rules.vocabulary, START, days)
    journal = Journal(municipality)
    calendar = Calendar(
        journal, Folding.start(municipality), families.luck, rules.vocabulary, applications, START, START + days
    )
    acts = Acts(calendar, families, {group.id: group for group in groups}, service, START, START)
    year = _Year(Places(acts, rules), rules_digest(rules))
    year.plan()
    for told in range(1, days + 1):
        year.begin_day()
        calendar.run()
        calendar.day, calendar.second = calendar.day + 1, 0
        if progress is not None:
            progress(told, days)
    return journal


@attrs.define(eq=False)
class _Year:
    """What the calendar brings: days, campaigns, and the plan of all that does not follow from something else.

    Args:
        places: offers, and through them all that is done.
        rules: the digest of the rules.

    """

    places: Places
    rules: str
    _edges: dict[int, set[str]] = attrs.field(factory=dict, init=False)
    _seen: int = attrs.field(default=0, init=False)

    def plan(self) -> None:
        """Plan the year."""
        acts, calendar = self.places.acts, self.places.acts.calendar
        calendar.plan(START, 0, self._begin)
        calendar.plan(START, _IMPORT, acts.import_all)
        for row, filed in enumerate(acts.families.filed):
            if row >= acts.families.stock:
                calendar.plan(filed // DAY_SECONDS, filed % DAY_SECONDS, acts.file, row)
        for number in range(START, calendar.end):
            today = day_to_date(number)
            if (today.month, today.day) == _CAMPAIGN:
                calendar.plan(number, _CAMPAIGN_BEGINS, self._new_campaign)
            if today.day == 1:
                calendar.plan(number, _ROUND, self.places.round)
        Incidents(self.places).plan()

    def begin_day(self) -> None:
        """Advance the day, together with what it makes due."""
        calendar = self.places.acts.calendar
        calendar.second = 0
        advanced = DayAdvanced(calendar.day, **calendar.by("system", "day", day_to_date(calendar.day)))
        calendar.record(advanced, *self._due())

    def _due(self) -> list[Due]:
        """Return what the day makes due; those are not asked about to whom nothing can have happened."""
        acts, rules = self.places.acts, self.places.rules
        calendar, dates = acts.calendar, self.places.dates
        today = day_to_date(calendar.day)
        if calendar.day == START:
            return []
        concerned = self._whose_papers_change()
        everybody = not only_papers_count(rules, today, dates)
        if not (everybody or concerned):
            return []
        state = calendar.state()
        if not everybody:
            few = {name: state.applications[name] for name in sorted(concerned)}
            state = attrs.evolve(state, applications=few)
        return due_events(state, today, rules, dates, acts.service)

    def _whose_papers_change(self) -> set[str]:
        """Return the applications one of whose confirmed documents begins today or ended yesterday."""
        calendar = self.places.acts.calendar
        journal, papers = calendar.journal, calendar.journal.life.papers
        for entry in range(self._seen + 1, len(journal) + 1):
            event = journal.event(entry)
            if isinstance(event, DocumentConfirmed):
                paper = papers[event.application, event.document]
                for edge in (paper.first, None if paper.last is None else paper.last + 1):
                    if edge is not None:
                        self._edges.setdefault(edge, set()).add(event.application)
        self._seen = len(journal)
        return self._edges.pop(calendar.day, set())

    def _begin(self) -> None:
        """Publish the rules of the first campaign and open the programmes."""
        acts = self.places.acts
        self._publish_rules(("Комплектование 2025 года",))
        for name, capacity in self._capacities(_AUTUMN_PERCENT):
            acts.calendar.record(acts.groups[name].opened(capacity, acts.service, self._by("opened", name)))

    def _new_campaign(self) -> None:
        """Publish the rules for the next study year, declare its places, and have families think again."""
        acts, calendar = self.places.acts, self.places.acts.calendar
        year = year_of(calendar.day)
        acts.study_start = day_of(year, 9)
        self._publish_rules((f"Комплектование {year} года",))
        self.places.enrolled.clear()
        opened = acts.open_groups()
        for name, capacity in self._capacities(_SPRING_PERCENT):
            if opened[name]:
                reason = f"места {year}/{year + 1} учебного года", "приказ о комплектовании"
                calendar.record(CapacitySet(name, capacity, *reason, **self._by("capacity", name)))
        for name, standing in calendar.standings.items():
            row = row_of(name)
            named = [acts.groups[programme] for programme, _ in standing.targets if programme]
            outgrown = any(not acts.families.fits(row, group, acts.study_start) for group in named)
            if outgrown and standing.status is Status.REGISTERED and acts.luck.chance("outgrown", row, 7_500):
                calendar.at_home(1 + acts.luck.below("outgrown/days", row, 40), acts.change_wishes, row)

    def _publish_rules(self, text: tuple[str, ...]) -> None:
        acts = self.places.acts
        when = self._by("rules", acts.service, actor="ministry:1")
        acts.calendar.record(RulesPublished(self.rules, acts.service, text, {"study_start": acts.study_start}, **when))

    def _by(self, *key: str, actor: str = "officer:1") -> dict[str, Any]:
        calendar = self.places.acts.calendar
        return calendar.by(actor, *key, day_to_date(calendar.day))

    def _capacities(self, percent: int) -> Iterator[tuple[str, int]]:
        """Yield the places of each programme: of places for a share of the families, by how many look for its age."""
        acts = self.places.acts
        weights = sum(group.band.weight for group in acts.groups.values())
        places = len(acts.families) * percent
        for name, group in acts.groups.items():
            yield name, max(places * group.band.weight // (100 * weights), 1)


def only_papers_count(rules: RuleSet, today: date, dates: Mapping[str, date]) -> bool:
    """Return whether nothing but a document can change anybody's place on a day by itself.

    >>> from queue_engine import load_rules
    >>> rules = load_rules("rules/region-74/kindergarten.yaml")
    >>> [only_papers_count(rules, date(year, 9, 1), {"study_start": date(2025, 9, 1)}) for year in (2024, 2025)]
    [False, True]

    """
    yesterday = date.fromordinal(today.toordinal() - 1)
    before, now = (known_days(rules, each, dates) for each in (yesterday, today))
    moving = {name for name, its_day in now.items() if before.get(name) != its_day}
    number = date_to_day(today)
    if number in regimes(rules):
        return False
    in_force = effective(rules, number)
    read = (
        atom for condition in conditions_of(in_force) for atom in atoms(condition) if not isinstance(atom, Confirmed)
    )
    return not any(dates_of(atom) & moving for atom in read)
