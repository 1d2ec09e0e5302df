"""What somebody may change by hand in the folder of a round, class by class, and what a finding has to name then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any, TypeAlias

from tests.queue_engine.verification.small_rounds import Line, Round
from tests.trials.round_copies import FREEZE, IN_WORDS, LISTS, PROTOCOL, RESULT, Copy, Trace, Unfit

Edit: TypeAlias = Callable[[Copy, Random], Trace]


def _wished(frozen: Round, line: Line) -> Line:
    """Give a place the number it has among the wishes of whom it was given to."""
    wishes = frozen.applicants[line["application"]]
    everything = [*wishes["wishes"], *wishes.get("others", [])]
    if line["programme"] in everything:
        line["wish"] = everything.index(line["programme"]) + 1
    return line


def swapped_places(copy: Copy, luck: Random) -> Trace:
    """Give two who are placed the place of each other."""
    first, lines = copy.drawn(luck, RESULT, "placed")
    second, _ = copy.drawn(luck, RESULT, "placed")
    if lines[first]["programme"] == lines[second]["programme"]:
        raise Unfit
    names = lines[first]["application"], lines[second]["application"]
    frozen = copy.round()
    one, other = {**lines[second], "application": names[0]}, {**lines[first], "application": names[1]}
    lines[first], lines[second] = _wished(frozen, one), _wished(frozen, other)
    copy.write(RESULT, lines)
    return Trace(RESULT, 0, names)


def _favourite(copy: Copy, luck: Random) -> tuple[int, str, list[Line], Round]:
    """Draw somebody who is not placed, and a wish."""
    at, lines = copy.drawn(luck, RESULT, "not_placed")
    frozen = copy.round()
    wishes = frozen.applicants[lines[at]["application"]]["wishes"]
    if not wishes:
        raise Unfit
    return at, luck.choice(wishes), lines, frozen


def favoured(copy: Copy, luck: Random) -> Trace:
    """Give somebody who was refused the place of somebody else."""
    at, wish, lines, frozen = _favourite(copy, luck)
    placed = [line for line in lines if line["kind"] == "placed" and line["programme"] == wish]
    if not placed:
        raise Unfit
    loser = luck.choice(placed)
    name, other = lines[at]["application"], loser["application"]
    lines[at] = _wished(frozen, {**loser, "application": name, "pass": frozen.programmes[wish]["pass"]})
    lines[lines.index(loser)] = {"kind": "not_placed", "application": other}
    copy.write(RESULT, lines)
    return Trace(RESULT, at + 1, (name, other))


def squeezed_in(copy: Copy, luck: Random) -> Trace:
    """Give somebody who was refused a place, and take it from nobody."""
    at, wish, lines, frozen = _favourite(copy, luck)
    name, programme = lines[at]["application"], frozen.programmes[wish]
    line = {"kind": "placed", "application": name, "programme": wish, "wish": 0, "pass": programme["pass"]}
    lines[at] = _wished(frozen, line | {"seat": "general"} | ({"interim": True} if "interim" in programme else {}))
    copy.write(RESULT, lines)
    return Trace(RESULT, at + 1, (name,))


def dropped(copy: Copy, luck: Random) -> Trace:
    """Take a place away."""
    at, lines = copy.drawn(luck, RESULT, "placed")
    name = lines[at]["application"]
    lines[at] = {"kind": "not_placed", "application": name}
    copy.write(RESULT, lines)
    return Trace(RESULT, at + 1, (name,))


def left_out(copy: Copy, luck: Random) -> Trace:
    """Say nothing about somebody."""
    at, lines = copy.drawn(luck, RESULT, luck.choice(("placed", "not_placed", "cutoff")))
    gone = lines.pop(at)
    copy.write(RESULT, lines)
    return Trace(RESULT, 0, (str(gone.get("application", gone.get("programme"))),))


def place_retold(copy: Copy, luck: Random) -> Trace:
    """Change one part of a place."""
    at, lines = copy.drawn(luck, RESULT, "placed")
    line = lines[at]
    part = luck.choice(("wish", "pass", "seat", "interim", "programme"))
    if part == "wish":
        line[part] = max(1, line[part] + luck.choice((-1, 1, 5)))
    elif part == "interim":
        line.pop(part) if part in line else line.update(interim=True)
    else:
        line[part] = luck.choice(("general", "held", "others", "group-0", "late", *copy.round().programmes))
    copy.write(RESULT, lines)
    return Trace(RESULT, at + 1, (line["application"],))


def cutoff_changed(copy: Copy, luck: Random) -> Trace:
    """Change one part of a cut-off."""
    at, lines = copy.drawn(luck, RESULT, "cutoff")
    line = lines[at]
    part = luck.choice([each for each in ("seats", "placed", "last", "position") if each in line])
    if part == "last":
        line[part] = luck.choice(copy.round().programmes[line["programme"]]["order"])
    else:
        line[part] = max(part == "position", line[part] + luck.choice((-2, -1, 1, 2)))
    copy.write(RESULT, lines)
    return Trace(RESULT, at + 1, (line["programme"],))


def list_edited(copy: Copy, luck: Random) -> Trace:
    """Change a cell of a list, or leave a row out, or write it twice, or put it at the head."""
    file = luck.choice(LISTS)
    head, *rows = copy.rows(file)
    if not rows:
        raise Unfit
    at, how = luck.randrange(len(rows)), luck.randrange(6)
    cells = rows[at]
    if how == 0:
        del rows[at]
    elif how == 1:
        rows.insert(luck.randrange(len(rows)), cells)
    elif how == 2:
        rows.insert(0, rows.pop(at))
    else:
        which = luck.choice([at for at, name in enumerate(head) if name not in IN_WORDS])
        less = str(int(cells[which]) - 1) if cells[which].isdigit() else "0"
        value = luck.choice(("", "7", "A-0001", "P-01", "general", less))
        rows[at] = [*cells[:which], value, *cells[which + 1 :]]
    copy.write_rows(file, [head, *rows])
    return Trace(file, at + 2 if how > 2 else 0, (cells[0],))


def seat_hidden(copy: Copy, luck: Random) -> Trace:
    """Hide a frozen seat: fewer are declared, or one is withheld."""
    at, lines = copy.drawn(luck, FREEZE, "programme", "seats")
    line = lines[at]
    line["seats"] -= 1
    how = luck.randrange(3)
    if how == 0:
        line["declared"] -= 1
    elif how == 1:
        line["withheld"] = line.get("withheld", 0) + 1
        line.setdefault("ground", "repairs")
    copy.write(FREEZE, lines)
    return Trace(FREEZE, at + 1, (line["programme"],))


def seat_hidden_in_protocol(copy: Copy, luck: Random) -> Trace:
    """Hide a seat in the protocol alone."""
    head, *rows = copy.rows(PROTOCOL)
    at, part = luck.randrange(len(rows)), luck.choice(("seats", "declared", "free", "received", "given_on"))
    cells = dict(zip(head, rows[at], strict=True))
    rows[at] = list({**cells, part: str(int(cells[part]) - 1)}.values())
    copy.write_rows(PROTOCOL, [head, *rows])
    return Trace(PROTOCOL, at + 2, (rows[at][0],))


def order_changed(copy: Copy, luck: Random) -> Trace:
    """Swap two in an order, or put somebody at its head; the tiers follow."""
    at, lines = copy.drawn(luck, FREEZE, "programme", "order")
    line = lines[at]
    order = line["order"]
    first, second = luck.randrange(len(order)), luck.randrange(len(order))
    names = order[first], order[second]
    if luck.random() < 0.5:
        order[first], order[second] = order[second], order[first]
    else:
        order.insert(0, order.pop(first))
    if "tiers" in line:
        start = 0
        for number, tier in enumerate(line["tiers"]):
            line["tiers"][number] = order[start : start + len(tier)]
            start += len(tier)
    copy.write(FREEZE, lines)
    return Trace(FREEZE, at + 1, (*names, line["programme"]))


def wish_struck(copy: Copy, luck: Random) -> Trace:
    """Strike a wish, or swap two, or move one to the end."""
    at, lines = copy.drawn(luck, FREEZE, "applicant", "wishes")
    line = lines[at]
    wishes = line["wishes"]
    which = luck.randrange(len(wishes))
    wish = wishes.pop(which)
    if luck.random() < 0.4:
        wishes.append(wish)
    copy.write(FREEZE, lines)
    return Trace(FREEZE, at + 1, (line["application"], wish))


def ground_changed(copy: Copy, luck: Random) -> Trace:
    """Change why seats are withheld, how many, or what the norm is."""
    at, lines = copy.drawn(luck, FREEZE, "programme")
    line = lines[at]
    part = luck.choice(("ground", "withheld", "norm", "organisation", "until"))
    line[part] = "another" if part in ("ground", "organisation") else line.get(part, 0) + luck.choice((1, 2))
    copy.write(FREEZE, lines)
    return Trace(FREEZE, at + 1, (line["programme"],))


def applicant_removed(copy: Copy, luck: Random) -> Trace:
    """Remove somebody from all that was frozen, or from the list alone."""
    at, lines = copy.drawn(luck, FREEZE, "applicant")
    name = lines.pop(at)["application"]
    if luck.random() < 0.7:
        lines = [_without(line, name) for line in lines if name not in line.get("members", ())]
    copy.write(FREEZE, lines)
    return Trace(FREEZE, 0, (name,))


def _without(value: Any, name: str) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {key: _without(item, name) for key, item in value.items()}
    if isinstance(value, list):
        return [item for item in (_without(each, name) for each in value if each != name) if item != []]
    return value


def reserve_changed(copy: Copy, luck: Random) -> Trace:
    """Change a reserve."""
    at, lines = copy.drawn(luck, FREEZE, "programme", "reserves")
    line = lines[at]
    reserve = luck.choice(line["reserves"])
    how = luck.randrange(4)
    if how == 0:
        reserve["seats"] += 1
    elif how == 1:
        reserve["entitled"] = [name for name in line["order"] if name not in reserve["entitled"]]
    elif how == 2:
        reserve["unused"] = "general" if reserve["unused"] == "keep" else "keep"
    else:
        line["reserves"].remove(reserve)
    copy.write(FREEZE, lines)
    return Trace(FREEZE, at + 1, (line["programme"],))


def flow_changed(copy: Copy, luck: Random) -> Trace:
    """Let empty seats flow elsewhere, or nowhere."""
    at, lines = copy.drawn(luck, FREEZE, "programme")
    line = lines[at]
    before = line.pop("flows_to", None)
    if before is None or luck.random() < 0.3:
        line["flows_to"] = luck.choice([each["programme"] for each in lines if each["kind"] == "programme"])
    copy.write(FREEZE, lines)
    return Trace(FREEZE, at + 1, (line["programme"], *([before] if before else []), line.get("flows_to", "")))


def bundle_struck(copy: Copy, luck: Random) -> Trace:
    """Let the members of a bundle go apart."""
    at, lines = copy.drawn(luck, FREEZE, "bundle")
    members = lines.pop(at)["members"]
    copy.write(FREEZE, lines)
    return Trace(FREEZE, 0, tuple(members))


def holder_struck(copy: Copy, luck: Random) -> Trace:
    """Let somebody hold no seat."""
    at, lines = copy.drawn(luck, FREEZE, "programme", "holders")
    line = lines[at]
    name = line["holders"].pop(luck.randrange(len(line["holders"])))
    copy.write(FREEZE, lines)
    return Trace(FREEZE, at + 1, (name, line["programme"]))


def header_changed(copy: Copy, luck: Random) -> Trace:
    """Change what a round was frozen for."""
    lines = copy.lines(FREEZE)
    part = luck.choice(("round", "service", "on", "rules", "mechanism", "passes"))
    others = {"on": lines[0]["on"] + 1, "rules": "b" * 64, "passes": lines[0]["passes"][::-1]}
    lines[0][part] = others.get(part, "another")
    copy.write(FREEZE, lines)
    return Trace(FREEZE, 1, (*lines[0]["passes"], lines[0]["round"]))


OF_RESULTS: Mapping[str, Edit] = {
    edit.__name__: edit
    for edit in (swapped_places, favoured, squeezed_in, dropped, left_out, place_retold, cutoff_changed)
}
"""Edits of what came out; the first four also with every cut-off and list made to fit."""
OF_LISTS: Mapping[str, Edit] = {edit.__name__: edit for edit in (list_edited, seat_hidden_in_protocol)}
OF_FROZEN: Mapping[str, Edit] = {
    edit.__name__: edit
    for edit in (
        *(seat_hidden, order_changed, wish_struck, ground_changed, applicant_removed, reserve_changed),
        *(flow_changed, bundle_struck, holder_struck, header_changed),
    )
}
"""Edits of what was frozen, with the digest mended or not."""
WITH_LISTS = ("swapped_places", "favoured", "squeezed_in", "dropped")
