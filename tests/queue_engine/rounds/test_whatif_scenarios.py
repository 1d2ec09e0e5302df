"""Scenarios are run from files or tables, one by one or many at once, and say the same wherever they run."""

from __future__ import annotations

from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from datetime import date
from hashlib import sha256
from pathlib import Path

import attrs
import pytest
from tests.queue_engine.small_queues import ON, ONE_IN_TWO, RULES, TITLE, Child, queues_of

from queue_engine.allocation import MarketError
from queue_engine.allocation.lottery import LotteryError
from queue_engine.rounds.model import RoundError
from queue_engine.rounds.other_mechanisms import IN_FORCE
from queue_engine.rounds.places import PlacesRow
from queue_engine.rounds.redrawing import Lottery, redrawn, tiers_of
from queue_engine.rounds.whatif_scenarios import Scenario, Setting, TableFiles, draws, run_many, run_scenario
from queue_engine.rules.model import RuleSet

ROOT = Path(__file__).parents[3]
SEEDS = [Lottery(sha256(bytes([number])).hexdigest(), "submitted") for number in range(6)]
LARGE = ("large_family",)
CHILDREN = [
    Child(
        number,
        filed=number % 5,
        papers=LARGE if number % 7 == 0 else (),
        near=("p",) if number % 3 == 0 else ("q",),
        wishes=("p", "q") if number % 2 else ("q", "p"),
    )
    for number in range(1, 31)
]
PLACES = (PlacesRow("p", 6), PlacesRow("q", 8))


def town(name: str = "town", rules: RuleSet = RULES, **draft: object) -> Scenario:
    """Return thirty children, two kindergartens, and a draft."""
    base = Setting(rules, PLACES)
    tables = queues_of(CHILDREN, rules).entries.tables
    return Scenario(name, tables, ON, base, attrs.evolve(base, **draft))  # type: ignore[arg-type]


def test_places_of_the_draft_are_compared_with_those_in_force() -> None:
    """Two seats more are two children more, and nobody loses."""
    found = run_scenario(town(places=(PlacesRow("p", 6), PlacesRow("q", 10))))
    assert (found.now.placed, found.then.placed) == (14, 16)
    assert (found.counts["gains"], found.counts["loses"], found.counts["less_dear"]) == (2, 0, 0)


def test_rules_of_the_draft_are_compared_with_those_in_force() -> None:
    """Without the step of the territory children move; all of them live near one of their wishes."""
    shorter = attrs.evolve(RULES, order=tuple(step for step in RULES.order if step.id != "territory"))
    base = town()
    found = run_scenario(attrs.evolve(base, draft=attrs.evolve(base.draft, rules=shorter)))
    assert found.moves
    assert [(each.step, each.group) for each in found.groups] == [
        ("right", "first_turn"),
        ("right", "others"),
        ("territory", "yes"),
    ]
    assert {each.title for each in found.groups[:2]} == {(TITLE, TITLE)}


@pytest.mark.parametrize("instead_of", ["submitted", ""])
def test_drawn_numbers_decide_from_their_step_on(instead_of: str) -> None:
    """What stands before the step still decides, whoever has the better number; the same seed draws the same."""
    queues = queues_of(CHILDREN)
    lottery = attrs.evolve(SEEDS[0], instead_of=instead_of)
    drawn, numbers = redrawn(queues, lottery)
    kept = queues.entries.components[: 2 if instead_of else 3]
    for name, queue in drawn.items():
        keys = [
            (*(int(part.codes[row]) for part in kept), numbers[application])
            for row, application in zip(queue.rows.tolist(), queue.applications(), strict=True)
        ]
        assert keys == sorted(keys)
        assert sorted(queue.applications()) == sorted(queues[name].applications())
    assert [list(queue) for queue in drawn.values()] == [list(each) for each in redrawn(queues, lottery)[0].values()]


def test_a_place_in_two_stays_with_its_group_after_a_draw() -> None:
    """The reserve moves places of the drawn order anew; nobody is called equal there."""
    queues = queues_of(CHILDREN, ONE_IN_TWO)
    drawn, _ = redrawn(queues, SEEDS[0])
    entitled = {str(child.number) for child in CHILDREN if child.papers}
    assert all(drawn["p"].at(place) in entitled for place in (1, 3, 5, 7))
    assert tiers_of(drawn) == {}


def test_equals_are_those_whom_the_draw_alone_parts() -> None:
    """One tier after the other is the queue, and steps before the draw are alike within each."""
    drawn, _ = redrawn(queues_of(CHILDREN), SEEDS[0])
    for name, tiers in tiers_of(drawn).items():
        assert [each for tier in tiers for each in tier] == drawn[name].applications()
    large = {str(child.number) for child in CHILDREN if child.papers}
    assert all(large.issuperset(tier) or large.isdisjoint(tier) for tier in tiers_of(drawn)["p"])


