"""After any history the live queues are the ordered ones, and every account along the journal balances.

The names I1 to I12 are those of the list of invariants that explanations of places have to keep.
"""

from __future__ import annotations

from collections import Counter

import attrs
from hypothesis import given
from hypothesis import strategies as st

from queue_engine.changes import PositionChange, level_by_level, pair_by_pair
from queue_engine.events import Due
from queue_engine.facts import day_to_date
from queue_engine.journal import Journal
from queue_engine.ledger import EXCEPTIONS, account, labels_shared
from queue_engine.live_town import LiveTown
from queue_engine.movements import Moved, Recast
from queue_engine.ordering import order
from queue_engine.queue import GENERAL
from queue_engine.replay import replay
from queue_engine.rule_documents import rules_digest
from queue_engine.rules.model import RuleSet
from queue_engine.testing.histories import histories
from queue_engine.testing.strategies import rule_sets, vocabularies


@attrs.frozen
class Past:
    """A journal and the rules it names."""

    journal: Journal
    rules: dict[str, RuleSet]

    def live(self, until: int | None = None) -> LiveTown:
        """Return the queues after an entry."""
        return LiveTown.of(self.journal, self.rules, until=until)

    def whole_days(self) -> list[int]:
        """Return the entries, from the first rules on, after which no due event of the day is outstanding."""
        last = len(self.journal)
        return [n for n in range(2, last + 1) if n == last or not isinstance(self.journal.event(n + 1), Due)]


@st.composite
def pasts(draw: st.DrawFn, *, moving: bool = False, most: int = 40) -> Past:
    """Draw a history by one or two rule sets."""
    vocabulary = draw(vocabularies())
    rules = [draw(rule_sets(vocabulary, moving=moving)) for _ in range(draw(st.integers(1, 2)))]
    rules = [attrs.evolve(each, id=f"drawn_{number}") for number, each in enumerate(rules)]
    journal = draw(histories(vocabulary, most=most, rules=rules))
    return Past(journal, {rules_digest(each): each for each in rules})


def ordered(past: Past, until: int) -> dict[str, list[str]]:
    """Return every queue after an entry, ordered from the tables of the state."""
    state = replay(past.journal, past.rules, until)
    assert state.day is not None
    rules = state.rule_set()
    queues = order(state.tables(rules.vocabulary), rules, day_to_date(state.day), state.dates())
    return {name: list(queue) for name, queue in queues.items()} | {GENERAL: list(queues.general)}


def everybody(live: LiveTown) -> list[tuple[str, str]]:
    """Return each application with each queue it was ever in."""
    met: dict[tuple[str, str], None] = {}
    for queue, records in live.records.items():
        for record in records:
            names = (
                [record.shift.application]
                if isinstance(record, Moved)
                else [*record.before.placed, *record.after.placed]
            )
            met.update(dict.fromkeys((name, queue) for name in names))
    return list(met)


def others(change: PositionChange) -> Counter[tuple[str, str, str]]:
    """Return the postings of other applications by kind, step and group."""
    found: Counter[tuple[str, str, str]] = Counter()
    for part in change.parts:
        if part.kind != "own":
            found[part.kind, part.step, part.group] += part.count
    return found


@given(st.data())
def test_live_queues_are_the_ordered_ones_after_any_history(data: st.DataObject) -> None:
    """I12: whatever happened, following single events gives what ordering the tables anew gives."""
    past = data.draw(pasts(moving=data.draw(st.booleans())))
    until = data.draw(st.sampled_from(past.whole_days()))
    live = past.live(until)
    live._check()
    assert {name: list(live.line(name)) for name in live.names()} == ordered(past, until)


@given(st.data())
def test_queues_that_begin_at_an_entry_are_the_ordered_ones(data: st.DataObject) -> None:
    """Folding first and casting once gives the order of the tables, whatever is still due on that day."""
    past = data.draw(pasts(moving=data.draw(st.booleans())))
    until = data.draw(st.integers(2, len(past.journal)))
    live = LiveTown.at(past.journal, past.rules, until=until)
    live._check()
    assert live.entry == until
    assert {name: list(live.line(name)) for name in live.names()} == ordered(past, until)


