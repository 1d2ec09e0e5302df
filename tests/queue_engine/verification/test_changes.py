from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from tests.queue_engine.verification.small_files import document, fact

from queue_engine.verification.changes import KINDS, Order, explained
from queue_engine.verification.documents import Version, load
from queue_engine.verification.ordering import Member, arranged

NAMES = "abcdefg"
Places = dict[str, Member]
Units = Counter[tuple[str, str, str]]


def version(*reserves: tuple[str, int]) -> Version:
    """Return rules with a step of groups, one of yes or no, one of numbers, and some reserves."""
    facts = {"n": fact(), "y": fact("yes_no"), "application.number": fact()}
    order = [
        {"id": "g", "kind": "groups", "groups": [{"id": "one"}, {"id": "two"}]},
        {"id": "y", "kind": "yes_first", "when": "y"},
        {"id": "n", "kind": "lowest", "fact": "n"},
    ]
    moving = [
        {"id": f"r{number}", "kind": kind, "amount": amount, "when": "y"}
        for number, (kind, amount) in enumerate(reserves)
    ]
    found, problems = load(document(facts=facts, order=order, reserves=moving))
    assert problems == []
    return found.versions[0]


def member(group: int, no: int, number: int, entitled: str = "") -> Member:
    """Return a place by its key, and by Y or N for each reserve."""
    return Member(((0, group), (0, no), (0, number)), tuple(letter == "Y" for letter in entitled))


def order(rules: Version, members: Places) -> Order:
    """Return the order that the keys and reserves make."""
    names = arranged(sorted(members, key=lambda name: members[name].key), members, rules.reserves)
    return Order(names, members, rules)


def test_moves_are_counted_by_hand() -> None:
    """Five children and a sixth: who left, who joined, who came past, who fell back, and what one did oneself."""
    rules = version()
    was = {"a": member(0, 0, 1), "b": member(0, 1, 2), "c": member(1, 0, 3), "d": member(1, 1, 4), "e": member(2, 1, 5)}
    now = was | {"e": member(0, 0, 5), "b": member(2, 1, 2), "f": member(1, 1, 3)}
    del now["a"]
    # old: a b c d e · new: e c f d b
    assert dict(explained(order(rules, was), order(rules, now))) == {
        "e": [
            ("left", "g", "one", -1),  # a was ahead, and is gone
            ("own", "g", "one", -1),  # b, whom e now passes at the yes
            ("own", "g", "two", -2),  # c and d
        ],
        "c": [("left", "g", "one", -1), ("up", "g", "one", 1), ("down", "g", "", -1)],
        "f": [("own", "", "", 1), ("own", "g", "one", 1), ("own", "y", "yes", 1)],
        "d": [("left", "g", "one", -1), ("joined", "n", "", 1), ("up", "g", "one", 1), ("down", "g", "", -1)],
        "b": [
            ("left", "y", "yes", -1),
            ("joined", "g", "two", 1),
            ("up", "g", "one", 1),  # e: behind b's new key in the old order, at the number, and ahead now
            ("own", "g", "two", 2),
        ],
        "a": [("own", "", "", -1)],
    }


def test_a_reserve_is_named_where_it_put_the_worse_key_ahead() -> None:
    """One in two places is for c, who is last by key; it comes to stand first, then behind the next entitled."""
    rules = version(("one_in", 2))
    was = {"a": member(0, 0, 1, "N"), "b": member(0, 0, 2, "N"), "c": member(1, 0, 1, "Y")}
    now = was | {"d": member(0, 1, 1, "Y")}
    # old: c a b · new: d a c b
    assert dict(explained(order(rules, was), order(rules, now))) == {
        "d": [("own", "", "", 1)],
        "a": [("joined", "r0", "", 1), ("down", "g", "two", -1)],
        "c": [("joined", "g", "one", 1), ("up", "g", "one", 1)],
        "b": [("joined", "r0", "", 1)],
    }


def test_other_rules_explain_themselves() -> None:
    """Where the rules are not alike, levels are compared and nothing else."""
    was, now = order(version(), {"a": member(0, 0, 1), "b": member(0, 0, 2)}), {"b": member(0, 0, 2, "Y")}
    moves = dict(explained(was, order(version(("share", 10)), now)))
    assert moves == {"b": [("rules", "n", "", -1)], "a": [("rules", "", "", -1)]}


