from __future__ import annotations

import csv
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from queue_engine.cli import main

ROOT = Path(__file__).parent.parent

FACTS = """
utc_offset: "+05:00"
facts:
  child.birth_date:  {type: date, ru: день рождения, en: day of birth, unknown: refuse}
  child.health:      {type: yes_no, ru: лечебная группа, en: health group}
  home.near:         {type: yes_no, per: entry, ru: рядом, en: lives near}
  score.total:       {type: decimal(2), ru: балл, en: score, least: 0, most: 100}
  application.submitted_at: {type: instant, ru: подано, en: submitted, unknown: refuse}
  application.number: {type: number, ru: номер, en: number, least: 0, most: 999999, unique: yes, unknown: refuse}
categories:
  orphan: {ru: сироты, en: orphans}
  large:  {ru: многодетные, en: large families}
  police: {ru: полиция, en: police}
dates:
  study_start: {ru: начало занятий, en: start of study}
"""

GARDEN = """
rules: 1
id: garden
level: region
title: {ru: Сад, en: Garden}
in_force: {from: 2025-01-01, to: 2026-12-31}
basis: [{act: Закон 1}]
eligible:
  - {id: age, title: {ru: от 3 лет, en: from 3 years}, when: age(on study_start) >= 3y, basis: [{act: Закон 2}]}
order:
  - id: right
    title: {ru: право, en: right}
    groups:
      - id: first
        title: {ru: внеочередное, en: out of turn}
        grounds:
          - {id: orphan, title: {ru: сирота, en: orphan}, sensitive: yes, basis: [{act: Закон 3}],
             when: confirmed(category.orphan)}
      - id: second
        title: {ru: первоочередное, en: first turn}
        grounds:
          - {id: large, title: {ru: большая, en: large}, when: confirmed(category.large), basis: [{act: Закон 4}]}
          - {id: police, title: {ru: полиция, en: police}, when: confirmed(category.police), basis: [{act: Закон 5}]}
      - {id: rest, title: {ru: остальные, en: the rest}, everyone_else: yes}
  - {id: near, title: {ru: адрес, en: address}, yes_first: home.near}
  - {id: time, title: {ru: раньше подали, en: filed earlier}, earliest: application.submitted_at}
  - {id: number, title: {ru: меньший номер, en: lower number}, lowest: application.number}
"""

RESERVE = """
reserves:
  - {{id: kept, title: {{ru: доля, en: kept}}, when: child.health, basis: [{{act: Закон 9}}], {}}}
"""

CITY = """
rules: 1
id: city/garden
level: municipality
extends: garden
title: {ru: Сад. Город, en: Garden. City}
changes:
  - {move: near, before: right, basis: [{act: Город 1}]}
  - add: {id: score, title: {ru: балл выше, en: higher score}, highest: score.total}
    after: near
    basis: [{act: Город 2}]
    in_force: {from: 2026-06-01, to: 2026-06-30}
"""

TABLES = {
    "applications": """application,child.birth_date,child.health,application.submitted_at,score.total
1,2022-01-01,no,2026-01-05 10:00:00,10
2,2022-02-01,yes,2026-01-04 10:00:00,20.5
3,2023-08-31,no,2026-01-03 10:00:00,
4,2021-05-05,no,2026-01-03 10:00:00,5
5,2021-09-01,no,2026-01-02 10:00:00,5
6,2024-01-01,no,2026-01-01 10:00:00,5
7,,no,2026-01-01 10:00:00,5
""",
    "entries": """application,wish,organisation,programme,home.near
1,1,o1,,no
1,2,o2,,yes
2,1,,p2,no
2,2,o1,,yes
3,1,o1,,
4,1,o1,,yes
5,1,o1,,
6,1,o1,,yes
7,1,o1,,yes
""",
    "programmes": """programme,organisation,title,capacity,takes
p1,o1,Младшая,10,age(on study_start) >= 3y and age(on study_start) < 4y
p2,o1,Средняя,10,age(on study_start) >= 4y and age(on study_start) < 5y
p3,o1,Старшая,10,age(on study_start) >= 5y
q1,o2,Любая,5,
""",
    "documents": """application,category,from,to,confirmed
3,large,2026-01-01,2026-04-15,yes
1,police,2026-04-16,,yes
4,orphan,2025-01-01,,no
""",
}

