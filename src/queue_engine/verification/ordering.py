"""Who is in a queue, by what key, and in which order (§6)."""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from .conditions import Condition, ConditionError, Situation, condition
from .documents import Reserve, RuleDocument, Step, Version
from .encoding import canonical
from .findings import short
from .state import Application, Programme, State

GENERAL = "general"
_DAY_SECONDS = 86_400
_PERCENT = 100

Pair = tuple[int, int]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Member:
    """A place in a queue: the key, and for each reserve that moves places whether it is for this application."""

    key: tuple[Pair, ...]
    entitled: tuple[bool, ...]


@dataclass(slots=True)
class Rules:
    """The rules of a service on a day, with the days of all named dates that have one."""

    document: RuleDocument
    version: Version
    days: Mapping[str, int]
    _takes: dict[str, Condition] = field(default_factory=dict)

    @classmethod
    def on(cls, document: RuleDocument, today: int, published: Mapping[str, int]) -> Rules | None:
        """Return the rules in force on a day, if there are any."""
        version = document.version(today)
        if version is None:
            return None
        days = {name: document.day(name, today, published) for name in ("today", *document.dates)}
        return cls(document, version, {name: day for name, day in days.items() if day is not None})

    def missing_dates(self) -> list[str]:
        """Return the named dates that the rules use and nothing gives a day."""
        used = frozenset().union(*(held.dates for held in self.version.conditions()))
        return sorted(used - self.days.keys())

    def takes(self, text: str, say: Say) -> Condition:
        """Return the condition on which a programme takes an application."""
        if text not in self._takes:
            try:
                found = condition(text, self.version.names)
                if found.dates <= self.days.keys():
                    self._takes[text] = found
                    return found
                problem = f"nothing gives a day to {sorted(found.dates - self.days.keys())}"
            except ConditionError as error:
                problem = str(error)
            say(f"takes is {short(text)}; it has to be a condition of the rules: {problem}")
            self._takes[text] = Condition(lambda _: False, frozenset(), frozenset())
        return self._takes[text]


def members(state: State, service: str, queue: str, rules: Rules, say: Say) -> dict[str, Member]:
    """Return everybody in a queue.

    Args:
        state: what is known.
        service: the service of the queue.
        queue: `general`, or a programme.
        rules: the rules in force.
        say: takes a sentence for every fact whose value is not of its type.

    Complexity: the conditions of the rules, for every registered application of the service.

    """
    finder = _Finder(state, rules, say)
    programme = state.programmes.get(queue)
    if queue == GENERAL:
        find = finder.in_general
    elif programme is None or not programme.is_open or programme.service != service:
        return {}
    else:
        ids = tuple(canonical(item) for item in (queue, programme.organisation) if item)
        find = functools.partial(finder.in_programme, queue, programme, ids)
    found = {}
    for name in sorted(state.registered[service]):
        member = find(name, state.applications[name])
        if member is not None:
            found[name] = member
    return found


