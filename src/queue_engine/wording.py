"""Standings → sentences in Russian and English, from one catalogue with plural forms.

Sentences are built only from counts, dates, titles and legal bases.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from queue_engine.catalogue import calendar_day, translations
from queue_engine.explanation import SMALLEST_SHARED, Own, PublicPart, Standing, public_parts, step_or_reserve
from queue_engine.facts import Title
from queue_engine.queue import GENERAL, TAKES, NotInQueue, Queues
from queue_engine.rules.model import Ground, LegalBasis, Step, StepKind


@attrs.frozen
class Voice:
    """Says things in one language.

    >>> Voice("ru").plural("{n} application ahead", "{n} applications ahead", 22)
    '22 заявления впереди'

    """

    lang: str

    def __attrs_post_init__(self) -> None:
        """Refuse a language that is not there before anything is said in it."""
        translations(self.lang)

    def say(self, text: str, **parts: object) -> str:
        """Return a text of the catalogue with its parts filled in."""
        return translations(self.lang).gettext(text).format(**parts)

    def plural(self, one: str, many: str, n: int, **parts: object) -> str:
        """Return the plural form that `n` asks for, with its parts filled in."""
        return translations(self.lang).ngettext(one, many, n).format(n=n, **parts)

    def title(self, title: Title) -> str:
        """Return a title in the language's quotation marks."""
        text = title.in_language(self.lang)
        return f"«{text}»" if self.lang == "ru" else f"“{text}”"

    def bases(self, bases: Sequence[LegalBasis]) -> str:
        """Return citations in brackets; "" for none."""
        return f" ({'; '.join(str(basis) for basis in bases)})" if bases else ""


def standing_for_parent(place: Standing, lang: str, smallest: int = SMALLEST_SHARED) -> list[str]:
    """Return what a family is told of its place: nobody else can be recognised in it.

    Args:
        place: from `explanation.standing`.
        lang: "ru" or "en".
        smallest: K, see `explanation.public_parts`.

    >>> from datetime import date
    >>> from queue_engine import build_tables, load_rules, order
    >>> rules = load_rules("rules/region-74/college.yaml")
    >>> wishes = {"application": [1, 2], "programme": ["welders", "welders"], "grade.average": ["14/3", "4.67"]}
    >>> filed = {"application.submitted_at": ["2026-07-01", "2026-07-02"]}
    >>> queues = order(build_tables(rules.vocabulary, wishes | filed), rules, date(2026, 8, 16))
    >>> from queue_engine.explanation import standing
    >>> for line in standing_for_parent(standing(queues["welders"], "1"), "en", smallest=1)[:3]:
    ...     print(line)
    Queue “welders” on 16 August 2026: application 1 has place 2 of 2.
    1 application is ahead:
    1 application — “higher average grade” (273-ФЗ, ч. 4 ст. 68).

    """
    voice = Voice(lang)
    lines = [_head(place, voice), *_ahead_lines(place, voice, public_parts(place, smallest))]
    if place.decided_by:
        lines.append(_nearest(place, voice, smallest))
    lines.extend(_own_lines(place, voice))
    lines.append(_rules_line(place, voice))
    return lines


def standing_for_officer(place: Standing, lang: str) -> list[str]:
    """Return an officer's sheet: exact counts by step and group, the nearest application, the closing check.

    >>> from datetime import date
    >>> from queue_engine import build_tables, load_rules, order
    >>> rules = load_rules("rules/region-74/college.yaml")
    >>> wishes = {"application": [1, 2], "programme": ["welders", "welders"], "grade.average": ["14/3", "4.67"]}
    >>> filed = {"application.submitted_at": ["2026-07-01", "2026-07-02"]}
    >>> queues = order(build_tables(rules.vocabulary, wishes | filed), rules, date(2026, 8, 16))
    >>> from queue_engine.explanation import standing
    >>> standing_for_officer(standing(queues["welders"], "1"), "en")[1]
    '+1 = 1  grade  “higher average grade” (273-ФЗ, ч. 4 ст. 68)'

    """
    voice = Voice(lang)
    lines = [_head(place, voice)]
    running = 0
    for part in place.ahead:
        running += part.count
        decider = step_or_reserve(place.queue, part.step)
        group = _group_title(decider, part.group, voice) if isinstance(decider, Step) else ""
        detail = f": {group}" if group else ""
        lines.append(
            f"+{part.count} = {running}  {part.step}  {voice.title(decider.title)}{detail}{voice.bases(decider.basis)}"
        )
    if place.nearest:
        decider = step_or_reserve(place.queue, place.decided_by)
        lines.append(
            voice.say(
                "Directly ahead: application {application}; the rule {step} decides.",
                application=place.nearest,
                step=voice.title(decider.title),
            )
        )
    lines.extend(_own_lines(place, voice))
    check = voice.say("Check: {ahead} ahead + 1 = place {position}.", ahead=running, position=place.position)
    return [*lines, check, _rules_line(place, voice)]


