"""A written town, its rows moved about."""

from __future__ import annotations

from tests.queue_engine.small_town import VOCABULARY

from queue_engine.testing import Town


def test_a_table_that_is_not_given_has_no_rows() -> None:
    """Nothing is moved in it."""
    town = Town(VOCABULARY, {"application": ["1"], "programme": ["p"]}, None, None, None)
    assert (town.size("entries"), town.size("documents")) == (1, 0)
    assert town.permuted("documents", []) is town
    assert town.tables().applications.ids.tolist() == ["1"]


def test_rows_can_be_left_out() -> None:
    """Whoever is left out is in no table."""
    town = Town(VOCABULARY, {"application": ["1", "2"], "programme": ["p", "p"]}, None, None, None)
    assert town.permuted("entries", [1]).tables().applications.ids.tolist() == ["2"]
