"""Every kind of problem with a file has its words."""

from __future__ import annotations

import pytest

from service.tables.sheets import MESSAGES, TableProblem


@pytest.mark.parametrize("code", MESSAGES)
def test_each_problem_is_told_in_both_languages(code: str) -> None:
    """The words differ, and name what was found."""
    problem = TableProblem(1, "a", code, "xyz")
    assert problem.message("ru") != problem.message("en")
    assert problem.message("ru").endswith("xyz")
