from __future__ import annotations

import csv
import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from queue_engine.cli import main

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
      - {id: a, title: {ru: сирота, en: orphan}, when: confirmed(category.orphan), sensitive: yes, basis: [{act: N 3}]}
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
STUDY = "--date study_start=2026-09-01"
RULES = "--rules rules/garden.yaml"
FILES = " ".join(f"--{name} {name}.csv" for name in TABLES)
TOWN = f"{RULES} {FILES} --on 2026-04-15 {STUDY}"
SMALL = f"{RULES} --entries e.csv --on 2026-04-15 {STUDY}"


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


def run(words: str) -> Result:
    """Run the command; anything but an ordinary end is an error of the test."""
    result = CliRunner().invoke(main, words.split())
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result


def told(words: str) -> str:
    """Return what a command that finds no problems prints."""
    result = run(words)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def written(name: str, text: str) -> None:
    """Write a file of the town."""
    Path(name).write_text(text, encoding="utf-8")


def some(count: int, health_from: int) -> str:
    """Return entries of one programme, filed one a day, the later ones wishing for the health group."""
    rows = (f"{n},g,2020-01-01,{'yes' if n >= health_from else 'no'},2026-01-{n:02d}" for n in range(1, count + 1))
    return "application,programme,child.birth_date,child.health,application.submitted_at\n" + "\n".join(rows) + "\n"


def places(text: str, queue: str) -> list[str]:
    """Return the applications of a queue, after checking that its positions count from 1."""
    rows = [row for row in csv.DictReader(text.splitlines()) if row["queue"] == queue]
    assert [int(row["position"]) for row in rows] == list(range(1, len(rows) + 1))
    return [row["application"] for row in rows]


def test_every_queue_comes_in_order_with_the_general_one_last(town: Path) -> None:
    """Children are moved by age into programmes; the file has the bytes of the standard output, and nothing more."""
    assert told(f"order {TOWN}") == QUEUES
    result = run(f"order {TOWN} --out q.csv")
    assert (town / "q.csv").read_bytes() == QUEUES.encode()
    assert (result.exit_code, result.stdout) == (0, "")
    assert "4 queues, 4 entries not in a queue" in result.stderr


def test_documents_and_amendments_count_on_their_days(town: Path) -> None:
    """The right of 3 ends with 15 April, that of 1 begins on the 16th; in June the score decides after the address."""
    assert places(told(f"order {TOWN}"), "general")[0] == "3"
    assert places(told(f"order {TOWN} --on 2026-04-16"), "general") == ["1", "5", "3", "4", "2"]
    days = ("2026-05-31", "2026-06-01", "2026-06-30", "2026-07-01")
    scores = ["score" in told(f"order {TOWN} --rules rules/city/garden.yaml --on {day}") for day in days]
    assert scores == [False, True, True, False]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_tables_are_read_as_people_save_them(town: Path, encoding: str, delimiter: str, end: str) -> None:
    """Encoding, delimiter, line ends, order of rows and of columns change no byte."""
    shuffle = random.Random(f"{encoding}{delimiter}{end}").shuffle  # noqa: S311 - rows of a test
    for name, text in TABLES.items():
        head, *body = [line.split(",") for line in text.splitlines()]
        columns = list(range(len(head)))
        shuffle(columns)
        shuffle(body)
        rows = [delimiter.join(row[column] for column in columns) + end for row in (head, *body)]
        (town / f"{name}.csv").write_bytes("".join(rows).encode(encoding))
    assert told(f"order {TOWN}") == QUEUES


def test_facts_of_applications_may_stand_in_the_entries(town: Path) -> None:
    """Without the applications table nothing changes."""
    people = {line.split(",", 1)[0]: line.split(",", 1)[1] for line in TABLES["applications"].splitlines()}
    rows = (f"{line},{people[line.split(',')[0]]}" for line in TABLES["entries"].splitlines())
    written("entries.csv", "\n".join(rows))
    assert told(f"order {TOWN}".replace("--applications applications.csv", "")) == QUEUES


def test_ids_may_be_any_text(town: Path) -> None:
    """Spaces and Cyrillic letters stay; the number of the application then stands apart."""
    rows = "application;programme;child.birth_date;application.submitted_at;application.number\n"
    written("e.csv", rows + "З 2;гр 1;2020-01-01;2026-01-01;8\nЗ-1;гр 1;2020-01-01;2026-01-01;9\n")
    assert places(told(f"order {SMALL}"), "гр 1") == ["З 2", "З-1"]
    assert "место из 2" in told(f"explain {SMALL} --application З-1")