HEAD = "queue,position,application,decided_by\n"
QUEUES = (
    HEAD + "p1,1,3,\np2,1,2,\np2,2,1,time\np3,1,4,\np3,2,5,near\nq1,1,1,\n"
    "general,1,3,\ngeneral,2,5,right\ngeneral,3,4,time\ngeneral,4,2,time\ngeneral,5,1,time\n"
)
STUDY = ("--date", "study_start=2026-09-01")


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with rules and tables of its own, and stand in it."""
    (tmp_path / "rules" / "city").mkdir(parents=True)
    for name, text in (("facts", FACTS), ("garden", GARDEN), ("city/garden", CITY)):
        (tmp_path / "rules" / f"{name}.yaml").write_text(text, encoding="utf-8")
    for name, text in TABLES.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    """Run the command; anything but an ordinary end is an error of the test."""
    result = CliRunner().invoke(main, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result


def given(*without: str, rules: str = "rules/garden.yaml", **instead: str) -> list[str]:
    """Return the options that name the rules and the tables."""
    files = {name: f"{name}.csv" for name in TABLES if name not in without} | instead
    return ["--rules", rules, *(word for name, file in files.items() for word in (f"--{name}", file))]


def spelled(words: str) -> list[str]:
    """Return the words of a command, TABLES and DATED spelled out."""
    dated = words.replace("DATED", f"TABLES --on 2026-04-15 {' '.join(STUDY)}")
    return dated.replace("TABLES", " ".join(given())).split()


def ordered(*options: str, on: str = "2026-04-15", **how: str) -> str:
    """Return the table of queues."""
    result = run("order", *given(**how), "--on", on, *STUDY, *options)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def written(name: str, text: str) -> str:
    """Write a table and return its name."""
    Path(name).write_text(text, encoding="utf-8")
    return name


def some(count: int, health_from: int) -> str:
    """Return entries of one programme, filed one a day, the later ones wishing for the health group."""
    rows = (f"{n},g,2020-01-01,{'yes' if n >= health_from else 'no'},2026-01-{n:02d}" for n in range(1, count + 1))
    return "application,programme,child.birth_date,child.health,application.submitted_at\n" + "\n".join(rows) + "\n"


def places(text: str, queue: str) -> list[str]:
    """Return the applications of a queue, after checking that its positions count from 1."""
    rows = [row for row in csv.DictReader(text.splitlines()) if row["queue"] == queue]
    assert [int(row["position"]) for row in rows] == list(range(1, len(rows) + 1))
    return [row["application"] for row in rows]


# order


def test_every_queue_comes_in_order_with_the_general_one_last(town: Path) -> None:
    """Children are moved by age into programmes, and only what no organisation decides orders the general queue."""
    assert ordered() == QUEUES


def test_a_document_counts_on_its_last_day_and_from_its_first(town: Path) -> None:
    """Application 3 has its right up to 15 April, application 1 from the 16th."""
    assert places(ordered(), "general")[0] == "3"
    assert places(ordered(on="2026-04-16"), "general") == ["1", "5", "3", "4", "2"]


def test_an_amendment_holds_on_its_days(town: Path) -> None:
    """The score decides in June, after the address that the town moved before the right."""
    city = "rules/city/garden.yaml"
    assert "score" not in ordered(rules=city, on="2026-05-31")
    assert "p2,2,1,score\n" in ordered(rules=city, on="2026-06-01")
    assert "score" not in ordered(rules=city, on="2026-07-01")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_tables_are_read_as_people_save_them(town: Path, encoding: str, delimiter: str, end: str) -> None:
    """Encoding, delimiter and line ends change nothing."""
    for name, text in TABLES.items():
        (town / f"{name}.csv").write_bytes(text.replace(",", delimiter).replace("\n", end).encode(encoding))
    assert ordered() == QUEUES


@pytest.mark.parametrize("seed", range(3))
def test_permuted_rows_and_columns_give_the_same_bytes(town: Path, seed: int) -> None:
    """No order of input can be seen in the output."""
    shuffle = random.Random(seed).shuffle  # noqa: S311 - rows of a test
    for name, text in TABLES.items():
        head, *body = [line.split(",") for line in text.splitlines()]
        columns = list(range(len(head)))
        shuffle(columns)
        shuffle(body)
        rows = [",".join(row[column] for column in columns) for row in (head, *body)]
        written(f"{name}.csv", "\n".join(rows))
    assert ordered() == QUEUES


def test_facts_of_applications_may_stand_in_the_entries(town: Path) -> None:
    """Without the applications table nothing changes."""
    people = {line.split(",", 1)[0]: line.split(",", 1)[1] for line in TABLES["applications"].splitlines()}
    rows = (f"{line},{people[line.split(',')[0]]}" for line in TABLES["entries"].splitlines())
    written("entries.csv", "\n".join(rows))
    result = run("order", *given("applications"), "--on", "2026-04-15", *STUDY)
    assert (result.stdout, result.exit_code) == (QUEUES, 0)


def test_ids_may_be_any_text(town: Path) -> None:
    """Spaces and Cyrillic letters stay as they are; the number of the application then stands apart."""
    rows = "application;programme;child.birth_date;application.submitted_at;application.number\n"
    rows += "З-2 а;гр 1;2020-01-01;2026-01-01;8\nЗ-1 а;гр 1;2020-01-01;2026-01-01;9\n"
    options = ["--rules", "rules/garden.yaml", "--entries", written("e.csv", rows), "--on", "2026-04-15", *STUDY]
    assert places(run("order", *options).stdout, "гр 1") == ["З-2 а", "З-1 а"]
    assert "место из 2" in run("explain", *options, "--application", "З-1 а", "--queue", "гр 1").stdout


@pytest.mark.parametrize(
    ("entries", "expected"),
    [(some(0, 1), HEAD), (some(1, 9), HEAD + "g,1,1,\ngeneral,1,1,\n")],
    ids=["none", "one"],
)
def test_few_rows_are_ordered_like_many(town: Path, entries: str, expected: str) -> None:
    """No rows give no places; without a wish column every wish is the first."""
    entries = written("e.csv", entries)
    options = ["--rules", "rules/garden.yaml", "--entries", entries, "--on", "2026-04-15", *STUDY]
    result = run("order", *options)
    assert (result.stdout, result.exit_code) == (expected, 0)


@pytest.mark.parametrize(
    ("reserve", "expected"),
    [
        ("share: 50%, at: every_position", "8 1 9 2 10 3 11 4 12 5 6 7"),
        ("one_in: 3", "8 1 2 9 3 4 10 5 6 11 7 12"),
    ],
)
def test_reserves_change_positions_and_the_officer_reads_why(town: Path, reserve: str, expected: str) -> None:
    """Each reserve moves those entitled forward; the counts still sum to the place."""
    Path("rules/garden.yaml").write_text(GARDEN + RESERVE.format(reserve), encoding="utf-8")
    entries = written("e.csv", some(12, 8))
    options = ["--rules", "rules/garden.yaml", "--entries", entries, "--on", "2026-04-15", *STUDY]
    found = places(run("order", *options).stdout, "g")
    assert found == expected.split()
    told = run("explain", *options, "--application", "6", "--queue", "g", "--for", "officer", "--lang", "en").stdout
    counts = [int(count) for count in re.findall(r"^\+(\d+) =", told, re.MULTILINE)]
    assert sum(counts) == found.index("6")
    assert "kept  “kept” (Закон 9)" in told


def test_the_queues_are_written_to_a_file(town: Path) -> None:
    """The file has the same bytes; what is said about it does not go into it."""
    result = run("order", *given(), "--on", "2026-04-15", *STUDY, "--out", "q.csv")
    assert (town / "q.csv").read_bytes() == QUEUES.encode()
    assert (result.exit_code, result.stdout) == (0, "")
    assert "4 queues, 4 entries not in a queue" in result.stderr


# what is refused


@pytest.mark.parametrize(
    "wrong",
    [
        "order",
        "nonsense",
        "check",
        "check nowhere",
        "order TABLES",
        "order TABLES --on 15.04.2026",
        "order TABLES --on 2026-02-30",
        "order TABLES --on 2026-04-15 --date study_start",
        "order TABLES --on 2026-04-15 --date study_start=2026-09-01 --date study_start=2027-09-01",
        "order TABLES --on 2026-04-15 --out rules",
        "order TABLES --on 2026-04-15 --rules nowhere.yaml",
        "explain TABLES --on 2026-04-15",
        "explain TABLES --on 2026-04-15 --application 1 --lang de",
        "show rules/garden.yaml",
        "test-rules rules/nowhere.test.yaml",
        "example --out town --applications 19",
        "example --out entries.csv",
    ],
)
def test_wrong_use_ends_with_two(town: Path, wrong: str) -> None:
    """Usage is told on the error stream only."""
    result = run(*spelled(wrong))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Usage" in result.stderr


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("order TABLES --on 2026-04-15", "Q029"),
        ("order TABLES --on 2026-04-15 --date stdy=2026-09-01", "known dates: study_start"),
        ("order TABLES --on 2024-12-31", "Q027"),
        ("order TABLES --on 2027-01-01", "Q027"),
        ("order --rules rules/garden.yaml --entries entries.csv --on 2026-04-15", "T035"),
        ("order DATED --out nowhere/q.csv", "nowhere/q.csv"),
        ("explain DATED --application 99", "no application '99'"),
        ("explain DATED --application 1 --queue x", "there is no queue 'x'"),
        ("show rules/facts.yaml --on 2026-04-15", "rules/facts.yaml:2:1: error Q004"),
        ("example --out entries.csv/town", "entries.csv"),
    ],
)
def test_problems_end_with_one_on_the_error_stream(town: Path, wrong: str, told: str) -> None:
    """What is redirected into a file of queues holds queues or nothing."""
    result = run(*spelled(wrong))
    assert (result.exit_code, result.stdout) == (1, "")
    assert told in result.stderr


@pytest.mark.parametrize(
    ("cell", "bad", "told"),
    [
        ("2,1,,p2,no", "2,x,,p9,maybe", ["row 4, column wish", "row 4, column programme", "row 4, column home.near"]),
        ("1,2,o2,,yes", "1,2,o9,,yes", ["row 3, column organisation"]),
        ("4,1,o1,,yes", "99,1,o1,,yes", ["row 7, column application"]),
        ("4,1,o1,,yes", "4,1", ["entries.csv:7: error T005"]),
    ],
)
def test_bad_cells_are_told_all_at_once_by_row_and_column(town: Path, cell: str, bad: str, told: list[str]) -> None:
    """Each has its place and a remedy."""
    written("entries.csv", TABLES["entries"].replace(cell, bad))
    errors = run("order", *given(), "--on", "2026-04-15", *STUDY).stderr
    assert [line for line in told if line not in errors] == []
    assert errors.count("error T") == errors.count("hint:") == len(told)


# explain


def told_to(reader: str, application: str, *options: str, lang: str = "en") -> str:
    """Return what is explained."""
    words = ["--application", application, "--for", reader, "--lang", lang]
    result = run("explain", *given(), "--on", "2026-04-15", *STUDY, *words, *options)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def test_a_place_is_told_in_both_languages(town: Path) -> None:
    """Every queue of the application is explained unless one is named."""
    assert "Queue “Средняя” on 15 April 2026: application 1 has place 2 of 2." in told_to("parent", "1")
    assert "Очередь «Любая»" in told_to("parent", "1", lang="ru")
    assert told_to("parent", "1", "--queue", "general").count("Queue ") == 1


def test_an_application_outside_a_queue_reads_the_condition_it_fails(town: Path) -> None:
    """Too young, or of unknown age."""
    assert "– the condition “from 3 years” does not hold (Закон 2)." in told_to("parent", "6", "--queue", "general")
    assert "– it is not known: “day of birth”" in told_to("parent", "7", "--queue", "general")


def crowd(seed: int) -> Mapping[str, set[str]]:
    """Write random tables of one programme; return who holds each label that parents may read."""
    rnd = random.Random(seed)  # noqa: S311 - rows of a test
    ids = [f"ЗАЯВ-{1000 + n}" for n in range(rnd.choice([4, 6, 9, 14, 30]))]
    often = {name: rnd.random() / 2 for name in ("orphan", "large", "police")}
    held = {name: {each for each in ids if rnd.random() < chance} for name, chance in often.items()}
    near = {each for each in ids if rnd.random() < rnd.choice([0.2, 0.6])}
    facts = (f"{each},g,{each in near},2020-01-01,2026-01-0{rnd.randint(1, 5)},{n}\n" for n, each in enumerate(ids))
    columns = "application,programme,home.near,child.birth_date,application.submitted_at,application.number\n"
    written("entries.csv", columns + "".join(facts).replace("True", "yes").replace("False", "no"))
    rows = (f"{each},{name},yes\n" for name, holders in held.items() for each in sorted(holders))
    written("documents.csv", "application,category,confirmed\n" + "".join(rows))
    first, second = held["orphan"], (held["large"] | held["police"]) - held["orphan"]
    grounds = {"large": held["large"] - first, "police": held["police"] - held["large"] - first}
    return {"out of turn": first, "first turn": second, "right": first | second, "address": near} | grounds


@pytest.mark.parametrize("seed", range(12))
def test_a_parent_reads_of_nobody_else(town: Path, seed: int) -> None:
    """No other number, no label held by fewer than five, no sensitive ground; the counts sum to the place."""
    held = crowd(seed)
    tables = ["--rules", "rules/garden.yaml", "--entries", "entries.csv", "--documents", "documents.csv"]
    for application in places(run("order", *tables, "--on", "2026-04-15", *STUDY).stdout, "g"):
        words = ["--application", application, "--queue", "g", "--lang", "en"]
        text = run("explain", *tables, "--on", "2026-04-15", *STUDY, *words).stdout
        others = text.partition("What counts")[0]
        parts = re.findall(r"^(\d+) applications? — “([^”]+)”", others, re.MULTILINE)
        place = re.search(r"has place (\d+)", others)
        assert place is not None
        assert sum(int(count) for count, _ in parts) == int(place[1]) - 1
        assert set(re.findall(r"ЗАЯВ-\d+", text)) == {application}
        assert "orphan" not in text
        assert "Закон 3" not in text
        assert [label for label, holders in held.items() if f"“{label}”" in others and len(holders) < 5] == []


# check, test-rules, show


def test_warnings_alone_end_with_zero_and_json_gives_the_same_problems(town: Path) -> None:
    """A ground without effect is a warning; bases nobody has compared are listed beside it."""
    same = GARDEN.replace("category.police", "category.large")
    Path("rules/garden.yaml").write_text(same, encoding="utf-8")
    text, rows = run("check", "rules"), run("check", "rules", "--json")
    assert (text.exit_code, rows.exit_code) == (0, 0)
    (problem,) = json.loads(rows.stdout)
    assert f"{problem['file']}:{problem['line']}:{problem['column']}: warning {problem['code']}: " in text.stdout
    assert "7 legal bases nobody has compared" in run("check", "rules", "--bases").stdout


def test_a_cyrillic_letter_in_a_name_is_shown_by_carets(town: Path) -> None:
    """The place, the source line and the name that was meant."""
    Path("rules/garden.yaml").write_text(GARDEN.replace("home.near", "hоme.near"), encoding="utf-8")
    result = run("check", "rules/garden.yaml")
    assert result.exit_code == 1
    assert re.search(r"^rules/garden\.yaml:\d+:60: error Q019: ", result.stdout)
    assert " ^^^^^^^^^\n" in result.stdout
    assert "write 'home.near'" in result.stdout


@pytest.mark.parametrize(("order", "code"), [("[A, B]", 0), ("[B, A]", 1)])
@pytest.mark.parametrize("path", ["rules", "rules/city", "rules/city/garden.test.yaml"])
def test_the_tests_beside_rules_are_run(town: Path, path: str, order: str, code: int) -> None:
    """A file, its folder or the whole tree."""
    child = "child.birth_date: 2021-01-01, application.submitted_at: 2026-01-01, application.number"
    text = (
        "tests: 1\nfor: city/garden\ncases:\n  - name: near\n    on: 2026-06-15\n    dates: {study_start: 2026-09-01}\n"
        f"    children:\n      A: {{{child}: 1, home.near: yes}}\n"
        f"      B: {{{child}: 2, documents: [large 2026-01-01..]}}\n    order: {order}\n"
    )
    written("rules/city/garden.test.yaml", text)
    result = run("test-rules", path)
    assert (result.exit_code, f"1 cases, {code} failed" in result.stdout) == (code, True)


# what does not hold yet


@pytest.mark.xfail(strict=True, reason="a programme called general gets the name of the municipality's general queue")
def test_no_programme_takes_the_name_of_the_general_queue(town: Path) -> None:
    """Otherwise two queues of one name stand in the output."""
    entries = written("e.csv", some(2, 9).replace(",g,", ",general,"))
    assert run("order", "--rules", "rules/garden.yaml", "--entries", entries, "--on", "2026-04-15", *STUDY).exit_code


@pytest.mark.xfail(strict=True, reason="the page leaves out sizes of reserves, days in force and amending acts")
@pytest.mark.parametrize("told", ["40", "31 December 2026", "Город 2"])
def test_the_page_tells_all_an_officer_signs(town: Path, told: str) -> None:
    """How much is reserved, from when to when the rules hold, on what acts the amended ones rest."""
    Path("rules/garden.yaml").write_text(GARDEN + RESERVE.format("one_in: 40"), encoding="utf-8")
    assert told in run("show", "rules/city/garden.yaml", "--on", "2026-06-15", "--lang", "en").stdout


@pytest.mark.xfail(strict=True, reason="a queue that did not take the application is told without a reason")
@pytest.mark.parametrize("queue", ["p2", "o1"])
def test_a_programme_that_does_not_take_a_child_says_why(town: Path, queue: str) -> None:
    """The name that `explain` gives without --queue (o1), and the programme of the wished organisation, both work."""
    assert "no programme here takes the child" in told_to("parent", "6", "--queue", queue)


@pytest.mark.xfail(strict=True, reason="conditions in `takes` are read only after all cells are right")
def test_a_bad_takes_is_told_with_the_other_bad_cells(town: Path) -> None:
    """All bad cells at once."""
    written("programmes.csv", TABLES["programmes"].replace("q1,o2,Любая,5,", "q1,o2,Любая,five,no.such.fact"))
    errors = run("order", *given(), "--on", "2026-04-15", *STUDY).stderr
    assert "column capacity" in errors
    assert "column takes" in errors


# another process


def process(*words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own."""
    around = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **environment}
    command = [sys.executable, "-m", "queue_engine.cli", *words]
    return subprocess.run(command, check=False, capture_output=True, env=around, cwd=ROOT)


