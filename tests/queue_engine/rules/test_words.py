"""Conditions become sentences of titles, in both languages, with brackets only where a reader needs them."""

from __future__ import annotations

import pytest

from queue_engine.errors import Place
from queue_engine.facts import Category, Fact, FactType, NamedDate, Title, Vocabulary, parse_date
from queue_engine.rules.conditions import ALWAYS, NEVER, All, AnyOf, Compare, Condition, Holds, Not, Term
from queue_engine.rules.model import NamedTerm
from queue_engine.rules.parsing import parse_condition
from queue_engine.rules.words import calendar_day, duration, in_words

FACTS = [
    Fact(
        "sibling",
        FactType.YES_NO,
        Title("брат или сестра уже здесь", "a brother or sister attends here"),
    ),
    Fact("territory", FactType.YES_NO, Title("адрес на закреплённой территории", "the address is in the territory")),
    Fact("child.birth_date", FactType.DATE, Title("дата рождения ребёнка", "child's date of birth")),
    Fact("submitted_on", FactType.DATE, Title("день подачи заявления", "day the application was made")),
    Fact("submitted_at", FactType.INSTANT, Title("время подачи заявления", "time the application was made")),
    Fact("vouchers", FactType.NUMBER, Title("путёвок в этом году", "vouchers this year")),
    Fact("average", FactType.DECIMAL, Title("средний балл", "average grade"), digits=4),
    Fact(
        "orientation",
        FactType.CHOICE,
        Title("направленность группы", "orientation of the group"),
        choices={
            "general": Title("общеразвивающая", "general"),
            "health": Title("оздоровительная", "health-improving"),
        },
    ),
    Fact("language", FactType.CHOICE, Title("язык", "language")),
]
CATEGORIES = [
    Category("military", Title("ребёнок военнослужащего", "serviceman's child")),
    Category("police", Title("ребёнок полицейского", "police officer's child")),
    Category("mayak", Title("семья с ПО «Маяк»", "family of “Mayak”")),
]
DATES = [
    NamedDate("today", Title("день очереди", "day of queue")),
    NamedDate("study_start", Title("начало учёбы", "start of study")),
    NamedDate("second_phase", Title("начало второго этапа", "start of the second phase")),
]
VOCABULARY = Vocabulary(
    {fact.name: fact for fact in FACTS},
    {category.name: category for category in CATEGORIES},
    {named.name: named for named in DATES},
)


def condition(text: str, terms: tuple[str, ...] = ()) -> Condition:
    """Return the condition a text says."""
    made = parse_condition(text, VOCABULARY, terms, lambda *problem: pytest.fail(str(problem)), terms)
    assert made is not None
    return made


def said(text: str, lang: str) -> str:
    """Return the words of a condition's text, with plain spaces."""
    return in_words(condition(text), VOCABULARY, lang).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("text", "ru", "en"),
    [
        ("sibling", "брат или сестра уже здесь", "a brother or sister attends here"),
        (
            "not territory",
            "нет признака «адрес на закреплённой территории»",
            "“the address is in the territory” does not hold",
        ),
        ("known(average)", "«средний балл»: известно", "“average grade”: known"),
        ("not known(average)", "«средний балл»: не известно", "“average grade”: not known"),
        ("vouchers == 0", "путёвок в этом году: ровно 0", "vouchers this year: exactly 0"),
        ("vouchers != 1", "путёвок в этом году: не 1", "vouchers this year: not 1"),
        ("vouchers < 2", "путёвок в этом году: меньше 2", "vouchers this year: under 2"),
        ("vouchers <= 2", "путёвок в этом году: не больше 2", "vouchers this year: at most 2"),
        ("vouchers > 2", "путёвок в этом году: больше 2", "vouchers this year: over 2"),
        ("average >= 4.50", "средний балл: не меньше 4,5", "average grade: at least 4.5"),
        ("average >= 4.00", "средний балл: не меньше 4", "average grade: at least 4"),
        ("vouchers in (1, 3)", "путёвок в этом году: одно из 1, 3", "vouchers this year: one of 1, 3"),
        ("orientation == 'general'", "направленность группы: «общеразвивающая»", "orientation of the group: “general”"),
        (
            "orientation != 'health'",
            "направленность группы: не «оздоровительная»",
            "orientation of the group: not “health-improving”",
        ),
        ("language in ('ru', 'tt')", "язык: одно из «ru», «tt»", "language: one of “ru”, “tt”"),
    ],
)
def test_a_fact_is_read_by_its_title(text: str, ru: str, en: str) -> None:
    """Values stand beside the title, so that no title has to be declined."""
    assert said(text, "ru") == ru
    assert said(text, "en") == en


