"""Problems say where, what was found, what was expected and what to do."""

from __future__ import annotations

from queue_engine.errors import NotInQueueError, OrderError, Place, Problem, QueueEngineError, errors_of


def test_a_place_is_cited_as_people_cite_it() -> None:
    """Files by line and column, tables by row and column, whole files by name."""
    assert str(Place("k.yaml", 3, 7)) == "k.yaml:3:7"
    assert str(Place("k.yaml")) == "k.yaml"
    assert str(Place("a.csv", 118, field="distance_m")) == "a.csv row 118, column distance_m"
    assert str(Place("a.csv", field="distance_m")) == "a.csv column distance_m"


def test_an_error_carries_every_problem_once_and_in_order() -> None:
    """Problems are sorted by place; the same one twice counts once."""
    late, early = (Problem(Place("k.yaml", line), "Q001", "is empty") for line in (9, 2))
    error = OrderError([late, early, late])
    assert error.problems == (early, late)
    assert isinstance(error, QueueEngineError)
    assert str(error).splitlines() == ["k.yaml:2: error Q001: is empty", "k.yaml:9: error Q001: is empty"]


def test_a_problem_is_told_on_one_line_on_several_and_to_programs() -> None:
    """The remedy is there in every form."""
    problem = Problem(
        Place("k.yaml", 2, 5), "Q004", "'x' is not known", "write y", found="x", expected="y", source="  - x", width=1
    )
    assert str(problem) == "k.yaml:2:5: error Q004: 'x' is not known; write y"
    assert problem.render().splitlines()[1:] == ["      - x", "        ^", "    hint: write y"]
    assert problem.as_json() == {
        "file": "k.yaml",
        "line": 2,
        "column": 5,
        "field": "",
        "code": "Q004",
        "severity": "error",
        "message": "'x' is not known",
        "found": "x",
        "expected": "y",
        "remedy": "write y",
    }


def test_warnings_do_not_refuse() -> None:
    """Only errors are what refuses the input."""
    warning = Problem(Place("k.yaml"), "Q052", "excludes nobody", severity="warning")
    assert errors_of([warning]) == ()


def test_an_absent_place_is_told_without_quotes() -> None:
    """The message is a sentence, not a key."""
    assert str(NotInQueueError("there is no queue 'X'")) == "there is no queue 'X'"
    assert str(NotInQueueError()) == ""
