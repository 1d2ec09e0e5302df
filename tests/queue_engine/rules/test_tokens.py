"""A condition's text falls into tokens whose offsets are those of the text."""

from __future__ import annotations

import pytest

from queue_engine.rules.tokens import SyntaxStopError, Token, tokenise


def kinds(text: str) -> list[tuple[str, str]]:
    """Return kind and text of the tokens of a text that has no problem."""
    return [(token.kind, token.text) for token in tokenise(text, lambda *problem: pytest.fail(str(problem)))]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("2026-09-01", "date"),
        ("6y6m", "duration"),
        ("2m", "duration"),
        ("10d", "duration"),
        ("1y2m3d", "duration"),
        ("12", "number"),
        ("4.87", "number"),
        ("'general'", "text"),
        ("''", "text"),
        ("sibling.attends", "name"),
        ("sibling.аttends", "name"),
        ("==", "operator"),
        ("<=", "operator"),
        (">", "operator"),
        (",", "mark"),
        ("=", "bad"),
    ],
)
def test_every_kind_of_token_is_told_apart(text: str, kind: str) -> None:
    """One token of each kind is read whole, and the end follows it."""
    assert kinds(text) == [(kind, text), ("end", "")]


def test_offsets_point_into_the_text_and_the_end_stands_after_the_last_letter() -> None:
    """Carets are drawn by these offsets, so blanks around tokens must not move them."""
    tokens = tokenise("  age( on  today )  ", lambda *problem: pytest.fail(str(problem)))
    assert [token.at for token in tokens] == [2, 5, 7, 11, 17, 18]


def test_a_text_of_blanks_is_only_its_end() -> None:
    """Nothing but blanks gives the end at offset 0."""
    assert tokenise("   ", lambda *problem: pytest.fail(str(problem))) == [Token("end", "", 0)]


def test_messages_call_the_end_by_its_name() -> None:
    """The end has no text, so it is shown in words."""
    assert (Token("end", "", 3).shown, Token("name", "or", 0).shown) == ("the end", "'or'")


@pytest.mark.parametrize(
    ("text", "at", "width", "message", "remedy"),
    [
        ("a and 6y6", 6, 3, "'6y6' is not a number, a date or a duration", "write 12, 4.87, 2026-09-01 or 6y6m"),
        ("a >= 5years old", 5, 6, "'5years' is not a number, a date or a duration", "2026-09-01"),
        ("a == 'general", 5, 1, "unexpected '''", "close the text with another '"),
        ('a == "general"', 5, 1, "unexpected '\"'", "write texts between ' and '"),
        ("a && b", 2, 1, "unexpected '&'", "write the words 'and', 'or', 'not'"),
        ("a | b", 2, 1, "unexpected '|'", "write the words 'and', 'or', 'not'"),
        ("!a", 0, 1, "unexpected '!'", "write the words 'and', 'or', 'not'"),
        ("a + b", 2, 1, "unexpected '+'", ""),
    ],
)
def test_what_begins_no_token_is_reported_at_its_character(
    text: str, at: int, width: int, message: str, remedy: str
) -> None:
    """The first unreadable character stops the reading, with its place and what to write instead."""
    found: list[tuple[str, int, int, str, str, str]] = []
    with pytest.raises(SyntaxStopError):
        tokenise(text, lambda *problem: found.append(problem))
    assert len(found) == 1
    assert found[0][:4] == ("Q011", at, width, message)
    assert remedy in found[0][4]
    assert bool(remedy) == bool(found[0][4])
