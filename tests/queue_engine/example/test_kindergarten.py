from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from tests.queue_engine.example.conftest import Ordered

from queue_engine.example.filing import day
from queue_engine.example.kindergarten import make

THREE, TWO, ADAPTED = "ds-001-36m", "ds-001-24m", "ds-001-comp"


@pytest.fixture
def town(ordered: Callable[[str], Ordered]) -> Ordered:
    """Return the ordered kindergarten queues."""
    return ordered("kindergarten")


def test_a_birthday_on_1_september_makes_three_and_on_2_september_two(town: Ordered) -> None:
    """One day decides between two groups."""
    assert THREE in town.places("born_1_september")
    assert TWO not in town.places("born_1_september")
    assert TWO in town.places("born_2_september")
    assert THREE not in town.places("born_2_september")
    assert TWO in town.places("born_29_february")


def test_a_later_desired_date_keeps_out_of_the_queue(town: Ordered) -> None:
    """The application waits for its date."""
    assert town.reasons("desired_later") == {THREE: ("desired_date",)}


def test_the_same_second_is_decided_by_the_number(town: Ordered) -> None:
    """The smaller number stands before, and between the two only numbers decide."""
    assert set(town.neighbours("same_second_earlier_number", "same_second_later_number", THREE)) == {"number"}


def test_a_sibling_counts_only_where_he_is(town: Ordered) -> None:
    """The right is tied to the organisation, and to the day of admission."""
    assert town.group("sibling_elsewhere", THREE, "sibling") == "others"
    assert town.group("sibling_elsewhere", "ds-002-36m", "sibling") == "preference"
    assert town.group("sibling_leaves", THREE, "sibling") == "others"


@pytest.mark.parametrize(
    ("case", "group"),
    [
        ("document_ends_on_the_day", "first_turn"),
        ("document_ended_the_day_before", "others"),
        ("document_unconfirmed", "others"),
        ("moved_out", "others"),
    ],
)
def test_a_right_holds_by_a_valid_confirmed_document(town: Ordered, case: str, group: str) -> None:
    """The last day counts; the day after, a missing answer and a move do not."""
    assert town.group(case, THREE, "right") == group


def test_a_conclusion_opens_the_adapted_group_and_consent_the_general_one(town: Ordered) -> None:
    """Both queues with the consents; without consent to an adapted programme only the general one."""
    assert {ADAPTED, "ds-001-60m"} >= set(town.places("commission_and_general_group")) > {ADAPTED}
    assert town.reasons("no_consent_to_adapted_programme") == {ADAPTED: ("adapted_programme",)}
    assert town.places("no_consent_to_adapted_programme")


def test_a_place_already_held_is_kept(town: Ordered) -> None:
    """A transfer stands by its date where it wants to go."""
    assert town.group("transfer", THREE, "right") == "others"
    assert "ds-002-36m" in town.places("transfer")


@pytest.mark.parametrize(("case", "reason"), [("stay_not_proved", "foreign_citizen"), ("withdrawn", "active")])
def test_who_may_not_wait_does_not_stand(town: Ordered, case: str, reason: str) -> None:
    """The reason is told."""
    assert town.reasons(case) == {THREE: (reason,)}


def test_a_short_stay_place_costs_nothing(town: Ordered) -> None:
    """Whoever goes to a short-stay group stays in the queue."""
    assert THREE in town.places("short_stay_place")


def test_shares_are_those_of_a_city() -> None:
    """Siblings, transfers, moves and wishes stay inside bounds in a town of 20,000."""
    tables = make(20_000, 1).tables
    applications, entries = tables["applications"], tables["entries"]
    assert 2_500 < int(entries["sibling.attends"].sum()) < 3_100
    assert 850 < int(applications["application.transfer"].sum()) < 1_150
    assert 500 < int((~applications["address.lives_here"]).sum()) < 720
    assert 36_000 < len(entries["wish"]) < 44_000
    assert int(entries["wish"].max()) == 4
    assert 400 < int(entries["place.holds_here"].sum()) < 1_050


def test_everybody_filed_after_birth_and_before_the_queue() -> None:
    """No application is older than its child or younger than the queue."""
    applications = make(5_000, 3).tables["applications"]
    filed, born = (applications[name].astype(np.int64) for name in ("application.submitted_on", "child.birth_date"))
    assert (filed > born).all()
    assert filed.max() < day("2026-04-15")


def test_many_file_in_the_same_second() -> None:
    """The midnight of 1 April brings exact ties."""
    times = make(5_000, 1).tables["applications"]["application.submitted_at"]
    midnight = times[(times >= np.datetime64("2026-04-01T00:00:00")) & (times < np.datetime64("2026-04-01T00:10:00"))]
    assert len(midnight) > 200
    assert len(np.unique(midnight)) < len(midnight) - 30


def test_a_child_lives_in_one_territory() -> None:
    """At most one of an application's entries is in its territory."""
    entries = make(5_000, 1).tables["entries"]
    owners = entries["application"][entries["address.in_territory"]]
    assert len(np.unique(owners)) == len(owners) > 3_000
