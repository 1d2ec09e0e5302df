"""Camp applicants put in on purpose."""

from __future__ import annotations

from collections.abc import Mapping

from queue_engine.example.assembly import Case, Value
from queue_engine.facts import Title

PLAIN: Mapping[str, Value] = {
    "application.submitted_at": "2026-04-02T10:00:00",
    "application.active": True,
    "child.birth_date": "2015-02-10",
    "camp.vouchers_this_year": 0,
    "address.in_region": True,
    "address.lives_here": True,
}
"""A child of eleven without any right."""

_PAID, _FREE = "camp-001-s1", "camp-002-s1"
PLAIN_WISH: Mapping[str, Value] = {"programme": _PAID}

_AT = "application.submitted_at"
_BORN = "child.birth_date"

CASES = (
    Case(
        "seven_on_the_first_day",
        Title("7 лет в первый день смены", "seven years old on the first day of the shift"),
        {_AT: "2026-04-02T10:05:00", _BORN: "2019-06-03"},
    ),
    Case(
        "seven_a_day_later",
        Title("7 лет на день позже: лагерь не принимает", "seven years old a day later: the camp does not take"),
        {_AT: "2026-04-02T10:06:00", _BORN: "2019-06-04"},
    ),
    Case(
        "second_voucher",
        Title("путёвка в этом году уже была: не в очереди", "had a voucher this year: not in the queue"),
        {_AT: "2026-04-02T10:10:00", "camp.vouchers_this_year": 1},
    ),
    Case(
        "certificate_ends_before_the_shift",
        Title(
            "справка о трудной ситуации кончается накануне смены: бесплатной путёвки нет",
            "the hard-situation certificate ends the day before the shift: no free voucher",
        ),
        {_AT: "2026-04-03T12:00:00"},
        ({"programme": _FREE},),
        (("hard_situation", "2025-06-03", "2026-06-02", True),),
    ),
    Case(
        "mobilised_child",
        Title(
            "ребёнок мобилизованного: на бесплатную путёвку — вне очереди, на платную — первоочередное право",
            "a mobilised person's child: out of turn for a free voucher, first turn for a paid one",
        ),
        {_AT: "2026-04-20T16:00:00"},
        ({"programme": _FREE}, {}),
        (("mobilised_child", "2025-10-01", "", True),),
    ),
    Case(
        "eighteen_on_the_first_day",
        Title("18 лет в первый день смены: не в очереди", "eighteen on the first day of the shift: not in the queue"),
        {_AT: "2026-04-02T10:20:00", _BORN: "2008-06-03"},
    ),
    Case(
        "same_second_earlier_number",
        Title("подано в ту же секунду, номер меньше", "filed in the same second, the smaller number"),
        {_AT: "2026-04-01T00:00:00"},
    ),
    Case(
        "same_second_later_number",
        Title("подано в ту же секунду, номер больше", "filed in the same second, the larger number"),
        {_AT: "2026-04-01T00:00:00"},
    ),
)
