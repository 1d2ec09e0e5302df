"""Every account balances, the bulk account is the pairwise one, and a live queue is the ordered one.

The names I1 to I11 are those of the list of invariants that explanations of places have to keep.
"""

from __future__ import annotations

from collections import Counter

import attrs
from hypothesis import assume, given
from hypothesis import strategies as st

from queue_engine.changes import KINDS, Line, PositionChange, level_by_level, pair_by_pair, pairwise_difference
from queue_engine.difference import Difference, difference, level_difference
from queue_engine.errors import OrderError
from queue_engine.explanation import standing
from queue_engine.facts import day_to_date
from queue_engine.live_queue import LiveQueue
from queue_engine.queue import GENERAL, Queues
from queue_engine.rules.days import known_days
from queue_engine.rules.model import Step
from queue_engine.rules.one_by_one import key
from queue_engine.shifts import Shift, history
from queue_engine.testing import Scene, Town, record_of, records_of, scenes, towns
from queue_engine.testing.strategies import DAYS, NUMBER, rule_sets

MOST = 12


@st.composite
def later(draw: st.DrawFn, town: Town) -> Town:
    """Draw a town as it may stand later: another one altogether, or with rows left out and cells exchanged."""
    if draw(st.booleans()):
        return draw(towns(town.vocabulary, most=MOST))
    for name in ("entries", "documents"):
        town = town.permuted(name, [row for row in range(town.size(name)) if draw(st.integers(0, 9)) < 8])
    return draw(exchanged(town))


@st.composite
def exchanged(draw: st.DrawFn, town: Town) -> Town:
    """Draw a town with the same applications and entries, in which some facts have changed hands."""
    changed = {}
    for name in ("applications", "entries"):
        table = {field: list(cells) for field, cells in getattr(town, name).items()}
        for field in sorted(table.keys() - {"application", "programme", "organisation", "wish"}):
            rows = st.integers(0, max(len(table[field]) - 1, 0))
            for _ in range(draw(st.integers(0, 2)) if table[field] else 0):
                first, second = draw(rows), draw(rows)
                table[field][first], table[field][second] = table[field][second], table[field][first]
        changed[name] = table
    return attrs.evolve(town, **changed)


@st.composite
def two_days(draw: st.DrawFn, *, moving: bool = True) -> tuple[Scene, Scene]:
    """Draw two scenes by the same rules, on one day or on two."""
    first = draw(scenes(moving=moving, most=MOST))
    second = first.with_town(draw(later(first.town)))
    on = draw(st.sampled_from((*DAYS, *[None] * 10)))
    return first, second if on is None else attrs.evolve(second, on=day_to_date(on))


def by_same_steps(old: Queues, new: Queues) -> Difference:
    """Return the difference; an example in which a step came into force between the days is left aside."""
    try:
        return difference(old, new)
    except OrderError:
        assume(condition=False)
        raise


def accounts(made: Difference) -> list[PositionChange]:
    """Return the account of everybody in every queue, read from the arrays."""
    found = []
    for general in (False, True):
        table = made.table(general=general)
        for number, application in zip(table.queue.tolist(), table.applications.tolist(), strict=True):
            found.append(table.of(table.queues[number], application))
    return found


@given(two_days())
def test_the_account_of_everybody_is_the_pairwise_one(days: tuple[Scene, Scene]) -> None:
    """I1, I11: each of the arrays' postings, in every queue, is what counting pair by pair gives, and they sum up."""
    old, new = (day.queues() for day in days)
    made = by_same_steps(old, new)
    told = accounts(made)
    for account in told:
        assert account == pairwise_difference(old, new, account.queue, account.application)
        assert account == made.of(account.queue, account.application)
        assert account.before + sum(part.count for part in account.parts) == account.after
    owners = {(account.queue, account.application) for account in told}
    names = {*old, *new, GENERAL}
    assert owners == {(name, owner) for name in names for queues in (old, new) for owner in queues.get(name, ())}


@given(two_days())
def test_what_others_do_has_a_sign(days: tuple[Scene, Scene]) -> None:
    """I2: leavers and those who fall behind bring one forward, joiners and those who overtake push one back."""
    for account in accounts(by_same_steps(*(day.queues() for day in days))):
        for part in account.parts:
            assert part.count < 0 or part.kind in ("joined", "up", "own")
            assert part.count > 0 or part.kind in ("left", "down", "own")


@given(scenes(most=MOST), st.data())
def test_places_are_only_exchanged_while_nobody_comes_or_goes(scene: Scene, data: st.DataObject) -> None:
    """I3: in a queue with the same applications the changes of all places sum to zero."""
    other = scene.with_town(data.draw(exchanged(scene.town)))
    old, new = scene.queues(), other.queues()
    totals: Counter[str] = Counter()
    for account in accounts(difference(old, new)):
        totals[account.queue] += account.after - account.before
    for name, total in totals.items():
        if set(old[name]) == set(new[name]):
            assert total == 0


