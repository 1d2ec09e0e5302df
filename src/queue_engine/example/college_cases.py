"""College applicants put in on purpose."""

from __future__ import annotations

from collections.abc import Mapping

from queue_engine.example.assembly import Case, Value
from queue_engine.facts import Title

PLAIN: Mapping[str, Value] = {
    "application.submitted_at": "2026-07-01T10:00:00",
    "application.active": True,
    "grade.average": "62/15",
    "grade.profile_average": "13/3",
    "achievements.points": 0,
    "certificate.original": True,
}
"""An applicant with 4.1333 on average and nothing else to show."""

_CONTEST, _WITH_TEST = "college-001-09.02.07-9-budget", "college-001-34.02.01-9-budget"
PLAIN_WISH: Mapping[str, Value] = {"programme": _CONTEST}

_AT = "application.submitted_at"
_GRADE = "grade.average"
_CONTRACT = (("target_contract", "2026-03-10", "2031-08-31", True),)

CASES = (
    Case(
        "average_14_3",
        Title("средний балл ровно 14/3, это меньше 4,67", "an average of exactly 14/3, which is less than 4.67"),
        {_AT: "2026-06-15T09:00:00", _GRADE: "14/3"},
    ),
    Case(
        "average_4_67",
        Title("средний балл 4,67 указан десятичной дробью", "an average written as 4.67"),
        {_AT: "2026-08-14T17:00:00", _GRADE: "4.67"},
    ),
    Case(
        "average_70_15",
        Title("средний балл 70/15 — то же самое, что 14/3", "an average of 70/15, the same as 14/3"),
        {_AT: "2026-06-22T12:00:00", _GRADE: "70/15"},
    ),
    Case(
        "target_contract_here",
        Title(
            "целевой договор на эту специальность: впереди любого балла",
            "a target contract for this specialty: before any average",
        ),
        {_AT: "2026-07-20T11:00:00", _GRADE: "52/16"},
        ({"target.contract_here": True},),
        _CONTRACT,
    ),
    Case(
        "target_contract_elsewhere",
        Title(
            "целевой договор на другую специальность: здесь не считается",
            "a target contract for another specialty: does not count here",
        ),
        {_AT: "2026-07-20T11:10:00", _GRADE: "52/16"},
        documents=_CONTRACT,
    ),
    Case(
        "service_participant",
        Title("ребёнок участника СВО: первоочередной приём", "a special-operation participant's child: first turn"),
        {_AT: "2026-07-21T09:30:00", _GRADE: "50/16"},
        documents=(("service_participant", "2025-02-01", "", True),),
    ),
    Case(
        "more_achievements",
        Title("при равном балле больше достижений", "more achievements with the same average"),
        {_AT: "2026-08-10T15:00:00", "achievements.points": 7},
    ),
    Case(
        "preference",
        Title("при равном балле преимущественное право", "a preference with the same average"),
        {_AT: "2026-08-11T15:00:00"},
        documents=(("preferential_71_7", "2025-09-01", "", True),),
    ),
    Case(
        "test_failed",
        Title("вступительное испытание не пройдено: не в списке", "the entrance test is not passed: not in the list"),
        {_AT: "2026-07-02T10:00:00"},
        ({"programme": _WITH_TEST}, {}),
    ),
    Case(
        "no_certificate_yet",
        Title("средний балл неизвестен: не в списке", "the average is not known: not in the list"),
        {_AT: "2026-07-03T10:00:00", _GRADE: ""},
    ),
    Case(
        "same_second_earlier_number",
        Title(
            "всё равно и подано в ту же секунду, номер меньше",
            "all equal and filed in the same second, the smaller number",
        ),
        {_AT: "2026-07-15T12:00:00"},
    ),
    Case(
        "same_second_later_number",
        Title(
            "всё равно и подано в ту же секунду, номер больше",
            "all equal and filed in the same second, the larger number",
        ),
        {_AT: "2026-07-15T12:00:00"},
    ),
)
