from __future__ import annotations

import attrs
import numpy as np
import pytest
from tests.queue_engine.small_queues import FILED, ONE_IN_TWO, RULES, STEPS, TITLE, Child, queues_of

from queue_engine.changes import Line, Posting, level_by_level, pairwise_difference
from queue_engine.difference import Difference, difference, level_difference
from queue_engine.errors import NotInQueueError, OrderError
from queue_engine.queue import GENERAL, Queues
from queue_engine.rules.model import Step, StepKind

PROGRAMMES = ("p", "q", "r")


def drawn(what: int, row: int, bound: int) -> int:
    """Return a number below a bound that is the same on every machine."""
    return ((row + 1) * 0x9E3779B97F4A7C15 ^ (what + 7) * 0xBF58476D1CE4E5B9) % 2**61 // 8191 % bound


def child(row: int, day: int) -> Child:
    """Return a drawn child on one of two days; its number is 1 to 2**53, and many filed in the same hour."""
    changed = drawn(1, row, 3) == 0
    papers = ((), (), (), ("large_family",), ("judge_child",))[drawn(10 + day * changed, row, 5)]
    near = tuple(name for at, name in enumerate(PROGRAMMES) if drawn(20 + at + 10 * day * changed, row, 3) == 0)
    wishes = tuple(name for at, name in enumerate(PROGRAMMES) if drawn(60 + at + 5 * day, row, 5))
    return Child(row * 2**46 + 1, drawn(40, row, 3), papers, near, wishes or ("p",))


def assert_pairwise(old: Queues, new: Queues) -> Difference:
    """Check the account of everybody against the definition."""
    made = difference(old, new)
    for general in (False, True):
        table = made.table(general=general)
        for number, name in zip(table.queue.tolist(), table.applications.tolist(), strict=True):
            queue = table.queues[number]
            assert table.of(queue, name) == pairwise_difference(old, new, queue, name)
    return made


def test_keys_of_more_than_a_word_compare_as_well() -> None:
    """Numbers of 53 bits and times make keys of two words; ties in the first word are told apart by the second."""
    old = queues_of([child(row, 0) for row in range(90)])
    new = queues_of([child(row, 1) for row in range(10, 110)])
    made = assert_pairwise(old, new)
    assert len(made.table().new.words) == 2
    kinds = {kind for kind, _, _ in made.table().counts}
    assert kinds == {"left", "joined", "up", "down", "own"}
    decided_last = {kind for kind, step, _ in made.table().counts if step == "number"}
    assert decided_last == kinds


@pytest.mark.parametrize(("unit", "words"), [(1, 1), (2**56, 2)])
def test_exchanged_numbers_balance(unit: int, words: int) -> None:
    """When two applications exchange their numbers, for a while two keys are equal, and the account still holds."""
    children = [Child(number, 1 if number == 1 else 9) for number in range(1, 6)]
    numbers = {number: number * unit for number in range(1, 6)}
    old, new = queues_of(children, numbers=numbers), queues_of(children, numbers=numbers | {2: 5 * unit, 5: 2 * unit})
    assert len(difference(old, new).table().new.words) == words
    assert list(new["p"]) == ["1", "5", "3", "4", "2"]
    made = assert_pairwise(old, new)
    assert made.of("p", "3").parts == (Posting("up", "number", "", 1), Posting("down", "number", "", -1))


def test_a_programme_that_closes_gives_all_places_back() -> None:
    """Those in a closed queue leave it from their places; those in an opened one come; no other queue notices."""
    old = queues_of([Child(1, wishes=("a", "c")), Child(2, wishes=("a",)), Child(3, wishes=("c",))])
    new = queues_of([Child(1, wishes=("b", "c")), Child(2, wishes=("b",)), Child(3, wishes=("c",))])
    made = assert_pairwise(old, new)
    assert set(made.table().queues) == {"a", "b", "c"}
    assert [made.of(queue, "2").after for queue in ("a", "b")] == [0, 2]
    assert [made.of(queue, "2").before for queue in ("a", "b")] == [2, 0]
    assert not made.of("c", "3").parts


def test_queues_may_be_empty_on_either_day() -> None:
    """From nobody to somebody and back everybody has an account of its own."""
    empty, full = queues_of([]), queues_of([Child(1), Child(2)])
    assert assert_pairwise(empty, full).of("p", "2").after == 2
    assert assert_pairwise(full, empty).of("p", "2").before == 2
    assert len(assert_pairwise(empty, empty).table()) == 0


def test_values_compare_across_days_that_have_other_extremes() -> None:
    """The earliest filing of one day need not be there on the other; the times themselves compare."""
    old = queues_of([Child(1, 1), Child(2, 5), Child(3, 9)])
    new = queues_of([Child(2, 5), Child(3, 9), Child(4, 7)])
    assert assert_pairwise(old, new).of("p", "3").parts == (
        Posting("left", "submitted", "", -1),
        Posting("joined", "submitted", "", 1),
    )


