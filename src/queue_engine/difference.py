"""Why every place of a municipality differs between two orders: the account of `changes`, for all at once.

`changes.pairwise_difference` is the definition, and property tests hold this module to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import attrs

from queue_engine.accounts import Accounts, Ledger
from queue_engine.alignment import align, queue_names, refuse_other_steps
from queue_engine.changes import Line, PositionChange, level_by_level, moving_reserves, pair_by_pair
from queue_engine.queue import GENERAL, Queues


@attrs.frozen(eq=False)
class Difference:
    """Every place of two orders, and why the second differs from the first; made by `difference`.

    Args:
        old: the earlier order.
        new: the later one.
        same_rules: whether keys compare across both; if not, only levels do.

    """

    old: Queues
    new: Queues
    same_rules: bool = True

    def of(self, queue: str, application: str) -> PositionChange:
        """Return the account of one application in one queue.

        Raises:
            NotInQueueError: it is in the queue neither before nor after.

        Complexity: O(applications in the queue) once everybody's account is made, which the first call does.

        """
        if self._pairwise:
            account = pair_by_pair if self.same_rules else level_by_level
            return account(Line.of(self.old, queue), Line.of(self.new, queue), queue, application)
        general = queue == GENERAL and queue not in (*self.old, *self.new)
        return self.table(general=general).of(queue, application)

    def table(self, *, general: bool = False) -> Accounts:
        """Return the accounts of all entries, or of the general queue.

        Complexity: O(entries × steps) and a few sorts; O(n²) a queue where a reserve changes positions.
        """
        return self._general if general else self._entries

    @cached_property
    def _entries(self) -> Accounts:
        return self._accounts(general=False)

    @cached_property
    def _general(self) -> Accounts:
        return self._accounts(general=True)

    @cached_property
    def _pairwise(self) -> bool:
        """Whether some reserve changes positions, so that two keys do not tell who is ahead."""
        return any(moving_reserves(queues.rules) for queues in (self.old, self.new))

    def _accounts(self, *, general: bool) -> Accounts:
        old, new = align(self.old, self.new, general=general, same_steps=self.same_rules)
        names = [(GENERAL,) if general else tuple(queues) for queues in (self.old, self.new)]
        queues = queue_names(*names)
        ledger = Ledger(old, new)
        if self._pairwise:
            self._pair_by_pair(queues, ledger)
        elif self.same_rules:
            ledger.post_moves()
        else:
            ledger.post_levels()
        return Accounts(queues, old, new, {unit: counts for unit, counts in ledger.counts.items() if counts.any()})

    def _pair_by_pair(self, queues: Sequence[str], ledger: Ledger) -> None:
        account = pair_by_pair if self.same_rules else level_by_level
        joined, left = 0, len(ledger.new)
        for queue in queues:
            before, after = Line.of(self.old, queue), Line.of(self.new, queue)
            gone = [one for one in before.order if one not in after.positions]
            rows = [*range(joined, joined + len(after.order)), *range(left, left + len(gone))]
            joined, left = joined + len(after.order), left + len(gone)
            for row, one in zip(rows, [*after.order, *gone], strict=True):
                for part in account(before, after, queue, one).parts:
                    ledger.post((part.kind, part.step, part.group), row, part.count)


def difference(old: Queues, new: Queues) -> Difference:
    """Return why every place differs between two orders by the same rules.

    What the rules say of a child may differ, as from one day to another; their steps
    and groups may not. Those who left go first, then comes the own change of each
    child, then the changes of the others, and last the joiners; the counts are
    those of `pairwise_difference`.

    Args:
        old: the earlier order.
        new: the later one.

    Raises:
        OrderError: the steps differ; then `level_difference` compares the orders.

    Source: statute 2.2.5 (the grounds of changes of the order of places).

    >>> from datetime import date
    >>> from queue_engine import Fact, FactType, RuleSet, Step, Title, Vocabulary, build_tables, order
    >>> from queue_engine.rules.model import StepKind
    >>> title, number = Title("номер", "number"), "application.number"
    >>> facts = {number: Fact(number, FactType.NUMBER, title, unique=True)}
    >>> rules = RuleSet("r", "region", title, Vocabulary(facts, {}, {}), order=(Step("number", title, StepKind.LOWEST, fact=number),))
    >>> def queues(ids):
    ...     return order(build_tables(rules.vocabulary, {"application": ids, "programme": ["p"] * len(ids)}), rules, date(2026, 4, 15))
    >>> change = difference(queues([1, 2, 3, 5]), queues([2, 4, 5])).of("p", "5")
    >>> change.before, change.after, change.by_kind()
    (4, 3, {'left': -2, 'joined': 1})

    """  # noqa: E501 - statements of the example
    refuse_other_steps(old.rules, new.rules)
    return Difference(old, new)


def level_difference(old: Queues, new: Queues) -> Difference:
    """Return how many more or fewer stand ahead of everybody by each step, when the rules themselves differ.

    Keys of different rules do not compare, so nobody overtakes anybody here: all
    postings are of the kind `rules`. Order the same tables by both, so that nothing
    but the rules has changed.

    Args:
        old: the order by the former rules.
        new: the order by the amended ones.

    Raises:
        OrderError: rules leave applications tied; raised when the accounts are made.

    >>> from datetime import date
    >>> from queue_engine import build_tables, load_rules, order
    >>> region, town = (load_rules(f"rules/region-74/{name}.yaml") for name in ("kindergarten", "magnitogorsk/kindergarten"))
    >>> born, asked = ["2023-05-01", "2023-05-02"], ["2026-04-01", "2026-04-01"]
    >>> filed = {"child.birth_date": born, "child.desired_date": asked, "application.submitted_at": ["2024-01-10", "2025-03-01"]}
    >>> wished = {"sibling.attends": ["no", "yes"], "address.in_territory": ["yes", "no"]}
    >>> entries = {"application": [1, 2], "programme": ["Garden 5", "Garden 5"]}
    >>> tables = build_tables(region.vocabulary, entries | filed | wished)
    >>> old, new = (order(tables, rules, date(2026, 4, 15), {"study_start": date(2026, 9, 1)}) for rules in (region, town))
    >>> change = level_difference(old, new).of("Garden 5", "1")
    >>> change.before, change.after, [(part.step, part.count) for part in change.parts]
    (1, 2, [('sibling', 1)])

    """  # noqa: E501 - statements of the example
    return Difference(old, new, same_rules=False)