def refusal_lines(refusal: NotInQueue, queues: Queues, lang: str) -> list[str]:
    """Return why an application is not in a queue, reason by reason.

    >>> from datetime import date
    >>> from queue_engine import build_tables, load_rules, order
    >>> rules = load_rules("rules/region-74/college.yaml")
    >>> wishes = {"application": [1, 2], "programme": ["welders", "welders"], "grade.average": ["14/3", ""]}
    >>> filed = {"application.submitted_at": ["2026-07-01", "2026-07-02"]}
    >>> queues = order(build_tables(rules.vocabulary, wishes | filed), rules, date(2026, 8, 16))
    >>> for line in refusal_lines(queues.not_in_queue("2")[0], queues, "en"):
    ...     print(line)
    Application 2 is not in the queue “welders”:
    – it is not known: “average grade of the certificate”.

    """
    voice = Voice(lang)
    names = {GENERAL: queues.general.title}
    known = names.get(refusal.queue) or (
        queues[refusal.queue].title if refusal.queue in queues else Title(refusal.queue, refusal.queue)
    )
    lines = [
        voice.say(
            "Application {application} is not in the queue {queue}:",
            application=refusal.application,
            queue=voice.title(known),
        )
    ]
    rules = queues.rules
    items: dict[str, Ground] = {item.id: item for item in rules.eligible}
    for reason in refusal.reasons:
        if reason == TAKES:
            lines.append("– " + voice.say("no programme here takes the child by age, group or consent;"))
        elif reason in items:
            item = items[reason]
            title = voice.title(item.title)
            lines.append(
                "– "
                + voice.say("the condition {title} does not hold{basis};", title=title, basis=voice.bases(item.basis))
            )
        else:
            fact = rules.vocabulary.facts[reason]
            lines.append("– " + voice.say("it is not known: {title};", title=voice.title(fact.title)))
    lines[-1] = lines[-1].removesuffix(";") + "."
    return lines


def _head(place: Standing, voice: Voice) -> str:
    on = place.queue.ranking.rules.on
    return voice.say(
        "Queue {queue} on {day}: application {application} has place {position} of {total}.",
        queue=voice.title(place.queue.title),
        day="" if on is None else calendar_day(on, voice.lang),
        application=place.application,
        position=place.position,
        total=place.total,
    )


def _ahead_lines(place: Standing, voice: Voice, parts: Sequence[PublicPart]) -> list[str]:
    if not parts:
        return [voice.say("Nobody is ahead.")]
    lines = [voice.plural("{n} application is ahead:", "{n} applications are ahead:", place.position - 1)]
    for part in parts:
        title, basis = voice.title(part.title), voice.bases(part.basis)
        lines.append(
            voice.plural(
                "{n} application — {title}{basis};",
                "{n} applications — {title}{basis};",
                part.count,
                title=title,
                basis=basis,
            )
        )
    lines[-1] = lines[-1].removesuffix(";") + "."
    return lines


def _nearest(place: Standing, voice: Voice, smallest: int) -> str:
    """Return which rule decides against the nearest one ahead, if its label may be told."""
    told = {part.step for part in public_parts(place, smallest)}
    decider = step_or_reserve(place.queue, place.decided_by)
    if place.decided_by not in told:
        return voice.say("The nearest application ahead stands there by the rules of admission.")
    return voice.say("The nearest application ahead stands there by the rule {step}.", step=voice.title(decider.title))


def _own_lines(place: Standing, voice: Voice) -> list[str]:
    lines = [voice.say("What counts for this application:")]
    for own in place.own:
        step = step_or_reserve(place.queue, own.step)
        assert isinstance(step, Step)
        facts = place.queue.ranking.rules.vocabulary.facts
        title = facts[step.fact].title if step.fact else step.title
        lines.append(f"– {title.in_language(voice.lang)}: {_own_value(step, own, voice)}")
    return lines


def _own_value(step: Step, own: Own, voice: Voice) -> str:
    if step.fact:
        return own.value or voice.say("not known")
    told = _group_title(step, own.group, voice)
    held = next((each for _, each in step.grounds() if each.id == own.ground), None)
    if held is None or held.sensitive:
        return told
    return f"{told} — {held.title.in_language(voice.lang)}{voice.bases(held.basis)}"


def _group_title(step: Step, group: str, voice: Voice) -> str:
    if step.kind is StepKind.YES_FIRST:
        return voice.say(group) if group else ""
    return next((each.title.in_language(voice.lang) for each in step.groups if each.id == group), "")


def _rules_line(place: Standing, voice: Voice) -> str:
    rules = place.queue.ranking.rules
    return voice.say(
        "Rules: {title}{basis}; the order of the rules: {steps}.",
        title=voice.title(rules.title),
        basis=voice.bases(rules.basis),
        steps=" → ".join(step.title.in_language(voice.lang) for step in rules.order),
    )
