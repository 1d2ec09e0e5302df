from __future__ import annotations

import pytest

from queue_engine.allocation.market import Ceiling, Programme, Seats, Share, Unused
from queue_engine.allocation.seat_rules import overlaps

ORDER = tuple("abcd")


@pytest.mark.parametrize(
    ("parts", "count"),
    [
        ({"ceilings": (Ceiling("A", frozenset("ab"), 1), Ceiling("B", frozenset("cd"), 1))}, 0),
        ({"ceilings": (Ceiling("A", frozenset("ab"), 1), Ceiling("B", frozenset("abc"), 2))}, 0),
        ({"ceilings": (Ceiling("A", frozenset("ab"), 1), Ceiling("B", frozenset("bc"), 1))}, 1),
        ({"ceilings": (Ceiling("A", frozenset("abx"), 1), Ceiling("B", frozenset("cdx"), 1))}, 0),
        ({"seats": (Seats(1, "A", frozenset("ab")), Seats(1, "B", frozenset("bc")))}, 0),
        ({"seats": (Seats(1, "A", frozenset("ab")), Seats(1)), "ceilings": (Ceiling("A", frozenset("ab"), 1),)}, 0),
        ({"seats": (Seats(1, "B", frozenset("b")), Seats(1)), "ceilings": (Ceiling("A", frozenset("ab"), 1),)}, 1),
        (
            {
                "seats": (Seats(2, "B", frozenset("c"), Unused.BEST),),
                "ceilings": (Ceiling("A", frozenset("ab"), 1),),
            },
            1,
        ),
        ({"shares": (Share("A", frozenset("ab"), 10), Share("B", frozenset("bc"), 10))}, 1),
        ({"shares": (Share("A", frozenset("ab"), 10), Share("B", frozenset("cd"), 10))}, 0),
    ],
)
def test_groups_that_leave_no_sure_choice_are_found(parts: dict[str, object], count: int) -> None:
    """Overlapping reserves are no obstacle; overlapping ceilings and shares are, among those accepted."""
    programme = Programme("D1", 2, ORDER, **parts)  # type: ignore[arg-type]
    assert len(list(overlaps(programme))) == count
