"""Refusals of a round → sentences in Russian and English, from the one catalogue.

A family reads counts, its own data and titles of rules: the group of another child only where enough children share it,
never a number, a ground or a value of another child. An officer reads everything.
"""

from __future__ import annotations

import attrs

from queue_engine.explanation import SMALLEST_SHARED, Own, step_or_reserve
from queue_engine.facts import Title
from queue_engine.queue import Queue, Queues
from queue_engine.rounds.deciding import EARLIER, EQUALS, KEPT, NO_SEATS, ORDER, RESERVE, TOGETHER
from queue_engine.rounds.model import HELD
from queue_engine.rounds.refusals import Refusal
from queue_engine.rules.model import Reserve, Step, StepKind
from queue_engine.wording import Voice

MOST_NAMED = 5
"""How many programmes with free places a family is told by name."""

_PLACED = {
    "alone": (
        "{n} child was given a place at {programme}.",
        "{n} children were given places at {programme}.",
    ),
    "order": (
        "{n} child was given a place at {programme} and was ahead in the order.",
        "{n} children were given places at {programme}; the last of them was ahead in the order.",
    ),
    "step": (
        "{n} child was given a place at {programme} and was ahead by the rule {step}{detail}.",
        "{n} children were given places at {programme}; the last of them was ahead by the rule {step}{detail}.",
    ),
}
"""What is said of those who were placed: nothing more, that the order decided, or which rule did."""

_OTHERWISE = {
    HELD: "Every place there is held already by those who attend.",
    NO_SEATS: "{programme} had no places to give in this round.",
    EARLIER: "Places at {programme} were given later in the round; the child had a place already by then.",
    TOGETHER: "Children who go together could not all be placed at {programme}, so none of them was.",
    EQUALS: "There was no room at {programme} for all who are equal, so neither they nor those behind were placed.",
}
"""What refused a wish where neither the order nor seats set aside did."""


def refusal_for_parent(refusal: Refusal, queues: Queues, lang: str, smallest: int = SMALLEST_SHARED) -> list[str]:
    """Return what a family is told of a wish that did not come true: no other child can be recognised in it.

    Args:
        refusal: from `refusals.why_not`.
        queues: those of the round, whose titles are told.
        lang: "ru" or "en".
        smallest: K: how many of the queue must share the group of another child before it is told.

    Source: statute 2.2.5 (grounds are told to parents); 152-FZ (nothing of other children is).

    >>> from datetime import date
    >>> from queue_engine import build_tables, load_rules, order
    >>> from queue_engine.rounds import Applicant, Frozen, Programme, run
    >>> from queue_engine.rounds.refusals import why_not
    >>> rules = load_rules("rules/region-74/college.yaml")
    >>> wishes = {"application": [1, 2], "programme": ["welders", "welders"], "grade.average": ["14/3", "4.67"]}
    >>> filed = {"application.submitted_at": ["2026-07-01", "2026-07-02"]}
    >>> queues = order(build_tables(rules.vocabulary, wishes | filed), rules, date(2026, 8, 16))
    >>> college = Programme("welders", "", "main", 1, ("2", "1"))
    >>> people = (Applicant("1", ("welders",)), Applicant("2", ("welders",)))
    >>> frozen = Frozen("august", 20681, "0" * 64, "0" * 64, ("main",), (college,), people)
    >>> for line in refusal_for_parent(why_not(frozen, run(frozen), queues, "1")[0], queues, "en"):
    ...     print(line)
    Wish 1, “welders”: application 1 stood at place 2 of 2.
    1 child was given a place at “welders” and was ahead by the rule “higher average grade” (273-ФЗ, ч. 4 ст. 68).
    By this rule your application has: 4.6666.
    After the round no programme has a free place.

    """
    voice = Voice(lang)
    queue = queues[refusal.programme]
    name = voice.title(queue.title)
    lines = [_wish_line(refusal, name, voice)]
    if refusal.cause in _OTHERWISE:
        lines.append(voice.say(_OTHERWISE[refusal.cause], programme=name))
    elif refusal.placed:
        lines.append(_placed_line(refusal, queue, voice, smallest))
    lines += _set_aside(refusal, queue, voice)
    if refusal.own is not None and refusal.cause == ORDER:
        step = step_or_reserve(queue, refusal.step)
        assert isinstance(step, Step), "what an application has, it has at a step"
        own = _value(step, refusal.own, voice) or voice.say("not known")
        lines.append(voice.say("By this rule your application has: {own}.", own=own))
    return [*lines, _free_line(refusal, queues, voice)]


def refusal_for_officer(refusal: Refusal, queues: Queues, lang: str) -> list[str]:
    """Return an officer's sheet of a wish that did not come true: numbers, both keys step by step, what decided.

    Args:
        refusal: from `refusals.why_not`.
        queues: those of the round.
        lang: "ru" or "en".

    """
    voice = Voice(lang)
    queue = queues[refusal.programme]
    lines = [
        _wish_line(refusal, voice.title(queue.title), voice),
        voice.say(
            "Seats {seats}, placed {placed}, of them {held} kept by transfers; {kept} kept empty.",
            seats=refusal.seats,
            placed=refusal.placed,
            held=refusal.held,
            kept=refusal.kept,
        ),
    ]
    if refusal.last:
        text = "Cut-off: application {last} at place {position}."
        lines.append(voice.say(text, last=refusal.last, position=refusal.last_position))
    if refusal.against and refusal.against != refusal.last:
        lines.append(voice.say("Compared with application {against}.", against=refusal.against))
    lines.append(voice.say("Decided by: {what}.", what=_decider(refusal, queue, voice)))
    lines += _keys(refusal, queue, voice)
    if refusal.free:
        listed = ", ".join(f"{voice.title(queues[each.programme].title)} {each.places}" for each in refusal.free)
        lines.append(voice.say("Free places: {listed}.", listed=listed))
    return lines


