"""The federal portal's numbers, from a standing and from an account."""

from __future__ import annotations

from tests.queue_engine.small_town import ground, groups, papers, queues, rules, town, yes_first

from queue_engine import load_rules, standing
from queue_engine.changes import PositionChange, Posting
from queue_engine.events import Event, ExceptionGranted, Offered, Withdrawn
from queue_engine.portal_counters import TIERS, portal_changes, portal_standing

EVENTS: dict[int, Event] = {
    1: Offered("1", "p", 5, at=0, actor="commission"),
    2: ExceptionGranted("2", "p", "decision 7", "a court", "reserve", at=0, actor="court"),
    3: Withdrawn("3", at=0, actor="parent"),
}
RIGHT = groups("right", out_of_turn=[ground("orphan")], first_turn=[ground("large_family")])
WISHES = {"application": list("12345"), "programme": ["p"] * 5, "sibling.attends": ["yes", "yes", "no", "no", "no"]}
TOWN = town(5, papers("2 large_family", "3 orphan", "4 orphan"), entries=WISHES)


def _account(*parts: Posting) -> PositionChange:
    return PositionChange("p", "17", 50, 50 + sum(part.count for part in parts), parts)


def test_tiers_are_counted_in_the_whole_queue() -> None:
    """Behind the application too; whoever has two rights counts in both tiers."""
    queue = queues(TOWN, rules(RIGHT, groups("sibling", preference=[ground("sibling", "sibling.attends")])))["p"]
    assert portal_standing(standing(queue, "2")) == {
        "Position": 3,
        "Total": 5,
        "WithoutQueue": 2,
        "FirstQueue": 1,
        "AdvantageQueue": 2,
    }


def test_a_preference_may_be_a_step_that_puts_first() -> None:
    """So it is in the rules of colleges; a tier the rules do not have has nobody."""
    queue = queues(TOWN, rules(yes_first("preference", "sibling.attends"), yes_first("first", "sibling.attends")))["p"]
    found = portal_standing(standing(queue, "1"))
    assert (found["WithoutQueue"], found["FirstQueue"], found["AdvantageQueue"]) == (0, 0, 2)


def test_the_rules_of_the_region_have_the_tiers_by_these_ids() -> None:
    """The mapping would count nobody if a file called its groups otherwise."""
    for name in ("kindergarten", "school-grade-1"):
        steps = load_rules(f"rules/region-74/{name}.yaml").order
        assert set(TIERS) <= {group.id for step in steps for group in step.groups}
    assert "preference" in load_rules("rules/region-74/college.yaml").steps


def test_a_place_was_given_by_an_offer_or_an_exception() -> None:
    """Who withdrew, or left by an entry that is not told, got none."""
    left = [Posting("left", "number", "", -1, entry) for entry in (1, 2, 3, 4, 0)]
    granted = Posting("exception", "number", "", -1, 2)
    assert portal_changes(_account(*left), EVENTS)["GotAPlace"] == 2
    assert portal_changes(_account(*left, granted), EVENTS)["GotAPlace"] == 3
    assert portal_changes(_account(Posting("exception", "number", "", -1, 3)), EVENTS)["GotAPlace"] == 0


def test_the_counters_are_projections_that_do_not_sum_to_the_change() -> None:
    """Who withdrew, fell behind, and the application's own change are in none of them."""
    change = _account(
        Posting("left", "number", "", -4, 1),
        Posting("left", "number", "", -1, 3),
        Posting("joined", "number", "", 5, 7),
        Posting("up", "right", "first_turn", 3, 8),
        Posting("down", "right", "others", -2, 9),
        Posting("own", "right", "first_turn", -20, 10),
    )
    found = portal_changes(change, EVENTS)
    assert found == {"IncreaseQueue": 5, "GotAPlace": 4, "IncreaseBenefits": 3}
    assert found["IncreaseQueue"] + found["IncreaseBenefits"] - found["GotAPlace"] != change.after - change.before


def test_an_account_of_nothing_counts_nothing() -> None:
    """All three numbers are there."""
    assert portal_changes(_account(), {}) == {"IncreaseQueue": 0, "GotAPlace": 0, "IncreaseBenefits": 0}