@given(scenes(moving=False, most=MOST), st.data())
def test_a_wish_given_up_moves_its_own_queue_only(scene: Scene, data: st.DataObject) -> None:
    """I4, I5: those behind the leaver move forward by one, nobody else moves, and no other queue does."""
    wishes = [row for row, name in enumerate(scene.town.entries["programme"]) if name]
    assume(wishes)
    row = data.draw(st.sampled_from(wishes))
    others = [each for each in range(scene.town.size("entries")) if each != row]
    old, new = scene.queues(), scene.with_town(scene.town.permuted("entries", others)).queues()
    name, owner = scene.town.entries["programme"][row], scene.town.entries["application"][row]
    assume(owner not in new.get(name, ()))
    for account in accounts(difference(old, new)):
        behind = owner in old[name] and account.queue == name and account.before > old[name].position_of(owner)
        if account.application != owner:
            assert account.after - account.before == -behind
            assert set(account.by_kind()) <= {"left"}


@given(two_days(), st.data())
def test_neither_row_order_nor_names_count(days: tuple[Scene, Scene], data: st.DataObject) -> None:
    """I6: shuffled rows and other ids of the applications give the same accounts under the other names."""
    made = by_same_steps(*(day.queues() for day in days))
    shuffled = []
    for day in days:
        town = day.town
        for name in ("entries", "applications", "documents", "programmes"):
            town = town.permuted(name, data.draw(st.permutations(range(town.size(name)))))
        shuffled.append(day.with_town(_renamed(town)))
    found = accounts(by_same_steps(*(day.queues() for day in shuffled)))
    expected = {attrs.evolve(account, application=f"a-{account.application}") for account in accounts(made)}
    assert set(found) == expected
    assert len(found) == len(expected)


def _renamed(town: Town) -> Town:
    """Return the town with other ids of its applications, and their old ones as numbers."""
    changed = {}
    for name in ("entries", "applications", "documents"):
        table = dict(getattr(town, name))
        changed[name] = table | {"application": [f"a-{owner}" for owner in table["application"]]}
    assert town.applications is not None
    changed["applications"][NUMBER] = town.applications["application"]
    return attrs.evolve(town, **changed)


@given(two_days())
def test_nobody_is_charged_with_a_change_he_did_not_make(days: tuple[Scene, Scene]) -> None:
    """I8: whose key and rights are the same has no part of his own; where nothing changed nobody has any part."""
    old, new = (day.queues() for day in days)
    assert not any(account.parts for account in accounts(difference(old, old)))
    for account in accounts(by_same_steps(old, new)):
        before, after = Line.of(old, account.queue), Line.of(new, account.queue)
        one = account.application
        if account.before and account.after and before.with_changed(one, after) is before:
            assert "own" not in account.by_kind()


@given(scenes(most=MOST), st.data())
def test_amended_rules_are_accounted_for_by_level(scene: Scene, data: st.DataObject) -> None:
    """I10, I11: a step's part is how many more it puts ahead than before, and the arrays say the same as the names."""
    amended = attrs.evolve(scene, rule_set=data.draw(rule_sets(scene.town.vocabulary)))
    if "round_date" not in amended.rule_set.dates:
        amended = attrs.evolve(amended, dates={"round_date": scene.on, **scene.dates})
    old, new = scene.queues(), amended.queues()
    for account in accounts(level_difference(old, new)):
        name, one = account.queue, account.application
        assert account == level_by_level(Line.of(old, name), Line.of(new, name), name, one)
        expected: Counter[str] = Counter()
        for queues, position, sign in ((old, account.before, -1), (new, account.after, 1)):
            if position:
                place = standing(queues[name], one)
                assert sum(part.count for part in place.ahead) == position - 1
                for part in place.ahead:
                    expected[part.step] += sign * part.count
        told: Counter[str] = Counter()
        for each in account.parts:
            assert each.kind == "rules"
            told[each.step] += each.count
        del told[""]
        assert {step: count for step, count in told.items() if count} == {s: n for s, n in expected.items() if n}


@given(scenes(moving=False, most=MOST))
def test_keys_of_columns_are_the_keys_found_one_by_one(scene: Scene) -> None:
    """A queue's line has, place by place, the keys of the plain definition, so keys of two days compare."""
    queues, rules = scene.queues(), scene.rules()
    tables = queues.entries.tables
    days = known_days(scene.rule_set, scene.on, scene.dates)
    records = records_of(tables, days, scene.rule_set)
    for index, name in enumerate(queues):
        line = Line.of(queues, name)
        for one in line.order:
            assert line.keys[one] == key(records[tables.applications.row_of[one], index][0], rules)
    for one, found in Line.of(queues, GENERAL).keys.items():
        assert found == key(record_of(tables, tables.applications.row_of[one]), rules)


