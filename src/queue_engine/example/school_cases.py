"""First-grade applicants put in on purpose."""

from __future__ import annotations

from collections.abc import Mapping

from queue_engine.example.assembly import Case, Value
from queue_engine.facts import Title

PLAIN: Mapping[str, Value] = {
    "application.submitted_at": "2026-04-01T09:00:00",
    "application.active": True,
    "child.birth_date": "2019-05-14",
    "child.foreign": False,
    "child.stay_lawful": False,
    "child.russian_test_passed": False,
    "school.age_permit": False,
    "consent.adapted_programme": False,
    "address.lives_here": True,
}
"""A child of seven who applied in the first phase."""

_SCHOOL, _BOARDING = "school-001-1", "school-002-1"
PLAIN_WISH: Mapping[str, Value] = {"programme": _SCHOOL}

_AT = "application.submitted_at"
_BORN = "child.birth_date"
_NEAR: Mapping[str, Value] = {"address.in_territory": True}

CASES = (
    Case(
        "not_entitled_in_first_phase",
        Title(
            "первый этап, но ни территории, ни права: отказ", "first phase, but neither territory nor right: refused"
        ),
        {_AT: "2026-04-01T00:00:02"},
    ),
    Case(
        "between_the_phases",
        Title("подано 3 июля, между этапами: не в очереди", "filed on 3 July, between the phases: not in the queue"),
        {_AT: "2026-07-03T10:00:00"},
        (_NEAR,),
    ),
    Case(
        "last_second_of_first_phase",
        Title("последняя секунда первого этапа, своя территория", "the last second of the first phase, own territory"),
        {_AT: "2026-06-30T23:59:59"},
        (_NEAR,),
    ),
    Case(
        "first_second_of_second_phase",
        Title(
            "первая секунда второго этапа: территория уже не важна",
            "the first second of the second phase: territory does not count",
        ),
        {_AT: "2026-07-06T00:00:00"},
        (_NEAR,),
    ),
    Case(
        "exactly_six_and_a_half",
        Title(
            "родился 1 марта 2020 года: 1 сентября ровно 6 лет 6 месяцев",
            "born on 1 March 2020: exactly 6 years 6 months on 1 September",
        ),
        {_AT: "2026-04-02T09:15:00", _BORN: "2020-03-01"},
        (_NEAR,),
    ),
    Case(
        "one_day_younger",
        Title(
            "родился 2 марта 2020 года, разрешения нет: не в очереди",
            "born on 2 March 2020, no permission: not in the queue",
        ),
        {_AT: "2026-04-02T09:20:00", _BORN: "2020-03-02"},
        (_NEAR,),
    ),
    Case(
        "younger_with_permission",
        Title(
            "родился 2 марта 2020 года, есть разрешение учредителя",
            "born on 2 March 2020 with the founder's permission",
        ),
        {_AT: "2026-04-02T09:25:00", _BORN: "2020-03-02", "school.age_permit": True},
        (_NEAR,),
    ),
    Case(
        "prosecutor_child",
        Title(
            "ребёнок прокурора: вне очереди только в школу с интернатом",
            "a prosecutor's child: out of turn only in a boarding school",
        ),
        {_AT: "2026-05-20T11:00:00"},
        (_NEAR, {"programme": _BOARDING}),
        (("prosecutor_child", "2026-01-12", "2027-01-11", True),),
    ),
    Case(
        "sibling_outside_the_territory",
        Title(
            "брат или сестра в школе, живёт на другой территории: право есть",
            "a sibling at the school, living elsewhere: entitled",
        ),
        {_AT: "2026-04-06T14:00:00"},
        ({"sibling.attends": True},),
    ),
    Case(
        "russian_test_pending",
        Title(
            "тест по русскому языку ещё не пройден: не в очереди",
            "the Russian language test is not passed yet: not in the queue",
        ),
        {_AT: "2026-04-07T10:30:00", "child.foreign": True, "child.stay_lawful": True},
        (_NEAR,),
    ),
    Case(
        "same_second_earlier_number",
        Title("подано в ту же секунду, номер меньше", "filed in the same second, the smaller number"),
        {_AT: "2026-07-06T00:00:01"},
    ),
    Case(
        "same_second_later_number",
        Title("подано в ту же секунду, номер больше", "filed in the same second, the larger number"),
        {_AT: "2026-07-06T00:00:01"},
    ),
)
