"""The printed and exported forms of a round, cell for cell."""

from __future__ import annotations

from datetime import date

import attrs
from tests.queue_engine.rounds.small_rounds import (
    CHILDREN,
    ROOT,
    frozen_of,
    market,
    three_kindergartens,
    worked_example,
)
from tests.queue_engine.small_town import by, queues, rules, town

from queue_engine import Queues, build_tables, load_rules, order
from queue_engine.rounds.forms import (
    NO_RIGHT,
    Protocol,
    camp_rows,
    commission_rows,
    directed_rows,
    order_rows,
    rating_rows,
    waiting_rows,
)
from queue_engine.rounds.model import Applicant, Frozen, Placed, Programme
from queue_engine.rounds.running import run

MEETING = Protocol("12", 20_560)


def test_the_protocol_of_the_commission_counts_by_programme_and_tier() -> None:
    """Six apply at D1, of them one out of turn and one of first turn; two are directed, and B and E wait."""
    found, frozen = worked_example()
    header, *rows = commission_rows(MEETING, frozen, run(frozen), found)
    assert header[:6] == ("number", "date", "round", "rules", "rules_digest", "as_of")
    assert header[6:] == (
        "programme", "organisation", "places", "applied", "tier.out_of_turn", "tier.first_turn", "tier.others",
        "directed", "left", "waiting",
    )  # fmt: skip
    assert rows[0][:6] == ("12", "2026-04-17", "spring", "region-74/kindergarten", "0" * 64, "2026-04-15")
    assert [row[6:] for row in rows] == [
        ("D1", "at D1", "2", "6", "1", "1", "4", "2", "0", "2"),
        ("D2", "at D2", "1", "4", "1", "0", "3", "1", "0", "2"),
        ("D3", "at D3", "1", "2", "0", "0", "2", "1", "0", "1"),
    ]


def test_rules_without_groups_have_a_protocol_without_tiers() -> None:
    """Everybody applies alike."""
    found = queues(town(2), rules())
    frozen = frozen_of(found, {"p": 1}, {})
    header, row = commission_rows(MEETING, frozen, run(frozen), found)
    assert header[6:] == ("programme", "organisation", "places", "applied", "directed", "left", "waiting")
    assert row[6:] == ("p", "at p", "1", "2", "1", "0", "1")


def test_whoever_has_only_a_temporary_place_waits_on_and_is_not_among_those_directed() -> None:
    """A place for the time being takes nobody from the queue."""
    found = queues(town(2), rules())
    frozen = frozen_of(found, {"p": 2}, {})
    frozen = attrs.evolve(frozen, programmes=(attrs.evolve(frozen.programmes[0], interim="temporary"),))
    outcome = run(frozen)
    assert list(commission_rows(MEETING, frozen, outcome, found))[1][-3:] == ("2", "0", "2")
    assert list(directed_rows(frozen, outcome, found))[1:] == []


def test_the_list_of_those_directed_has_the_columns_of_the_portal() -> None:
    """Number, time, right by the title of its group, and nothing that the tables do not know."""
    found, frozen = worked_example()
    assert list(directed_rows(frozen, run(frozen), found)) == [
        (
            "application", "registered_at", "right", "age_category", "orientation", "stay_mode", "programme",
            "language",
        ),
        ("A", "2024-01-10 00:00:00", NO_RIGHT, "", "", "", "D1", ""),
        ("C", "2025-03-01 00:00:00", "Первоочередное право", "", "", "", "D1", ""),
        ("D", "2025-06-15 00:00:00", "Внеочередное право", "", "", "", "D2", ""),
        ("G", "2024-05-05 00:00:00", NO_RIGHT, "", "", "", "D3", ""),
    ]  # fmt: skip


def test_a_brother_or_sister_is_told_as_preference() -> None:
    """The first right counts, whatever step it stands at; with more places E is directed as well."""
    found = three_kindergartens()
    frozen = frozen_of(found, {"D1": 3, "D2": 1, "D3": 1}, {"D3": ("G",)})
    rights = {row[0]: row[2] for row in directed_rows(frozen, run(frozen), found, "en")}
    assert rights["E"] == "Preference"
    assert rights["C"] == "Right of first turn"


