"""What happened, in a family's own words: events of its own application, and those that concerned everybody.

Phrases are built from days, titles and acts; reasons and names that officers wrote are never repeated.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

from queue_engine.catalogue import calendar_day
from queue_engine.changes import Posting
from queue_engine.events import (
    DayAdvanced,
    DocumentAdded,
    DocumentConfirmed,
    DocumentRefuted,
    Due,
    Event,
    InterimPlaced,
    OfApplication,
    RulesPublished,
    TerritoryActChanged,
)
from queue_engine.facts import day_to_date
from queue_engine.rules.conditions import Confirmed, atoms, inline_terms
from queue_engine.rules.model import Ground, Group, RuleSet, Step
from queue_engine.wording import Voice

Events: TypeAlias = Mapping[int, Event]
"""Events by the entry of the journal."""

NO_EVENTS: Events = MappingProxyType({})
_STUDY_YEAR = (9, 1)

HAPPENED = {
    "filed": "your application was made on {day}",
    "reviewed registered": "on {day} your application was registered",
    "reviewed refused": "on {day} the registration of your application was refused",
    "document_confirmed": "on {day} your document was confirmed{by}{until}",
    "document_refuted": "on {day} your document was found not valid{by}",
    "wishes_changed": "on {day} your wishes were changed; the date of the application is kept",
    "data_corrected": "on {day} the data of your application were corrected",
    "entry_facts_changed": "on {day} what is known of your application in this queue changed",
    "due document_ended": "since {day} your document is no longer valid{by}; "
    "renew it: the date of the application is kept",
    "due document_began": "since {day} your document is valid{by}",
    "due age_reached": "on {day} your child reached an age that the rules name",
    "due date_reached": "on {day} a date of your application was reached",
    "due rules_date": "on {day} a date that the rules name was reached",
    "restored": "on {day} your application was restored with its original date",
    "offered": "on {day} you were offered a place",
    "declined": "on {day} you declined the place offered; the application is set aside until you ask for it again",
    "lapsed suspended": "on {day} the time to answer was over; the application is set aside, its date is kept",
    "lapsed returned": "on {day} the time to answer was over; the application is back in the queue",
    "enrolled": "on {day} your child was enrolled",
    "offer_withdrawn": "on {day} the place offered was withdrawn; the date of the application is kept",
    "exception_granted": "on {day} you were given a place by a decision outside the order",
    "interim_placed temporary": "on {day} you were given a temporary place{until}; your place in the queue is kept",
    "interim_placed short_stay": "on {day} you were given a place in a short-stay group{until}; "
    "your place in the queue is kept",
    "interim_ended": "on {day} the interim place was given up; your place in the queue is kept",
    "suspended": "on {day} your application was suspended; its date is kept",
    "withdrawn": "on {day} your application was withdrawn",
    "moved": "on {day} your application was handed over to another municipality",
    "closed": "on {day} your application was closed",
    "archived": "on {day} your application was archived: the child is past the age of the service",
    "revoked": "on {day} a mistaken decision on your application was revoked",
}
"""What happened to the family's own application, by the step of the event, or its reason."""

CONCERNED_ALL = {
    "rules": "on {day} the rules {title}{basis} came into force",
    "campaign": "on {day} a new campaign began by the rules {title}",
    "study year": "on {day} the study year began: ages and terms were reckoned anew for everybody",
    "day": "{day} came: ages and terms were reckoned anew for everybody",
    "territory": "on {day} the assigned territories changed ({act})",
    "round_frozen": "on {day} applications and places were frozen for a round of allocation",
    "round_published": "on {day} the results of a round of allocation were published",
    "round_annulled": "on {day} a round of allocation was annulled",
    "lottery_drawn": "on {day} lots were drawn",
    "event": "on {day} something changed for everybody in the queue",
}
"""What happened to everybody in the queue; rounds and draws move nobody by themselves."""


def concerned_all(entry: int, rules: RuleSet, events: Events, voice: Voice) -> str:
    """Return what an event did to everybody in the queue.

    Rules that earlier events hold with the same digest begin a new campaign; other ones come into force.

    Args:
        entry: of the journal.
        rules: whose title and basis are told of rules published.
        events: what the journal holds of the entries.
        voice: the language.

    >>> from queue_engine import load_rules
    >>> rules = load_rules("rules/region-74/kindergarten.yaml")
    >>> day = DayAdvanced(20697, at=1_788_202_800_000, actor="system")
    >>> concerned_all(9, rules, {9: day}, Voice("en"))
    'on 1 September 2026 the study year began: ages and terms were reckoned anew for everybody'

    """
    event = events.get(entry)
    if event is None:
        return voice.say("something changed for everybody in the queue")
    day, kind = event.civil_day(rules.vocabulary.utc_offset_minutes), "event"
    if isinstance(event, DayAdvanced):
        day, date = event.day, day_to_date(event.day)
        kind = "study year" if (date.month, date.day) == _STUDY_YEAR else "day"
    elif isinstance(event, TerritoryActChanged):
        kind = "territory"
    elif isinstance(event, RulesPublished):
        before = (each for number, each in events.items() if number < entry)
        known = any(isinstance(each, RulesPublished) and each.rules == event.rules for each in before)
        kind = "campaign" if known else "rules"
    elif event.kind in CONCERNED_ALL:
        kind = event.kind
    act = event.basis if isinstance(event, TerritoryActChanged) else ""
    title, basis = voice.title(rules.title), voice.bases(rules.basis)
    return voice.say(CONCERNED_ALL[kind], day=calendar_day(day, voice.lang), title=title, basis=basis, act=act)


