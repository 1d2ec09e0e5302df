"""What may follow what (§5), and what every event changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .findings import short
from .journal import Event
from .round_events import ROUNDS, offered_by, places_by
from .state import Application, Document, InForce, Interim, Programme, Standing, State, Wish, corrected, wishes_of

Say = Callable[[str], None]

NUMBER = "application.number"
_OFFERED = ("offered", "consent", "contract")
_EARLY = ("received", "review", "confirm_data")
_FINAL = ("enrolled", "withdrawn", "refused", "moved", "closed", "archived")
_GOING = (*_EARLY, *_OFFERED, "registered", "declined", "unconfirmed", "inactive", "suspended")
_WITHDRAWN = {"offer_withdrawn": True, "offered": False, "exception_granted": False}
_DAY = 86_400_000
_EARLIEST = 50_400_000  # fourteen hours: where a day begins first


def _to(new: str, *old: str) -> dict[str, str]:
    return dict.fromkeys(old, new)


_STAYS = _to("", *_GOING)

ARROWS: Mapping[str, Mapping[str, str]] = {
    "reviewed taken": _to("review", "received"),
    "reviewed confirm_data": _to("confirm_data", "received", "review"),
    "reviewed registered": _to("registered", *_EARLY),
    "reviewed refused": _to("refused", *_EARLY, "registered"),
    "document_added": _STAYS,
    "document_confirmed": _STAYS,
    "document_refuted": _STAYS,
    "wishes_changed": _to("", *(status for status in _GOING if status not in _OFFERED)),
    "data_corrected": _to("", *_GOING, *_FINAL),
    "entry_facts_changed": _STAYS,
    "due": _STAYS,
    "restored": _to("registered", "declined", "unconfirmed", "suspended") | _to("confirm_data", "inactive"),
    "offered": _to("offered", "registered"),
    "exception_granted": _to("offered", "registered", "declined", "unconfirmed", "suspended"),
    "accepted": _to("consent", "offered"),
    "contract_prepared": _to("contract", "consent"),
    "declined": _to("declined", *_OFFERED),
    "lapsed suspended": _to("unconfirmed", *_OFFERED) | _to("inactive", "confirm_data"),
    "lapsed returned": _to("registered", *_OFFERED),
    "enrolled": _to("enrolled", *_OFFERED),
    "offer_withdrawn": _to("registered", *_OFFERED),
    "interim_placed": _to("", "registered"),
    "interim_ended": _STAYS,
    "suspended": _to("suspended", "registered"),
    "withdrawn": _to("withdrawn", *_GOING),
    "moved": _to("moved", *_GOING),
    "closed": _to("closed", *_GOING),
    "archived": _to("archived", *_GOING),
}


def follow(state: State, event: Event, say: Say) -> None:
    """Check that an event may follow what was before, and change the state as it says.

    An event that may not come is reported, and still changes what it plainly says, so that one wrong event is not
    followed by findings about those after it.

    Args:
        state: what is known before the entry; afterwards, what is known after it.
        event: the event; `order_published` changes nothing and is checked elsewhere.
        say: takes a sentence for every rule of §5 that the event breaks.

    """
    general = _GENERAL.get(event.kind)
    if general is not None:
        general(state, event, say)
        return
    name: str = event.data["application"]
    application = state.applications.get(name)
    if application is None:
        say(f"application {short(name)} was not filed; an event of it needs that it was")
        return
    if event.kind == "revoked":
        _revoke(state, application, event, say)
        return
    arrow = event.kind
    if arrow in ("reviewed", "lapsed"):
        arrow = f"{arrow} {event.data['outcome']}"
    goes, status = ARROWS[arrow], application.standing.status
    if status not in goes:
        say(f"{arrow} of {short(name)}, which is {status}; it has to be {' '.join(goes)}")
    check = _CHECKS.get(event.kind)
    if check is not None:
        check(state, application, event.data, say)
    if event.kind in ("offered", "interim_placed"):
        offered_by(state, event)
    if event.kind == "withdrawn" and event.actor.partition(":")[0] not in ("parent", "epgu", "mfc"):
        _gives(event.data, "reason", say)
        _gives(event.data, "basis", say)
    new = goes.get(status, next(iter(goes.values())))
    if new:
        was = application.standing
        programme = state.shared(event.data.get("programme", was.programme))
        withdrawn = _WITHDRAWN.get(event.kind, was.withdrawn)
        state.stand(name, application, Standing(new, programme, event.data.get("deadline"), withdrawn), event.entry)


def _gives(data: dict[str, Any], part: str, say: Say) -> None:
    if not data.get(part, "").strip():
        say(f"the {part} is missing; it has to be given")


def _rules_published(state: State, event: Event, _: Say) -> None:
    data = event.data
    state.rules[data.get("service", "")] = InForce(data["rules"], data.get("dates", {}))


def _day_advanced(state: State, event: Event, say: Say) -> None:
    day = event.data["day"]
    if state.day is not None and day <= state.day:
        say(f"the day is {day}; it has to be later than {state.day}")
    if day * _DAY - _EARLIEST > event.at:
        say(f"the day is {day}, which has begun nowhere at {event.at}; it may come from {day * _DAY - _EARLIEST}")
    state.day = day


def _programme_opened(state: State, event: Event, say: Say) -> None:
    data = event.data
    name, service = data["programme"], state.shared(data.get("service", ""))
    old = state.programmes.get(name)
    if old is not None and old.is_open:
        say(f"programme {short(name)} is open already; it has to be closed before")
    if old is not None and old.service != service:
        say(f"programme {short(name)} comes to service {short(service)}; it has to keep {short(old.service)}")
    programme = Programme(service, data.get("organisation", ""), data.get("takes", ""), data.get("facts", {}))
    state.open_programme(state.shared(name), programme)


def _needs_open(state: State, event: Event, say: Say) -> None:
    programme = state.programmes.get(event.data["programme"])
    if programme is None or not programme.is_open:
        say(f"programme {short(event.data['programme'])} is not open; it has to be")


def _programme_closed(state: State, event: Event, say: Say) -> None:
    _needs_open(state, event, say)
    state.close_programme(event.data["programme"])


def _territory(state: State, event: Event, say: Say) -> None:
    fact = event.data["fact"]
    for value in event.data["entries"]:
        application = state.applications.get(value["application"])
        if application is None:
            say(f"application {short(value['application'])} was not filed; a value needs that it was")
        else:
            _at_wish(application, value, {"facts": {fact: value["value"]}}, say)


def _filed(state: State, event: Event, say: Say) -> None:
    data = event.data
    name, service, number = data["application"], state.shared(data.get("service", "")), data["number"]
    if name in state.applications:
        say(f"application {short(name)} was filed before; its id has to be new")
    if number in state.numbers[service]:
        say(f"number {number} was given before in service {short(service)}; it has to be new")
    if NUMBER in data["facts"]:
        say(f"facts give {NUMBER}; they may not")
    state.numbers[service].add(number)
    application = Application(service, number, data["submitted_at"], event.entry)
    old = state.applications.get(name)
    if old is not None:
        state.registered[old.service].discard(name)
    state.applications[name] = application
    application.set_facts(data["facts"])
    _wish(state, application, data, say)


def _wish(state: State, application: Application, data: dict[str, Any], say: Say) -> None:
    """Take the wishes of an event; what was known at one that stays is kept."""
    wishes = wishes_of(data["wishes"])
    old = {(wish.programme, wish.organisation): wish.facts for wish in application.wishes()}
    for wish in wishes:
        if not state.is_open(wish, application.service):
            say(f"{short(wish.programme or wish.organisation)} is wished for and not open; it has to be")
        wish.facts = {**old.get((wish.programme, wish.organisation), {}), **wish.facts}
    application.set_wishes(wishes)


def _at_wish(application: Application, subject: dict[str, Any], change: dict[str, Any], say: Say) -> None:
    """Change the facts at one wish, which has to be there."""
    programme, organisation = subject.get("programme", ""), subject.get("organisation", "")
    wishes = application.wishes()
    found = [wish for wish in wishes if (wish.programme, wish.organisation) == (programme, organisation)]
    if not found:
        say(f"{short(programme or organisation)} is no wish of {short(subject['application'])}; it has to be")
    for wish in found:
        wish.facts = corrected(wish.facts, change)
    application.set_wishes(wishes)


def _revoke(state: State, application: Application, event: Event, say: Say) -> None:
    decision = event.data["decision"]
    if decision != application.changed:
        say(f"the decision is entry {decision}; it has to be {application.changed}, the last one")
    elif decision == application.filed:
        say(f"the decision is entry {decision}, the filing, which cannot be revoked")
    else:
        state.stand(event.data["application"], application, application.before, event.entry)


def _document_added(_: State, application: Application, data: dict[str, Any], say: Say) -> None:
    name = data["document"]
    if any(document.document == name for document in application.documents):
        say(f"document {short(name)} was added before; it has to be new")
        return
    document = Document(name, data["category"], "added", data.get("first"), data.get("last"))
    _in_order(document, say)
    application.documents = (*application.documents, document)


def _judged(state: str) -> Callable[[State, Application, dict[str, Any], Say], None]:
    def judge(_: State, application: Application, data: dict[str, Any], say: Say) -> None:
        at = [document.document for document in application.documents]
        if data["document"] not in at:
            say(f"document {short(data['document'])} was not added; it has to be")
            return
        place = at.index(data["document"])
        old = application.documents[place]
        new = Document(*old[:2], state, data.get("first", old.first), data.get("last", old.last))
        if new == old:
            say(f"document {short(old.document)} is {state} with these days already")
        if state == "confirmed":
            _in_order(new, say)
        application.documents = (*application.documents[:place], new, *application.documents[place + 1 :])

    return judge


def _in_order(document: Document, say: Say) -> None:
    if document.first is not None and document.last is not None and document.last < document.first:
        say(f"last is {document.last}; it has to be {document.first} or later, not before first")


def _data_corrected(_: State, application: Application, data: dict[str, Any], say: Say) -> None:
    if NUMBER in data["facts"] or NUMBER in data.get("forgotten", []):
        say(f"{NUMBER} is corrected; it may neither change nor be forgotten")
    application.set_facts(corrected(application.facts(), data))


def _entry_facts(_: State, application: Application, data: dict[str, Any], say: Say) -> None:
    _at_wish(application, data, data, say)


def _not_before(state: State, _: Application, data: dict[str, Any], say: Say) -> None:
    deadline = data.get("deadline")
    if deadline is not None and state.day is not None and deadline < state.day:
        say(f"the deadline is {deadline}; it has to be {state.day} or later, not before the day")


def _reviewed(state: State, application: Application, data: dict[str, Any], say: Say) -> None:
    _not_before(state, application, data, say)
    if data["outcome"] == "refused":
        _gives(data, "reason", say)


def _excepted(state: State, application: Application, data: dict[str, Any], say: Say) -> None:
    _not_before(state, application, data, say)
    name = data["programme"]
    if not state.is_open(Wish(name, "", {}), application.service):
        say(f"programme {short(name)} is not open in the application's service; it has to be")


def _offered(state: State, application: Application, data: dict[str, Any], say: Say) -> None:
    _excepted(state, application, data, say)
    places_by(state, data.get("protocol", ""), say)
    name = data["programme"]
    programme = state.programmes.get(name)
    organisation = programme.organisation if programme else ""
    if not any(
        name == wish.programme or (wish.organisation and wish.organisation == organisation)
        for wish in application.wishes()
    ):
        say(f"programme {short(name)} is offered and not wished for; it or its organisation has to be")


def _interim_placed(state: State, application: Application, data: dict[str, Any], say: Say) -> None:
    _offered(state, application, data, say)
    until = data.get("until")
    if until is None and data["seat"] == "temporary":
        say("until is missing; with a temporary seat it has to be given")
    if until is not None and state.day is not None and until < state.day:
        say(f"until is {until}; it has to be {state.day} or later, not before the day")
    held = _interim(application)
    if held is not None:
        say(f"the application has an interim place, {short(held.programme)}; it may have one at a time")
    application.interim = Interim(data["programme"], data["seat"])


def _interim_ended(_: State, application: Application, data: dict[str, Any], say: Say) -> None:
    held = _interim(application)
    if held is None or held.programme != data["programme"]:
        has = short(held.programme) if held is not None else "none"
        say(f"the programme is {short(data['programme'])}; it has to be the interim place, {has}")
    application.interim = None


def _interim(application: Application) -> Interim | None:
    """Return the interim place; with a final status there is none."""
    return None if application.standing.status in _FINAL else application.interim


def _same_programme(_: State, application: Application, data: dict[str, Any], say: Say) -> None:
    if data["programme"] != application.standing.programme:
        last = short(application.standing.programme) if application.standing.programme else "none"
        say(f"the programme is {short(data['programme'])}; it has to be the one last offered, {last}")


def _answered(state: State, application: Application, data: dict[str, Any], say: Say) -> None:
    _not_before(state, application, data, say)
    _same_programme(state, application, data, say)


def _lapsed(state: State, application: Application, _: dict[str, Any], say: Say) -> None:
    deadline = application.standing.deadline
    if deadline is not None and (state.day is None or state.day <= deadline):
        say(f"the day is {state.day}; it has to be known and later than the deadline {deadline}")


_GENERAL: Mapping[str, Callable[[State, Event, Say], None]] = {
    "day_advanced": _day_advanced,
    "rules_published": _rules_published,
    "programme_opened": _programme_opened,
    "programme_closed": _programme_closed,
    "capacity_set": _needs_open,
    "territory_act_changed": _territory,
    "filed": _filed,
    **ROUNDS,
}

_CHECKS: Mapping[str, Callable[[State, Application, dict[str, Any], Say], None]] = {
    "reviewed": _reviewed,
    "document_added": _document_added,
    "document_confirmed": _judged("confirmed"),
    "document_refuted": _judged("refuted"),
    "wishes_changed": _wish,
    "data_corrected": _data_corrected,
    "entry_facts_changed": _entry_facts,
    "offered": _offered,
    "exception_granted": _excepted,
    "interim_placed": _interim_placed,
    "interim_ended": _interim_ended,
    "accepted": _answered,
    "contract_prepared": _answered,
    "declined": _same_programme,
    "enrolled": _same_programme,
    "offer_withdrawn": _same_programme,
    "lapsed": _lapsed,
}