def test_what_is_not_known_is_last_on_both_days() -> None:
    """A time that is not known stands behind all known ones, however many times are known on either day."""
    old = queues_of([Child(1, 9), Child(2, None), Child(3, 9)])
    new = queues_of([Child(1, 9), Child(2, None), Child(3, 11), Child(4, 10)])
    assert_pairwise(old, new)
    assert assert_pairwise(new, old).of("p", "2").parts == (Posting("left", "submitted", "", -1),)
    nobody_known = queues_of([Child(1, None), Child(2, None), Child(3, None)])
    made = assert_pairwise(nobody_known, new)
    assert made.of("p", "2").by_kind() == {"joined": 1, "up": 1}
    assert assert_pairwise(new, nobody_known).of("p", "2").after == 2


def test_the_highest_stands_ahead_on_both_days() -> None:
    """Where the highest is best, a new best value moves nobody against his key."""
    best_last = attrs.evolve(RULES, order=(Step("number", TITLE, StepKind.HIGHEST, fact="application.number"),))
    old, new = queues_of([Child(5), Child(7)], best_last), queues_of([Child(5), Child(7), Child(9)], best_last)
    assert assert_pairwise(old, new).of("p", "5").parts == (Posting("joined", "number", "", 1),)


def test_arrays_balance_row_by_row() -> None:
    """Before and all postings sum to after in every row, and no posting is zero everywhere."""
    table = difference(queues_of([child(row, 0) for row in range(60)]), queues_of([child(row, 1) for row in range(60)]))
    accounts = table.table()
    assert np.array_equal(accounts.before + sum(accounts.counts.values()), accounts.after)
    assert all(counts.any() for counts in accounts.counts.values())
    assert len(accounts) == len(accounts.applications) == len(accounts.queue)


def test_places_moved_by_a_reserve_are_told_pair_by_pair() -> None:
    """Where a reserve changes positions the arrays hold the pairwise account of every place."""
    old = queues_of([child(row, 0) for row in range(14)], ONE_IN_TWO)
    new = queues_of([child(row, 1) for row in range(4, 18)], ONE_IN_TWO)
    made = assert_pairwise(old, new)
    assert any(step == "big_families" for _, step, _ in made.table().counts)
    name = next(iter(new["p"]))
    assert made.of("p", name) == pairwise_difference(old, new, "p", name)


def test_an_added_step_is_told_as_more_and_fewer_ahead() -> None:
    """A step put in takes from the steps after it what it decides itself; the sum is the change of the place."""
    children = [child(row, 0) for row in range(40)]
    amended = attrs.evolve(RULES, order=(STEPS[0], *STEPS[2:]))
    old, new = queues_of(children, amended), queues_of(children)
    made = level_difference(old, new)
    for name in new["p"]:
        account = made.of("p", name)
        assert account == level_by_level(Line.of(old, "p"), Line.of(new, "p"), "p", name)
        gained = {part.step: part.count for part in account.parts}
        assert gained.get("territory", 0) >= 0
        assert "right" not in gained
    assert {kind for kind, _, _ in made.table().counts} == {"rules"}
    assert {step for _, step, _ in made.table().counts} == {"territory", "submitted", "number"}


def test_rules_with_a_moving_reserve_are_compared_by_level() -> None:
    """A reserve that is put in has a part of its own."""
    children = [Child(1, papers=("judge_child",)), Child(2, papers=("large_family",)), Child(3)]
    made = level_difference(queues_of(children), queues_of(children, ONE_IN_TWO))
    assert made.of("p", "1").parts == (Posting("rules", "big_families", "", 1),)
    assert made.table().of("p", "1") == made.of("p", "1")


def test_orders_by_different_steps_are_refused() -> None:
    """Keys of other steps do not compare; the message names the step and what compares instead."""
    old, new = queues_of([Child(1)], attrs.evolve(RULES, order=(STEPS[0], *STEPS[2:]))), queues_of([Child(1)])
    with pytest.raises(OrderError, match=r"T071.*different steps: territory; compare them by level_difference"):
        difference(old, new)


def test_the_same_steps_in_another_order_are_refused() -> None:
    """The order of the steps counts."""
    swapped = attrs.evolve(RULES, order=(STEPS[1], STEPS[0], *STEPS[2:]))
    with pytest.raises(OrderError, match="different steps: their order"):
        difference(queues_of([Child(1)]), queues_of([Child(1)], swapped))


def test_rules_that_leave_applications_tied_are_refused() -> None:
    """Where nothing says who is ahead there is no account; the message names the two."""
    loose = attrs.evolve(RULES, order=(Step("submitted", TITLE, StepKind.EARLIEST, fact=FILED.name),))
    queues = queues_of([Child(1), Child(2)], loose)
    with pytest.raises(OrderError, match=r"T072.*applications '1' and '2' have equal keys"):
        difference(queues, queues).table()


@pytest.mark.parametrize(("queue", "application"), [("p", "9"), ("x", "1"), (GENERAL, "9"), ("q", "1")])
def test_whoever_is_in_neither_queue_has_no_account(queue: str, application: str) -> None:
    """An unknown application, an unknown queue and an application of another queue are refused by name."""
    queues = queues_of([Child(1), Child(2, wishes=("q",))])
    with pytest.raises(NotInQueueError, match=f"application '{application}' is in queue '{queue}' neither"):
        difference(queues, queues).of(queue, application)
