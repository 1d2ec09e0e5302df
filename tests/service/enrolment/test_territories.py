"""An address is in the territory of the organisations whose lists name it, however the street is written."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from service.enrolment.house_lists import HouseError, ListProblem
from service.enrolment.territories import (
    Answer,
    Territories,
    TerritoryProblem,
    TerritoryRow,
    read_territories,
    streets_of,
)


def territories(*rows: tuple[str, str, str]) -> Territories:
    """Return the territories of rows (organisation, street, houses) without mistakes."""
    found, problems = read_territories(TerritoryRow(line, *row) for line, row in enumerate(rows, start=2))
    assert problems == ()
    return found


def test_every_known_answer_of_four_districts_comes_out(shared_data: Path) -> None:
    """528 queries: houses listed one by one, listed by two schools, whole streets, and houses nobody lists."""
    with (shared_data / "catchment_saratov_share.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [
            TerritoryRow(line, row["school"], row["street"], row["houses"], row["district"])
            for line, row in enumerate(csv.DictReader(file, delimiter=";"), start=2)
        ]
    found, problems = read_territories(rows)
    oracle = json.loads((shared_data / "oracle_catchment_saratov_share.json").read_text(encoding="utf-8"))
    wrong = [
        query
        for query in oracle["queries"]
        if list(found.organisations(query["street"], query["house"], query["district"])) != sorted(query["expected"])
    ]
    assert (len(rows), len(oracle["queries"]), wrong) == (1279, 528, [])
    assert len({problem.line for problem in problems if problem.field == "houses"}) == 86


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ул. им. Н.Г. Чернышевского", "Чернышевского Н. Г."),
        ("имени .Н.Г. Чернышевского", "улица Чернышевского Н.Г."),
        ("Артельный 1 проезд", "1-й Артельный пр-д"),
        ("2-ой Тепличный проезд", "проезд 2-й Тепличный"),
        ("Зелёная", "ЗЕЛЕНАЯ УЛ."),
        ("пр-кт Героев Отечества", "проспект Героев Отечества"),
        ("Мирный пер.", "переулок  Мирный"),
        ("Ново-Астраханское шоссе", "Новоастраханское ш."),
        ("Усть – Курдюмская", "Усть-Курдюмская"),
        ("просп. им. 50 лет Октября", "50 лет Октября проспект"),
        ("Театральная пл.", "площадь Театральная"),
    ],
)
def test_ways_to_write_one_street_are_one_street(written: str, meant: str) -> None:
    """The kind, the words and the initials count; abbreviations, order, ё and hyphens do not."""
    assert streets_of(written) == streets_of(meant)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1-й Мясницкий проезд", "1-й Мясницкий тупик"),
        ("1-й Мясницкий проезд", "2-й Мясницкий проезд"),
        ("Грузинская", "Грузинский проезд"),
        ("Лазо С.Г.", "Лазо С.Г. проезд"),
        ("Садовая", "Большая Садовая"),
        ("Зарубина", "им. Зарубина В.С."),
    ],
)
def test_different_streets_stay_different(one: str, other: str) -> None:
    """A street, a lane, and a person of that name are not the same."""
    assert streets_of(one) != streets_of(other)


@pytest.mark.parametrize(
    ("row", "address"),
    [
        ("1, 2, 3-й Аптечные проезды", "2-й Аптечный проезд"),
        ("1-7-й Сенные тупики", "Сенной 5 тупик"),
        ("1-й и 2-й Светлый проезд", "2-й Светлый пр-д"),
        ("1-я, 2-я Земляные улицы", "ул. 1-я Земляная"),
        ("1-6 Долинный проезд", "Долинный 6-й проезд"),
        ("Новый Увек, 1-7 проезды", "Новый Увек, 3-й проезд"),
    ],
)
def test_a_row_about_several_streets_is_found_from_each(row: str, address: str) -> None:
    """Numbers listed in the name are streets of their own."""
    found = territories(("Школа", row, "все дома"))
    assert found.organisations(address, "5") == ("Школа",)


def test_initials_may_be_left_out_but_not_be_others() -> None:
    """A surname finds its only bearer; other initials are another person."""
    found = territories(("Школа", "им. Рахова В.Г.", "1-9"))
    assert found.organisations("Рахова", "3") == ("Школа",)
    assert found.organisations("Рахова А.Б.", "3") == ()


def test_a_name_two_streets_share_decides_nothing_unless_they_agree() -> None:
    """The streets in question are named, and no right is given at random."""
    two = territories(
        ("Школа 1", "пр. Мира", "1-9"), ("Школа 2", "Иванова А.А.", "5"), ("Школа 3", "Иванова Б.Б.", "5")
    )
    assert two.look_up("проспект Мира", "3").organisations == ("Школа 1",)
    assert two.look_up("Иванова", "5") == Answer((), ("Иванова А.А.", "Иванова Б.Б."))
    assert two.look_up("Иванова Б.Б.", "5").organisations == ("Школа 3",)


def test_two_organisations_may_share_a_house() -> None:
    """Both are answered, in alphabetical order."""
    found = territories(("Школа 2", "Мира", "1-9"), ("Школа 1", "ул. Мира", "5, 7"))
    assert found.organisations("Мира", "5") == ("Школа 1", "Школа 2")
    assert found.organisations("Мира", "3") == ("Школа 2",)


def test_a_district_parts_streets_of_one_name() -> None:
    """Without a district both are looked at; a row without one holds everywhere."""
    rows = [TerritoryRow(2, "А", "Лесная", "1", "Северный"), TerritoryRow(3, "Б", "Лесная", "1", "Южный")]
    found, _ = read_territories(rows)
    assert found.organisations("Лесная", "1", "северный") == ("А",)
    assert found.organisations("Лесная", "1") == ("А", "Б")


def test_an_unknown_street_is_in_nobodys_territory() -> None:
    """No street, no organisations, and the answer shows that none was found."""
    assert territories(("Школа", "Мира", "1")).look_up("Лесная", "1") == Answer((), ())


def test_an_address_without_a_house_number_is_refused() -> None:
    """The caller is told what a house is."""
    with pytest.raises(HouseError):
        territories(("Школа", "Мира", "1")).organisations("Мира", "за углом")


def test_every_problem_of_a_table_is_told_by_row_and_column() -> None:
    """Empty cells, unreadable lists and houses that slipped into the street, all at once."""
    rows = [
        TerritoryRow(2, "", "Мира", "1, 3 9"),
        TerritoryRow(3, "Школа", "Омская 1а, 1б, 3а", "5"),
        TerritoryRow(4, "Школа", " ", "5"),
        TerritoryRow(5, "Школа", "СТ «Берег-94»", "5"),
    ]
    _, problems = read_territories(rows)
    assert sorted(problems, key=lambda problem: (problem.line, problem.field)) == [
        TerritoryProblem(2, "houses", ListProblem(4, "3 9", "H003")),
        TerritoryProblem(2, "organisation"),
        TerritoryProblem(3, "street", ListProblem(1, "Омская 1а, 1б, 3а", "H008")),
        TerritoryProblem(4, "street"),
    ]
