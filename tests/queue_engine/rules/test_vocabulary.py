"""facts.yaml: what it may say, and every slip told at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from queue_engine.errors import RuleError
from queue_engine.facts import FactType, Per, Unknown
from queue_engine.rules.source import SourceFile
from queue_engine.rules.vocabulary import find_root, load_vocabulary, read_vocabulary

GOOD = """\
utc_offset: "+05:00"
facts:
  grade.average: {type: decimal(4), ru: балл, en: grade, least: 2.00, most: 5.00, unknown: refuse}
  filed.at: {type: instant, ru: подано, en: filed, least: 0, most: 2030-01-01 00:00:00}
  sibling.attends: {type: yes_no, ru: брат, en: sibling, per: entry}
  orientation:
    type: choice
    ru: направленность
    en: orientation
    choices: {general: {ru: общая, en: general}}
categories:
  large_family: {ru: многодетная, en: large family, show_as: first_turn}
dates:
  study_start: {ru: начало, en: start}
  round_date: {ru: расчёт, en: round, default: study_start}
"""


def codes(text: str) -> list[tuple[str, int, str]]:
    """Return (code, line, message) of every problem of a vocabulary."""
    source = SourceFile("facts.yaml", text)
    read_vocabulary(source)
    return [(problem.code, problem.place.line, problem.message) for problem in sorted(source.problems)]


def test_a_vocabulary_says_types_ranges_and_what_unknown_means(tmp_path: Path) -> None:
    """Bounds are the engine's integers; the meaning of "not known" has a default by type."""
    path = tmp_path / "facts.yaml"
    path.write_text(GOOD, encoding="utf-8")
    vocabulary = load_vocabulary(path)
    average, filed, sibling = (vocabulary.facts[name] for name in ("grade.average", "filed.at", "sibling.attends"))
    assert (average.type, average.digits, average.least, average.most) == (FactType.DECIMAL, 4, 20_000, 50_000)
    assert (average.unknown, filed.unknown, sibling.unknown) == (Unknown.REFUSE, Unknown.LAST, Unknown.NO)
    assert (filed.least, sibling.per, vocabulary.utc_offset_minutes) == (0, Per.ENTRY, 300)
    assert vocabulary.facts["orientation"].choices["general"].en == "general"
    assert vocabulary.category_codes == {"large_family": 0}
    assert vocabulary.dates["round_date"].default == "study_start"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (
            "  x: {type: yes_no, ru: а, en: a, unknown: refused}",
            ("Q025", 2, "'refused' is not a policy for unknown values"),
        ),
        ("  x: {type: number, ru: а, en: a, unknown: no}", ("Q025", 2, "'unknown: no' is only for yes_no facts")),
        ("  x: {type: text, ru: а, en: a}", ("Q025", 2, "'text' is not a type")),
        ("  x: {type: number, en: a}", ("Q005", 2, "a fact must have 'ru'")),
        ("  x: {type: number, ru: а, en: a, least: 5, most: 2}", ("Q023", 2, "x: 'most' is below 'least'")),
        ("  x: {type: number, ru: а, en: a, least: low}", ("Q023", 2, "'low' is not a whole number")),
        ("  x: {type: yes_no, ru: а, en: a, least: 0}", ("Q004", 2, "a yes_no has no range")),
        (
            "  x: {type: number, ru: а, en: a, choices: {b: {ru: б, en: b}}}",
            ("Q004", 2, "only a choice lists its choices"),
        ),
        (
            "  x: {type: date, ru: а, en: a, unique: yes}",
            ("Q025", 2, "x: only a number of the application can be unique"),
        ),
        ("  Икс: {type: date, ru: а, en: a}", ("Q009", 2, "'Икс' is not a name")),
        ("  x: {type: number, ru: а, en: a, least: ''}", ("Q003", 2, "a bound is empty")),
    ],
)
def test_a_slip_in_a_fact_is_told_at_its_line(line: str, problem: tuple[str, int, str]) -> None:
    """Each slip gives one problem, and only that."""
    assert codes(f"facts:\n{line}\n") == [problem]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("dates: {}\n", ("Q005", 1, "the vocabulary must have 'facts'")),
        ("facts: {}\nutc_offset: east\n", ("Q025", 2, "an offset from UTC is written like '+05:00'")),
        ("facts: {}\nutc_offset: '+15:00'\n", ("Q025", 2, "an offset from UTC is written like '+05:00'")),
        (
            "facts: {}\ndates:\n  a: {ru: а, en: a, default: b}\n",
            ("Q025", 3, "'b' is not today or a date written above"),
        ),
        ("", ("Q001", 0, "the file is empty")),
    ],
)
def test_a_slip_in_the_file_is_told_at_its_line(text: str, problem: tuple[str, int, str]) -> None:
    """The rest of the file is still read."""
    assert codes(text) == [problem]


def test_an_offset_west_of_greenwich_is_negative() -> None:
    """The municipality may stand anywhere."""
    assert read_vocabulary(SourceFile("facts.yaml", "facts: {}\nutc_offset: '-03:30'\n")).utc_offset_minutes == -210


def test_a_vocabulary_with_problems_is_refused_whole(tmp_path: Path) -> None:
    """Nothing half-read is returned."""
    path = tmp_path / "facts.yaml"
    path.write_text("facts:\n  x: {type: text, ru: а, en: a}\n", encoding="utf-8")
    with pytest.raises(RuleError, match="not a type"):
        load_vocabulary(path)


def test_the_root_is_the_nearest_folder_that_holds_the_vocabulary(tmp_path: Path) -> None:
    """A folder below finds it above; a folder elsewhere finds none."""
    (tmp_path / "rules" / "region").mkdir(parents=True)
    (tmp_path / "rules" / "facts.yaml").write_text("facts: {}\n", encoding="utf-8")
    assert find_root(tmp_path / "rules" / "region") == (tmp_path / "rules").resolve()
    assert find_root(tmp_path) is None