@pytest.mark.parametrize(
    ("text", "ru", "en"),
    [
        (
            "submitted_on < second_phase",
            "день подачи заявления раньше даты «начало второго этапа»",
            "day the application was made is before the date “start of the second phase”",
        ),
        (
            "submitted_on <= 2026-09-01",
            "день подачи заявления не позже 1 сентября 2026 г.",
            "day the application was made is not after 1 September 2026",
        ),
        (
            "submitted_on > 2026-05-03",
            "день подачи заявления позже 3 мая 2026 г.",
            "day the application was made is after 3 May 2026",
        ),
        (
            "submitted_on >= today",
            "день подачи заявления не раньше даты «день очереди»",
            "day the application was made is not before the date “day of queue”",
        ),
        (
            "submitted_on == study_start",
            "день подачи заявления — дата «начало учёбы»",
            "day the application was made is the date “start of study”",
        ),
        (
            "submitted_on != 2026-09-01",
            "день подачи заявления — не 1 сентября 2026 г.",
            "day the application was made is not 1 September 2026",
        ),
        (
            "submitted_on in (2026-04-01, 2026-07-06)",
            "день подачи заявления: одно из 1 апреля 2026 г., 6 июля 2026 г.",
            "day the application was made: one of 1 April 2026, 6 July 2026",
        ),
        (
            "today < second_phase",
            "дата «день очереди» раньше даты «начало второго этапа»",
            "the date “day of queue” is before the date “start of the second phase”",
        ),
        (
            "today >= 2026-03-01",
            "дата «день очереди» не раньше 1 марта 2026 г.",
            "the date “day of queue” is not before 1 March 2026",
        ),
    ],
)
def test_days_are_read_as_dates(text: str, ru: str, en: str) -> None:
    """Days of the calendar are written out, named ones keep their title in quotes."""
    assert said(text, "ru") == ru
    assert said(text, "en") == en


@pytest.mark.parametrize(
    ("text", "ru", "en"),
    [
        (
            "age(on study_start) >= 6y6m",
            "возраст на дату «начало учёбы» от 6 лет 6 месяцев",
            "the age on the date “start of study” is at least 6 years 6 months",
        ),
        (
            "age(on 2026-09-01) < 8y",
            "возраст на 1 сентября 2026 г. меньше 8 лет",
            "the age on 1 September 2026 is under 8 years",
        ),
        (
            "age(on 2026-09-01) <= 1y",
            "возраст на 1 сентября 2026 г. не больше 1 года",
            "the age on 1 September 2026 is at most 1 year",
        ),
        (
            "age(on 2026-09-01) > 21m",
            "возраст на 1 сентября 2026 г. больше 1 года 9 месяцев",
            "the age on 1 September 2026 is over 1 year 9 months",
        ),
        (
            "age(on 2026-09-01) >= 2m and age(on 2026-09-01) < 8y",
            "возраст на 1 сентября 2026 г. от 2 месяцев, но меньше 8 лет",
            "the age on 1 September 2026 is at least 2 months but under 8 years",
        ),
        (
            "sibling or age(on 2026-09-01) >= 2m and age(on 2026-09-01) < 8y",
            "брат или сестра уже здесь или (возраст на 1 сентября 2026 г. от 2 месяцев, но меньше 8 лет)",
            "a brother or sister attends here or (the age on 1 September 2026 is at least 2 months but under 8 years)",
        ),
        (
            "age(on today) >= 2m and age(on 2026-09-01) < 8y",
            "возраст на дату «день очереди» от 2 месяцев и возраст на 1 сентября 2026 г. меньше 8 лет",
            "the age on the date “day of queue” is at least 2 months and the age on 1 September 2026 is under 8 years",
        ),
    ],
)
def test_ages_have_durations_in_the_genitive(text: str, ru: str, en: str) -> None:
    """The two ends of one age are said together; ages on different days are not."""
    assert said(text, "ru") == ru
    assert said(text, "en") == en


@pytest.mark.parametrize(
    ("text", "ru", "en"),
    [
        (
            "confirmed(category.police)",
            "есть подтверждённый документ «ребёнок полицейского»",
            "there is a confirmed document “police officer's child”",
        ),
        (
            "not confirmed(category.police)",
            "нет подтверждённого документа «ребёнок полицейского»",
            "there is no confirmed document “police officer's child”",
        ),
        (
            "confirmed(category.mayak)",
            "есть подтверждённый документ «семья с ПО „Маяк“»",
            "there is a confirmed document “family of ‘Mayak’”",
        ),
        (
            "confirmed(category.police on study_start)",
            "есть подтверждённый документ «ребёнок полицейского» на дату «начало учёбы»",
            "there is a confirmed document “police officer's child” on the date “start of study”",
        ),
        (
            "confirmed(category.military) or confirmed(category.police) or confirmed(category.mayak)",
            "есть подтверждённый документ «ребёнок военнослужащего», «ребёнок полицейского» или «семья с ПО „Маяк“»",
            "there is a confirmed document “serviceman's child”, “police officer's child” or “family of ‘Mayak’”",
        ),
        (
            "confirmed(category.mayak) or confirmed(category.police on 2026-09-01)",
            (
                "есть подтверждённый документ «семья с ПО „Маяк“» или "
                "есть подтверждённый документ «ребёнок полицейского» на 1 сентября 2026 г."
            ),
            (
                "there is a confirmed document “family of ‘Mayak’” or "
                "there is a confirmed document “police officer's child” on 1 September 2026"
            ),
        ),
    ],
)
def test_a_right_is_read_as_its_document(text: str, ru: str, en: str) -> None:
    """Documents of one day are listed together, those of other days apart."""
    assert said(text, "ru") == ru
    assert said(text, "en") == en


