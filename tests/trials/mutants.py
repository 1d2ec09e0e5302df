"""Mistakes that an engine could have: each a small change of its text, and what it stands for.

The old text stands in its file exactly once, so that a changed engine makes the list fail and not fall silent.
"""

from __future__ import annotations

import attrs
from tests.trials.public_files import ROOT

ENGINE = ROOT / "src" / "queue_engine"


@attrs.frozen
class Mutant:
    """A mistake.

    Args:
        name: what it does wrong.
        file: the module, below the engine's folder.
        old: a text of it.
        new: what stands there instead.

    """

    name: str
    file: str
    old: str
    new: str

    def text(self) -> str:
        """Return the module as it is."""
        return (ENGINE / self.file).read_text(encoding="utf-8")

    def applied(self) -> str:
        """Return the module with the mistake.

        Raises:
            ValueError: the text to be changed does not stand there exactly once, or belongs to the verification.

        """
        text = self.text()
        count = text.count(self.old)
        if count != 1 or self.file.startswith("verification"):
            raise ValueError(f"{self.name}: its text stands {count} times in {self.file}; it has to be once")
        return text.replace(self.old, self.new)


MUTANTS = (
    # Who is in a queue
    Mutant(
        "ghost after withdrawal",
        "events/statuses.py",
        "frozenset({Status.REGISTERED})",
        "frozenset({Status.REGISTERED, Status.WITHDRAWN})",
    ),
    Mutant(
        "the last condition of being in the queue is skipped",
        "rules/compile.py",
        "for ground in rules.eligible]",
        "for ground in rules.eligible[:-1]]",
    ),
    Mutant(
        "a fact that must be known may be unknown",
        "rules/compile.py",
        "asked = [(name, Known(name)) for name in needed] + ",
        "asked = ",
    ),
    Mutant(
        "the second wish for a programme counts",
        "entries.py",
        'first = np.sort(np.unique(pair, return_index=True)[1], kind="stable")',
        'first = np.sort(len(pair) - 1 - np.unique(pair[::-1], return_index=True)[1], kind="stable")',
    ),
    Mutant(
        "whom a programme takes is ignored",
        "entries.py",
        "taken[mine] = masks.held_by(condition, wish[mine])",
        "taken[mine] = True",
    ),
    Mutant(
        "a closed programme keeps its queue",
        "replay.py",
        "folding.programmes[event.programme], is_open=False)",
        "folding.programmes[event.programme], is_open=True)",
    ),
    # What is known
    Mutant(
        "another category counts",
        "rules/compile.py",
        "code = self._vocabulary.category_codes[atom.category]",
        "code = max(self._vocabulary.category_codes[atom.category] - 1, 0)",
    ),
    Mutant(
        "a document counts before it is confirmed",
        "rules/compile.py",
        "valid = documents.confirmed[start:stop] & (documents.first[start:stop] <= atom.on)",
        "valid = documents.first[start:stop] <= atom.on",
    ),
    Mutant(
        "the last day of a document is left out",
        "rules/compile.py",
        "documents.last[start:stop] >= atom.on",
        "documents.last[start:stop] > atom.on",
    ),
    Mutant(
        "the first day of a document is left out",
        "rules/one_by_one.py",
        "paper.first <= day <= paper.last",
        "paper.first < day <= paper.last",
    ),
    Mutant("today is tomorrow", "rules/days.py", "{TODAY: date_to_day(on)}", "{TODAY: date_to_day(on) + 1}"),
    Mutant(
        "an age is reached a day later",
        "rules/ages.py",
        'last = on - strictly - days - (conventions.age_reached == "day_after")',
        'last = on - strictly - days - (conventions.age_reached != "day_after")',
    ),
    Mutant(
        "months: a birthday one day off",
        "rules/ages.py",
        "return _first_day(births) + min(position, length) - 1",
        "return _first_day(births) + min(position, length)",
    ),
    Mutant(
        "born on 29 February, come of age in February",
        "rules/ages.py",
        'if leap_day and conventions.born_29_feb == "mar_1":',
        'if leap_day and conventions.born_29_feb == "feb_28":',
    ),
    Mutant(
        "corrections are forgotten",
        "replay.py",
        "person.facts = _corrected(person.facts, event.facts, event.forgotten)",
        "person.facts = _corrected(person.facts, {}, event.forgotten)",
    ),
    Mutant(
        "what is no longer known stays known",
        "replay.py",
        "in {**before, **facts}.items() if name not in forgotten}",
        "in {**before, **facts}.items() if name not in ()}",
    ),
    Mutant(
        "changed wishes lose what was known there",
        "replay.py",
        "facts={**known.get(wish.target, {}), **wish.facts}",
        "facts=dict(wish.facts)",
    ),
    Mutant(
        "a territory act reaches its first address only",
        "replay.py",
        "for each in event.entries:",
        "for each in event.entries[:1]:",
    ),
    Mutant(
        "restored with a new date",
        "replay.py",
        "    on.ExceptionGranted: _granted,",
        "    on.ExceptionGranted: _granted,\n"
        "    on.Restored: lambda folding, event, _: folding.people[event.application].facts.update(\n"
        '        {"application.submitted_at": event.at // 1000}\n'
        "    ),",
    ),
    Mutant("decimals lose their zeros", "facts.py", "{rest:0{self.digits}d}", "{rest:d}"),
    # The order
    Mutant(
        "of equal times the larger number is first",
        "ordering.py",
        "everyone = np.arange(len(masks.frame), dtype=np.int64)",
        "everyone = np.arange(len(masks.frame), dtype=np.int64)[::-1]",
    ),
    Mutant(
        "highest and lowest are one another",
        "rules/compile.py",
        "distance = most - wide if step.kind is StepKind.HIGHEST",
        "distance = most - wide if step.kind is not StepKind.HIGHEST",
    ),
    Mutant(
        "what is not known ranks first",
        "rules/compile.py",
        "np.where(column.known, distance, span)",
        "np.where(column.known, distance + 1, 0)",
    ),
    Mutant(
        "the last group that fits counts",
        "rules/compile.py",
        "for index in reversed(range(most)):",
        "for index in range(most):",
    ),
    Mutant("everyone else is in no group", "rules/one_by_one.py", "if group.everyone_else or any(", "if any("),
    Mutant(
        "a share is held one place too far",
        "reserves.py",
        "called[bit] * 100 < share * position",
        "called[bit] * 100 <= share * position",
    ),
    Mutant(
        "one in three, from the second place",
        "reserves.py",
        "slot = np.where(entitled, rank_entitled * every, others_slot)",
        "slot = np.where(entitled, rank_entitled * every + 2, others_slot)",
    ),
    Mutant(
        "amendments end a day early",
        "rules/model.py",
        "(self.last is None or day <= self.last)",
        "(self.last is None or day < self.last)",
    ),
    # Why places changed
    Mutant(
        "who stands next behind a joiner does not move",
        "live_queue.py",
        "0, before + 1, before + 1, len(self), 1, cuts",
        "0, before + 1, before + 2, len(self), 1, cuts",
    ),
    Mutant(
        "a step decides one place too far",
        "shifts.py",
        "len(cuts) - bisect_left(cuts, place)",
        "len(cuts) - bisect_right(cuts, place)",
    ),
    Mutant(
        "cuts behind a key are off by one",
        "live_queue.py",
        "self._line.bisect_left(((packed >> below) + 1) << below))",
        "self._line.bisect_left(((packed >> below) + 1) << below) - 1)",
    ),
    Mutant(
        "cuts ahead of a key are off by one",
        "live_queue.py",
        "self._line.bisect_left((packed >> below) << below) + 2)",
        "self._line.bisect_left((packed >> below) << below) + 1)",
    ),
    Mutant(
        "up and down are one another",
        "accounts.py",
        '(("up", 1, up), ("down", -1, down))',
        '(("down", 1, up), ("up", -1, down))',
    ),
    Mutant(
        "joiners count as gone",
        "accounts.py",
        'self.post(("joined", *label), self._staying, counts)',
        'self.post(("joined", *label), self._staying, -counts)',
    ),
    Mutant(
        "the own change counts backwards",
        "accounts.py",
        'self.post(("own", *label), itself, -1)',
        'self.post(("own", *label), itself, 1)',
    ),
    Mutant(
        "a group is told by the name of the one before",
        "accounts.py",
        "(code, (step.id, group_of(step, code))) for code in codes",
        "(code, (step.id, group_of(step, max(code - 1, 0)))) for code in codes",
    ),
    Mutant(
        "who left is told by the new key",
        "changes.py",
        'units["left", *before.label(other, one)] -= before.ahead',
        'units["left", *own.label(other, one)] -= before.ahead',
    ),
    Mutant(
        "levels are told by the last step",
        "changes.py",
        "found = Counter(self.label(other, one) for other in",
        'found = Counter((self.rules.order[-1].id, "") for other in',
    ),
    Mutant(
        "steps in another order pass for the same rules",
        "alignment.py",
        "return [*steps, *moving]",
        "return sorted([*steps, *moving], key=str)",
    ),
    Mutant(
        "who is due because a document ends is forgotten",
        "due.py",
        "for each, reasons in _due(before, service, moments)",
        'for each, reasons in _due(before, service, moments) if "document_ended" not in reasons',
    ),
    Mutant(
        "an exception is told as an ordinary move",
        "ledger.py",
        "EXCEPTIONS = (ExceptionGranted, DataCorrected, Revoked)",
        "EXCEPTIONS = (ExceptionGranted, Revoked)",
    ),
    Mutant(
        "changes are told since the order before the last",
        "publication.py",
        "self.published[key] = (entry, self.moments, now)",
        "self.published.setdefault(key, (entry, self.moments, now))",
    ),
    # What may follow what
    Mutant(
        "a place lapses on its last day",
        "events/admission.py",
        "known.day <= standing.deadline)",
        "known.day < standing.deadline)",
    ),
    Mutant(
        "a place nobody wished for is offered",
        "events/admission.py",
        "if not known.wishes_for(standing, event.programme):",
        "if known.day is None:",
    ),
    Mutant(
        "an offer that is withdrawn costs the place in the queue",
        "events/statuses.py",
        '"offer_withdrawn": _all(PLACED, Status.REGISTERED)',
        '"offer_withdrawn": _all(PLACED, Status.SUSPENDED)',
    ),
    Mutant(
        "a revoked decision leaves its deadline",
        "events/lifecycle.py",
        "status, programme, deadline, withdrawn = standing.before",
        "(status, programme, _, withdrawn), deadline = standing.before, standing.deadline",
    ),
    Mutant(
        "a place for the time being takes an application from the queue",
        "events/statuses.py",
        '"interim_placed": _staying(IN_QUEUE)',
        '"interim_placed": _all(IN_QUEUE, Status.OFFERED)',
    ),
    Mutant(
        "an application holds two places for the time being",
        "events/admission.py",
        "if standing.interim is not None:",
        "if standing.interim is not None and standing.interim.programme == event.programme:",
    ),
    Mutant(
        "places are offered by a round that was annulled",
        "events/admission.py",
        'if of_round is not None and of_round.status != "published":',
        'if of_round is not None and of_round.status == "frozen":',
    ),
    Mutant(
        "a round is published that is not the one that was frozen",
        "events/lifecycle.py",
        "if (there.freeze, there.service) != (event.freeze, event.service):",
        "if there.service != event.service:",
    ),
    Mutant(
        "whose offer was withdrawn is not known",
        "state.py",
        "WITHDRAWN_FACT: int(self.withdrawn_offer)}",
        "WITHDRAWN_FACT: 0}",
    ),
)
"""The mistakes."""
