from __future__ import annotations

import numpy as np

from queue_engine.example.assembly import FIRST_NUMBER, Case, Draft, homes, numbered, stacked, with_cases
from queue_engine.example.draws import Draws
from queue_engine.facts import Title

TITLE = Title("", "")
AT = "application.submitted_at"


def draft(*times: str) -> Draft:
    """Return a draft where everybody wishes for "b" and holds one document."""
    count = len(times)
    return Draft(
        people={AT: np.array(times, "datetime64[s]"), "address.lives_here": np.zeros(count, np.bool_)},
        wishes={"person": np.arange(count), "wish": np.ones(count, np.int64), "programme": np.full(count, "b")},
        papers={
            "person": np.arange(count),
            "category": np.full(count, "mayak"),
            "from": np.full(count, np.datetime64("2026-01-01")),
            "to": np.full(count, np.datetime64("NaT", "D")),
            "confirmed": np.ones(count, np.bool_),
        },
        programmes={"programme": np.array(["a", "b"])},
    )


def on_time(count: int) -> Draws:
    """Return draws by which nobody's application comes late."""
    return next(
        draws for seed in range(100) if not (draws := Draws.of_rows(seed, "t", count)).chance("late", 150).any()
    )


def test_numbers_follow_the_time_of_filing_and_then_the_row() -> None:
    """Of two filed in one second the earlier row gets the smaller number."""
    made = numbered(draft("2026-01-03T00:00:00", "2026-01-02T00:00:00", "2026-01-02T00:00:00"), on_time(3), ())
    applications, entries = made.tables["applications"], made.tables["entries"]
    assert applications["application"].tolist() == [FIRST_NUMBER, FIRST_NUMBER + 1, FIRST_NUMBER + 2]
    assert (applications["application.number"] == applications["application"]).all()
    assert np.datetime_as_string(applications["application.submitted_on"]).tolist() == [
        "2026-01-02",
        "2026-01-02",
        "2026-01-03",
    ]
    assert entries["application"].tolist() == applications["application"].tolist()


def test_an_application_sent_by_post_gets_a_later_number() -> None:
    """Some numbers are not in the order of filing."""
    made = numbered(draft(*["2026-01-02T00:00:00"] * 1_000), Draws.of_rows(1, "t", 1_000), ())
    times = made.tables["applications"][AT]
    assert (times == times[0]).all()
    spread = [f"2026-01-{day:02d}T10:00:00" for day in range(1, 29)] * 40
    times = numbered(draft(*spread), Draws.of_rows(1, "t", len(spread)), ()).tables["applications"][AT]
    assert 0 < int((np.diff(times).astype(np.int64) < 0).sum()) < 40


def test_a_case_replaces_what_was_drawn_for_its_row() -> None:
    """Facts, wishes and documents of the first rows are those of the cases; the other rows stay."""
    made_of = draft(*["2026-01-02T00:00:00"] * 3)
    case = Case(
        "moved",
        TITLE,
        {AT: "2026-01-01T00:00:00"},
        ({}, {"programme": "another"}),
        (("police_child", "2025-01-01", "2026-05-01", False),),
    )
    with_cases(made_of, (case,), {"address.lives_here": True}, {"programme": "a"})
    made = numbered(made_of, on_time(3), (case,))
    assert made.cases[0].application == FIRST_NUMBER
    assert made.tables["applications"]["address.lives_here"].tolist() == [True, False, False]
    assert made.tables["entries"]["programme"].tolist() == ["a", "another", "b", "b"]
    assert made.tables["entries"]["wish"].tolist() == [1, 2, 1, 1]
    documents = made.tables["documents"]
    assert documents["category"].tolist() == ["police_child", "mayak", "mayak"]
    assert np.datetime_as_string(documents["to"]).tolist() == ["2026-05-01", "NaT", "NaT"]


def test_a_case_without_documents_has_none() -> None:
    """The document drawn for the row is gone."""
    made_of = draft("2026-01-02T00:00:00")
    with_cases(made_of, (Case("plain", TITLE),), {}, {"programme": "a"})
    assert len(made_of.papers["person"]) == 0


def test_wishes_are_counted_without_gaps() -> None:
    """Whoever has a first and a third choice has wishes 1 and 2."""
    everybody, nobody = np.array([True]), np.array([False])
    person, wish, at = stacked([(everybody, np.array([4])), (nobody, np.array([5])), (everybody, np.array([6]))])
    made_of = draft("2026-01-02T00:00:00")
    made_of.wishes = {"person": person, "wish": wish, "programme": at}
    entries = numbered(made_of, on_time(1), ()).tables["entries"]
    assert (entries["wish"].tolist(), entries["programme"].tolist()) == ([1, 2], [4, 6])


def test_nothing_is_left_out_as_a_first_choice() -> None:
    """A choice of almost no weight is still made by some."""
    chosen = np.bincount(homes(Draws.of_rows(1, "t", 1_000), np.array([1, 1, 998])), minlength=3).tolist()
    assert min(chosen) > 50
    assert chosen[2] > 700
