from __future__ import annotations

import numpy as np

from queue_engine.example.draws import Array, Draws
from queue_engine.example.papers import FAMILY_PAPERS, Paper, draw_papers, holders

ON = 20_558  # 2026-04-15
COUNT = 20_000
PAPERS = (Paper("usual", 5_000), Paper("lasting", 1_000, lasting=True), Paper("recent", 1_000, recent=True))


def drawn() -> dict[str, Array]:
    """Return documents of three categories; everybody filed 100 days and was born 200 days before the queue."""
    draws = Draws.of_rows(1, "t", COUNT)
    filed, born = np.full(COUNT, ON - 100), np.full(COUNT, ON - 200)
    return draw_papers(draws, holders(draws, PAPERS), PAPERS, filed, born, ON)


def column(papers: dict[str, Array], field: str, category: str) -> Array:
    """Return a column of the documents of one category."""
    return papers[field][papers["category"] == category]


def test_no_document_ends_before_it_begins() -> None:
    """A document holds for at least a day."""
    papers = drawn()
    ends = papers["to"]
    assert (np.isnat(ends) | (ends >= papers["from"])).all()


def test_documents_end_the_day_before_on_and_after_the_day_of_the_queue() -> None:
    """The days that decide whether a right holds are all there."""
    ends = drawn()["to"].astype(np.int64).tolist()
    assert min(ends.count(ON - 1), ends.count(ON), ends.count(ON + 1)) > 100


def test_a_lasting_document_has_no_end() -> None:
    """Such a status is not given for a time."""
    assert np.isnat(column(drawn(), "to", "lasting")).all()


def test_a_recent_document_is_not_older_than_its_holder() -> None:
    """A document about a child is not issued before the child is born, and not long before the queue."""
    days = column(drawn(), "from", "recent").astype(np.int64)
    assert days.min() == ON - 200
    assert days.max() == ON - 30


def test_some_documents_are_not_confirmed() -> None:
    """About eight of a hundred wait for an answer."""
    confirmed = column(drawn(), "confirmed", "lasting")
    assert 5 * len(confirmed) < 100 * int((~confirmed).sum()) < 12 * len(confirmed)


def test_a_renewed_document_follows_the_earlier_one_without_a_gap() -> None:
    """Whoever holds two documents of a category has the second from the day after the first."""
    papers = drawn()
    spans: dict[int, list[tuple[int, int]]] = {}
    usual = papers["category"] == "usual"
    columns = (papers[field][usual].astype(np.int64).tolist() for field in ("person", "from", "to"))
    for person, first, last in zip(*columns, strict=True):
        spans.setdefault(person, []).append((first, last))
    renewed = [sorted(own) for own in spans.values() if len(own) > 1]
    assert 900 < len(renewed) < 1_500
    assert all(later[0] == earlier[1] + 1 for earlier, later in renewed)


def test_rights_are_as_frequent_as_in_a_city() -> None:
    """Of 20,000 families about 12 % are large, 2 % serve in the army, 1.5 % in the police, few are prosecutors."""
    held = {
        category: int(mask.sum()) for category, mask in holders(Draws.of_rows(1, "t", COUNT), FAMILY_PAPERS).items()
    }
    assert 2_250 < held["large_family"] < 2_550
    assert 340 < held["military_child"] < 460
    assert 340 < held["disabled_child"] < 460
    assert 240 < held["police_child"] < 360
    assert 5 < held["prosecutor_child"] + held["judge_child"] < 40
