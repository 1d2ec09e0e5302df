from __future__ import annotations

import json
from typing import Any

import pytest

from queue_engine.allocation.document import CODES
from queue_engine.allocation.market import Market, MarketError, Unused
from queue_engine.allocation.reading import read_market, read_markets

GOOD: dict[str, Any] = {
    "capacities": {"D1": 2, "D2": 1},
    "priorities": {"D1": ["a", "b"], "D2": ["b", "a"]},
    "prefs": {"a": ["D1", "D2"], "b": ["D2", "D1"]},
}
TIED: dict[str, Any] = {
    "capacities": {"D1": 1},
    "priorities_with_ties": {"D1": [["a", "b"], ["c"]]},
    "lottery_number_lower_is_better": {"a": 2, "b": 1},
    "prefs": {"a": ["D1"], "b": ["D1"], "c": ["D1"]},
}


def problems(market: object) -> list[str]:
    """Return where and which problems a market has."""
    with pytest.raises(MarketError) as refused:
        read_market(market, "m.json")
    return [f"{problem.place}: {problem.code}" for problem in refused.value.problems]


def test_lists_may_be_by_index_and_names_numbers() -> None:
    """Applicants 0 and 1, as priorities name them."""
    market = read_market({"capacities": {"D1": 1}, "priorities": {"D1": [1, 0]}, "prefs": [["D1"], ["D1"]]})
    assert market.programmes["D1"].order == ("1", "0")
    assert list(market.wishes) == ["0", "1"]


def test_the_lottery_orders_within_tiers_only() -> None:
    """Applicant b drew the lower number; c is a tier behind and needs none."""
    programme = read_market(TIED).programmes["D1"]
    assert programme.order == ("b", "a", "c")
    assert programme.tier == {"a": 0, "b": 0, "c": 1}


def test_what_is_no_part_of_a_market_is_not_read() -> None:
    """Notes, sources and answers may stand in the file."""
    assert read_market({**GOOD, "notes": 1, "source": None, "expected": {}, "mechanism": [], "id": "r1"}).is_plain


def test_a_programme_may_accept_nobody_and_an_applicant_be_accepted_nowhere() -> None:
    """Neither is a mistake: the wish just cannot come true."""
    market = read_market({**GOOD, "priorities": {"D1": [], "D2": ["b"]}})
    assert market.mutual == {"a": (), "b": ("D2",)}


@pytest.mark.parametrize(
    ("market", "expected"),
    [
        ([], ["m.json: A004"]),
        ({}, ["m.json: A005", "m.json: A005", "m.json: A005"]),
        ({**GOOD, "capacities": {}}, ["A013"]),
        ({**GOOD, "prefs": {}}, ["m.json: prefs: A013"]),
        ({**GOOD, "capacities": {"D1": -1, "D2": 1.5}}, ["m.json: capacities.D1: A020", "m.json: capacities.D2: A020"]),
        ({**GOOD, "capacities": {"D1": True, "D2": None}}, ["capacities.D1: A020", "capacities.D2: A020"]),
        ({**GOOD, "capacities": {"D1": 1, "D2": 1, "D3": 1}}, ["m.json: priorities: A005"]),
        ({**GOOD, "priorities": {**GOOD["priorities"], "D3": []}}, ["m.json: priorities.D3: A011"]),
        ({**GOOD, "priorities": {"D1": ["a", "a"], "D2": ["z"]}}, ["priorities.D1[1]: A003", "priorities.D2[0]: A012"]),
        ({**GOOD, "priorities": {"D1": "ab", "D2": [["a"]]}}, ["priorities.D1: A004", "priorities.D2[0]: A004"]),
        ({**GOOD, "prefs": {"a": [], "b": ["D2"]}}, ["m.json: prefs.a: A013"]),
        ({**GOOD, "prefs": {"a": ["D1", "D1"], "b": ["D9"]}}, ["prefs.a[1]: A003", "prefs.b[0]: A011"]),
        ({**GOOD, "prefs": {"a": ["D1"], "b": [None]}}, ["m.json: prefs.b[0]: A004"]),
        ({**GOOD, "prefs": {"a": ["D1"], "b": ["D1"], " ": ["D1"], "c\n": ["D1"]}}, ["A010", "A010"]),
        ({**GOOD, "prefs": {"a": ["D1"], "b": ["D1"], 1: ["D1"], "1": ["D1"]}}, ["m.json: prefs.1: A003"]),
        ({**GOOD, "rule": {}}, ["m.json: rule: A006"]),
        ({**GOOD, "priorities_with_ties": {"D1": [], "D2": []}}, ["m.json: A006"]),
        ({**GOOD, "rules": {"D1": {"type": "m", "reserved": 1}}}, ["m.json: A005"]),
        ({**GOOD, "types": {"z": "m"}, "rules": {"D9": []}}, ["m.json: rules.D9: A011", "m.json: types.z: A012"]),
        ({**GOOD, "types": {"a": 1.5}, "rules": {}}, ["m.json: types.a: A004"]),
        ({**TIED, "lottery_number_lower_is_better": {"a": 1}}, ["m.json: lottery_number_lower_is_better: A021"]),
        ({**TIED, "lottery_number_lower_is_better": {"a": 1.5, "b": True}}, ["better.a: A021", "better.b: A021"]),
        ({**TIED, "lottery_number_lower_is_better": {"a": 1, "b": 1}}, ["lottery_number_lower_is_better.b: A021"]),
        ({**TIED, "lottery_number_lower_is_better": {"a": 1, "b": 2, "z": 3}}, ["is_better.z: A012"]),
        ({**TIED, "priorities_with_ties": {"D1": [["a"], [], ["a", "b"]]}}, ["D1[1]: A013", "D1[2]: A003"]),
    ],
)
def test_every_mistake_is_found_where_it_stands(market: object, expected: list[str]) -> None:
    """Each kind of mistake, with its path and code."""
    found = problems(market)
    assert all(any(each.endswith(end) for each in found) for end in expected), found
    assert len(found) >= len(expected)


