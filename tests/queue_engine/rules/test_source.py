"""YAML is read by shape: scalars stay text, and what is hard to read is refused at its place."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from queue_engine.facts import parse_date
from queue_engine.rules.source import Node, SourceFile, read_source


def root(text: str) -> tuple[SourceFile, Node]:
    """Return a source without problems, and its document."""
    source = SourceFile("k.yaml", text)
    node = source.root()
    assert node is not None, source.problems
    return source, node


def value(text: str) -> tuple[SourceFile, Node]:
    """Return the node of the one value of `key: …`."""
    source, node = root(f"key: {text}")
    return source, source.mapping(node, "a part", required=["key"])["key"]


def told(source: SourceFile) -> list[str]:
    """Return place, code and message of the problems found so far."""
    return [f"{each.place.line}:{each.place.column} {each.code} {each.message}" for each in source.problems]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "0:0 Q001 the file is empty"),
        ("# nothing but a remark\n", "0:0 Q001 the file is empty"),
        ("a: 1\n b: 2\n", "2:3 Q001 mapping values are not allowed in this context"),
        ("a: 1\n---\nb: 2\n", "2:1 Q001 but found another document"),
        ("a: &x [1]\nb: *x\n", "1:4 Q001 anchors and aliases (& and *) are not used"),
        ("a: !!int 1\n", None),
        ("a: !own 1\n", "1:4 Q001 the tag !own is not used in rule files"),
        ("a: {b: 1,\n  c: 2}\n", "1:4 Q001 a {…} or […] must stand on one line"),
        ("a: [b,\n  c]\n", "1:4 Q001 a {…} or […] must stand on one line"),
        ("a:\n  <<: {b: 1}\n", "2:3 Q001 merge keys (<<) are not used"),
    ],
)
def test_yaml_that_is_hard_to_read_is_refused_at_its_place(text: str, problem: str | None) -> None:
    """Broken text, several documents, aliases, own tags, merge keys and long braces are told once."""
    source = SourceFile("k.yaml", text)
    node = source.root()
    assert told(source) == ([] if problem is None else [problem])
    assert (node is None) == (problem is not None)


def test_a_character_yaml_forbids_is_a_problem_and_no_crash() -> None:
    """A control character in the text is told, with advice how to save the file."""
    source = SourceFile("k.yaml", "a: \x01\n")
    assert source.root() is None
    [problem] = source.problems
    assert problem.code == "Q001"


@pytest.mark.parametrize("text", ["no", "010", "4.10", "2026-09-01", "12:30", "~", "null", "1e3", "0x1F"])
def test_a_scalar_stays_the_text_that_was_written(text: str) -> None:
    """YAML's own guesses about types are never made."""
    source, node = value(text)
    assert source.scalar(node, "a text") == text
    assert source.problems == []


def test_keys_that_are_unknown_missing_or_written_twice_are_all_told() -> None:
    """One reading tells of every key, with the nearest known one or all of them."""
    source, node = root("title: x\ntitle: y\nlokced: yes\nzzz: 1\n")
    read = source.mapping(node, "a step", required=["id", "title"], optional=["locked"])
    assert list(read) == ["title"]
    assert told(source) == [
        "2:1 Q002 key 'title' is written twice (first at line 1)",
        "3:1 Q004 'lokced' is not known in a step",
        "4:1 Q004 'zzz' is not known in a step",
        "1:1 Q005 a step must have 'id'",
    ]
    assert [each.remedy for each in source.problems[1:]] == [
        "did you mean 'locked'?", "known here: id, title, locked", "add 'id:'",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("known", "listed"), [(["ru"], "'ru'"), (["ru", "en"], "'ru' and 'en'"), (["a", "b", "c"], "'a', 'b' and 'c'")]
)
def test_a_comma_in_braces_is_recognised(known: list[str], listed: str) -> None:
    """A key without a value inside {…} is the rest of a text, and the remedy says so."""
    source, node = value("{%s: one, two}" % known[0])  # noqa: UP031 - braces are the point
    source.mapping(node, "a title", optional=known)
    [problem] = source.problems
    assert (problem.code, problem.found) == ("Q008", "two")
    assert problem.message == f"a title has only {listed}, found 'two'"
    assert problem.remedy == "a comma splits a {…} line: put the text in quotes or on its own line"


def test_what_should_be_a_mapping_or_has_keys_that_are_no_words_is_told() -> None:
    """A list in place of keys, and a list used as a key, are both refused."""
    source, node = value("[1, 2]")
    assert source.mapping(node, "a step") == {}
    source, node = root("? [a, b]\n: 1\nc: 2\n")
    assert list(source.pairs(node, "a step")) == ["c"]
    assert told(source) == ["1:3 Q003 a key of a step must be a word"]


