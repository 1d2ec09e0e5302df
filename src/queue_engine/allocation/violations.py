"""What a matching does wrong: which numbered property, at which programme, to whom, for whom."""

from __future__ import annotations

import attrs

from queue_engine.allocation.market import Matching


@attrs.frozen(order=True)
class Violation:
    """A property a matching does not have, with who and where.

    Args:
        property: P1 … P8, as numbered in `stability`.
        programme: where; "" if nowhere in particular.
        applicant: who is wronged, or wrongly placed; "" if nobody in particular.
        other: who is placed instead; "" if nobody.
        message: one sentence that says it.

    >>> str(Violation("P4", "D1", "", "", "'D1' places 3 on 2 seats"))
    "P4: 'D1' places 3 on 2 seats"

    """

    property: str
    programme: str
    applicant: str
    other: str
    message: str

    def __str__(self) -> str:
        """Return the property and the sentence."""
        return f"{self.property}: {self.message}"


def wish_of(applicant: str, programme: str, matching: Matching) -> str:
    """Return the beginning of a sentence: what an applicant wishes more than what they got.

    >>> wish_of("a", "D1", Matching({"a": None}))
    "'a' wishes 'D1' more than no place"

    """
    place = matching.placed[applicant]
    instead = "no place" if place is None else f"'{place}'"
    return f"'{applicant}' wishes '{programme}' more than {instead}"