def _wish_line(refusal: Refusal, name: str, voice: Voice) -> str:
    return voice.say(
        "Wish {wish}, {programme}: application {application} stood at place {position} of {among}.",
        wish=refusal.wish,
        programme=name,
        application=refusal.application,
        position=refusal.position,
        among=refusal.among,
    )


def _placed_line(refusal: Refusal, queue: Queue, voice: Voice, smallest: int) -> str:
    """Return how many were placed, and by which rule the last of them was ahead."""
    said = {"programme": voice.title(queue.title)}
    if refusal.cause != ORDER:
        return voice.plural(*_PLACED["alone"], refusal.placed, **said)
    if not refusal.step:
        return voice.plural(*_PLACED["order"], refusal.placed, **said)
    decider = step_or_reserve(queue, refusal.step)
    said["step"] = voice.title(decider.title) + voice.bases(decider.basis)
    said["detail"] = _group_of_other(refusal, decider, voice, smallest)
    return voice.plural(*_PLACED["step"], refusal.placed, **said)


def _group_of_other(refusal: Refusal, decider: Step | Reserve, voice: Voice, smallest: int) -> str:
    """Return the group of the one compared with, where enough share it; its ground and value are never told."""
    if not isinstance(decider, Step) or decider.kind is not StepKind.GROUPS or refusal.theirs is None:
        return ""
    if refusal.shared < smallest:
        return ""
    return f": {_group(decider, refusal.theirs.group, voice)}"


def _set_aside(refusal: Refusal, queue: Queue, voice: Voice) -> list[str]:
    """Return what is said of seats set aside: given to somebody behind, or kept empty."""
    if not refusal.reserve:
        return []
    reserve = step_or_reserve(queue, refusal.reserve)
    title, basis = voice.title(reserve.title), voice.bases(reserve.basis)
    if refusal.cause == RESERVE:
        text = "Some places there are set aside: {title}{basis}. They went first to those they are set aside for."
        return [voice.say(text, title=title, basis=basis)]
    return [
        voice.plural(
            "{n} place there stays empty, since it is set aside: {title}{basis}.",
            "{n} places there stay empty, since they are set aside: {title}{basis}.",
            refusal.kept,
            title=title,
            basis=basis,
        )
    ]


def _free_line(refusal: Refusal, queues: Queues, voice: Voice) -> str:
    """Return where places are free after the round."""
    if not refusal.free:
        if refusal.takes_known:
            return voice.say("After the round no programme that takes the child has a free place.")
        return voice.say("After the round no programme has a free place.")
    first = sorted(refusal.free, key=lambda each: (-each.places, each.programme))[:MOST_NAMED]
    listed = ", ".join(voice.title(queues[each.programme].title) for each in first)
    if len(refusal.free) > len(first):
        listed = voice.say("{listed} and others", listed=listed)
    one, many = (
        (
            "After the round {n} place is free where the child would be taken: {listed}.",
            "After the round {n} places are free where the child would be taken: {listed}.",
        )
        if refusal.takes_known
        else (
            "After the round {n} place is free: {listed}. Whether the group takes the child is to be asked there.",
            "After the round {n} places are free: {listed}. Whether the groups take the child is to be asked there.",
        )
    )
    return voice.plural(one, many, refusal.free_places, listed=listed)


def _decider(refusal: Refusal, queue: Queue, voice: Voice) -> str:
    """Return what decided, for officers: step or reserve with its id and acts, or the cause."""
    if refusal.cause in {RESERVE, KEPT}:
        return _named(refusal.reserve, step_or_reserve(queue, refusal.reserve), voice)
    if refusal.cause == ORDER and refusal.step:
        return _named(refusal.step, step_or_reserve(queue, refusal.step), voice)
    return voice.say(_CAUSES[refusal.cause])


_CAUSES = {
    ORDER: "the order",
    HELD: "places kept by transfers",
    NO_SEATS: "no seats",
    EARLIER: "a place in an earlier pass",
    TOGETHER: "those who go together",
    EQUALS: "no room for all equals",
}


def _named(name: str, decider: Step | Reserve, voice: Voice) -> str:
    return f"{name} {voice.title(decider.title)}{voice.bases(decider.basis)}"


def _keys(refusal: Refusal, queue: Queue, voice: Voice) -> list[str]:
    """Return what the application and the last placed have at every step; where they first differ is marked."""
    rules = queue.ranking.rules
    told = []
    last = {each.step: each for each in refusal.last_key}
    differed = False
    for own in refusal.key:
        step = rules.steps[own.step]
        both = [_exact(step, own, voice)]
        mark = ""
        if own.step in last:
            other = last[own.step]
            both.append(_exact(step, other, voice))
            differs = attrs.evolve(own, ground="") != attrs.evolve(other, ground="")
            mark, differed = ("*" if differs and not differed else ""), differed or differs
        told.append(f"{mark}{own.step}  {step.title.in_language(voice.lang)}: {' | '.join(both)}")
    return told


def _exact(step: Step, own: Own, voice: Voice) -> str:
    value = _value(step, own, voice) or "–"
    ground = next((each for _, each in step.grounds() if each.id == own.ground), None)
    return value if ground is None else f"{value} — {ground.title.in_language(voice.lang)}"


def _value(step: Step, own: Own, voice: Voice) -> str:
    return own.value if step.fact else _group(step, own.group, voice)


def _group(step: Step, group: str, voice: Voice) -> str:
    """Return the title of a group, or yes or no."""
    if step.kind is StepKind.YES_FIRST:
        return voice.say(group)
    titles: dict[str, Title] = {each.id: each.title for each in step.groups}
    return titles[group].in_language(voice.lang)