def test_a_list_is_asked_for_where_one_is_needed() -> None:
    """Nothing gives no items; anything but a list is told."""
    source, node = value("one")
    assert source.items(None, "changes") == []
    assert source.items(node, "changes") == []
    assert told(source) == ["1:6 Q003 changes is a list: every item starts with '- '"]
    source, node = value("[a, b]")
    assert len(source.items(node, "changes")) == 2


@pytest.mark.parametrize(
    ("text", "problem"), [("", "1:5 Q003 a title is empty"), ("[a]", "1:6 Q003 a title must be one text")]
)
def test_a_text_is_asked_for_where_one_is_needed(text: str, problem: str) -> None:
    """An empty scalar and a list are told; an absent node is somebody else's matter."""
    source, node = value(text)
    assert source.scalar(None, "a title") == ""
    assert source.scalar(node, "a title") == ""
    assert told(source) == [problem]


@pytest.mark.parametrize(
    ("text", "problem", "remedy"),
    [
        ("2026-02-30", "1:6 Q021 there is no such day: 2026-02-30", ""),
        ("01.09.2026", "1:6 Q021 '01.09.2026' is not a date YYYY-MM-DD", "write it like 2026-09-01"),
        ("", "1:5 Q003 a date is empty", "write it, or remove the key"),
    ],
)
def test_a_day_is_one_of_the_calendar(text: str, problem: str, remedy: str) -> None:
    """A day that does not exist is told apart from one written another way."""
    source, node = value(text)
    assert source.day(node) is None
    assert told(source) == [problem]
    assert source.problems[0].remedy == remedy


def test_a_day_of_the_calendar_is_its_number() -> None:
    """A good day has no problem; an absent one is None."""
    source, node = value("2026-09-01")
    assert (source.day(node), source.day(None), source.problems) == (parse_date("2026-09-01"), None, [])


@pytest.mark.parametrize(("text", "expected"), [("yes", True), ("no", False)])
def test_yes_and_no_are_words(text: str, expected: bool) -> None:  # noqa: FBT001
    """The two words are read; an absent one is the default."""
    source, node = value(text)
    assert source.yes_no(node) is expected
    assert source.yes_no(None, default=True) is True
    assert source.problems == []


@pytest.mark.parametrize(
    ("text", "remedy"), [("genral", "did you mean 'general'?"), ("zzz", "write one of: general, keep")]
)
def test_a_word_out_of_a_closed_list_names_the_list(text: str, remedy: str) -> None:
    """A misspelt word is answered with the nearest one, a strange one with all."""
    source, node = value(text)
    assert source.choice(node, iter(["general", "keep"]), "a use of seats") == ""
    [problem] = source.problems
    assert (problem.code, problem.message, problem.remedy) == ("Q025", f"'{text}' is not a use of seats", remedy)


def test_the_source_line_is_shown_without_the_end_of_line_of_windows() -> None:
    """Carets stand under the words in a file of Windows too; lines outside the file are empty."""
    source, node = root("a: 1\r\nlong_key: 2\r\n")
    source.mapping(node, "a part", optional=["a"])
    [problem] = source.problems
    assert (problem.source, problem.place.column, problem.width) == ("long_key: 2", 1, len("long_key"))
    assert (source.line_text(0), source.line_text(99)) == ("", "")


def test_carets_never_run_past_the_line() -> None:
    """A node of several lines is marked by one character."""
    source, node = root("a:\n  b: 1\n  c: 2\n")
    source.report("Q000", node, "all of it")
    assert isinstance(node, yaml.MappingNode)
    assert source.problems[0].width == 1


def test_a_file_is_read_with_and_without_a_mark(tmp_path: Path) -> None:
    """The byte-order mark that Windows writes is no part of the text."""
    path = tmp_path / "k.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_source(path).text == "a: 1\n"
    assert read_source(path, "shown").name == "shown"


@pytest.mark.parametrize(
    ("content", "message"),
    [("приказ".encode("cp1251"), "byte 0 is not UTF-8 text"), (None, "cannot be read: No such file or directory")],
)
def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path, content: bytes | None, message: str) -> None:
    """Another encoding and an absent file are told like any other problem."""
    path = tmp_path / "k.yaml"
    if content is not None:
        path.write_bytes(content)
    [problem] = read_source(path).problems
    assert (problem.code, problem.place.file, problem.message) == ("Q001", str(path), message)
