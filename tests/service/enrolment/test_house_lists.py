"""House lists of municipal acts are read as they are meant, and what cannot be decided is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.enrolment.house_lists import MESSAGES, HouseError, ListProblem, read_house, read_houses
from service.enrolment.houses import House, HouseRange, Houses, OneHouse, Part, Side

LETTERS = "абвгдежзиклмнпрстфюя"
LONG = 20_000


def houses_of(text: str) -> set[str]:
    """Return which of the houses 1 … 20, with and without a letter, a list has."""
    houses, problems = read_houses(text)
    assert problems == ()
    candidates = [f"{number}{letter}" for number in range(1, 21) for letter in ("", "а")]
    return {house for house in candidates if read_house(house) in houses}


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("118-146, 151, 153/1-173", "118 120а 146 151 153/1 155 173", "117 119 152 153 175 173а 146/2"),
        ("1-6", "1 2 5/7 6", "7 6а"),
        ("с 3 по 55а, с 4 по 58", "3 55 55а 4 58", "55б 58а 57"),
        ("с 113 (нечетные), с 112 (четные)", "113 999 112 1000", "111 110"),
        ("с 29 все нечётные", "29 31 4001", "27 30"),
        ("с 17 все дома нечетная сторона", "17 19", "18"),
        ("с 126 (все дома)", "126 127", "125"),
        ("6-40 (четная и нечетная сторна)", "6 7 40", "41"),
        ("1-20 (четные номера)", "2 20", "1 19"),
        ("четная сторона, дома 2-44", "2 44", "46 3"),
        ("нечётная сторона", "1 357", "2"),
        ("все дома четной стороны", "2 4/5", "3"),
        ("все дома", "1 А-9 12/3 к. 4", ""),
        ("вся улица", "1 2", ""),
        ("все, кроме домов с 1 по 44", "45 46", "1 2 44"),
        ("все кроме 42/1", "42 42/2", "42/1"),
        ("3-79 (кроме 61/67), 2/10-94/1", "59 61 2/10 94/1", "61/67 94/2 2"),
        ("с А-21 по А-115, А-3", "А-3 А-21 А-115", "21 А-5 Б-21 А-22"),
        ("2 (все корпуса)", "2 2 к. 1 2 стр. 3", "2/1 2а"),
        ("14 корпус 1, 4к1, 8А корп 1", "14 к. 1 4 к. 1 8а к. 1", "14 4 8а 14/1 14к2"),
        ("59 а (1,2 корпус), 83/89 (к. 1, к. 2)", "59а к. 1 59а к. 2 83/89 к. 2", "59а 83/89"),
        ("237-а, 10/7а; 5;", "237а 10/7а 5", "237 10/7"),
        ("частный сектор 1-37, 82- 102", "1 37 82 102", "39 81"),
        ("дома № 5, д. 7, 9А - 11", "5 7 9а 11", "9"),
        ("12A, 3B, 8Ак1", "12а 3в 8а к. 1", "12 8а"),
    ],
)
def test_a_list_holds_the_houses_it_means(text: str, inside: str, outside: str) -> None:
    """What acts write: ranges of one side or both, letters, fractions, buildings, exceptions."""
    houses, problems = read_houses(text)
    assert problems == ()
    for house in inside.replace(" к. ", "к").replace(" стр. ", "стр").split():
        assert read_house(house) in houses, house
    for house in outside.replace(" к. ", "к").replace(" стр. ", "стр").split():
        assert read_house(house) not in houses, house


@pytest.mark.parametrize(
    ("text", "column", "found", "code"),
    [
        ("", 1, "", "H001"),
        (" , ;", 1, "", "H001"),
        ("1, коттеджная застройка", 4, "коттеджная застройка", "H002"),
        ("5, Мурманская 7", 4, "Мурманская", "H002"),
        ("11, 3 9, 14", 5, "3 9", "H003"),
        ("7.11", 1, "7.11", "H003"),
        ("1, 239-1", 4, "239-1", "H004"),
        ("с А-3 по Б-9", 1, "с А-3 по Б-9", "H004"),
        ("частный сектор все дома", 1, "частный сектор все дома", "H005"),
        ("5, (6", 4, "(6", "H006"),
        ("с 13", 1, "с 13", "H007"),
        ("все дома (кроме 49/53 1-4 кл)", 17, "49/53 1-4 кл", "H003"),
        ("все, кроме 5, кроме 7", 15, "кроме 7", "H002"),
    ],
)
def test_what_cannot_be_decided_is_told_with_its_place(text: str, column: int, found: str, code: str) -> None:
    """Nobody's right is guessed from words, from glued numbers or from a house being private."""
    assert read_houses(text)[1] == (ListProblem(column, found, code),)