@given(two_days(moving=False), st.data())
def test_a_live_queue_reaches_the_order_of_the_later_day(days: tuple[Scene, Scene], data: st.DataObject) -> None:
    """Whatever the order of the events, the live queue and its ledger end where `order` does."""
    old, new = (day.queues() for day in days)
    by_same_steps(old, new)
    for name in (*old, GENERAL):
        if name not in (*new, GENERAL):
            continue
        before, after = Line.of(old, name), Line.of(new, name)
        live = LiveQueue.of(old[name])
        assert {one: live.key_of(one) for one in live} == before.keys
        shifts = []
        for one in data.draw(st.permutations(sorted({*before.order, *after.order}))):
            if one not in after.keys:
                shifts.append(live.leave(one))
            elif one in before.keys:
                shifts.append(live.change(one, after.keys[one]))
            else:
                shifts.append(live.join(one, after.keys[one]))
            live._check()
        assert tuple(live) == after.order
        for one in sorted({*before.order, *after.order}):
            account = history(shifts, old.rules, one, before.positions.get(one, 0), queue=name)
            assert account.after == after.positions.get(one, 0)


@given(scenes(moving=False, most=MOST), st.data())
def test_one_event_moves_everybody_as_counted_pair_by_pair(scene: Scene, data: st.DataObject) -> None:
    """I1, I2, I3, I4, I9: each shift of a random history says of every other place what the two orders say."""
    rules = scene.rules()
    names = [str(number) for number in range(8)]
    live = LiveQueue(rules)
    shifts: list[Shift] = []
    lines = [Line(rules)]
    for one in data.draw(st.lists(st.sampled_from(names), max_size=20)):
        drawn_key = (*(data.draw(components_of(step)) for step in rules.order[:-1]), (0, int(one)))
        if one not in live:
            shifts.append(live.join(one, drawn_key))
        elif data.draw(st.integers(0, 2)) == 0:
            shifts.append(live.leave(one))
        else:
            shifts.append(live.change(one, drawn_key))
        live._check()
        lines.append(Line(rules, tuple(live), {each: live.key_of(each) for each in live}))
        compare_pair_by_pair(lines[-2], lines[-1], shifts[-1])
    cut = data.draw(st.integers(0, len(shifts)))
    for one in names:
        place = lines[0].positions.get(one, 0)
        whole = history(shifts, rules, one, place)
        first = history(shifts[:cut], rules, one, place)
        second = history(shifts[cut:], rules, one, first.after)
        assert whole.after == lines[-1].positions.get(one, 0)
        assert set(first.then(second).parts) == set(whole.parts)  # I7
        kinds = [KINDS.index(part.kind) for part in whole.parts]
        assert kinds == sorted(kinds)


def components_of(step: Step) -> st.SearchStrategy[tuple[int, int]]:
    """Return a strategy of what may stand in a key at a step: a group, or a value with its extremes, or not known."""
    if not step.fact:
        return st.tuples(st.just(0), st.integers(0, max(len(step.groups) - 1, 1)))
    return st.sampled_from(((0, 0), (0, 1), (0, 2), (1, 0), (0, -(2**63)), (0, 2**63 - 1)))


def compare_pair_by_pair(before: Line, after: Line, shift: Shift) -> None:
    """Compare what a shift says of every place with what the lines before and after say, pair by pair."""
    assert sorted(before.keys.values()) == [before.keys[one] for one in before.order]
    total = 0
    for one, place in before.positions.items():
        if one == shift.application:
            continue
        account = pair_by_pair(before, after, "", one)
        moved = account.after - place
        total += moved
        assert moved == (shift.sign if shift.lo <= place <= shift.hi else 0)
        if moved:
            index = shift.step_at(place)
            code = shift.codes[index]
            assert [(part.kind, part.step) for part in account.parts] == [(shift.kind, after.rules.order[index].id)]
            line, other = (before if shift.kind == "left" else after), shift.application
            assert account.parts[0].group == line.label(other, one)[1]
            assert code == (-1 if after.rules.order[index].fact else line.keys[other][index][1])
    if shift.before and shift.after:
        assert total == shift.before - shift.after
        if after.keys[shift.application] < before.keys[shift.application]:
            assert total >= 0  # I9
    else:
        size = max(len(before.order), len(after.order))
        assert abs(total) == size - max(shift.before, shift.after)