@pytest.mark.parametrize(
    ("text", "en"),
    [
        ("vouchers == 0 and vouchers == 1 and vouchers == 2", "A0 and A1 and A2"),
        ("vouchers == 0 and (vouchers == 1 and vouchers == 2)", "A0 and A1 and A2"),
        ("vouchers == 0 or (vouchers == 1 or vouchers == 2)", "A0 or A1 or A2"),
        ("vouchers == 0 and (vouchers == 1 or vouchers == 2)", "A0 and (A1 or A2)"),
        ("vouchers == 0 and vouchers == 1 or vouchers == 2", "(A0 and A1) or A2"),
        ("not (vouchers == 0)", "it is not true that A0"),
        ("not (vouchers == 0 and vouchers == 1)", "it is not true that (A0 and A1)"),
        ("not not (vouchers == 0 or vouchers == 1) and vouchers == 2", "(A0 or A1) and A2"),
        ("not (not (vouchers == 0))", "A0"),
    ],
)
def test_brackets_stand_only_where_and_meets_or(text: str, en: str) -> None:
    """Nobody has to know whether "and" binds more than "or", and equal joints need no brackets."""
    short = said(text, "en").replace("vouchers this year: exactly ", "A")
    assert short == en


def test_a_bracketed_list_of_documents_keeps_its_brackets() -> None:
    """A list of documents joined by "or" is one part of an "and"."""
    words = said("territory and (confirmed(category.military) or confirmed(category.police))", "en")
    expected = "(there is a confirmed document “serviceman's child” or “police officer's child”)"
    assert words == f"the address is in the territory and {expected}"


def test_terms_are_written_out_in_place() -> None:
    """A term joined by "and" inside an "and" needs no brackets, its opposite is said as one thing."""
    title, place = Title("рано", "early"), Place("")
    early = NamedTerm("early", title, condition("submitted_on < second_phase"), (), place)
    both = NamedTerm("both", title, condition("early and territory", ("early",)), (), place)
    terms = {"early": early, "both": both}
    first = "day the application was made is before the date “start of the second phase”"
    assert in_words(All((Term("both"), Holds("sibling"))), VOCABULARY, "en", terms) == (
        f"{first} and the address is in the territory and a brother or sister attends here"
    )
    assert in_words(Not(Term("early")), VOCABULARY, "en", terms) == f"it is not true that {first}"
    assert in_words(Term("early"), VOCABULARY, "ru") == "«early»"


def test_always_and_never_have_words() -> None:
    """Conditions with no part, and with one part, read as they are."""
    assert in_words(ALWAYS, VOCABULARY, "ru") == "всегда"
    assert in_words(NEVER, VOCABULARY, "en") == "never"
    assert in_words(Not(ALWAYS), VOCABULARY, "en") == "it is not true that always"
    assert in_words(AnyOf((All((Holds("territory"),)),)), VOCABULARY, "en") == "the address is in the territory"
    assert (
        in_words(Not(All((Holds("territory"),))), VOCABULARY, "ru") == "нет признака «адрес на закреплённой территории»"
    )


def test_a_name_without_a_title_stands_for_itself() -> None:
    """Facts and texts the vocabulary lacks are shown as written."""
    assert in_words(Holds("nobody.knows"), VOCABULARY, "ru") == "nobody.knows"
    assert in_words(Compare("nobody.knows", "<", 5), VOCABULARY, "en") == "nobody.knows: under 5"


def test_a_time_is_shown_to_the_second_unless_it_is_midnight() -> None:
    """A midnight is its day; any other time has its clock."""
    midnight = parse_date("2026-02-01") * 86_400
    assert in_words(Compare("submitted_at", "<", midnight), VOCABULARY, "en").endswith("is before 1 February 2026")
    assert in_words(Compare("submitted_at", "<", midnight + 61), VOCABULARY, "en").endswith("1 February 2026, 00:01:01")


@pytest.mark.parametrize(
    ("months", "days", "ru", "en"),
    [
        (12, 0, "1 года", "1 year"),
        (132, 0, "11 лет", "11 years"),
        (252, 0, "21 года", "21 years"),
        (1332, 0, "111 лет", "111 years"),
        (60, 0, "5 лет", "5 years"),
        (1, 1, "1 месяца 1 дня", "1 month 1 day"),
        (11, 31, "11 месяцев 31 дня", "11 months 31 days"),
        (0, 0, "0 дней", "0 days"),
    ],
)
def test_numbers_of_years_months_and_days_are_declined(months: int, days: int, ru: str, en: str) -> None:
    """One, eleven and twenty-one take the forms of Russian, one the form of English."""
    assert duration(months, days, "ru") == ru
    assert duration(months, days, "en") == en


def test_a_day_of_the_calendar_never_breaks_before_its_last_word() -> None:
    """The year and "г." stay together at the end of a line."""
    assert calendar_day(parse_date("2026-09-01"), "ru") == "1 сентября 2026\xa0г."
