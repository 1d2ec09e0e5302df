"""What a family's own document would change, in words: only for documents it has handed in."""

from __future__ import annotations

from queue_engine.facts import Title
from queue_engine.wording import Voice


def document_line(title: Title, now: int, then: int, lang: str, *, confirmed: bool) -> str:
    """Return what would change if a document were confirmed, or had ended; as things stand now.

    Args:
        title: what the document confirms.
        now: the 1-based place now.
        then: the place it would be; 0 = not in the queue.
        lang: "ru" or "en".
        confirmed: whether the document would be confirmed; if not, it would have ended.

    >>> document_line(Title("многодетная семья", "large family"), 34, 12, "en", confirmed=True)
    'If “large family” is confirmed, the place will be 12 (now 34; as things stand today).'
    >>> document_line(Title("многодетная семья", "large family"), 12, 12, "ru", confirmed=False)
    'Если срок документа «многодетная семья» закончится, место не изменится: 12-е (на сегодня).'

    """
    voice = Voice(lang)
    told = {"title": voice.title(title), "now": now, "then": then}
    if confirmed:
        if not then:
            return voice.say("If {title} is confirmed, the application will not stand in this queue.", **told)
        if then == now:
            return voice.say("If {title} is confirmed, the place stays {now} (as things stand today).", **told)
        return voice.say(
            "If {title} is confirmed, the place will be {then} (now {now}; as things stand today).", **told
        )
    if not then:
        return voice.say("If the document {title} ends, the application will not stand in this queue.", **told)
    if then == now:
        return voice.say("If the document {title} ends, the place stays {now} (as things stand today).", **told)
    return voice.say(
        "If the document {title} ends, the place will be {then} (now {now}; as things stand today).", **told
    )
