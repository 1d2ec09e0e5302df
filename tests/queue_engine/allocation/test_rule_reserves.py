from __future__ import annotations

from typing import Any

import attrs
import pytest

from queue_engine.allocation.choice import Reserve as Seats
from queue_engine.allocation.choice import seats_in_order
from queue_engine.allocation.market import Unused
from queue_engine.allocation.rule_reserves import reserves_of
from queue_engine.facts import Title, Vocabulary
from queue_engine.rules.conditions import NEVER
from queue_engine.rules.model import Period, Reserve, ReserveKind, RuleSet

DAY = 20_600
STAFF = Reserve(
    "staff", Title("работники", "staff"), NEVER, ReserveKind.SEATS, 5, filled="after_general", unused="general"
)
WHO = {"staff": frozenset("ab")}


def declared(*reserves: Reserve) -> RuleSet:
    """Return rules that declare some reserves."""
    return RuleSet("k", "region", Title("сад", "garden"), Vocabulary({}, {}, {}), reserves=reserves)


def test_a_number_of_seats_is_that_number_for_those_entitled() -> None:
    """With the order of filling; whoever else is entitled elsewhere is not here."""
    assert reserves_of(declared(STAFF), 30, DAY, WHO) == (Seats("staff", frozenset("ab"), 5, after_general=True),)
    assert reserves_of(declared(STAFF), 30, DAY, {})[0].entitled == frozenset()
    before = attrs.evolve(STAFF, filled="before_general")
    assert not reserves_of(declared(before), 30, DAY, WHO)[0].after_general


@pytest.mark.parametrize(
    ("percent", "capacity", "seats"), [(5, 30, 1), (5, 19, 0), (5, 20, 1), (33, 3, 0), (100, 7, 7), (0, 9, 0)]
)
def test_a_share_is_rounded_down(percent: int, capacity: int, seats: int) -> None:
    """5 per cent of 30 seats is one seat: the half stays general."""
    share = attrs.evolve(STAFF, amount=percent, percent=True)
    assert reserves_of(declared(share), capacity, DAY, WHO)[0].count == seats


def test_shares_of_everything_together_never_ask_for_more_than_there_is() -> None:
    """Whatever the capacity."""
    shares = {"x": 33, "y": 33, "z": 34}
    thirds = [attrs.evolve(STAFF, id=name, amount=amount, percent=True) for name, amount in shares.items()]
    for capacity in range(200):
        found = reserves_of(declared(*thirds), capacity, DAY, {})
        assert sum(each.count for each in found) <= capacity


@pytest.mark.parametrize(
    ("parts", "on", "unused"),
    [
        ({"unused": "general"}, DAY, Unused.GENERAL),
        ({"unused": "keep"}, DAY + 10_000, Unused.KEEP),
        ({"unused": "keep", "keep_until": DAY}, DAY - 1, Unused.KEEP),
        ({"unused": "keep", "keep_until": DAY}, DAY, Unused.KEEP),
        ({"unused": "keep", "keep_until": DAY}, DAY + 1, Unused.GENERAL),
    ],
)
def test_seats_are_kept_until_their_last_day_and_on_it(parts: dict[str, Any], on: int, unused: Unused) -> None:
    """The day after they are for everybody."""
    assert reserves_of(declared(attrs.evolve(STAFF, **parts)), 30, on, WHO)[0].unused is unused


def test_what_moves_places_of_the_queue_and_what_is_not_in_force_set_no_seats_aside() -> None:
    """The order has the first already; the second is of another day."""
    moving = attrs.evolve(STAFF, id="moving", kind=ReserveKind.SHARE, amount=20, percent=True)
    every = attrs.evolve(STAFF, id="every", kind=ReserveKind.ONE_IN, amount=4)
    ended = attrs.evolve(STAFF, id="ended", in_force=Period(last=DAY - 1))
    last_day = attrs.evolve(STAFF, id="last_day", in_force=Period(last=DAY))
    found = reserves_of(declared(moving, ended, STAFF, every, last_day), 30, DAY, WHO)
    assert [each.group for each in found] == ["staff", "last_day"]


def test_where_more_is_declared_than_there_is_the_first_is_served_first() -> None:
    """The number of seats is as declared; filling them in order does the rest."""
    rules = declared(STAFF, attrs.evolve(STAFF, id="more", amount=9))
    found = seats_in_order(7, reserves_of(rules, 7, DAY, WHO))
    assert [(each.group, each.count) for each in found] == [("", 0), ("staff", 5), ("more", 2)]