def happened(part: Posting, rules: RuleSet, events: Events, voice: Voice) -> str:
    """Return what happened to the application itself, with its own ground unless that is sensitive.

    Args:
        part: a posting of kind "own" whose entry is among the events.
        rules: whose titles are told.
        events: what the journal holds of the entries.
        voice: the language.

    >>> from queue_engine import load_rules
    >>> from queue_engine.events import Restored
    >>> rules = load_rules("rules/region-74/kindergarten.yaml")
    >>> restored = Restored("17", at=1_776_235_000_000, actor="parent")
    >>> happened(Posting("own", "", "", 31, 5), rules, {5: restored}, Voice("en"))
    'on 15 April 2026 your application was restored with its original date'

    """
    event = events[part.entry]
    if not isinstance(event, OfApplication):
        return concerned_all(part.entry, rules, events, voice)
    names = _names(event)
    day = calendar_day(event.civil_day(rules.vocabulary.utc_offset_minutes), voice.lang)
    last, said = _last_day(event, events), []
    phrase = ", until {last}" if isinstance(event, InterimPlaced) else ", valid until {last}"
    until = "" if last is None else voice.say(phrase, last=calendar_day(last, voice.lang))
    for name in names:
        title = _counted(part, rules, events, voice, lost=name in ("due document_ended", "document_refuted"))
        text = HAPPENED.get(name, "on {day} something changed in your application")
        said.append(voice.say(text, day=day, by=f": {title}" if title else "", until=until))
    return "; ".join(said)


def _names(event: OfApplication) -> list[str]:
    """Return by which names of `HAPPENED` an event is told."""
    if isinstance(event, Due):
        return [f"due {reason}" for reason in event.reasons]
    return [f"{event.kind} {event.seat}" if isinstance(event, InterimPlaced) else event.step]


def held(step: Step, group: str, ground: str) -> tuple[Group | None, Ground | None]:
    """Return the ground of an id with its group; without such a ground the group of an id, as far as the step has them.

    >>> from queue_engine import load_rules
    >>> right = load_rules("rules/region-74/kindergarten.yaml").steps["right"]
    >>> group, ground = held(right, "others", "large_family")
    >>> group.id, ground.id
    ('first_turn', 'large_family')

    """
    for its_group, each in step.grounds():
        if each.id == ground:
            return its_group, each
    return next((each for each in step.groups if each.id == group), None), None


def _last_day(event: Event, events: Events) -> int | None:
    """Return the last day of an interim place, or of a document confirmed: as the officer saw it, or as handed in."""
    if isinstance(event, InterimPlaced):
        return event.until
    if not isinstance(event, DocumentConfirmed):
        return None
    if event.last is not None:
        return event.last
    of = (event.application, event.document)
    added = (each for each in events.values() if isinstance(each, DocumentAdded))
    return next((each.last for each in added if (each.application, each.document) == of), None)


def _counted(part: Posting, rules: RuleSet, events: Events, voice: Voice, *, lost: bool) -> str:
    """Return the own ground that counts, or counted until it was lost; a sensitive one as its group."""
    step = rules.steps.get(part.step)
    if step is None:
        return ""
    group, ground = held(step, part.group, part.ground)
    if lost:
        ended = _ended(step, part.entry, rules, events)
        if ended:
            group, ground = held(step, "", ended)
        elif group is not None and group.id == part.group:
            return voice.title(step.title)  # what the posting names holds now, in place of what was lost
    if ground is not None and not ground.sensitive:
        return voice.title(ground.title)
    return voice.title(step.title if group is None or group.everyone_else else group.title)


def _ended(step: Step, entry: int, rules: RuleSet, events: Events) -> str:
    """Return the ground of a step that rested on the document of the application that ended last; "" if none did."""
    event = events[entry]
    assert isinstance(event, OfApplication)
    earlier = [events[each] for each in sorted(events) if each < entry]
    own = [each for each in earlier if isinstance(each, OfApplication) and each.application == event.application]
    categories = {each.document: each.category for each in own if isinstance(each, DocumentAdded)}
    lasts = {each.document: _last_day(each, events) for each in own if isinstance(each, DocumentConfirmed)}
    if isinstance(event, DocumentRefuted):
        documents = [event.document]
    else:
        day = event.civil_day(rules.vocabulary.utc_offset_minutes)
        over = {document: last for document, last in lasts.items() if last is not None and last < day}
        documents = [document for document, last in over.items() if last == max(over.values())]
    terms = {term.id: term.when for term in rules.terms.values()}
    for category in (categories.get(document, "") for document in documents):
        for _, ground in step.grounds():
            asked = (atom for atom in atoms(inline_terms(ground.when, terms)) if isinstance(atom, Confirmed))
            if category in {atom.category for atom in asked}:
                return ground.id
    return ""
