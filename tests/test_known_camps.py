"""A season of camps: main list and reserve, late papers, two rounds at once; equals divided by lot, or not at all."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest
from tests.told_rounds import Town, paper

from queue_engine import Journal, RuleSet, load_rules, replay, rules_digest
from queue_engine.allocation.lottery import SeedRecord, Source, draw, list_root, short_number
from queue_engine.canonical import JournalError
from queue_engine.deadlines import overdue
from queue_engine.events import (
    Accepted,
    DayAdvanced,
    Filed,
    Offered,
    ProgrammeOpened,
    Reviewed,
    RulesPublished,
    Status,
    Wish,
)
from queue_engine.facts import date_to_day
from queue_engine.rounds import Frozen, run
from queue_engine.rounds.forms import camp_rows
from queue_engine.rounds.issuing import Issued, freeze_state, publish, record_frozen
from queue_engine.state import State

RULES = Path(__file__).parent.parent / "rules"
REGION = RULES / "region-74"


@attrs.define
class Season:
    """A journal of a camp's season."""

    rules: RuleSet
    journal: Journal = attrs.field(factory=lambda: Journal("75701000"))
    day: int = date_to_day(date(2026, 5, 20))
    by: dict[str, Any] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Begin with the rules, and a shift of two places and one of one."""
        self.begin(self.day)
        dates = {"shift_start": date_to_day(date(2026, 6, 26))}
        shifts = [ProgrammeOpened(name, "camp", name, seats, **self.by) for name, seats in (("July", 2), ("August", 1))]
        self.journal.append_many([*shifts, RulesPublished(rules_digest(self.rules), dates=dates, **self.by)])

    def begin(self, day: int) -> None:
        """Begin a day."""
        self.day, self.by = day, {"at": day * 86_400_000, "actor": "officer"}
        self.journal.append(DayAdvanced(day, **self.by))

    def child(self, number: int, *wishes: str, name: str = "") -> None:
        """File and register; the smaller number filed earlier."""
        born = date_to_day(date(2015, 2, 1))
        facts = {"child.birth_date": born, "camp.vouchers_this_year": 0, "address.in_region": 1}
        wished = [Wish(each) for each in wishes]
        self.journal.append(
            Filed(name or f"c{number}", number, self.day * 86_400 - 1000 + number, facts, wished, **self.by)
        )
        self.journal.append(Reviewed(name or f"c{number}", "registered", **self.by))

    def state(self) -> State:
        """Return the state now."""
        return replay(self.journal, {rules_digest(self.rules): self.rules})

    def frozen(self, name: str) -> Frozen:
        """Freeze a round."""
        found = freeze_state(self.state(), name).frozen
        record_frozen(self.journal, found, at=self.by["at"], actor="officer")
        return found

    def published(self, frozen: Frozen) -> Issued:
        """Publish a round with an answer within six working days, 28 May."""
        told = {"deadline": self.day + 8, "at": self.by["at"], "actor": "officer"}
        return publish(self.journal, self.state(), frozen, run(frozen), **told)

    def lists(self, frozen: Frozen) -> list[tuple[str, str, str]]:
        """Return the main list and the reserve of July."""
        return [row[1:4] for row in camp_rows(frozen, run(frozen)) if row[0] == "July"]

    def offers(self) -> dict[str, str]:
        """Return who has an offer, of what."""
        return {each.id: each.offer for each in self.state().applications.values() if each.status is Status.OFFERED}


@pytest.fixture
def season() -> Season:
    """Return a season with four children: two get July, c3 has August, c4 waits."""
    made = Season(load_rules(REGION / "camp.yaml"))
    for number, wishes in enumerate((("July",), ("July",), ("July", "August"), ("July",)), start=1):
        made.child(number, *wishes)
    return made


def test_the_first_of_the_reserve_without_a_shift_is_promoted_when_papers_are_late(season: Season) -> None:
    """Edge 24: c2 misses the day; c3 stands first on the reserve and has August, so c4 gets the seat."""
    first = season.frozen("may")
    assert season.lists(first) == [
        ("main", "1", "c1"),
        ("main", "2", "c2"),
        ("reserve", "1", "c3"),
        ("reserve", "2", "c4"),
    ]
    season.published(first)
    for name, offer in (("c1", "July"), ("c3", "August")):
        season.journal.append(Accepted(name, offer, **season.by))
    season.begin(season.day + 8)
    assert overdue(season.state()) == [], "the last day is one on which papers may be brought"
    season.begin(season.day + 1)
    season.journal.append_many(overdue(season.state()))
    second = season.frozen("may.reserve")
    assert season.lists(second) == [("main", "1", "c4")]
    season.published(second)
    assert season.offers() == {"c4": "July"}
    assert season.state().applications["c4"].deadline == season.day + 8


def test_of_two_rounds_at_once_each_child_has_one_offer(season: Season) -> None:
    """Edge 11: who got an offer by the first is named by the second and offered nothing; the journal takes no other."""
    first, second = season.frozen("may"), season.frozen("may.again")
    season.published(first)
    issued = season.published(second)
    assert issued.left == ("c1", "c2", "c3")
    assert season.offers() == {"c1": "July", "c2": "July", "c3": "August"}
    with pytest.raises(JournalError, match="c1"):
        season.journal.append(Offered("c1", "August", season.day + 8, **season.by))


def test_an_application_is_offered_a_place_whatever_its_number_looks_like() -> None:
    """Ids may hold letters of any script and spaces, which no key of a journal may; sent twice, it is offered once."""
    season = Season(load_rules(REGION / "camp.yaml"))
    season.child(1, "July", name="ЗАЯВ 1")
    frozen = season.frozen("may")
    season.published(frozen)
    length = len(season.journal)
    season.published(frozen)
    assert (season.offers(), len(season.journal)) == ({"ЗАЯВ 1": "July"}, length)


def amended(folder: Path, changes: str) -> RuleSet:
    """Return the camp rules of the region as a town amends them."""
    shutil.copytree(RULES, folder / "rules")
    head = "rules: 1\nid: region-74/town/camp\nlevel: municipality\nextends: region-74/camp\n"
    file = folder / "rules" / "region-74" / "town" / "camp.yaml"
    file.parent.mkdir()
    basis = "    basis: [{act: decision 7}]\n"
    text = changes.replace("BASIS", basis)
    file.write_text(f"{head}title: {{ru: Лагерь, en: Camp}}\nchanges:\n{text}", encoding="utf-8")
    return load_rules(file)


def camper(filed: str, *papers: tuple[str, ...], **more: Any) -> dict[str, Any]:
    """Return a child who wishes for the shift."""
    facts = {"child.birth_date": "2015-02-01", "camp.vouchers_this_year": "0", "address.in_region": "yes"}
    return {"wishes": ["July"], "filed": filed, "papers": papers, **facts, **more}


UNDIVIDED = "  - repeal: reserves.hard_situation_seats\nBASIS  - repeal: submitted\nBASIS"
EQUALS = {
    "large": camper("2026-04-03", paper("large_family")),
    "one": camper("2026-04-01"),
    "two": camper("2026-04-02"),
}


@pytest.mark.parametrize(
    ("ties", "placed"),
    [("", {"large", "one"}), ("overfill", {"large", "one", "two"}), ("underfill", {"large"})],
)
def test_equals_are_divided_or_stay_together_as_the_town_has_it(tmp_path: Path, ties: str, placed: set[str]) -> None:
    """Two places, one child with a right and two equals: a number divides them, or all go, or none does."""
    rules = amended(tmp_path, UNDIVIDED + (f"  - replace: ties\n    with: {ties}\nBASIS" if ties else ""))
    town = Town(rules, tmp_path / "round", date(2026, 5, 20), {"shift_start": date(2026, 6, 26)})
    held = town.round(EQUALS, {"July": 2})
    assert set(held.placed) == placed
    if ties == "underfill":
        assert held.decided("one", "July") == "equals"


def test_a_lottery_runs_from_the_closed_list_to_the_round(tmp_path: Path) -> None:
    """List, public value, drawn numbers, a column of the tables, a step of the rules: the round follows the draw."""
    drawn = "{id: drawn, title: {ru: жребий, en: the draw}, lowest: lottery.number}"
    rules = amended(
        tmp_path,
        f"  - repeal: reserves.hard_situation_seats\nBASIS  - replace: submitted\n    with: {drawn}\nBASIS",
    )
    names = [f"c{number}" for number in range(1, 21)]
    record = SeedRecord(list_root(names), rules_digest(rules), (Source("dice, 20 May 2026, 10:00", "04913857"),))
    found = draw(record.seed(), "July", names)
    children = {
        name: camper(f"2026-04-{number:02}", **{"lottery.number": short_number(found.numbers[name])})
        for number, name in enumerate(names, start=1)
    }
    children["right"] = camper("2026-05-01", paper("large_family"))
    town = Town(rules, tmp_path / "round", date(2026, 5, 20), {"shift_start": date(2026, 6, 26)})
    held = town.round(children, {"July": 6})
    assert held.frozen.programme["July"].order == ("right", *found.order)
    assert set(held.placed) == {"right", *found.order[:5]}
    assert held.decided(found.order[5], "July") == "drawn"
    assert found.order != tuple(names)
