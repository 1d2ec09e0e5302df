from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_engine.verification.ages import Conventions, day_of
from queue_engine.verification.conditions import ConditionError, Fact, Names, Situation, condition
from queue_engine.verification.state import Document

_FACTS = {
    "a": Fact("application", "yes_no", "no", 0),
    "b": Fact("application", "yes_no", "no", 0),
    "c": Fact("application", "yes_no", "no", 0),
    "n": Fact("application", "number", "no", 0),
    "d2": Fact("application", "decimal", "no", 2),
    "d1": Fact("application", "decimal", "no", 1),
    "kind": Fact("application", "choice", "no", 0),
    "born": Fact("application", "date", "no", 0),
    "at": Fact("application", "instant", "no", 0),
    "lost": Fact("application", "number", "no", 0),
    "child.birth_date": Fact("application", "date", "no", 0),
}
_NAMES = Names(_FACTS, frozenset({"start"}), frozenset({"benefit"}), Conventions(day_after=False, first_of_march=True))
_DAY = day_of(2026, 9, 1)
_SITUATION = Situation(
    {
        "a": 1,
        "b": 0,
        "n": 4,
        "d2": 487,
        "d1": 49,
        "kind": "дом 5",
        "born": _DAY,
        "at": _DAY * 86_400 + 3_661,
        "child.birth_date": day_of(2020, 3, 1),
    },
    (Document("1", "benefit", "confirmed", _DAY - 5, _DAY + 5), Document("2", "benefit", "refuted", None, None)),
    {"today": _DAY, "start": _DAY + 10},
)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("a", True),
        ("b", False),
        ("c", False),
        ("not c", True),
        ("not not a", True),
        ("a or b and b", True),
        ("(a or b) and b", False),
        ("b and b or a", True),
        ("not b and a", True),
        ("not (b or a)", False),
        ("n == 4", True),
        ("4 == n", True),
        ("3 < n", True),
        ("n<=4", True),
        ("n > 4", False),
        ("n != 4", False),
        ("n < 4.5", True),
        ("n == 4.0", True),
        ("lost != 4", False),
        ("lost == 4", False),
        ("not lost == 4", True),
        ("lost in (4)", False),
        ("n in (1, 2, 4)", True),
        ("n in (1,2)", False),
        ("d2 == 4.87", True),
        ("d2 > 4.869", True),
        ("d2 < 4.871", True),
        ("d2 < d1", True),
        ("d1 == 4.9", True),
        ("d2 < 5", True),
        ("d2 in (4.87, 1)", True),
        ("kind == 'дом 5'", True),
        ("kind != 'дом'", True),
        ("kind in ('x', 'дом 5')", True),
        ("'дом 5' == kind", True),
        ("born == 2026-09-01", True),
        ("born < start", True),
        ("born <= today", True),
        ("today in (2026-09-01)", True),
        ("start == 2026-09-11", True),
        ("at == '2026-09-01 01:01:01'", True),
        ("at < '2026-09-01 01:01:02'", True),
        ("at in ('2026-09-01 01:01:00')", False),
        ("known(n)", True),
        ("known(lost)", False),
        ("confirmed(category.benefit)", True),
        ("confirmed(category.benefit on today)", True),
        ("confirmed(category.benefit on start)", False),
        ("confirmed(category.benefit on 2026-09-06)", True),
        ("confirmed(category.benefit on 2026-09-07)", False),
        ("age(on today) >= 6y6m", True),
        ("age(on today) > 6y6m", False),
        ("age(on start) > 6y6m", True),
        ("age(on 2026-08-31) >= 78m0d", False),
        ("age(on 2026-08-31) < 78m", True),
        ("age(on today) <= 6y6m", True),
        ("age(on start) <= 6y6m", False),
        ("6y6m <= age(on today)", True),
        ("age(on today) >= 6y6m1d", False),
        ("age(on today) < 10d", False),
        ("a and (n == 1 or (n == 2 or n == 4))", True),
        ("a == 1", True),
    ],
)
def test_a_condition_holds_as_it_says(text: str, holds: bool) -> None:  # noqa: FBT001
    """Each rule of the language, in a situation where the answer is plain."""
    assert condition(text, _NAMES).holds(_SITUATION) is holds


@pytest.mark.parametrize("sign", [">=", ">", "<", "<="])
def test_no_age_holds_without_a_birth_date(sign: str) -> None:
    """Who is not known to be born has no age, neither above nor below."""
    assert not condition(f"age(on today) {sign} 1y", _NAMES).holds(_SITUATION._replace(known={}))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a b",
        "a and",
        "or a",
        "not",
        "(a",
        "a)",
        "()",
        "unknown",
        "n",
        "12",
        "'x'",
        "today",
        "n == ",
        "n = 4",
        "n == 'x'",
        "kind == 4",
        "born == 4",
        "born == '2026-09-01'",
        "at == 2026-09-01",
        "at == '2026-09-01'",
        "at == '2026-09-01 25:00:00'",
        "at == '2026-02-30 00:00:00'",
        "born == 2026-02-30",
        "born == 2026-13-01",
        "n in ()",
        "n in (n)",
        "n in (1",
        "n in 1",
        "known(2)",
        "known n",
        "confirmed(benefit)",
        "confirmed(category.other)",
        "confirmed(category.benefit on)",
        "confirmed(category.benefit on n)",
        "age >= 1y",
        "age(today) >= 1y",
        "age(on today)",
        "age(on today) == 1y",
        "age(on today) >= 12",
        "n >= 1y",
        "n < 3 < 4",
        "(a) == (b)",
        "'open",
        "a ! b",
        "(" * 500 + "a" + ")" * 500,
        "n == " + "9" * 5000,
    ],
    ids=lambda text: text[:30],
)
def test_what_is_no_condition_is_refused(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(ConditionError):
        condition(text, _NAMES)


@given(text=st.text(st.sampled_from("ab n()<>='0123456789-.ymdotrk,äé"), max_size=30) | st.text(max_size=10))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text crashes the reader, and what it reads can be asked."""
    try:
        found = condition(text, _NAMES)
    except ConditionError:
        return
    assert found.holds(_SITUATION) in (True, False)


def test_a_condition_tells_what_it_names() -> None:
    """Facts under `known` count, ages name the birth date, and `today` is named where it is only meant."""
    found = condition("known(lost) or age(on start) >= 1y and confirmed(category.benefit)", _NAMES)
    assert found.facts == {"lost", "child.birth_date"}
    assert found.dates == {"start", "today"}


def test_many_negations_stay_shallow() -> None:
    """Ten thousand times not is read and asked."""
    assert condition("not " * 10_000 + "a", _NAMES).holds(_SITUATION)
