"""Refusals as families and officers read them, in Russian and in English."""

from __future__ import annotations

import attrs
import pytest
from tests.queue_engine.rounds.small_rounds import CHILDREN, frozen_of, market, three_kindergartens, worked_example
from tests.queue_engine.small_town import VOCABULARY, by, ground, groups, papers, queues, reserve, rules, town

from queue_engine import Queues, build_tables
from queue_engine.explanation import SMALLEST_SHARED
from queue_engine.rounds.model import Frozen, Programme, SeatReserve
from queue_engine.rounds.refusals import Refusal, why_not
from queue_engine.rounds.round_wording import MOST_NAMED, refusal_for_officer, refusal_for_parent
from queue_engine.rounds.running import run

RIGHT = groups("right", first=[ground("orphan", sensitive=True)], second=[ground("large_family")])


def _first(frozen: Frozen, queues_: Queues, application: str) -> Refusal:
    return why_not(frozen, run(frozen), queues_, application)[0]


def test_b_of_the_worked_example_is_told_the_rule_and_its_own_data() -> None:
    """How many were placed, the rule by which the last of them was ahead, what B has by it, and what is free."""
    found, frozen = worked_example()
    refusal = _first(frozen, found, "B")
    assert refusal_for_parent(refusal, found, "ru") == [
        "Желание 1, «D1»: заявление B стояло на 5-м месте из 6.",
        (
            "На места в «D1» направлены 2 ребёнка; последний из них впереди по правилу"
            " «адрес на закреплённой территории» (273-ФЗ, ч. 3 ст. 67)."
        ),
        "У вашего заявления по этому правилу: нет.",
        "После распределения свободных мест нет.",
    ]
    assert refusal_for_parent(refusal, found, "en")[1:3] == [
        (
            "2 children were given places at “D1”; the last of them was ahead by the rule"
            " “address in the assigned territory” (273-ФЗ, ч. 3 ст. 67)."
        ),
        "By this rule your application has: no.",
    ]


def test_an_officer_reads_the_cut_off_and_both_keys() -> None:
    """The number of the last one placed, every step of both keys, and a mark where they first differ."""
    found, frozen = worked_example()
    assert refusal_for_officer(_first(frozen, found, "B"), found, "ru") == [
        "Желание 1, «D1»: заявление B стояло на 5-м месте из 6.",
        "Мест 2, направлено 2, из них сохранено при переводе 0; оставлено свободными для группы 0.",
        "Последним направлено заявление A, 3-е место.",
        "Решает: territory «адрес на закреплённой территории» (273-ФЗ, ч. 3 ст. 67).",
        "held  ребёнок уже занимает место в этом детском саду: нет | нет",
        "right  право на место: На общих основаниях | На общих основаниях",
        "*territory  адрес на закреплённой территории: нет | да",
        "sibling  брат или сестра уже в этом детском саду: На общих основаниях | На общих основаниях",
        "submitted  заявление подано раньше: 2024-01-09 00:00:00 | 2024-01-10 00:00:00",
        "number  меньший номер заявления: 2 | 1",
    ]
    assert refusal_for_officer(_first(frozen, found, "G"), found, "en")[2:4] == [
        "Cut-off: application A at place 3.",
        "Decided by: territory “address in the assigned territory” (273-ФЗ, ч. 3 ст. 67).",
    ]


@pytest.mark.parametrize("sharing", [SMALLEST_SHARED - 1, SMALLEST_SHARED])
def test_the_group_of_another_child_is_named_only_where_enough_share_it(sharing: int) -> None:
    """Four of a group would be too few to hide among; the title of the rule may always be told."""
    owners = [f"{number} large_family" for number in range(1, sharing + 1)]
    found = queues(town(9, papers(*owners)), rules(RIGHT))
    told = refusal_for_parent(_first(frozen_of(found, {"p": sharing}, {}), found, "9"), found, "ru")
    detail = ": second по-русски." if sharing >= SMALLEST_SHARED else "."
    assert told[1].endswith(f"последний из них впереди по правилу «right по-русски» (273-ФЗ){detail}")


def test_nothing_of_another_child_stands_in_what_a_family_reads() -> None:
    """No number and no ground of anybody else, even where K is one; the officer reads both."""
    wishes = {"application": ["7001", "7002", "7003"], "programme": ["p"] * 3}
    found = queues(build_tables(VOCABULARY, wishes, None, papers("7002 orphan")), rules(RIGHT))
    refusal = _first(frozen_of(found, {"p": 1}, {}), found, "7003")
    for lang in ("ru", "en"):
        told = "\n".join(refusal_for_parent(refusal, found, lang, smallest=1))
        assert not [name for name in ("7001", "7002", "orphan") if name in told]
        exact = "\n".join(refusal_for_officer(refusal, found, lang))
        assert "7002" in exact
        assert "orphan" in exact


def test_what_another_child_is_ordered_by_is_never_told() -> None:
    """The rule is an average grade: the family reads its own, and not that of the last one placed."""
    tables = town(2, grade__average=["4.75", "3.50"])
    found = queues(tables, rules(by("highest", "grade.average")))
    refusal = _first(frozen_of(found, {"p": 1}, {}), found, "2")
    assert refusal_for_parent(refusal, found, "ru", 1)[1:3] == [
        "На место в «p» направлен 1 ребёнок, последний из направленных впереди по правилу «highest по-русски».",
        "У вашего заявления по этому правилу: 3.50.",
    ]
    assert "highest  highest in English: 3.50 | 4.75" in refusal_for_officer(refusal, found, "en")[-2]


