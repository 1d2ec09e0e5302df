"""Accounts of a changed place → sentences in Russian and English, from the one catalogue.

A family reads sums under labels that many share, and of its own application what happened and when.
An officer reads every posting.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import attrs

from queue_engine.catalogue import calendar_day
from queue_engine.changes import Label, MassEffect, PositionChange, Posting
from queue_engine.events import Event, OfApplication
from queue_engine.explanation import RULES, SMALLEST_SHARED
from queue_engine.facts import second_to_instant
from queue_engine.happenings import NO_EVENTS, Events, concerned_all, happened, held
from queue_engine.public_changes import PublicChange, public_changes
from queue_engine.rules.model import RuleSet
from queue_engine.wording import Voice

MOST_LINES = 6
_MOST_MASS_LINES = 2
_MOST_OWN_PHRASES = 3
_OTHER = "other"

PARTS = {
    "left": (
        "{n} application ahead of yours is no longer in this queue",
        "{n} applications ahead of yours are no longer in this queue",
    ),
    "joined": (
        "{n} application joined the queue ahead of yours — {title}{basis}",
        "{n} applications joined the queue ahead of yours — {title}{basis}",
    ),
    "up": (
        "{n} application is now ahead of yours — {title}{basis}",
        "{n} applications are now ahead of yours — {title}{basis}",
    ),
    "down": (
        "{n} application is now behind yours — {title}{basis}",
        "{n} applications are now behind yours — {title}{basis}",
    ),
    "rules +": (
        "since the rules or their dates changed, {n} application more is ahead — {title}{basis}",
        "since the rules or their dates changed, {n} applications more are ahead — {title}{basis}",
    ),
    "rules −": (
        "since the rules or their dates changed, {n} application fewer is ahead — {title}{basis}",
        "since the rules or their dates changed, {n} applications fewer are ahead — {title}{basis}",
    ),
    "exception": (
        "{n} place — a decision outside the order or a corrected mistake; an officer has the ground",
        "{n} places — a decision outside the order or a corrected mistake; an officer has the ground",
    ),
    _OTHER: (
        "{n} place — all other changes in the queue together",
        "{n} places — all other changes in the queue together",
    ),
}
"""What a family is told of a number of places, by kind."""

KIND_NAMES = {
    "left": "left",
    "joined": "joined",
    "up": "went ahead",
    "down": "fell behind",
    "own": "own",
    "rules": "rules",
    "exception": "exception",
}
"""What an officer reads for a kind."""


def change_for_parent(
    change: PositionChange,
    rules: RuleSet,
    shared: Mapping[Label, int],
    lang: str,
    *,
    events: Events = NO_EVENTS,
    smallest: int = SMALLEST_SHARED,
    days: tuple[int, int] | None = None,
) -> list[str]:
    """Return what a family is told of a changed place: nobody else can be recognised in it.

    Args:
        change: the account; with entries it can say what happened to the family's own application.
        rules: whose titles are told.
        shared: how many share each label, see `public_changes.public_changes`.
        lang: "ru" or "en".
        events: what the journal holds of the entries; only the application's own and those of `change.mass` are told.
        smallest: K, see `public_changes.public_changes`.
        days: the first and the last day of the period, if it is to be said.

    Returns:
        The head and at most five lines more; the numbers at the beginning of lines sum to the change.

    >>> from queue_engine import load_rules
    >>> rules = load_rules("rules/region-74/kindergarten.yaml")
    >>> parts = (Posting("left", "submitted", "", -2), Posting("joined", "right", "first_turn", 6))
    >>> shared = {("right", "first_turn"): 9, ("right", "others"): 60}
    >>> for line in change_for_parent(PositionChange("Garden 5", "17", 30, 34, parts), rules, shared, "en"):
    ...     print(line)
    Your place was 30, now it is 34: 4 places further back.
    + 6: 6 applications joined the queue ahead of yours — “Right of first turn”.
    − 2: 2 applications ahead of yours are no longer in this queue.

    """
    voice = Voice(lang)
    head = _head(change.before, change.after, voice)
    if days is not None:
        first, last = (calendar_day(day, lang) for day in days)
        head = _sentence(voice.say("changes from {first} to {last}", first=first, last=last)) + " " + head
    effects = _told_effects(change.mass)
    absorbed = [effect for effect in effects if _absorbs(effect, change.parts)]
    entries = {effect.entry for effect in absorbed}
    gone = [part for part in change.parts if part.entry in entries and part.kind != "own"]
    kept = tuple(part for part in change.parts if part.entry not in entries or part.kind == "own")
    rest = attrs.evolve(change, after=change.after - sum(part.count for part in gone), parts=kept)
    lines: list[tuple[bool, int, str]] = []
    for effect in effects:
        text = _mass_text(effect, rules, events, voice, smallest)
        count = sum(part.count for part in gone if part.entry == effect.entry)
        lines.append((False, count, f"{_signed(count)}: {text}") if effect in absorbed else (False, 0, text))
    told = _folded(public_changes(rest, rules, shared, smallest), MOST_LINES - 1 - len(lines))
    for part in told:
        own = part.kind == "own"
        text = _own_text(change, part, rules, events, voice) if own else _part_text(part, voice)
        lines.append((own, part.count, f"{_signed(part.count)}: {text}"))
    lines.sort(key=lambda line: (not line[0], -abs(line[1])))
    return [head, *(text for _, _, text in lines)]


def change_for_officer(change: PositionChange, rules: RuleSet, lang: str, *, events: Events = NO_EVENTS) -> list[str]:
    """Return an officer's sheet: a line for each posting, a running sum, the closing check.

    Args:
        change: the account, its postings in the order in which they are to be read.
        rules: whose titles and bases are told; a step they do not have is told by its id.
        lang: "ru" or "en".
        events: what the journal holds of the entries.

    >>> from queue_engine import load_rules
    >>> rules = load_rules("rules/region-74/kindergarten.yaml")
    >>> parts = (Posting("joined", "right", "first_turn", 1, 7, "large_family"),)
    >>> for line in change_for_officer(PositionChange("Garden 5", "17", 3, 4, parts), rules, "ru"):
    ...     print(line)
    № 7  –  встало в очередь  –  right  «право на место»: Первоочередное право — Дети из многодетных семей (Указ Президента РФ от 23.01.2024 № 63)  +1 = +1
    3 → 4: Δ = +1, сумма = Δ ✓

    """  # noqa: E501 - one posting, one line
    voice = Voice(lang)
    lines, running = [], 0
    for part in change.parts:
        running += part.count
        event = events.get(part.entry)
        of = event.application if isinstance(event, OfApplication) else ""
        columns = (
            f"№ {part.entry}" if part.entry else "–",
            "–" if event is None else _recorded(event, rules, voice),
            voice.say(KIND_NAMES[part.kind]),
            voice.say("application {application}", application=of) if of else "–",
            _decider(part, rules, voice),
            f"{_number(part.count)} = {_number(running)}",
        )
        lines.append("  ".join(columns))
    delta = change.after - change.before
    assert running == delta, "postings must sum to the change"
    check = voice.say("sum = Δ ✓")
    return [*lines, f"{change.before} → {change.after}: Δ = {_number(delta)}, {check}"]


def _head(before: int, after: int, voice: Voice) -> str:
    if before and after:
        if before == after:
            return voice.say("Your place has not changed: {place}.", place=after)
        one, many = (
            (
                "Your place was {before}, now it is {after}: {n} place further back.",
                "Your place was {before}, now it is {after}: {n} places further back.",
            )
            if after > before
            else (
                "Your place was {before}, now it is {after}: {n} place further forward.",
                "Your place was {before}, now it is {after}: {n} places further forward.",
            )
        )
        return voice.plural(one, many, abs(after - before), before=before, after=after)
    if after:
        return voice.say("Your application is in the queue now: place {place}.", place=after)
    if before:
        return voice.say("Your application is no longer in this queue; its place was {place}.", place=before)
    return voice.say("Your application is not in this queue.")


# what concerned everybody


def _told_effects(mass: Sequence[MassEffect]) -> list[MassEffect]:
    """Return the largest of the effects on everybody, in their order; the others are told as the changes they made."""
    moved = [effect for effect in mass if effect.before != effect.after or effect.overtakers or effect.overtaken]
    largest = sorted(moved, key=lambda effect: -abs(effect.after - effect.before))[:_MOST_MASS_LINES]
    return [effect for effect in mass if effect in largest]


def _absorbs(effect: MassEffect, parts: Iterable[Posting]) -> bool:
    """Return whether the postings name the event, so that one line may stand for them."""
    counts = [part.count for part in parts if part.entry == effect.entry]
    return bool(counts) and sum(counts) == effect.after - effect.before


def _mass_text(effect: MassEffect, rules: RuleSet, events: Events, voice: Voice, smallest: int) -> str:
    sentences = [
        _sentence(concerned_all(effect.entry, rules, events, voice)),
        _head(effect.before, effect.after, voice),
    ]
    crossed = (effect.overtakers, effect.overtaken)
    if all(count >= smallest or not count for count in crossed):  # one of them and the net would tell the other
        if effect.overtakers:
            one, many = "{n} application overtook yours.", "{n} applications overtook yours."
            sentences.append(voice.plural(one, many, effect.overtakers))
        if effect.overtaken:
            one, many = "Yours overtook {n} application.", "Yours overtook {n} applications."
            sentences.append(voice.plural(one, many, effect.overtaken))
    return " ".join(sentences)


# what others did


def _folded(parts: Sequence[PublicChange], room: int) -> list[PublicChange]:
    """Return parts merged until they fit: first those of one kind, then the smallest of all kinds."""
    found = list(parts)
    while len(found) > room:
        kind, many = Counter(part.kind for part in found if part.kind != "own").most_common(1)[0]
        smallest = found[room - 1 :] if many == 1 else [part for part in found if part.kind == kind]
        if many == 1:
            kind = _OTHER
        merged = PublicChange(kind, "", RULES, (), sum(part.count for part in smallest))
        found = [part for part in found if part not in smallest] + [merged] * bool(merged.count)
        found.sort(key=lambda part: (part.kind != "own", -abs(part.count)))
    return found


def _part_text(part: PublicChange, voice: Voice) -> str:
    kind = part.kind if part.kind != "rules" else f"rules {'+' if part.count > 0 else '−'}"
    one, many = PARTS[kind]
    title, basis = voice.title(part.title), voice.bases(part.basis)
    return _sentence(voice.plural(one, many, abs(part.count), title=title, basis=basis))


# what happened to the application itself


def _own_text(change: PositionChange, told: PublicChange, rules: RuleSet, events: Events, voice: Voice) -> str:
    own = [part for part in change.parts if part.kind == "own"]
    by_entry: dict[int, Posting] = {}
    for part in sorted(own, key=lambda part: (part.entry, not part.ground, _rank(part.step, rules))):
        by_entry.setdefault(part.entry, part)
    known = [part for entry, part in by_entry.items() if entry in events]
    phrases = [happened(part, rules, events, voice) for part in known[-_MOST_OWN_PHRASES:]]
    earlier = len(known) - len(phrases)
    if earlier:
        one = "before that {n} more change of your application"
        phrases.append(voice.plural(one, "before that {n} more changes of your application", earlier))
    if len(known) < len(by_entry):
        phrases.append(_unknown_own(change, told, voice))
    return _sentence("; ".join(phrases))


def _unknown_own(change: PositionChange, told: PublicChange, voice: Voice) -> str:
    if not change.before and change.after:
        return voice.say("your application joined the queue")
    if change.before and not change.after:
        return voice.say("your application left the queue")
    if not told.step:
        return voice.say("what counts for your application changed")
    title, basis = voice.title(told.title), voice.bases(told.basis)
    return voice.say("what counts for your application changed: {title}{basis}", title=title, basis=basis)


# for officers


def _decider(part: Posting, rules: RuleSet, voice: Voice) -> str:
    """Return the deciding step with group, ground and the acts; by their ids as far as the rules lack them."""
    if not part.step:
        return voice.say("the place itself")
    step = rules.steps.get(part.step)
    if step is None:
        reserve = next((each for each in rules.reserves if each.id == part.step), None)
        if reserve is None:
            return ": ".join(name for name in (part.step, part.group, part.ground) if name)
        return f"{part.step}  {voice.title(reserve.title)}{voice.bases(reserve.basis)}"
    _, ground = held(step, part.group, part.ground)
    titles = {group.id: group.title.in_language(voice.lang) for group in step.groups}
    group = voice.say(part.group) if part.group in ("yes", "no") else titles.get(part.group, part.group)
    reason = part.ground if ground is None else ground.title.in_language(voice.lang)
    detail = (f": {group}" if group else "") + (f" — {reason}" if reason else "")
    return (
        f"{part.step}  {voice.title(step.title)}{detail}{voice.bases(step.basis if ground is None else ground.basis)}"
    )


def _recorded(event: Event, rules: RuleSet, voice: Voice) -> str:
    at = second_to_instant(event.at // 1000 + rules.vocabulary.utc_offset_minutes * 60)
    return voice.say("{at:%Y-%m-%d %H:%M:%S}", at=at)


def _rank(step: str, rules: RuleSet) -> int:
    ids = [each.id for each in rules.order]
    return ids.index(step) if step in ids else len(ids)


def _number(count: int) -> str:
    return f"{count:+d}".replace("-", "−") if count else "0"


def _signed(count: int) -> str:
    return f"{'+' if count > 0 else '−'} {abs(count)}" if count else "0"


def _sentence(text: str) -> str:
    """Return a phrase as a sentence: a capital first, one full stop last, even after an abbreviation."""
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."
