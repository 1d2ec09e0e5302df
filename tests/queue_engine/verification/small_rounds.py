"""Draws small frozen rounds, and writes them down: random ones, from what the specification says and nothing else."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

import attrs
from tests.queue_engine.verification.slow_rounds import Outcome, solved

Line: TypeAlias = dict[str, Any]


def dense(value: object) -> bytes:
    """Write a value in its canonical form."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(data: bytes) -> str:
    """Compute a digest as it is written."""
    return hashlib.sha256(data).hexdigest()


def merkle(names: list[str]) -> str:
    """Compute the root of a list, layer by layer: who has no partner moves up."""
    layer = [hashlib.sha256(b"\0" + leaf).digest() for leaf in sorted(map(dense, names))]
    while len(layer) > 1:
        joined = [hashlib.sha256(b"\1" + b"".join(layer[at : at + 2])).digest() for at in range(0, len(layer) - 1, 2)]
        layer = joined + layer[len(layer) // 2 * 2 :]
    return layer[0].hex() if layer else sha256(b"")


@attrs.define(eq=False)
class Round:
    """The lines of a frozen round, to be changed before they are written.

    Args:
        header: the first line, whose root of the list is written when the round is.
        programmes: by id.
        applicants: by application.
        bundles: the members of each.

    """

    header: Line
    programmes: dict[str, Line]
    applicants: dict[str, Line]
    bundles: list[list[str]] = attrs.Factory(list)

    def freeze(self) -> bytes:
        """Write freeze.jsonl."""
        self.header["list"] = merkle(list(self.applicants))
        bundles = [{"kind": "bundle", "members": members} for members in self.bundles]
        lines = [self.header, *self.programmes.values(), *self.applicants.values(), *bundles]
        return b"".join(dense(line) + b"\n" for line in lines)

    def solve(self) -> Outcome:
        """Compute what has to come out, slowly."""
        return solved(self.header["passes"], self.programmes, self.applicants, self.bundles)

    def write(self, folder: Path) -> Path:
        """Write all files of the round."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in self.files(self.freeze()).items():
            (folder / name).write_bytes(content)
        return folder

    def files(self, freeze: bytes) -> dict[str, bytes]:
        """Return the files of the round, by name."""
        outcome = self.solve()
        return {"freeze.jsonl": freeze, "result.jsonl": self.result(outcome, sha256(freeze)), **self.lists(outcome)}

    def result(self, outcome: Outcome, digest: str) -> bytes:
        """Write result.jsonl."""
        lines: list[Line] = [
            {"kind": "result", "v": 1, "round": self.header["round"], "freeze": digest, "runs": outcome.runs}
        ]
        for name in self.programmes:
            line = {"kind": "cutoff", "programme": name, "seats": outcome.seats[name], "placed": outcome.count(name)}
            last = self.last(name, outcome)
            lines.append(line | ({"last": last[0], "position": last[1]} if last else {}))
        for name in self.applicants:
            place = outcome.places.get(name)
            if place is None:
                lines.append({"kind": "not_placed", "application": name})
                continue
            line = {"kind": "placed", "application": name, "programme": place.programme, "wish": place.wish}
            line |= {"pass": place.turn, "seat": place.seat}
            lines.append(line | ({"interim": True} if "interim" in self.programmes[place.programme] else {}))
        return b"".join(dense(line) + b"\n" for line in lines)

    def last(self, programme: str, outcome: Outcome) -> tuple[str, int] | None:
        """Return who is the last placed by an ordinary pass, and at which position."""
        placed = {
            name for name, place in outcome.places.items() if place.programme == programme and place.turn != "others"
        }
        order = self.programmes[programme]["order"]
        return next(((name, at) for at, name in reversed(list(enumerate(order, 1))) if name in placed), None)

    def lists(self, outcome: Outcome) -> dict[str, bytes]:
        """Write the lists."""
        protocol, placed, not_placed, refusals = [], [], [], []
        for name, line in self.programmes.items():
            wishing = sum(name in each["wishes"] for each in self.applicants.values())
            free = max(0, outcome.seats[name] - outcome.count(name))
            protocol.append(
                [
                    *(name, line.get("organisation", ""), line.get("norm", ""), line["declared"]),
                    *(line.get("withheld", 0), line.get("ground", ""), line["seats"]),
                    *(outcome.received[name], outcome.given[name], wishing, outcome.count(name), free),
                    *(outcome.kept[name], *(self.last(name, outcome) or ("", ""))),
                ]
            )
        for name, line in self.applicants.items():
            place, wishes = outcome.places.get(name), line["wishes"]
            if place is None:
                not_placed.append([name, len(wishes), "words"])
            else:
                placed.append([name, place.programme, place.wish, place.turn, place.seat])
            for number, wish in enumerate(wishes[: place.wish - 1] if place else wishes, 1):
                last = self.last(wish, outcome) or ("", "")
                position = self.programmes[wish]["order"].index(name) + 1
                refusals.append([name, number, wish, position, outcome.seats[wish], *last, "words"])
        return {
            "protocol.csv": _csv(
                "programme,organisation,norm,declared,withheld,ground,seats,received,given_on,"
                "wishing,placed,free,kept,last,position",
                protocol,
            ),
            "placed.csv": _csv("application,programme,wish,pass,seat", placed),
            "not_placed.csv": _csv("application,wishes,reason", not_placed),
            "refusals.csv": _csv("application,wish,programme,position,seats,last,last_position,decided_by", refusals),
        }


def _csv(head: str, rows: list[list[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return (head + "\n" + text.getvalue()).encode()


def header(**parts: Any) -> Line:
    """Write the head of a frozen round."""
    line: Line = {"kind": "round", "v": 1, "round": "r-1", "service": "kindergarten", "on": 20_000, "rules": "a" * 64}
    return {**line, "list": "", "mechanism": "deferred-acceptance", "passes": ["main"], **parts}


def small_round(
    programmes: dict[str, tuple[int, str]], wishes: dict[str, str], *bundles: str, **more: dict[str, Any]
) -> Round:
    """Return a round of one pass: seats and order of programmes, wishes of applicants, bundles; single letters all."""
    lines = {}
    for name, (seats, order) in sorted(programmes.items()):
        line: Line = {"kind": "programme", "programme": name, "pass": "main", "declared": seats, "seats": seats}
        lines[name] = {**line, "order": list(order), **more.get(name, {})}
    applicants = {
        name: {"kind": "applicant", "application": name, "wishes": list(wanted), **more.get(name, {})}
        for name, wanted in wishes.items()
    }
    return Round(header(), lines, applicants, [list(members) for members in bundles])


def drawn_round(luck: Random, applicants: int = 14, programmes: int = 6) -> Round:
    """Draw a round in which everything the specification knows can happen."""
    passes = ["first", "second", "late"][: luck.randint(1, 3)]
    names = [f"P-{number:02}" for number in range(programmes)]
    turn = {name: luck.choice(passes) for name in names}
    interim = {name for name in names if turn[name] == "late" and luck.random() < 0.7}
    people = [f"A-{number:04}" for number in range(applicants)]
    wishes = {one: luck.sample(names, luck.randint(1, min(4, programmes))) for one in people}
    bundles = _bundles(luck, people, wishes) if luck.random() < 0.6 else []
    held = _held(luck, people, wishes, bundles, {name: turn[name] for name in names if name not in interim})
    others = {one: _others(luck, wishes[one], names, interim) for one in people if luck.random() < 0.2}
    lines = {}
    for name in names:
        holders = [one for one in people if held.get(one) == name]
        wishing = [one for one in people if name in wishes[one] or (one not in others and luck.random() < 0.05)]
        order = _together(luck.sample(wishing, len(wishing)), bundles)
        order = [one for one in order if one in holders] + [one for one in order if one not in holders]
        line: Line = {"kind": "programme", "programme": name, "pass": turn[name], "order": order}
        line |= _seats(luck, max(len(holders), luck.randint(0, max(1, applicants // programmes + 1))))
        line |= _groups(luck, order, len(holders))
        if holders:
            line["holders"] = luck.sample(holders, len(holders))
        if name in interim:
            line |= {"interim": luck.choice(["temporary", "short_stay"]), "until": 20_300}
        further = [one for one in people if name in others.get(one, ())]
        if further:
            line["others"] = luck.sample(further, len(further))
        later = [each for each in names if each > name and passes.index(turn[each]) >= passes.index(turn[name])]
        if later and luck.random() < 0.3 and not (holders and bundles):
            line["flows_to"] = luck.choice(later)
        lines[name] = line
    rows = {one: {"kind": "applicant", "application": one, "wishes": wishes[one]} for one in people}
    for one, further in others.items():
        if further:
            rows[one]["others"] = further
    return Round(header(passes=passes), lines, rows, bundles)


def _bundles(luck: Random, people: list[str], wishes: dict[str, list[str]]) -> list[list[str]]:
    """Draw pairs and one of three, who wish for equally many, mostly for the same."""
    chosen = luck.sample(people, min(len(people), luck.choice((2, 4, 7))))
    bundles = [sorted(chosen[at : at + (3 if at == 4 else 2)]) for at in range(0, min(len(chosen), 5), 2)]
    for members in bundles:
        shared = wishes[members[0]]
        for one in members[1:]:
            wishes[one] = list(shared) if luck.random() < 0.7 else luck.sample(shared, len(shared))
    return [members for members in bundles if len(members) > 1]


def _held(
    luck: Random, people: list[str], wishes: dict[str, list[str]], bundles: list[list[str]], turn: dict[str, str]
) -> dict[str, str]:
    """Draw who holds a seat; what they rather have is of the same pass."""
    bundled = {one for members in bundles for one in members}
    held = {}
    for one in people:
        if one not in bundled and turn and luck.random() < 0.15:
            held[one] = luck.choice(sorted(turn))
            same = [each for each in wishes[one] if turn.get(each) == turn[held[one]] and each != held[one]]
            behind = [each for each in wishes[one] if each not in same and each != held[one]]
            wishes[one] = [*same, held[one], *behind]
    return held


def _others(luck: Random, wishes: list[str], names: list[str], interim: set[str]) -> list[str]:
    free = [name for name in names if name not in wishes and name not in interim]
    return luck.sample(free, min(len(free), 2))


def _together(order: list[str], bundles: list[list[str]]) -> list[str]:
    """Put every member of a bundle where the worst-placed member stands."""
    for members in bundles:
        inside = [one for one in order if one in members]
        if inside:
            at = order.index(inside[-1])
            order = [one for one in order[:at] if one not in inside] + inside + order[at + 1 :]
    return order


def _seats(luck: Random, seats: int) -> Line:
    withheld = luck.choice((0, 0, 1, 2))
    line: Line = {"declared": seats + withheld, "seats": seats}
    if withheld:
        line |= {"withheld": withheld, "ground": "a group, closed for repairs"}
    if luck.random() < 0.5:
        line |= {"norm": seats + withheld + luck.randint(0, 2), "organisation": 'Kindergarten "5"'}
    return line


def _groups(luck: Random, order: list[str], holders: int) -> Line:
    """Draw reserves, or ties, or neither."""
    how = luck.random()
    if how < 0.4:
        return {
            "reserves": [
                {
                    "reserve": f"group-{number}",
                    "entitled": sorted(luck.sample(order, luck.randint(0, len(order)))),
                    "seats": luck.randint(0, 2),
                    "filled": luck.choice(["before_general", "after_general"]),
                    "unused": luck.choice(["general", "keep"]),
                }
                for number in range(luck.randint(1, 3))
            ]
        }
    if how < 0.6:
        cuts = sorted({0, holders, len(order), *(luck.randint(holders, len(order)) for _ in range(3))})
        tiers = [order[start:end] for start, end in pairwise(cuts)]
        return {"ties": luck.choice(["overfill", "underfill"]), "tiers": tiers}
    return {}
