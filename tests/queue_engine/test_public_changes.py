"""What a family may be told of an account: exact sums, and no label that too few share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import attrs
from hypothesis import given
from hypothesis import strategies as st
from tests.queue_engine.small_town import by, ground, groups, papers, queues, reserve, rules, town, yes_first

from queue_engine.changes import KINDS, PLACE, Label, PositionChange, Posting, labels
from queue_engine.explanation import RULES
from queue_engine.public_changes import EXCEPTION, LEFT, OWN, PublicChange, public_changes, shared_labels
from queue_engine.rules.model import RuleSet, StepKind

RIGHT = groups(
    "right",
    first=[ground("orphan")],
    second=[ground("large_family")],
    third=[ground("police_child"), ground("judge", "sibling.attends")],
)
SMALL = rules(
    RIGHT,
    yes_first("territory", "sibling.attends"),
    by("earliest", "application.submitted_at"),
    reserves=[reserve("one_in", 3, "confirmed(category.orphan)", "quota")],
)
NAMES = (*labels(SMALL), ("repealed", "gone"))
SHARED: Mapping[Label, int] = {
    ("right", "first"): 2,
    ("right", "second"): 3,
    ("right", "third"): 9,
    ("right", "others"): 86,
    ("territory", "yes"): 40,
    ("territory", "no"): 60,
    ("earliest", ""): 100,
    ("number", ""): 100,
    ("quota", ""): 2,
}

names = st.sampled_from(NAMES)
grounds = st.sampled_from(["", "orphan", "large_family"])
postings = st.builds(
    lambda kind, label, count, entry, held: Posting(kind, *label, count, entry, held),
    st.sampled_from(KINDS),
    names,
    st.integers(-4, 4),
    st.integers(0, 9),
    grounds,
)
sharing = st.dictionaries(names, st.integers(0, 12))


def account(*parts: Posting) -> PositionChange:
    """Return an account of these postings."""
    return PositionChange("p", "17", 50, 50 + sum(part.count for part in parts), parts)


def told(*parts: Posting, shared: Mapping[Label, int] = SHARED, smallest: int = 5) -> list[tuple[str, str, int]]:
    """Return (kind, title, count) of what is told of some postings."""
    found = public_changes(account(*parts), SMALL, shared, smallest)
    return [(part.kind, part.title.en.removesuffix(" in English"), part.count) for part in found]


def sharers(part: PublicChange, rule_set: RuleSet, shared: Mapping[Label, int]) -> int:
    """Return how many share the label that a part is told under."""
    totals: Counter[str] = Counter()
    for (name, _), count in shared.items():
        totals[name] += count
    step = rule_set.steps.get(part.step)
    if step is None:
        return shared.get((part.step, ""), 0)
    if step.fact:
        return max(totals.values(), default=0)
    if step.kind is StepKind.YES_FIRST:
        return shared.get((step.id, "yes"), 0)
    named = [group for group in step.groups if not group.everyone_else]
    return sum(shared.get((step.id, group.id), 0) for group in named if part.title in (step.title, group.title))


@given(st.lists(postings, max_size=12), sharing, st.integers(1, 10))
def test_what_is_told_sums_to_the_change(parts: list[Posting], shared: dict[Label, int], smallest: int) -> None:
    """Merging loses no place, kind by kind."""
    change = account(*parts)
    found = public_changes(change, SMALL, shared, smallest)
    sums: Counter[str] = Counter()
    for part in found:
        sums[part.kind] += part.count
    assert {kind: count for kind, count in sums.items() if count} == {
        kind: count for kind, count in change.by_kind().items() if count
    }


@given(st.lists(postings, max_size=12), sharing, st.integers(1, 10))
def test_no_label_is_told_that_too_few_share(parts: list[Posting], shared: dict[Label, int], smallest: int) -> None:
    """Each group, step or reserve told of others is shared by at least K."""
    for part in public_changes(account(*parts), SMALL, shared, smallest):
        if part.step and part.kind != "own":
            assert sharers(part, SMALL, shared) >= smallest


@given(
    st.lists(st.integers(1, 4), min_size=4, max_size=4),
    st.lists(st.integers(0, 12), min_size=4, max_size=4),
    st.integers(2, 10),
)
def test_what_was_merged_cannot_be_found_by_subtraction(counts: list[int], holders: list[int], smallest: int) -> None:
    """A rest told beside groups of the same step hides among at least K."""
    members = ("first", "second", "third", "others")
    shared = {("right", group): number for group, number in zip(members, holders, strict=True)}
    parts = [Posting("down", "right", group, -count) for group, count in zip(members, counts, strict=True)]
    found = public_changes(account(*parts), SMALL, shared, smallest)
    own_titles = {group.title for group in RIGHT.groups}
    named = {part.title for part in found if part.title in own_titles}
    if any(part.title == RIGHT.title for part in found) and named:
        hidden = [shared["right", group.id] for group in RIGHT.groups if group.title not in named]
        assert sum(hidden) >= smallest


@given(st.lists(postings, max_size=12), st.integers(0, 11), st.sampled_from(["first", "second"]), grounds)
def test_exchanging_groups_and_grounds_of_few_changes_nothing(
    parts: list[Posting], index: int, group: str, held: str
) -> None:
    """Which of two groups below K another child is in, and by which ground, does not reach the family."""
    other = Posting("joined", "right", "first", 1, 3, "orphan")
    change = account(*parts[:index], other, *parts[index:])
    exchanged = account(*parts[:index], attrs.evolve(other, group=group, entry=8, ground=held), *parts[index:])
    assert public_changes(change, SMALL, SHARED) == public_changes(exchanged, SMALL, SHARED)


def test_a_group_is_told_when_enough_share_it_and_hides_when_it_stands_alone() -> None:
    """The wider group is told by itself, and together with a narrow one only as the step."""
    third = Posting("joined", "right", "third", 3)
    assert told(third) == [("joined", "third", 3)]
    assert told(third, Posting("joined", "right", "first", 1)) == [("joined", "third", 3), ("joined", "right", 1)]
    alone = {**SHARED, ("right", "second"): 0}
    assert told(third, Posting("joined", "right", "first", 1), shared=alone) == [("joined", "right", 4)]


def test_a_step_that_few_share_is_told_as_the_rules_of_admission() -> None:
    """Together with the narrowest step that would betray it by subtraction."""
    few = {**SHARED, ("right", "third"): 0, ("quota", ""): 0, ("right", "second"): 2}
    near, right = Posting("joined", "territory", "yes", 2), Posting("joined", "right", "first", 1)
    assert told(near, right, shared=few) == [("joined", "the rules of admission", 3)]
    assert told(near, right, shared={**few, ("quota", ""): 1}) == [
        ("joined", "territory", 2),
        ("joined", "the rules of admission", 1),
    ]


def test_a_step_by_a_fact_is_shared_by_everybody() -> None:
    """In a queue of fewer than K not even that is told."""
    early = Posting("joined", "earliest", "", 2)
    assert told(early) == [("joined", "earliest", 2)]
    assert told(early, shared={("right", "others"): 5}) == [("joined", "earliest", 2)]
    assert told(early, shared={("earliest", ""): 4}) == [("joined", "the rules of admission", 2)]


def test_a_reserve_stands_in_place_of_a_step() -> None:
    """It is told when enough are entitled to it."""
    moved = Posting("up", "quota", "", 2)
    assert told(moved, shared={**SHARED, ("quota", ""): 5}) == [("up", "quota", 2)]
    assert told(moved) == [("up", "the rules of admission", 2)]


def test_a_step_the_rules_no_longer_have_is_told_as_the_rules_of_admission() -> None:
    """Its id is no word for a family."""
    assert told(Posting("joined", "repealed", "gone", 2), shared={**SHARED, ("repealed", "gone"): 90}) == [
        ("joined", "the rules of admission", 2)
    ]


def test_those_in_no_group_are_told_as_the_step() -> None:
    """Nobody is said to be in the general order."""
    assert told(Posting("down", "right", "others", -2)) == [("down", "right", -2)]
    assert told(Posting("down", "territory", "no", -2)) == [("down", "territory", -2)]


def test_who_left_and_exceptions_are_told_without_a_step() -> None:
    """Each as one number."""
    parts = [Posting(kind, "right", group, -1) for kind in ("left", "exception") for group in ("third", "others")]
    found = public_changes(account(*parts), SMALL, SHARED)
    assert found == (PublicChange("left", "", LEFT, (), -2), PublicChange("exception", "", EXCEPTION, (), -2))


def test_the_own_part_is_one_line_under_the_most_important_step() -> None:
    """However few share it, and before larger parts."""
    own = (Posting("own", "earliest", "", -20, 5), Posting("own", "right", "first", 3, 5))
    found = public_changes(account(Posting("joined", "earliest", "", 40), *own), SMALL, SHARED)
    assert found[0] == PublicChange("own", "right", RIGHT.title, RIGHT.basis, -17)


def test_whoever_joins_or_leaves_does_so_by_no_step() -> None:
    """Nor does one whose changes cancel out disappear."""
    joining = (Posting("own", *PLACE, 1), Posting("own", "right", "third", 4))
    assert public_changes(account(*joining), SMALL, SHARED) == (PublicChange("own", "", OWN, (), 5),)
    back = (Posting("own", "right", "others", 9, 3), Posting("own", "right", "others", -9, 4))
    assert public_changes(account(*back), SMALL, SHARED) == (PublicChange("own", "right", RIGHT.title, RIGHT.basis, 0),)


def test_a_group_cites_only_what_all_its_grounds_rest_on() -> None:
    """One ground's act would name the ground."""
    rule_set = rules(
        groups(
            "right",
            alone=[ground("orphan")],
            alike=[ground("large_family", act="the act"), ground("judge", "sibling.attends", act="the act")],
        )
    )
    shared = {("right", "alone"): 9, ("right", "alike"): 9}
    parts = (Posting("joined", "right", "alone", 1), Posting("joined", "right", "alike", 2))
    alike, alone = public_changes(account(*parts), rule_set, shared)
    assert ([basis.act for basis in alike.basis], alone.basis) == (["the act"], ())


def test_rules_of_admission_is_the_title_of_what_is_merged_above_steps() -> None:
    """The same words as in a standing."""
    (part,) = public_changes(account(Posting("rules", *PLACE, 1)), SMALL, {})
    assert (part.title, part.step) == (RULES, "")


def test_every_application_of_a_queue_shares_one_label_a_step() -> None:
    """Counted by groups, by yes and no, by facts, and by who is entitled to a reserve."""
    rule_set = rules(
        groups("right", first=[ground("orphan")], second=[ground("large_family")]),
        yes_first("sibling", "sibling.attends"),
        reserves=[reserve("one_in", 2, "confirmed(category.orphan)", "quota")],
    )
    wishes = {"application": list("1234"), "programme": ["p"] * 4, "sibling.attends": ["yes", "no", "no", "no"]}
    queue = queues(town(4, papers("1 large_family", "3 orphan", "4 orphan"), entries=wishes), rule_set)["p"]
    assert shared_labels(queue) == {
        ("right", "first"): 2,
        ("right", "second"): 1,
        ("right", "others"): 1,
        ("sibling", "yes"): 1,
        ("sibling", "no"): 3,
        ("number", ""): 4,
        ("quota", ""): 2,
    }
