"""Standings and refusals as families and officers read them, in Russian and in English."""

from __future__ import annotations

import pytest
from tests.queue_engine.small_town import (
    DAY,
    VOCABULARY,
    by,
    ground,
    groups,
    papers,
    queues,
    reserve,
    rules,
    town,
    yes_first,
)

from queue_engine import Queue, build_tables, order, refusal_lines, standing, standing_for_officer, standing_for_parent
from queue_engine.facts import Title
from queue_engine.rules.model import LegalBasis
from queue_engine.wording import Voice

RIGHT = groups("right", first=[ground("orphan", sensitive=True)], second=[ground("large_family")])


def _queue(count: int, *owners: str) -> Queue:
    return queues(town(count, papers(*owners)), rules(RIGHT))["p"]


def test_a_family_reads_its_place_and_the_reasons() -> None:
    """Place, those ahead under labels that enough share, the nearest, what counts, and the rules."""
    place = standing(_queue(4, "4 large_family"), "3")
    assert standing_for_parent(place, "ru", 1) == [
        "Очередь «p» на 15 апреля 2026\xa0г.: у заявления 3 4-е место из 4.",
        "Впереди 3 заявления:",
        "2 заявления — «меньший номер»;",
        "1 заявление — «large_family по-русски» (act large_family).",
        "Ближайшее впереди заявление стоит раньше по правилу «меньший номер».",
        "Что учтено у этого заявления:",
        "– right по-русски: others по-русски",
        "– номер: 3",
        "Правила: «small по-русски» (Порядок № 236); порядок правил: right по-русски → меньший номер.",
    ]
    assert standing_for_parent(place, "en", 1) == [
        "Queue “p” on 15 April 2026: application 3 has place 4 of 4.",
        "3 applications are ahead:",
        "2 applications — “smaller number”;",
        "1 application — “large_family in English” (act large_family).",
        "The nearest application ahead stands there by the rule “smaller number”.",
        "What counts for this application:",
        "– right in English: others in English",
        "– number: 3",
        "Rules: “small in English” (Порядок № 236); the order of the rules: right in English → smaller number.",
    ]


def test_the_first_reads_that_nobody_is_ahead() -> None:
    """At the head there is no nearest."""
    lines = standing_for_parent(standing(_queue(2), "1"), "ru")
    assert lines[0] == "Очередь «p» на 15 апреля 2026\xa0г.: у заявления 1 1-е место из 2."
    assert lines[1] == "Впереди никого нет."
    assert lines[2] == "Что учтено у этого заявления:"


def test_what_few_share_is_told_as_the_rules_of_admission() -> None:
    """Neither the label nor the rule that decides against the nearest betrays one family."""
    lines = standing_for_parent(standing(_queue(3, "3 orphan"), "1"), "ru", 5)
    assert lines[1:4] == [
        "Впереди 1 заявление:",
        "1 заявление — «правила приёма».",
        "Ближайшее впереди заявление стоит раньше по правилам приёма.",
    ]
    lines = standing_for_parent(standing(_queue(3, "3 orphan"), "1"), "en", 5)
    assert lines[3] == "The nearest application ahead stands there by the rules of admission."


def test_a_family_reads_its_own_ground_unless_it_is_sensitive() -> None:
    """A letter may lie open on a table: a sensitive ground is told as its group even to those who hold it."""
    queue = _queue(2, "1 large_family", "2 orphan")
    assert "– right по-русски: second по-русски — large_family по-русски (act large_family)" in standing_for_parent(
        standing(queue, "1"), "ru"
    )
    assert "– right по-русски: first по-русски" in standing_for_parent(standing(queue, "2"), "ru")


def test_no_other_application_is_named_to_a_family() -> None:
    """Numbers of others appear in the officer's sheet only."""
    wishes = {"application": ["7001", "7002", "7003"], "programme": ["p"] * 3}
    queue = order(build_tables(VOCABULARY, wishes), rules(RIGHT), DAY)["p"]
    for lang in ("ru", "en"):
        told = "\n".join(standing_for_parent(standing(queue, "7003"), lang, 1))
        assert "7001" not in told
        assert "7002" not in told
        assert "7002" in "\n".join(standing_for_officer(standing(queue, "7003"), lang))


def test_an_officer_reads_exact_numbers_that_add_up() -> None:
    """A line for each step and group with a running sum, the nearest application, and the closing check."""
    queue = _queue(4, "4 large_family", "2 orphan")
    assert standing_for_officer(standing(queue, "3"), "ru") == [
        "Очередь «p» на 15 апреля 2026\xa0г.: у заявления 3 4-е место из 4.",
        "+1 = 1  right  «right по-русски»: first по-русски (273-ФЗ)",
        "+1 = 2  right  «right по-русски»: second по-русски (273-ФЗ)",
        "+1 = 3  number  «меньший номер»",
        "Непосредственно впереди: заявление 1; решает правило «меньший номер».",
        "Что учтено у этого заявления:",
        "– right по-русски: others по-русски",
        "– номер: 3",
        "Проверка: впереди 3 + 1 = место 4.",
        "Правила: «small по-русски» (Порядок № 236); порядок правил: right по-русски → меньший номер.",
    ]
    first = standing_for_officer(standing(queue, "2"), "en")
    assert first[1] == "What counts for this application:"
    assert "Check: 0 ahead + 1 = place 1." in first


