"""A whole rule set read back in words: the table an officer works with, and the page an officer signs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from queue_engine.catalogue import LANGUAGES, calendar_day, translations
from queue_engine.errors import Place
from queue_engine.facts import Title
from queue_engine.rules.amendments import amend
from queue_engine.rules.conditions import All, Compare, Condition
from queue_engine.rules.model import Change, Ground, Group, Period, Reserve, RuleSet, Step, StepKind, TieRule
from queue_engine.rules.ties import tie_steps
from queue_engine.rules.words import in_words, say

__all__ = ["Row", "in_words", "page", "rows"]

_SECONDS_A_DAY = 86_400
_PARTS = {
    "eligible": "Who stands in the queue",
    "order": "The order, the most important first",
    "reserves": "Reserves",
    "ties": "When places do not suffice for all equals",
}
_STATES = {
    "future": "comes into force on {}",
    "ended": "not in force after {}",
}
_ON = "By the rules of {}"


@attrs.frozen
class Row:
    """One line of the table in which an officer reads the rules.

    Args:
        part: "eligible", "order", "reserves" or "ties".
        number: place in its part: "2" for a step, "2.1.3" for the third ground of its first group.
        address: the ids that lead there, as an amendment writes them.
        step: title of the step; None outside the order.
        group: title of the group; None where there is none.
        ground: title of the ground, of the eligibility item or of the reserve; who are equals.
        condition: for whom it holds, or how the step orders, in words.
        basis: citations; those of the step where the ground has none.
        first: the first day in force; None = since ever.
        last: the last day in force, included; None = until changed.
        state: "in force", "future" or "ended" on the day of the table.
        place: file and line.

    """

    part: str
    number: str
    address: str
    step: Title | None
    group: Title | None
    ground: Title | None
    condition: Title
    basis: tuple[str, ...]
    first: int | None
    last: int | None
    state: str
    place: Place


def rows(rule_set: RuleSet, day: int) -> list[Row]:
    """Return the table of the rules as amended on a day, with what is not yet or no longer in force.

    An amendment of other days is left out, and one that cannot be made: reporting it is the checker's task.

    Args:
        rule_set: as read; an effective one has nothing but what is in force.
        day: the day whose amendments are made and that `state` is told for.

    Complexity: linear in the rule set times the number of its amendments.

    """
    dated = attrs.evolve(rule_set, changes=tuple(_with_its_days(change) for change in rule_set.changes))
    table = _Table(amend(dated, day, lambda *_: None), day)
    return [*table.eligible(), *table.order(), *table.reserves(), *table.ties()]


def page(rule_set: RuleSet, day: int, lang: str) -> list[str]:
    """Return the rules of a day as lines of text: title, who stands in the queue, the order, what is set aside.

    Parts that are not yet or no longer in force are there too, and say so.

    Args:
        rule_set: as read.
        day: the day.
        lang: "ru" or "en".

    Complexity: that of `rows`.

    """
    table = rows(rule_set, day)
    lines = [rule_set.title.in_language(lang), translations(lang).gettext(_ON).format(calendar_day(day, lang))]
    lines += [f"  {basis}" for basis in rule_set.basis]
    lines += [f"  {line}" for line in (_days(rule_set.in_force, lang),) if line]
    amending = dict.fromkeys(basis for change in rule_set.changes if day in change.in_force for basis in change.basis)
    if amending:
        said = "; ".join(str(basis) for basis in amending)
        lines.append("  " + translations(lang).gettext("as amended by: {}").format(said))
    for part, heading in _PARTS.items():
        members = [row for row in table if row.part == part]
        if members:
            lines += ["", translations(lang).gettext(heading), *_lines(members, lang, rule_set.in_force)]
    return lines


def _lines(members: Sequence[Row], lang: str, whole: Period) -> Iterator[str]:
    """Yield the rows of one part as indented lines, with a line for each step and group they begin."""
    said: set[str] = set()
    for row in members:
        numbers = row.number.split(".")
        titles = [row.step or row.ground, row.group, row.ground][: len(numbers)]
        for depth, title in enumerate(titles, start=1):
            number = ".".join(numbers[:depth])
            if title is None or number in said:
                continue
            said.add(number)
            rest = f": {_told(row, lang, whole)}" if depth == len(numbers) else ""
            yield f"{'  ' * depth}{number}. {title.in_language(lang)}{rest}"


def _told(row: Row, lang: str, whole: Period) -> str:
    """Return a row's condition, citations, and its days when they are not those of the whole rule set."""
    text = row.condition.in_language(lang)
    if row.basis:
        text += f" ({'; '.join(row.basis)})"
    bound = row.first if row.state == "future" else row.last
    if row.state in _STATES and bound is not None:
        return f"{text} [{translations(lang).gettext(_STATES[row.state]).format(calendar_day(bound, lang))}]"
    days = _days(Period(row.first, row.last), lang)
    return f"{text} [{days}]" if days != _days(whole, lang) else text


