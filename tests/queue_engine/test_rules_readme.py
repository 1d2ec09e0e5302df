"""The handbook of rule files says what the program does: its examples are run, its codes are all there are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import attrs
import pytest

from queue_engine import (
    OrderError,
    Place,
    Problem,
    RuleError,
    TableError,
    build_tables,
    check_cases,
    check_library,
    derive_entries,
    load_rules,
    order,
    read_library,
    read_tables,
    rules_on,
)
from queue_engine.cases.files import Mark
from queue_engine.cases.runs import disagreement
from queue_engine.facts import date_to_day
from queue_engine.rules.one_by_one import PlainQueue
from queue_engine.rules.readback import page

ROOT = Path(__file__).parents[2]
README = (ROOT / "rules" / "README.md").read_text(encoding="utf-8")
RULES = "kindergarten.yaml"
TESTS = "kindergarten.test.yaml"
NOT_A_FAULT_OF_RULES = "Q064"  # the engine contradicts itself: no rule file can bring that about

_FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE_SECTION = re.compile(r"^### (Q\d{3}) (.*?)(?=^###? |\Z)", re.MULTILINE | re.DOTALL)
_TABLE_ROW = re.compile(r"^\| (T\d{3}) \| (.*?) \| (.*?) \| (.*?) \|$", re.MULTILINE)
_DIRECTIVE = re.compile(r"# (---|вместо:|перед:|день:|файла нет)\s*(.*)")


@attrs.frozen
class Example:
    """A block of the handbook that changes the complete example, and what the program says of the change.

    Args:
        claim: the first line: a code, or "верно" for a change that is accepted.
        lines: the rest of the block.
        said: what is printed after it.
        row: the line of the handbook it begins in.

    """

    claim: str
    lines: tuple[str, ...]
    said: str
    row: int

    def __str__(self) -> str:
        """Return what pytest calls it."""
        return f"line {self.row}: {self.claim}"


def complete_files() -> dict[str, str]:
    """Return the files of the complete example by name."""
    files = {}
    for language, text in _FENCED.findall(README):
        first, _, rest = text.partition("\n")
        if language == "yaml" and first.startswith("# --- "):
            files[first.removeprefix("# --- ")] = rest
    return files


def examples(text: str) -> Iterator[Example]:
    """Yield the changes of the complete example that a text shows."""
    blocks = list(_FENCED.finditer(text))
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        claim, *lines = block[2].splitlines()
        if block[1] == "yaml" and not claim.startswith("# --- "):
            said = following[2].rstrip("\n") if following and following[1] == "text" else ""
            row = text.count("\n", 0, block.start()) + 1
            yield Example(claim.removeprefix("# "), tuple(lines), said, row)


def changed(example: Example) -> tuple[dict[str, str], date | None]:
    """Return the files of the complete example that a change is about, changed, and the day it asks about."""
    whole = complete_files()
    named = [match[2] for line in example.lines if (match := _DIRECTIVE.fullmatch(line)) and match[1] == "---"]
    beside = [TESTS] if "Q060" <= example.claim <= "Q069" else []
    files = {name: whole[name] for name in ("facts.yaml", RULES, *beside, *named)}
    name, indent, at, day, before = RULES, "", 0, None, ""
    for line in example.lines:
        told = _DIRECTIVE.fullmatch(line)
        lines = files[name].split("\n") if name in files else []
        if told is None:
            files[name] = "\n".join([*lines[:at], f"{indent}{line}".rstrip(), *lines[at:]])
            at += 1
        elif told[1] == "---":
            name = told[2]
        elif told[1] == "файла нет":
            files[name] = ""
        elif told[1] == "день:":
            day = date.fromisoformat(told[2])
        else:
            found = [number for number, one in enumerate(lines) if one.strip() == told[2]]
            assert len(found) == 1, f"{name} has {len(found)} lines '{told[2]}'"
            if told[1] != before:  # of several lines that are replaced together, the first says where
                at = found[0]
                indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
            if told[1] == "вместо:":
                files[name] = "\n".join([*lines[: found[0]], *lines[found[0] + 1 :]])
        before = told[1] if told else ""
    return files, day


def problems_of(files: Mapping[str, str], day: date | None = None) -> list[Problem]:
    """Return what the program says of files in the current folder, and of the rules on a day if one is given."""
    for name, text in files.items():
        if text:
            Path(name).parent.mkdir(exist_ok=True)
            Path(name).write_text(text, encoding="utf-8")
    library = read_library(["."])
    problems = check_library(library)
    if TESTS in files and not problems:
        problems = list(check_cases(library).problems)
    if day is not None and not problems:
        try:
            rules_on(library.rule_sets["kindergarten"], day)
        except (RuleError, OrderError) as refused:
            problems = list(refused.problems)
    return problems


def printed(problem: Problem) -> str:
    """Return a problem as the command line prints it, without the place before it."""
    return problem.render().removeprefix(f"{problem.place}: ")


def codes_in_source(letter: str) -> set[str]:
    """Return every code that a module of the engine mentions."""
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "src" / "queue_engine").rglob("*.py"))
    return {code for text in texts for code in re.findall(rf"\b{letter}\d{{3}}\b", text)}


SECTIONS = {match[1]: match[2] for match in _CODE_SECTION.finditer(README)}
TABLE = {code: (meaning, cell, remedy) for code, meaning, cell, remedy in _TABLE_ROW.findall(README)}
EXAMPLES = list(examples(README))


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every example be written to a folder of its own."""
    monkeypatch.chdir(tmp_path)


