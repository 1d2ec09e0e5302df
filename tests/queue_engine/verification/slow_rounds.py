"""Solves small rounds as they are defined: one proposal after another, seat after seat, slowly and obviously."""

from __future__ import annotations

from collections import Counter
from typing import Any, TypeAlias

import attrs

Line: TypeAlias = dict[str, Any]


@attrs.frozen
class Place:
    """Where somebody is placed."""

    programme: str
    wish: int
    turn: str
    seat: str


@attrs.define
class Outcome:
    """What came out: places, seats after flows, seats kept, and how they flowed."""

    seats: Counter[str]
    places: dict[str, Place] = attrs.Factory(dict)
    kept: Counter[str] = attrs.Factory(Counter)
    received: Counter[str] = attrs.Factory(Counter)
    given: Counter[str] = attrs.Factory(Counter)
    runs: int = 0

    def count(self, programme: str) -> int:
        """Return how many are placed in a programme."""
        return sum(place.programme == programme for place in self.places.values())


def chosen(programme: Line, seats: int, asking: set[str]) -> tuple[dict[str, str], int]:
    """Return whom a programme takes and on which seats, and how many seats it keeps."""
    holders = programme.get("holders", [])
    if "ties" in programme:
        return _whole_tiers(programme, seats, asking), 0
    held = min(len(holders), seats)
    left = seats - held
    early: list[tuple[str, set[str], int, str]] = [("held", set(holders), held, "general")]
    late: list[tuple[str, set[str], int, str]] = []
    for reserve in programme.get("reserves", []):
        count = min(left, reserve["seats"])
        left -= count
        group = (reserve["reserve"], set(reserve["entitled"]), count, reserve["unused"])
        (early if reserve["filled"] == "before_general" else late).append(group)
    taken: dict[str, str] = {}
    kept = loose = 0

    def fill(seat: str, entitled: set[str]) -> bool:
        for one in programme["order"]:
            if one in asking and one in entitled and one not in taken:
                taken[one] = seat
                return True
        return False

    for seat, entitled, count, unused in [*early, ("general", asking, left, ""), *late]:
        empty = sum(not fill(seat, entitled) for _ in range(count + loose * (seat == "general")))
        loose *= seat != "general"
        kept += empty * (unused == "keep")
        loose += empty * (unused == "general")
    for _ in range(loose):
        fill("general", asking)
    return taken, kept


def _whole_tiers(programme: Line, seats: int, asking: set[str]) -> dict[str, str]:
    taken: dict[str, str] = {}
    for tier in programme["tiers"]:
        here = [one for one in tier if one in asking]
        if programme["ties"] == "overfill" and len(taken) >= seats:
            break
        if programme["ties"] == "underfill" and len(taken) + len(here) > seats:
            break
        taken |= {one: "held" if one in programme.get("holders", []) else "general" for one in here}
    return taken


def proposals(programmes: dict[str, Line], seats: Counter[str], asks: dict[str, list[str]]) -> dict[str, str]:
    """Let one after another propose, until everybody is placed or has nowhere left to ask."""
    asked: dict[str, set[str]] = {name: set() for name in programmes}
    refused: set[tuple[str, str]] = set()
    while True:
        for one, wishes in asks.items():
            now = next((wish for wish in wishes if (one, wish) not in refused), None)
            if now is not None and one not in asked[now]:
                asked[now].add(one)
                taken, _ = chosen(programmes[now], seats[now], asked[now])
                refused |= {(each, now) for each in asked[now] if each not in taken}
                break
        else:
            break
    found = {}
    for one, wishes in asks.items():
        for wish in wishes:
            if (one, wish) not in refused:
                found[one] = wish
                break
    return found


def solved(
    passes: list[str], programmes: dict[str, Line], applicants: dict[str, Line], bundles: list[list[str]]
) -> Outcome:
    """Solve a round."""
    outcome = Outcome(Counter({name: line["seats"] for name, line in programmes.items()}))
    held = {one: name for name, line in programmes.items() for one in line.get("holders", [])}
    for turn in passes:
        here = {name: line for name, line in programmes.items() if line["pass"] == turn}
        asks = {}
        for one, line in applicants.items():
            place = outcome.places.get(one)
            if place and "interim" not in programmes[place.programme]:
                continue
            if one in held and passes.index(programmes[held[one]]["pass"]) > passes.index(turn):
                continue
            interim_too = place is None and one not in held
            asks[one] = [
                wish for wish in line["wishes"] if wish in here and (interim_too or "interim" not in here[wish])
            ]
        _run(outcome, turn, here, asks, applicants, bundles)
    _extra(outcome, programmes, applicants)
    return outcome


def _run(
    outcome: Outcome,
    turn: str,
    here: dict[str, Line],
    asks: dict[str, list[str]],
    applicants: dict[str, Line],
    bundles: list[list[str]],
) -> None:
    """Run a pass, again and again as long as seats flow inside it."""
    while True:
        moved = False
        found = _bundled(outcome, here, asks, applicants, bundles)
        empty = {}
        seats = {}
        for name, line in here.items():
            inside = {one for one, wish in found.items() if wish == name}
            seats[name], outcome.kept[name] = chosen(line, outcome.seats[name], inside)
            empty[name] = max(0, outcome.seats[name] - len(inside) - outcome.kept[name])
        for name, line in here.items():
            if "flows_to" in line and empty[name]:
                outcome.seats[name] -= empty[name]
                outcome.seats[line["flows_to"]] += empty[name]
                outcome.given[name] += empty[name]
                outcome.received[line["flows_to"]] += empty[name]
                moved = moved or line["flows_to"] in here
        if not moved:
            break
    for one, name in found.items():
        wish = applicants[one]["wishes"].index(name) + 1
        outcome.places[one] = Place(name, wish, turn, seats[name][one])


def _bundled(
    outcome: Outcome,
    here: dict[str, Line],
    asks: dict[str, list[str]],
    applicants: dict[str, Line],
    bundles: list[list[str]],
) -> dict[str, str]:
    """Run markets, striking wishes of bundles that come out parted."""
    asks = dict(asks)
    while True:
        outcome.runs += 1
        found = proposals(here, outcome.seats, asks)
        parted = False
        for members in bundles:
            got = [applicants[one]["wishes"].index(found[one]) if one in found else 99 for one in members]
            if len(set(got)) > 1:
                parted = True
                for one in members:
                    struck = applicants[one]["wishes"][min(got)]
                    asks[one] = [wish for wish in asks.get(one, []) if wish != struck]
        if not parted:
            return found


def _extra(outcome: Outcome, programmes: dict[str, Line], applicants: dict[str, Line]) -> None:
    """Offer what is left to those who agreed."""
    left = {name: {"order": line.get("others", [])} for name, line in programmes.items() if "interim" not in line}
    seats = Counter({name: max(0, outcome.seats[name] - outcome.count(name) - outcome.kept[name]) for name in left})
    asks = {one: line.get("others", []) for one, line in applicants.items() if one not in outcome.places}
    for one, name in proposals(left, seats, asks).items():
        wish = len(applicants[one]["wishes"]) + applicants[one]["others"].index(name) + 1
        outcome.places[one] = Place(name, wish, "others", "others")
