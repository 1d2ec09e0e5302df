"""Seeded histories in which much happens: rights begin and end, wishes and facts change, rules too, and days pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, TypeVar

import attrs
from tests.trials.scenes import SCENES, Scene, Value, facts_of_scene, rules_of

from queue_engine import events as on
from queue_engine.canonical import JournalError
from queue_engine.due import due_events
from queue_engine.events.statuses import ACTIVE, PLACED, Status
from queue_engine.facts import Per, day_to_date
from queue_engine.journal import Journal
from queue_engine.ordering import order
from queue_engine.queue import GENERAL
from queue_engine.replay import Folding
from queue_engine.rule_documents import rules_digest
from queue_engine.rules.model import RuleSet
from queue_engine.state import State

T = TypeVar("T")

MUNICIPALITY = "75701000"
_DAY = 86_400_000
_LISTED = 0.6  # how often the applications of an order stand in the journal
_ASIDE = (Status.DECLINED, Status.UNCONFIRMED, Status.SUSPENDED, Status.INACTIVE)
_BEFORE = (Status.RECEIVED, Status.REVIEW, Status.CONFIRM_DATA)


@attrs.frozen
class Past:
    """A journal, the rules it names, and the service that is looked at."""

    journal: Journal
    rules: Mapping[str, RuleSet]
    service: str = ""


def lively(seed: int, name: str, acts: int = 90) -> Past:
    """Return a history of a service.

    Args:
        seed: what it is drawn from; equal arguments give equal histories.
        name: a scene of `SCENES`.
        acts: how often somebody acts; a few acts come to nothing.

    """
    luck = Random(f"{name}/{seed}")  # noqa: S311 - repeatable on purpose
    plain, *others = rules_of(name)
    given = (plain, luck.choice(others)) if luck.random() < 0.5 else (plain,)
    town = _Town(luck, name, SCENES[name], {rules_digest(each): each for each in given})
    town.begin()
    for _ in range(acts):
        town.at += luck.choice((0, 1, 60_000, 3_600_000))
        luck.choices(_ACTS, _WEIGHTS)[0](town)
    town.publish_orders()
    return Past(town.journal, town.given, town.service)


@attrs.define(eq=False)
class _Town:
    """A municipality while people act in it."""

    luck: Random
    name: str
    scene: Scene
    given: Mapping[str, RuleSet]
    service: str = ""
    journal: Journal = attrs.field(factory=lambda: Journal(MUNICIPALITY))
    folding: Folding = attrs.field(init=False)
    numbers: list[int] = attrs.field(init=False)
    day: int = attrs.field(init=False)
    at: int = attrs.field(init=False)
    digest: str = ""
    dates: dict[str, int] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        """Begin before the first entry."""
        self.service = self.luck.choice(("", self.name))
        self.folding = Folding.start(MUNICIPALITY, self.given)
        self.numbers = self.luck.sample(range(1, 200), 60)
        self.day = self.scene.first_day
        self.at = self.day * _DAY

    @property
    def rules(self) -> RuleSet:
        """Return the rules in force."""
        return self.given[self.digest]

    def by(self, actor: str) -> dict[str, Any]:
        """Return when an event is recorded, and who acts."""
        return {"at": self.at, "actor": actor}

    def record(self, *events: on.Event | None) -> bool:
        """Record events, unless they cannot follow; say whether they were."""
        given = [event for event in events if event is not None]
        if not given:
            return False
        try:
            entries = self.journal.append_many(given)
        except JournalError:
            return False
        for entry in entries:
            self.folding.fold(self.journal.event(entry), entry)
        return True

    def state(self) -> State:
        """Return the state after the last entry."""
        return self.folding.state()

    def names(self, *statuses: Status) -> list[str]:
        """Return the applications in one of some statuses."""
        return [name for name, each in self.journal.life.standings.items() if each.status in statuses]

    def some(self, options: Sequence[T]) -> T | None:
        """Draw one of several, if there are any."""
        return self.luck.choice(options) if options else None

    def facts(self, per: Per, often: float = 0.5) -> dict[str, Value]:
        """Draw what is known of something."""
        found: dict[str, Value] = {}
        for fact in facts_of_scene(self.name, per):
            if fact.name == "child.birth_date" or self.luck.random() < often:
                found[fact.name] = self.luck.choice(self.scene.values_of(fact))
            mostly = self.scene.mostly.get(fact.name)
            if mostly is not None and self.luck.random() < 0.8:
                found[fact.name] = mostly
        return found

    def wishes(self) -> list[on.Wish]:
        """Draw up to four wishes, some of them for any group of an organisation."""
        programmes = self.journal.life.programmes
        opened = [name for name, each in programmes.items() if each.is_open]
        targets = [(name, "") for name in opened]
        targets += [("", each) for each in dict.fromkeys(programmes[name].organisation for name in opened)]
        chosen = self.luck.sample(targets, min(len(targets), self.luck.choice((0, 1, 2, 2, 3, 4))))
        return [on.Wish(*target, self.facts(Per.ENTRY, 0.35)) for target in chosen]

    def begin(self) -> None:
        """Record the first day, rules and programmes."""
        self.record(on.DayAdvanced(self.day, **self.by("system")))
        self.publish_rules()
        for number in range(self.luck.randint(2, 4)):
            self.open_programme(f"p{number}")

    def publish_rules(self) -> None:
        """Publish rules, the same or others, sometimes with other days."""
        self.digest = self.luck.choice(list(self.given))
        self.dates = self.scene.days_of_dates()
        if self.dates and self.luck.random() < 0.3:
            changed = self.luck.choice(list(self.dates))
            self.dates[changed] += self.luck.choice((-365, -1, 1, 365))
        by = self.by("ministry")
        self.record(on.RulesPublished(self.digest, self.service, ("act",), self.dates, **by))

    def open_programme(self, name: str) -> None:
        """Open a programme of one of two organisations."""
        takes, organisation = self.luck.choice(self.scene.takes), self.luck.choice(("north", "south"))
        facts = self.facts(Per.PROGRAMME, 0.2)
        by = self.by("officer")
        self.record(on.ProgrammeOpened(name, organisation, name, 2, takes, facts, self.service, **by))

    def publish_orders(self) -> None:
        """Publish the order of every queue."""
        state, days = self.state(), {name: day_to_date(day) for name, day in self.dates.items()}
        tables = state.tables(self.rules.vocabulary, self.service)
        queues = order(tables, self.rules, day_to_date(self.day), days)
        for name in (GENERAL, *queues):
            line = tuple(queues[name])
            told = line if self.luck.random() < _LISTED else ()
            digest = on.order_digest(name, line)
            self.record(on.OrderPublished(name, told, digest, self.service, **self.by("commission")))


def _file(town: _Town) -> None:
    if not town.numbers:
        return
    number = town.numbers.pop()
    name, filed = f"A-{number}", town.luck.choice(town.scene.seconds())
    facts, wishes = town.facts(Per.APPLICATION), town.wishes()
    town.record(on.Filed(name, number, filed, facts, wishes, town.service, **town.by("parent")))
    if town.luck.random() < 0.85:
        town.record(on.Reviewed(name, "registered", **town.by("officer:1")))
    if town.luck.random() < 0.4:
        _add_document(town, name)


def _review(town: _Town) -> None:
    name = town.some(town.names(*_BEFORE))
    if name:
        outcome = town.luck.choice(("taken", "confirm_data", "registered", "registered", "refused"))
        deadline = town.day + 1 if outcome == "confirm_data" else None
        town.record(on.Reviewed(name, outcome, "checked", deadline=deadline, **town.by("officer:1")))


def _add_document(town: _Town, name: str | None = None) -> None:
    name = name or town.some(town.names(*ACTIVE))
    if name:
        number = sum(whose == name for whose, _ in town.journal.life.papers)
        document, category = f"d{number}", town.luck.choice(town.scene.categories)
        first = town.luck.choice((None, town.day - 5, town.day, town.day + 1, town.day + 2))
        last = town.luck.choice((None, None, town.day + 1, town.day + 2, town.day + 4))
        if first is not None and last is not None and last < first:
            last = first
        added = on.DocumentAdded(name, document, category, first, last, **town.by("parent"))
        confirmed = on.DocumentConfirmed(name, document, **town.by("officer:2"))
        town.record(added, confirmed if town.luck.random() < 0.8 else None)


def _judge_document(town: _Town) -> None:
    paper = town.some(list(town.journal.life.papers))
    if paper and town.luck.random() < 0.5:
        last = town.luck.choice((None, town.day, town.day + 1, town.day + 3))
        town.record(on.DocumentConfirmed(*paper, None, last, **town.by("officer:2")))
    elif paper:
        town.record(on.DocumentRefuted(*paper, "not valid", **town.by("officer:2")))


def _next_day(town: _Town) -> None:
    town.day += town.luck.choice((1, 1, 1, 2))
    town.at = max(town.at, town.day * _DAY)
    dates = {name: day_to_date(day) for name, day in town.dates.items()}
    due = due_events(town.state(), day_to_date(town.day), town.rules, dates, town.service)
    town.record(on.DayAdvanced(town.day, **town.by("system")), *due)


def _change_wishes(town: _Town) -> None:
    name = town.some(town.names(*(ACTIVE - PLACED)))
    if name:
        town.record(on.WishesChanged(name, town.wishes(), **town.by("parent")))


def _change_at_wish(town: _Town) -> None:
    standings = town.journal.life.standings
    wished = [(name, *target) for name in town.names(*ACTIVE) for target in standings[name].targets]
    fact = town.some(facts_of_scene(town.name, Per.ENTRY))
    if not wished or fact is None:
        return
    if town.luck.random() < 0.5:
        name, programme, organisation = town.luck.choice(wished)
        forgotten = (fact.name,) if town.luck.random() < 0.3 else ()
        facts = {} if forgotten else {fact.name: town.luck.choice(town.scene.values_of(fact))}
        by = town.by("officer:3")
        town.record(on.EntryFactsChanged(name, facts, programme, organisation, forgotten, "call", **by))
        return
    values = [value for value in town.scene.values_of(fact) if isinstance(value, int)]
    chosen = town.luck.sample(wished, min(len(wished), town.luck.randint(1, 5)))
    told = [on.EntryValue(*each, town.luck.choice(values)) for each in chosen]
    town.record(on.TerritoryActChanged("act 7", fact.name, told, **town.by("officer:3")))


def _correct(town: _Town) -> None:
    name = town.some(town.names(*ACTIVE))
    fact = town.some(facts_of_scene(town.name, Per.APPLICATION))
    if not name or fact is None:
        return
    forgotten: tuple[str, ...] = ()
    facts: dict[str, Value] = {fact.name: town.luck.choice(town.scene.values_of(fact))}
    if town.luck.random() < 0.25:
        facts, forgotten = {}, (fact.name,)
    elif town.luck.random() < 0.25:
        facts = {"application.submitted_at": town.luck.choice(town.scene.seconds())}
    by = town.by("officer:3")
    town.record(on.DataCorrected(name, facts, "misprint", "passport", forgotten, **by))


def _offer(town: _Town) -> None:
    name = town.some(town.names(Status.REGISTERED))
    programme = town.some(list(town.journal.life.programmes))
    if name and programme:
        protocol = town.luck.choice(("", "", *town.journal.life.rounds))
        town.record(on.Offered(name, programme, town.day + 1, protocol, **town.by("commission")))


def _answer(town: _Town) -> None:
    name = town.some(town.names(*PLACED))
    if not name:
        return
    programme = town.journal.life.standings[name].programme
    answers: tuple[Callable[[], on.Event], ...] = (
        lambda: on.Accepted(name, programme, **town.by("parent")),
        lambda: on.Declined(name, programme, **town.by("epgu")),
        lambda: on.Enrolled(name, programme, "order 5", **town.by("organisation")),
        lambda: on.OfferWithdrawn(name, programme, "repair", "act 9", **town.by("commission")),
    )
    town.record(town.luck.choice(answers)())


def _place_for_now(town: _Town) -> None:
    name, programme = town.some(town.names(Status.REGISTERED)), town.some(list(town.journal.life.programmes))
    if name and programme:
        seat, until = town.luck.choice((("temporary", town.day + 2), ("short_stay", None), ("temporary", None)))
        protocol = town.luck.choice(("", "", *town.journal.life.rounds))
        town.record(on.InterimPlaced(name, programme, seat, until, protocol, **town.by("commission")))


def _end_for_now(town: _Town) -> None:
    held = [(name, each.interim) for name, each in town.journal.life.standings.items() if each.interim]
    told = town.some(held)
    if told:
        town.record(on.InterimEnded(told[0], told[1].programme, "asked to", **town.by("parent")))


def _next_of_round(town: _Town) -> None:
    """Freeze, publish or annul a round; what cannot follow is refused."""
    rounds, by = town.journal.life.rounds, town.by("commission")
    name = f"round/{town.luck.choice((len(rounds), max(len(rounds) - 1, 0)))}"
    freeze = town.luck.choice(("0f" * 32, "f0" * 32))
    acts: tuple[Callable[[], on.Event], ...] = (
        lambda: on.RoundFrozen(name, town.day, freeze, 3, len(town.numbers), town.service, **by),
        lambda: on.RoundPublished(name, freeze, "ab" * 32, town.service, **by),
        lambda: on.RoundPublished(name, freeze, "ab" * 32, town.service, **by),
        lambda: on.RoundAnnulled(name, "a wrong list", "memo 5", **by),
    )
    town.record(town.luck.choice(acts)())


def _draw_lots(town: _Town) -> None:
    sources = [on.Source("dice", str(town.luck.randint(1, 6)))]
    reason = town.luck.choice(("", "a torn list"))
    campaign = town.luck.choice(("may", "june"))
    town.record(on.LotteryDrawn(campaign, "0f" * 32, town.digest, sources, reason, **town.by("commission")))


def _lapse(town: _Town) -> None:
    """Try it with anybody who has to answer: what is too early the life cycle refuses."""
    name = town.some(town.names(*PLACED, Status.CONFIRM_DATA))
    if name:
        town.record(on.Lapsed(name, town.luck.choice(("suspended", "returned")), **town.by("system")))


def _leave(town: _Town) -> None:
    name = town.some(town.names(Status.REGISTERED))
    if name:
        made: tuple[Callable[[], on.Event], ...] = (
            lambda: on.Withdrawn(name, **town.by("parent")),
            lambda: on.Withdrawn(name, **town.by("parent")),
            lambda: on.Suspended(name, "asked to", **town.by("officer")),
            lambda: on.Moved(name, "75752000", **town.by("officer")),
        )
        town.record(town.luck.choice(made)())


def _come_back(town: _Town) -> None:
    name = town.some(town.names(*_ASIDE))
    if name and town.luck.random() < 0.7:
        town.record(on.Restored(name, "asked to", **town.by("parent")))
        return
    name = town.some(list(town.journal.life.standings))
    if name:
        decision = town.journal.life.standings[name].changed
        town.record(on.Revoked(name, decision, "a mistake", "memo 3", **town.by("officer:1")))


def _grant(town: _Town) -> None:
    name, programme = town.some(town.names(Status.REGISTERED, *_ASIDE)), town.some(list(town.journal.life.programmes))
    if name and programme:
        by = town.by("court")
        town.record(on.ExceptionGranted(name, programme, "decision 2-117", "court", "reserve", **by))


def _open_or_close(town: _Town) -> None:
    name = town.some(list(town.journal.life.programmes))
    if name and town.journal.life.programmes[name].is_open:
        town.record(on.ProgrammeClosed(name, "repair", **town.by("officer")))
    elif name:
        town.open_programme(name)


_OFTEN: Sequence[tuple[Callable[[_Town], None], int]] = (
    (_file, 20),
    (_review, 4),
    (_add_document, 10),
    (_judge_document, 7),
    (_next_day, 9),
    (_change_wishes, 7),
    (_change_at_wish, 8),
    (_correct, 9),
    (_offer, 6),
    (_answer, 5),
    (_lapse, 3),
    (_place_for_now, 4),
    (_end_for_now, 2),
    (_next_of_round, 3),
    (_draw_lots, 1),
    (_leave, 4),
    (_come_back, 6),
    (_grant, 1),
    (_open_or_close, 2),
    (_Town.publish_rules, 2),
    (_Town.publish_orders, 3),
)
_ACTS, _WEIGHTS = zip(*_OFTEN, strict=True)