class _Finder:
    """Asks the conditions of one version, for one application after the other."""

    def __init__(self, state: State, rules: Rules, say: Say) -> None:
        self._state = state
        self._rules = rules
        self._say = say
        self._said: set[tuple[str, str]] = set()
        self._names = rules.version.names
        self._needed = rules.version.needed()
        facts = self._names.facts
        common = frozenset(name for name, fact in facts.items() if fact.per == "application")
        self._needed_in_general = self._needed & common
        self._eligible_in_general = tuple(
            held for held in rules.version.eligible if not (held.facts & facts.keys()) - common
        )

    def in_general(self, name: str, application: Application) -> Member | None:
        """Return the place of an application in the general queue, if it has one."""
        situation = self._situation(name, application, {})
        return self._member(situation, self._needed_in_general, self._eligible_in_general)

    def in_programme(
        self, queue: str, programme: Programme, ids: tuple[bytes, ...], name: str, application: Application
    ) -> Member | None:
        """Return the place of an application in the queue of a programme, if it has one."""
        if not application.may_wish(ids):
            return None
        for wish in application.wishes():
            if wish.programme != queue and not (wish.organisation and wish.organisation == programme.organisation):
                continue
            situation = self._situation(name, application, wish.facts)
            taken = not programme.takes or self._rules.takes(programme.takes, self._say).holds(situation)
            if taken:
                situation = self._situation(name, application, wish.facts | programme.facts)
                return self._member(situation, self._needed, self._rules.version.eligible)
            if wish.programme == queue:
                return None  # it leads here all the same, and counts alone
        return None

    def _situation(self, name: str, application: Application, more: Mapping[str, int | str]) -> Situation:
        own = application.facts()
        submitted = own.get("application.submitted_at", application.submitted_at)
        facts = {
            "application.submitted_at": submitted,
            "application.submitted_on": submitted // _DAY_SECONDS if isinstance(submitted, int) else submitted,
            **own,
            "application.number": application.number,
            "application.active": 1,
            "offer.withdrawn": int(application.standing.withdrawn),
            **more,
        }
        known = {fact: value for fact, value in facts.items() if self._fits(name, fact, value)}
        return Situation(known, application.documents, self._rules.days)

    def _fits(self, name: str, fact: str, value: int | str) -> bool:
        row = self._names.facts.get(fact)
        if row is None:
            return False
        if isinstance(value, str) is (row.type == "choice"):
            return True
        if (name, fact) not in self._said:
            self._said.add((name, fact))
            self._say(f"{fact} of {short(name)} is {short(value)}; it has to be of the type {row.type}")
        return False

    def _member(self, situation: Situation, needed: frozenset[str], eligible: Sequence[Condition]) -> Member | None:
        if not needed <= situation.known.keys() or not all(held.holds(situation) for held in eligible):
            return None
        version = self._rules.version
        key = tuple(pair(step, situation) for step in version.order)
        return Member(key, tuple(reserve.when.holds(situation) for reserve in version.reserves))


def pair(step: Step, situation: Situation) -> Pair:
    """Return what a step adds to a key, the smaller ahead.

    >>> pair(Step("1", "highest", "siblings"), Situation({"siblings": 2}, (), {}))
    (0, -2)
    """
    if step.kind == "groups":
        for index, group in enumerate(step.groups):
            if group.everyone_else or any(ground.holds(situation) for ground in group.grounds):
                return 0, index
        return 0, len(step.groups)
    if step.when is not None:
        return 0, 0 if step.when.holds(situation) else 1
    value = situation.known.get(step.fact)
    if not isinstance(value, int):
        return 1, 0
    return 0, -value if step.kind == "highest" else value


def arranged(order: Sequence[str], people: Mapping[str, Member], reserves: Sequence[Reserve]) -> list[str]:
    """Return an order by keys as the reserves move its places.

    >>> people = {name: Member((), (name in "cd",)) for name in "abcd"}
    >>> arranged("abcd", people, [Reserve("r", "one_in", 3, None)])
    ['c', 'a', 'b', 'd']
    """
    if not reserves:
        return list(order)
    if reserves[0].kind == "one_in":
        return _one_in(order, people, reserves[0].amount)
    return _shares(order, people, [reserve.amount for reserve in reserves])


def _one_in(order: Sequence[str], people: Mapping[str, Member], amount: int) -> list[str]:
    entitled = deque(name for name in order if people[name].entitled[0])
    others = deque(name for name in order if not people[name].entitled[0])
    placed: list[str] = []
    while entitled and others:
        first = len(placed) % amount == 0
        placed.append((entitled if first else others).popleft())
    return [*placed, *entitled, *others]


def _shares(order: Sequence[str], people: Mapping[str, Member], amounts: Sequence[int]) -> list[str]:
    """Call one place after the other; those alike in their reserves stand in one line each."""
    waiting: dict[tuple[bool, ...], deque[tuple[int, str]]] = {}
    for number, name in enumerate(order):
        waiting.setdefault(people[name].entitled, deque()).append((number, name))
    called = [0] * len(amounts)
    placed: list[str] = []
    while waiting:
        left = list(waiting)
        for number, amount in enumerate(amounts):
            if _PERCENT * called[number] < amount * (len(placed) + 1):
                left = [kind for kind in left if kind[number]] or left
        chosen = min(left, key=lambda kind: waiting[kind][0])
        placed.append(waiting[chosen].popleft()[1])
        called = [count + held for count, held in zip(called, chosen, strict=True)]
        if not waiting[chosen]:
            del waiting[chosen]
    return placed