@pytest.mark.parametrize(
    ("reserve", "expected"),
    [("share: 50%, at: every_position", "8 1 9 2 10 3 11 4 12 5 6 7"), ("one_in: 3", "8 1 2 9 3 4 10 5 6 11 7 12")],
)
def test_reserves_change_positions_and_the_officer_reads_why(town: Path, reserve: str, expected: str) -> None:
    """Each reserve moves those entitled forward; the counts still sum to the place."""
    written("rules/garden.yaml", GARDEN + RESERVE.format(reserve))
    written("e.csv", some(12, 8))
    found = places(told(f"order {SMALL}"), "g")
    assert found == expected.split()
    text = told(f"explain {SMALL} --application 6 --queue g --for officer --lang en")
    counts = [int(count) for count in re.findall(r"^\+(\d+) =", text, re.MULTILINE)]
    assert (sum(counts), "kept  “kept” (Закон 9)" in text) == (found.index("6"), True)


@pytest.mark.parametrize(
    "wrong",
    [
        f"order {RULES} {FILES} --on 15.04.2026",
        f"order {RULES} {FILES} --on 2026-04-15 --date study_start",
        f"order {RULES} {FILES} --on 2026-04-15 --date study_start=2026-09-01 --date study_start=2027-09-01",
        f"order {RULES} {FILES} --on 2026-04-15 --out rules",
        f"order {RULES} {FILES} --on 2026-04-15 --rules nowhere.yaml",
        f"explain {RULES} {FILES} --on 2026-04-15 --application 1 --lang de",
        "show rules/garden.yaml",
        "test-rules rules/nowhere.test.yaml",
        "example --out town --applications 19",
    ],
)
def test_wrong_use_ends_with_two(town: Path, wrong: str) -> None:
    """Usage is told on the error stream only."""
    result = run(wrong)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Usage" in result.stderr


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (f"order {RULES} {FILES} --on 2026-04-15", "Q029"),
        (f"order {RULES} {FILES} --on 2026-04-15 --date stdy=2026-09-01", "known dates: study_start"),
        (f"order {TOWN} --on 2024-12-31", "Q027"),
        (f"order {TOWN} --on 2027-01-01", "Q027"),
        (f"order {RULES} --entries entries.csv --on 2026-04-15", "T035"),
        (f"order {TOWN} --out nowhere/q.csv", "nowhere/q.csv"),
        (f"explain {TOWN} --application 99", "no application '99'"),
        (f"explain {TOWN} --application 1 --queue x", "there is no queue 'x'"),
        ("show rules/facts.yaml --on 2026-04-15", "rules/facts.yaml:2:1: error Q004"),
        ("example --out entries.csv/town", "entries.csv"),
    ],
)
def test_problems_end_with_one_on_the_error_stream(town: Path, wrong: str, problem: str) -> None:
    """What is redirected into a file of queues holds queues or nothing."""
    result = run(wrong)
    assert (result.exit_code, result.stdout) == (1, "")
    assert problem in result.stderr


def test_a_place_or_the_condition_failed_is_told_in_both_languages(town: Path) -> None:
    """Every queue of the application is explained unless one is named."""
    text = told(f"explain {TOWN} --application 1 --lang en")
    assert "Queue “Средняя” on 15 April 2026: application 1 has place 2 of 2." in text
    assert "Очередь «Любая»" in told(f"explain {TOWN} --application 1")
    assert told(f"explain {TOWN} --application 1 --queue general --lang en").count("Queue ") == 1
    assert "– не выполнено условие «от 3 лет» (Закон 2)." in told(f"explain {TOWN} --application 6")
    assert "– it is not known: “day of birth”" in told(f"explain {TOWN} --application 7 --lang en")


def crowd(seed: int) -> dict[str, set[str]]:
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
    tables = f"{RULES} --entries entries.csv --documents documents.csv --on 2026-04-15 {STUDY}"
    for application in places(told(f"order {tables}"), "g"):
        text = told(f"explain {tables} --application {application} --queue g --lang en")
        others = text.partition("What counts")[0]
        parts = re.findall(r"^(\d+) applications? — “([^”]+)”", others, re.MULTILINE)
        assert f"has place {1 + sum(int(count) for count, _ in parts)} of" in others
        assert set(re.findall(r"ЗАЯВ-\d+", text)) == {application}
        assert re.findall("orphan|N 3", text) == []
        assert [label for label, holders in held.items() if f"“{label}”" in others and len(holders) < 5] == []