def test_a_misspelt_name_is_told_with_the_right_one() -> None:
    """What was probably meant stands in the remedy."""
    with pytest.raises(MarketError, match="did you mean 'garden-1'"):
        read_market({"capacities": {"garden-1": 1}, "priorities": {"garden-1": ["a"]}, "prefs": {"a": ["gardn-1"]}})


def test_problems_of_several_markets_are_told_together() -> None:
    """Every instance of a file is read before it is refused."""
    text = json.dumps({"instances": [{**GOOD, "capacities": {"D1": -1, "D2": 1}}, GOOD, {**GOOD, "prefs": 1}]})
    with pytest.raises(MarketError) as refused:
        read_markets(text.encode(), "m.json")
    places = [str(problem.place) for problem in refused.value.problems]
    assert "m.json: instances[0].capacities.D1" in places
    assert "m.json: instances[2].prefs" in places
    assert not any("instances[1]" in place for place in places)


def test_a_file_of_one_market_gives_a_market_and_one_of_several_gives_them_in_order() -> None:
    """Also with a byte order mark in front."""
    assert isinstance(read_markets(b"\xef\xbb\xbf" + json.dumps(GOOD).encode(), "m.json"), Market)
    several = read_markets(json.dumps({"instances": [GOOD, TIED]}).encode(), "m.json")
    assert isinstance(several, tuple)
    assert [len(market.wishes) for market in several] == [2, 3]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"\xff{}", "A001"),
        (b"{", "A002"),
        (b'{"capacities": {"D1": NaN}}', "A002"),
        (b"[" * 200_000, "A002"),
        (b'{"capacities": {"D1": ' + b"9" * 5000 + b"}}", "A002"),
        (b'{"capacities": {"D1": 1, "D1": 2}, "priorities": {"D1": []}, "prefs": {"a": ["D1"]}}', "A003"),
        (b'{"instances": 1}', "A004"),
    ],
)
def test_a_text_that_is_no_market_is_refused(text: bytes, code: str) -> None:
    """Bytes that are no text, texts that are no JSON, names written twice."""
    with pytest.raises(MarketError) as refused:
        read_markets(text, "m.json")
    assert [problem.code for problem in refused.value.problems] == [code]


def ruled(rules: object, types: object = None) -> Market:
    """Return the good market with rules on the seats of D1."""
    return read_market({**GOOD, "types": types or {"a": "m", "b": ["m", "n"]}, "rules": {"D1": rules}}, "m.json")


def test_reserves_and_ceilings_are_written_in_two_ways() -> None:
    """With the type as a value, or in front of the key; also several in a list."""
    assert ruled({"type": "m", "reserved": 1}) == ruled({"m_reserved": 1}) == ruled([{"m_reserved": 1}])
    assert ruled({"type": "m", "at_most": 1}) == ruled({"m_at_most": 1})
    (ceiling,) = ruled({"type": "m", "at_most": 1}).programmes["D1"].ceilings
    assert (ceiling.at_most, ceiling.members) == (1, {"a", "b"})


def test_a_reserve_says_when_it_is_filled_and_what_becomes_of_the_rest() -> None:
    """Before the general seats and general afterwards, unless it says otherwise."""
    later = {"type": "n", "reserved": 1, "filled": "after_general", "unused": "keep"}
    seats = ruled(later).programmes["D1"].seats
    assert [(each.group, each.unused) for each in seats] == [("", Unused.GENERAL), ("n", Unused.KEEP)]


def test_nothing_reserved_leaves_plain_seats() -> None:
    """A reserve of 0 seats is none; somebody of no type is in no group."""
    assert ruled({"type": "m", "reserved": 0}, {"a": None, "b": "m"}).is_plain


def test_a_share_is_read() -> None:
    """In per cent of those placed."""
    (share,) = ruled({"type": "n", "share": 20}).programmes["D1"].shares
    assert (share.percent, share.members) == (20, {"b"})


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ({"type": "m", "reserved": 3}, "A031"),
        ({"type": "m", "reserved": -1}, "A020"),
        ({"type": "m", "reservd": 1}, "A030"),
        ({"type": "m"}, "A030"),
        ({"reserved": 1}, "A030"),
        ({"type": ["m"], "reserved": 1}, "A004"),
        ({"type": "m", "reserved": 1, "filled": "first"}, "A030"),
        ({"type": "m", "share": 101}, "A030"),
        ([{"type": "m", "share": 10}, {"type": "n", "reserved": 1}], "A030"),
        ([{"type": "m", "share": 10}, {"type": "n", "share": 10}], "A032"),
        ([{"type": "m", "at_most": 1}, {"type": "n", "reserved": 1}], "A032"),
        (["open"], "A031"),
        (["open", "closed"], "A030"),
        (["open", {"type": "m", "kind": "firm"}], "A030"),
        (["open", {"type": "m"}], "A005"),
        (["open", {"type": "m", "kind": "soft", "count": 2}], "A030"),
        (["open", {"kind": "soft"}], "A004"),
        (1, "A004"),
        (None, "A004"),
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused(rules: object, code: str) -> None:
    """Each kind of mistake in rules on seats."""
    with pytest.raises(MarketError) as refused:
        ruled(rules)
    assert code in {problem.code for problem in refused.value.problems}


def test_every_code_of_a_problem_is_on_the_list() -> None:
    """A list of what can be wrong, in order."""
    assert list(CODES) == sorted(CODES)
    assert all(code.startswith("A0") for code in CODES)
