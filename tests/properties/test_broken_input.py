"""A thousand broken rule files and tables: never a traceback, only problems that say where they stand."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queue_engine import (
    OrderError,
    Problem,
    RuleSet,
    TableError,
    check_library,
    errors_of,
    load_rules,
    order,
    read_library,
    read_tables,
    write_example,
)
from queue_engine.rules.amendments import effective, regimes

ROOT = Path(__file__).parents[2]
RULES = ROOT / "rules"
RULE_FILES = (
    "facts",
    "region-74/camp",
    "region-74/college",
    "region-74/school-grade-1",
    "region-74/magnitogorsk/kindergarten",
)
CSV_FILES = ("programmes", "applications", "entries", "documents")
NASTY = (
    "'",
    '"',
    "{",
    "}",
    "[",
    "]",
    ":",
    "- ",
    "#",
    "&a ",
    "*a",
    "!!str ",
    "|",
    ">",
    "%",
    "@",
    "`",
    "\t",
    " ",
    ",",
    ";",
)
NASTY += (
    "\n",
    "\r",
    "\x00",
    "\x85",
    "\u2028",
    "\ufeff",
    "\ud7ff",
    "é",
    "😀",
    "=",
    "==",
    "not ",
    "(",
    "yes",
    "0",
    "9" * 30,
    "<<: ",
)
TWINS = str.maketrans("aceopxyABCEHKMOPTX", "асеорхуАВСЕНКМОРТХ")
WHOLE_FILE = {"Q001", "Q009", "Q028"}

Change = Callable[[bytes], bytes]


def _lines(edit: Callable[[list[bytes], int, int], None]) -> Callable[[int, int], Change]:
    def change(first: int, second: int) -> Change:
        def made(data: bytes) -> bytes:
            lines = data.split(b"\n")
            edit(lines, first % len(lines), second % len(lines))
            return b"\n".join(lines)

        return made

    return change


def _swap(lines: list[bytes], one: int, other: int) -> None:
    lines[one], lines[other] = lines[other], lines[one]


def _double(lines: list[bytes], one: int, other: int) -> None:
    lines.insert(other, lines[one])


def _drop(lines: list[bytes], one: int, _: int) -> None:
    del lines[one]


def _shift(lines: list[bytes], one: int, other: int) -> None:
    lines[one] = b" " * (other % 7) + lines[one].lstrip()


def _twin(lines: list[bytes], one: int, other: int) -> None:
    text = lines[one].decode("utf-8", "replace")
    cut = other % (len(text) + 1)
    lines[one] = (text[:cut] + text[cut:].translate(TWINS)).encode()


def _characters(first: int, second: int) -> Change:
    def made(data: bytes) -> bytes:
        text = data.decode("utf-8", "replace")
        cut = first % (len(text) + 1)
        return (text[:cut] + NASTY[second % len(NASTY)] + text[cut + second % 3 :]).encode()

    return made


def _bytes(first: int, second: int) -> Change:
    def made(data: bytes) -> bytes:
        cut = first % (len(data) + 1)
        return data[:cut] + bytes([second % 256, first % 256]) + data[cut + second % 3 :]

    return made


def _end(first: int, _: int) -> Change:
    return lambda data: data[: first % (len(data) + 1)]


KINDS = (*map(_lines, (_swap, _double, _drop, _shift, _twin)), _characters, _characters, _characters, _bytes, _end)
NUMBERS = st.integers(0, 2**20)
CHANGES = st.lists(st.tuples(st.integers(0, len(KINDS) - 1), NUMBERS, NUMBERS), min_size=1, max_size=3)


def _broken(data: bytes, changes: Iterable[tuple[int, int, int]]) -> bytes:
    for kind, first, second in changes:
        data = KINDS[kind](first, second)(data)
    return data


def _stands_in_a_file(problem: Problem) -> None:
    """Check that a problem of a rule file says where it stands, with the line it means."""
    assert re.fullmatch(r"Q\d{3}", problem.code)
    assert problem.message
    place = problem.place
    text = Path(place.file).read_bytes().decode("utf-8-sig", "replace")
    if place.line:
        lines = re.split("\r\n|[\n\r\x85\u2028\u2029]", text)
        assert place.line <= len(lines) + 1
        line = lines[place.line - 1] if place.line <= len(lines) else ""
        assert problem.source == line
        assert 1 <= place.column <= len(line) + 1
        assert problem.render().startswith(f"{place.file}:{place.line}:{place.column}: {problem.severity} ")
    else:
        assert problem.code in WHOLE_FILE


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Return a copy of some of the rules."""
    for name in (*RULE_FILES, "region-74/kindergarten"):
        path = tmp_path / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(RULES / f"{name}.yaml", path)
    return tmp_path


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHANGES)
@pytest.mark.parametrize("name", RULE_FILES)
def test_a_broken_rule_file_gives_problems_and_no_traceback(
    library: Path, name: str, changes: list[tuple[int, int, int]]
) -> None:
    """Every problem stands at a character of a file; rules without errors give an order on every day they differ."""
    path = library / f"{name}.yaml"
    path.write_bytes(_broken((RULES / f"{name}.yaml").read_bytes(), changes))
    asked = library / "region-74/camp.yaml" if name == "facts" else path
    problems = check_library(read_library([asked]))
    for problem in problems:
        _stands_in_a_file(problem)
    if errors_of(problems):
        return
    rules = load_rules(asked)
    for day in regimes(rules):
        assert effective(rules, day).order


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    """Return the kindergarten rules."""
    return load_rules(RULES / "region-74" / "kindergarten.yaml")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small kindergarten town."""
    folder = tmp_path_factory.mktemp("town")
    write_example(folder, applications=20)
    return folder / "kindergarten"


@settings(max_examples=125, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CHANGES)
@pytest.mark.parametrize("name", CSV_FILES)
def test_a_broken_table_gives_problems_and_no_traceback(
    town: Path, rules: RuleSet, tmp_path: Path, name: str, changes: list[tuple[int, int, int]]
) -> None:
    """Every problem names its file, and the row or the column; tables without problems are ordered."""
    files = {each: town / f"{each}.csv" for each in CSV_FILES}
    broken = tmp_path / f"{name}.csv"
    broken.write_bytes(_broken(files[name].read_bytes(), changes))
    files[name] = broken
    problems: Iterable[Problem] = ()
    try:
        tables = read_tables(rules.vocabulary, **files)
        order(tables, rules, date(2026, 4, 15), {"study_start": date(2026, 9, 1)})
    except (TableError, OrderError) as error:
        problems = error.problems
    for problem in problems:
        assert re.fullmatch(r"[QT]\d{3}", problem.code)
        assert problem.message
        assert problem.place.file in map(str, (*files.values(), "tables"))
        assert problem.place.line or problem.place.field or problem.code in {"T001", "T002", "T003", "T070"}
        assert "\n" not in str(problem)