@given(st.data())
def test_queues_that_begin_at_an_entry_go_on_as_those_that_began_at_the_first(data: st.DataObject) -> None:
    """From the end of a day on, each entry changes the same queues, and histories are the same for the asking."""
    past = data.draw(pasts(moving=data.draw(st.booleans())))
    began = data.draw(st.sampled_from(past.whole_days()))
    live, whole = LiveTown.at(past.journal, past.rules, until=began), past.live(began)
    for entry in range(began, len(past.journal) + 1):
        if entry > began:
            event = past.journal.event(entry)
            assert live.follow(event, entry).keys() == whole.follow(event, entry).keys()
        assert set(live.names()) == set(whole.names())
        for queue in whole.names():
            assert live.line(queue) == whole.line(queue)
            assert [live.placed(name, queue) for name in live.line(queue)] == [
                whole.placed(name, queue) for name in whole.line(queue)
            ]
    live._check()
    assert not live.records
    for name, queue in everybody(whole):
        assert account(live, past.journal, name, queue) == account(whole, past.journal, name, queue)
    for queue in whole.names():
        assert labels_shared(live, queue) == labels_shared(whole, queue)


@given(st.data())
def test_accounts_balance_and_add_up(data: st.DataObject) -> None:
    """I1, I7: between any two entries postings sum to the change, and two periods make one."""
    past = data.draw(pasts(moving=data.draw(st.booleans())))
    live, last = past.live(), len(past.journal)
    first, second = sorted(data.draw(st.tuples(st.integers(0, last), st.integers(0, last))))
    early, later = past.live(first), past.live(second)
    for name, queue in everybody(live):
        if (name, queue) not in everybody(later):
            continue
        whole = account(live, past.journal, name, queue, first, second)
        assert (whole.before, whole.after) == (early.position_of(name, queue), later.position_of(name, queue))
        assert all(first < part.entry <= second for part in whole.parts)
        middle = (first + second) // 2
        if (name, queue) in everybody(past.live(middle)):
            parts = account(live, past.journal, name, queue, first, middle)
            rest = account(live, past.journal, name, queue, middle, second)
            assert parts.parts + rest.parts == whole.parts
            assert parts.then(rest) == whole


@given(st.data())
def test_each_entry_is_told_as_the_pairs_tell_it(data: st.DataObject) -> None:
    """I2, I11: for one entry, postings are those of comparing every pair before and after it, save for their names."""
    past = data.draw(pasts(moving=data.draw(st.booleans()), most=25))
    live = LiveTown(past.journal.municipality, past.rules)
    told: list[tuple[int, str, object, object]] = []
    for entry, event in enumerate(past.journal, start=1):
        before = {queue: live.snapshot(queue) for queue in live.names()} if live.rules else {}
        for queue, record in live.follow(event, entry).items():
            if live.rules is not None:
                told.append((entry, queue, before.get(queue), live.snapshot(queue)))
                assert isinstance(record, Recast) or abs(record.shift.sign) == 1
    for entry, queue, was, now in told:
        recast = next(each for each in live.records[queue] if each.entry == entry)
        after = now.line
        old = was.line if was is not None else recast.before.line
        by_levels = isinstance(recast, Recast) and recast.by_levels
        for name in {*old.order, *after.order}:
            change = account(live, past.journal, name, queue, entry - 1, entry)
            meant = (level_by_level if by_levels else pair_by_pair)(old, after, queue, name)
            expected = others(meant)
            if isinstance(past.journal.event(entry), EXCEPTIONS):
                expected = Counter({("exception", *label): n for (_, *label), n in expected.items()})
            if meant.before and meant.after:
                assert others(change) == expected
            assert (change.before, change.after) == (meant.before, meant.after)


@given(st.data())
def test_everybody_in_a_queue_shares_a_label_of_each_step(data: st.DataObject) -> None:
    """The counts that decide what may be told are those of the queue."""
    past = data.draw(pasts())
    live = past.live()
    for queue in live.names():
        shared = labels_shared(live, queue, left_since=2**52)
        rules = live.rules
        for step in rules.order if rules else ():
            counts = [count for (name, _), count in shared.items() if name == step.id]
            assert sum(counts) == len(live.line(queue))
