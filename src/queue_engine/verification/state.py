"""What is known after every entry: applications, programmes, the day and the rules (§5, §6)."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .encoding import canonical


class Standing(NamedTuple):
    """Where an application stands."""

    status: str
    programme: str
    deadline: int | None
    withdrawn: bool = False


class Interim(NamedTuple):
    """A place for the time being."""

    programme: str
    seat: str


class Round(NamedTuple):
    """A round: frozen, published or annulled; what was frozen, and of which service."""

    status: str
    freeze: str
    service: str


class Issued(NamedTuple):
    """A round that was published: its result, who could be offered a place then, and what was offered by it.

    Offers are line, programme, and whether it is an interim place, by application.
    """

    result: str
    registered: frozenset[str]
    offers: dict[str, tuple[int, str, bool]]


class Document(NamedTuple):
    """A document of an application; its state is added, confirmed or refuted."""

    document: str
    category: str
    state: str
    first: int | None
    last: int | None


@dataclass(slots=True)
class Wish:
    """A wish for a programme or an organisation, and the facts known at it."""

    programme: str
    organisation: str
    facts: dict[str, int | str]


class Application:
    """One application; its facts and wishes stay packed until somebody asks for them.

    >>> application = Application("", 1, 0, 1)
    >>> application.set_facts({"siblings": 2})
    >>> application.facts()
    {'siblings': 2}
    """

    __slots__ = (
        "_facts",
        "_wishes",
        "before",
        "changed",
        "documents",
        "filed",
        "interim",
        "number",
        "service",
        "standing",
        "submitted_at",
    )

    def __init__(self, service: str, number: int, submitted_at: int, entry: int) -> None:
        """Begin with the filing."""
        self.service = service
        self.number = number
        self.submitted_at = submitted_at
        self.filed = entry
        self.changed = entry
        self.standing = RECEIVED
        self.before = RECEIVED
        self.interim: Interim | None = None
        self.documents: tuple[Document, ...] = ()
        self._facts = b"{}"
        self._wishes = b"[]"

    def facts(self) -> dict[str, int | str]:
        """Return the facts as filed and corrected."""
        facts: dict[str, int | str] = json.loads(self._facts)
        return facts

    def set_facts(self, facts: dict[str, int | str]) -> None:
        """Keep the facts."""
        self._facts = canonical(facts)

    def wishes(self) -> list[Wish]:
        """Return the wishes, in their order."""
        return [Wish(*wish) for wish in json.loads(self._wishes)]

    def set_wishes(self, wishes: list[Wish]) -> None:
        """Keep the wishes."""
        self._wishes = canonical([[wish.programme, wish.organisation, wish.facts] for wish in wishes])

    def may_wish(self, ids: tuple[bytes, ...]) -> bool:
        """Say quickly whether one of some ids, as canonical texts, may be wished for."""
        return any(item in self._wishes for item in ids)


RECEIVED = Standing("received", "", None)


@dataclass(slots=True)
class Programme:
    """A programme, open or closed."""

    service: str
    organisation: str
    takes: str
    facts: dict[str, int | str]
    is_open: bool = True


class InForce(NamedTuple):
    """The last `rules_published` of a service."""

    digest: str
    dates: dict[str, int]


@dataclass(slots=True)
class State:
    """Everything known after an entry."""

    day: int | None = None
    applications: dict[str, Application] = field(default_factory=dict)
    programmes: dict[str, Programme] = field(default_factory=dict)
    rules: dict[str, InForce] = field(default_factory=dict)
    rounds: dict[str, Round] = field(default_factory=dict)
    issued: dict[str, Issued] = field(default_factory=dict)
    drawn: set[str] = field(default_factory=set)
    numbers: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    registered: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    open_at: defaultdict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    _standings: dict[Standing, Standing] = field(default_factory=dict)
    _texts: dict[str, str] = field(default_factory=dict)

    def shared(self, text: str) -> str:
        """Return one copy of a text that many entries repeat."""
        return self._texts.setdefault(text, text)

    def stand(self, name: str, application: Application, standing: Standing, entry: int) -> None:
        """Give an application a new standing, brought by an entry."""
        standing = self._standings.setdefault(standing, standing)
        if application.standing.status == "registered":
            self.registered[application.service].discard(name)
        if standing.status == "registered":
            self.registered[application.service].add(name)
        application.before = application.standing
        application.standing = standing
        application.changed = entry

    def is_open(self, wish: Wish, service: str) -> bool:
        """Say whether what is wished for is open in a service."""
        if wish.organisation:
            return bool(self.open_at.get((service, wish.organisation)))
        programme = self.programmes.get(wish.programme)
        return programme is not None and programme.is_open and programme.service == service

    def open_programme(self, name: str, programme: Programme) -> None:
        """Open a programme, in the place of one of the same name."""
        self.close_programme(name)
        self.programmes[name] = programme
        if programme.organisation:
            self.open_at[programme.service, programme.organisation].add(name)

    def close_programme(self, name: str) -> None:
        """Close a programme, if it is there."""
        programme = self.programmes.get(name)
        if programme is not None:
            programme.is_open = False
            self.open_at[programme.service, programme.organisation].discard(name)


def wishes_of(parts: list[dict[str, Any]]) -> list[Wish]:
    """Return the wishes that an event writes.

    >>> wishes_of([{"programme": "P-1"}])
    [Wish(programme='P-1', organisation='', facts={})]
    """
    return [Wish(part.get("programme", ""), part.get("organisation", ""), part.get("facts", {})) for part in parts]


def corrected(facts: dict[str, int | str], data: dict[str, Any]) -> dict[str, int | str]:
    """Return facts after an event that gives some and forgets others.

    >>> corrected({"a": 1, "b": 2}, {"facts": {"b": 3, "c": 4}, "forgotten": ["c"]})
    {'a': 1, 'b': 3}
    """
    forgotten = data.get("forgotten", [])
    return {name: value for name, value in {**facts, **data["facts"]}.items() if name not in forgotten}