def plain_label(rules: Version, mine: Member, theirs: Member, *, ahead: bool = True) -> tuple[str, str]:
    """Return the label as the specification words it."""
    worse = theirs.key >= mine.key if ahead else theirs.key < mine.key
    if worse:
        first, second = (theirs, mine) if ahead else (mine, theirs)
        pairs = zip(rules.reserves, first.entitled, second.entitled, strict=True)
        named = [reserve.id for reserve, held, lost in pairs if held and not lost]
        return (named or [rules.reserves[0].id])[0], ""
    step = next(number for number in range(3) if mine.key[number] != theirs.key[number])
    groups = {0: ["one", "two", ""], 1: ["yes", "no"]}.get(step, [""] * 9)
    return "gyn"[step], groups[theirs.key[step][1]]


def ahead_of(names: Sequence[str], e: str) -> Sequence[str]:
    """Return who stands ahead of an application, nobody if it is not there."""
    return names[: names.index(e)] if e in names else ()


def plainly(rules: Version, was: Places, now: Places, e: str) -> Units:
    """Return the units of one application, pair by pair and order by order."""
    old, new = order(rules, was), order(rules, now)
    before, after = ahead_of(old.names, e), ahead_of(new.names, e)
    units: Units = Counter()
    if e not in was or e not in now:
        for held, ahead, sign in ((new, after, 1), (old, before, -1)):
            units["own", "", ""] += sign * (e in held.names)
            for f in ahead:
                units["own", *plain_label(rules, held.members[e], held.members[f])] += sign
        return units
    mixed = {**was, e: now[e]}
    by_key = sorted(mixed, key=lambda f: (mixed[f].key, f != e))
    middle = ahead_of(arranged(by_key, mixed, rules.reserves), e)
    both = (was.keys() & now.keys()) - {e}
    for f in before:
        kind = "own" if f in both else "left"
        units[kind, *plain_label(rules, was[e], was[f])] -= 1
    for f in both & set(middle):
        units["own", *plain_label(rules, now[e], was[f])] += 1
    for f in after:
        if f not in both or f not in middle:
            units["up" if f in both else "joined", *plain_label(rules, now[e], now[f])] += 1
    for f in (both & set(middle)) - set(after):
        units["down", *plain_label(rules, now[e], now[f], ahead=False)] -= 1
    return units


@st.composite
def queues(draw: st.DrawFn) -> tuple[Version, Places, Places]:
    """Draw rules and two orders, in which keys differ within an order and may be taken over from the other."""
    reserves = draw(st.sampled_from([(), (("one_in", 2),), (("one_in", 3),), (("share", 40), ("share", 20))]))
    keys = st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 3))
    places = []
    for _ in range(2):
        names = draw(st.lists(st.sampled_from(NAMES), unique=True))
        drawn = draw(st.lists(keys, min_size=len(names), max_size=len(names), unique=True))
        places.append(
            {
                name: member(*key, "".join(draw(st.sampled_from("YN")) for _ in reserves))
                for name, key in zip(names, drawn, strict=True)
            }
        )
    was, now = places
    if draw(st.booleans()):  # many keep their place
        taken = {place.key for place in was.values()}
        now = {name: was.get(name, place) for name, place in now.items() if name in was or place.key not in taken}
    return version(*reserves), was, now


@given(drawn=queues())
def test_moves_are_those_of_the_plain_definition(drawn: tuple[Version, Places, Places]) -> None:
    """Counting only who may contribute finds what counting every pair finds, and the sum is right."""
    rules, was, now = drawn
    old, new = order(rules, was), order(rules, now)
    for name, parts in explained(old, new):
        needed = {unit: count for unit, count in plainly(rules, was, now, name).items() if count}
        assert {(kind, step, group): count for kind, step, group, count in parts} == needed
        assert old.place.get(name, 0) + sum(count for *_, count in parts) == new.place.get(name, 0)
        assert parts == sorted(parts, key=lambda part: (KINDS.index(part[0]), *part[1:3]))


@given(drawn=queues())
def test_levels_are_those_of_the_plain_definition(drawn: tuple[Version, Places, Places]) -> None:
    """Where the rules are not alike, what is counted step by step is what is counted one by one."""
    rules, was, now = drawn
    other = version(("one_in", 7)) if not rules.reserves else version()
    changed = {name: Member(place.key, (True,) * len(other.reserves)) for name, place in now.items()}
    old, new = order(rules, was), order(other, changed)
    for name, parts in explained(old, new):
        needed: Units = Counter()
        for held, sign in ((new, 1), (old, -1)):
            needed["rules", "", ""] += sign * (name in held.names)
            for f in ahead_of(held.names, name):
                needed["rules", *plain_label(held.version, held.members[name], held.members[f])] += sign
        found = {(kind, step, group): count for kind, step, group, count in parts}
        assert found == {unit: count for unit, count in needed.items() if count}