def test_warnings_alone_end_with_zero_and_json_gives_the_same_problems(town: Path) -> None:
    """A ground without effect is a warning; bases nobody has compared are listed beside it."""
    written("rules/garden.yaml", GARDEN.replace("category.police", "category.large"))
    (problem,) = json.loads(told("check rules --json"))
    line = f"{problem['file']}:{problem['line']}:{problem['column']}: warning {problem['code']}: "
    assert line in told("check rules")
    assert "7 legal bases nobody has compared" in told("check rules --bases")


@pytest.mark.parametrize(("order", "failed"), [("[A, B]", 0), ("[B, A]", 1)])
def test_the_tests_beside_rules_are_run(town: Path, order: str, failed: int) -> None:
    """One case, written for the amended rules."""
    child = "child.birth_date: 2021-01-01, application.submitted_at: 2026-01-01, application.number"
    case = f"""
  - name: the address comes before the right
    on: 2026-06-15
    dates: {{study_start: 2026-09-01}}
    children: {{A: {{{child}: 1, home.near: yes}}, B: {{{child}: 2, documents: [large 2026-01-01..]}}}}
    order: {order}
"""
    written("rules/city/garden.test.yaml", f"tests: 1\nfor: city/garden\ncases:{case}")
    result = run("test-rules rules/city")
    assert (result.exit_code, f"1 cases, {failed} failed" in result.stdout) == (failed, True)


def test_no_programme_takes_the_name_of_the_general_queue(town: Path) -> None:
    """Otherwise two queues of one name stand in the output."""
    written("e.csv", some(2, 9).replace(",g,", ",general,"))
    assert run(f"order {SMALL}").exit_code == 1


@pytest.mark.parametrize("part", ["40", "31 December 2026", "Город 2"])
def test_the_page_tells_all_an_officer_signs(town: Path, part: str) -> None:
    """How much is reserved, from when to when the rules hold, on what acts the amended ones rest."""
    written("rules/garden.yaml", GARDEN + RESERVE.format("one_in: 40"))
    assert part in told("show rules/city/garden.yaml --on 2026-06-15 --lang en")


def test_a_programme_that_does_not_take_a_child_says_why(town: Path) -> None:
    """The name that `explain` gives without --queue (o1) works, and so does a programme there."""
    for queue in ("o1", "p2"):
        assert "no programme here takes" in told(f"explain {TOWN} --application 6 --queue {queue} --lang en")


def test_a_bad_takes_is_told_with_the_other_bad_cells(town: Path) -> None:
    """All bad cells at once."""
    written("programmes.csv", TABLES["programmes"].replace("q1,o2,Любая,5,", "q1,o2,Любая,five,no.such.fact"))
    errors = run(f"order {TOWN}").stderr
    assert ("column capacity" in errors, "column takes" in errors) == (True, True)


def process(words: str, cwd: Path, **environment: str) -> subprocess.Popen[bytes]:
    """Start the command in a process of its own."""
    command = [sys.executable, "-m", "queue_engine.cli", *words.split()]
    around = os.environ | environment
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=around, cwd=cwd)


def test_another_process_elsewhere_writes_the_same_bytes(town: Path) -> None:
    """Neither hash seed, time zone, encoding of the console nor working directory matters."""
    words = re.sub(r"(\S+\.(?:csv|yaml))", rf"{town}/\1", TOWN)
    around = {"PYTHONHASHSEED": "7", "TZ": "Asia/Kamchatka", "PYTHONIOENCODING": "cp1252"}
    assert process(f"order {words}", town.parent, **around).communicate() == (QUEUES.encode(), b"")
    text, _ = process(f"explain {words} --application 1", town.parent, **around).communicate()
    assert "Очередь «Средняя»".encode() in text


def test_a_reader_who_has_seen_enough_causes_no_traceback(town: Path) -> None:
    """The pipe is closed after one line of many."""
    rows = "application,programme,child.birth_date,application.submitted_at\n"
    written("e.csv", rows + "".join(f"{n},g,2020-01-01,2026-01-01\n" for n in range(20_000)))
    with process(f"order {SMALL}", town) as running:
        assert running.stdout and running.stderr  # noqa: PT018 - both are pipes
        assert running.stdout.readline() == HEAD.encode()
        running.stdout.close()
        assert (running.stderr.read(), running.wait()) == (b"", 1)
