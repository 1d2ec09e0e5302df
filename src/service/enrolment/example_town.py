"""The example municipality as one journal: a year of kindergartens, the other services, and a finished round."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs

from queue_engine import Journal, RuleSet, load_rules, read_tables, replay, rules_digest, write_example
from queue_engine.events import Accepted, CapacitySet, Declined, Event, RulesPublished
from queue_engine.example import Written
from queue_engine.example.year import FEWEST_APPLICATIONS, FEWEST_PROGRAMMES, town_year
from queue_engine.facts import date_to_day
from queue_engine.rounds import Outcome, run
from queue_engine.rounds.issuing import FrozenState, freeze_state, publish, record_frozen
from queue_engine.state import State
from service.enrolment.round_files import files_of
from service.enrolment.taking_over import Register

MUNICIPALITY = "75701000"
YEAR_SERVICE = "kindergarten"
ROUND = "2026-08-main"
_MOST_FAMILIES = 1_200  # a larger year takes minutes, and shows nothing more
_FAMILIES_A_PROGRAMME = 50
_ANSWER_DAYS = 30
_HOUR_MS = 3_600_000
_OFFICER, _COMMISSION, _FAMILY, _OPERATOR = "officer:1", "commission:1", "parent", "operator:1"
_NEW_SEATS, _MORE_SEATS = 6, 3
_REASON, _BASIS = "места нового учебного года", "приказ управления образования от 31.08.2026 № 12"
_TENTHS_DECLINING, _TENTHS_SILENT = 1, 3


@attrs.frozen(eq=False)
class ExampleRound:
    """A finished round.

    Args:
        held: what was frozen, with the queues.
        outcome: what came out.
        entry: after which entry it was frozen.
        at: when it was published.
        files: its files by name.

    """

    held: FrozenState
    outcome: Outcome
    entry: int
    at: int
    files: Mapping[str, bytes]


@attrs.frozen(eq=False)
class ExampleTown:
    """The example municipality.

    Args:
        journal: all that happened.
        round: the round that is finished.

    """

    journal: Journal
    round: ExampleRound


def make_town(
    rules: Path, *, applications: int, seed: int, progress: Callable[[str], None] = lambda _: None
) -> ExampleTown:
    """Return the example municipality; equal arguments give the same bytes on every machine.

    Args:
        rules: the folder with facts.yaml and the rule files.
        applications: how many applications all services have together.
        seed: what everything is drawn from.
        progress: called with what is being done.

    Raises:
        QueueEngineError: the rules or the tables cannot be used.

    """
    progress("telling a year of the kindergartens")
    of_year = load_rules(rules / "region-74" / "kindergarten.yaml")
    families = max(FEWEST_APPLICATIONS, min(applications * 3 // 5, _MOST_FAMILIES))
    programmes = max(FEWEST_PROGRAMMES, families // _FAMILIES_A_PROGRAMME)
    year = town_year(
        of_year,
        applications=families,
        programmes=programmes,
        seed=seed,
        service=YEAR_SERVICE,
        municipality=MUNICIPALITY,
    )
    journal = Journal(MUNICIPALITY)
    journal.append_many(year)
    with TemporaryDirectory() as folder:
        town = write_example(Path(folder), applications=applications, seed=seed)
        for written in town.services:
            if written.service.name != YEAR_SERVICE:
                progress(f"taking over {written.service.name}: {written.rows['applications']:,} applications")
                journal.append_many(_taken_over(written, rules, journal))
    progress("holding a round of the kindergartens")
    return ExampleTown(journal, _hold_round(journal, of_year))


def _taken_over(written: Written, rules: Path, journal: Journal) -> Iterator[Event]:
    """Yield what takes a service over from its tables on the last day of the year."""
    service = written.service
    rule_set = load_rules(rules / f"{service.rules}.yaml")
    names = ("entries", "applications", "documents", "programmes")
    files: dict[str, Any] = {name: written.folder / f"{name}.csv" for name in names}
    tables = read_tables(rule_set.vocabulary, **files)
    by: dict[str, Any] = {"at": journal.times[-1], "actor": _OPERATOR}
    dates = {name: date_to_day(each) for name, each in service.dates.items()}
    yield RulesPublished(rules_digest(rule_set), service.name, dates=dates, **by)
    yield from Register(tables, service.name, by, journal.life.day or 0).events()


def _hold_round(journal: Journal, rules: RuleSet) -> ExampleRound:
    """Hold a round with the places that are left, and let most families answer."""
    at = journal.times[-1] + _HOUR_MS
    known = {rules_digest(rules): rules}
    journal.append_many(_new_seats(replay(journal, known), _NEW_SEATS, at))
    state = replay(journal, known)
    entry = len(journal)
    held = freeze_state(state, ROUND, YEAR_SERVICE)
    record_frozen(journal, held.frozen, at=at, actor=_OFFICER)
    outcome = run(held.frozen)
    assert state.day is not None, "the year has days"
    publish(
        journal, state, held.frozen, outcome, deadline=state.day + _ANSWER_DAYS, at=at + _HOUR_MS, actor=_COMMISSION
    )
    answers: list[Event] = []
    offered = sorted(name for name, place in outcome.placed.items() if held.frozen.held.get(name) != place.programme)
    by: dict[str, Any] = {"at": at + 2 * _HOUR_MS, "actor": _FAMILY}
    for turn, name in enumerate(offered):
        programme = outcome.placed[name].programme
        if turn % 10 < _TENTHS_DECLINING:
            answers.append(Declined(name, programme, **by))
        elif turn % 10 >= _TENTHS_SILENT:
            answers.append(Accepted(name, programme, state.day + _ANSWER_DAYS, **by))
    journal.append_many(answers)
    journal.append_many(_new_seats(replay(journal, known), _MORE_SEATS, at + 3 * _HOUR_MS))  # for a round of one's own
    return ExampleRound(held, outcome, entry, at + _HOUR_MS, files_of(held.frozen, outcome, held.queues, ROUND))


def _new_seats(state: State, count: int, at: int) -> Iterator[Event]:
    """Yield what gives every open group some more places for the new year of study."""
    by: dict[str, Any] = {"at": at, "actor": _OFFICER}
    for each in state.open_programmes(YEAR_SERVICE):
        if each.capacity is not None:
            yield CapacitySet(each.id, each.capacity + count, _REASON, _BASIS, **by)
