"""A round as files anybody can read and check: what was frozen, what came out, and the lists made of both.

The form of the files is specified with the stand-alone verifier, `queue_engine.verification`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from queue_engine.canonical import JournalError, decode, encode
from queue_engine.errors import Place, Problem
from queue_engine.queue import Queues
from queue_engine.reports import write_csv
from queue_engine.rounds.lists import LISTS
from queue_engine.rounds.model import (
    Applicant,
    CutOff,
    Frozen,
    Outcome,
    Placed,
    Programme,
    RoundError,
    SeatReserve,
)

VERSION = 1
FREEZE, RESULT, REFUSALS = "freeze.jsonl", "result.jsonl", "refusals.csv"
MECHANISM = "deferred-acceptance"
_OPTIONAL_TEXT = ("organisation", "ground", "flows_to", "interim", "ties")
_OPTIONAL_LISTS = ("holders", "others")


def freeze_lines(frozen: Frozen) -> Iterator[bytes]:
    """Yield the lines of what a round is computed from: head, programmes, applicants, bundles.

    Raises:
        JournalError: a name has no canonical form.

    """
    head: dict[str, Any] = {
        "kind": "round",
        "v": VERSION,
        "round": frozen.round,
        "service": frozen.service,
        "on": frozen.on,
        "rules": frozen.rules,
        "list": frozen.list_root,
        "mechanism": MECHANISM,
        "passes": list(frozen.stages),
    }
    lines: list[Mapping[str, Any]] = [head]
    lines += [_of_programme(each) for each in frozen.programmes]
    for each in frozen.applicants:
        others = {"others": list(each.others)} if each.others else {}
        lines.append({"kind": "applicant", "application": each.application, "wishes": list(each.wishes)} | others)
    lines += [{"kind": "bundle", "members": list(bundle)} for bundle in frozen.bundles]
    yield from _written(lines, FREEZE)


def freeze_digest(frozen: Frozen) -> str:
    """Return the SHA-256 of what a round is computed from, as 64 hexadecimal digits: published before it is run.

    >>> freeze_digest(Frozen("spring", 20600, "0" * 64, "0" * 64, ("main",), (), ()))[:16]
    '6ab20f2898068d6c'

    """
    return _digest(freeze_lines(frozen))


def result_lines(outcome: Outcome, frozen: Frozen) -> Iterator[bytes]:
    """Yield the lines of what came out of a round: head, cut-offs, and one line an applicant."""
    head = {
        "kind": "result",
        "v": VERSION,
        "round": frozen.round,
        "freeze": freeze_digest(frozen),
        "runs": outcome.runs,
    }
    lines: list[Mapping[str, Any]] = [head, *(_of_cutoff(each) for each in outcome.cutoffs.values())]
    for each in frozen.applicants:
        placed = outcome.placed.get(each.application)
        lines.append(_of_placed(placed) if placed else {"kind": "not_placed", "application": each.application})
    yield from _written(lines, RESULT)


def result_digest(outcome: Outcome, frozen: Frozen) -> str:
    """Return the SHA-256 of what came out of a round, as 64 hexadecimal digits."""
    return _digest(result_lines(outcome, frozen))


def write_round(folder: str | Path, frozen: Frozen, outcome: Outcome, queues: Queues | None = None) -> None:
    """Write what was frozen, what came out, and the lists of both, into a folder.

    Args:
        folder: made if it is not there.
        frozen: what the round was computed from.
        outcome: what came out.
        queues: tell which rule decided in `refusals.csv`.

    """
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    (path / FREEZE).write_bytes(b"".join(freeze_lines(frozen)))
    (path / RESULT).write_bytes(b"".join(result_lines(outcome, frozen)))
    for name, rows in LISTS.items():
        with (path / name).open("w", encoding="utf-8", newline="") as file:
            # Who stands in no queue is no part of the round: `order --refused` lists them.
            write_csv(rows(frozen, outcome, queues if name == REFUSALS else None), file)


def read_frozen(path: str | Path) -> Frozen:
    """Return what a round is computed from, read from its file.

    Raises:
        RoundError: a line is not canonical, or has not the form it has to have.

    """
    file = Path(path)
    programmes: list[Programme] = []
    applicants: list[Applicant] = []
    bundles: list[tuple[str, ...]] = []
    head: Mapping[str, Any] = {}
    for line, value in _values(file):
        try:
            kind = value["kind"]
            if line == 1 and kind == "round" and value["v"] == VERSION and value["mechanism"] == MECHANISM:
                head = value
            elif head and kind == "programme":
                programmes.append(_programme(value))
            elif head and kind == "applicant":
                others = tuple(value.get("others", ()))
                applicants.append(Applicant(value["application"], tuple(value["wishes"]), others))
            elif head and kind == "bundle":
                bundles.append(tuple(value["members"]))
            else:
                raise _unreadable(file, line, f"the line has no place in a round: {kind}")
        except (KeyError, TypeError, ValueError) as error:
            raise _unreadable(file, line, f"the line is not one of a round ({error})") from None
    if not head:
        raise _unreadable(file, 0, "the file is empty")
    return Frozen(
        head["round"],
        head["on"],
        head["rules"],
        head["list"],
        tuple(head["passes"]),
        tuple(programmes),
        tuple(applicants),
        tuple(bundles),
        head["service"],
    )


def _unreadable(file: Path, line: int, message: str) -> RoundError:
    return RoundError([Problem(Place(str(file), line), "D012", message, "take the file as published")])


def _of_programme(each: Programme) -> dict[str, Any]:
    """Return a programme as an object; what is empty is left out."""
    found: dict[str, Any] = {
        "kind": "programme",
        "programme": each.programme,
        "pass": each.stage,
        "declared": each.declared,
        "seats": each.seats,
        "order": list(each.order),
    }
    found |= {name: getattr(each, name) for name in _OPTIONAL_TEXT if getattr(each, name)}
    found |= {name: list(getattr(each, name)) for name in _OPTIONAL_LISTS if getattr(each, name)}
    found |= {"withheld": each.withheld} if each.withheld else {}
    found |= {name: value for name, value in (("norm", each.norm), ("until", each.until)) if value is not None}
    if each.tiers:
        found["tiers"] = [list(tier) for tier in each.tiers]
    if each.reserves:
        found["reserves"] = [
            {
                "reserve": reserve.reserve,
                "entitled": list(reserve.entitled),
                "seats": reserve.seats,
                "filled": reserve.filled,
                "unused": reserve.unused,
            }
            for reserve in each.reserves
        ]
    return found


def _programme(value: Mapping[str, Any]) -> Programme:
    """Return the programme of an object.

    Raises:
        KeyError: a member is missing.
        ValueError: the seats are not what the ledger says.

    """
    reserves = tuple(
        SeatReserve(each["reserve"], tuple(each["entitled"]), each["seats"], each["filled"], each["unused"])
        for each in value.get("reserves", ())
    )
    found = Programme(
        programme=value["programme"],
        organisation=value.get("organisation", ""),
        stage=value["pass"],
        declared=value["declared"],
        order=tuple(value["order"]),
        withheld=value.get("withheld", 0),
        ground=value.get("ground", ""),
        norm=value.get("norm"),
        reserves=reserves,
        holders=tuple(value.get("holders", ())),
        flows_to=value.get("flows_to", ""),
        interim=value.get("interim", ""),
        until=value.get("until"),
        ties=value.get("ties", ""),
        tiers=tuple(tuple(tier) for tier in value.get("tiers", ())),
        others=tuple(value.get("others", ())),
    )
    if found.seats != value["seats"]:
        message = f"{value['seats']} seats are not {found.declared} declared less {found.withheld} withheld"
        raise ValueError(message)
    return found


def _of_cutoff(each: CutOff) -> dict[str, Any]:
    last = {"last": each.last, "position": each.position} if each.last else {}
    return {"kind": "cutoff", "programme": each.programme, "seats": each.seats, "placed": each.placed} | last


def _of_placed(each: Placed) -> dict[str, Any]:
    found = {
        "kind": "placed",
        "application": each.application,
        "programme": each.programme,
        "wish": each.wish,
        "pass": each.stage,
        "seat": each.seat,
    }
    return found | ({"interim": True} if each.interim else {})


def _written(values: Iterable[Mapping[str, Any]], file: str) -> Iterator[bytes]:
    for line, value in enumerate(values, start=1):
        yield encode(value, file=file, entry=line) + b"\n"


def _values(file: Path) -> Iterator[tuple[int, Any]]:
    """Yield the values of a file of canonical lines, numbered from 1."""
    try:
        with file.open("rb") as stream:
            for line, body in enumerate(stream, start=1):
                yield line, decode(body.removesuffix(b"\n"), file=str(file), entry=line)
    except JournalError as error:
        raise RoundError(error.problems) from None


def _digest(lines: Iterable[bytes]) -> str:
    found = hashlib.sha256()
    for line in lines:
        found.update(line)
    return found.hexdigest()