def test_the_complete_example_has_no_problem() -> None:
    """The example everything else starts from is accepted, its cases pass, and they leave nothing untried."""
    files = complete_files()
    assert {"facts.yaml", RULES, TESTS, "town/kindergarten.yaml"} <= files.keys()
    assert problems_of(files) == []
    assert check_cases(read_library(["."])).cases >= len([name for name in files if name.endswith(".test.yaml")])


def test_the_page_to_sign_is_the_one_the_program_prints() -> None:
    """The handbook shows the example read back in words exactly as `show` does."""
    problems_of(complete_files())
    told = "\n".join(page(load_rules(RULES), date_to_day(date(2026, 4, 15)), "ru")).replace("\xa0", " ")
    shown = [text for language, text in _FENCED.findall(README) if language == "text" and "По правилам на" in text]
    assert [text.rstrip("\n") for text in shown] == [told]


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.claim == "верно"], ids=str)
def test_a_part_shown_as_right_is_accepted(example: Example) -> None:
    """What the handbook shows as a way to write something is accepted without a word."""
    assert [printed(problem) for problem in problems_of(*changed(example))] == []


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.claim != "верно"], ids=str)
def test_a_slip_is_told_in_the_words_of_the_handbook(example: Example) -> None:
    """Each slip is told under its own code and no other, word for word as printed in the handbook."""
    problems = problems_of(*changed(example))
    assert {problem.code for problem in problems} == {example.claim}
    assert "\n".join(map(printed, problems)) == example.said


def test_a_message_is_shown_whole_once() -> None:
    """What the handbook shows of a message's parts is what the command line prints of the same slip."""
    slip = next(example for example in EXAMPLES if example.claim == "Q019")
    (problem,) = problems_of(*changed(slip))
    assert f"\n```text\n{problem.render()}\n```\n" in README
    assert README.count(f"`{problem.place}`") == 1


