"""An import is shown before it is made: what each column means, every problem by row and column, nothing stored."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from queue_engine import TableError, Vocabulary, build_tables, load_rules, order, read_tables, write_example
from queue_engine.example import SERVICES
from queue_engine.example.assembly import Service
from queue_engine.tables import CODES
from service.enrolment.import_words import COLUMNS, ENGINE_PROBLEMS
from service.enrolment.imports import KINDS, File, meanings, preview_import
from service.tables.reading import read_sheet
from service.tables.writing import write_xlsx

RULES = Path(__file__).parent.parent.parent.parent / "rules"
VOCABULARY = load_rules(RULES / "region-74" / "kindergarten.yaml").vocabulary


def preview(**texts: str) -> list[tuple[str, int, str, str]]:
    """Return file, row, column and code of the problems of CSV texts, one for each kind of table."""
    files = {kind: File(text.encode(), f"{kind}.csv") for kind, text in texts.items()}
    shown = preview_import(VOCABULARY, files)
    assert (shown.tables is None) == bool(shown.problems)
    return [(problem.file, problem.row, problem.column, problem.code) for problem in shown.problems]


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_import_orders_the_queues_as_the_engine_does_from_the_files(
    service: Service, kind: str, tmp_path: Path
) -> None:
    """The example of each service, as CSV and as workbooks: the same tables, the same places."""
    write_example(tmp_path, applications=120, seed=3)
    rules = load_rules(RULES / f"{service.rules}.yaml")
    paths = {name: tmp_path / service.name / f"{name}.csv" for name in KINDS}
    files = {}
    for name, path in paths.items():
        data = path.read_bytes()
        if kind == "xlsx":
            sheet = read_sheet(data, path.name)
            data = write_xlsx(sheet.header, sheet.rows)
        files[name] = File(data, f"{name}.{kind}")
    shown = preview_import(rules.vocabulary, files)
    assert shown.problems == ()
    assert shown.tables is not None
    expected = order(read_tables(rules.vocabulary, **paths), rules, service.on, service.dates)
    queues = order(shown.tables, rules, service.on, service.dates)
    assert {queue: queues[queue].applications() for queue in queues} == {
        queue: expected[queue].applications() for queue in expected
    }


def test_russian_headings_dates_and_titles_of_choices_are_understood() -> None:
    """A table as an office keeps it: no code of the engine in it."""
    headings = "№ заявления;Группа;Дата рождения ребёнка;Подано;Желаемая направленность группы;Примечание\n"
    row = "7;a;05.03.2023;01.04.2026, 9:05;комбинированная;позвонить\n"
    columns = {"Примечание": "", "Подано": "application.submitted_at"}
    title = VOCABULARY.categories["judge_child"].title.ru
    documents = f"Заявление;Льгота;Подтверждён;Действует по\n7;{title};да;31.12.2026\n"
    shown = preview_import(
        VOCABULARY,
        {
            "entries": File((headings + row).encode("cp1251"), "заявки.csv", columns),
            "documents": File(documents.encode(), "документы.csv"),
        },
    )
    assert shown.problems == ()
    plain = build_tables(
        VOCABULARY,
        {
            "application": ["7"],
            "programme": ["a"],
            "child.birth_date": [date(2023, 3, 5)],
            "application.submitted_at": ["2026-04-01 09:05:00"],
            "child.orientation": ["combined"],
        },
        documents={"application": ["7"], "category": ["judge_child"], "confirmed": ["yes"], "to": [date(2026, 12, 31)]},
    )
    assert shown.tables is not None
    for name in ("child.birth_date", "application.submitted_at", "child.orientation"):
        told = shown.tables.applications.columns[name].values
        assert told.tolist() == plain.applications.columns[name].values.tolist()
    assert shown.tables.documents.category.tolist() == plain.documents.category.tolist()
    assert shown.tables.documents.last.tolist() == plain.documents.last.tolist()


def test_every_problem_of_every_file_is_told_under_the_headings_of_the_file() -> None:
    """What the reader of the file found stands beside what the engine found, in order of rows."""
    assert preview(
        entries="Заявление;Группа;Дата рождения ребёнка;Кот\n7;a;31.02.2023;x\n7;a;05.03.2023;y\n9;;2023-01-01;;z\n",
        documents="Заявление;Льгота;Подтверждён\n7;нет такой;да\n70;judge_child;может быть\n",
    ) == [
        ("documents.csv", 2, "Льгота", "T033"),
        ("documents.csv", 3, "Заявление", "T030"),
        ("documents.csv", 3, "Подтверждён", "T020"),
        ("entries.csv", 1, "Кот", "T010"),
        ("entries.csv", 2, "Дата рождения ребёнка", "T020"),
        ("entries.csv", 3, "Группа", "T041"),
        ("entries.csv", 3, "Дата рождения ребёнка", "T050"),
        ("entries.csv", 4, "", "width"),
    ]


def test_two_headings_of_one_meaning_are_a_problem() -> None:
    """Neither silently wins."""
    assert preview(entries="Заявление;№ заявления;Группа\n7;8;a\n") == [("entries.csv", 1, "№ заявления", "twice")]


def test_a_file_that_cannot_be_read_is_one_problem() -> None:
    """Nothing is guessed about tables that are not there."""
    assert preview(entries="") == [("entries.csv", 0, "", "empty")]


def test_a_missing_column_is_told_by_the_name_the_engine_knows() -> None:
    """No heading stands for it."""
    assert preview(entries="Группа\na\n") == [("entries.csv", 1, "application", "T012")]


def test_a_heading_somebody_decided_about_is_not_guessed() -> None:
    """What the officer says comes before names and titles."""
    found = meanings(VOCABULARY, "entries", ["Группа", "Заявление"], {"Группа": "organisation"})
    assert found == {"Группа": "organisation", "Заявление": "application"}


def test_every_problem_of_the_engines_tables_has_its_russian_words() -> None:
    """All but those of reading CSV, which has words of its own here."""
    assert set(CODES) - set(ENGINE_PROBLEMS) == {"T001", "T002", "T003", "T004", "T005", "T006"}


@pytest.mark.parametrize("kind", KINDS)
def test_the_columns_named_here_are_the_engines_own(kind: str) -> None:
    """The engine takes each of them in a table of that kind: it complains of none as unknown."""
    tables = {name: {"application": ["1"], "programme": ["a"]} for name in ("entries",)}
    tables[kind] = {column: ["1"] for column in COLUMNS[kind]}
    try:
        build_tables(Vocabulary({}, {}, {}), **tables)
    except TableError as error:
        assert {problem.code for problem in error.problems}.isdisjoint({"T010", "T011", "T012"})  # noqa: PT017