def _group(sensitive: str, **facts: list[str]) -> tuple[Frozen, Queues]:
    """Return a round of two children at one group of a kindergarten; the second has a document."""
    found_rules = load_rules(ROOT / "rules" / "region-74" / "kindergarten.yaml")
    tables = build_tables(
        found_rules.vocabulary,
        {"application": ["1", "2"], "programme": ["g", "g"]},
        {
            "application": ["1", "2"],
            "application.number": ["1", "2"],
            "application.submitted_at": ["2025-01-01", "2025-01-02"],
            "child.birth_date": ["2022-05-01"] * 2,
            **{name.replace("__", "."): cells for name, cells in facts.items()},
        },
        {"application": ["2"], "category": [sensitive], "from": [""], "to": [""], "confirmed": ["yes"]},
        {"programme": ["g"], "organisation": ["Garden 5"], "title": ["Garden 5, age 3"]},
    )
    found = order(tables, found_rules, date(2026, 4, 15), {"study_start": date(2026, 9, 1)})
    return frozen_of(found, {"g": 1}, {}), found


def test_choices_are_told_by_their_titles_and_a_sensitive_ground_by_its_group() -> None:
    """Age category as the tables have it, orientation and mode in words; a disability is a right of first turn."""
    frozen, found = _group(
        "disabled_child",
        child__age_group=["", "36-48"],
        child__orientation=["general", "general"],
        child__stay_mode=["full_day", "full_day"],
        child__language=["русский", "татарский"],
    )
    row = list(directed_rows(frozen, run(frozen), found))[1]
    assert row == (
        "2", "2025-01-02 00:00:00", "Первоочередное право", "36-48", "общеразвивающая", "10,5–12 часов",
        "Garden 5, age 3", "татарский",
    )  # fmt: skip
    assert list(directed_rows(frozen, run(frozen), found, "en"))[1][4] == "general development"


def test_those_without_a_place_are_listed_with_their_wishes_and_the_reason() -> None:
    """Wishes by the titles of the programmes; who stands in no queue is told by the reason alone."""
    queues_ = three_kindergartens(
        {**CHILDREN, "H": ("D4",)},
        programme=["D1", "D2", "D3", "D4"],
        title=["Garden 1", "Garden 2", "Garden 3", "Garden 4"],
        **{"programme.adapted": [False, False, False, True]},
    )
    frozen = frozen_of(queues_, {"D1": 2, "D2": 1, "D3": 1}, {"D3": ("G",)})
    assert list(waiting_rows(frozen, run(frozen), queues_)) == [
        ("application", "age_category", "wishes", "reason"),
        ("B", "", "Garden 1; Garden 3", "no_places"),
        ("E", "", "Garden 1; Garden 2", "no_places"),
        ("F", "", "Garden 2", "no_places"),
        ("H", "", "", "in_no_queue"),
    ]


def test_the_reserve_of_a_camp_is_who_was_refused_there_in_order() -> None:
    """Who has a dearer place is on no reserve; everybody else refused there is, at places of the reserve's own."""
    june = Programme("June", "", "main", 1, ("a", "b", "c", "d"))
    july = Programme("July", "", "main", 1, ("d", "c", "a"))
    frozen = market([july, june], {"a": ["June", "July"], "b": ["June"], "c": ["July", "June"], "d": ["July", "June"]})
    assert list(camp_rows(frozen, run(frozen)))[1:] == [
        ("July", "main", "1", "d", "general"),
        ("July", "reserve", "1", "c", ""),
        ("June", "main", "1", "a", "general"),
        ("June", "reserve", "1", "b", ""),
        ("June", "reserve", "2", "c", ""),
    ]