def _days(period: Period, lang: str) -> str:
    """Return the days of a period in words, both included; "" when it is open at both ends."""
    bounds = (("from {}", period.first), ("to {}", period.last))
    said = (translations(lang).gettext(word).format(calendar_day(day, lang)) for word, day in bounds if day is not None)
    return " ".join(said)


@attrs.frozen
class _Table:
    rules: RuleSet
    day: int

    def eligible(self) -> Iterator[Row]:
        for number, item in enumerate(self.rules.eligible, start=1):
            condition = self._applies(item)
            yield self._row(("eligible", str(number)), (item.id,), (None, None, item.title), condition, item)

    def order(self) -> Iterator[Row]:
        for number, step in enumerate(self.rules.order, start=1):
            if step.kind is not StepKind.GROUPS:
                yield self._row(("order", str(number)), (step.id,), (step.title, None, None), self._rule(step), step)
            for group_number, group in enumerate(step.groups, start=1):
                yield from self._group(f"{number}.{group_number}", step, group)

    def reserves(self) -> Iterator[Row]:
        for number, reserve in enumerate(self.rules.reserves, start=1):
            kind = reserve.kind.value + (" %" if reserve.percent else "")
            when = self._words(reserve.when)
            amount = str(reserve.amount)
            condition = Title(*(say(kind, lang, amount, when.in_language(lang)) for lang in LANGUAGES))
            yield self._row(("reserves", str(number)), (reserve.id,), (None, None, reserve.title), condition, reserve)

    def ties(self) -> Iterator[Row]:
        word, count = self.rules.ties.word, tie_steps(self.rules)
        if word == TieRule().word:
            return
        who = "equals" if count > 1 else "equals in step" if count else "equals all"
        equals, told = (Title(*(say(phrase, lang, str(count)) for lang in LANGUAGES)) for phrase in (who, word))
        days, place = self.rules.in_force, Place(self.rules.files[-1] if self.rules.files else self.rules.id)
        state = _state(days, self.day)
        yield Row("ties", "1", "ties", None, None, equals, told, (), days.first, days.last, state, place)

    def _group(self, number: str, step: Step, group: Group) -> Iterator[Row]:
        titles, address = (step.title, group.title), (step.id, group.id)
        if group.everyone_else:
            rest = attrs.evolve(step, place=group.place)
            yield self._row(
                ("order", number),
                address,
                (*titles, None),
                Title(*(say("everyone else", lang) for lang in LANGUAGES)),
                rest,
            )
        for ground_number, ground in enumerate(group.grounds, start=1):
            place = ("order", f"{number}.{ground_number}")
            condition = self._applies(ground)
            yield self._row(place, (*address, ground.id), (*titles, ground.title), condition, ground, step)

    def _row(
        self,
        where: tuple[str, str],
        address: tuple[str, ...],
        titles: tuple[Title | None, Title | None, Title | None],
        condition: Title,
        item: Step | Ground | Reserve,
        step: Step | None = None,
    ) -> Row:
        part, number = where
        period = self.rules.in_force & item.in_force
        if step is not None:
            period &= step.in_force
        basis = item.basis or (step.basis if step is not None else ())
        path = address if part == "order" else (part, *address)
        texts = tuple(str(one) for one in basis)
        state = _state(period, self.day)
        return Row(
            part, number, ".".join(path), *titles, condition, texts, period.first, period.last, state, item.place
        )

    def _words(self, condition: Condition) -> Title:
        return Title(*(in_words(condition, self.rules.vocabulary, lang, self.rules.terms) for lang in LANGUAGES))

    def _applies(self, ground: Ground) -> Title:
        """Return a ground's condition in words, with the days of filing it applies to."""
        first, last = ground.applies_to.first, ground.applies_to.last
        parts: list[Condition] = []
        if "application.submitted_on" in self.rules.vocabulary.facts:
            bounds, name = ((">=", first), ("<=", last)), "application.submitted_on"
            parts += [Compare(name, operator, day) for operator, day in bounds if day is not None]
        else:
            ends, name = ((">=", first), ("<", None if last is None else last + 1)), "application.submitted_at"
            parts += [Compare(name, operator, day * _SECONDS_A_DAY) for operator, day in ends if day is not None]
        return self._words(All((*parts, ground.when)))

    def _rule(self, step: Step) -> Title:
        """Return how a step orders, in words."""
        fact = self.rules.vocabulary.facts.get(step.fact)
        title = Title(step.fact, step.fact) if fact is None else fact.title
        said = self._words(step.condition) if step.condition is not None else title
        return Title(*(say(step.kind.value, lang, said.in_language(lang)) for lang in LANGUAGES))


def _state(period: Period, day: int) -> str:
    if day in period:
        return "in force"
    return "future" if period.first is not None and day < period.first else "ended"


def _with_its_days(change: Change) -> Change:
    """Return a change whose item is in force no longer than the change itself."""
    item = change.item
    if not isinstance(item, Step | Ground | Reserve):
        return change
    return attrs.evolve(change, item=attrs.evolve(item, in_force=item.in_force & change.in_force))
