"""Papers say in Russian what they were given, on numbered pages, and the same paper is the same file."""

from __future__ import annotations

import io
from datetime import date

import attrs
import pytest
from pypdf import PdfReader

from service.tables.papers import Change, Extract, Person, Protocol, ProtocolPart, ProtocolRow, Referral, Registration
from service.tables.pdf import Paper, draw_pages, long_date, write_pdf

DAY = date(2026, 6, 1)
ROWS = tuple(
    ProtocolRow(f"74-{number}", number, "первоочередное право", "направить" if number < 21 else "оставить в очереди")
    for number in range(1, 101)
)
PROTOCOL = Protocol(
    "Комитет по делам образования",
    "12/3",
    DAY,
    "Приём в детский сад",
    (
        ProtocolPart("Детский сад № 5 *#strong[x]* $a$ \\ <b>", 20, 20, ROWS),
        ProtocolPart("Детский сад № 6, әөүңҙҫғҡһ", 3, 0, ()),
    ),
    (Person("Председатель комиссии", "И. О. Первый"), Person("Секретарь", "И. О. Второй")),
    ("Направить двадцать детей.",),
    "region-74/kindergarten, ред. 3",
    "№ 10512",
)
REGISTRATION = Registration(
    "Управление образования",
    "74-7",
    DAY,
    "1 апреля 2026 г., 09:00:12",
    "Приём в детский сад",
    ("Детский сад № 5", "Детский сад № 6"),
    (("Справка о службе", "ждёт подтверждения"),),
    "1 сентября 2026 г.",
    "на портале, раздел «Моя очередь»",
)
REFERRAL = Referral(
    "Управление образования",
    "Н-12",
    DAY,
    "74-7",
    "Детский сад № 5",
    "младшая группа",
    "протокол № 12/3",
    "1 июля 2026 г.",
    Person("Начальник управления", "И. О. Третий"),
)
EXTRACT = Extract(
    "Управление образования",
    "74-7",
    DAY,
    "Детский сад № 5, младшая группа",
    14,
    60,
    (("Льгота", "нет"), ("Дата подачи", "1 апреля 2026 г.")),
    (Change("3 мая 2026 г.", "16", "14", "двое перед вами получили место"),),
)


def pages_of(paper: Paper) -> list[str]:
    """Return the text of each page, its spaces made plain."""
    reader = PdfReader(io.BytesIO(write_pdf(paper)))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


@pytest.mark.parametrize(
    ("paper", "texts"),
    [
        (
            PROTOCOL,
            [
                "Протокол № 12/3",
                "заседания комиссии от 1 июня 2026 г.",
                "Детский сад № 5 *#strong[x]* $a$ \\ <b>",
                "Свободных мест: 20",
                "74-100 100 первоочередное право оставить в очереди",
                "әөүңҙҫғҡһ",
                "Заявлений нет.",
                "Направить двадцать детей.",
                "Председатель комиссии",
                "№ 10512",
            ],
        ),
        (
            REGISTRATION,
            [
                "Уведомление о регистрации заявления",
                "Номер заявления: 74-7",
                "1 Детский сад № 5 2 Детский сад № 6",
                "Справка о службе ждёт подтверждения",
                "раздел «Моя очередь»",
            ],
        ),
        (
            REFERRAL,
            ["Направление № Н-12", "Направляется в: Детский сад № 5", "не позднее: 1 июля 2026 г.", "И. О. Третий"],
        ),
        (
            EXTRACT,
            ["Выписка о месте в очереди", "Место: 14 из 60", "Льгота нет", "3 мая 2026 г. 16 14 двое перед вами"],
        ),
    ],
    ids=["protocol", "registration", "referral", "extract"],
)
def test_a_paper_says_what_it_was_given(paper: Paper, texts: list[str]) -> None:
    """Every part is found by a reader of PDF; nothing given is read as markup."""
    found = " ".join(pages_of(paper))
    assert [text for text in texts if text not in found] == []


def test_pages_are_numbered_and_the_header_of_a_table_repeats() -> None:
    """A protocol that is taken apart can be put together again."""
    pages = pages_of(PROTOCOL)
    assert len(pages) == 3
    for number, page in enumerate(pages, 1):
        assert f"Стр. {number} из 3" in page
        assert "Протокол № 12/3" in page
    assert [page.count("Место в очереди") for page in pages[:2]] == [1, 1]


def test_the_same_paper_is_the_same_file_dated_with_its_own_day() -> None:
    """Neither the clock nor the machine is in it; another day is another file."""
    assert write_pdf(EXTRACT) == write_pdf(EXTRACT)
    assert write_pdf(EXTRACT) != write_pdf(attrs.evolve(EXTRACT, day=date(2026, 6, 2)))
    metadata = PdfReader(io.BytesIO(write_pdf(EXTRACT))).metadata
    assert metadata is not None
    assert metadata["/CreationDate"].startswith("D:20260601")
    assert metadata.title == "Выписка о месте в очереди"


def test_a_paper_is_tagged_for_screen_readers_and_says_its_language() -> None:
    """The file declares PDF/UA structure and Russian."""
    root = PdfReader(io.BytesIO(write_pdf(REFERRAL))).root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "ru"


def test_parts_that_are_not_given_leave_no_empty_headings() -> None:
    """An extract without changes says so; a notice without an address has no such section."""
    assert "Место не менялось." in pages_of(attrs.evolve(EXTRACT, changes=()))[0]
    bare = pages_of(attrs.evolve(REGISTRATION, documents=(), desired="", address=""))[0]
    assert "Документы не приложены." in bare
    assert "Желаемая дата" not in bare
    assert "Как узнать" not in bare


def test_a_paper_can_be_drawn_page_by_page() -> None:
    """One image for each page."""
    assert len(draw_pages(PROTOCOL, 30)) == len(pages_of(PROTOCOL))
    assert len(draw_pages(REFERRAL, 30)) == 1


@pytest.mark.parametrize("month", range(1, 13))
def test_days_are_written_with_the_month_in_words(month: int) -> None:
    """And with spaces that every font has."""
    written = long_date(date(2026, month, 5))
    assert written.startswith("5 ")
    assert written.endswith(" 2026\u00a0г.")
    assert "\u202f" not in written
