from __future__ import annotations

from typing import Any

import pytest
from tests.queue_engine.verification.small_files import document, fact, when

from queue_engine.verification.documents import load


def problems(**parts: Any) -> list[str]:
    """Return what is wrong with a document of these parts."""
    return load(document(**parts))[1]


def test_a_document_with_everything_is_right() -> None:
    """Titles and what else stands there for people is passed over."""
    assert not problems(
        title="Правила",
        utc_offset=300,
        level="municipality",
        dates={"start": {"default": "end"}, "end": {"default": "today"}, "free": {}},
        given={"free": 20_000},
        facts={"income": fact("decimal", digits=2, sensitive=True, title="x"), "kind": fact("choice")},
        eligible=[when("income < 4.87", "e1"), when("kind == 'x'", "e2")],
        order=[
            {
                "id": "s1",
                "kind": "groups",
                "groups": [{"id": "g1"}, {"id": "g2", "everyone_else": True}],
                "grounds": [{"group": "g1", "id": "x", "when": "income < 1"}],
            },
            {"id": "s2", "kind": "yes_first", "when": "known(kind)"},
            {"id": "s3", "kind": "lowest", "fact": "income"},
        ],
        reserves=[
            {"id": "r1", "kind": "share", "amount": 10, "when": "known(kind)"},
            {"id": "r2", "kind": "share", "amount": 5, "when": "known(kind)"},
            {"id": "r3", "kind": "seats", "amount": 2, "when": "known(kind)"},
        ],
        ties="lottery",
    )


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"id": 1}, "document.id is 1"),
        ({"utc_offset": "x"}, "document.utc_offset"),
        ({"facts": {"a": 1}}, "document.facts.a is 1"),
        ({"facts": {"a": fact("word")}}, "document.facts.a.type"),
        ({"facts": {"a": fact(per="family")}}, "document.facts.a.per"),
        ({"facts": {"a": fact(unknown="yes")}}, "document.facts.a.unknown"),
        ({"facts": {"a": fact("decimal")}}, "document.facts.a.digits is None"),
        ({"facts": {"a": fact("decimal", digits=-1)}}, "document.facts.a.digits is -1"),
        ({"dates": []}, "document.dates is []"),
        ({"dates": {"a": 1}}, "document.dates.a is 1"),
        ({"dates": {"a": {"default": "b"}}}, "document.dates.a.default"),
        ({"dates": {"a": {"default": "b"}, "b": {"default": "a"}}}, "document.dates.a.default"),
        ({"given": {"a": "x"}}, "document.given.a"),
        ({"given": 1}, "document.given is 1"),
        ({"categories": {}}, "document.categories"),
        ({"versions": []}, "at least one"),
        ({"versions": ["x"]}, "document.versions[0] is 'x'"),
        ({"first": 5, "last": 4}, ".last is 4; it has to be 5 or later"),
        ({"first": "x"}, ".first is 'x'"),
        ({"ties": "overfil"}, ".ties is 'overfil'; it has to be one of lottery overfill underfill"),
        ({"conventions": {}}, ".conventions.age_reached"),
        ({"conventions": {"age_reached": "on_birthday", "born_29_feb": "x"}}, ".born_29_feb is 'x'"),
        ({"eligible": 1}, ".eligible is 1"),
        ({"eligible": [1]}, ".eligible[0] is 1"),
        ({"eligible": [{"id": "x"}]}, ".when is None"),
        ({"eligible": [when("nothing")]}, "a condition: 'nothing' is no fact"),
        ({"eligible": [{"when": "known(application.number)"}]}, ".id is None"),
        ({"eligible": [when("known(application.number)"), when("known(application.number)")]}, "another than before"),
        ({"order": [{"id": "s", "kind": "random"}]}, ".kind is 'random'"),
        ({"order": [{"id": "s", "kind": "highest"}]}, ".fact is None"),
        ({"order": [{"id": "s", "kind": "highest", "fact": "x"}]}, ".fact is 'x'"),
        ({"facts": {"k": fact("choice")}, "order": [{"id": "s", "kind": "lowest", "fact": "k"}]}, "no choice"),
        ({"order": [{"id": "s", "kind": "yes_first"}]}, ".when is None"),
        ({"order": [{"id": "s", "kind": "groups", "groups": [{"id": "g", "everyone_else": "x"}]}]}, ".everyone_else"),
        ({"order": [{"id": "s", "kind": "groups", "grounds": [{"id": "x", "when": "a"}]}]}, ".group is None"),
        ({"reserves": [{"id": "r", "kind": "many", "amount": 1, "when": "a"}]}, ".kind is 'many'"),
        ({"reserves": [{"id": "r", "kind": "one_in", "amount": 0, "when": "a"}]}, ".amount is 0"),
        ({"reserves": [{"id": "r", "kind": "share", "amount": 101, "when": "a"}]}, ".amount is 101"),
        (
            {
                "reserves": [
                    {"id": "r", "kind": "one_in", "amount": 2, "when": "known(application.number)"},
                    {"id": "s", "kind": "share", "amount": 2, "when": "known(application.number)"},
                ]
            },
            "one one_in alone, or shares",
        ),
    ],
)
def test_a_wrong_shape_is_named(parts: dict[str, Any], said: str) -> None:
    """Each place of the document is checked by itself."""
    assert said in "\n".join(problems(**parts))


def test_no_two_versions_are_for_one_day() -> None:
    """A day in two versions would have two orders."""
    version = document()["versions"][0]
    assert "no two for one day" in problems(versions=[{**version, "last": 5}, {**version, "first": 5}])[0]
    assert not problems(versions=[{**version, "last": 5}, {**version, "first": 6}])


def test_a_version_is_in_force_on_its_days() -> None:
    """Both days are included, and between versions nothing is in force."""
    version = document()["versions"][0]
    found, _ = load(document(versions=[{**version, "first": 8}, {**version, "first": 2, "last": 5}]))
    firsts = [held.first if (held := found.version(day)) else None for day in (1, 2, 5, 6, 8, 2**31 - 1)]
    assert firsts == [None, 2, 2, None, 8, 8]


def test_the_day_of_a_date_is_published_or_given_or_that_of_its_default() -> None:
    """Whoever publishes the rules has the last word."""
    dates = {"a": {"default": "b"}, "b": {"default": "today"}, "c": {}}
    found, _ = load(document(dates=dates, given={"b": 7}))
    assert [found.day(name, 1, {}) for name in ("today", "a", "b", "c")] == [1, 7, 7, None]
    assert [found.day(name, 1, {"b": 8, "c": 9}) for name in ("today", "a", "b", "c")] == [1, 8, 8, 9]
    later, _ = load(document(dates=dates))
    assert later.day("a", 1, {}) == 1
