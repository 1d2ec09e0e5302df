"""The command `whatif` on a small college."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from queue_engine.allocation import MECHANISMS
from queue_engine.cli.whatif import whatif

RULES = Path(__file__).parents[3] / "rules" / "region-74" / "college.yaml"
ENTRIES = "application,programme,wish,grade.average\n1,welders,1,4.5\n1,cooks,2,4.5\n2,welders,1,4.75\n3,cooks,1,4\n"
APPLICATIONS = (
    "application,application.number,application.submitted_at\n1,1,2026-07-01\n2,2,2026-07-02\n3,3,2026-07-03\n"
)
SEED = "ab" * 32


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Write two programmes with a seat each, and a draft in which the cooks have none."""
    files = {
        "entries.csv": ENTRIES,
        "applications.csv": APPLICATIONS,
        "places.csv": "programme,places\nwelders,1\ncooks,1\n",
        "draft.csv": "programme,places\nwelders,2\ncooks,0\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def run(town: Path, *words: str, on: tuple[str, ...] = ("--on", "2026-08-16")) -> Result:
    """Run the command on the town."""
    given = ("--rules", str(RULES), "--entries", str(town / "entries.csv"), *on)
    given = (*given, "--applications", str(town / "applications.csv"), "--places", str(town / "places.csv"))
    return CliRunner().invoke(whatif, [*given, *words])


def draft(town: Path) -> tuple[str, str]:
    """Return the option of the draft's places."""
    return "--draft-places", str(town / "draft.csv")


@pytest.mark.parametrize(("lang", "said"), [("ru", "получают место"), ("en", "get a place")])
def test_a_table_tells_figures_and_groups(town: Path, lang: str, said: str) -> None:
    """In the language asked for."""
    done = run(town, *draft(town), "--lang", lang)
    assert (done.exit_code, said in done.output) == (0, True)


def test_json_tells_who_moves(town: Path) -> None:
    """1 was a cook and is a welder: the first wish."""
    found = json.loads(run(town, *draft(town), "--json").output)
    assert found["moves"] == [{"application": "1", "kind": "dearer", "now": "cooks", "then": "welders"}]
    assert (found["now"]["first"], found["then"]["first"], found["then"]["first_rate"]) == (1, 2, "2/3")


def test_csv_tells_the_figures(town: Path) -> None:
    """Figures of what is in force, of the draft, and the change."""
    rows = list(csv.DictReader(io.StringIO(run(town, *draft(town), "--csv").output)))
    first = next(row for row in rows if row["what"] == "first")
    assert (first["now"], first["then"], first["change"]) == ("1", "2", "1")


def test_envy_of_another_mechanism_is_told_with_examples(town: Path) -> None:
    """Immediate acceptance gives the seat of the cooks to 3, whose first wish it is, though 1 stands before."""
    done = run(town, "--mechanism", "immediate-acceptance", "--lang", "en")
    assert "for example" in done.output
    found = json.loads(run(town, "--mechanism", "immediate-acceptance", "--json").output)
    assert found["envy"] == [{"programme": "cooks", "now": 0, "then": 1}]
    assert found["examples"] == [{"programme": "cooks", "refused": "1", "placed": "3"}]


def kindergartens(folder: Path) -> list[str]:
    """Write two kindergartens: 1 holds a place at D2 and wishes for D1, where 2 has a right; 3 would take D2."""
    wishes = "1,D1,1,no,no\n1,D2,2,yes,no\n2,D1,1,no,no\n3,D2,1,no,yes\n"
    filed = "".join(f"{number},{number},2025-0{number}-01,2022-05-01,yes\n" for number in (1, 2, 3))
    known = "application,application.number,application.submitted_at,child.birth_date,consent.other_programmes\n"
    files = {
        "entries": "application,programme,wish,place.holds_here,address.in_territory\n" + wishes,
        "applications": known + filed,
        "documents": "application,category,confirmed\n2,large_family,yes\n",
        "places": "programme,places\nD1,1\nD2,1\n[b]D3,1\n",
        "programmes": "programme\nD1\nD2\n[b]D3\n",
        "others": "programme,other,order\nD2,[b]D3,1\n",
    }
    words = ["--rules", str(RULES.with_name("kindergarten.yaml")), "--on", "2026-04-15"]
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        words += [f"--{name}", str(folder / f"{name}.csv")]
    return [*words, "--date", "study_start=2026-09-01", "--date", "round_date=2026-09-01"]


def test_what_a_mechanism_has_no_use_for_is_told_beside_groups(tmp_path: Path) -> None:
    """Immediate acceptance gives D2 to 3 and knows nothing of the place that 1 holds, nor of offers besides wishes."""
    words = [*kindergartens(tmp_path), "--mechanism", "immediate-acceptance"]
    told = CliRunner().invoke(whatif, [*words, "--lang", "en"])
    assert "knows nothing of: others, transfers." in told.output
    assert "Right of first turn" in told.output
    found = json.loads(CliRunner().invoke(whatif, [*words, "--json"]).output)
    assert [(each["application"], each["kind"], each["now"], each["then"]) for each in found["moves"]] == [
        ("1", "loses", "D2", ""),
        ("3", "dearer", "[b]D3", "D2"),
    ]


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_every_mechanism_is_run_on_drawn_numbers(town: Path, mechanism: str) -> None:
    """A draw from the first step on."""
    done = run(town, "--mechanism", mechanism, "--seed", SEED, "--draw-from", "grade", "--json")
    assert done.exit_code == 0
    assert json.loads(done.output)["then"]["placed"] == 2


def test_a_picture_is_written(town: Path) -> None:
    """The same bytes each time."""
    drawn = [run(town, *draft(town), "--picture", str(town / name)) for name in ("a.svg", "b.svg")]
    assert [each.exit_code for each in drawn] == [0, 0]
    assert (town / "a.svg").read_bytes() == (town / "b.svg").read_bytes()
    assert (town / "a.svg").read_text(encoding="utf-8").startswith("<svg ")


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("--json", "--csv"), 2, "choose one"),
        (("--draw-from", "grade"), 2, "--seed"),
        (("--seed", "zz"), 1, "L004"),
        (("--seed", SEED, "--draw-from", "grades"), 1, "did you mean 'grade'"),
    ],
)
def test_options_that_do_not_fit_are_refused(town: Path, words: tuple[str, ...], status: int, said: str) -> None:
    """With what to do."""
    done = run(town, *words)
    assert (done.exit_code, said in done.output) == (status, True)


def test_a_day_is_needed(town: Path) -> None:
    """As for every queue."""
    done = run(town, on=())
    assert (done.exit_code, "--on" in done.output) == (2, True)
