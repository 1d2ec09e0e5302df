"""Rounds and draws of lots in the journal: what may follow what (§5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .findings import short
from .journal import Event
from .state import Issued, Round, State

Say = Callable[[str], None]


def round_frozen(state: State, event: Event, say: Say) -> None:
    """Take a round that was frozen; its name has to be new."""
    name = event.data["round"]
    old = state.rounds.get(name)
    if old is not None:
        say(f"round {short(name)} was frozen before and is {old.status}; its name has to be new")
    state.rounds[name] = Round("frozen", event.data["freeze"], event.data.get("service", ""))


def round_published(state: State, event: Event, say: Say) -> None:
    """Take a round that was published; it has to be the one that was frozen."""
    name, freeze, service = event.data["round"], event.data["freeze"], event.data.get("service", "")
    old = state.rounds.get(name)
    if old is None:
        say(f"round {short(name)} is published and was not frozen; it has to be")
    else:
        if old.status != "frozen":
            say(f"round {short(name)} is published and is {old.status}; it has to be frozen")
        if old.freeze != freeze:
            say(f"round {short(name)} is published with the freeze {freeze}; it has to be {old.freeze}")
        if old.service != service:
            say(f"round {short(name)} is published for service {short(service)}; it has to be {short(old.service)}")
    state.rounds[name] = Round("published", freeze, service)
    state.issued[name] = Issued(event.data["result"], frozenset(state.registered[service]), {})


def round_annulled(state: State, event: Event, say: Say) -> None:
    """Take a round that was annulled; it has to be frozen or published."""
    name = event.data["round"]
    old = state.rounds.get(name)
    if old is None or old.status == "annulled":
        found = "was not frozen" if old is None else "is annulled"
        say(f"round {short(name)} is annulled and {found}; it has to be frozen or published")
    if old is not None:
        state.rounds[name] = old._replace(status="annulled")


def lottery_drawn(state: State, event: Event, say: Say) -> None:
    """Take a draw of lots; another one of the same campaign gives a reason."""
    campaign = event.data["campaign"]
    if campaign in state.drawn and not event.data.get("reason", "").strip():
        say(f"lots of {short(campaign)} were drawn before; the reason is missing and has to be given")
    state.drawn.add(campaign)


def places_by(state: State, protocol: str, say: Say) -> None:
    """Check that a protocol that is the name of a round is that of a published one."""
    found = state.rounds.get(protocol)
    if found is not None and found.status != "published":
        say(f"the protocol is round {short(protocol)}, which is {found.status}; it has to be published")


def offered_by(state: State, event: Event) -> None:
    """Note what a published round offers to whom."""
    data = event.data
    issued = state.issued.get(data.get("protocol", ""))
    if issued is not None:
        issued.offers[data["application"]] = (event.line, data["programme"], event.kind == "interim_placed")


ROUNDS: Mapping[str, Callable[[State, Event, Say], None]] = {
    "round_frozen": round_frozen,
    "round_published": round_published,
    "round_annulled": round_annulled,
    "lottery_drawn": lottery_drawn,
}