def test_the_list_of_an_order_stands_in_the_order_of_the_programme() -> None:
    """C, who has a right, stands before A; those offered a place beyond their wishes come last."""
    found, frozen = worked_example()
    outcome = run(frozen)
    assert list(order_rows(frozen, outcome, found, "en"))[1:4] == [
        ("D1", "1", "C", "Right of first turn", "general"),
        ("D1", "2", "A", NO_RIGHT, "general"),
        ("D2", "1", "D", "Right out of turn", "general"),
    ]
    beyond = attrs.evolve(frozen.programmes[1], declared=2, others=("B",))
    frozen = attrs.evolve(frozen, programmes=(frozen.programmes[0], beyond, frozen.programmes[2]))
    outcome = attrs.evolve(outcome, placed={**outcome.placed, "B": Placed("B", "D2", 3, "others", "others")})
    assert list(order_rows(frozen, outcome, found))[3:5] == [
        ("D2", "1", "D", "Внеочередное право", "general"),
        ("D2", "2", "B", NO_RIGHT, "others"),
    ]


def test_the_rating_of_a_college_tells_rights_grades_originals_and_dearer_places() -> None:
    """Whoever is placed at a dearer wish stays in the list, marked; whoever has a first right is before all grades."""
    college = load_rules(ROOT / "rules" / "region-74" / "college.yaml")
    tables = build_tables(
        college.vocabulary,
        {
            "application": ["1", "1", "2", "3"],
            "programme": ["cooks", "welders", "welders", "welders"],
            "wish": [1, 2, 1, 1],
        },
        {
            "application": ["1", "2", "3"],
            "application.number": ["1", "2", "3"],
            "application.submitted_at": ["2026-07-01"] * 3,
            "grade.average": ["4.90", "3.50", "4.10"],
            "certificate.original": ["yes", "yes", "no"],
        },
        {"application": ["2"], "category": ["hero"], "from": [""], "to": [""], "confirmed": ["yes"]},
    )
    found = order(tables, college, date(2026, 8, 16))
    frozen = frozen_of(found, {"cooks": 1, "welders": 1}, {})
    header, *rows = rating_rows(frozen, run(frozen), found)
    assert header == (
        "programme", "place", "application", "first_right", "average", "original", "placed_at_dearer_wish", "admitted",
    )  # fmt: skip
    assert rows == [
        ("cooks", "1", "1", "нет", "4.9000", "да", "нет", "да"),
        ("welders", "1", "2", "да", "3.5000", "да", "нет", "да"),
        ("welders", "2", "1", "нет", "4.9000", "да", "да", "нет"),
        ("welders", "3", "3", "нет", "4.1000", "нет", "нет", "нет"),
    ]


def test_a_rating_by_rules_without_groups_has_no_first_right() -> None:
    """There is nothing to be first by; what is not known stays empty."""
    found = queues(town(2, grade__average=["4.75", ""]), rules(by("highest", "grade.average")))
    frozen = attrs.evolve(frozen_of(found, {"p": 0}, {}), applicants=(Applicant("1", ("p",)), Applicant("2", ("p",))))
    assert list(rating_rows(frozen, run(frozen), found, "en"))[1:] == [
        ("p", "1", "1", "no", "4.75", "", "no", "no"),
        ("p", "2", "2", "no", "", "", "no", "no"),
    ]


def test_a_preference_that_is_a_step_of_its_own_is_told_by_the_title_of_the_step() -> None:
    """The rules of colleges have no group for it: other things being equal, whoever has it is first."""
    college = load_rules(ROOT / "rules" / "region-74" / "college.yaml")
    people = {"application.submitted_at": ["2026-07-01"] * 2, "grade.average": ["4.10", "4.10"]}
    wishes = {"application": ["1", "2"], "programme": ["cooks", "cooks"], **people}
    papers = {"application": ["2"], "category": ["preferential_71_7"], "from": [""], "to": [""], "confirmed": ["yes"]}
    found = order(build_tables(college.vocabulary, wishes, None, papers), college, date(2026, 8, 16))
    frozen = frozen_of(found, {"cooks": 2}, {})
    assert [row[2:4] for row in order_rows(frozen, run(frozen), found, "en")][1:] == [
        ("2", "preference, other things being equal"),
        ("1", NO_RIGHT),
    ]