def test_who_is_not_known_to_have_what_the_rule_asks_reads_so() -> None:
    """An average nobody gave is told as not known."""
    found = queues(town(2, grade__average=["4.75", ""]), rules(by("highest", "grade.average")))
    told = refusal_for_parent(_first(frozen_of(found, {"p": 1}, {}), found, "2"), found, "en", 1)
    assert told[2] == "By this rule your application has: not known."


BIG = reserve("seats", 1, "confirmed(category.large_family)", "big")


def _seats_of_a_group(seats: int, entitled: tuple[str, ...], unused: str) -> tuple[Refusal, Queues]:
    """Return the refusal of 2 at a programme that sets a seat aside for somebody."""
    found = queues(town(3), attrs.evolve(rules(), reserves=(BIG,)))
    garden = Programme(
        "p", "", "main", seats, ("1", "2", "3"), reserves=(SeatReserve("big", entitled, 1, unused=unused),)
    )
    return _first(market([garden], {name: ["p"] for name in "123"}), found, "2"), found


def test_seats_set_aside_are_told_by_the_title_of_the_rule() -> None:
    """Somebody behind got one, or one stays empty: no word of who."""
    refusal, found = _seats_of_a_group(2, ("3",), "general")
    assert refusal_for_parent(refusal, found, "ru")[1:3] == [
        "На места в «p» направлены 2 ребёнка.",
        "Часть мест там выделена: «big по-русски». Их в первую очередь получили те, для кого они выделены.",
    ]
    assert "Decided by: big “big in English”." in refusal_for_officer(refusal, found, "en")
    assert "Compared with application 1." in refusal_for_officer(refusal, found, "en")
    refusal, found = _seats_of_a_group(2, (), "keep")
    assert refusal_for_parent(refusal, found, "ru")[1:3] == [
        "На место в «p» направлен 1 ребёнок.",
        "1 место там остаётся свободным, так как выделено: «big по-русски».",
    ]
    refusal, found = _seats_of_a_group(1, (), "keep")
    assert refusal_for_parent(refusal, found, "en")[1:] == [
        "1 place there stays empty, since it is set aside: “big in English”.",
        "After the round no programme has a free place.",
    ]


def test_without_queues_of_its_steps_a_round_tells_that_the_order_decided() -> None:
    """The step is not known, the order is."""
    found, frozen = worked_example()
    refusal = why_not(frozen, run(frozen), None, "B")[0]
    assert refusal_for_parent(refusal, found, "ru")[1] == (
        "На места в «D1» направлены 2 ребёнка; последний из них впереди в общем порядке."
    )
    assert "Решает: общий порядок." in refusal_for_officer(refusal, found, "ru")


@pytest.mark.parametrize(
    ("cause", "told", "decided"),
    [
        ("held", "Все места там уже заняты теми, кто их посещает.", "места, сохранённые при переводе"),
        ("no_seats", "В «D1» в этом распределении мест не было.", "мест нет"),
        (
            "earlier_pass",
            "Места в «D1» распределялись позже; к тому времени у ребёнка уже было место.",
            "место, полученное раньше в этом распределении",
        ),
        (
            "together",
            (
                "Детей, которых просили направить вместе, нельзя было всех направить в «D1»,"
                " поэтому туда не направлен никто из них."
            ),
            "дети, которых направляют вместе",
        ),
        (
            "equals",
            "В «D1» не хватило мест на всех равных по правилам: не направлены ни они, ни те, кто стоит за ними.",
            "на всех равных мест не хватает",
        ),
    ],
)
def test_every_other_cause_has_a_sentence_of_its_own(cause: str, told: str, decided: str) -> None:
    """Transfers, no seats, an earlier pass, those who go together, equals: said without numbers of others."""
    found, frozen = worked_example()
    refusal = attrs.evolve(_first(frozen, found, "B"), cause=cause)
    assert refusal_for_parent(refusal, found, "ru")[1:] == [told, "После распределения свободных мест нет."]
    assert f"Решает: {decided}." in refusal_for_officer(refusal, found, "ru")
    assert refusal_for_parent(refusal, found, "en")[1] != told


def test_free_places_are_told_with_the_programmes_that_have_most() -> None:
    """Five programmes by name at most, and whether they take the child is known or to be asked."""
    names = [f"E{number}" for number in range(MOST_NAMED + 2)]
    found = three_kindergartens({**CHILDREN, **{f"x{name}": (name,) for name in names}})
    seats = {name: number + 2 for number, name in enumerate(names)}
    frozen = frozen_of(found, {"D1": 2, "D2": 1, "D3": 1, **seats}, {"D3": ("G",)})
    refusal = _first(frozen, found, "B")
    assert refusal_for_parent(refusal, found, "ru")[-1] == (
        "После распределения свободно 28 мест: «E6», «E5», «E4», «E3», «E2» и другие."
        " Примут ли ребёнка в эти группы, уточните на месте."
    )
    known = attrs.evolve(refusal, takes_known=True, free=refusal.free[:1])
    assert refusal_for_parent(known, found, "ru")[-1] == (
        "После распределения там, где ребёнка могут принять, свободно 1 место: «E0»."
    )
    none = attrs.evolve(refusal, takes_known=True, free=())
    assert refusal_for_parent(none, found, "en")[-1] == (
        "After the round no programme that takes the child has a free place."
    )
    assert refusal_for_officer(known, found, "en")[-1] == "Free places: “E0” 1."
