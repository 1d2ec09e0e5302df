"""The command round, as a new user types it: tables and places in, the files of a round out, and what refuses them."""

from __future__ import annotations

import csv
import os
import random
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from queue_engine import Journal, LiveTown, load_rules, replay, rules_digest
from queue_engine.cli import main
from queue_engine.events import (
    Accepted,
    DayAdvanced,
    DocumentAdded,
    DocumentConfirmed,
    Enrolled,
    Event,
    Filed,
    ProgrammeOpened,
    Reviewed,
    RulesPublished,
    Wish,
)
from queue_engine.facts import date_to_day
from queue_engine.ledger import account
from queue_engine.portal_counters import portal_changes
from queue_engine.rounds import run as run_round
from queue_engine.rounds.issuing import freeze_state, publish, record_frozen

ROOT = Path(__file__).parent.parent
KINDERGARTEN = ROOT / "rules" / "region-74" / "kindergarten.yaml"
TABLES = {
    "entries": """application,wish,programme,sibling.attends,address.in_territory,place.holds_here
A,1,D1,no,yes,no
A,2,D2,no,no,no
B,1,D1,no,no,no
B,2,D3,no,no,no
C,1,D1,no,no,no
D,1,D2,no,no,no
D,2,D1,no,no,no
E,1,D1,yes,no,no
E,2,D2,no,no,no
F,1,D2,no,no,no
G,1,D1,no,no,no
G,2,D3,no,no,yes
""",
    "applications": """application,application.number,application.submitted_at,child.birth_date,consent.other_programmes
A,1,2024-01-10,2022-05-01,no
B,2,2024-01-09,2022-05-01,yes
C,3,2025-03-01,2022-05-01,no
D,4,2025-06-15,2022-05-01,no
E,5,2025-02-02,2022-05-01,yes
F,6,2023-12-01,2022-05-01,no
G,7,2024-05-05,2022-05-01,no
""",
    "documents": """application,category,from,to,confirmed
C,large_family,2025-01-01,2027-01-01,yes
D,prosecutor_child,2025-01-01,2027-01-01,yes
""",
    "programmes": """programme,organisation,title,capacity
D1,o1,Первый,2
D2,o2,Второй,1
D3,o3,Третий,1
D4,o4,Четвёртый,
""",
    "places": "programme,places\nD1,2\nD2,1\nD3,1\n",
}
FILES = "--entries entries.csv --applications applications.csv --documents documents.csv --programmes programmes.csv"
DAYS = "--on 2026-04-15 --date study_start=2026-09-01 --date round_date=2026-09-01"
TOWN = f"round --rules {KINDERGARTEN} {FILES} {DAYS}"
ROUND = f"{TOWN} --places places.csv"
PLACED = "application,programme,wish,pass,seat\nA,D1,1,main,general\nC,D1,1,main,general\nD,D2,1,main,general\n"
HELD = "G,D3,2,main,held\n"
WRITTEN = ["freeze.jsonl", "not_placed.csv", "placed.csv", "protocol.csv", "refusals.csv", "result.jsonl"]


