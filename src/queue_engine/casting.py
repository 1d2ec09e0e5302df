"""Applications × rules × programmes → what each has in every queue: `placing`, compiled for one moment.

The definition is `Moment.places_of`; this gives the same some fifty times as fast. Where nothing of an organisation
speaks against the application's own facts, what reads only those is asked once for all its queues.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import attrs

from queue_engine.events.lifecycle import GENERAL_QUEUE
from queue_engine.events.model import Wish
from queue_engine.facts import Per
from queue_engine.placing import Moment, Placed
from queue_engine.rules.conditions import Condition
from queue_engine.rules.functions import At, Facts, Functions, Memo, Standing, Test
from queue_engine.rules.one_by_one import Value
from queue_engine.state import Application, Document, Programme
from queue_engine.tables.assembly import OPEN_END, SINCE_EVER


@attrs.frozen(eq=False)
class _Offered:
    """A programme as wishes meet it.

    Args:
        id: its id.
        facts: what is known of it.
        takes: whether it takes an application.
        own: whether its facts leave those of applications as they are.

    """

    id: str
    facts: Facts
    takes: Test
    own: bool


@attrs.define(eq=False)
class Casting:
    """What applications have in the queues of one moment.

    Args:
        moment: the rules of the day, and whom programmes take.
        programmes: those that are open.

    """

    moment: Moment
    programmes: Iterable[Programme]
    _functions: Functions = attrs.field(init=False)
    _alone_steps: list[At] = attrs.field(init=False)
    _tied_steps: list[At] = attrs.field(init=False)
    _places: list[int] = attrs.field(init=False)
    _entitled: list[Test] = attrs.field(init=False)
    _alone: frozenset[str] = attrs.field(init=False)
    _tied: tuple[str, ...] = attrs.field(init=False)
    _anywhere: tuple[str, ...] = attrs.field(init=False)
    _in_general: Test = attrs.field(init=False)
    _in_programme: Test = attrs.field(init=False)
    _inside: int = attrs.field(init=False)
    _alone_slot: int = attrs.field(init=False)
    _made: int = attrs.field(init=False)
    _plain: bool = attrs.field(default=True, init=False)
    _grounds: dict[tuple[str, ...], tuple[str, ...]] = attrs.field(factory=dict, init=False)
    _by_id: dict[str, list[_Offered]] = attrs.field(factory=dict, init=False)
    _at: dict[str, list[_Offered]] = attrs.field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        """Compile the rules."""
        rules = self.moment.rules
        facts = rules.vocabulary.facts
        functions = self._functions = Functions(rules.vocabulary, rules.conventions)
        self._alone = frozenset(name for name, fact in facts.items() if fact.per is Per.APPLICATION)
        self._anywhere = self.moment.needed_anywhere
        self._tied = tuple(name for name in self.moment.needed if name not in self._anywhere)
        tied = [not functions.step_of_application_only(step) for step in rules.order]
        self._alone_steps = [functions.at(step) for step, here in zip(rules.order, tied, strict=True) if not here]
        self._tied_steps = [functions.at(step) for step, here in zip(rules.order, tied, strict=True) if here]
        alone_first = sorted(range(len(tied)), key=tied.__getitem__)
        self._places = sorted(range(len(tied)), key=alone_first.__getitem__)
        self._entitled = [functions.test(each.when) for each in rules.reserves if each.changes_positions]
        anywhere = [each.when for each in rules.eligible if functions.of_application_only(each.when)]
        here = [each.when for each in rules.eligible if not functions.of_application_only(each.when)]
        self._in_general, self._in_programme = functions.every(anywhere), functions.every(here)
        self._inside, self._alone_slot, self._made = functions.slot(), functions.slot(), functions.slot()
        self._open(self.programmes)

    def _open(self, programmes: Iterable[Programme]) -> None:
        tests: dict[Condition, Test] = {}
        self._by_id, self._at = {}, {}
        for each in programmes:
            when = self.moment.takes[each.id]
            if when not in tests:
                tests[when] = self._functions.test(when)
            offered = _Offered(each.id, each.facts, tests[when], self._alone.isdisjoint(each.facts))
            self._by_id[each.id] = [offered]
            self._at.setdefault(each.organisation, []).append(offered)
            self._plain = self._plain and offered.own

    def places_of(self, application: Application) -> dict[str, Placed]:
        """Return the queues an application stands in, with what it has in each; the general one is first."""
        return self.places(application.known(), application.documents, application.wishes)

    def places(
        self, own: Mapping[str, Value], documents: Iterable[Document], wishes: Collection[Wish]
    ) -> dict[str, Placed]:
        """Return the queues of an application of which the given is known.

        Args:
            own: every fact that is tied to no organisation; see `Application.known`.
            documents: its documents.
            wishes: its wishes, in the order of preference.

        Complexity: O(conditions + wishes × conditions that name an organisation's facts).

        """
        papers = [
            (
                each.category,
                SINCE_EVER if each.first is None else each.first,
                OPEN_END if each.last is None else each.last,
            )
            for each in documents
            if each.state == "confirmed"
        ]
        memo = self._functions.memo(papers)
        found: dict[str, Placed] = {}
        inside = self._stands(own, memo)
        if inside:
            found[GENERAL_QUEUE] = self._placed(own, memo)
        elif self._plain and all(self._alone.isdisjoint(wish.facts) for wish in wishes):
            return found  # what refuses it there refuses it everywhere
        met: set[str] = set()
        for wish in wishes:
            stated = wish.facts
            there = {**own, **stated} if stated else own
            alone = not stated or self._alone.isdisjoint(stated)
            known = memo if alone else self._functions.memo(papers)
            named = wish.programme
            for offered in self._by_id.get(named, ()) if named else self._at.get(wish.organisation, ()):
                if offered.id in met:
                    continue
                taken = offered.takes(there, known)
                if taken or offered.id == named:
                    met.add(offered.id)
                if not taken:
                    continue
                record, here = there, known
                if offered.facts:
                    record = {**there, **offered.facts}
                    here = known if offered.own else self._functions.memo(papers)
                if self._stands(record, here) and self._stands_here(record, here):
                    found[offered.id] = self._placed(record, here)
        return found

    def _stands(self, facts: Facts, memo: Memo) -> bool:
        """Return whether nothing that is tied to no organisation refuses an application; asked once a memo."""
        found: bool | None = memo[self._inside]
        if found is None:
            known = all(map(facts.__contains__, self._anywhere))
            found = memo[self._inside] = known and self._in_general(facts, memo)
        return found

    def _stands_here(self, facts: Facts, memo: Memo) -> bool:
        return all(map(facts.__contains__, self._tied)) and self._in_programme(facts, memo)

    def _placed(self, facts: Facts, memo: Memo) -> Placed:
        """Return what an application has in a queue; queues in which it has the same share it."""
        here = tuple([at(facts, memo) for at in self._tied_steps])
        entitled = tuple([test(facts, memo) for test in self._entitled])
        made: dict[tuple[object, ...], Placed] | None = memo[self._made]
        if made is None:
            made = memo[self._made] = {}
        found = made.get((here, entitled))
        if found is None:
            steps: list[Standing] | None = memo[self._alone_slot]
            if steps is None:
                steps = memo[self._alone_slot] = [at(facts, memo) for at in self._alone_steps]
            steps = [*steps, *here]
            key = tuple([steps[place][0] for place in self._places])
            grounds = tuple([steps[place][1] for place in self._places])
            found = made[here, entitled] = Placed(key, self._grounds.setdefault(grounds, grounds), entitled)
        return found
