"""The slow reference gives every queue by name, and refuses what it cannot read."""

from __future__ import annotations

import pytest
from tests.queue_engine.small_town import DAY, ground, groups, papers, rules, town

from queue_engine.queue import GENERAL
from queue_engine.testing import order_one_by_one, rank_one_by_one


def test_every_queue_is_given_by_its_name() -> None:
    """The general queue stands beside those of the programmes."""
    tables = town(3, papers("3 orphan"), entries={"application": ["1", "3"], "programme": ["a", "a"]})
    right = rules(groups("right", first=[ground("orphan")]))
    assert order_one_by_one(tables, right, DAY) == {"a": ["3", "1"], GENERAL: ["3", "1", "2"]}
    assert rank_one_by_one(tables, right, DAY)["a"].decided_by == {"1": "right"}


def test_a_takes_that_cannot_be_read_is_an_error() -> None:
    """The reference reports nothing nicely: it says which programme it is."""
    tables = town(1, programmes={"programme": ["p"], "takes": ["sibling.atends"]})
    with pytest.raises(ValueError, match="the condition of programme 'p' cannot be read"):
        order_one_by_one(tables, rules(), DAY)