def test_yes_no_values_and_what_is_not_known_are_said_in_words() -> None:
    """A `yes_first` step says yes or no; a number is written; an unknown one is said to be unknown."""
    rule_set = rules(yes_first("sibling", "sibling.attends"), by("highest", "grade.average"))
    wishes = {"application": ["1", "2"], "programme": ["p", "p"], "sibling.attends": ["", "yes"]}
    queue = queues(town(2, entries=wishes, grade__average=["4.5", ""]), rule_set)["p"]
    told = standing_for_parent(standing(queue, "1"), "ru", 1)
    assert told[2] == "1 заявление — «sibling по-русски»."
    assert told[5:7] == ["– sibling по-русски: нет", "– средний балл: 4.50"]
    told = standing_for_parent(standing(queue, "2"), "ru", 1)
    assert told[3:5] == ["– sibling по-русски: да", "– средний балл: нет сведений"]
    officer = standing_for_officer(standing(queue, "1"), "en")
    assert officer[1] == "+1 = 1  sibling  “sibling in English”: yes"


def test_a_reserve_that_decides_is_named() -> None:
    """Its title stands where the title of a step would."""
    moving = reserve("one_in", 2, "confirmed(category.orphan)", "quota")
    queue = queues(town(3, papers("3 orphan")), rules(reserves=[moving]))["p"]
    told = standing_for_parent(standing(queue, "1"), "ru", 1)
    assert told[2:4] == [
        "1 заявление — «quota по-русски».",
        "Ближайшее впереди заявление стоит раньше по правилу «quota по-русски».",
    ]
    assert "+1 = 1  quota  «quota по-русски»" in standing_for_officer(standing(queue, "1"), "ru")


def test_a_refusal_gives_every_reason() -> None:
    """Why not in the programme's queue and why not in the general one, each with its title and acts."""
    offered = {"programme": ["p"], "title": ["Группа «Солнышко»"], "takes": ["sibling.attends"]}
    rule_set = rules(by("earliest", "child.birth_date"), eligible=[ground("orphan")])
    found = queues(town(1, programmes=offered, child__birth_date=[""]), rule_set)
    programme, general = found.not_in_queue("1")
    assert refusal_lines(programme, found, "ru") == [
        "Заявление 1 не стоит в очереди «Группа «Солнышко»»:",
        "– ни одна группа здесь не подходит по возрасту, направленности или согласиям;",
        "– нет сведений: «дата рождения»;",
        "– не выполнено условие «orphan по-русски» (act orphan).",
    ]
    assert refusal_lines(general, found, "en") == [
        "Application 1 is not in the queue “the municipality's general queue”:",
        "– it is not known: “date of birth”;",
        "– the condition “orphan in English” does not hold (act orphan).",
    ]


def test_a_wish_in_vain_is_refused_by_its_organisation() -> None:
    """An organisation has no queue, so it is called as the wish called it."""
    wishes = {"application": ["1"], "organisation": ["Сад № 5"]}
    offered = {"programme": ["p"], "organisation": ["Сад № 5"], "takes": ["sibling.attends"]}
    found = queues(town(1, entries=wishes, programmes=offered), rules())
    (refusal,) = found.not_in_queue("1")
    assert refusal_lines(refusal, found, "ru")[0] == "Заявление 1 не стоит в очереди «Сад № 5»:"


@pytest.mark.parametrize(
    ("number", "ru", "en"),
    [
        (1, "Впереди 1 заявление:", "1 application is ahead:"),
        (2, "Впереди 2 заявления:", "2 applications are ahead:"),
        (4, "Впереди 4 заявления:", "4 applications are ahead:"),
        (5, "Впереди 5 заявлений:", "5 applications are ahead:"),
        (11, "Впереди 11 заявлений:", "11 applications are ahead:"),
        (12, "Впереди 12 заявлений:", "12 applications are ahead:"),
        (21, "Впереди 21 заявление:", "21 applications are ahead:"),
        (22, "Впереди 22 заявления:", "22 applications are ahead:"),
        (101, "Впереди 101 заявление:", "101 applications are ahead:"),
        (111, "Впереди 111 заявлений:", "111 applications are ahead:"),
    ],
)
def test_every_number_takes_its_plural_form(number: int, ru: str, en: str) -> None:
    """Russian has three forms; 11 to 14 are not 1 to 4."""
    for lang, expected in (("ru", ru), ("en", en)):
        told = Voice(lang).plural("{n} application is ahead:", "{n} applications are ahead:", number)
        assert told == expected


def test_titles_and_acts_are_set_as_the_language_wants() -> None:
    """Angle quotation marks in Russian, curved ones in English; acts in brackets, none without acts."""
    title = Title("право", "right")
    assert (Voice("ru").title(title), Voice("en").title(title)) == ("«право»", "“right”")
    acts = (LegalBasis("273-ФЗ", "ч. 1 ст. 67"), LegalBasis("76-ФЗ"))
    assert Voice("ru").bases(acts) == " (273-ФЗ, ч. 1 ст. 67; 76-ФЗ)"
    assert Voice("ru").bases(()) == ""


def test_a_language_that_is_not_there_is_refused() -> None:
    """The two languages are named."""
    with pytest.raises(ValueError, match="choose one of ru, en"):
        standing_for_parent(standing(_queue(1), "1"), "de")