def test_a_mechanism_of_the_draft_is_run_on_drawn_numbers() -> None:
    """Stable improvement cycles undo what the draw took from those who tie: none fares worse than by the draw."""
    drawn = run_scenario(town(lottery=SEEDS[0]))
    cycles = run_scenario(town(lottery=SEEDS[0], mechanism="stable-improvement-cycles"))
    assert cycles.then.first >= drawn.then.first
    assert cycles.then.placed == drawn.then.placed
    dictated = run_scenario(town(lottery=SEEDS[0], mechanism="serial-dictatorship"))
    assert dictated.then.placed == drawn.then.placed


def test_serial_dictatorship_asks_for_numbers_where_orders_contradict() -> None:
    """Territories differ, so that one order for all is not there."""
    with pytest.raises(MarketError, match="A040"):
        run_scenario(town(mechanism="serial-dictatorship"))


def test_a_bad_draw_is_refused() -> None:
    """A step the rules do not have, and seeds that are none."""
    with pytest.raises(RoundError, match="did you mean 'submitted'"):
        run_scenario(town(lottery=attrs.evolve(SEEDS[0], instead_of="submited")))
    for seed in ("xyz", "00"):
        with pytest.raises(LotteryError, match="L004"):
            run_scenario(town(lottery=Lottery(seed)))


@pytest.mark.parametrize("executor", [ThreadPoolExecutor, ProcessPoolExecutor])
@pytest.mark.parametrize("workers", [1, 2])
def test_many_draws_say_the_same_wherever_they_run(executor: type[Executor], workers: int) -> None:
    """Tables, rules and answers travel between processes, and come back in the order of the seeds."""
    scenarios = draws(town(mechanism=IN_FORCE), SEEDS)
    here = [run_scenario(each) for each in scenarios]
    with executor(workers) as pool:  # type: ignore[call-arg]
        there = run_many(scenarios, pool)
    assert there == here
    assert [each.name for each in there] == [f"town, draw {lottery.seed[:8]}" for lottery in SEEDS]
    assert len({each.moves for each in here}) > 1


def test_what_cannot_be_run_is_told_by_the_process_that_asked() -> None:
    """A problem travels back whole."""
    with ProcessPoolExecutor(1) as pool, pytest.raises(RoundError) as raised:
        run_many([town(), town(places=(PlacesRow("none", 1),))], pool)
    assert [problem.code for problem in raised.value.problems] == ["D002"]


def files(folder: Path) -> Scenario:
    """Write a municipality, and return a draft of it with a seat less."""
    (folder / "entries.csv").write_text(
        "application,programme,wish,grade.average\n1,welders,1,4.5\n1,cooks,2,4.5\n2,welders,1,4.75\n3,welders,1,4\n"
    )
    (folder / "applications.csv").write_text(
        "application,application.number,application.submitted_at\n1,1,2026-07-01\n2,2,2026-07-02\n3,3,2026-07-03\n"
    )
    (folder / "places.csv").write_text("programme,places\nwelders,2\ncooks,1\n")
    (folder / "fewer.csv").write_text("programme,places\nwelders,1\ncooks,1\n")
    base = Setting(str(ROOT / "rules" / "region-74" / "college.yaml"), str(folder / "places.csv"))
    tables = TableFiles(str(folder / "entries.csv"), str(folder / "applications.csv"))
    draft = attrs.evolve(base, places=str(folder / "fewer.csv"))
    return Scenario("town", tables, date(2026, 8, 16), base, draft)


def test_files_of_municipalities_are_read_where_the_task_runs(tmp_path: Path) -> None:
    """A seat less at welders: 1 goes to cooks, its second wish."""
    with ProcessPoolExecutor(1) as pool:
        (found,) = run_many([files(tmp_path)], pool)
    assert [(move.application, move.kind, move.now, move.then) for move in found.moves] == [
        ("1", "less_dear", "welders", "cooks")
    ]


def test_those_who_go_together_do_so_on_both_sides(tmp_path: Path) -> None:
    """1 follows 2, who has one wish, so that they cannot go together: told before anything is computed."""
    (tmp_path / "together.csv").write_text("application,with\n1,2\n")
    with pytest.raises(RoundError, match="D011"):
        run_scenario(attrs.evolve(files(tmp_path), together=str(tmp_path / "together.csv")))


def test_a_cluster_says_the_same_as_this_process(tmp_path: Path) -> None:
    """A cluster of dask is an executor as any other: one task a seed, one a municipality."""
    distributed = pytest.importorskip("distributed")
    scenarios = [*draws(town(), SEEDS), files(tmp_path)]
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        there = run_many(scenarios, client.get_executor())
    assert there == [run_scenario(each) for each in scenarios]
