"""Applicants put in on purpose: what parents and officers ask about most."""

from __future__ import annotations

from collections.abc import Mapping

from queue_engine.example.assembly import Case, Value
from queue_engine.facts import Title

PLAIN: Mapping[str, Value] = {
    "application.submitted_at": "2025-10-06T10:00:00",
    "application.active": True,
    "application.transfer": False,
    "child.birth_date": "2023-03-15",
    "child.desired_date": "2026-09-01",
    "child.orientation": "general",
    "child.stay_mode": "full_day",
    "child.foreign": False,
    "child.stay_lawful": False,
    "child.short_stay_place": False,
    "consent.general_group": False,
    "consent.care_group": False,
    "consent.adapted_programme": False,
    "consent.full_day": False,
    "consent.other_day": False,
    "address.lives_here": True,
}
"""A child of three without any right, for whom a place from 1 September is asked."""

_HERE, _THERE = "ds-001", "ds-002"
PLAIN_WISH: Mapping[str, Value] = {"organisation": _HERE}

_AT = "application.submitted_at"
_SPECIAL: Mapping[str, Value] = {
    "child.birth_date": "2021-05-20",
    "child.orientation": "compensating",
    "consent.general_group": True,
    "consent.adapted_programme": True,
}
_CONCLUSION = ("pmpk_conclusion", "2025-11-10", "2026-11-10", True)

CASES = (
    Case(
        "born_1_september",
        Title(
            "день рождения 1 сентября: в этот день уже 3 года", "birthday on 1 September: three years old on that day"
        ),
        {_AT: "2025-10-01T09:00:00", "child.birth_date": "2023-09-01"},
    ),
    Case(
        "born_2_september",
        Title(
            "день рождения 2 сентября: 1 сентября ещё 2 года, группа моложе",
            "birthday on 2 September: still two on 1 September, a younger group",
        ),
        {_AT: "2025-10-01T09:05:00", "child.birth_date": "2023-09-02"},
    ),
    Case(
        "born_29_february",
        Title("родился 29 февраля", "born on 29 February"),
        {_AT: "2025-10-02T11:30:00", "child.birth_date": "2024-02-29"},
    ),
    Case(
        "desired_later",
        Title(
            "место нужно с 1 сентября 2027 года: заявление пока не в очереди",
            "a place is wanted from 1 September 2027: not in the queue yet",
        ),
        {_AT: "2024-09-02T09:00:00", "child.desired_date": "2027-09-01"},
    ),
    Case(
        "same_second_earlier_number",
        Title(
            "подано в ту же секунду, номер меньше: стоит раньше",
            "filed in the same second, the smaller number: stands before",
        ),
        {_AT: "2025-09-01T08:00:00"},
    ),
    Case(
        "same_second_later_number",
        Title(
            "подано в ту же секунду, номер больше: стоит позже",
            "filed in the same second, the larger number: stands behind",
        ),
        {_AT: "2025-09-01T08:00:00"},
    ),
    Case(
        "sibling_elsewhere",
        Title(
            "брат или сестра во втором из желаемых садов: право только там",
            "a sibling in the second kindergarten wished for: a right only there",
        ),
        {_AT: "2025-12-08T12:00:00"},
        ({}, {"organisation": _THERE, "sibling.attends": True}),
    ),
    Case(
        "sibling_leaves",
        Title(
            "брат или сестра выпускается 31 августа: права уже нет",
            "the sibling leaves on 31 August: no right any more",
        ),
        {_AT: "2025-12-08T12:10:00"},
        ({"sibling.attends": True, "sibling.last_day": "2026-08-31"},),
    ),
    Case(
        "document_ends_on_the_day",
        Title(
            "документ действует по день очереди включительно: право есть",
            "the document ends on the day of the queue: the right holds",
        ),
        {_AT: "2026-02-10T10:00:00"},
        documents=(("large_family", "2023-04-16", "2026-04-15", True),),
    ),
    Case(
        "document_ended_the_day_before",
        Title(
            "документ закончился накануне: права нет, дата подачи остаётся",
            "the document ended the day before: no right, the date of filing stays",
        ),
        {_AT: "2026-02-10T10:05:00"},
        documents=(("large_family", "2023-04-15", "2026-04-14", True),),
    ),
    Case(
        "document_unconfirmed",
        Title(
            "документ не подтверждён: пока в общем порядке", "the document is not confirmed: the general order for now"
        ),
        {_AT: "2026-02-10T10:10:00"},
        documents=(("military_child", "2025-09-01", "2027-08-31", False),),
    ),
    Case(
        "moved_out",
        Title(
            "ребёнок сотрудника полиции, семья уехала: права по месту жительства нет",
            "a police officer's child, the family moved out: no right where it does not live",
        ),
        {_AT: "2025-11-05T15:00:00", "address.lives_here": False},
        documents=(("police_child", "2025-01-15", "2027-01-15", True),),
    ),
    Case(
        "commission_and_general_group",
        Title(
            "заключение ПМПК и согласие на общую группу: стоит в обеих очередях",
            "a commission's conclusion and consent to a general group: in both queues",
        ),
        {_AT: "2025-11-17T10:00:00", **_SPECIAL},
        documents=(_CONCLUSION,),
    ),
    Case(
        "no_consent_to_adapted_programme",
        Title(
            "нет согласия на адаптированную программу: только общая группа",
            "no consent to an adapted programme: the general group only",
        ),
        {_AT: "2025-11-17T10:05:00", **_SPECIAL, "consent.adapted_programme": False},
        documents=(_CONCLUSION,),
    ),
    Case(
        "transfer",
        Title(
            "перевод из второго сада: там место сохраняется, в первом — наравне с остальными, по дате заявления",
            "a transfer from the second kindergarten: that place is kept; in the first on equal terms, by its date",
        ),
        {_AT: "2024-03-04T09:40:00", "application.transfer": True},
        ({}, {"organisation": _THERE, "place.holds_here": True}),
    ),
    Case(
        "short_stay_place",
        Title(
            "ходит в группу кратковременного пребывания: прежняя дата сохраняется",
            "goes to a short-stay group: the former date is kept",
        ),
        {_AT: "2024-05-13T14:20:00", "child.short_stay_place": True},
    ),
    Case(
        "stay_not_proved",
        Title(
            "иностранный гражданин без подтверждённого права пребывания: не в очереди",
            "a foreign citizen whose lawful stay is not confirmed: not in the queue",
        ),
        {_AT: "2025-08-11T13:00:00", "child.foreign": True},
    ),
    Case(
        "withdrawn",
        Title("заявление отозвано: не в очереди", "the application is withdrawn: not in the queue"),
        {_AT: "2025-03-03T16:45:00", "application.active": False},
    ),
)