@pytest.fixture(autouse=True)
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with the tables of three kindergartens and seven children, and stand in it."""
    monkeypatch.chdir(tmp_path)
    for name, text in TABLES.items():
        written(f"{name}.csv", text)
    return tmp_path


def written(name: str, text: str) -> None:
    """Write a file of the town."""
    Path(name).write_text(text, encoding="utf-8")


def run(words: str) -> Result:
    """Run the command; anything but an ordinary end is an error of the test."""
    result = CliRunner().invoke(main, words.split())
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result


def placed(words: str) -> str:
    """Return what a round prints, after checking that it was held."""
    result = run(words)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def rows(file: str) -> list[dict[str, str]]:
    """Return the rows of a list."""
    with Path(file).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_worked_example_is_placed_and_verifies() -> None:
    """C and A get D1, D gets D2, G stays at D3; B, E and F wait; what stands in the folder checks itself."""
    assert placed(f"{ROUND} --out r") == ""
    assert sorted(path.name for path in Path("r").iterdir()) == WRITTEN
    assert Path("r/placed.csv").read_text(encoding="utf-8") == PLACED + HELD
    assert [row["application"] for row in rows("r/not_placed.csv")] == ["B", "E", "F"]
    checked = run("verify r")
    assert (checked.exit_code, checked.stdout) == (0, "r: no findings\n")


def test_a_refused_wish_is_told_with_its_cut_off_and_the_step() -> None:
    """B at D1 is the fifth for two seats, the last at the third place by territory; at D3 a transfer stays."""
    placed(f"{ROUND} --out r")
    told = {(row["application"], row["programme"]): list(row.values())[3:] for row in rows("r/refusals.csv")}
    assert told["B", "D1"] == ["5", "2", "A", "3", "territory"]
    assert told["B", "D3"] == ["2", "1", "G", "1", "held"]
    assert told["F", "D2"] == ["2", "1", "D", "1", "right"]


@pytest.mark.parametrize("name", WRITTEN)
def test_a_file_edited_by_hand_is_found_and_named(name: str) -> None:
    """One character in any of the files."""
    placed(f"{ROUND} --out r")
    file = Path("r", name)
    text = file.read_text(encoding="utf-8")
    file.write_text(text[::-1].replace("1", "2", 1)[::-1], encoding="utf-8")
    assert file.read_text(encoding="utf-8") != text
    checked = run("verify r")
    assert checked.exit_code == 1
    assert any(line.startswith(name) for line in checked.stdout.splitlines()), checked.stdout


@pytest.mark.parametrize("column", ["places", "capacity", "declared"])
def test_places_stand_in_a_column_of_one_of_three_names(column: str) -> None:
    """The names that tables of places have."""
    written("places.csv", TABLES["places"].replace("places", column))
    assert placed(ROUND) == PLACED + HELD


def test_the_table_of_programmes_gives_the_places_by_itself() -> None:
    """What has no capacity there gives none; a table without any asks for --places."""
    assert placed(TOWN) == PLACED + HELD
    written("programmes.csv", re.sub(r",\d*$", "", TABLES["programmes"].replace(",capacity", ""), flags=re.MULTILINE))
    result = run(TOWN)
    assert (result.exit_code, "--places" in result.stderr) == (2, True)


def test_all_that_is_wrong_with_files_of_a_round_is_told_at_once() -> None:
    """Cells, ids, circles of places and of children, other programmes: one list, exit status 1, and nothing written."""
    cells = "D1,2,,,,D2,,\nD2,1,,,,D1,,\nD3,0,,,,,,\nD9,1,,,,,,\nD4,-1,,,,,,\nD4,1,2,,1,D8,odd,soon\n,1,,,,,,\n"
    written("places.csv", f"programme,places,withheld,ground,norm,flows_to,kind,until\n{cells}")
    written("together.csv", "application,with\nA,B\nB,A\nZ,A\n")
    written("others.csv", "programme,other,order\nD1,D7,1\n")
    result = run(f"{ROUND} --together together.csv --others others.csv --out r")
    assert (result.exit_code, result.stdout, Path("r").exists()) == (1, "", False)
    told = re.findall(r"^(\S+?):? (?:row (\d+), )?(?:column (\w+): )?error (D\d+)", result.stderr, re.MULTILINE)
    assert told == [
        ("bundles", "", "", "D010"),
        ("bundles", "", "", "D010"),
        ("bundles", "", "", "D010"),
        ("others.csv", "2", "other", "D002"),
        ("places.csv", "2", "flows_to", "D007"),
        ("places.csv", "3", "flows_to", "D007"),
        ("places.csv", "4", "programme", "D005"),
        ("places.csv", "5", "programme", "D002"),
        ("places.csv", "6", "places", "D001"),
        ("places.csv", "7", "flows_to", "D007"),
        ("places.csv", "7", "ground", "D004"),
        ("places.csv", "7", "kind", "D001"),
        ("places.csv", "7", "programme", "D002"),
        ("places.csv", "7", "until", "D001"),
        ("places.csv", "7", "withheld", "D003"),
        ("places.csv", "8", "programme", "D001"),
    ]


def test_bad_tables_are_told_together_with_bad_places() -> None:
    """Whoever mends one file knows of the other."""
    written("places.csv", "programme,places\nD1,two\n")
    written("applications.csv", TABLES["applications"].replace("2022-05-01", "May", 1))
    result = run(ROUND)
    assert result.exit_code == 1
    assert "applications.csv row 2" in result.stderr
    assert "places.csv row 2" in result.stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "places.csv: error T003"),
        ("programme,places\n", "no programme has places"),
        ("programme,plases\nD1,2\n", "did you mean 'places'?"),
        ("programme,places,capacity\nD1,2,2\n", "found places and capacity"),
        ("places\n2\n", "the column programme is missing"),
        ("programme,places\nD1,2\nD2,1\nD3,0\n", "1 hold a place at 'D3', which gives 0"),
    ],
)
def test_a_file_of_places_that_cannot_be_used_is_told_alone(text: str, told: str) -> None:
    """The cause, and nothing that only follows from it."""
    written("places.csv", text)
    result = run(f"{ROUND} --out r")
    assert (result.exit_code, result.stdout, Path("r").exists()) == (1, "", False)
    assert told in result.stderr
    assert result.stderr.count("error ") == (2 if "plases" in text else 1)


def test_a_folder_that_holds_something_is_not_written_into() -> None:
    """A second round does not mix with the first."""
    placed(f"{ROUND} --out r")
    before = {path.name: path.read_bytes() for path in Path("r").iterdir()}
    result = run(f"{ROUND} --out r --name other")
    assert (result.exit_code, "D016" in result.stderr) == (1, True)
    assert {path.name: path.read_bytes() for path in Path("r").iterdir()} == before


def test_neither_the_order_of_rows_nor_the_hash_seed_changes_a_byte(town: Path) -> None:
    """Every table shuffled, in a process of its own."""
    placed(f"{ROUND} --out r")
    for name, text in TABLES.items():
        header, *lines = text.splitlines()
        random.Random(4).shuffle(lines)  # noqa: S311 - rows of a test
        written(f"{name}.csv", "\n".join([header, *lines, ""]))
    command = [sys.executable, "-m", "queue_engine.cli", *f"{ROUND} --out again".split()]
    subprocess.run(command, cwd=town, env=os.environ | {"PYTHONHASHSEED": "7"}, check=True, capture_output=True)
    for name in WRITTEN:
        assert Path("again", name).read_bytes() == Path("r", name).read_bytes(), name


def test_twins_go_together_or_to_the_next_wish() -> None:
    """One place at D1 is no place for two: both go to D2, and D1 goes to whoever is next."""
    entries = "application,wish,programme\nA,1,D1\nA,2,D2\nB,1,D1\nB,2,D2\nC,1,D1\n"
    written("entries.csv", entries)
    written("documents.csv", "application,category,from,to,confirmed\n")
    written("places.csv", "programme,places\nD1,1\nD2,2\n")
    written("together.csv", "application,with\nB,A\n")
    assert "B,D1,1" in placed(ROUND)
    assert placed(f"{ROUND} --together together.csv --out r") == ""
    assert [(row["application"], row["programme"]) for row in rows("r/placed.csv")] == [
        ("A", "D2"),
        ("B", "D2"),
        ("C", "D1"),
    ]
    assert {row["decided_by"] for row in rows("r/refusals.csv")} == {"together"}
    assert run("verify r").exit_code == 0


def test_whoever_agreed_is_offered_the_nearest_free_place() -> None:
    """B and E agreed, one place is free at D4: E asked for D1 with a sibling there, which counts nowhere else."""
    written("places.csv", TABLES["places"] + "D4,1\n")
    written("others.csv", "programme,other,order\nD1,D4,1\nD2,D4,1\n")
    assert placed(f"{ROUND} --others others.csv --out r") == ""
    assert rows("r/placed.csv")[1] == {
        "application": "B",
        "programme": "D4",
        "wish": "3",
        "pass": "others",
        "seat": "others",
    }
    assert [row["application"] for row in rows("r/not_placed.csv")] == ["E", "F"]
    assert run("verify r").exit_code == 0


def test_a_temporary_place_is_marked_and_goes_to_whoever_has_none() -> None:
    """The kind and the last day stand in the file of places, and in what is frozen; A wishes for it in vain."""
    written("places.csv", "programme,places,kind,until\nD1,2,,\nD2,1,temporary,2026-12-31\nD3,1,,\n")
    assert placed(f"{ROUND} --out r") == ""
    assert {row["application"]: (row["programme"], row["pass"]) for row in rows("r/placed.csv")} == {
        "C": ("D1", "main"),
        "D": ("D1", "main"),
        "F": ("D2", "temporary"),
        "G": ("D3", "main"),
    }
    assert '"interim":true' in Path("r/result.jsonl").read_text(encoding="utf-8")
    assert run("verify r").exit_code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("B --lang en", "application B stood at place 5 of 6"),
        ("B --lang en", "by the rule “address in the assigned territory” (273-ФЗ, ч. 3 ст. 67)"),
        ("B --lang en", "Every place there is held already by those who attend."),
        ("B", "заявление B стояло на 5-м месте из 6"),
        ("B --for officer --lang en", "*territory  address in the assigned territory: no | yes"),
    ],
)
def test_a_family_and_an_officer_are_told_why_not(words: str, told: str) -> None:
    """Every wish in words; a family reads no other number."""
    result = run(f"{ROUND} --why-not {words}")
    assert (result.exit_code, result.stderr, told in result.stdout) == (0, "", True)
    if "officer" not in words:
        assert not re.search(r"\b[ACDEFG]\b", result.stdout)


def test_why_not_is_asked_of_somebody_known_and_writes_nothing() -> None:
    """Who got the first wish was refused nothing; who stands in no queue reads the condition that failed."""
    assert run(f"{ROUND} --why-not A").stdout == ""
    assert run(f"{ROUND} --why-not Z").exit_code == 1
    assert run(f"{ROUND} --why-not B --out r").exit_code == 2
    written(
        "applications.csv", TABLES["applications"].replace("F,6,2023-12-01,2022-05-01", "F,6,2023-12-01,2012-05-01")
    )
    assert "From 2 months to 8 years old" in run(f"{ROUND} --why-not F --lang en").stdout


def test_the_day_after_the_round_the_place_of_b_is_told_to_the_last_child() -> None:
    """5 → 2: three got places; then a police officer's child goes ahead: 3."""
    rules = load_rules(KINDERGARTEN)
    journal, digest = Journal("75701000"), rules_digest(rules)
    live = LiveTown("75701000", {digest: rules})
    day = date_to_day(date(2026, 4, 15))
    by = {"at": day * 86_400_000, "actor": "officer"}
    opened = [ProgrammeOpened(name, name, name, seats, **by) for name, seats in (("D1", 2), ("D2", 1), ("D3", 1))]
    study = {"study_start": date_to_day(date(2026, 9, 1)), "round_date": date_to_day(date(2026, 9, 1))}
    journal.append_many([DayAdvanced(day, **by), *opened, RulesPublished(digest, dates=study, **by)])
    for each in _children(by):
        journal.append(each)
    frozen = freeze_state(replay(journal, {digest: rules}), "april")
    record_frozen(journal, frozen.frozen, at=by["at"], actor="commission")
    before = len(journal)
    outcome = run_round(frozen.frozen)
    state = replay(journal, {digest: rules})
    publish(journal, state, frozen.frozen, outcome, deadline=day + 30, at=by["at"], actor="commission")
    for name, at in (("A", "D1"), ("C", "D1"), ("D", "D2")):
        journal.append_many([Accepted(name, at, **by), Enrolled(name, at, **by)])
    after = len(journal)
    police = [
        Filed("P", 8, day * 86_400, {"child.birth_date": day - 1400, "address.lives_here": 1}, [Wish("D1")], **by),
        Reviewed("P", "registered", **by),
        DocumentAdded("P", "card", "police_child", **by),
        DocumentConfirmed("P", "card", **by),
    ]
    journal.append_many(police)
    for entry in range(1, len(journal) + 1):
        live.follow(journal.event(entry), entry)
    events = dict(enumerate(journal, start=1))
    first, second = account(live, journal, "B", "D1", before, after), account(live, journal, "B", "D1", after)
    assert (first.before, first.after) == (5, 2)
    assert portal_changes(first, events) == {"IncreaseQueue": 0, "GotAPlace": 3, "IncreaseBenefits": 0}
    assert (second.before, second.after) == (2, 3)
    assert portal_changes(second, events) == {"IncreaseQueue": 0, "GotAPlace": 0, "IncreaseBenefits": 1}


def _children(by: dict[str, object]) -> list[Event]:
    """Return the events by which the seven children of the worked example stand in their queues."""
    wishes: dict[str, list[Wish]] = {}
    for row in csv.DictReader(TABLES["entries"].splitlines()):
        facts = {name: 1 for name, cell in row.items() if cell == "yes"}
        wishes.setdefault(row["application"], []).append(Wish(row["programme"], facts=facts))
    found: list[Event] = []
    for row in csv.DictReader(TABLES["applications"].splitlines()):
        name, filed = row["application"], date_to_day(date.fromisoformat(row["application.submitted_at"])) * 86_400
        facts = {"child.birth_date": date_to_day(date(2022, 5, 1))}
        found += [
            Filed(name, int(row["application.number"]), filed, facts, wishes[name], **by),  # type: ignore[arg-type]
            Reviewed(name, "registered", **by),  # type: ignore[arg-type]
        ]
    for row in csv.DictReader(TABLES["documents"].splitlines()):
        name = row["application"]
        found += [
            DocumentAdded(name, "paper", row["category"], **by),  # type: ignore[arg-type]
            DocumentConfirmed(name, "paper", **by),  # type: ignore[arg-type]
        ]
    return found