@pytest.mark.parametrize(
    "environment", [{"PYTHONHASHSEED": "7", "TZ": "Asia/Kamchatka"}, {"PYTHONIOENCODING": "cp1252"}]
)
def test_another_process_elsewhere_writes_the_same_bytes(town: Path, environment: dict[str, str]) -> None:
    """Neither hash seed, time zone, console encoding nor working directory matters."""
    tables = (word for name in TABLES for word in (f"--{name}", str(town / f"{name}.csv")))
    words = ["--rules", str(town / "rules" / "garden.yaml"), *tables, "--on", "2026-04-15", *STUDY]
    assert process("order", *words, **environment).stdout == QUEUES.encode()
    assert "Очередь «Средняя»".encode() in process("explain", *words, "--application", "1", **environment).stdout


def test_a_reader_who_has_seen_enough_causes_no_traceback(town: Path) -> None:
    """The pipe is closed after one line of many."""
    rows = "application,programme,child.birth_date,application.submitted_at\n"
    rows += "".join(f"{n},g,2020-01-01,2026-01-01\n" for n in range(20_000))
    options = ["--rules", "rules/garden.yaml", "--entries", written("e.csv", rows), "--on", "2026-04-15", *STUDY]
    command = [sys.executable, "-m", "queue_engine.cli", "order", *options]
    around = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=around) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline() == HEAD.encode()
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait() == 1