def test_every_link_leads_to_a_heading() -> None:
    """A link inside the handbook names a heading, in the form in which sites of repositories address it."""
    headings = re.findall(r"^#+ (.*)$", README, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert [link for link in re.findall(r"\]\(#([^)]*)\)", README) if link not in anchors] == []


def test_every_code_of_rule_files_is_explained() -> None:
    """The handbook explains the codes that occur in the engine, each once, with an example and what to do."""
    headings = re.findall(r"^### (Q\d{3})", README, re.MULTILINE)
    assert headings == sorted(codes_in_source("Q"))
    for code, section in SECTIONS.items():
        claims = {example.claim for example in examples(section)}
        assert claims == (set() if code == NOT_A_FAULT_OF_RULES else {code})
        assert "**Что делать.**" in section


def test_a_fault_of_the_engine_is_told_in_the_words_of_the_handbook() -> None:
    """The one code that no rule file brings about is shown with the words the program has for it."""
    one, other = PlainQueue(("Аня", "Боря"), {}, {}), PlainQueue(("Боря", "Аня"), {}, {})
    (problem,) = disagreement(one, other, Mark(Place(TESTS, 4)))
    (said,) = (text for language, text in _FENCED.findall(SECTIONS[NOT_A_FAULT_OF_RULES]) if language == "text")
    assert printed(problem) == said.rstrip("\n")


def test_every_code_of_tables_is_explained() -> None:
    """The table of codes holds those that occur in the engine, each once, with every cell filled."""
    assert re.findall(r"^\| (T\d{3}) ", README, re.MULTILINE) == sorted(codes_in_source("T"))
    assert [code for code, cells in TABLE.items() if not all(map(str.strip, cells))] == []


def cell_of(code: str) -> str:
    """Return the cell that the handbook gives as an example of a code: what stands in its first back quotes."""
    quoted = re.search(r"`([^`]*)`", TABLE[code][1])
    assert quoted is not None
    return quoted[1]


@pytest.mark.parametrize(
    ("code", "table", "header", "row"),
    [
        ("T004", "entries", "application,programme", "1,{}"),
        ("T005", "entries", "application,programme", "{}"),
        ("T010", "entries", "application,programme,{}", "1,a,yes"),
        ("T020", "applications", "application,child.birth_date", "1,{}"),
        ("T023", "entries", "application,programme", "1,{}\u200b"),
        ("T025", "entries", "application,programme", "{}"),
        ("T030", "documents", "application,category,confirmed", "{},large_family,yes"),
        ("T031", "entries", "application,programme", "1,{}"),
        ("T033", "documents", "application,category,confirmed", "1,{},yes"),
        ("T051", "documents", "application,category,from,to,confirmed", "1,large_family,2026-09-01,{},yes"),
    ],
)
def test_a_cell_shown_for_a_code_brings_it_about(code: str, table: str, header: str, row: str) -> None:
    """The example cell of a row of the table is refused with the code of that row."""
    problems_of(complete_files())
    texts = {
        "entries": "application,programme\n1,a",
        "applications": "application,child.birth_date\n1,2022-05-01",
        "programmes": "programme\na",
        "documents": "application,category,confirmed\n1,large_family,yes",
    }
    cell = cell_of(code)
    texts[table] = f"{header.format(cell)}\n{row.format(cell)}"
    paths = {name: Path(f"{name}.csv") for name in texts}
    for name, path in paths.items():
        path.write_text(texts[name], encoding="utf-8")
    with pytest.raises(TableError) as refused:
        read_tables(
            load_rules(RULES).vocabulary,
            entries=paths["entries"],
            applications=paths["applications"],
            documents=paths["documents"],
            programmes=paths["programmes"],
        )
    assert {problem.code for problem in refused.value.problems} == {code}


def test_what_programmes_take_is_read_like_a_condition() -> None:
    """A slip in `takes` has the code of conditions; a fact of the programme itself has the code of the table."""
    problems_of(complete_files())
    rules = load_rules(RULES)
    entries = {"application": [1], "programme": ["a"]}
    for takes, code in (("sibling.atends", "Q019"), (cell_of("T060"), "T060")):
        tables = build_tables(rules.vocabulary, entries, programmes={"programme": ["a"], "takes": [takes]})
        with pytest.raises(TableError) as refused:
            derive_entries(tables, rules, date(2026, 4, 15))
        assert {problem.code for problem in refused.value.problems} == {code}


def test_a_column_the_rules_need_is_named() -> None:
    """The example of a missing column names one that the complete example cannot do without."""
    problems_of(complete_files())
    rules = load_rules(RULES)
    tables = build_tables(rules.vocabulary, {"application": [1], "programme": ["a"]})
    with pytest.raises(OrderError) as refused:
        order(tables, rules, date(2026, 4, 15))
    assert {problem.code for problem in refused.value.problems} == {"T070"}
    assert cell_of("T070") in {problem.expected for problem in refused.value.problems}