def test_every_problem_of_a_list_is_told_at_once_and_the_rest_is_read() -> None:
    """Three mistakes are three problems; the good items between them are there."""
    houses, problems = read_houses("1, 3 9, 11, 20-10, 15, сад")
    assert str(houses) == "1, 11, 15"
    assert [problem.column for problem in problems] == [4, 13, 24]


def test_each_message_is_there_in_both_languages() -> None:
    """Officers read Russian and English."""
    for code in MESSAGES:
        problem = ListProblem(1, "x", code)
        assert problem.message("ru") != problem.message("en")


@pytest.mark.parametrize("text", ["", "12-14", "дом", "12, 14", "кв. 5", "12345", "1/2/3"])
def test_what_is_not_one_house_is_refused(text: str) -> None:
    """An address names one house."""
    with pytest.raises(HouseError, match="no number of a house"):
        read_house(text)


@pytest.mark.parametrize(
    "text",
    ["1" + " " * LONG, "кроме " * LONG, "(" * LONG, "1-" * LONG, "с " * LONG, "1 (к1" + ",к1" * LONG, "а-" * LONG],
)
def test_a_hostile_list_is_read_through(text: str) -> None:
    """Neither depth nor length stops the reader: it answers with houses or with problems."""
    houses, problems = read_houses(text)
    assert houses.parts or problems


numbers = st.integers(1, 9999)
plain_houses = st.builds(House, st.just(""), st.integers(1, 30), st.sampled_from(["", "а", "б"]))
houses = st.builds(
    House,
    st.sampled_from(["", "", "а", "в"]),
    numbers,
    st.sampled_from(["", *LETTERS]),
    st.integers(0, 200),
    st.just(""),
    st.integers(0, 20),
    st.integers(0, 5),
)
singles = st.one_of(
    houses.map(OneHouse),
    st.builds(House, st.just(""), numbers).map(lambda house: OneHouse(house, buildings=True)),
)


@st.composite
def ranges(draw: st.DrawFn) -> HouseRange:
    """Draw a range: of the whole street, open, or between two houses; perhaps with exceptions."""
    excluded = Houses(draw(st.lists(singles, max_size=2))).parts
    side = draw(st.sampled_from(Side))
    first, last = sorted(draw(st.tuples(houses, houses)))
    ends = draw(st.sampled_from(["none", "first", "both"]))
    if ends == "none":
        return HouseRange(None, None, side, excluded)
    if ends == "both" and first.prefix == last.prefix:
        return HouseRange(first, last, side, excluded)
    return HouseRange(first, None, side, excluded)


@given(st.lists(st.one_of(singles, ranges()), min_size=1, max_size=6))
def test_the_written_form_reads_back_as_the_same_houses(parts: list[Part]) -> None:
    """Canonical lists make the round trip, and are canonical already."""
    written = str(Houses(parts))
    again, problems = read_houses(written)
    assert problems == ()
    assert again == Houses(parts)
    assert str(again) == written


@given(st.lists(st.tuples(st.integers(1, 20), st.integers(1, 20)), min_size=1, max_size=5), st.data())
def test_ranges_hold_what_counting_holds(pairs: list[tuple[int, int]], data: st.DataObject) -> None:
    """Ends of one parity mean that side; the order of the items and spaces change nothing."""
    spans = [(min(pair), max(pair)) for pair in pairs]
    expected = {
        f"{number}{letter}"
        for first, last in spans
        for number in range(first, last + 1)
        if (first - last) % 2 or (number - first) % 2 == 0
        for letter in ("", "а")
        if (number, letter) != (last, "а")
    }
    shuffled = data.draw(st.permutations(spans))
    space = data.draw(st.sampled_from(["", " "]))
    assert houses_of(f",{space}".join(f"{first}{space}-{space}{last}" for first, last in shuffled)) == expected


@given(st.text(alphabet="0123456789абвск-/,;.() №дпокрмечтнсвы", max_size=60))
def test_any_text_is_read_into_houses_that_write_back_or_into_problems(text: str) -> None:
    """What a text without problems means is what its written form means."""
    found, problems = read_houses(text)
    if not problems:
        assert read_houses(str(found)) == (found, ())
    for problem in problems:
        assert text[problem.column - 1 :].startswith(problem.found)
